import type Database from 'better-sqlite3'
import type { Store } from '../beside/store.ts'

/** Where a consumer wants to be told of what moves (推送), and how far that has come. */
export interface Webhook {
  consumer: string
  /** Anew with each address that is set: it is part of every message's id. */
  id: string
  url: string
  /** The key that set it: what is sent is what that key may see at that moment. */
  key: string
  /** What messages are signed with, sealed. */
  secret: string
  /** Up to where everything was taken, given up, or there was nothing to tell. */
  position: number
  /** Up to where messages told, of which the next one takes up the thread; 0 where all is to be told from the beginning. Null from before it was kept. */
  told: number | null
  /** How often the telling has begun anew: part of every message's id, as one of the same positions is another then. */
  round: number
  epoch: string
  schema: string
  /** Up to where the message reaches that is under way; null before it was first sent. */
  upTo: number | null
  /** How often that was tried in vain, and when it is due again, ISO 8601 in UTC. */
  attempts: number
  dueAt: string
  /** Why nothing is sent any more; empty while it goes on. */
  stopped: string
  /** What came of the last message, and when. */
  outcome: string
  outcomeAt: string
}

/** By what a webhook is known to stand where it did. */
const STANDING = [
  'id',
  'position',
  'told',
  'round',
  'epoch',
  'schema',
  'upTo',
  'attempts',
  'stopped',
] as const

/** A message that nobody took in three days (死信): it can be sent again by hand. */
export interface DeadLetter {
  n: number
  consumer: string
  /** Holds what was told after a position, up to another. */
  after: number
  upTo: number
  epoch: string
  why: string
  at: string
  /** When it was taken after all; empty while it was not. */
  takenAt: string
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** How long is waited after each try that failed: growing, three days in all. */
export const RETRY_DELAYS_MS: readonly number[] = [
  ...[5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR],
  ...[10 * HOUR, 14 * HOUR, 20 * HOUR, 20 * HOUR],
]

/** Dead letters that are kept for a consumer. */
const DEAD_KEPT = 1000

/** Tables of webhooks, which all nodes have alike. */
export const WEBHOOK_TABLES = ['webhook', 'dead_letter'] as const

export const WEBHOOKS = `
  CREATE TABLE IF NOT EXISTS webhook (
    consumer TEXT PRIMARY KEY, id TEXT NOT NULL, url TEXT NOT NULL, key TEXT NOT NULL, secret TEXT NOT NULL,
    position INTEGER NOT NULL, epoch TEXT NOT NULL, schema TEXT NOT NULL, upTo INTEGER, attempts INTEGER NOT NULL,
    dueAt TEXT NOT NULL, stopped TEXT NOT NULL, outcome TEXT NOT NULL, outcomeAt TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS dead_letter (
    n INTEGER PRIMARY KEY AUTOINCREMENT, consumer TEXT NOT NULL, after INTEGER NOT NULL, upTo INTEGER NOT NULL,
    epoch TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL, takenAt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS dead_letter_consumer ON dead_letter (consumer, n);
`

/** Webhooks beside the register: nothing of the register hangs on whether somebody listens. */
export class WebhookStore {
  readonly #db: Database.Database
  readonly #store: Store

  constructor(db: Database.Database, store: Store) {
    this.#db = db
    this.#store = store
  }

  one(consumer: string): Webhook | undefined {
    return this.#db.prepare<[string], Webhook>('SELECT * FROM webhook WHERE consumer = ?').get(consumer)
  }

  all(): Webhook[] {
    return this.#db.prepare<[], Webhook>('SELECT * FROM webhook ORDER BY consumer').all()
  }

  /** Sets or replaces a consumer's webhook, which tells everything after its position: what nobody took there is told again. */
  async put(webhook: Webhook): Promise<void> {
    const names = Object.keys(webhook)
    const put = this.#db.prepare(
      `INSERT OR REPLACE INTO webhook (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
    )
    await this.#store.change(() => {
      put.run(webhook)
      this.#toldAgain(webhook.consumer, webhook.position)
    })
  }

  /**
   * Notes how one has come on, and with it the message that nobody took; one that begins a new round tells what nobody took again. Nothing where it does not stand where it was found any
   * more: another was set in its place, or another process has taken over. Whether it was noted.
   */
  async move(
    from: Webhook,
    changes: Partial<Webhook>,
    buried?: Omit<DeadLetter, 'n' | 'takenAt'>,
  ): Promise<boolean> {
    const names = Object.keys(changes)
    const move = this.#db.prepare<Partial<Webhook>>(
      `UPDATE webhook SET ${names.map((name) => `${name} = @${name}`).join()} WHERE consumer = @consumer AND id = @id`,
    )
    return this.#store.change(() => {
      const present = this.one(from.consumer)
      if (!present || STANDING.some((name) => present[name] !== from[name])) return false
      move.run({ consumer: from.consumer, id: from.id, ...changes })
      if (buried) this.#bury(buried)
      if (changes.round !== undefined) this.#toldAgain(from.consumer, changes.position ?? 0)
      return true
    })
  }

  async remove(consumer: string): Promise<void> {
    await this.#store.change(() => this.#db.prepare('DELETE FROM webhook WHERE consumer = ?').run(consumer))
  }

  #toldAgain(consumer: string, position: number): void {
    this.#db
      .prepare(`DELETE FROM dead_letter WHERE consumer = ? AND after >= ? AND takenAt = ''`)
      .run(consumer, position)
  }

  #bury(letter: Omit<DeadLetter, 'n' | 'takenAt'>): void {
    this.#db
      .prepare(
        `INSERT INTO dead_letter (consumer, after, upTo, epoch, why, at, takenAt)
          VALUES (@consumer, @after, @upTo, @epoch, @why, @at, '')`,
      )
      .run(letter)
    this.#db
      .prepare(
        `DELETE FROM dead_letter WHERE consumer = @consumer AND n <=
          (SELECT n FROM dead_letter WHERE consumer = @consumer ORDER BY n DESC LIMIT 1 OFFSET ${DEAD_KEPT})`,
      )
      .run({ consumer: letter.consumer })
  }

  /** Messages of a consumer that nobody took, the last first; those that were taken after all too. */
  dead(consumer: string): DeadLetter[] {
    return this.#db
      .prepare<[string], DeadLetter>('SELECT * FROM dead_letter WHERE consumer = ? ORDER BY n DESC')
      .all(consumer)
  }

  /** A dead letter was sent again: it was taken, or why it was not. */
  async sentAgain(n: number, { takenAt, why }: Pick<DeadLetter, 'takenAt' | 'why'>): Promise<void> {
    const told = this.#db.prepare('UPDATE dead_letter SET takenAt = ?, why = ? WHERE n = ?')
    await this.#store.change(() => told.run(takenAt, why, n))
  }
}
