/** Digits of a text in whatever writing, that nothing but marks and gaps part. */
export interface WrittenDigits {
  /** As plain digits; an X in the last place of all. */
  digits: string
  /** Where each stands in the text. */
  places: number[]
  /** Where the last one ends. */
  end: number
  /** How many digits stand together, group by group. */
  groups: number[]
  /** What stands between the groups; nothing, where numerals follow upon figures. */
  gaps: string[]
  /** Of each group, whether it is of Chinese numerals: some may belong to the word before, as in 张三. */
  areNumerals: boolean[]
}

const NUMERALS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['〇零○', '一壹', '二贰两', '三叁', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap(
      (own, digit) => Array.from(own, (numeral) => [numeral, `${digit}`]),
    ),
  ),
  // Said on the telephone, and the trade's (苏州码子).
  ...{ 幺: '1', 〡: '1', 〢: '2', 〣: '3', 〤: '4', 〥: '5', 〦: '6', 〧: '7', 〨: '8', 〩: '9' },
}
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
/** What stands for nothing: joiners, selectors, combining marks, fillers. */
export const INVISIBLE = /^[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0\u2800]$/u
const LETTER = /^\p{L}$/u
const PLAIN_LETTER = /^[A-Za-z]$/
const NUMBER = /^\p{Nd}$/u
const ANY_NUMBER = /^\p{N}$/u
/** Digits of the shortest number that is looked for: a mobile one. */
const LEAST = 11
const LIKE_A_DIGIT = /^[\p{N}○零一壹二贰两三叁四肆五伍六陆七柒八捌九玖幺OoОоlI]$/u
/** Which UTF-16 units are like a digit, or may begin a character that is: most texts hold few, and there are many texts. */
const LIKE_DIGIT_UNITS = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  (unit >= 0xd800 && unit < 0xdc00) || LIKE_A_DIGIT.test(String.fromCharCode(unit)) ? 1 : 0,
)
/** Characters between two digits of one number, at the most. */
const MOST_BETWEEN = 3

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
  let left = LEAST
  for (let i = 0; i < text.length && left > 0; i += 1) left -= LIKE_DIGIT_UNITS[text.charCodeAt(i)] ?? 0
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
    const isPlain = given < '\u0080'
    if (!isPlain && INVISIBLE.test(given)) continue
    const isX = LIKE_X.test(given) && own?.digits.length === 17
    const numeral = NUMERALS[given]
    const digit = isX ? 'X' : (numeral ?? decimalOf(given) ?? LIKE_DIGITS[given])
    if (digit === undefined) {
      between += 1
      gap += given
      if ((isPlain ? PLAIN_LETTER : LETTER).test(given) || between > MOST_BETWEEN) end()
      continue
    }
    if (!own) {
      own = { digits: '', places: [], end: at, groups: [0], gaps: [], areNumerals: [numeral !== undefined] }
      found.push(own)
    } else if (gap !== '' || (!isX && own.areNumerals.at(-1) !== (numeral !== undefined))) {
      own.gaps.push(gap)
      own.groups.push(0)
      own.areNumerals.push(numeral !== undefined)
    }
    own.digits += digit
    own.places.push(place)
    own.end = at
    own.groups.push((own.groups.pop() ?? 0) + 1)
    gap = ''
    between = 0
    if (isX) end()
  }
  return found
}
