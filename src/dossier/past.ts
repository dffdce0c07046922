import type { CalendarDate } from '../calendar/dates.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import { type Dossier, fold } from './dossier.ts'
import { goneFrom, type PublicFile, publicFace, publicRatings } from './face.ts'

/** A moment of the past: a position in the register or a recorded time. */
export type Moment = { position: number } | { time: string }

function isBy(entry: Entry, moment: Moment): boolean {
  return 'position' in moment ? entry.seq <= moment.position : entry.recordedAt <= moment.time
}

/** The file as the register knew it at a moment. */
export function dossierAt(entries: readonly Entry[], moment: Moment): Dossier | undefined {
  return fold(
    undefined,
    entries.filter((entry) => isBy(entry, moment)),
  )
}

const MENDING = new Set([
  'enterprise.corrected',
  'enterprise.withdrawn',
  'record.corrected',
  'record.withdrawn',
  'rating.revoked',
  'listing.removed',
])

/** What stood at a moment, mended by every later correction and withdrawal. */
export function mendedPast(entries: readonly Entry[], moment: Moment): Dossier | undefined {
  return fold(
    undefined,
    entries.filter((entry) => isBy(entry, moment) || MENDING.has(entry.kind)),
  )
}

/**
 * The file as the public may see its past: what stood on the day, mended by every later correction and withdrawal,
 * and without the records that are no longer public. The past never shows what the present hides.
 */
export function publicPast(
  entries: readonly Entry[],
  moment: Moment,
  on: { day: CalendarDate; today: CalendarDate },
  catalogue: Catalogue,
): PublicFile | undefined {
  const now = fold(undefined, entries)
  const present = now && publicFace(now, on.today, catalogue)
  const mended = mendedPast(entries, moment)
  const past = mended && publicFace(mended, on.day, catalogue)
  if (!mended || !past || !present) return undefined
  const shown = new Set(
    Object.values(present.sections).flatMap((records) => records.map((record) => record.id)),
  )
  const sections = Object.fromEntries(
    Object.entries(past.sections).map(([section, records]) => [
      section,
      records.filter((record) => shown.has(record.id)),
    ]),
  )
  const stillNamed = new Set(
    present.listings.flatMap(({ penalties }) =>
      penalties.map(({ documentNo, decidedOn }) => `${documentNo} ${decidedOn}`),
    ),
  )
  const stillListed = new Set(present.listings.map(({ id }) => id))
  const listings = past.listings
    .filter(({ id }) => stillListed.has(id))
    .map((listing) => ({
      ...listing,
      penalties: listing.penalties.filter(({ documentNo, decidedOn }) =>
        stillNamed.has(`${documentNo} ${decidedOn}`),
      ),
    }))
  const shownThen = new Set([...Object.values(sections).flat(), ...listings].map(({ id }) => id))
  const known = new Set(entries.filter((entry) => isBy(entry, moment)).map(({ seq }) => seq))
  const history = past.history.filter(
    ({ id, kind, position }) =>
      known.has(position) && (id === undefined || shownThen.has(id) || kind.startsWith('rating.')),
  )
  const position = history.at(-1)?.position ?? past.position
  return {
    ...past,
    sections,
    listings,
    objections: past.objections.filter(({ about }) => shownThen.has(about.id)),
    ratings: publicRatings(mended, shownThen, goneFrom(now, on.today, catalogue)).filter(({ id }) =>
      present.ratings.some((known) => known.id === id),
    ),
    history,
    revision: position,
    position,
  }
}
