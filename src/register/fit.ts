import { existsSync, lstatSync, readlinkSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { type Anchored, anchorPath, readAnchor } from './anchor.ts'
import { isChained } from './chain.ts'
import { Sqlite } from './driver.ts'
import { beyondAnchor, RegisterFault, type Standing, standingFault, WAY_OUT } from './standing.ts'

const BUSY_TIMEOUT_MS = 15_000
/** Another process writes its anchor a moment after it has carried a register over, or appended to it. */
const [ANCHOR_TRIES, ANCHOR_PAUSE_MS] = [20, 50]

/** The head row: where a register stands, and where it was moved to. */
export interface Head {
  seq: number
  recordedAt: string
  chain: string
  epoch: string
  movedTo: string | null
}

/** Drizzle's own table: which migrations were applied. */
const MIGRATIONS = '__drizzle_migrations'

export const HEAD =
  'SELECT seq, recorded_at AS recordedAt, lower(hex(chain)) AS chain, epoch, moved_to AS movedTo FROM head'

/** Throws `RegisterFault` for a register without its head row. */
export function headOf(row: Head | undefined): Head {
  if (!row) throw new RegisterFault(`登记簿没有头记录。\n${WAY_OUT}`)
  return row
}

export function standingOf({ seq, chain, recordedAt, epoch }: Head): Standing {
  return { position: seq, chain, recordedAt, epoch }
}

/** Looks into a register's file, and writes nothing to it. */
export function lookInto<T>(path: string, look: (connection: Database.Database) => T): T {
  const connection = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS, readonly: true })
  try {
    return look(connection)
  } catch (error) {
    // Whoever is told of it needs to know which file is meant.
    throw error instanceof Sqlite.SqliteError && !('path' in error) ? Object.assign(error, { path }) : error
  } finally {
    connection.close()
  }
}

/** Whether there is a file that something was ever written to. */
export function isThere(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0
}

/** Whether a register was begun: one whose making was ended half-way has a file, and nothing in it. */
export function isBegun(path: string): boolean {
  return isThere(path) && lookInto(path, hasEntries)
}

/**
 * Refuses a register's file that does not fit its anchor, or is none, before anything is written: what was found is
 * evidence, and even closing a file that was opened for writing would change it. A register that was never begun fits
 * where there is no anchor. Throws `RegisterFault`.
 */
export function mustFit(path: string): void {
  const file = anchorPath(path)
  // The anchor is looked at first: whatever is appended meanwhile only moves the register ahead of it.
  const found = readAnchor(file)
  const fault = isThere(path)
    ? lookInto(path, (connection) => faultOf(connection, file, found))
    : lostBy(found)
  if (fault !== undefined) throw new RegisterFault(`${fault}\n${linked(path)}${WAY_OUT}`)
}

/**
 * In words, the entries of a register's file that its anchor does not tell of and that the next opening takes up; undefined
 * where there are none. Another process that appends meanwhile is waited for. For a file that fits.
 */
export function takenUp(path: string): string | undefined {
  const at = () => {
    const found = readAnchor(anchorPath(path))
    return found && found !== 'broken' ? found.position : undefined
  }
  const [anchored, { head }] = [at(), endOf(path, 0)]
  if (anchored === undefined || anchored >= head) return undefined
  return within(() => (at() ?? head) >= head) ? undefined : beyondAnchor((at() ?? 0) + 1, head)
}

/** A log is looked for beside the file itself, not beside a link to it. */
function linked(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return ''
  const to = resolve(dirname(path), readlinkSync(path))
  return `${path} 是符号链接，指向 ${to}：register.db-wal 须在 ${dirname(to)} 中，锚在链接旁边。\n`
}

type Found = ReturnType<typeof readAnchor>

function faultOf(connection: Database.Database, file: string, found: Found): string | undefined {
  const isEmpty = connection.prepare('SELECT 1 FROM sqlite_master').get() === undefined
  if (isEmpty) return lostBy(found)
  const lacking = tablesFault(connection)
  if (lacking !== undefined) return lacking
  if (!isChained(connection))
    return found === undefined
      ? undefined
      : `登记簿是以前版本的副本，还没有链，而${saysAnchor(found)}：它不是原来那一份。`
  if (found === 'broken') return '锚文件 register.anchor 无法读取：登记簿末尾是否缺失无从知道。'
  const { standing, fault } = connection.transaction(() => standingIn(connection, found)).deferred()
  if (fault !== undefined || found || standing.position === 0) return fault
  return within(() => existsSync(file))
    ? undefined
    : `登记簿到序号 ${standing.position}，却没有锚文件 register.anchor：末尾是否缺失无从知道。`
}

/** What is missing where an anchor tells of a register and there is no entry of it. */
function lostBy(found: Found): string | undefined {
  return found === undefined
    ? undefined
    : `没有登记簿（register.db 不存在或是空的），而${saysAnchor(found)}。`
}

function saysAnchor(found: Anchored | 'broken'): string {
  return found === 'broken'
    ? '锚文件 register.anchor 在，但无法读取'
    : `锚文件记到序号 ${found.position}（${found.at}，纪元 ${found.epoch}）`
}

/** Whether something comes true in the time that another process may need for it. */
function within(isSo: () => boolean): boolean {
  for (let tried = 0; tried < ANCHOR_TRIES; tried += 1) {
    if (isSo()) return true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ANCHOR_PAUSE_MS)
  }
  return false
}

/** Where a register stands and what is wrong with its end, held against an anchor. */
export function standingIn(
  connection: Database.Database,
  anchor: Anchored | undefined,
): { standing: Standing; fault: string | undefined } {
  const head = standingOf(headOf(connection.prepare<[], Head>(HEAD).get()))
  const chainAt = connection
    .prepare<[number], string>('SELECT lower(hex(chain)) FROM entry WHERE seq = ?')
    .pluck()
  const position = connection.prepare<[], number | null>('SELECT max(seq) FROM entry').pluck().get() ?? 0
  const last = { position, chain: chainAt.get(position) ?? '' }
  const chainAtAnchor = anchor?.position === 0 ? '' : chainAt.get(anchor?.position ?? 0)
  return { standing: head, fault: standingFault({ head, last, anchor, chainAtAnchor }) }
}

/**
 * How far a register's file has come, and its chain at a position, in hex: empty where there is no such entry, undefined
 * where the register has no chain yet.
 */
export function endOf(path: string, position: number): { head: number; chain: string | undefined } {
  if (!isThere(path)) return { head: 0, chain: undefined }
  return lookInto(path, (connection) => {
    if (!hasEntries(connection)) return { head: 0, chain: undefined }
    const head = connection.prepare<[], number | null>('SELECT max(seq) FROM entry').pluck().get() ?? 0
    if (!isChained(connection)) return { head, chain: undefined }
    const chain = connection
      .prepare<[number], string>('SELECT lower(hex(chain)) FROM entry WHERE seq = ?')
      .pluck()
      .get(position)
    return { head, chain: chain ?? '' }
  })
}

/** The tables of a register, by the migration that brought each, and what holds which were applied. */
const TABLES = [
  ['entry', '条目表', 1],
  ['command', '请求表', 1],
  ['head', '头记录的表', 2],
  ['lease', '租约表', 3],
  [MIGRATIONS, '结构记录的表', 0],
] as const

/**
 * In words, the tables that a register's file has had and lacks, and the record of how it was made where that is shorter than
 * what is there; that it is another program's where it has none of them.
 */
function tablesFault(connection: Database.Database): string | undefined {
  const names = new Set(
    connection.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all(),
  )
  const there = TABLES.filter(([name]) => names.has(name))
  if (there.length === 0) return 'register.db 是别的程序的数据库，不是登记簿。'
  const applied = names.has(MIGRATIONS)
    ? (connection.prepare<[], number>(`SELECT count(*) FROM ${MIGRATIONS}`).pluck().get() ?? 0)
    : undefined
  const made = Math.max(1, ...there.map(([, , by]) => by))
  const lacking = TABLES.filter(([name, , by]) => !names.has(name) && by <= Math.max(made, applied ?? 0))
  const isShort = applied !== undefined && applied < made
  const words = [
    ...lacking.map(([name, what]) => `${what}（${name}）`),
    ...(isShort ? [`结构记录（${MIGRATIONS}）中的 ${made - applied} 行`] : []),
  ]
  return words.length === 0 ? undefined : `register.db 缺少${words.join('、')}：被删除过。`
}

/** Throws `RegisterFault`, in words, for a register's file that lacks one of its tables. */
export function mustHaveTables(path: string): void {
  const fault = lookInto(path, tablesFault)
  if (fault !== undefined) throw new RegisterFault(`${fault}\n${WAY_OUT}`)
}

/** Whether a database has the register's table. */
export function hasEntries(connection: Database.Database): boolean {
  return (
    connection.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'entry'`).get() !==
    undefined
  )
}
