import type { Settings } from '../config.ts'
import type { Register } from '../register/register.ts'
import type { MeilisearchOptions, RegisterIdentity } from '../search/meilisearch.ts'

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
