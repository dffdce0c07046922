import { z } from 'zod'
import { shanghaiDate } from '../calendar/dates.ts'
import {
  checkedBeforeSending,
  faultsBeforeSending,
  faultTable,
  type SentName,
  sentNames,
  sentTable,
} from '../exchange/before-sending.ts'
import { type Elements, editions, formColumns } from '../exchange/double-publicity.ts'
import type { TableRow } from '../exchange/export.ts'
import type { App } from '../http/app.ts'
import { periodAsked } from '../http/parameters.ts'
import { sendLongTable, sendTable } from '../http/tables.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed } = chapter('信用平台')

/** Rows that are answered at once, and faults that a report lists. */
const MOST_SHOWN = 1000
const MOST_FAULTS = 100_000

/** Before any day of a decision. */
const FIRST_DAY = '0001-01-01'

const params = z.object({
  form: z
    .enum(sentNames, '应为 penalties、licences 或 violators')
    .meta({ description: '行政处罚、行政许可或严重违法失信名单', example: 'penalties' }),
})

const asked = z.strictObject({
  from: schemas
    .dayAsked('决定日期自（含当日）；不写的，两表为 to 所在年的 1 月 1 日，名单不限，即全部在列的')
    .optional(),
  to: schemas.dayAsked('决定日期至（含当日）；不写的为今天，from 更晚的为 from').optional(),
  authority: z.string().max(100).optional().meta({ description: '作出决定的机关' }),
  edition: z.enum(editions, '应为 2018 或 2016').default('2018').meta({ description: '数据标准的版本' }),
})

const cellFault = z.object({
  element: z.string().meta({ description: '数据元标识符' }),
  label: z.string().meta({ description: '数据项的名称' }),
  code: z.enum(['required', 'too-long', 'word', 'date', 'sum', 'unified-code']),
  value: z.string(),
  detail: z.string().meta({ description: '问题和处理办法' }),
})

const placedFault = cellFault.extend({
  row: z.int().meta({ description: '第几行，从 1 起' }),
  number: z.string().meta({ description: '决定文书号' }),
  name: z.string().meta({ description: '行政相对人名称' }),
})

/** The tables that the platform takes, of an authority and a period, as the platform's programs read them. */
export function exchangeRoutes(app: App, registry: Registry): void {
  /** The table that is asked for, with its rows. */
  const tableAsked = (name: SentName, { from, to, authority, edition }: z.output<typeof asked>) => {
    // What is not in the violators' list is deleted, so that it is all there where no day is asked for.
    const first = name === 'violators' ? FIRST_DAY : undefined
    const period = periodAsked({ from, to }, shanghaiDate(registry.now()), first)
    return sentTable(registry, name, edition, { ...period, authority })
  }

  app.get(
    `${API}/exchange/:form`,
    keyed(
      'exportForm',
      '报送信用平台的数据表：“双公示”的行政处罚、行政许可，严重违法失信名单；按机关和决定日期',
      {
        200: z.object({
          title: z.string(),
          columns: z.array(z.string()).meta({ description: '数据元标识符' }),
          items: z
            .array(z.record(z.string(), z.unknown()))
            .meta({ description: '每行以数据元标识符为键；至多 1000 行，更多的请取 CSV、XLSX 或 XML' }),
          lacking: z
            .array(z.object({ row: z.int(), elements: z.array(z.string()) }))
            .meta({ description: '缺少必填数据元的各行：第几行（从 1 起），缺哪些' }),
          faults: z
            .array(cellFault.extend({ row: z.int() }))
            .meta({ description: '所列各行中平台会退回的内容' }),
        }),
      },
      {
        description:
          '需要 platform:read 或 records:read 权限。内容是平台所见的现状，栏以数据元标识符命名，“双公示”的两表导入功能原样读回（CSV、XLSX、XML）；名单中已移出的只有编号和移出的日期、原因、机关，供平台删除；不写日期和机关的名单是全部在列的和移出的，平台所存而其中没有的即应删除，写明期间或者机关的表只是其中一部分，没有的不得据以删除；JSON 答复的 faults 逐项列出平台会退回的内容，供报送前改正。',
        params,
        querystring: asked.extend({
          format: schemas.formatOrXml,
        }),
        refused: [422],
      },
    ),
    async (request, reply) => {
      requireScope(request, 'platform:read', 'records:read')
      const { format, ...query } = request.query
      const { form, parts } = tableAsked(request.params.form, query)
      if (format !== 'json')
        return sendLongTable(
          reply,
          { title: form.title, columns: formColumns(form), parts },
          format,
          'program',
        )
      const items: TableRow[] = []
      for await (const some of parts) {
        items.push(...some)
        if (items.length >= MOST_SHOWN) break
      }
      return shown(form, items.slice(0, MOST_SHOWN))
    },
  )

  app.get(
    `${API}/exchange/:form/check`,
    keyed(
      'checkForm',
      '数据表的报送前核对：哪一行、哪一项、写作什么、有何问题',
      {
        200: z.object({
          rows: z.int().meta({ description: '表中的行数' }),
          faulty: z.int().meta({ description: '有问题的行数' }),
          items: z.array(placedFault),
        }),
      },
      {
        description: `需要 platform:read 或 records:read 权限。按数据标准核对必填项、长度、代码和日期、金额的写法；至多列出 ${MOST_FAULTS} 处，JSON 至多 ${MOST_SHOWN} 处。`,
        params,
        querystring: asked.extend({ format: schemas.format }),
        refused: [422],
      },
    ),
    async (request, reply) => {
      requireScope(request, 'platform:read', 'records:read')
      const { format, ...query } = request.query
      const { form, parts } = tableAsked(request.params.form, query)
      const most = format === 'json' ? MOST_SHOWN : MOST_FAULTS
      const { rows, faulty, faults } = await checkedBeforeSending(form, parts, most)
      if (format !== 'json') return sendTable(reply, faultTable(form, faults), format)
      return { rows, faulty, items: faults.map(({ fault, ...place }) => ({ ...fault, ...place })) }
    },
  )
}

function shown(form: Elements, items: readonly TableRow[]) {
  const faults = items.map((row) => faultsBeforeSending(form, row))
  return {
    title: form.title,
    columns: form.elements.map(({ element }) => element),
    items: items.map((row) => ({ ...row })),
    lacking: faults.flatMap((found, i) => {
      const elements = found.filter(({ code }) => code === 'required').map(({ element }) => element)
      return elements.length > 0 ? [{ row: i + 1, elements }] : []
    }),
    faults: faults.flatMap((found, i) => found.map((fault) => ({ row: i + 1, ...fault }))),
  }
}
