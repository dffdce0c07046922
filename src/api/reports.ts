import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { readers } from '../authority/readers.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Dated, Report } from '../computing/reports.ts'
import { timelinessBy } from '../computing/timeliness.ts'
import type { App } from '../http/app.ts'
import { periodAsked, regionCode, wholeNumber } from '../http/parameters.ts'
import { sameAs } from '../http/shared.ts'
import { sendTable } from '../http/tables.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed, open } = chapter('统计')

/** Of which time. */
const period = {
  from: schemas.dayAsked('默认 to 所在年的 1 月 1 日').optional(),
  to: schemas.dayAsked('默认今天，from 更晚的为 from').optional(),
}

/** Where, and in which format, beside what a report asks for of its own. */
const where = z.object({ region: schemas.region, format: schemas.format })

const report = z.object({
  title: z.string(),
  note: z.string(),
  columns: z.array(z.object({ field: z.string(), label: z.string() })),
  items: z.array(z.record(z.string(), z.unknown())).meta({ description: '每行以 columns 的 field 为键' }),
  asOf: z
    .object({ position: z.int(), time: z.string() })
    .meta({ description: '数字所反映的登记序号，和计算的时间' }),
  text: z.array(z.string()).optional().meta({ description: '文字说明，只在质量状况公告中' }),
  passRates: schemas.open({}, '合格率，同 reportPassRates').optional(),
  unsupported: z
    .array(schemas.open({}, '指标及原因'))
    .optional()
    .meta({ description: '记录不支持的指标，只在量化指标中' }),
})

/** The reports that the plan asks for, as JSON, CSV and XLSX; from public records where they don't say otherwise. */
export function reportRoutes(app: App, registry: Registry): void {
  const { reports, consumers } = registry

  add('coverage', 'Coverage', '建档率：持证企业中档案完整的比例，按地区和产品类别', {}, ({ region }) =>
    reports.coverage(region),
  )
  add(
    'pass-rates',
    'PassRates',
    '监督抽查合格率，按地区和产品类别，与上期比较',
    {
      ...period,
      by: z.enum(['region', 'group', 'both'], '应为 region、group 或 both').default('both'),
    },
    ({ region, by, ...asked }) => reports.passRates(periodIn(asked), region, by),
  )
  add(
    'quality-bulletin',
    'QualityBulletin',
    '质量状况公告：监督抽查结果的文字说明、合格率和不合格产品名单',
    period,
    async ({ region, ...asked }) => {
      const { passRates, ...found } = await reports.bulletin(periodIn(asked), region)
      return { ...found, passRates: json(passRates) }
    },
  )
  add(
    'indicators',
    'Indicators',
    '年度质量工作量化指标，按地区；并列出记录不支持的指标及原因',
    { year: wholeNumber(1990, 2100, { words: '应为年份' }).optional() },
    ({ region, year = Number(today().slice(0, 4)) }) => reports.indicators(year, region),
  )
  add(
    'grades',
    'Grades',
    '质量信用等级分布，按地区、行业或评价月份',
    {
      standard: z.string().max(60).default('four-grades'),
      by: z.enum(['region', 'industry', 'time'], '应为 region、industry 或 time').default('region'),
    },
    ({ region, standard, by }) => {
      registry.standards.version(standard)
      return reports.grades(standard, by, region)
    },
    { refused: [404] },
  )
  add(
    'roster',
    'Roster',
    '名录建档率：持证企业名录中档案完整、不完整、没有建档、无法确定的各多少，按地区和许可类别',
    {},
    ({ region }) => reports.roster(region, 'region'),
    { description: '名录由机关登记，不公开，须凭密钥。', isKeyed: true },
  )
  // They count what the platform is not told of, and name what it is not to hold any more.
  add(
    'timeliness',
    'Timeliness',
    '传送时效：自决定到登记、公示、平台取用、确认的工作日和及时率，按类别、机关、决定月份',
    {
      ...period,
      by: z.enum(timelinessBy, '应为 authority、month 或 all').default('all'),
      consumer: z
        .string()
        .max(100)
        .optional()
        .meta({ description: '取用方的编号；不写的，以最早取得的取用方为准' }),
    },
    ({ region, by, consumer, ...asked }) =>
      reports.timeliness(periodIn(asked), region, by, consumers.reached(), consumer),
    { description: '需要 records:read 或 audit:read 权限。计入不公开的记录。', isKeyed: true },
  )
  add(
    'late-transfers',
    'LateTransfers',
    '将逾期和已逾期的传送：近半年的决定中，平台尚未取用或者确认，期限为下一工作日以前的',
    {},
    ({ region }) => reports.lateTransfers(region, consumers.reached()),
    { description: '需要 records:read 或 audit:read 权限。', isKeyed: true },
  )

  function add<Q extends z.ZodRawShape>(
    name: string,
    operation: string,
    summary: string,
    query: Q,
    find: (asked: z.output<z.ZodObject<Q>> & { region: string | undefined }) => Promise<Found>,
    { isKeyed = false, ...more }: { isKeyed?: boolean; description?: string; refused?: number[] } = {},
  ): void {
    const asked = z.object(query)
    const querystring = z.strictObject({ region: schemas.region, ...query, format: schemas.format })
    const described = (isKeyed ? keyed : open)(
      `report${operation}`,
      summary,
      { 200: report },
      { ...more, querystring, refused: [422, ...(more.refused ?? [])] },
    )
    app.get(`${API}/reports/${name}`, described, async (request, reply) => {
      if (isKeyed) requireScope(request, ...readers.report)
      const { region, format } = where.parse(request.query)
      return answer(reply, await find({ ...asked.parse(request.query), region: regionCode(region) }), format)
    })
  }

  function periodIn(asked: { from?: string | undefined; to?: string | undefined }) {
    return periodAsked(asked, today())
  }

  function today(): string {
    return shanghaiDate(registry.now())
  }
}

/** A report, with what some tell beside their rows. */
type Found = Dated<Report> & { text?: unknown; passRates?: unknown; unsupported?: unknown }

function json({ title, note, columns, rows }: Report) {
  return {
    title,
    note,
    columns: columns.map((column) => ({ ...column })),
    items: rows.map((row) => ({ ...row })),
  }
}

async function answer(
  reply: FastifyReply,
  found: Found,
  format: 'json' | 'csv' | 'xlsx',
): Promise<FastifyReply> {
  const { title, note, columns, rows, asOf, ...more } = found
  reply.header('register-position', asOf.position)
  if (format !== 'json') return sendTable(reply, found, format)
  const told = { ...json({ title, note, columns, rows }), ...more }
  // When it was computed makes it no other answer; at another position it is as of something else.
  sameAs(reply, JSON.stringify([told, asOf.position]))
  return reply.send({ ...told, asOf })
}
