import { z } from 'zod'
import { enterprise } from '../records/catalogue.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import { licence } from '../records/licence.ts'
import { penalty } from '../records/penalty.ts'
import type { TableColumn, TableRow } from './export.ts'

/** A form of the double-publicity tables (“双公示”): its elements in their order. */
export interface Form {
  kind: RecordKind
  title: string
  elements: readonly string[]
  /** Elements that every row must have, or the platform refuses it. */
  required: readonly string[]
}

const party = (prefix: 'CF' | 'XK') =>
  ['MC', 'SHXYM', 'GSZC', 'ZZJG', 'SWDJ', 'SYDW', 'SHZZ'].map((part) => `${prefix}_XDR_${part}`)

/**
 * The forms as several provinces' systems of 2018 to 2020 use them (to be confirmed). What no file holds (tax numbers, the
 * validity of a penalty) stays empty; columns for identity numbers there are none.
 */
export const forms = {
  penalties: {
    kind: penalty,
    title: '行政处罚信息',
    elements: [
      ...party('CF'),
      ...['CF_FRDB', 'CF_WSH', 'CF_WFXW', 'CF_SY', 'CF_YJ', 'CF_CFLB', 'CF_NR', 'CF_NR_FK', 'CF_NR_WFFF'],
      ...[
        'CF_NR_ZKDX',
        'CF_JDRQ',
        'CF_YXQ',
        'CF_GSJZQ',
        'CF_CFJG',
        'CF_CFJGDM',
        'CF_SJLY',
        'CF_SJLYDM',
        'BZ',
      ],
    ],
    required: [
      ...['CF_XDR_MC', 'CF_XDR_SHXYM', 'CF_WSH', 'CF_WFXW', 'CF_SY', 'CF_YJ', 'CF_CFLB', 'CF_NR', 'CF_JDRQ'],
      ...['CF_CFJG', 'CF_CFJGDM'],
    ],
  },
  licences: {
    kind: licence,
    title: '行政许可信息',
    elements: [
      ...party('XK'),
      ...['XK_FRDB', 'XK_XKWS', 'XK_WSH', 'XK_XKLB', 'XK_XKZS', 'XK_XKBH', 'XK_NR', 'XK_JDRQ', 'XK_YXQZ'],
      ...['XK_YXQZI', 'XK_XKJG', 'XK_XKJGDM', 'XK_ZT', 'XK_LYDW', 'XK_LYDWDM', 'BZ'],
    ],
    required: [
      ...['XK_XDR_MC', 'XK_XDR_SHXYM', 'XK_XKWS', 'XK_WSH', 'XK_XKLB', 'XK_NR', 'XK_JDRQ', 'XK_XKJG'],
      'XK_XKJGDM',
    ],
  },
} as const satisfies Readonly<Record<string, Form>>

/** The columns of a form, named by its elements, as imports read them too. */
export function formColumns({ elements }: Form): TableColumn[] {
  return elements.map((element) => ({ field: element, label: element }))
}

/** What a form says of a record. */
interface Filed {
  orgCode: string
  uscc: string | null
  enterprise: RecordData
  record: RecordData
}

const data = z.record(z.string(), z.unknown())
const heldEnterprise = z.object({ uscc: z.string().nullable(), data })
const heldRecord = z.object({ data })

/** What the platform holds of a file, as JSON. */
interface HeldFile {
  key: string
  things: readonly { type: string; json: string }[]
}

/**
 * The rows of a form that come from a file: its records of the form's kind that are dated in a period and bear an
 * authority's name, if one is asked for, by their dates.
 */
export function rowsOf(
  form: Form,
  { key, things }: HeldFile,
  { from, to, authority }: { from: string; to: string; authority?: string | undefined },
): TableRow[] {
  const { kind } = form
  const basics = things.find(({ type }) => type === enterprise.type)
  if (!basics) return []
  const { uscc, data: firm } = heldEnterprise.parse(JSON.parse(basics.json))
  return things
    .filter(({ type }) => type === kind.type)
    .map(({ json }) => heldRecord.parse(JSON.parse(json)).data)
    .filter((record) => {
      const on = kind.datedOn(record)
      return from <= on && on <= to && (authority === undefined || record.authority === authority)
    })
    .sort((a, b) => (orderOf(kind, a) < orderOf(kind, b) ? -1 : 1))
    .map((record) => formRow(form, { orgCode: key, uscc, enterprise: firm, record }))
}

/** By date and then by what tells records apart, so that the same records make the same table wherever they came from. */
function orderOf(kind: RecordKind, record: RecordData): string {
  return `${kind.datedOn(record)} ${kind.identity(record)}`
}

/** A record as a row of a form: each element from the field that bears its name. */
function formRow({ kind, elements }: Form, filed: Filed): TableRow {
  return Object.fromEntries(elements.map((element) => [element, cellOf(element, kind, filed)]))
}

/** The elements that a row lacks and the platform asks for. */
export function lackingIn({ required }: Form, row: TableRow): string[] {
  return required.filter((element) => row[element] === undefined || row[element] === '')
}

function cellOf(element: string, kind: RecordKind, { orgCode, uscc, enterprise: firm, record }: Filed) {
  if (element.endsWith('_XDR_SHXYM')) return uscc ?? undefined
  // A file of its own under the unified code has no organisation code that is its alone.
  if (element.endsWith('_XDR_ZZJG')) return orgCode.length === 9 ? orgCode : undefined
  if (element === 'CF_NR_WFFF') return inTenThousands(confiscated(record))
  const own = kind.columns.find(named(element))
  if (own) return valueIn(own, record)
  const basic = enterprise.columns.find(named(element))
  return basic && valueIn(basic, firm)
}

const named =
  (element: string) =>
  ({ elements = [] }: Column) =>
    elements.includes(element)

function valueIn({ field, elementFactor }: Column, data: RecordData): unknown {
  const value = data[field]
  return elementFactor === 10_000 && typeof value === 'number' ? inTenThousands(value) : value
}

/** All that was confiscated, in yuan: the form has one sum for income and goods. */
function confiscated({ confiscatedTotal, confiscatedIncome, confiscatedGoods }: RecordData) {
  if (typeof confiscatedTotal === 'number') return confiscatedTotal
  const sums = [confiscatedIncome, confiscatedGoods].filter((sum) => typeof sum === 'number')
  return sums.length === 0 ? undefined : sums.reduce((sum, one) => sum + one, 0)
}

/** A sum in yuan, of whole fen, in units of 10,000 yuan (万元) without a rounded digit. */
function inTenThousands(yuan: number | undefined): string | undefined {
  if (yuan === undefined) return undefined
  const fen = Math.round(yuan * 100)
  return `${Math.floor(fen / 1_000_000)}.${String(fen % 1_000_000).padStart(6, '0')}`
    .replace(/0{1,6}$/, '')
    .replace(/\.$/, '')
}
