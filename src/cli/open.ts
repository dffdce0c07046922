import { isBeforeRelease } from '../calendar/clock.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { called } from '../command-line.ts'
import { readSettings } from '../config.ts'
import { tooEarly } from '../running/clock-watch.ts'
import { StartFault } from '../running/data-dir.ts'
import { type OpenedRegistry, openRegistry } from '../running/open-registry.ts'
import { keepSearchTable } from '../running/open-search.ts'
import { pathsIn } from '../running/paths.ts'
import { runningNode } from '../running/running-node.ts'
import { note } from './output.ts'
import { wordsOf } from './words.ts'

export type Opened = OpenedRegistry

interface Options {
  search?: 'here' | 'thread'
  /** For what must be possible whatever the clock says. */
  anyClock?: boolean
}

const DAY_MS = 24 * 3_600_000

/**
 * Does a command's work on the registry in the data directory of the settings, beside a running server too, and gives its
 * exit code. What views and search could not follow is said, and makes it 1: it is recorded all the same. Throws
 * `StartFault` where the last entry is so long ago that the clock may be wrong.
 */
export async function onRegistry(
  work: (opened: Opened) => Promise<number>,
  { search = 'here', anyClock = false }: Options = {},
): Promise<number> {
  const { DATA_DIR, DATABASE_URL, NODES_SECRET, CLOCK_GAP_DAYS } = readSettings(process.env)
  const lags: unknown[] = []
  const opened = await openRegistry({
    dataDir: DATA_DIR,
    database: DATABASE_URL,
    secret: NODES_SECRET,
    now: () => new Date(),
    search,
    onLag: (error) => lags.push(error),
    onFailure: (error) => lags.push(error),
    tell: note,
  })
  let code: number
  let isAlone = false
  try {
    isAlone = (await runningNode(opened.register, DATA_DIR)) === undefined
    const { recordedAt } = await opened.register.standing()
    if (!anyClock && isBeforeRelease(new Date())) throw new StartFault(tooEarly(new Date()))
    const gap = Date.now() - Date.parse(recordedAt)
    if (!anyClock && recordedAt !== '' && gap > CLOCK_GAP_DAYS * DAY_MS)
      throw new StartFault(
        `登记簿最后一条登记于 ${shanghaiTime(new Date(recordedAt))}，服务器时钟为 ${shanghaiTime(new Date())}，相距过久；请核对时钟，无误的，先执行 ${called('clock accept')}。`,
      )
    code = await work(opened)
  } finally {
    await opened.close()
  }
  // A service that runs keeps it by itself.
  if (search === 'thread' && isAlone) await keepSearchTable(pathsIn(DATA_DIR))
  if (lags.length === 0) return code
  const why = lags.map(wordsOf).find((words) => words !== undefined) ?? String(lags[0])
  note(`所办的已经登记，视图或检索索引没有跟上：${why}\n排除原因后，运行中的服务或下一条命令会自动补上。`)
  return Math.max(code, 1)
}
