import { z } from 'zod'
import { addMonths, shanghaiDate } from '../../calendar/dates.ts'
import type { Chart } from '../../charts/chart.ts'
import { regionsWithin } from '../../codes/regions.ts'
import type { Report, ReportPeriod } from '../../computing/reports.ts'
import { periodOf, wholeNumber } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import type { Filter } from '../../ui/filters.tsx'
import { statistics } from '../../ui/statistics.ts'
import { drawn } from '../components/chart.tsx'
import type { Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { ReportPage, reportColumns } from '../pages/reports.tsx'
import { sentList } from '../send-list.ts'
import { regionFor } from './supervision.tsx'

const PERIOD_MONTHS = 12

/** What a report of the desk comes to. */
interface Found {
  report: Report
  sentences: readonly string[]
  chart?: Chart
  unsupported?: readonly { name: string; why: string }[]
  /** The act by which what it rests on is taken in. */
  act?: string
}

interface DeskReport {
  name: string
  title: string
  by: readonly { value: string; label: string }[]
  hasPeriod: boolean
  hasYear?: true
  find(asked: { region: string | undefined; period: ReportPeriod; by: string; year: number }): Promise<Found>
}

/** The reports that the plan asks for, by one's own region and below. */
export function deskReports({ app, registry, draw, asker, page, offer }: Desk): void {
  const schema = { hide: true }
  const { reports } = registry
  const today = () => shanghaiDate(registry.now())
  const all: readonly DeskReport[] = [
    ...statistics.map(
      (statistic): DeskReport => ({
        name: statistic.name,
        title: statistic.title[0],
        by: statistic.by.map(({ value, label }) => ({ value, label: label[0] })),
        hasPeriod: statistic.hasPeriod,
        async find(asked) {
          const report = await statistic.report(reports, asked)
          return {
            report,
            sentences: [statistic.sentence(report, asked.by)],
            chart: statistic.chart(report, asked.by),
          }
        },
      }),
    ),
    {
      name: 'roster',
      title: '名录建档率',
      by: [
        { value: 'region', label: '地区和许可类别' },
        { value: 'firm', label: '企业，档案完整的除外' },
      ],
      hasPeriod: false,
      async find({ region, by }) {
        const report = await reports.roster(region, by === 'firm' ? 'firm' : 'region')
        const total = (field: string) =>
          report.rows.reduce((sum, { [field]: value }) => sum + (typeof value === 'number' ? value : 0), 0)
        const counted = `名录所列 ${total('holders')} 家，档案完整 ${total('complete')} 家，不完整 ${total('incomplete')} 家，没有建档 ${total('none')} 家，无法确定 ${total('unknown')} 家。`
        return { report, sentences: by === 'firm' ? [] : [counted], act: 'take-roster' }
      },
    },
    {
      name: 'indicators',
      title: '年度量化指标',
      by: [],
      hasPeriod: false,
      hasYear: true,
      async find({ region, year }) {
        const { unsupported, ...report } = await reports.indicators(year, region)
        const bars = report.rows.flatMap(({ region: place, passRate, inspected }) =>
          typeof passRate === 'number'
            ? [{ label: String(place), value: passRate, note: `${inspected} 批次` }]
            : [],
        )
        return {
          report,
          unsupported,
          sentences: [`${year} 年各地监督抽查合格率和记录所支持的其他指标。`],
          chart: { kind: 'bars', unit: '%', max: 100, bars },
        }
      },
    },
    {
      name: 'quality-bulletin',
      title: '质量状况公告',
      by: [],
      hasPeriod: true,
      async find({ region, period }) {
        const { text, passRates: _, ...report } = await reports.bulletin(period, region)
        return { report, sentences: text }
      },
    },
  ]

  app.get('/reports', { schema }, async (_, reply) => reply.redirect('/desk/reports/coverage', 303))

  const query = z.object({
    ...listQuery,
    by: z.string().max(20).default('').catch(''),
    region: z.string().max(6).default('').catch(''),
    from: z.string().max(10).default('').catch(''),
    to: z.string().max(10).default('').catch(''),
    year: wholeNumber(1990, 2100).optional().catch(undefined),
  })
  app.get(
    '/reports/:name',
    { schema: { ...schema, params: z.object({ name: z.string().max(40) }), querystring: query } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const own = all.find(({ name }) => name === request.params.name)
      if (!own) throw new Problem(404, 'unknown', '没有这份报表。')
      const { query: asked } = request
      const by = own.by.find(({ value }) => value === asked.by)?.value ?? own.by[0]?.value ?? ''
      const period = periodOf(asked.from || addMonths(today(), -PERIOD_MONTHS), asked.to || today())
      const year = asked.year ?? Number(today().slice(0, 4))
      const found = await own.find({ region: regionFor(who, asked.region), period, by, year })
      const { report, sentences, chart, unsupported = [], act } = found
      const columns = reportColumns(report)
      const file = sentList(reply, own.title, columns, report.rows, asked)
      if (file) return file
      const picture = chart && (await drawn(draw, chart, `${own.title}：${sentences[0] ?? ''}`))
      const offered = act === undefined ? undefined : offer(who, act, {})
      const shown = { report, sentences, chart: picture, unsupported, offered }
      return page(request, reply, () => (
        <ReportPage
          {...who}
          {...shown}
          all={all}
          name={own.name}
          title={own.title}
          filters={filtersOf(own, { by, region: asked.region, period, year }, who.officer.region)}
          query={asked}
        />
      ))
    },
  )
}

function filtersOf(
  { by, hasPeriod, hasYear }: DeskReport,
  asked: { by: string; region: string; period: ReportPeriod; year: number },
  own: string | undefined,
): Filter[] {
  return [
    ...(by.length > 1
      ? [
          {
            name: 'by',
            label: '按',
            type: 'choice' as const,
            value: asked.by,
            required: true,
            choices: by,
          },
        ]
      : []),
    {
      name: 'region',
      label: '地区',
      type: 'choice',
      value: asked.region,
      choices: regionsWithin(own ?? '130000').map(({ code, name }) => ({ value: code, label: name })),
    },
    ...(hasPeriod && asked.by !== 'month'
      ? [
          { name: 'from', label: '自', type: 'date' as const, value: asked.period.from },
          { name: 'to', label: '至', type: 'date' as const, value: asked.period.to },
        ]
      : []),
    ...(hasYear ? [{ name: 'year', label: '年份', type: 'text' as const, value: String(asked.year) }] : []),
  ]
}
