import { setTimeout as sleep } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { waitingAtMost } from './patient.ts'

/** How soon it is tried again while somebody reads what the log still has. */
const AGAIN_MS = 250
/** Whoever ends waits so long for the readers of others. */
const LAST_MS = 2_000

const outcome = z.tuple([z.object({ busy: z.number() })])

/**
 * Empties a database's write-ahead log of what was erased or thrown away: at once where nobody reads an earlier state, else again
 * and again until nobody does. It waits for no reader: who waits at this holds the lock of all who write.
 */
export class EmptiedLog {
  readonly #connection: Database.Database
  #timer: NodeJS.Timeout | undefined

  constructor(connection: Database.Database) {
    this.#connection = connection
  }

  /** Empties the log, or sees to it that it will be. */
  empty(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#connection.open || this.#isEmptied()) return
    this.#timer = setTimeout(() => this.empty(), AGAIN_MS)
    this.#timer.unref()
  }

  /** Before the connection is closed: what is left is emptied as soon as the readers let it, if they do so soon. */
  async close(): Promise<void> {
    for (const until = performance.now() + LAST_MS; this.#timer !== undefined; await sleep(AGAIN_MS / 10)) {
      this.empty()
      if (performance.now() >= until) break
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #isEmptied(): boolean {
    const done = waitingAtMost(this.#connection, 0, () => this.#connection.pragma('wal_checkpoint(TRUNCATE)'))
    const [{ busy }] = outcome.parse(done)
    return busy === 0
  }
}
