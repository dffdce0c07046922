import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { MOST_LOG_BYTES } from '../register/beside.ts'
import { Sqlite } from '../register/driver.ts'
import { pathsIn } from './paths.ts'

/** An append that comes meanwhile waits no longer for a log to be shortened. */
const PATIENCE_MS = 200

/** Databases that a running node has open. */
export function databasesIn(dataDir: string): string[] {
  const { register, views, search, drafts, jobs, accesses, sessions, following } = pathsIn(dataDir)
  return [register, views, search, drafts, jobs, accesses, sessions, following]
}

async function logBytes(path: string): Promise<number> {
  return fileBytes(`${path}-wal`)
}

async function fileBytes(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** Bytes of a database, and of its write-ahead log. */
export interface DatabaseBytes {
  bytes: number
  log: number
}

/** What each database of a data directory takes, by its name, and the table of the search, which is about as large in memory. */
export async function databaseBytes(dataDir: string): Promise<Readonly<Record<string, DatabaseBytes>>> {
  const sizes = [...databasesIn(dataDir), pathsIn(dataDir).searchTable].map(
    async (path) => [basename(path), { bytes: await fileBytes(path), log: await logBytes(path) }] as const,
  )
  return Object.fromEntries(await Promise.all(sizes))
}

/**
 * Brings into its database, and cuts off, each write-ahead log that has grown beyond its bound. While a reader is in the way
 * it is left as it is: whoever calls this now and then gets it short in the end.
 */
export async function shortenLogs(dataDir: string): Promise<void> {
  for (const path of databasesIn(dataDir)) {
    if ((await logBytes(path)) <= MOST_LOG_BYTES) continue
    const connection = new Sqlite(path, { timeout: PATIENCE_MS, fileMustExist: true })
    try {
      connection.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      connection.close()
    }
  }
}
