import { addDays, addMonths, type CalendarDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Settings } from '../config.ts'
import { publicationRules } from '../records/rules.ts'

/** How often an authority tells the public what was listed and removed (公告周期): 每季度 by default. */
export type BulletinEvery = Settings['BULLETIN_EVERY']

/** Days that no bulletin has told of yet, within one period that is over, and by when one should. */
export interface PeriodDue {
  from: CalendarDate
  to: CalendarDate
  dueOn: CalendarDate
  certain: boolean
}

const MONTHS: Readonly<Record<Exclude<BulletinEvery, 'off'>, number>> = {
  month: 1,
  quarter: 3,
  'half-year': 6,
  year: 12,
}

/**
 * Periods of the calendar that are over and that an authority's bulletins have not told of, each to be told of within the
 * working days that the rule sets. `began` is the first day on which the authority had anything to tell of. What is left
 * over of a period that was told of early is due only where something happened in it.
 */
export function bulletinsDue(
  every: BulletinEvery,
  issued: readonly { from: CalendarDate; to: CalendarDate }[],
  began: CalendarDate | undefined,
  today: CalendarDate,
  hasHappened: (from: CalendarDate, to: CalendarDate) => boolean,
): PeriodDue[] {
  if (every === 'off' || began === undefined) return []
  const due: PeriodDue[] = []
  for (let first = periodOf(began, MONTHS[every]); ; first = addMonths(first, MONTHS[every])) {
    const last = addDays(addMonths(first, MONTHS[every]), -1)
    if (last >= today) return due
    const whole = { from: first < began ? began : first, to: last }
    const { date: dueOn, certain } = workingDaysAfter(last, publicationRules.bulletinDays.value)
    const gaps = untold(whole, issued)
    const isToldOf = gaps[0]?.from !== whole.from || gaps[0].to !== whole.to
    for (const gap of gaps)
      if (!isToldOf || hasHappened(gap.from, gap.to)) due.push({ ...gap, dueOn, certain })
  }
}

/** The first day of the period of the calendar that a day lies in. */
function periodOf(day: CalendarDate, months: number): CalendarDate {
  const month = Number(day.slice(5, 7)) - 1
  return `${day.slice(0, 4)}-${String(month - (month % months) + 1).padStart(2, '0')}-01`
}

/** What is left of a period once the days of bulletins are taken out. */
function untold(
  { from, to }: { from: CalendarDate; to: CalendarDate },
  issued: readonly { from: CalendarDate; to: CalendarDate }[],
): { from: CalendarDate; to: CalendarDate }[] {
  const gaps: { from: CalendarDate; to: CalendarDate }[] = []
  let next = from
  for (const told of issued.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    if (told.to < next || told.from > to) continue
    if (told.from > next) gaps.push({ from: next, to: addDays(told.from, -1) })
    next = addDays(told.to, 1)
    if (next > to) return gaps
  }
  return [...gaps, { from: next, to }]
}
