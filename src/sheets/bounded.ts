import {
  BadTable,
  MAX_CELL,
  mustNotBeManySheets,
  type Sheet,
  type TableFile,
  type TableRow,
} from './table.ts'

/** Characters of a row; a line of a CSV file holds fewer. */
export const MAX_ROW = 4 * MAX_CELL
/** Characters of a sheet. A workbook names a text once and may show it in millions of cells. */
export const MAX_SHEET = 512 * 1024 ** 2

/**
 * A table file whose rows hold no more than so many characters, each and all together: a row that does is passed over, with what is
 * wrong with it; reading a sheet that does throws `BadTable`, as does a file of too many sheets.
 */
export function bounded(file: TableFile, mostOfSheet = MAX_SHEET, mostOfRow = MAX_ROW): TableFile {
  const boundedSheet = (sheet: Sheet): Sheet => ({
    ...sheet,
    async *parts() {
      let all = 0
      const take = (row: TableRow): TableRow => {
        const length = lengthOf(row)
        all += length
        if (all > mostOfSheet)
          throw new BadTable(
            `工作表中的文字合计超过 ${mostOfSheet} 个字符（同一段文字在许多单元格中重复的，逐格计算）；请删去无关的栏，或拆成几份导入。`,
          )
        return length > mostOfRow
          ? { ...row, cells: [], fault: row.fault ?? overlong(length, mostOfRow) }
          : row
      }
      for await (const part of sheet.parts()) yield { ...part, rows: part.rows.map(take) }
    },
  })
  mustNotBeManySheets(file.sheets.length)
  return { ...file, sheets: file.sheets.map(boundedSheet) }
}

function lengthOf({ cells }: TableRow): number {
  let length = 0
  for (const cell of cells) if (typeof cell === 'string') length += cell.length
  return length
}

function overlong(length: number, most: number): string {
  return `本行各栏合计 ${length} 个字符，超过 ${most} 的上限。`
}
