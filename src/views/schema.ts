import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { discardOldFormat } from './format.ts'

export type Connection = Database.Database

/**
 * Opens the local read model, making an empty one where there is none. Its tables come in generations: a rebuild
 * fills a new one beside the current, then takes its place in one transaction, so that readers in any process see
 * either the old or the new whole.
 */
export function openViews(path: string, mode: 'read' | 'write'): Connection {
  mkdirSync(dirname(path), { recursive: true })
  if (mode === 'write') discardOldFormat(path, FORMAT)
  const connection = new Database(path, { timeout: 15_000 })
  connection.pragma('journal_mode = WAL')
  // The register is the durable one: what a crash takes from here is caught up again.
  connection.pragma('synchronous = NORMAL')
  if (mode === 'write') {
    connection.pragma('cache_size = -32768')
    connection.pragma('wal_autocheckpoint = 8192')
  }
  connection.exec(
    'CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY, applied INTEGER NOT NULL) STRICT',
  )
  connection.exec(
    'CREATE TABLE IF NOT EXISTS current (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER) STRICT',
  )
  connection
    .transaction(() => {
      if (currentGeneration(connection) !== undefined) return
      connection.pragma(`user_version = ${FORMAT}`)
      makeCurrent(connection, newGeneration(connection))
    })
    .immediate()
  if (mode === 'read') connection.pragma('query_only = ON')
  return connection
}

/** Counts up with every change to what the tables hold; views of another format are computed anew. */
const FORMAT = 8

/** Number of the generation that readers use. */
export function currentGeneration(connection: Connection): number | undefined {
  return connection.prepare<[], number>('SELECT id FROM current').pluck().get()
}

/** An empty generation beside the current one. */
export function newGeneration(connection: Connection): number {
  const last =
    connection.prepare<[], number>('SELECT coalesce(max(id), 0) FROM generation').pluck().get() ?? 0
  const id = last + 1
  connection.prepare('INSERT INTO generation (id, applied) VALUES (?, 0)').run(id)
  connection.exec(`
    CREATE TABLE file_${id} (
      key TEXT PRIMARY KEY,
      revision INTEGER NOT NULL,
      position INTEGER NOT NULL,
      public_revision INTEGER NOT NULL,
      public_position INTEGER NOT NULL,
      face_changes_on TEXT,
      dossier TEXT NOT NULL,
      face TEXT
    ) STRICT;
    CREATE UNIQUE INDEX file_${id}_public_position ON file_${id} (public_position);
    CREATE INDEX file_${id}_withdrawn ON file_${id} (key) WHERE face IS NULL;
    CREATE INDEX file_${id}_face_changes_on ON file_${id} (face_changes_on) WHERE face_changes_on IS NOT NULL;
    -- Records that stand, with their data, for questions across enterprises.
    CREATE TABLE record_${id} (
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      dated TEXT NOT NULL,
      region TEXT NOT NULL,
      public_from TEXT,
      public_until TEXT,
      data TEXT NOT NULL,
      PRIMARY KEY (key, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX record_${id}_type_dated ON record_${id} (type, dated);
    CREATE INDEX record_${id}_type_key ON record_${id} (type, key, region);
    -- Grades in force, and where to find every rating.
    CREATE TABLE grade_${id} (
      key TEXT NOT NULL,
      standard TEXT NOT NULL,
      grade TEXT,
      region TEXT NOT NULL,
      industry TEXT NOT NULL,
      PRIMARY KEY (key, standard)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE rating_${id} (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      campaign TEXT,
      standard TEXT NOT NULL,
      on_day TEXT NOT NULL,
      grade TEXT,
      region TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX rating_${id}_campaign ON rating_${id} (campaign, key) WHERE campaign IS NOT NULL;
    -- Listings in force with what the public sees of them, every case, and every clock that runs.
    CREATE TABLE listing_${id} (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      region TEXT NOT NULL,
      ground TEXT NOT NULL,
      product TEXT NOT NULL,
      authority TEXT NOT NULL,
      from_day TEXT NOT NULL,
      until_day TEXT NOT NULL,
      published_on TEXT NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX listing_${id}_from ON listing_${id} (from_day DESC, id);
    CREATE INDEX listing_${id}_key ON listing_${id} (key);
    CREATE TABLE case_${id} (
      id TEXT PRIMARY KEY, key TEXT NOT NULL, status TEXT NOT NULL, region TEXT NOT NULL, authority TEXT NOT NULL,
      ended_on TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX case_${id}_key ON case_${id} (key);
    CREATE TABLE deadline_${id} (
      key TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL, what TEXT NOT NULL,
      authority TEXT NOT NULL, due_on TEXT NOT NULL, done_on TEXT, until_on TEXT, json TEXT NOT NULL,
      PRIMARY KEY (key, n)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX deadline_${id}_due ON deadline_${id} (due_on, key, n);
    -- Acts that wait for a second person, and those that did.
    CREATE TABLE proposal_${id} (
      id TEXT PRIMARY KEY, subject TEXT NOT NULL, status TEXT NOT NULL, region TEXT NOT NULL, json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX proposal_${id}_status ON proposal_${id} (status, id);
    -- Everything that is no file: keys, standards, campaigns.
    CREATE TABLE subject_${id} (subject TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `)
  return id
}

const TABLES = [
  'file',
  'record',
  'grade',
  'rating',
  'listing',
  'case',
  'deadline',
  'proposal',
  'subject',
] as const

/** Lets readers use a generation and drops all others; call it inside a transaction. */
export function makeCurrent(connection: Connection, id: number): void {
  connection.prepare('INSERT OR REPLACE INTO current (one, id) VALUES (1, ?)').run(id)
  const others = connection
    .prepare<[number], number>('SELECT id FROM generation WHERE id <> ?')
    .pluck()
    .all(id)
  for (const other of others) {
    for (const table of TABLES) connection.exec(`DROP TABLE ${table}_${other}`)
    connection.prepare('DELETE FROM generation WHERE id = ?').run(other)
  }
}
