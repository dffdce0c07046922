import type Database from 'better-sqlite3'
import { openBeside } from '../register/beside.ts'
import { newId } from '../register/entry.ts'
import { discardOldFormat } from '../views/format.ts'
import { digestOfRooms } from '../views/stamp.ts'

/** A digest of all that says what is indexed, short enough for the file's header: another one is computed anew. */
const FORMAT = Number.parseInt(digestOfRooms(['search', 'codes']).slice(0, 7), 16)

export type Connection = Database.Database

/**
 * Opens the embedded index, making an empty one where there is none; generations as in the read model. It is filled from
 * the register of an epoch: what was filled from another's would be found, though it is nowhere on file.
 */
export function openIndex(path: string, mode: 'read' | 'write', epoch: string): Connection {
  if (mode === 'write') discardOldFormat(path, FORMAT)
  const connection = openBeside(path)
  connection.pragma('wal_autocheckpoint = 4096')
  connection.exec(`
    CREATE TABLE IF NOT EXISTS generation (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied INTEGER NOT NULL, version INTEGER NOT NULL,
      -- As in the read model.
      filling_until INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS current (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER) STRICT;
    CREATE TABLE IF NOT EXISTS filled_from (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL) STRICT;
  `)
  const isThere = () => currentGeneration(connection) !== undefined
  const isOfEpoch = () =>
    epoch === '' || connection.prepare<[], string>('SELECT epoch FROM filled_from').pluck().get() === epoch
  const begin = connection.transaction(() => {
    if (!isThere()) connection.pragma(`user_version = ${FORMAT}`)
    else if (isOfEpoch()) return
    makeCurrent(connection, newGeneration(connection))
    connection.prepare('INSERT OR REPLACE INTO filled_from VALUES (1, ?)').run(epoch)
  })
  // Whoever opens what stands waits for nobody who writes.
  if (!isThere() || !isOfEpoch()) begin.immediate()
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
  connection
    .prepare('INSERT INTO generation (id, name, applied, version) VALUES (?, ?, 0, 0)')
    .run(id, newId())
  connection.exec(`
    -- An enterprise keeps its number; each change gives its row a higher version, by which readers follow. A removed
    -- enterprise is a row without a document.
    CREATE TABLE document_${id} (
      number INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      uscc TEXT,
      version INTEGER NOT NULL,
      place INTEGER NOT NULL,
      names TEXT NOT NULL,
      cores TEXT NOT NULL,
      profile TEXT NOT NULL,
      json TEXT
    ) STRICT;
    CREATE UNIQUE INDEX document_${id}_version ON document_${id} (version);
    CREATE INDEX document_${id}_uscc ON document_${id} (uscc) WHERE uscc IS NOT NULL;
  `)
  return id
}

/** Lets readers use a generation and drops all others; call it inside a transaction. */
export function makeCurrent(connection: Connection, id: number): void {
  connection.prepare('INSERT OR REPLACE INTO current (one, id) VALUES (1, ?)').run(id)
  connection.prepare('UPDATE generation SET filling_until = NULL WHERE id = ?').run(id)
  const others = connection
    .prepare<[number], number>('SELECT id FROM generation WHERE id <> ?')
    .pluck()
    .all(id)
  for (const other of others) {
    connection.exec(`DROP TABLE document_${other}`)
    connection.prepare('DELETE FROM generation WHERE id = ?').run(other)
  }
}

/** A row as a reader follows it. */
export interface StoredRow {
  number: number
  version: number
  place: number
  names: string
  cores: string
  profile: string
  establishedOn: string | null
  /** Its key where that is no organisation code. */
  longKey: string | null
  isOpen: number
}

export type Statements = ReturnType<typeof prepare>

/** The statements on one generation of the index. */
export function prepare(connection: Connection, g: number) {
  return {
    state: connection.prepare<[], { name: string; applied: number; version: number }>(
      `SELECT name, applied, version FROM generation WHERE id = ${g}`,
    ),
    advance: connection.prepare<[number, number]>(
      `UPDATE generation SET applied = ?, version = ? WHERE id = ${g}`,
    ),
    json: connection.prepare<[string], string | null>(`SELECT json FROM document_${g} WHERE key = ?`).pluck(),
    put: connection.prepare<
      [string, string | null, number, number, string, string, string, string]
    >(`INSERT INTO document_${g} (key, uscc, version, place, names, cores, profile, json)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET uscc = excluded.uscc, version = excluded.version, place = excluded.place,
         names = excluded.names, cores = excluded.cores, profile = excluded.profile, json = excluded.json`),
    remove: connection.prepare<[number, string]>(
      `UPDATE document_${g} SET version = ?, uscc = NULL, names = '', cores = '', profile = '', json = NULL
       WHERE key = ? AND json IS NOT NULL`,
    ),
    since: connection.prepare<[number, number], StoredRow>(
      `SELECT number, version, place, names, cores, profile, json ->> 'establishedOn' AS establishedOn,
         CASE WHEN length(key) <> 9 THEN key END AS longKey,
         json IS NOT NULL AS isOpen
       FROM document_${g} WHERE version > ? ORDER BY version LIMIT ?`,
    ),
    numbersByKey: connection
      .prepare<[string, string], number>(
        `SELECT number FROM document_${g} WHERE key BETWEEN ? AND ? AND json IS NOT NULL`,
      )
      .pluck(),
    numbersByUnifiedCode: connection
      .prepare<[string, string], number>(`SELECT number FROM document_${g} WHERE uscc BETWEEN ? AND ?`)
      .pluck(),
    numbersWithoutUnifiedCode: connection
      .prepare<[string], number>(
        `SELECT number FROM document_${g} WHERE key = ? AND uscc IS NULL AND json IS NOT NULL`,
      )
      .pluck(),
  }
}
