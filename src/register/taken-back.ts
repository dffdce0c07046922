import type Database from 'better-sqlite3'

/** What ends a transaction that was only to be tried. */
class TakenBack extends Error {}

/** Does something in a transaction and takes it back: whether it could be done is all that it tells, by throwing where it can't. */
export function takenBack(connection: Database.Database, act: () => unknown): void {
  try {
    connection
      .transaction(() => {
        act()
        throw new TakenBack()
      })
      .immediate()
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
}
