import { z } from 'zod'
import type { ActAnswer, Choice } from '../../acts/act.ts'
import { readers } from '../../authority/readers.ts'
import { addMonths, shanghaiDate } from '../../calendar/dates.ts'
import type { Chart } from '../../charts/chart.ts'
import type { Report, ReportPeriod } from '../../computing/reports.ts'
import { timelinessBy } from '../../computing/timeliness.ts'
import { checkedBeforeSending, faultTable, sentTable } from '../../exchange/before-sending.ts'
import { formColumns } from '../../exchange/double-publicity.ts'
import { periodOf, wholeNumber } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { sendLongTable } from '../../http/tables.ts'
import type { Filter } from '../../ui/filters.tsx'
import { statistics } from '../../ui/statistics.ts'
import { drawn } from '../components/chart.tsx'
import type { Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { ReportPage, reportColumns } from '../pages/reports.tsx'
import { placeChoices, placeFor } from '../places.ts'
import { sentList } from '../send-list.ts'

const PERIOD_MONTHS = 12

/** Bars that a chart of timeliness has. */
const MOST_BARS = 14
/** Faults that a page lists. */
const MOST_FAULTS = 5000

/** Tables that are sent to the platform, in their editions. */
const EXCHANGED = [
  { value: 'penalties', label: '行政处罚（2018 年版）', name: 'penalties', edition: '2018' },
  { value: 'licences', label: '行政许可（2018 年版）', name: 'licences', edition: '2018' },
  { value: 'penalties-2016', label: '行政处罚（2016 年版）', name: 'penalties', edition: '2016' },
  { value: 'licences-2016', label: '行政许可（2016 年版）', name: 'licences', edition: '2016' },
  { value: 'violators', label: '严重违法失信名单', name: 'violators', edition: '2018' },
] as const

/** What a report of the desk comes to. */
interface Found {
  report: Report
  sentences: readonly string[]
  chart?: Chart
  unsupported?: readonly { name: string; why: string }[]
  /** The act by which what it rests on is taken in. */
  makes?: ActAnswer
  /** Files that it is about. */
  files?: readonly { label: string; to: string }[]
}

interface DeskReport {
  name: string
  title: string
  by: readonly { value: string; label: string }[]
  hasPeriod: boolean
  hasYear?: true
  /** Not of public records alone. */
  isOfAll?: true
  find(asked: { region: string | undefined; period: ReportPeriod; by: string; year: number }): Promise<Found>
}

/** The reports that the plan asks for, by one's own region and below. */
export function deskReports({ app, registry, draw, asker, page, making }: Desk): void {
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
        return { report, sentences: by === 'firm' ? [] : [counted], makes: 'roster' }
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
    {
      name: 'exchange',
      title: '报送前核对',
      by: EXCHANGED,
      hasPeriod: true,
      isOfAll: true,
      async find({ by, period }) {
        const { name, edition } = EXCHANGED.find(({ value }) => value === by) ?? EXCHANGED[0]
        const { form, parts } = sentTable(registry, name, edition, period)
        const { rows, faulty, faults } = await checkedBeforeSending(form, parts, MOST_FAULTS)
        const more = faults.length === MOST_FAULTS ? `（只列前 ${MOST_FAULTS} 处）` : ''
        const counted =
          faulty === 0
            ? '没有平台会退回的内容。'
            : `其中 ${faulty} 行有平台会退回的内容${more}，请在档案中改正后报送。`
        const note = '平台所见的现状，按公示数据标准（待核实）核对必填项、长度、代码和日期、金额的写法。'
        const to = (format: string) =>
          `/desk/reports/exchange/table?${new URLSearchParams({ by, ...period, format })}`
        return {
          report: { ...faultTable(form, faults), note },
          sentences: [`${form.title}：${period.from} 至 ${period.to} 共 ${rows} 行，${counted}`],
          files: ['csv', 'xlsx', 'xml'].map((format) => ({
            label: `数据表（${format.toUpperCase()}）`,
            to: to(format),
          })),
        }
      },
    },
    {
      name: 'timeliness',
      title: '传送时效',
      by: [
        { value: 'authority', label: '类别和机关' },
        { value: 'month', label: '类别和决定月份' },
        { value: 'all', label: '类别、机关和月份' },
      ],
      hasPeriod: true,
      isOfAll: true,
      async find({ region, period, by }) {
        const how = timelinessBy.find((one) => one === by) ?? 'authority'
        const report = await reports.timeliness(period, region, how, registry.consumers.reached())
        return {
          report,
          sentences: [],
          chart: {
            kind: 'bars',
            unit: '%',
            max: 100,
            bars: report.rows
              .slice(0, MOST_BARS)
              .map(({ month = '', kind, authority = '', pulledRate, records }) => ({
                label: [month, kind, authority].filter((part) => part !== '').join(' '),
                value: typeof pulledRate === 'number' ? pulledRate : null,
                note: `平台取用及时，${records} 件`,
              })),
          },
        }
      },
    },
    {
      name: 'late-transfers',
      title: '将逾期的传送',
      by: [],
      hasPeriod: false,
      isOfAll: true,
      async find({ region }) {
        const report = await reports.lateTransfers(region, registry.consumers.reached())
        return { report, sentences: [] }
      },
    },
  ]

  app.get(
    '/reports/exchange/table',
    {
      schema: {
        ...schema,
        querystring: z.object({
          by: z.string().max(20).default('').catch(''),
          from: z.string().max(10).default('').catch(''),
          to: z.string().max(10).default('').catch(''),
          format: z.enum(['csv', 'xlsx', 'xml']).default('csv').catch('csv'),
        }),
      },
    },
    async (request, reply) => {
      asker(request, ...readers.report)
      const { by, from, to, format } = request.query
      const { name, edition } = EXCHANGED.find(({ value }) => value === by) ?? EXCHANGED[0]
      const period = periodOf(from || addMonths(today(), -PERIOD_MONTHS), to || today())
      const { form, parts } = sentTable(registry, name, edition, period)
      return sendLongTable(reply, { title: form.title, columns: formColumns(form), parts }, format)
    },
  )

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
      const who = asker(request, ...readers.report)
      const own = all.find(({ name }) => name === request.params.name)
      if (!own) throw new Problem(404, 'unknown', '没有这份报表。')
      const { query: asked } = request
      const by = own.by.find(({ value }) => value === asked.by)?.value ?? own.by[0]?.value ?? ''
      const period = periodOf(asked.from || addMonths(today(), -PERIOD_MONTHS), asked.to || today())
      const year = asked.year ?? Number(today().slice(0, 4))
      const found = await own.find({ region: placeFor(who, asked.region), period, by, year })
      const { report, sentences, chart, unsupported = [], makes, files = [] } = found
      const columns = reportColumns(report)
      const file = sentList(reply, own.title, columns, report.rows, asked)
      if (file) return file
      const picture = chart && (await drawn(draw, chart, `${own.title}：${sentences[0] ?? ''}`))
      const offered = makes === undefined ? [] : making(who, makes)
      const shown = { report, sentences, chart: picture, unsupported, offered, files }
      return page(request, reply, () => (
        <ReportPage
          {...who}
          {...shown}
          all={all}
          name={own.name}
          title={own.title}
          isOfAll={own.isOfAll === true}
          filters={filtersOf(own, { by, region: asked.region, period, year }, placeChoices(who))}
          query={asked}
        />
      ))
    },
  )
}

function filtersOf(
  { by, hasPeriod, hasYear }: DeskReport,
  asked: { by: string; region: string; period: ReportPeriod; year: number },
  choices: readonly Choice[],
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
      choices,
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
