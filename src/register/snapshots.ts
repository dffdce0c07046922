import type { Database } from 'better-sqlite3'

/** Reads of one state of a database, whatever others write meanwhile. */
export type Snapshot = <T>(reads: () => T) => T

/**
 * Snapshots of a connection, a statement to begin and one to end each: a transaction of the driver's own makes four functions
 * every time, which costs as much as a read. Within a transaction the reads are its own.
 */
export function snapshotsOf(connection: Database): Snapshot {
  const begin = connection.prepare('BEGIN')
  const end = connection.prepare('COMMIT')
  return (reads) => {
    if (connection.inTransaction) return reads()
    begin.run()
    try {
      return reads()
    } finally {
      // What is broken or full may have ended it.
      if (connection.inTransaction) end.run()
    }
  }
}
