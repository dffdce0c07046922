import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { writable } from '../codes/characters.ts'
import type { TableCell, TableColumn } from './export.ts'

/** Rows of a sheet; Excel reads no more. */
const SHEET_ROWS = 1_048_575
/** Of no moment, so that the same table is the same bytes. */
const WRITTEN = { mtime: new Date(2000, 0, 1) }
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/**
 * An XLSX workbook (ECMA-376) written while its rows come in, so that it may be as long as it likes: a heading row that
 * stays in sight, text as text, a further sheet where one is full.
 */
export function workbook(
  title: string,
  columns: readonly TableColumn[],
  parts: AsyncIterable<readonly (readonly TableCell[])[]>,
): Readable {
  const zip = new ZipFile()
  const out = new PassThrough()
  zip.outputStream.on('error', (error) => out.destroy(error)).pipe(out)
  write(zip, title, columns, parts).catch((error: unknown) =>
    out.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  return out
}

async function write(
  zip: ZipFile,
  title: string,
  columns: readonly TableColumn[],
  parts: AsyncIterable<readonly (readonly TableCell[])[]>,
): Promise<void> {
  const rows = eachRow(parts)
  const names: string[] = []
  let next = await rows.next()
  do {
    const sheet: AsyncGenerator<string> = sheetText(columns, rows, next, (left) => {
      next = left
    })
    names.push(sheetName(title, names.length + 1))
    await addStream(zip, `xl/worksheets/sheet${names.length}.xml`, Readable.from(chunked(sheet)))
  } while (!next.done)
  for (const [path, text] of packageParts(names)) zip.addBuffer(Buffer.from(XML + text), path, WRITTEN)
  zip.end()
}

function addStream(zip: ZipFile, path: string, stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.on('end', resolve).on('error', reject)
    zip.addReadStream(stream, path, WRITTEN)
  })
}

type NextRow = IteratorResult<readonly TableCell[], void>

async function* sheetText(
  columns: readonly TableColumn[],
  rows: AsyncGenerator<readonly TableCell[], void>,
  first: NextRow,
  leave: (next: NextRow) => void,
): AsyncGenerator<string> {
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  yield `<cols><col min="1" max="${columns.length}" width="18" customWidth="1"/></cols><sheetData>`
  yield rowText(
    columns.map(({ label }) => label),
    1,
  )
  let next = first
  for (let count = 0; !next.done && count < SHEET_ROWS; count += 1) {
    yield rowText(next.value, 0)
    next = await rows.next()
  }
  leave(next)
  yield '</sheetData></worksheet>'
}

async function* eachRow(
  parts: AsyncIterable<readonly (readonly TableCell[])[]>,
): AsyncGenerator<readonly TableCell[], void> {
  for await (const rows of parts) yield* rows
}

const CHUNK = 64 * 1024

/** Small texts put together: a stream costs more for each chunk than for each character. */
async function* chunked(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for await (const text of texts) {
    chunk += text
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

function rowText(cells: readonly TableCell[], style: number): string {
  return `<row>${cells.map((cell) => cellText(cell, style)).join('')}</row>`
}

function cellText(cell: TableCell, style: number): string {
  if (cell === undefined || cell === null || cell === '') return '<c/>'
  if (typeof cell === 'number') return `<c s="${style}"><v>${cell}</v></c>`
  const text = typeof cell === 'boolean' ? (cell ? '是' : '否') : cell
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** What begins a character by its number, `_x0039_`, where the text itself has these letters; a return after them is written with the `_` that ends it. */
const LIKE_ESCAPE = /_(?=x[0-9a-f]{4}[_\r])/gi

/** A text as a cell holds it (ECMA-376 part 1, 22.9.2.19): read back it is the same letters, whatever they spell. */
function escaped(text: string): string {
  return writable(text)
    .replace(LIKE_ESCAPE, '_x005F_')
    .replaceAll('\r', '_x000D_')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

function sheetName(title: string, number: number): string {
  const name = title.replace(/[[\]:*?/\\']/g, ' ').slice(0, 26)
  return number === 1 ? name : `${name} ${number}`
}

/** The parts of the package beside its sheets. */
function packageParts(names: readonly string[]): [string, string][] {
  const each = (text: (number: number, name: string) => string) =>
    names.map((name, i) => text(i + 1, name)).join('')
  const sheets = names.length
  return [
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPES}.worksheet+xml"/>`)}</Types>`,
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((n, name) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
    ],
  ]
}
