import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { tidyCode } from '../codes/typed.ts'
import { codeHeaders, nameHeaders } from '../exchange/columns.ts'
import { type Cell, digitsOf, textOf } from '../sheets/cell.ts'
import { isFilled, type TableRow } from '../sheets/table.ts'
import { admitted, type Given, handedBack } from './given.ts'

/** A row of a batch check as it was given; or why it could not be read. */
export interface AskedRow extends Given {
  line: number
  /** All its cells, to be handed back. */
  cells: readonly string[]
  fault?: string
  /** What was taken out of it before it is looked for, Chinese. */
  remark?: string
}

/** Where codes, names and places stand in a table. */
export interface Columns {
  code?: number
  name?: number
  place?: number
}

/** Headings that tables of suppliers, customers and bidders have beside those that imports know. */
const CODES = headings([...codeHeaders, '税号', '纳税人识别号'])
const NAMES = headings([
  ...['供应商名称', '客户名称', '投标人', '投标人名称', '销方名称', '纳税人名称'],
  ...nameHeaders,
])
const PLACES = headings([
  '地区',
  '所在地',
  '所在地市',
  '所在地区',
  '所属地区',
  '行政区划',
  '地址',
  '住所',
  '注册地址',
  '企业地址',
  '市',
  '城市',
])

/** Codes and names by headings that are put together in too many ways to list: 供应商全称, 行政相对人代码_1(统一社会信用代码). */
const CODE =
  /^(?:企业|单位|公司|供应商|投标人|客户|主体)?(?:统一)?社会信用代码|^(?:行政相对人)?代码_?\d?\((?:统一社会信用代码|组织机构代码)\)/u
const NAME =
  /^(?:供应商|供货商|供货单位|客户|投标人|投标单位|中标人|中标单位|合作单位|合作方|承包商|分包商|经销商|企业|单位|公司|厂家|厂商)(?:单位)?(?:全称|名称)?(?:\([^()]{1,20}\))?$/u

const KINDS: readonly { known: ReadonlySet<string>; alike(header: string): boolean }[] = [
  { known: CODES, alike: (header) => CODE.test(header) },
  { known: NAMES, alike: (header) => NAME.test(header) },
  { known: PLACES, alike: () => false },
]

function headings(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(folded))
}

function folded(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s*:：]/gu, '')
    .toLowerCase()
}

/** The columns that a heading row names; undefined when the row is no heading but data. */
export function headingOf(cells: readonly string[]): Columns | undefined {
  const headers = cells.map(folded)
  const [code, name, place] = KINDS.map(({ known, alike }) => {
    const own = headers.findIndex((header) => known.has(header))
    return own >= 0 ? own : headers.findIndex(alike)
  })
  if (code === undefined || name === undefined || place === undefined || (code < 0 && name < 0))
    return undefined
  return { ...(code >= 0 && { code }), ...(name >= 0 && { name }), ...(place >= 0 && { place }) }
}

/** How many rows of a table without headings are looked at to tell what stands above its data. */
export const LOOKED_AT = 20

/** What titles of lists end or begin with, and no firm's name does. */
function isTitle(text: string): boolean {
  return (
    text.startsWith('附件') || TITLE_END.test(text.slice(-LONGEST_END).replace(IN_BRACKETS, '').trimEnd())
  )
}

const LONGEST_END = 60
const TITLE_END = /(?:名单|名录|清单|目录|台账|表)$/u
/** What stands behind it in brackets: 名单（第一批）. */
const IN_BRACKETS = /[（(][^（(）)]{0,40}[）)]$/u

/**
 * How many rows stand above the data of a table without headings: one cell in the words of a title above rows of several.
 * Any other cell that stands alone may be a firm, and nobody may be left out unasked.
 */
export function titlesAbove(rows: readonly TableRow[]): number {
  const filled = rows.slice(0, LOOKED_AT).map(({ cells }) => cells.filter(isFilled))
  if (filled.every((cells) => cells.length <= 1)) return 0
  return filled.findIndex(
    ([first, ...others]) => others.length > 0 || !first || !isTitle(textOf(first).trim()),
  )
}

/** What a row asks for: by the columns of the heading, else by what its cells look like; undefined for an empty one. */
export function askedOf(row: TableRow, columns: Columns | undefined): AskedRow | undefined {
  const { line } = row
  const cells = row.cells.map((cell) => textAsTyped(cell).trim())
  if (row.fault !== undefined) return { line, cells: cells.map(handedBack), fault: row.fault }
  const given = columns
    ? { code: at(cells, columns.code), name: at(cells, columns.name), place: at(cells, columns.place) }
    : guessed(cells)
  return rowOf(line, cells, given)
}

/** A row of what was given, as far as it may be shown and signed; undefined where nothing is. */
export function rowOf(line: number, cells: readonly string[], typed: Given): AskedRow | undefined {
  const { given, fault, remark } = admitted(typed)
  const own = cells.map(handedBack)
  if (fault !== undefined) return { line, cells: own, ...given, fault }
  if (given.code === undefined && given.name === undefined)
    return cells.some((cell) => cell !== '')
      ? { line, cells: own, fault: '这一行没有代码，也没有名称。' }
      : undefined
  return { line, cells: own, ...given, ...(remark !== '' && { remark }) }
}

/** Digits that a spreadsheet took for a number, as they were typed where it has not lost any. */
function textAsTyped(cell: Cell): string {
  return typeof cell !== 'string' && cell.is === 'number' ? (digitsOf(cell) ?? textOf(cell)) : textOf(cell)
}

function at(cells: readonly string[], column: number | undefined): string {
  return column === undefined ? '' : (cells[column] ?? '')
}

/** The first cell that looks like a code, and the first other one with a letter in it; a cell may hold both. */
function guessed(cells: readonly string[]): Given {
  const parts = cells.length === 1 ? splitCell(cells[0] ?? '') : cells
  const code = parts.find(looksLikeCode) ?? ''
  const name = parts.find((part) => part !== code && /\p{L}|\p{Co}/u.test(part)) ?? ''
  return { code, name }
}

/** `91130100M000100Y43 某某公司` in one cell, or the other way round; the code may be written in groups. */
function splitCell(cell: string): string[] {
  const words = cell.split(/\s+/u)
  const first = codeOf((count) => words.slice(0, count).join(''), words.length)
  if (first) return [first.code, words.slice(first.count).join(' ')]
  const last = codeOf((count) => words.slice(-count).join(''), words.length)
  if (last) return [last.code, words.slice(0, -last.count).join(' ')]
  return [cell]
}

/** More groups no code is printed in. */
const MOST_GROUPS = 6
const CODE_LENGTHS = [9, 18]

/** The code that some words at an end of a cell make: the longest sound one, else one as long as codes are, else a single word. */
function codeOf(take: (count: number) => string, most: number): { code: string; count: number } | undefined {
  const taken = Array.from({ length: Math.min(most, MOST_GROUPS) }, (_, i) => ({
    code: take(i + 1),
    count: i + 1,
  }))
  const alike = taken.filter(({ code }) => looksLikeCode(code))
  return (
    alike.findLast(({ code }) => parseEnterpriseCode(code).ok) ??
    alike.findLast(({ code }) => CODE_LENGTHS.includes(tidyCode(code).length)) ??
    alike.find(({ count }) => count === 1)
  )
}

function looksLikeCode(cell: string): boolean {
  const tidy = tidyCode(cell)
  return (/^[0-9A-Z]{8,20}$/.test(tidy) && /\d{3}/.test(tidy)) || /^\d(\.\d+)?E\+?\d+$/.test(tidy)
}
