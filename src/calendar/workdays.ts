import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { addDays, type CalendarDate } from './dates.ts'

const notices = z.object({ holidays: z.record(z.string(), z.string()) })

const packages = createRequire(import.meta.url)

type ChineseDays = typeof import('chinese-days').default

let loaded: ChineseDays | undefined

/** The calendar of holidays and the moon, loaded when a day is first asked for: a start does without. */
function chineseDays(): ChineseDays {
  if (loaded) return loaded
  const found: ChineseDays = packages('chinese-days')
  loaded = found
  return found
}

let covered: ReadonlySet<number> | undefined

let text: string | undefined

/** The holiday notices as the calendar has them: where they are others, days that were counted by them may be too. */
export function holidayNotices(): string {
  text ??= readFileSync(join(dirname(packages.resolve('chinese-days')), 'chinese-days.json'), 'utf8')
  return text
}

/**
 * Years for which the State Council's holiday notice is in the calendar. `chinese-days` takes any other year for
 * plain weeks without a word, so every count of working days says whether it stayed within these.
 */
export function coveredYears(): ReadonlySet<number> {
  covered ??= new Set(
    Object.keys(notices.parse(JSON.parse(holidayNotices())).holidays)
      // 1 January of the next year can appear in this year's notice: a year counts as covered with its autumn.
      .filter((date) => date.slice(5, 7) === '10')
      .map((date) => Number(date.slice(0, 4))),
  )
  return covered
}

/**
 * Whether it is known for sure if a day is worked: its year's notice is in the calendar, and for the last days of
 * December the next year's too, since notices have moved weekends from 29 December on to join 1 January.
 */
export function isCovered(date: CalendarDate): boolean {
  const year = Number(date.slice(0, 4))
  return coveredYears().has(year) && (date.slice(5) < '12-29' || coveredYears().has(year + 1))
}

/**
 * Whether a day is worked (工作日). Beyond the notices the holidays that the law itself names are free and all other
 * weekdays are taken for worked: the best that can be said before the notice comes.
 */
export function isWorkingDay(date: CalendarDate): boolean {
  const isPlainWeekday = coveredYears().has(Number(date.slice(0, 4))) || !isStatutoryHoliday(date)
  return isPlainWeekday && chineseDays().isWorkday(date)
}

/** Holidays for all citizens: 全国年节及纪念日放假办法 (2024 年修订) art. 2, those on fixed days of the solar calendar. */
const SOLAR_HOLIDAYS = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])
/** The same, by the lunar calendar: 春节 (its eve is the day before), 端午, 中秋. */
const LUNAR_HOLIDAYS = new Set(['1-1', '1-2', '1-3', '5-5', '8-15'])

function isStatutoryHoliday(date: CalendarDate): boolean {
  if (SOLAR_HOLIDAYS.has(date.slice(5)) || isQingming(date)) return true
  const isLunar = (day: CalendarDate, holidays: ReadonlySet<string>) => {
    const { isLeap, lunarMon, lunarDay } = chineseDays().getLunarDate(day)
    return !isLeap && holidays.has(`${lunarMon}-${lunarDay}`)
  }
  return isLunar(date, LUNAR_HOLIDAYS) || isLunar(addDays(date, 1), NEW_YEAR)
}

const NEW_YEAR = new Set(['1-1'])

function isQingming(date: CalendarDate): boolean {
  return (
    date.slice(5, 7) === '04' &&
    chineseDays().getSolarTermDate(Number(date.slice(0, 4)), 4, 'pure_brightness') === date
  )
}

/** The last day of a count of working days. */
export interface Deadline {
  /** The last day on which the act is in time. */
  date: CalendarDate
  /** False when the count touches a day that no notice covers: provisional until the notice comes. */
  certain: boolean
}

const counted = new LRUCache<string, Deadline>({ max: 10_000 })

/**
 * The `count`-th working day after a date (工作日; the day itself does not count), by the official calendar with
 * its swapped weekends.
 */
export function workingDaysAfter(date: CalendarDate, count: number): Deadline {
  const key = `${date}+${count}`
  const known = counted.get(key)
  if (known) return known
  let day = date
  let certain = true
  for (let left = count; left > 0; ) {
    day = addDays(day, 1)
    certain &&= isCovered(day)
    if (isWorkingDay(day)) left -= 1
  }
  const deadline = { date: day, certain }
  counted.set(key, deadline)
  return deadline
}

/**
 * A deadline that was kept when it was set. One that was provisional is counted again, so that it moves when the holiday notice
 * comes; a certain one stays as it was told.
 */
export function keptDeadline(kept: Deadline, from: CalendarDate, count: number): Deadline {
  return kept.certain ? kept : workingDaysAfter(from, count)
}

/** The first working day that is not before a day: on it a period ends whose last day is free. */
export function workingDayFrom(date: CalendarDate): CalendarDate {
  let day = date
  while (!isWorkingDay(day)) day = addDays(day, 1)
  return day
}

/** The `count`-th working day before a date, the day itself not counted. */
export function workingDaysBefore(date: CalendarDate, count: number): CalendarDate {
  let day = date
  for (let left = count; left > 0; ) {
    day = addDays(day, -1)
    if (isWorkingDay(day)) left -= 1
  }
  return day
}

/** How many working days come after a date until another, that one included; none where it isn't later. */
export function workingDaysBetween(from: CalendarDate, to: CalendarDate): number {
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkingDay(day)) count += 1
  return count
}

/** A deadline as notices print it: the date where it is certain, else that it is provisional and why. */
export function printedDeadline({ date, certain }: Deadline): string {
  const [year = '', month = '', day = ''] = date.split('-')
  const printed = `${year}年${Number(month)}月${Number(day)}日`
  return certain ? printed : `暂按${printed}，以国务院节假日安排为准`
}
