import type { z } from 'zod'
import type { CalendarDate } from '../calendar/dates.ts'
import type { Column, FieldFault, RecordData, RecordKind } from './kind.ts'

export type Validated = { ok: true; data: RecordData } | { ok: false; faults: FieldFault[] }

/**
 * A record's data checked as on a day: each field by its definition, no unknown field, nothing past in the future,
 * and how the fields fit together. Faults come all at once, in Chinese, each with its field.
 */
export function validate(kind: RecordKind, input: unknown, today: CalendarDate): Validated {
  const parsed = kind.fields.safeParse(input, { reportInput: true })
  if (!parsed.success)
    return { ok: false, faults: parsed.error.issues.flatMap((issue) => fieldFaults(kind.columns, issue)) }
  const data: RecordData = parsed.data
  const faults = [...futureDates(kind.columns, data, today), ...noDates(kind, data), ...kind.check(data)]
  return faults.length > 0 ? { ok: false, faults } : { ok: true, data }
}

/** Data after a merge patch (RFC 7396 on one level: null takes a field away). */
export function patched(data: RecordData, changes: RecordData): RecordData {
  const merged: RecordData = { ...data }
  for (const [field, value] of Object.entries(changes)) {
    if (value === null || value === undefined) delete merged[field]
    else merged[field] = value
  }
  return merged
}

/** The smallest merge patch that turns one set of data into another; undefined where they are equal. */
export function patchBetween(before: RecordData, after: RecordData): RecordData | undefined {
  const changes: RecordData = {}
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[field]) !== JSON.stringify(after[field])) changes[field] = after[field] ?? null
  }
  return Object.keys(changes).length > 0 ? changes : undefined
}

/** Faults of days that tell what has happened and yet lie in the future. */
export function futureDates(columns: readonly Column[], data: RecordData, today: CalendarDate): FieldFault[] {
  return columns.flatMap(({ field, label, past }) => {
    const value = data[field]
    if (!past || typeof value !== 'string' || value <= today) return []
    return {
      field,
      code: 'future-date',
      detail: `${label}（${value}）晚于今天（${today}）；已经发生的事不能在将来，请核对年份。`,
    }
  })
}

/** Nothing that the registry records of a firm happened before. */
const EARLIEST = '1949-10-01'
/** The moment from which programs count, which they write where they have none. */
const NO_MOMENT = '1970-01-01'

/** Faults of days that programs fill in where they know none. A firm itself may be old. */
function noDates({ type, columns }: RecordKind, data: RecordData): FieldFault[] {
  if (type === 'enterprise') return []
  return columns.flatMap(({ field, label, past }) => {
    const value = data[field]
    if (!past || typeof value !== 'string' || (value >= EARLIEST && value !== NO_MOMENT)) return []
    return {
      field,
      code: 'no-date',
      detail: `${label}（${value}）是程序在没有日期时填入的，不是真实的日期；请按原件填写。`,
    }
  })
}

/** Faults, by field and in Chinese, of what a schema with such columns did not take. */
export function fieldFaults(columns: readonly Column[], issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((field) => ({
      field,
      code: 'unknown-field',
      detail: `没有名为“${field.slice(0, 60)}”的栏目${issue.path.length > 0 ? '' : `；可用的栏目：${columns.map((c) => c.field).join('、')}`}。`,
    }))
  const field = String(issue.path[0] ?? '')
  const column = columns.find((c) => c.field === field)
  const label = placeIn(column, issue.path)
  const fault = (code: string, detail: string): FieldFault[] => [
    { field, code, detail: `${label}：${detail}` },
  ]
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined && field !== '') return fault('required', '必填，请补上。')
      return fault('type', TYPE_NAMES[issue.expected] ?? '内容的类型不对，请按接口文档填写。')
    case 'invalid_value':
      if (issue.input === undefined) return fault('required', `必填，应为${issue.values.join('、')}之一。`)
      return fault('choice', `应为${issue.values.join('、')}之一，现为“${shown(issue.input)}”。`)
    case 'too_big':
      return fault('too-big', issue.message)
    case 'too_small':
      return fault('too-small', issue.message)
    case 'custom':
      return fault(String(issue.params?.key ?? 'invalid'), issue.message)
    default:
      return fault('invalid', '内容不合要求，请核对。')
  }
}

/** Where a fault lies, in words: the field, and within a table the line and the part. */
function placeIn(column: Column | undefined, [, line, part]: readonly PropertyKey[]): string {
  if (!column) return '内容'
  if (column.type !== 'rows' || typeof line !== 'number') return column.label
  const within = column.parts?.find(({ field }) => field === part)
  return `${column.label}第 ${line + 1} 行${within ? `的${within.label}` : ''}`
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: '应为文字。',
  number: '应为数字，不带单位和千分号。',
  int: '应为整数。',
  array: '应为一组选项（数组）。',
  object: '应为 JSON 对象。',
}

function shown(input: unknown): string {
  const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? '')
  return Array.from(text).slice(0, 40).join('')
}
