import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { Sqlite } from './driver.ts'

const BUSY_TIMEOUT_MS = 15_000

/** A write-ahead log that a large change has made longer is cut off when it is begun anew. */
export const MOST_LOG_BYTES = 32 * 1024 * 1024

/**
 * Opens a database of its own beside the register, making an empty one where there is none. It is not the durable one: what a
 * crash takes from it is caught up again or may be lost. Freed pages are overwritten, so that nothing erased lingers in it.
 * Locks of others are waited for as long as `busyMs`.
 */
export function openBeside(path: string, { busyMs = BUSY_TIMEOUT_MS } = {}): Database.Database {
  mkdirSync(dirname(path), { recursive: true })
  const connection = new Sqlite(path, { timeout: busyMs })
  try {
    set(connection)
  } catch (error) {
    connection.close()
    // Whoever is told of it needs to know which file is meant.
    throw error instanceof Error ? Object.assign(error, { path }) : error
  }
  return connection
}

function set(connection: Database.Database): void {
  // Of a new database alone: it can give back pages later without being written anew. Said again it would be written
  // again, and on a full disk nothing could be opened any more.
  if (connection.pragma('page_count', { simple: true }) === 0) connection.pragma('auto_vacuum = INCREMENTAL')
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = NORMAL')
  connection.pragma('secure_delete = ON')
  connection.pragma(`journal_size_limit = ${MOST_LOG_BYTES}`)
}

/** Gives a table of an earlier version the columns that it lacks, each by its declaration, which has a default. */
export function withColumns(
  connection: Database.Database,
  table: string,
  columns: Readonly<Record<string, string>>,
): void {
  const there = new Set(
    connection.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table),
  )
  for (const [name, declared] of Object.entries(columns))
    if (!there.has(name)) connection.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${declared}`)
}
