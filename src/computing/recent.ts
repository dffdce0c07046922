import { LRUCache } from 'lru-cache'
import type { ReportSource } from './reports.ts'

const KEPT_MS = 60_000
const KEPT_REPORTS = 200

/** Reports that may be a minute old: however many ask, each is computed once a minute. */
export function recentReports(source: ReportSource): ReportSource {
  return {
    coverage: recent(source.coverage),
    passRates: recent(source.passRates),
    passRatesByMonth: recent(source.passRatesByMonth),
    bulletin: recent(source.bulletin),
    indicators: recent(source.indicators),
    grades: recent(source.grades),
    listings: recent(source.listings),
    holdings: recent(source.holdings),
  }
}

function recent<A extends unknown[], R extends object>(
  compute: (...asked: A) => Promise<R>,
): (...asked: A) => Promise<R> {
  const kept = new LRUCache<string, Promise<R>>({ max: KEPT_REPORTS, ttl: KEPT_MS })
  return (...asked) => {
    const key = JSON.stringify(asked)
    const known = kept.get(key)
    if (known) return known
    const fresh = compute(...asked)
    kept.set(key, fresh)
    // A failure is told to who asked, and tried again by the next.
    fresh.catch(() => kept.delete(key))
    return fresh
  }
}
