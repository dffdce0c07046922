import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Catalogue } from '../records/catalogue.ts'
import { anchorPath, readAnchor } from '../register/anchor.ts'
import { isBroken } from '../register/broken.ts'
import { isChained } from '../register/chain.ts'
import { Sqlite } from '../register/driver.ts'
import { mustFit, mustHaveTables } from '../register/fit.ts'
import { openPostgresRegister } from '../register/postgres.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { type Finding, Findings, verifyRegister } from '../register/verify.ts'
import { verifyCommands } from '../register/verify-commands.ts'
import { verifyShape } from '../register/verify-shape.ts'
import { type ShownFile, verifyIndex } from '../search/verify.ts'
import { type Connection, currentGeneration } from '../views/schema.ts'
import { type Stretch, stretches, verifyAside, verifyViews } from '../views/verify.ts'
import { startThread } from './calls.ts'
import { beyondRegister, computedFrom, emptied, faultOf, StartFault } from './data-dir.ts'
import { keyFaults } from './keys.ts'
import { leavingNothing } from './leaving-nothing.ts'
import { pathsIn } from './paths.ts'
import { mustHoldRegister } from './place.ts'
import type { VerifyingThread } from './verifying-thread.ts'

export interface Verification {
  /** What was looked at: entries of the register, and of the database where it lives, subjects in the views, documents in the index. */
  entries: number
  entriesInDatabase?: number
  subjects: number
  documents: number
  findings: readonly Finding[]
  /** How many there were; those beyond a number are only counted. */
  count: number
}

/** What one part of the verification came to. */
export interface Part {
  looked: number
  findings: readonly Finding[]
  count: number
}

/** Where the parts lie that a verification looks at. */
export interface Place {
  dataDir: string
  /** An anchor that was kept elsewhere, which is looked at beside the register's own. */
  anchor?: string | undefined
  /** What of the views is looked at by whoever comes first: the stretches, and how many of them were begun. */
  views: { stretches: readonly Stretch[]; begun: Int32Array }
}

const PROGRESS_MS = 200
/** Each file is made, compared and dropped. */
const NURSERY_MB = 192
/** Files are read in other orders than they lie in. */
const CACHE = 'cache_size = -65536'

/** What a thread of a verification looks at: register and index, and then views that nobody looks at yet; or these alone. */
export type Share = 'register' | 'views'

/** Looks at a share, and tells what came of its parts. */
type Look = (place: Place, catalogue: Catalogue, share: Share) => Promise<Part[]>

interface Options {
  catalogue: Catalogue
  anchor?: string | undefined
  /** Address of the database where the register lives, the data directory having a copy. */
  database?: string | undefined
  /** In this thread unless others are given. */
  look?: Look
  onProgress?(done: number, of: number): void
}

/**
 * Checks all that a data directory holds of the register: the register itself against its chain and anchor, the views
 * and the index against the register. Opens everything for reading only, leaves nothing beside it, and may run
 * beside a server.
 */
export async function verifyDataDir(dataDir: string, options: Options): Promise<Verification> {
  mustHoldRegister(dataDir)
  return leavingNothing(dataDir, () => verified(dataDir, options))
}

async function verified(
  dataDir: string,
  { catalogue, anchor, database, look = lookAt, onProgress = () => undefined }: Options,
): Promise<Verification> {
  const paths = pathsIn(dataDir)
  if (anchor !== undefined) mustBeAnchor(anchor)
  if (!hasChain(paths.register)) {
    mustFit(paths.register)
    throw new StartFault('这份登记簿尚未由本版本打开过，还没有链和锚；请启动一次服务后再核对。')
  }
  mustHaveTables(paths.register)
  const whole = await lookAtWhole(dataDir)
  const views = { stretches: whole.stretches, begun: new Int32Array(new SharedArrayBuffer(4)) }
  const place = { dataDir, anchor, views }
  const telling = setInterval(
    () => onProgress(Atomics.load(views.begun, 0), views.stretches.length),
    PROGRESS_MS,
  )
  const [others, [own]] = await Promise.all([
    look(place, catalogue, 'register'),
    look(place, catalogue, 'views'),
  ]).finally(() => clearInterval(telling))
  const [more, register, index] = others
  const beside = lookAtOthers(dataDir)
  const inDatabase = database === undefined ? undefined : await lookAtDatabase(dataDir, database)
  const parts = [inDatabase, register, whole.part, own, more, index, beside].flatMap((part) => part ?? [])
  return {
    entries: register?.looked ?? 0,
    ...(inDatabase && { entriesInDatabase: inDatabase.looked }),
    subjects: (own?.looked ?? 0) + (more?.looked ?? 0),
    documents: index?.looked ?? 0,
    findings: parts.flatMap(({ findings }) => findings),
    count: parts.reduce((sum, { count }) => sum + count, 0),
  }
}

/** Looks at the register in its database, which holds at least what the anchor of the copy here tells of. */
async function lookAtDatabase(dataDir: string, database: string): Promise<Part> {
  const findings = new Findings()
  const copied = readAnchor(anchorPath(pathsIn(dataDir).register))
  const register = await openPostgresRegister(database, () => new Date())
  try {
    const kept = copied === 'broken' ? undefined : copied
    const looked = await verifyRegister(register, undefined, findings, kept)
    const found = findings.all.map((finding) => ({ ...finding, area: 'database' as const }))
    return { looked, findings: found, count: findings.count }
  } finally {
    await register.close()
  }
}

/** Refuses what was named as an anchor that was kept elsewhere and is none. */
function mustBeAnchor(path: string): void {
  if (!existsSync(path)) throw new StartFault(`没有锚文件 ${path}。`)
  if (!statSync(path).isFile())
    throw new StartFault(`${path} 不是文件；请指明另存的锚文件，如 register.anchor。`)
  if (readAnchor(path) === 'broken') throw new StartFault(`${path} 不是锚文件，或已损坏；请指明另一份。`)
}

/** What lies beside the register: views and index that know more than it, and what can't be computed again from it, the log of accesses and the keys. */
function lookAtOthers(dataDir: string): Part {
  const paths = pathsIn(dataDir)
  const findings = new Findings()
  for (const computed of computedFrom(dataDir)) {
    const fault = beyondRegister(computed, paths.register)
    if (fault) findings.add('anchor', `${fault.words}启动会被拒绝，重建也是。`, fault.position)
  }
  if (!existsSync(paths.accesses)) findings.add('accesses', 'access.db 不见了：以前的查阅记录缺失。')
  else {
    const fault = faultOf(paths.accesses, true)
    if (fault !== undefined) findings.add('accesses', `access.db 无法读取：${fault}。`)
  }
  for (const path of [paths.jobs, paths.following, paths.sessions, paths.drafts]) {
    const fault = faultOf(path, true) ?? emptied(path)
    if (fault !== undefined)
      findings.add('beside', `${basename(path)} 已损坏（${fault}）：启动时改名保留，重新开始。`)
  }
  // A key that signs may be taken away for another to be made.
  for (const { path, words, advice, isReplaceable } of keyFaults(paths))
    if (!isReplaceable || existsSync(path)) findings.add('keys', `${words}：${advice}`)
  return { looked: 0, findings: findings.all, count: findings.count }
}

/** Looks at a share; what was looked at of the views is told first. */
export async function lookAt(place: Place, catalogue: Catalogue, share: Share): Promise<Part[]> {
  const others = share === 'register' ? await lookAtRegister(place) : []
  return [await lookAtViews(place, catalogue), ...others]
}

/** The register and the index, one after the other. */
async function lookAtRegister({ dataDir, anchor }: Place): Promise<[register: Part, index: Part]> {
  const paths = pathsIn(dataDir)
  const register = await part('register', paths.register, async (connection, findings) => {
    const opened = openSqliteRegister(paths.register, () => new Date(), { mode: 'look' })
    try {
      const kept = anchor === undefined ? undefined : readAnchor(anchor)
      const read = () => readAnchor(anchorPath(paths.register))
      const looked = await verifyRegister(opened, read, findings, kept === 'broken' ? undefined : kept)
      verifyShape(connection, findings)
      verifyCommands(connection, findings)
      return looked
    } finally {
      await opened.close()
    }
  })
  const index = await part('search', paths.search, async (connection, findings) => {
    if (!existsSync(paths.views)) return 0
    const views = new Sqlite(paths.views, { timeout: 15_000, readonly: true })
    try {
      return isEmpty(views) ? 0 : verifyIndex(connection, () => shownFiles(views), findings)
    } finally {
      views.close()
    }
  })
  return [register, index]
}

/** The views as a whole, and the stretches of them to be looked at; none of views that are missing or can't be read. */
async function lookAtWhole(dataDir: string): Promise<{ part: Part; stretches: Stretch[] }> {
  const paths = pathsIn(dataDir)
  let found: Stretch[] = []
  const whole = await part('views', paths.views, async (connection, findings) => {
    verifyAside(connection, findings)
    found = stretches(connection)
    return 0
  })
  return { part: whole, stretches: found }
}

/** Looks at one stretch of the views after the other that nobody has begun with. */
async function lookAtViews(
  { dataDir, views: { stretches, begun } }: Place,
  catalogue: Catalogue,
): Promise<Part> {
  const paths = pathsIn(dataDir)
  if (stretches.length === 0) return { looked: 0, findings: [], count: 0 }
  return part('views', paths.views, async (connection, findings) => {
    const register = openSqliteRegister(paths.register, () => new Date(), { mode: 'look' })
    try {
      let looked = 0
      for (;;) {
        const at = Atomics.add(begun, 0, 1)
        const stretch = stretches[at]
        if (!stretch) return looked
        looked += await verifyViews(register, connection, catalogue, findings, stretch)
      }
    } finally {
      await register.close()
    }
  })
}

/** Whether the making of a file was ended before there was anything in it. */
function isEmpty(connection: Connection): boolean {
  return connection.prepare('SELECT 1 FROM sqlite_master').get() === undefined
}

/** Looks at a file; what can't be read in it is a finding like others. */
async function part(
  area: Finding['area'],
  path: string,
  look: (connection: Connection, findings: Findings) => Promise<number>,
): Promise<Part> {
  const findings = new Findings()
  const outcome = (looked: number) => ({ looked, findings: findings.all, count: findings.count })
  if (!existsSync(path)) {
    findings.add(area, '文件不存在；启动时按登记簿重新计算。')
    return outcome(0)
  }
  const connection = new Sqlite(path, { timeout: 15_000, readonly: true })
  try {
    connection.pragma(CACHE)
    if (isEmpty(connection)) {
      findings.add(area, '文件是空的；启动时按登记簿重新计算。')
      return outcome(0)
    }
    return outcome(await look(connection, findings))
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || !isBroken(error)) throw error
    findings.add(area, `文件无法读取（${error.code}）：${error.message}`)
    return outcome(0)
  } finally {
    connection.close()
  }
}

/** All files, in order, with what the public sees of them and since which position. */
function shownFiles(views: Connection): Iterable<ShownFile> {
  const g = currentGeneration(views) ?? 1
  return views
    .prepare<[], ShownFile>(`SELECT key, outline, public_position AS position FROM file_${g} ORDER BY key`)
    .iterate()
}

function hasChain(path: string): boolean {
  const connection = new Sqlite(path, { timeout: 15_000, readonly: true })
  try {
    return isChained(connection)
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || !isBroken(error)) throw error
    throw new StartFault(`register.db 无法读取（${error.code}）；请先恢复备份，见运行手册“备份和恢复”。`)
  } finally {
    connection.close()
  }
}

/** Looks at a share in a thread of its own, so that both cores work. */
export async function lookInThread(place: Place, _catalogue: Catalogue, share: Share): Promise<Part[]> {
  const thread = startThread<VerifyingThread>(
    'verifying',
    { data: place, nurseryMb: NURSERY_MB },
    {
      revive: () => undefined,
      onDeath: () => undefined,
    },
  )
  try {
    return await thread.call('look', share)
  } finally {
    await thread.stop()
  }
}
