import { z } from 'zod'
import type { Made } from '../authority/authorities.ts'
import type { ProposalHead } from '../authority/proposal.ts'
import { coveredByCases } from '../blacklist/basis.ts'
import {
  authorityOf,
  fileDeadlines,
  recordDeadlines,
  seatOf,
  unsaidCategory,
} from '../blacklist/deadlines.ts'
import { type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import { caseMadeBy, isOpen } from '../dossier/case.ts'
import type { Deadline } from '../dossier/deadline.ts'
import { type Dossier, fold, isDissolved, nameOf, ratingInForce, regionOf } from '../dossier/dossier.ts'
import { factOf } from '../dossier/entries.ts'
import { type HeldThing, type PlatformEvent, tell } from '../dossier/events.ts'
import { faceChangesOn, isSameFace, type PublicFile, publicFace, warningsOf } from '../dossier/face.ts'
import { publicGround } from '../dossier/past.ts'
import { joined, partJson, perBlock, recordWith } from '../dossier/per-record.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/enterprise.ts'
import { licence } from '../records/licence.ts'
import { once } from '../records/once.ts'
import { publicationRules } from '../records/rules.ts'
import type { Entry } from '../register/entry.ts'
import { fileSupervisionDeadlines, recordSupervisionDeadlines } from '../supervision/deadlines.ts'
import { scheme } from '../supervision/scheme.ts'

/** A file as the views keep it: the dossier and, beside it, what the public sees of it. */
export interface FileState {
  dossier: Dossier
  publicPosition: number
  /** Day on which the face changes by itself. */
  faceChangesOn: string | null
  /** What the public sees, as it was cut on a day; undefined of a withdrawn file. */
  shown: PublicFile | undefined
  cutOn: string
  /** What the platform holds of it. */
  things: readonly HeldThing[]
}

/** A file after an entry, with what follows for those who read it. */
export interface After {
  state: FileState
  /** What the platform is told; by an erasure, in the place of all that it was told of the file before. */
  events: readonly PlatformEvent[]
}

/** A value of a table's column. */
export type Value = string | number | null

/** What stands beside a file in tables of its own, each row in the order of its table's columns. */
export interface FileRows {
  record: Value[][]
  grade: Value[][]
  listing: Value[][]
  case: Value[][]
  deadline: Value[][]
  proposal: Value[][]
  erased: Value[][]
}

/**
 * The file after one more entry; undefined while there is none. `history` is given with an erasure: it takes away what
 * the fold had seen, so the file is folded anew from what is left.
 */
export function fileAfter(
  before: FileState | undefined,
  entry: Entry,
  catalogue: Catalogue,
  history?: readonly Entry[],
): After | undefined {
  const known = history?.filter((past) => past.seq <= entry.seq)
  const dossier = known ? fold(undefined, known) : fold(before?.dossier, [entry])
  if (!dossier) return undefined
  const isRestated = hasErasedShown(entry, history)
  const { things, events } = tell(before?.things ?? [], dossier, entry, catalogue, isRestated)
  const on = shanghaiDate(new Date(entry.recordedAt))
  const shown = publicFace(dossier, on, catalogue, before?.shown)
  const changesOn = (shown && faceChangesOn(dossier, on, catalogue)) ?? null
  // An erasure of what may have been shown counts as a change of the face: what was in between can't be told any more.
  const isSame = before && !isRestated && isSameFace(before.shown, shown)
  const publicPosition = isSame ? before.publicPosition : entry.seq
  const state = {
    ...{ dossier, publicPosition, shown, things },
    faceChangesOn: changesOn,
    cutOn: on,
  }
  return { state, events }
}

/** What the public's answers about a file rest on beside its face, as it was cut, in JSON; null of a withdrawn file. */
export function groundOf({ dossier, shown, cutOn }: FileState, catalogue: Catalogue): string | null {
  return shown ? JSON.stringify(publicGround(dossier, cutOn, catalogue)) : null
}

/** Whether an entry erases something that others than officers may have seen. */
function hasErasedShown(entry: Entry, history: readonly Entry[] = []): boolean {
  if (entry.kind !== 'payload.erased') return false
  const fact = factOf(entry)
  if (fact?.kind !== 'payload.erased') return true
  const known = new Map(history.map((past) => [past.seq, past]))
  // What isn't of this file can't be judged.
  return fact.payload.positions.some((position) => {
    const past = known.get(position)
    return past === undefined || mayHaveBeenShown(past)
  })
}

/**
 * The end of a case was for the platform once, though nobody had been told of the case: what was published of it stands
 * beside. The text of a decision is shown by its review.
 */
function mayHaveBeenShown({ kind, visibility }: Entry): boolean {
  return (visibility !== 'internal' && kind !== 'listing.removed') || kind === 'document.attached'
}

/** Whether events tell a file as a whole, in the place of all that was told of it before. */
export function isRestating(events: readonly PlatformEvent[]): boolean {
  return events.some(({ what }) => what === 'file.restated')
}

/** The rows of what the platform holds of a file. */
export function thingRows(key: string, things: readonly HeldThing[]): Value[][] {
  return things.map(({ id, type, position, digest, json }) => [key, id, type, position, digest, json])
}

/** The rows of events of a file, numbered within each entry. */
export function eventRows(key: string, events: readonly PlatformEvent[]): Value[][] {
  let n = 0
  return events.map(({ position, type, id, what, at, before, after }, i) => {
    n = events[i - 1]?.position === position ? n + 1 : 0
    return [position, n, key, type, id, what, at, before, after]
  })
}

/** The row of a file itself. */
export function fileRow(state: FileState, outline: string | null): Value[] {
  const { dossier, publicPosition, faceChangesOn, cutOn } = state
  const { key, revision, position } = dossier
  return [key, revision, position, publicPosition, faceChangesOn, cutOn, outline]
}

/** The row of an issued rating. */
export function ratingRow(dossier: Dossier): Value[] | undefined {
  const last = dossier.ratings.at(-1)
  if (!last) return undefined
  const { id, campaign, standard, on, grade } = last
  return [id, dossier.key, campaign ?? null, standard.id, on, grade, regionOf(dossier)]
}

/** The rows that stand beside a file. */
export function rowsOf(
  { dossier, shown }: Pick<FileState, 'dossier' | 'shown'>,
  catalogue: Catalogue,
): FileRows {
  return {
    record: recordRows(dossier, catalogue),
    grade: gradeRows(dossier),
    listing: listingRows(dossier, shown),
    case: caseRows(dossier),
    deadline: deadlineRows(dossier, shown, catalogue),
    proposal: proposalsIn(dossier, catalogue),
    erased: (dossier.erasedListings ?? []).map(({ id, on }) => [id, dossier.key, on]),
  }
}

function recordRows(dossier: Dossier, catalogue: Catalogue): Value[][] {
  const [key, region] = [dossier.key, regionOf(dossier)]
  return joined(recordRowsIn(dossier.records, key, region, catalogue))
}

const recordRowsIn = perBlock((records, key: string, region: string, catalogue: Catalogue) =>
  records.flatMap((record): Value[][] => {
    const kind = record.withdrawn ? undefined : catalogue.kind(record.type)
    if (!kind) return []
    const { id, type, data, made } = record
    const publication = kind.publication(data)
    const [from, until] = publication.public ? [publication.from, publication.until ?? null] : [null, null]
    const counted = kind.isCounted(data) ? 1 : 0
    const place = [key, id, type, kind.datedOn(data), region]
    return [[...place, from, until, partJson(data), counted, ownerText(made)]]
  }),
)

function gradeRows(dossier: Dossier): Value[][] {
  const { key, ratings } = dossier
  if (ratings.length === 0) return []
  const { industry = '' } = enterprise.partsOf(dossier.enterprise)
  const standards = new Set(ratings.map((rating) => rating.standard.id))
  return Array.from(standards).flatMap((standard): Value[][] => {
    const inForce = ratingInForce(dossier, standard)
    return inForce ? [[key, standard, inForce.grade, regionOf(dossier), industry]] : []
  })
}

function listingRows(dossier: Dossier, shown: PublicFile | undefined): Value[][] {
  if (!shown) return []
  const { key } = dossier
  const [name, region] = [nameOf(dossier), regionOf(dossier)]
  return shown.listings.map((listing) => [
    listing.id,
    key,
    name,
    region,
    listing.ground,
    productsOf(shown),
    listing.authority,
    listing.from,
    listing.until ?? '9999-12-31',
    shanghaiDate(new Date(listing.publishedAt)),
    publishedAt(dossier, listing.id),
    JSON.stringify({ ...listing, orgCode: key, uscc: dossier.uscc ?? null, name, region }),
  ])
}

/** Position of the entry that published a case. */
function publishedAt({ events }: Dossier, id: string): number {
  return events.findLast((event) => event.kind === 'listing.published' && event.id === id)?.position ?? 0
}

function caseRows(dossier: Dossier): Value[][] {
  return dossier.cases.map((own) => {
    const { id, status, proposed, decided, published, removed } = own
    return [
      id,
      dossier.key,
      removed ? `removed/${removed.cause}` : status,
      regionOf(dossier),
      (decided ?? proposed).author.authority,
      // What was never on the list did not leave it.
      (published && removed?.on) ?? null,
      ownerText(caseMadeBy(own)),
    ]
  })
}

/** What the row of a clock tells of its file. */
type Place = readonly [key: string, region: string]

/** Those that follow from a record alone come first, so that a write leaves most of the rows where they were. */
function deadlineRows(dossier: Dossier, shown: PublicFile | undefined, catalogue: Catalogue): Value[][] {
  if (!shown) return []
  const { key, records, cases, objections } = dossier
  const place = [key, regionOf(dossier)] as const
  // Most files of an import hold nothing yet that a clock could run for.
  const isBare = records.length === 0 && cases.length === 0 && objections.length === 0
  const ofFile = isBare
    ? []
    : [...fileDeadlines(dossier, catalogue), ...fileSupervisionDeadlines(dossier, scheme)]
  const ids = new Set<string>()
  return [
    ...joined(recordClockRowsIn(records, catalogue, isDissolved(dossier), seatOf(dossier)[1], ...place)),
    ...unsaidRows(dossier, place),
    ...[...ofFile, ...warned(dossier), ...doubted(dossier, catalogue)].map((deadline) => {
      const id = idBeside(ids, idOfDeadline(deadline))
      return deadlineRow(id, deadline, place, madeOf(dossier, deadline))
    }),
  ]
}

const recordClockRowsIn = perBlock(
  (records, catalogue: Catalogue, dissolved: boolean, since: CalendarDate, ...place: Place) => {
    const [key, region] = place
    return records.flatMap((record) => {
      const supervised = dissolved ? [] : recordSupervisionDeadlines(record, key, scheme)
      return [...recordDeadlines(record, region, since, catalogue), ...supervised].map((own) =>
        deadlineRow(idOfDeadline(own), own, place, record.made),
      )
    })
  },
)

/** What is asked of penalties that no case rests on. */
function unsaidRows(dossier: Dossier, place: Place): Value[][] {
  const rows = joined(unsaidRowsIn(dossier.records, ...place))
  const covered = coveredByCases(dossier)
  if (covered.size === 0) return rows
  const ids = new Set(Array.from(covered, (about) => idOfDeadline({ what: 'category', about })))
  return rows.filter(([_, id]) => !ids.has(`${id}`))
}

const unsaidRowsIn = perBlock((records, ...place: Place) =>
  records.flatMap((record) =>
    unsaidCategory(record).map((own) => deadlineRow(idOfDeadline(own), own, place, record.made)),
  ),
)

/** Names a clock within its file, whatever other clocks come and go. */
function idOfDeadline({ what, about }: Pick<Deadline, 'what' | 'about'>): string {
  return `${what} ${about}`
}

/** The same where a thing has several of one kind: two cases rest on one penalty. */
function idBeside(known: Set<string>, id: string): string {
  const own = known.has(id) ? idBeside(known, `${id} *`) : id
  known.add(own)
  return own
}

function deadlineRow(id: string, deadline: Deadline, [key, region]: Place, made: Made | undefined): Value[] {
  const { what, authority, dueOn, doneOn, until } = deadline
  const times = [dueOn, doneOn ?? null, until ?? null]
  return [key, id, region, what, authority, ...times, JSON.stringify(deadline), ownerText(made)]
}

/** Who made what a clock is about, and so sees it; undefined where it goes by the place of the firm. */
function madeOf(
  dossier: Dossier,
  { about, authority }: Pick<Deadline, 'about' | 'authority'>,
): Made | undefined {
  const { cases, records, ratings, objections, queries = [] } = dossier
  const objected = objections.find(({ id }) => id === about)?.about.id
  const thing = objected ?? queries.find(({ id }) => id === about)?.record ?? about
  const own = cases.find(({ id }) => id === thing)
  if (own) return caseMadeBy(own)
  const record = recordWith(records, thing)
  if (record) return record.made
  const named = ratings.find(({ id }) => id === thing)?.authority ?? authority
  return named === '' ? undefined : { authority: named }
}

/** Who made something, as rows are found by it; empty where nobody did. */
function ownerText(made: Made | undefined): string {
  return made ? ownerJson(made) : ''
}

const ownerJson = once((made: Made): string => {
  const { owner, authority, account, region } = made
  // Whose a thing is goes by the authority where that is known, and by the account only where it is not.
  return JSON.stringify(owner === undefined ? { authority, account, region } : { owner, authority })
})

/** Stands for the region of what waits outside files: whose business it is shows when it is asked for. */
export const OUTSIDE = '*'

/** What waits for a second person on a subject that is no file, or did. */
export function proposalRows(subject: string, proposals: readonly ProposalHead[]): Value[][] {
  return proposals.map((own) => proposalRow(subject, own, { region: OUTSIDE, owner: '', named: '' }))
}

/** The same in a file, with whose the thing is and in whose name it would be entered. */
function proposalsIn(dossier: Dossier, catalogue: Catalogue): Value[][] {
  const { key, proposals = [], withdrawn } = dossier
  const region = regionOf(dossier)
  return proposals.map(({ input, ...own }) => {
    const { id } = own.on
    const made = withdrawn || id === undefined ? undefined : madeOf(dossier, { about: id, authority: '' })
    return proposalRow(key, own, {
      region,
      owner: ownerText(made),
      named: ownerText(namedIn(dossier, own, input, catalogue) ?? endedBy(dossier, input)),
    })
  })
}

/** What it would write stays in its subject alone, so that an erasure reaches it. */
function proposalRow(
  subject: string,
  own: ProposalHead,
  { region, owner, named }: { region: string; owner: string; named: string },
): Value[] {
  const { id, status, act, by } = own
  return [
    id,
    subject,
    status,
    region,
    act,
    by,
    own.import ?? '',
    owner,
    named,
    JSON.stringify({ ...own, subject }),
  ]
}

/** The authority that a record would name as its own by what is put forward: entered, changed, corrected upon an objection. */
function namedIn(
  { records, objections }: Dossier,
  { on: { id } }: ProposalHead,
  { type, data, corrected }: Readonly<Record<string, unknown>>,
  catalogue: Catalogue,
): Made | undefined {
  const about = objections.find((known) => known.id === id)?.about.id ?? id
  const record = about === undefined ? undefined : recordWith(records, about)
  const entering = typeof type === 'string' ? type : record?.type
  const kind = entering === undefined ? undefined : catalogue.kind(entering)
  const entered = recordData.safeParse(data ?? corrected).data
  const authority = entered && kind?.madeBy(entered)
  return authority === undefined ? undefined : { authority }
}

/** Who put the firm forward for the list, where its particulars would change: if that ends the case, they have to say so. */
function endedBy({ cases }: Dossier, { enterprise }: Readonly<Record<string, unknown>>): Made | undefined {
  const own = enterprise === undefined ? undefined : cases.find(isOpen)
  return own && caseMadeBy(own)
}

const recordData = z.record(z.string(), z.unknown())

/**
 * Doubts about records that their owners have not answered: to be answered as an objection is. One about a record is over
 * with it.
 */
function doubted(dossier: Dossier, catalogue: Catalogue): Deadline[] {
  const { queries = [], records } = dossier
  return queries
    .filter(({ answered, record }) => answered === undefined && !recordWith(records, record)?.withdrawn)
    .map(({ id, record, text, at, author }) => {
      const raisedOn = shanghaiDate(new Date(at))
      const { date: dueOn, certain } = workingDaysAfter(raisedOn, publicationRules.objectionDays.value)
      const authority = authorityOf(dossier, { id: record }, catalogue)
      const consequence = `${author.authority}：${text}`
      return { what: 'query', about: id, authority, dueOn, certain, consequence }
    })
}

/** Warnings of a file that nobody has looked into: to be done from the day on which it was opened. */
function warned(dossier: Dossier): Deadline[] {
  return warningsOf(dossier)
    .filter(({ code }) => dossier.settledWarnings?.[code] === undefined)
    .map(({ code, detail }) => ({
      what: 'warning',
      about: code,
      authority: '',
      dueOn: shanghaiDate(new Date(dossier.openedAt)),
      certain: false,
      consequence: detail,
    }))
}

/** Products of an enterprise that the public sees, to filter the list by. */
function productsOf({ enterprise: firm, sections }: PublicFile): string {
  const licensed = licence
    .in({ records: sections[licence.section] ?? [] })
    .flatMap(({ data }) => data.product ?? [])
  const { products = [] } = enterprise.partsOf(firm)
  return [products, ...new Set(licensed)].flat().join('、')
}
