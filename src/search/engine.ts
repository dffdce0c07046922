import type { Condition } from './condition.ts'
import type { Facets, SearchFilters } from './dimensions.ts'
import type { SearchDocument } from './document.ts'
import type { FormerPlace } from './former-places.ts'
import type { SearchOrder, Standing } from './order.ts'

export interface SearchQuery {
  /** What somebody typed; empty for all enterprises. */
  text: string
  filters: SearchFilters
  /** Puts all that answer in this order. */
  order?: SearchOrder
  /** At most this many hits. */
  limit: number
  /** Where an earlier page ended. */
  cursor?: string
}

/**
 * Why an enterprise was found. `variant`: by the name that was typed, written with other forms of its characters
 * (traditional ones, 异体字); `similar`: by another name that may be meant.
 */
export const matchedBy = [
  'code',
  'name',
  'variant',
  'formerName',
  'place',
  'pinyin',
  'similar',
  'all',
] as const

export type MatchedBy = (typeof matchedBy)[number]

export interface SearchHit {
  document: SearchDocument
  matchedBy: MatchedBy
  /** The name that matched: the present one or a former one. */
  name: string
  /** Spans of that name that matched, in UTF-16 units, start and end. */
  highlights: [number, number][]
}

export interface SearchTotal {
  count: number
  /** Whether every one that is counted was looked at; else the count is an upper bound. */
  exact: boolean
  /**
   * What is counted: enterprises that bear what was typed in a name or code or, in letters, as the reading of one; or,
   * where none does, those whose names are similar.
   */
  of: 'asked' | 'similar'
  /** Enterprises with similar names that are listed after those that are counted. */
  similar: number
}

export interface SearchResult {
  hits: SearchHit[]
  /** Cursor of the next page. */
  next?: string
  /** Counted over what `total` counts; both are given with the first page. */
  facets?: Facets
  total?: SearchTotal
  /** Enterprises whose codes are one mistake away from what was typed; given where nothing bears it as it stands. */
  meant?: SearchDocument[]
  /** Places typed by names that are no longer borne, with what they are now; given with the first page. */
  former?: readonly FormerPlace[]
  /** Position of the register up to which changes are known to the index that answered. */
  position: number
}

/** Changes to the index up to a position of the register. */
export interface SearchBatch {
  documents: readonly SearchDocument[]
  removed: readonly string[]
  position: number
}

/** Something asked of an index. */
export interface Question {
  where: Condition
  /** In which order the places come; by themselves where none is asked for. */
  order?: SearchOrder | undefined
  /** Only those that come after this one in the order. */
  after?: Standing | undefined
  /** At most this many places. */
  limit: number
  /** Whether to count all that meet the condition, in all and by each dimension. */
  tally?: boolean
}

/** An enterprise in its place in an order. */
export interface Placed extends Standing {
  key: string
}

/** What an index answers. */
export interface Selection {
  /** The first enterprises in order. */
  places: Placed[]
  count: number
  facets?: Facets | undefined
  /** Whether each that is counted surely meets the condition; else the count is an upper bound. */
  exact: boolean
  /** Whether the documents at the places surely meet the condition as they are now; else they are to be held against it. */
  sure: boolean
}

/** What is asked of an index together is answered from one state of it. */
export interface Reading {
  position: number
  selections: Selection[]
}

/**
 * An index over enterprises; a reader of the public feed with a position of its own. It only finds, orders and counts
 * what meets a condition; what a text may mean is said once for all of them (`asking.ts`).
 */
export interface SearchIndex {
  /** Position up to which the feed has been indexed. */
  applied(): Promise<number>
  /** Indexes a batch and moves `applied` in one act. */
  index(batch: SearchBatch): Promise<void>
  /** Rejects with `SearchUnavailable` when it can't be asked. */
  ask(questions: readonly Question[]): Promise<Reading>
  /** Documents by their keys, in that order, without those that are unknown. */
  documents(keys: readonly string[]): Promise<SearchDocument[]>
  /**
   * Fills a fresh index from the batches, then puts it in the place of the current one. Rejects with `RebuildOvertaken` where
   * another has begun meanwhile, as if this one had died.
   */
  rebuild(batches: AsyncIterable<SearchBatch>): Promise<void>
  /** Whether the index was made by another definition and is to be rebuilt; no such thing where that is seen to. */
  isStale?(): Promise<boolean>
  close(): Promise<void>
}

/** What is asked by those who look enterprises up. */
export interface SearchEngine {
  applied(): Promise<number>
  /**
   * Exact hits first, then names that begin with the text, then the rest by length of name; the same order on every
   * call. Rejects with `BadCursor` for a cursor of another search.
   */
  search(query: SearchQuery): Promise<SearchResult>
  /** Enterprises that bear a name, now or formerly, however it is spelt (width, punctuation, traditional characters). */
  named(name: string): Promise<SearchHit[]>
  close(): Promise<void>
}

/** The engine can't be asked now; files, lists and feeds are not concerned. */
export class SearchUnavailable extends Error {
  override readonly name = 'SearchUnavailable'
}

export class BadCursor extends Error {
  override readonly name = 'BadCursor'
}
