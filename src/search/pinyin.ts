import { pinyin } from 'pinyin-pro'

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
    ? [character]
    : pinyin(character, { multiple: true, toneType: 'none', type: 'array', nonZh: 'removed' })
        .flatMap((reading) => spellings(reading.toLowerCase()))
        .filter((reading) => /^[a-z]+$/.test(reading))
  const unique = Array.from(new Set(found)).slice(0, MAX_READINGS)
  readings.set(character, unique)
  return unique
}

const MAX_READINGS = 5

/** ü is typed as v or as u. */
function spellings(reading: string): string[] {
  return reading.includes('ü') ? [reading.replace('ü', 'v'), reading.replace('ü', 'u')] : [reading]
}

/** What somebody typed as pinyin: letters and digits only, ü as v, tone marks dropped. Undefined for other text. */
export function typedPinyin(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ü', 'v')
    .normalize('NFD')
    .replace(/[\u0300-\u036f\s'’·-]/gu, '')
  return /^[a-z0-9]{2,60}$/.test(plain) && /[a-z]/.test(plain) ? plain : undefined
}

/**
 * End (exclusive) of the characters from `start` whose readings spell the letters, the last one perhaps in part;
 * -1 when they don't. Of several ways the one that ends first.
 */
export function matchReadings(characters: readonly string[], start: number, letters: string): number {
  let reached = new Set([0])
  for (let at = start; at < characters.length && reached.size > 0; at += 1) {
    const next = new Set<number>()
    for (const from of reached)
      for (const reading of readingsOf(characters[at] ?? '')) {
        const left = letters.length - from
        if (
          reading.length >= left ? reading.startsWith(letters.slice(from)) : letters.startsWith(reading, from)
        ) {
          if (reading.length >= left) return at + 1
          next.add(from + reading.length)
        }
      }
    reached = next
  }
  return -1
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
function syllables(): ReadonlySet<string> {
  if (SYLLABLES.size === 0)
    for (let code = 0x4e00; code <= 0x9fa5; code += 1)
      for (const reading of readingsOf(String.fromCharCode(code))) SYLLABLES.add(reading)
  return SYLLABLES
}

const MAX_SEGMENTATIONS = 12

/** The ways to cut letters into syllables, the last one perhaps only begun: `xian` → [xian], [xi, an]. */
export function segmentations(letters: string): string[][] {
  const known = syllables()
  const found: string[][] = []
  const cut = (rest: string, done: string[]): void => {
    if (found.length >= MAX_SEGMENTATIONS) return
    if (rest === '') {
      found.push(done)
      return
    }
    for (let length = Math.min(6, rest.length); length >= 1; length -= 1) {
      const head = rest.slice(0, length)
      if (known.has(head) || /^\d$/.test(head)) cut(rest.slice(length), [...done, head])
      else if (length === rest.length && done.length > 0) found.push([...done, head])
    }
  }
  cut(letters, [])
  return found
}
