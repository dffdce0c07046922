import Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Dossier } from '../dossier/dossier.ts'
import { isFileSubject } from '../dossier/entries.ts'
import type { HeldThing } from '../dossier/events.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import {
  eventRows,
  type FileRows,
  type FileState,
  fileAfter,
  ratingRow,
  rowsOf,
  thingRows,
  type Value,
} from './rows.ts'
import { type Connection, currentGeneration } from './schema.ts'
import { foldSubject, waitingRows } from './subjects.ts'

interface StoredFile {
  dossier: string
  public_revision: number
  public_position: number
  face_changes_on: string | null
  face: string | null
}

type Statements = ReturnType<typeof prepare>
type Histories = ReadonlyMap<string, readonly Entry[]>

const CHUNK = 1000
const CACHED_DOSSIERS = 2000
/** How long a rebuild that died keeps others from beginning one. */
const FILLING_MS = 20_000

/** Applies entries to one generation of the read model, in order, each chunk and its position in one transaction. */
export class Applier {
  readonly #connection: Connection
  readonly #filling: number | undefined
  readonly #register: Register
  readonly #catalogue: Catalogue
  #prepared: { generation: number; statements: Statements } | undefined
  // What other processes have applied meanwhile shows in `applied`, and empties this.
  readonly #states = new LRUCache<string, FileState>({ max: CACHED_DOSSIERS })
  #cachedAt = 0
  #isLingering = false

  /** `filling` is a generation that is not in use yet; without it entries go to the one that readers use by then. */
  constructor(connection: Connection, register: Register, catalogue: Catalogue, filling?: number) {
    this.#connection = connection
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
      const entries = await this.#register.read(from, CHUNK)
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
    this.#isLingering ||= histories.size > 0
    if (this.#isLingering) this.#emptyLog()
  }

  #transact(from: number, last: Entry, act: (statements: Statements) => void): void {
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

  /** Takes away what the write-ahead log still holds of an erased text; tried again while a reader is in the way. */
  #emptyLog(): void {
    const [outcome] = z
      .array(z.object({ busy: z.number() }))
      .parse(this.#connection.pragma('wal_checkpoint(TRUNCATE)'))
    this.#isLingering = outcome?.busy !== 0
  }

  /** Statements on the generation that is to be written; another process may have let readers use a new one. */
  #statements(): Statements {
    const generation = this.#filling ?? currentGeneration(this.#connection) ?? 1
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
      const fault = error instanceof Error ? error.message : String(error)
      statements.setAside.run(entry.seq, entry.subject, entry.kind, fault.slice(0, 500))
    }
  }

  #applyOne(statements: Statements, entry: Entry, histories: Histories): void {
    if (entry.unreadable) throw new Error('内容无法读取')
    if (isFileSubject(entry.subject)) this.#applyToFile(statements, entry, histories)
    else applyToSubject(statements, entry)
  }

  #applyToFile(statements: Statements, entry: Entry, histories: Histories): void {
    const before = this.#state(statements, entry.subject)
    const history = entry.kind === 'payload.erased' ? histories.get(entry.subject) : undefined
    const after = fileAfter(before, entry, this.#catalogue, history)
    if (!after) return
    const { state, shown, events } = after
    const { dossier } = state
    // All is computed before anything is written.
    const rows = rowsOf(dossier, shown, this.#catalogue)
    const rating = entry.kind === 'rating.issued' ? ratingRow(dossier) : undefined
    statements.putFile.run({
      key: dossier.key,
      revision: dossier.revision,
      position: dossier.position,
      publicRevision: state.publicRevision,
      publicPosition: state.publicPosition,
      faceChangesOn: state.faceChangesOn,
      dossier: JSON.stringify(dossier),
      face: state.face,
    })
    for (const table of BESIDE) replaceRows(statements, table, dossier.key, rows[table], before?.dossier)
    if (rating) statements.putRating.run(...rating)
    const { key } = dossier
    if (history) {
      statements.clearThings.run(key)
      for (const { seq } of history) statements.clearEvents.run(seq)
    }
    putThings(statements, key, history ? [] : (before?.things ?? []), state.things)
    for (const row of eventRows(key, events)) statements.putEvent.run(...row)
    this.#states.set(entry.subject, state)
  }

  #state(statements: Statements, key: string): FileState | undefined {
    const cached = this.#states.get(key)
    if (cached) return cached
    const row = statements.getFile.get(key)
    return row && stateOf(row, statements.getThings.all(key))
  }
}

/** Whether a fault lies in what an entry says, and not in the disk, the file or the lock. */
export function isAboutEntry(error: unknown): boolean {
  return !(error instanceof Database.SqliteError) || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(error.code)
}

const BESIDE = ['record', 'grade', 'listing', 'case', 'deadline', 'proposal'] as const

/** Whether a file can have had rows in a table: most have none, and need not be looked for. */
const had: Readonly<Record<keyof FileRows, (before: Dossier) => boolean>> = {
  record: ({ records }) => records.length > 0,
  grade: ({ ratings }) => ratings.length > 0,
  listing: ({ cases }) => cases.length > 0,
  case: ({ cases }) => cases.length > 0,
  deadline: () => true,
  proposal: ({ proposals = [] }) => proposals.length > 0,
}

function replaceRows(
  statements: Statements,
  table: keyof FileRows,
  key: string,
  rows: readonly Value[][],
  before: Dossier | undefined,
): void {
  const { clear, put } = statements.beside[table]
  if (before && had[table](before)) clear.run(key)
  for (const row of rows) put.run(...row)
}

function applyToSubject(statements: Statements, entry: Entry): void {
  const stored = statements.getSubject.get(entry.subject)
  const state = foldSubject(stored, entry)
  if (state === undefined) return
  statements.putSubject.run(entry.subject, state)
  const { clear, put } = statements.beside.proposal
  clear.run(entry.subject)
  for (const row of waitingRows(entry.subject, state)) put.run(...row)
}

/** Puts the things that were not there as they are, and takes away those that are there no more. */
function putThings(
  { putThing, dropThing }: Statements,
  key: string,
  before: readonly HeldThing[],
  after: readonly HeldThing[],
): void {
  const kept = new Set(before)
  const ids = new Set(after.map(({ id }) => id))
  for (const { id } of before) if (!ids.has(id)) dropThing.run(key, id)
  for (const row of thingRows(
    key,
    after.filter((thing) => !kept.has(thing)),
  ))
    putThing.run(...row)
}

/** A file's state as its rows keep it. */
export function stateOf(row: StoredFile, things: readonly HeldThing[]): FileState {
  return {
    things,
    dossier: parseDossier(row.dossier),
    publicRevision: row.public_revision,
    publicPosition: row.public_position,
    faceChangesOn: row.face_changes_on,
    face: row.face,
  }
}

/** A dossier that this room wrote. */
export function parseDossier(json: string): Dossier {
  return JSON.parse(json)
}

function prepare(connection: Connection, g: number) {
  const beside = (table: keyof FileRows, columns: number) => ({
    clear: connection.prepare(`DELETE FROM ${table}_${g} WHERE key = ?`),
    put: connection.prepare(`INSERT INTO ${table}_${g} VALUES (${Array(columns).fill('?').join()})`),
  })
  return {
    applied: connection.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck(),
    advance: connection.prepare(
      `UPDATE generation SET applied = ?, chain = ?, filling_until = ? WHERE id = ${g}`,
    ),
    getFile: connection.prepare<[string], StoredFile>(
      `SELECT dossier, public_revision, public_position, face_changes_on, face FROM file_${g} WHERE key = ?`,
    ),
    putFile: connection.prepare(
      `INSERT OR REPLACE INTO file_${g}
        (key, revision, position, public_revision, public_position, face_changes_on, dossier, face)
       VALUES (@key, @revision, @position, @publicRevision, @publicPosition, @faceChangesOn, @dossier, @face)`,
    ),
    beside: {
      record: beside('record', 8),
      grade: beside('grade', 5),
      listing: beside('listing', 12),
      case: beside('case', 7),
      deadline: beside('deadline', 11),
      proposal: beside('proposal', 5),
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
    setAside: connection.prepare(`INSERT OR REPLACE INTO aside_${g} VALUES (?, ?, ?, ?)`),
  }
}
