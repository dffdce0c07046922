import { z } from 'zod'
import { regionContains } from '../codes/regions.ts'
import type { SearchDocument } from './document.ts'
import { type Facet, facetNames, type SearchFilters, type SearchResult } from './engine.ts'

type FacetName = (typeof facetNames)[number]

/** What a document is counted by, as text that equal documents share. */
export function facetsOf(document: SearchDocument): string {
  return JSON.stringify(
    facetNames.map((name) => {
      const value = document[name] ?? ''
      return value === true ? 'true' : value
    }),
  )
}

const facets = z.array(z.union([z.string(), z.array(z.string())])).length(facetNames.length)

/** Values of each facet; several where an enterprise has several, none where it has none. */
function parseFacets(text: string): Record<FacetName, string[]> {
  const values = facets.parse(JSON.parse(text))
  const of = (name: FacetName) =>
    [values[facetNames.indexOf(name)] ?? ''].flat().filter((value) => value !== '')
  return eachFacet(of)
}

function eachFacet<T>(make: (name: FacetName) => T): Record<FacetName, T> {
  return {
    region: make('region'),
    grade: make('grade'),
    listed: make('listed'),
    industry: make('industry'),
    licences: make('licences'),
    class: make('class'),
    kinds: make('kinds'),
    legalForm: make('legalForm'),
    status: make('status'),
  }
}

/** Whether an enterprise, by its facets, is what the filters ask for. */
export function matches(row: { facets: string }, filters: SearchFilters): boolean {
  const own = parseFacets(row.facets)
  const { region, kinds = [], licence, listed } = filters
  if (region !== undefined && !regionContains(region, own.region[0] ?? '')) return false
  if (listed && own.listed.length === 0) return false
  if (licence !== undefined && !own.licences.includes(licence)) return false
  for (const name of ['legalForm', 'status', 'grade', 'class', 'industry'] as const)
    if (filters[name] !== undefined && filters[name] !== own[name][0]) return false
  return kinds.every((kind) => own.kinds.includes(kind))
}

/** How many enterprises have each value, the most first. */
export function facetCounts(
  rows: readonly (readonly [string, number])[],
): NonNullable<SearchResult['facets']> {
  const counts = eachFacet(() => new Map<string, number>())
  for (const [text, count] of rows) {
    const own = parseFacets(text)
    for (const name of facetNames)
      for (const value of own[name]) counts[name].set(value, (counts[name].get(value) ?? 0) + count)
  }
  return eachFacet((name) => ranked(counts[name]))
}

/** More than the counties of a province. */
const MAX_FACET_VALUES = 250

function ranked(counts: ReadonlyMap<string, number>): Facet[] {
  return Array.from(counts, ([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_FACET_VALUES)
}
