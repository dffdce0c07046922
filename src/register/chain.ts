import { createHash, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'

/** What stands before the first entry. */
export const noChain = Buffer.alloc(0)

/**
 * The chain up to an entry: SHA-256 over the chain up to the entry before and this entry's digest, both as bytes. Who
 * knows it for one position knows that nothing before that position was changed, taken out or put in.
 */
export function chained(before: Buffer, digest: string): Buffer {
  return createHash('sha256').update(before).update(digest, 'hex').digest()
}

/** Name of a register's epoch: a random one, so that a restored copy is never taken for what it was copied from. */
export function newEpoch(): string {
  return randomBytes(8).toString('hex')
}

const ROWS_AT_ONCE = 5000

/**
 * Chains the entries of a register that was begun without, in batches between which others may read and write, and
 * then lets the column hold nothing else: a program that does not know it can't append any more. Does nothing to a
 * register that is whole.
 */
export function fillChain(connection: Database.Database): void {
  const isWhole = () =>
    connection
      .prepare<[], number>(`SELECT "notnull" FROM pragma_table_info('entry') WHERE name = 'chain'`)
      .pluck()
      .get() === 1
  if (isWhole()) return
  const begin = connection.prepare(`INSERT OR IGNORE INTO head VALUES (1, 0, '', x'', ?, NULL)`)
  const reached = connection.prepare<[], { seq: number; chain: Buffer }>('SELECT seq, chain FROM head')
  const next = connection.prepare<[number, number], { seq: number; digest: string; recorded_at: string }>(
    'SELECT seq, digest, recorded_at FROM entry WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  const fill = connection.prepare('UPDATE entry SET chain = ? WHERE seq = ?')
  const advance = connection.prepare('UPDATE head SET seq = ?, recorded_at = ?, chain = ?')
  const step = connection.transaction((): boolean => {
    begin.run(newEpoch())
    if (isWhole()) return true
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
