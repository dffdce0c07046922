import { type Cell, MOST_DIGITS } from './cell.ts'
import { attribute, isOn, MAX_XML_BYTES, type MarkupEvents, readMarkup } from './markup.ts'
import { Spans } from './spans.ts'
import {
  BadTable,
  isFilled,
  MAX_CELL,
  MAX_COLUMNS,
  MAX_SHEET_ROWS,
  mustNotBeManySheets,
  overlongCell,
  type TableFile,
  type TableRow,
  tooManyColumns,
} from './table.ts'

interface Worksheet {
  name: string
  hidden: boolean
  rows: TableRow[]
  hiddenColumns: number[]
}

/** An XML Spreadsheet of 2003, which programs write under the name of .xls or .xml. */
export async function openSpreadsheetMl(path: string): Promise<TableFile> {
  const reader = new WorkbookReader()
  await readMarkup(
    {
      path,
      manner: 'xml',
      mostBytes: MAX_XML_BYTES,
      tooLarge: 'XML 表格超过 64 MB；请用表格软件打开并另存为 .xlsx 后导入。',
    },
    reader,
  )
  if (reader.sheets.length === 0) throw new BadTable('此 XML 文件中没有工作表。')
  return {
    format: 'xml',
    sheets: reader.sheets.map(({ name, hidden, rows, hiddenColumns }) => {
      async function* parts() {
        yield { rows, read: 1, hiddenColumns }
      }
      return { name, hidden, parts }
    }),
    close: async () => undefined,
  }
}

class WorkbookReader implements MarkupEvents {
  readonly sheets: Worksheet[] = []
  #sheet: Worksheet | undefined
  #line = 0
  #column = -1
  #columnOfTable = 0
  #row: TableRow | undefined
  #across = 0
  #down = 0
  #formula = ''
  #type = ''
  #text = ''
  #length = 0
  #isData = false
  #isVisibility = false
  readonly #spans = new Spans()

  place(): string | undefined {
    return this.#sheet && `工作表“${this.#sheet.name}”第 ${this.#line} 行`
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const of = (key: string) => attribute(attributes, key)
    const sheet = this.#sheet
    switch (name) {
      case 'Worksheet':
        this.#sheet = { name: of('Name') ?? '', hidden: false, rows: [], hiddenColumns: [] }
        this.sheets.push(this.#sheet)
        mustNotBeManySheets(this.sheets.length)
        this.#line = 0
        this.#columnOfTable = 0
        this.#spans.end()
        break
      case 'Visible':
        this.#isVisibility = true
        break
      case 'Column': {
        const from = countOf(of('Index'), this.#columnOfTable + 1)
        const to = Math.min(from + countOf(of('Span'), 0), MAX_COLUMNS)
        if (isOn(of('Hidden'))) for (let i = from; i <= to; i += 1) sheet?.hiddenColumns.push(i - 1)
        this.#columnOfTable = to
        break
      }
      case 'Row':
        this.#line = Number(of('Index') ?? this.#line + 1)
        if (!(this.#line >= 1 && this.#line <= MAX_SHEET_ROWS)) throw new BadTable('表格的行号有误或过大。')
        this.#row = { line: this.#line, cells: [], ...(isOn(of('Hidden')) && { hidden: true }) }
        this.#column = -1
        this.#across = 0
        break
      case 'Cell':
        this.#column = countOf(of('Index'), this.#column + 2 + this.#across) - 1
        this.#across = countOf(of('MergeAcross'), 0)
        this.#down = countOf(of('MergeDown'), 0)
        this.#formula = of('Formula') ?? ''
        this.#type = ''
        this.#text = ''
        this.#length = 0
        break
      case 'Data':
        this.#isData = true
        this.#type = of('Type') ?? 'String'
        break
      default:
    }
  }

  text(part: string): void {
    if (this.#isVisibility && this.#sheet && /Hidden/.test(part)) this.#sheet.hidden = true
    if (!this.#isData) return
    this.#length += part.length
    if (this.#length <= MAX_CELL) this.#text += part
  }

  close(name: string): void {
    if (name === 'Visible') this.#isVisibility = false
    else if (name === 'Data') this.#isData = false
    else if (name === 'Cell') this.#endCell()
    else if (name === 'Row') this.#endRow()
  }

  #endCell(): void {
    const row = this.#row
    if (!row) return
    if (this.#length > MAX_CELL) row.fault ??= overlongCell(this.#length)
    const cell = this.#cell()
    this.#put(row, this.#column, cell)
    this.#spans.reach(row, this.#column, row.line + this.#down, cell)
  }

  #cell(): Cell {
    const text = this.#text
    switch (this.#type) {
      case 'Number':
        return text.trim().length > MOST_DIGITS ? text : { is: 'number', digits: text.trim() }
      case 'Boolean':
        return { is: 'boolean', value: isOn(text.trim()) }
      case 'Error':
        return { is: 'error', text }
      case 'DateTime':
        return text.replace(/T00:00:00(\.0+)?$/, '')
      case '':
        return this.#formula === ''
          ? ''
          : { is: 'formula', text: this.#formula.replace(/^=/, '').slice(0, 200) }
      default:
        return text
    }
  }

  #put(row: TableRow, column: number, cell: Cell): void {
    if (!isFilled(cell)) return
    if (!(column >= 0 && column < MAX_COLUMNS)) {
      row.fault ??= tooManyColumns(column + 1)
      return
    }
    while (row.cells.length < column) row.cells.push('')
    row.cells[column] = cell
  }

  #endRow(): void {
    const row = this.#row
    this.#row = undefined
    if (!row) return
    this.#spans.fill(row)
    if (row.cells.length > 0 || row.fault !== undefined) this.#sheet?.rows.push(row)
  }
}

/** How many or the how-manieth: what is written in digits alone, else what there is instead. */
function countOf(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise
}
