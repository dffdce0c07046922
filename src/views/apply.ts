import type Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import { sameFrom, sameTo } from '../dossier/alike.ts'
import { faultOfLast, UNREADABLE } from '../dossier/dossier.ts'
import { isFileSubject } from '../dossier/entries.ts'
import type { HeldThing } from '../dossier/events.ts'
import { publicFace } from '../dossier/face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { Sqlite } from '../register/driver.ts'
import { EmptiedLog } from '../register/emptied-log.ts'
import { digestFault, type Entry, unread } from '../register/entry.ts'
import { patiently, unavailableIfLocked } from '../register/patient.ts'
import type { Register } from '../register/register.ts'
import { takenBack } from '../register/taken-back.ts'
import { outlineOf } from './outline.ts'
import {
  eventRows,
  type FileRows,
  type FileState,
  fileAfter,
  fileRow,
  groundOf,
  isRestating,
  ratingRow,
  rowsOf,
  thingRows,
  type Value,
} from './rows.ts'
import { type Connection, currentGeneration } from './schema.ts'
import { dossierFrom, isSnapshotDue, readyFace } from './snapshot.ts'
import { foldSubject, waitingRows } from './subjects.ts'
import { mustStand, RebuildOvertaken } from './turns.ts'

interface StoredFile {
  public_position: number
  face_changes_on: string | null
  cut_on: string
  dossier: string
}

/** A file as it is held while entries come into it. */
interface Held {
  state: FileState
  rows: FileRows
  /** Characters of its last snapshot, and entries that have come since. */
  characters: number
  since: number
}

type Statements = ReturnType<typeof prepare>
type Histories = ReadonlyMap<string, readonly Entry[]>

const CHUNK = 1000
const CACHED_FILES = 2000
const CACHED_BYTES = 128 * 1024 * 1024
/** What a character of a file's JSON takes in memory as an object, with what is kept of it beside. */
const BYTES_A_CHARACTER = 6
/** How long a rebuild that died keeps others from beginning one. */
const FILLING_MS = 20_000

/** So long a write waits for whoever holds the views. */
const READY_MS = 8_000

/** Applies entries to one generation of the read model, in order, each chunk and its position in one transaction. */
export class Applier {
  readonly #connection: Connection
  readonly #filling: number | undefined
  readonly #tell: (words: string) => void
  readonly #register: Register
  readonly #catalogue: Catalogue
  #prepared: { generation: number; statements: Statements } | undefined
  // What other processes have applied meanwhile shows in `applied`, and empties this.
  readonly #states = new LRUCache<string, Held>({
    max: CACHED_FILES,
    maxSize: CACHED_BYTES,
    sizeCalculation: ({ characters }) => BYTES_A_CHARACTER * characters + 1000,
  })
  #cachedAt = 0
  readonly #log: EmptiedLog

  /**
   * `filling` is a generation that is not in use yet; without it entries go to the one that readers use by then. `tell` hears
   * in words of entries that were set aside.
   */
  constructor(
    connection: Connection,
    register: Register,
    catalogue: Catalogue,
    { filling, tell = () => undefined }: { filling?: number; tell?(words: string): void } = {},
  ) {
    this.#connection = connection
    this.#log = new EmptiedLog(connection)
    this.#tell = tell
    this.#filling = filling
    this.#register = register
    this.#catalogue = catalogue
  }

  /** Position up to which this generation has applied the register. */
  get applied(): number {
    return this.#connection.transaction(() => this.#statements().applied.get() ?? 0).deferred()
  }

  /** Applies what the register has beyond `applied`; returns the position reached. */
  async catchUp(pause?: () => Promise<void>): Promise<number> {
    for (;;) {
      const from = this.applied
      const read = await this.#register.read(from, CHUNK)
      // What is computed anew rests on years of entries: one that somebody changed in the file meanwhile is shown to nobody.
      const entries = this.#filling === undefined ? read : read.map(untampered)
      const last = entries.at(-1)
      if (!last) return from
      await this.apply(from, entries)
      await pause?.()
    }
  }

  /** Applies entries that follow a position directly; does nothing when another process was quicker. */
  async apply(from: number, entries: readonly Entry[]): Promise<void> {
    const last = entries.at(-1)
    if (!last) return
    // An erasure takes away what the fold had seen, so the file is folded anew from what is left.
    const histories = new Map<string, Entry[]>()
    for (const entry of entries)
      if (entry.kind === 'payload.erased')
        histories.set(entry.subject, await this.#register.history(entry.subject))
    try {
      this.#transact(from, last, (statements) => {
        for (const entry of entries) this.#applyOne(statements, entry, histories)
      })
    } catch (error) {
      if (!isAboutEntry(error)) throw error
      // Something in there can't be applied: each by itself then, so that it stops nothing else.
      this.#states.clear()
      this.#transact(from, last, (statements) => {
        for (const entry of entries) this.#applyOrSetAside(statements, entry, histories)
      })
    }
    // What the write-ahead log still holds of an erased text goes with it.
    if (histories.size > 0) this.#log.empty()
  }

  /**
   * Waits until what is appended can be shown: while another program holds the views, nothing is. Throws `RegisterUnavailable`
   * where it does so for long.
   */
  async ready(mostMs = READY_MS): Promise<void> {
    try {
      await patiently(this.#connection, () => takenBack(this.#connection, () => undefined), mostMs)
    } catch (error) {
      throw unavailableIfLocked(error)
    }
  }

  /** Before the connection is closed. */
  close(): Promise<void> {
    return this.#log.close()
  }

  #transact(from: number, last: Entry, act: (statements: Statements) => void): void {
    try {
      this.#transactOnce(from, last, act)
    } catch (error) {
      // What was rolled back is held by nobody.
      this.#states.clear()
      throw error
    }
  }

  #transactOnce(from: number, last: Entry, act: (statements: Statements) => void): void {
    this.#connection
      .transaction(() => {
        const statements = this.#statements()
        if ((statements.applied.get() ?? 0) !== from) return
        if (this.#cachedAt !== from) this.#states.clear()
        act(statements)
        statements.advance.run(
          last.seq,
          last.chain,
          this.#filling === undefined ? null : Date.now() + FILLING_MS,
        )
        this.#cachedAt = last.seq
      })
      .immediate()
  }

  /** Statements on the generation that is to be written; another process may have let readers use a new one. */
  #statements(): Statements {
    const generation = this.#filling ?? currentGeneration(this.#connection) ?? 1
    if (this.#filling !== undefined) mustStand(this.#connection, this.#filling)
    if (this.#prepared?.generation !== generation) {
      this.#states.clear()
      this.#prepared = { generation, statements: prepare(this.#connection, generation) }
    }
    return this.#prepared.statements
  }

  #applyOrSetAside(statements: Statements, entry: Entry, histories: Histories): void {
    try {
      this.#connection.transaction(() => this.#applyOne(statements, entry, histories))()
    } catch (error) {
      if (!isAboutEntry(error)) throw error
      this.#states.delete(entry.subject)
      this.#setAside(statements, entry, error instanceof Error ? error.message : String(error))
      this.#passOver(statements, entry, histories)
    }
  }

  /** Notes an entry as one for a person to look at. */
  #setAside(statements: Statements, { seq, subject, kind }: Entry, fault: string): void {
    statements.setAside.run(seq, subject, kind, fault.slice(0, 500))
    this.#tell(
      `登记簿第 ${seq} 条（${subject}，${kind}）本版本读不出，已搁置，不影响其他内容；请执行 verify 查看。`,
    )
  }

  /** Counts an entry that can't be read in its subject's revision, so that the subject goes on being written. */
  #passOver(statements: Statements, entry: Entry, histories: Histories): void {
    try {
      this.#connection.transaction(() => this.#take(statements, unread(entry), histories))()
    } catch (error) {
      // What stands before it can't be shown either, and has been set aside itself.
      if (!isAboutEntry(error)) throw error
      this.#states.delete(entry.subject)
    }
  }

  #applyOne(statements: Statements, entry: Entry, histories: Histories): void {
    if (entry.unreadable) throw new Error(UNREADABLE)
    const fault = this.#take(statements, entry, histories)
    if (fault !== undefined) this.#setAside(statements, entry, fault)
  }

  /** Takes an entry into the views; returns what of it could not be read. */
  #take(statements: Statements, entry: Entry, histories: Histories): string | undefined {
    if (isFileSubject(entry.subject)) return this.#applyToFile(statements, entry, histories)
    applyToSubject(statements, entry)
    return undefined
  }

  #applyToFile(statements: Statements, entry: Entry, histories: Histories): string | undefined {
    const held = this.#held(statements, entry.subject)
    const before = held?.state
    const aside = new Set(entry.kind === 'payload.erased' ? statements.asideOf.all(entry.subject) : [])
    const past = entry.kind === 'payload.erased' ? histories.get(entry.subject) : undefined
    const history = past?.map((own) => (aside.has(own.seq) ? unread(own) : own))
    const after = fileAfter(before, entry, this.#catalogue, history)
    // A file whose first entry can't be read is not there.
    if (!after) return entry.kind === 'enterprise.opened' && entry.payload !== null ? UNREADABLE : undefined
    const { state, events } = after
    const { dossier, shown } = state
    const { key, position } = dossier
    // All is computed before anything is written.
    const rows = rowsOf(state, this.#catalogue)
    const rating = entry.kind === 'rating.issued' ? ratingRow(dossier) : undefined
    const outline = shown ? JSON.stringify(outlineOf(shown, this.#catalogue)) : null
    statements.putFile.run(...fileRow(state, outline))
    for (const table of BESIDE) putRows(statements.beside[table], key, held?.rows[table] ?? [], rows[table])
    if (rating) statements.putRating.run(...rating)
    if (history) {
      statements.clearThings.run(key)
      // What an erasure restates takes the place of all that was told before.
      if (isRestating(events)) for (const { seq } of history) statements.clearEvents.run(seq)
    }
    putThings(statements, key, history ? [] : (before?.things ?? []), state.things)
    for (const row of eventRows(key, events)) statements.putEvent.run(...row)
    let { characters, since } = held ?? { characters: 0, since: 0 }
    since += 1
    if (history || isSnapshotDue(characters, since)) {
      const json = JSON.stringify(dossier)
      statements.putSnapshot.run(key, position, json, readyFace(state), groundOf(state, this.#catalogue))
      if (held) statements.clearTail.run(key)
      characters = json.length
      since = 0
    } else statements.putTail.run(key, position, JSON.stringify(entry))
    this.#states.set(key, { state, rows, characters, since })
    return entry.unreadable ? undefined : faultOfLast(dossier)
  }

  #held(statements: Statements, key: string): Held | undefined {
    const cached = this.#states.get(key)
    if (cached) return cached
    const row = statements.getFile.get(key)
    if (!row) return undefined
    const tail = statements.getTail.all(key)
    const dossier = dossierFrom(row.dossier, tail)
    const { cut_on: cutOn, public_position: publicPosition } = row
    const state: FileState = {
      ...{ dossier, publicPosition, cutOn },
      faceChangesOn: row.face_changes_on,
      shown: publicFace(dossier, cutOn, this.#catalogue),
      things: statements.getThings.all(key),
    }
    const rows = rowsOf(state, this.#catalogue)
    return { state, rows, characters: row.dossier.length, since: tail.length }
  }
}

/** Whether a fault lies in what an entry says, and not in the disk, the file or the lock. */
export function isAboutEntry(error: unknown): boolean {
  if (error instanceof RebuildOvertaken) return false
  return !(error instanceof Sqlite.SqliteError) || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(error.code)
}

const BESIDE = ['record', 'grade', 'listing', 'case', 'deadline', 'proposal', 'erased'] as const

/** Brings the rows of a file from what they were to what they are: those that stay the same are not touched. */
function putRows(
  { name, insert, replace, drop }: Beside,
  key: string,
  before: readonly Value[][],
  after: readonly Value[][],
): void {
  const same = sameFrom(before, after)
  const sameAtEnd = sameTo(before, after, same)
  const left = new Map(before.slice(same, before.length - sameAtEnd).map((row) => [row[name], row]))
  for (const row of after.slice(same, after.length - sameAtEnd)) {
    const was = left.get(row[name])
    left.delete(row[name])
    if (!was) insert.run(...row)
    else if (!isSameRow(was, row)) replace.run(...row)
  }
  for (const gone of left.keys()) drop.run(key, gone)
}

function isSameRow(one: readonly Value[], other: readonly Value[]): boolean {
  return one === other || one.every((value, i) => value === other[i])
}

function applyToSubject(statements: Statements, entry: Entry): void {
  const stored = statements.getSubject.get(entry.subject)
  const state = foldSubject(stored, entry)
  if (state === undefined) return
  statements.putSubject.run(entry.subject, state)
  const waiting = (own: string | undefined) => (own === undefined ? [] : waitingRows(entry.subject, own))
  putRows(statements.beside.proposal, entry.subject, waiting(stored), waiting(state))
}

/** Puts the things that were not there as they are, and takes away those that are there no more. */
function putThings(
  { putThing, dropThing }: Statements,
  key: string,
  before: readonly HeldThing[],
  after: readonly HeldThing[],
): void {
  const same = sameFrom(before, after)
  const kept = new Set(before.slice(same))
  const ids = new Set(after.slice(same).map(({ id }) => id))
  for (const { id } of kept) if (!ids.has(id)) dropThing.run(key, id)
  for (const row of thingRows(
    key,
    after.slice(same).filter((thing) => !kept.has(thing)),
  ))
    putThing.run(...row)
}

/** The columns of the statements on the rows beside a file. */
interface Beside {
  /** Place of the column that names a row within its file. */
  name: number
  insert: Database.Statement
  replace: Database.Statement
  drop: Database.Statement
}

function prepare(connection: Connection, g: number) {
  const beside = (table: keyof FileRows, columns: number, [name, column]: [number, string]): Beside => {
    const values = `${table}_${g} VALUES (${Array(columns).fill('?').join()})`
    return {
      name,
      insert: connection.prepare(`INSERT INTO ${values}`),
      replace: connection.prepare(`INSERT OR REPLACE INTO ${values}`),
      drop: connection.prepare(`DELETE FROM ${table}_${g} WHERE key = ? AND ${column} = ?`),
    }
  }
  return {
    applied: connection.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck(),
    advance: connection.prepare(
      `UPDATE generation SET applied = ?, chain = ?, filling_until = ? WHERE id = ${g}`,
    ),
    getFile: connection.prepare<[string], StoredFile>(
      `SELECT f.public_position, f.face_changes_on, f.cut_on, s.dossier
       FROM file_${g} f JOIN snapshot_${g} s ON s.key = f.key WHERE f.key = ?`,
    ),
    putFile: connection.prepare(`INSERT OR REPLACE INTO file_${g} VALUES (?, ?, ?, ?, ?, ?, ?)`),
    putSnapshot: connection.prepare(`INSERT OR REPLACE INTO snapshot_${g} VALUES (?, ?, ?, ?, ?)`),
    getTail: connection
      .prepare<[string], string>(`SELECT entry FROM tail_${g} WHERE key = ? ORDER BY position`)
      .pluck(),
    putTail: connection.prepare(`INSERT INTO tail_${g} VALUES (?, ?, ?)`),
    clearTail: connection.prepare(`DELETE FROM tail_${g} WHERE key = ?`),
    beside: {
      record: beside('record', 10, [1, 'id']),
      grade: beside('grade', 5, [1, 'standard']),
      listing: beside('listing', 12, [0, 'id']),
      case: beside('case', 7, [0, 'id']),
      deadline: beside('deadline', 10, [1, 'id']),
      proposal: beside('proposal', 10, [0, 'id']),
      erased: beside('erased', 3, [0, 'id']),
    },
    getThings: connection.prepare<[string], HeldThing>(
      `SELECT type, id, json, position, digest FROM thing_${g} WHERE key = ?`,
    ),
    putThing: connection.prepare(`INSERT OR REPLACE INTO thing_${g} VALUES (?, ?, ?, ?, ?, ?)`),
    dropThing: connection.prepare(`DELETE FROM thing_${g} WHERE key = ? AND id = ?`),
    clearThings: connection.prepare(`DELETE FROM thing_${g} WHERE key = ?`),
    putEvent: connection.prepare(`INSERT INTO event_${g} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    clearEvents: connection.prepare(`DELETE FROM event_${g} WHERE position = ?`),
    putRating: connection.prepare(`INSERT OR REPLACE INTO rating_${g} VALUES (?, ?, ?, ?, ?, ?, ?)`),
    getSubject: connection
      .prepare<[string], string>(`SELECT state FROM subject_${g} WHERE subject = ?`)
      .pluck(),
    putSubject: connection.prepare(`INSERT OR REPLACE INTO subject_${g} (subject, state) VALUES (?, ?)`),
    asideOf: connection
      .prepare<[string], number>(`SELECT position FROM aside_${g} WHERE subject = ?`)
      .pluck(),
    setAside: connection.prepare(`INSERT OR REPLACE INTO aside_${g} VALUES (?, ?, ?, ?)`),
  }
}

/** An entry as it is, where its digests say that it is as it was recorded; else as one that can't be read. */
function untampered(entry: Entry): Entry {
  return digestFault(entry) === undefined ? entry : unread(entry)
}
