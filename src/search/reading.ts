import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { Faces } from '../registry/faces.ts'
import type { Views } from '../views/views.ts'
import { openEmbeddedSearch } from './embedded.ts'
import type { SearchEngine } from './engine.ts'
import { guarded, withReserve } from './guarded.ts'
import { openMeilisearch } from './meilisearch.ts'
import type { OutsideSearch } from './outside.ts'

/** Which engines serve: Meilisearch where it is set, the embedded one alone or in reserve. */
export interface SearchChoice {
  outside?: OutsideSearch | undefined
  /** Whether the embedded index is kept; always so without another. */
  embedded: boolean
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
