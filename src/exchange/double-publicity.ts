import { z } from 'zod'
import { enterprise } from '../records/catalogue.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import { licence } from '../records/licence.ts'
import { confiscated, penalty } from '../records/penalty.ts'
import type { TableColumn, TableRow } from './export.ts'
import formTables from './forms.json' with { type: 'json' }

/** What the handbook says of a column of a form: how long, whether it must be there, which words it may hold. */
const element = z.strictObject({
  element: z.string(),
  /** What the handbook calls it. */
  label: z.string(),
  required: z.boolean().default(false),
  /** Characters that it may have. */
  most: z.int().optional(),
  /** Words that it may hold, several parted by ；; 其他 may be followed by what it is: 其他-强制性产品认证. */
  words: z.array(z.string()).optional(),
  is: z.enum(['date', 'sum', 'unified-code']).optional(),
})
export type Element = z.output<typeof element>

const source = { source: z.string(), status: z.enum(['verified', 'to be confirmed']) }

const tables = z
  .strictObject({
    ...source,
    editions: z.record(
      z.enum(['2016', '2018']),
      z.strictObject({ penalties: z.array(element), licences: z.array(element) }),
    ),
    violators: z.strictObject({ ...source, elements: z.array(element) }),
  })
  .parse(formTables)

/** Editions of the forms (数据标准的版本), and what each is a table of. */
export const editions = ['2018', '2016'] as const
export type Edition = (typeof editions)[number]
export const formNames = ['penalties', 'licences'] as const
export type FormName = (typeof formNames)[number]

/** A table that the platform takes: its elements in their order. */
export interface Elements {
  title: string
  elements: readonly Element[]
}

/** A form of the double-publicity tables (“双公示”), of records of a kind. */
export interface Form extends Elements {
  kind: RecordKind
}

/** The table of serious violators (严重违法失信名单): who is on the list, and what has left it. */
export const violators: Elements = { title: '严重违法失信名单', elements: tables.violators.elements }

const made = {
  penalties: { kind: penalty, title: '行政处罚信息' },
  licences: { kind: licence, title: '行政许可信息' },
} as const

/**
 * A form in an edition, as several provinces' systems use them (to be confirmed). What no file holds (tax numbers, the
 * validity of a penalty) stays empty; columns for identity numbers there are none.
 */
export function formOf(name: FormName, edition: Edition): Form {
  return { ...made[name], elements: tables.editions[edition][name] }
}

/** The columns of a form, named by its elements, as imports read them too. */
export function formColumns({ elements }: Elements): TableColumn[] {
  return elements.map(({ element }) => ({ field: element, label: element }))
}

/** What a form says of a record. */
interface Filed {
  orgCode: string
  uscc: string | null
  enterprise: RecordData
  record: HeldRecord
}

const data = z.record(z.string(), z.unknown())
const heldEnterprise = z.object({ uscc: z.string().nullable(), data })
const heldRecord = z.object({
  data,
  recordedAt: z.string(),
  correctedAt: z.string().optional(),
  publication: z.object({ until: z.string().optional() }),
  objectionOpen: z.boolean(),
})
type HeldRecord = z.output<typeof heldRecord>

/** What the platform holds of a file, as JSON. */
interface HeldFile {
  key: string
  things: readonly { type: string; json: string }[]
}

/**
 * The rows of a form that come from a file: its records of the form's kind that are dated in a period and bear one of an
 * authority's names, if one is asked for, by their dates.
 */
export function rowsOf(
  form: Form,
  { key, things }: HeldFile,
  { from, to, names }: { from: string; to: string; names: readonly unknown[] | undefined },
): TableRow[] {
  const { kind } = form
  const basics = things.find(({ type }) => type === enterprise.type)
  if (!basics) return []
  const { uscc, data: firm } = heldEnterprise.parse(JSON.parse(basics.json))
  return things
    .filter(({ type }) => type === kind.type)
    .map(({ json }) => heldRecord.parse(JSON.parse(json)))
    .filter(({ data: record }) => {
      const on = kind.datedOn(record)
      return from <= on && on <= to && (names === undefined || names.includes(record.authority))
    })
    .sort((a, b) => (orderOf(kind, a.data) < orderOf(kind, b.data) ? -1 : 1))
    .map((record) => formRow(form, { orgCode: key, uscc, enterprise: firm, record }))
}

/** By date and then by what tells records apart, so that the same records make the same table wherever they came from. */
function orderOf(kind: RecordKind, record: RecordData): string {
  return `${kind.datedOn(record)} ${kind.identity(record)}`
}

/** A record as a row of a form: each element from the field that bears its name. */
function formRow({ kind, elements }: Form, filed: Filed): TableRow {
  const has = new Set(elements.map(({ element }) => element))
  return Object.fromEntries(elements.map(({ element }) => [element, cellOf(element, kind, filed, has)]))
}

/** What stands in an element that no single field has, by the element's name behind its prefix. */
const composed: Readonly<Record<string, (filed: Filed, has: ReadonlySet<string>) => unknown>> = {
  XDR_SHXYM: ({ uscc }) => uscc ?? undefined,
  // A file of its own under the unified code has no organisation code that is its alone.
  XDR_ZZJG: ({ orgCode }) => (orgCode.length === 9 ? orgCode : undefined),
  XDR_ZDM: ({ orgCode }) => (orgCode.length === 9 ? orgCode : undefined),
  NR_WFFF: ({ record }) => inTenThousands(confiscated(record.data)),
  // The day that the rules give, or the one of a decision to end it earlier.
  GSJZQ: ({ record }) => record.publication.until,
  CFLB: ({ record }) => penaltyWords(record.data).join('；'),
  CFLB1: ({ record }) => penaltyWords(record.data)[0],
  CFLB2: ({ record }) => penaltyWords(record.data).slice(1).join('；') || undefined,
  XKLB: licenceClass,
  SPLB: licenceClass,
  XKZS: ({ record: { data: own } }) => own.certificateName ?? own.kind,
  DFBM: ({ enterprise: firm }) => firm.region,
  SJC: ({ record }) => record.correctedAt ?? record.recordedAt,
}

/** The one word that the law's last kind has in the forms. */
const OTHER_PENALTY = '法律、行政法规规定的其他行政处罚'

function penaltyWords({ types }: RecordData): string[] {
  return Array.isArray(types) ? types.map((type) => (type === OTHER_PENALTY ? '其他' : `${type}`)) : []
}

/** Certificates that rest on no administrative licence, or on one that nobody has classed. */
const UNCLASSED = ['强制性产品认证', '其他许可']

/**
 * The class of a licence (许可类别): 普通 where the certificate's name beside it says which licence it is, else what it is
 * itself, so that nothing is lost on the way back.
 */
function licenceClass({ record: { data: own } }: Filed, has: ReadonlySet<string>): string {
  const { kind = '', certificateName = kind } = own
  const isTold = has.has('XK_XKZS') && certificateName === kind
  return isTold && !UNCLASSED.some((one) => one === kind) ? '普通' : `其他-${kind}`
}

function cellOf(element: string, kind: RecordKind, filed: Filed, has: ReadonlySet<string>): unknown {
  const compose = composed[element.replace(/^(CF|XK)_/, '')]
  if (compose) return compose(filed, has)
  if (element === 'CF_ZT') return filed.record.objectionOpen ? '异议' : '正常'
  const own = kind.columns.find(named(element))
  if (own) return valueIn(own, filed.record.data)
  const basic = enterprise.columns.find(named(element))
  return basic && valueIn(basic, filed.enterprise)
}

const named =
  (element: string) =>
  ({ elements = [] }: Column) =>
    elements.includes(element)

function valueIn({ field, elementFactor }: Column, data: RecordData): unknown {
  const value = data[field]
  return elementFactor === 10_000 && typeof value === 'number' ? inTenThousands(value) : value
}

/** A sum in yuan, of whole fen, in units of 10,000 yuan (万元) without a rounded digit. */
function inTenThousands(yuan: number | undefined): string | undefined {
  if (yuan === undefined) return undefined
  const fen = Math.round(yuan * 100)
  return `${Math.floor(fen / 1_000_000)}.${String(fen % 1_000_000).padStart(6, '0')}`
    .replace(/0{1,6}$/, '')
    .replace(/\.$/, '')
}
