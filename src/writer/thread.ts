import { ImportJobs } from '../exchange/jobs.ts'
import { catalogue } from '../records/catalogue.ts'
import type { Append } from '../register/register.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { serve } from '../threads/calls.ts'
import { Views } from '../views/views.ts'
import { openWriter, pathsIn } from './open.ts'

/** What the writing thread does for the thread that answers requests. */
export type WriterThread = Awaited<ReturnType<typeof acts>>

async function acts({ dataDir }: { dataDir: string }) {
  const paths = pathsIn(dataDir)
  const register = openSqliteRegister(paths.register, () => new Date())
  const onLag = (error: unknown) => {
    throw error
  }
  const writer = await openWriter({ dataDir, register, catalogue, search: 'thread', onLag })
  const views = new Views(paths.views)
  const imports = new ImportJobs({
    directory: paths.imports,
    writer,
    views,
    catalogue,
    now: () => new Date(),
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

await serve(async (data: { dataDir: string }) => acts(data))
