import { enterprise } from '../records/catalogue.ts'
import type { Column, RecordKind } from '../records/kind.ts'

/** What a column of an imported file feeds: a code, a field of the record, or basic information of the enterprise. */
export type Target =
  | { to: 'uscc' }
  | { to: 'orgCode' }
  | { to: 'code' }
  | { to: 'record'; column: Column; factor: number }
  | { to: 'enterprise'; column: Column; factor: number }
  | { to: 'identity-number' }
  | { to: 'nothing' }

export interface Mapping {
  /** Target of each column of the file, by its place. */
  targets: Target[]
  headers: string[]
  /** Headers that mean nothing here; their cells are passed over. */
  ignored: string[]
}

/** Headers of the two codes: Chinese, field name, exchange element; `code` takes either by its length. */
const CODE_HEADERS = {
  uscc: ['统一社会信用代码', 'uscc', 'XK_XDR_SHXYM', 'CF_XDR_SHXYM', '社会信用代码', '信用代码'],
  orgCode: ['组织机构代码', 'orgCode', 'XK_XDR_ZZJG', 'CF_XDR_ZZJG', '机构代码'],
  code: ['代码', '企业代码', '单位代码', 'code'],
} as const

/** Every header that a column of codes may have. */
export const codeHeaders: readonly string[] = Object.values(CODE_HEADERS).flat()

/** Columns that older exchange tables have for identity-card numbers: never taken. */
const IDENTITY_NUMBER_HEADER = /(_SFZ|_ZJHM|身份证号?码?|证件号码)$/iu

/** Columns that a report of bad rows adds; a mended report is fed again with them. */
export const reportHeaders = ['错误行号', '错误列', '错误值', '错误原因'] as const

/**
 * Finds what each header of a file means for a kind of record. Fails, in Chinese, when a column that every row needs
 * is missing or two columns mean the same.
 */
export function mapColumns(
  headers: readonly string[],
  kind: RecordKind,
): { ok: true; mapping: Mapping } | { ok: false; detail: string } {
  const targets = targetsOf(headers, kind)
  const seen = new Map<string, string>()
  for (const [i, target] of targets.entries()) {
    const id = target.to === 'nothing' || target.to === 'identity-number' ? undefined : idOf(target)
    if (id === undefined) continue
    const header = headers[i] ?? ''
    const other = seen.get(id)
    if (other !== undefined)
      return { ok: false, detail: `“${other}”与“${header}”两栏含义相同，请只保留一栏。` }
    seen.set(id, header)
  }
  if (!['uscc', 'orgCode', 'code'].some((code) => seen.has(code)))
    return {
      ok: false,
      detail: `表头中没有“统一社会信用代码”或“组织机构代码”栏，无法确定企业。现有表头：${shownHeaders(headers)}。`,
    }
  const missing =
    kind.type === enterprise.type
      ? []
      : kind.columns.filter((column) => column.required && !seen.has(`record.${column.field}`))
  if (missing.length > 0)
    return {
      ok: false,
      detail: `${kind.label}缺少必填栏：${missing.map((c) => c.label).join('、')}。现有表头：${shownHeaders(headers)}。`,
    }
  const ignored = headers.filter(
    (header, i) =>
      targets[i]?.to === 'nothing' && header !== '' && !reportHeaders.some((name) => name === header),
  )
  return { ok: true, mapping: { targets, headers: [...headers], ignored } }
}

/** What each header means by itself, whether or not they make a table together. */
export function targetsOf(headers: readonly string[], kind: RecordKind): Target[] {
  const known = knownHeaders(kind)
  return headers.map((header) => targetOf(header, known))
}

/** Headers of an empty table for a kind, in Chinese, codes first. */
export function templateHeaders(kind: RecordKind): string[] {
  const own = kind.columns.map((column) => column.label)
  const name = kind.type === enterprise.type ? [] : ['企业名称']
  return ['统一社会信用代码', '组织机构代码', ...name, ...own]
}

/** A header without the marks that templates add: 罚款金额（元） → 罚款金额, *企业名称 → 企业名称. */
function tidyHeader(header: string): string {
  return header.normalize('NFKC').replace(/[\s*]/gu, '').toLowerCase()
}

type Known = ReadonlyMap<string, Target>

const knownByKind = new WeakMap<RecordKind, Known>()

function knownHeaders(kind: RecordKind): Known {
  let known = knownByKind.get(kind)
  if (!known) {
    known = collectHeaders(kind)
    knownByKind.set(kind, known)
  }
  return known
}

function collectHeaders(kind: RecordKind): Known {
  const known = new Map<string, Target>()
  const add = (header: string, target: Target) => {
    const tidy = tidyHeader(header)
    if (!known.has(tidy)) known.set(tidy, target)
  }
  for (const to of ['uscc', 'orgCode', 'code'] as const)
    for (const header of CODE_HEADERS[to]) add(header, { to })
  const addColumns = (columns: readonly Column[], to: 'record' | 'enterprise') => {
    for (const column of columns) {
      const { field, label, elements = [], headers = [], elementFactor = 1 } = column
      add(label, { to, column, factor: 1 })
      add(field, { to, column, factor: 1 })
      for (const element of elements) add(element, { to, column, factor: elementFactor })
      for (const header of headers) add(header, { to, column, factor: 1 })
    }
  }
  // A header that both have (产品, 地址) means the record's own field.
  addColumns(kind.columns, 'record')
  if (kind.type !== enterprise.type) addColumns(enterprise.columns, 'enterprise')
  return known
}

function targetOf(header: string, known: Known): Target {
  const tidy = tidyHeader(header)
  const bare = tidy.replace(/[([].*[)\]]$/u, '')
  const target = known.get(tidy) ?? known.get(bare)
  if (target) return target
  return IDENTITY_NUMBER_HEADER.test(tidy) ? { to: 'identity-number' } : { to: 'nothing' }
}

function idOf(target: Exclude<Target, { to: 'nothing' | 'identity-number' }>): string {
  return 'column' in target ? `${target.to}.${target.column.field}` : target.to
}

function shownHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, 20).map((header) => Array.from(header).slice(0, 20).join(''))
  return shown.join('、') + (headers.length > 20 ? ' 等' : '')
}
