import { catalogue } from '../records/catalogue.ts'
import type { SearchQuery } from '../search/engine.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { openSearch, type SearchChoice } from './open-search.ts'

/** What the searching thread does: it answers whoever looks enterprises up, from an index in its memory. */
export type SearchingThread = ReturnType<typeof acts>

export interface SearchingThreadData {
  views: string
  search: string
  choice: SearchChoice
}

function acts({ views: path, search, choice }: SearchingThreadData) {
  const views = new Views(path)
  const engine = openSearch(choice, { path: search, views, catalogue, now: () => new Date() })
  return {
    search: (query: SearchQuery) => engine.search(query),
    named: (name: string) => engine.named(name),
    applied: () => engine.applied(),
    async stop() {
      await engine.close()
      views.close()
    },
  }
}

await serve(async (data: SearchingThreadData) => acts(data))
