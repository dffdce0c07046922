import { textOf } from '../sheets/cell.ts'
import { BadTable, isFilled, type TableRow } from '../sheets/table.ts'
import { acrossHeading } from './across.ts'
import { SERIAL } from './headings.ts'
import { tickHeading } from './marks.ts'
import { unitOfHeading } from './sums.ts'

/** How many different things a row's cells are known to head; 0 for a row that is no heading. */
export type HeadingJudge = (cells: readonly string[]) => number

/** Where a table's headings stand among its first rows, and what they say: one row, or groups over their parts. */
export interface HeadingRows {
  first: number
  last: number
  header: TableRow
}

/** Known headings that make a row a heading row when one of many cells could be chance. */
const ENOUGH_KNOWN = 2

/** Whether headings tell which firm a row is about: a list of the words of a field (字典) is no data. */
export type TellsFirm = (headings: readonly string[]) => boolean

/** The headings of the first table that has any that are known; undefined where no row heads any. */
export function knownHeadings(
  rows: readonly TableRow[],
  judge: HeadingJudge,
  tellsFirm: TellsFirm = () => true,
): HeadingRows | undefined {
  const known = rows.map((row) => (row.fault === undefined ? judge(row.cells.map(textOf)) : 0))
  const most = Math.max(0, ...known)
  const width = (row: TableRow | undefined) => row?.cells.filter(isFilled).length ?? 0
  const richest = known.indexOf(most)
  const at = tableBefore(rows, richest, judge, tellsFirm) ?? richest
  return most >= ENOUGH_KNOWN || (most === 1 && width(rows[at]) === 1)
    ? headingsFrom(rows, at, judge)
    : undefined
}

/** Share of a row's cells that are known headings where it heads a table, and how many are enough where not all are. */
const SHARE = 0.6
const ENOUGH_OF_SOME = 3

/** Whether a row is made of headings, its number in the list aside: most of at least three, or each of two. */
export function isOfHeadings({ cells, fault }: TableRow, judge: HeadingJudge, tellsFirm: TellsFirm): boolean {
  const texts = cells.map(textOf)
  const named = texts.filter((text) => text.trim() !== '' && !SERIAL.test(text.trim()))
  const known = judge(texts.map((text) => (SERIAL.test(text.trim()) ? '' : text)))
  const isEnough =
    (known >= ENOUGH_OF_SOME && known >= named.length * SHARE) ||
    (known >= ENOUGH_KNOWN && known === named.length)
  return fault === undefined && isEnough && tellsFirm(texts)
}

/**
 * Whether a row under the title of a part heads it, though few of its cells are known: none says a value, and a firm is told by one.
 * What the others mean is asked.
 */
export function headsPart({ cells, fault }: TableRow, judge: HeadingJudge, tellsFirm: TellsFirm): boolean {
  const texts = cells.filter(isFilled).map(textOf)
  const isBare = cells.every((cell) => typeof cell === 'string' && !/\d{4}|\d[.]\d/.test(cell))
  return (
    fault === undefined &&
    isBare &&
    texts.length >= ENOUGH_OF_SOME &&
    judge(texts) >= ENOUGH_KNOWN &&
    tellsFirm(texts)
  )
}

/** Whether the headings of two tables begin alike: one has a heading of the other among its first two. */
export function beginsAlike({ cells }: TableRow, known: ReadonlySet<string>): boolean {
  return cells
    .filter(isFilled)
    .slice(0, 2)
    .some((cell) => typeof cell === 'string' && known.has(cell))
}

/** The headings of a row, as they are written. */
export function headingsOf({ cells }: TableRow): Set<string> {
  return new Set(cells.flatMap((cell) => (isFilled(cell) ? [textOf(cell)] : [])))
}

/**
 * A row that heads a table of its own before the row that heads most columns: a list of those that passed stands before
 * one of those that failed, which has a column more.
 */
function tableBefore(
  rows: readonly TableRow[],
  richest: number,
  judge: HeadingJudge,
  tellsFirm: TellsFirm,
): number | undefined {
  const most = rows[richest]
  if (!most || !isOfHeadings(most, judge, tellsFirm)) return undefined
  const at = rows
    .slice(0, richest)
    .findIndex((row) => isOfHeadings(row, judge, tellsFirm) && beginsAlike(most, headingsOf(row)))
  const isData = ({ cells }: TableRow) =>
    cells.filter(isFilled).length > 1 && judge(cells.map(textOf)) < ENOUGH_KNOWN
  return at >= 0 && rows.slice(at + 1, richest).some(isData) ? at : undefined
}

/** The headings that stand in the row of a number, with the row of groups above it or of parts below it where there is one. */
export function headingsIn(rows: readonly TableRow[], line: number, judge: HeadingJudge): HeadingRows {
  const at = rows.findIndex((row) => row.line === line)
  const found = headingsFrom(rows, at, judge)
  if (!found) throw new BadTable(`第 ${line} 行没有内容，不能作为表头；请另行指明表头所在的行。`)
  return found
}

/** The first row of more than one cell, which must be the headings where none is known. */
export function firstWide(rows: readonly TableRow[], judge: HeadingJudge): HeadingRows | undefined {
  const at = rows.findIndex(({ cells }) => cells.filter(isFilled).length > 1)
  return headingsFrom(rows, Math.max(0, at), judge)
}

/** The headings in a row, and in its neighbour where the two together head more columns than either. */
function headingsFrom(rows: readonly TableRow[], at: number, judge: HeadingJudge): HeadingRows | undefined {
  const row = rows[at]
  if (!row) return undefined
  const count = ({ cells }: TableRow) => judge(cells.map(textOf))
  const [above, below] = [rows[at - 1], rows[at + 1]]
  if (below && isAsides(below)) {
    const within = headingsFrom(
      rows.toSpliced(at, 2, withAsides(row, below), { line: below.line, cells: [] }),
      at,
      judge,
    )
    return within && { ...within, last: at + 1 }
  }
  const ways: HeadingRows[] = [{ first: at, last: at, header: row }]
  const isData = below?.cells.some((cell) => typeof cell !== 'string' || /\d{4}/.test(cell))
  if (below && !isData) ways.push({ first: at, last: at + 1, header: joined(row, below, judge) })
  if (above) ways.push({ first: at - 1, last: at, header: joined(above, row, judge) })
  const counts = ways.map(({ header }) => count(header))
  const best = ways[counts.indexOf(Math.max(...counts))]
  // A row of groups says of which of them 名称 is, also where the parts alone would head as much.
  const grouped = ways.at(-1)
  const isGrouped =
    above && grouped && count(above) >= ENOUGH_KNOWN && count(grouped.header) >= count(best?.header ?? row)
  return isGrouped ? grouped : best
}

/** What stands under a heading and is no data: its unit, （必填）, yyyy-mm-dd. */
const ASIDE = /^(?:[（(【[［][^（）()【】[\]]{1,20}[）)】\]］]|y{4}.{0,10}|必填|选填|可选|非必填)$/iu
const ASIDES_BEGIN = /^(?:计量)?单位[:：]?$|^(?:填写|填报)?(?:说明|要求)[:：]?$/u

/** Whether a row under headings says their units, or how they are to be filled in, and nothing else. */
function isAsides({ cells, fault }: TableRow): boolean {
  const filled = cells.filter(isFilled)
  const [first, ...others] = filled
  const own = typeof first === 'string' && ASIDES_BEGIN.test(first.trim()) ? others : filled
  return (
    fault === undefined &&
    own.length > 0 &&
    own.every((cell) => {
      const text = textOf(cell).trim()
      return ASIDE.test(text) || unitOfHeading(text) !== undefined
    })
  )
}

/** Headings with what a row under them says of each: 罚款金额 over 万元 is 罚款金额（万元）. */
function withAsides({ line, cells }: TableRow, asides: TableRow): TableRow {
  return {
    line,
    cells: cells.map((cell, i) => {
      const aside = textOf(asides.cells[i] ?? '').trim()
      const unit = aside.replace(/^[（(【[［]|[）)】\]］]$/gu, '')
      return unitOfHeading(unit) === undefined ? cell : `${textOf(cell).trim()}（${unit}）`
    }),
  }
}

/** Parts whose group says what they are of: 名称 under 被抽样单位. */
const PARTS = /^(?:单位|企业)?(?:名称|姓名|地址|住所|代码|编号|号码|日期|时间|类别|类型|性质)$/u
const NAMES = /^(?:单位|企业)?(?:名称|姓名)$/u

/** A group of columns each of which is an item that was tested, perhaps with the unit of all: 检验项目（mg/kg） over 铅, 镉. */
const OF_ITEMS =
  /^(?:检验|检测|抽检|监测)(?:项目|指标|参数|结果|数据|值)(?:及(?:检测|检验)?(?:结果|数值))?\s?(?:[（(](?:单位[:：]?\s?)?([^（）()]{1,20})[）)])?$/u

/** A row of groups and one of their parts as one: a part by its group's words before its own, where that is known. */
function joined(groups: TableRow, parts: TableRow, judge: HeadingJudge): TableRow {
  const isKnown = (heading: string) => judge([heading]) > 0
  const text = ({ cells }: TableRow, i: number) => textOf(cells[i] ?? '').trim()
  let group = ''
  const cells = Array.from({ length: Math.max(groups.cells.length, parts.cells.length) }, (_, i) => {
    const [above, own] = [text(groups, i), text(parts, i)]
    // A heading over both rows is no group, and ends the one before it.
    if (own === '' || own === above) {
      group = ''
      return above
    }
    if (above !== '') group = above
    // 不合格项目 over 项目 says the same once more.
    if (group.endsWith(own) && isKnown(group)) return group
    const whole = `${group}${own}`
    if (group === '' || isKnown(whole)) return whole
    const ticked = tickHeading(group, own)
    if (isKnown(ticked)) return ticked
    const items = OF_ITEMS.exec(group)
    if (items && !isKnown(own)) return acrossHeading(own, items[1])
    if (!PARTS.test(own)) return own
    return NAMES.test(own) && isKnown(group) ? group : whole
  })
  return { line: parts.line, cells }
}
