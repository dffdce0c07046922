import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SearchDocument } from './document.ts'
import type { SearchFilters } from './engine.ts'
import { initialTokens, syllableTokens } from './pinyin.ts'

/** Parts two stretches of text in the index, so that no phrase reaches across. */
const BOUNDARY = 'zz'

/** Text of a name for the character index: one token a character, its core once more where it differs, its tags. */
export function characterText(folded: readonly string[], core: string, tags: string): string {
  const plain = folded.join('')
  const alias = core !== '' && !plain.includes(core) ? ` ${BOUNDARY} ${Array.from(core).join(' ')}` : ''
  return `${folded.join(' ')}${alias} ${BOUNDARY} ${tags}`
}

/** Text of a name for the index of readings. */
export function readingText(folded: readonly string[], tags: string): string {
  return `${syllableTokens(folded).join(' ')} ${initialTokens(folded).join(' ')} ${tags}`
}

const PRESENT = '9n'
const LISTED = '9x'

/** Tokens that filters ask for; no phrase of single characters can equal one. */
export function tagsOf(document: SearchDocument, former: boolean): string {
  const { region, legalForm, status, kinds, grade, industry, licences = [] } = document
  return [
    ...(former ? [] : [PRESENT]),
    ...(region === undefined ? [] : [2, 4, 6].map((digits) => `9r${region.slice(0, digits)}`)),
    ...(legalForm === undefined ? [] : [`9l${shortHash(legalForm)}`]),
    `9s${shortHash(status)}`,
    ...kinds.map((kind) => `9k${shortHash(kind)}`),
    ...licences.map((kind) => `9p${shortHash(kind)}`),
    ...(industry === undefined ? [] : [`9i${shortHash(industry)}`]),
    ...(grade === undefined ? [] : [`9g${shortHash(grade)}`]),
    ...(document.listed ? [LISTED] : []),
    ...(document.class === undefined ? [] : [`9c${shortHash(document.class)}`]),
  ].join(' ')
}

/** Condition of the filters for an FTS5 query: tokens joined by AND; empty without filters. */
export function filterTerms({ region, legalForm, status, kinds, grade, ...rest }: SearchFilters): string[] {
  return [
    ...(region === undefined ? [] : [`9r${region.replace(/(0000|00)$/, '')}`]),
    ...(legalForm === undefined ? [] : [`9l${shortHash(legalForm)}`]),
    ...(status === undefined ? [] : [`9s${shortHash(status)}`]),
    ...(kinds ?? []).map((kind) => `9k${shortHash(kind)}`),
    ...(rest.licence === undefined ? [] : [`9p${shortHash(rest.licence)}`]),
    ...(rest.industry === undefined ? [] : [`9i${shortHash(rest.industry)}`]),
    ...(grade === undefined ? [] : [`9g${shortHash(grade)}`]),
    ...(rest.listed ? [LISTED] : []),
    ...(rest.class === undefined ? [] : [`9c${shortHash(rest.class)}`]),
  ].map(quoted)
}

/** Every enterprise once, by its present name. */
export const presentNames = quoted(PRESENT)

export function quoted(tokens: string): string {
  return `"${tokens}"`
}

const hashes = new LRUCache<string, string>({ max: 1000 })

function shortHash(text: string): string {
  let hash = hashes.get(text)
  if (hash === undefined) {
    hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
    hashes.set(text, hash)
  }
  return hash
}
