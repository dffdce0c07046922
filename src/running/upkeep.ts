import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type Database from 'better-sqlite3'
import { shanghaiTime } from '../calendar/dates.ts'
import { Sqlite } from '../register/driver.ts'
import { isLocked } from '../register/patient.ts'
import { pathsIn } from './paths.ts'

/** What upkeep came to for a database: its bytes and its log's before and after. */
export interface Upkept {
  file: string
  bytes: readonly [before: number, after: number]
  log: readonly [before: number, after: number]
  ms: number
}

/** Whoever writes meanwhile comes first: what can't be had so soon is left for the next time. */
const PATIENCE_MS = 200
/** Rows of an index that are looked at to learn how it is best asked. */
const ANALYSIS_ROWS = 400
/** Pages that are given back at a time, so that nobody waits for long. */
const PAGES_A_STEP = 2_000
/** Of its pages, the share that a database may keep free for what comes. */
const FREE_SHARE = 0.25
/** Only a file of so many bytes at most is written anew whole. */
const MOST_REWRITTEN = 256 * 1024 * 1024

/**
 * Keeps the databases of a data directory fit: learns anew how their tables are best asked, gives back pages that nothing
 * fills any more, and cuts off their logs. Quick where there is little to do; what others are using is left for the next time.
 * The register gives nothing back, as nothing is ever taken out of it.
 */
export function keepUp(dataDir: string): Upkept[] {
  const { register, accesses } = pathsIn(dataDir)
  return [
    ...[register, accesses].map((path) => upkept(path, false)),
    ...shrinking(dataDir).map((path) => upkept(path, true)),
  ].flatMap((one) => one ?? [])
}

/** The databases that things are taken out of. */
function shrinking(dataDir: string): string[] {
  const { views, search, drafts, jobs, sessions, following } = pathsIn(dataDir)
  return [views, search, drafts, jobs, sessions, following]
}

function upkept(path: string, shrinks: boolean): Upkept | undefined {
  if (!existsSync(path)) return undefined
  const from = performance.now()
  const [bytes, log] = sizes(path)
  const connection = new Sqlite(path, { timeout: PATIENCE_MS, fileMustExist: true })
  try {
    unlessBusy(() => {
      connection.pragma(`analysis_limit = ${ANALYSIS_ROWS}`)
      connection.pragma('optimize = 0x10002')
    })
    if (shrinks) unlessBusy(() => giveBack(connection))
    unlessBusy(() => connection.pragma('wal_checkpoint(TRUNCATE)'))
  } finally {
    connection.close()
  }
  const [after, logAfter] = sizes(path)
  return { file: basename(path), bytes: [bytes, after], log: [log, logAfter], ms: performance.now() - from }
}

/** Gives back free pages where they have become many. */
function giveBack(connection: Database.Database): void {
  const { free, pages, size, givesBack } = spaceOf(connection)
  if (free <= pages * FREE_SHARE) return
  if (givesBack) {
    while (spaceOf(connection).free > 0) connection.pragma(`incremental_vacuum(${PAGES_A_STEP})`)
    return
  }
  // One that an older program made learns to give back by being written anew.
  if (pages * size <= MOST_REWRITTEN) rewrite(connection)
}

function rewrite(connection: Database.Database): void {
  connection.pragma('auto_vacuum = INCREMENTAL')
  connection.exec('VACUUM')
}

/** Databases that an older program made, mostly empty and too large to be written anew while a node runs; their free bytes. */
export function wasteful(dataDir: string, over = MOST_REWRITTEN): { path: string; free: number }[] {
  return shrinking(dataDir).flatMap((path) => {
    if (sizes(path)[0] <= over) return []
    const connection = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: PATIENCE_MS })
    try {
      const { free, pages, size, givesBack } = spaceOf(connection)
      return givesBack || free <= pages * FREE_SHARE ? [] : [{ path, free: free * size }]
    } finally {
      connection.close()
    }
  })
}

/** Writes anew a database that nobody else has open; whether it was done. */
export function rewritten(path: string): boolean {
  const connection = new Sqlite(path, { fileMustExist: true, timeout: PATIENCE_MS })
  try {
    // A log can be left only by whoever is alone: that tells whether a node runs.
    connection.pragma('journal_mode = DELETE')
    rewrite(connection)
    connection.pragma('journal_mode = WAL')
    return true
  } catch (error) {
    if (isLocked(error)) return false
    throw error
  } finally {
    connection.close()
  }
}

const INCREMENTAL = 2

/** Pages of a database, how many of them are free, their bytes, and whether it can give them back. */
function spaceOf(connection: Database.Database) {
  const number = (pragma: string) => Number(connection.pragma(pragma, { simple: true }))
  return {
    pages: number('page_count'),
    free: number('freelist_count'),
    size: number('page_size'),
    givesBack: number('auto_vacuum') === INCREMENTAL,
  }
}

function unlessBusy(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!isLocked(error)) throw error
  }
}

function sizes(path: string): [bytes: number, log: number] {
  const size = (file: string) => (existsSync(file) ? statSync(file).size : 0)
  return [size(path), size(`${path}-wal`)]
}

/** Minutes without a write after which a node is quiet. */
const QUIET_MS = 60_000
/** So many entries later its databases are looked after in the day too. */
const MANY_ENTRIES = 1_000
/** Hours in China between which the nightly upkeep falls. */
const [NIGHT_FROM, NIGHT_TO] = [1, 5]

/** When upkeep is due: each night, and after an import or as much else, both once nobody has written for a minute. */
export class UpkeepClock {
  #position: number
  #since: number
  #doneAt: number
  #night = ''

  constructor(position: number, now: Date) {
    this.#position = position
    this.#doneAt = position
    this.#since = now.getTime()
  }

  /** Whether it is due now, at a position of the register; it is taken as done then. */
  isDue(position: number, now: Date): boolean {
    if (position !== this.#position) {
      this.#position = position
      this.#since = now.getTime()
    }
    if (now.getTime() - this.#since < QUIET_MS) return false
    const [day = '', time = ''] = shanghaiTime(now).split(' ')
    const hour = Number(time.slice(0, 2))
    const isNight = hour >= NIGHT_FROM && hour < NIGHT_TO && day !== this.#night
    if (!isNight && position - this.#doneAt < MANY_ENTRIES) return false
    if (isNight) this.#night = day
    this.#doneAt = position
    return true
  }
}
