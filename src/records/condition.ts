import { z } from 'zod'
import type { CalendarDate } from '../calendar/dates.ts'
import { earliestOf, latestOf } from '../calendar/partial-date.ts'

const value = z.union([z.string().min(1).max(100), z.number(), z.boolean()])
const words = z.string().min(1, '不能为空').max(100, '最多 100 个字')

/** One condition on a record's field, as data; all that are written must hold. */
export const fieldCondition = z
  .strictObject({
    field: z.string().min(1).max(60),
    /** The field is one of these; for a list, any of its values is. */
    is: z.array(value).min(1).max(50).optional(),
    /** The field is none of these; a field that is missing is none of them. */
    not: z.array(value).min(1).max(50).optional(),
    /** The field's text contains one of these. */
    contains: z.array(words).min(1).max(50).optional(),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    /** The field is there, or is not. */
    present: z.boolean().optional(),
    /** A date on this day or after it; one known to its year or month where all of that is. */
    since: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, '应写作 2021-09-01')
      .optional(),
    /** A date before the day that is asked for. */
    past: z.literal(true).optional(),
  })
  .refine(
    (condition) => Object.keys(condition).length > 1,
    '条件是空的：请写 is、not、contains、atLeast、atMost、present、since 或 past',
  )

export type FieldCondition = z.output<typeof fieldCondition>

/** Whether a field's value meets a condition on a day. */
export function meetsField(value: unknown, condition: FieldCondition, on: CalendarDate): boolean {
  const { is, not, contains, atLeast, atMost, present, since, past } = condition
  const isThere = value !== undefined && value !== null
  if (present !== undefined && present !== isThere) return false
  if (is && !isOneOf(value, is)) return false
  if (not && isOneOf(value, not)) return false
  if (contains && !(typeof value === 'string' && contains.some((part) => value.includes(part)))) return false
  if (atLeast !== undefined && !(typeof value === 'number' && value >= atLeast)) return false
  if (atMost !== undefined && !(typeof value === 'number' && value <= atMost)) return false
  if (since !== undefined && !(typeof value === 'string' && earliestOf(value) >= since)) return false
  return !past || (typeof value === 'string' && latestOf(value) < on)
}

function isOneOf(value: unknown, terms: readonly unknown[]): boolean {
  return Array.isArray(value) ? value.some((one) => terms.includes(one)) : terms.includes(value)
}
