import type Database from 'better-sqlite3'
import { type NodesDatabase, type Store, storeOf } from '../beside/store.ts'
import { type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { openBeside, withColumns } from '../register/beside.ts'
import { WEBHOOK_TABLES, WEBHOOKS, WebhookStore } from './webhooks.ts'

/** How far a consumer (取用方) follows, as it is known beside the register. */
export interface Followed {
  /** Position up to which it was sent everything; 0 where it has pulled nothing. */
  sent: number
  /** Position that it says it has taken in, in which epoch. */
  acknowledged: number
  epoch: string
  /** By which rules what it was sent was made (口径版本); empty where an earlier version sent it. */
  schema: string
  /** When it last pulled, and last acknowledged, ISO 8601 in UTC; empty where it never did. */
  seenAt: string
  acknowledgedAt: string
  /** Its last request that was refused, and when; empty where none was. */
  error: string
  errorAt: string
}

/** What a consumer answers about a thing that it was sent (回执). */
export interface Receipt {
  /** The file, and the thing in it. */
  orgCode: string
  id: string
  position: number
  outcome: 'taken' | 'refused'
  code: string
  reason: string
}

/** How far a consumer had come by the end of a day (Shanghai). */
export interface Reached {
  consumer: string
  what: 'sent' | 'acknowledged'
  day: CalendarDate
  position: number
}

const NOTHING: Followed = {
  sent: 0,
  acknowledged: 0,
  epoch: '',
  schema: '',
  seenAt: '',
  acknowledgedAt: '',
  error: '',
  errorAt: '',
}

/** Whether how far one follows is told of a register's epoch and by some rules: of others it says nothing. */
export function follows(
  known: Pick<Followed, 'epoch' | 'schema'>,
  { epoch, schema }: Pick<Followed, 'epoch' | 'schema'>,
): boolean {
  return known.epoch === epoch && (known.schema === '' || known.schema === schema)
}

/**
 * How far consumers follow, and what they answered: kept beside the register, whose order every view and feed hangs on,
 * so that following moves nothing. What is lost with it comes back with the consumer's next request.
 */
export class Following {
  readonly #db: Database.Database
  /** Where what consumers are told is sent to. */
  readonly webhooks: WebhookStore
  readonly #store: Store

  constructor(path: string, database: NodesDatabase = '') {
    this.#db = openBeside(path)
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS followed (
        id TEXT PRIMARY KEY, sent INTEGER NOT NULL DEFAULT 0, acknowledged INTEGER NOT NULL DEFAULT 0,
        epoch TEXT NOT NULL DEFAULT '', seenAt TEXT NOT NULL DEFAULT '', acknowledgedAt TEXT NOT NULL DEFAULT '',
        error TEXT NOT NULL DEFAULT '', errorAt TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE TABLE IF NOT EXISTS reached (
        consumer TEXT NOT NULL, what TEXT NOT NULL, epoch TEXT NOT NULL, day TEXT NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (consumer, what, epoch, day)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS receipt (
        consumer TEXT NOT NULL, orgCode TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
        outcome TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (consumer, orgCode, id)
      ) STRICT, WITHOUT ROWID;
    `)
    withColumns(this.#db, 'followed', { schema: `TEXT NOT NULL DEFAULT ''` })
    this.#db.exec(WEBHOOKS)
    withColumns(this.#db, 'webhook', { told: 'INTEGER', round: 'INTEGER NOT NULL DEFAULT 0' })
    this.#store = storeOf(
      this.#db,
      { store: 'following', tables: ['followed', 'receipt', 'reached', ...WEBHOOK_TABLES] },
      database,
    )
    this.webhooks = new WebhookStore(this.#db, this.#store)
  }

  /** Brings it to where all nodes are. */
  follow(): Promise<void> {
    return this.#store.follow()
  }

  /** As of a store. */
  probe(): Promise<void> {
    return this.#store.probe()
  }

  one(id: string): Followed {
    const columns = Object.keys(NOTHING).join()
    return (
      this.#db.prepare<[string], Followed>(`SELECT ${columns} FROM followed WHERE id = ?`).get(id) ?? NOTHING
    )
  }

  /** It was sent everything up to a position of an epoch, made by some rules; one of others begins anew. */
  async sent(
    id: string,
    { position, epoch, schema, at }: { position: number; epoch: string; schema: string; at: string },
  ): Promise<void> {
    await this.#change(
      id,
      (before) => {
        const isSame = follows(before, { epoch, schema })
        const sent = isSame ? Math.max(before.sent, position) : position
        return { sent, acknowledged: isSame ? before.acknowledged : 0, epoch, schema, seenAt: at }
      },
      ({ sent }) => this.#reached(id, 'sent', { position: sent, epoch, at }),
    )
  }

  /** It has taken in everything up to a position. */
  async acknowledged(id: string, position: number, at: string): Promise<void> {
    await this.#change(
      id,
      () => ({ acknowledged: position, acknowledgedAt: at, seenAt: at }),
      ({ epoch }) => this.#reached(id, 'acknowledged', { position, epoch, at }),
    )
  }

  /** How far each had come on each day: what it had been sent, and what it had acknowledged. */
  reached(): Reached[] {
    return this.#db.prepare<[], Reached>('SELECT consumer, what, day, position FROM reached').all()
  }

  /** Something that it asked for was refused. */
  async failed(id: string, error: string, at: string): Promise<void> {
    await this.#change(id, () => ({ error, errorAt: at }))
  }

  /** What it answered about things, the last answer about each kept. */
  async answered(id: string, receipts: readonly Receipt[], at: string): Promise<void> {
    const put = this.#db.prepare(
      `INSERT OR REPLACE INTO receipt VALUES (@consumer, @orgCode, @id, @position, @outcome, @code, @reason, @at)`,
    )
    await this.#store.change(() => {
      for (const receipt of receipts) put.run({ consumer: id, ...receipt, at })
    })
  }

  /** How many things it says it took, and refused, by its last answer about each. */
  outcomes(id: string): { taken: number; refused: number } {
    const counted = this.#db
      .prepare<[string], { outcome: string; count: number }>(
        'SELECT outcome, count(*) AS count FROM receipt WHERE consumer = ? GROUP BY outcome',
      )
      .all(id)
    const of = (outcome: string) => counted.find((one) => one.outcome === outcome)?.count ?? 0
    return { taken: of('taken'), refused: of('refused') }
  }

  async close(): Promise<void> {
    await this.#store.close()
    this.#db.close()
  }

  /** A day is enough: what is in time is told by days. */
  #reached(
    consumer: string,
    what: Reached['what'],
    { position, epoch, at }: { position: number; epoch: string; at: string },
  ): void {
    const day = shanghaiDate(new Date(at))
    this.#db
      .prepare(
        `INSERT INTO reached VALUES (@consumer, @what, @epoch, @day, @position)
          ON CONFLICT DO UPDATE SET position = max(position, excluded.position)`,
      )
      .run({ consumer, what, epoch, day, position })
  }

  /** Changes what is known of one, and then what follows from that. */
  async #change(
    id: string,
    change: (before: Followed) => Partial<Followed>,
    then: (after: Followed) => void = () => undefined,
  ): Promise<void> {
    const columns = Object.keys(NOTHING)
    const put = this.#db.prepare(
      `INSERT OR REPLACE INTO followed (id, ${columns.join()}) VALUES (@id, ${columns.map((one) => `@${one}`).join()})`,
    )
    await this.#store.change(() => {
      const before = this.one(id)
      const after = { ...before, ...change(before) }
      put.run({ id, ...after })
      then(after)
    })
  }
}
