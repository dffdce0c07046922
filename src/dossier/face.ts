import { addMonths, type CalendarDate } from '../calendar/dates.ts'
import { isOrganisationCode } from '../codes/organisation-code.ts'
import { region } from '../codes/regions.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../records/catalogue.ts'
import { isOver, type RecordData, type RecordKind } from '../records/kind.ts'
import { penalty } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { type Audience, openness, type Period, seenData, seesField } from '../records/sight.ts'
import { sameFrom } from './alike.ts'
import {
  basisOf,
  type Case,
  casesChangeOn,
  type EarlyEnd,
  isInForce,
  lastText,
  type Objection,
} from './case.ts'
import {
  type Correction,
  type Dossier,
  type FileEvent,
  type FileRating,
  type FileRecord,
  type Note,
  ratingInForce,
  regionOf,
  type UnknownEntry,
} from './dossier.ts'
import { ANY_DAY, joined, partJson, perBlock, perRecord, recordWith } from './per-record.ts'
import { AWAITED } from './punishments.ts'
import { ALL, eventsSeen, revisionSeen, type Seen, toldEvent } from './seen.ts'

export interface Warning {
  code: 'embedded-code' | 'shared-organisation-code'
  detail: string
}

/** What both readers of a file see; record lists stand beside these under their sections' names. */
interface FileHead {
  /** Key of the file: its organisation code, or its unified code where two enterprises share the former. */
  orgCode: string
  uscc: string | null
  revision: number
  position: number
  enterprise: EnterpriseLines
  warnings: Warning[]
  /** What was recorded when, oldest first. */
  history: FileEvent[]
}

export interface EnterpriseLines extends RecordData {
  formerNames: string[]
  regionName?: string
}

export interface PublicRecord {
  id: string
  type: string
  data: RecordData
  recordedAt: string
  updatedAt?: string
  correctedAt?: string
  publication: Period
  /** That the decision itself can be read beside the summary. */
  hasText?: true
}

export interface OfficerRecord {
  id: string
  type: string
  data: RecordData
  recordedAt: string
  updatedAt?: string
  corrections: Correction[]
  withdrawn?: { at: string; reason: string }
  publication: ReturnType<RecordKind['publication']>
  /** What it lacks for its rules to be applied, in words; absent where it is complete. */
  incomplete?: string[]
}

/** A listing in force as anyone may see it; statements, drafts and evidence stay inside. */
export interface PublicListing {
  id: string
  ground: string
  basis: string
  penalties: { documentNo: string; decidedOn: string; authority: string }[]
  decisionNo: string
  decidedOn: CalendarDate
  authority: string
  from: CalendarDate
  until: CalendarDate | null
  publishedAt: string
  measures: string[]
  repair: { from: CalendarDate; how: string; conditions: string[] }
  /** Whether an objection to it stands open. */
  objectionOpen: boolean
}

/** An objection that stands open, without its grounds. */
export interface PublicObjection {
  about: { kind: 'record' | 'rating' | 'case'; id: string }
  on: CalendarDate
}

/** A publication that was taken back (撤回公示), as anyone may see it: what kind, when and why, nothing of what it said. */
export interface PublicRetraction {
  type: string
  label: string
  on: CalendarDate
  reason: string
}

/** A rating as anyone may see it: what rests on records that are not public is summed up without a word of them. */
export interface PublicRating {
  id: string
  standard: FileRating['standard']
  on: CalendarDate
  position: number
  issuedAt: string
  authority: string
  inForce: boolean
  grade: string | null
  points: number
  items: FileRating['items']
  limits: FileRating['limits']
  /** Points of records that are not public yet, or never are; absent when there are none. */
  unpublished?: { points: number; limited: boolean }
  next?: FileRating['next']
  reason?: string
  adjusted?: FileRating['adjusted']
  campaign?: string
  revokedAt?: string
}

/** A file as anyone may see it. Public routes take this type alone, so that no private field can slip through. */
export type PublicFile = FileHead & {
  audience: 'public'
  sections: Record<string, PublicRecord[]>
  ratings: PublicRating[]
  listings: PublicListing[]
  objections: PublicObjection[]
  retractions: PublicRetraction[]
}

/** A file as officers see it. */
export type OfficerFile = FileHead & {
  audience: 'officers'
  sections: Record<string, OfficerRecord[]>
  corrections: Correction[]
  ratings: (FileRating & { inForce: boolean })[]
  /** Cases, whole: one's own authority's and those below. */
  listings: Case[]
  /** What the public sees of the listings in force, whosever they are. */
  listed: PublicListing[]
  objections: Objection[]
  earlyEnds: EarlyEnd[]
  notes: Note[]
  /** Warnings that an officer has looked into, by their codes. */
  settledWarnings: NonNullable<Dossier['settledWarnings']>
  /** What another version of the program has written and this one does not know. */
  unknown: { entries: UnknownEntry[]; records: FileRecord[] }
}

/**
 * What the public may see of a file on a day: published, not yet expired, not withdrawn, no internal field.
 * Undefined for a withdrawn file. `position` is that of the last entry that shows, and its `revision` too: numbers that
 * count the entries of a file would tell how many do not show. `before` is what they saw an entry ago, if that is at hand:
 * it changes nothing of the face, but what it shows already need not be looked at again.
 */
export function publicFace(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
  before?: PublicFile,
): PublicFile | undefined {
  if (dossier.withdrawn) return undefined
  const face =
    (before && movedFace(dossier, on, catalogue, before)) ?? wholeFace(dossier, on, catalogue, before)
  cutFrom.set(face, { dossier, on, catalogue })
  return face
}

/** What each face was cut from. */
const cutFrom = new WeakMap<PublicFile, { dossier: Dossier; on: CalendarDate; catalogue: Catalogue }>()

/** What of a dossier may be another for its face to be told by what has moved: of all else it is told anew. */
const MOVES: ReadonlySet<string> = new Set([
  ...['records', 'events', 'revision', 'position', 'enterprise', 'formerNames', 'corrections', 'rows'],
  ...['cases', 'objections', 'ratings', 'earlyEnds', 'retractions'],
  ...['proposals', 'notes', 'queries'],
])

/**
 * The face of a file told by what has moved in it: what a write costs is not to grow with the file. Undefined where something else is
 * another, or where what was told before shows that did not, or no more.
 */
function movedFace(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
  before: PublicFile,
): PublicFile | undefined {
  const cut = cutFrom.get(before)
  if (!cut || cut.on !== on || cut.catalogue !== catalogue) return undefined
  const { records, events } = dossier
  const was = cut.dossier
  const parts = new Map(Object.entries(was))
  const now = Object.entries(dossier)
  if (now.length !== parts.size || now.some(([part, value]) => !MOVES.has(part) && parts.get(part) !== value))
    return undefined
  if (records.length < was.records.length || sameFrom(was.events, events) < was.events.length)
    return undefined
  const [listed, listedBefore] = [inForceOn(dossier, on), inForceOn(was, on)]
  if (Array.from(listedBefore).some((id) => !listed.has(id))) return undefined
  const [come, gone] = [new Set<string>(), new Set<string>()]
  const sections = { ...before.sections }
  for (const record of otherThan(was.records, records)) {
    const earlier = recordWith(was.records, record.id)
    const kind = catalogue.kind(record.type)
    if (!kind) continue
    const [seen, seenBefore] = [publicRecord(record, kind, on), earlier && publicRecord(earlier, kind, on)]
    if (seen && !seenBefore) come.add(record.id)
    if (seenBefore && !seen) gone.add(record.id)
    if (seen || seenBefore)
      sections[kind.section] = withRecord(
        sections[kind.section] ?? [],
        kind,
        seenBefore,
        seen && withText(dossier, seen),
      )
  }
  // What was told of a record while it did not show, shows with it.
  for (const id of listed) if (!listedBefore.has(id)) come.add(id)
  if (come.size > 0 && was.events.some(({ id = '' }) => come.has(id))) return undefined
  const shown = {
    get(id: string) {
      const record = recordWith(records, id)
      const kind = record && catalogue.kind(record.type)
      return record && kind && publicRecord(record, kind, on) ? kind : undefined
    },
  }
  const told = events
    .slice(was.events.length)
    .filter((event) => showsPublicly(event, shown, listed))
    .map(toldEvent)
  const kept = gone.size === 0 ? before.history : before.history.filter(({ id = '' }) => !gone.has(id))
  const history = told.length === 0 ? kept : [...kept, ...told]
  const position = history.at(-1)?.position ?? dossier.position
  return {
    ...before,
    revision: position,
    position,
    enterprise: sameLines(was, dossier) ? before.enterprise : linesSeen(dossier),
    sections,
    history,
    ...restingOnRecords(dossier, on, catalogue),
  }
}

/** Whether what is shown of the firm itself is made of the same. */
function sameLines(one: Dossier, other: Dossier): boolean {
  return one.enterprise === other.enterprise && one.formerNames === other.formerNames
}

/** The firm as anyone may see it. */
function linesSeen(dossier: Dossier): EnterpriseLines {
  return lines(seenData(enterpriseKind, dossier.enterprise, 'public', true), dossier)
}

/** Ids of the cases that stand on the list on a day. */
function inForceOn({ cases }: Dossier, on: CalendarDate): Set<string> {
  return new Set(cases.filter((own) => isInForce(own, on)).map(({ id }) => id))
}

/** What of a file's face rests on records of it, told by those that it names alone. */
function restingOnRecords(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
): Pick<PublicFile, 'ratings' | 'listings' | 'objections' | 'retractions'> {
  const ratings = publicRatingsOn(dossier, on, catalogue)
  return {
    ratings,
    listings: publicListings(dossier, on),
    objections: publicObjections(dossier, knownOn(dossier, on, catalogue), ratings),
    retractions: publicRetractions(dossier, on, catalogue),
  }
}

/** The ratings of a file as anyone may see them on a day. */
export function publicRatingsOn(dossier: Dossier, on: CalendarDate, catalogue: Catalogue): PublicRating[] {
  if (dossier.ratings.length === 0) return []
  return publicRatings(dossier, knownOn(dossier, on, catalogue), goneFrom(dossier, on, catalogue), catalogue)
}

/** What may be shown on a day: few of a file's records are asked for. */
function knownOn(dossier: Dossier, on: CalendarDate, catalogue: Catalogue): Known {
  const { records } = dossier
  const inForce = inForceOn(dossier, on)
  return {
    has(id) {
      const record = recordWith(records, id)
      return inForce.has(id) || (record !== undefined && isPublicOn(record, on, catalogue))
    },
  }
}

/** A record with that the decision itself can be read beside it, where it can. */
function withText(dossier: Dossier, seen: PublicRecord): PublicRecord {
  return lastText(dossier, seen.id, 'approved') ? { ...seen, hasText: true } : seen
}

/** Where a record stands in a list: as it is, or with what is told beside it. */
function placeIn(known: readonly PublicRecord[], record: PublicRecord): number {
  const place = known.indexOf(record)
  return place >= 0 ? place : known.findIndex(({ id }) => id === record.id)
}

/** The records that are other ones than those before, in their places. */
function otherThan(before: readonly FileRecord[], records: readonly FileRecord[]): FileRecord[] {
  const others: FileRecord[] = []
  for (let i = sameFrom(before, records); i < records.length; i += 1) {
    const record = records[i]
    if (record && record !== before[i]) others.push(record)
  }
  return others
}

/** A list of records, the newest first, with what one of them is now in its place; without it where it does not show. */
function withRecord(
  known: readonly PublicRecord[],
  kind: RecordKind,
  before: PublicRecord | undefined,
  after: PublicRecord | undefined,
): PublicRecord[] {
  const was = before ? placeIn(known, before) : -1
  const others = was < 0 ? known.slice() : known.toSpliced(was, 1)
  if (!after) return others
  let [place, end] = [0, others.length]
  while (place < end) {
    const middle = Math.floor((place + end) / 2)
    const other = others[middle]
    if (other && comesBefore(other, after, kind)) place = middle + 1
    else end = middle
  }
  return others.toSpliced(place, 0, after)
}

function wholeFace(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
  before: PublicFile | undefined,
): PublicFile {
  const sections: Record<string, PublicRecord[]> = {}
  const shown = new Map<string, RecordKind>()
  const byKind = new Map(catalogue.kinds.map((kind): [RecordKind, PublicRecord[]] => [kind, []]))
  for (const block of publicRecords(dossier.records, on, catalogue))
    for (const { seen, kind } of block) {
      shown.set(seen.id, kind)
      byKind.get(kind)?.push(withText(dossier, seen))
    }
  for (const [kind, records] of byKind)
    sections[kind.section] = newestFirst(records, kind, before?.sections[kind.section])
  const listed = inForceOn(dossier, on)
  const history = dossier.events.filter((event) => showsPublicly(event, shown, listed)).map(toldEvent)
  const position = history.at(-1)?.position ?? dossier.position
  return {
    audience: 'public',
    orgCode: dossier.key,
    uscc: dossier.uscc ?? null,
    revision: position,
    position,
    enterprise: linesSeen(dossier),
    sections,
    ...restingOnRecords(dossier, on, catalogue),
    warnings: warningsOf(dossier),
    history,
  }
}

function publicListings(dossier: Dossier, on: CalendarDate): PublicListing[] {
  return dossier.cases.filter((own) => isInForce(own, on)).flatMap((own) => publicListing(dossier, own) ?? [])
}

/** A listing that is in force, as anyone may see it. */
export function publicListing(dossier: Dossier, own: Case): PublicListing | undefined {
  const { id, decided, published } = own
  if (!decided?.listing || !published) return undefined
  const { decisionNo, decidedOn, author, measures, listing } = decided
  return {
    id,
    ground: listing.ground,
    basis: listing.basis,
    penalties: penalty
      .in(dossier)
      .filter((record) => basisOf(own).includes(record.id) && penalty.publication(record.data).public)
      .map(({ data }) => ({
        documentNo: data.documentNo,
        decidedOn: data.decidedOn,
        authority: data.authority,
      })),
    decisionNo,
    decidedOn,
    authority: author.authority,
    from: published.from,
    until: published.until ?? null,
    publishedAt: published.at,
    measures,
    repair: listing.repair,
    objectionOpen: dossier.objections.some((objection) => objection.about.id === id && !objection.settled),
  }
}

/** Open objections to what the public sees. */
function publicObjections(
  { objections }: Dossier,
  known: Known,
  ratings: readonly PublicRating[],
): PublicObjection[] {
  return objections
    .filter(
      ({ about, settled }) => !settled && (known.has(about.id) || ratings.some(({ id }) => id === about.id)),
    )
    .map(({ about, on }) => ({ about, on }))
}

/** What may be shown, by id. */
type Known = Pick<ReadonlySet<string>, 'has'>

/** How long the line about a publication that was taken back stays. */
function retractionEnd(on: CalendarDate): CalendarDate {
  return addMonths(on, publicationRules.retractionMonths.value)
}

function publicRetractions(
  { records, retractions = [] }: Dossier,
  today: CalendarDate,
  catalogue: Catalogue,
): PublicRetraction[] {
  // What is public again was taken back in error: to say that its decision had been annulled would be untrue.
  const isBack = (id: string) => {
    const record = recordWith(records, id)
    return record !== undefined && isPublicOn(record, today, catalogue)
  }
  return retractions
    .filter(({ id, on }) => today < retractionEnd(on) && !isBack(id))
    .map(({ type, on, reason }) => ({ type, label: catalogue.kind(type)?.label ?? type, on, reason }))
}

/**
 * Records and cases that stand no more, whose publication has ended or was taken back, or that were erased whole: nothing public
 * may rest on them.
 */
export function goneFrom(dossier: Dossier, on: CalendarDate, catalogue: Catalogue): ReadonlySet<string> {
  const { records, cases, ratings } = dossier
  const held = new Set(cases.map(({ id }) => id))
  const erased = ratings.flatMap((rating) =>
    partsOf(rating).flatMap((part) =>
      part.records.filter((id) => !held.has(id) && recordWith(records, id) === undefined),
    ),
  )
  return new Set([
    ...[
      ...goneRecords(records, on, catalogue).flat(),
      ...cases.filter(({ removed, status }) => removed || status === 'suspended'),
    ].map(({ id }) => id),
    ...erased,
  ])
}

const goneRecords = perBlock((records, on: CalendarDate, catalogue: Catalogue) =>
  records.filter(({ type, data, withdrawn }) => {
    const kind = catalogue.kind(type)
    return withdrawn || (kind && isOver(kind.publication(data), on))
  }),
)

/** What a rating rests on: its items and limits, with the records that each names. */
const partsOf = ({ items, limits }: FileRating) => [...items, ...limits]

/**
 * Tells of ratings whether what they counted was corrected since to something else: a date, a sum, a term; a text where the
 * rating that followed counts the record in other parts. A slip that was mended in a text changes no rating.
 */
function restatedIn(dossier: Dossier, catalogue: Catalogue): (rating: FileRating) => boolean {
  const corrections = dossier.events.filter(({ kind }) => kind === 'record.corrected')
  return (rating) => {
    const partsNaming = (id: string | undefined, of: FileRating) =>
      partsOf(of)
        .flatMap((part) => (part.records.some((record) => record === id) ? part.id : []))
        .join()
    return corrections.some(({ id, position, fields = [] }) => {
      const named = position > rating.position ? partsNaming(id, rating) : ''
      const type = named === '' ? undefined : recordWith(dossier.records, id ?? '')?.type
      const kind = type === undefined ? undefined : catalogue.kind(type)
      if (!kind) return false
      if (fields.some((name) => kind.columns.some((own) => own.field === name && own.type !== 'text')))
        return true
      const next = dossier.ratings.find(
        (own) => own.standard.id === rating.standard.id && own.position >= position,
      )
      return next !== undefined && partsNaming(id, next) !== named
    })
  }
}

/**
 * Ratings, the latest first, told by the records that may be shown. One that is in force no more and rested on what is
 * gone, or said something else until it was corrected, is gone with it: its grade would tell of it.
 */
export function publicRatings(
  dossier: Dossier,
  shown: Known,
  gone: ReadonlySet<string>,
  catalogue: Catalogue,
): PublicRating[] {
  const isRestated = restatedIn(dossier, catalogue)
  const isGone = (rating: FileRating) =>
    partsOf(rating).some(({ records }) => records.some((id) => gone.has(id))) || isRestated(rating)
  return dossier.ratings
    .filter((rating) => rating.revoked || isRatingInForce(dossier, rating) || !isGone(rating))
    .map((rating): PublicRating => {
      const { id, standard, on, position, issuedAt, authority, grade, points, revoked, campaign } = rating
      const head = { id, standard, on, position, issuedAt, authority, grade, points }
      const from = { inForce: isRatingInForce(dossier, rating), ...(campaign !== undefined && { campaign }) }
      if (revoked) return { ...head, ...from, items: [], limits: [], revokedAt: revoked.at }
      const isShown = (records: readonly string[]) => records.every((record) => shown.has(record))
      const items = rating.items.filter(({ records }) => isShown(records))
      const limits = rating.limits.flatMap((limit) => {
        if (isShown(limit.records)) return limit
        return limit.id === AWAITED.id
          ? { ...limit, records: limit.records.filter((record) => shown.has(record)) }
          : []
      })
      const isTold = ({ records }: { records: readonly string[] }) =>
        !isShown(records) && !records.some((id) => gone.has(id))
      const hidden = rating.items.filter(isTold)
      const limited = rating.limits.some(isTold)
      const isWhole = items.length === rating.items.length && limits.length === rating.limits.length
      const { next, reason, adjusted } = rating
      return {
        ...head,
        ...from,
        items,
        limits,
        ...((hidden.length > 0 || limited) && {
          unpublished: { points: hidden.reduce((sum, item) => sum + item.points, 0), limited },
        }),
        ...(next && isWhole && { next }),
        ...(reason !== undefined && limits.length === rating.limits.length && { reason }),
        ...(adjusted && { adjusted }),
      }
    })
    .reverse()
}

function isRatingInForce(dossier: Dossier, rating: FileRating): boolean {
  return ratingInForce(dossier, rating.standard.id) === rating
}

/**
 * The whole file, internal fields, reasons and withdrawals included, but for what whoever looks may not see: of the cases of
 * others they see what the public sees. It is numbered as `revisionSeen` says.
 */
export function officerFile(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
  seen: Seen = ALL,
): OfficerFile {
  const { isAll, hidden } = seen
  const revision = revisionSeen(dossier, seen)
  const sections: Record<string, OfficerRecord[]> = {}
  for (const kind of catalogue.kinds) {
    const records = dossier.records.filter((record) => record.type === kind.type)
    sections[kind.section] = newestFirst(
      records.map((record) => officerRecord(record, kind, on)),
      kind,
    )
  }
  return {
    audience: 'officers',
    orgCode: dossier.key,
    uscc: dossier.uscc ?? null,
    revision,
    position: isAll ? dossier.position : revision,
    enterprise: lines(dossier.enterprise, dossier),
    sections,
    warnings: warningsOf(dossier),
    history: eventsSeen(dossier, seen, on),
    corrections: dossier.corrections,
    listings: dossier.cases.filter(({ id }) => !hidden.has(id)),
    listed: publicListings(dossier, on),
    objections: dossier.objections.filter(({ id }) => !hidden.has(id)),
    earlyEnds: dossier.earlyEnds,
    notes: dossier.notes ?? [],
    settledWarnings: dossier.settledWarnings ?? {},
    unknown: {
      entries: dossier.unknown ?? [],
      records: dossier.records.filter(({ type }) => !catalogue.kind(type)),
    },
    ratings: dossier.ratings
      .map((rating) => ({ ...rating, inForce: isRatingInForce(dossier, rating) }))
      .reverse(),
  }
}

const officerRecord = perRecord(
  (record, kind, on): OfficerRecord => ({
    ...incomplete(record, kind),
    id: record.id,
    type: record.type,
    data: record.withdrawn ? {} : readOn(record, kind, on),
    recordedAt: record.addedAt,
    ...(record.updatedAt !== undefined && { updatedAt: record.updatedAt }),
    corrections: record.corrections,
    ...(record.withdrawn && { withdrawn: record.withdrawn }),
    publication: record.withdrawn ? { public: false, rule: '已撤回' } : kind.publication(record.data),
  }),
)

function incomplete({ data, withdrawn }: FileRecord, kind: RecordKind): { incomplete?: string[] } {
  const missing = withdrawn ? [] : kind.missing(data).map(({ detail }) => detail)
  return missing.length > 0 ? { incomplete: missing } : {}
}

/** A file in the shape that the API gives: sections side by side with the head. */
export function fileJson(file: PublicFile | OfficerFile): string {
  const { audience, sections, warnings, history, ...head } = file
  return JSON.stringify({ ...head, ...sections, warnings, history, audience })
}

/** Whether two faces of a file say the same, but for the entry that they stand at. */
export function isSameFace(one: PublicFile | undefined, other: PublicFile | undefined): boolean {
  if (!one || !other) return one === other
  const { sections, history, revision: _, position: __, ...head } = one
  const {
    sections: otherSections,
    history: otherHistory,
    revision: ___,
    position: ____,
    ...otherHead
  } = other
  const names = Object.keys(sections)
  return (
    names.length === Object.keys(otherSections).length &&
    names.every((name) => areSame(sections[name] ?? [], otherSections[name] ?? [])) &&
    areSame(history, otherHistory) &&
    JSON.stringify(head) === JSON.stringify(otherHead)
  )
}

/** Most parts of a face are the very ones that were there before. */
function areSame(one: readonly object[], other: readonly object[]): boolean {
  if (one.length !== other.length) return false
  for (let i = sameFrom(one, other); i < one.length; i += 1) {
    const part = one[i]
    const own = other[i]
    if (part !== own && !(part && own && partJson(part) === partJson(own))) return false
  }
  return true
}

/** What `fileJson` made of a public file, as data again. */
export function publicFileOf(json: string, catalogue: Catalogue): PublicFile {
  // The views wrote it from a `PublicFile`, so it is not checked again.
  const { sections: _, ...flat }: PublicFile & Record<string, PublicRecord[]> = JSON.parse(json)
  return {
    ...flat,
    sections: Object.fromEntries(catalogue.kinds.map(({ section }) => [section, flat[section] ?? []])),
  }
}

/** The next day after `on` on which the public face changes by itself; undefined when it stays. */
export function faceChangesOn(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
): CalendarDate | undefined {
  const ofRecords = joined(recordsChangeOn(dossier.records, on, catalogue))
  const told = transitionsOfRetractions(dossier).flatMap((one) => (one.on > on ? one.on : []))
  // What is due for a case or a rating stays due until it is done.
  const due = [casesChangeOn(dossier) ?? [], ratingsChangeOn(dossier)].flat()
  let first: CalendarDate | undefined
  for (const days of [ofRecords, told, due])
    for (const day of days) if (first === undefined || day < first) first = day
  return first
}

/** The next day after one on which time changes what the public sees of some records; none where they stay. */
const recordsChangeOn = perBlock((records, on: CalendarDate, catalogue: Catalogue) =>
  records
    .flatMap((record) => {
      const kind = record.withdrawn ? undefined : catalogue.kind(record.type)
      return kind ? transitionsOf(record, kind, ANY_DAY) : []
    })
    .flatMap((transition) => (transition.on > on ? transition.on : []))
    .sort()
    .slice(0, 1),
)

/** The days on which ratings in force are due to be given anew, as a limit of theirs ends. */
function ratingsChangeOn(dossier: Dossier): CalendarDate[] {
  return dossier.ratings
    .filter((rating) => isRatingInForce(dossier, rating))
    .flatMap(({ limitedUntil }) => limitedUntil ?? [])
}

export interface Transition {
  id: string
  kind: 'record.published' | 'record.unpublished' | 'record.expired'
  on: CalendarDate
}

/** What time does to a file's public face, past and to come. */
export function transitions(dossier: Dossier, catalogue: Catalogue): Transition[] {
  const ofRecords = dossier.records.flatMap((record) => {
    const kind = catalogue.kind(record.type)
    return kind && !record.withdrawn ? transitionsOf(record, kind, ANY_DAY) : []
  })
  return [...ofRecords, ...transitionsOfRetractions(dossier)]
}

function transitionsOfRetractions({ retractions = [] }: Dossier): Transition[] {
  return retractions.map(({ id, on }) => ({ id, kind: 'record.unpublished', on: retractionEnd(on) }))
}

const transitionsOf = perRecord(({ id, data }, kind): readonly Transition[] => {
  const publication = kind.publication(data)
  if (!publication.public) return []
  const { from, until } = publication
  if (until !== undefined && until <= from) return []
  const expiry = kind.readOn(data, from).nextOn
  const found: Transition[] = [{ id, kind: 'record.published', on: from }]
  if (until !== undefined) found.push({ id, kind: 'record.unpublished', on: until })
  if (expiry !== undefined && (until === undefined || expiry < until))
    found.push({ id, kind: 'record.expired', on: expiry })
  return found
})

/** How far a record is open on a day; undefined for one that is withdrawn, or never public, or public no more. */
export const opennessOn = perRecord(
  (record, kind, on): ReturnType<typeof openness> =>
    record.withdrawn ? undefined : openness(kind, record.data, on),
)

/** The text of a penalty's decision as anyone may read it, with the summary that stands before it. */
export interface PublicDecision {
  record: PublicRecord
  text: string
  /** Day on which its publication was approved. */
  approvedAt: string
}

/**
 * The decision of a penalty with its summary (Order 45 art. 4), while the penalty is public and the text was approved in
 * review (art. 16); undefined at any other time.
 */
export function publicDecision(
  dossier: Dossier,
  id: string,
  on: CalendarDate,
  catalogue: Catalogue,
): PublicDecision | undefined {
  const own = dossier.withdrawn ? undefined : recordWith(dossier.records, id)
  const kind = own && catalogue.kind(own.type)
  const record = own && kind && publicRecord(own, kind, on)
  const text = lastText(dossier, id, 'approved')
  return record && text?.reviewed && { record, text: text.attached.text, approvedAt: text.reviewed.at }
}

/** Whether the public sees a record on a day. */
export function isPublicOn(record: FileRecord, on: CalendarDate, catalogue: Catalogue): boolean {
  const kind = catalogue.kind(record.type)
  return kind !== undefined && opennessOn(record, kind, on)?.isPublic === true
}

/** The records that the public sees, each with its kind. */
const publicRecords = perBlock((records, on: CalendarDate, catalogue: Catalogue) =>
  records.flatMap((record) => {
    const kind = catalogue.kind(record.type)
    const seen = kind && publicRecord(record, kind, on)
    return seen ? [{ seen, kind }] : []
  }),
)

const publicRecord = perRecord((record, kind, on): PublicRecord | undefined => {
  const open = opennessOn(record, kind, on)
  if (!open?.isPublic) return undefined
  const correctedAt = lastCorrection(record, kind, 'public')
  return {
    id: record.id,
    type: record.type,
    data: seenData(kind, readOn(record, kind, on), 'public', true),
    recordedAt: record.addedAt,
    ...(correctedAt !== undefined && { correctedAt }),
    publication: open.period,
  }
})

/** When a record was last corrected in what an audience sees of it. */
export function lastCorrection(
  { corrections }: FileRecord,
  kind: RecordKind,
  audience: Audience,
): string | undefined {
  if (corrections.length === 0) return undefined
  const seen = seenFields(kind, audience)
  return corrections.findLast(({ fields }) => fields.some((field) => seen(field)))?.at
}

/** A record's data as it reads on a day. */
export function readOn(record: FileRecord, kind: RecordKind, on: CalendarDate): RecordData {
  const { changes } = kind.readOn(record.data, on)
  return changes ? { ...record.data, ...changes } : record.data
}

const hidden = new WeakMap<RecordKind, Map<Audience, ReadonlySet<string>>>()

/** Whether an audience may see a field; one that the definition doesn't know tells of a change all the same. */
function seenFields(kind: RecordKind, audience: Audience): (field: string) => boolean {
  const known = hidden.get(kind) ?? new Map<Audience, ReadonlySet<string>>()
  hidden.set(kind, known)
  const fields =
    known.get(audience) ??
    new Set(
      kind.columns
        .filter(({ sight }) => !sight || !seesField(sight, audience, true))
        .map(({ field }) => field),
    )
  known.set(audience, fields)
  return (field) => !fields.has(field)
}

function showsPublicly(
  event: FileEvent,
  shown: Pick<ReadonlyMap<string, RecordKind>, 'get'>,
  listed: Known,
): boolean {
  const told = TOLD[event.kind]
  if (told === 'always') return true
  // Of a listing's way only its publication shows, and only while it is in force.
  if (told === 'inForce') return listed.has(event.id ?? '')
  const kind = told === 'file' ? enterpriseKind : told === 'record' ? shown.get(event.id ?? '') : undefined
  return kind !== undefined && tellsOf(kind, event)
}

/** Whether an event of the firm, or of a record of a type, may tell of anything that anyone sees; what names no fields may. */
export function tellsPublicly(event: FileEvent, type: string | undefined, catalogue: Catalogue): boolean {
  const kind = type === undefined ? enterpriseKind : catalogue.kind(type)
  return event.fields?.length === 0 || (kind !== undefined && tellsOf(kind, event))
}

/** Whether what happened touches a field that anyone may see. */
function tellsOf(kind: RecordKind, { fields }: FileEvent): boolean {
  return fields === undefined || fields.some(seenFields(kind, 'public'))
}

/** Events that anyone may see, by what they are about; all others stay inside. */
const TOLD: { readonly [kind in FileEvent['kind']]?: 'always' | 'file' | 'record' | 'inForce' } = {
  'enterprise.opened': 'file',
  'enterprise.changed': 'file',
  'enterprise.corrected': 'file',
  'record.added': 'record',
  'record.updated': 'record',
  'record.corrected': 'record',
  'record.published': 'record',
  'record.unpublished': 'record',
  'record.expired': 'record',
  'rating.issued': 'always',
  'rating.revoked': 'always',
  'listing.published': 'inForce',
}

/** Basic information with what goes with it: former names, the place in words. */
export function lines(data: RecordData, dossier: Dossier): EnterpriseLines {
  const { name, ...rest } = data
  const place = region(regionOf(dossier))
  return {
    name,
    formerNames: dossier.formerNames,
    ...rest,
    ...(place && { regionName: place.path }),
  }
}

/** What is odd about a file's codes. */
export function warningsOf(dossier: Pick<Dossier, 'key'>): Warning[] {
  const { key } = dossier
  if (key.length === 18)
    return [
      {
        code: 'shared-organisation-code',
        detail: `组织机构代码 ${key.slice(8, 17)} 同时属于另一企业，本档案以统一社会信用代码 ${key} 建立。`,
      },
    ]
  if (!isOrganisationCode(key))
    return [
      {
        code: 'embedded-code',
        detail: `统一社会信用代码有效，但其中第 9-17 位（${key}）不符合组织机构代码的校验规则，请核对证照。`,
      },
    ]
  return []
}

/** Records, the newest first; `before` is the order of those that were there before, which then sorts quickly. */
function newestFirst<R extends { id: string; data: RecordData }>(
  records: R[],
  kind: RecordKind,
  before: readonly R[] = [],
): R[] {
  if (records.length < 2) return records
  const left = new Set(records)
  const ordered = before.filter((record) => left.delete(record))
  return [...ordered, ...left]
    .map((record) => ({ record, day: kind.datedOn(record.data) }))
    .sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : a.record.id < b.record.id ? 1 : -1))
    .map(({ record }) => record)
}

/** Whether a record stands before another in that order. */
function comesBefore<R extends { id: string; data: RecordData }>(
  one: R,
  other: R,
  kind: RecordKind,
): boolean {
  const [day, otherDay] = [kind.datedOn(one.data), kind.datedOn(other.data)]
  return day === otherDay ? one.id > other.id : day > otherDay
}
