import { setImmediate as othersTurn } from 'node:timers/promises'
import type { CalendarDate } from '../calendar/dates.ts'
import { regionPrefix } from '../codes/regions.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { Sight, Views } from '../views/views.ts'

/** A page of what was found going through the files in the order of their keys. */
export interface Page<T> {
  items: T[]
  /** Key after which the next page begins. */
  next: string | null
}

/** A page of what was asked for with one more than it may hold: that one alone tells whether another page follows. */
export function pageOf<T, N>(
  found: readonly T[],
  limit: number,
  next: (last: T) => N,
): { items: T[]; next: N | null } {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? next(last) : null }
}

const FILES_A_STEP = 200
/** A page stops looking after this many files, even when it found less than it may hold. */
const MOST_FILES = 5000

/** Which files to go through: those in a region with records of a type, after a key; with records in sight alone. */
export interface Through {
  type: string
  region?: string | undefined
  sight?: Sight | undefined
  after: string
  /** The day as on which they are read. */
  today: CalendarDate
}

/** Files with records of a type, step by step; other work of the thread comes in between. */
export async function* filesWith(
  views: Views,
  { type, region, sight, after, today }: Through,
): AsyncGenerator<Dossier[]> {
  const asked = { type, region: region === undefined ? '' : regionPrefix(region), sight }
  for (let from = after; ; ) {
    const keys = views.keysWith(asked, from, FILES_A_STEP)
    const last = keys.at(-1)
    if (last === undefined) return
    yield keys.flatMap((key) => views.onDay(key, today) ?? [])
    from = last
    await othersTurn()
  }
}

/** What each file gives, until a page is full; a file's items stay together, so a page may hold a few more. */
export async function gather<T>(
  views: Views,
  through: Through,
  limit: number,
  of: (dossier: Dossier) => readonly T[] | Promise<readonly T[]>,
): Promise<Page<T>> {
  const items: T[] = []
  let seen = 0
  let last = through.after
  for await (const files of filesWith(views, through))
    for (const dossier of files) {
      const found = await of(dossier)
      // A full page goes on looking for what the next would hold.
      if (items.length >= limit && found.length > 0) return { items, next: last }
      items.push(...found)
      last = dossier.key
      seen += 1
      if (seen >= MOST_FILES) return { items, next: last }
    }
  return { items, next: null }
}
