import { z } from 'zod'
import { regionContains } from '../codes/regions.ts'
import type { SearchDocument } from './document.ts'
import { type Facet, facetNames, type SearchFilters, type SearchResult } from './engine.ts'

/** What a document is counted by, as text that equal documents share. */
export function facetsOf(document: SearchDocument): string {
  return JSON.stringify(facetNames.map((name) => document[name] ?? ''))
}

const facets = z.tuple([z.string(), z.string(), z.string(), z.array(z.string()), z.string(), z.string()])

function parseFacets(text: string) {
  return facets.parse(JSON.parse(text))
}

/** Whether an enterprise, by its facets and its listing, is what the filters ask for. */
export function matches(row: { facets: string; listed: number }, filters: SearchFilters): boolean {
  const [region, legalForm, status, kinds, grade, supervision] = parseFacets(row.facets)
  if (filters.region !== undefined && !regionContains(filters.region, region)) return false
  if (filters.legalForm !== undefined && filters.legalForm !== legalForm) return false
  if (filters.status !== undefined && filters.status !== status) return false
  if (filters.grade !== undefined && filters.grade !== grade) return false
  if (filters.listed && !row.listed) return false
  if (filters.class !== undefined && filters.class !== supervision) return false
  return (filters.kinds ?? []).every((kind) => kinds.includes(kind))
}

/** How many enterprises have each value, the most first. */
export function facetCounts(
  rows: readonly (readonly [string, number])[],
): NonNullable<SearchResult['facets']> {
  const counts = facetNames.map(() => new Map<string, number>())
  for (const [text, count] of rows)
    for (const [i, values] of parseFacets(text).entries())
      for (const value of [values].flat())
        if (value !== '') counts[i]?.set(value, (counts[i].get(value) ?? 0) + count)
  const [region, legalForm, status, kinds, grade, supervision] = counts.map(ranked)
  return {
    region: region ?? [],
    legalForm: legalForm ?? [],
    status: status ?? [],
    kinds: kinds ?? [],
    grade: grade ?? [],
    class: supervision ?? [],
  }
}

const MAX_FACET_VALUES = 50

function ranked(counts: ReadonlyMap<string, number>): Facet[] {
  return Array.from(counts, ([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_FACET_VALUES)
}
