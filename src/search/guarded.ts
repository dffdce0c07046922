import { documentOf } from './document.ts'
import { type SearchEngine, type SearchFilters, type SearchHit, SearchUnavailable } from './engine.ts'
import { facetsOf, matches } from './facets.ts'

/** What the public sees of a file now, as JSON; undefined where there is none, or none any more. */
export type ShownNow = (key: string) => string | undefined

/**
 * An engine whose hits are held against the files before they leave: what was withdrawn, renamed or delisted since it
 * was indexed is never shown as it was.
 */
export function guarded(
  engine: SearchEngine,
  shownNow: ShownNow,
  sections: ReadonlyMap<string, string>,
): SearchEngine {
  const present = (hits: readonly SearchHit[], filters: SearchFilters) =>
    hits.flatMap((hit): SearchHit[] => {
      const json = shownNow(hit.document.key)
      if (json === undefined) return []
      const document = documentOf(json, sections)
      const holds = document.names.includes(hit.name) && matches({ facets: facetsOf(document) }, filters)
      return holds ? [{ ...hit, document }] : []
    })
  return {
    ...engine,
    async search(query) {
      const result = await engine.search(query)
      return { ...result, hits: present(result.hits, query.filters) }
    },
    named: async (name) => present(await engine.named(name), {}),
  }
}

/** How long an engine that did not answer is left alone. */
const LEFT_ALONE_MS = 5_000

/** An engine with another that answers while it can't; a search does not wait for what was down a moment ago. */
export function withReserve(
  engine: SearchEngine,
  reserve: SearchEngine,
  now: () => number = Date.now,
): SearchEngine {
  let downUntil = 0
  async function either<T>(act: (of: SearchEngine) => Promise<T>): Promise<T> {
    if (now() < downUntil) return act(reserve)
    try {
      return await act(engine)
    } catch (error) {
      if (!(error instanceof SearchUnavailable)) throw error
      downUntil = now() + LEFT_ALONE_MS
      return act(reserve)
    }
  }
  return {
    ...engine,
    search: (query) => either((of) => of.search(query)),
    named: (name) => either((of) => of.named(name)),
    async close() {
      await engine.close()
      await reserve.close()
    },
  }
}
