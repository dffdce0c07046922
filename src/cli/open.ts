import { AccessLog } from '../access/access-log.ts'
import { localRater } from '../computing/rater.ts'
import { localReports } from '../computing/reports.ts'
import { readSettings } from '../config.ts'
import { Drafts } from '../rating/drafts.ts'
import { catalogue } from '../records/catalogue.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { Registry } from '../registry/registry.ts'
import { openEmbeddedSearch } from '../search/embedded.ts'
import { Views } from '../views/views.ts'
import { openWriter, pathsIn } from '../writer/open.ts'

export type Opened = Awaited<ReturnType<typeof openRegistry>>

/** The registry in the data directory of the settings, for one command; beside a running server too. */
export async function openRegistry(search: 'here' | 'thread' = 'here') {
  const { DATA_DIR } = readSettings(process.env)
  const paths = pathsIn(DATA_DIR)
  const now = () => new Date()
  const register = openSqliteRegister(paths.register, now)
  const writer = await openWriter({
    dataDir: DATA_DIR,
    register,
    catalogue,
    search,
    onLag: (error) => {
      throw error
    },
  })
  const views = new Views(paths.views)
  const engine = openEmbeddedSearch(paths.search, 'read')
  const drafts = new Drafts(paths.drafts)
  const rater = localRater({ views, drafts, catalogue })
  const onFailure = (error: unknown) => {
    throw error
  }
  const reports = localReports({ views, now })
  const accesses = new AccessLog(paths.accesses)
  const parts = {
    register,
    writer,
    views,
    search: engine,
    rater,
    drafts,
    reports,
    searchEntries: register.search,
    accesses,
    catalogue,
    now,
    onFailure,
  }
  const registry = new Registry(parts)
  return {
    registry,
    register,
    writer,
    views,
    rater,
    paths,
    async close() {
      await writer.close()
      await engine.close()
      drafts.close()
      accesses.close()
      views.close()
    },
  }
}
