import type { Officer } from '../../authority/officers.ts'
import type { Report } from '../../computing/reports.ts'
import type { Filter } from '../../ui/filters.tsx'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { ChartPicture, type DrawnChart } from '../components/chart.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { ListQuery } from '../lists.ts'

export type ReportRow = Report['rows'][number]

/** Columns of a report as those of a list. */
export function reportColumns({ columns }: Pick<Report, 'columns'>): ShownColumn<ReportRow>[] {
  return columns.map(({ field, label }) => ({
    field,
    label,
    value: (row) => {
      const value = row[field]
      if (typeof value === 'boolean') return value ? '是' : '否'
      return typeof value === 'number' || typeof value === 'string' ? value : null
    },
  }))
}

interface Props {
  officer: Officer
  all: readonly { name: string; title: string }[]
  name: string
  title: string
  report: Report
  /** What the figures come to. */
  sentences: readonly string[]
  chart: DrawnChart | undefined
  filters: readonly Filter[]
  query: ListQuery
  /** What the registry's records do not tell, and why. */
  unsupported: readonly { name: string; why: string }[]
  /** What it rests on is taken in by an act. */
  offered: readonly Offer[]
  /** Whether it counts more than what is public. */
  isOfAll: boolean
  /** Files that it is about. */
  files: readonly { label: string; to: string }[]
}

/** A report with its chart, its table and its files. */
export function ReportPage(props: Props) {
  const { all, name, title, report, sentences, chart, filters, query, unsupported, offered } = props
  const { isOfAll, files } = props
  return (
    <DeskLayout title={title}>
      <nav class="sections" aria-label="报表">
        {all.map((one) => (
          <a href={`/desk/reports/${one.name}`} {...(one.name === name && { 'aria-current': 'page' })}>
            {one.title}
          </a>
        ))}
      </nav>
      {sentences.map((sentence) => (
        <p class="text">{sentence}</p>
      ))}
      {files.length > 0 && (
        <p class="about">
          {files.map(({ label, to }) => (
            <a href={to}>{label}</a>
          ))}
        </p>
      )}
      {chart && report.rows.length > 0 && <ChartPicture chart={chart} />}
      <List
        columns={reportColumns(report)}
        rows={report.rows}
        query={query}
        filters={filters}
        none="没有可以统计的记录。"
      />
      <p class="hint">
        {report.note}
        {!isOfAll && '只计公开的记录。'}
      </p>
      <OfferedActs offers={offered.filter(({ asked }) => asked.hindrance === undefined)} />
      {unsupported.length > 0 && (
        <section>
          <h2>记录不支持的指标</h2>
          <ul class="plain">
            {unsupported.map((one) => (
              <li>
                {one.name}：{one.why}
              </li>
            ))}
          </ul>
        </section>
      )}
    </DeskLayout>
  )
}
