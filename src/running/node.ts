import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Settings } from '../config.ts'
import { isBroken } from '../register/broken.ts'
import type { Register } from '../register/register.ts'
import { ClockWatch } from './clock-watch.ts'
import { suspect } from './data-dir.ts'
import { openRegister } from './open-register.ts'
import { pathsIn } from './paths.ts'
import { enter } from './place.ts'
import { type RemoteSearch, startSearching } from './remote-searching.ts'
import { type RemoteWriter, startWriter } from './remote-writer.ts'
import { giveUpReserve } from './reserve.ts'
import { runningNode } from './running-node.ts'
import { identityOf, type SearchChoice, searchChoice } from './search-choice.ts'
import type { Node } from './serving.ts'

/** What a node works on, open: the register and its clock, and the threads that write and search. */
export interface Opened {
  settings: Settings
  log: Logger
  /** How many lines of the log were lost. */
  linesLost(): number
  register: Register
  clock: ClockWatch
  choice: SearchChoice
  thread: RemoteWriter
  search: RemoteSearch
}

/**
 * Opens the registry in its data directory and builds its server, not yet listening. An index that turns out to be
 * broken with the first search is set aside, and all is begun once more; `isSecond` tells of that.
 */
export async function startNode(
  settings: Settings,
  log: Logger,
  onDeath: (error: Error) => void,
  linesLost = () => 0,
  isSecond = false,
): Promise<Node> {
  const { DATA_DIR: dataDir, DATABASE_URL: database, NODES_SECRET: secret, LOG_LEVEL: logLevel } = settings
  const isFull = giveUpReserve(dataDir)
  if (isFull)
    log.warn('磁盘已满：已放开预留的空间以便启动，公众查询照常，登记待腾出空间后自动继续。请腾出空间。')
  const { holds } = enter(dataDir, (words) => log.warn(words), {
    isCopied: database !== '',
    mayBegin: settings.NEW_REGISTER === 'true',
  })
  if (holds !== 'register')
    log.warn(`${resolve(dataDir)} 中没有登记簿，${database === '' ? '新建一个' : '从数据库取得副本'}。`)
  const paths = pathsIn(dataDir)
  const register: Register = await openRegister({ dataDir, database, secret }, () => clock.now())
  const other = database === '' ? await runningNode(register, dataDir) : undefined
  if (other)
    log.warn(
      `另有进程 ${other.pid} 正以这个数据目录提供服务：登记的内容不会乱，但登录、限流和等候的任务各算各的；不是有意的，请停下其中一个。`,
    )
  const clock = new ClockWatch({
    register,
    gapDays: settings.CLOCK_GAP_DAYS,
    onChange(doubt) {
      if (doubt) log.error({ clock: doubt.kind }, doubt.words)
      else log.info('时钟已确认，恢复办理')
    },
  })
  const choice = searchChoice(settings, await identityOf(register))
  const thread = startWriter({ dataDir, database, logLevel, choice, accepted: clock.accepted }, onDeath)
  const search = startSearching({ ...paths, choice, believed: clock.believed }, (error) =>
    log.error({ err: error }, 'the search broke off'),
  )
  // While the writer and the search load in threads of their own, this one loads what answers requests.
  search.begin()
  const answering = import('./serving.ts')
  // What could not be shown for want of room would take the little that a start needs: it is tried once all is open.
  if (!isFull) await thread.catchUp()
  const fault = choice.outside ? undefined : await faultOf(search)
  if (fault !== undefined) log.warn({ err: fault }, 'search does not answer yet')
  if (isBroken(fault) && !isSecond) {
    suspect(dataDir, fault)
    await Promise.all([thread.close(), search.close(), register.close()])
    return startNode(settings, log, onDeath, linesLost, true)
  }
  const { serving } = await answering
  return serving({ settings, log, linesLost, register, clock, choice, thread, search })
}

/**
 * What is wrong with the search, found out by asking: the first query would otherwise wait until all names have been read,
 * and a broken file would show only then. An index outside is not asked: before it is made it fails, and what fails is left
 * alone for a while.
 */
function faultOf(search: RemoteSearch): Promise<unknown> {
  return search.search({ text: '示例', filters: {}, limit: 1 }).then(
    () => undefined,
    (error: unknown) => error,
  )
}
