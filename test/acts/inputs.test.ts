import { readFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { shippedActs } from '../../src/acts/shipped.ts'

/**
 * `inputs.txt` is what each act asks for and how much of it, as an official checks it: a line for each field. Whoever
 * adds or changes one changes its line by hand.
 */

const described = z.object({
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
})

/** No bound: the largest and least of whole numbers stand for none. */
const isBound = (value: number | undefined) => value !== undefined && Number.isSafeInteger(value * 2)

function linesOf(place: string, schema: unknown, required: boolean): string[] {
  const own = described.parse(schema)
  const bounds = (words: string, least: number | undefined, most: number | undefined) =>
    isBound(least) || isBound(most) ? [`${least ?? 0} 至 ${isBound(most) ? most : '不限'}${words}`] : []
  const said = [
    ...bounds(' 字', own.minLength, own.maxLength),
    ...bounds('', own.minimum, own.maximum),
    ...bounds(' 项', own.minItems, own.maxItems),
    ...(own.enum ? [`选项 ${own.enum.join('、')}`] : []),
    ...(own.default === undefined ? [] : [`不填为 ${JSON.stringify(own.default)}`]),
    ...(required ? ['必填'] : []),
  ]
  const within = typeof own.additionalProperties === 'object' ? own.additionalProperties : undefined
  return [
    [place, ...said].join(' | '),
    ...Object.entries(own.properties ?? {}).flatMap(([name, part]) =>
      linesOf(`${place}.${name}`, part, own.required?.includes(name) ?? false),
    ),
    ...(own.items === undefined ? [] : linesOf(`${place}[]`, own.items, false)),
    ...(within === undefined ? [] : linesOf(`${place}.*`, within, false)),
  ]
}

t.test('what each act asks for, and how much of it', async (t) => {
  const lines = shippedActs.flatMap((act) => {
    // Documents have schemas of their own.
    const { document: _, ...fields } = act.input.shape
    const schema = z.toJSONSchema(z.strictObject(fields), { io: 'input', unrepresentable: 'any' })
    return linesOf(act.name, schema, false)
  })
  const file = new URL('inputs.txt', import.meta.url)
  t.same(lines, readFileSync(file, 'utf8').trimEnd().split('\n'))
})
