import { regionsNamed } from '../codes/places.ts'
import { textOf } from '../sheets/cell.ts'
import { openTable } from '../sheets/open.ts'
import { BadTable, isFilled, type Sheet, type TableRow } from '../sheets/table.ts'
import {
  beginsAlike,
  firstWide,
  type HeadingJudge,
  headingsIn,
  headingsOf,
  headsPart,
  isOfHeadings,
  knownHeadings,
  type TellsFirm,
} from './heading-rows.ts'
import { numberApart, rowsApart, type Sets, setsUnder, sheetApart } from './side-by-side.ts'

/** How an upload is to be read where the file itself leaves that open. */
export interface ReadingChoice {
  /** Names of the sheets to read, in their order in the file. */
  sheets?: readonly string[] | undefined
  /** Row of the headings, counted as in the file; 0 for a table without headings. */
  headerRow?: number | undefined
  /** Whether a table whose headings are not known has none. */
  mayLackHeadings?: boolean
  /** Characters of a sheet that are read, where they are fewer than any table may hold. */
  mostOfSheet?: number
}

/** A sheet at first sight. */
export interface SheetLook {
  name: string
  hidden: boolean
  /** Row of its headings; undefined for a sheet that has none that are known. */
  headerRow?: number
  headers: string[]
  /** Whether it holds rows of data under known headings. */
  isTable: boolean
}

/** Part of an upload: headings first, then rows, and what was passed over as no data. */
export interface UploadPart {
  header?: TableRow
  /** What stands above the headings, that of the whole sheet first. */
  above?: readonly string[]
  /** Name of the sheet that the headings stand in. */
  sheet?: string
  rows: TableRow[]
  passed: Passed[]
  hiddenColumns: readonly number[]
  read: number
}

/** A row that is no data: a title above the headings, a note under the table, the headings again. */
export interface Passed {
  line: number
  at?: string
  why: 'title' | 'note' | 'headings-again' | 'sum'
  text: string
}

/** A file whose sheets leave open which of them is meant. */
export class UnclearSheets extends BadTable {
  constructor(
    message: string,
    readonly sheets: readonly SheetLook[],
  ) {
    super(message)
  }
}

/** Rows within which the headings are looked for. */
const HEADINGS_WITHIN = 30
const TEXT_SHOWN = 200

/** Looks at the beginning of a sheet, whose rows may be sets of columns. */
function look(
  { name, hidden }: Sheet,
  first: readonly TableRow[],
  sets: Sets | undefined,
  judge: HeadingJudge,
  tellsFirm: TellsFirm,
): SheetLook {
  const rows = sets ? first.flatMap((row) => rowsApart(row, sets)) : first
  const found = knownHeadings(rows, judge, tellsFirm)
  const headers = found ? found.header.cells.map(textOf) : []
  const lineOf = (line: number) => (sets ? Math.ceil(line / sets.count) : line)
  return {
    name,
    hidden,
    ...(found && { headerRow: lineOf(found.header.line) }),
    headers,
    isTable: found !== undefined && rows.length > found.last + 1 && tellsFirm(headers),
  }
}

/** The sets of columns that the first rows of a sheet have headings in; of the row that is said to be of headings, where one is. */
function setsIn(rows: readonly TableRow[], judge: HeadingJudge, headerRow?: number): Sets | undefined {
  for (const { line, cells, fault } of rows) {
    const sets = fault === undefined ? setsUnder(cells) : undefined
    const isHeadings =
      headerRow === undefined ? sets && judge(cells.slice(0, sets.width).map(textOf)) > 0 : line === headerRow
    if (sets && isHeadings) return sets
  }
  return undefined
}

/** Known headings that a list of words with their codes has at most, and its share of those of the table that it is for. */
const LISTED = 3
const SHARE = 0.5

/** Looks at the sheets of a file together: a short list beside a table of many columns is what its cells are chosen from. */
function withoutLists(looks: readonly SheetLook[], judge: HeadingJudge): SheetLook[] {
  const known = looks.map(({ isTable, headers }) => (isTable ? judge(headers) : 0))
  const most = Math.max(0, ...known)
  return looks.map((one, i) => {
    const own = known[i] ?? 0
    return own <= LISTED && own <= most * SHARE ? { ...one, isTable: false } : one
  })
}

async function firstRows(sheet: Sheet, headerRow = 0): Promise<TableRow[]> {
  const within = Math.max(HEADINGS_WITHIN, headerRow)
  const rows: TableRow[] = []
  for await (const part of sheet.parts()) {
    rows.push(...part.rows)
    if (rows.length > within) break
  }
  return rows.slice(0, within + 1)
}

/** Sheets of a file that are read: those that were named, else the only one with data. */
function chosen(looks: readonly SheetLook[], { sheets: named }: ReadingChoice): number[] {
  if (named !== undefined) {
    const missing = named.filter((name) => !looks.some((look) => look.name === name))
    if (missing.length > 0)
      throw new UnclearSheets(`文件中没有名为“${missing.join('”“')}”的工作表；现有：${names(looks)}。`, looks)
    return looks.flatMap(({ name }, i) => (named.includes(name) ? [i] : []))
  }
  if (looks.length === 1) return [0]
  const tables = looks.flatMap(({ isTable }, i) => (isTable ? [i] : []))
  const seen = tables.filter((i) => looks[i]?.hidden === false)
  if (seen.length === 1) return seen
  if (seen.length > 1)
    throw new UnclearSheets(
      `文件中有 ${seen.length} 个工作表含有数据，请指明导入哪一个（或哪几个）：${names(looks)}。`,
      looks,
    )
  if (tables.length > 0)
    throw new UnclearSheets(`文件中只有隐藏的工作表含有数据，请指明是否导入：${names(looks)}。`, looks)
  const first = looks.findIndex(({ hidden }) => !hidden)
  return [Math.max(0, first)]
}

function names(looks: readonly SheetLook[]): string {
  return looks
    .slice(0, 50)
    .map(
      ({ name, hidden, isTable }) => `“${name}”${hidden ? '（隐藏）' : ''}${isTable ? '' : '（没有数据）'}`,
    )
    .join('、')
}

/** What an upload has: its sheets, and which of them are read. */
export interface UploadLook {
  sheets: SheetLook[]
  chosen: string[]
}

/**
 * Reads an upload part by part: finds the sheet and its headings, passes over what is no data. Throws `BadTable` for
 * what is no table and `UnclearSheets` where the choice between sheets is open. `onLook` is told what sheets there are.
 */
export async function* readUpload(
  path: string,
  judge: HeadingJudge,
  choice: ReadingChoice = {},
  onLook: (found: UploadLook) => void = () => undefined,
  tellsFirm: TellsFirm = () => true,
): AsyncGenerator<UploadPart> {
  const file = await openTable(path, choice.mostOfSheet)
  try {
    const seen: SheetLook[] = []
    const setsOf: (Sets | undefined)[] = []
    for (const sheet of file.sheets) {
      const rows = await firstRows(sheet, choice.headerRow)
      const sets = setsIn(rows, judge, choice.headerRow)
      setsOf.push(sets)
      seen.push(look(sheet, rows.slice(0, HEADINGS_WITHIN + 1), sets, judge, tellsFirm))
    }
    const looks = withoutLists(seen, judge)
    const places = chosen(looks, choice)
    onLook({ sheets: looks, chosen: places.map((i) => looks[i]?.name ?? '') })
    let before = 0
    for (const [done, i] of places.entries()) {
      const sheet = file.sheets[i]
      if (!sheet) continue
      let last = before
      const sets = setsOf[i]
      const { headerRow } = choice
      const own =
        sets && headerRow !== undefined ? { ...choice, headerRow: numberApart(headerRow, sets) } : choice
      for await (const part of readSheet(sheetApart(sheet, sets), judge, own, tellsFirm)) {
        if (places.length > 1) renumber(part, sheet.name, before)
        last = part.rows.at(-1)?.line ?? last
        yield { ...part, ...(part.header && { sheet: sheet.name }), read: (done + part.read) / places.length }
      }
      before = last
    }
  } finally {
    await file.close()
  }
}

/** Rows of several sheets are counted through, so that each has a number of its own; `at` says where it stands. */
function renumber(part: UploadPart, sheet: string, before: number): void {
  for (const row of [...(part.header ? [part.header] : []), ...part.rows, ...part.passed]) {
    row.at = `“${sheet}”${row.at ?? `第 ${row.line} 行`}`
    row.line += before
  }
}

/** How the title of a part of a sheet begins: 一、合格产品. */
const OF_A_PART = /^\s*[（(]?[一二三四五六七八九十]{1,3}[)）、.．]/u
/** What a title says where it speaks of samples that passed or failed. */
const OUTCOME = /合格|符合/u

async function* readSheet(
  sheet: Sheet,
  judge: HeadingJudge,
  choice: ReadingChoice,
  tellsFirm: TellsFirm,
): AsyncGenerator<UploadPart> {
  let head: TableRow[] | undefined = []
  let header: TableRow | undefined
  /** The rows that headings stand in, and the headings that they make. */
  let headings: readonly TableRow[] = []
  /** Texts of the present headings. */
  let known = new Set<string>()
  /** What stands above all tables of the sheet. */
  let ofAll: string[] = []
  /** Rows of one cell: titles of what follows, or notes under what came. */
  let lone: TableRow[] = []
  const hidden = new Set<number>()
  const headedBy = (row: TableRow, rows: readonly TableRow[]) => {
    header = row
    headings = rows
    known = headingsOf(row)
  }
  /** Whether a row heads another table: most of its cells are headings, of which the present table has one of the first two. */
  const headsAnew = (row: TableRow): boolean =>
    choice.headerRow !== 0 && beginsAlike(row, known) && isOfHeadings(row, judge, tellsFirm)
  /** Titles above a part: its own, and those of all, save on an outcome that its own tells. */
  const titlesOf = (own: readonly string[]) => {
    const isTold = own.some((title) => OUTCOME.test(title))
    return [...ofAll.filter((title) => !isTold || !OUTCOME.test(title)), ...own]
  }
  function* partsOf(rows: readonly TableRow[], read: number, isLast: boolean): Generator<UploadPart> {
    const columns = () => Array.from(hidden)
    let part: UploadPart = { rows: [], passed: [], hiddenColumns: columns(), read }
    const put = (row: TableRow) => {
      const why = header && whyNoData(row, header, headings)
      if (why) part.passed.push({ line: row.line, why, text: shortText(row) })
      else part.rows.push(row)
    }
    for (const row of rows) {
      if (header && isLone(row, header)) {
        lone.push(row)
        continue
      }
      const why = header && whyNoData(row, header, headings)
      const isUnderTitle = lone.length > 0 && choice.headerRow !== 0
      const isAnew =
        why === undefined && (headsAnew(row) || (isUnderTitle && headsPart(row, judge, tellsFirm)))
      const isOfPart = lone.some((title) => OF_A_PART.test(shortText(title)))
      const begins = isAnew || (why === 'headings-again' ? lone.length > 0 : why === undefined && isOfPart)
      if (!header || !begins) {
        for (const one of lone) put(one)
        lone = []
        put(row)
        continue
      }
      yield part
      if (isAnew) headedBy(row, [row])
      part = {
        header: { ...header, line: row.line },
        above: titlesOf(lone.map(shortText)),
        rows: why === undefined && !isAnew ? [row] : [],
        passed: [...lone.map((title) => passedAs(title, 'title')), ...(why ? [passedAs(row, why)] : [])],
        hiddenColumns: columns(),
        read,
      }
      lone = []
    }
    if (isLast) for (const one of lone) put(one)
    yield part
  }
  function* begin(rows: readonly TableRow[], read: number, isLast: boolean): Generator<UploadPart> {
    const { titles, header: found, headings: own, data } = split(rows, judge, choice, tellsFirm)
    if (found) headedBy(found, own)
    ofAll = titles.map(shortText).filter((text) => !OF_A_PART.test(text))
    const [first, next, ...others] = partsOf(data, read, isLast)
    if (!first) return
    const passed = [...titles.map((row) => passedAs(row, 'title')), ...first.passed]
    // A title of a part right under the headings leaves nothing before it.
    if (next && first.rows.length === 0) yield { ...next, passed: [...passed, ...next.passed] }
    else {
      yield { ...first, ...(found && { header: { ...found }, above: titles.map(shortText) }), passed }
      if (next) yield next
    }
    yield* others
  }
  for await (const { rows, read, hiddenColumns = [] } of sheet.parts()) {
    for (const column of hiddenColumns) hidden.add(column)
    if (head) {
      head.push(...rows)
      if (head.length <= Math.max(HEADINGS_WITHIN, choice.headerRow ?? 0)) continue
      yield* begin(head, read, false)
      head = undefined
    } else yield* partsOf(rows, read, false)
  }
  if (head && head.length > 0) yield* begin(head, 1, true)
  else if (lone.length > 0) yield* partsOf([], 1, true)
}

function passedAs(row: TableRow, why: Passed['why']): Passed {
  return { line: row.line, why, text: shortText(row) }
}

/** Whether a row of a table of several columns has one cell only, of text: a title or a note, unless it lost the others. */
function isLone({ cells, fault, hidden }: TableRow, header: TableRow): boolean {
  const [only, ...others] = cells.filter(isFilled)
  return (
    fault === undefined &&
    !hidden &&
    typeof only === 'string' &&
    others.length === 0 &&
    header.cells.filter(isFilled).length >= NARROW
  )
}

/** The rows of a sheet's beginning: what stands above the headings, the headings, what follows. */
function split(
  rows: readonly TableRow[],
  judge: HeadingJudge,
  { headerRow, mayLackHeadings = false }: ReadingChoice,
  tellsFirm: TellsFirm,
) {
  if (headerRow === 0) {
    const width = Math.max(0, ...rows.map(({ cells }) => cells.length))
    const cells = Array.from({ length: width }, (_, i) => `第 ${i + 1} 栏`)
    return { titles: [], header: { line: 0, cells }, headings: [], data: rows }
  }
  const known =
    headerRow === undefined ? knownHeadings(rows, judge, tellsFirm) : headingsIn(rows, headerRow, judge)
  const found = known ?? (mayLackHeadings ? undefined : firstWide(rows, judge))
  if (!found) return { titles: [], header: undefined, headings: [], data: rows }
  const { first, last, header } = found
  if (headerRow === undefined) mustHeadAll(rows.slice(0, first), header, judge)
  return {
    titles: rows.slice(0, first),
    header,
    headings: [header, ...rows.slice(first, last + 1)],
    data: rows.slice(last + 1),
  }
}

/** What stands in a row of data and in no title: a code of a firm, or its name, in a cell of its own. */
const OF_A_FIRM = /^(?:[\dA-HJ-NP-RTUW-Y]{18}|[\p{Script=Han}（）()]{2,40}(?:公司|厂|合作社|超市|商店))$/u
const LINES_NAMED = 5

/**
 * Refuses a table above whose headings stand rows of another one whose own are not known: they would be passed over as
 * titles. What a form says of the whole has headings beside its values.
 */
function mustHeadAll(above: readonly TableRow[], { line }: TableRow, judge: HeadingJudge): void {
  const lost = above.filter(
    ({ cells }) =>
      cells.filter(isFilled).length >= NARROW &&
      cells.some((cell) => OF_A_FIRM.test(textOf(cell).trim())) &&
      judge(cells.map(textOf)) === 0 &&
      !cells.some((cell) => /[:：]/u.test(textOf(cell))),
  )
  if (lost.length === 0) return
  const lines = lost.slice(0, LINES_NAMED).map((row) => row.line)
  const more = lost.length > LINES_NAMED ? `等 ${lost.length} 行` : '行'
  throw new BadTable(
    `表头看来在第 ${line} 行，但其上第 ${lines.join('、')} ${more}像是另一个表的数据，不能当作标题略过：请把各表分成各自的工作表或文件，或者指明表头所在的行。`,
  )
}

/** How notes under a table begin; nothing that heads a row of data does. */
const NOTE =
  /^(注|备注|说明|填表|填报|制表|审核|复核|联系|经办|单位负责人|负责人|盖章|（盖章|附[:：件]|来源|数据来源|报送|统计|填写|以上|本表|本次|※|\*|合计|总计|共计|小计|[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]\D)/u
const SUMS = new Set(['合计', '总计', '小计', '共计', '合格率', '平均合格率', '抽检合格率', '抽查合格率'])
/** What is counted behind such a word in its own cell: 合计：3件. */
const COUNTED = /[:：]?\s?\d{1,9}(?:\.\d{1,6})?\s?(?:[件批家起个条户次例款]|批次|万元|元)?$/u
/** Who filled a form in, and how to reach them: a note, in however many cells. */
const FILLED_IN_BY =
  /^(?:填报|填表|制表|审核|复核|联系|经办|单位负责|分管领导|负责)(?:单位|部门|人|日期|时间|电话|人员)?(?:[（(](?:盖章|签字|签章|公章)[）)])?[:：]/u
/** Cells in which a sum's word stands, and columns that a table must have for a lone cell to be a note. */
const SUM_WITHIN = 3
const NARROW = 3

/** A note's own label in a cell of its own, with its words beside it. */
const LABEL =
  /^(?:注|备注|说明|联系人|(?:联系)?电话|(?:填报|填表|制表|审核|复核|统计|打印)(?:单位|人|时间|日期))[:：]?$/u
/** What a lone cell under a table holds that is no data: words in brackets, who signs and when, counts of pages. */
const SIGNED =
  /^(?:[（(【[].{1,200}[）)】\]]|特此(?:公告|通告|通报|公示)[。.]?|(?:本页|共|第)\s?\d{1,4}\s?(?:页|条|批次|家)?.{0,12}|.{2,30}(?:局|厅|委员会|办公室|人民政府)(?:（?(?:盖章|公章)）?)?|\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}-\d{2}-\d{2}|[〇○零一二三四五六七八九]{4}年.{1,3}月.{1,3}日|打印.{0,30}|.{0,2}以下空白.{0,2}|完|本页共\d{1,5}条|-{1,3}\s?\d{1,4}\s?-{1,3})$/u

/** A place alone, numbered or with a count behind it, that heads its rows: 石家庄市（2家）, 一、石家庄市. */
const OF_A_PLACE =
  /^(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]\s?)?([^\s（()）:：、.．\d]{2,12}[市县区])\s?(?:[（(]?共?\s?\d{1,5}\s?[家个户批件条][次]?[）)]?)?[:：]?$/u

function isPlaceAlone(text: string): boolean {
  const place = OF_A_PLACE.exec(text)?.[1]
  return place !== undefined && regionsNamed(place).length > 0
}

function isNote(text: string): boolean {
  return NOTE.test(text) || SIGNED.test(text)
}

function whyNoData(
  row: TableRow,
  header: TableRow,
  headings: readonly TableRow[],
): Passed['why'] | undefined {
  if (row.fault !== undefined) return undefined
  const { cells } = row
  const filled = cells.filter(isFilled)
  const [first] = filled
  const [only] = filled.length === 1 ? filled : []
  const isWide = header.cells.filter(isFilled).length >= NARROW
  if (only !== undefined && (isPlaceAlone(textOf(only).trim()) || (isWide && isNote(textOf(only).trim()))))
    return 'note'
  if (typeof first !== 'string') return undefined
  if (isWide && filled.length <= NARROW && LABEL.test(first.trim())) return 'note'
  if (FILLED_IN_BY.test(first.trim())) return 'note'
  const isSum = (cell: unknown) =>
    typeof cell === 'string' && SUMS.has(cell.replace(COUNTED, '').replace(/[\s:：]/gu, ''))
  const isOfFigures = filled.slice(1).every((cell) => /^[\d.,]{1,20}\D{0,3}$/u.test(textOf(cell).trim()))
  if (isSum(first) && (isOfFigures || cells.slice(0, SUM_WITHIN).some(isSum))) return 'sum'
  const isAgain = (known: TableRow) =>
    cells.every((cell, i) => !isFilled(cell) || (typeof cell === 'string' && cell === known.cells[i]))
  return filled.length > 1 && headings.some(isAgain) ? 'headings-again' : undefined
}

function shortText({ cells }: TableRow): string {
  return cells.filter(isFilled).map(textOf).join(' ').slice(0, TEXT_SHOWN)
}
