import { setTimeout as sleep } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { Sqlite } from './driver.ts'
import { RegisterUnavailable } from './register.ts'

/** A lock that is held for a moment is waited for at once; longer the thread is not held up. */
const AT_ONCE_MS = 20
const PAUSE_MS = 25

/** Whether a database is refused because another program has it locked. */
export function isLocked(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

/** What whoever wrote is told of an error of a database: that it can't be had where another program has it locked, else the error itself. */
export function unavailableIfLocked(error: unknown): unknown {
  return isLocked(error) ? new RegisterUnavailable(false, { cause: error }) : error
}

/**
 * Does in a turn what another program's lock on a database may hinder, again and again for so long, while the thread goes on with
 * other work. Rejects with what the database says where the lock is not let go of by then.
 */
export async function patiently<T>(connection: Database.Database, act: () => T, mostMs: number): Promise<T> {
  const until = performance.now() + mostMs
  for (;;) {
    try {
      return waitingAtMost(connection, AT_ONCE_MS, act)
    } catch (error) {
      if (!isLocked(error) || performance.now() >= until) throw error
    }
    await sleep(PAUSE_MS)
  }
}

/** Does something in which locks of others are waited for so long, whatever the connection waits for else. */
export function waitingAtMost<T>(connection: Database.Database, ms: number, act: () => T): T {
  const patience = connection.pragma('busy_timeout', { simple: true })
  connection.pragma(`busy_timeout = ${ms}`)
  try {
    return act()
  } finally {
    connection.pragma(`busy_timeout = ${patience}`)
  }
}
