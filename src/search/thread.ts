import { join } from 'node:path'
import { catalogue } from '../records/catalogue.ts'
import { serve } from '../threads/calls.ts'
import { Views } from '../views/views.ts'
import { openEmbeddedSearch } from './embedded.ts'
import { SearchFollower } from './follower.ts'

/** What the search thread does: indexing apart from the thread that writes, so that both cores work. */
export type SearchThread = ReturnType<typeof acts>

function acts({ dataDir }: { dataDir: string }) {
  const views = new Views(join(dataDir, 'views.db'))
  const engine = openEmbeddedSearch(join(dataDir, 'search.db'), 'write')
  const sections = new Map(catalogue.kinds.map((kind) => [kind.section, kind.type]))
  const follower = new SearchFollower(views, engine, sections)
  return {
    catchUp: () => follower.catchUp(),
    rebuild: () => follower.rebuild(),
    async stop() {
      await engine.close()
      views.close()
    },
  }
}

await serve(async (data: { dataDir: string }) => acts(data))
