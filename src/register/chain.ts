import { hash, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'

/** What stands before the first entry. */
export const noChain = ''

/**
 * The chain up to an entry, in hex: SHA-256 over the chain up to the entry before and this entry's digest, as bytes. Who
 * knows it for one position knows that nothing before that position was changed, taken out or put in.
 */
export function chained(before: string, digest: string): string {
  return hash('sha256', Buffer.from(before + digest, 'hex'), 'hex')
}

/** Name of a register's epoch: a random one, so that a restored copy is never taken for what it was copied from. */
export function newEpoch(): string {
  return randomBytes(8).toString('hex')
}

/** Whether every entry of a register is chained, and none can be added that is not. */
export function isChained(connection: Database.Database): boolean {
  const isRequired = connection
    .prepare<[], number>(`SELECT "notnull" FROM pragma_table_info('entry') WHERE name = 'chain'`)
    .pluck()
    .get()
  return isRequired === 1
}

const ROWS_AT_ONCE = 5000

/**
 * Chains the entries of a register that was begun without, in batches between which others may read and write, and
 * then lets the column hold nothing else: a program that does not know it can't append any more. Does nothing to a
 * register that is whole.
 */
export function fillChain(connection: Database.Database): void {
  if (isChained(connection)) return
  const begin = connection.prepare(`INSERT OR IGNORE INTO head VALUES (1, 0, '', x'', ?, NULL)`)
  const reached = connection.prepare<[], { seq: number; chain: string }>(
    'SELECT seq, lower(hex(chain)) AS chain FROM head',
  )
  const next = connection.prepare<[number, number], { seq: number; digest: string; recorded_at: string }>(
    'SELECT seq, digest, recorded_at FROM entry WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  const fill = connection.prepare('UPDATE entry SET chain = unhex(?) WHERE seq = ?')
  const advance = connection.prepare('UPDATE head SET seq = ?, recorded_at = ?, chain = unhex(?)')
  const step = connection.transaction((): boolean => {
    begin.run(newEpoch())
    if (isChained(connection)) return true
    let { seq, chain } = reached.get() ?? { seq: 0, chain: noChain }
    const rows = next.all(seq, ROWS_AT_ONCE)
    for (const row of rows) {
      chain = chained(chain, row.digest)
      seq = row.seq
      fill.run(chain, seq)
    }
    const last = rows.at(-1)
    if (last) advance.run(seq, last.recorded_at, chain)
    if (rows.length === ROWS_AT_ONCE) return false
    connection.exec('ALTER TABLE entry ALTER COLUMN chain SET NOT NULL')
    return true
  })
  while (!step.immediate());
}
