import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { z } from 'zod'

const described = z.object({
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  suggestions: z.array(z.string()).optional(),
  answers: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  const: z.unknown().optional(),
  exclusiveMinimum: z.number().optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
})

/** No bound: the largest and least of whole numbers stand for none. */
const isBound = (value: number | undefined) => value !== undefined && Number.isSafeInteger(value * 2)

/** What a JSON schema asks for and how much of it: a line for each field, as an official checks it. */
export function boundsOf(place: string, schema: unknown, required = false): string[] {
  const own = described.parse(schema)
  const bounds = (words: string, least: number | undefined, most: number | undefined) =>
    isBound(least) || isBound(most) ? [`${least ?? 0} 至 ${isBound(most) ? most : '不限'}${words}`] : []
  const said = [
    ...bounds(' 字', own.minLength, own.maxLength),
    ...bounds('', own.minimum, own.maximum),
    ...bounds(' 项', own.minItems, own.maxItems),
    ...(own.exclusiveMinimum === undefined ? [] : [`大于 ${own.exclusiveMinimum}`]),
    ...(own.pattern === undefined ? [] : [`形如 ${own.pattern}`]),
    ...(own.const === undefined ? [] : [`只可为 ${own.const}`]),
    ...(own.enum ? [`选项 ${own.enum.join('、')}`] : []),
    ...(own.answers ? [own.answers.join('或')] : []),
    // Places are as many as there are.
    ...(own.suggestions && own.suggestions.length < 20 ? [`如 ${own.suggestions.join('、')}`] : []),
    ...(own.default === undefined ? [] : [`不填为 ${JSON.stringify(own.default)}`]),
    ...(required ? ['必填'] : []),
  ]
  const within = typeof own.additionalProperties === 'object' ? own.additionalProperties : undefined
  return [
    [place, ...said].join(' | '),
    ...Object.entries(own.properties ?? {}).flatMap(([name, part]) =>
      boundsOf(`${place}.${name}`, part, own.required?.includes(name) ?? false),
    ),
    ...(own.anyOf ?? []).flatMap((part, i) => boundsOf(`${place}（${i + 1}）`, part)),
    ...(own.items === undefined ? [] : boundsOf(`${place}[]`, own.items, false)),
    ...(within === undefined ? [] : boundsOf(`${place}.*`, within, false)),
  ]
}

/** Holds a list against a file that is changed by hand: whoever adds or changes a line changes it there too. */
export function sameAsIn(t: Test, file: URL, lines: readonly string[]): void {
  const kept = readFileSync(file, 'utf8').trimEnd().split('\n')
  t.same(lines, kept, file.pathname.split('/').slice(-2).join('/'))
}
