import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { shanghaiTime } from '../calendar/dates.ts'
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
  const { register, views, search, drafts, jobs, accesses, sessions } = pathsIn(dataDir)
  return [
    ...[register, accesses].map((path) => upkept(path, false)),
    ...[views, search, drafts, jobs, sessions].map((path) => upkept(path, true)),
  ].flatMap((one) => one ?? [])
}

function upkept(path: string, shrinks: boolean): Upkept | undefined {
  if (!existsSync(path)) return undefined
  const from = performance.now()
  const [bytes, log] = sizes(path)
  const connection = new Database(path, { timeout: PATIENCE_MS, fileMustExist: true })
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
  const number = (pragma: string) => Number(connection.pragma(pragma, { simple: true }))
  const [pages, size] = [number('page_count'), number('page_size')]
  if (number('freelist_count') <= pages * FREE_SHARE) return
  if (number('auto_vacuum') === INCREMENTAL) {
    while (number('freelist_count') > 0) connection.pragma(`incremental_vacuum(${PAGES_A_STEP})`)
    return
  }
  // One that an older program made learns to give back by being written anew.
  if (pages * size > MOST_REWRITTEN) return
  connection.pragma('auto_vacuum = INCREMENTAL')
  connection.exec('VACUUM')
}

const INCREMENTAL = 2

function unlessBusy(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error
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
