import type { SearchDocument } from './document.ts'

export interface SearchFilters {
  /** Six-digit code of a region of any level; enterprises in it and below. */
  region?: string
  legalForm?: string
  status?: string
  /** Record types that a file must all show. */
  kinds?: readonly string[]
  /** Section letter of the industry. */
  industry?: string
  /** Kind of a licence that is held. */
  licence?: string
  grade?: string
  class?: string
  /** On the blacklist only. */
  listed?: true
}

/** What hits are counted by. */
export const facetNames = [
  'region',
  'grade',
  'listed',
  'industry',
  'licences',
  'class',
  'kinds',
  'legalForm',
  'status',
] as const

/** Orders that can be asked for in place of how well a name answers; who lacks what is sorted by comes last. */
export const searchOrders = ['grade', 'region', 'oldest', 'newest'] as const

export type SearchOrder = (typeof searchOrders)[number]

export interface SearchQuery {
  /** What somebody typed; empty for all enterprises. */
  text: string
  filters: SearchFilters
  /** Of very many hits, only the best are put in this order. */
  order?: SearchOrder
  /** At most this many hits. */
  limit: number
  /** Where an earlier page ended. */
  cursor?: string
}

/** Why an enterprise was found. */
export type MatchedBy = 'code' | 'name' | 'formerName' | 'pinyin' | 'similar' | 'all'

export interface SearchHit {
  document: SearchDocument
  matchedBy: MatchedBy
  /** The name that matched: the present one or a former one. */
  name: string
  /** Spans of that name that matched, in UTF-16 units, start and end. */
  highlights: [number, number][]
}

export interface Facet {
  value: string
  count: number
}

export interface SearchResult {
  hits: SearchHit[]
  /** Cursor of the next page. */
  next?: string
  /** Counted over the best hits only when there are too many; given with the first page. */
  facets?: Record<(typeof facetNames)[number], Facet[]>
  /** How many enterprises match; `exact` is false when counting stopped at a bound. */
  total?: { count: number; exact: boolean }
}

/** Changes to the index up to a position of the register. */
export interface SearchBatch {
  documents: readonly SearchDocument[]
  removed: readonly string[]
  position: number
}

/** A search index over enterprises; a reader of the public feed with a position of its own. */
export interface SearchEngine {
  /** Position up to which the feed has been indexed. */
  applied(): Promise<number>
  /** Indexes a batch and moves `applied` in one act. */
  index(batch: SearchBatch): Promise<void>
  /**
   * Exact hits first, then names that begin with the text, then the rest by length of name; the same order on
   * every call. Rejects with `BadCursor` for a cursor it did not make.
   */
  search(query: SearchQuery): Promise<SearchResult>
  /** Enterprises that bear a name, now or formerly, however it is spelt (width, punctuation, traditional characters). */
  named(name: string): Promise<SearchHit[]>
  /** Fills a fresh index from the batches, then puts it in the place of the current one. */
  rebuild(batches: AsyncIterable<SearchBatch>): Promise<void>
  /** Whether the index was made by another definition and is to be rebuilt; no such thing where that is seen to. */
  isStale?(): Promise<boolean>
  close(): Promise<void>
}

/** The engine can't be asked now; files, lists and feeds are not concerned. */
export class SearchUnavailable extends Error {
  override readonly name = 'SearchUnavailable'
}

export class BadCursor extends Error {
  override readonly name = 'BadCursor'
}
