import { Checks } from '../checking/checks.ts'
import { stampKey } from '../checking/record.ts'
import { catalogue } from '../records/catalogue.ts'
import { Faces } from '../views/faces.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { openSearch, type SearchChoice } from './open-search.ts'

/** What the checking thread does: batch checks, apart from the thread that answers requests. */
export type CheckingThread = ReturnType<typeof acts>

export interface CheckingThreadData {
  views: string
  search: string
  stampKey: string
  registry: string
  choice: SearchChoice
}

function acts(paths: CheckingThreadData) {
  const views = new Views(paths.views)
  const now = () => new Date()
  const search = openSearch(paths.choice, { path: paths.search, views, catalogue, now })
  const faces = new Faces({ views, catalogue, now })
  const checks = new Checks({
    finder: { search, shown: (key) => faces.shown(key) },
    registry: paths.registry,
    key: stampKey(paths.stampKey),
    position: () => views.applied(),
    now,
  })
  return {
    begin: (path: string) => checks.begin(path),
    state: (id: string) => checks.state(id),
    rows: (...asked: Parameters<Checks['rows']>) => checks.rows(...asked),
    file: (...asked: Parameters<Checks['file']>) => checks.file(...asked),
    verify: (text: string) => checks.verify(text),
    forget: (id: string) => checks.forget(id),
    async stop() {
      await checks.stop()
      await search.close()
      views.close()
    },
  }
}

await serve(async (data: CheckingThreadData) => acts(data))
