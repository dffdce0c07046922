import { z } from 'zod'
import type { Table } from '../exchange/export.ts'
import { LONGEST_CURSOR } from '../http/list-parameters.ts'
import { type Order, placesCompared } from '../registry/places.ts'

/** A column of a list: what stands in it as text or figure, which sorting, filtering and files go by. */
export interface ListColumn<R> {
  field: string
  label: string
  value(row: R): string | number | null | undefined
}

/** A place in a list, in an address. */
export const cursor = z.string().max(LONGEST_CURSOR).default('').catch('')

/** How a list is looked at; it stands in the address. */
export const listQuery = {
  /** Part of any cell. */
  find: z.string().max(100).default(''),
  /** Column to sort by; with a hyphen before it, the greatest first. */
  sort: z.string().max(40).default(''),
  /** The place below which, or above which, the rows of the page stand. */
  below: cursor,
  above: cursor,
  /** Of a list that is longer than what is looked at at once: after which of it the part begins. */
  part: cursor,
  format: z.enum(['', 'csv', 'xlsx']).default('').catch(''),
}
export type ListQuery = z.output<z.ZodObject<typeof listQuery>>

/** The order of rows that all come at once and then stay, as they come. */
export function asTheyCome<R>(rows: readonly R[]): Order<R> {
  const numbers = new Map(rows.map((row, i) => [row, i]))
  return { placeOf: (row) => [numbers.get(row) ?? 0], compare: placesCompared }
}

/** The rows of a list as they are looked at: those that hold the text, in the order asked for. */
export function arranged<R>(
  rows: readonly R[],
  columns: readonly ListColumn<R>[],
  { find, sort }: Pick<ListQuery, 'find' | 'sort'>,
  own: Order<R> = asTheyCome(rows),
): { rows: R[]; order: Order<R> } {
  const sought = find.trim().toLowerCase()
  const kept =
    sought === ''
      ? [...rows]
      : rows.filter((row) =>
          columns.some(({ value }) =>
            String(value(row) ?? '')
              .toLowerCase()
              .includes(sought),
          ),
        )
  const column = columns.find(({ field }) => field === sort.replace(/^-/, ''))
  const order = column ? orderBy(column, sort.startsWith('-') ? -1 : 1, own) : own
  return { rows: kept.sort((a, b) => order.compare(order.placeOf(a), order.placeOf(b))), order }
}

/** Rows by what stands in a column; those that have the same in their own order. */
function orderBy<R>({ value }: ListColumn<R>, sign: 1 | -1, own: Order<R>): Order<R> {
  return {
    placeOf(row) {
      const cell = value(row) ?? ''
      return [typeof cell === 'string' ? cell.slice(0, LONGEST_CELL) : cell, ...own.placeOf(row)]
    },
    compare: ([one = '', ...more], [other = '', ...others]) =>
      sign * placesCompared([one], [other], collator.compare) || own.compare(more, others),
  }
}

/** So much of a text tells where its row stands. */
const LONGEST_CELL = 60

/** Parameters of an address without which a list is seen from its beginning. */
export const FROM_THE_BEGINNING = { below: '', above: '' } satisfies Partial<ListQuery>

/** The rows as a table to take away. */
export function tableOf<R>(title: string, columns: readonly ListColumn<R>[], rows: readonly R[]): Table {
  return {
    title,
    columns: columns.map(({ field, label }) => ({ field, label })),
    rows: rows.map((row) => Object.fromEntries(columns.map(({ field, value }) => [field, value(row)]))),
  }
}

const collator = new Intl.Collator('zh-CN', { numeric: true })

/** An address with some of its parameters changed; empty ones are left out. */
export function addressWith(path: string, changes: Readonly<Record<string, string>>): string {
  const [pathname = '', query = ''] = path.split('?')
  const parameters = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes))
    if (value === '') parameters.delete(name)
    else parameters.set(name, value)
  const text = parameters.toString()
  return text === '' ? pathname : `${pathname}?${text}`
}

/** Address of a record in its file at the desk, on whichever page of its section it is. */
export function recordAddress(code: string, id: string, more: Readonly<Record<string, string>> = {}): string {
  return `${addressWith(`/desk/enterprises/${code}`, { ...more, record: id })}#r-${id}`
}
