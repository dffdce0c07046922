import { open, stat } from 'node:fs/promises'
import { bounded, MAX_SHEET } from './bounded.ts'
import { openCsv } from './csv.ts'
import { openHtml } from './html.ts'
import { openRecords } from './records-xml.ts'
import { openSpreadsheetMl } from './spreadsheetml.ts'
import { BadTable, type TableFile } from './table.ts'
import { openXls } from './xls.ts'
import { openXlsx } from './xlsx.ts'

const SINGLE_PAGE = '这是单个文件网页（.mht）；请用表格软件打开并另存为 .xlsx 后导入。'

/** Files that are no tables, by how they begin, each called what it is. */
const OTHERS: readonly (readonly [start: string, what: string])[] = [
  ['%PDF', '这是 PDF 文件，不是表格；请取得原来的表格，或把其中的表格录入表格软件后另存为 .xlsx。'],
  ['{\\rtf', '这是 RTF 文档，不是表格；请把其中的表格复制到表格软件，另存为 .xlsx 后导入。'],
  ['\x89PNG', '这是图片，不是表格。'],
  ['\xff\xd8\xff', '这是图片，不是表格。'],
  ['GIF8', '这是图片，不是表格。'],
  ['Rar!', '这是压缩包（RAR）；请先解压，再逐个上传其中的表格。'],
  ['7z\xbc\xaf', '这是压缩包（7z）；请先解压，再逐个上传其中的表格。'],
  ['\x1f\x8b', '这是压缩包（GZIP）；请先解压，再上传其中的表格。'],
  ['SQLite format 3', '这是数据库文件，不是表格；请从中导出 CSV（UTF-8）后导入。'],
  ['ID;P', '这是符号链接文件（SYLK）；请用表格软件打开并另存为 .xlsx 后导入。'],
  ['From: ', SINGLE_PAGE],
  ['MIME-Version:', SINGLE_PAGE],
]

/**
 * Opens a table by what its bytes are, whatever its name says, of whose sheets so many characters are read. Throws `BadTable` for
 * what is none.
 */
export async function openTable(path: string, mostOfSheet = MAX_SHEET): Promise<TableFile> {
  return bounded(await tableIn(path), mostOfSheet)
}

async function tableIn(path: string): Promise<TableFile> {
  const { size } = await stat(path)
  if (size === 0) throw new BadTable('文件是空的。')
  const start = await firstBytes(path)
  if (start.startsWith('PK')) return openXlsx(path)
  // Excel 97 to 2003 in its container, and the bare streams of Excel 2 to 4.
  if (start.startsWith('\xd0\xcf\x11\xe0') || /^\t[\0\x02\x04][\x06\x04\b]\0/.test(start))
    return openXls(path)
  const other = OTHERS.find(([beginning]) => start.startsWith(beginning))
  if (other) throw new BadTable(other[1])
  const text = start
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart()
  if (/urn:schemas-microsoft-com:office:spreadsheet|progid="Excel\.Sheet"/.test(text))
    return openSpreadsheetMl(path)
  if (
    /^<(!doctype\s+html|html|head|body|meta|table|style|script|div)\b/i.test(text) ||
    /^<(!--|\?xml)[\s\S]*<(html|table)\b/i.test(text)
  )
    return openHtml(path)
  if (/^<\?xml/.test(text)) return openRecords(path)
  if (/^[{[]\s*["{[]/.test(text))
    throw new BadTable('这是 JSON 文件，不是表格；请另存为 .xlsx 或 CSV（UTF-8）后导入。')
  return openCsv(path)
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead).toString('latin1')
  } finally {
    await file.close()
  }
}
