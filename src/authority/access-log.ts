import { setImmediate as othersTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { openBeside } from '../register/beside.ts'
import type { Author } from '../register/entry.ts'
import { lyingAt } from '../register/in-place.ts'
import { takenBack } from '../register/taken-back.ts'

/** What somebody did that changed nothing in the register; or was told a secret of what they did, which no entry holds. */
export const accessActs = [
  'read',
  'told',
  'refused',
  // The password was right; a passkey is still to be shown.
  'signing-in',
  'signed-in',
  'sign-in-failed',
  'signed-out',
] as const
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

/**
 * Thrown where an access can't be written down. Whoever may see more than the public sees it only once it is written
 * down, so what was asked for is not shown.
 */
export class AccessUnwritable extends Error {
  override readonly name = 'AccessUnwritable'
}

/** Where accesses are written down and looked up. */
export interface Accesses {
  /** Resolves once the access is written down; throws `AccessUnwritable` where it can't be. */
  add(access: Omit<Access, 'id'>): Promise<void>
  /** Accesses before an id, the latest first. */
  find(filters: AccessFilters, before: number, limit: number): Promise<Access[]>
  /** Forgets what is older than so many days. */
  prune(now: Date, days: number): Promise<void>
}

const LONGEST = 500
const DAY_MS = 24 * 3_600_000
const PRUNED_A_STEP = 2_000
/** Locks of other programs are waited for no longer. */
const LOCKED_MS = 1_000

/** An access with whatever a request may have made long cut off. */
export function boundedAccess(access: Omit<Access, 'id'>): Omit<Access, 'id'> {
  const { by, about, detail } = access
  return {
    ...access,
    by: by.slice(0, LONGEST),
    about: about.slice(0, LONGEST),
    detail: detail.slice(0, LONGEST),
  }
}

/**
 * Who looked at what: kept beside the register, whose order every view and cache hangs on, so that looking moves
 * nothing. Rows are only added, and go when their time is over.
 */
export class AccessLog implements Accesses {
  readonly #db: Database.Database
  readonly #insert: Database.Statement
  readonly #prune: Database.Statement
  readonly #probe: Database.Statement
  readonly #liesThere: () => boolean

  constructor(path: string) {
    this.#db = openBeside(path, { busyMs: LOCKED_MS })
    this.#liesThere = lyingAt(path)
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
      CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, times INTEGER NOT NULL) STRICT;
    `)
    this.#insert = this.#db.prepare(
      `INSERT INTO access (at, act, by, officer, authority, about, detail)
       VALUES (@at, @act, @by, @officer, @authority, @about, @detail)`,
    )
    this.#prune = this.#db.prepare(
      `DELETE FROM access WHERE id IN (SELECT id FROM access WHERE at < ? LIMIT ${PRUNED_A_STEP})`,
    )
    this.#probe = this.#db.prepare(
      'INSERT INTO probe (id, times) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1',
    )
  }

  async add(access: Omit<Access, 'id'>): Promise<void> {
    this.write([access])
  }

  /** Writes down accesses, all or none. Throws `AccessUnwritable`. */
  write(accesses: readonly Omit<Access, 'id'>[]): void {
    this.#written(() => {
      for (const access of accesses) this.#insert.run(boundedAccess(access))
    })
  }

  /** Writes what says nothing, and an access that is taken back, to find out whether it can be. Throws `AccessUnwritable`. */
  probe(): void {
    const nothing = { at: '', act: 'read', by: '', officer: '', authority: '', about: '', detail: '' }
    this.#written(() => this.#probe.run())
    this.#kept(() => takenBack(this.#db, () => this.#insert.run(nothing)))
  }

  #written(write: () => unknown): void {
    this.#kept(() => this.#db.transaction(write).immediate())
  }

  /** Does what writes to the file. Throws `AccessUnwritable` where it can't be, or would be kept nowhere. */
  #kept(act: () => unknown): void {
    if (!this.#liesThere()) throw new AccessUnwritable('the file is not where it was opened')
    try {
      act()
    } catch (error) {
      throw new AccessUnwritable(error instanceof Error ? error.message : 'not written', { cause: error })
    }
  }

  async find(filters: AccessFilters, before: number, limit: number): Promise<Access[]> {
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

  async prune(now: Date, days: number): Promise<void> {
    const before = new Date(now.getTime() - days * DAY_MS).toISOString()
    while (this.#prune.run(before).changes === PRUNED_A_STEP) await othersTurn()
  }

  /** Hands everything over to another log, the oldest first; what that has taken is here no more. */
  async handOver(take: (accesses: Access[]) => Promise<void>): Promise<void> {
    const oldest = this.#db.prepare<[], Access>(
      `SELECT id, at, act, by, officer, authority, about, detail FROM access ORDER BY id LIMIT ${PRUNED_A_STEP}`,
    )
    const forget = this.#db.prepare('DELETE FROM access WHERE id <= ?')
    for (let some = oldest.all(); some.length > 0; some = oldest.all()) {
      await take(some)
      forget.run(some.at(-1)?.id)
    }
  }

  close(): void {
    this.#db.close()
  }
}
