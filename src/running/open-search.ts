import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { searchOver } from '../search/answering.ts'
import { documentOf } from '../search/document.ts'
import { openEmbeddedIndex } from '../search/embedded.ts'
import type { SearchEngine, SearchIndex } from '../search/engine.ts'
import { type MeilisearchOptions, openMeilisearch } from '../search/meilisearch.ts'
import { prompt, withReserve } from '../search/reserve.ts'
import { Faces } from '../views/faces.ts'
import { outlineOf } from '../views/outline.ts'
import type { Views } from '../views/views.ts'
import type { OutsideSearch, SearchChoice } from './search-choice.ts'

/** The index in the data directory; whoever answers from it for long keeps what it holds in memory at `keptPath`. */
export function openOwnIndex(path: string, mode: 'read' | 'write', keptPath?: string): SearchIndex {
  return openEmbeddedIndex(path, mode, keptPath)
}

/** The index outside, to be filled. */
export function openOutsideIndex(
  outside: OutsideSearch,
  onRefused: MeilisearchOptions['onRefused'],
): SearchIndex {
  return openMeilisearch({ ...outside, onRefused })
}

interface Parts {
  path: string
  keptPath: string
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** The search that readers ask. */
export function openSearch({ outside, embedded }: SearchChoice, parts: Parts): SearchEngine {
  const own = () => searchOver(openOwnIndex(parts.path, 'read', parts.keptPath))
  if (!outside) return own()
  const shown = shownNow(parts)
  const there = prompt(
    searchOver(openMeilisearch({ ...outside, tries: 1, shown, onRefused: () => undefined })),
  )
  return embedded ? withReserve(there, own()) : there
}

/** What the public sees of a file now; undefined where there is none, or none any more. */
function shownNow({ views, catalogue, now }: Parts) {
  const faces = new Faces({ views, catalogue, now })
  return (key: string) => {
    try {
      const shown = faces.shown(key)
      return shown && documentOf(outlineOf(shown, catalogue))
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'gone') return undefined
      throw error
    }
  }
}
