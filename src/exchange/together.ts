import { createHash } from 'node:crypto'
import { comparedNumber } from '../records/document-number.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import { licence, statesOfUnits } from '../records/licence.ts'
import { isOneOf } from '../records/stored.ts'
import { foldedText } from '../search/normalise.ts'
import { type Cell, textOf } from '../sheets/cell.ts'
import type { TableRow } from '../sheets/table.ts'
import type { Mapping } from './columns.ts'
import { SERIAL } from './headings.ts'
import { differentItems, type Item, namesOfFailing } from './items.ts'
import type { RowFault, RowReading } from './row-reading.ts'
import { isBlank, NUMBERS } from './values.ts'
import { askedVerdict } from './verdicts.ts'

/** The number by which the world tells records of a kind apart: rows that share it are parts of one thing. */
const NUMBERED_BY: Readonly<Record<string, string>> = {
  penalty: 'documentNo',
  licence: 'number',
  inspection: 'reportNo',
}

/** Fields of which each part of a thing may have its own, with what stands between them. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  penalty: ['conduct', 'facts', 'violatedProvision', 'penaltyBasis', 'content', 'types', 'revokedLicence'],
  licence: ['product', 'productGroup', 'specification', 'scope'],
  inspection: ['failedItems', 'findings'],
}
/** What tells apart things of one number: a report may be about several products, a licence for several units that fare each by itself. */
const TOLD_APART_BY: Readonly<Record<string, readonly string[]>> = {
  inspection: ['product', 'specification', 'batch'],
  licence: ['unit'],
}
const BETWEEN = '；'

/** What rows have to share to be parts of one thing. */
interface Shared {
  text: string
  /** A number, by which they belong together wherever they stand; else only those beside each other do. */
  isNumber: boolean
  /** What rows without a number say each beside their items, with their place in the list. */
  said?: readonly string[]
  serial?: string
  /** The verdict of a sample without a number and without items: rows alike but for it contradict each other. */
  verdict?: string
}

/** Whether a row beside another is of the same sample: it says the same, or leaves something open under one serial number. */
function isBeside(one: Shared | undefined, other: Shared | undefined): boolean {
  if (!one || !other || one.isNumber || other.isNumber) return false
  if (one.verdict !== undefined && one.verdict === other.verdict) return false
  if (one.text === other.text) return true
  const { said: own = [], serial = '' } = one
  const its = other.said ?? []
  return (
    serial !== '' &&
    serial === other.serial &&
    own.every((text, i) => text === its[i] || text === '' || its[i] === '')
  )
}

/** Whether records of a kind bear numbers by which their rows belong together. */
export function isNumbered({ type }: RecordKind): boolean {
  return NUMBERED_BY[type] !== undefined
}

/** What a row shares with others of its number, wherever in an upload they stand; undefined for one without a number. */
export function numberOf(row: TableRow, mapping: Mapping, kind: RecordKind): string | undefined {
  const shared = sharedOf(row, mapping, kind)
  return shared?.isNumber ? shared.text : undefined
}

/** A row of a thing, which may stand on another sheet than the others, with other headings. */
export interface Part {
  cells: readonly Cell[]
  mapping: Mapping
}

const sharedBy = new WeakMap<TableRow, { mapping: Mapping; shared: Shared | undefined }>()

/**
 * What rows have to share to be put together: the firm and the number. Undefined for a row without a
 * number, which stands for itself, save items of a sample whose every other cell is one merged over them.
 */
function sharedOf(row: TableRow, mapping: Mapping, kind: RecordKind): Shared | undefined {
  const known = sharedBy.get(row)
  if (known?.mapping === mapping) return known.shared
  const shared = readShared(row, mapping, kind)
  sharedBy.set(row, { mapping, shared })
  return shared
}

function readShared(row: TableRow, mapping: Mapping, kind: RecordKind): Shared | undefined {
  const { targets } = mapping
  if (row.fault !== undefined || row.hidden) return undefined
  const field = NUMBERED_BY[kind.type]
  if (field === undefined) return undefined
  const firm: string[] = []
  const product: string[] = []
  let number = ''
  let isSample = false
  for (const [i, target] of targets.entries()) {
    const text = plain(row.cells[i])
    if (target.to === 'uscc' || target.to === 'orgCode' || target.to === 'code') firm.push(text)
    else if (target.to === 'party' && (target.part === 'name' || target.part === 'code')) firm.push(text)
    else if (target.to === 'enterprise' && target.column.field === 'name') firm.push(text)
    else if (target.to === 'record' && target.column.field === 'sampleNo' && text !== '') {
      number = text
      isSample = true
    } else if (target.to === 'record' && target.column.field === field && number === '') number = text
    else if (target.to === 'made-on') product.push(text)
    else if (target.to === 'record' && TOLD_APART_BY[kind.type]?.includes(target.column.field))
      product.push(text)
  }
  if (number === '') return kind.type === 'inspection' ? unnumberedSample(row, mapping) : undefined
  // One number of a sample is about one product of one firm, save a short one that is counted within each.
  const compared = comparedNumber(number)
  if (isSample && compared.length >= TELLS_SAMPLE) return { text: compared, isNumber: true }
  const told = [...firm, compared, ...(isSample ? [] : product)]
  return { text: told.join('|'), isNumber: true }
}

/** Characters from which on a sample's number tells it among those of all firms. */
const TELLS_SAMPLE = 5

/** Firms that rows of one sample are said to be about, where these are several. */
function otherFirms(rows: readonly RowReading[]): RowFault[] {
  // One firm may be written by either of its codes, and its name in either width.
  const codes = new Map(
    rows.flatMap(({ codes: { uscc, orgCode } }) => {
      const code = uscc ?? orgCode
      if (code === undefined) return []
      const compared = comparedNumber(code)
      return [[compared.length === 18 ? compared.slice(8, 17) : compared, code] as const]
    }),
  )
  const names = new Map(
    rows.flatMap(({ enterprise: { name } }) =>
      typeof name === 'string' ? [[foldedText(name), name] as const] : [],
    ),
  )
  const several = Array.from((codes.size > 0 ? codes : names).values())
  return several.length < 2
    ? []
    : [
        {
          code: 'contradiction',
          header: '抽样编号',
          value: several.slice(0, 3).join(BETWEEN),
          detail: `抽样编号相同的 ${rows.length} 行写着不同的企业（${several.slice(0, 3).join('、')}），不能确定是哪一家的样品；这些行均未导入。请对照原件改正编号或者企业；标称生产者和被抽样单位不同的，在同一行分栏写明。`,
        },
      ]
}

const OF_ITEMS = new Set(['failedItems', 'items', 'outcome'])

/**
 * What rows of a sample without a number share: all they say beside their items, verdict and place in the list, and the
 * cell of its product where that is one cell merged over them.
 */
function unnumberedSample(
  { cells, merged = {} }: TableRow,
  { targets, headers }: Mapping,
): Shared | undefined {
  let hasProduct = false
  let hasItem = false
  let verdict = ''
  let cell: number | undefined
  const said = targets.flatMap((target, i) => {
    const text = plain(cells[i])
    if (target.to === 'nothing' || target.to === 'passed-over') return []
    const isItem =
      target.to === 'item' ||
      target.to === 'result' ||
      target.to === 'verdict' ||
      (target.to === 'record' && OF_ITEMS.has(target.column.field))
    if (isItem) {
      const isNamed =
        target.to === 'item' || (target.to === 'record' && target.column.field === 'failedItems')
      if (text !== '' && isNamed) hasItem = true
      else if (!isNamed) verdict += text
      return []
    }
    if (target.to === 'record' && target.column.field === 'product' && text !== '') {
      hasProduct = true
      cell = merged[i]
    }
    return [text]
  })
  if (!hasProduct) return undefined
  const serial = plain(cells[headers.findIndex((header) => SERIAL.test(header.trim()))])
  const shared = { text: JSON.stringify([...said, cell]), isNumber: false, said, serial }
  return hasItem ? shared : { ...shared, verdict }
}

/**
 * Why rows that share all but their items are not known to be one sample: their serial numbers differ, no number of a
 * sample is given, and no cell of its product is merged over them.
 */
export function faultOfSerials(
  rows: readonly TableRow[],
  { targets, headers }: Mapping,
  kind: RecordKind,
): RowFault | undefined {
  const at = headers.findIndex((header) => SERIAL.test(header.trim()))
  const serials = new Set(rows.map(({ cells }) => plain(cells[at])))
  if (kind.type !== 'inspection' || at < 0 || serials.size < 2) return undefined
  const has = (field: string, what: (row: TableRow, column: number) => boolean) =>
    targets.some(
      (target, i) =>
        target.to === 'record' && target.column.field === field && rows.every((row) => what(row, i)),
    )
  const isFilledIn = ({ cells }: TableRow, column: number) => plain(cells[column]) !== ''
  if (has('sampleNo', isFilledIn) || has('reportNo', isFilledIn)) return undefined
  if (has('product', ({ merged }, column) => merged?.[column] !== undefined)) return undefined
  return {
    code: 'contradiction',
    header: headers[at] ?? '',
    value: Array.from(serials).slice(0, 3).join(BETWEEN),
    detail: `除检验项目外完全相同的 ${rows.length} 行没有抽样编号，序号却不同（${Array.from(serials).slice(0, 3).join('、')}），不能确定是一个样品的几项还是几个样品；这些行均未导入。是同一样品的，给各行填同一抽样编号或者同一序号；是不同样品的，各填各的抽样编号。`,
  }
}

/** Items that rows without a number name twice with different values: two samples, or one measured twice. */
function repeatedItems(rows: readonly RowReading[], items: readonly Item[]): RowFault[] {
  const names = items.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  const isNumbered = rows.some(({ record }) => (record.sampleNo ?? record.reportNo) !== undefined)
  return twice === undefined || isNumbered
    ? []
    : [
        {
          code: 'contradiction',
          header: '检验项目',
          value: twice,
          detail: `除检验项目外完全相同的 ${rows.length} 行没有抽样编号，“${twice}”却有不同的结果，这些行均未导入。是同一样品的，给各行填同一抽样编号；是不同样品的，各填各的抽样编号。`,
        },
      ]
}

function plain(cell: Cell | undefined): string {
  const text = cell === undefined ? '' : textOf(cell).trim()
  return isBlank(text) ? '' : text
}

/** Rows that share a number, together; every other row by itself, save items of one sample beside each other. */
export function groupsOf(rows: readonly TableRow[], mapping: Mapping, kind: RecordKind): TableRow[][] {
  const groups: TableRow[][] = []
  const numbered = new Map<string, TableRow[]>()
  let last: Shared | undefined
  for (const row of rows) {
    const shared = sharedOf(row, mapping, kind)
    const known = shared?.isNumber
      ? numbered.get(shared.text)
      : isBeside(last, shared)
        ? groups.at(-1)
        : undefined
    last = shared
    if (known) known.push(row)
    else {
      const group = [row]
      groups.push(group)
      if (shared?.isNumber) numbered.set(shared.text, group)
    }
  }
  // What is written again word for word adds nothing to what it is written of.
  const again = new Set(Array.from(numbered.values()).filter((group) => group.length > 1 && isOneRow(group)))
  return again.size === 0
    ? groups
    : groups.flatMap((group) => (again.has(group) ? group.map((row) => [row]) : [group]))
}

function isOneRow([first, ...others]: readonly TableRow[]): boolean {
  const text = (row: TableRow | undefined) => JSON.stringify(row?.cells)
  return others.every((row) => text(row) === text(first))
}

/**
 * How many of the first rows have to be decided together: at least as many as asked for, and all within reach that are parts
 * of one thing with one of them.
 */
export function togetherWithin(
  rows: readonly TableRow[],
  { least, most }: { least: number; most: number },
  mapping: Mapping,
  kind: RecordKind,
): number {
  let end = Math.min(least, rows.length)
  const known = new Set<string>()
  let seen = 0
  const sharedAt = (i: number) => {
    const row = rows[i]
    return row && sharedOf(row, mapping, kind)
  }
  for (let i = end; i < Math.min(rows.length, most); i += 1) {
    for (; seen < end; seen += 1) {
      const shared = sharedAt(seen)
      if (shared?.isNumber) known.add(shared.text)
    }
    const shared = sharedAt(i)
    const belongs = shared?.isNumber ? known.has(shared.text) : i === end && isBeside(sharedAt(i - 1), shared)
    if (belongs) end = i + 1
  }
  return end
}

/** Whether rows say the same in all. */
function areAlike(rows: readonly RowReading[]): boolean {
  const said = rows.map(({ codes, enterprise, record, items }) =>
    JSON.stringify([codes, enterprise, record, items]),
  )
  return new Set(said).size === 1
}

/** The one thing that rows are parts of, or what contradicts within them. */
export function together(rows: readonly RowReading[], kind: RecordKind): RowReading | { faults: RowFault[] } {
  const [first, ...others] = rows
  if (!first) throw new Error('no rows to put together')
  if (others.length === 0) return first
  const record: RecordData = { ...first.record }
  const isInspection = kind.type === 'inspection'
  const items = differentItems(rows.flatMap((row) => row.items))
  const faults = isInspection ? [...otherFirms(rows), ...repeatedItems(rows, items)] : []
  const parts = PARTS[kind.type] ?? []
  for (const column of kind.columns) {
    const { field, label } = column
    const values = rows.map((row) => row.record[field]).filter((value) => value !== undefined)
    const different = Array.from(new Set(values.map((value) => JSON.stringify(value))))
    if (different.length < 2) {
      if (values.length > 0) record[field] = values[0]
    } else if (NUMBERS.has(field) && new Set(values.map((value) => comparedNumber(`${value}`))).size === 1)
      record[field] = values[0]
    else if (field === 'items') record.items = items
    else if (field === 'failedItems' && items.length > 0) record.failedItems = namesOfFailing(items)
    // Each row has the verdict on its own items: one that fails makes the sample fail.
    else if (field === 'outcome' && isJudgedByItem(rows)) record.outcome = '不合格'
    else if (parts.includes(field)) record[field] = joined(values)
    else {
      const word = isInspection && field === 'outcome' ? askedVerdict(first.record) : undefined
      const way = word
        ? '这些行均未导入。请对照报告指明以哪个为准（问一次，另一方的行不导入）；编号填错的，更正编号。'
        : remedy(column, kind)
      faults.push({
        code: 'contradiction',
        header: label,
        value: different.slice(0, 3).join(BETWEEN),
        detail: `编号相同的 ${rows.length} 行应为同一条${kind.label}记录，但各行的“${label}”不同（${different.slice(0, 3).join('、')}）；${way}`,
        ...(word && { word }),
      })
    }
  }
  const isUnnumbered = isInspection && (record.sampleNo ?? record.reportNo) === undefined
  if (isUnnumbered && areAlike(rows))
    faults.push({
      code: 'same-row',
      detail: `没有抽样编号的 ${rows.length} 行完全相同，不能确定是同一样品写了几遍，还是几个样品；这些行均未导入。是同一样品的，删去重复的行；是不同样品的，各填各的抽样编号。`,
    })
  if (faults.length > 0) return { faults }
  const backwards = rows.toReversed()
  return {
    ...first,
    codes: Object.assign({}, ...backwards.map(({ codes }) => codes)),
    enterprise: Object.assign({}, ...backwards.map(({ enterprise }) => enterprise)),
    record,
    items,
    doubts: rows.flatMap(({ doubts }) => doubts),
    hash: hashOf(rows.map(({ hash }) => hash)),
    notes: [
      ...rows.flatMap(({ notes }) => notes),
      {
        code: 'together',
        detail: `${isUnnumbered ? '没有编号、除检验项目外完全相同' : '编号相同'}的 ${rows.length} 行并为一条记录。`,
      },
    ],
  }
}

/** How rows of one number that differ in a field are mended without anything being made up. */
function remedy({ label, unit, field }: Column, { type }: RecordKind): string {
  if (type === licence.type && isOneOf(field, statesOfUnits))
    return `这些行均未导入。一证的几个产品单元“${label}”不同的，请在“产品单元”一列写明各行是哪个单元；编号填错的更正编号；确属同一件的，合并为一行，按原件填写。`
  return unit === '元'
    ? `这些行均未导入。确属同一决定的，请对照决定书合并为一行，“${label}”填决定书写明的总额，各项违法行为写在同一格；不是同一决定的，请更正编号。`
    : '这些行均未导入。请对照原件：编号填错的更正编号；确属同一件的，合并为一行，按原件填写。'
}

function isJudgedByItem(rows: readonly RowReading[]): boolean {
  return rows.every(
    ({ items, judgesSample, record: { outcome } }) =>
      !judgesSample && items.length > 0 && (outcome === '合格' || outcome === '不合格'),
  )
}

/** One hash for several; rows that say the same count once. */
function hashOf(hashes: readonly string[]): string {
  const different = Array.from(new Set(hashes)).sort()
  if (different.length === 1) return different.join('')
  return createHash('sha256').update(different.join('\n')).digest('hex').slice(0, 16)
}

function joined(values: readonly unknown[]): unknown {
  if (values.every((value) => Array.isArray(value))) return Array.from(new Set(values.flat()))
  return Array.from(new Set(values.map(String))).join(BETWEEN)
}
