import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { shanghaiDate, shanghaiTime } from '../calendar/dates.ts'
import { called } from '../command-line.ts'
import { anchorPath, readAnchor } from '../register/anchor.ts'
import { isBroken } from '../register/broken.ts'
import { AHEAD_MS } from '../register/clock.ts'
import { beginEpoch } from '../register/epoch.ts'
import { isThere, lookInto, mustFit, standingIn } from '../register/fit.ts'
import { isLocked } from '../register/patient.ts'
import { RegisterFault, type Standing, writeAnchor } from '../register/standing.ts'
import { missingIn, type Stretch } from '../register/whole.ts'
import { mustBeReadable, registerId, StartFault } from './data-dir.ts'
import { keyFaults } from './keys.ts'
import { type LogBeside, type Lost, logBeside, lostBeyond } from './lost.ts'
import { mustBeOwnFolder } from './own-folder.ts'
import { keptName, type Paths, pathsIn } from './paths.ts'
import { mustBeFree, mustHoldRegister, placeOf } from './place.ts'

/** What a backup holds: what can't be computed again, nor comes again by itself, as where a consumer wants to be told does not. */
function keptIn(folder: string) {
  const { register, accesses, following, stampKey, stampKeys, sessionKey, personKey, personCheck } =
    pathsIn(folder)
  return {
    databases: [register, accesses, following],
    others: [stampKey, stampKeys, sessionKey, personKey, personCheck],
    anchor: anchorPath(register),
  }
}

const NAMES: ReadonlySet<string> = new Set(
  Object.values(keptIn(''))
    .flat()
    .map((path) => basename(path)),
)

/** What a backup says of itself. */
const manifest = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  epoch: z.string(),
  position: z.int(),
  chain: z.string(),
  files: z.array(
    z.object({ name: z.string().refine((name) => NAMES.has(name)), bytes: z.int(), sha256: z.string() }),
  ),
})
export type Manifest = z.output<typeof manifest>

const MANIFEST = 'manifest.json'
const PARTIAL = '.partial'

/**
 * Copies what can't be computed again into a folder of its own, while the registry runs: the register with its anchor,
 * the access log, the keys, and a manifest with the digest of each. The folder bears its name only once it is whole.
 * Throws `StartFault` for a place without a register and for a target that will not do; nothing is left of what was begun.
 */
export function backUp(dataDir: string, folder: string, now: Date): Promise<Manifest> {
  return wholeFolder(dataDir, folder, NAMES, (partial) => copied(dataDir, partial, now))
}

/**
 * Makes a new folder outside a data directory, of files with these names. It bears its name only once it is whole. Throws
 * `StartFault` for a place without a register and for a target that will not do; nothing is left of what was begun.
 */
export async function wholeFolder<T>(
  dataDir: string,
  folder: string,
  names: ReadonlySet<string>,
  make: (partial: string) => Promise<T>,
): Promise<T> {
  mustHoldRegister(dataDir)
  const target = resolve(folder)
  mustTakeBackup(target, dataDir, names)
  const partial = `${target}${PARTIAL}`
  try {
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial)
    const made = await make(partial)
    if (existsSync(target)) rmSync(target, { recursive: true })
    renameSync(partial, target)
    return made
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw targetFault(error, target) ?? error
  }
}

/** Refuses a target that is not a new folder outside the data directory. */
function mustTakeBackup(target: string, dataDir: string, names: ReadonlySet<string>): void {
  const parent = dirname(target)
  if (!existsSync(parent) || !statSync(parent).isDirectory())
    throw new StartFault(
      `没有 ${parent} 这个目录；备份的磁盘可能没有挂载。请核对备份目录，或先建立上级目录。`,
    )
  mustBeOwnFolder(parent)
  const real = existsSync(target) ? realpathSync(target) : join(realpathSync(parent), basename(target))
  const own = realpathSync(dataDir)
  if (`${real}${sep}`.startsWith(`${own}${sep}`))
    throw new StartFault(`${target} 在数据目录 ${own} 之中，数据目录损坏时备份也就没有了；请备份到别的磁盘。`)
  if (target.endsWith(PARTIAL))
    throw new StartFault(`${target} 以 ${PARTIAL} 结尾，这是中途停下的备份的名称；请换一个名称。`)
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0))
    throw new StartFault(`${target} 已有内容；请为每次备份指定新的目录，如 /backup/registry-2026-11-24。`)
  const partial = `${target}${PARTIAL}`
  const isOurs = (name: string) => names.has(name.replace(/-journal$/, '')) || name === MANIFEST
  if (existsSync(partial) && !(statSync(partial).isDirectory() && readdirSync(partial).every(isOurs)))
    throw new StartFault(`${partial} 已有内容，不像中途停下的备份；请换一个备份目录，或先把它移走。`)
}

/** What hinders writing to the target, in words; undefined for what is no fault of it. */
function targetFault(error: unknown, target: string): StartFault | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const why = /^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(code)
    ? '所在的磁盘已满；请腾出空间，或换一个磁盘'
    : /^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN)/.test(code)
      ? '不可写；请检查权限和挂载方式'
      : /^(EIO|SQLITE_IOERR)/.test(code)
        ? '写入出错；请检查那个磁盘'
        : undefined
  return why === undefined
    ? undefined
    : new StartFault(`没有备份成：备份目录 ${target} ${why}（${code}）。写了一半的已删去，数据目录没有改动。`)
}

async function copied(dataDir: string, folder: string, now: Date): Promise<Manifest> {
  mustBeWhole(pathsIn(dataDir).register)
  const [from, to] = [keptIn(dataDir), keptIn(folder)]
  for (const [i, path] of from.databases.entries())
    if (existsSync(path)) snapshot(path, to.databases[i] ?? '')
  for (const [i, path] of from.others.entries()) if (existsSync(path)) copyFileSync(path, to.others[i] ?? '')
  const { position, chain, epoch } = anchorCopy(pathsIn(folder).register)
  const files = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((name) => described(folder, name)),
  )
  const made: Manifest = { format: 1, madeAt: now.toISOString(), epoch, position, chain, files }
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(made, null, 2)}\n`, { flush: true })
  return made
}

/** Refuses a register that lacks what its anchor tells of: the backup would pass for a whole one, under an anchor of its own. */
function mustBeWhole(register: string): void {
  try {
    mustFit(register)
  } catch (error) {
    if (!(error instanceof RegisterFault)) throw error
    throw new StartFault(`登记簿与锚不符，没有备份；此前的备份请妥为保存。\n${error.message}`)
  }
}

/** A copy of a database as it stands at one moment, whoever writes to it meanwhile. */
function snapshot(from: string, to: string): void {
  try {
    lookInto(from, (connection) => connection.prepare('VACUUM INTO ?').run(to))
  } catch (error) {
    if (!isBroken(error)) throw error
    throw new StartFault(
      `没有备份成：${from} 无法读取（${error instanceof Database.SqliteError ? error.code : ''}）。请先以 ${called('verify')} 查明。`,
    )
  }
}

/** Lays the anchor of a copied register beside it. */
export function anchorCopy(register: string): Standing {
  return lookInto(register, (connection) => {
    const { standing, fault } = standingIn(connection, undefined)
    if (fault !== undefined)
      throw new StartFault(`登记簿有误，未备份：${fault}请先以 ${called('verify')} 查明。`)
    writeAnchor(register, standing)
    return standing
  })
}

async function described(folder: string, name: string): Promise<Manifest['files'][number]> {
  const path = join(folder, name)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { name, bytes: statSync(path).size, sha256: hash.digest('hex') }
}

/** What was restored: what the entry about it says. */
export interface Restored {
  formerEpoch: string
  epoch: string
  /** Position up to which the register is what it was. */
  position: number
  /** When the backup was made; none where the register goes on as it stands. */
  backupOf?: string
  /** Positions that were answered and are lost, as far as the register that was there and its anchor told. */
  lost?: { from: number; to: number }
  /** Positions between others that have no entry any more. */
  missing?: Stretch[]
  /** Where the files that were there before lie now; none where there were none. */
  keptIn?: string
}

/** What a restore holds the clock against. */
export interface ClockCheck {
  /** A longer time since anything that is known was recorded may be the clock's fault. */
  gapDays: number
  /** Today's date as a person has said it, who has looked at another clock. */
  today?: string | undefined
}

/**
 * Puts a backup in the place of what a data directory holds, or, without one, lets the register go on as it stands. Either
 * begins a new epoch. What was there is kept in a folder beside; views and index are computed anew at the next start. A log
 * of accesses that goes on from the backup's stays.
 * Throws `StartFault` for a backup that is not whole and for a directory that is in use, another's or no place for a register.
 */
export async function restore(
  dataDir: string,
  folder: string | undefined,
  now: Date,
  clock?: ClockCheck,
): Promise<{ restored: Restored; lost: Lost; log: LogBeside | undefined }> {
  const paths = pathsIn(dataDir)
  const place = placeOf(dataDir)
  mustBeFree(place)
  if (folder === undefined && place.holds !== 'register')
    throw new StartFault(`${resolve(dataDir)} 中没有登记簿，无从照现状继续；请指定备份目录。`)
  const made = folder === undefined ? undefined : await wholeBackup(folder)
  const log =
    folder !== undefined && made?.files.some(({ name }) => name === basename(paths.accesses))
      ? logBesideRegister(paths, pathsIn(folder))
      : undefined
  // What is known here of the same register's consumers is newer than what the backup knows.
  const isSame = folder !== undefined && registerId(paths.register) === registerId(pathsIn(folder).register)
  const stays = [
    ...(log?.goesOn ? [paths.accesses] : []),
    ...(isSame && existsSync(paths.following) ? [paths.following] : []),
  ].map((path) => basename(path))
  const names = (made?.files ?? []).map(({ name }) => name).filter((name) => !stays.includes(name))
  mustOpenThen(folder === undefined ? paths : comingTo(dataDir, folder, names))
  mustBeIdle(paths.register)
  if (clock) mustBeTime(now, lastKnown(folder ?? dataDir, made), clock)
  mkdirSync(dataDir, { recursive: true })
  const lost = lostBeyond(paths.register, folder === undefined ? undefined : pathsIn(folder).register)
  const brought = folder === undefined ? undefined : bringBeside(folder, dataDir, names)
  const kept = join(dataDir, keptName(now))
  mkdirSync(kept)
  const derived = [...[paths.views, paths.search, paths.drafts].flatMap(withLogs), paths.searchTable]
  const own = made
    ? [
        ...[paths.register, ...(log?.goesOn ? [] : [paths.accesses])].flatMap(withLogs),
        anchorPath(paths.register),
        // What the backup brings would be written over.
        ...names.map((name) => join(dataDir, name)),
        // That of the key that goes.
        ...(names.includes(basename(paths.personKey)) ? [paths.personCheck] : []),
      ]
    : []
  if (!made)
    for (const path of [...withLogs(paths.register), anchorPath(paths.register)])
      keep(path, kept, copyFileSync)
  for (const path of [...derived, ...own]) keep(path, kept, renameSync)
  for (const name of brought?.names ?? []) renameSync(comingAs(dataDir, name), join(dataDir, name))
  const isKept = readdirSync(kept).length > 0
  if (!isKept) rmdirSync(kept)
  const { position, epoch, formerEpoch } = brought?.begun ?? beginEpoch(paths.register)
  const missing = lookInto(paths.register, missingIn)
  return {
    restored: {
      ...{ formerEpoch, epoch, position, ...(isKept && { keptIn: basename(kept) }) },
      ...(made && { backupOf: made.madeAt }),
      ...(lost.range && { lost: lost.range }),
      ...(missing.length > 0 && { missing }),
    },
    lost,
    log,
  }
}

/** How the log in a place stands to the one of a backup; that of another register goes on from none. */
function logBesideRegister(paths: Paths, backup: Paths): LogBeside | undefined {
  const [own, its] = [registerId(paths.register), registerId(backup.register)]
  const log = logBeside(paths.accesses, backup.accesses)
  return log?.goesOn && own !== 0 && own !== its ? { goesOn: false, why: '属于另一份登记簿' } : log
}

/** The last time that is known of what is to be gone on with: of its last entry, and of the backup itself. */
function lastKnown(folder: string, made: Manifest | undefined): string {
  const { register } = pathsIn(folder)
  const anchor = readAnchor(anchorPath(register))
  const at = anchor && anchor !== 'broken' ? anchor.at : ''
  return [made?.madeAt ?? '', at, lastTimeIn(register)].sort().at(-1) ?? ''
}

/** When the last entry of a register's file was recorded; empty where it can't be asked. */
function lastTimeIn(register: string): string {
  try {
    return lookInto(
      register,
      (own) =>
        own.prepare<[], string>('SELECT recorded_at FROM entry ORDER BY seq DESC LIMIT 1').pluck().get() ??
        '',
    )
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    return ''
  }
}

const DAY_MS = 24 * 3_600_000

/** Refuses a clock that may be wrong, unless a person has said which day it is: what is recorded under it stays for ever. */
function mustBeTime(now: Date, last: string, { gapDays, today }: ClockCheck): void {
  const said = `请另以手表或电话核对：今天确是 ${shanghaiDate(now)} 的，加上 --today ${shanghaiDate(now)} 再执行；不是的，请先校正服务器时钟。`
  if (today !== undefined && today !== shanghaiDate(now))
    throw new StartFault(`--today ${today} 不是服务器时钟的日期（${shanghaiTime(now)}），没有恢复。${said}`)
  if (last === '' || today !== undefined) return
  const gap = now.getTime() - Date.parse(last)
  if (gap <= gapDays * DAY_MS && gap >= -AHEAD_MS) return
  const [own, known] = [shanghaiTime(now), shanghaiTime(new Date(last))]
  throw new StartFault(
    `服务器时钟为 ${own}，备份或登记簿所记的最后时间为 ${known}，${gap < 0 ? '在时钟之后' : '相距过久'}，没有恢复，什么也没有改动。${said}`,
  )
}

/** Where the files lie that a place will hold once a backup has come. */
function comingTo(dataDir: string, folder: string, names: readonly string[]): Paths {
  const brought = new Set(names)
  const from = (path: string) => (brought.has(basename(path)) ? join(folder, basename(path)) : path)
  const paths = pathsIn(dataDir)
  return {
    ...paths,
    register: from(paths.register),
    accesses: from(paths.accesses),
    stampKey: from(paths.stampKey),
    stampKeys: from(paths.stampKeys),
    sessionKey: from(paths.sessionKey),
    personKey: from(paths.personKey),
    // An older backup has none, and that of the place is not its key's.
    personCheck: join(brought.has(basename(paths.personKey)) ? folder : dataDir, basename(paths.personCheck)),
  }
}

/** Refuses what could not be opened afterwards: what was there would have been moved away for nothing. */
function mustOpenThen(paths: Paths): void {
  const grave = keyFaults(paths).filter(({ isReplaceable }) => !isReplaceable)
  if (grave.length > 0)
    throw new StartFault(grave.map(({ words, advice }) => `${words}：${advice}`).join('\n'))
  mustBeReadable(paths.accesses)
}

const COMING = '.new'

function comingAs(dataDir: string, name: string): string {
  return join(dataDir, `${basename(name)}${COMING}`)
}

/**
 * Copies a backup into the place beside what is there, which is moved only when all has come and is in its new epoch: a full
 * disk, or an end by force, leaves it as it was, and an older register never takes its place in the same epoch.
 */
function bringBeside(
  folder: string,
  dataDir: string,
  names: readonly string[],
): { begun: ReturnType<typeof beginEpoch>; names: readonly string[] } {
  const { register } = pathsIn(dataDir)
  const all = [...new Set([...names, basename(anchorPath(register))])]
  try {
    for (const name of names) copyFileSync(join(folder, name), comingAs(dataDir, name))
    return {
      begun: beginEpoch(comingAs(dataDir, register), comingAs(dataDir, anchorPath(register))),
      names: all,
    }
  } catch (error) {
    for (const path of all.flatMap((name) => withLogs(comingAs(dataDir, name)))) rmSync(path, { force: true })
    throw error
  }
}

function withLogs(path: string): string[] {
  return [path, `${path}-wal`, `${path}-shm`]
}

function keep(path: string, folder: string, how: (from: string, to: string) => void): void {
  if (existsSync(path)) how(path, join(folder, basename(path)))
}

/** The manifest of a backup that is whole: every file there, as it was written. */
async function wholeBackup(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST)
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new StartFault(`没有备份目录 ${resolve(folder)}；请核对。`)
  if (resolve(folder).endsWith(PARTIAL))
    throw new StartFault(`${folder} 以 ${PARTIAL} 结尾，是中途停下的备份，不可用。请改用另一份备份。`)
  if (!isThere(path)) throw new StartFault(`${folder} 不是完整的备份（没有 ${MANIFEST}）。请改用另一份备份。`)
  const made = manifestIn(path)
  const names = made.files.map(({ name }) => name)
  for (const name of [pathsIn('').register, ...names])
    if (!names.includes(name) || !existsSync(join(folder, name)))
      throw new StartFault(`备份不完整：缺少 ${name}。请改用另一份备份。`)
  for (const file of made.files) {
    const found = await described(folder, file.name)
    if (found.sha256 !== file.sha256)
      throw new StartFault(`备份已损坏：${file.name} 与清单中的摘要不符。请改用另一份备份。`)
  }
  return made
}

function manifestIn(path: string): Manifest {
  const text = readFileSync(path, 'utf8')
  try {
    return manifest.parse(JSON.parse(text))
  } catch {
    throw new StartFault(`${path} 已损坏，或不是本系统的备份清单。请改用另一份备份。`)
  }
}

/** Refuses a register that a process has open: it would go on with what is not there any more. */
function mustBeIdle(register: string): void {
  if (!existsSync(register)) return
  let connection: Database.Database | undefined
  try {
    connection = new Database(register, { timeout: 500 })
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.exec('BEGIN EXCLUSIVE; COMMIT')
  } catch (error) {
    // One that is broken is what a restore is for.
    if (!isLocked(error)) return
    throw new StartFault(`${dirname(register)} 正在使用；请先停止服务和其他命令，再恢复。`)
  } finally {
    connection?.close()
  }
}
