/**
 * Where a row stands in a list: what the list is ordered by, and last what tells the row from all others. A page that begins
 * after a place goes on behind that row, whatever has come or gone before it meanwhile, and holds also where the row itself has gone.
 */
export type Place = readonly (string | number)[]

/** Which part of a list is asked for: what stands after a place, or right before one; without either, its beginning. */
export interface Beside {
  after?: Place | undefined
  before?: Place | undefined
  /** Nothing where nothing follows any more: for programs, which would take the last rows twice. */
  strictly?: boolean
}

/** How a list is ordered. */
export interface Order<R> {
  placeOf(row: R): Place
  compare(one: Place, other: Place): number
}

/** Rows of a list that stand one after the other, and where the others are. */
export interface Stretch<R> {
  rows: readonly R[]
  /** How many there are in all, and how many of them stand before these. */
  total: number
  skipped: number
  /** The place before which there are others. */
  previous?: Place
  /** The place after which there are others. */
  next?: Place
}

/** So many rows of a list in its order, beside a place; where nothing follows a place any more, the last ones. */
export function stretchOf<R>(
  list: readonly R[],
  { placeOf, compare }: Order<R>,
  { after, before, strictly = false }: Beside,
  most: number,
): Stretch<R> {
  const endsAt = before && firstFrom(list, (row) => compare(placeOf(row), before) >= 0)
  const beginsAt = after && firstFrom(list, (row) => compare(placeOf(row), after) > 0)
  const asked = beginsAt ?? (endsAt === undefined ? 0 : endsAt - most)
  const skipped = Math.max(0, strictly || asked < list.length ? asked : list.length - most)
  const rows = list.slice(skipped, skipped + most)
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows,
    ...{ total: list.length, skipped },
    ...(first !== undefined && skipped > 0 && { previous: placeOf(first) }),
    ...(last !== undefined && skipped + rows.length < list.length && { next: placeOf(last) }),
  }
}

/** Where the page begins on which a row stands, by its number from 0, when a list is cut into such pages from its beginning on. */
export function pageWith<R>(list: readonly R[], { placeOf }: Order<R>, row: number, most: number): Beside {
  const last = list[Math.floor(Math.min(row, list.length - 1) / most) * most - 1]
  return last === undefined ? {} : { after: placeOf(last) }
}

/** The first of the rows from which on something holds; the number of rows where it holds for none. */
function firstFrom<R>(list: readonly R[], holds: (row: R) => boolean): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const row = list[middle]
    if (row !== undefined && holds(row)) to = middle
    else from = middle + 1
  }
  return from
}

/** Orders places part by part: figures before texts, figures by size, texts by `texts`, by their characters where it is left out. */
export function placesCompared(
  one: Place,
  other: Place,
  texts: TextOrder = (a, b) => (a < b ? -1 : a > b ? 1 : 0),
): number {
  for (const [i, part] of one.entries()) {
    const way = partsCompared(part, other[i], texts)
    if (way !== 0) return way
  }
  return one.length - other.length
}

type TextOrder = (one: string, other: string) => number

function partsCompared(part: string | number, own: string | number | undefined, texts: TextOrder): number {
  if (own === undefined) return 1
  if (typeof part === 'string') return typeof own === 'string' ? texts(part, own) : 1
  return typeof own === 'string' ? -1 : part - own
}

/** The same, from the end: the newest first. */
export function newestFirst(one: Place, other: Place): number {
  return placesCompared(other, one)
}
