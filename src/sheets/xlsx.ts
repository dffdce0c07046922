import { posix } from 'node:path'
import { Archive } from './archive.ts'
import { type Cell, MOST_DIGITS } from './cell.ts'
import { type Format, formatOf, GENERAL } from './formats.ts'
import { attribute, isOn, Markup, type MarkupEvents } from './markup.ts'
import type { Epoch } from './serial.ts'
import { Spans } from './spans.ts'
import {
  BadTable,
  isFilled,
  MAX_CELL,
  MAX_COLUMNS,
  MAX_SHEET_ROWS,
  mustNotBeManySheets,
  overlongCell,
  ROWS_A_PART,
  type Sheet,
  type SheetPart,
  type TableFile,
  type TableRow,
  tooManyColumns,
} from './table.ts'

/** Texts that the cells of a workbook share are held; a workbook with more is told to become a CSV file. */
const MAX_SHARED_BYTES = 80 * 1024 ** 2
const MAX_SHARED = 1_200_000
/** The parts that say what sheets, styles and relations there are. */
const MAX_SMALL_PART = 16 * 1024 ** 2
/** What a workbook refers to: its sheets, their charts and macros, links to other workbooks. */
const MOST_RELATIONS = 5_000

/** What cells of a workbook refer to. */
interface Context {
  epoch: Epoch
  formats: readonly Format[]
  shared: readonly string[]
}

/** Whether an archive is a workbook in Office Open XML (ECMA-376), and not some other office file. */
export async function openXlsx(path: string): Promise<TableFile> {
  const archive = await Archive.open(path)
  try {
    return await workbookIn(archive)
  } catch (error) {
    await archive.close()
    throw error
  }
}

async function workbookIn(archive: Archive): Promise<TableFile> {
  refuseOthers(archive)
  const root = await relations(archive, '_rels/.rels', '')
  const workbook = root.find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  const folder = posix.dirname(workbook)
  const own = await relations(archive, `${folder}/_rels/${posix.basename(workbook)}.rels`, folder)
  const { sheets, epoch } = await readWorkbook(archive, workbook)
  const targetOf = (type: string) => own.find((relation) => relation.type === type)?.target
  const byId = new Map(own.map((relation) => [relation.id, relation]))
  const formats = await readFormats(archive, targetOf('styles'))
  const strings = targetOf('sharedStrings')
  // Most looks at a workbook go no further than which sheets there are, and each sheet needs the texts.
  let shared: Promise<string[]> | undefined
  const context = async (): Promise<Context> => {
    shared ??= readShared(archive, strings)
    return { epoch, formats, shared: await shared }
  }
  const targets = new Set<string>()
  const found = sheets.flatMap(({ name, hidden, id }): Sheet[] => {
    const relation = byId.get(id ?? '')
    if (relation?.type !== 'worksheet') return []
    const { target } = relation
    if (targets.has(target))
      throw new BadTable('此工作簿有几张工作表指向同一内容，文件已损坏；请用表格软件打开并另存后重新导入。')
    targets.add(target)
    let merged: Promise<Merged> | undefined
    const mergedOf = () => {
      merged ??= mergedDown(archive, target)
      return merged
    }
    return [{ name, hidden, parts: () => readSheet({ archive, part: target, name }, context, mergedOf) }]
  })
  if (found.length === 0)
    throw new BadTable('此工作簿中没有工作表；请用表格软件打开并另存为 .xlsx 后重新导入。')
  return { format: 'xlsx', sheets: found, close: () => archive.close() }
}

function refuseOthers(archive: Archive): void {
  if (archive.has('xl/workbook.bin'))
    throw new BadTable('这是二进制工作簿（.xlsb）；请用表格软件另存为 .xlsx 后重新导入。')
  if (archive.has('word/document.xml'))
    throw new BadTable(
      '这是 Word 文档（.docx），不是表格；请把其中的表格复制到表格软件，另存为 .xlsx 后导入。',
    )
  if (archive.has('ppt/presentation.xml')) throw new BadTable('这是演示文稿（.pptx），不是表格。')
  if (archive.has('content.xml') && archive.has('mimetype'))
    throw new BadTable('这是开放文档（.ods、.odt）；请用表格软件另存为 .xlsx 后重新导入。')
  if (!archive.has('xl/workbook.xml') && !archive.has('_rels/.rels'))
    throw new BadTable('这是压缩包，不是表格；请先解压，再逐个上传其中的表格。')
}

interface Relation {
  id: string
  /** The last word of its type: `worksheet`, in the transitional and the strict form alike. */
  type: string
  target: string
}

async function relations(archive: Archive, part: string, folder: string): Promise<Relation[]> {
  const found: Relation[] = []
  await readPart(archive, part, MAX_SMALL_PART, {
    open(name, attributes) {
      const { Id, Type, Target } = attributes
      if (name !== 'Relationship' || Id === undefined || Type === undefined || Target === undefined) return
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target)
      found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target })
      if (found.length > MOST_RELATIONS)
        throw new BadTable('此工作簿引用的部分过多，不像是正常的表格；请用表格软件打开并另存后重新导入。')
    },
  })
  return found
}

async function readWorkbook(archive: Archive, part: string) {
  const sheets: { name: string; hidden: boolean; id: string | undefined }[] = []
  let epoch: Epoch = 1900
  await readPart(archive, part, MAX_SMALL_PART, {
    open(name, attributes) {
      if (name === 'workbookPr' && isOn(attributes.date1904)) epoch = 1904
      if (name !== 'sheet') return
      const { state = 'visible', name: title = '' } = attributes
      sheets.push({ name: unescaped(title), hidden: state !== 'visible', id: attribute(attributes, 'id') })
      mustNotBeManySheets(sheets.length)
    },
  })
  return { sheets, epoch }
}

async function readFormats(archive: Archive, part: string | undefined): Promise<Format[]> {
  const codes = new Map<number, string>()
  const formats: Format[] = []
  let within = ''
  if (part !== undefined)
    await readPart(archive, part, MAX_SMALL_PART, {
      open(name, attributes) {
        if (name === 'cellXfs' || name === 'cellStyleXfs' || name === 'dxfs') within = name
        if (name === 'numFmt' && within === '')
          codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
        if (name !== 'xf' || within !== 'cellXfs') return
        const id = Number(attributes.numFmtId ?? 0)
        formats.push(formatOf(id, codes.get(id)))
      },
      close(name) {
        if (name === within) within = ''
      },
    })
  return formats
}

/** Texts of a workbook without their looks, and without the readings that stand above some. */
async function readShared(archive: Archive, part: string | undefined): Promise<string[]> {
  const shared: string[] = []
  if (part === undefined) return shared
  const gathered = textGatherer()
  await readPart(archive, part, MAX_SHARED_BYTES, {
    ...gathered.events,
    close(name) {
      gathered.events.close(name)
      if (name !== 'si') return
      shared.push(unescaped(gathered.take().text))
      if (shared.length > MAX_SHARED) throw tooLong()
    },
  })
  return shared
}

/** Gathers what stands in `t` elements, apart from phonetic runs. */
function textGatherer() {
  let text = ''
  let length = 0
  let isText = false
  let isReading = false
  return {
    events: {
      open(name: string) {
        if (name === 'rPh') isReading = true
        else if (name === 't') isText = !isReading
      },
      text(part: string) {
        if (!isText) return
        length += part.length
        if (length <= MAX_CELL) text += part
      },
      close(name: string) {
        if (name === 'rPh') isReading = false
        else if (name === 't') isText = false
      },
    },
    take() {
      const taken = { text, length }
      text = ''
      length = 0
      return taken
    },
  }
}

async function* readSheet(
  { archive, part, name }: { archive: Archive; part: string; name: string },
  context: () => Promise<Context>,
  merged: () => Promise<Merged>,
): AsyncGenerator<SheetPart> {
  const reader = new SheetReader(name, await context(), await merged())
  const markup = new Markup(reader, 'xml')
  const size = archive.size(part)
  let bytes = 0
  for await (const { text, length } of decoded(archive, part)) {
    bytes += length
    markup.write(text)
    if (reader.rows.length >= ROWS_A_PART) yield reader.take(Math.min(1, bytes / size))
  }
  markup.end()
  yield reader.take(1)
}

/** Bytes of a sheet whose merged cells are looked for: they stand behind its rows, so it is unpacked twice. */
const MAX_MERGED_SHEET = 64 * 1024 ** 2
const MAX_MERGED_TEXT = 4 * 1024 ** 2
const MOST_MERGED = 100_000

/** Cells that are merged over several rows: the last row that each reaches, by its own row and column. */
type Merged = ReadonlyMap<number, ReadonlyMap<number, number>>

async function mergedDown(archive: Archive, part: string): Promise<Merged> {
  const merged = new Map<number, Map<number, number>>()
  if (archive.size(part) > MAX_MERGED_SHEET) return merged
  let tail: string | undefined
  let before = ''
  for await (const { text } of decoded(archive, part)) {
    if (tail !== undefined) {
      if (tail.length < MAX_MERGED_TEXT) tail += text
      continue
    }
    const window = before + text
    const end = window.search(/<\/(\w+:)?sheetData>/)
    if (end >= 0) tail = window.slice(end)
    before = text.slice(-30)
  }
  let count = 0
  for (const [, first = '', last = ''] of (tail ?? '').matchAll(
    /mergeCell ref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"/g,
  )) {
    const [row, until] = [rowOf(first), rowOf(last)]
    if (until <= row) continue
    const own = merged.get(row) ?? new Map<number, number>()
    merged.set(row, own.set(columnOf(first, -1), until))
    count += 1
    if (count >= MOST_MERGED) break
  }
  return merged
}

function rowOf(address: string): number {
  return Number(address.replace(/^[A-Z]+/, ''))
}

/** Rows of a worksheet as its text comes in; a row or a cell without content leaves nothing. */
class SheetReader implements MarkupEvents {
  readonly #name: string
  readonly #context: Context
  readonly #gathered = textGatherer()
  rows: TableRow[] = []
  #hiddenColumns: number[] = []
  #line = 0
  #row: TableRow = { line: 0, cells: [] }
  #column = -1
  #widest = 0
  #type = ''
  #style = 0
  #value = ''
  #valueLength = 0
  #formula = ''
  #within = ''

  readonly #merged: Merged
  /** Cells that reach down over further rows, by column. */
  readonly #spans = new Spans()

  constructor(name: string, context: Context, merged: Merged) {
    this.#name = name
    this.#context = context
    this.#merged = merged
  }

  place(): string {
    return `工作表“${this.#name}”第 ${this.#line} 行`
  }

  take(read: number): SheetPart {
    const { rows } = this
    this.rows = []
    return { rows, read, hiddenColumns: this.#hiddenColumns }
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'c':
        this.#column = attributes.r === undefined ? this.#column + 1 : columnOf(attributes.r, this.#column)
        this.#type = attributes.t ?? 'n'
        this.#style = Number(attributes.s ?? 0)
        this.#value = ''
        this.#valueLength = 0
        this.#formula = ''
        break
      case 'v':
      case 'f':
        this.#within = name
        break
      case 'row':
        this.#line = attributes.r === undefined ? this.#line + 1 : Number(attributes.r)
        if (!(this.#line >= 1 && this.#line <= MAX_SHEET_ROWS))
          throw new BadTable(
            `工作表的行数超过 ${MAX_SHEET_ROWS} 的上限，或行号有误；请用表格软件打开并另存后导入。`,
          )
        this.#row = { line: this.#line, cells: [], ...(isOn(attributes.hidden) && { hidden: true }) }
        this.#column = -1
        this.#widest = 0
        break
      case 'col':
        if (isOn(attributes.hidden)) this.#hide(Number(attributes.min), Number(attributes.max))
        break
      default:
        this.#gathered.events.open(name)
    }
  }

  text(part: string): void {
    if (this.#within === 'v') {
      this.#valueLength += part.length
      if (this.#valueLength <= MAX_CELL) this.#value += part
    } else if (this.#within === 'f') {
      if (this.#formula.length <= 200) this.#formula += part
    } else this.#gathered.events.text(part)
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 'f':
        this.#within = ''
        break
      case 'c':
        this.#endCell()
        break
      case 'row':
        this.#endRow()
        break
      default:
        this.#gathered.events.close(name)
    }
  }

  #hide(min: number, max: number): void {
    for (let column = min - 1; column < Math.min(max, MAX_COLUMNS); column += 1)
      this.#hiddenColumns.push(column)
  }

  #endCell(): void {
    const inline = this.#gathered.take()
    const length = Math.max(inline.length, this.#valueLength)
    if (length > MAX_CELL) this.#row.fault ??= overlongCell(length)
    const cell = this.#cell(inline.text)
    if (!isFilled(cell)) return
    const column = this.#column
    this.#widest = Math.max(this.#widest, column + 1)
    if (column >= MAX_COLUMNS) return
    const { cells } = this.#row
    while (cells.length < column) cells.push('')
    cells[column] = cell
  }

  #cell(inline: string): Cell {
    const value = this.#value
    const { epoch, shared, formats } = this.#context
    switch (this.#type) {
      case 's':
        return value === '' ? '' : (shared[Number(value)] ?? this.#dangling())
      case 'inlineStr':
        return unescaped(inline)
      case 'e':
        return { is: 'error', text: value === '' ? '#VALUE!' : value }
      case 'b':
        return value === '' ? this.#unknown() : { is: 'boolean', value: isOn(value) }
      case 'str':
        // A text of no characters is what many a formula comes to.
        return unescaped(value)
      case 'd':
        return value
      default: {
        if (value === '') return this.#unknown()
        const { isDate, shows, places, beside } = formats[this.#style] ?? GENERAL
        const serial = Number(value)
        if (!Number.isFinite(serial) || value.length > MOST_DIGITS) return value
        if (isDate) return { is: 'date', serial, epoch, ...(shows && { shows }) }
        return {
          is: 'number',
          digits: value,
          ...(epoch === 1904 && { epoch }),
          ...(places > 0 && { places }),
          ...(beside && { beside }),
        }
      }
    }
  }

  /** A cell without a value: nothing, unless a formula was never calculated. */
  #unknown(): Cell {
    return this.#formula === '' ? '' : { is: 'formula', text: this.#formula }
  }

  #dangling(): string {
    this.#row.fault ??= '本行有单元格指向文件中不存在的文字，文件已损坏；请用表格软件打开并另存后导入。'
    return ''
  }

  #endRow(): void {
    const row = this.#row
    this.#spans.fill(row)
    for (const [column, until] of this.#merged.get(row.line) ?? [])
      this.#spans.reach(row, column, until, row.cells[column] ?? '')
    if (this.#widest > MAX_COLUMNS) row.fault ??= tooManyColumns(this.#widest)
    if (row.cells.length > 0 || row.fault !== undefined) this.rows.push(row)
  }
}

/** Place of `AB12` counted from 0; the next one for what is no address. */
function columnOf(address: string, before: number): number {
  let column = 0
  for (let i = 0; i < address.length && i < 4; i += 1) {
    const letter = address.charCodeAt(i) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column === 0 ? before + 1 : column - 1
}

/** Text in which OOXML writes what XML can't hold as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

async function readPart(archive: Archive, part: string, most: number, events: MarkupEvents): Promise<void> {
  if (!archive.has(part)) return
  const markup = new Markup(events, 'xml')
  for await (const { text } of decoded(archive, part, most)) markup.write(text)
  markup.end()
}

async function* decoded(archive: Archive, part: string, most?: number) {
  // XML is UTF-8 unless its mark says otherwise, and spreadsheets write nothing else.
  let decoder: TextDecoder | undefined
  for await (const chunk of archive.bytes(part, most)) {
    decoder ??= new TextDecoder(utf16Of(chunk) ?? 'utf-8')
    yield { text: decoder.decode(chunk, { stream: true }), length: chunk.length }
  }
}

function utf16Of(chunk: Buffer): string | undefined {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
  return undefined
}

function tooLong(): BadTable {
  return new BadTable('此工作簿中的文字过多；请另存为 CSV（UTF-8）后导入，或拆分为多个文件。')
}
