import { createHash } from 'node:crypto'
import type { CalendarDate } from '../calendar/dates.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../records/catalogue.ts'
import type { RecordData } from '../records/kind.ts'
import { publicationRules } from '../records/rules.ts'
import { type Period, seenData, sights } from '../records/sight.ts'
import { isInForce } from './case.ts'
import type { Dossier } from './dossier.ts'
import {
  type EnterpriseLines,
  lastCorrection,
  lines,
  opennessOn,
  type PublicListing,
  type PublicRating,
  publicListing,
  publicRatingsOn,
  readOn,
} from './face.ts'
import { joined, perBlock, perRecord } from './per-record.ts'

/** Basic information as the platform sees it. */
export interface PlatformEnterprise {
  orgCode: string
  uscc: string | null
  data: EnterpriseLines
}

/** A record as the platform sees it: what the exchange tables name from its entry on, the rest while it is public. */
export interface PlatformRecord {
  id: string
  data: RecordData
  recordedAt: string
  correctedAt?: string
  /** When the public sees it, and whether that has begun. */
  publication: Period & { begun: boolean }
  /** Whether an objection to it stands open (异议处理中). */
  objectionOpen: boolean
}

/** A rating as the platform sees it: its outcome; what it rests on is among the records. */
export type PlatformRating = Pick<
  PublicRating,
  'id' | 'standard' | 'on' | 'position' | 'issuedAt' | 'authority' | 'inForce' | 'grade' | 'revokedAt'
>

/** One thing of a file that the platform holds: it comes, changes and goes as a whole. */
export interface PlatformThing {
  /** `enterprise`, `rating`, `listing`, or the record's kind. */
  type: string
  /** Unique within its file: the record's, rating's or case's id; for the enterprise its file's key. */
  id: string
  body: PlatformEnterprise | PlatformRecord | PlatformRating | PublicListing
}

/**
 * A file as the credit platform may see it. Routes of the platform take this type alone. It is made as the public face
 * is, by the sights of fields and the kinds' rules of publication: no officers, no reasons, no steps of a procedure.
 */
export interface PlatformFile {
  audience: 'platform'
  things: readonly PlatformThing[]
}

/** What the platform may see of a file on a day; undefined for a withdrawn file. */
export function platformFace(
  dossier: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
): PlatformFile | undefined {
  if (dossier.withdrawn) return undefined
  const data = seenData(enterpriseKind, dossier.enterprise, 'platform', true)
  const basics = { orgCode: dossier.key, uscc: dossier.uscc ?? null, data: lines(data, dossier) }
  const disputed = new Set(dossier.objections.filter(({ settled }) => !settled).map(({ about }) => about.id))
  const records = joined(platformRecords(dossier.records, on, catalogue))
  const told =
    disputed.size === 0
      ? records
      : records.map((thing) => (disputed.has(thing.id) ? inDispute(thing) : thing))
  const things: PlatformThing[] = [{ type: enterpriseKind.type, id: dossier.key, body: basics }, ...told]
  const listed = dossier.cases.filter((own) => isInForce(own, on))
  for (const rating of publicRatingsOn(dossier, on, catalogue))
    things.push({ type: 'rating', id: rating.id, body: outcomeOf(rating) })
  for (const own of listed) {
    const body = publicListing(dossier, own)
    if (body) things.push({ type: 'listing', id: own.id, body })
  }
  return { audience: 'platform', things }
}

/** Counts up when what is made of the rules changes, though they stay. */
const SCHEMA = 1

/** Names what the platform's face is made by (口径版本): kinds, sights and rules of publication; another one means to begin anew. */
export function platformSchema({ kinds }: Catalogue): string {
  const fields = [enterpriseKind, ...kinds].map(({ type, columns }) => [
    type,
    columns.map(({ field, sight }) => [field, sight]),
  ])
  const rules = JSON.stringify([fields, sights, publicationRules])
  return `platform-${SCHEMA}-${createHash('sha256').update(rules).digest('hex').slice(0, 12)}`
}

/** A record as a thing. */
type RecordThing = PlatformThing & { body: PlatformRecord }

/** A record's thing while an objection to it stands open. */
function inDispute(thing: RecordThing): RecordThing {
  return { ...thing, body: { ...thing.body, objectionOpen: true } }
}

const platformRecords = perBlock((records, on: CalendarDate, catalogue: Catalogue) =>
  records.flatMap((record) => {
    const kind = catalogue.kind(record.type)
    return (kind && platformRecord(record, kind, on)) ?? []
  }),
)

const platformRecord = perRecord((record, kind, on): RecordThing | undefined => {
  const open = opennessOn(record, kind, on)
  if (!open) return undefined
  const data = seenData(kind, readOn(record, kind, on), 'platform', open.isPublic)
  // A kind that no exchange table names has nothing for the platform before the public sees it.
  if (Object.keys(data).length === 0) return undefined
  const correctedAt = lastCorrection(record, kind, 'platform')
  const body: PlatformRecord = {
    id: record.id,
    data,
    recordedAt: record.addedAt,
    ...(correctedAt !== undefined && { correctedAt }),
    publication: { ...open.period, begun: open.isPublic },
    objectionOpen: false,
  }
  return { type: record.type, id: record.id, body }
})

function outcomeOf(rating: PublicRating): PlatformRating {
  const { id, standard, on, position, issuedAt, authority, inForce, grade, revokedAt } = rating
  const head = { id, standard, on, position, issuedAt, authority, inForce, grade }
  return revokedAt === undefined ? head : { ...head, revokedAt }
}
