import type { Pool } from 'pg'
import { serverAt } from '../register/postgres-server.ts'
import {
  type Access,
  type Accesses,
  type AccessFilters,
  AccessUnwritable,
  boundedAccess,
} from './access-log.ts'

const CONNECTIONS = 2
const DAY_MS = 24 * 3_600_000
const PRUNED_A_STEP = 2_000

/** The log of accesses of all nodes, in their database: who looked at what on whichever of them. */
export class SharedAccesses implements Accesses {
  readonly #server: Pool

  constructor(database: string) {
    this.#server = serverAt(database, CONNECTIONS)
  }

  async add(access: Omit<Access, 'id'>): Promise<void> {
    await this.write([access])
  }

  /** Writes down accesses, all or none. Throws `AccessUnwritable`. */
  async write(accesses: readonly Omit<Access, 'id'>[]): Promise<void> {
    const rows = accesses.map(boundedAccess)
    await this.#written(
      `INSERT INTO access (at, act, "by", officer, authority, about, detail)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      [
        ...[rows.map(({ at }) => at), rows.map(({ act }) => act), rows.map(({ by }) => by)],
        ...[rows.map(({ officer }) => officer), rows.map(({ authority }) => authority)],
        ...[rows.map(({ about }) => about), rows.map(({ detail }) => detail)],
      ],
    )
  }

  /** Finds out whether it can be written to. Throws `AccessUnwritable`. */
  async probe(): Promise<void> {
    await this.#written(`DELETE FROM access WHERE at = ''`, [])
  }

  /** Accesses before an id, the latest first. */
  async find(filters: AccessFilters, before: number, limit: number): Promise<Access[]> {
    const { act, officer, authority, about, from, to } = filters
    const values: unknown[] = [before, limit]
    const bound = (value: string) => `$${values.push(value)}`
    const conditions = [
      'id < $1',
      ...(act === undefined ? [] : [`act = ${bound(act)}`]),
      ...(officer === undefined ? [] : [officerIs(bound(officer))]),
      ...(authority === undefined ? [] : [`position(${bound(authority)}::text IN authority) > 0`]),
      ...(about === undefined ? [] : [`about = ${bound(about)}`]),
      ...(from === undefined ? [] : [`at >= ${bound(from)}`]),
      ...(to === undefined ? [] : [`at <= ${bound(to)}`]),
    ]
    const { rows } = await this.#server.query<Access>(
      `SELECT id, at, act, "by", officer, authority, about, detail FROM access
       WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $2`,
      values,
    )
    return rows
  }

  /** Forgets what is older than so many days. */
  async prune(now: Date, days: number): Promise<void> {
    const before = new Date(now.getTime() - days * DAY_MS).toISOString()
    for (;;) {
      const { rowCount } = await this.#server.query(
        `DELETE FROM access WHERE id IN (SELECT id FROM access WHERE at < $1 LIMIT ${PRUNED_A_STEP})`,
        [before],
      )
      if ((rowCount ?? 0) < PRUNED_A_STEP) return
    }
  }

  /** Hands everything over to another log, the oldest first; what that has taken is here no more. */
  async handOver(take: (accesses: Access[]) => Promise<void>): Promise<void> {
    for (;;) {
      const { rows } = await this.#server.query<Access>(
        `SELECT id, at, act, "by", officer, authority, about, detail FROM access ORDER BY id LIMIT ${PRUNED_A_STEP}`,
      )
      const last = rows.at(-1)
      if (!last) return
      await take(rows)
      await this.#server.query('DELETE FROM access WHERE id <= $1', [last.id])
    }
  }

  close(): Promise<void> {
    return this.#server.end()
  }

  async #written(statement: string, values: unknown[]): Promise<void> {
    await this.#server.query(statement, values).catch((error: unknown) => {
      throw new AccessUnwritable(error instanceof Error ? error.message : 'not written', { cause: error })
    })
  }
}

/** Part of a name, an account, or a key. */
function officerIs(value: string): string {
  return `(position(${value}::text IN officer) > 0 OR "by" = ${value} OR right("by", length(${value}::text) + 1) = '/' || ${value})`
}
