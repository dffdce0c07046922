import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isBroken } from '../register/broken.ts'
import { Sqlite } from '../register/driver.ts'
import { endOf, hasEntries, isThere, lookInto } from '../register/fit.ts'
import { RegisterFault, WAY_OUT } from '../register/standing.ts'
import { appliedIn } from '../views/schema.ts'
import { brokenName, type Paths, pathsIn } from './paths.ts'

/** A start that can't go on; the message says in Chinese what is wrong and what to do. */
export class StartFault extends Error {
  override readonly name = 'StartFault'
}

/** A file of a data directory that is to be moved out of the way, or was suspected for nothing. */
export interface Broken {
  path: string
  /** What is told of it, before and after its new name; undefined where it was found in order. */
  words?: readonly [string, string]
}

/**
 * What of a data directory is broken and can be computed again, found out by looking. Throws `StartFault` where what is
 * broken can't be.
 */
export function brokenIn(dataDir: string): Broken[] {
  const paths = pathsIn(dataDir)
  const register = faultOf(paths.register)
  if (register !== undefined) throw new StartFault(`register.db 无法读取（${register}）。\n${WAY_OUT}`)
  mustBeReadable(paths.accesses)
  const own = registerId(paths.register)
  const foreign = strangeIn(paths.accesses, 'access', own)
  if (foreign !== undefined)
    throw new StartFault(
      `access.db ${foreign}。\n请放回本登记簿的 access.db（备份中有）；确实没有的，把它改名后再启动，以前的查阅记录即缺失。`,
    )
  const again: Record<string, string> = {
    [paths.views]: '按登记簿重新计算',
    [paths.search]: '重新建立',
    [paths.drafts]: '重新计算草稿',
    [paths.following]:
      '重新开始，各取用方下次取用时补齐；此前的回执只在档案的疑义中；推送（webhook）须由取用方重新设定',
    [paths.sessions]: '重新开始，所有人须重新登录',
    [paths.jobs]: '重新开始，尚未完成的导入须重新上传',
  }
  const tables = tablesIn(paths)
  return Object.entries(again).flatMap(([path, what]): Broken[] => {
    const fault = faultOf(path) ?? (own === 0 ? undefined : emptied(path))
    if (fault !== undefined)
      return [{ path, words: [`${basename(path)} 已损坏（${fault}）`, `现在${what}。`] }]
    const strange = strangeIn(path, tables[path] ?? '', own)
    if (strange !== undefined) return [{ path, words: [`${basename(path)} ${strange}`, `现在${what}。`] }]
    return existsSync(suspectPath(path)) ? [{ path }] : []
  })
}

/** That of a file beside a register with entries nothing is left but its name, in words. */
export function emptied(path: string): string | undefined {
  const size = (of: string) => statSync(of, { throwIfNoEntry: false })?.size
  return size(path) === 0 && (size(`${path}-wal`) ?? 0) === 0 ? '0 字节' : undefined
}

/** The table by which each file is known to be what its name says. */
function tablesIn({
  views,
  search,
  drafts,
  following,
  sessions,
  jobs,
  accesses,
}: Paths): Record<string, string> {
  return {
    [views]: 'generation',
    [search]: 'generation',
    [drafts]: 'progress',
    [following]: 'followed',
    [sessions]: 'session',
    [jobs]: 'job',
    [accesses]: 'access',
  }
}

/**
 * What the files beside a register bear, in the number that SQLite keeps for whoever made a file: a part of the digest of its
 * first entry, which stays through every restore. 0 for one without entries, and for one that can't be read.
 */
export function registerId(register: string): number {
  if (!isThere(register)) return 0
  try {
    return lookInto(register, (connection) => {
      if (!hasEntries(connection)) return 0
      const first = connection.prepare<[], string>('SELECT digest FROM entry WHERE seq = 1').pluck().get()
      return first === undefined ? 0 : Number.parseInt(first.slice(0, 7), 16) || 1
    })
  } catch (error) {
    // Whoever opens it tells what is wrong with it.
    if (!isBroken(error)) throw error
    return 0
  }
}

const MARK = 'application_id'

/** What shows that a file is not the register's, in words; undefined where nothing does: an empty one is nobody's. */
function strangeIn(path: string, table: string, own: number): string | undefined {
  if (!isThere(path)) return undefined
  return lookInto(path, (connection) => {
    const names = connection
      .prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .pluck()
      .all()
    if (names.length === 0) return undefined
    if (!names.includes(table)) return '是别的数据库，不是它的名称所说的'
    const mark = connection.pragma(MARK, { simple: true })
    return own !== 0 && mark !== 0 && mark !== own ? '属于另一份登记簿' : undefined
  })
}

/** Marks the files beside a register as its own, those of former versions too, so that another's are known. */
export function markOwn(dataDir: string): void {
  const paths = pathsIn(dataDir)
  const own = registerId(paths.register)
  // The views and the index know the register by its chain.
  const { views: _, search: __, register: ___, ...beside } = paths
  const tables = tablesIn(paths)
  if (own === 0) return
  for (const path of Object.values(beside)) {
    if (tables[path] === undefined || !isThere(path)) continue
    if (lookInto(path, (connection) => connection.pragma(MARK, { simple: true })) !== 0) continue
    const connection = new Sqlite(path, { timeout: 1_000 })
    try {
      connection.pragma(`${MARK} = ${own}`)
    } catch (error) {
      // On a full disk, or while another program holds it, it is marked at another start.
      if (!(error instanceof Sqlite.SqliteError)) throw error
    } finally {
      connection.close()
    }
  }
}

/** Throws `StartFault` for a log of accesses that is there and can't be read: nothing can make it again. */
export function mustBeReadable(accesses: string): void {
  const fault = faultOf(accesses)
  if (fault !== undefined)
    throw new StartFault(
      `access.db 无法读取（${fault}）。\n查阅记录不能由登记簿重算：请从备份恢复 access.db；没有备份时把它改名后再启动，以前的查阅记录即缺失。`,
    )
}

/** Sets aside what is broken under a name that says so, and tells of each in words. */
export function setAside(broken: readonly Broken[], tell: (words: string) => void): void {
  for (const { path, words } of broken)
    if (words) tell(`${words[0]}，改名为 ${moved(path)} 保留，${words[1]}`)
    else rmSync(suspectPath(path), { force: true })
}

/**
 * Which file an error means that says that one is broken: the one that it names, or the one of those beside the views that is found
 * broken by looking; the views or the index else, which the public reads from. With what is to be done, in words.
 */
export function brokenFileOf(
  dataDir: string,
  error: unknown,
): { file?: string; isRead: boolean; words: string } {
  const paths = pathsIn(dataDir)
  if (namedIn(error) === paths.register)
    return {
      ...{ file: paths.register, isRead: false },
      words: 'register.db 已损坏，登记会出错；请停止服务，按运行手册“备份和恢复”处理。',
    }
  const beside = [paths.jobs, paths.following, paths.sessions, paths.drafts, paths.accesses]
  const file = beside.find((path) => path === namedIn(error) || faultOf(path) !== undefined)
  if (file === paths.accesses)
    return {
      ...{ file, isRead: false },
      words: 'access.db 已损坏，工作台和持密钥的查阅会出错；请停机后从备份放回 access.db。公众查询照常。',
    }
  if (file !== undefined)
    return {
      ...{ file, isRead: false },
      words: `${basename(file)} 已损坏，有关的事项会出错；请重新启动，它会被改名保留、重新开始。公众查询照常。`,
    }
  return {
    isRead: true,
    words: '视图或检索索引的文件已损坏；请重新启动，损坏的文件会被改名保留并重新计算。',
  }
}

function namedIn(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined
}

/** Notes that views or index were found broken while in use, so that the next start looks at them and sets them aside. */
export function suspect(dataDir: string, error: unknown): void {
  if (!isBroken(error)) return
  const { views, search, drafts } = pathsIn(dataDir)
  const named = namedIn(error)
  for (const path of named === undefined ? [views, search, drafts] : [named])
    if (path in tablesIn(pathsIn(dataDir))) writeFileSync(suspectPath(path), '')
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
    setAside(brokenIn(dataDir), tell)
    return open()
  }
}

function suspectPath(path: string): string {
  return `${path}.suspect`
}

/** Moves a file out of the way, with its log; returns its new name. */
function moved(path: string): string {
  const to = brokenName(path, new Date())
  renameSync(path, to)
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${to}-wal`)
  for (const end of ['-shm', '.suspect']) rmSync(`${path}${end}`, { force: true })
  return basename(to)
}

/** So large a file is looked through whole at each start: it takes a tenth of a second. */
const SMALL_BYTES = 16 * 1024 * 1024

/** Whether a file is looked through whole: one that is suspected, or small. */
function isLookedThrough(path: string): boolean {
  return existsSync(suspectPath(path)) || (existsSync(path) && statSync(path).size <= SMALL_BYTES)
}

/** Why a database can't be used; undefined when it can, as far as a glance tells, or all that is looked for where `isWhole`. */
export function faultOf(path: string, isWhole = isLookedThrough(path)): string | undefined {
  if (!existsSync(path)) return undefined
  try {
    return lookInto(path, (connection) => {
      connection.prepare('SELECT count(*) FROM sqlite_master').get()
      if (!isWhole) return undefined
      const found = connection.pragma('integrity_check(1)', { simple: true })
      return found === 'ok' ? undefined : `有损坏的页：${String(found).split('\n').at(-1)}`
    })
  } catch (error) {
    // What a full disk or a missing permission hinders is whole, and stays where it is.
    if (!(error instanceof Sqlite.SqliteError)) throw error
    if (!isBroken(error)) throw Object.assign(error, { path })
    return error.code
  }
}

/**
 * Refuses views or an index that know more than the register, or another one: computing them anew would only hide that
 * the register has lost something. Throws `RegisterFault`.
 */
export function holdAgainstViews(dataDir: string): void {
  const { register } = pathsIn(dataDir)
  for (const found of computedFrom(dataDir)) {
    const fault = beyondRegister(found, register)
    if (fault) throw new RegisterFault(`${fault.words}\n${WAY_OUT}`)
  }
}

/** What is computed from the register, with its name. */
export function computedFrom(dataDir: string) {
  const { views, search } = pathsIn(dataDir)
  return [
    { path: views, what: '视图' },
    { path: search, what: '检索索引' },
  ]
}

/** How views or an index know more than a register's file, or another one, and from which position; undefined where they don't. */
export function beyondRegister(
  { path, what }: { path: string; what: string },
  register: string,
): { words: string; position: number } | undefined {
  // Looked at before the register, which may go on meanwhile.
  const known = appliedIn(path)
  if (!known || known.applied === 0) return undefined
  const { head, chain } = endOf(register, known.applied)
  if (known.applied > head)
    return {
      words: `${what}（${basename(path)}）已到序号 ${known.applied}，登记簿只到 ${head}：登记簿可能缺少末尾 ${known.applied - head} 条已答复的内容。`,
      position: head + 1,
    }
  if (known.chain === undefined || known.chain === '' || chain === undefined || chain === known.chain)
    return undefined
  return {
    words: `${what}（${basename(path)}）由另一份登记簿算出：序号 ${known.applied} 的链值与登记簿不符，该序号或其以前的条目被换过。`,
    position: known.applied,
  }
}
