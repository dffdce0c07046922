import { listingsAfterEvent } from '../blacklist/consequences.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { ratingsAfterEvent } from '../rating/events.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'

interface Parts {
  views: Views
  catalogue: Catalogue
  now(): Date
}

/**
 * What follows at once from drafts about a file, to be appended with them: listings that end with their penalties,
 * and grades that a listing or a revoked licence lowers.
 */
export function consequencesOf(
  before: Dossier | undefined,
  decided: readonly Draft[],
  { views, catalogue, now }: Parts,
): Draft[] {
  if (!before || decided.length === 0 || (before.ratings.length === 0 && before.cases.length === 0)) return []
  const today = shanghaiDate(now())
  const after = anticipated(before, decided)
  if (!after || after.withdrawn) return []
  const listings = listingsAfterEvent(after, today)
  const settled = listings.length === 0 ? after : anticipated(before, [...decided, ...listings])
  if (!settled) return listings
  return [...listings, ...ratingsAfterEvent(settled, views.standards(), today, catalogue, newId)]
}
