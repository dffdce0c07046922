import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { decodedText, type Encoding, encodingOf } from './encoding.ts'
import { type RawRecord, RecordCutter } from './records.ts'
import {
  BadTable,
  MAX_CELL,
  MAX_COLUMNS,
  overlongCell,
  type SheetPart,
  type TableFile,
  type TableRow,
  tooManyColumns,
} from './table.ts'

/** A CSV file as a table of one sheet: UTF-8, GB18030 or UTF-16, parted by comma, semicolon or tab. */
export async function openCsv(path: string): Promise<TableFile> {
  const { size } = await stat(path)
  const encoding = await encodingOf(path)
  return {
    format: 'csv',
    sheets: [{ name: '', hidden: false, parts: () => readCsv(path, size, encoding) }],
    close: async () => undefined,
  }
}

async function* readCsv(path: string, size: number, encoding: Encoding): AsyncGenerator<SheetPart> {
  let cutter: RecordCutter | undefined
  let delimiter = ','
  for await (const { text, bytes } of decodedText(path, encoding)) {
    if (!cutter) {
      if (isBinary(text))
        throw new BadTable(
          '文件不是文本，也不是可以识别的表格；请用表格软件另存为 .xlsx 或 CSV（UTF-8）后导入。',
        )
      delimiter = delimiterOf(text)
      cutter = new RecordCutter(delimiter)
    }
    const records = cutter.push(text, bytes === size && text === '')
    const rows = rowsOf(records, delimiter)
    if (rows.length > 0) yield { rows, read: bytes / size }
  }
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/

/** Most of the first lines holding what no text has: a picture, an archive, a program. */
function isBinary(text: string): boolean {
  const lines = text.slice(0, 4000).split(/[\r\n]+/u, LINES_WEIGHED)
  return lines.filter((line) => CONTROL.test(line)).length > lines.length / 2
}

/** What DOS programs end a text with. */
const END_OF_FILE = '\u001a'
const SEPARATOR_LINE = /^sep=(.)\s*$/i
const DELIMITERS = [',', '\t', ';', '|']
/** Separators typed with a Chinese keyboard: only where no other stands in any line. */
const WIDE_DELIMITERS = ['，', '；']
const LINES_WEIGHED = 20

/**
 * The separator: what `sep=` in the first line names, as Excel has it, else the one that most of the first lines have
 * equally often. A title above the table has none.
 */
function delimiterOf(text: string): string {
  const lines = text.slice(0, MAX_CELL).split(/\r\n|\r|\n/u, LINES_WEIGHED)
  const named = SEPARATOR_LINE.exec(lines[0] ?? '')?.[1]
  if (named !== undefined) return named
  return strongest(DELIMITERS, lines) ?? strongest(WIDE_DELIMITERS, lines) ?? ','
}

function strongest(delimiters: readonly string[], lines: readonly string[]): string | undefined {
  const weights = delimiters.map((delimiter) => {
    const counts = new Map<number, number>()
    for (const line of lines) {
      const count = line.split(delimiter).length - 1
      if (count > 0) counts.set(count, (counts.get(count) ?? 0) + 1)
    }
    return Math.max(0, ...Array.from(counts, ([count, times]) => times * Math.min(count, 50)))
  })
  const most = Math.max(...weights)
  return most === 0 ? undefined : delimiters[weights.indexOf(most)]
}

function rowsOf(records: readonly RawRecord[], delimiter: string): TableRow[] {
  const kept = records
    .filter(({ line, text }) => (line > 1 || !SEPARATOR_LINE.test(text)) && text !== END_OF_FILE)
    // Files that were put one behind the other have such a mark within.
    .map((record) => ({ ...record, text: record.text.replace(/^\ufeff/u, '') }))
  const good = kept.filter((record) => !('fault' in record))
  const cells: string[][] = parse(good.map(({ text }) => text).join('\n'), {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: '\n',
  })
  if (cells.length !== good.length) throw new Error('a record was cut in two')
  let next = 0
  return kept.flatMap((record): TableRow[] => {
    const { line, text } = record
    if ('fault' in record) return [{ line, cells: [text], fault: record.fault }]
    const row = (cells[next] ?? []).map(withoutFormula)
    next += 1
    if (row.every((cell) => cell === '')) return []
    return [{ line, ...faultOf(row, text) }]
  })
}

function faultOf(row: string[], text: string): Omit<TableRow, 'line'> {
  if (row.length > MAX_COLUMNS) return { cells: row.slice(0, MAX_COLUMNS), fault: tooManyColumns(row.length) }
  const longest = row.find((cell) => cell.length > MAX_CELL)
  if (longest !== undefined) return { cells: row, fault: overlongCell(longest.length) }
  if (!CONTROL.test(text)) return { cells: row }
  const place = row.findIndex((cell) => CONTROL.test(cell))
  return { cells: row, fault: spoilt(row[place] ?? text, place + 1) }
}

function spoilt(cell: string, column: number): string {
  return cell.includes('\ufffd')
    ? `第 ${column} 栏含有无法识别的字节（显示为“\ufffd”），文字已残缺；请对照原件改正本行。`
    : `第 ${column} 栏含有空字节或不可见的控制字符，内容可能已损坏；请对照原件改正本行。`
}

/** `="91130102…"` is how text is kept from becoming a number in Excel. */
function withoutFormula(cell: string): string {
  return cell.startsWith('="') && cell.endsWith('"') && cell.length > 3 && !cell.slice(2, -1).includes('"')
    ? cell.slice(2, -1)
    : cell
}
