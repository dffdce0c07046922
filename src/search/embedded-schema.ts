import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { discardOldFormat } from '../views/format.ts'
import { digestOfRooms } from '../views/stamp.ts'

/** A digest of all that says what is indexed, short enough for the file's header: another one is computed anew. */
const FORMAT = Number.parseInt(digestOfRooms(['search', 'codes']).slice(0, 7), 16)

export type Connection = Database.Database

/** Opens the embedded index, making an empty one where there is none; generations as in the read model. */
export function openIndex(path: string, mode: 'read' | 'write'): Connection {
  mkdirSync(dirname(path), { recursive: true })
  if (mode === 'write') discardOldFormat(path, FORMAT)
  const connection = new Database(path, { timeout: 15_000 })
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = NORMAL')
  // Freed pages are overwritten, so that the name of a withdrawn file does not linger.
  connection.pragma('secure_delete = ON')
  connection.pragma(`cache_size = ${mode === 'write' ? -32768 : -8192}`)
  connection.pragma('wal_autocheckpoint = 16384')
  connection.exec(`
    CREATE TABLE IF NOT EXISTS generation (
      id INTEGER PRIMARY KEY, applied INTEGER NOT NULL, last_name INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS current (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER) STRICT;
  `)
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

export function currentGeneration(connection: Connection): number | undefined {
  return connection.prepare<[], number>('SELECT id FROM current').pluck().get()
}

/** An empty generation beside the current one. */
export function newGeneration(connection: Connection): number {
  const last =
    connection.prepare<[], number>('SELECT coalesce(max(id), 0) FROM generation').pluck().get() ?? 0
  const id = last + 1
  connection.prepare('INSERT INTO generation (id, applied, last_name) VALUES (?, 0, 0)').run(id)
  const contentless = `content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'`
  connection.exec(`
    CREATE TABLE document_${id} (
      number INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      uscc TEXT,
      json TEXT NOT NULL,
      facets TEXT NOT NULL
    ) STRICT;
    CREATE INDEX document_${id}_uscc ON document_${id} (uscc) WHERE uscc IS NOT NULL;
    -- A row for each present and former name; its id begins with the length of the name, so that an index read in
    -- the order of ids gives the shortest names first.
    CREATE TABLE name_${id} (
      id INTEGER PRIMARY KEY,
      document INTEGER NOT NULL,
      name TEXT NOT NULL,
      former INTEGER NOT NULL,
      folded TEXT NOT NULL,
      core TEXT NOT NULL
    ) STRICT;
    CREATE INDEX name_${id}_document ON name_${id} (document);
    CREATE INDEX name_${id}_folded ON name_${id} (folded);
    CREATE INDEX name_${id}_core ON name_${id} (core);
    CREATE VIRTUAL TABLE characters_${id} USING fts5(text, ${contentless});
    CREATE VIRTUAL TABLE readings_${id} USING fts5(text, detail=none, ${contentless});
    INSERT INTO characters_${id} (characters_${id}, rank) VALUES ('hashsize', 33554432);
    INSERT INTO readings_${id} (readings_${id}, rank) VALUES ('hashsize', 33554432);
  `)
  return id
}

/** Lets readers use a generation and drops all others; call it inside a transaction. */
export function makeCurrent(connection: Connection, id: number): void {
  connection.prepare('INSERT OR REPLACE INTO current (one, id) VALUES (1, ?)').run(id)
  const others = connection
    .prepare<[number], number>('SELECT id FROM generation WHERE id <> ?')
    .pluck()
    .all(id)
  for (const other of others) {
    for (const table of ['document', 'name', 'characters', 'readings'])
      connection.exec(`DROP TABLE ${table}_${other}`)
    connection.prepare('DELETE FROM generation WHERE id = ?').run(other)
  }
}
