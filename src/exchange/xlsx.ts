import { readSheet } from 'read-excel-file/node'
import yauzl from 'yauzl'
import { BadTable, type TablePart } from './table.ts'

const MAX_UNPACKED = 100 * 1024 * 1024
const ROWS_PER_PART = 1000
const DAY_MS = 24 * 3_600_000

/** Rows of the first sheet of an XLSX workbook. A workbook is held whole, so its unpacked size is bounded. */
export async function* readXlsx(path: string): AsyncGenerator<TablePart> {
  await checkSize(path)
  const rows = await readSheet(path).catch((error: unknown) => {
    throw new BadTable('无法读取此 XLSX 文件，文件可能已损坏；请用表格软件打开并另存后重新导入。', {
      cause: error,
    })
  })
  for (let from = 0; from < rows.length; from += ROWS_PER_PART)
    yield {
      rows: rows
        .slice(from, from + ROWS_PER_PART)
        .map((cells, i) => ({ line: from + i + 1, cells: cells.map(textOf) }))
        .filter(({ cells }) => cells.some((cell) => cell !== '')),
      read: Math.min(1, (from + ROWS_PER_PART) / rows.length),
    }
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (!(cell instanceof Date)) return String(cell)
  // A spreadsheet's day begins at midnight; rounding takes away what its floating-point days lose.
  return new Date(Math.round(cell.getTime() / 1000) * 1000)
    .toISOString()
    .slice(0, cell.getTime() % DAY_MS < 1000 ? 10 : 19)
}

/** Unpacks every part of the archive once, keeping nothing, so that a small file can't fill the memory. */
function checkSize(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const broken = (error: unknown) =>
      reject(new BadTable('无法打开此 XLSX 文件，文件不完整或已损坏；请重新导出后再导入。', { cause: error }))
    yauzl.open(path, { lazyEntries: true }, (error, archive) => {
      if (error || !archive) return broken(error)
      let unpacked = 0
      const tooBig = () => {
        archive.close()
        reject(new BadTable('此 XLSX 文件展开后超过 100 MB；请拆分为多个文件，或另存为 CSV 后导入。'))
      }
      archive.on('error', broken)
      archive.on('end', resolve)
      archive.on('entry', (entry: yauzl.Entry) => {
        if (unpacked + entry.uncompressedSize > MAX_UNPACKED) return tooBig()
        archive.openReadStream(entry, (failure, stream) => {
          if (failure || !stream) return broken(failure)
          stream.on('data', (chunk: Buffer) => {
            unpacked += chunk.length
            if (unpacked > MAX_UNPACKED) {
              stream.destroy()
              tooBig()
            }
          })
          stream.on('error', broken)
          stream.on('end', () => archive.readEntry())
        })
      })
      archive.readEntry()
    })
  })
}
