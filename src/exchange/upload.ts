import { z } from 'zod'
import { areCodesAndNamesExchanged } from '../codes/enterprise-code.ts'
import { type Fault, invalid } from '../dossier/refusal.ts'
import type { RecordKind } from '../records/kind.ts'
import { type Cell, textOf } from '../sheets/cell.ts'
import { BadTable, type TableRow } from '../sheets/table.ts'
import {
  columnNamed,
  type Mapping,
  mappingOf,
  meaningsIn,
  missingDetail,
  NOT_TAKEN,
  type Target,
  targetsOf,
  tellsFirm,
} from './columns.ts'
import { withRepeated } from './ditto.ts'
import { LONGEST_FIRM_ID } from './matching.ts'
import { type Passed, readUpload, type UploadLook } from './reading.ts'
import { wordAnswersOf } from './sum-units.ts'
import { outcomeByTitle, toldAbove, withUnitOfTable } from './titles.ts'
import { togetherWithin } from './together.ts'
import { isBlank } from './values.ts'
import { licenceByNumber } from './words.ts'

const terms = z.array(z.string().max(100)).max(30)

/** What was said about an upload and mended in it, before it is imported; it stays with the upload. */
export const mending = z.object({
  /** Other headers than the file's, by their column. */
  headers: z.record(z.string(), z.string().max(200)).default({}),
  /** Other cells than the file's, by the line of their row. */
  rows: z.record(z.string(), z.array(z.string())).default({}),
  /** Sheets to read, and the row of the headings in them (0: none). */
  sheets: z.array(z.string().max(200)).max(200).optional(),
  headerRow: z.int().min(0).max(10_000).optional(),
  /** Whether rows that the table hides are taken or left out; while that is open, each is refused. */
  hiddenRows: z.enum(['take', 'leave']).optional(),
  /** What a column means, by the header that the file has for it. */
  columns: z.record(z.string().max(200), z.string().max(200)).optional(),
  /** What a word means, by the field and the word; an empty list leaves the field empty. */
  words: z.record(z.string().max(100), z.record(z.string().max(200), terms)).optional(),
  /** What is so for every row, by the field's label: filled in where a row says nothing. */
  constants: z.record(z.string().max(100), z.string().max(500)).optional(),
  /** Which file a name means, by its key; empty for a firm that is not on file. */
  firms: z.record(z.string().max(LONGEST_FIRM_ID), z.string().max(18)).optional(),
  /** Keys of files whose change of name to one of nothing in common is confirmed. */
  renames: z.array(z.string().max(18)).max(100_000).optional(),
})
export type Mending = z.output<typeof mending>

export const nothingMended: Mending = { headers: {}, rows: {} }

/** Characters of all that is said of one upload, as it is kept. */
const MOST_SAID = 8_000_000

/** All that was said about an upload, as it is kept; refuses what could not be read again, and what is too much to be read each time. */
export function keptMending(made: Mending): string {
  const { data, error } = mending.safeParse(made)
  const [fault] = error?.issues ?? []
  if (fault) {
    const pointer = `/${fault.path.map(String).join('/').slice(0, 100)}`
    throw invalid(pointer, 'mapping', `所作的指定没有保存，${pointer} 的写法不对：${fault.message}`)
  }
  const text = JSON.stringify(data)
  if (text.length <= MOST_SAID) return text
  throw invalid('', 'too-big', '对这次上传的指定和改正太多，没有保存；请改正文件本身，另行上传。')
}

/** What was said about an upload that its kind of record does not know; Chinese, by the place of what was said. */
export function faultsOfMending(
  { columns = {}, words = {}, constants = {} }: Mending,
  kind: RecordKind,
): Fault[] {
  const faults: Fault[] = []
  for (const label of Object.keys(constants))
    if (fieldOf(targetsOf([label], kind)[0]) === undefined)
      faults.push({
        pointer: `/constants/${label}`,
        code: 'meaning',
        detail: `${kind.label}没有“${label}”这一栏，不能为整个文件指定。`,
      })
  for (const [header, meaning] of Object.entries(columns))
    if (targetsOf([meaning], kind)[0]?.to === 'nothing')
      faults.push({
        pointer: `/columns/${header}`,
        code: 'meaning',
        detail: `${kind.label}没有“${meaning}”这一栏，“${header}”不能指为此义；不导入的写“${NOT_TAKEN}”。`,
      })
  for (const [field, answers] of Object.entries(words)) {
    const column = columnNamed(field, kind)
    if (!column) {
      faults.push({
        pointer: `/words/${field}`,
        code: 'field',
        detail: `${kind.label}没有名为“${field}”的栏。`,
      })
      continue
    }
    const known = wordAnswersOf(column)
    for (const [word, terms] of Object.entries(answers))
      for (const term of terms.filter((one) => !known.includes(one)))
        faults.push({
          pointer: `/words/${field}/${word}`,
          code: 'term',
          detail: `${column.label}没有“${term}”一项，应为${known.join('、')}之一。`,
        })
  }
  return faults
}

/** An upload as it is to be read. */
export interface Upload {
  path: string
  /** Whether a table is read although it lacks a field that every row needs. */
  isLenient?: boolean
  kind: RecordKind
  mending: Mending
  /** Notes under each table, where they are known beforehand. */
  below?: readonly (readonly string[])[]
}

/** Rows of an upload that are decided together, with the mapping of their sheet. */
export interface Batch {
  mapping: Mapping
  rows: TableRow[]
  passed: Passed[]
  /** Headers of columns that the table hides. */
  hiddenColumns: string[]
  read: number
}

/** What is told while an upload is read. */
interface Listener {
  onLook?(found: UploadLook): void
  /** Headers as they stand after mending and as the file has them, before it is known whether they make a table. */
  onHeaders?(headers: readonly string[], written: readonly string[]): void
  /** Notes under a table, counted from 0. */
  onNotes?(table: number, notes: readonly string[]): void
}

export const BATCH_ROWS = 1000
/** Rows after which a batch ends even within one thing, so as many as have to be there before one ends. */
const MOST_TOGETHER = 3000

/** Reads an upload in batches, each of one sheet. Throws `BadTable` for a file that can't be read as such a table. */
export async function* batchesOf(upload: Upload, listener: Listener = {}): AsyncGenerator<Batch> {
  const { path, kind, mending: made, isLenient = false, below = [] } = upload
  let fill = filling([], {}, kind)
  const judge = (cells: readonly string[]) => meaningsIn(cells, kind)
  let mapping: Mapping | undefined
  let rows: TableRow[] = []
  let passed: Passed[] = []
  let hiddenColumns: string[] = []
  let isFirst = true
  const taken = (own: Mapping, read: number): Batch => {
    if (isFirst) mustNotBeExchanged(own, rows)
    isFirst = false
    const end = cut(rows, own, kind)
    const batch = { mapping: own, rows: rows.slice(0, end), passed, hiddenColumns, read }
    rows = rows.slice(end)
    passed = []
    return batch
  }
  const isOfFirms = (cells: readonly string[]) => tellsFirm(cells, kind)
  let table = -1
  let above: readonly Cell[] | undefined
  for await (const part of readUpload(path, judge, made, listener.onLook, isOfFirms)) {
    if (part.header) {
      while (mapping && rows.length > 0) yield taken(mapping, Math.min(part.read, 0.999))
      table += 1
      above = undefined
      const titles = part.above ?? []
      const own = withUnitOfTable(
        headersOf(part.header, made),
        [...titles, ...(below[table] ?? [])],
        (heading) => isSum(targetsOf([heading], kind)[0]),
      )
      const meanings = targetsOf([...own, ...Object.keys(made.constants ?? {})], kind)
      const told = toldAbove(kind, { titles, sheet: part.sheet ?? '' }, (label) =>
        isLacking(label, meanings, kind),
      )
      fill = filling(own, { ...made.constants, ...told }, kind)
      const headers = [...own, ...fill.headers]
      listener.onHeaders?.(headers, part.header.cells.map(textOf))
      const outcome = outcomeByTitle(titles, part.sheet ?? '')
      mapping = { ...mappingOf(headers, kind, made.words), ...(outcome && { outcomeByTitle: outcome }) }
      if (mapping.missing.length > 0 && !isLenient) throw new BadTable(missingDetail(mapping, kind))
    }
    if (!mapping) continue
    const { headers } = mapping
    rows.push(
      ...part.rows
        .flatMap((row) => mended(row, made))
        .map((row) => {
          const own = withRepeated(row, above)
          above = own.cells
          return { ...own, cells: fill.cells(own.cells) }
        }),
    )
    passed.push(...part.passed)
    const notes = part.passed.flatMap(({ why, text }) => (why === 'note' ? [text] : []))
    if (notes.length > 0) listener.onNotes?.(table, notes)
    hiddenColumns = part.hiddenColumns.flatMap((i) => headers[i] ?? [])
    // Rows that belong to those before may still come.
    while (rows.length > MOST_TOGETHER) {
      yield taken(mapping, Math.min(part.read, 0.999))
    }
  }
  if (!mapping) throw new BadTable('文件中没有表头，也没有数据。')
  while (cut(rows, mapping, kind) < rows.length) yield taken(mapping, 0.999)
  yield taken(mapping, 1)
}

function isSum(target: Target | undefined): boolean {
  return (
    target?.to === 'confiscated' ||
    (target !== undefined && 'column' in target && target.column.unit === '元')
  )
}

/** Whether no column tells a field, nor what stands in its place. */
function isLacking(label: string, meanings: readonly Target[], kind: RecordKind): boolean {
  const field = fieldOf(targetsOf([label], kind)[0])
  const tellsOutcome = ({ to }: Target) => to === 'result' || to === 'item'
  const isTold =
    label === '检查结果' &&
    meanings.some((target) => tellsOutcome(target) || fieldOf(target) === 'record.failedItems')
  return !isTold && !meanings.some((target) => fieldOf(target) === field)
}

/** Refuses a table whose codes stand under the heading of names, and its names under that of codes. */
function mustNotBeExchanged({ targets, headers }: Mapping, rows: readonly TableRow[]): void {
  const code = targets.findIndex(({ to }) => to === 'uscc' || to === 'orgCode' || to === 'code')
  const name = targets.findIndex((target) => 'column' in target && target.column.field === 'name')
  if (code < 0 || name < 0) return
  const cells = (column: number) => rows.slice(0, 100).map((row) => textOf(row.cells[column] ?? ''))
  if (!areCodesAndNamesExchanged(cells(code), cells(name))) return
  throw new BadTable(
    `“${headers[code]}”栏中是名称，“${headers[name]}”栏中是代码，两栏的内容对调了；请改正表头或内容后重新上传。`,
  )
}

/** Where a batch ends: after so many rows, and never between rows within reach that are parts of one thing. */
function cut(rows: readonly TableRow[], mapping: Mapping, kind: RecordKind): number {
  return togetherWithin(rows, { least: BATCH_ROWS, most: MOST_TOGETHER }, mapping, kind)
}

function headersOf(header: TableRow, { headers, columns = {} }: Mending): string[] {
  if (header.fault !== undefined) throw new BadTable(`表头（第 ${header.line} 行）：${header.fault}`)
  return header.cells.map((cell, i) => {
    const text = textOf(cell).trim()
    return headers[i] ?? columns[text] ?? text
  })
}

/** How what is so for every row comes into the rows. */
interface Fill {
  /** Headers of columns that the table lacks. */
  headers: string[]
  cells(cells: readonly Cell[]): Cell[]
}

/** Fills what is so for every row into the cells that say nothing, and into columns of its own where there are none. */
function filling(
  headers: readonly string[],
  constants: Readonly<Record<string, string>>,
  kind: RecordKind,
): Fill {
  const meanings = targetsOf(headers, kind).map(fieldOf)
  const numbered = meanings.indexOf('record.number')
  const own: [column: number, value: string][] = []
  const added: [label: string, value: string, field: string | undefined][] = []
  for (const [label, value] of Object.entries(constants)) {
    const [target] = targetsOf([label], kind)
    const column = meanings.indexOf(fieldOf(target))
    if (column >= 0) own.push([column, value])
    else added.push([label, value, fieldOf(target)])
  }
  const isNothing = own.length === 0 && added.length === 0
  return {
    headers: added.map(([label]) => label),
    cells(cells) {
      const filled = [...cells]
      if (isNothing) return filled
      while (filled.length < headers.length) filled.push('')
      // What a row's own number tells is not said otherwise for all.
      const isTold = (field: string | undefined) =>
        field === 'record.kind' &&
        numbered >= 0 &&
        licenceByNumber(textOf(filled[numbered] ?? '')) !== undefined
      for (const [column, value] of own)
        if (isBlank(textOf(filled[column] ?? '').trim()) && !isTold(meanings[column])) filled[column] = value
      // A row with too many cells is refused as it stands.
      return filled.length > headers.length
        ? filled
        : [...filled, ...added.map(([, value, field]) => (isTold(field) ? '' : value))]
    },
  }
}

function fieldOf(target: Target | undefined): string | undefined {
  return target && 'column' in target ? `${target.to}.${target.column.field}` : undefined
}

/** A row as it was mended; a fault that lay in how it was written is gone with the writing. */
function mended(row: TableRow, { rows, hiddenRows }: Mending): TableRow[] {
  const typed = rows[row.line]
  if (row.hidden && hiddenRows === 'leave') return []
  const { hidden, ...seen } = row
  const plain = hidden && hiddenRows === undefined ? row : seen
  if (!typed) return [plain]
  const { fault, ...rest } = plain
  return [{ ...rest, cells: typed.map((cell, i) => sameCell(row.cells[i], cell)) }]
}

/** A cell that came back as it was shown is still the cell of the file, with its type. */
function sameCell(before: Cell | undefined, typed: string): Cell {
  return before !== undefined && textOf(before) === typed ? before : typed
}
