import { z } from 'zod'
import type { Table } from '../exchange/export.ts'
import { wholeNumber } from '../http/parameters.ts'

/** A column of a list: what stands in it as text or figure, which sorting, filtering and files go by. */
export interface ListColumn<R> {
  field: string
  label: string
  value(row: R): string | number | null | undefined
}

/** How a list is looked at; it stands in the address. */
export const listQuery = {
  /** Part of any cell. */
  find: z.string().max(100).default(''),
  /** Column to sort by; with a hyphen before it, the greatest first. */
  sort: z.string().max(40).default(''),
  page: wholeNumber(1, 10_000).default(1).catch(1),
  format: z.enum(['', 'csv', 'xlsx']).default('').catch(''),
}
export type ListQuery = z.output<z.ZodObject<typeof listQuery>>

/** The rows of a list as they are looked at: those that hold the text, in the order asked for. */
export function arranged<R>(
  rows: readonly R[],
  columns: readonly ListColumn<R>[],
  { find, sort }: Pick<ListQuery, 'find' | 'sort'>,
): R[] {
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
  if (!column) return kept
  const sign = sort.startsWith('-') ? -1 : 1
  return kept.sort((a, b) => sign * compared(column.value(a), column.value(b)))
}

/** The rows as a table to take away. */
export function tableOf<R>(title: string, columns: readonly ListColumn<R>[], rows: readonly R[]): Table {
  return {
    title,
    columns: columns.map(({ field, label }) => ({ field, label })),
    rows: rows.map((row) => Object.fromEntries(columns.map(({ field, value }) => [field, value(row)]))),
  }
}

const collator = new Intl.Collator('zh-CN', { numeric: true })

function compared(a: string | number | null | undefined, b: string | number | null | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a ?? ''), String(b ?? ''))
}

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
