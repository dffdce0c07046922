import type { Made } from '../authority/authorities.ts'
import { consumerAuthor, consumerOf } from '../authority/consumers.ts'
import { type Maker, makerOf } from '../authority/maker.ts'
import { foldProposals, type Proposal, type ProposalFact } from '../authority/proposal.ts'
import { enterprise, type operatingStatuses } from '../records/enterprise.ts'
import type { RecordData } from '../records/kind.ts'
import { licence } from '../records/licence.ts'
import { isOneOf, type ReadAs } from '../records/stored.ts'
import { patched } from '../records/validate.ts'
import type { Entry } from '../register/entry.ts'
import { foldProcedures, type Procedures } from './case.ts'
import type { CaseFact } from './case-entries.ts'
import {
  type FileFact,
  factOf,
  type IssuedRating,
  isCaseFact,
  isKnownKind,
  isProposalFact,
} from './entries.ts'
import { placeOf, recordWith, replacedAt } from './per-record.ts'

/** A record as the fold keeps it. */
export interface FileRecord {
  id: string
  type: string
  /** Empty once the record is withdrawn. */
  data: RecordData
  addedAt: string
  updatedAt?: string
  corrections: Correction[]
  withdrawn?: Withdrawal
  /** That a licence was revoked (吊销、撤销), where its status says something else since: 注销 follows by law. */
  revoked?: RevokedLicence
  /** Hashes of the imported rows that it was made from, the latest last. */
  rows?: string[]
  /** Who made it: the authority that owns it, where the entry says so, else the name and account of its author. */
  made: Made & { officer: string }
}

/** A record whose data its kind has read. */
export type RecordAs<D> = ReadAs<FileRecord, D>

export interface RevokedLicence {
  status: string
  on?: string
}

export interface Correction {
  at: string
  reason: string
  fields: string[]
}

export interface Withdrawal {
  at: string
  reason: string
}

/** A rating as the file keeps it. */
export interface FileRating extends IssuedRating {
  position: number
  issuedAt: string
  authority: string
  revoked?: Withdrawal
}

/** One line of a file's history: what happened when, to which record, touching which fields. */
export interface FileEvent {
  position: number
  revision: number
  at: string
  kind: FileFact['kind']
  id?: string
  fields?: string[]
}

/** An enterprise's quality-credit file (质量信用档案) with everything the register knows of it. */
export interface Dossier extends Procedures {
  /** Organisation code; the unified code where two enterprises share an organisation code. */
  key: string
  uscc?: string
  /** Revision and position of the last entry. */
  revision: number
  position: number
  openedAt: string
  /** Basic information by the fields of `records/enterprise.ts`. */
  enterprise: RecordData
  /** Former names (曾用名), the latest last. */
  formerNames: string[]
  corrections: Correction[]
  records: FileRecord[]
  ratings: FileRating[]
  events: FileEvent[]
  withdrawn?: Withdrawal
  /** Internal notes, the latest last. */
  notes?: Note[]
  /** Warnings that an officer has looked into, by their codes. */
  settledWarnings?: Readonly<Record<string, { reason: string; at: string }>>
  /** Hashes of the imported rows that the basic information was made from, the latest last. */
  rows?: string[]
  /** Acts that were put forward for a second person, the latest last. */
  proposals?: Proposal[]
  /** Who put forward the cases whose texts were erased. */
  erasedCases?: Maker[]
  /** What had been on the list and was erased, by its id, and the day on which it left. */
  erasedListings?: { id: string; on: string }[]
  /** Doubts of other authorities about records, the latest last. */
  queries?: Query[]
  /** Publications that were taken back before their time, the latest last. */
  retractions?: Retraction[]
  /** Entries of kinds that this program does not know, or can't read: kept, shown to officers as such, of no effect. */
  unknown?: UnknownEntry[]
}

/** A doubt (疑义) of another authority about a record, for its owner to answer. */
export interface Query {
  id: string
  record: string
  text: string
  at: string
  author: Maker
  /** The consumer that raised it (取用方), by its id, where one did: no authority. */
  consumer?: string
  answered?: { answer: string; at: string; author: Maker }
}

/** A publication that was taken back (撤回公示): when and why, without a word of what it said. */
export interface Retraction {
  id: string
  type: string
  on: string
  reason: string
}

/** An entry of a kind that this program does not know, or that it can't read. */
export interface UnknownEntry {
  position: number
  kind: string
  at: string
  author: Maker
  /** Why it can't be read, where its kind is known. */
  fault?: string
}

/** An internal note (内部备注): what officers tell each other about a file. */
export interface Note {
  id: string
  text: string
  at: string
  author: Maker
}

/** The enterprise's name; the empty text of a file that was withdrawn. */
export function nameOf(dossier: Pick<Dossier, 'enterprise'>): string {
  return enterprise.partsOf(dossier.enterprise).name ?? ''
}

/** Whether the enterprise exists no more (注销): nothing is asked of it, and nothing begun against it. */
export function isDissolved(dossier: Pick<Dossier, 'enterprise'>): boolean {
  return enterprise.partsOf(dossier.enterprise).status === '注销'
}

/** States in which an enterprise carries on no business any more: its business licence was revoked, or it exists no more. */
export const outOfBusiness = ['吊销', '注销'] as const satisfies readonly (typeof operatingStatuses)[number][]

/** Whether the enterprise may carry on its business: it is in none of these. */
export function isInBusiness(dossier: Pick<Dossier, 'enterprise'>): boolean {
  return !isOneOf(enterprise.partsOf(dossier.enterprise).status, outOfBusiness)
}

/** Where the enterprise is; the empty text where nobody has said. */
export function regionOf(dossier: Pick<Dossier, 'enterprise'>): string {
  return enterprise.partsOf(dossier.enterprise).region ?? ''
}

/**
 * The file after more entries of its subject, in order; folding in two steps equals folding in one. Never throws: what can't be
 * read is counted, kept among the unknown with its fault, and stops nothing else.
 */
export function fold(before: Dossier | undefined, entries: readonly Entry[]): Dossier | undefined {
  return entries.reduce(readableStep, before)
}

/** Why an entry that was folded last could not be read; undefined where it could. */
export function faultOfLast({ unknown, position }: Dossier): string | undefined {
  const last = unknown?.at(-1)
  return last?.position === position ? last.fault : undefined
}

function readableStep(dossier: Dossier | undefined, entry: Entry): Dossier | undefined {
  const isRead = entry.payload === null || factOf(entry) !== undefined || !isKnownKind(entry.kind)
  if (entry.unreadable || !isRead) return passedOver(dossier, entry)
  try {
    return step(dossier, entry)
  } catch {
    return passedOver(dossier, entry)
  }
}

/** What is said of an entry whose content can't be read. */
export const UNREADABLE = '内容无法读取'

function passedOver(dossier: Dossier | undefined, entry: Entry): Dossier | undefined {
  const { seq: position, revision } = entry
  return dossier && withUnknown({ ...dossier, revision, position }, entry, UNREADABLE)
}

function step(dossier: Dossier | undefined, entry: Entry): Dossier | undefined {
  const fact = factOf(entry)
  const { seq: position, revision, recordedAt: at } = entry
  if (!dossier) {
    if (fact?.kind !== 'enterprise.opened') return undefined
    return {
      key: entry.subject,
      ...(fact.payload.uscc !== undefined && { uscc: fact.payload.uscc }),
      revision,
      position,
      openedAt: at,
      ...withRow(undefined, fact.payload.row),
      enterprise: fact.payload.data,
      formerNames: [],
      corrections: [],
      records: [],
      cases: [],
      objections: [],
      earlyEnds: [],
      ratings: [],
      events: [{ position, revision, at, kind: fact.kind }],
    }
  }
  const next: Dossier = { ...dossier, revision, position }
  if (!fact && entry.kind === 'listing.proposed')
    return { ...next, erasedCases: [...(dossier.erasedCases ?? []), makerOf(entry)] }
  if (!fact) return isKnownKind(entry.kind) ? next : withUnknown(next, entry)
  next.events = [...dossier.events, eventOf(fact, position, revision, at)]
  if (isProposalFact(fact)) return { ...next, proposals: foldProposals(next.proposals ?? [], fact, entry) }
  if (isCaseFact(fact)) return foldProcedures(next, fact, { at, author: makerOf(entry) })
  return applied(next, fact, entry)
}

function applied(dossier: Dossier, fact: Exclude<FileFact, CaseFact | ProposalFact>, entry: Entry): Dossier {
  const { recordedAt: at } = entry
  const author = makerOf(entry)
  switch (fact.kind) {
    case 'enterprise.opened':
      // A withdrawn file is opened again: what was withdrawn stays so, names and records start anew.
      return reopened(dossier, fact.payload)
    case 'enterprise.changed': {
      const { changes, uscc, row } = fact.payload
      return {
        ...dossier,
        ...(uscc !== undefined && { uscc }),
        ...withRow(dossier.rows, row),
        enterprise: patched(dossier.enterprise, changes),
        formerNames: formerNamesAfter(dossier, changes),
      }
    }
    case 'enterprise.corrected':
      return {
        ...dossier,
        enterprise: patched(dossier.enterprise, fact.payload.changes),
        // A name that was wrong was never borne; but who looks for a listed firm knows it by what the list said.
        ...(isListed(dossier) && { formerNames: formerNamesAfter(dossier, fact.payload.changes) }),
        corrections: [...dossier.corrections, correctionOf(fact.payload, at)],
      }
    case 'enterprise.withdrawn':
      return {
        ...dossier,
        enterprise: {},
        formerNames: [],
        corrections: [],
        records: [],
        cases: [],
        objections: [],
        earlyEnds: [],
        decisionTexts: [],
        ratings: [],
        retractions: [],
        withdrawn: { at, reason: fact.payload.reason },
      }
    case 'record.added': {
      const { id, type, data, row, owner } = fact.payload
      const made = { ...author, ...(owner !== undefined && { owner }) }
      const record = { id, type, data, addedAt: at, corrections: [], made, ...withRow(undefined, row) }
      return { ...dossier, records: [...dossier.records, record] }
    }
    case 'record.updated':
      return onRecord(dossier, fact.payload.id, ({ revoked, ...record }) => ({
        ...record,
        made: madeAfter(record, fact.payload),
        data: patched(record.data, fact.payload.changes),
        updatedAt: at,
        ...withRevocation(record, revoked, fact.payload.changes),
        ...withRow(record.rows, fact.payload.row),
      }))
    case 'record.corrected':
      return onRecord(dossier, fact.payload.id, ({ revoked, ...record }) => ({
        ...record,
        // A status that was wrong never was; any other correction leaves what was kept of it.
        ...(revoked && !('status' in fact.payload.changes) && { revoked }),
        made: madeAfter(record, fact.payload),
        data: patched(record.data, fact.payload.changes),
        corrections: [...record.corrections, correctionOf(fact.payload, at)],
      }))
    case 'record.withdrawn':
      return onRecord(dossier, fact.payload.id, ({ id, type, addedAt, made }) => ({
        id,
        type,
        made,
        data: {},
        addedAt,
        corrections: [],
        withdrawn: { at, reason: fact.payload.reason },
      }))
    case 'rating.issued':
      return {
        ...dossier,
        ratings: [
          ...dossier.ratings,
          {
            ...fact.payload,
            position: fact.payload.position ?? dossier.position - 1,
            issuedAt: at,
            authority: author.authority,
          },
        ],
      }
    case 'rating.revoked':
      return {
        ...dossier,
        ratings: dossier.ratings.map((rating) =>
          rating.id === fact.payload.id
            ? { ...rating, revoked: { at, reason: fact.payload.reason } }
            : rating,
        ),
      }
    case 'note.added':
      return { ...dossier, notes: [...(dossier.notes ?? []), { ...fact.payload, at, author }] }
    case 'warning.settled':
      return {
        ...dossier,
        settledWarnings: {
          ...dossier.settledWarnings,
          [fact.payload.code]: { reason: fact.payload.reason, at },
        },
      }
    case 'query.raised': {
      const query = { ...fact.payload, at, ...saidBy(entry) }
      return { ...dossier, queries: [...(dossier.queries ?? []), query] }
    }
    case 'query.answered': {
      const { id, answer } = fact.payload
      const queries = (dossier.queries ?? []).map((own) =>
        own.id === id ? { ...own, answered: { answer, at, author: saidBy(entry).author } } : own,
      )
      return { ...dossier, queries }
    }
    case 'record.unpublished': {
      const { id, on, reason } = fact.payload
      const type = recordWith(dossier.records, id)?.type
      if (reason === undefined || type === undefined) return dossier
      return { ...dossier, retractions: [...(dossier.retractions ?? []), { id, type, on, reason }] }
    }
    case 'change.explained':
    case 'record.published':
    case 'record.expired':
      return dossier
    case 'payload.erased': {
      const { listings = [] } = fact.payload
      return listings.length === 0
        ? dossier
        : { ...dossier, erasedListings: [...(dossier.erasedListings ?? []), ...listings] }
    }
  }
}

/** Who said something about a record: a consumer is one by its command, whatever name its older entries bear. */
function saidBy(entry: Entry): Pick<Query, 'author' | 'consumer'> {
  const author = makerOf(entry)
  const consumer = consumerOf(entry.command)
  if (consumer === undefined) return { author }
  return { author: { ...author, authority: consumerAuthor(author.authority) }, consumer }
}

/** Who made a record after a change: it goes to the authority that it names since, where the entry says so. */
function madeAfter({ made }: Pick<FileRecord, 'made'>, { owner }: { owner?: string | undefined }) {
  return owner === undefined ? made : { ...made, owner }
}

function isListed({ cases }: Dossier): boolean {
  return cases.some(({ status }) => status === 'inForce')
}

/** The names that a firm has had once changes are made to it, the latest last. */
function formerNamesAfter(
  { enterprise: { name: before }, formerNames }: Dossier,
  changes: RecordData,
): string[] {
  if (typeof before !== 'string' || !('name' in changes) || changes.name === before) return formerNames
  return [...formerNames.filter((name) => name !== before && name !== changes.name), before]
}

function withUnknown(dossier: Dossier, entry: Entry, fault?: string): Dossier {
  const { seq: position, kind, recordedAt: at } = entry
  const own = { position, kind, at, author: makerOf(entry), ...(fault !== undefined && { fault }) }
  return { ...dossier, unknown: [...(dossier.unknown ?? []), own] }
}

const ROWS_REMEMBERED = 10

/** The rating in force by a standard: the last that was not revoked. */
export function ratingInForce(dossier: Dossier, standard: string): FileRating | undefined {
  return dossier.ratings.findLast((rating) => rating.standard.id === standard && !rating.revoked)
}

function withRow(rows: readonly string[] | undefined, row: string | undefined): { rows?: string[] } {
  return row === undefined ? {} : { rows: [...(rows ?? []), row].slice(-ROWS_REMEMBERED) }
}

const REVOKED = ['吊销', '撤销'] as const
/** What a revoked licence becomes by law or by time, and that undoes nothing (行政许可法 art. 70). */
const AFTERWARDS = ['注销', '过期'] as const

function withRevocation(
  { type, data }: FileRecord,
  revoked: RevokedLicence | undefined,
  changes: RecordData,
): { revoked?: RevokedLicence } {
  if (!('status' in changes)) return revoked ? { revoked } : {}
  if (type !== licence.type || !isOneOf(licence.partsOf(changes).status, AFTERWARDS)) return {}
  if (revoked) return { revoked }
  const { status, statusChangedOn: on } = licence.partsOf(data)
  return isOneOf(status, REVOKED) ? { revoked: { status, ...(on !== undefined && { on }) } } : {}
}

function reopened(dossier: Dossier, payload: { uscc?: string | undefined; data: RecordData }): Dossier {
  const { withdrawn: _, uscc: __, ...rest } = dossier
  return { ...rest, ...(payload.uscc !== undefined && { uscc: payload.uscc }), enterprise: payload.data }
}

function onRecord(dossier: Dossier, id: string, change: (record: FileRecord) => FileRecord): Dossier {
  const place = placeOf(dossier.records, id)
  const record = dossier.records[place]
  if (!record || record.withdrawn) return dossier
  return { ...dossier, records: replacedAt(dossier.records, place, change(record)) }
}

function correctionOf(payload: { changes: RecordData; reason: string }, at: string): Correction {
  return { at, reason: payload.reason, fields: Object.keys(payload.changes) }
}

function eventOf(fact: FileFact, position: number, revision: number, at: string): FileEvent {
  const { kind, payload } = fact
  return {
    position,
    revision,
    at,
    kind,
    ...('id' in payload && { id: payload.id }),
    ...('case' in payload && { id: payload.case }),
    ...('record' in payload && !('id' in payload) && { id: payload.record }),
    ...('changes' in payload && { fields: Object.keys(payload.changes) }),
  }
}

/** Entries that touch nothing which a proposal could have seen. */
const BESIDE = /^(act|query|note|warning|change|rating|payload)\.|^record\.(published|unpublished|expired)$/

/**
 * Version of a part of a file, by its id, or of all that a file holds: the position of the last entry that touched
 * it, 0 where there is none. Of some fields alone, of the part or of the basic information, where they are named.
 */
export function versionOf({ events }: Dossier, part?: string, fields?: readonly string[]): number {
  const ofFields = ({ kind, fields: changed }: FileEvent) =>
    kind.startsWith(part === undefined ? 'enterprise.' : 'record.') &&
    (changed === undefined || changed.some((field) => fields?.includes(field)))
  const last = events.findLast(
    (event) =>
      !BESIDE.test(event.kind) &&
      (part === undefined || event.id === part) &&
      (fields === undefined || ofFields(event)),
  )
  return last?.position ?? 0
}
