import type { CalendarDate } from '../calendar/dates.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import { basisOf } from './case.ts'
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

/** Revisions of a file in stretches, each from its first to its last, in order. */
export type Stretches = readonly (readonly [first: number, last: number])[]

/**
 * What the public's answers about a file rest on beside its face, by revisions: kept with each file, so that nothing else is read for
 * them. It changes with what the public sees today, and with nothing else.
 */
export interface PublicGround {
  /** What ratings of it rest on and that stands no more (`goneFrom`). */
  gone: readonly string[]
  /** Entries that tell of what shows, or did. */
  told: Stretches
  /** Entries that its ratings are computed again from. */
  rated: Stretches
  /** Of records whose decision can be read: the entries of both. */
  texts: Readonly<Record<string, Stretches>>
}

/** What the public's answers about a file rest on, on a day. */
export function publicGround(now: Dossier, today: CalendarDate, catalogue: Catalogue): PublicGround {
  const named = new Set(
    now.ratings.flatMap(({ items, limits }) => [...items, ...limits].flatMap(({ records }) => records)),
  )
  const gone = named.size === 0 ? [] : Array.from(goneFrom(now, today, catalogue))
  return {
    gone: gone.filter((id) => named.has(id)),
    ...entriesOf(now, named, today, catalogue),
  }
}

function inStretches(revisions: readonly number[]): Stretches {
  const found: [number, number][] = []
  for (const revision of revisions) {
    const last = found.at(-1)
    if (last && last[1] === revision - 1) last[1] = revision
    else found.push([revision, revision])
  }
  return found
}

/** Whether a record that stands is public on a day, or was. */
function wasPublic({ type, data, withdrawn }: FileRecord, on: CalendarDate, catalogue: Catalogue): boolean {
  const publication = withdrawn ? undefined : catalogue.kind(type)?.publication(data)
  return publication?.public === true && publication.from <= on
}

/**
 * The entries that the public's answers rest on: what the past of a file says today of the firm, of the records that show or did, of the
 * listings that were published, of what else stands beside these; for its ratings, records that these name whoever sees them. All others
 * change nothing of it: how many they are is not to show in how long it takes.
 */
function entriesOf(
  now: Dossier,
  named: ReadonlySet<string>,
  today: CalendarDate,
  catalogue: Catalogue,
): Omit<PublicGround, 'gone'> {
  const { records, cases, objections, retractions = [], events, decisionTexts = [] } = now
  const listed = cases.filter(({ published }) => published)
  const told = new Set([
    ...records.filter((record) => wasPublic(record, today, catalogue)).map(({ id }) => id),
    // What a listing names, and what a publication was taken back of, shows no longer by itself.
    ...listed.flatMap(basisOf),
    ...retractions.map(({ id }) => id),
  ])
  const ids = new Set([...told, ...listed.map(({ id }) => id)])
  for (const { id, about } of objections) if (ids.has(about.id)) ids.add(id)
  const approved = new Map(
    decisionTexts
      .filter(({ status, record }) => status === 'approved' && told.has(record))
      .map((own) => [own.record, own]),
  )
  const steps = new Set<string>()
  const texts = new Map(Array.from(approved.keys(), (id): [string, number[]] => [id, []]))
  const types = new Map(records.map(({ id, type }) => [id, type]))
  const isTold = (event: FileEvent) => {
    const { kind, id = '', at } = event
    if (isOf(kind, 'enterprise', 'rating')) return tellsPublicly(event, undefined, catalogue)
    if (isOf(kind, 'record')) return told.has(id) && tellsPublicly(event, types.get(id), catalogue)
    // Of a decision's texts the one that may be read, and its review.
    if (isOf(kind, 'document')) {
      const text = approved.get(id)
      const isIts = at === (kind === 'document.attached' ? text?.attached.at : text?.reviewed?.at)
      const step = `${kind} ${id}`
      if (!isIts || steps.has(step)) return false
      steps.add(step)
      return true
    }
    return isOf(kind, 'listing', 'objection') && !ASIDE.test(kind) && ids.has(id)
  }
  // That what a rating names is there no more is told by the erasures.
  const there = new Set([...records, ...cases].map(({ id }) => id))
  const isErased = Array.from(named).some((id) => !there.has(id))
  const lastRated = events.findLast(({ kind }) => isOf(kind, 'rating'))?.position ?? 0
  const [toldAt, ratedAt]: [number[], number[]] = [[], []]
  for (const event of events) {
    const { kind, id = '', position, revision } = event
    const tells = isTold(event)
    if (tells) toldAt.push(revision)
    // A rating may count what of a record nobody else sees.
    const counts = tells || (isOf(kind, 'record') && (named.has(id) || told.has(id)))
    if ((counts && position <= lastRated) || (isErased && kind === 'payload.erased')) ratedAt.push(revision)
    if (isOf(kind, 'record') || (tells && isOf(kind, 'document'))) texts.get(id)?.push(revision)
  }
  return {
    told: inStretches(toldAt),
    rated: inStretches(ratedAt),
    texts: Object.fromEntries(Array.from(texts, ([id, own]) => [id, inStretches(own)])),
  }
}

/** What happens to a listing that stands and changes nothing of what is shown of it. */
const ASIDE = /^listing\.(repair|affirmed)/

function isOf(kind: string, ...families: readonly string[]): boolean {
  return families.includes(kind.slice(0, kind.indexOf('.')))
}

/**
 * The file as the public may see its past: what stood on the day, mended by every later correction and withdrawal,
 * and without the records that are no longer public. The past never shows what the present hides. `present` is what they see today,
 * `entries` are those that tell of it by the ground, or more.
 */
export function publicPast(
  present: PublicFile,
  { gone }: Pick<PublicGround, 'gone'>,
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
    ratings: publicRatings(mended, shownThen, new Set(gone), catalogue).filter(({ id }) =>
      present.ratings.some((known) => known.id === id),
    ),
    history,
    revision: position,
    position,
  }
}
