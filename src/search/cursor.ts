import { createHash } from 'node:crypto'
import { z } from 'zod'
import { BadCursor, type SearchQuery } from './engine.ts'
import { filterTerms } from './tokens.ts'

/** Whose places a cursor tells: another engine has others. */
type Engine = 'embedded' | 'meilisearch'

/** A place in the order of relevance. */
export interface Place {
  tier: number
  id: number
}

/** Whether a place comes after another. */
export function isAfter(a: Place, b: Place): boolean {
  return a.tier > b.tier || (a.tier === b.tier && a.id > b.id)
}

const place = z.tuple([z.union([z.int().min(0).max(99), z.string().max(20)]), z.int().min(0), z.string()])

/** Where a page ended, bound to its query and engine: in another, the next page would begin anywhere. */
export function cursorOf(
  [by, id]: readonly [number | string, number],
  query: SearchQuery,
  engine: Engine,
): string {
  return Buffer.from(JSON.stringify([by, id, fingerprint(query, engine)])).toString('base64url')
}

function fingerprint({ text, filters, order }: SearchQuery, engine: Engine): string {
  return createHash('sha256')
    .update(JSON.stringify([engine, text.trim(), ...filterTerms(filters), order ?? '']))
    .digest('base64url')
    .slice(0, 8)
}

function parsed(cursor: string, query: SearchQuery, engine: Engine): { by: number | string; id: number } {
  try {
    const [by, id, made] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (made === fingerprint(query, engine)) return { by, id }
  } catch {
    // Refused below, as one of another query is.
  }
  throw new BadCursor('not a cursor of this search')
}

/** Where a page by relevance ended; throws `BadCursor`. */
export function placeOf(cursor: string, query: SearchQuery, engine: Engine): Place {
  const { by, id } = parsed(cursor, query, engine)
  if (typeof by !== 'number') throw new BadCursor('a cursor of another order')
  return { tier: by, id }
}

/** Where a page in another order ended; throws `BadCursor`. */
export function orderedPlaceOf(
  cursor: string,
  query: SearchQuery,
  engine: Engine,
): { by: string; id: number } {
  const { by, id } = parsed(cursor, query, engine)
  if (typeof by !== 'string') throw new BadCursor('a cursor of another order')
  return { by, id }
}
