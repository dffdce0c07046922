import { sumInWords } from './sum-in-words.ts'

/** Units of money and how many yuan each is, as a power of ten. */
const UNITS: readonly (readonly [unit: string, zeros: number])[] = [
  ['百万元', 6],
  ['亿元', 8],
  ['万元', 4],
  ['千元', 3],
  ['百元', 2],
  ['元整', 0],
  ['元', 0],
  ['圆', 0],
  ['亿', 8],
  ['万', 4],
]

/** Power of ten of the unit that a heading states in brackets: 4 for 罚款金额（万元）; undefined where it states none. */
export function unitOfHeading(words: string): number | undefined {
  const unit = words.replace(/^(?:单位[:：]?)?(?:人民币)?[:：]?/u, '')
  return UNITS.find(([name]) => name === unit)?.[1]
}

export type NumberRead = { value: number } | { fault: string; code: string }

/**
 * A number or a sum as people write it: `20000`, `20,000.5`, `5.83万元`, 人民币贰万元整. A unit in the cell goes before
 * that of the heading; the sum is shifted digit by digit, so it is exact.
 */
export function numberOf(text: string, isSum: boolean, zerosOfHeading: number): NumberRead {
  let plain = text.normalize('NFKC').replace(/\s/gu, '')
  let zeros = zerosOfHeading
  if (isSum) {
    plain = plain
      .replace(/^(?:处以?)?(?:罚款|罚金)?(?:金额|共?计|合计)?[:：]?(?:人民币|RMB|¥|￥)?/iu, '')
      .replace(/萬/gu, '万')
      .replace(/整$/u, '')
    const unit = UNITS.find(([name]) => plain.endsWith(name))
    if (unit) {
      plain = plain.slice(0, -unit[0].length)
      zeros = unit[1]
    }
  }
  const digits = /^\d{1,3}(,\d{3}){1,4}(\.\d+)?$/u.test(plain) ? plain.replaceAll(',', '') : plain
  if (/^-?\d{1,15}(\.\d{1,20})?$/u.test(digits)) {
    const value = Number(shifted(digits, zeros))
    return { value: isSum ? withoutNoise(value) : value }
  }
  return (
    (isSum ? (inWords(text, zerosOfHeading) ?? twice(text, zerosOfHeading)) : undefined) ?? {
      code: 'type',
      fault: `“${text}”不是数字${isSum ? '；请只填一个金额，如 20000、20,000.50、2万元或者贰万元整' : ''}。`,
    }
  )
}

/** What is left of a sum that a computation missed by less than a field of sums minds: 20000.000000000004 is 20000. */
function withoutNoise(sum: number): number {
  const cents = Math.round(sum * 100)
  return cents !== 0 && Math.abs(sum * 100 - cents) < 1e-4 ? cents / 100 : sum
}

function inWords(text: string, zerosOfHeading: number): NumberRead | undefined {
  const read = sumInWords(text.normalize('NFKC').replace(/\s/gu, ''))
  return read && { value: Number(shifted(read.digits, read.isBare ? zerosOfHeading : 0)) }
}

/** A sum that is written twice, in numerals and in digits: 贰万元整（￥20,000.00）. Both must be the same. */
function twice(text: string, zerosOfHeading: number): NumberRead | undefined {
  const [, first = '', second = ''] =
    /^([^()]{1,40})\(([^()]{1,40})\)$/u.exec(text.normalize('NFKC').trim()) ?? []
  const read = [first, second.replace(/^(?:大写|小写|即)[::]?/u, '')].map((part) =>
    part === '' ? undefined : (inWords(part, zerosOfHeading) ?? numberOf(part, true, zerosOfHeading)),
  )
  const [one, other] = read.map((part) => (part && 'value' in part ? part.value : undefined))
  if (one === undefined || other === undefined) return undefined
  return one === other
    ? { value: one }
    : { code: 'contradiction', fault: `“${text}”写明两个不同的金额（${one} 元、${other} 元），请对照原件。` }
}

/** A decimal number with its point moved to the right, in digits alone. */
export function shifted(digits: string, zeros: number): string {
  const [whole = '', fraction = ''] = digits.split('.')
  const padded = fraction.padEnd(zeros, '0')
  return `${whole}${padded.slice(0, zeros)}.${padded.slice(zeros)}0`
}
