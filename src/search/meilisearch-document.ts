import { createHash } from 'node:crypto'
import type { Settings } from 'meilisearch'
import type { SearchDocument } from './document.ts'
import type { SearchFilters } from './engine.ts'
import { fold, foldedText, partsOf } from './normalise.ts'
import { initialTokens, syllables, syllableTokens } from './pinyin.ts'
import { readingExpression } from './reading-query.ts'
import { filterTerms, tagsOf } from './tokens.ts'

/**
 * An enterprise as Meilisearch keeps it. What can be asked for stands in arrays of plain tokens (letters and digits
 * only), which filters compare for equality: so no tokenizer, ranking or spelling of Meilisearch's own decides what
 * is found, and the rules of `match.ts` judge the candidates as they do for the embedded engine.
 */
export interface StoredDocument {
  id: string
  /** The `SearchDocument`, and its names for people who look into the index. */
  json: string
  names: string[]
  /** Where it stands among equals: by the length of its name, then by its key. */
  place: number
  /** Characters and pairs of characters of all its names and of their cores. */
  grams: string[]
  /** Beginnings of its names, up to a few characters. */
  starts: string[]
  folded: string[]
  cores: string[]
  /** Syllable pairs and initials. */
  readings: string[]
  /** Its codes and what they begin with. */
  codes: string[]
  /** What it is filtered by. */
  tags: string[]
}

/** The document that says how far the index has come, and by which definition it was made. */
export interface PositionDocument {
  id: typeof POSITION_ID
  position: number
  definition: string
}

/** No enterprise has such a key: theirs are in capitals. */
export const POSITION_ID = 'position'

/** The most that one search may fetch. */
export const MOST_FETCHED = 5_000

const LONGEST_START = 4
const SHORTEST_CODE = 5
const MAX_LENGTH = 255
const NUMBERS = 2 ** 44

/** How the index is set up; a change of it, or of what documents hold, is a change of `definition`. */
export const settings: Settings = {
  searchableAttributes: ['names'],
  filterableAttributes: ['grams', 'starts', 'folded', 'cores', 'readings', 'codes', 'tags', 'place'],
  sortableAttributes: ['place'],
  displayedAttributes: ['id', 'json', 'place', 'position', 'definition'],
  rankingRules: ['sort', 'words', 'typo', 'proximity', 'attribute', 'exactness'],
  localizedAttributes: [{ attributePatterns: ['names'], locales: ['cmn'] }],
  synonyms: { 有限公司: ['有限责任公司'], 有限责任公司: ['有限公司'] },
  typoTolerance: { enabled: false },
  pagination: { maxTotalHits: MOST_FETCHED },
  faceting: { maxValuesPerFacet: 1 },
  facetSearch: false,
  prefixSearch: 'disabled',
}

/** Counts up with every change to what documents hold. */
const FORMAT = 1

export const definition = hashed(JSON.stringify([FORMAT, settings]))

export function storedDocument(document: SearchDocument): StoredDocument {
  const { key, uscc, names } = document
  const forms = names.map((name) => ({ folded: fold(name).characters, core: partsOf(name).core }))
  const texts = forms.flatMap(({ folded, core }) => [folded, Array.from(core)])
  return {
    id: key,
    json: JSON.stringify(document),
    names,
    place: placeOf(document),
    grams: distinct(texts.flatMap(gramsOf)),
    starts: distinct(
      forms.flatMap(({ folded }) =>
        Array.from({ length: Math.min(LONGEST_START, folded.length) }, (_, i) =>
          coded(folded.slice(0, i + 1)),
        ),
      ),
    ),
    folded: distinct(forms.map(({ folded }) => hashed(folded.join('')))),
    cores: distinct(forms.flatMap(({ core }) => (core === '' ? [] : [hashed(core)]))),
    readings: distinct(forms.flatMap(({ folded }) => [...syllableTokens(folded), ...initialTokens(folded)])),
    codes: distinct([key, ...(uscc === null ? [] : [uscc])].flatMap(beginningsOf)),
    tags: tagsOf(document, false).split(' '),
  }
}

/** Place of an enterprise in the order of the index: shorter names first; the same on every call. */
export function placeOf({ key, names }: SearchDocument): number {
  const length = Math.min(MAX_LENGTH, Array.from(foldedText(names[0] ?? '')).length)
  const number = Number.parseInt(createHash('sha256').update(key).digest('hex').slice(0, 11), 16)
  return length * NUMBERS + number
}

/** Conditions that an enterprise with a name that holds the text meets. */
export function holding(text: string): string[] {
  const characters = Array.from(text)
  const grams = characters.length === 1 ? [coded(characters)] : pairsOf(characters)
  return spread(distinct(grams)).map((gram) => is('grams', gram))
}

/** Conditions for all of several characters, wherever they stand. */
export function holdingAll(characters: Iterable<string>): string[] {
  return spread(distinct(Array.from(characters, (character) => coded([character])))).map((gram) =>
    is('grams', gram),
  )
}

export function beginningWith(text: string): string[] {
  return [is('starts', coded(Array.from(text).slice(0, LONGEST_START))), ...holding(text)]
}

export function named(text: string): string {
  return is('folded', hashed(text))
}

export function withCore(core: string): string {
  return is('cores', hashed(core))
}

export function withCode(code: string): string {
  return is('codes', code)
}

/** Condition for names that may be read as the letters, or begin to be. */
export function readAs(letters: string): string {
  return readingExpression(letters).replace(/"([^"]*)"(\*?)/g, (_, token: string, open: string) =>
    open === '' ? is('readings', token) : `readings IN [${completed(token).map(quoted).join(', ')}]`,
  )
}

export function filtered(filters: SearchFilters): string[] {
  return filterTerms(filters).map((term) => `tags = ${term}`)
}

/** Every enterprise, and nothing else that the index holds. */
export const EVERYONE = 'place >= 0'

export function beyond(place: number): string {
  return `place > ${place}`
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Tokens of readings that begin with what was typed. */
function completed(token: string): string[] {
  if (token.startsWith('0')) {
    const longer = (texts: readonly string[]) =>
      texts.flatMap((text) => Array.from(ALPHABET, (c) => text + c))
    let [all, last] = [[token], [token]]
    while ((last[0]?.length ?? 4) < 4) {
      last = longer(last)
      all = [...all, ...last]
    }
    return all
  }
  const at = token.indexOf('1') + 1
  const [before, begun] = [token.slice(0, at), token.slice(at)]
  const next = Array.from(syllables()).filter((syllable) => syllable.startsWith(begun))
  const single = Array.from(ALPHABET).filter((c) => c.startsWith(begun) || begun === '')
  return distinct([token, ...[...next, ...single].map((syllable) => before + syllable)])
}

const MOST_CONDITIONS = 24

/** At most so many of a long text's tokens, from all over it: candidates are looked at closely all the same. */
function spread(tokens: readonly string[]): string[] {
  if (tokens.length <= MOST_CONDITIONS) return [...tokens]
  return Array.from(
    { length: MOST_CONDITIONS },
    (_, i) => tokens[Math.floor((i * tokens.length) / MOST_CONDITIONS)] ?? '',
  )
}

function gramsOf(characters: readonly string[]): string[] {
  return [...characters.map((character) => coded([character])), ...pairsOf(characters)]
}

function pairsOf(characters: readonly string[]): string[] {
  return characters.slice(1).map((character, i) => coded([characters[i] ?? '', character]))
}

function beginningsOf(code: string): string[] {
  return Array.from({ length: Math.max(0, code.length - SHORTEST_CODE + 1) }, (_, i) =>
    code.slice(0, SHORTEST_CODE + i),
  )
}

/** Characters by their numbers, so that nothing Meilisearch does to letters touches them. */
function coded(characters: readonly string[]): string {
  return `g${characters.map((character) => (character.codePointAt(0) ?? 0).toString(16)).join('x')}`
}

function hashed(text: string): string {
  return `h${createHash('sha256').update(text).digest('hex').slice(0, 20)}`
}

function is(attribute: keyof StoredDocument, token: string): string {
  return `${attribute} = ${quoted(token)}`
}

/** A token in a filter; what is not made of letters and digits was typed, and names nothing. */
function quoted(token: string): string {
  return `"${token.replace(/[^0-9A-Za-z]/g, '')}"`
}

function distinct(values: readonly string[]): string[] {
  return Array.from(new Set(values))
}
