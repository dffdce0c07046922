import type Database from 'better-sqlite3'
import { isBegun, lookInto } from './fit.ts'
import { RegisterFault, range, WAY_OUT } from './standing.ts'

/** Positions that follow one another. */
export interface Stretch {
  from: number
  to: number
}

/**
 * Refuses a register's file in which entries are missing between others. That costs a look at every row, so it is done once
 * where a place is entered, not at each opening. What a restore has said to be missing (`register.restored`) is. Writes
 * nothing; throws `RegisterFault`. For a file that fits its anchor.
 */
export function mustBeWhole(path: string): void {
  const missing = isBegun(path) ? lookInto(path, missingIn) : []
  if (missing.length > 0) throw new RegisterFault(`${missingInWords(missing)}\n${WAY_OUT}`)
}

/** The positions that are missing between entries, but for those that a restore has said to be. */
export function missingIn(connection: Database.Database): Stretch[] {
  const holes = holesIn(connection)
  if (holes.length === 0) return []
  const known = connection.prepare<[], Stretch>(
    `SELECT one.value ->> 'from' AS "from", one.value ->> 'to' AS "to" FROM entry, json_each(entry.payload, '$.missing') AS one
     WHERE entry.kind = 'register.restored' ORDER BY 1`,
  )
  const said = known.all()
  // One hole may have been said in several pieces.
  const firstUnsaid = (seq: number) =>
    said.reduce((next, { from, to }) => (from <= next && next <= to ? to + 1 : next), seq)
  return holes.filter(({ from, to }) => firstUnsaid(from) <= to)
}

/** Every stretch of positions that no entry has, though a later one is there. */
export function holesIn(connection: Database.Database): Stretch[] {
  // One that was moved out of its place leaves a hole, and is counted nowhere.
  const count = connection.prepare<[], number>('SELECT count(*) FROM entry WHERE seq > 0').pluck().get() ?? 0
  const last = connection.prepare<[], number | null>('SELECT max(seq) FROM entry').pluck().get() ?? 0
  if (count === last) return []
  return connection
    .prepare<[], Stretch>(
      `SELECT before + 1 AS "from", seq - 1 AS "to" FROM
         (SELECT seq, lag(seq, 1, 0) OVER (ORDER BY seq) AS before FROM entry WHERE seq > 0) WHERE seq > before + 1 ORDER BY seq`,
    )
    .all()
}

const MOST_NAMED = 10

/** What is missing between entries, in Chinese. */
export function missingInWords(missing: readonly Stretch[]): string {
  const named = missing.slice(0, MOST_NAMED).map(({ from, to }) => range(from, to))
  const more = missing.length > MOST_NAMED ? `等 ${missing.length} 处` : ''
  return `登记簿中间缺少${named.join('、')}${more}：其前后的条目都在，它们是被删除的。`
}
