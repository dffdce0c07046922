import { statfs } from 'node:fs/promises'
import { pino } from 'pino'
import type { Settings } from '../config.ts'
import { catalogue } from '../records/catalogue.ts'
import { type Append, RegisterFull } from '../register/register.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { serve } from './calls.ts'
import { threadClock } from './clock-watch.ts'
import { openMended, suspect } from './data-dir.ts'
import { shortenLogs } from './logs.ts'
import { openWriter } from './open-writer.ts'
import { pathsIn } from './paths.ts'
import type { SearchChoice } from './search-choice.ts'

export interface WriterThreadData {
  dataDir: string
  logLevel: Settings['LOG_LEVEL']
  choice: SearchChoice
  /** Counts how often a person has accepted the clock. */
  accepted: Int32Array
}

/** What the writing thread does for the thread that answers requests. */
export type WriterThread = Awaited<ReturnType<typeof acts>>

const CATCH_UP_MS = 5_000
/** With less room than this many bytes an append may fail at any moment. */
const LEAST_FREE = 4 * 1024 * 1024

async function acts({ dataDir, logLevel, choice, accepted }: WriterThreadData) {
  const log = pino({ level: logLevel })
  const register = openSqliteRegister(pathsIn(dataDir).register, threadClock(accepted))
  const onLag = (error: unknown) => {
    suspect(dataDir, error)
    log.error({ err: error }, 'views or search could not follow an append')
  }
  const tell = (words: string) => log.warn(words)
  const writer = await openMended(dataDir, tell, () =>
    openWriter({ dataDir, register, catalogue, search: 'thread', choice, onLag, tell }),
  )
  // What could not follow, for want of room perhaps, follows once it can, and what other processes append.
  const timer = setInterval(() => {
    writer
      .catchUp()
      .then(() => shortenLogs(dataDir))
      .catch(onLag)
  }, CATCH_UP_MS)
  return {
    append: (request: Append) => writer.append(request),
    catchUp: () => writer.catchUp(),
    rebuild: () => writer.rebuild(),
    begin: async () => writer.begin(),
    async probe() {
      const { bavail, bsize } = await statfs(dataDir)
      if (bavail * bsize < LEAST_FREE) throw new RegisterFull('hardly any room left for the register')
      await register.probe()
    },
    async stop() {
      clearInterval(timer)
      await writer.close()
    },
  }
}

await serve(async (data: WriterThreadData) => acts(data))
