import { isInvisible } from '../codes/characters.ts'
import { NUMERALS } from '../codes/numerals.ts'

/** Digits of a text in whatever writing, that nothing but marks and gaps part. */
export interface WrittenDigits {
  /** As plain digits; an X in the last place of all. */
  digits: string
  /** Where each stands in the text, and where it ends. */
  places: number[]
  ends: number[]
  /** How many digits stand together, group by group. */
  groups: number[]
  /** What stands between the groups; nothing, where numerals follow upon figures. */
  gaps: string[]
  /** Of each group, whether it is of Chinese numerals: some may belong to the word before, as in 张三. */
  areNumerals: boolean[]
}

/** Numerals beside those of writing: said on the telephone, and the trade's (苏州码子). */
const OTHER_NUMERALS = new Map(Array.from('〇幺〢〣〤〥〦〧〨〩', (numeral, value) => [numeral, value])).set(
  '〡',
  1,
)
/** Letters that are taken for digits by eye. */
const LIKE_DIGITS: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  О: '0',
  о: '0',
  l: '1',
  I: '1',
}
/** Letters that nobody tells from an X by eye: Cyrillic and Greek among them. */
const LIKE_X = /^[xXХхΧχ]$/u
/** Marks that stand over another character, and a pattern of no dots. */
const OVER_ANOTHER = /^[\p{Mn}\p{Me}\u2800]$/u
const LETTER = /^\p{L}$/u
const PLAIN_LETTER = /^[A-Za-z]$/
const NUMBER = /^\p{Nd}$/u
const ANY_NUMBER = /^\p{N}$/u
/** Digits of the shortest number that is looked for: a mobile one. */
const LEAST = 11
/** Which UTF-16 units are like a digit, or may begin a character that is: most texts hold few, and there are many texts. */
let likeDigits: Uint8Array | undefined
function unitsLikeDigits(): Uint8Array {
  likeDigits ??= Uint8Array.from({ length: 0x10000 }, (_, unit) => {
    const character = String.fromCharCode(unit)
    const isFirstHalf = unit >= 0xd800 && unit < 0xdc00
    const isLike =
      ANY_NUMBER.test(character) || character in LIKE_DIGITS || numeralOf(character) !== undefined
    return isFirstHalf || isLike ? 1 : 0
  })
  return likeDigits
}
/** Characters between two digits of one number, at the most. */
const MOST_BETWEEN = 3

/** Whether a character stands for nothing where digits are read: unseen, or a mark over another. */
export function standsForNothing(character: string): boolean {
  return character >= '\u0080' && (isInvisible(character) || OVER_ANOTHER.test(character))
}

function numeralOf(given: string): string | undefined {
  return (NUMERALS.get(given) ?? OTHER_NUMERALS.get(given))?.toString()
}

/** The value of a decimal digit of any script; undefined for what is none. Each script has its ten in a row. */
function decimalOf(given: string): string | undefined {
  if (given < '\u0080') return given >= '0' && given <= '9' ? given : undefined
  if (!ANY_NUMBER.test(given)) return undefined
  const plain = given.normalize('NFKC')
  if (/^\d$/.test(plain)) return plain
  if (!NUMBER.test(given)) return undefined
  const own = given.codePointAt(0) ?? 0
  let zero = own
  while (own - zero < 9 && NUMBER.test(String.fromCodePoint(zero - 1))) zero -= 1
  return `${own - zero}`
}

/** Whether a text has as many characters like digits as the shortest number. */
function mayHoldNumber(text: string): boolean {
  if (text.length < LEAST) return false
  const isLike = unitsLikeDigits()
  let left = LEAST
  for (let i = 0; i < text.length && left > 0; i += 1) left -= isLike[text.charCodeAt(i)] ?? 0
  return left === 0
}

/**
 * Digits in the order of a text: of every script, in Chinese numerals, as the letters that look like them, with marks, spaces and
 * invisible characters between them. Linear in the text.
 */
export function writtenDigits(text: string): WrittenDigits[] {
  if (!mayHoldNumber(text)) return []
  const found: WrittenDigits[] = []
  let own: WrittenDigits | undefined
  let gap = ''
  let between = 0
  let at = 0
  const end = () => {
    own = undefined
    gap = ''
    between = 0
  }
  for (const given of text) {
    const place = at
    at += given.length
    if (standsForNothing(given)) continue
    const isPlain = given < '\u0080'
    const isX = LIKE_X.test(given) && own?.digits.length === 17
    const numeral = isPlain ? undefined : numeralOf(given)
    const digit = isX ? 'X' : (numeral ?? decimalOf(given) ?? LIKE_DIGITS[given])
    if (digit === undefined) {
      between += 1
      gap += given
      if ((isPlain ? PLAIN_LETTER : LETTER).test(given) || between > MOST_BETWEEN) end()
      continue
    }
    if (!own) {
      own = { digits: '', places: [], ends: [], groups: [0], gaps: [], areNumerals: [numeral !== undefined] }
      found.push(own)
    } else if (gap !== '' || (!isX && own.areNumerals.at(-1) !== (numeral !== undefined))) {
      own.gaps.push(gap)
      own.groups.push(0)
      own.areNumerals.push(numeral !== undefined)
    }
    own.digits += digit
    own.places.push(place)
    own.ends.push(at)
    own.groups.push((own.groups.pop() ?? 0) + 1)
    gap = ''
    between = 0
    if (isX) end()
  }
  return found
}
