import { industrySection, industrySections } from '../codes/industries.ts'
import { isShortened } from '../codes/not-a-code.ts'
import type { Column } from '../records/kind.ts'
import { rowsTyped } from '../records/rows.ts'
import { type Cell, digitsOf, numberIn, textOf } from '../sheets/cell.ts'
import { dayOfCell, isOpenEnd, partialDateIn } from './dates.ts'
import { numberOf, unitOfHeading } from './sums.ts'
import { type Terms, termsIn, termsOf } from './words.ts'

/** What registration systems and clerks write where they have nothing. */
const BLANKS = new Set([
  '',
  'N/A',
  'NA',
  'NULL',
  'null',
  '\\N',
  '-',
  '--',
  '—',
  '——',
  '/',
  '\\',
  '无',
  '／',
  '－',
  '空',
  '暂无',
])

/** Whether a cell says nothing, so that it neither sets nor erases a field. */
export function isBlank(cell: string): boolean {
  return BLANKS.has(cell)
}

/**
 * What a cell means in its column: a value (null takes the field away: a licence that never ends), a word that none of
 * the column's terms is known by, or a fault. `note` says what should be looked at although it was taken.
 */
export type Understood =
  | { value: unknown; note?: string }
  | { word: string; candidates: readonly string[] }
  | { fault: string; code: string }
  | { elsewhere: readonly string[] }

/** How a column of an upload is to be understood. */
export interface ColumnReading {
  column: Column
  /** Power of ten of its heading's unit. */
  zeros: number
  terms: Terms
}

/** Understands a cell that is not blank. */
export function understand(cell: Cell, { column, zeros, terms }: ColumnReading): Understood {
  if (typeof cell !== 'string') {
    if (cell.is === 'error')
      return { code: 'error-cell', fault: `单元格是错误值 ${cell.text}；请在表格软件中改正后重新导入。` }
    if (cell.is === 'formula')
      return {
        code: 'formula',
        fault: `单元格是公式（=${cell.text.slice(0, 40)}），文件中没有它的结果；请用表格软件打开并保存一次，再导入。`,
      }
  }
  switch (column.type) {
    case 'date':
      return dated(cell, column)
    case 'partial-date': {
      const read = partialDateIn(cell)
      return 'fault' in read
        ? read
        : { value: read.date, ...(read.note !== undefined && { note: read.note }) }
    }
    case 'number':
      return numbered(cell, column, zeros)
    case 'choice':
    case 'list':
    case 'boolean':
      return termsIn(textOf(cell), column, terms)
    case 'rows':
      return { value: rowsTyped(textOf(cell), column) }
    case 'text':
    case 'patch':
    case 'document':
      return written(cell, column)
  }
}

/** Fields that end something, which may be said never to end. */
const ENDS = new Set(['validTo', 'restrictionEndsOn', 'publicationEndsOn'])

/** Words around the day that something ends on: 至2030年3月9日, 2030-03-09止. */
const AROUND_END = /^(?:有效期)?(?:截止|截至|至|到)|(?:为止|止|到期|前)$/gu

function dated(cell: Cell, { field }: Column): Understood {
  if (ENDS.has(field) && isOpenEnd(textOf(cell))) return { value: null }
  const isEnd = ENDS.has(field) && typeof cell === 'string'
  const read = dayOfCell(isEnd ? cell.trim().replace(AROUND_END, '') : cell)
  return 'fault' in read ? read : { value: read.day, ...(read.note !== undefined && { note: read.note }) }
}

function numbered(cell: Cell, { unit }: Column, zeros: number): Understood {
  const isSum = unit === '元'
  if (typeof cell === 'string') return numberOf(cell, isSum, zeros)
  if (cell.is === 'number') {
    // The unit may be shown by its format alone: 5.8 as 5.8万元.
    const shown = isSum ? unitOfHeading(cell.beside?.after ?? '') : undefined
    return numberOf(plainDigits(numberIn(cell)), isSum, shown ?? zeros)
  }
  return {
    code: 'type',
    fault: `单元格是${cell.is === 'date' ? '日期' : '逻辑值'}（${textOf(cell)}），不是数字。`,
  }
}

/** A number in digits alone, as `1e21` and `1e-7` are not. */
function plainDigits(value: number): string {
  return /e/i.test(String(value)) ? value.toFixed(20) : String(value)
}

/** What stands in place of a number of a document, and is none. */
const NO_NUMBER =
  /^(?:详?见.{1,20}|附件?表?\d{0,3}|略|另行.{2}|不公开|保密|0+|空白?|当场(?:处罚|作出)?|简易程序|口头.{0,4}|另附|附后|同上|不详|不明|未知|未填|未编号?|无文书?号|无编?号|无|没有|暂无(?:文号|编号)?|暂缺|[待后](?:补充?|定|编|填|查|核实?)(?:文号|编号|号)?|\?+|[xX×*＊]+号?)$/u
/** Whether nothing of a number is left beside its year: 示罚〔2026〕号, 2026年. */
function lacksNumber(text: string): boolean {
  const rest = text.replace(/[〔[(【](?:19|20)\d{2}[〕\])】]|(?:19|20)\d{2}年度?/gu, '')
  return !/[\da-z〇零一二三四五六七八九十百]/iu.test(rest)
}

/** `C 制造业`: a code with its name beside it, as the site's own tables have it. */
const INDUSTRY_WITH_NAME = /^([A-T]?\d{0,4})[\s:：、]+\p{Script=Han}/u
/** The code of an industry, or its section by name; a name that is neither is left out, and the firm goes in without. */
function industryIn(cell: string): Understood {
  const code = INDUSTRY_WITH_NAME.exec(cell)?.[1] ?? sectionNamed(cell) ?? cell
  return industrySection(code) === undefined
    ? {
        value: undefined,
        note: `“${cell.slice(0, 40)}”不是国民经济行业分类的代码，没有记入；请填代码（如 C13）或者门类的名称。`,
      }
    : { value: code }
}

function sectionNamed(name: string): string | undefined {
  const folded = (text: string) => text.normalize('NFKC').replace(/[\s、,，和]/gu, '')
  return Object.entries(industrySections).find(([, own]) => folded(own) === folded(name))?.[0]
}

/** Fields that hold the number of a document or a thing. */
export const NUMBERS = new Set([
  'documentNo',
  'number',
  'reportNo',
  'sampleNo',
  'noticeNo',
  'caseNo',
  'planNo',
])

/** Fields by which a thing, its maker or its batch is told apart, beside these: a shortened number tells nothing apart. */
const IDENTIFYING = new Set([...NUMBERS, 'replacesNo', 'authorityCode', 'batch'])

/** Two documents by one number: 〔2026〕703号、704号, 〔2026〕705-706号. */
const TWO_DOCUMENTS = /[〕\]）)】年第]\s?(\d{1,6})\s?号?\s?([-—–~～至到、,，和及])\s?第?(\d{1,6})\s?号$/u
/** So far apart are the first and the last of several; behind a stroke stands else the number within a department: 1-701号. */
const MOST_IN_A_RUN = 20
/** Numbers of which each makes a record of its own. */
const MAKES_ITS_OWN: readonly string[] = ['documentNo', 'number', 'sampleNo']

/**
 * The numbers that a cell holds where it holds several: in lines or behind marks, each whole and written like the first, as a long
 * one in two lines is not.
 */
function severalNumbers(text: string): string[] {
  const parts = text.split(/[\n\r;；、,，]+/u).flatMap((part) => (part.trim() === '' ? [] : part.trim()))
  const shape = (number: string) => number.replace(/\d+/gu, '0').toLowerCase()
  const [first = ''] = parts
  const isEach = parts.every((part) => /\d/.test(part) && shape(part) === shape(first))
  if (parts.length > 1 && isEach) return parts
  const [, one = '', mark = '', other = ''] = TWO_DOCUMENTS.exec(text) ?? []
  const apart = Number(other) - Number(one)
  const isRun = one.length === other.length && apart > 0 && apart <= MOST_IN_A_RUN
  return one !== '' && (isRun || !/[-—–]/u.test(mark)) ? [one, other] : []
}

/** What a spreadsheet makes of a number with a stroke: 5-3 becomes 5月3日 or 3-May. */
const MADE_A_DAY =
  /^(?:\d{1,2}月\d{1,2}日|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2})$/iu

/** A number of a document that a spreadsheet took for a day. */
function madeADay(text: string): { code: string; fault: string } {
  return {
    code: 'digits-lost',
    fault: `“${text}”是日期，像是表格软件把编号变成了日期；请把该栏设为文本格式，对照原件重新填写编号。`,
  }
}

function written(cell: Cell, { field }: Column): Understood {
  const text = textOf(cell).normalize('NFKC').trim()
  if (typeof cell === 'string' && IDENTIFYING.has(field) && isShortened(text)) return digitsLost(text)
  const several = typeof cell === 'string' && MAKES_ITS_OWN.includes(field) ? severalNumbers(text) : []
  if (several.length > 1)
    return {
      code: 'several',
      fault: `一格写有 ${several.length} 个编号（${several.slice(0, 3).join('、').slice(0, 80)}），不能确定本行指哪一件；请一件一行填写。`,
    }
  const isDay = typeof cell === 'string' ? MADE_A_DAY.test(text) : cell.is === 'date'
  if (isDay && NUMBERS.has(field)) return madeADay(text)
  if (typeof cell === 'string' && field === 'industry') return industryIn(cell)
  if (typeof cell === 'string')
    return NUMBERS.has(field) &&
      (NO_NUMBER.test(cell.normalize('NFKC').replace(/[\s()。.]/gu, '')) ||
        lacksNumber(cell.normalize('NFKC')))
      ? { code: 'no-number', fault: `“${cell}”不是文号或编号，不能据以区分；请填写原件上的编号。` }
      : { value: cell }
  if (cell.is !== 'number' || !Number.isInteger(numberIn(cell))) return { value: textOf(cell) }
  const digits = digitsOf(cell)
  return digits === undefined ? digitsLost(cell.digits) : { value: digits }
}

/** A code or a document's number that a spreadsheet took for a number, and shortened. */
export function digitsLost(digits: string): { code: string; fault: string } {
  return {
    code: 'digits-lost',
    fault: `“${digits}”是数字，表格软件丢失了数字的后几位；请把该栏设为文本格式，对照原件重新填写。`,
  }
}

/** Value of a field from what somebody typed; what can't be understood comes back as it stands, for the field's check to name. */
export function fieldValue(text: string, column: Column): unknown {
  const understood = understand(text, { column, zeros: 0, terms: termsOf('', column) })
  if (!('value' in understood)) return column.type === 'list' ? [text] : text
  return understood.value ?? text
}
