import { matches, type Profile, profileOf, type SearchFilters } from './dimensions.ts'
import type { SearchDocument } from './document.ts'
import { foldedText, partsOf } from './normalise.ts'
import { type ReadFrom, readingFrom } from './pinyin.ts'

/** Begins and ends each name and each core in the text of an enterprise, and stands nowhere else in it. */
export const EDGE = '\u0001'

/** The texts that an enterprise is found by. */
export interface FirmTexts {
  /** Its names, folded, the present one first, with an edge before, between and after them. */
  names: string
  /** Their distinctive parts, likewise; only an edge where there is none. */
  cores: string
}

/** What the conditions of a search look at in an enterprise. */
export interface Firm extends FirmTexts {
  key: string
  uscc: string | null
  profile: Profile
}

/** What an enterprise is to meet; what each kind means is said by `meets`. */
export type Condition =
  /** A name that holds this folded text; with edges in it, that begins or ends with it. */
  | { name: string }
  /** A distinctive part that holds it. */
  | { core: string }
  /** A code that begins with it, or is it. */
  | { code: string; whole: boolean }
  /** A name or distinctive part that may be read as these letters: in pinyin, or by its initials. */
  | { reads: string; from: ReadFrom }
  /** Names, or distinctive parts, with at least so many different ones of these characters. */
  | { shares: string; least: number }
  | { has: SearchFilters }
  /** One of those that are kept under these keys. */
  | { keys: readonly string[] }
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }
  | { not: Condition }
  /** Of those that meet a condition which an index can answer, those that this is true of. */
  | { among: Condition; that: (texts: FirmTexts) => boolean }

/** Every enterprise. */
export const EVERYONE: Condition = { all: [] }

export function firmOf(document: SearchDocument): Firm {
  const { key, uscc, names } = document
  return { key, uscc, ...textsOf(names), profile: profileOf(document) }
}

/** The texts that names are found by. */
export function textsOf(names: readonly string[]): FirmTexts {
  const cores = new Set(names.map((name) => partsOf(name).core))
  cores.delete('')
  return { names: edged(names.map(foldedText)), cores: edged(Array.from(cores)) }
}

function edged(texts: readonly string[]): string {
  return EDGE + texts.map((text) => text + EDGE).join('')
}

/** The single names or cores of such a text. */
export function entriesOf(text: string): string[] {
  return text.split(EDGE).filter((entry) => entry !== '')
}

/** Whether an enterprise meets a condition: what every index answers by. */
export function meets(condition: Condition, firm: Firm): boolean {
  if ('name' in condition) return firm.names.includes(condition.name)
  if ('core' in condition) return firm.cores.includes(condition.core)
  if ('code' in condition) return bearsCode(firm, condition.code, condition.whole)
  if ('reads' in condition) return readsFrom(firm, condition.reads, condition.from)
  if ('shares' in condition) return sharesMost(firm, condition.shares, condition.least)
  if ('has' in condition) return matches(firm.profile, condition.has)
  if ('keys' in condition) return condition.keys.includes(firm.key)
  if ('all' in condition) return condition.all.every((one) => meets(one, firm))
  if ('any' in condition) return condition.any.some((one) => meets(one, firm))
  if ('not' in condition) return !meets(condition.not, firm)
  return meets(condition.among, firm) && condition.that(firm)
}

function sharesMost({ names, cores }: FirmTexts, characters: string, least: number): boolean {
  const wanted = Array.from(new Set(characters))
  return [names, cores].some((text) => wanted.filter((character) => text.includes(character)).length >= least)
}

/** An enterprise known by its organisation code alone is found by its unified code too. */
function bearsCode({ key, uscc }: Firm, code: string, whole: boolean): boolean {
  if (key === code || uscc === code) return true
  if (whole) return code.length === 18 && uscc === null && key === code.slice(8, 17)
  return key.startsWith(code) || (uscc?.startsWith(code) ?? false)
}

/** Whether a name or a core may be read as the letters from there on. */
export function readsFrom({ names, cores }: FirmTexts, letters: string, from: ReadFrom): boolean {
  return [...entriesOf(names), ...entriesOf(cores)].some((entry) =>
    readingFrom(Array.from(entry), letters, from),
  )
}
