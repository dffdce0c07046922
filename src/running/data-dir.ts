import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { endOf, lookInto } from '../register/fit.ts'
import { RegisterFault, WAY_OUT } from '../register/standing.ts'
import { appliedIn } from '../views/schema.ts'
import { brokenName, pathsIn } from './paths.ts'

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
  const again = {
    [paths.views]: '按登记簿重新计算',
    [paths.search]: '重新建立',
    [paths.drafts]: '重新计算草稿',
    [paths.following]:
      '重新开始，各取用方下次取用时补齐；此前的回执只在档案的疑义中；推送（webhook）须由取用方重新设定',
    [paths.sessions]: '重新开始，所有人须重新登录',
    [paths.jobs]: '重新开始，尚未完成的导入须重新上传',
  }
  return Object.entries(again).flatMap(([path, what]): Broken[] => {
    const fault = faultOf(path)
    if (fault !== undefined)
      return [{ path, words: [`${basename(path)} 已损坏（${fault}）`, `现在${what}。`] }]
    return existsSync(suspectPath(path)) ? [{ path }] : []
  })
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

/** Whether an error says that a file is broken. */
export function isBroken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(String(error.code))
  )
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

/** Why a database can't be used; undefined when it can, as far as a glance tells, or all that is looked for where it is suspected. */
export function faultOf(path: string, isSuspected = existsSync(suspectPath(path))): string | undefined {
  if (!existsSync(path)) return undefined
  try {
    return lookInto(path, (connection) => {
      connection.prepare('SELECT count(*) FROM sqlite_master').get()
      if (!isSuspected) return undefined
      const found = connection.pragma('integrity_check(1)', { simple: true })
      return found === 'ok' ? undefined : String(found)
    })
  } catch (error) {
    // What a full disk or a missing permission hinders is whole, and stays where it is.
    if (!(error instanceof Database.SqliteError)) throw error
    if (!isBroken(error)) throw Object.assign(error, { path })
    return error.code
  }
}

/**
 * Refuses views or an index that know more than the register, or another one: computing them anew would only hide that
 * the register has lost something. Throws `RegisterFault`.
 */
export function holdAgainstViews(dataDir: string): void {
  const { views, search, register } = pathsIn(dataDir)
  for (const [path, what] of [
    [views, '视图'],
    [search, '检索索引'],
  ] as const) {
    // Looked at before the register, which may go on meanwhile.
    const known = appliedIn(path)
    if (!known || known.applied === 0) continue
    const { head, chain } = endOf(register, known.applied)
    if (known.applied > head)
      throw new RegisterFault(
        `${what}（${basename(path)}）已到序号 ${known.applied}，登记簿只到 ${head}：登记簿可能缺少末尾 ${known.applied - head} 条已答复的内容。\n${WAY_OUT}`,
      )
    if (known.chain === undefined || known.chain === '' || chain === undefined) continue
    if (chain !== known.chain)
      throw new RegisterFault(
        `${what}（${basename(path)}）由另一份登记簿算出：序号 ${known.applied} 的链值与登记簿不符，该序号或其以前的条目被换过。\n${WAY_OUT}`,
      )
  }
}
