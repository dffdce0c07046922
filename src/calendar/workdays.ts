import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import chineseDays from 'chinese-days'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { addDays, type CalendarDate } from './dates.ts'

const notices = z.object({ holidays: z.record(z.string(), z.string()) })

/**
 * Years for which the State Council's holiday notice is in the calendar. `chinese-days` takes any other year for
 * plain weeks without a word, so every count of working days says whether it stayed within these.
 */
export const coveredYears: ReadonlySet<number> = new Set(
  Object.keys(
    notices.parse(
      JSON.parse(
        readFileSync(
          join(dirname(createRequire(import.meta.url).resolve('chinese-days')), 'chinese-days.json'),
          'utf8',
        ),
      ),
    ).holidays,
  )
    // 1 January of the next year can appear in this year's notice: a year counts as covered with its autumn.
    .filter((date) => date.slice(5, 7) === '10')
    .map((date) => Number(date.slice(0, 4))),
)

export interface Deadline {
  /** The last day on which the act is in time. */
  date: CalendarDate
  /** False when the count touches a year whose holiday notice the calendar does not have: an estimate. */
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
    certain &&= coveredYears.has(Number(day.slice(0, 4)))
    if (chineseDays.isWorkday(day)) left -= 1
  }
  const deadline = { date: day, certain }
  counted.set(key, deadline)
  return deadline
}
