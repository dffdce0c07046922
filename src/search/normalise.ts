import { LRUCache } from 'lru-cache'
import traditional from 'opencc-js/dict/TSCharacters'
import { regionNamesInHebei, shortName } from '../codes/regions.ts'

/** A name as it is compared: letters and digits only, lower case, half width, simplified characters. */
export interface Folded {
  /** One element per character. */
  characters: string[]
  /** For each character, where it stands in the original text, in UTF-16 units: start and end. */
  spans: (readonly [number, number])[]
}

const simplified = new Map(
  traditional.split('|').map((pair) => {
    const [from = '', to = ''] = pair.split(' ')
    return [from, to] as const
  }),
)

/** Folds a name or what somebody typed, keeping track of where each character came from. */
export function fold(text: string): Folded {
  const folded: Folded = { characters: [], spans: [] }
  let start = 0
  for (const original of text) {
    const end = start + original.length
    for (const character of foldedCharacters(original)) {
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
  for (const original of text) for (const character of foldedCharacters(original)) folded += character
  return folded
}

const foldings = new LRUCache<string, readonly string[]>({ max: 50_000 })

/** What one character folds to: mostly one, none for punctuation, several for a ligature. */
function foldedCharacters(original: string): readonly string[] {
  let folded = foldings.get(original)
  if (!folded) {
    folded = Array.from(original.normalize('NFKC').toLowerCase(), (c) => simplified.get(c) ?? c).filter((c) =>
      /[\p{L}\p{N}]/u.test(c),
    )
    foldings.set(original, folded)
  }
  return folded
}

/** Forms of enterprise that end a name, longest first: two names that differ only here are alike. */
const LEGAL_FORMS = [
  '集团股份有限公司',
  '集团有限责任公司',
  '股份有限责任公司',
  '股份有限公司',
  '有限责任公司',
  '集团有限公司',
  '股份合作公司',
  '有限公司',
  '股份公司',
  '集团公司',
  '总公司',
  '有限合伙',
  '普通合伙',
  '合伙企业',
  '责任公司',
  '公司',
  '集团',
]

const regionNames = new Set(regionNamesInHebei().map(foldedText))
const longestRegionName = Math.max(...Array.from(regionNames, (name) => name.length))

/** What a name consists of beside its legal form. */
export interface NameParts {
  /**
   * The distinctive part (字号和行业): without the region that begins it or stands in brackets, without its legal
   * form. Empty when nothing distinctive is left.
   */
  core: string
  /** The regions that were taken off, in their short form where that is long enough to tell them. */
  places: string[]
}

/** The distinctive part of a name and the places it names. */
export function partsOf(name: string): NameParts {
  const places: string[] = []
  const withoutBrackets = name.replace(/[（(【[〔]([^）)】\]〕]*)[）)】\]〕]/gu, (_, inner: string) => {
    const place = foldedText(inner)
    if (!regionNames.has(place)) return inner
    places.push(shortName(place))
    return ''
  })
  let rest = foldedText(withoutBrackets)
  for (let level = 0; level < 3; level += 1) {
    const place = leadingRegion(rest)
    if (place === '') break
    places.push(shortName(place))
    rest = rest.slice(place.length)
  }
  const form = LEGAL_FORMS.find((ending) => rest.endsWith(ending))
  const core = form === undefined ? rest : rest.slice(0, -form.length)
  return { core: core.length >= 2 ? core : '', places }
}

function leadingRegion(text: string): string {
  let length = Math.min(longestRegionName, text.length - 2)
  while (length >= 2 && !regionNames.has(text.slice(0, length))) length -= 1
  return length < 2 ? '' : text.slice(0, length)
}
