import type { z } from 'zod'
import { isCalendarDate } from '../calendar/dates.ts'
import { isPartialDate } from '../calendar/partial-date.ts'
import type { Column, FieldFault, Fields, RecordData } from './kind.ts'

declare const unknownTerm: unique symbol

/**
 * A term that this program does not know: another version wrote it. It is kept and shown as it stands and equals no term
 * of a rule, so it has no operations but to be printed.
 */
export interface UnknownTerm {
  readonly [unknownTerm]: never
  toString(): string
}

type StoredValue<T> = T extends string
  ? string extends T
    ? string
    : T | UnknownTerm
  : T extends readonly (infer One)[]
    ? readonly StoredValue<One>[]
    : T extends object
      ? { readonly [K in keyof T]: StoredValue<T[K]> }
      : T

/** A record's data as history holds it: fields by their definition, terms that this program may not know. */
export type StoredData<F extends Fields> = {
  readonly [K in keyof z.input<F>]: StoredValue<z.input<F>[K]>
}

/** A record as a file keeps it, with its data read by its kind. */
export type ReadAs<R extends KeptRecord, D> = Omit<R, 'data'> & { readonly data: D }

/** What a record has to be for its kind to read it. */
export interface KeptRecord {
  type: string
  data: RecordData
  withdrawn?: unknown
}

/** Whether a value is one of some terms that this program knows; a field that is missing is none. */
export function isOneOf<T, const K extends Exclude<T, UnknownTerm | undefined>>(
  value: T,
  terms: readonly K[],
): value is T & K {
  const all: readonly unknown[] = terms
  return all.includes(value)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function isRowOfTexts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string')
  )
}

const READABLE: Readonly<Record<Column['type'], (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  date: (value) => typeof value === 'string' && isCalendarDate(value),
  'partial-date': (value) => typeof value === 'string' && isPartialDate(value),
  choice: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  rows: (value) => Array.isArray(value) && value.every(isRowOfTexts),
  patch: isObject,
  document: isObject,
}

/**
 * Finds the fields of stored data that can't be read by their definition: not there though required, or in another form.
 * It looks at what is there rather than at all that might be, as it looks at every record of every file.
 */
export function finderOfUnreadable(columns: readonly Column[]): (data: RecordData) => readonly Column[] {
  const byField = new Map(columns.map((column) => [column.field, { column, reads: READABLE[column.type] }]))
  const required = columns.filter((column) => column.required)
  return (data) => {
    let found = NONE
    for (const field in data) {
      const known = byField.get(field)
      const value = data[field]
      if (known && value !== undefined && !known.reads(value)) found = [...found, known.column]
    }
    for (const column of required) if (data[column.field] === undefined) found = [...found, column]
    return found
  }
}

const NONE: readonly Column[] = []

/** What keeps rules from a record that can't be read, for whoever may mend it. */
export function unreadableFaults(columns: readonly Column[]): FieldFault[] {
  return columns.map(({ field, label }) => ({
    field,
    code: 'unreadable',
    detail: `“${label}”一栏缺少内容或者不能识别，规则无法适用；请按原始材料更正，或者更新系统后再看。`,
  }))
}
