import type { Reached } from '../authority/following.ts'
import { addDays, type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter, workingDaysBetween } from '../calendar/workdays.ts'
import { publishBy } from '../records/penalty.ts'
import { unconfirmed } from '../records/rules.ts'
import type { Views } from '../views/views.ts'
import type { Report } from './reports.ts'

/** Within how many working days of the decision a record reaches the credit platform (“双公示”的七个工作日). */
export const transferRule = unconfirmed(
  7,
  '国务院办公厅关于运用大数据加强对市场主体服务和监管的若干意见（国办发〔2015〕51号）：行政许可和行政处罚等信息自作出决定之日起七个工作日内上网公开',
)

/** What a record goes through on its way to the platform, in order. */
export const transferSteps = ['entered', 'public', 'pulled', 'acknowledged'] as const
export type TransferStep = (typeof transferSteps)[number]

/** Each step in words: a noun for a column, and what it waits for. */
export const STEP_NAMES: Readonly<Record<TransferStep, string>> = {
  entered: '登记',
  public: '公示',
  pulled: '取用',
  acknowledged: '确认',
}

/** A record that is to reach the platform, with what is known of its way there. */
export interface Transfer {
  key: string
  id: string
  type: 'penalty' | 'licence'
  number: string
  firm: string
  authority: string
  decidedOn: CalendarDate
  /** Where the register first told the platform of it, and when; null while it is told nothing: incomplete, or never public. */
  position: number | null
  at: string | null
  publicFrom: CalendarDate | null
  receivedOn: CalendarDate | null
}

/** How a step of a record stands: by when it is due, and on which day it was done. */
export interface StepState {
  dueOn: CalendarDate
  doneOn: CalendarDate | undefined
}

/** Records decided in a period, in a region, that are to reach the platform. */
export function transfersOf(
  views: Pick<Views, 'reported'>,
  { from, to }: { from: CalendarDate; to: CalendarDate },
  region: string,
): Transfer[] {
  return views.reported<Transfer>(
    ({ record, file, event, thing }) => `
      SELECT r.key, r.id, r.type, r.dated AS decidedOn, r.public_from AS publicFrom,
        coalesce(r.data ->> 'documentNo', r.data ->> 'number', '') AS number,
        coalesce(f.outline ->> '$.enterprise.name', '') AS firm, coalesce(r.data ->> 'authority', '') AS authority,
        r.data ->> 'receivedOn' AS receivedOn, e.position, e.at
      FROM ${record} r JOIN ${file} f ON f.key = r.key
      -- An erasure restates a file in the place of all that was told of it before.
      LEFT JOIN ${event} e ON e.key = r.key AND e.position = coalesce(
          (SELECT min(position) FROM ${event} WHERE key = r.key AND id = r.id),
          (SELECT min(position) FROM ${event} WHERE key = r.key AND what = 'file.restated'
            AND EXISTS (SELECT 1 FROM ${thing} WHERE key = r.key AND id = r.id)))
      WHERE r.type IN ('penalty', 'licence') AND r.dated BETWEEN ? AND ? AND r.region GLOB ?
      GROUP BY r.key, r.id ORDER BY r.dated, r.key, r.id`,
    from,
    to,
    region,
  )
}

/** Where the step of each record stands on a day, by what consumers had reached when. */
export function stepsOf(
  own: Transfer,
  reached: ReachedDays,
  today: CalendarDate,
): Readonly<Record<TransferStep, StepState>> {
  const dueOn = workingDaysAfter(own.decidedOn, transferRule.value).date
  const publicDue =
    own.type === 'penalty'
      ? publishBy({
          decidedOn: own.decidedOn,
          ...(own.receivedOn !== null && { receivedOn: own.receivedOn }),
        }).date
      : dueOn
  const enteredOn = own.at === null ? undefined : shanghaiDate(new Date(own.at))
  const publicOn =
    own.publicFrom === null || enteredOn === undefined ? undefined : later(own.publicFrom, enteredOn)
  const by = (what: Reached['what']) => {
    if (own.position === null || enteredOn === undefined) return undefined
    const day = reached.dayOf(what, own.position)
    // Of an epoch before: nobody had it before it was entered.
    return day === undefined ? undefined : later(day, enteredOn)
  }
  return {
    entered: { dueOn, doneOn: enteredOn },
    public: { dueOn: publicDue, doneOn: publicOn !== undefined && publicOn <= today ? publicOn : undefined },
    pulled: { dueOn, doneOn: by('sent') },
    acknowledged: { dueOn, doneOn: by('acknowledged') },
  }
}

/** In time, late, or still to be done in time: the day itself is in time. */
export function standOf({ dueOn, doneOn }: StepState, today: CalendarDate): 'inTime' | 'late' | 'waiting' {
  if (doneOn !== undefined) return doneOn <= dueOn ? 'inTime' : 'late'
  return today <= dueOn ? 'waiting' : 'late'
}

/** By which day consumers had come to which position. */
export class ReachedDays {
  readonly #days: Readonly<Record<Reached['what'], readonly Reached[]>>

  /** `reached` in any order; of one consumer, where it is named, else of whichever was first. */
  constructor(reached: readonly Reached[], consumer?: string) {
    const of = (what: Reached['what']) => {
      const rising: Reached[] = []
      const own = reached.filter((one) => one.what === what && (consumer ?? one.consumer) === one.consumer)
      for (const one of own.sort((a, b) =>
        a.day < b.day ? -1 : a.day > b.day ? 1 : a.position - b.position,
      ))
        if (one.position > (rising.at(-1)?.position ?? 0)) rising.push(one)
      return rising
    }
    this.#days = { sent: of('sent'), acknowledged: of('acknowledged') }
  }

  /** The first day on which a position had been reached. */
  dayOf(what: Reached['what'], position: number): CalendarDate | undefined {
    const days = this.#days[what]
    let [low, high] = [0, days.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((days[middle]?.position ?? 0) >= position) high = middle
      else low = middle + 1
    }
    return days[low]?.day
  }
}

const TYPE_WORDS = { penalty: '行政处罚', licence: '行政许可' } as const

/** What timeliness is broken down by. */
export const timelinessBy = ['authority', 'month', 'all'] as const
export type TimelinessBy = (typeof timelinessBy)[number]

interface Counted {
  month: string
  type: Transfer['type']
  authority: string
  records: number
  untold: number
  of: Readonly<Record<TransferStep, { inTime: number; late: number; days: number[] }>>
}

/**
 * Timeliness (时效) by kind, authority and month of decision: of each step how many were in time and how many late, the
 * share in time of these, and the median of working days that it took.
 */
export function timelinessReport(
  transfers: readonly Transfer[],
  reached: ReachedDays,
  by: TimelinessBy,
  period: { from: CalendarDate; to: CalendarDate },
  today: CalendarDate,
): Report {
  const counts = new Map<string, Counted>()
  for (const own of transfers) {
    const month = by === 'authority' ? '' : own.decidedOn.slice(0, 7)
    const authority = by === 'month' ? '' : own.authority
    const id = `${month}|${own.type}|${authority}`
    const empty = () => ({ inTime: 0, late: 0, days: [] })
    const count = counts.get(id) ?? {
      ...{ month, type: own.type, authority, records: 0, untold: 0 },
      of: { entered: empty(), public: empty(), pulled: empty(), acknowledged: empty() },
    }
    counts.set(id, count)
    count.records += 1
    // What the platform is never told is not late: it is asked for elsewhere, or not public at all.
    if (own.position === null) {
      count.untold += 1
      continue
    }
    const steps = stepsOf(own, reached, today)
    for (const step of transferSteps) {
      const stand = standOf(steps[step], today)
      if (stand !== 'waiting') count.of[step][stand] += 1
      const { doneOn } = steps[step]
      if (doneOn !== undefined) count.of[step].days.push(workingDaysBetween(own.decidedOn, doneOn))
    }
  }
  return {
    title: '传送时效',
    note: `${period.from} 至 ${period.to} 作出的决定。自决定之日起，登记、平台取用和确认为 ${transferRule.value} 个工作日（“双公示”），处罚公示为 20 个工作日（外省推送的 10 个，《市场监督管理行政处罚信息公示规定》第九条、第十条）。未提供的是不公示的和不完整的记录。`,
    columns: [
      ...(by === 'authority' ? [] : [{ field: 'month', label: '决定月份' }]),
      { field: 'kind', label: '类别' },
      ...(by === 'month' ? [] : [{ field: 'authority', label: '机关' }]),
      { field: 'records', label: '件数' },
      { field: 'untold', label: '未提供' },
      ...transferSteps.flatMap((step) => [
        { field: `${step}Rate`, label: `${STEP_NAMES[step]}及时率（%）` },
        { field: `${step}Late`, label: `${STEP_NAMES[step]}逾期` },
        { field: `${step}Days`, label: `${STEP_NAMES[step]}工作日（中位）` },
      ]),
    ],
    rows: Array.from(counts.entries())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { type, month, authority, records, untold, of }]) => ({
        ...(by !== 'authority' && { month }),
        kind: TYPE_WORDS[type],
        ...(by !== 'month' && { authority }),
        records,
        untold,
        ...Object.fromEntries(
          transferSteps.flatMap((step) => {
            const { inTime, late, days } = of[step]
            const judged = inTime + late
            return [
              [`${step}Rate`, judged === 0 ? null : Math.round((inTime / judged) * 1000) / 10],
              [`${step}Late`, late],
              [`${step}Days`, median(days)],
            ]
          }),
        ),
      })),
  }
}

/** Days of decision that are looked back on for what is late: half a year. */
const LOOKED_BACK = 183
/** Working days before its end in which something is about to be late: the day before, and the day itself. */
const SOON = 1

/** Something that has not reached the platform yet and is about to be late, or is. */
export interface LateTransfer {
  transfer: Transfer
  step: 'pulled' | 'acknowledged'
  dueOn: CalendarDate
  state: '下一工作日到期' | '今日到期' | '已逾期'
}

/** What is to be looked at for that on a day. */
export function lookedBack(today: CalendarDate): { from: CalendarDate; to: CalendarDate } {
  return { from: addDays(today, -LOOKED_BACK), to: today }
}

/** What has not been pulled, or not been acknowledged, and is due today, on the next working day, or overdue. */
export function lateTransfers(
  transfers: readonly Transfer[],
  reached: ReachedDays,
  today: CalendarDate,
): LateTransfer[] {
  const soon = workingDaysAfter(today, SOON).date
  return transfers.flatMap((transfer): LateTransfer[] => {
    if (transfer.position === null) return []
    const steps = stepsOf(transfer, reached, today)
    const step = (['pulled', 'acknowledged'] as const).find((one) => steps[one].doneOn === undefined)
    if (!step) return []
    const { dueOn } = steps[step]
    if (dueOn > soon) return []
    const state = dueOn < today ? '已逾期' : dueOn === today ? '今日到期' : '下一工作日到期'
    return [{ transfer, step, dueOn, state }]
  })
}

/** The same as a table. */
export function lateReport(late: readonly LateTransfer[]): Report {
  return {
    title: '将逾期和已逾期的传送',
    note: `近半年作出的决定，自决定之日起 ${transferRule.value} 个工作日内应由信用平台取用并确认。`,
    columns: [
      { field: 'dueOn', label: '期限' },
      { field: 'state', label: '状态' },
      { field: 'step', label: '所缺' },
      { field: 'kind', label: '类别' },
      { field: 'number', label: '文号或编号' },
      { field: 'firm', label: '企业' },
      { field: 'orgCode', label: '档案编号' },
      { field: 'authority', label: '机关' },
      { field: 'decidedOn', label: '决定日期' },
    ],
    rows: late.map(({ transfer: { key, type, number, firm, authority, decidedOn }, step, dueOn, state }) => ({
      ...{ dueOn, state, step: `平台尚未${STEP_NAMES[step]}`, kind: TYPE_WORDS[type] },
      ...{ number, firm, orgCode: key, authority, decidedOn },
    })),
  }
}

function later(a: CalendarDate, b: CalendarDate): CalendarDate {
  return a < b ? b : a
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
