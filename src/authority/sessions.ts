import { createHash, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
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
const LONGEST_MS = 12 * 3_600_000
const LONGEST_AGENT = 200

/**
 * The sessions that stand, so that one that was ended stays ended whoever still holds its cookie, and how far what opens them
 * has been used. Kept beside the register; of each only a digest of what its cookie bears.
 */
export class Sessions {
  readonly #db: Database.Database

  constructor(path: string) {
    this.#db = openBeside(path)
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS session (
        name TEXT PRIMARY KEY, login TEXT NOT NULL, begun_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
        place TEXT NOT NULL, agent TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS session_login ON session (login, begun_at);
      CREATE TABLE IF NOT EXISTS used (what TEXT PRIMARY KEY, reached INTEGER NOT NULL) STRICT;
    `)
  }

  /** Begins one and gives the secret that its cookie bears. */
  begin(login: string, { at, from, agent }: { at: number; from: string; agent: string }): string {
    const secret = randomBytes(24).toString('base64url')
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM session WHERE begun_at < ?').run(at - LONGEST_MS)
      this.#db
        .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)')
        .run(nameOf(secret), login, at, at, from, agent.slice(0, LONGEST_AGENT))
      this.#db
        .prepare(
          `DELETE FROM session WHERE name IN
             (SELECT name FROM session WHERE login = ? ORDER BY begun_at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
        )
        .run(login, MOST_OF_ONE)
    })()
    return secret
  }

  /** Whether the session of a secret stands. */
  stands(secret: string): boolean {
    return this.#db.prepare('SELECT 1 FROM session WHERE name = ?').get(nameOf(secret)) !== undefined
  }

  seen(secret: string, at: number): void {
    this.#db.prepare('UPDATE session SET seen_at = ? WHERE name = ?').run(at, nameOf(secret))
  }

  end(secret: string): void {
    this.#db.prepare('DELETE FROM session WHERE name = ?').run(nameOf(secret))
  }

  /** Ends one of an officer's sessions by its name; nothing where it is nobody's or another's. */
  endNamed(login: string, name: string): void {
    this.#db.prepare('DELETE FROM session WHERE name = ? AND login = ?').run(name, login)
  }

  endAll(login: string): void {
    this.#db.prepare('DELETE FROM session WHERE login = ?').run(login)
  }

  /**
   * Notes how far something that opens a session once (a one-time code, a passkey that counts) has been used; false where it had
   * been used as far before. By 0 it says that it does not count, which is false where it did.
   */
  advance(what: string, to: number): boolean {
    const name = nameOf(what)
    if (to === 0) return this.#db.prepare('SELECT 1 FROM used WHERE what = ?').get(name) === undefined
    const { changes } = this.#db
      .prepare(
        `INSERT INTO used VALUES (?, ?) ON CONFLICT DO UPDATE SET reached = excluded.reached
         WHERE excluded.reached > reached`,
      )
      .run(name, to)
    return changes > 0
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

  close(): void {
    this.#db.close()
  }
}

/** The name of the session that a secret opens; of whatever is kept by its digest alone. */
export function nameOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
