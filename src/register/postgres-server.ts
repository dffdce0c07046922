import { createRequire } from 'node:module'
import type pg from 'pg'

/** A connection waits so long to be made, and for a lock; who holds one and says nothing for as long loses it. */
const PATIENCE_MS = 5_000
/** An answer that takes longer will not come: the connection is given up. */
const ANSWER_MS = 30_000
/** Whole numbers of 64 bits: positions and moments, which a number holds exactly. */
const INT8 = 20

const load: (name: 'pg') => typeof pg = createRequire(import.meta.url)

/** The driver, loaded with the first connection: most registers have none, and every thread and command would wait for it. */
let driver: typeof pg | undefined

/** Connections to the database that an address names, made when they are first needed. */
export function serverAt(url: string, most: number): pg.Pool {
  driver ??= load('pg')
  const { Pool, types } = driver
  const pool = new Pool({
    connectionString: url,
    max: most,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: ANSWER_MS,
    lock_timeout: PATIENCE_MS,
    idle_in_transaction_session_timeout: PATIENCE_MS,
    keepAlive: true,
    // What does not wait for each other's answers is sent together: the way to the server is what an append waits for.
    pipeline: true,
    application_name: 'hqc',
    // A limit that the role may have would break off a COMMIT that waits for a standby, and call it done.
    options: '-c statement_timeout=0',
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary') =>
        type === INT8 ? Number : types.getTypeParser(type, format),
    },
  })
  // A connection that broke while nobody used it: the next one who needs one gets another.
  pool.on('error', () => undefined)
  // One that breaks between two statements of whoever has it: the next statement tells, and nothing is thrown into nowhere.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** An address without its password, as it may be shown. */
export function shownAddress(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  return `postgresql://${host}${port === '' ? '' : `:${port}`}${pathname}`
}

/**
 * Whether a statement came to nothing for a reason that passes by itself: the connection was lost, another transaction
 * was in the way, the server is starting, stopping or a standby until it is promoted.
 */
export function isPassing(error: unknown): boolean {
  if (isRefusal(error))
    return error.code !== DISK_FULL && /^(08|28|3D|40|53|57|55P03|25006|25P03)/.test(error.code ?? '')
  return isLost(error)
}

/** Whether an error is what the server says against a statement. */
export function isRefusal(error: unknown): error is pg.DatabaseError {
  return driver !== undefined && error instanceof driver.DatabaseError
}

/** Whether the connection was lost: nobody knows what became of the statement that was being answered. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]/.test(error.code)) return true
  return /terminated|timeout|not queryable|closed|ended/i.test(error.message)
}

/** Whether the server has taken a transaction back for another that was in its way, whatever statement it refused: its COMMIT as well. */
export function isTakenBack(error: unknown): boolean {
  return isRefusal(error) && /^40(001|P01)$/.test(error.code ?? '')
}

const DISK_FULL = '53100'

/** Whether the server has no room left. */
export function isOutOfRoom(error: unknown): boolean {
  return isRefusal(error) && error.code === DISK_FULL
}

/** Whether a database's error lies in what one request holds (a value that it can't keep). */
export function isOfOneRequest(error: unknown): boolean {
  return isRefusal(error) && /^(22|23|54)/.test(error.code ?? '')
}
