import { pino } from 'pino'
import type { Settings } from '../config.ts'
import { ImportJobs } from '../exchange/jobs.ts'
import { catalogue } from '../records/catalogue.ts'
import type { Append } from '../register/register.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import type { SearchChoice } from './open-search.ts'
import { openWriter, pathsIn } from './open-writer.ts'

export interface WriterThreadData {
  dataDir: string
  logLevel: Settings['LOG_LEVEL']
  choice: SearchChoice
}

/** What the writing thread does for the thread that answers requests. */
export type WriterThread = Awaited<ReturnType<typeof acts>>

async function acts({ dataDir, logLevel, choice }: WriterThreadData) {
  const log = pino({ level: logLevel })
  const paths = pathsIn(dataDir)
  const register = openSqliteRegister(paths.register, () => new Date())
  const onLag = (error: unknown) => log.error({ err: error }, 'views or search could not follow an append')
  const writer = await openWriter({ dataDir, register, catalogue, search: 'thread', choice, onLag })
  const views = new Views(paths.views)
  const imports = new ImportJobs({
    directory: paths.imports,
    register,
    writer,
    views,
    catalogue,
    now: () => new Date(),
    onFailure: (error, job) => log.error({ err: error, job }, 'an import failed'),
  })
  return {
    append: (request: Append) => writer.append(request),
    erase: (positions: number[]) => writer.erase(positions),
    catchUp: () => writer.catchUp(),
    rebuild: () => writer.rebuild(),
    /** Runs the import jobs that wait, one after the other. */
    runImports: () => imports.runWaiting(),
    async stop() {
      await imports.stop()
      await writer.close()
      views.close()
    },
  }
}

await serve(async (data: WriterThreadData) => acts(data))
