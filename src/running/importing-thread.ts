import { pino } from 'pino'
import type { Settings } from '../config.ts'
import { JobStore } from '../exchange/job-store.ts'
import { ImportJobs } from '../exchange/jobs.ts'
import { catalogue } from '../records/catalogue.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { threadClock } from './clock-watch.ts'
import { openRegister, type RegisterPlace } from './open-register.ts'
import { openWriter } from './open-writer.ts'
import { pathsIn } from './paths.ts'
import type { SearchChoice } from './search-choice.ts'
import { threadLines } from './thread-lines.ts'

export interface ImportingThreadData extends RegisterPlace {
  logLevel: Settings['LOG_LEVEL']
  choice: SearchChoice
  accepted: Int32Array
}

/** What the importing thread does: it reads uploads, of which any may be its last. */
export type ImportingThread = Awaited<ReturnType<typeof acts>>

async function acts({ dataDir, database, logLevel, choice, accepted }: ImportingThreadData) {
  const log = pino({ level: logLevel }, threadLines())
  const paths = pathsIn(dataDir)
  const now = threadClock(accepted)
  const register = await openRegister({ dataDir, database }, now)
  const onLag = (error: unknown) => log.error({ err: error }, 'views or search could not follow an import')
  const writer = await openWriter({ dataDir, register, catalogue, search: 'thread', choice, onLag })
  const views = new Views(paths.views)
  const jobs = new JobStore(paths, database, (name) => views.authorities().namesOf(name))
  const imports = new ImportJobs({
    jobs,
    register,
    writer,
    views,
    catalogue,
    now,
    onFailure: (error, job) => log.error({ err: error, job }, 'an import failed'),
  })
  return {
    /** Runs the import jobs that wait, one after the other; false when what is left waits for room. */
    runImports: () => imports.runWaiting(),
    async stop() {
      await imports.stop()
      await writer.close()
      await jobs.close()
      views.close()
    },
  }
}

void serve(async (data: ImportingThreadData) => acts(data))
