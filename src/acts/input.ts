import { z } from 'zod'
import { regionsWithin } from '../codes/regions.ts'
import { type Fault, Refusal } from '../dossier/refusal.ts'
import { date, lines, name, reference, regionCode, text } from '../records/fields.ts'
import type { Column, FieldFault } from '../records/kind.ts'
import { fieldFaults } from '../records/validate.ts'

const SHORT = 100

/** A line of free text, by the one rule for text. */
export function line(
  label: string,
  more: { hint?: string; max?: number; suggestions?: readonly string[] } = {},
) {
  const { max = SHORT, ...meta } = more
  return text(max).meta({ label, ...meta })
}

/** Name of a person or a system on one line, less what nobody sees: a name of nothing else is none. */
export function nameLine(label: string, hint?: string) {
  return name(SHORT).meta({ label, ...(hint !== undefined && { hint }) })
}

/** Paragraphs of free text, by the one rule for text. */
export function paragraphs(label: string, max: number, hint?: string) {
  return lines(max).meta({ label, isLong: true, ...(hint !== undefined && { hint }) })
}

/** A day that has come. */
export function pastDay(label: string) {
  return date().meta({ label, past: true })
}

/** Yes or no, each in its own words. */
export function yesOrNo(label: string, yes: string, no: string) {
  return z.boolean().meta({ label, answers: [yes, no] })
}

/** A reason and nothing else: what sends back, cancels, withdraws or revokes asks for. */
export function reasonAlone(label: string, hint?: string) {
  return z.strictObject({ reason: line(label, { max: 500, ...(hint !== undefined && { hint }) }) })
}

/** One of what the thing itself offers. */
export function oneOf(label: string) {
  return reference(200).min(1, '请选择。').meta({ label, isOffered: true })
}

/** Several of what the thing itself offers, by their ids. */
export function someOf(label: string, hint?: string) {
  return z
    .array(reference(200))
    .max(50, '最多 50 项。')
    .refine((chosen) => chosen.length > 0, { message: '至少选择一项。', params: { key: 'required' } })
    .meta({ label, isOffered: true, ...(hint !== undefined && { hint }) })
}

/** Changes to a record as a merge patch, judged by the record's own kind. */
export function changes() {
  return z
    .record(reference(60), z.unknown(), '应为 JSON 对象')
    .meta({ label: '变更', description: '合并补丁：只写要改的栏目，null 表示删去' })
}

/** What looks like personal data and is none: what it is instead, by the field that holds it. */
export function notPersonal() {
  return z
    .record(reference(60), lines(200), '应为 JSON 对象')
    .meta({ label: '不是个人信息', description: '看似个人信息而不是的：以栏目为键，写明它是什么' })
}

/** What was wrong with an act's input: every fault with its place. */
export function inputFaults(label: string, columns: readonly Column[], error: z.ZodError): Refusal {
  return faultyInput(
    label,
    error.issues.flatMap((issue) => {
      const [, ...within] = issue.path.map(String)
      return fieldFaults(columns, issue).map((fault) => {
        const isUnknown = issue.code === 'unrecognized_keys'
        const whole = issue.path.map(String).join('/')
        const field = isUnknown
          ? [whole, fault.field].filter((part) => part !== '')
          : [fault.field, ...within]
        return { ...fault, field: field.join('/') }
      })
    }),
  )
}

/** The refusal of an input for its faults. */
export function faultyInput(label: string, faults: readonly FieldFault[]): Refusal {
  const placed = faults.map(({ field, code, detail }): Fault => ({ pointer: `/${field}`, code, detail }))
  return new Refusal('invalid', `${label}有 ${faults.length} 处需要修改。`, placed)
}

/** A city or county by name or code, for what is bound to a region; none is everywhere. */
export function place(label: string, hint: string) {
  return regionCode().meta({ label, hint, suggestions: placesOfHebei })
}

const cities = regionsWithin('130000')
const placesOfHebei = [...cities, ...cities.flatMap(({ code }) => regionsWithin(code))].map(
  ({ path }) => path,
)

/** Several of what a schema allows, at least one, with names that the act offers. */
export function severalOf<const T extends readonly [string, ...string[]]>(
  label: string,
  terms: T,
  hint: string,
) {
  return z.array(z.enum(terms)).min(1, `请至少选一个${label}。`).meta({ label, hint, isOffered: true })
}
