import { writtenText } from '../codes/characters.ts'
import { regionsNamed } from '../codes/places.ts'
import { regionContains } from '../codes/regions.ts'
import type { OnFile } from '../registry/parties.ts'
import { foldedText, partsOf } from '../search/normalise.ts'

/** How a name that somebody wrote stands to a name on file, the closest first. */
export type Likeness =
  /** The same but for width, gaps and punctuation. */
  | 'same'
  /** The same with other forms of its characters: traditional ones, 异体字, radicals, capitals. */
  | 'variant'
  /** The same distinctive part and place; the legal form, brackets or the way the place is written differ. */
  | 'form'
  /** The same distinctive part, but another place. */
  | 'elsewhere'
  | 'other'

export function likenessOf(written: string, onFile: OnFile): Likeness {
  if (exactly(written) === exactly(onFile.name) && !hasUnknownCharacters(written)) return 'same'
  const [folded, own] = [foldedText(written), foldedText(onFile.name)]
  if (folded === own && folded !== '') return hasUnknownCharacters(written) ? 'other' : 'variant'
  const [asked, known] = [partsOf(written), partsOf(onFile.name)]
  if (asked.core === '' || asked.core !== known.core || kindOf(folded) !== kindOf(own)) return 'other'
  return asked.places.every((place) => isThere(place, known.places, onFile)) ? 'form' : 'elsewhere'
}

/** A name without gaps and punctuation, half width; every character as it was written. */
function exactly(name: string): string {
  return name
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\p{P}\p{Z}\p{Cf}\s]/gu, '')
}

/** Characters of a private set that no table knows: what they stood for where they were written can't be told. */
export function hasUnknownCharacters(name: string): boolean {
  return /[\p{Co}\ufffd]/u.test(writtenText(name).text)
}

/** Companies and partnerships, and what is neither, are never each other whatever else they share. */
function kindOf(folded: string): string {
  if (/公司$/.test(folded)) return /(分|子)公司$/.test(folded) ? 'branch' : 'company'
  return /合伙(企业)?$/.test(folded) ? 'partnership' : 'other'
}

function isThere(place: string, places: readonly string[], { name, region = '' }: OnFile): boolean {
  if (places.includes(place) || foldedText(name).startsWith(place)) return true
  return region !== '' && regionsNamed(place).some(({ code }) => regionContains(code, region))
}

/** Where two writings of a name differ, as `“昇”与“升”`; empty where they are of different length. */
export function differencesOf(written: string, onFile: string): string {
  const [a, b] = [exactly(written), exactly(onFile)].map((name) => Array.from(name))
  if (!a || !b || a.length !== b.length) return ''
  return a.flatMap((character, i) => (character === b[i] ? [] : [`“${character}”与“${b[i]}”`])).join('、')
}

/** What the names of branches end with. */
const BRANCH =
  /(?:分公司|支公司|分行|支行|分理处|储蓄所|门市部|分店|店|营业部|经营部|服务部|销售部|供应站|办事处|分厂|厂|加油站|项目部|工程处|站|部|处|所)$/u

const DEPARTMENT = /(?:门市部|营业部|经营部|服务部|销售部|分店|分厂|办事处)$/u

/** What no branch's own name holds: marks between names, and words for a name before. */
const NO_BRANCH = /[\s、，,；;。/|｜:：]|^(?:原|曾用名|现)/u

/** A branch of a works or a shop, with what it is itself called. */
const OF_WORKS = /^(.{3,60}[厂店社场院矿])[^厂店社场院矿]{0,8}(?:分公司|支公司|分厂|分社)$/u

/** The name of the enterprise that a branch (分公司、门市部 …) belongs to, as its own name tells it. */
export function parentOf(name: string): string | undefined {
  const folded = name.replace(/[（）()]/g, '')
  const works = OF_WORKS.exec(folded)?.[1]
  const ends = Array.from(
    folded.matchAll(/(?:公司|集团(?!.{0,6}公司))/gu),
    ({ index, 0: end }) => index + end.length,
  )
  const [first] = ends.filter((end) => end > 4)
  const own = first === undefined ? '' : folded.slice(first)
  const isBranch = own.length > 1 && BRANCH.test(own) && !NO_BRANCH.test(own)
  if (isBranch) return folded.slice(0, first)
  if (works !== undefined) return works
  // A works or a shop has its branches too.
  const stem = folded.replace(DEPARTMENT, '')
  return first === undefined && stem !== folded && stem.length > 4 ? stem : undefined
}
