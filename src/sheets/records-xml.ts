import { MAX_XML_BYTES, type MarkupEvents, readMarkup } from './markup.ts'
import {
  BadTable,
  MAX_CELL,
  MAX_COLUMNS,
  MAX_SHEET_ROWS,
  overlongCell,
  type TableFile,
  type TableRow,
  tooManyColumns,
} from './table.ts'

const OTHERWISE = '请另存为 .xlsx 或 CSV（UTF-8）后导入。'

/**
 * A table as exchange programs write it in XML: below the root an element for each record, in it one for each cell, named
 * as its column is. The names of all records are the heading, in the order in which they first occur.
 */
export async function openRecords(path: string): Promise<TableFile> {
  const reader = new RecordsReader()
  await readMarkup(
    { path, manner: 'xml', mostBytes: MAX_XML_BYTES, tooLarge: `XML 文件超过 64 MB；${OTHERWISE}` },
    reader,
  )
  const { rows, columns } = reader
  if (columns.size === 0) throw new BadTable(`此 XML 文件中没有逐条的记录，不是表格；${OTHERWISE}`)
  const heading: TableRow = { line: 1, cells: Array.from(columns.keys()) }
  async function* parts() {
    yield { rows: [heading, ...rows], read: 1 }
  }
  return { format: 'xml', sheets: [{ name: '', hidden: false, parts }], close: async () => undefined }
}

const DEPTH = { root: 1, record: 2, cell: 3 }

class RecordsReader implements MarkupEvents {
  readonly columns = new Map<string, number>()
  readonly rows: TableRow[] = []
  #depth = 0
  #row: TableRow | undefined
  #text = ''
  #length = 0

  place(): string | undefined {
    return this.rows.length === 0 ? undefined : `第 ${this.rows.length} 条`
  }

  open(): void {
    this.#depth += 1
    if (this.#depth > DEPTH.cell) throw new BadTable(`XML 文件中有多层的结构，不是逐条的记录；${OTHERWISE}`)
    this.#text = ''
    this.#length = 0
    // The heading is the first line.
    if (this.#depth === DEPTH.record) this.#row = { line: this.rows.length + 2, cells: [] }
    if (this.rows.length >= MAX_SHEET_ROWS) throw new BadTable('记录的条数过多；请分为几个文件。')
  }

  text(part: string): void {
    this.#length += part.length
    if (this.#length <= MAX_CELL) this.#text += part
  }

  close(name: string): void {
    if (this.#depth === DEPTH.cell && this.#row) this.#put(this.#row, name)
    if (this.#depth === DEPTH.record && this.#row) {
      if (this.#row.cells.length > 0) this.rows.push(this.#row)
      this.#row = undefined
    }
    this.#depth -= 1
  }

  #put(row: TableRow, name: string): void {
    if (this.#length > MAX_CELL) row.fault ??= overlongCell(this.#length)
    const column = this.columns.get(name) ?? this.columns.size
    if (column >= MAX_COLUMNS) {
      row.fault ??= tooManyColumns(column + 1)
      return
    }
    this.columns.set(name, column)
    while (row.cells.length <= column) row.cells.push('')
    if (row.cells[column] !== '') row.fault ??= `本条中有两个“${name.slice(0, 60)}”，不能确定以哪一个为准。`
    else row.cells[column] = this.#text
  }
}
