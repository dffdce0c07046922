import { type MarkupEvents, readMarkup } from './markup.ts'
import { mark } from './spans.ts'
import {
  BadTable,
  MAX_CELL,
  MAX_COLUMNS,
  MAX_SHEET_ROWS,
  overlongCell,
  type Sheet,
  type TableFile,
  type TableRow,
  tooManyColumns,
} from './table.ts'

/** Bytes of a page; what it holds is held whole, as its tables may lie within each other. */
const MAX_BYTES = 32 * 1024 ** 2
/** Cells that spans may fill in all. */
const MAX_CELLS = 4_000_000

/** Tables of a web page, as many systems export them under the name of .xls; each is a sheet. */
export async function openHtml(path: string): Promise<TableFile> {
  const reader = new PageReader()
  const tooLarge = '网页形式的表格超过 32 MB；请用表格软件打开并另存为 .xlsx 后导入。'
  await readMarkup({ path, manner: 'html', mostBytes: MAX_BYTES, tooLarge }, reader)
  return tableFileOf(reader.tables)
}

function tableFileOf(tables: readonly TableRow[][]): TableFile {
  const filled = tables.filter((rows) => rows.length > 0)
  if (filled.length === 0) throw new BadTable('网页中没有表格；请用表格软件打开并另存为 .xlsx 后重新导入。')
  const sheets = filled.map((rows, i): Sheet => {
    async function* parts() {
      yield { rows, read: 1 }
    }
    return { name: filled.length === 1 ? '' : `表 ${i + 1}`, hidden: false, parts }
  })
  return { format: 'html', sheets, close: async () => undefined }
}

/** Cells that a cell of several rows still fills below it. */
interface Span {
  /** Line of the row in which it stands. */
  first: number
  rows: number
  text: string
}

interface Table {
  rows: TableRow[]
  spans: Map<number, Span>
  line: number
  row: TableRow | undefined
  cell: { text: string; length: number; columns: number; rows: number } | undefined
}

const BREAKS = new Set(['br', 'p', 'div', 'li'])
const SILENT = new Set(['script', 'style', 'title'])

/** Gathers tables; a cell over several rows stands in each of them, as it does before the eye. */
class PageReader implements MarkupEvents {
  readonly tables: TableRow[][] = []
  readonly #open: Table[] = []
  #cells = 0
  #silent = 0

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const table = this.#open.at(-1)
    if (name === 'table') {
      const inner: Table = { rows: [], spans: new Map(), line: 0, row: undefined, cell: undefined }
      this.#open.push(inner)
      this.tables.push(inner.rows)
    } else if (SILENT.has(name)) this.#silent += 1
    else if (!table) return
    else if (name === 'tr') {
      this.#endRow(table)
      table.line += 1
      table.row = { line: table.line, cells: [], ...(isUnseen(attributes) && { hidden: true }) }
    } else if (name === 'td' || name === 'th') {
      this.#endCell(table)
      const { colspan = '1', rowspan = '1' } = attributes
      table.cell = { text: '', length: 0, columns: spanOf(colspan), rows: spanOf(rowspan) }
    } else if (BREAKS.has(name) && table.cell && table.cell.text !== '') table.cell.text += '\n'
  }

  text(part: string): void {
    const cell = this.#open.at(-1)?.cell
    if (!cell || this.#silent > 0) return
    cell.length += part.length
    // A line break in the source of a page is no more than a gap.
    if (cell.length <= MAX_CELL) cell.text += part.replace(/[^\S\u3000]+/gu, ' ')
  }

  close(name: string): void {
    const table = this.#open.at(-1)
    if (SILENT.has(name)) this.#silent = Math.max(0, this.#silent - 1)
    if (!table) return
    if (name === 'td' || name === 'th') this.#endCell(table)
    else if (name === 'tr') this.#endRow(table)
    else if (name === 'table') {
      this.#endRow(table)
      this.#open.pop()
    }
  }

  #endCell(table: Table): void {
    const { cell, row } = table
    table.cell = undefined
    if (!cell || !row) return
    this.#fill(table, row)
    if (cell.length > MAX_CELL) row.fault ??= overlongCell(cell.length)
    const text = cell.text.replace(/ ?\n ?/g, '\n').trim()
    for (let i = 0; i < cell.columns; i += 1) {
      const column = row.cells.length
      if (column >= MAX_COLUMNS) {
        if (text !== '') row.fault ??= tooManyColumns(column + cell.columns - i)
        break
      }
      // As in a spreadsheet, only the first of the columns that a cell covers has its text.
      const own = i === 0 ? text : ''
      if (cell.rows > 1) {
        table.spans.set(column, { first: row.line, rows: cell.rows - 1, text: own })
        mark(row, column, row.line)
      }
      this.#push(row, own)
    }
  }

  /** Takes what cells above reach down to the place where the row stands. */
  #fill(table: Table, row: TableRow): void {
    for (;;) {
      const column = row.cells.length
      const span = table.spans.get(column)
      if (!span || column >= MAX_COLUMNS) return
      span.rows -= 1
      if (span.rows === 0) table.spans.delete(column)
      mark(row, column, span.first)
      this.#push(row, span.text)
    }
  }

  #push(row: TableRow, text: string): void {
    this.#cells += 1
    if (this.#cells > MAX_CELLS) throw new BadTable('网页中的表格过大；请另存为 CSV（UTF-8）后导入。')
    row.cells.push(text)
  }

  #endRow(table: Table): void {
    this.#endCell(table)
    const { row } = table
    table.row = undefined
    if (!row) return
    this.#fill(table, row)
    if (table.line > MAX_SHEET_ROWS) throw new BadTable(`表格的行数超过 ${MAX_SHEET_ROWS} 的上限。`)
    if (row.fault !== undefined || row.cells.some((cell) => cell !== '')) table.rows.push(row)
  }
}

function spanOf(text: string): number {
  const span = Number.parseInt(text, 10)
  return span >= 1 ? Math.min(span, 65_536) : 1
}

function isUnseen({ style = '', hidden }: Readonly<Record<string, string>>): boolean {
  return hidden !== undefined || /display\s*:\s*none/i.test(style)
}
