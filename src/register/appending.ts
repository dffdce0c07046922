import { chained } from './chain.ts'
import { AHEAD_MS, CLOCK_ACCEPTED, ClockBehind } from './clock.ts'
import { type Draft, type Entry, entryDigest, newId, newSalt, payloadDigest, type Subject } from './entry.ts'
import type { Head } from './fit.ts'
import { type Append, type Appended, CommandReused, Conflict } from './register.ts'

/** A draft as far as it can be made before its place in the order is known. */
interface Prepared {
  draft: Draft
  salt: string
  payloadDigest: string
  json: string
}

/** An append that waits to join others in one transaction. */
export interface Waiting {
  request: Append
  prepared: readonly Prepared[]
  resolve(appended: Appended): void
  reject(error: unknown): void
}

/** A command's name stays for good beside what can be erased: it is made of ids, never of what somebody wrote. */
const COMMAND = /^[\x21-\x7e]{1,400}$/

/**
 * What of a request can fail by itself is done before it joins others: throws for a payload that has no canonical JSON
 * (half a surrogate pair, a number that is none), and for a command that is no name.
 */
export function prepared({ drafts, command }: Append): Prepared[] {
  if (!COMMAND.test(command)) throw new Error('a command is named in visible ASCII, at most 400 characters')
  return drafts.map((draft) => {
    const { payload } = draft
    const salt = newSalt()
    return { draft, salt, payloadDigest: payloadDigest(salt, payload), json: JSON.stringify(payload) }
  })
}

/** An entry with its payload as it is stored: null once that was erased. */
export interface Stored {
  entry: Entry
  json: string | null
}

/**
 * The entries of a request after a head, which is moved on to the last of them. `revisionOf` says where a subject stands.
 * Throws `Conflict` or `ClockBehind`, the head untouched.
 */
export function placed(
  { request, prepared }: Pick<Waiting, 'request' | 'prepared'>,
  head: Head,
  revisionOf: (subject: Subject) => number,
  now: Date,
): Stored[] {
  const { drafts, expect, command } = request
  const revisions = new Map<Subject, number>()
  for (const subject of new Set([...drafts.map((draft) => draft.subject), ...(expect?.keys() ?? [])])) {
    const actual = revisionOf(subject)
    const expected = expect?.get(subject) ?? actual
    if (actual !== expected) throw new Conflict(subject, expected, actual)
    revisions.set(subject, actual)
  }
  const recordedAt = timeOf(request, head, now)
  const stored = prepared.map(({ draft, salt, payloadDigest, json }): Stored => {
    const { subject, kind, payload, visibility, author } = draft
    const revision = (revisions.get(subject) ?? 0) + 1
    revisions.set(subject, revision)
    head.seq += 1
    const entry: Entry = {
      seq: head.seq,
      id: newId(),
      subject,
      revision,
      kind,
      payload,
      salt,
      payloadDigest,
      visibility,
      author,
      command,
      recordedAt,
      digest: '',
      chain: '',
    }
    entry.digest = entryDigest(entry)
    entry.chain = chained(head.chain, entry.digest)
    head.chain = entry.chain
    return { entry, json }
  })
  head.recordedAt = recordedAt
  return stored
}

/** When an append is recorded: now, but never before the entry before it, unless a person has set the clock right. */
function timeOf({ drafts }: Append, { recordedAt }: Head, now: Date): string {
  const time = now.toISOString()
  if (time >= recordedAt || drafts.every(({ kind }) => kind === CLOCK_ACCEPTED)) return time
  if (Date.parse(recordedAt) - now.getTime() > AHEAD_MS) throw new ClockBehind(recordedAt, time)
  return recordedAt
}

/** Whether one request was refused, and not the whole group with it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Conflict || error instanceof CommandReused || error instanceof ClockBehind
}
