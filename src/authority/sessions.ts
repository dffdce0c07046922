import { createHash, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
import { type NodesDatabase, type Store, storeOf } from '../beside/store.ts'
import { openBeside } from '../register/beside.ts'

/** A session (会话) of an officer: where they have signed in. */
export interface Session {
  /** Names it to its owner; it opens nothing. */
  name: string
  login: string
  /** Milliseconds since 1970. */
  begunAt: number
  seenAt: number
  /** Address that it began from. */
  from: string
  /** Browser that it began with, as it named itself. */
  agent: string
}

/** The oldest ends where one more begins. */
const MOST_OF_ONE = 10
/** However busy: after a working day one signs in again; and after an hour without a word. */
export const LONGEST_MS = 12 * 3_600_000
export const IDLE_MS = 60 * 60_000
const LONGEST_AGENT = 200
/** So long somebody may take to sign what they are asked to. */
export const ASKED_MS = 5 * 60_000

/**
 * The sessions that stand, so that one that was ended stays ended whoever still holds its cookie, and how far what opens them
 * has been used. Kept beside the register; of each only a digest of what its cookie bears.
 */
export class Sessions {
  readonly #db: Database.Database
  readonly #store: Store

  constructor(path: string, database: NodesDatabase = '') {
    this.#db = openBeside(path)
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS session (
        name TEXT PRIMARY KEY, login TEXT NOT NULL, begun_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
        place TEXT NOT NULL, agent TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS session_login ON session (login, begun_at);
      CREATE TABLE IF NOT EXISTS challenge (what TEXT PRIMARY KEY, challenge TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS used (what TEXT PRIMARY KEY, reached INTEGER NOT NULL) STRICT;
    `)
    this.#store = storeOf(this.#db, { store: 'sessions', tables: ['session', 'used', 'challenge'] }, database)
  }

  /** Brings them to where all nodes are. */
  follow(): Promise<void> {
    return this.#store.follow()
  }

  /** As of a store. */
  probe(): Promise<void> {
    return this.#store.probe()
  }

  /** Begins one and gives the secret that its cookie bears. */
  async begin(
    login: string,
    { at, from, agent }: { at: number; from: string; agent: string },
  ): Promise<string> {
    const secret = randomBytes(24).toString('base64url')
    await this.#store.change(() => {
      this.#db
        .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)')
        .run(nameOf(secret), login, at, at, from, agent.slice(0, LONGEST_AGENT))
      this.#db
        .prepare(
          `DELETE FROM session WHERE name IN
             (SELECT name FROM session WHERE login = ? ORDER BY begun_at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
        )
        .run(login, MOST_OF_ONE)
    })
    return secret
  }

  /** Whether the session of a secret stands. */
  stands(secret: string): boolean {
    return this.#db.prepare('SELECT 1 FROM session WHERE name = ?').get(nameOf(secret)) !== undefined
  }

  async seen(secret: string, at: number): Promise<void> {
    await this.#store.change(() =>
      this.#db.prepare('UPDATE session SET seen_at = ? WHERE name = ?').run(at, nameOf(secret)),
    )
  }

  async end(secret: string): Promise<void> {
    await this.#store.change(() => this.#db.prepare('DELETE FROM session WHERE name = ?').run(nameOf(secret)))
  }

  /** Ends one of an officer's sessions by its name; nothing where it is nobody's or another's. */
  async endNamed(login: string, name: string): Promise<void> {
    await this.#store.change(() =>
      this.#db.prepare('DELETE FROM session WHERE name = ? AND login = ?').run(name, login),
    )
  }

  async endAll(login: string): Promise<void> {
    await this.#store.change(() => this.#db.prepare('DELETE FROM session WHERE login = ?').run(login))
  }

  /**
   * Notes how far something that opens a session once (a one-time code, a passkey that counts) has been used; false where it had
   * been used as far before. By 0 it says that it does not count, which is false where it did.
   */
  async advance(what: string, to: number): Promise<boolean> {
    const name = nameOf(what)
    if (to === 0) return this.#db.prepare('SELECT 1 FROM used WHERE what = ?').get(name) === undefined
    const put = this.#db.prepare(
      `INSERT INTO used VALUES (?, ?) ON CONFLICT DO UPDATE SET reached = excluded.reached
       WHERE excluded.reached > reached`,
    )
    return this.#store.change(() => put.run(name, to).changes > 0)
  }

  /** Keeps what somebody is asked to sign, under the name of what it is for. */
  async ask(what: string, challenge: string, at: number): Promise<void> {
    await this.#store.change(() =>
      this.#db.prepare('INSERT OR REPLACE INTO challenge VALUES (?, ?, ?)').run(nameOf(what), challenge, at),
    )
  }

  /** What was asked under a name within the last five minutes; it is given once, whichever node is asked. */
  takeAsked(what: string, at: number): Promise<string | undefined> {
    return this.#store.change(() => {
      const found = this.#db
        .prepare<[string], { challenge: string; at: number }>(
          'SELECT challenge, at FROM challenge WHERE what = ?',
        )
        .get(nameOf(what))
      this.#db.prepare('DELETE FROM challenge WHERE what = ?').run(nameOf(what))
      return found && at - found.at <= ASKED_MS ? found.challenge : undefined
    })
  }

  /**
   * Forgets sessions that are over by their time, and what was asked and never signed; how far codes and passkeys have been used is
   * kept, a number under a digest each, as it has no day after which it would not count. Returns how many went.
   */
  async prune(now: Date): Promise<number> {
    const at = now.getTime()
    const over = this.#db.prepare('DELETE FROM session WHERE begun_at < ? OR seen_at < ?')
    const unsigned = this.#db.prepare('DELETE FROM challenge WHERE at < ?')
    return this.#store.change(
      () => over.run(at - LONGEST_MS, at - IDLE_MS).changes + unsigned.run(at - ASKED_MS).changes,
    )
  }

  /** The sessions of an officer, the newest first. */
  of(login: string): Session[] {
    return this.#db
      .prepare<[string], Session>(
        `SELECT name, login, begun_at AS begunAt, seen_at AS seenAt, place AS "from", agent FROM session
         WHERE login = ? ORDER BY begun_at DESC, rowid DESC`,
      )
      .all(login)
  }

  async close(): Promise<void> {
    await this.#store.close()
    this.#db.close()
  }
}

/** The name of the session that a secret opens; of whatever is kept by its digest alone. */
export function nameOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
