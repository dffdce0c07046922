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

/** One number in the ways in which it can be spelt, and what would turn the text after it around. */
const HIDING = [
  ...['X', 'x', 'Ｘ', 'ｘ', 'Х', 'х', 'Χ', 'χ'].map((last) => `11010519491231002${last}`),
  '１１０１０５１９４９１２３１００２Ｘ',
  ...['\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068'].map((mark) => `甲${mark}乙`),
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

/** Whether a schema takes a text only as another one. */
function isTidied(schema: z.core.$ZodType | undefined, text: string): boolean {
  const read = schema && z.safeParse(schema, text)
  return read?.success === true && read.data !== text
}

/** Places that take what no text may hold, or keep what hides something. */
function openOf(places: readonly Place[]): string[] {
  return places
    .filter(
      ({ schema }) =>
        BROKEN.some((text) => schema.safeParse(text).success) ||
        HIDING.some((text) => schema.safeParse(text).data === text),
    )
    .map(({ name }) => name)
}

t.test('every text of every act keeps the one rule for text', async (t) => {
  const places = shippedActs.flatMap((act) => {
    const { document: _, ...fields } = act.input.shape
    return Object.entries(fields).flatMap(([field, schema]) => placesOf(`${act.name}.${field}`, schema))
  })
  t.ok(places.length > 100, `${places.length} places`)
  t.same(openOf(places), OTHERWISE)
})

t.test('every text of every kind of record keeps the one rule for text', async (t) => {
  const texts = [enterprise, ...catalogue.kinds].flatMap((kind) =>
    kind.columns.filter(({ type }) => type === 'text').map(({ field }) => ({ kind, field })),
  )
  t.ok(texts.length > 40, `${texts.length} fields`)
  const open = texts.filter(({ kind, field }) =>
    [...BROKEN, ...HIDING].some((text) => {
      const { error } = kind.fields.safeParse({ [field]: text })
      return !error?.issues.some(({ path }) => path[0] === field) && !isTidied(kind.fields.shape[field], text)
    }),
  )
  t.same(
    open.map(({ kind, field }) => `${kind.type}.${field}`),
    [],
  )
})
