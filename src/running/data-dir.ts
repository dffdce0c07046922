import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import type { Register } from '../register/register.ts'
import { RegisterFault, WAY_OUT } from '../register/standing.ts'
import { appliedIn } from '../views/schema.ts'
import { pathsIn } from './paths.ts'

/** A start that can't go on; the message says in Chinese what is wrong and what to do. */
export class StartFault extends Error {
  override readonly name = 'StartFault'
}

const SESSION_KEY_BYTES = 32

/**
 * Makes a data directory fit to be opened: what is broken and can be computed again is set aside under a name that
 * says so, and told in words. Throws `StartFault` where what is broken can't be computed again.
 */
export function setAsideBroken(dataDir: string, tell: (words: string) => void): void {
  const { views, search, drafts, sessions, accesses, following, sessionKey, register } = pathsIn(dataDir)
  const again = {
    [views]: '按登记簿重新计算',
    [search]: '重新建立',
    [drafts]: '重新计算草稿',
    [following]: '重新开始，各取用方下次取用时补齐；此前的回执只在档案的疑义中',
    [sessions]: '重新开始，所有人须重新登录',
  }
  for (const [path, what] of Object.entries(again)) {
    const fault = faultOf(path)
    if (fault !== undefined)
      tell(`${basename(path)} 已损坏（${fault}），改名为 ${setAside(path)} 保留，现在${what}。`)
  }
  if (existsSync(sessionKey) && statSync(sessionKey).size !== SESSION_KEY_BYTES)
    tell(`session.key 已损坏，改名为 ${setAside(sessionKey)} 保留，已换新；所有人须重新登录。`)
  for (const [path, hint] of [
    [
      accesses,
      '查阅记录不能由登记簿重算：请从备份恢复 access.db；没有备份时把它改名后再启动，以前的查阅记录即缺失。',
    ],
    [register, WAY_OUT],
  ] as const) {
    const fault = faultOf(path)
    if (fault !== undefined) throw new StartFault(`${basename(path)} 无法读取（${fault}）。\n${hint}`)
  }
}

/** Whether an error says that a file is broken. */
export function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code))
}

/** Notes that views or index were found broken while in use, so that the next start looks at them and sets them aside. */
export function suspect(dataDir: string, error: unknown): void {
  if (!isBroken(error)) return
  const { views, search, drafts } = pathsIn(dataDir)
  for (const path of [views, search, drafts]) writeFileSync(suspectPath(path), '')
}

/** Opens what may turn out to be broken only then: it is set aside and opened once more. */
export async function openMended<T>(
  dataDir: string,
  tell: (words: string) => void,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!isBroken(error)) throw error
    suspect(dataDir, error)
    setAsideBroken(dataDir, tell)
    return open()
  }
}

function suspectPath(path: string): string {
  return `${path}.suspect`
}

/** Moves a file out of the way, with its log; returns its new name. */
function setAside(path: string): string {
  const to = `${path}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`
  renameSync(path, to)
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${to}-wal`)
  for (const end of ['-shm', '.suspect']) rmSync(`${path}${end}`, { force: true })
  return basename(to)
}

/** Why a database can't be used; undefined when it can, as far as a glance tells. */
function faultOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  let connection: Database.Database | undefined
  try {
    // For reading alone: closing what was opened for writing would change it.
    connection = new Database(path, { timeout: 15_000, readonly: true })
    connection.prepare('SELECT count(*) FROM sqlite_master').get()
    if (!existsSync(suspectPath(path))) return undefined
    const found = connection.pragma('integrity_check(1)', { simple: true })
    if (found === 'ok') rmSync(suspectPath(path))
    return found === 'ok' ? undefined : String(found)
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code === 'SQLITE_BUSY') throw error
    return error.code
  } finally {
    connection?.close()
  }
}

/**
 * Refuses views or an index that know more than the register, or another one: computing them anew would only hide that
 * the register has lost something. Throws `RegisterFault`.
 */
export async function holdAgainstViews(register: Register, dataDir: string): Promise<void> {
  const { views, search } = pathsIn(dataDir)
  for (const [path, what] of [
    [views, '视图'],
    [search, '检索索引'],
  ] as const) {
    // Looked at before the register, which may go on meanwhile.
    const known = appliedIn(path)
    if (!known || known.applied === 0) continue
    const head = await register.head()
    if (known.applied > head)
      throw new RegisterFault(
        `${what}（${basename(path)}）已到序号 ${known.applied}，登记簿只到 ${head}：登记簿可能缺少末尾 ${known.applied - head} 条已答复的内容。\n${WAY_OUT}`,
      )
    if (known.chain === undefined || known.chain === '') continue
    const [entry] = await register.read(known.applied - 1, 1)
    if (entry?.chain !== known.chain)
      throw new RegisterFault(
        `${what}（${basename(path)}）由另一份登记簿算出：序号 ${known.applied} 的链值与登记簿不符，该序号或其以前的条目被换过。\n${WAY_OUT}`,
      )
  }
}

const SYSTEM_FAULTS: Readonly<
  Record<string, (at: { HOST: string; PORT: number; DATA_DIR: string }) => string>
> = {
  EADDRINUSE: ({ PORT }) =>
    `端口 ${PORT} 已被占用：可能本系统已在运行。请停止占用它的程序（ss -ltnp 可查），或把 PORT 设为别的端口。`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST=${HOST} 不是本机的地址；请改为本机的地址，或 0.0.0.0。`,
  EACCES: ({ PORT, DATA_DIR }) =>
    `没有权限：请确认运行本系统的用户可以读写数据目录 ${DATA_DIR}；端口 ${PORT} 小于 1024 时须另行授权。`,
  EROFS: ({ DATA_DIR }) => `数据目录 ${DATA_DIR} 所在的磁盘是只读的；请检查挂载方式。`,
  ENOSPC: ({ DATA_DIR }) => `数据目录 ${DATA_DIR} 所在的磁盘已满；请腾出空间后再启动。`,
  ENOTDIR: ({ DATA_DIR }) => `DATA_DIR=${DATA_DIR} 不是目录；请改正。`,
  EEXIST: ({ DATA_DIR }) => `DATA_DIR=${DATA_DIR} 不是目录；请改正。`,
  SQLITE_FULL: ({ DATA_DIR }) => `数据目录 ${DATA_DIR} 所在的磁盘已满；请腾出空间后再启动。`,
  SQLITE_READONLY: ({ DATA_DIR }) => `数据目录 ${DATA_DIR} 中的文件不可写；请检查权限和挂载方式。`,
  SQLITE_CANTOPEN: ({ DATA_DIR }) => `打不开数据目录 ${DATA_DIR} 中的文件；请检查权限、磁盘空间和挂载方式。`,
  SQLITE_BUSY: ({ DATA_DIR }) => `数据目录 ${DATA_DIR} 中的文件被别的程序长时间占用；请等它结束后再启动。`,
}

/** Why a start can't go on, in words; undefined for what nobody foresaw. */
export function startFaultOf(
  error: unknown,
  settings: { HOST: string; PORT: number; DATA_DIR: string },
): string | undefined {
  if (error instanceof StartFault || error instanceof RegisterFault) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return SYSTEM_FAULTS[code]?.(settings)
}
