import { join } from 'node:path'
import { pino } from 'pino'
import { catalogue } from '../records/catalogue.ts'
import { openEmbeddedSearch } from '../search/embedded.ts'
import { SearchFollower } from '../search/follower.ts'
import { openMeilisearch } from '../search/meilisearch.ts'
import { OutsideFollowing } from '../search/outside.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import type { SearchChoice } from './open-search.ts'

/** What the search thread does: indexing apart from the thread that writes, so that both cores work. */
export type SearchThread = ReturnType<typeof acts>

export interface SearchThreadData {
  dataDir: string
  choice: SearchChoice
}

function acts({ dataDir, choice }: SearchThreadData) {
  const views = new Views(join(dataDir, 'views.db'))
  const sections = new Map(catalogue.kinds.map((kind) => [kind.section, kind.type]))
  const engine = choice.embedded ? openEmbeddedSearch(join(dataDir, 'search.db'), 'write') : undefined
  const follower = engine && new SearchFollower(views, engine, sections)
  const outside = choice.outside && followOutside(views, sections, choice.outside)
  return {
    async catchUp() {
      await Promise.all([follower?.catchUp(), outside?.caughtUp()])
    },
    async rebuild() {
      await follower?.rebuild()
    },
    async stop() {
      await outside?.stop()
      await engine?.close()
      views.close()
    },
  }
}

function followOutside(
  views: Views,
  sections: ReadonlyMap<string, string>,
  at: NonNullable<SearchChoice['outside']>,
): OutsideFollowing {
  const log = pino({ name: 'search' })
  const onRefused = (id: string, reason: string) =>
    log.error({ file: id, reason }, 'Meilisearch refuses a document; it cannot be found there')
  const engine = openMeilisearch({ ...at, onRefused })
  return new OutsideFollowing({
    engine,
    follower: new SearchFollower(views, engine, sections),
    position: () => views.applied(),
    onFault: (error) => log.error({ err: error }, 'Meilisearch cannot follow; trying again'),
    onRecovery: () => log.info('Meilisearch follows again'),
  })
}

await serve(async (data: SearchThreadData) => acts(data))
