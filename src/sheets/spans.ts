import type { Cell } from './cell.ts'
import { BadTable, isFilled, MAX_COLUMNS, type TableRow } from './table.ts'

/** Cells of a sheet that those above may fill: a small file can claim that a few reach down over millions. */
const MOST_FILLED = 1_000_000

/** Cells merged over several rows (合并单元格): what the first says holds for all that it reaches down over. */
export class Spans {
  /** By column. */
  readonly #reaching = new Map<number, { first: number; until: number; cell: Cell }>()
  #filled = 0

  /** A cell of a row reaches down to a line. */
  reach(row: TableRow, column: number, until: number, cell: Cell): void {
    if (until <= row.line || column >= MAX_COLUMNS || !isFilled(cell)) return
    this.#reaching.set(column, { first: row.line, until, cell })
    mark(row, column, row.line)
  }

  /** The next sheet of a file begins: nothing reaches into it, and what was filled counts on. */
  end(): void {
    this.#reaching.clear()
  }

  /** Takes what cells above reach down to this row. Throws `BadTable` once that has become too much. */
  fill(row: TableRow): void {
    const { line, cells } = row
    for (const [column, { first, until, cell }] of this.#reaching) {
      if (line > until) this.#reaching.delete(column)
      else if (line > first) {
        while (cells.length < column) cells.push('')
        if (!isFilled(cells[column])) cells[column] = cell
        // What lies hidden under a merged cell may be something else.
        if (cells[column] === cell) mark(row, column, first)
        this.#filled += 1
        if (this.#filled > MOST_FILLED)
          throw new BadTable(
            `合并单元格向下覆盖的格超过 ${MOST_FILLED} 个；请取消合并（或删去末尾的空行）后重新导入。`,
          )
      }
    }
  }
}

/** Says of a cell in which line it is merged from. */
export function mark(row: TableRow, column: number, first: number): void {
  row.merged ??= {}
  row.merged[column] = first
}
