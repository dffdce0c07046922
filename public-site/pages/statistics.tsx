import { extentOf } from '../../src/charts/chart.ts'
import { regionsWithin } from '../../src/codes/regions.ts'
import type { Dated, Report, ReportPeriod } from '../../src/computing/reports.ts'
import { Filters } from '../../src/ui/filters.tsx'
import { Link, useSay } from '../../src/ui/frame.tsx'
import type { Statistic } from '../../src/ui/statistics.ts'
import { FiguresAsOf } from '../components/as-of.tsx'
import { grouped, Layout } from '../components/layout.tsx'

/** A statistic with its figures. */
export interface ShownStatistic {
  statistic: Statistic
  by: string
  report: Dated<Report>
  /** Query of the address of its chart and files. */
  query: string
}

/** All statistics at a glance. */
export function StatisticsPage({ shown }: { shown: readonly ShownStatistic[] }) {
  const say = useSay()
  return (
    <Layout
      title={say('质量状况统计', 'Statistics of quality')}
      description={say(
        '河北省产品质量监督抽查合格率、企业质量信用等级分布、黑名单在列企业和建档率。',
        'Pass rates, grades, listings and coverage in Hebei.',
      )}
      canonical="/statistics"
    >
      <h1>{say('质量状况', 'Statistics of quality')}</h1>
      <p class="text">
        {say(
          '全部数字由公开记录算出，与企业档案出自同一登记簿。每张图下有表，可以下载。',
          'All figures are computed from public records, out of the same register as the files. Each chart has its table and can be downloaded.',
        )}
      </p>
      <FiguresAsOf asOf={shown.map(({ report }) => report.asOf)} />
      {shown.map((one) => (
        <section>
          <h2>
            <Link to={`/statistics/${one.statistic.name}`}>{say(...one.statistic.title)}</Link>
          </h2>
          <Figure {...one} />
        </section>
      ))}
    </Layout>
  )
}

interface Props extends ShownStatistic {
  region: string
  period: ReportPeriod
  today: string
}

/** One statistic: what it comes to, its chart, its table, its files. */
export function StatisticPage(props: Props) {
  const { statistic, by, report, query, region, period, today } = props
  const say = useSay()
  const title = say(...statistic.title)
  return (
    <Layout title={title} canonical={`/statistics/${statistic.name}`}>
      <h1>{title}</h1>
      <Filters
        action={`/statistics/${statistic.name}`}
        filters={[
          ...(statistic.by.length > 1
            ? [
                {
                  name: 'by',
                  label: say('按', 'By'),
                  type: 'choice' as const,
                  value: by,
                  required: true,
                  choices: statistic.by.map(({ value, label }) => ({ value, label: say(...label) })),
                },
              ]
            : []),
          {
            name: 'region',
            label: say('地区', 'Region'),
            type: 'choice',
            value: region,
            choices: regionsWithin('130000').map(({ code, name }) => ({ value: code, label: name })),
          },
          ...(statistic.hasPeriod && by !== 'month'
            ? [
                {
                  name: 'from',
                  label: say('自', 'From'),
                  type: 'date' as const,
                  value: period.from,
                  max: today,
                },
                { name: 'to', label: say('至', 'To'), type: 'date' as const, value: period.to, max: today },
              ]
            : []),
        ]}
      />
      <Figure {...props} />
      <p class="hint" lang="zh-CN">
        {report.note}
      </p>
      <FiguresAsOf asOf={[report.asOf]} />
      <ReportTable report={report} />
      <p class="hint">
        {say('下载：', 'Download: ')}
        <a href={`/statistics/${statistic.name}.csv?${query}`}>CSV</a>
        {say('、', ', ')}
        <a href={`/statistics/${statistic.name}.xlsx?${query}`}>XLSX</a>
        {say('；', '; ')}
        <Link to="/statistics">{say('全部统计', 'all statistics')}</Link>
      </p>
    </Layout>
  )
}

/** The sentence that a statistic comes to, and its chart. */
function Figure({ statistic, by, report, query }: ShownStatistic) {
  const say = useSay()
  const sentence = statistic.sentence(report, by)
  const source = (more: string) => `/statistics/${statistic.name}.svg?${query}${more}`
  const chart = statistic.chart(report, by)
  const small = extentOf(chart, 'narrow')
  const narrow = '(max-width: 800px)'
  const dark = '(prefers-color-scheme: dark)'
  return (
    <>
      <p lang="zh-CN">
        <strong>{sentence}</strong>
      </p>
      {report.rows.length > 0 && (
        <picture>
          <source media={`${narrow} and ${dark}`} srcset={source('&size=narrow&theme=dark')} {...small} />
          <source media={narrow} srcset={source('&size=narrow')} {...small} />
          <source media={dark} srcset={source('&theme=dark')} />
          <img
            class="chart"
            src={source('')}
            {...extentOf(chart, 'wide')}
            alt={say(
              `${say(...statistic.title)}：${sentence}`,
              `${statistic.title[1]}; the figures stand in its table.`,
            )}
          />
        </picture>
      )}
    </>
  )
}

const SHOWN_ROWS = 300

function ReportTable({ report: { columns, rows } }: { report: Report }) {
  const say = useSay()
  return (
    <>
      <table data-sortable class="figures" lang="zh-CN">
        <thead>
          <tr>
            {columns.map(({ field, label }) => (
              <th scope="col" {...(isFigure(rows[0]?.[field]) && { class: 'number' })}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN_ROWS).map((row) => (
            <tr>
              {columns.map(({ field, label }) => (
                <td data-label={label} {...(isFigure(row[field]) && { class: 'number' })}>
                  {inWords(row[field])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN_ROWS && (
        <p class="hint">
          {say(
            `表中只显示前 ${SHOWN_ROWS} 行，下载的文件有全部 ${rows.length} 行。`,
            `The first ${SHOWN_ROWS} of ${rows.length} rows; the files have all.`,
          )}
        </p>
      )}
    </>
  )
}

function isFigure(value: unknown): boolean {
  return typeof value === 'number' || value === null
}

function inWords(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? grouped(value) : String(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  return value === null || value === undefined ? '—' : String(value)
}
