import { readFile, stat } from 'node:fs/promises'
import type { CellObject, ColInfo, DenseWorkSheet, WorkBook } from '@e965/xlsx'
import type { Cell } from './cell.ts'
import { formatOf } from './formats.ts'
import type { Epoch } from './serial.ts'
import { Spans } from './spans.ts'
import {
  BadTable,
  isFilled,
  MAX_CELL,
  MAX_COLUMNS,
  overlongCell,
  ROWS_A_PART,
  type Sheet,
  type SheetPart,
  type TableFile,
  type TableRow,
  tooManyColumns,
} from './table.ts'

/** Bytes of a workbook of Excel 97 to 2003, which is held whole. */
const MAX_BYTES = 10 * 1024 ** 2

/** A workbook in the format of Excel 97 to 2003 (.xls, also .et of WPS), by SheetJS. */
export async function openXls(path: string): Promise<TableFile> {
  const { size } = await stat(path)
  if (size > MAX_BYTES)
    throw new BadTable('旧版 Excel（.xls）文件超过 10 MB；请用表格软件另存为 .xlsx 后导入。')
  const bytes = await readFile(path)
  refuseOthers(bytes)
  const workbook = await parsed(bytes)
  const epoch: Epoch = workbook.Workbook?.WBProps?.date1904 ? 1904 : 1900
  const sheets = workbook.SheetNames.flatMap((name, i): Sheet[] => {
    const sheet = workbook.Sheets[name]
    if (!sheet || !('!data' in sheet)) return []
    const hidden = (workbook.Workbook?.Sheets?.[i]?.Hidden ?? 0) !== 0
    const dense = sheet as DenseWorkSheet
    return [{ name, hidden, parts: () => partsOf(dense, epoch) }]
  })
  if (sheets.length === 0) throw new BadTable('此工作簿中没有工作表。')
  return { format: 'xls', sheets, close: async () => undefined }
}

/** Files of the same container (MS-CFB) that are no workbook, told by the names of their streams. */
function refuseOthers(bytes: Buffer): void {
  const has = (stream: string) => bytes.includes(Buffer.from(stream, 'utf16le'))
  if (has('EncryptedPackage')) throw withPassword()
  if (has('Workbook') || has('Book')) return
  if (has('WordDocument'))
    throw new BadTable(
      '这是 Word 文档（.doc），不是表格；请把其中的表格复制到表格软件，另存为 .xlsx 后导入。',
    )
  throw new BadTable('这个文件中没有工作簿；请用表格软件打开并另存为 .xlsx 后重新导入。')
}

function withPassword(): BadTable {
  return new BadTable(
    '此文件有密码，不能读取；请在表格软件中取消密码（文件 → 信息 → 保护工作簿），另存后重新导入。',
  )
}

async function parsed(bytes: Buffer): Promise<WorkBook> {
  // Few uploads are of this format, so only they pay for the library and its tables of old code pages.
  const { read, set_cptable } = await import('@e965/xlsx')
  set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'))
  try {
    return read(bytes, {
      ...{ type: 'buffer', dense: true, cellNF: true, cellStyles: true, cellText: false },
      // Formulas that refer to each other are written out by the library at each reference: a few dozen never end.
      cellFormula: false,
    })
  } catch (error) {
    if (error instanceof Error && /password|encrypt/i.test(error.message)) throw withPassword()
    throw new BadTable(
      '无法读取此 .xls 文件，文件不完整或已损坏；请用表格软件打开并另存为 .xlsx 后重新导入。',
      {
        cause: error,
      },
    )
  }
}

async function* partsOf(sheet: DenseWorkSheet, epoch: Epoch): AsyncGenerator<SheetPart> {
  const data = sheet['!data'] ?? []
  const columns: (ColInfo | undefined)[] = sheet['!cols'] ?? []
  const hiddenColumns = columns.flatMap((column, i) => (column?.hidden ? [i] : []))
  const reaching = mergedDown(sheet)
  const spans = new Spans()
  let rows: TableRow[] = []
  for (const [i, own = []] of data.entries()) {
    const row = rowOf(i, Array.from(own), epoch)
    spans.fill(row)
    for (const [column, until] of reaching.get(i) ?? [])
      spans.reach(row, column, until + 1, row.cells[column] ?? '')
    if (sheet['!rows']?.[i]?.hidden) row.hidden = true
    if (row.fault !== undefined || row.cells.some(isFilled)) rows.push(row)
    if (rows.length < ROWS_A_PART) continue
    yield { rows, read: i / data.length, hiddenColumns }
    rows = []
  }
  yield { rows, read: 1, hiddenColumns }
}

/** Of a small file's, so many are looked at. */
const MOST_MERGED = 100_000

/** Cells merged over several rows: the last row that each reaches, by its own row and column. */
function mergedDown(sheet: DenseWorkSheet): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const merged = new Map<number, Map<number, number>>()
  for (const { s, e } of (sheet['!merges'] ?? []).slice(0, MOST_MERGED)) {
    if (e.r <= s.r || s.c >= MAX_COLUMNS) continue
    const own = merged.get(s.r) ?? new Map<number, number>()
    merged.set(s.r, own.set(s.c, e.r))
  }
  return merged
}

function rowOf(i: number, cells: readonly (CellObject | undefined)[], epoch: Epoch): TableRow {
  const row: TableRow = { line: i + 1, cells: [] }
  let widest = 0
  cells.forEach((object, column) => {
    const cell = object ? cellOf(object, epoch) : ''
    if (!isFilled(cell)) return
    widest = column + 1
    if (column >= MAX_COLUMNS) return
    if (typeof cell === 'string' && cell.length > MAX_CELL) row.fault ??= overlongCell(cell.length)
    while (row.cells.length < column) row.cells.push('')
    row.cells[column] = cell
  })
  if (widest > MAX_COLUMNS) row.fault ??= tooManyColumns(widest)
  return row
}

/** Error values by their number in the file (MS-XLS 2.5.10). */
const ERRORS: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
}

function cellOf({ t, v, z, f }: CellObject, epoch: Epoch): Cell {
  switch (t) {
    case 's':
      return String(v ?? '')
    case 'b':
      return { is: 'boolean', value: v === true }
    case 'e':
      return { is: 'error', text: ERRORS[Number(v)] ?? '#VALUE!' }
    case 'n': {
      if (typeof v !== 'number') return f === undefined ? '' : { is: 'formula', text: f.slice(0, 200) }
      const { isDate, shows, places, beside } = formatOf(0, typeof z === 'string' ? z : undefined)
      if (isDate) return { is: 'date', serial: v, epoch, ...(shows && { shows }) }
      return {
        is: 'number',
        digits: String(v),
        ...(epoch === 1904 && { epoch }),
        ...(places > 0 && { places }),
        ...(beside && { beside }),
      }
    }
    default:
      return ''
  }
}
