/** What a number's format says beside its looks. */
export interface Format {
  isDate: boolean
  /** What of a date it shows, where it shows no day: 2017年9月 of a day that nobody typed. */
  shows?: 'year' | 'month'
  /** Digits that are shown at least: 9 for `000000000`. */
  places: number
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

/** Excel takes no longer one. */
const LONGEST = 255

/** A format by its number, or by its text where the file has one: `yyyy"年"m"月"d"日"`. */
export function formatOf(id: number, code: string | undefined): Format {
  if (code === undefined)
    return {
      isDate: BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to),
      ...(BUILT_IN_MONTHS.includes(id) && { shows: 'month' as const }),
      places: 0,
    }
  const [section = ''] = code
    .slice(0, LONGEST)
    .replace(/"[^"]*"|\\.|_.|\*./gu, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^[\]]*\]/giu, '')
    .split(';', 1)
  const isDate = !/general|标准|常规/iu.test(section) && /[ymdhs]/iu.test(section)
  const showsNoDay = isDate && /y/iu.test(section) && !/[dhs]/iu.test(section)
  return {
    isDate,
    ...(showsNoDay && { shows: /m/iu.test(section) ? ('month' as const) : ('year' as const) }),
    places: /^0+$/.test(section) ? section.length : 0,
  }
}
