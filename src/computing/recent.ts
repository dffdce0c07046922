import { LRUCache } from 'lru-cache'
import { minuteOf } from '../calendar/dates.ts'
import type { ReportSource } from './reports.ts'

const KEPT_REPORTS = 200

/**
 * Reports that are computed once in each minute, however many ask: each names the state that it was computed from. A page
 * is kept to the end of the same minute, so that nothing is older than that, whatever stands in what.
 */
export function recentReports(source: ReportSource, now: () => Date): ReportSource {
  return {
    coverage: recent(source.coverage, now),
    roster: recent(source.roster, now),
    passRates: recent(source.passRates, now),
    passRatesByMonth: recent(source.passRatesByMonth, now),
    bulletin: recent(source.bulletin, now),
    indicators: recent(source.indicators, now),
    grades: recent(source.grades, now),
    listings: recent(source.listings, now),
    timeliness: recent(source.timeliness, now),
    lateTransfers: recent(source.lateTransfers, now),
    holdings: recent(source.holdings, now),
  }
}

function recent<A extends unknown[], R extends object>(
  compute: (...asked: A) => Promise<R>,
  now: () => Date,
): (...asked: A) => Promise<R> {
  const kept = new LRUCache<string, Promise<R>>({ max: KEPT_REPORTS })
  let minute = Number.NaN
  return (...asked) => {
    const present = minuteOf(now())
    if (present !== minute) kept.clear()
    minute = present
    const key = JSON.stringify(asked)
    const known = kept.get(key)
    if (known) return known
    const fresh = compute(...asked)
    kept.set(key, fresh)
    // A failure is told to who asked, and tried again by the next.
    fresh.catch(() => {
      if (kept.peek(key) === fresh) kept.delete(key)
    })
    return fresh
  }
}
