import { z } from 'zod'
import { areCodesAndNamesExchanged } from '../codes/enterprise-code.ts'
import type { Fault } from '../dossier/refusal.ts'
import type { RecordKind } from '../records/kind.ts'
import { type Cell, textOf } from '../sheets/cell.ts'
import { BadTable, type TableRow } from '../sheets/table.ts'
import { columnNamed, type Mapping, mappingOf, meaningsIn, NOT_TAKEN, targetsOf } from './columns.ts'
import { type Passed, readUpload, type UploadLook } from './reading.ts'
import { sharedKey } from './together.ts'

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
  /** Keys of files whose change of name to one of nothing in common is confirmed. */
  renames: z.array(z.string().max(18)).max(100_000).optional(),
})
export type Mending = z.output<typeof mending>

export const nothingMended: Mending = { headers: {}, rows: {} }

/** What was said about an upload that its kind of record does not know; Chinese, by the place of what was said. */
export function faultsOfMending({ columns = {}, words = {} }: Mending, kind: RecordKind): Fault[] {
  const faults: Fault[] = []
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
    const known = column.type === 'boolean' ? ['是', '否'] : (column.terms ?? [])
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
  kind: RecordKind
  mending: Mending
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
  /** Headers as they stand after mending, before it is known whether they make a table. */
  onHeaders?(headers: readonly string[]): void
}

export const BATCH_ROWS = 1000
/** Rows after which a batch ends even within one thing. */
const MOST_TOGETHER = 3000

/** Reads an upload in batches, each of one sheet. Throws `BadTable` for a file that can't be read as such a table. */
export async function* batchesOf(upload: Upload, listener: Listener = {}): AsyncGenerator<Batch> {
  const { path, kind, mending: made } = upload
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
  for await (const part of readUpload(path, judge, made, listener.onLook)) {
    if (part.header) {
      while (mapping && rows.length > 0) yield taken(mapping, Math.min(part.read, 0.999))
      const headers = headersOf(part.header, made)
      listener.onHeaders?.(headers)
      mapping = mappingOf(headers, kind, made.words)
    }
    if (!mapping) continue
    const { headers } = mapping
    rows.push(...part.rows.flatMap((row) => mended(row, made)))
    passed.push(...part.passed)
    hiddenColumns = part.hiddenColumns.flatMap((i) => headers[i] ?? [])
    // Rows that belong to the last one may still come.
    while (cut(rows, mapping, kind) < rows.length) yield taken(mapping, Math.min(part.read, 0.999))
  }
  if (!mapping) throw new BadTable('文件中没有表头，也没有数据。')
  while (cut(rows, mapping, kind) < rows.length) yield taken(mapping, 0.999)
  yield taken(mapping, 1)
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

/** Where a batch ends: after so many rows, and never between rows that are parts of one thing. */
function cut(rows: readonly TableRow[], mapping: Mapping, kind: RecordKind): number {
  const key = (i: number) => {
    const row = rows[i]
    return row && sharedKey(row, mapping, kind)
  }
  let end = Math.min(BATCH_ROWS, rows.length)
  const last = end < rows.length ? key(end - 1) : undefined
  if (last !== undefined) while (end < rows.length && end < MOST_TOGETHER && key(end) === last) end += 1
  return end
}

function headersOf(header: TableRow, { headers, columns = {} }: Mending): string[] {
  if (header.fault !== undefined) throw new BadTable(`表头（第 ${header.line} 行）：${header.fault}`)
  return header.cells.map((cell, i) => {
    const text = textOf(cell).trim()
    return headers[i] ?? columns[text] ?? text
  })
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
