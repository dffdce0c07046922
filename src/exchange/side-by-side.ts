import { type Cell, textOf } from '../sheets/cell.ts'
import { isFilled, type Sheet, type TableRow } from '../sheets/table.ts'

/** A table whose rows go on beside themselves (分栏): each row of the sheet holds several of its rows, a set of columns each. */
export interface Sets {
  /** Columns from the beginning of one set to that of the next. */
  width: number
  count: number
}

/**
 * The sets of columns under a row of headings: all of them are said again, in their order and at one distance. Undefined for a
 * table as tables are.
 */
export function setsUnder(cells: readonly Cell[]): Sets | undefined {
  const texts = cells.map((cell) => textOf(cell).replace(/\s/gu, ''))
  const end = texts.findLastIndex((text) => text !== '') + 1
  const first = texts[0] ?? ''
  const width = first === '' ? -1 : texts.indexOf(first, 1)
  const count = Math.ceil(end / width)
  // The last set has no gap behind it.
  const isWhole = width > 0 && texts.slice((count - 1) * width, end).some((text) => text !== '')
  const isAgain = Array.from(
    { length: count * width },
    (_, i) => (texts[i] ?? '') === (texts[i % width] ?? ''),
  )
  return isWhole && count > 1 && isAgain.every(Boolean) ? { width, count } : undefined
}

/** The number that a row of the sheet has once its sets are rows of their own. */
export function numberApart(line: number, { count }: Sets): number {
  return (line - 1) * count + 1
}

/**
 * The rows that a row of the sheet holds, each with where it stands in words. A set that is empty, or numbered in
 * advance, is no row; the headings are said once.
 */
export function rowsApart(row: TableRow, sets: Sets): TableRow[] {
  const { line, cells, merged, fault, at = `第 ${line} 行` } = row
  const first = numberApart(line, sets)
  if (fault !== undefined) return [{ ...row, line: first, at }]
  const isHeadings = setsUnder(cells)?.width === sets.width
  return Array.from({ length: sets.count }, (_, i): TableRow => {
    const from = i * sets.width
    const to = from + sets.width
    const isOwn = (column: number) => column >= from && column < to
    const own = Object.entries(merged ?? {}).filter(([column]) => isOwn(Number(column)))
    return {
      ...row,
      line: first + i,
      // What stands beyond the last set is of no set: it is left there, to be told of.
      cells: i === sets.count - 1 ? cells.slice(from) : cells.slice(from, to),
      ...(merged && {
        merged: Object.fromEntries(own.map(([column, top]) => [Number(column) - from, top])),
      }),
      at: `${at}第 ${i + 1} 组`,
    }
  }).filter((one, i) => i === 0 || (!isHeadings && saysAnything(one.cells)))
}

/** Whether a set holds more than the number that its row would have in the list. */
function saysAnything([first = '', ...others]: readonly Cell[]): boolean {
  return others.some(isFilled) || (isFilled(first) && !(others.length > 0 && isSerial(first)))
}

function isSerial(cell: Cell): boolean {
  return /^\d{1,5}$/.test(textOf(cell).trim())
}

/** A sheet with the sets of columns of its rows as rows of their own, where one of its first rows has headings in sets. */
export function sheetApart(sheet: Sheet, sets: Sets | undefined): Sheet {
  if (!sets) return sheet
  async function* parts(own: Sets) {
    for await (const part of sheet.parts())
      yield {
        ...part,
        rows: part.rows.flatMap((row) => rowsApart(row, own)),
        ...(part.hiddenColumns && {
          hiddenColumns: part.hiddenColumns.filter((column) => column < own.width),
        }),
      }
  }
  return { ...sheet, parts: () => parts(sets) }
}
