import t from 'tap'
import { z } from 'zod'
import { shippedActs } from '../../src/acts/shipped.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'

/**
 * All text that comes in keeps the one rule for text, by whatever definition: a walk through every act and every kind of
 * record finds each place that takes text, so that a new one can't be forgotten.
 */

/** What no text may hold, and texts that are as long as anything asks for. */
const BROKEN = [
  '损\u0000坏',
  '损\u0007坏',
  '损\u001b坏',
  '损\u0085坏',
  '损\ud800坏',
  '损\udc00坏',
  '损\ufffe坏',
  '损\u2028坏',
]

interface Place {
  name: string
  schema: z.ZodType
}

/** Every place within a schema that takes text of the writer's own. */
function placesOf(name: string, schema: z.core.$ZodType): Place[] {
  const inner = (more: string, own: z.core.$ZodType) => placesOf(`${name}${more}`, own)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return inner('', schema.def.innerType)
  if (schema instanceof z.ZodPipe) return [...inner('', schema.def.in), ...inner('', schema.def.out)]
  if (schema instanceof z.ZodArray) return inner('[]', schema.def.element)
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([field, own]) => inner(`.${field}`, own))
  if (schema instanceof z.ZodRecord)
    return [...inner('{}', schema.def.keyType), ...inner('.*', schema.def.valueType)]
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap((own) => inner('|', own))
  if (schema instanceof z.ZodString) return [{ name, schema }]
  return []
}

/** Judged otherwise: a text after what must not be published is masked in it, a password as such, and never kept. */
const OTHERWISE = ['attach-decision.text', 'create-officer.password', 'reset-password.password']

t.test('every text of every act keeps the one rule for text', async (t) => {
  const places = shippedActs.flatMap((act) => {
    const { document: _, ...fields } = act.input.shape
    return Object.entries(fields).flatMap(([field, schema]) => placesOf(`${act.name}.${field}`, schema))
  })
  t.ok(places.length > 100, `${places.length} places`)
  const open = places.filter(({ schema }) => BROKEN.some((text) => schema.safeParse(text).success))
  t.same(
    open.map(({ name }) => name),
    OTHERWISE,
  )
})

t.test('every text of every kind of record keeps the one rule for text', async (t) => {
  const texts = [enterprise, ...catalogue.kinds].flatMap((kind) =>
    kind.columns.filter(({ type }) => type === 'text').map(({ field }) => ({ kind, field })),
  )
  t.ok(texts.length > 40, `${texts.length} fields`)
  const open = texts.filter(({ kind, field }) =>
    BROKEN.some((text) => {
      const { error } = kind.fields.safeParse({ [field]: text })
      return !error?.issues.some(({ path }) => path[0] === field)
    }),
  )
  t.same(
    open.map(({ kind, field }) => `${kind.type}.${field}`),
    [],
  )
})
