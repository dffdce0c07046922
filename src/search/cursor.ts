import { createHash } from 'node:crypto'
import { z } from 'zod'
import { dimensionNames, type SearchFilters } from './dimensions.ts'
import { BadCursor, type SearchQuery } from './engine.ts'

/** Where a page ended: by how its last enterprise answered, what it was ordered by, and where it stands. */
export interface Mark {
  tier: number
  by: number
  place: number
}

const mark = z.tuple([z.int().min(0).max(99), z.number(), z.int().min(0), z.string()])

/** A mark as text, bound to its query: in another, the next page would begin anywhere. */
export function cursorOf({ tier, by, place }: Mark, query: SearchQuery): string {
  return Buffer.from(JSON.stringify([tier, by, place, fingerprint(query)])).toString('base64url')
}

/** The mark that a cursor stands for; throws `BadCursor`. */
export function markOf(cursor: string, query: SearchQuery): Mark {
  try {
    const [tier, by, place, made] = mark.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (made === fingerprint(query)) return { tier, by, place }
  } catch {
    // Refused below, as one of another query is.
  }
  throw new BadCursor('not a cursor of this search')
}

function fingerprint({ text, filters, order }: SearchQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([text.trim(), sorted(filters), order ?? '']))
    .digest('base64url')
    .slice(0, 8)
}

function sorted(filters: SearchFilters): string[][] {
  return dimensionNames.map((name) => [...(filters[name] ?? [])].sort())
}
