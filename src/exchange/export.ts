import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { stringify } from 'csv-stringify/sync'
import type { Column } from '../records/kind.ts'
import { rowsAsTyped } from '../records/rows.ts'
import { workbook } from './workbook.ts'

/** A column of a table that people take away. */
export interface TableColumn {
  field: string
  label: string
  /** The columns of a table within. */
  parts?: Column['parts']
}

export type TableCell = string | number | boolean | null | undefined

/** Cells of a row by their column's field. */
export type TableRow = Readonly<Record<string, unknown>>

/** A table with its columns in order. */
export interface Table {
  title: string
  columns: readonly TableColumn[]
  rows: readonly TableRow[]
}

/** A table that is read part by part, for those too long to hold. */
export interface LongTable extends Omit<Table, 'rows'> {
  parts: AsyncIterable<readonly TableRow[]>
}

/**
 * Who takes a CSV file: a person opens it in a spreadsheet, so no cell may run as a formula and an apostrophe stands before
 * what would; a program stores what it reads, so every text is as it was decided.
 */
export type CsvReader = 'person' | 'program'

/** The table as CSV in UTF-8 with a BOM, so that spreadsheets read it; no cell runs as a formula. */
export function csvOf({ columns, rows }: Table): string {
  return csvHeading(columns) + csvLines(columns, rows)
}

/** A long table as CSV, written while it is read. */
export function csvStream({ columns, parts }: LongTable, reader: CsvReader = 'person'): Readable {
  async function* lines() {
    yield csvHeading(columns)
    for await (const rows of parts) yield csvLines(columns, rows, reader)
  }
  return Readable.from(lines())
}

/** The table as an XLSX workbook; text stays text. */
export function xlsxOf({ rows, ...table }: Table): Promise<Buffer> {
  async function* parts() {
    yield rows
  }
  return buffer(xlsxStream({ ...table, parts: parts() }))
}

/** A long table as an XLSX workbook, written while it is read. */
export function xlsxStream({ title, columns, parts }: LongTable): Readable {
  async function* cells() {
    for await (const rows of parts) yield cellsOf(columns, rows)
  }
  return workbook(title, columns, cells())
}

/** A long table as XML, written while it is read: a RECORD for each row, in it an element of each column's name. */
export function xmlStream({ columns, parts }: LongTable): Readable {
  async function* records() {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<RECORDS>\n'
    for await (const rows of parts)
      yield cellsOf(columns, rows)
        .map(
          (cells) =>
            `<RECORD>${cells.map((cell, i) => xmlElement(columns[i]?.field, cell)).join('')}</RECORD>\n`,
        )
        .join('')
    yield '</RECORDS>\n'
  }
  return Readable.from(records())
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A reader takes a bare one for the end of a line.
  '\r': '&#13;',
}

function xmlElement(name = '', cell: TableCell): string {
  const text = `${cell ?? ''}`.replace(/[&<>\r]/g, (character) => XML_ESCAPES[character] ?? '')
  return text === '' ? `<${name}/>` : `<${name}>${text}</${name}>`
}

/** The line that a CSV file begins with. */
export function csvHeading(columns: readonly TableColumn[]): string {
  return `\ufeff${lines([columns.map(({ label }) => label)])}`
}

/** Further lines of it. */
export function csvLines(
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
  reader: CsvReader = 'person',
): string {
  return lines(cellsOf(columns, rows), reader)
}

function lines(rows: readonly (readonly TableCell[])[], reader: CsvReader = 'person'): string {
  return stringify(
    rows.map((cells) => cells.map((cell) => cell ?? '')),
    { escape_formulas: reader === 'person' },
  )
}

/** The cells of rows, column by column: lists joined, tables within as they are typed. */
export function cellsOf(columns: readonly TableColumn[], rows: readonly TableRow[]): TableCell[][] {
  return rows.map((row) => columns.map((column) => cellOf(row[column.field], column)))
}

function cellOf(value: unknown, { parts }: TableColumn): TableCell {
  if (parts && Array.isArray(value)) return rowsAsTyped(value, { parts })
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.map(String).join('；') : JSON.stringify(value)
}
