import { buffer } from 'node:stream/consumers'
import { CFB } from '@e965/xlsx'
import { ZipFile } from 'yazl'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main'

interface Parts {
  /** Contents of `sheetData` and what stands before and after it, by sheet. */
  sheets: { xml: string; before?: string; after?: string; state?: string; name?: string }[]
  shared?: string
  styles?: string
  workbookPr?: string
  strict?: boolean
}

/** A workbook of Office Open XML, part by part, as programs write it that are no spreadsheets. */
export function workbookOf({
  sheets,
  shared,
  styles,
  workbookPr = '',
  strict = false,
}: Parts): Promise<Buffer> {
  const main = strict ? STRICT : MAIN
  const office = strict
    ? 'http://purl.oclc.org/ooxml/officeDocument/relationships'
    : 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`
  const relations = (inner: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`
  const named = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name ?? `S${i + 1}`}" sheetId="${i + 1}" ${state ? `state="${state}"` : ''} r:id="s${i + 1}"/>`,
  )
  return zipOf({
    '_rels/.rels': relations(relation('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}">${workbookPr}<sheets>${named.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      sheets.map((_, i) => relation(`s${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)).join('') +
        (shared === undefined ? '' : relation('str', 'sharedStrings', '/xl/sharedStrings.xml')) +
        (styles === undefined ? '' : relation('sty', 'styles', 'styles.xml')),
    ),
    ...(shared !== undefined && { 'xl/sharedStrings.xml': `<sst xmlns="${main}">${shared}</sst>` }),
    ...(styles !== undefined && { 'xl/styles.xml': `<styleSheet xmlns="${main}">${styles}</styleSheet>` }),
    ...Object.fromEntries(
      sheets.map(({ xml, before = '', after = '' }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet xmlns="${main}">${before}<sheetData>${xml}</sheetData>${after}</worksheet>`,
      ]),
    ),
  })
}

/** An archive of these files. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  return buffer(zip.outputStream)
}

/** A cell of text as programs write it. */
export const text = (value: string, address = '') =>
  `<c ${address === '' ? '' : `r="${address}"`} t="inlineStr"><is><t>${value}</t></is></c>`

/** A row of such cells, from the line that a text file would have. */
export const textRow = (line: string) =>
  `<row>${line
    .split(',')
    .map((cell) => text(cell))
    .join('')}</row>`

/** A workbook of Excel 97 whose shared formulas each refer twice to the one before: written out, each doubles the last. */
export function doublingXls(formulas: number): Buffer {
  const numbers = (...all: number[]) => Buffer.concat(all.map((one) => Buffer.from([one & 255, one >> 8])))
  const record = (type: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    return Buffer.concat([numbers(type, body.length), body])
  }
  const begin = (kind: number) => record(0x809, numbers(0x600, kind, 0x1234, 0x07cc), Buffer.alloc(8))
  const end = record(0xa)
  const one = Buffer.concat([Buffer.from([0x1e]), numbers(1)])
  const reference = (row: number) => Buffer.concat([Buffer.from([1]), numbers(row, 0)])
  const cells = Array.from({ length: formulas }, (_, i) => {
    const shared = i === 0 ? one : Buffer.concat([one, reference(i - 1), reference(i - 1)])
    return Buffer.concat([
      record(0x6, numbers(i, 0, 0), Buffer.alloc(8), numbers(0), Buffer.alloc(4), numbers(5), reference(i)),
      record(0x4bc, numbers(i, i, 0, 0x100, shared.length), shared),
    ])
  })
  const globals = (at: number) => {
    const place = Buffer.alloc(6)
    place.writeUInt32LE(at)
    const sheet = Buffer.concat([place, Buffer.from([1, 0]), Buffer.from('a')])
    return Buffer.concat([begin(5), record(0x42, numbers(1200)), record(0x85, sheet), end])
  }
  const book = Buffer.concat([globals(globals(0).length), begin(0x10), ...cells, end])
  const container = CFB.utils.cfb_new()
  CFB.utils.cfb_add(container, '/Workbook', book)
  return Buffer.from(CFB.write(container, { type: 'buffer' }))
}
