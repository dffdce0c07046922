import type { Condition } from './condition.ts'
import { dimensionNames, type SearchFilters } from './dimensions.ts'
import {
  codeAlone,
  codeBeginning,
  gramToken,
  LONGEST_GRAM,
  type StoredDocument,
  tagOf,
  wholeCode,
} from './meilisearch-document.ts'
import { syllables } from './pinyin.ts'
import { type ReadingToken, readingQuery } from './reading-query.ts'

/** A condition as Meilisearch is asked for it. */
export interface Filter {
  text: string
  /** Whether each that meets it meets the condition; else some do that don't. */
  exact: boolean
}

/** Every enterprise, and nothing else that the index holds. */
const EVERYONE = 'place >= 0'
const NOBODY = 'place < 0'

/** A condition as a filter; what can only be looked at in the texts themselves is left out, and so it is not exact. */
export function filterOf(condition: Condition): Filter {
  if ('name' in condition) return holding('nameGrams', condition.name)
  if ('core' in condition) return holding('coreGrams', condition.core)
  if ('code' in condition) return { text: bearing(condition.code, condition.whole), exact: true }
  if ('reads' in condition) return { text: readAs(condition.reads), exact: false }
  if ('shares' in condition) return { text: EVERYONE, exact: false }
  if ('has' in condition) return { text: having(condition.has), exact: true }
  if ('keys' in condition) return { text: `id IN [${condition.keys.map(quoted).join(', ')}]`, exact: true }
  if ('all' in condition) return joined(condition.all.map(filterOf), 'AND', EVERYONE)
  if ('any' in condition) return joined(condition.any.map(filterOf), 'OR', NOBODY)
  if ('not' in condition) {
    const { text, exact } = filterOf(condition.not)
    // What is taken for meeting it too readily must not be left out for that: it is looked at instead.
    return exact ? { text: `NOT (${text})`, exact } : { text: EVERYONE, exact: false }
  }
  return { ...filterOf(condition.among), exact: false }
}

/** All of what a question asks for, of enterprises alone. */
export function whole({ text }: Filter, beyond: string | undefined): string {
  return [EVERYONE, `(${text})`, ...(beyond === undefined ? [] : [`(${beyond})`])].join(' AND ')
}

function joined(filters: readonly Filter[], by: 'AND' | 'OR', none: string): Filter {
  const texts = Array.from(new Set(filters.map(({ text }) => text)))
  return {
    text: texts.length === 0 ? none : texts.map((text) => `(${text})`).join(` ${by} `),
    exact: filters.every(({ exact }) => exact),
  }
}

/** At most so many of a long text's tokens, from all over it. */
const MOST_TOKENS = 24

function holding(attribute: 'nameGrams' | 'coreGrams', text: string): Filter {
  const characters = Array.from(text)
  const count = Math.max(1, characters.length - LONGEST_GRAM + 1)
  const grams = Array.from({ length: count }, (_, i) => gramToken(characters.slice(i, i + LONGEST_GRAM)))
  const asked =
    grams.length <= MOST_TOKENS
      ? grams
      : Array.from(
          { length: MOST_TOKENS },
          (_, i) => grams[Math.floor((i * grams.length) / MOST_TOKENS)] ?? '',
        )
  return { text: asked.map((token) => is(attribute, token)).join(' AND '), exact: count === 1 }
}

function bearing(code: string, isWhole: boolean): string {
  if (!isWhole) return is('codes', codeBeginning(code))
  // An enterprise known by its organisation code alone is found by its unified code too.
  const others = code.length === 18 ? [is('codes', codeAlone(code.slice(8, 17)))] : []
  return [is('codes', wholeCode(code)), ...others].join(' OR ')
}

function having(filters: SearchFilters): string {
  const tags = dimensionNames.flatMap((name) =>
    (filters[name] ?? []).map((value) => is('tags', tagOf(name, value))),
  )
  return tags.length === 0 ? EVERYONE : tags.join(' AND ')
}

function readAs(letters: string): string {
  const { asInitials, asSyllables } = readingQuery(letters, 3)
  const ways = [asInitials, asSyllables]
    .filter((groups) => groups.length > 0)
    .map((groups) => groups.map((group) => `(${group.map(ofToken).join(' OR ')})`).join(' AND '))
  return ways.map((way) => `(${way})`).join(' OR ')
}

const ALPHABET = Array.from('abcdefghijklmnopqrstuvwxyz0123456789')

function ofToken(token: ReadingToken): string {
  if ('initials' in token) {
    const { initials } = token
    return initials.length >= 3
      ? is('readings', `0${initials}`)
      : among([initials, ...ALPHABET.map((c) => initials + c)].map((one) => `0${one}`))
  }
  const { syllable, next, isOpen } = token
  if (!isOpen) return is('readings', `${syllable}1${next}`)
  const all = Array.from(syllables())
  // A syllable alone may be typed in part; so may the second of two.
  const firsts = next === '' ? all.filter((one) => one.startsWith(syllable)) : [syllable]
  const seconds =
    next === '' ? ['', ...all, ...ALPHABET] : [...all, ...ALPHABET].filter((one) => one.startsWith(next))
  return among(firsts.flatMap((first) => seconds.map((second) => `${first}1${second}`)))
}

function among(tokens: readonly string[]): string {
  return `readings IN [${Array.from(new Set(tokens), quoted).join(', ')}]`
}

function is(attribute: keyof StoredDocument, token: string): string {
  return `${attribute} = ${quoted(token)}`
}

/** A token in a filter; what is not made of letters and digits was typed, and names nothing. */
function quoted(token: string): string {
  return `"${token.replace(/[^0-9A-Za-z]/g, '')}"`
}
