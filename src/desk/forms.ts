import { type Fault, invalid, Refusal } from '../dossier/refusal.ts'
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

/** What a record was when a form was made from it, and what it is now. */
interface Since {
  was: RecordData
  is: RecordData
}

/**
 * A form as it would be, had it been made from what stands now: what was not touched in it takes the present value, what was
 * stays as it was typed. `typed` is what it changed of what was; `colliding` are the fields that others have changed meanwhile too, to something else.
 */
export function carriedOver(
  form: Form,
  { was, is }: Since,
  kind: Pick<RecordKind, 'columns'>,
): { form: Form; typed: RecordData; colliding: Column[] } {
  const typed = changesOf(form, was, kind)
  const others = changesOf(formOf(is, kind), was, kind)
  const present = formOf(is, kind)
  const touched = kind.columns.filter(({ field }) => field in typed)
  const kept = Object.fromEntries(touched.map(({ field }) => [field, form[field] ?? '']))
  const fields = new Set(kind.columns.map(({ field }) => field))
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !fields.has(name)))
  // What a procedure decides stands in no form.
  const shown = Object.fromEntries(
    kind.columns.flatMap(({ field, procedure }) => {
      const value = procedure !== undefined && form[field] === undefined ? undefined : present[field]
      return value === undefined ? [] : [[field, value]]
    }),
  )
  const colliding = touched.filter(
    ({ field }) => field in others && JSON.stringify(others[field]) !== JSON.stringify(typed[field]),
  )
  return { form: { ...rest, ...shown, ...kept }, typed, colliding }
}

/** Refuses a form whose fields others have changed meanwhile, each with what it is now. */
export function mustNotCollide(colliding: readonly Column[], is: RecordData): void {
  if (colliding.length === 0) return
  const names = colliding.map(({ label }) => `“${label}”`).join('、')
  const faults = colliding.map((column) => {
    const value = is[column.field]
    const detail = value === undefined ? '其间已被他人清空。' : `其间已被他人改为“${textOf(value, column)}”。`
    return { pointer: `/${column.field}`, code: 'changed-meanwhile', detail }
  })
  throw new Refusal('stale', `${names}其间已被他人改动。`, faults)
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
