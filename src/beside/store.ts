import type Database from 'better-sqlite3'
import type { Pool, PoolClient } from 'pg'
import { patiently, unavailableIfLocked } from '../register/patient.ts'
import { serverAt } from '../register/postgres-server.ts'
import { type Row, rowsOf } from './rows.ts'
import { sharedRuns } from './shared-runs.ts'
import { reaching, transaction } from './transaction.ts'

/** A small database beside the register: read here as it stands, changed through this. */
export interface Store {
  /** Changes whenever anything in it has, whoever changed it. */
  readonly version: number
  /**
   * Does what reads and writes the database, as one, in this turn, decided on what all nodes have. It may yet come to nothing, so
   * it does nothing else. Rejects with `RegisterUnavailable` where the nodes' database can't be had, or another program has this
   * one locked.
   */
  change<T>(act: () => T): Promise<T>
  /** Brings it to where all nodes are. Rejects as `change` does; what it has can be read all the same. */
  follow(): Promise<void>
  /** Reads and locks as a change does, and changes nothing. Rejects as `change` does, and with what the database says where its file is broken. */
  probe(): Promise<void>
  close(): Promise<void>
}

/** What of a database all nodes have alike, under which name. */
export interface SharedTables {
  store: string
  tables: readonly string[]
}

/** Address of the nodes' database; empty where a node is alone. */
export type NodesDatabase = string

/** A database as a store: this node's alone, or what all nodes have in theirs. */
export function storeOf(db: Database.Database, shared: SharedTables, database: NodesDatabase): Store {
  return database === '' ? ownStore(db, shared) : sharedStore(db, shared, database)
}

/** So long a person is let wait for another program's lock. */
const PATIENCE_MS = 4_000

/** Reads a row of each table. */
function lookInto(db: Database.Database, { tables }: SharedTables): void {
  for (const table of tables) db.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
}

function ownStore(db: Database.Database, shared: SharedTables): Store {
  // What is changed from here on no other node knows of.
  db.exec('DROP TABLE IF EXISTS copy_head')
  const version = db.prepare<[], number>('PRAGMA data_version').pluck()
  let own = 0
  async function locked<T>(act: () => T): Promise<T> {
    try {
      return await patiently(db, act, PATIENCE_MS)
    } catch (error) {
      throw unavailableIfLocked(error)
    }
  }
  return {
    get version() {
      return (version.get() ?? 0) + own
    },
    change: (act) =>
      // Counted in the turn in which it is done: while it waits for a lock, others keep what they read under the version of before.
      locked(() => {
        own += 1
        return db.transaction(act).immediate()
      }),
    follow: async () => undefined,
    probe: () => locked(() => db.transaction(() => lookInto(db, shared)).immediate()),
    close: async () => undefined,
  }
}

interface Head {
  seq: number
  /** Up to here rows that are gone have been forgotten: who has come less far begins anew. */
  forgotten: number
}

const CONNECTIONS = 2
const ROWS_AT_ONCE = 2_000
/** A row that is gone is known as gone for so long. */
const GONE_KEPT_MS = 30 * 24 * 3_600_000
const FORGETS_EVERY = 500
const NOW_MS = 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)'

/**
 * Each node has a copy to read, and changes it under the lock of the store's head in the nodes' database, brought up to it
 * before: nothing is decided on what is no more, and a node goes on reading while that database is away. What a node had
 * before it shared anything is given to all.
 */
function sharedStore(db: Database.Database, shared: SharedTables, database: string): Store {
  const { store, tables } = shared
  const server = serverAt(database, CONNECTIONS)
  db.exec(
    'CREATE TABLE IF NOT EXISTS copy_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT',
  )
  const rows = rowsOf(db, tables)
  begunAnewByAnotherShape(db, rows.shape)
  const version = db.prepare<[], number>('PRAGMA data_version').pluck()
  const reached = db.prepare<[], number>('SELECT seq FROM copy_head').pluck()
  const reach = db.prepare('INSERT OR REPLACE INTO copy_head VALUES (1, ?)')
  let own = 0

  /** Takes in what others, or this one, have changed; up to where that leads, once it is all there. */
  function take(changed: readonly Row[], to?: number): void {
    own += 1
    db.transaction(() => {
      rows.put(changed)
      if (to !== undefined && to > (reached.get() ?? -1)) reach.run(to)
    }).immediate()
  }

  const beginAnew = () =>
    db
      .transaction(() => {
        rows.clear()
        reach.run(-1)
      })
      .immediate()

  async function headOn(on: Pool | PoolClient, lock = ''): Promise<Head> {
    const found = await on.query<Head>(`SELECT seq, forgotten FROM beside_head WHERE store = $1 ${lock}`, [
      store,
    ])
    return found.rows[0] ?? { seq: 0, forgotten: 0 }
  }

  async function reachHead(on: Pool | PoolClient, known: Head): Promise<void> {
    const from = reached.get() ?? -1
    if (from === known.seq) return
    // A head that was read before the copy went on is read again; one that stays behind is of a database that was restored, or another.
    const head = from > known.seq ? await headOn(on) : known
    const isAnew = from < head.forgotten || (from > head.seq && head.seq > 0)
    if (isAnew) beginAnew()
    for (let after = { seq: isAnew ? -1 : from + 1, place: '', key: '' }; ; ) {
      const found = await on.query<Row & { seq: number }>(
        `SELECT place, key, seq, row FROM beside_row WHERE store = $1 AND (seq, place, key) > ($2, $3, $4)
         ORDER BY seq, place, key LIMIT ${ROWS_AT_ONCE}`,
        [store, after.seq, after.place, after.key],
      )
      const last = found.rows.at(-1)
      if (!last) break
      take(found.rows)
      after = last
    }
    take([], head.seq)
  }

  /** Does something under the lock of the head, in one transaction there. */
  function locked<T>(work: (client: PoolClient, head: Head) => Promise<T>): Promise<T> {
    return transaction(server, async (client) => {
      await client.query(
        'INSERT INTO beside_head (store, seq, forgotten) VALUES ($1, 0, 0) ON CONFLICT (store) DO NOTHING',
        [store],
      )
      return work(client, await headOn(client, 'FOR UPDATE'))
    })
  }

  /** Writes down what was changed, and gives the head that this leads to. */
  async function tell(client: PoolClient, head: Head, changed: readonly Row[]): Promise<Head> {
    const seq = head.seq + 1
    for (let i = 0; i < changed.length; i += ROWS_AT_ONCE) {
      const some = changed.slice(i, i + ROWS_AT_ONCE)
      await client.query(
        `INSERT INTO beside_row (store, place, key, seq, at, row)
         SELECT $1, place, key, $2, ${NOW_MS}, row FROM unnest($3::text[], $4::text[], $5::text[]) AS new (place, key, row)
         ON CONFLICT (store, place, key) DO UPDATE SET seq = excluded.seq, at = excluded.at, row = excluded.row`,
        [
          ...[store, seq],
          ...[some.map(({ place }) => place), some.map(({ key }) => key), some.map(({ row }) => row)],
        ],
      )
    }
    const gone = seq % FORGETS_EVERY === 0 ? await forgetGone(client) : 0
    const forgotten = Math.max(head.forgotten, gone)
    await client.query('UPDATE beside_head SET seq = $2, forgotten = $3 WHERE store = $1', [
      ...[store, seq, forgotten],
    ])
    return { seq, forgotten }
  }

  /** Forgets what is long gone; up to which change. */
  async function forgetGone(client: PoolClient): Promise<number> {
    const found = await client.query<{ seq: number }>(
      `DELETE FROM beside_row WHERE store = $1 AND row IS NULL AND at < ${NOW_MS} - $2 RETURNING seq`,
      [store, GONE_KEPT_MS],
    )
    return found.rows.reduce((most, { seq }) => Math.max(most, seq), 0)
  }

  async function adopt(): Promise<void> {
    await locked(async (client, head) => {
      const there = await client.query<Row>('SELECT place, key FROM beside_row WHERE store = $1', [store])
      const known = new Set(there.rows.map(({ place, key }) => place + key))
      const lacking = rows.all().filter(({ place, key }) => !known.has(place + key))
      if (lacking.length > 0) await tell(client, head, lacking)
    })
  }

  async function follow(): Promise<void> {
    if (reached.get() === undefined) await adopt()
    await reachHead(server, await headOn(server))
  }

  async function change<T>(act: () => T): Promise<T> {
    if (reached.get() === undefined) await reaching(follow)
    const { outcome, changed, from, to } = await locked(async (client, head) => {
      await reachHead(client, head)
      const tried = attempted(act)
      const to = tried.changed.length > 0 ? await tell(client, head, tried.changed) : head
      return { ...tried, from: head, to }
    })
    // What others have changed meanwhile comes with the next look.
    if (reached.get() === from.seq && to.seq > from.seq) take(changed, to.seq)
    return outcome
  }

  /** What an act would change; it is taken back, to be done once all nodes have it. */
  function attempted<T>(act: () => T): { outcome: T; changed: Row[] } {
    db.exec('BEGIN IMMEDIATE')
    try {
      const outcome = act()
      return { outcome, changed: rows.touched() }
    } finally {
      db.exec('ROLLBACK')
    }
  }

  const following = sharedRuns(() => reaching(follow))
  return {
    get version() {
      return (version.get() ?? 0) + own
    },
    change,
    follow: following,
    async probe() {
      lookInto(db, shared)
      await following()
    },
    close: () => server.end(),
  }
}

/**
 * A copy that another version of the program filled lacks what that one knew nothing of and others have written meanwhile, so it
 * is filled anew.
 */
function begunAnewByAnotherShape(db: Database.Database, shape: string): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS copy_shape (one INTEGER PRIMARY KEY CHECK (one = 1), shape TEXT NOT NULL) STRICT',
  )
  db.transaction(() => {
    const known = db.prepare<[], string>('SELECT shape FROM copy_shape').pluck().get()
    if (known === shape) return
    db.prepare('UPDATE copy_head SET seq = -1').run()
    db.prepare('INSERT OR REPLACE INTO copy_shape VALUES (1, ?)').run(shape)
  }).immediate()
}
