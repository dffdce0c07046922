import type { Settings } from '../config.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import { searchOver } from '../search/answering.ts'
import { documentOf } from '../search/document.ts'
import { openEmbeddedIndex } from '../search/embedded.ts'
import type { SearchEngine, SearchIndex } from '../search/engine.ts'
import { type MeilisearchOptions, openMeilisearch, type RegisterIdentity } from '../search/meilisearch.ts'
import { prompt, withReserve } from '../search/reserve.ts'
import { Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'

/** An index outside this process: where it is, by which key it may be used, and which registry's it is. */
export type OutsideSearch = Pick<MeilisearchOptions, 'url' | 'key' | 'prefix' | 'register'>

/** What tells a register from others, and from itself as it was before it was restored. */
export async function identityOf(register: Register): Promise<RegisterIdentity> {
  const [[first], { epoch }] = await Promise.all([register.read(0, 1), register.standing()])
  return { id: first?.id ?? '', epoch }
}

/** Which indexes serve: one outside where it is set, the embedded one alone or in reserve. */
export interface SearchChoice {
  outside?: OutsideSearch | undefined
  /** Whether the embedded index is kept; always so without another. */
  embedded: boolean
}

/** Which indexes serve, by the settings. */
export function searchChoice(
  { MEILI_URL, MEILI_KEY, MEILI_PREFIX, MEILI_RESERVE }: Settings,
  register: RegisterIdentity,
): SearchChoice {
  if (MEILI_URL === '') return { embedded: true }
  return {
    outside: { url: MEILI_URL, key: MEILI_KEY, prefix: MEILI_PREFIX, register },
    embedded: MEILI_RESERVE === 'true',
  }
}

/** The index in the data directory. */
export function openOwnIndex(path: string, mode: 'read' | 'write'): SearchIndex {
  return openEmbeddedIndex(path, mode)
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
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** The search that readers ask. */
export function openSearch({ outside, embedded }: SearchChoice, parts: Parts): SearchEngine {
  const own = () => searchOver(openOwnIndex(parts.path, 'read'))
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
      const face = faces.face(key)
      return face && documentOf(face.bytes.toString(), catalogue.sections)
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'gone') return undefined
      throw error
    }
  }
}
