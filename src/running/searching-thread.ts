import { catalogue } from '../records/catalogue.ts'
import type { SearchEngine, SearchQuery } from '../search/engine.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { type BelievedTime, believedClock } from './clock-watch.ts'
import { openSearch } from './open-search.ts'
import type { SearchChoice } from './search-choice.ts'

/** What the searching thread does: it answers whoever looks enterprises up, from an index in its memory. */
export type SearchingThread = ReturnType<typeof acts>

export interface SearchingThreadData {
  views: string
  search: string
  searchTable: string
  choice: SearchChoice
  believed: BelievedTime
}

function acts({ views: path, search, searchTable, choice, believed }: SearchingThreadData) {
  let opened: { views: Views; engine: SearchEngine } | undefined
  // With what is first asked: before that the writer may not have made the files yet.
  const open = () => {
    const views = new Views(path)
    const parts = { path: search, keptPath: searchTable, views, catalogue, now: believedClock(believed) }
    return { views, engine: openSearch(choice, parts) }
  }
  const engine = () => {
    opened ??= open()
    return opened.engine
  }
  return {
    search: async (query: SearchQuery) => engine().search(query),
    named: async (name: string) => engine().named(name),
    applied: async () => engine().applied(),
    async stop() {
      await opened?.engine.close()
      opened?.views.close()
    },
  }
}

void serve(async (data: SearchingThreadData) => acts(data))
