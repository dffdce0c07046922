import { shanghaiDate } from '../calendar/dates.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import { sameFrom } from './alike.ts'
import type { Dossier } from './dossier.ts'
import { factOf } from './entries.ts'
import { partJson } from './per-record.ts'
import { type PlatformThing, platformFace } from './platform-face.ts'

/** What happened to a thing that the platform holds. */
export const eventKinds = [
  'file.opened',
  'file.changed',
  'file.renamed',
  'file.corrected',
  'file.withdrawn',
  'file.restated',
  'record.added',
  'record.updated',
  'record.corrected',
  'record.withdrawn',
  'record.expired',
  'publication.begun',
  'publication.ended',
  'objection.filed',
  'objection.settled',
  'rating.issued',
  'rating.changed',
  'rating.revoked',
  'rating.ended',
  'listing.published',
  'listing.changed',
  'listing.removed',
] as const
export type EventKind = (typeof eventKinds)[number]

/** A thing as the platform holds it: what it says, and the entry that last moved it, by position and digest. */
export interface HeldThing {
  type: string
  id: string
  json: string
  position: number
  digest: string
}

/** One change of what the platform sees (变更事件): which thing, what happened, its digests before and after. */
export interface PlatformEvent {
  position: number
  type: string
  id: string
  what: EventKind
  at: string
  /** Digest of the entry that the thing stood at; null where the platform did not hold it. */
  before: string | null
  /** Digest of the entry that moved it; null where the platform is not to hold it any more. */
  after: string | null
}

/** What the platform holds of a file after an entry, and the events that tell it so. */
export interface Told {
  things: readonly HeldThing[]
  events: readonly PlatformEvent[]
}

/**
 * Tells the platform of one more entry: whatever it sees otherwise than before, thing by thing, and nothing else. An
 * erasure of what it may have seen restates the file as a whole, since nobody can tell any more what that took away.
 */
export function tell(
  before: readonly HeldThing[],
  dossier: Dossier,
  entry: Entry,
  catalogue: Catalogue,
  isRestated: boolean,
): Told {
  const on = shanghaiDate(new Date(entry.recordedAt))
  const seen = platformFace(dossier, on, catalogue)?.things ?? []
  // Most things of a file are where they were, as they were.
  const seenBefore = seenAs.get(before) ?? []
  let same = isRestated ? 0 : before.length
  for (let i = Math.min(same, sameFrom(seenBefore, seen)); i < same; i += 1) {
    const thing = seen[i]
    if (thing !== undefined && thing === seenBefore[i]) continue
    const was = before[i]
    if (!thing || thing.id !== was?.id || partJson(thing.body) !== was.json) same = i
  }
  const held = new Map(before.slice(same).map((thing) => [thing.id, thing]))
  const things: HeldThing[] = before.slice(0, same)
  const events: PlatformEvent[] = []
  const told = (type: string, id: string, what: EventKind, was: HeldThing | undefined, isThere: boolean) =>
    events.push({
      position: entry.seq,
      type,
      id,
      what,
      at: entry.recordedAt,
      before: was?.digest ?? null,
      after: isThere ? entry.digest : null,
    })
  for (const thing of seen.slice(same)) {
    const { type, id } = thing
    const json = partJson(thing.body)
    const was = held.get(id)
    held.delete(id)
    if (was?.json === json && !isRestated) {
      things.push(was)
      continue
    }
    things.push({ type, id, json, position: entry.seq, digest: entry.digest })
    if (!isRestated) told(type, id, was ? changed(thing, was, entry) : came(type), was, true)
  }
  if (isRestated) told('enterprise', dossier.key, 'file.restated', undefined, true)
  else for (const was of held.values()) told(was.type, was.id, went(was, entry), was, false)
  seenAs.set(things, seen)
  return { things, events }
}

/** The things, by their places, that what the platform holds was told by. */
const seenAs = new WeakMap<readonly HeldThing[], readonly PlatformThing[]>()

function came(type: string): EventKind {
  if (type === 'enterprise') return 'file.opened'
  if (type === 'rating') return 'rating.issued'
  return type === 'listing' ? 'listing.published' : 'record.added'
}

function went({ type, id }: HeldThing, entry: Entry): EventKind {
  if (type === 'enterprise') return 'file.withdrawn'
  if (type === 'rating') return 'rating.ended'
  if (type === 'listing') return 'listing.removed'
  const isWithdrawn = entry.kind === 'enterprise.withdrawn' || isAbout(entry, 'record.withdrawn', id)
  return isWithdrawn ? 'record.withdrawn' : 'publication.ended'
}

function changed({ type, id, body }: PlatformThing, was: HeldThing, entry: Entry): EventKind {
  if (type === 'enterprise') {
    if (entry.kind === 'enterprise.corrected') return 'file.corrected'
    return nameIn(JSON.parse(was.json)) === nameIn(body) ? 'file.changed' : 'file.renamed'
  }
  if (type === 'rating') return isAbout(entry, 'rating.revoked', id) ? 'rating.revoked' : 'rating.changed'
  if (type === 'listing') return 'listing.changed'
  if (entry.kind === 'objection.filed' || entry.kind === 'objection.settled') return entry.kind
  if (isAbout(entry, 'record.corrected', id)) return 'record.corrected'
  if (isAbout(entry, 'record.updated', id)) return 'record.updated'
  if (isAbout(entry, 'record.expired', id)) return 'record.expired'
  return isPublicIn(body) && !isPublicIn(JSON.parse(was.json)) ? 'publication.begun' : 'record.updated'
}

function isAbout(entry: Entry, kind: string, id: string): boolean {
  if (entry.kind !== kind) return false
  const fact = factOf(entry)
  return fact !== undefined && 'id' in fact.payload && fact.payload.id === id
}

// Both read what `platformFace` made, before or now.
function nameIn(body: PlatformThing['body']): unknown {
  return 'orgCode' in body ? body.data.name : undefined
}

function isPublicIn(body: PlatformThing['body']): boolean {
  return 'publication' in body && body.publication.begun
}
