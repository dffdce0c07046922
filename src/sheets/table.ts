import type { Cell } from './cell.ts'

/** A row of a table by its number in the file; one that could not be read says why. */
export interface TableRow {
  line: number
  cells: Cell[]
  fault?: string
  /** Whoever made the table does not see it: hidden, or filtered away. */
  hidden?: true
  /** Cells that are merged over several rows, by their column: the first of these rows. */
  merged?: Record<number, number>
  /** Columns of cells that said 同上 and were taken from the row above. */
  repeated?: readonly number[]
  /** Where it stands, in words, when a table is read from several sheets. */
  at?: string
}

/** Rows of a sheet as they are read, and how much of the sheet they have taken, from 0 to 1. */
export interface TablePart {
  rows: TableRow[]
  read: number
}

/** A sheet, read from its first row whenever it is asked for. Rows without content don't come. */
export interface Sheet {
  name: string
  hidden: boolean
  parts(): AsyncIterable<SheetPart>
}

export interface SheetPart extends TablePart {
  /** Columns that whoever made the table does not see, by their place; told before the first row. */
  hiddenColumns?: readonly number[]
}

export type FileFormat = 'csv' | 'xlsx' | 'xls' | 'html' | 'xml'

/** A file as its sheets; a CSV file has one, without a name. */
export interface TableFile {
  format: FileFormat
  sheets: readonly Sheet[]
  close(): Promise<void>
}

/** A file that is no table; the message is Chinese and says what to do. */
export class BadTable extends Error {
  override readonly name = 'BadTable'
}

/** Columns of a row that are taken; a table of more is a mistake, or an attack. */
export const MAX_COLUMNS = 200
/** Characters of a cell; spreadsheets hold 32,767. */
export const MAX_CELL = 64 * 1024
/** Rows of a sheet, as many as spreadsheets have. */
export const MAX_SHEET_ROWS = 1_048_576
export const ROWS_A_PART = 500
/** Sheets of a file: one for each county of the province, and as many again. */
export const MOST_SHEETS = 500

/** Throws `BadTable` for a file of more sheets than are read. */
export function mustNotBeManySheets(count: number): void {
  if (count > MOST_SHEETS)
    throw new BadTable(
      `此文件中的工作表超过 ${MOST_SHEETS} 张的上限；请删去不用的工作表，或拆成几个文件导入。`,
    )
}

export function tooManyColumns(count: number): string {
  return `本行有 ${count} 栏，超过 ${MAX_COLUMNS} 栏的上限。`
}

export function overlongCell(length: number): string {
  return `本行有单元格长达 ${length} 个字符，超过 ${MAX_CELL} 的上限。`
}

/** Whether a cell holds anything. */
export function isFilled(cell: Cell | undefined): boolean {
  return cell !== undefined && (typeof cell !== 'string' || cell.trim() !== '')
}
