import { z } from 'zod'
import { isCalendarDate } from '../calendar/dates.ts'
import { parseRegion } from '../codes/places.ts'
import { invalid } from '../dossier/refusal.ts'

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
