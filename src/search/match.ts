import { regionsNamed } from '../codes/places.ts'
import { regionPrefix } from '../codes/regions.ts'
import { tidyCode } from '../codes/typed.ts'
import type { MatchedBy } from './engine.ts'
import { type Folded, fold, foldedText, partsOf } from './normalise.ts'
import { matchInitials, matchReadings, typedPinyin } from './pinyin.ts'

/** What somebody typed, in every form that names are compared with. */
export interface Typed {
  /** Folded text without gaps. */
  text: string
  /** Folded words, where there were several. */
  words: string[]
  /** Core of the text as if it were a whole name; empty when it has none or is no shorter. */
  core: string
  /** Regions that it names, each with the beginnings of the codes it may have. */
  places: { name: string; prefixes: string[] }[]
  /** Letters to be read as pinyin. */
  letters: string | undefined
  /** The text as a code or the beginning of one. */
  code: string | undefined
}

/** How well a name answers, the best first. */
export const tiers = {
  code: 0,
  codePrefix: 1,
  exact: 2,
  prefix: 3,
  infix: 4,
  sameCoreThere: 5,
  sameCore: 6,
  coreInfixThere: 7,
  coreInfix: 8,
  words: 9,
  wholeReading: 10,
  readingPrefix: 11,
  readingInfix: 12,
  scattered: 13,
  near: 14,
} as const

export type Tier = (typeof tiers)[keyof typeof tiers]

const MIN_CODE_PREFIX = 5

export function typed(text: string): Typed {
  const folded = foldedText(text)
  const { core, places } = partsOf(text)
  const words = text
    .split(/\s+/u)
    .map(foldedText)
    .filter((word) => word !== '')
  const code = tidyCode(text)
  return {
    text: folded,
    words: words.length > 1 ? words : [],
    core: core !== folded && words.length <= 1 ? core : '',
    places: places.map((name) => ({ name, prefixes: regionsNamed(name).map((r) => regionPrefix(r.code)) })),
    letters: typedPinyin(text),
    code:
      /^[0-9A-Z]+$/.test(code) && /\d/.test(code) && code.length >= MIN_CODE_PREFIX && code.length <= 18
        ? code
        : undefined,
  }
}

/** A name in the forms that it is compared by, and where its enterprise is. */
export interface IndexedName {
  folded: string
  core: string
  region: string
}

/** Best tier in which a name answers by its characters; undefined when it doesn't. */
export function tierByCharacters(name: IndexedName, query: Typed): Tier | undefined {
  const at = name.folded.indexOf(query.text)
  if (at === 0) return name.folded === query.text ? tiers.exact : tiers.prefix
  if (at > 0 || name.core.includes(query.text)) return tiers.infix
  if (query.core !== '') {
    const there = query.places.every(
      (place) =>
        name.folded.includes(place.name) || place.prefixes.some((prefix) => name.region.startsWith(prefix)),
    )
    if (name.core === query.core) return there ? tiers.sameCoreThere : tiers.sameCore
    if (name.folded.includes(query.core) || name.core.includes(query.core))
      return there ? tiers.coreInfixThere : tiers.coreInfix
  }
  if (query.words.length > 0 && query.words.every((word) => name.folded.includes(word))) return tiers.words
  return undefined
}

/** Tier in which an enterprise answers by its codes; undefined when it doesn't. */
export function codeTier(
  { key, uscc }: { key: string; uscc: string | null },
  code: string,
): Tier | undefined {
  if (key === code || uscc === code) return tiers.code
  if (code.length === 18 && uscc === null && key === code.slice(8, 17)) return tiers.code
  return key.startsWith(code) || uscc?.startsWith(code) ? tiers.codePrefix : undefined
}

/** Why an enterprise was found, by its tier and whether it is a former name that answers. */
export function matchedBy(tier: Tier, isFormer: boolean, query: Typed | undefined): MatchedBy {
  if (!query) return 'all'
  if (tier <= tiers.codePrefix) return 'code'
  if (isFormer) return 'formerName'
  if (tier <= tiers.infix) return 'name'
  return tier >= tiers.wholeReading && tier <= tiers.readingInfix ? 'pinyin' : 'similar'
}

/** Best tier in which a name answers by its readings, and the characters that do; undefined when it doesn't. */
export function matchByReading(
  characters: readonly string[],
  core: string,
  letters: string,
): { tier: Tier; from: number; to: number } | undefined {
  const folded = characters.join('')
  const coreAt = core === '' ? -1 : folded.indexOf(core)
  let found: { tier: Tier; from: number; to: number } | undefined
  for (const match of [matchInitials, matchReadings])
    for (let from = 0; from < characters.length; from += 1) {
      const to = match(characters, from, letters)
      if (to < 0) continue
      const whole =
        (from === 0 && to === characters.length) || (from === coreAt && to === coreAt + core.length)
      const tier = whole
        ? tiers.wholeReading
        : from === 0 || from === coreAt
          ? tiers.readingPrefix
          : tiers.readingInfix
      if (!found || tier < found.tier) found = { tier, from, to }
    }
  return found
}

/** Whether all characters of the text stand in the name in their order, with gaps. */
export function isScattered(folded: string, text: string): boolean {
  let at = 0
  for (const character of text) {
    at = folded.indexOf(character, at) + 1
    if (at === 0) return false
  }
  return true
}

/** What a mistyped text may have meant: the parts before and after the mistake, which lie this far apart in the name. */
export interface NearMiss {
  before: string
  after: string
  /** Characters between the two parts: least and most. */
  apart: readonly [number, number]
}

const NEAR_LENGTHS = [5, 20] as const

/** Fewest characters of a text without its legal form that tell enough to look for a mistake in them alone. */
const STEM = 6

/** What is looked at for a mistake: the text without its legal form, which countless names share. */
export function stemOf({ text, core }: Typed): string {
  const at = core === '' ? -1 : text.indexOf(core)
  const stem = at < 0 ? text : text.slice(0, at + core.length)
  return Array.from(stem).length < STEM ? text : stem
}

/**
 * Ways in which a text may be one mistake away from a name: a character wrong or one too many, or two next to each
 * other exchanged. None for texts that are too short to tell, or so long that trying costs too much.
 */
export function nearMisses(text: string): NearMiss[] {
  const characters = Array.from(text)
  const { length } = characters
  if (length < NEAR_LENGTHS[0] || length > NEAR_LENGTHS[1]) return []
  const part = (from: number, to: number) => characters.slice(from, to).join('')
  return characters.flatMap((_, i): NearMiss[] => [
    { before: part(0, i), after: part(i + 1, length), apart: [0, 1] },
    ...(i + 1 < length ? [{ before: part(0, i), after: part(i + 2, length), apart: [2, 2] as const }] : []),
  ])
}

/**
 * What of a text still stands if one place in it is wrong: two of its thirds, in two divisions, so that two characters
 * exchanged across the end of a third lie within one of the other division.
 */
export function soundParts(text: string): string[][] {
  const characters = Array.from(text)
  const { length } = characters
  return [0, 1].flatMap((shift) => {
    const [first, second] = [Math.floor(length / 3) + shift, Math.floor((2 * length) / 3) + shift]
    const part = (from: number, to: number) => characters.slice(from, to).join('')
    return [[part(0, second)], [part(first, length)], [part(0, first), part(second, length)]]
  })
}

/** Whether a name holds both parts of a near miss at their distance. */
export function isNear(folded: string, { before, after, apart: [least, most] }: NearMiss): boolean {
  for (let at = folded.indexOf(before); at >= 0; at = before === '' ? -1 : folded.indexOf(before, at + 1)) {
    if (after === '') return true
    const end = before === '' ? 0 : at + before.length
    const from = before === '' ? 0 : end + least
    const found = folded.indexOf(after, from)
    if (found >= 0 && (before === '' || found - end <= most)) return true
  }
  return false
}

/** Spans of a name, in UTF-16 units of its original text, that answer the query. */
export function highlightsOf(name: string, query: Typed): [number, number][] {
  const folded = fold(name)
  for (const part of [query.text, query.core]) {
    const span = spanOfPart(folded, part)
    if (span) return [span]
  }
  if (query.letters !== undefined) {
    const match = matchByReading(folded.characters, partsOf(name).core, query.letters)
    if (match) return [spanOf(folded, match.from, match.to)]
  }
  if (query.words.length > 0)
    return query.words
      .map((word) => spanOfPart(folded, word))
      .filter((span) => span !== undefined)
      .sort((a, b) => a[0] - b[0])
  return scatteredSpans(folded, query.core || query.text)
}

function spanOfPart(folded: Folded, part: string): [number, number] | undefined {
  const wanted = Array.from(part)
  if (wanted.length === 0) return undefined
  const last = folded.characters.length - wanted.length
  for (let from = 0; from <= last; from += 1)
    if (wanted.every((character, i) => folded.characters[from + i] === character))
      return spanOf(folded, from, from + wanted.length)
  return undefined
}

function scatteredSpans(folded: Folded, text: string): [number, number][] {
  let at = 0
  const spans: [number, number][] = []
  for (const character of text) {
    const next = folded.characters.indexOf(character, at)
    if (next < 0) continue
    const span = spanOf(folded, next, next + 1)
    const last = spans.at(-1)
    if (last && last[1] === span[0]) last[1] = span[1]
    else spans.push(span)
    at = next + 1
  }
  return spans
}

function spanOf(folded: Folded, from: number, to: number): [number, number] {
  return [folded.spans[from]?.[0] ?? 0, folded.spans[to - 1]?.[1] ?? 0]
}
