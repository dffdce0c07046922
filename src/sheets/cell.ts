import type { Beside } from './formats.ts'
import { type Epoch, serialText } from './serial.ts'

/** A cell as its file says it; text stands as it is. */
export type Cell = string | NumberCell | DateCell | BooleanCell | ErrorCell | FormulaCell

/** Characters of a number, of which a double takes 24: what is longer is a text that somebody calls a number. */
export const MOST_DIGITS = 64

/** A number with its digits as the file writes them (`20000.000000000004`, `9.1130102000012301E+17`). */
export interface NumberCell {
  is: 'number'
  digits: string
  /** What day its serial counts from, should its column be one of dates; 1900 unless said. */
  epoch?: Epoch
  /** Least number of digits that its format shows: 9 for `000000000`. */
  places?: number
  /** What its format shows beside it. */
  beside?: Beside
}

/** A day or moment as a spreadsheet keeps it: days since its epoch, of no time zone. */
export interface DateCell {
  is: 'date'
  serial: number
  epoch: Epoch
  /** What its format shows of it, where it shows no day. */
  shows?: 'year' | 'month'
}

export interface BooleanCell {
  is: 'boolean'
  value: boolean
}

/** `#VALUE!` and its like: the spreadsheet itself could not tell. */
export interface ErrorCell {
  is: 'error'
  text: string
}

/** A formula whose result the file does not hold, as programs write them that do not calculate. */
export interface FormulaCell {
  is: 'formula'
  text: string
}

/** A cell as people read it: `2012-03-27`, `20000.5`, `TRUE`, `#VALUE!`, `=A1&B1`. */
export function textOf(cell: Cell): string {
  if (typeof cell === 'string') return cell
  switch (cell.is) {
    case 'number':
      return numberText(cell)
    case 'date':
      return dateText(cell)
    case 'boolean':
      return cell.value ? 'TRUE' : 'FALSE'
    case 'error':
      return cell.text
    case 'formula':
      return `=${cell.text}`
  }
}

/** A date as far as it is told: a first of the month, or of the year, that is shown without its day is none that anybody wrote. */
function dateText({ serial, epoch, shows }: DateCell): string {
  const text = serialText(serial, epoch) ?? String(serial)
  if (shows === 'year' && text.endsWith('-01-01')) return text.slice(0, 4)
  return shows !== undefined && /-\d{2}-01$/.test(text) ? text.slice(0, 7) : text
}

/** A number with what its format shows beside it: 41.2%, ≥0.45. */
function numberText(cell: NumberCell): string {
  const { beside } = cell
  if (!beside) return String(numberIn(cell))
  const { before, after, isPercent } = beside
  const shown = isPercent ? Number((numberIn(cell) * 100).toPrecision(12)) : numberIn(cell)
  return `${before}${shown}${after}`
}

/** A number without the noise of binary fractions: 15 digits, as spreadsheets show and keep it. */
export function numberIn({ digits }: NumberCell): number {
  return Number(Number(digits).toPrecision(15))
}

/** Digits that a spreadsheet keeps of a number; the rest become zeros. */
const KEPT_DIGITS = 15

/**
 * The digits of a number that stands for a code or a document's number, with the zeros before it that its format
 * shows; undefined where the spreadsheet can have lost some.
 */
export function digitsOf({ digits, places = 0 }: NumberCell): string | undefined {
  const whole = /^\d+$/.test(digits) ? digits : wholeOf(digits)
  if (whole === undefined) return undefined
  return isComplete(whole) ? whole.padStart(places, '0') : undefined
}

/** `9.1130102E7` and `12.0` are whole numbers written otherwise. */
function wholeOf(digits: string): string | undefined {
  const value = Number(digits)
  return Number.isSafeInteger(value) && value >= 0 && /^[\d.]+(E\+?\d+)?$/i.test(digits)
    ? String(value)
    : undefined
}

/**
 * More digits than a spreadsheet keeps are all there only where a program wrote them that never held them as a binary
 * fraction: then they are not what such a fraction reads as, nor do zeros stand for what was lost.
 */
function isComplete(whole: string): boolean {
  if (whole.length <= KEPT_DIGITS) return true
  if (/^0*$/.test(whole.slice(KEPT_DIGITS))) return false
  return (
    Number.isSafeInteger(Number(whole)) ||
    (String(BigInt(Number(whole))) !== whole && String(Number(whole)) !== whole)
  )
}
