import { existsSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { openBeside } from '../register/beside.ts'
import { Sqlite } from '../register/driver.ts'
import { discardOldFormat } from './format.ts'
import { generationTables, keyColumns } from './tables.ts'

export type Connection = Database.Database

/** Counts up when the tables around the generations change; what they hold is stamped instead. */
const FORMAT = 8

/**
 * Opens the local read model; `write` makes an empty one where there is none. Its tables come in generations: a
 * rebuild fills a new one beside the current, then takes its place in one transaction, so that readers in any process
 * see either the old or the new whole.
 */
export function openViews(path: string, mode: 'read' | 'write'): Connection {
  if (mode === 'read') {
    const connection = new Sqlite(path, { timeout: 15_000, fileMustExist: true })
    connection.pragma('query_only = ON')
    return connection
  }
  discardOldFormat(path, FORMAT)
  const connection = openBeside(path)
  connection.pragma('cache_size = -32768')
  connection.pragma('wal_autocheckpoint = 8192')
  // Whoever opens what stands waits for nobody who writes.
  if (hasTables(connection) && currentGeneration(connection) !== undefined) return connection
  connection
    .transaction(() => {
      connection.exec(`
        CREATE TABLE IF NOT EXISTS generation (
          id INTEGER PRIMARY KEY, applied INTEGER NOT NULL, chain TEXT NOT NULL, stamp TEXT NOT NULL,
          -- While it is filled: until when nobody else may begin another, in milliseconds since 1970.
          filling_until INTEGER
        ) STRICT;
        CREATE TABLE IF NOT EXISTS current (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER) STRICT;
      `)
      if (currentGeneration(connection) !== undefined) return
      connection.pragma(`user_version = ${FORMAT}`)
      makeCurrent(connection, newGeneration(connection, ''))
    })
    .immediate()
  return connection
}

/** Whether the tables around the generations are there. */
function hasTables(connection: Connection): boolean {
  return connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'current'").get() !== undefined
}

/** Number of the generation that readers use. */
export function currentGeneration(connection: Connection): number | undefined {
  return connection.prepare<[], number>('SELECT id FROM current').pluck().get()
}

/** How far the current generation of a view's file has come, whatever its format; undefined where it can't be told. */
export function appliedIn(path: string): { applied: number; chain?: string } | undefined {
  if (!existsSync(path)) return undefined
  const connection = new Sqlite(path, { timeout: 15_000, readonly: true })
  try {
    return connection
      .prepare<[], { applied: number; chain?: string }>(
        'SELECT * FROM generation WHERE id = (SELECT id FROM current)',
      )
      .get()
  } catch {
    return undefined
  } finally {
    connection.close()
  }
}

/** An empty generation beside the current one, stamped with what makes it. */
export function newGeneration(connection: Connection, stamp: string): number {
  const last =
    connection.prepare<[], number>('SELECT coalesce(max(id), 0) FROM generation').pluck().get() ?? 0
  const id = last + 1
  connection.prepare(`INSERT INTO generation (id, applied, chain, stamp) VALUES (?, 0, '', ?)`).run(id, stamp)
  connection.exec(generationTables(id))
  return id
}

/** Whether the generation that readers use was made by something else; an empty one is stamped at once. */
export function bearsAnotherStamp(connection: Connection, stamp: string): boolean {
  const own = 'WHERE id = (SELECT id FROM current)'
  connection.prepare(`UPDATE generation SET stamp = ? ${own} AND applied = 0 AND stamp = ''`).run(stamp)
  return connection.prepare<[], string>(`SELECT stamp FROM generation ${own}`).pluck().get() !== stamp
}

/** Lets readers use a generation; call it inside a transaction. */
export function makeCurrent(connection: Connection, id: number): void {
  connection.prepare('INSERT OR REPLACE INTO current (one, id) VALUES (1, ?)').run(id)
  connection.prepare('UPDATE generation SET filling_until = NULL WHERE id = ?').run(id)
}

const ROWS_AT_ONCE = 2000

/**
 * Drops the generations that nobody uses, a stretch of rows at a time: freed pages are overwritten, and whoever
 * writes must not wait for a whole table of them.
 */
export async function dropOthers(connection: Connection, pause: () => Promise<void>): Promise<void> {
  const others = connection
    .prepare<[number], number>(
      `SELECT id FROM generation WHERE id <> (SELECT id FROM current) AND coalesce(filling_until, 0) < ?`,
    )
    .pluck()
    .all(Date.now())
  for (const other of others)
    for (const [table, key] of Object.entries(keyColumns)) {
      const name = `${table}_${other}`
      // Another process may be dropping the same one: each step looks whether it is still there.
      const step = connection.transaction((): boolean => {
        if (!connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '${name}'`).get()) return false
        const clear = connection.prepare(
          `DELETE FROM ${name} WHERE ${key} <= (SELECT max(k) FROM (SELECT ${key} AS k FROM ${name} ORDER BY ${key} LIMIT ${ROWS_AT_ONCE}))`,
        )
        if (clear.run().changes > 0) return true
        connection.exec(`DROP TABLE ${name}`)
        return false
      })
      while (step.immediate()) await pause()
    }
  for (const other of others) connection.prepare('DELETE FROM generation WHERE id = ?').run(other)
}
