import { z } from 'zod'
import { type CalendarDate, isCalendarDate } from '../calendar/dates.ts'
import { parseRegion } from '../codes/places.ts'
import { invalid, type Refusal } from '../dossier/refusal.ts'

/** Decimal digits, and a sign that is told from them to be refused in its own words. */
const DIGITS = /^(\d{1,16}|-[1-9]\d{0,15})$/

/**
 * A whole number within bounds as a part of an address or a form writes it: in decimal digits and in no other way. `0x10`,
 * `1e3`, `+5`, `5.0`, spaces and nothing at all are no numbers. `words` say what it should be.
 */
export function wholeNumber(
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
  { words = '应为整数', least = `最小为 ${min}`, most = `最大为 ${max}` } = {},
) {
  return z.preprocess(
    (given) => (typeof given === 'string' && DIGITS.test(given) ? Number(given) : given),
    z.int(words).min(min, least).max(max, most),
  )
}

/** Code of a region that was typed; refuses one that does not exist. */
export function regionCode(typed: string | undefined): string | undefined {
  if (typed === undefined || typed === '') return undefined
  const found = parseRegion(typed)
  if (!found)
    throw invalid('/region', 'region', '没有这个行政区划；请用 6 位代码或全称，见 /api/v1/regions。')
  return found.code
}

/**
 * The period of which one end, or both, were asked for: to today, or the day that it begins on where that is later; from `first`,
 * or the beginning of the year that it ends in. Refuses dates that don't exist and an end before the start.
 */
export function periodAsked(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: CalendarDate,
  first?: CalendarDate,
): { from: string; to: string } {
  if (to !== undefined && !isCalendarDate(to)) throw noDate('to', to)
  const end = to ?? (from !== undefined && from > today ? from : today)
  return periodOf(from ?? first ?? `${end.slice(0, 4)}-01-01`, end)
}

/** A period from two dates; refuses dates that don't exist and an end before the start. */
export function periodOf(from: string, to: string): { from: string; to: string } {
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!isCalendarDate(day)) throw noDate(name, day)
  if (from > to) throw invalid('/to', 'before-start', `期间的结束（${to}）早于开始（${from}）。`)
  return { from, to }
}

function noDate(name: string, given: string): Refusal {
  return invalid(`/${name}`, 'date', `“${given}”不是日期；请写成 2026-03-02。`)
}
