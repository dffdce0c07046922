import type { Author, Draft, Entry, Subject } from './entry.ts'
import type { Standing } from './standing.ts'

/** Entries to append together, all or none. */
export interface Append {
  drafts: readonly Draft[]
  /** Revision that each subject must have for the drafts to make sense; 0 for one that must not exist yet. */
  expect?: ReadonlyMap<Subject, number>
  /** Names the request. */
  command: string
  /** Given for a command that may be repeated: its second run appends nothing and finds the first one's entries. */
  fingerprint?: string
  /** Positions whose payloads are forgotten for good with this append: their entries keep positions and digests. */
  erases?: readonly number[]
}

export interface Appended {
  entries: Entry[]
  /** True when an earlier run of the same command had appended them. */
  repeated: boolean
}

/** Which entries are looked for; all that is given must fit. */
export interface EntryFilters {
  authority?: string | undefined
  officer?: string | undefined
  subject?: string | undefined
  kind?: string | undefined
  /** ISO times, both included. */
  from?: string | undefined
  to?: string | undefined
}

/** An entry without its payload: who did what to whose file, when, by which request. */
export type EntryHead = Omit<Entry, 'payload' | 'salt' | 'payloadDigest' | 'digest' | 'chain' | 'unreadable'>

/** The head of an entry from its row, whose columns name the author apart. */
export function entryHead({ authority, officer, ...rest }: Omit<EntryHead, 'author'> & Author): EntryHead {
  return { ...rest, author: { authority, officer } }
}

/** The append-only register: one order, nothing ever changed, payloads erasable. */
export interface Register {
  /**
   * Appends durably: once it resolves, the entries survive any crash. Rejects with `Conflict` when a subject has
   * another revision, with `CommandReused` when the command's key belongs to a different request, with
   * `RegisterFull` when the disk has no room, with `ClockBehind` when the last entry lies in the future, with `ClockApart` when the clock is ahead of `sharedTime`, with `RegisterMoved` when the register lives elsewhere; nothing is
   * appended then.
   */
  append(request: Append): Promise<Appended>
  /** The entries an earlier command appended; undefined for a new one. Rejects with `CommandReused` as above. */
  outcome(command: string, fingerprint: string): Promise<Entry[] | undefined>
  /** At most `limit` entries after a position, in order. */
  read(after: number, limit: number): Promise<Entry[]>
  /** All entries of a subject, in order. */
  history(subject: Subject): Promise<Entry[]>
  /** At most `limit` entries in the order of subjects and revisions, after a place in it. */
  bySubject(after: { subject: Subject; revision: number }, limit: number): Promise<Entry[]>
  /** Entries before a position that fit, the latest first, without their payloads. */
  search(filters: EntryFilters, before: number, limit: number): Promise<EntryHead[]>
  /** Position of the last entry; 0 for an empty register. */
  head(): Promise<number>
  /** Where the register stands, with the chain up to there and its epoch. */
  standing(): Promise<Standing>
  /** Sees to it that what is read here is what was appended by now, wherever that was. */
  follow(): Promise<void>
  /** Entries after a position as they come, until the signal aborts. */
  watch(after: number, signal: AbortSignal): AsyncIterable<Entry[]>
  /** Writes what changes nothing, durably; rejects as `append` would where there is no room. */
  probe(): Promise<void>
  /**
   * Takes, or keeps, a lease on a kind of work for so many milliseconds, so that of several processes one does it; false
   * while another holds it. Leases lie beside the entries and end by themselves, at once with a process of this machine
   * that bears the name of a holder (`holderName`).
   */
  lease(work: string, holder: string, forMs: number): Promise<boolean>
  /** All leases that were ever taken, by their works. */
  leases(): Promise<Lease[]>
  /**
   * What the clock says of the server that keeps the register for all nodes; undefined where it is kept here. Rejects with
   * `RegisterUnavailable` where that can't be found out.
   */
  sharedTime(): Promise<Date | undefined>
  /** How many entries were appended by now that can't be read here yet; rejects where that can't be found out. */
  behind(): Promise<number>
  close(): Promise<void>
}

/** A lease on a work, and whether its holder still has it. */
export interface Lease {
  work: string
  holder: string
  isLive: boolean
}

/** A request that was run, and the entries that came of it. */
export interface Command {
  key: string
  fingerprint: string
  firstSeq: number
  count: number
}

/**
 * A register that can be carried over to another place, or be a copy of one that lives there: a copy takes no appends,
 * only what was appended there.
 */
export interface Movable extends Register {
  /** Where this one is, as it is shown: without a password. */
  readonly address: string
  /** Where the register lives; undefined where that is here. */
  livesAt(): Promise<string | undefined>
  /**
   * Says where the register lives from now on. One without entries takes the epoch of that place; rejects with `RegisterFault`
   * for one that has entries of another epoch.
   */
  moveTo(place: string | undefined, epoch: string): Promise<void>
  /**
   * Takes into a copy what follows its last entry in the register elsewhere, in order, and forgets what was erased there; what it
   * has already is passed over. Rejects with `RegisterFault`, having taken nothing, for entries that don't follow upon its own.
   */
  take(entries: readonly Entry[]): Promise<void>
  /** At most `limit` commands after a key, in the order of keys, whose entries lie after a position. */
  commands(after: string, since: number, limit: number): Promise<Command[]>
  /** Takes commands into a copy; those that it has are passed over. */
  takeCommands(commands: readonly Command[]): Promise<void>
}

/** A subject has moved on since the writer looked. */
export class Conflict extends Error {
  override readonly name = 'Conflict'
  constructor(
    readonly subject: Subject,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`${subject} is at revision ${actual}, not ${expected}`)
  }

  /**
   * Whether this is what another append met before, though the views have caught up since: what the register holds of the
   * subject can't be read then, and no waiting helps.
   */
  isAgain(before: Conflict | undefined): boolean {
    const { subject, expected, actual } = this
    return before?.subject === subject && before.expected === expected && before.actual === actual
  }
}

/** A command key that another request has used. */
export class CommandReused extends Error {
  override readonly name = 'CommandReused'
  constructor(readonly command: string) {
    super(`command ${command} was used for another request`)
  }
}

/** No room left where the register is kept. */
export class RegisterFull extends Error {
  override readonly name = 'RegisterFull'
}

/**
 * The server that keeps the register, or the file's lock, can't be had. What was to be appended was not, or, where that is `inDoubt`, nobody can
 * tell before it is back: the same command then finds what was appended, or appends it.
 */
export class RegisterUnavailable extends Error {
  override readonly name: string = 'RegisterUnavailable'
  constructor(
    readonly inDoubt: boolean,
    options?: ErrorOptions,
  ) {
    super(
      inDoubt ? 'the register can not be had, and an append is in doubt' : 'the register can not be had',
      options,
    )
  }
}

/**
 * The file that was opened does not lie in its place any more: it was moved, deleted or replaced while it was open. What would be
 * appended to it would be found by nobody, so nothing is, until it lies there again.
 */
export class RegisterGone extends RegisterUnavailable {
  override readonly name = 'RegisterGone'
  constructor() {
    super(false)
  }
}

/** The register was carried over to another place and takes no more appends in this one. */
export class RegisterMoved extends Error {
  override readonly name = 'RegisterMoved'
  constructor(readonly to: string) {
    super(`the register has moved to ${to}`)
  }
}
