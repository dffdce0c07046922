import t from 'tap'
import { z } from 'zod'
import { scopes } from '../../src/authority/keys.ts'
import { wholeNumber } from '../../src/http/parameters.ts'
import { testServer } from '../support.ts'

const parameter = z.object({
  name: z.string(),
  in: z.string(),
  schema: z
    .object({ type: z.unknown(), minimum: z.number().optional(), enum: z.array(z.string()).optional() })
    .catch({ type: undefined }),
})
const described = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ parameters: z.array(parameter).default([]) }).catch({ parameters: [] })),
  ),
})
const problem = z.object({ errors: z.array(z.object({ pointer: z.string() })).default([]) })

/** What other programs take for a number. */
const ODD = [
  '0x10',
  '1e3',
  ' 5',
  '5 ',
  '+5',
  '5.0',
  '5.',
  '.5',
  '0b1',
  '0o7',
  '٥',
  '５',
  'Infinity',
  'NaN',
  'true',
  '',
  '1_000',
  '-0',
  '--1',
  '5,5',
]

t.test('a whole number is written in decimal digits', async (t) => {
  const number = wholeNumber(0, 60)
  for (const [text, value] of [
    ['0', 0],
    ['60', 60],
    ['007', 7],
  ] as const)
    t.equal(number.parse(text), value)
  t.equal(number.parse(5), 5)
  for (const odd of [...ODD, '61', '-1', '9'.repeat(17), '9'.repeat(400), ['5'], ['5', '6'], null, true, 5.5])
    t.notOk(number.safeParse(odd).success, String(odd))
})

t.test(
  'every whole number that a route of the reference asks for is written in decimal digits',
  async (t) => {
    const server = await testServer(t)
    const headers = await server.authorization([...scopes])
    const { paths } = described.parse((await server.app.inject('/openapi.json')).json())
    let asked = 0
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { parameters }] of Object.entries(methods))
        for (const { name, in: place, schema } of parameters) {
          if (place !== 'query' || schema.type !== 'integer') continue
          asked += 1
          const refuses = async (value: string) => {
            const terms = new Map(parameters.map((one) => [`{${one.name}}`, one.schema.enum?.[0] ?? '1']))
            const url = `${path.replace(/\{\w+\}/g, (part) => terms.get(part) ?? '1')}?${name}=${encodeURIComponent(value)}`
            const isGet = method === 'get'
            const answer = await server.app.inject({
              method: isGet ? 'GET' : 'POST',
              url,
              headers: { ...headers, ...(!isGet && { 'content-type': 'application/json' }) },
              ...(!isGet && { payload: '{}' }),
            })
            if (answer.statusCode !== 400) return false
            return problem.parse(answer.json()).errors.some(({ pointer }) => pointer === `/${name}`)
          }
          for (const odd of ODD) t.ok(await refuses(odd), `${method} ${path} ${name}=${odd}`)
          const plain = String(Math.max(schema.minimum ?? 0, 1))
          t.notOk(await refuses(plain), `${method} ${path} ${name}=${plain}`)
        }
    t.ok(asked >= 20, `${asked} of them`)
  },
)
