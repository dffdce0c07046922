import { z } from 'zod'
import { type PublicKey, publicKey } from '../checking/published-keys.ts'
import { Sqlite } from '../register/driver.ts'

/** Where a mirror stands: of which register, up to which position, by which schema. */
export interface Place {
  epoch: string
  schema: string
  position: number
}

/** One thing that a source gives: as it stands now, or (null) that it is gone. */
export interface Thing {
  orgCode: string
  type: string
  id: string
  /** Position of the entry by which it stands so. */
  position: number
  /** Digest of the entry; null where none is told. */
  digest: string | null
  /** As JSON. */
  state: string | null
}

/** What is owed to the source for a thing that was taken in (回执). */
export interface Receipt {
  orgCode: string
  id: string
  position: number
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS thing (
    org_code TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT, state TEXT,
    PRIMARY KEY (org_code, id)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), source TEXT NOT NULL,
    epoch TEXT NOT NULL, schema TEXT NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS receipt (org_code TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (position, org_code, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS trusted_key (kid TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS newest_copy (one INTEGER PRIMARY KEY CHECK (one = 1), made_at TEXT NOT NULL) WITHOUT ROWID;`

const trustedKey = z.object(publicKey.shape)

/** Id of the row that says when a file was restated; no thing has it. */
const RESTATED = ''

/** The file belongs to a mirror of another source. */
export class OtherSource extends Error {
  override readonly name = 'OtherSource'
}

/**
 * What a mirror holds, in one SQLite file. What comes, where it stands then and the receipts that it owes are written in one
 * transaction: killed at any moment, it goes on without having lost or doubled anything. What is gone stays as a row
 * without a state, so that a check knows when it went.
 */
export class Held {
  readonly #connection
  readonly #source: string

  /** Opens or makes the file. Throws `OtherSource` for one that mirrors something else. */
  constructor(path: string, source: string) {
    this.#source = source
    this.#connection = new Sqlite(path)
    this.#connection.pragma('journal_mode = WAL')
    this.#connection.pragma('synchronous = FULL')
    this.#connection.exec(TABLES)
    const known = this.#connection.prepare<[], string>('SELECT source FROM place').pluck().get()
    if (known === undefined || known === source) return
    this.#connection.close()
    throw new OtherSource(known)
  }

  /** Where it stands; undefined before a copy was taken in. */
  place(): Place | undefined {
    return this.#connection.prepare<[], Place>('SELECT epoch, schema, position FROM place').get()
  }

  /** The keys that its source's signatures are held against; none before it was first asked. */
  trusted(): PublicKey[] {
    return this.#connection
      .prepare<[], string>('SELECT key FROM trusted_key ORDER BY kid')
      .pluck()
      .all()
      .map((text) => trustedKey.parse(JSON.parse(text)))
  }

  /** Takes keys in the place of those that it knew. */
  trust(keys: readonly PublicKey[]): void {
    const put = this.#connection.prepare<[string, string]>('INSERT INTO trusted_key (kid, key) VALUES (?, ?)')
    this.#connection
      .transaction(() => {
        this.#connection.exec('DELETE FROM trusted_key')
        for (const key of keys) put.run(key.kid, JSON.stringify(key))
      })
      .immediate()
  }

  /** When the newest copy was made that its source has proven; it is not followed by an older one. */
  newestCopy(): string | undefined {
    return this.#connection.prepare<[], string>('SELECT made_at FROM newest_copy').pluck().get()
  }

  keepNewest(madeAt: string): void {
    this.#connection
      .prepare<[string]>('INSERT OR REPLACE INTO newest_copy (one, made_at) VALUES (1, ?)')
      .run(madeAt)
  }

  /** Takes the place of all that is held: either the whole of it, or nothing of it. */
  async replace(things: AsyncIterable<Thing>, place: Place): Promise<void> {
    this.#connection.exec('BEGIN IMMEDIATE')
    try {
      this.#connection.exec('DELETE FROM thing; DELETE FROM receipt')
      const put = this.#put()
      for await (const thing of things) put(thing)
      this.#stand(place)
      this.#connection.exec('COMMIT')
    } catch (error) {
      this.#connection.exec('ROLLBACK')
      throw error
    }
  }

  /** Takes in a page; `owed` are the receipts for it. A file of `restated` is held as the things of the page have it, and no other. */
  apply(
    page: readonly ({ restated: string; position: number } | { thing: Thing })[],
    place: Place,
    owed: readonly Receipt[],
  ): void {
    const put = this.#put()
    const empty = this.#connection.prepare<[string]>('DELETE FROM thing WHERE org_code = ?')
    const owe = this.#connection.prepare<[string, string, number]>(
      'INSERT OR IGNORE INTO receipt (org_code, id, position) VALUES (?, ?, ?)',
    )
    this.#connection
      .transaction(() => {
        for (const step of page) {
          if ('thing' in step) put(step.thing)
          else {
            const { restated: orgCode, position } = step
            empty.run(orgCode)
            put({ orgCode, id: RESTATED, type: '', position, digest: null, state: null })
          }
        }
        for (const { orgCode, id, position } of owed) owe.run(orgCode, id, position)
        this.#stand(place)
      })
      .immediate()
  }

  /** The digest that it holds a thing by: null where it holds none, undefined where none was told since its file was restated. */
  digest(orgCode: string, id: string): string | null | undefined {
    const own = this.thing(orgCode, id)
    if (!own) return this.thing(orgCode, RESTATED) ? undefined : null
    // What is gone by now was told of as it came and as it went, each by its digest.
    return own.digest ?? (own.state === null ? null : undefined)
  }

  /** Whether a thing, or the whole of its file, has moved after a position. */
  hasMoved(orgCode: string, id: string, after: number): boolean {
    return [id, RESTATED].some((at) => (this.thing(orgCode, at)?.position ?? 0) > after)
  }

  /** Receipts that are owed, the oldest first. */
  owed(limit: number): Receipt[] {
    return this.#connection
      .prepare<[number], Receipt>(
        'SELECT org_code AS orgCode, id, position FROM receipt ORDER BY position, org_code, id LIMIT ?',
      )
      .all(limit)
  }

  /** Takes note that receipts have arrived. */
  settle(receipts: readonly Receipt[]): void {
    const drop = this.#connection.prepare<[number, string, string]>(
      'DELETE FROM receipt WHERE position = ? AND org_code = ? AND id = ?',
    )
    this.#connection.transaction(() => {
      for (const { orgCode, id, position } of receipts) drop.run(position, orgCode, id)
    })()
  }

  /** A thing as it is held, one that is gone included. */
  thing(orgCode: string, id: string): Thing | undefined {
    return this.#connection
      .prepare<[string, string], Thing>(
        'SELECT org_code AS orgCode, id, type, position, digest, state FROM thing WHERE org_code = ? AND id = ?',
      )
      .get(orgCode, id)
  }

  /** How many things it holds; with a position, those that have not moved since. */
  count(unmovedSince = Number.MAX_SAFE_INTEGER): number {
    return (
      this.#connection
        .prepare<[number], number>('SELECT count(*) FROM thing WHERE state IS NOT NULL AND position <= ?')
        .pluck()
        .get(unmovedSince) ?? 0
    )
  }

  close(): void {
    this.#connection.close()
  }

  #put() {
    const statement = this.#connection.prepare<
      [string, string, string, number, string | null, string | null]
    >('INSERT OR REPLACE INTO thing (org_code, id, type, position, digest, state) VALUES (?, ?, ?, ?, ?, ?)')
    return ({ orgCode, id, type, position, digest, state }: Thing) =>
      statement.run(orgCode, id, type, position, digest, state)
  }

  #stand({ epoch, schema, position }: Place): void {
    this.#connection
      .prepare('INSERT OR REPLACE INTO place (one, source, epoch, schema, position) VALUES (1, ?, ?, ?, ?)')
      .run(this.#source, epoch, schema, position)
  }
}
