import { open, stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { decodedText, encodingOf } from './encoding.ts'
import { type RawRecord, RecordCutter } from './records.ts'
import { readXlsx } from './xlsx.ts'

/** A row of a table under its line number; one that could not be read says why. */
export type TableRow = { line: number; cells: string[] } | { line: number; cells: string[]; fault: string }

/** Rows of a file as they are read, and how much of the file they have taken, from 0 to 1. */
export interface TablePart {
  rows: TableRow[]
  read: number
}

/** A file that is no table; the message is Chinese and says what to do. */
export class BadTable extends Error {
  override readonly name = 'BadTable'
}

const MAX_COLUMNS = 200

/** Reads a CSV or XLSX file part by part, whatever its name says it is. */
export async function* readTable(path: string): AsyncGenerator<TablePart> {
  const { size } = await stat(path)
  if (size === 0) throw new BadTable('文件是空的。')
  const start = await firstBytes(path)
  if (start.startsWith('PK')) yield* readXlsx(path)
  else if (start.startsWith('\xd0\xcf\x11\xe0'))
    throw new BadTable('这是旧版 Excel（.xls）文件；请另存为 .xlsx 或 CSV（UTF-8）后重新导入。')
  else yield* readCsv(path, size)
}

async function* readCsv(path: string, size: number): AsyncGenerator<TablePart> {
  const encoding = await encodingOf(path)
  let cutter: RecordCutter | undefined
  let delimiter = ','
  for await (const { text, bytes } of decodedText(path, encoding)) {
    if (!cutter) {
      delimiter = delimiterOf(text)
      cutter = new RecordCutter(delimiter)
    }
    const records = cutter.push(text, bytes === size && text === '')
    if (text.includes('\0'))
      throw new BadTable('文件含有空字节，不是 CSV 文本；请用表格软件另存为 CSV（UTF-8）或 XLSX。')
    if (records.length > 0) yield { rows: rowsOf(records, delimiter), read: bytes / size }
  }
}

/** The separator that the first line has most of: a comma, a tab (Unicode text from Excel) or a semicolon. */
function delimiterOf(text: string): string {
  const [line = ''] = text.split(/[\r\n]/u, 1)
  const count = (separator: string) => line.split(separator).length
  return ['\t', ';'].find((separator) => count(separator) > count(',')) ?? ','
}

function rowsOf(records: readonly RawRecord[], delimiter: string): TableRow[] {
  const good = records.filter((record) => !('fault' in record))
  const cells: string[][] = parse(good.map(({ text }) => text).join('\n'), {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: '\n',
  })
  if (cells.length !== good.length) throw new Error('a record was cut in two')
  let next = 0
  return records.map((record): TableRow => {
    const { line } = record
    if ('fault' in record) return { line, cells: [record.text], fault: record.fault }
    const row = cells[next] ?? []
    next += 1
    return row.length > MAX_COLUMNS
      ? {
          line,
          cells: row.slice(0, MAX_COLUMNS),
          fault: `本行有 ${row.length} 栏，超过 ${MAX_COLUMNS} 栏的上限。`,
        }
      : { line, cells: row }
  })
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return buffer.subarray(0, bytesRead).toString('latin1')
  } finally {
    await file.close()
  }
}
