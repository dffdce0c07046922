import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { isBeforeRelease } from '../calendar/clock.ts'
import { shanghaiDate, shanghaiTime } from '../calendar/dates.ts'
import { anchorPath, readAnchor } from '../register/anchor.ts'
import { AHEAD_MS, acceptance } from '../register/clock.ts'
import { Sqlite } from '../register/driver.ts'
import { beginEpoch } from '../register/epoch.ts'
import { lookInto } from '../register/fit.ts'
import { isLocked } from '../register/patient.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { missingIn, type Stretch } from '../register/whole.ts'
import { type Manifest, wholeBackup } from './backup.ts'
import { tooEarly } from './clock-watch.ts'
import { mustBeReadable, registerId, StartFault } from './data-dir.ts'
import { keyFaults } from './keys.ts'
import { type LogBeside, type Lost, logBeside, lostBeyond } from './lost.ts'
import { keptName, type Paths, pathsIn } from './paths.ts'
import { mustBeFree, placeOf } from './place.ts'
import { AS_IS, decide, finishRestore, type Plan, preparedIn } from './restoring.ts'

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

interface Decided {
  restored: Restored
  lost: Lost
  log: LogBeside | undefined
  words: string
}

/** What a restore came to, or, where one had been decided before and was not finished, that one. */
export type Outcome =
  | Decided
  /** Whether it is what was asked for now. */
  | { former: Plan; isSame: boolean }

interface Asked {
  /** Path of the backup; none where the register is to go on as it stands. */
  folder: string | undefined
  /** Recorded with it. */
  reason: string
  /** All that a person is to be told, whoever finishes it. */
  inWords(done: Omit<Decided, 'words'>): string
  /** The clock is held against nothing where nothing is said. */
  clock?: ClockCheck
}

/**
 * Puts a backup in the place of what a data directory holds, or, without one, lets the register go on as it stands. Either
 * begins a new epoch, with an entry that says what it was. What was there is kept in a folder beside; views and index are computed
 * anew at the next start. A log of accesses that goes on from the backup's stays. All is prepared beside what is there: an end by
 * force, or a full disk, leaves either as it was, and what was decided is finished by whoever comes next.
 * Throws `StartFault` for a backup that is not whole and for a directory that is in use, another's or no place for a register.
 */
export async function restore(dataDir: string, now: Date, asked: Asked): Promise<Outcome> {
  placeOf(dataDir)
  const former = finishRestore(dataDir)
  if (former) return { former, isSame: former.of === ofAsked(asked) }
  const decided = await decideRestore(dataDir, now, asked)
  finishRestore(dataDir)
  return decided
}

/** The backup that is asked for, as a restore bears its name. */
function ofAsked({ folder }: Asked): string {
  return folder === undefined ? AS_IS : resolve(folder)
}

/** All of a restore but its renames, which are left to be done. */
export async function decideRestore(dataDir: string, now: Date, asked: Asked): Promise<Decided> {
  const { folder, reason, inWords, clock } = asked
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
  const lost = lostBeyond(paths.register, folder === undefined ? undefined : pathsIn(folder).register)
  const keptIn = keptName(now)
  const keeps = [
    ...[paths.register, paths.views, paths.search, paths.drafts].flatMap(withLogs),
    ...[anchorPath(paths.register), paths.searchTable],
    ...(made && !log?.goesOn ? withLogs(paths.accesses) : []),
    // What the backup brings would be written over.
    ...names.map((name) => join(dataDir, name)),
    // That of the key that goes.
    ...(names.includes(basename(paths.personKey)) ? [paths.personCheck] : []),
  ].filter((path) => existsSync(path))
  mkdirSync(dataDir, { recursive: true })
  if (existsSync(join(dataDir, keptIn))) throw new StartFault(`已有 ${keptIn}/；请再执行一次。`)
  const restored = await prepare(dataDir, folder, names, now, {
    reason,
    isClockAccepted: clock?.today !== undefined,
    restored: {
      ...(keeps.length > 0 && { keptIn }),
      ...(made && { backupOf: made.madeAt }),
      ...(lost.range && { lost: lost.range }),
    },
  })
  const words = inWords({ restored, lost, log })
  decide(dataDir, {
    ...{ of: ofAsked(asked), keptIn, words },
    keeps: keeps.map((path) => basename(path)),
    brings: [
      ...new Set([paths.register, anchorPath(paths.register), ...names].map((path) => basename(path))),
    ],
  })
  return { restored, lost, log, words }
}

/** What is recorded of a restore, but for what is known only once its epoch has begun. */
interface Recorded {
  restored: Omit<Restored, 'formerEpoch' | 'epoch' | 'position' | 'missing'>
  reason: string
  isClockAccepted: boolean
}

/**
 * Copies what a restore brings into a folder of the data directory, lets it begin its new epoch there and records the restore: an
 * older register never takes the place of a newer one in the same epoch, nor any without saying so. What can't be leaves nothing.
 */
async function prepare(
  dataDir: string,
  backup: string | undefined,
  names: readonly string[],
  now: Date,
  recorded: Recorded,
): Promise<Restored> {
  const folder = preparedIn(dataDir)
  rmSync(folder, { recursive: true, force: true })
  try {
    mkdirSync(folder, { mode: 0o700 })
    const { register } = pathsIn(folder)
    if (backup === undefined) copyWithLog(pathsIn(dataDir).register, register)
    for (const name of names) copyFileSync(join(backup ?? dataDir, name), join(folder, name))
    const { position, epoch, formerEpoch } = beginEpoch(register)
    const missing = lookInto(register, missingIn)
    const restored = {
      ...{ formerEpoch, epoch, position, ...recorded.restored },
      ...(missing.length > 0 && { missing }),
    }
    await record(register, now, { ...recorded, restored })
    return restored
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** The log lies beside the file itself, not beside a link to it. */
function copyWithLog(from: string, to: string): void {
  const real = realpathSync(from)
  copyFileSync(real, to)
  if (existsSync(`${real}-wal`)) copyFileSync(`${real}-wal`, `${to}-wal`)
}

async function record(
  path: string,
  now: Date,
  { restored, reason, isClockAccepted }: Recorded & { restored: Restored },
): Promise<void> {
  const register = openSqliteRegister(path, () => now)
  try {
    const author = { authority: '系统管理员', officer: '命令行' }
    const subject = `register/${restored.epoch}`
    const { recordedAt } = await register.standing()
    if (isClockAccepted)
      await register.append({
        drafts: [acceptance(now, recordedAt, reason, author)],
        command: `restore/${restored.epoch}/clock`,
      })
    await register.append({
      drafts: [
        {
          ...{ subject, kind: 'register.restored', visibility: 'platform', author },
          payload: { ...restored, reason },
        },
      ],
      expect: new Map([[subject, 0]]),
      command: `restore/${restored.epoch}`,
    })
  } finally {
    await register.close()
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
    if (!(error instanceof Sqlite.SqliteError)) throw error
    return ''
  }
}

const DAY_MS = 24 * 3_600_000

/** Refuses a clock that may be wrong, unless a person has said which day it is: what is recorded under it stays for ever. */
function mustBeTime(now: Date, last: string, { gapDays, today }: ClockCheck): void {
  if (isBeforeRelease(now)) throw new StartFault(`${tooEarly(now)}没有恢复。`)
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

function withLogs(path: string): string[] {
  return [path, `${path}-wal`, `${path}-shm`]
}

/** Refuses a register that a process has open: it would go on with what is not there any more. */
function mustBeIdle(register: string): void {
  if (!existsSync(register)) return
  let connection: Database.Database | undefined
  try {
    connection = new Sqlite(register, { timeout: 500 })
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
