import type Database from 'better-sqlite3'
import { anchorPath, layAnchor } from './anchor.ts'
import { newEpoch, noChain } from './chain.ts'
import { Sqlite } from './driver.ts'
import { lookInto } from './fit.ts'
import { migrateRegister } from './migrate.ts'
import { anchoredFrom, type Standing } from './standing.ts'

/**
 * Lets a register begin a new epoch with the entries that it has, whatever its head row or an anchor say: for a
 * restored copy, and for one whose end is lost for good. The anchor lies beside it where nothing else is said. Gives where it
 * stands now, and the epoch that it had.
 */
export function beginEpoch(path: string, anchor = anchorPath(path)): Standing & { formerEpoch: string } {
  const connection = new Sqlite(path, { timeout: 15_000 })
  try {
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
    migrateRegister(connection)
    const standing = connection.transaction(() => renew(connection)).immediate()
    layAnchor(anchor, anchoredFrom(standing))
    return standing
  } finally {
    connection.close()
  }
}

/** The epoch that a register's file is in; empty where it tells of none. Looks only. */
export function epochIn(path: string): string {
  return lookInto(
    path,
    (connection) => connection.prepare<[], string>('SELECT epoch FROM head').pluck().get() ?? '',
  )
}

function renew(connection: Database.Database): Standing & { formerEpoch: string } {
  const formerEpoch = connection.prepare<[], string>('SELECT epoch FROM head').pluck().get() ?? ''
  const last = connection
    .prepare<[], { seq: number; recorded_at: string; chain: string }>(
      'SELECT seq, recorded_at, lower(hex(chain)) AS chain FROM entry ORDER BY seq DESC LIMIT 1',
    )
    .get() ?? { seq: 0, recorded_at: '', chain: noChain }
  const epoch = newEpoch()
  connection
    .prepare('INSERT OR REPLACE INTO head VALUES (1, ?, ?, unhex(?), ?, NULL)')
    .run(last.seq, last.recorded_at, last.chain, epoch)
  // A command whose entries are gone has not been done.
  connection.prepare('DELETE FROM command WHERE first_seq + count - 1 > ?').run(last.seq)
  return {
    position: last.seq,
    chain: last.chain,
    recordedAt: last.recorded_at,
    epoch,
    formerEpoch,
  }
}
