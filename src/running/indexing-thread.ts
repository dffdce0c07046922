import { pino } from 'pino'
import { SearchFollower } from '../search/follower.ts'
import { OutsideFollowing } from '../search/outside.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { openOutsideIndex, openOwnIndex } from './open-search.ts'
import { pathsIn } from './paths.ts'
import type { OutsideSearch, SearchChoice } from './search-choice.ts'
import { threadLines } from './thread-lines.ts'

/** What the indexing thread does: indexing apart from the thread that writes, so that both cores work. */
export type IndexingThread = ReturnType<typeof acts>

export interface IndexingThreadData {
  dataDir: string
  choice: SearchChoice
}

function acts({ dataDir, choice }: IndexingThreadData) {
  const paths = pathsIn(dataDir)
  const views = new Views(paths.views)
  const index = choice.embedded ? openOwnIndex(paths) : undefined
  const follower = index && new SearchFollower(views, index)
  const outside = choice.outside && followOutside(views, choice.outside)
  return {
    async catchUp() {
      outside?.wake()
      await follower?.catchUp()
    },
    async rebuild() {
      await follower?.rebuild()
    },
    async stop() {
      await outside?.stop()
      await follower?.stop()
      await index?.close()
      views.close()
    },
  }
}

function followOutside(views: Views, at: OutsideSearch): OutsideFollowing {
  const log = pino({ name: 'search' }, threadLines())
  const onRefused = (id: string, reason: string) =>
    log.error({ file: id, reason }, 'Meilisearch refuses a document; it cannot be found there')
  const index = openOutsideIndex(at, onRefused)
  return new OutsideFollowing({
    index,
    follower: new SearchFollower(views, index),
    position: () => views.applied(),
    onFault: (error) => log.error({ err: error }, 'Meilisearch cannot follow; trying again'),
    onRecovery: () => log.info('Meilisearch follows again'),
  })
}

void serve(async (data: IndexingThreadData) => acts(data))
