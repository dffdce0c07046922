import type Database from 'better-sqlite3'
import type { Findings } from './verify.ts'

interface Misled {
  key: string
  firstSeq: number
  count: number
  own: number
}

/** A row of the table of commands has to name as many entries as it says, all of its command. */
const MISLED = `SELECT key, first_seq AS firstSeq, count, own FROM (
    SELECT *, (SELECT count(*) FROM entry WHERE seq >= first_seq AND seq < first_seq + count AND command = key) AS own
    FROM command)
  WHERE own <> count ORDER BY first_seq`

/**
 * An entry whose command has a row lies among those that the row names; a form's, or one under an Idempotency-Key, has one. That a
 * proposal lapsed by such a request is told apart, by a command of its own.
 */
const UNNAMED = `SELECT entry.seq, command.key IS NULL AS lacks FROM entry LEFT JOIN command ON command.key = entry.command
  WHERE entry.seq NOT BETWEEN command.first_seq AND command.first_seq + command.count - 1
    OR (command.key IS NULL AND (SELECT moved_to FROM head) IS NULL AND entry.command NOT LIKE '%/lapse'
      AND (entry.command GLOB 'officer/*/form/*' OR entry.command GLOB 'key/*/idempotent/*'))
  ORDER BY entry.seq`

/**
 * Checks the table of commands against the entries: who repeats a request is answered with what stands there, and where its
 * row is gone it is done twice. A copy of a register that lives elsewhere has rows only for what came before it moved. Writes nothing.
 */
export function verifyCommands(connection: Database.Database, findings: Findings): void {
  for (const { key, firstSeq, count, own } of connection.prepare<[], Misled>(MISLED).iterate())
    findings.add(
      'register',
      `请求 ${key} 的登记结果记为自此起的 ${count} 条，其中只有 ${own} 条是它的：请求表被改动过，重复提交会得到别人的结果。`,
      firstSeq,
    )
  const unnamed = connection.prepare<[], { seq: number; lacks: 0 | 1 }>(UNNAMED)
  for (const { seq, lacks } of unnamed.iterate())
    findings.add(
      'register',
      lacks
        ? '请求表中没有它的请求：那一行被删除过，重复提交会再登记一次。'
        : '不在请求表为它的请求所记的范围内：请求表被改动过。',
      seq,
    )
}
