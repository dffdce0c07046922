import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { readers } from '../authority/readers.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Dated, Report } from '../computing/reports.ts'
import { timelinessBy } from '../computing/timeliness.ts'
import type { App } from '../http/app.ts'
import { periodOf, regionCode, wholeNumber } from '../http/parameters.ts'
import { problem } from '../http/problem.ts'
import { sameAs } from '../http/shared.ts'
import { sendTable } from '../http/tables.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** The reports that the plan asks for, as JSON, CSV and XLSX; from public records where they don't say otherwise. */
export function reportRoutes(app: App, registry: Registry): void {
  const base = `${API}/reports`
  const tags = ['统计']
  const { format } = schemas
  const region = z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' })
  const period = {
    from: z.string().max(10).optional().meta({ description: '默认今年 1 月 1 日' }),
    to: z.string().max(10).optional().meta({ description: '默认今天' }),
  }
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
  const response = { 200: report, 400: problem, 422: problem }

  app.get(
    `${base}/coverage`,
    {
      schema: {
        operationId: 'reportCoverage',
        tags,
        summary: '建档率：持证企业中档案完整的比例，按地区和产品类别',
        querystring: z.strictObject({ region, format }),
        response,
      },
    },
    async (request, reply) =>
      answer(reply, await registry.reports.coverage(regionCode(request.query.region)), request.query.format),
  )

  app.get(
    `${base}/roster`,
    {
      schema: {
        operationId: 'reportRoster',
        tags,
        summary: '名录建档率：持证企业名录中档案完整、不完整、没有建档、无法确定的各多少，按地区和许可类别',
        description: '名录由机关登记，不公开，须凭密钥。',
        security: [{ key: [] }],
        querystring: z.strictObject({ region, format }),
        response: { ...response, 401: problem, 403: problem },
      },
    },
    async (request, reply) => {
      requireScope(request, ...readers.report)
      const found = await registry.reports.roster(regionCode(request.query.region), 'region')
      return answer(reply, found, request.query.format)
    },
  )

  app.get(
    `${base}/pass-rates`,
    {
      schema: {
        operationId: 'reportPassRates',
        tags,
        summary: '监督抽查合格率，按地区和产品类别，与上期比较',
        querystring: z.strictObject({
          region,
          ...period,
          by: z.enum(['region', 'group', 'both'], '应为 region、group 或 both').default('both'),
          format,
        }),
        response,
      },
    },
    async (request, reply) => {
      const { by, format: wanted } = request.query
      const rates = await registry.reports.passRates(
        asked(request.query),
        regionCode(request.query.region),
        by,
      )
      return answer(reply, rates, wanted)
    },
  )

  app.get(
    `${base}/quality-bulletin`,
    {
      schema: {
        operationId: 'reportQualityBulletin',
        tags,
        summary: '质量状况公告：监督抽查结果的文字说明、合格率和不合格产品名单',
        querystring: z.strictObject({ region, ...period, format }),
        response,
      },
    },
    async (request, reply) => {
      const { text, passRates, ...report } = await registry.reports.bulletin(
        asked(request.query),
        regionCode(request.query.region),
      )
      return answer(reply, report, request.query.format, { text, passRates: json(passRates) })
    },
  )

  app.get(
    `${base}/indicators`,
    {
      schema: {
        operationId: 'reportIndicators',
        tags,
        summary: '年度质量工作量化指标，按地区；并列出记录不支持的指标及原因',
        querystring: z.strictObject({
          region,
          year: wholeNumber(1990, 2100, { words: '应为年份' }).optional(),
          format,
        }),
        response,
      },
    },
    async (request, reply) => {
      const { year = Number(today().slice(0, 4)), format: wanted } = request.query
      const { unsupported, ...report } = await registry.reports.indicators(
        year,
        regionCode(request.query.region),
      )
      return answer(reply, report, wanted, { unsupported })
    },
  )

  app.get(
    `${base}/grades`,
    {
      schema: {
        operationId: 'reportGrades',
        tags,
        summary: '质量信用等级分布，按地区、行业或评价月份',
        querystring: z.strictObject({
          standard: z.string().max(60).default('four-grades'),
          by: z.enum(['region', 'industry', 'time'], '应为 region、industry 或 time').default('region'),
          region,
          format,
        }),
        response: { ...response, 404: problem },
      },
    },
    async (request, reply) => {
      const { standard, by, format: wanted } = request.query
      registry.standards.version(standard)
      return answer(
        reply,
        await registry.reports.grades(standard, by, regionCode(request.query.region)),
        wanted,
      )
    },
  )

  // They count what the platform is not told of, and name what it is not to hold any more.
  app.get(
    `${base}/timeliness`,
    {
      schema: {
        operationId: 'reportTimeliness',
        tags,
        summary: '传送时效：自决定到登记、公示、平台取用、确认的工作日和及时率，按类别、机关、决定月份',
        description: '需要 records:read 或 audit:read 权限。计入不公开的记录。',
        security: [{ key: [] }],
        querystring: z.strictObject({
          region,
          ...period,
          by: z.enum(timelinessBy, '应为 authority、month 或 all').default('all'),
          consumer: z
            .string()
            .max(100)
            .optional()
            .meta({ description: '取用方的编号；不写的，以最早取得的取用方为准' }),
          format,
        }),
        response: { ...response, 401: problem, 403: problem },
      },
    },
    async (request, reply) => {
      requireScope(request, ...readers.report)
      const { by, consumer, region: place, format: wanted } = request.query
      const reached = registry.consumers.reached()
      const found = await registry.reports.timeliness(
        asked(request.query),
        regionCode(place),
        by,
        reached,
        ...(consumer === undefined ? [] : [consumer]),
      )
      return answer(reply, found, wanted)
    },
  )

  app.get(
    `${base}/late-transfers`,
    {
      schema: {
        operationId: 'reportLateTransfers',
        tags,
        summary: '将逾期和已逾期的传送：近半年的决定中，平台尚未取用或者确认，期限为下一工作日以前的',
        description: '需要 records:read 或 audit:read 权限。',
        security: [{ key: [] }],
        querystring: z.strictObject({ region, format }),
        response: { ...response, 401: problem, 403: problem },
      },
    },
    async (request, reply) => {
      requireScope(request, ...readers.report)
      const { region: place, format: wanted } = request.query
      const found = await registry.reports.lateTransfers(regionCode(place), registry.consumers.reached())
      return answer(reply, found, wanted)
    },
  )

  function asked({ from, to }: { from?: string | undefined; to?: string | undefined }) {
    return periodOf(from ?? `${today().slice(0, 4)}-01-01`, to ?? today())
  }

  function today(): string {
    return shanghaiDate(registry.now())
  }
}

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
  report: Dated<Report>,
  format: 'json' | 'csv' | 'xlsx',
  more: Record<string, unknown> = {},
): Promise<(ReturnType<typeof json> & Pick<Dated<Report>, 'asOf'>) | FastifyReply> {
  const { asOf } = report
  reply.header('register-position', asOf.position)
  if (format !== 'json') return sendTable(reply, report, format)
  const told = { ...json(report), ...more }
  // When it was computed makes it no other answer; at another position it is as of something else.
  sameAs(reply, JSON.stringify([told, asOf.position]))
  return { ...told, asOf }
}
