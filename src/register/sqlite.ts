import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { and, desc, eq, gte, inArray, isNotNull, lt, lte, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { Anchor, type Anchored, anchorPath, layAnchor, readAnchor } from './anchor.ts'
import { isRefusal, placed, prepared, type Waiting } from './appending.ts'
import { MOST_LOG_BYTES } from './beside.ts'
import { CLOCK_SUBJECT } from './clock.ts'
import { ERASED, erasedBy, mustBeCopy, mustBeOf, mustFollow, notFollowing } from './copy.ts'
import { Sqlite } from './driver.ts'
import { EmptiedLog } from './emptied-log.ts'
import { type Entry, entryOf, jsonOf, type StoredEntry } from './entry.ts'
import { HEAD, type Head, headOf, mustFit, standingOf } from './fit.ts'
import { hasEnded } from './holder.ts'
import { lyingAt } from './in-place.ts'
import { migrateRegister } from './migrate.ts'
import { patiently, unavailableIfLocked } from './patient.ts'
import {
  type Appended,
  type Command,
  CommandReused,
  entryHead,
  type Movable,
  RegisterFull,
  RegisterGone,
  RegisterMoved,
} from './register.ts'
import { command, entry } from './sqlite-schema.ts'
import { anchoredFrom } from './standing.ts'
import { takenBack } from './taken-back.ts'
import { mustBeInShape } from './verify-shape.ts'

const BUSY_TIMEOUT_MS = 15_000
/** A lease is asked for again in a while; a lock that is held for longer than this is told. */
const LEASE_PATIENCE_MS = 4_000
const WATCH_POLL_MS = 200
const WATCH_BATCH = 500

/** Whether an error may come of what one request holds, rather than of the file or the disk. */
function isOfOne(error: unknown): boolean {
  if (error instanceof RegisterMoved || error instanceof RegisterGone) return false
  return !(error instanceof Sqlite.SqliteError) || error.code.startsWith('SQLITE_CONSTRAINT')
}

export interface SqliteOptions {
  /** Bounds the file as a disk's end would. */
  maxPages?: number
  /** How long an append waits for another program's lock. */
  busyMs?: number
  /** `look` opens what is there as it is: nothing is written, carried over or refused. */
  mode?: 'write' | 'look'
}

/**
 * Register in one SQLite file. Requests that arrive in the same turn of the event loop share a transaction and its
 * fsync. Several processes may open the file: each transaction takes the write lock before it looks at the head.
 * Throws `RegisterFault` for a file that does not fit its anchor, before anything is written.
 */
export function openSqliteRegister(
  path: string,
  now: () => Date,
  { maxPages, busyMs = BUSY_TIMEOUT_MS, mode = 'write' }: SqliteOptions = {},
): Movable {
  const connection = connect(path, mode)
  if (maxPages !== undefined) connection.pragma(`max_page_count = ${maxPages}`)
  connection.pragma(`busy_timeout = ${busyMs}`)
  const db = drizzle({ client: connection })
  const log = new EmptiedLog(connection)
  const liesThere = lyingAt(path)
  const mustLieThere = () => {
    if (!liesThere()) throw new RegisterGone()
  }

  const at = sql.placeholder
  const byCommand = db
    .select()
    .from(command)
    .where(eq(command.key, at('key')))
    .prepare()
  const rows = <P extends unknown[]>(rest: string) =>
    connection.prepare<P, StoredEntry>(`${ROWS} ${rest}`).raw()
  const between = rows<[number, number]>('WHERE seq >= ? AND seq < ? ORDER BY seq')
  const after = rows<[number, number]>('WHERE seq > ? ORDER BY seq LIMIT ?')
  const ofSubject = rows<[string]>('WHERE subject = ? ORDER BY revision')
  const inSubjects = rows<[string, number, number]>(
    'WHERE (subject, revision) > (?, ?) ORDER BY subject, revision LIMIT ?',
  )
  const head = connection.prepare<[], Head>(HEAD)
  const position = connection.prepare<[], number>('SELECT seq FROM head').pluck()
  const advance = connection.prepare('UPDATE head SET seq = ?, recorded_at = ?, chain = unhex(?)')
  const revisionOf = connection
    .prepare<[string], number>('SELECT max(revision) FROM entry WHERE subject = ?')
    .pluck()
  // Prepared without drizzle, whose filling of placeholders costs as much as the insertion itself.
  const insertion = connection.prepare(
    `INSERT INTO entry (seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority,
      officer, command, recorded_at, digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?))`,
  )
  function insertEntry(e: Entry, json: string | null): void {
    const { authority, officer } = e.author
    insertion.run(
      ...[e.seq, e.id, e.subject, e.revision, e.kind, json, e.salt, e.payloadDigest, e.visibility],
      ...[authority, officer, e.command, e.recordedAt, e.digest, e.chain],
    )
  }
  /** Writes an entry like the last one and takes it back: all that an append reads and writes is touched. */
  function tryEntry(seq: number): void {
    const [last] = after.all(seq - 1, 1)
    if (!last) return
    const own = entryOf(last)
    const next = { ...own, seq: seq + 1, id: `probe/${seq}`, revision: seq + 1 }
    takenBack(connection, () => insertEntry(next, jsonOf(own)))
  }
  const insertCommand = db
    .insert(command)
    .values({ key: at('key'), fingerprint: at('fingerprint'), firstSeq: at('firstSeq'), count: at('count') })
    .prepare()

  /** Takes payloads away; an entry that has none any more is passed over. */
  function forget(positions: readonly number[]): void {
    db.update(entry)
      .set({ payload: null, salt: null })
      .where(and(inArray(entry.seq, [...positions]), isNotNull(entry.payload)))
      .run()
  }

  const timeAt = connection.prepare<[number], string>('SELECT recorded_at FROM entry WHERE seq = ?').pluck()

  const turnings = connection
    .prepare<[string], number>('SELECT seq FROM entry WHERE subject = ? ORDER BY revision')
    .pluck()

  /**
   * A position before which no entry is of a time or later. Times rise with positions, so it is found by halving,
   * between the positions at which a person has set the clock back.
   */
  function firstFrom(time: string | undefined): number {
    if (time === undefined) return 0
    const end = (position.get() ?? 0) + 1
    let from = 1
    for (const to of [...turnings.all(CLOCK_SUBJECT), end]) {
      let [low, high] = [from, to]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if ((timeAt.get(middle) ?? '') < time) low = middle + 1
        else high = middle
      }
      if (low < to) return low
      from = to
    }
    return end
  }

  let waiting: Waiting[] = []
  const anchor = mode === 'write' ? openAnchor(path, connection) : undefined

  function repeated(key: string, fingerprint: string): Entry[] | undefined {
    const known = byCommand.get({ key })
    if (!known) return undefined
    if (known.fingerprint !== fingerprint) throw new CommandReused(key)
    return between.all(known.firstSeq, known.firstSeq + known.count).map(entryOf)
  }

  /** Appends one request inside the open transaction; throws before it writes anything. */
  function appendOne(one: Waiting, head: Head): Appended {
    const { command, fingerprint, erases } = one.request
    if (fingerprint !== undefined) {
      const entries = repeated(command, fingerprint)
      if (entries) return { entries, repeated: true }
    }
    const firstSeq = head.seq + 1
    const stored = placed(one, head, (subject) => revisionOf.get(subject) ?? 0, now())
    for (const { entry, json } of stored) insertEntry(entry, json)
    if (fingerprint !== undefined)
      insertCommand.run({ key: command, fingerprint, firstSeq, count: stored.length })
    if (erases && stored.length > 0) forget(erases)
    return { entries: stored.map(({ entry }) => entry), repeated: false }
  }

  function commitWaiting(): void {
    const group = waiting
    waiting = []
    commit(group)
  }

  function commit(group: readonly Waiting[]): void {
    const outcomes: (Appended | { error: unknown })[] = []
    let reached: Anchored | undefined
    try {
      connection
        .transaction(() => {
          mustLieThere()
          const reaching = headOf(head.get())
          const before = reaching.seq
          if (reaching.movedTo !== null) throw new RegisterMoved(reaching.movedTo)
          for (const one of group) {
            try {
              outcomes.push(appendOne(one, reaching))
            } catch (error) {
              if (!isRefusal(error)) throw error
              outcomes.push({ error })
            }
          }
          if (reaching.seq === before) return
          advance.run(reaching.seq, reaching.recordedAt, reaching.chain)
          reached = anchoredFrom(standingOf(reaching))
        })
        .immediate()
    } catch (error) {
      // Whatever one request brings that nobody thought of fails alone.
      if (group.length > 1 && isOfOne(error)) {
        for (const one of group) commit([one])
        return
      }
      const cause = naming(causeOf(error), path)
      for (const { reject } of group) reject(cause)
      return
    }
    if (reached) anchor?.write(reached)
    // What the write-ahead log still holds of an erased payload goes with it.
    if (group.some(({ request }) => request.erases)) log.empty()
    for (const [i, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[i]
      if (outcome && 'entries' in outcome) resolve(outcome)
      else reject(outcome?.error)
    }
  }

  function takeLease(work: string, holder: string, forMs: number): boolean {
    const at = Date.now()
    const other = connection
      .prepare<[string], string>('SELECT holder FROM lease WHERE work = ?')
      .pluck()
      .get(work)
    // Who was killed lets go of nothing; nobody waits for a lease that nobody keeps.
    const gone = other !== undefined && hasEnded(other) ? other : holder
    const taken = connection
      .prepare(
        `INSERT INTO lease (work, holder, until) VALUES (@work, @holder, @until)
         ON CONFLICT (work) DO UPDATE SET holder = @holder, until = @until
         WHERE holder IN (@holder, @gone) OR until < @at`,
      )
      .run({ work, holder, until: at + forMs, at, gone })
    return taken.changes > 0
  }

  const chainAt = connection
    .prepare<[number], string>('SELECT lower(hex(chain)) FROM entry WHERE seq = ?')
    .pluck()
  const taking = connection.transaction((entries: readonly Entry[]): Anchored | undefined => {
    const reaching = headOf(head.get())
    mustBeCopy(reaching, path)
    const before = reaching.seq
    const known = entries.findLast(({ seq }) => seq <= before)
    if (known && chainAt.get(known.seq) !== known.chain) throw notFollowing(path, reaching)
    for (const entry of entries) {
      if (entry.seq <= before) continue
      mustFollow(entry, reaching, path)
      insertEntry(entry, jsonOf(entry))
      if (entry.kind === ERASED) forget(erasedBy(entry))
    }
    if (reaching.seq === before) return undefined
    advance.run(reaching.seq, reaching.recordedAt, reaching.chain)
    return anchoredFrom(standingOf(reaching))
  })

  return {
    address: `sqlite://${hostname()}${resolve(path)}`,
    livesAt: async () => headOf(head.get()).movedTo ?? undefined,
    async moveTo(place, epoch) {
      mustBeOf(headOf(head.get()), epoch, path)
      connection.prepare('UPDATE head SET moved_to = ?, epoch = ?').run(place ?? null, epoch)
      anchor?.write(anchoredFrom(standingOf(headOf(head.get()))))
    },
    async take(entries) {
      const reached = taking.immediate(entries)
      if (reached) anchor?.write(reached)
      if (entries.some(({ kind }) => kind === ERASED)) log.empty()
    },
    commands: async (key, since, limit) =>
      connection
        .prepare<[string, number, number], Command>(
          `SELECT key, fingerprint, first_seq AS firstSeq, count FROM command
           WHERE key > ? AND first_seq > ? ORDER BY key LIMIT ?`,
        )
        .all(key, since, limit),
    async takeCommands(commands) {
      const taken = connection.prepare(
        'INSERT OR IGNORE INTO command VALUES (@key, @fingerprint, @firstSeq, @count)',
      )
      connection
        .transaction(() => {
          for (const one of commands) taken.run(one)
        })
        .immediate()
    },
    append: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, prepared: prepared(request), resolve, reject })
        if (waiting.length === 1) setImmediate(commitWaiting)
      }),
    outcome: async (key, fingerprint) => repeated(key, fingerprint),
    read: async (position, limit) => after.all(position, limit).map(entryOf),
    history: async (subject) => ofSubject.all(subject).map(entryOf),
    bySubject: async ({ subject, revision }, limit) => inSubjects.all(subject, revision, limit).map(entryOf),
    async search(filters, before, limit) {
      const { from, to, ...equal } = filters
      const bounds = [
        ...(from === undefined ? [] : [gte(entry.recordedAt, from)]),
        ...(to === undefined ? [] : [lte(entry.recordedAt, to)]),
      ]
      const { authority, officer, subject, kind } = equal
      const conditions = [
        lt(entry.seq, before),
        // Times rise with positions, so a time bounds the stretch that is looked through.
        ...(bounds.length === 0 ? [] : [gte(entry.seq, firstFrom(from)), ...bounds]),
        ...(authority === undefined ? [] : [eq(entry.authority, authority)]),
        ...(officer === undefined ? [] : [eq(entry.officer, officer)]),
        ...(subject === undefined ? [] : [eq(entry.subject, subject)]),
        ...(kind === undefined ? [] : [eq(entry.kind, kind)]),
      ]
      const rows = db
        .select(headColumns)
        .from(entry)
        .where(and(...conditions))
        .orderBy(desc(entry.seq))
        .limit(limit)
        .all()
      return rows.map(entryHead)
    },
    head: async () => position.get() ?? 0,
    standing: async () => standingOf(headOf(head.get())),
    follow: async () => undefined,
    async *watch(position, signal) {
      let reached = position
      while (!signal.aborted) {
        const entries = after.all(reached, WATCH_BATCH).map(entryOf)
        const newest = entries.at(-1)
        if (newest) {
          reached = newest.seq
          yield entries
        } else await sleep(WATCH_POLL_MS, undefined, { signal }).catch(() => undefined)
      }
    },
    async probe() {
      try {
        mustLieThere()
        const { movedTo, seq } = headOf(head.get())
        if (movedTo !== null) throw new RegisterMoved(movedTo)
        connection.prepare('UPDATE head SET seq = seq').run()
        tryEntry(seq)
      } catch (error) {
        throw naming(causeOf(error), path)
      }
    },
    lease(work, holder, forMs) {
      // It is asked for in the thread that answers, again and again.
      return patiently(connection, () => takeLease(work, holder, forMs), LEASE_PATIENCE_MS)
    },
    async leases() {
      return connection
        .prepare<[], { work: string; holder: string; until: number }>(
          'SELECT work, holder, until FROM lease ORDER BY work',
        )
        .all()
        .map(({ until, ...own }) => ({ ...own, isLive: until >= Date.now() && !hasEnded(own.holder) }))
    },
    sharedTime: async () => undefined,
    behind: async () => 0,
    async close() {
      if (waiting.length > 0) commitWaiting()
      await log.close()
      anchor?.close()
      connection.close()
    },
  }
}

const headColumns = {
  seq: entry.seq,
  id: entry.id,
  subject: entry.subject,
  revision: entry.revision,
  kind: entry.kind,
  visibility: entry.visibility,
  authority: entry.authority,
  officer: entry.officer,
  command: entry.command,
  recordedAt: entry.recordedAt,
}

// Read without drizzle, whose mapping of rows costs a tenth of a rebuild.
const ROWS = `SELECT seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority,
  officer, command, recorded_at, digest, lower(hex(chain)) FROM entry`

function connect(path: string, mode: 'write' | 'look'): Database.Database {
  if (mode === 'look') {
    const looked = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS, readonly: true })
    looked.pragma('cache_size = -65536')
    return looked
  }
  mustFit(path)
  mkdirSync(dirname(path), { recursive: true })
  const connection = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS })
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('cache_size = -16384')
  connection.pragma('wal_autocheckpoint = 8192')
  connection.pragma(`journal_size_limit = ${MOST_LOG_BYTES}`)
  // Freed pages are overwritten, so that an erased payload does not linger in the file.
  connection.pragma('secure_delete = ON')
  migrateRegister(connection)
  try {
    mustBeInShape(connection)
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}

/** The anchor beside a register that fits it; laid where the register has just been begun or carried over. */
function openAnchor(path: string, connection: Database.Database): Anchor {
  const file = anchorPath(path)
  const standing = () => anchoredFrom(standingOf(headOf(connection.prepare<[], Head>(HEAD).get())))
  // Under the write lock, so that of two processes only one lays it and both write to the same file.
  const laying = connection.transaction(() => {
    if (readAnchor(file) === undefined) layAnchor(file, standing())
  })
  if (readAnchor(file) === undefined) laying.immediate()
  const anchor = new Anchor(file)
  const found = readAnchor(file)
  if (found === undefined || found === 'broken' || found.position !== standing().position)
    anchor.write(standing())
  return anchor
}

/** What whoever appends is told of a database that takes nothing: nothing of it was done. */
function causeOf(error: unknown): unknown {
  if (isFull(error)) return new RegisterFull('no room left for the register', { cause: error })
  return unavailableIfLocked(error)
}

/** An error of a database with the file that it is of: whoever is told of it needs to know which is meant. */
function naming(error: unknown, path: string): unknown {
  return error instanceof Sqlite.SqliteError ? Object.assign(error, { path }) : error
}

function isFull(error: unknown): boolean {
  if (!(error instanceof Sqlite.SqliteError)) return false
  return error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR_WRITE')
}
