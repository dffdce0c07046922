import { isCalendarDate } from '../calendar/dates.ts'
import { parseRegion } from '../codes/places.ts'
import { invalid } from '../dossier/refusal.ts'

/** Code of a region that was typed; refuses one that does not exist. */
export function regionCode(typed: string | undefined): string | undefined {
  if (typed === undefined || typed === '') return undefined
  const found = parseRegion(typed)
  if (!found)
    throw invalid('/region', 'region', '没有这个行政区划；请用 6 位代码或全称，见 /api/v1/regions。')
  return found.code
}

/** A period from two dates; refuses dates that don't exist and an end before the start. */
export function periodOf(from: string, to: string): { from: string; to: string } {
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!isCalendarDate(day)) throw invalid(`/${name}`, 'date', `“${day}”不是日期；请写成 2026-03-02。`)
  if (from > to) throw invalid('/to', 'before-start', `期间的结束（${to}）早于开始（${from}）。`)
  return { from, to }
}
