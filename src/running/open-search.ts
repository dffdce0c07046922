import type { Settings } from '../config.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { openEmbeddedSearch } from '../search/embedded.ts'
import type { SearchEngine } from '../search/engine.ts'
import { guarded, withReserve } from '../search/guarded.ts'
import { openMeilisearch } from '../search/meilisearch.ts'
import type { OutsideSearch } from '../search/outside.ts'
import { Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'

/** Which engines serve: Meilisearch where it is set, the embedded one alone or in reserve. */
export interface SearchChoice {
  outside?: OutsideSearch | undefined
  /** Whether the embedded index is kept; always so without another. */
  embedded: boolean
}

/** Which search engines serve, by the settings. */
export function searchChoice({ MEILI_URL, MEILI_KEY, MEILI_RESERVE }: Settings): SearchChoice {
  if (MEILI_URL === '') return { embedded: true }
  return { outside: { url: MEILI_URL, key: MEILI_KEY }, embedded: MEILI_RESERVE === 'true' }
}

interface Parts {
  path: string
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** The engine that readers ask. */
export function openSearch(choice: SearchChoice, { path, views, catalogue, now }: Parts): SearchEngine {
  const { outside, embedded } = choice
  if (!outside) return openEmbeddedSearch(path, 'read')
  const faces = new Faces({ views, catalogue, now })
  const shownNow = (key: string) => {
    try {
      return faces.face(key)?.bytes.toString()
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'gone') return undefined
      throw error
    }
  }
  const sections = new Map(catalogue.kinds.map(({ section, type }) => [section, type]))
  const engine = guarded(
    openMeilisearch({ ...outside, tries: 1, onRefused: () => undefined }),
    shownNow,
    sections,
  )
  return embedded ? withReserve(engine, openEmbeddedSearch(path, 'read')) : engine
}
