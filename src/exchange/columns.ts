import { enterprise } from '../records/catalogue.ts'
import { inspection } from '../records/inspection.ts'
import type { Column, RecordKind } from '../records/kind.ts'
import { type PartyPart, partyFields, type Role, roleWords } from '../registry/parties.ts'
import { BadTable } from '../sheets/table.ts'
import { itemAcross } from './across.ts'
import { beginsWithIssue } from './dates.ts'
import { bracketed, headings, tidyHeading } from './headings.ts'
import type { ItemPart } from './items.ts'
import { type Ticked, tickedColumns } from './marks.ts'
import { mayUnsay, tellsStanding } from './standing.ts'
import { unitOfHeading } from './sums.ts'
import type { ColumnReading } from './values.ts'
import { isOfFirstTest } from './verdicts.ts'
import { shippedTermsOf, termsOf, type WordAnswers } from './words.ts'

/** What a column of an imported file feeds: a code, a field of the record, or basic information of the enterprise. */
export type Target =
  | { to: 'uscc' }
  | { to: 'orgCode' }
  | { to: 'code' }
  | { to: 'record'; column: Column; zeros: number }
  | { to: 'enterprise'; column: Column; zeros: number }
  /** A sum confiscated, of income or of goods by what the row punishes with. */
  | { to: 'confiscated'; zeros: number }
  | { to: 'party'; role: Role; part: PartyPart }
  /** Kinds of a penalty with their sums and basis, or who decided and when, in one cell. */
  | { to: 'punishment' }
  | { to: 'authority-and-day' }
  /** The place that the row's own place lies in: 所在地市 beside 区县. */
  | { to: 'within' }
  /** The day of make of a sample, or what else tells its batch. */
  | { to: 'made-on' }
  /** A part of what was measured of a sample, or all parts in one cell. */
  | { to: 'item'; part: ItemPart }
  /** Measured values of one item, which has a column of its own. */
  | { to: 'across'; name: string; unit: string }
  /** The outcome or a measured value, told by the cell; the outcome of an item where another column has the sample's. */
  | { to: 'result'; column: Column; zeros: number; isOfItem?: true }
  /** A term that rows tick: 合格 beside 不合格. */
  | { to: 'ticked'; ticked: Ticked }
  /** The verdict on an item, where another column has that on the sample: 单项判定 beside 检验结论. */
  | { to: 'verdict'; column: Column; zeros: number }
  | { to: 'identity-number' }
  /** Known, and nothing that a file holds. */
  | { to: 'passed-over' }
  | { to: 'nothing' }

export interface Mapping {
  /** The kind of record that the table is of. */
  kind: string
  /** Target of each column of the file, by its place. */
  targets: Target[]
  headers: string[]
  /** How cells of a column are understood, for those that feed a field. */
  readings: (ColumnReading | undefined)[]
  /** Headers that mean nothing here; their cells are passed over. */
  ignored: string[]
  /** Fields that every row needs and no column has. */
  missing: Column[]
  /** A licence bears no number but its decision's, as in the form of 2016. */
  isNumberedByDecision: boolean
  /** Places of columns that may say whether a record still stands, and the kind's fields of which one may be asked. */
  standing: { places: number[]; fields: readonly Column[] }
  /** What was said that words of the upload mean. */
  answers: AnswersByField
  /** The outcome that titles tell of all samples, where a column of results may hold what was measured. */
  outcomeByTitle?: '合格' | '不合格'
}

/** Answers for the words of an upload, by field; fields of the enterprise in a table of records as `enterprise.status`. */
export type AnswersByField = Readonly<Record<string, WordAnswers>>

/** Every header that a column of codes may have. */
export const codeHeaders: readonly string[] = Object.values(headings.codes).flat()

/** Headers that a column of the enterprise's names may have, in whatever role. */
export const nameHeaders: readonly string[] = [
  ...namesOf(enterprise.columns.find(({ field }) => field === 'name')),
  ...(headings.fields.enterprise?.name ?? []),
  ...Object.values(headings.parties).flatMap(({ name }) => name),
]

/** Columns that older exchange tables have for identity-card numbers: never taken. */
const IDENTITY_NUMBER_HEADER = /(_sfz|_zjhm|身份证号?码?|证件号码)$/u

/** Columns that a report of bad rows adds; a mended report is fed again with them. */
export const reportHeaders = ['错误行号', '错误列', '错误值', '错误原因'] as const

/** Says of a column that it is not to be imported, where its header would mean something. */
export const NOT_TAKEN = '不导入'

/**
 * Finds what each header of a file means for a kind of record. Fails, in Chinese, when nothing tells the firm or two
 * columns mean the same. A table of records may name its firms by name alone.
 */
export function mapColumns(
  headers: readonly string[],
  kind: RecordKind,
  answers: AnswersByField = {},
): { ok: true; mapping: Mapping } | { ok: false; detail: string } {
  const targets = targetsOf(headers, kind)
  const seen = new Map<string, string>()
  for (const [i, target] of targets.entries()) {
    const id = idOf(target)
    // A list may stand in several columns: 处罚类别1, 处罚类别2.
    const mayRecur = target.to === 'ticked' || ('column' in target && mayStandTwice(target.column))
    if (id === undefined || (mayRecur && seen.has(id))) continue
    const header = headers[i] ?? ''
    const other = seen.get(id)
    if (other !== undefined)
      return {
        ok: false,
        detail: `“${other}”与“${header}”两栏含义相同，请只保留一栏，或把另一栏改为“${NOT_TAKEN}”。`,
      }
    seen.set(id, header)
  }
  const isByName = !['uscc', 'orgCode', 'code'].some((code) => seen.has(code))
  const isNamed = ['enterprise.name', 'party.producer.name', 'party.sampled.name'].some((id) => seen.has(id))
  if (isByName && !isNamed)
    return {
      ok: false,
      detail: `表头中没有“统一社会信用代码”或“组织机构代码”栏${kind.type === enterprise.type ? '' : '，也没有企业名称'}，无法确定企业。现有表头：${shownHeaders(headers)}。${whyUnknown(headers, targets)}`,
    }
  const missing =
    kind.type === enterprise.type
      ? []
      : kind.columns.filter(
          (column) =>
            column.required && !seen.has(`record.${column.field}`) && !isToldOtherwise(column, seen),
        )
  const isNumberedByDecision =
    kind.columns.some(({ field }) => field === 'number') &&
    !seen.has('record.number') &&
    seen.has('record.documentNo')
  const ignored = headers.filter((header, i) => targets[i]?.to === 'nothing' && !isLeftAside(header))
  const readings = targets.map((target) => readingOf(target, kind, answers, headers))
  return {
    ok: true,
    mapping: {
      kind: kind.type,
      targets,
      headers: [...headers],
      readings,
      ignored,
      missing,
      isNumberedByDecision,
      standing: {
        places: headers.flatMap((header, i) =>
          tellsStanding(kind.type, header) || mayStandBeside(targets[i], header, kind) ? [i] : [],
        ),
        fields: kind.columns,
      },
      answers,
    },
  }
}

/** Whether a column is not to be read at all: it has no heading, somebody said so, or a report of bad rows added it. */
export function isLeftAside(header: string): boolean {
  return header === '' || header === NOT_TAKEN || reportHeaders.some((name) => name === header)
}

/**
 * Whether a column that tells nothing by its heading may unsay a record by its words: one that is unknown, of licences one that
 * is passed over, and fields whose words may. One that somebody said is not to be imported is not read.
 */
function mayStandBeside(target: Target | undefined, header: string, { type }: RecordKind): boolean {
  if (isLeftAside(header)) return false
  if (target?.to === 'nothing') return true
  if (target?.to === 'passed-over') return type === 'licence'
  return target?.to === 'record' && mayUnsay(type, target.column.field)
}

/** What headings of which none is known may be instead, and what to do; empty where some are known. */
function whyUnknown(headers: readonly string[], targets: readonly Target[]): string {
  if (targets.some(({ to }) => to !== 'nothing')) return ''
  if (headers.every((header) => /^[?？_�\s]*$/u.test(header)))
    return '文字在另存时丢失了，已无法恢复；请由原来的表格另存为 .xlsx 或 CSV（UTF-8）。'
  return '表头在其他行的，请指明所在的行；没有表头的，指明为 0，再逐栏指明含义。'
}

/** Texts that columns share, as 规格 and 型号 do: put together, nothing of them is lost. */
const SHARED = new Set([
  'specification',
  'productKind',
  'findings',
  'facts',
  'content',
  'penaltyBasis',
  'violatedProvision',
  'scope',
  'remark',
  'title',
])

/** Whether several columns may mean a field: terms of a list, parts of a text, verdicts that are held against each other. */
function mayStandTwice({ field, type }: Column): boolean {
  return type === 'list' || field === 'outcome' || (type === 'text' && SHARED.has(field))
}

/** Says which fields a table lacks that every row needs. */
export function missingDetail({ missing, headers }: Mapping, kind: RecordKind): string {
  return `${kind.label}缺少必填栏：${missing.map(({ label }) => label).join('、')}。整个文件都相同的，可以指定一次；否则请补上该栏。现有表头：${shownHeaders(headers)}。`
}

/** The mapping of a header row; throws `BadTable` where the headers make no table. */
export function mappingOf(
  headers: readonly string[],
  kind: RecordKind,
  answers: AnswersByField = {},
): Mapping {
  const mapped = mapColumns(headers, kind, answers)
  if (!mapped.ok) throw new BadTable(mapped.detail)
  return mapped.mapping
}

/** A column of counties, beside which one of cities says what they lie in; 地区, 辖区 and 行政区划 may be either. */
const COUNTY = /县|(?<![地辖政])区/u

/** What each header means by itself, whether or not they make a table together. */
export function targetsOf(headers: readonly string[], kind: RecordKind): Target[] {
  const known = knownHeaders(kind)
  const targets = headers.map((header) => targetOf(header, known))
  const places = targets.flatMap((target, i) =>
    'column' in target && target.column.field === 'region' ? [i] : [],
  )
  const isCounty = (i: number) => COUNTY.test(headers[i] ?? '')
  if (places.some(isCounty)) for (const i of places) if (!isCounty(i)) targets[i] = { to: 'within' }
  // The day of a test says when only where no day of sampling stands beside it.
  const days = targets.flatMap((target, i) =>
    target.to === 'record' && target.column.field === 'inspectedOn' ? [i] : [],
  )
  if (days.some((i) => !isDayOfTest(headers[i])))
    for (const i of days) if (isDayOfTest(headers[i])) targets[i] = { to: 'passed-over' }
  // The year of an award is its date only where no better one stands beside it.
  const grants = targets.flatMap((target, i) =>
    target.to === 'record' && target.column.field === 'grantedOn' ? [i] : [],
  )
  if (grants.some((i) => !isYear(headers[i])))
    for (const i of grants) if (isYear(headers[i])) targets[i] = { to: 'passed-over' }
  tellVerdictsApart(targets, headers)
  passOverFirstTests(targets, headers)
  const ticked = tickedColumns(headers, kind, {
    isFree: (i) => targets[i]?.to === 'nothing',
    isFed: ({ field }) => targets.some((target) => target.to === 'record' && target.column.field === field),
    columnOf(heading) {
      const target = targetOf(heading, known)
      return target.to === 'record' || target.to === 'result' ? target.column : undefined
    },
  })
  for (const [i, one] of ticked) targets[i] = { to: 'ticked', ticked: one }
  // Of two who are named as producers, the one that makes for the other is beside it.
  const producers = targets.flatMap((target, i) =>
    target.to === 'party' && target.role === 'producer' && target.part === 'name' ? [i] : [],
  )
  const answers = producers.filter((i) => REGISTRANT.test(headers[i] ?? ''))
  const principals =
    answers.length > 0 ? answers : producers.filter((i) => !FOR_ANOTHER.test(headers[i] ?? ''))
  if (principals.length > 0)
    for (const i of producers)
      if (!principals.includes(i)) targets[i] = { to: 'party', role: 'other', part: 'name' }
  // A firm named in its role only is the one that the row is about.
  const isNamed = targets.some((target) => target.to === 'enterprise' && target.column.field === 'name')
  return isNamed || kind.type !== enterprise.type ? targets : targets.map(partyAsName)
}

/** Whether a column holds the verdict on a sample (检查结果). */
export function saysOutcome(target: Target): boolean {
  return target.to === 'record' && target.column.field === 'outcome'
}

/**
 * A verdict on each item is not that on the sample, where both are given: 单项判定 by its own words, 判定 and 检验结果 where the
 * table has items and 检验结论 beside them.
 */
function tellVerdictsApart(targets: Target[], headers: readonly string[]): void {
  const outcomes = targets.flatMap((target, i) => (saysOutcome(target) ? [i] : []))
  const hasItems = targets.some((target) => target.to === 'item' && target.part === 'name')
  const isItems = (i: number) => isOfItem(headers[i]) || (hasItems && isOfEither(headers[i]))
  const ofSample = outcomes.filter((i) => !isItems(i))
  const others = ofSample.length > 0 ? outcomes.filter(isItems) : outcomes.filter((i) => isOfItem(headers[i]))
  if (others.length === outcomes.length) return
  for (const i of others) {
    const target = targets[i]
    if (target?.to === 'record') targets[i] = { ...target, to: 'verdict' }
  }
  if (!hasItems || ofSample.length === 0) return
  for (const [i, target] of targets.entries())
    if (target.to === 'result') targets[i] = { ...target, isOfItem: true }
}

/** The verdict of a first test is not the sample's where another column has what holds. */
function passOverFirstTests(targets: Target[], headers: readonly string[]): void {
  const outcomes = targets.flatMap((target, i) => (saysOutcome(target) ? [i] : []))
  const isFirst = (i: number) => isOfFirstTest(tidyHeading(headers[i] ?? ''))
  if (outcomes.every(isFirst)) return
  for (const i of outcomes) if (isFirst(i)) targets[i] = { to: 'passed-over' }
}

/** Who answers for a cosmetic (化妆品监督管理条例 art. 6), and who makes it for them. */
const REGISTRANT = /注册人|备案人/u

/** Whether a heading is of whoever makes for another, who is the maker where no other is named. */
export function makesForAnother(header: string): boolean {
  return FOR_ANOTHER.test(header)
}

const FOR_ANOTHER = /受托|被委托/u

function isYear(header = ''): boolean {
  return /年[度份]$/u.test(tidyHeading(header))
}

function isOfItem(header = ''): boolean {
  return /^(?:[单分本]项|项目)/u.test(tidyHeading(header))
}

/** Headings of a verdict that may be on an item or on the sample. */
function isOfEither(header = ''): boolean {
  return /^(?:结果|检验|检测)?判定(?:结果|结论)?$|^检验判定结果$|^(?:是否|符合|合格)(?:合格|符合)?(?:情况|状态|与否|标准|要求)?$/u.test(
    tidyHeading(header),
  )
}

function isDayOfTest(header = ''): boolean {
  return tidyHeading(header) === '检验日期'
}

function partyAsName(target: Target): Target {
  const column = enterprise.columns.find(({ field }) => field === 'name')
  if (target.to !== 'party' || !column) return target
  return target.part === 'name' ? { to: 'record', column, zeros: 0 } : { to: 'passed-over' }
}

/** How many different things headers mean for a kind, for finding the row that holds them. */
export function meaningsIn(headers: readonly string[], kind: RecordKind): number {
  const meanings = targetsOf(headers, kind).flatMap((target) =>
    target.to === 'ticked' ? `${idOf(target)}=${target.ticked.term}` : (idOf(target) ?? []),
  )
  return new Set(meanings).size
}

/** Whether headers tell which firm a row is about, by a code or a name. */
export function tellsFirm(headers: readonly string[], kind: RecordKind): boolean {
  return targetsOf(headers, kind).some(
    (target) =>
      ['uscc', 'orgCode', 'code'].includes(target.to) ||
      (target.to === 'party' && (target.part === 'name' || target.part === 'code')) ||
      ('column' in target && target.column.field === 'name'),
  )
}

/** Headers of an empty table for a kind, in Chinese, codes first. */
export function templateHeaders(kind: RecordKind): string[] {
  const own = kind.columns.map((column) => column.label)
  const name = kind.type === enterprise.type ? [] : ['企业名称']
  return ['统一社会信用代码', '组织机构代码', ...name, ...own]
}

/** What a column is said to mean, in words; null for one that means nothing here. */
export function meaningOf(target: Target | undefined): string | null {
  switch (target?.to) {
    case 'uscc':
      return '统一社会信用代码'
    case 'orgCode':
      return '组织机构代码'
    case 'code':
      return '企业代码'
    case 'record':
    case 'enterprise':
      return target.column.label + unitWords(target.zeros)
    case 'ticked':
      return `${target.ticked.column.label}：打“√”的为${target.ticked.term}`
    case 'confiscated':
      return `没收金额${unitWords(target.zeros)}`
    case 'party':
      return roleWords[target.role] + PART_WORDS[target.part]
    case 'within':
      return '上级行政区划（用以区分同名的县区）'
    case 'made-on':
      return '生产日期（不是日期的照原样记为批号）'
    case 'across':
      return `检验项目“${target.name}”的实测值`
    case 'item':
      return ITEM_WORDS[target.part]
    case 'result':
      return '检验结果或实测值（按单元格判断）'
    case 'verdict':
      return '检验项目的判定'
    case 'punishment':
      return '处罚种类、金额和依据（自句中分出）'
    case 'authority-and-day':
      return '处罚机关和决定日期（自句中分出）'
    case 'identity-number':
      return '证件号码（不得导入）'
    case 'passed-over':
      return '档案不记录此栏（略过）'
    default:
      return null
  }
}

/** A part of a party, after its role. */
const PART_WORDS: Readonly<Record<PartyPart, string>> = {
  name: '',
  code: '代码',
  address: '地址',
  nature: '性质',
}

const ITEM_WORDS: Readonly<Record<ItemPart, string>> = {
  name: '检验项目',
  measured: '实测值',
  standard: '标准值',
  unit: '检验项目的单位',
  together: '不合格项目、实测值、标准值',
  standardFirst: '不合格项目、标准值、实测值',
  least: '最小允许限',
  most: '最大允许限',
  limitUnit: '允许限的单位',
}

function unitWords(zeros: number): string {
  return zeros === 0
    ? ''
    : `（${zeros === 4 ? '万元' : zeros === 8 ? '亿元' : `10 的 ${zeros} 次方元`}，折算为元）`
}

function readingOf(
  target: Target,
  kind: RecordKind,
  answers: AnswersByField,
  headers: readonly string[],
): ColumnReading | undefined {
  if ('column' in target) {
    const { column, zeros } = target
    const type = target.to === 'enterprise' ? enterprise.type : kind.type
    return { column, zeros, terms: termsOf(type, column, answers[answerKey(target)], headers) }
  }
  const income = kind.columns.find(({ field }) => field === 'confiscatedIncome')
  return target.to === 'confiscated' && income
    ? { column: income, zeros: target.zeros, terms: shippedTermsOf(kind.type, income) }
    : undefined
}

/** The name under which answers for a column's words are kept. */
export function answerKey(target: Extract<Target, { column: Column }>): string {
  return target.to === 'enterprise' ? `enterprise.${target.column.field}` : target.column.field
}

/** The column that such a name stands for. */
export function columnNamed(key: string, kind: RecordKind): Column | undefined {
  const field = key.replace(/^enterprise\./, '')
  const { columns } = field === key ? kind : enterprise
  return columns.find((column) => column.field === field)
}

/** Required fields that other columns may tell: a failing item tells the outcome of a sample. */
function isToldOtherwise({ field }: Column, seen: ReadonlyMap<string, string>): boolean {
  if (field === 'types')
    return ['punishment', 'record.content', 'record.fine', 'record.confiscatedIncome'].some((id) =>
      seen.has(id),
    )
  if (field === 'number') return seen.has('record.documentNo')
  // Of a licence or certificate.
  if (field === 'kind' && seen.has('record.number')) return true
  if (field === 'level') return seen.has('record.grantedBy')
  if (field === 'conduct') return seen.has('record.documentName')
  if (seen.has('authority-and-day') && (field === 'decidedOn' || field === 'authority')) return true
  if (field === 'issuedOn' && beginsWithIssue(seen.get('record.validTo') ?? '')) return true
  // A list of licences that ended names them by their numbers; those that are on file have the rest.
  if (field === 'issuedOn' || field === 'authority')
    return seen.has('record.number') && seen.has('record.statusChangedOn')
  return (
    field === 'outcome' &&
    ['record.failedItems', 'result', 'item.together', 'item.standardFirst'].some((id) => seen.has(id))
  )
}

type Known = ReadonlyMap<string, Target>

/** Headings among which some name a party. */
const withParties = new WeakSet<Known>()

const knownByKind = new WeakMap<RecordKind, Known>()

function knownHeaders(kind: RecordKind): Known {
  let known = knownByKind.get(kind)
  if (!known) {
    known = collectHeaders(kind)
    knownByKind.set(kind, known)
  }
  return known
}

function namesOf(column: Column | undefined): string[] {
  return column ? [column.label, column.field, ...(column.elements ?? []), ...(column.headers ?? [])] : []
}

function collectHeaders(kind: RecordKind): Known {
  const known = new Map<string, Target>()
  const add = (header: string, target: Target) => {
    const tidy = tidyHeading(header)
    if (!known.has(tidy)) known.set(tidy, target)
  }
  add(NOT_TAKEN, { to: 'passed-over' })
  for (const to of ['uscc', 'orgCode', 'code'] as const)
    for (const header of headings.codes[to]) add(header, { to })
  if (kind.type === 'penalty') {
    for (const header of headings.penalties.punishment) add(header, { to: 'punishment' })
    for (const header of headings.penalties.authorityAndDay) add(header, { to: 'authority-and-day' })
  }
  if (kind.type === 'penalty')
    for (const header of headings.sums.confiscated)
      add(header, { to: 'confiscated', zeros: /^[A-Z_]+$/.test(header) ? 4 : 0 })
  const addColumns = (columns: readonly Column[], to: 'record' | 'enterprise', type: string) => {
    for (const column of columns) {
      const { field, label, elements = [], headers = [], elementFactor = 1 } = column
      add(label, { to, column, zeros: 0 })
      add(field, { to, column, zeros: 0 })
      for (const element of elements)
        add(element, { to, column, zeros: Math.round(Math.log10(elementFactor)) })
      for (const header of headers) add(header, { to, column, zeros: 0 })
    }
    for (const column of columns)
      for (const header of headings.fields[type]?.[column.field] ?? []) add(header, { to, column, zeros: 0 })
  }
  if (kind.type === 'inspection') {
    addSampleHeaders(kind, add)
    addParties(add)
  }
  // A header that both have (产品, 地址) means the record's own field.
  addColumns(kind.columns, 'record', kind.type)
  if (kind.type === enterprise.type) addParties(add)
  if (kind.type !== enterprise.type) addColumns(enterprise.columns, 'enterprise', enterprise.type)
  for (const type of [kind.type, 'any'])
    for (const header of headings.passedOver[type] ?? []) add(header, { to: 'passed-over' })
  if (Array.from(known.values()).some(({ to }) => to === 'party')) withParties.add(known)
  return known
}

function addParties(add: (header: string, target: Target) => void): void {
  for (const role of ['producer', 'sampled', 'other'] as const)
    for (const part of ['name', 'code', 'address', 'nature'] as const) {
      const known: Partial<Record<PartyPart, string[]>> = headings.parties[role]
      for (const header of known[part] ?? []) add(header, { to: 'party', role, part })
      const field = inspection.columns.find((column) => column.field === partyFields[role][part])
      if (field) add(field.label, { to: 'party', role, part })
    }
}

function addSampleHeaders(kind: RecordKind, add: (header: string, target: Target) => void): void {
  const { number, madeOn, item, result, ...parts } = headings.samples
  for (const header of madeOn) add(header, { to: 'made-on' })
  const sampleNo = kind.columns.find(({ field }) => field === 'sampleNo')
  if (sampleNo) for (const header of number) add(header, { to: 'record', column: sampleNo, zeros: 0 })
  for (const header of item) add(header, { to: 'item', part: 'name' })
  for (const part of [
    'measured',
    'standard',
    'unit',
    'together',
    'standardFirst',
    'least',
    'most',
    'limitUnit',
  ] as const)
    for (const header of parts[part]) add(header, { to: 'item', part })
  const outcome = kind.columns.find(({ field }) => field === 'outcome')
  if (outcome) for (const header of result) add(header, { to: 'result', column: outcome, zeros: 0 })
}

/** What may stand in a heading's brackets without changing what it means. */
function targetOf(header: string, known: Known): Target {
  const item = withParties.has(known) ? itemAcross(header) : undefined
  if (item) return { to: 'across', ...item }
  const tidy = tidyHeading(header)
  const whole = known.get(tidy)
  if (whole) return whole
  const parts = tidy.split(/[/、,(]|或者?/u).map((part) => known.get(part.replace(/\)$/u, '')))
  // 统一社会信用代码/身份证号: a cell that holds an identity number is refused as one.
  if (parts.some((part) => part?.to === 'uscc' || part?.to === 'code') && IDENTITY_NUMBER.test(tidy))
    return { to: 'code' }
  if (IDENTITY_NUMBER_HEADER.test(tidy)) return { to: 'identity-number' }
  const { base, words } = bracketed(tidy) ?? unbracketed(tidy)
  if (/代码_?\d*$/u.test(base) && words !== '') {
    const code = headings.numberedCode[words]
    if (code) return { to: code }
    if (/号|证|码/u.test(words)) return { to: 'passed-over' }
  }
  const target = known.get(base) ?? numberedList(tidy, known) ?? oneOf(parts) ?? partyHeading(tidy, known)
  if (!target) return { to: 'nothing' }
  const zeros = unitOfHeading(words)
  const isSum = target.to === 'confiscated' || ('column' in target && target.column.unit === '元')
  if (!isSum) return target
  // A sum in a unit that is not known is not taken for yuan.
  if (zeros === undefined && /元|币|刀|镑/u.test(words)) return { to: 'nothing' }
  return zeros === undefined ? target : { ...target, zeros }
}

const IDENTITY_NUMBER = /身份证|证件号/u

/** What all parts of a heading mean, where they mean one thing: 商标/品牌. */
function oneOf(parts: readonly (Target | undefined)[]): Target | undefined {
  const [first, ...others] = parts
  if (!first || others.length === 0) return undefined
  const id = idOf(first)
  return id !== undefined && others.every((part) => part && idOf(part) === id) ? first : undefined
}

/** How parties of a sample are headed, with what of them: 标注生产企业名称, 被抽样销售者地址, 标称生产企业信用代码. */
const PRODUCER =
  /^(?:样品|标签|产品|商品|食品|化妆品)*(?:标称|标示|标识|标注|标明)?的?(?:化妆品)?(?:(?:生产|制造)(?:企业|单位|者|商|厂家|厂商|厂)|(?:注册人|备案人)(?:[/、或和](?:注册人|备案人|境内责任人|受托生产企业))*)/u
const SAMPLED =
  /^(?:(?:被|受)(?:抽样|抽检|抽查|采样|检查|检验|检|监测)(?:单位|企业|者|方|经营者|销售者|生产者|商户)|(?:经营|销售|餐饮服务|餐饮|使用)(?:单位|企业|者|方|商户))/u
const PART_OF_PARTY =
  /^(?:名称)?(?:(统一社会信用代码|社会信用代码|信用代码|代码)|(地址|住址|住所|所在地)|(所?在?省份?|所?在?地?市))?$/u

function partyHeading(tidy: string, known: Known): Target | undefined {
  if (!withParties.has(known)) return undefined
  const plain = tidy.replace(
    /\((?:标称|标示|单位|名称|企业|生产|商户|经营者|进口|境内|(?:或|和|及|\/)[^()]{1,12})\)/gu,
    (words) => (words === '(生产)' ? '生产' : ''),
  )
  for (const [words, role] of [
    [PRODUCER, 'producer'],
    [SAMPLED, 'sampled'],
  ] as const) {
    const [start] = words.exec(plain) ?? []
    const rest = start === undefined ? undefined : PART_OF_PARTY.exec(plain.slice(start.length))
    if (!rest) continue
    const [, code, address, within] = rest
    if (within) return { to: 'passed-over' }
    return { to: 'party', role, part: code ? 'code' : address ? 'address' : 'name' }
  }
  return undefined
}

/** 处罚类别1, 处罚类别2: parts of one list. */
function numberedList(tidy: string, known: Known): Target | undefined {
  const target = known.get(tidy.replace(/[(（]?[\d一二三][)）]?$/u, ''))
  return target && 'column' in target && target.column.type === 'list' ? target : undefined
}

/** 罚款金额:万元, 罚款金额万元. */
function unbracketed(tidy: string): { base: string; words: string } {
  const [, base = tidy, words = ''] = /^(.+?)[:,/]?(?:单位:?)?(亿元|万元|千元|元)$/u.exec(tidy) ?? []
  return { base, words }
}

/** What two columns must not both mean; undefined for what may stand twice. */
function idOf(target: Target): string | undefined {
  switch (target.to) {
    case 'nothing':
    case 'passed-over':
    case 'identity-number':
      return undefined
    case 'record':
    case 'enterprise':
      return `${target.to}.${target.column.field}`
    case 'ticked':
      return `record.${target.ticked.column.field}`
    case 'party':
      return target.role === 'other' ? undefined : `party.${target.role}.${target.part}`
    case 'item':
      return `item.${target.part}`
    case 'across':
      return `across.${target.name}`
    default:
      return target.to
  }
}

function shownHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, 20).map((header) => Array.from(header).slice(0, 20).join(''))
  return shown.join('、') + (headers.length > 20 ? ' 等' : '')
}
