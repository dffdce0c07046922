import { createHash } from 'node:crypto'
import type { SearchDocument } from './document.ts'
import { foldedText } from './normalise.ts'

/** Orders that can be asked for in place of how well a name answers; who lacks what is sorted by comes last. */
export const searchOrders = ['grade', 'region', 'oldest', 'newest'] as const

export type SearchOrder = (typeof searchOrders)[number]

/** Keys of nine letters and digits are numbers below this. */
const KEYS = 36 ** 9
/** Names that are longer stand with those of this length; so places stay below 2^53. */
const LONGEST = 40

/**
 * Where an enterprise stands among others that answer as well: shorter names first, then by its key; one that is kept
 * under its unified code, since another has its organisation code, after those that are kept under theirs, in an order
 * of their own. A whole number that no other enterprise has.
 */
export function placeOf({ key, names: [name = ''] }: Pick<SearchDocument, 'key' | 'names'>): number {
  const length = Math.min(LONGEST, Array.from(foldedText(name)).length)
  const isShort = key.length === 9
  return (2 * length + (isShort ? 0 : 1)) * KEYS + (isShort ? Number.parseInt(key, 36) : numberOf(key))
}

function numberOf(key: string): number {
  return Number.parseInt(createHash('sha256').update(key).digest('hex').slice(0, 12), 16) % KEYS
}

/** The key of the enterprise that stands there; undefined where it is no organisation code. */
export function keyAt(place: number): string | undefined {
  if (Math.floor(place / KEYS) % 2 === 1) return undefined
  return (place % KEYS).toString(36).toUpperCase().padStart(9, '0')
}

/** Where an enterprise stands: by what it is ordered, 0 where by its place alone. */
export interface Standing {
  by: number
  place: number
}

/** Compares where two enterprises stand. */
export function inOrder(a: Standing, b: Standing): number {
  return a.by - b.by || a.place - b.place
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
