import { shanghaiTime } from '../calendar/dates.ts'
import { readSettings } from '../config.ts'
import { StartFault } from '../running/data-dir.ts'
import { type OpenedRegistry, openRegistry as open } from '../running/open-registry.ts'

export type Opened = OpenedRegistry

interface Options {
  search?: 'here' | 'thread'
  /** For what must be possible whatever the clock says. */
  anyClock?: boolean
}

const DAY_MS = 24 * 3_600_000

/**
 * The registry in the data directory of the settings, for one command; beside a running server too. Throws
 * `StartFault` where the last entry is so long ago that the clock may be wrong.
 */
export async function openRegistry({ search = 'here', anyClock = false }: Options = {}): Promise<Opened> {
  const { DATA_DIR, CLOCK_GAP_DAYS } = readSettings(process.env)
  const opened = await open({
    dataDir: DATA_DIR,
    now: () => new Date(),
    search,
    onLag: fail,
    onFailure: fail,
    tell: (words) => process.stderr.write(`${words}\n`),
  })
  const { recordedAt } = await opened.register.standing()
  const gap = Date.now() - Date.parse(recordedAt)
  if (anyClock || recordedAt === '' || gap <= CLOCK_GAP_DAYS * DAY_MS) return opened
  await opened.close()
  throw new StartFault(
    `登记簿最后一条登记于 ${shanghaiTime(new Date(recordedAt))}，服务器时钟为 ${shanghaiTime(new Date())}，相距过久；请核对时钟，无误的，先执行 npm run cli -- clock accept。`,
  )
}

function fail(error: unknown): never {
  throw error
}
