import { NUMERALS } from '../codes/numerals.ts'

/** Units within a stretch of four digits, and those that end one. */
const TENS: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
const STRETCHES: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 }

/** How sums are written in words, for patterns: 贰万伍仟元整, 二十万元, 2万5千元. */
export const SUM_IN_WORDS =
  '[\\d零一二三四五六七八九〇○壹贰貳叁參叄肆伍陆陸柒捌玖两十拾百佰千仟万萬亿億]{1,24}[元圆](?:[零一二三四五六七八九壹贰叁肆伍陆柒捌玖][角分]){0,2}'

/**
 * The sum in yuan that numerals say (贰万伍仟元整, 二万五千元, 2万5千元, 叁拾元伍角), as digits; `isBare` where no unit of
 * money stands with it, so that its heading's holds. Undefined for what is not written out, such as 二万三, or is no sum.
 */
export function sumInWords(text: string): { digits: string; isBare: boolean } | undefined {
  const match = /^(?:人民币|RMB|[¥￥])?([^元圆角分整正]{1,24})([元圆]?)(?:(.)角)?零?(?:(.)分)?[整正]?$/u.exec(
    text,
  )
  if (!match) return undefined
  const [, whole = '', yuan = '', tenth, hundredth] = match
  const value = wholeIn(whole)
  const cents = [tenth, hundredth].map((digit) => (digit === undefined ? 0 : NUMERALS.get(digit)))
  if (value === undefined || cents.includes(undefined)) return undefined
  if (yuan === '' && (tenth ?? hundredth) !== undefined) return undefined
  const isBare = yuan === '' && !/[万萬亿億]/u.test(whole)
  return { digits: `${value}.${cents.join('')}`, isBare }
}

/** A whole number in numerals; undefined unless each of its digits has its place. */
function wholeIn(text: string): number | undefined {
  const characters = Array.from(text)
  if (characters.every((character) => NUMERALS.has(character)))
    return characters.length > 1 && !/[〇零○]/u.test(text)
      ? undefined
      : Number(characters.map((character) => NUMERALS.get(character)).join(''))
  let sum = 0
  let stretch = 0
  let digit: number | undefined
  /** The unit that stood last: those within a stretch go down. */
  let last = Number.POSITIVE_INFINITY
  let hasGap = false
  for (const token of text.match(/\d+|\D/gu) ?? []) {
    const [ten, big] = [TENS[token], STRETCHES[token]]
    if (ten !== undefined) {
      if (ten >= last || (digit === undefined && !(ten === 10 && stretch === 0))) return undefined
      stretch += (digit ?? 1) * ten
      digit = undefined
      last = ten
      hasGap = false
    } else if (big !== undefined) {
      stretch += digit ?? 0
      if (stretch === 0) return undefined
      // 一亿二千万, 三千万亿: what stands before 亿 is counted in it whole.
      if (big === 1e8) sum = (sum + stretch) * big
      else sum += stretch * big
      stretch = 0
      digit = undefined
      last = 10_000
      hasGap = false
    } else if (token === '零' || token === '〇' || token === '○') {
      if (digit !== undefined) return undefined
      hasGap = true
    } else {
      const own = /^\d+$/.test(token) ? Number(token) : NUMERALS.get(token)
      if (own === undefined || digit !== undefined || own >= 10_000) return undefined
      digit = own
    }
  }
  if (digit === undefined) return sum + stretch
  // 二万三 may be 23,000; 二万零三, 二十三 and 2万5000 say which.
  const isPlaced = hasGap || last === 10 || (last === 10_000 && digit >= 1000) || last > 10_000
  return isPlaced ? sum + stretch + digit : undefined
}
