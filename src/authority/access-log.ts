import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Author } from '../register/entry.ts'

/** What somebody did that changed nothing in the register. */
export const accessActs = ['read', 'refused', 'signed-in', 'sign-in-failed', 'signed-out'] as const
export type AccessAct = (typeof accessActs)[number]

/** An access (查阅、登录或被拒的操作): who looked at what, or was kept from it. */
export interface Access extends Author {
  id: number
  /** ISO 8601 in UTC. */
  at: string
  act: AccessAct
  /** `officer/…` or `key/…`; what was typed as an account, where nobody signed in. */
  by: string
  /** Key of the file or id of the case that it was about; empty where it was about neither. */
  about: string
  /** Address of the page, or why it was refused. */
  detail: string
}

export interface AccessFilters {
  act?: AccessAct | undefined
  /** Part of a name, an account, or a key. */
  officer?: string | undefined
  authority?: string | undefined
  about?: string | undefined
  /** ISO times, both included. */
  from?: string | undefined
  to?: string | undefined
}

const LONGEST = 500
const WAIT_MS = 50
const MOST_WAITING = 500
const DAY_MS = 24 * 3_600_000

/**
 * Who looked at what: kept beside the register, whose order every view and cache hangs on, so that looking moves
 * nothing. Rows are only added, and go when their time is over.
 */
export class AccessLog {
  readonly #db: Database.Database
  readonly #insert: Database.Statement
  /** Reads that are not written yet: many at once cost no more than one. */
  #waiting: Omit<Access, 'id'>[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #prune: Database.Statement

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#db = new Database(path, { timeout: 15_000 })
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = NORMAL')
    // What is past its time is overwritten.
    this.#db.pragma('secure_delete = ON')
    this.#db.exec(`
      CREATE TABLE IF NOT EXISTS access (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, act TEXT NOT NULL, by TEXT NOT NULL,
        officer TEXT NOT NULL, authority TEXT NOT NULL, about TEXT NOT NULL, detail TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS access_about ON access (about) WHERE about <> '';
      CREATE INDEX IF NOT EXISTS access_by ON access (by);
      CREATE INDEX IF NOT EXISTS access_at ON access (at);
      CREATE TRIGGER IF NOT EXISTS access_stays BEFORE UPDATE ON access
        BEGIN SELECT RAISE(ABORT, 'what was logged stays'); END;
    `)
    this.#insert = this.#db.prepare(
      `INSERT INTO access (at, act, by, officer, authority, about, detail)
       VALUES (@at, @act, @by, @officer, @authority, @about, @detail)`,
    )
    this.#prune = this.#db.prepare('DELETE FROM access WHERE at < ?')
  }

  /** Logs an access. A read is written a moment later, with others; whatever else was done, at once. */
  add(access: Omit<Access, 'id'>): void {
    this.#waiting.push(access)
    if (access.act !== 'read' || this.#waiting.length >= MOST_WAITING) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), WAIT_MS).unref()
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length === 0) return
    this.#db
      .transaction(() => {
        for (const access of waiting)
          this.#insert.run({
            ...access,
            by: access.by.slice(0, LONGEST),
            about: access.about.slice(0, LONGEST),
            detail: access.detail.slice(0, LONGEST),
          })
      })
      .immediate()
  }

  /** Accesses before an id, the latest first. */
  find(filters: AccessFilters, before: number, limit: number): Access[] {
    this.#write()
    const { act, officer, authority, about, from, to } = filters
    const conditions = [
      'id < @before',
      ...(act === undefined ? [] : ['act = @act']),
      ...(officer === undefined
        ? []
        : ['(instr(officer, @officer) > 0 OR by = @officer OR by LIKE @account)']),
      ...(authority === undefined ? [] : ['instr(authority, @authority) > 0']),
      ...(about === undefined ? [] : ['about = @about']),
      ...(from === undefined ? [] : ['at >= @from']),
      ...(to === undefined ? [] : ['at <= @to']),
    ]
    return this.#db
      .prepare<unknown[], Access>(
        `SELECT id, at, act, by, officer, authority, about, detail FROM access
         WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT @limit`,
      )
      .all({ ...filters, account: `%/${officer ?? ''}`, before, limit })
  }

  /** Forgets what is older than so many days. */
  prune(now: Date, days: number): void {
    this.#prune.run(new Date(now.getTime() - days * DAY_MS).toISOString())
  }

  close(): void {
    this.#write()
    this.#db.close()
  }
}
