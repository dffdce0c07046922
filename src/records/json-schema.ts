import { z } from 'zod'
import type { RecordKind } from './kind.ts'
import { once } from './once.ts'
import { sights } from './sight.ts'

type JsonSchema = Record<string, unknown>

/**
 * JSON Schema (2020-12) of a record's data as it is sent: every field with its Chinese label as title, what to write
 * as description, and under `x-` keys its exchange elements, unit, and who sees it from when (`x-seen`), beside officers.
 * What is given is shared, so nobody may change it.
 */
export const jsonSchemaOf = once((kind: RecordKind): JsonSchema => {
  const own = z.toJSONSchema(kind.fields, { io: 'input', unrepresentable: 'any' })
  const properties = Object.fromEntries(
    kind.columns.map(({ field, label, hint, elements, unit, internal, sight }) => {
      const {
        type,
        format,
        pattern,
        maxLength,
        minLength,
        minimum,
        maximum,
        enum: terms,
        items,
        maxItems,
        minItems,
        default: preset,
      } = plain(own.properties?.[field])
      const bounds = {
        type,
        format,
        pattern,
        maxLength,
        minLength,
        minimum,
        maximum,
        enum: terms,
        items,
        maxItems,
        minItems,
        default: preset,
      }
      return [
        field,
        {
          title: label,
          ...(hint !== undefined && { description: hint }),
          ...Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined)),
          ...(unit !== undefined && { 'x-unit': unit }),
          ...(elements && { 'x-elements': elements }),
          ...(internal && { 'x-internal': true }),
          ...(sight && { 'x-seen': sights[sight].value }),
        },
      ]
    }),
  )
  const required = kind.columns.filter((column) => column.required).map((column) => column.field)
  return { title: kind.label, type: 'object', properties, required, additionalProperties: false }
})

function plain(schema: unknown): JsonSchema {
  return typeof schema === 'object' && schema !== null ? { ...schema } : {}
}
