import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { epochIn } from '../register/epoch.ts'
import { searchOver } from '../search/answering.ts'
import { asOfToday } from '../search/as-of-today.ts'
import { documentOf } from '../search/document.ts'
import { openEmbeddedIndex } from '../search/embedded.ts'
import type { SearchEngine, SearchIndex } from '../search/engine.ts'
import { type MeilisearchOptions, openMeilisearch } from '../search/meilisearch.ts'
import { prompt, withReserve } from '../search/reserve.ts'
import { Faces } from '../views/faces.ts'
import { outlineOf } from '../views/outline.ts'
import type { Views } from '../views/views.ts'
import type { Paths } from './paths.ts'
import type { OutsideSearch, SearchChoice } from './search-choice.ts'

/** The index in a data directory, to be filled from the register that lies beside it. */
export function openOwnIndex({ search, register }: Pick<Paths, 'search' | 'register'>): SearchIndex {
  return openEmbeddedIndex(search, 'write', { epoch: epochIn(register) })
}

/** The index outside, to be filled. */
export function openOutsideIndex(
  outside: OutsideSearch,
  onRefused: MeilisearchOptions['onRefused'],
): SearchIndex {
  return openMeilisearch({ ...outside, onRefused })
}

/** Keeps what searching reads from the index in a data directory, if much was indexed: the next start needn't compute it. */
export async function keepSearchTable({
  search,
  searchTable,
}: Pick<Paths, 'search' | 'searchTable'>): Promise<void> {
  const index = openEmbeddedIndex(search, 'read', { keptPath: searchTable })
  try {
    await index.ask([])
  } finally {
    await index.close()
  }
}

interface Parts {
  path: string
  /** Where the table is kept for the next start, where it is. */
  keptPath?: string
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** The search that readers ask: as of today, whoever answers. */
export function openSearch({ outside, embedded }: SearchChoice, parts: Parts): SearchEngine {
  const over = (index: SearchIndex) => searchOver(asOfToday(index, parts))
  const own = () =>
    over(
      openEmbeddedIndex(parts.path, 'read', parts.keptPath === undefined ? {} : { keptPath: parts.keptPath }),
    )
  if (!outside) return own()
  const shown = shownNow(parts)
  const there = prompt(over(openMeilisearch({ ...outside, tries: 1, shown, onRefused: () => undefined })))
  return embedded ? withReserve(there, own()) : there
}

/** What the public sees of a file now; undefined where there is none, or none any more. */
function shownNow({ views, catalogue, now }: Parts) {
  const faces = new Faces({ views, catalogue, now })
  return (key: string) => {
    try {
      const shown = faces.file(key)
      return shown && documentOf(outlineOf(shown.file, catalogue))
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'gone') return undefined
      throw error
    }
  }
}
