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
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { called } from '../command-line.ts'
import { anchorPath } from '../register/anchor.ts'
import { isBroken } from '../register/broken.ts'
import { Sqlite } from '../register/driver.ts'
import { isThere, lookInto, mustFit, standingIn } from '../register/fit.ts'
import { RegisterFault, type Standing, writeAnchor } from '../register/standing.ts'
import { StartFault } from './data-dir.ts'
import { mustBeOwnFolder } from './own-folder.ts'
import { pathsIn } from './paths.ts'
import { mustHoldRegister } from './place.ts'

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
      `没有备份成：${from} 无法读取（${error instanceof Sqlite.SqliteError ? error.code : ''}）。请先以 ${called('verify')} 查明。`,
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

/** The manifest of a backup that is whole: every file there, as it was written. Throws `StartFault` for another. */
export async function wholeBackup(folder: string): Promise<Manifest> {
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
