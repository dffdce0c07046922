/** A calendar date `YYYY-MM-DD`, compared as text. */
export type CalendarDate = string

const SHANGHAI_OFFSET_MS = 8 * 3_600_000

/** Whether text is a date that exists, written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text
}

/** The date it is in China (Asia/Shanghai, no daylight saving since 1991) at a moment. */
export function shanghaiDate(moment: Date): CalendarDate {
  return new Date(moment.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10)
}

/** Date and time in China at a moment, `YYYY-MM-DD HH:MM`. */
export function shanghaiTime(moment: Date): string {
  return new Date(moment.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
}

/** The first moment of a date in China, as an ISO time that can be compared with recorded times. */
export function startOfDate(date: CalendarDate): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - SHANGHAI_OFFSET_MS).toISOString()
}

/** The last moment of a date in China, as an ISO time that can be compared with recorded times. */
export function endOfDate(date: CalendarDate): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 24 * 3_600_000 - SHANGHAI_OFFSET_MS - 1).toISOString()
}

/** The date `days` calendar days later (earlier when negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 24 * 3_600_000).toISOString().slice(0, 10)
}

/** The same day `months` later; the last day of the month where that month is shorter. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(day, lastDay))
  return first.toISOString().slice(0, 10)
}

/** Whole months from one date to a later one. */
export function wholeMonths(from: CalendarDate, to: CalendarDate): number {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  return addMonths(from, months) > to ? months - 1 : months
}
