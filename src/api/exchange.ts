import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { shanghaiDate } from '../calendar/dates.ts'
import { type Form, formColumns, forms, lackingIn, rowsOf } from '../exchange/double-publicity.ts'
import type { TableRow } from '../exchange/export.ts'
import type { App } from '../http/app.ts'
import { periodOf } from '../http/parameters.ts'
import { problem } from '../http/problem.ts'
import { sendLongTable } from '../http/tables.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const FILES_A_STEP = 200

/** The double-publicity tables (“双公示”) of an authority and a period, as the platform's programs read them. */
export function exchangeRoutes(app: App, registry: Registry): void {
  const names = z.enum(['penalties', 'licences'], '应为 penalties 或 licences')
  app.get(
    `${API}/exchange/:form`,
    {
      schema: {
        operationId: 'exportForm',
        tags: ['信用平台'],
        summary: '“双公示”数据表：行政处罚、行政许可，按机关和决定日期',
        description:
          '需要 platform:read 或 records:read 权限。内容是平台所见的现状，栏以数据元标识符命名，导入功能原样读回；JSON 答复的 lacking 列出缺少必填数据元的各行，供报送前补齐。',
        security: [{ key: [] }],
        params: z.object({ form: names.meta({ description: '行政处罚或行政许可' }) }),
        querystring: z.strictObject({
          from: z.string().max(10).optional().meta({ description: '决定日期自，默认今年 1 月 1 日' }),
          to: z.string().max(10).optional().meta({ description: '决定日期至，默认今天' }),
          authority: z.string().max(100).optional().meta({ description: '作出决定的机关' }),
          format: schemas.format,
        }),
        response: {
          200: z.object({
            title: z.string(),
            columns: z.array(z.string()).meta({ description: '数据元标识符' }),
            items: z
              .array(z.record(z.string(), z.unknown()))
              .meta({ description: '每行以数据元标识符为键；至多 1000 行，更多的请取 CSV 或 XLSX' }),
            lacking: z
              .array(z.object({ row: z.int(), elements: z.array(z.string()) }))
              .meta({ description: '缺少必填数据元的各行：第几行（从 1 起），缺哪些' }),
          }),
          400: problem,
          401: problem,
          403: problem,
          422: problem,
        },
      },
    },
    async (request, reply) => {
      requireScope(request, 'platform:read', 'records:read')
      const form: Form = forms[request.params.form]
      const today = shanghaiDate(registry.now())
      const { from = `${today.slice(0, 4)}-01-01`, to = today, authority, format } = request.query
      const asked = { ...periodOf(from, to), authority }
      const parts = rows(registry, form, asked)
      reply.header('cache-control', 'private, no-store')
      if (format !== 'json')
        return sendLongTable(reply, { title: form.title, columns: formColumns(form), parts }, format)
      const items: TableRow[] = []
      for await (const some of parts) {
        items.push(...some)
        if (items.length >= MOST_SHOWN) break
      }
      return shown(form, items.slice(0, MOST_SHOWN))
    },
  )
}

/** Rows that are answered at once. */
const MOST_SHOWN = 1000

function shown(form: Form, items: readonly TableRow[]) {
  return {
    title: form.title,
    columns: [...form.elements],
    items: items.map((row) => ({ ...row })),
    lacking: items.flatMap((row, i) => {
      const elements = lackingIn(form, row)
      return elements.length > 0 ? [{ row: i + 1, elements }] : []
    }),
  }
}

/** The rows of a form, file by file, so that others are answered in between. */
async function* rows(
  registry: Registry,
  form: Form,
  asked: { from: string; to: string; authority: string | undefined },
): AsyncGenerator<TableRow[]> {
  for (let after = ''; ; ) {
    const files = registry.feed.dated(form.kind.type, asked, after, FILES_A_STEP)
    const last = files.at(-1)
    if (!last) return
    after = last.key
    yield files.flatMap((file) => rowsOf(form, file, asked))
    await setImmediate()
  }
}
