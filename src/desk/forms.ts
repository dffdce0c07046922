import { type Fault, invalid } from '../dossier/refusal.ts'
import { fieldValue, isBlank } from '../exchange/values.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import { rowsAsTyped } from '../records/rows.ts'
import type { Form } from './contract.ts'

/** What a form says of a record: blank fields are absent, the others as the field's own check will judge them. */
export function dataOf(form: Form, { columns }: Pick<RecordKind, 'columns'>): RecordData {
  const data: RecordData = {}
  for (const column of columns) {
    const text = (form[column.field] ?? '').trim()
    if (text !== '' && !isBlank(text)) data[column.field] = fieldValue(text, column)
  }
  return data
}

/** What of a record a form changes: differing fields, null for those that were emptied. */
export function changesOf(form: Form, before: RecordData, kind: Pick<RecordKind, 'columns'>): RecordData {
  const after = dataOf(form, kind)
  const changes: RecordData = {}
  for (const { field, procedure } of kind.columns) {
    // What a procedure decides stands in no form.
    if (procedure !== undefined && form[field] === undefined) continue
    const [was, is] = [before[field], after[field]]
    if (JSON.stringify(was) !== JSON.stringify(is)) changes[field] = is ?? null
  }
  return changes
}

/** A record as the fields of a form show it. */
export function formOf(data: RecordData, { columns }: Pick<RecordKind, 'columns'>): Form {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const { field } = column
      return data[field] === undefined ? [] : [[field, textOf(data[field], column)]]
    }),
  )
}

function textOf(value: unknown, column: Column): string {
  if (column.type === 'rows') return rowsAsTyped(value, column)
  if (Array.isArray(value)) return value.map(String).join('、')
  if (typeof value === 'boolean') return value ? '是' : '否'
  return String(value)
}

/** Name of the line in which an officer says that what a field holds is no personal data. */
export function notPersonalName(field: string): string {
  return `not-personal.${field}`
}

/** What a form says of fields that look as if they held personal data: what it is instead, by field. */
export function notPersonalOf(
  form: Form,
  { columns }: Pick<RecordKind, 'columns'>,
): { notPersonal?: Record<string, string> } {
  const said = columns.flatMap(({ field }) => {
    const reason = (form[notPersonalName(field)] ?? '').trim()
    return reason === '' ? [] : [[field, reason] as const]
  })
  return said.length === 0 ? {} : { notPersonal: Object.fromEntries(said) }
}

/** Faults by the field that they are to be shown beside; the rest under an empty name. */
export function faultsByField(faults: readonly Fault[], columns: readonly Column[]): Map<string, string[]> {
  const byField = new Map<string, string[]>()
  const known = new Set(columns.map(({ field }) => field))
  for (const { pointer, detail } of faults) {
    const field = pointer.split('/').findLast((part) => known.has(part)) ?? ''
    byField.set(field, [...(byField.get(field) ?? []), detail])
  }
  return byField
}

/** The reason that a form gives; refuses one that gives none. */
export function reasonOf({ reason = '' }: Form): string {
  if (reason.trim() === '') throw invalid('/reason', 'required', '请写明原因。')
  return reason.trim()
}
