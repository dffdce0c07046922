import type { CalendarDate } from '../calendar/dates.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import { basisOf, lastText } from './case.ts'
import { type Dossier, type FileEvent, type FileRecord, fold } from './dossier.ts'
import { goneFrom, type PublicFile, publicFace, publicRatings, tellsPublicly } from './face.ts'

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

/** What the public's past of a file is told by: it changes with what the public sees today, and with nothing else. */
export interface PublicGround {
  /** What the public sees today. */
  present: PublicFile
  /** What stands no more (`goneFrom`). */
  gone: ReadonlySet<string>
  /** Revisions of the entries that tell of it, in order. */
  revisions: readonly number[]
}

/** What the public's past of a file is told by today; undefined for a withdrawn one. */
export function publicGround(
  now: Dossier,
  today: CalendarDate,
  catalogue: Catalogue,
): PublicGround | undefined {
  const present = publicFace(now, today, catalogue)
  if (!present) return undefined
  const gone = goneFrom(now, today, catalogue)
  return { present, gone, revisions: publicRevisions(now, today, catalogue) }
}

/** Whether a record that stands is public on a day, or was. */
function wasPublic({ type, data, withdrawn }: FileRecord, on: CalendarDate, catalogue: Catalogue): boolean {
  const publication = withdrawn ? undefined : catalogue.kind(type)?.publication(data)
  return publication?.public === true && publication.from <= on
}

/**
 * Revisions of the entries that the public's past of a file rests on, in order: what it says today of the firm, of the records that
 * show or did, of the listings that were published, of what else stands beside these. All others change nothing of it: how many they are is
 * not to show in how long it takes.
 */
function publicRevisions(now: Dossier, today: CalendarDate, catalogue: Catalogue): number[] {
  const { records, cases, objections, retractions = [], events } = now
  const listed = cases.filter(({ published }) => published)
  const told = new Set([
    ...records.filter((record) => wasPublic(record, today, catalogue)).map(({ id }) => id),
    // What a listing names, and what a publication was taken back of, shows no longer by itself.
    ...listed.flatMap(basisOf),
    ...retractions.map(({ id }) => id),
  ])
  const ids = new Set([...told, ...listed.map(({ id }) => id)])
  for (const { id, about } of objections) if (ids.has(about.id)) ids.add(id)
  const texted = new Set([...told].filter((id) => lastText(now, id, 'approved')))
  const types = new Map(records.map(({ id, type }) => [id, type]))
  const isOf = (event: FileEvent) => {
    const { kind, id = '' } = event
    if (/^(enterprise|rating)\./.test(kind)) return tellsPublicly(event, undefined, catalogue)
    if (kind.startsWith('record.')) return told.has(id) && tellsPublicly(event, types.get(id), catalogue)
    if (kind.startsWith('document.')) return texted.has(id)
    return /^(listing|objection)\./.test(kind) && ids.has(id)
  }
  return events.filter(isOf).map(({ revision }) => revision)
}

/**
 * The file as the public may see its past: what stood on the day, mended by every later correction and withdrawal,
 * and without the records that are no longer public. The past never shows what the present hides. `entries` are those that its ground
 * names, or more.
 */
export function publicPast(
  { present, gone }: PublicGround,
  entries: readonly Entry[],
  moment: Moment,
  day: CalendarDate,
  catalogue: Catalogue,
): PublicFile | undefined {
  const mended = mendedPast(entries, moment)
  const past = mended && publicFace(mended, day, catalogue)
  if (!mended || !past) return undefined
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
    ratings: publicRatings(mended, shownThen, gone).filter(({ id }) =>
      present.ratings.some((known) => known.id === id),
    ),
    history,
    revision: position,
    position,
  }
}
