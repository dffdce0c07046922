import { writtenText } from '../codes/characters.ts'
import { regionNamesInHebei, shortName } from '../codes/regions.ts'
import { simplified } from '../codes/simplified.ts'
import { withArabicNumerals } from './numerals.ts'

/** A name as it is compared: letters and digits only, lower case, half width, simplified characters. */
export interface Folded {
  /** One element per character. */
  characters: string[]
  /** For each character, where it stands in the original text, in UTF-16 units: start and end. */
  spans: (readonly [number, number])[]
}

/** Folds a name or what somebody typed, keeping track of where each character came from. */
export function fold(text: string): Folded {
  const folded: Folded = { characters: [], spans: [] }
  let start = 0
  for (const original of text) {
    const end = start + original.length
    for (const character of foldedCharacter(original)) {
      folded.characters.push(character)
      folded.spans.push([start, end])
    }
    start = end
  }
  return folded
}

/** The folded text alone. */
export function foldedText(text: string): string {
  let folded = ''
  for (const original of text) folded += foldedCharacter(original)
  return folded
}

/** A text without what is no letter or digit, lower case, half width: as it was written for the rest. */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

const foldings = new Map<string, string>()
/** More than the characters that names are written with. */
const MOST_FOLDINGS = 50_000

/** What one character folds to: mostly one, none for punctuation, several for a ligature. */
function foldedCharacter(original: string): string {
  let folded = foldings.get(original)
  if (folded === undefined) {
    folded = Array.from(
      writtenText(original).text.normalize('NFKC').toLowerCase(),
      (c) => simplified.get(c) ?? c,
    )
      .filter((c) => /[\p{L}\p{N}]/u.test(c))
      .join('')
    if (foldings.size >= MOST_FOLDINGS) foldings.clear()
    foldings.set(original, folded)
  }
  return folded
}

/** Legal forms that are told apart from other words wherever they stand, in the names of branches too. */
const FORMS = /(集团)?(股份)?有限(责任)?公司|(集团)?责任有限公司|(集团)?股份(合作)?公司|集团公司/g
/** Legal forms that only the end of a name tells apart from other words. */
const LAST_FORM = /(总公司|(?<!分|子)公司|集团|(特殊)?(普通|有限)合伙(企业)?|合伙企业)$/
/** What brackets in a name may add without telling one enterprise from another. */
const QUALIFIERS = new Set([
  ...['集团', '股份', '普通合伙', '特殊普通合伙', '有限合伙', '个人独资', '有限公司', '有限责任公司'],
  ...['改制企业', '筹', '筹建'],
])
const BRACKETS = /[（(【[〔]([^（(【[〔）)】\]〕]{0,40})[）)】\]〕]/gu

interface PlaceNames {
  all: ReadonlySet<string>
  /** Those that are not the short form themselves. */
  full: ReadonlySet<string>
  longest: number
}

let known: PlaceNames | undefined

/** Names of regions, folded; put together when first asked for. */
function placeNames(): PlaceNames {
  if (known) return known
  const all = new Set(regionNamesInHebei().map(foldedText))
  const full = new Set(Array.from(all).filter((name) => shortName(name) !== name))
  known = { all, full, longest: Math.max(...Array.from(all, (name) => name.length)) }
  return known
}

/** What a name consists of beside its legal form. */
export interface NameParts {
  /**
   * The distinctive part (字号、行业和分支): without the region that begins it or stands in brackets, without legal
   * forms, regions within it in their short form, numbers in digits. Empty when nothing distinctive is left.
   */
  core: string
  /** The regions that were taken off, in their short form where that is long enough to tell them. */
  places: string[]
}

/** The distinctive part of a name and the places it names. */
export function partsOf(name: string): NameParts {
  const places: string[] = []
  const withoutBrackets = name.replace(BRACKETS, (_, inner: string) => {
    const folded = foldedText(inner)
    if (QUALIFIERS.has(folded)) return ''
    if (!placeNames().all.has(folded)) return inner
    places.push(shortName(folded))
    return ''
  })
  let rest = foldedText(withoutBrackets)
  for (let level = 0; level < 3; level += 1) {
    const place = leadingPlace(rest)
    if (place === '') break
    places.push(shortName(place))
    rest = rest.slice(place.length)
  }
  const core = withArabicNumerals(withShortPlaces(rest.replace(FORMS, '').replace(LAST_FORM, '')))
  return { core: core.length >= 2 ? core : '', places }
}

/** The name of a region that a folded text begins with, where two characters or more follow it; else empty. */
export function leadingPlace(text: string): string {
  const { all, longest } = placeNames()
  for (let length = Math.min(longest, text.length - 2); length >= 2; length -= 1)
    if (all.has(text.slice(0, length))) return text.slice(0, length)
  return ''
}

/** The name of a region that a folded text ends with, where two characters or more come before it; else empty. */
export function trailingPlace(text: string): string {
  const { all, longest } = placeNames()
  for (let length = Math.min(longest, text.length - 2); length >= 2; length -= 1)
    if (all.has(text.slice(-length))) return text.slice(-length)
  return ''
}

/** Whether a folded text is the name of a region and nothing else. */
export function isPlace(text: string): boolean {
  return placeNames().all.has(text)
}

function withShortPlaces(text: string): string {
  if (!/[市县区省]/.test(text)) return text
  const { full, longest } = placeNames()
  let short = ''
  for (let at = 0; at < text.length; ) {
    let length = Math.min(longest, text.length - at)
    while (length > 2 && !full.has(text.slice(at, at + length))) length -= 1
    const taken = length > 2 ? length : 1
    short += length > 2 ? shortName(text.slice(at, at + length)) : text.charAt(at)
    at += taken
  }
  return short
}
