import { type Cell, textOf } from '../sheets/cell.ts'
import type { TableRow } from '../sheets/table.ts'

/** What stands in a cell that is to say the same as the one above it. */
const DITTO = /^(?:同上|同前|同上行|〃|″)$/u

/** A row with what its cells repeat of the row above in their place; one that has nothing above to repeat can't be read. */
export function withRepeated(row: TableRow, above: readonly Cell[] = []): TableRow {
  const repeated = row.cells.flatMap((cell, i) =>
    typeof cell === 'string' && DITTO.test(cell.trim()) ? [i] : [],
  )
  if (repeated.length === 0 || row.fault !== undefined) return row
  const isOpen = (cell: string) => cell === '' || DITTO.test(cell)
  if (repeated.some((i) => isOpen(textOf(above[i] ?? '').trim())))
    return { ...row, fault: '本行写有“同上”，上面的一行却没有内容可以照读；请写明。' }
  const cells = row.cells.map((cell, i) => (repeated.includes(i) ? (above[i] ?? cell) : cell))
  return { ...row, cells, repeated }
}

/** What cells of a row were taken to repeat, in words; undefined for one that repeats nothing. */
export function repeatedInWords(
  { cells, repeated = [] }: TableRow,
  headers: readonly string[],
): string | undefined {
  if (repeated.length === 0) return undefined
  const said = repeated.map((i) => `${headers[i] ?? ''}“${textOf(cells[i] ?? '').slice(0, 40)}”`)
  return `“同上”照上一行读作：${said.join('，')}。`
}
