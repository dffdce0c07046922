import { stringify } from 'csv-stringify/sync'
import writeXlsx from 'write-excel-file/node'

/** A column of a table that people take away. */
export interface TableColumn {
  field: string
  label: string
}

export type TableCell = string | number | boolean | null | undefined

/** A table with its columns in order; cells by their column's field. */
export interface Table {
  title: string
  columns: readonly TableColumn[]
  rows: readonly Readonly<Record<string, unknown>>[]
}

/** The table as CSV in UTF-8 with a BOM, so that spreadsheets read it; no cell runs as a formula. */
export function csvOf({ columns, rows }: Table): string {
  const lines = rows.map((row) => columns.map(({ field }) => cellOf(row[field]) ?? ''))
  return stringify([columns.map(({ label }) => label), ...lines], { bom: true, escape_formulas: true })
}

/** The table as an XLSX workbook of one sheet; text stays text. */
export async function xlsxOf({ title, columns, rows }: Table): Promise<Buffer> {
  const header = columns.map(({ label }) => ({ value: label, fontWeight: 'bold' as const }))
  const lines = rows.map((row) => columns.map(({ field }) => xlsxCell(cellOf(row[field]))))
  return writeXlsx([header, ...lines], {
    sheet: title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31),
    columns: columns.map(() => ({ width: 18 })),
    stickyRowsCount: 1,
  }).toBuffer()
}

function cellOf(value: unknown): TableCell {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.map(String).join('；') : JSON.stringify(value)
}

function xlsxCell(value: TableCell) {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return { type: Number, value }
  return { type: String, value: typeof value === 'boolean' ? (value ? '是' : '否') : value }
}
