import type { SearchDocument } from './document.ts'
import { foldedText } from './normalise.ts'

/** Orders that can be asked for in place of how well a name answers; who lacks what is sorted by comes last. */
export const searchOrders = ['grade', 'region', 'oldest', 'newest'] as const

export type SearchOrder = (typeof searchOrders)[number]

/** Keys are nine letters and digits, so that they are numbers below this. */
const KEYS = 36 ** 9
/** Names that are longer stand with those of this length; places stay below 2^53. */
const LONGEST = 80

/** Where an enterprise stands among others that answer as well: shorter names first, then by its key. A whole number. */
export function placeOf({ key, names: [name = ''] }: Pick<SearchDocument, 'key' | 'names'>): number {
  return Math.min(LONGEST, Array.from(foldedText(name)).length) * KEYS + Number.parseInt(key, 36)
}

/** The key of the enterprise that stands there. */
export function keyAt(place: number): string {
  return (place % KEYS).toString(36).toUpperCase().padStart(9, '0')
}

/** Comes after everything that an enterprise may be put in order by. */
export const LAST = 10 ** 15

/** What an enterprise is put in order by, the smaller the earlier; equal ones stand by their place. */
export function orderNumber(
  { region, grade, establishedOn }: Pick<SearchDocument, 'region' | 'grade' | 'establishedOn'>,
  order: SearchOrder,
): number {
  switch (order) {
    case 'grade':
      return grade === undefined ? LAST : textNumber(grade)
    case 'region':
      return region === undefined ? LAST : Number(region)
    case 'oldest':
      return dayNumber(establishedOn) ?? LAST
    case 'newest':
      return -(dayNumber(establishedOn) ?? -LAST)
  }
}

function dayNumber(day: string | undefined): number | undefined {
  return day === undefined ? undefined : Number(day.replaceAll('-', ''))
}

/** The first characters of a text as a number that is in order as the texts are: grades are A, B, AA. */
function textNumber(text: string): number {
  return Array.from({ length: 3 }, (_, i) => text.charCodeAt(i) || 0).reduce(
    (sum, code) => sum * 65_536 + code,
    0,
  )
}
