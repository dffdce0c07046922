import { hash, randomFillSync } from 'node:crypto'
import canonicalize from 'canonicalize'
import { v7 as uuidv7 } from 'uuid'

/** Whose an entry is: an enterprise's file by its key, or `key/…`, `standard/…`, `bulletin/…`. */
export type Subject = string

/** Who may ever see an entry's payload: anyone once it is published, the credit platform, or officers alone. */
export type Visibility = 'public' | 'platform' | 'internal'

export interface Author {
  authority: string
  officer: string
}

/** What is to be appended; the register adds position, revision, time and digests. */
export interface Draft {
  subject: Subject
  kind: string
  payload: unknown
  visibility: Visibility
  author: Author
}

/** One fact in the register, never changed once it has its position. */
export interface Entry extends Draft {
  /** Position: 1, 2, 3 …, no gaps, in commit order. */
  seq: number
  /** UUIDv7. */
  id: string
  /** 1, 2, 3 … within the subject. */
  revision: number
  /** Null once the payload has been erased; its digest stays. */
  payload: unknown
  /** Random hex that the payload's digest starts from, so that an erased payload can't be guessed from it. */
  salt: string | null
  payloadDigest: string
  /** The request it came from. */
  command: string
  /** When the register learnt it, ISO 8601 in UTC. */
  recordedAt: string
  digest: string
  /** The chain up to this entry, in hex: see `chained`. */
  chain: string
  /** Set where what is stored is no JSON, or missing: the payload is null then, though it was not erased. */
  unreadable?: true
}

/**
 * An entry as a store gives it, column by column: its payload as text. Rows with names cost as much again as reading them, and
 * whoever reads a register reads them all.
 */
export type StoredEntry = [
  seq: number,
  id: string,
  subject: Subject,
  revision: number,
  kind: string,
  payload: string | null,
  salt: string | null,
  payloadDigest: string,
  visibility: Visibility,
  authority: string,
  officer: string,
  command: string,
  recordedAt: string,
  digest: string,
  chain: string,
]

/** The entry that a store has kept. */
export function entryOf(row: StoredEntry): Entry {
  const [seq, id, subject, revision, kind, json, salt, payloadDigest, visibility, ...rest] = row
  const [authority, officer, command, recordedAt, digest, chain] = rest
  const entry: Entry = {
    seq,
    id,
    subject,
    revision,
    kind,
    payload: null,
    salt,
    payloadDigest,
    visibility,
    author: { authority, officer },
    command,
    recordedAt,
    digest,
    chain,
  }
  try {
    // An erasure takes payload and salt together: one without the other is no erasure.
    if (json !== null) entry.payload = JSON.parse(json)
    else if (salt !== null) entry.unreadable = true
  } catch {
    // One row that can't be read must not keep anybody from all the others.
    entry.unreadable = true
  }
  return entry
}

/** An entry's payload as a store keeps it: null where there is none. */
export function jsonOf({ payload, salt, unreadable }: Entry): string | null {
  return payload === null && (salt === null || unreadable) ? null : JSON.stringify(payload)
}

/** An entry as one that can't be read: it has its place and revision, and says nothing. */
export function unread(entry: Entry): Entry {
  return { ...entry, payload: null, unreadable: true }
}

// One system call fills many salts and ids: asked for singly they cost a fifth of an import.
const random = Buffer.alloc(16 * 4096)
let randomUsed = random.length

function sixteenRandomBytes(): Buffer {
  if (randomUsed === random.length) {
    randomFillSync(random)
    randomUsed = 0
  }
  randomUsed += 16
  return random.subarray(randomUsed - 16, randomUsed)
}

/** A fresh salt for one payload. */
export function newSalt(): string {
  return sixteenRandomBytes().toString('hex')
}

/** A fresh UUIDv7 for an entry or a record. */
export function newId(): string {
  return uuidv7({ random: sixteenRandomBytes() })
}

/** The UUIDv7 of a moment, in milliseconds, that follows from a text: the same whoever asks. */
export function idFrom(text: string, msecs: number): string {
  return uuidv7({ msecs, random: Buffer.from(sha256(text).slice(0, 32), 'hex') })
}

/** SHA-256 in hex over the salt and the canonical JSON (RFC 8785) of a payload. */
export function payloadDigest(salt: string, payload: unknown): string {
  return sha256(salt + (canonicalize(payload) ?? 'null'))
}

/** SHA-256 in hex over the canonical JSON of an entry, its payload by digest, so that erasure leaves it checkable. */
export function entryDigest(
  entry: Omit<Entry, 'digest' | 'payload' | 'salt' | 'chain' | 'unreadable'>,
): string {
  const { author, command, id, kind, payloadDigest, recordedAt, revision, seq, subject, visibility } = entry
  const { authority, officer } = author
  // Members in the order of RFC 8785, whose text plain JSON of strings and whole numbers then is: sorting them anew
  // for every entry cost a sixth of an import.
  return sha256(
    JSON.stringify({
      author: { authority, officer },
      command,
      id,
      kind,
      payloadDigest,
      recordedAt,
      revision,
      seq,
      subject,
      visibility,
    }),
  )
}

/** What is wrong with an entry's digests, in Chinese; undefined when both hold. */
export function digestFault(entry: Entry): string | undefined {
  if (entry.unreadable) return '内容无法读取'
  if (
    (entry.payload !== null || entry.salt !== null) &&
    payloadDigest(entry.salt ?? '', entry.payload) !== entry.payloadDigest
  )
    return '内容与其摘要不符'
  return entryDigest(entry) === entry.digest ? undefined : '条目与其摘要不符'
}

/** Hash of a request, to tell a repeated command from a different one under the same key. */
export function fingerprintOf(request: string): string {
  return sha256(request)
}

function sha256(text: string): string {
  // In one call: an object for each of an entry's three hashes costs as much as they do.
  return hash('sha256', text, 'hex')
}
