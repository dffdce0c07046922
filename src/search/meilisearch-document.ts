import { createHash } from 'node:crypto'
import type { Settings } from 'meilisearch'
import { z } from 'zod'
import { digestOfRooms } from '../views/stamp.ts'
import { SHORTEST_CODE } from './asking.ts'
import { EDGE, entriesOf, textsOf } from './condition.ts'
import { type DimensionName, dimensionNames, dimensions, profileOf } from './dimensions.ts'
import type { SearchDocument } from './document.ts'
import { orderNumber, placeOf, type SearchOrder, searchOrders } from './order.ts'
import { initialTokens, syllableTokens } from './pinyin.ts'

/**
 * An enterprise as Meilisearch keeps it. What can be asked for stands in arrays of plain tokens (letters and digits
 * only), which filters compare for equality: so no tokenizer, ranking or spelling of Meilisearch's own decides what
 * is found.
 */
export type StoredDocument = {
  id: string
  /** Its names, for people who look into the index. */
  names: string[]
  /** Where it stands among equals, and in the orders that can be asked for (`order.ts`). */
  place: number
  /** Up to four characters in a row of its names and of its distinctive parts, edges included. */
  nameGrams: string[]
  coreGrams: string[]
  /** Pairs of syllables and initials in a row. */
  readings: string[]
  /** Its codes and what they begin with. */
  codes: string[]
  /** What it is filtered by. */
  tags: string[]
} & { [name in `by_${SearchOrder}`]: number } & { [name in `of_${DimensionName}`]: readonly string[] }

/** No enterprise has such a key: theirs are in capitals. */
export const POSITION_ID = 'position'

/** The document that says how far the index has come, by which definition, and of which register it is. */
export const positionDocument = z.object({
  id: z.literal(POSITION_ID),
  position: z.number(),
  definition: z.string(),
  register: z.string().default(''),
  epoch: z.string().default(''),
  /** Which build filled the index, by a number of its own. */
  build: z.string().default(''),
})

export type PositionDocument = z.output<typeof positionDocument>

/** The most characters in a row that are a token of their own. */
export const LONGEST_GRAM = 4

/** Attributes that are asked for equality alone: Meilisearch then keeps no other way to compare them. */
const equalityOnly = [
  'id',
  'nameGrams',
  'coreGrams',
  'readings',
  'codes',
  'tags',
  ...dimensionNames.map((name) => `of_${name}`),
]
const numbers = ['place', ...searchOrders.map((order) => `by_${order}`)]

/** How the index is set up. */
export const settings: Settings = {
  // No text is ever sent to be searched for, so nothing is to be made searchable.
  searchableAttributes: [],
  filterableAttributes: [
    {
      attributePatterns: equalityOnly,
      features: { facetSearch: false, filter: { equality: true, comparison: false } },
    },
    {
      attributePatterns: numbers,
      features: { facetSearch: false, filter: { equality: true, comparison: true } },
    },
  ],
  sortableAttributes: numbers,
  displayedAttributes: ['id', ...numbers, 'position', 'definition', 'register', 'epoch', 'build'],
  rankingRules: ['sort'],
  typoTolerance: { enabled: false },
  // Everything can be counted and paged through.
  pagination: { maxTotalHits: 100_000_000 },
  faceting: { maxValuesPerFacet: 1000 },
  facetSearch: false,
  prefixSearch: 'disabled',
}

/** A digest of all that says what is indexed: an index of another one is built anew. */
export const definition = digestOfRooms(['search', 'codes'])

export function storedDocument(document: SearchDocument): StoredDocument {
  const { key, uscc } = document
  const { names, cores } = textsOf(document.names)
  const profile = profileOf(document)
  const read = [...entriesOf(names), ...entriesOf(cores)].map((entry) => Array.from(entry))
  return {
    id: key,
    names: document.names,
    place: placeOf(document),
    by_grade: orderNumber(document, 'grade'),
    by_region: orderNumber(document, 'region'),
    by_oldest: orderNumber(document, 'oldest'),
    by_newest: orderNumber(document, 'newest'),
    of_region: profile.region,
    of_grade: profile.grade,
    of_listed: profile.listed,
    of_industry: profile.industry,
    of_licences: profile.licences,
    of_class: profile.class,
    of_kinds: profile.kinds,
    of_legalForm: profile.legalForm,
    of_status: profile.status,
    nameGrams: gramsOf(names),
    coreGrams: gramsOf(cores),
    readings: distinct(read.flatMap((entry) => [...syllableTokens(entry), ...initialTokens(entry)])),
    codes: distinct([
      ...[key, ...(uscc === null ? [] : [uscc])].flatMap((code) => [wholeCode(code), ...beginningsOf(code)]),
      ...(uscc === null ? [codeAlone(key)] : []),
    ]),
    tags: distinct(
      dimensionNames.flatMap((name) => {
        const { tokens = (value) => [value] } = dimensions[name]
        return profile[name].flatMap(tokens).map((value) => tagOf(name, value))
      }),
    ),
  }
}

/** A removed enterprise: it has no place, and so is no hit. */
export function removedDocument(key: string): { id: string } {
  return { id: key }
}

export function tagOf(name: DimensionName, value: string): string {
  return `${dimensions[name].letter}${hashed(value)}`
}

/** Characters by their numbers, so that nothing Meilisearch does to letters touches them. */
export function gramToken(characters: readonly string[]): string {
  return `g${characters.map((character) => (character.codePointAt(0) ?? 0).toString(16)).join('x')}`
}

export function wholeCode(code: string): string {
  return `w${code}`
}

/** The code of an enterprise that has no unified code. */
export function codeAlone(code: string): string {
  return `a${code}`
}

export function codeBeginning(code: string): string {
  return `b${code}`
}

function beginningsOf(code: string): string[] {
  return Array.from({ length: Math.max(0, code.length - SHORTEST_CODE + 1) }, (_, i) =>
    codeBeginning(code.slice(0, SHORTEST_CODE + i)),
  )
}

/** No gram reaches across an edge. */
function gramsOf(text: string): string[] {
  return distinct(
    entriesOf(text).flatMap((entry) => {
      const characters = Array.from(EDGE + entry + EDGE)
      return characters.flatMap((_, i) =>
        Array.from({ length: Math.min(LONGEST_GRAM, characters.length - i) }, (_, more) =>
          gramToken(characters.slice(i, i + more + 1)),
        ),
      )
    }),
  )
}

function hashed(text: string): string {
  return `h${createHash('sha256').update(text).digest('hex').slice(0, 20)}`
}

function distinct(values: readonly string[]): string[] {
  return Array.from(new Set(values))
}
