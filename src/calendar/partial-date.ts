import { addDays, addMonths, type CalendarDate, isCalendarDate } from './dates.ts'

/** A date known to its day, its month or its year (只知年份或年月的日期): `2017-09-12`, `2017-09`, `2017`. */
export type PartialDate = string

/** Whether text is such a date, as far as it is known one that exists. */
export function isPartialDate(text: string): boolean {
  return (/^\d{4}(?:-\d{2})?$/.test(text) && isCalendarDate(earliestOf(text))) || isCalendarDate(text)
}

/** Whether two dates may be the same one, as far as each is known. */
export function mayBeSame(one: PartialDate, other: PartialDate): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

/** The first day that a date may be. */
export function earliestOf(date: PartialDate): CalendarDate {
  return date.length === 4 || date.length === 7 ? `${date}${'-01-01'.slice(date.length - 4)}` : date
}

/** The last day that a date may be. */
export function latestOf(date: PartialDate): CalendarDate {
  if (date.length !== 4 && date.length !== 7) return date
  return addDays(addMonths(earliestOf(date), date.length === 4 ? 12 : 1), -1)
}
