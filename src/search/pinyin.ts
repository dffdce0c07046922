import { createRequire } from 'node:module'

type Dictionary = Pick<typeof import('pinyin-pro'), 'pinyin'>

let loaded: Dictionary | undefined

/** The dictionary of readings, loaded with the first character that is looked up: a start does without. */
function dictionary(): Dictionary {
  if (loaded) return loaded
  const found: Dictionary = createRequire(import.meta.url)('pinyin-pro')
  loaded = found
  return found
}

const readings = new Map<string, readonly string[]>()

/**
 * Readings of a character without tones, all of them for a heteronym (多音字); a letter or digit reads as itself.
 * Looked up per character and kept: reading whole phrases costs fourteen times as much.
 */
export function readingsOf(character: string): readonly string[] {
  if (character === '') return []
  const known = readings.get(character)
  if (known) return known
  const found = /^[a-z0-9]$/.test(character)
    ? [character, ...(DIGITS[Number(character)] ?? [])]
    : dictionary()
        .pinyin(character, { multiple: true, toneType: 'none', type: 'array', nonZh: 'removed' })
        .flatMap((reading) => typedForms(reading.toLowerCase()))
        .filter((reading) => /^[a-z]+$/.test(reading))
  const unique = Array.from(new Set([...found, ...(ALSO_READ[character] ?? [])])).slice(0, MAX_READINGS)
  readings.set(character, unique)
  return unique
}

const MAX_READINGS = 5

/** Readings of a character that another one is folded into, which has them in names: 乾 (qián) is found as 干. */
const ALSO_READ: Readonly<Record<string, readonly string[]>> = { 干: ['qian'] }

/** A digit is typed as itself or as its character is read. */
const DIGITS = [['ling'], ['yi'], ['er', 'liang'], ['san'], ['si'], ['wu'], ['liu'], ['qi'], ['ba'], ['jiu']]

/** ü is typed as v or as u. */
function typedForms(reading: string): string[] {
  return reading.includes('ü') ? [reading.replace('ü', 'v'), reading.replace('ü', 'u')] : [reading]
}

/** What somebody typed as pinyin: letters and digits only, ü as v, tone marks dropped. Undefined for other text. */
export function typedPinyin(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll('u\u0308', 'v')
    .replace(/[\u0300-\u036f\s'’·()-]/gu, '')
  return /^[a-z0-9]{2,240}$/.test(plain) && /[a-z]/.test(plain) ? plain : undefined
}

/** Where in a text what is read must stand: it is all of it, its beginning, or anywhere. */
export type ReadFrom = 'whole' | 'beginning' | 'anywhere'

/** The stretch of characters, if any, that stands there and may be read as the letters: by initials, or in pinyin. */
export function readingFrom(
  characters: readonly string[],
  letters: string,
  where: ReadFrom,
): { from: number; to: number } | undefined {
  const last = where === 'anywhere' ? characters.length - 1 : 0
  const first = letters.charAt(0)
  for (let from = 0; from <= last; from += 1) {
    if (!initialsOf(characters[from] ?? '').includes(first)) continue
    for (const match of [matchInitials, matchReadings]) {
      const to = match(characters, from, letters)
      if (to >= 0 && (where !== 'whole' || to === characters.length)) return { from, to }
    }
  }
  return undefined
}

/**
 * End (exclusive) of the characters from `start` whose readings spell the letters, the last one perhaps in part;
 * -1 when they don't. Of several ways the one that ends first.
 */
export function matchReadings(characters: readonly string[], start: number, letters: string): number {
  let reached = [0]
  for (let at = start; at < characters.length && reached.length > 0; at += 1) {
    const next: number[] = []
    for (const from of reached)
      for (const reading of readingsOf(characters[at] ?? '')) {
        const left = letters.length - from
        if (
          reading.length >= left ? reading.startsWith(letters.slice(from)) : letters.startsWith(reading, from)
        ) {
          if (reading.length >= left) return at + 1
          if (!next.includes(from + reading.length)) next.push(from + reading.length)
        }
      }
    reached = next
  }
  return -1
}

/** Characters and letters mixed, as 开luan or huabei制药: stretches of either kind, letters to be read as pinyin. */
export function typedMixture(folded: string): string[] | undefined {
  const parts = folded.match(/[a-z]+|[^a-z]+/g) ?? []
  const letters = parts.filter((part) => /^[a-z]/.test(part))
  return parts.length > 1 && letters.length > 0 && letters.every((part) => part.length <= 60)
    ? parts
    : undefined
}

/** Whether a mixture of characters and letters stands somewhere in the characters, the letters as pinyin or as initials. */
export function readsMixture(characters: readonly string[], parts: readonly string[]): boolean {
  const ends = (at: number, part: string): number[] => {
    if (/^[a-z]/.test(part))
      return [matchReadings(characters, at, part), matchInitials(characters, at, part)].filter(
        (end) => end >= 0,
      )
    const own = Array.from(part)
    return own.every((character, i) => characters[at + i] === character) ? [at + own.length] : []
  }
  return characters.some((_, start) => {
    let reached = [start]
    for (const part of parts) reached = Array.from(new Set(reached.flatMap((at) => ends(at, part))))
    return reached.length > 0
  })
}

/** Tells whether a name holds a text or characters that may be read as it. */
export function soundingLike(text: string): (name: string) => boolean {
  const known = Array.from(text, (wanted) => new Map([[wanted, true]]))
  const isAlike = (i: number, character: string): boolean => {
    const one = known[i]
    let alike = one?.get(character)
    if (alike === undefined) {
      alike = areHomophones(text.charAt(i), character)
      one?.set(character, alike)
    }
    return alike
  }
  return (name) => {
    for (let start = 0; start + text.length <= name.length; start += 1) {
      let i = 0
      while (i < text.length && isAlike(i, name.charAt(start + i))) i += 1
      if (i === text.length) return true
    }
    return false
  }
}

function areHomophones(a: string, b: string): boolean {
  const others = readingsOf(b)
  return readingsOf(a).some((reading) => others.includes(reading))
}

/** End (exclusive) of the characters from `start` whose initials are the letters; -1 when they aren't. */
export function matchInitials(characters: readonly string[], start: number, letters: string): number {
  if (start + letters.length > characters.length) return -1
  for (let i = 0; i < letters.length; i += 1)
    if (!initialsOf(characters[start + i] ?? '').includes(letters.charAt(i))) return -1
  return start + letters.length
}

const initials = new Map<string, string>()

/** First letters of a character's readings, each once, as one string. */
export function initialsOf(character: string): string {
  let found = initials.get(character)
  if (found === undefined) {
    found = Array.from(new Set(readingsOf(character).map((reading) => reading.charAt(0)))).join('')
    initials.set(character, found)
  }
  return found
}

/** Tokens for finding a name by full pinyin: each syllable joined to the next by `1`. */
export function syllableTokens(characters: readonly string[]): string[] {
  const tokens: string[] = []
  for (let i = 0; i < characters.length; i += 1) {
    const following = readingsOf(characters[i + 1] ?? '')
    for (const reading of readingsOf(characters[i] ?? '')) {
      if (following.length === 0) tokens.push(`${reading}1`)
      else for (const next of following) tokens.push(`${reading}1${next}`)
    }
  }
  return tokens
}

/** Tokens for finding a name by initials: every three in a row, at the end the last two and the last. */
export function initialTokens(characters: readonly string[]): string[] {
  const tokens: string[] = []
  for (let i = 0; i < characters.length; i += 1)
    for (const a of initialsOf(characters[i] ?? '')) {
      const second = initialsOf(characters[i + 1] ?? '')
      if (second === '') tokens.push(`0${a}`)
      for (const b of second) {
        const third = initialsOf(characters[i + 2] ?? '')
        if (third === '') tokens.push(`0${a}${b}`)
        for (const c of third) tokens.push(`0${a}${b}${c}`)
      }
    }
  return tokens
}

const SYLLABLES = new Set<string>()

/** Learns the syllables that exist from the readings of common characters; segmentation knows only these. */
export function syllables(): ReadonlySet<string> {
  if (SYLLABLES.size === 0)
    for (let code = 0x4e00; code <= 0x9fa5; code += 1)
      for (const reading of readingsOf(String.fromCharCode(code))) SYLLABLES.add(reading)
  return SYLLABLES
}

const BEGINNINGS = new Set<string>()

/** What a syllable may begin with. */
function beginnings(): ReadonlySet<string> {
  if (BEGINNINGS.size === 0)
    for (const syllable of syllables())
      for (let length = 1; length <= syllable.length; length += 1) BEGINNINGS.add(syllable.slice(0, length))
  return BEGINNINGS
}

const MAX_SPELLINGS = 12

/** A stretch of letters that every way to cut them into syllables cuts off: the ways to cut the stretch itself. */
export type Stretch = readonly (readonly string[])[]

/**
 * Letters cut where every way to read them as syllables cuts, the last syllable perhaps only begun:
 * `shijiazhuangxian` → [[shi]] [[jia], [ji, a]] [[zhuang]] [[xian], [xi, an]]. Empty when they can't be read so.
 */
export function stretches(letters: string): Stretch[] {
  const edges = syllableEdges(letters)
  const cuts = [0]
  let reach = 0
  for (let at = 0; at < letters.length; at += 1) {
    if (at > 0 && at === reach) cuts.push(at)
    for (const end of edges.get(at) ?? []) reach = Math.max(reach, end)
  }
  if (reach < letters.length) return []
  return cuts.map((from, i) => spellings(letters, edges, from, cuts[i + 1] ?? letters.length))
}

/** From where to where a syllable may stand, in some reading of all the letters. */
function syllableEdges(letters: string): Map<number, number[]> {
  const known = syllables()
  const edges = new Map<number, number[]>()
  const endsWell = new Set([letters.length])
  for (let from = letters.length - 1; from >= 0; from -= 1) {
    const ends: number[] = []
    for (let to = from + 1; to <= Math.min(letters.length, from + LONGEST_SYLLABLE); to += 1) {
      const part = letters.slice(from, to)
      const isBegun = to === letters.length && from > 0 && beginnings().has(part)
      if (endsWell.has(to) && (known.has(part) || /^\d$/.test(part) || isBegun)) ends.push(to)
    }
    if (ends.length === 0) continue
    endsWell.add(from)
    edges.set(from, ends)
  }
  const reached = new Set([0])
  for (let from = 0; from < letters.length; from += 1) {
    if (!reached.has(from)) edges.delete(from)
    for (const to of edges.get(from) ?? []) reached.add(to)
  }
  return edges
}

const LONGEST_SYLLABLE = 6

/** Ways to cut the letters between two places; none when they are too many to be of use. */
function spellings(
  letters: string,
  edges: ReadonlyMap<number, readonly number[]>,
  from: number,
  to: number,
): string[][] {
  let open: { at: number; spelling: string[] }[] = [{ at: from, spelling: [] }]
  const found: string[][] = []
  while (open.length > 0) {
    open = open.flatMap(({ at, spelling }) =>
      (edges.get(at) ?? []).map((end) => ({ at: end, spelling: [...spelling, letters.slice(at, end)] })),
    )
    found.push(...open.filter(({ at }) => at === to).map(({ spelling }) => spelling))
    open = open.filter(({ at }) => at < to)
    if (open.length + found.length > MAX_SPELLINGS) return []
  }
  return found
}
