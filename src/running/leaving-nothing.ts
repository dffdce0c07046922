import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Sqlite } from '../register/driver.ts'
import { isOwnName } from './paths.ts'

/**
 * Looks at a data directory, and leaves nothing in it: SQLite puts a log and its index beside a database even while that is only
 * read, and can't take them away itself where it may not write.
 */
export async function leavingNothing<T>(dataDir: string, look: () => Promise<T>): Promise<T> {
  const before = namesIn(dataDir)
  try {
    return await look()
  } finally {
    takeAway(dataDir, before)
  }
}

/** The same of a look that comes before an opening, where it ends in a refusal: whoever opens it needs what was left. */
export function leavingNothingRefused<T>(dataDir: string, look: () => T): T {
  const before = namesIn(dataDir)
  try {
    return look()
  } catch (error) {
    takeAway(dataDir, before)
    // The index of a log that was there before: nobody could go on with it.
    for (const name of newIn(dataDir, before)) if (name.endsWith('-shm')) rmSync(join(dataDir, name))
    throw error
  }
}

/** What lies in a folder; undefined where it is not there, or not this user's to look into. */
function namesIn(dataDir: string): ReadonlySet<string> | undefined {
  try {
    return new Set(readdirSync(dataDir))
  } catch {
    return undefined
  }
}

function newIn(dataDir: string, before: ReadonlySet<string> | undefined): string[] {
  return before ? readdirSync(dataDir).filter((name) => !before.has(name) && isOwnName(name)) : []
}

/**
 * Whoever closes a database last takes away its empty log, under the locks that tell whether anybody else has it open: so nothing
 * is taken from a program that began meanwhile, and nothing is written.
 */
function takeAway(dataDir: string, before: ReadonlySet<string> | undefined): void {
  for (const name of newIn(dataDir, before)) {
    if (!name.endsWith('-wal')) continue
    try {
      const connection = new Sqlite(join(dataDir, name.slice(0, -'-wal'.length)), { fileMustExist: true })
      try {
        connection.pragma('user_version')
      } finally {
        connection.close()
      }
    } catch (error) {
      // What can't be opened for writing keeps what lies beside it: that harms nobody.
      if (!(error instanceof Sqlite.SqliteError)) throw error
    }
  }
}
