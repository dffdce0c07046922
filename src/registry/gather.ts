import { setImmediate as othersTurn } from 'node:timers/promises'
import { regionPrefix } from '../codes/regions.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { Sight, Views } from '../views/views.ts'

/** A page of what was found going through the files in the order of their keys. */
export interface Page<T> {
  items: T[]
  /** Key after which the next page begins. */
  next: string | null
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
}

/** Files with records of a type, step by step; other work of the thread comes in between. */
export async function* filesWith(
  views: Views,
  { type, region, sight, after }: Through,
): AsyncGenerator<Dossier[]> {
  const asked = { type, region: region === undefined ? '' : regionPrefix(region), sight }
  for (let from = after; ; ) {
    const keys = views.keysWith(asked, from, FILES_A_STEP)
    const last = keys.at(-1)
    if (last === undefined) return
    yield keys.flatMap((key) => views.dossier(key) ?? [])
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
  for await (const files of filesWith(views, through))
    for (const dossier of files) {
      items.push(...(await of(dossier)))
      seen += 1
      if (items.length >= limit || seen >= MOST_FILES) return { items, next: dossier.key }
    }
  return { items, next: null }
}
