import { tidyCode } from '../codes/typed.ts'
import { codeHeaders, nameHeaders } from '../exchange/columns.ts'
import { digitsLost } from '../exchange/values.ts'
import { type Cell, digitsOf, textOf } from '../sheets/cell.ts'
import type { TableRow } from '../sheets/table.ts'

/** A row of a batch check as it was given: a code, a name, or both; or why it could not be read. */
export interface AskedRow {
  line: number
  code?: string
  name?: string
  fault?: string
}

const MAX_LENGTH = 200

/** Where codes and names stand in a table; `undefined` columns where no heading says it. */
export interface Columns {
  code?: number
  name?: number
}

const CODES = new Set(codeHeaders.map(folded))
const NAMES = new Set(nameHeaders.map(folded))

function folded(header: string): string {
  return header.normalize('NFKC').replace(/\s/gu, '').toLowerCase()
}

/** The columns that a heading row names; undefined when the row is no heading but data. */
export function headingOf(cells: readonly string[]): Columns | undefined {
  const headers = cells.map(folded)
  const code = headers.findIndex((header) => CODES.has(header))
  const name = headers.findIndex((header) => NAMES.has(header))
  if (code < 0 && name < 0) return undefined
  return { ...(code >= 0 && { code }), ...(name >= 0 && { name }) }
}

/** What a row asks for: by the columns of the heading, else by what its cells look like. */
export function askedOf(row: TableRow, columns: Columns | undefined): AskedRow | undefined {
  const { line } = row
  if (row.fault !== undefined) return { line, fault: row.fault }
  const lost = row.cells.find((cell) => isShortened(cell))
  if (lost) return { line, fault: digitsLost(textOf(lost)).fault }
  const cells = row.cells.map((cell) => textAsTyped(cell).trim())
  const [code, name] = columns ? [at(cells, columns.code), at(cells, columns.name)] : guessed(cells)
  if (code === '' && name === '')
    return cells.some((cell) => cell !== '') ? { line, fault: '这一行没有代码，也没有名称。' } : undefined
  if (code.length > MAX_LENGTH || name.length > MAX_LENGTH)
    return { line, fault: `代码或名称超过 ${MAX_LENGTH} 个字符。` }
  return { line, ...(code !== '' && { code }), ...(name !== '' && { name }) }
}

/** A number so long that a spreadsheet has lost its last digits. */
function isShortened(cell: Cell): boolean {
  return (
    typeof cell !== 'string' &&
    cell.is === 'number' &&
    digitsOf(cell) === undefined &&
    Number(cell.digits) > 1e15
  )
}

function textAsTyped(cell: Cell): string {
  return typeof cell !== 'string' && cell.is === 'number' ? (digitsOf(cell) ?? textOf(cell)) : textOf(cell)
}

function at(cells: readonly string[], column: number | undefined): string {
  return column === undefined ? '' : (cells[column] ?? '')
}

/** The first cell that looks like a code, and the first other one with a letter in it; a cell may hold both. */
function guessed(cells: readonly string[]): [code: string, name: string] {
  const parts = cells.length === 1 ? splitCell(cells[0] ?? '') : cells
  const code = parts.find(looksLikeCode) ?? ''
  const name = parts.find((part) => part !== code && /\p{L}/u.test(part)) ?? ''
  return [code, name]
}

/** `91130100M000100Y43 某某公司` in one cell. */
function splitCell(cell: string): string[] {
  const [first = '', ...rest] = cell.split(/\s+/u)
  const last = rest.at(-1) ?? ''
  if (rest.length > 0 && looksLikeCode(first)) return [first, rest.join(' ')]
  if (looksLikeCode(last)) return [last, [first, ...rest.slice(0, -1)].join(' ')]
  return [cell]
}

function looksLikeCode(cell: string): boolean {
  const tidy = tidyCode(cell)
  return /^[0-9A-Z]{8,20}$/.test(tidy) && /\d{3}/.test(tidy)
}
