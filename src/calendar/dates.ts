/** A calendar date `YYYY-MM-DD`, compared as text. */
export type CalendarDate = string

const SHANGHAI_OFFSET_MS = 8 * 3_600_000
const DAY_MS = 24 * 3_600_000

/** The day that was asked for last: every read asks which day it is, nearly always the same. */
let latest: { day: number; date: CalendarDate } = { day: Number.NaN, date: '' }

/** Whether text is a date that exists, written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)) return false
  const day = Number(text.slice(8))
  return day <= 28 || day <= lastDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)))
}

function lastDay(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The date it is in China (Asia/Shanghai, no daylight saving since 1991) at a moment. */
export function shanghaiDate(moment: Date): CalendarDate {
  const time = moment.getTime() + SHANGHAI_OFFSET_MS
  const day = Math.floor(time / DAY_MS)
  if (day !== latest.day) latest = { day, date: new Date(time).toISOString().slice(0, 10) }
  return latest.date
}

/** Date and time in China at a moment, `YYYY-MM-DD HH:MM`. */
export function shanghaiTime(moment: Date): string {
  return new Date(moment.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
}

/** Date and time in China at a moment, `YYYY-MM-DD HH:MM:SS`. */
export function shanghaiSecond(moment: Date): string {
  return new Date(moment.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** The minute that a moment is in, counted from 1970: what is kept by time is kept to its end. */
export function minuteOf(moment: Date): number {
  return Math.floor(moment.getTime() / 60_000)
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
  const counted = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months
  const year = Math.floor(counted / 12)
  const month = counted - year * 12 + 1
  const day = Number(date.slice(8, 10))
  const digits = (value: number, width: number) => String(value).padStart(width, '0')
  const kept = day > 28 ? Math.min(day, lastDay(year, month)) : day
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(kept, 2)}`
}

/** Whole months from one date to a later one. */
export function wholeMonths(from: CalendarDate, to: CalendarDate): number {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  return addMonths(from, months) > to ? months - 1 : months
}
