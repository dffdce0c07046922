import { stringify } from 'csv-stringify/sync'
import { reportHeaders } from './columns.ts'
import type { RowFault } from './row-reading.ts'

export interface BadRow {
  line: number
  /** Where it stands, in words, in an upload of several sheets. */
  at?: string | undefined
  cells: readonly string[]
  faults: readonly RowFault[]
}

/** Lines of the report of bad rows: the file's own columns, so that it can be mended and fed again, then the faults. */
export function reportText(headers: readonly string[], rows: readonly BadRow[], withHeader: boolean): string {
  // A report that is fed again has the report's columns already.
  const kept = headers.flatMap((header, i) => (reportHeaders.some((name) => name === header) ? [] : [i]))
  const lines = rows.map(({ line, at, cells, faults }) => [
    ...kept.map((i) => cells[i] ?? ''),
    at ?? String(line),
    joined(faults.map(({ header = '' }) => header)),
    joined(faults.map(({ value = '' }) => value.slice(0, 200))),
    joined(faults.map(({ detail }) => detail)),
  ])
  const header = [...kept.map((i) => headers[i] ?? ''), ...reportHeaders]
  return stringify(withHeader ? [header, ...lines] : lines, {
    bom: withHeader,
    // A cell that begins like a formula must not run in whoever's spreadsheet opens the report.
    escape_formulas: true,
  })
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('；')
}
