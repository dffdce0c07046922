import type Database from 'better-sqlite3'
import { type Anchored, anchorPath, readAnchor } from '../register/anchor.ts'
import { Sqlite } from '../register/driver.ts'
import { hasEntries, isThere, lookInto } from '../register/fit.ts'

/** An entry that is not there any more, as far as it has to be named. */
export interface LostEntry {
  seq: number
  subject: string
  kind: string
  authority: string
  recordedAt: string
}

/** What a register that takes the place of another does not have. */
export interface Lost {
  /** Positions that were answered; undefined where none is known to be lost. */
  range?: { from: number; to: number }
  /** The first of them that can still be read. */
  entries: readonly LostEntry[]
  /** Why it can't be told what is lost, in Chinese. */
  unknown?: string
}

const NOTHING: Lost = { entries: [] }
const MOST_NAMED = 20

/** The entries of a register, each told from every other by its digest. */
interface Line {
  head: number
  epoch: string | undefined
  digestAt(position: number): string | undefined
}

/**
 * What the register that is there has, its anchor included, and another one has not: all that comes after the last
 * entry that both have, whatever their epochs. Without another one, what its head row or anchor tells of and it lacks. Looks only.
 */
export function lostBeyond(register: string, other: string | undefined): Lost {
  const found = readAnchor(anchorPath(register))
  const anchor = found === 'broken' ? undefined : found
  try {
    if (!isThere(register)) return byAnchor(anchor, other)
    return lookInto(register, (own) => {
      if (!hasEntries(own)) return byAnchor(anchor, other)
      const line = lineOf(own)
      const shared = other === undefined ? line.head : lookInto(other, (its) => sharedBy(line, lineOf(its)))
      const told = anchor && anchor.epoch === line.epoch ? anchor.position : 0
      const to = Math.max(line.head, headRow(own), told)
      return to > shared ? { range: { from: shared + 1, to }, entries: namedAfter(own, shared) } : NOTHING
    })
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error
    return { ...byAnchor(anchor, other), unknown: `原来的 register.db 无法读取（${error.code}）` }
  }
}

/** What an anchor tells of, where the register itself can't be asked. */
function byAnchor(anchor: Anchored | undefined, other: string | undefined): Lost {
  if (!anchor || other === undefined) return NOTHING
  const { head, epoch } = lookInto(other, lineOf)
  if (anchor.epoch !== epoch)
    return {
      entries: [],
      unknown: `原来的锚记到序号 ${anchor.position}（${anchor.at}），纪元 ${anchor.epoch}，备份为纪元 ${epoch ?? '（无）'}`,
    }
  return anchor.position > head ? { range: { from: head + 1, to: anchor.position }, entries: [] } : NOTHING
}

function lineOf(connection: Database.Database): Line {
  const at = connection.prepare<[number], string>('SELECT digest FROM entry WHERE seq = ?').pluck()
  return {
    head: connection.prepare<[], number | null>('SELECT max(seq) FROM entry').pluck().get() ?? 0,
    epoch: hasHead(connection)
      ? connection.prepare<[], string>('SELECT epoch FROM head').pluck().get()
      : undefined,
    digestAt: (position) => at.get(position),
  }
}

function headRow(connection: Database.Database): number {
  if (!hasHead(connection)) return 0
  return connection.prepare<[], number>('SELECT seq FROM head').pluck().get() ?? 0
}

function hasHead(connection: Database.Database): boolean {
  return (
    connection.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'head'`).get() !==
    undefined
  )
}

/** Position of the last entry that two registers have in common, found by halving: from where they part they stay apart. */
function sharedBy(one: Line, other: Line): number {
  let [low, high] = [0, Math.min(one.head, other.head)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (one.digestAt(middle) === other.digestAt(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function namedAfter(connection: Database.Database, position: number): LostEntry[] {
  return connection
    .prepare<[number, number], LostEntry>(
      `SELECT seq, subject, kind, authority, recorded_at AS recordedAt FROM entry WHERE seq > ? ORDER BY seq LIMIT ?`,
    )
    .all(position, MOST_NAMED)
}

/** How a log of accesses stands to the one of a backup. */
export type LogBeside =
  /** It goes on from the backup's, with so many more accesses. */
  | { goesOn: true; more: number }
  /** It is another log, or can't be read: why, in Chinese. */
  | { goesOn: false; why: string }

/**
 * Whether a log of accesses goes on from the one of a backup; undefined where there is none. Unlike the register it loses
 * nothing by going on: it only says what happened. Looks only.
 */
export function logBeside(path: string, other: string): LogBeside | undefined {
  if (!isThere(path)) return undefined
  try {
    const last = lookInto(other, (its) => newestAccess(its))
    return lookInto(path, (own) => {
      const given = own
        .prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'access'")
        .pluck()
        .get()
      if (!last) return { goesOn: true, more: given ?? 0 }
      const same = own
        .prepare<[number], string>(`SELECT ${AS_TEXT} FROM access WHERE id = ?`)
        .pluck()
        .get(last.id)
      // What is past its time is gone from one of them.
      if ((given ?? 0) < last.id || (same !== undefined && same !== last.text))
        return { goesOn: false, why: '与备份中的不是同一份' }
      return { goesOn: true, more: (given ?? 0) - last.id }
    })
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error
    return { goesOn: false, why: `无法读取（${error.code}）` }
  }
}

const AS_TEXT = 'json_array(at, act, by, about, detail)'

function newestAccess(connection: Database.Database): { id: number; text: string } | undefined {
  return connection
    .prepare<[], { id: number; text: string }>(
      `SELECT id, ${AS_TEXT} AS text FROM access ORDER BY id DESC LIMIT 1`,
    )
    .get()
}
