import { powerBetween } from './quantity-units.ts'

/** A number as a report writes it, with its unit and how many decimals it is given with. */
interface Quantity {
  digits: string
  /** Power of ten that the digits stand before. */
  power: number
  /** Undefined for a power of ten, which is not rounded. */
  decimals: number | undefined
  unit: string
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
/** 2×10⁵, 10⁵. */
const POWER = /(?:(?<![\d.])(\d{1,6}(?:\.\d{1,6})?)\s?[×xX*·]\s?)?10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})/gu
const QUANTITY =
  /^(\d{1,12}(?:\.\d{1,9})?)(?:e(\d{1,2}))?([^\d<>≤≥~，,;；]{0,20}(?:\d{1,4}[a-zA-Z]{1,2}|(?<=m)[23])?)$/u
const UNDETECTED = /^未检出/u
const DETECTED = /^检出/u
const MUST_NOT_BE_DETECTED = /^(?:不得|不应)检出/u

type Bound = (value: number, limit: number) => boolean

const BOUNDS: readonly (readonly [RegExp, Bound])[] = [
  [/^(?:≤|≦|<=|不大于|不超过|不高于|不多于|小于等于|小于或等于)/u, (value, limit) => value <= limit],
  [/^(?:≥|≧|>=|不小于|不低于|不少于|大于等于|大于或等于)/u, (value, limit) => value >= limit],
  [/^(?:<|小于|低于)/u, (value, limit) => value < limit],
  [/^(?:>|大于|高于)/u, (value, limit) => value > limit],
]

/**
 * Whether a measured value (实测值) meets a standard (标准值), both as written: a number against a bound, or against two;
 * undefined where they can't be compared beyond doubt: units that are not powers of ten of each other, several values, words, or where it turns on the
 * rounding of values (修约, GB/T 8170) which of the two holds.
 */
export function meetsStandard(measured: string, standard: string): boolean | undefined {
  const [own, asked] = [tidy(measured), tidy(standard)]
  if (MUST_NOT_BE_DETECTED.test(asked))
    return UNDETECTED.test(own) ? true : DETECTED.test(own) ? false : undefined
  const value = quantityIn(own)
  if (!value) return undefined
  const met = boundsIn(asked).map((bound) => meetsBound(value, bound))
  if (met.length === 0 || met.includes(undefined)) return undefined
  return met.every((one) => one === true)
}

/** Whether a measured value and its standard bear units of which neither can be counted in the other: mg/kg and mg/L. */
export function areUnitsApart(measured: string, standard: string): boolean {
  const value = quantityIn(tidy(measured))
  if (!value || value.unit === '') return false
  return boundsIn(tidy(standard)).some((text) => {
    const unit = limitIn(text)?.limit?.unit ?? ''
    return unit !== '' && powerBetween(value.unit, unit) === undefined
  })
}

/** The bounds that a standard names, each by its mark of comparison. */
function boundsIn(asked: string): string[] {
  const range = /^([\d.]+)([^\d.~]{0,20})(?:~|-|至)([\d.]+)(.{0,20})$/u.exec(asked)
  return range
    ? [`≥${range[1]}${range[2] || range[4]}`, `≤${range[3]}${range[4]}`]
    : asked.split(/[,，;；]|且|并/u).filter((part) => part !== '')
}

function limitIn(text: string): { holds: Bound; limit: Quantity | undefined } | undefined {
  for (const [words, holds] of BOUNDS) {
    const [start] = words.exec(text) ?? []
    if (start !== undefined) return { holds, limit: quantityIn(text.slice(start.length)) }
  }
  return undefined
}

function meetsBound({ digits, power, unit }: Quantity, text: string): boolean | undefined {
  const { holds, limit } = limitIn(text) ?? {}
  const between = limit && powerBetween(unit, limit.unit)
  if (!holds || !limit || between === undefined) return undefined
  const asked = Number(`${limit.digits}e${limit.power}`)
  // Another power of ten is the same digits, so that nothing is lost by counting in the limit's unit.
  const value = Number(`${digits}e${power + between}`)
  const met = holds(value, asked)
  const rounded = limit.decimals === undefined ? value : Number(value.toFixed(limit.decimals))
  return holds(rounded, asked) === met ? met : undefined
}

function quantityIn(text: string): Quantity | undefined {
  const [, digits, exponent, unit = ''] = QUANTITY.exec(text) ?? []
  if (digits === undefined) return undefined
  const decimals = exponent === undefined ? (digits.split('.')[1] ?? '').length : undefined
  return { digits, power: Number(exponent ?? '0'), decimals, unit }
}

function tidy(text: string): string {
  const powers = text.replace(
    POWER,
    (_, factor: string | undefined, power: string) =>
      `${factor ?? '1'}e${Array.from(power, (digit) => SUPERSCRIPTS.indexOf(digit)).join('')}`,
  )
  return powers
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/[～〜∼]/gu, '~')
}
