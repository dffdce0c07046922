import t from 'tap'
import { z } from 'zod'
import { bounded, fc } from '../properties.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

const operation = z.object({
  operationId: z.string(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']) }))
    .optional()
    .default([]),
  requestBody: z.unknown().optional(),
})
const reference = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'patch', 'put', 'delete']), operation)),
})

/** Text that people and machines send: codes, names, numbers, dates, broken and hostile pieces. */
const hostile = fc.oneof(
  fc.constantFrom(
    unifiedCode('FUZZ0001'),
    unifiedCode('FUZZ0001').slice(8, 17),
    '示例',
    'shili',
    '0',
    '-1',
    '1e9',
    '99999999999999999999',
    '2026-02-30',
    '9999-12-31T23:59:59Z',
    '2020-01-01',
    '*',
    '"',
    "' OR 1=1 --",
    '%00',
    '\u0000',
    '\ud800',
    '１３０１０２',
    '../../etc/passwd',
    'a'.repeat(5000),
    '"zz zz" AND *',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 12 }),
)

const FIELDS = ['uscc', 'orgCode', 'openUnder', 'enterprise', 'type', 'data', 'reason', 'name', 'region']
const values = fc.oneof(
  hostile,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    { name: '示例公司', region: '130102' },
    { uscc: unifiedCode('FUZZ0002'), enterprise: { name: '示例乙公司' } },
    'licence',
    'penalty',
    'uscc',
    licenceOf('XK-1'),
    penaltyOf('罚-1'),
    licenceOf('XK-1').data,
    licenceOf('XK-2', { validTo: '1999-01-01' }),
    { __proto__: null, constructor: 1 },
  ),
)
const body = fc.oneof(
  fc.dictionary(fc.constantFrom(...FIELDS), values, { maxKeys: 5 }),
  fc.jsonValue({ maxDepth: 2 }),
)

t.test(
  'whatever is sent to any route of the reference is answered, never with a fault of ours',
  async (t) => {
    const server = await testServer(t)
    const key = await server.authorization(['admin'])
    await server.app.inject({
      method: 'POST',
      url: '/api/v1/enterprises',
      headers: key,
      payload: { uscc: unifiedCode('FUZZ0001'), enterprise: { name: '示例模糊测试公司' } },
    })
    const { paths } = reference.parse(server.app.swagger())
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, parameters, requestBody }]) => ({
        path,
        method: z.enum(['get', 'post', 'patch', 'put', 'delete']).parse(method),
        operationId,
        queries: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        takesBody: requestBody !== undefined,
      })),
    )
    t.ok(routes.length >= 20, `${routes.length} routes`)
    const seen = new Map<string, Set<number>>()
    for (const route of routes) {
      const statuses = new Set<number>()
      seen.set(route.operationId, statuses)
      const request = fc.record({
        path: fc.array(hostile, { minLength: 3, maxLength: 3 }),
        query: fc.dictionary(fc.constantFrom(...route.queries, 'unknown'), hostile, { maxKeys: 4 }),
        body,
        headers: fc.record(
          {
            'if-match': fc.constantFrom('*', '"1"', '"99"', 'W/"1-2"', 'x'),
            'idempotency-key': fc.constantFrom('a', 'b', '\u00ff', 'x'.repeat(300)),
            authorization: fc.constantFrom('Bearer x', 'Basic eA==', key.authorization, key.authorization),
          },
          { requiredKeys: [] },
        ),
      })
      await fc.assert(
        fc.asyncProperty(request, async ({ path, query, body, headers }) => {
          let i = 0
          const address = route.path.replaceAll(/\{[^}]+\}/g, () => {
            i += 1
            return encode(path[i - 1] ?? '')
          })
          // Waiting for what does not come would only slow the test.
          const { wait: _, ...rest } = query
          const search = Object.entries(rest).map(([name, value]) => `${name}=${encode(value)}`)
          const answer = await server.app.inject({
            method: route.method,
            url: search.length > 0 ? `${address}?${search.join('&')}` : address,
            headers: { ...key, ...headers },
            ...(route.takesBody && {
              payload: JSON.stringify(body) ?? 'null',
              headers: { ...key, ...headers, 'content-type': 'application/json' },
            }),
          })
          statuses.add(answer.statusCode)
          if (answer.statusCode >= 500) throw new Error(`${answer.statusCode}: ${answer.body}`)
          if (answer.statusCode >= 400) {
            const { title } = answer.json()
            if (typeof title !== 'string' || !/\p{Script=Han}/u.test(title)) throw new Error(answer.body)
          }
        }),
        bounded(60, 1 / routes.length),
      )
    }
    const all = new Set(Array.from(seen.values(), (statuses) => [...statuses]).flat())
    for (const status of [200, 400, 401, 404, 422]) t.ok(all.has(status), `some were answered with ${status}`)
    t.equal((await server.app.inject({ url: '/readyz' })).statusCode, 200)
  },
)

function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '�'))
}
