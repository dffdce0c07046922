import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { anchorPath, readAnchor } from '../register/anchor.ts'
import { beginEpoch } from '../register/epoch.ts'
import { standingIn } from '../register/sqlite.ts'
import type { Standing } from '../register/standing.ts'
import { writeAnchor } from '../register/standing.ts'
import { StartFault } from './data-dir.ts'
import { mustHoldRegister } from './own-place.ts'
import { pathsIn } from './paths.ts'

/** What a backup says of itself. */
const manifest = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  epoch: z.string(),
  position: z.int(),
  chain: z.string(),
  files: z.array(z.object({ name: z.string().regex(/^[\w.-]+$/), bytes: z.int(), sha256: z.string() })),
})
export type Manifest = z.output<typeof manifest>

const MANIFEST = 'manifest.json'

/**
 * Copies what can't be computed again into a folder of its own, while the registry runs: the register with its anchor,
 * the access log, the keys, and a manifest with the digest of each. The folder bears its name only once it is whole.
 */
export async function backUp(dataDir: string, folder: string, now: Date): Promise<Manifest> {
  const paths = pathsIn(dataDir)
  mustHoldRegister(dataDir)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new StartFault(`${folder} 已有内容；请为每次备份指定新的目录，如 /backup/registry-2026-11-24。`)
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  const copies = pathsIn(partial)
  for (const [from, to] of [
    [paths.register, copies.register],
    [paths.accesses, copies.accesses],
  ] as const)
    if (existsSync(from)) snapshot(from, to)
  for (const [from, to] of [
    [paths.stampKey, copies.stampKey],
    [paths.stampKeys, copies.stampKeys],
    [paths.sessionKey, copies.sessionKey],
    [paths.personKey, copies.personKey],
  ] as const)
    if (existsSync(from)) copyFileSync(from, to)
  const { position, chain, epoch } = anchorCopy(copies.register)
  const files = await Promise.all(
    readdirSync(partial)
      .sort()
      .map((name) => described(partial, name)),
  )
  const made: Manifest = { format: 1, madeAt: now.toISOString(), epoch, position, chain, files }
  writeFileSync(join(partial, MANIFEST), `${JSON.stringify(made, null, 2)}\n`, { flush: true })
  if (existsSync(folder)) rmSync(folder, { recursive: true })
  renameSync(partial, folder)
  return made
}

/** A copy of a database as it stands at one moment, whoever writes to it meanwhile. */
function snapshot(from: string, to: string): void {
  const connection = new Database(from, { timeout: 15_000, readonly: true })
  try {
    connection.prepare('VACUUM INTO ?').run(to)
  } finally {
    connection.close()
  }
}

function anchorCopy(register: string): Standing {
  const connection = new Database(register, { readonly: true })
  try {
    const { standing, fault } = standingIn(connection, undefined)
    if (fault !== undefined)
      throw new StartFault(`登记簿有误，未备份：${fault}请先以 npm run cli -- verify 查明。`)
    writeAnchor(register, standing)
    return standing
  } finally {
    connection.close()
  }
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
  /** Positions that were answered and are lost, as far as the anchor told. */
  lost?: { from: number; to: number }
  /** Where the files that were there before lie now. */
  keptIn: string
}

/**
 * Puts a backup in the place of what a data directory holds, or, without one, lets the register go on as it stands. Either
 * begins a new epoch. What was there is kept in a folder beside; views and index are computed anew at the next start.
 * Throws `StartFault` for a backup that is not whole and for a directory that is in use.
 */
export async function restore(dataDir: string, folder: string | undefined, now: Date): Promise<Restored> {
  const paths = pathsIn(dataDir)
  mkdirSync(dataDir, { recursive: true })
  mustBeIdle(paths.register)
  const made = folder === undefined ? undefined : await wholeBackup(folder)
  if (!made && !existsSync(paths.register)) throw new StartFault(`${dataDir} 中没有登记簿；请指定备份目录。`)
  const before = readAnchor(anchorPath(paths.register))
  const keptIn = join(dataDir, `before-restore-${now.toISOString().replace(/[:.]/g, '-')}`)
  mkdirSync(keptIn)
  const derived = [paths.views, paths.search, paths.drafts].flatMap(withLogs)
  const own = made
    ? [
        ...[paths.register, paths.accesses].flatMap(withLogs),
        anchorPath(paths.register),
        // What the backup brings would be written over.
        ...made.files.map(({ name }) => join(dataDir, name)),
      ]
    : []
  if (!made) for (const path of withLogs(paths.register)) keep(path, keptIn, copyFileSync)
  for (const path of [...derived, ...own]) keep(path, keptIn, renameSync)
  if (folder !== undefined)
    for (const { name } of made?.files ?? []) copyFileSync(join(folder, name), join(dataDir, name))
  const { position, epoch, formerEpoch } = beginEpoch(paths.register)
  const isSame = before && before !== 'broken' && before.epoch === formerEpoch && before.position > position
  return {
    ...{ formerEpoch, epoch, position, keptIn: basename(keptIn) },
    ...(made && { backupOf: made.madeAt }),
    ...(isSame && { lost: { from: position + 1, to: before.position } }),
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
  if (!existsSync(path))
    throw new StartFault(
      `${folder} 不是完整的备份（没有 ${MANIFEST}）；以 .partial 结尾的目录是中途停下的备份。`,
    )
  const read = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!read.success) throw new StartFault(`${path} 不是本系统的备份清单。`)
  for (const file of read.data.files) {
    if (!existsSync(join(folder, file.name)))
      throw new StartFault(`备份不完整：缺少 ${file.name}。请改用另一份备份。`)
    const found = await described(folder, file.name)
    if (found.sha256 !== file.sha256)
      throw new StartFault(`备份已损坏：${file.name} 与清单中的摘要不符。请改用另一份备份。`)
  }
  return read.data
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
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_BUSY') return
    throw new StartFault(`${dirname(register)} 正在使用；请先停止服务和其他命令，再恢复。`)
  } finally {
    connection?.close()
  }
}
