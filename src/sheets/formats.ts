/** What a number's format says beside its looks. */
export interface Format {
  isDate: boolean
  /** What of a date it shows, where it shows no day: 2017年9月 of a day that nobody typed. */
  shows?: 'year' | 'month'
  /** Digits that are shown at least: 9 for `000000000`. */
  places: number
  /** What is shown beside a number: `≥` before it, a unit or a percent sign behind it, which a hundredth part of is kept. */
  beside?: Beside
}

export interface Beside {
  before: string
  after: string
  isPercent: boolean
}

export const GENERAL: Format = { isDate: false, places: 0 }

/** Formats that have a number and no text (ECMA-376 part 1, 18.8.30), those of Chinese editions among them. */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** Those among them that show year and month alone. */
const BUILT_IN_MONTHS: readonly number[] = [17, 27, 36, 50, 52, 57]

/** 0% and 0.00%. */
const BUILT_IN_PERCENTS: readonly number[] = [9, 10]

/** Excel takes no longer one. */
const LONGEST = 255

/** A format by its number, or by its text where the file has one: `yyyy"年"m"月"d"日"`. */
export function formatOf(id: number, code: string | undefined): Format {
  if (code === undefined)
    return {
      isDate: BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to),
      ...(BUILT_IN_MONTHS.includes(id) && { shows: 'month' as const }),
      places: 0,
      ...(BUILT_IN_PERCENTS.includes(id) && { beside: { before: '', after: '%', isPercent: true } }),
    }
  const [section = ''] = code
    .slice(0, LONGEST)
    .replace(/"[^"]*"|\\.|_.|\*./gu, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^[\]]*\]/giu, '')
    .split(';', 1)
  const isDate = !/general|标准|常规/iu.test(section) && /[ymdhs]/iu.test(section)
  const showsNoDay = isDate && /y/iu.test(section) && !/[dhs]/iu.test(section)
  const beside = isDate ? undefined : besideIn(code.slice(0, LONGEST))
  return {
    isDate,
    ...(beside && { beside }),
    ...(showsNoDay && { shows: /m/iu.test(section) ? ('month' as const) : ('year' as const) }),
    places: /^0+$/.test(section) ? section.length : 0,
  }
}

/** What a format shows before and behind the digits of a number, colours and conditions left out; undefined where it is nothing. */
function besideIn(code: string): Beside | undefined {
  const [section = ''] = code.replace(/\[[^[\]]*\]/gu, '').split(';', 1)
  const [first, last] = [section.search(/[0#?]/u), section.search(/[0#?][^0#?]*$/u)]
  if (first < 0) return undefined
  const [head, tail] = [section.slice(0, first), section.slice(last + 1)]
  const before = /["\\]?([≥≤≧≦<>＜＞]=?)"?\s*$/u.exec(head)?.[1] ?? ''
  const isPercent = tail.replace(/"[^"]*"/gu, '').includes('%')
  const after = isPercent ? '%' : (/"\s*([^"\s]{1,20})\s*"/u.exec(tail)?.[1] ?? '')
  return before === '' && after === '' ? undefined : { before, after, isPercent }
}
