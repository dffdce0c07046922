import { createHash } from 'node:crypto'
import { z } from 'zod'
import { BadCursor, type SearchQuery } from './engine.ts'
import { filterTerms } from './tokens.ts'

/** A place in the order of relevance. */
export interface Place {
  tier: number
  id: number
}

const place = z.tuple([z.union([z.int().min(0).max(99), z.string().max(20)]), z.int().min(0), z.string()])

/** Where a page ended, bound to its query: in another, the next page would begin anywhere. */
export function cursorOf([by, id]: readonly [number | string, number], query: SearchQuery): string {
  return Buffer.from(JSON.stringify([by, id, fingerprint(query)])).toString('base64url')
}

function fingerprint({ text, filters, order }: SearchQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([text.trim(), ...filterTerms(filters), order ?? '']))
    .digest('base64url')
    .slice(0, 8)
}

function parsed(cursor: string, query: SearchQuery): { by: number | string; id: number } {
  try {
    const [by, id, made] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (made === fingerprint(query)) return { by, id }
  } catch {
    // Refused below, as one of another query is.
  }
  throw new BadCursor('not a cursor of this search')
}

/** Where a page by relevance ended; throws `BadCursor`. */
export function placeOf(cursor: string, query: SearchQuery): Place {
  const { by, id } = parsed(cursor, query)
  if (typeof by !== 'number') throw new BadCursor('a cursor of another order')
  return { tier: by, id }
}

/** Where a page in another order ended; throws `BadCursor`. */
export function orderedPlaceOf(cursor: string, query: SearchQuery): { by: string; id: number } {
  const { by, id } = parsed(cursor, query)
  if (typeof by !== 'string') throw new BadCursor('a cursor of another order')
  return { by, id }
}
