import type { Chart } from '../charts/chart.ts'
import type { Dated, Report, ReportPeriod, ReportSource } from '../computing/reports.ts'
import type { Words } from './frame.tsx'

/** What can be asked of a statistic. */
export interface AskedStatistic {
  region: string | undefined
  period: ReportPeriod
  by: string
}

/** A statistic as the site shows it: a report, the sentence it comes to, and its chart. */
export interface Statistic {
  name: string
  title: Words
  /** What it can be broken down by, the preset first. */
  by: readonly { value: string; label: Words }[]
  /** Whether it is of a period, or of the present moment. */
  hasPeriod: boolean
  report(reports: ReportSource, asked: AskedStatistic): Promise<Dated<Report>>
  /** What the figures come to, in one Chinese sentence. */
  sentence(report: Report, by: string): string
  chart(report: Report, by: string): Chart
}

const REGION: Words = ['地区', 'region']
const MONTHS_SHOWN = 24
const MOST_BARS = 14
const NO_FIGURES = '还没有可以统计的公开记录。'

type Row = Report['rows'][number]

export const statistics: readonly Statistic[] = [
  {
    name: 'pass-rates',
    title: ['监督抽查合格率', 'Pass rate of sampling tests'],
    by: [
      { value: 'group', label: ['产品类别', 'product group'] },
      { value: 'region', label: REGION },
      { value: 'month', label: ['月份', 'month'] },
    ],
    hasPeriod: true,
    report: (reports, { by, period, region }) =>
      by === 'month'
        ? reports.passRatesByMonth(MONTHS_SHOWN, region)
        : reports.passRates(period, region, by === 'region' ? 'region' : 'group'),
    sentence({ rows }, by) {
      const inspected = total(rows, 'inspected')
      if (inspected === 0) return NO_FIGURES
      const whole = `共抽查 ${inspected} 批次，合格率 ${share(total(rows, 'passed'), inspected)}%`
      const ranked = rows
        .filter(({ rate }) => typeof rate === 'number')
        .sort((a, b) => figure(a.rate) - figure(b.rate))
      const [lowest, highest] = [ranked[0], ranked.at(-1)]
      if (by === 'month' || ranked.length < 2 || !lowest || !highest) return `${whole}。`
      return `${whole}；最低的是${nameOf(lowest)}（${lowest.rate}%），最高的是${nameOf(highest)}（${highest.rate}%）。`
    },
    chart: ({ rows }, by) =>
      by === 'month'
        ? {
            kind: 'line',
            unit: '%',
            max: 100,
            points: rows.map(({ month, rate }) => ({
              label: String(month),
              value: typeof rate === 'number' ? rate : null,
            })),
          }
        : {
            kind: 'bars',
            unit: '%',
            max: 100,
            bars: top(rows, 'inspected').map((row) => ({
              label: nameOf(row),
              value: typeof row.rate === 'number' ? row.rate : null,
              note: `${row.inspected} 批次`,
            })),
          },
  },
  {
    name: 'grades',
    title: ['质量信用等级分布', 'Distribution of grades'],
    by: [
      { value: 'region', label: REGION },
      { value: 'industry', label: ['行业', 'industry'] },
      { value: 'time', label: ['评价月份', 'month of rating'] },
    ],
    hasPeriod: false,
    report: (reports, { by, region }) =>
      reports.grades('four-grades', by === 'industry' || by === 'time' ? by : 'region', region),
    sentence({ rows }) {
      const all = total(rows, 'enterprises')
      if (all === 0) return NO_FIGURES
      const parts = GRADES.map((grade) => {
        const count = total(
          rows.filter((row) => row.grade === grade),
          'enterprises',
        )
        return count === 0 ? '' : `${grade} ${count}（${share(count, all)}%）`
      })
      return `共 ${all} 项：${parts.filter((part) => part !== '').join('，')}。`
    },
    chart({ rows }, by) {
      const field = by === 'industry' || by === 'time' ? by : 'region'
      const wholes = new Map<string, number[]>()
      for (const row of rows) {
        const label = String(row[field])
        const counts = wholes.get(label) ?? GRADES.map(() => 0)
        const place = GRADES.indexOf(String(row.grade))
        if (place >= 0) counts[place] = (counts[place] ?? 0) + figure(row.enterprises)
        wholes.set(label, counts)
      }
      return {
        kind: 'shares',
        parts: GRADES,
        wholes: Array.from(wholes, ([label, counts]) => {
          const all = counts.reduce((sum, count) => sum + count, 0)
          return { label: placeShort(label), shares: counts.map((count) => share(count, all)) }
        }).slice(0, MOST_BARS),
      }
    },
  },
  {
    name: 'listings',
    title: ['质量失信黑名单在列企业', 'Enterprises on the blacklist'],
    by: [
      { value: 'region', label: REGION },
      { value: 'ground', label: ['列入情形', 'ground'] },
    ],
    hasPeriod: false,
    report: (reports, { by, region }) => reports.listings(by === 'ground' ? 'ground' : 'region', region),
    sentence({ rows, note }) {
      const [first] = rows
      if (!first) return '目前没有企业在列。'
      return rows.length < 2 ? note : `${note}最多的是${nameOf(first)}，${first.enterprises} 家。`
    },
    chart: ({ rows }) => ({
      kind: 'bars',
      unit: ' 家',
      bars: top(rows, 'enterprises').map((row) => ({ label: nameOf(row), value: figure(row.enterprises) })),
    }),
  },
  {
    name: 'coverage',
    title: ['建档率', 'Coverage of files'],
    by: [{ value: 'region', label: ['地区和产品类别', 'region and product group'] }],
    hasPeriod: false,
    report: (reports, { region }) => reports.coverage(region),
    sentence({ rows }) {
      const holders = total(rows, 'holders')
      if (holders === 0) return NO_FIGURES
      return `持有有效许可、强制性产品认证的企业（按地区和产品类别计 ${holders} 家次）中，档案完整的占 ${share(total(rows, 'complete'), holders)}%。`
    },
    chart({ rows }) {
      const places = new Map<string, { holders: number; complete: number }>()
      for (const row of rows) {
        const name = String(row.region)
        const known = places.get(name) ?? { holders: 0, complete: 0 }
        known.holders += figure(row.holders)
        known.complete += figure(row.complete)
        places.set(name, known)
      }
      return {
        kind: 'bars',
        unit: '%',
        max: 100,
        bars: Array.from(places, ([name, { holders, complete }]) => ({
          label: placeShort(name),
          value: share(complete, holders),
          note: `${holders} 家次`,
        })).slice(0, MOST_BARS),
      }
    },
  },
]

const GRADES = ['A', 'B', 'C', 'D', '未评定']

function nameOf({ region, group, ground }: Row): string {
  return placeShort(String(region ?? group ?? ground ?? ''))
}

function placeShort(name: string): string {
  return name.replace(/^河北省(?=.)/u, '')
}

function top(rows: readonly Row[], field: string): Row[] {
  return rows.toSorted((a, b) => figure(b[field]) - figure(a[field])).slice(0, MOST_BARS)
}

function total(rows: readonly Row[], field: string): number {
  return rows.reduce((sum, row) => sum + figure(row[field]), 0)
}

function figure(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/** Share in per cent with one decimal. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10
}
