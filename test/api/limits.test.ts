import fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import t, { type Test } from 'tap'
import { requestLimits } from '../../src/api/limits.ts'
import type { App } from '../../src/http/app.ts'
import { handleErrors } from '../../src/http/errors.ts'
import { testServer } from '../support.ts'

const PER_MINUTE = 20

/** Asks a bare app, from an address, at a time of the clock. */
function door(
  t: Test,
  kind: 'address' | 'key' | 'wrongKey',
  { perMinute = PER_MINUTE, spared = false } = {},
) {
  let time = 1_000_000
  const app: App = fastify().withTypeProvider<ZodTypeProvider>()
  app.setErrorHandler(handleErrors(() => undefined))
  const limits = requestLimits(
    app,
    perMinute,
    () => spared,
    () => time,
  )
  app.get('/', async (request, reply) => {
    limits[kind](request, reply)
    return ''
  })
  t.teardown(() => app.close())
  const ask = (remoteAddress = '198.51.100.1') => app.inject({ url: '/', remoteAddress })
  return {
    ask,
    wait: (ms: number) => {
      time += ms
    },
    /** How many of so many requests are let in. */
    async letIn(asked: number, from?: string) {
      const answers: number[] = []
      for (let i = 0; i < asked; i += 1) answers.push((await ask(from)).statusCode)
      return answers.filter((status) => status === 200).length
    },
  }
}

for (const [kind, bound] of [
  ['address', PER_MINUTE],
  ['wrongKey', PER_MINUTE / 10],
  ['key', PER_MINUTE * 10],
] as const)
  t.test(`${kind}: as many as the bound, and anew when its minute is over`, async (t) => {
    const { letIn, ask, wait } = door(t, kind)
    t.equal(await letIn(bound + 1), bound)
    wait(59_999)
    const refused = await ask()
    t.equal(refused.statusCode, 429, 'a millisecond before')
    t.equal(refused.headers['retry-after'], '1')
    t.match(refused.headers, { 'ratelimit-limit': `${bound}`, 'ratelimit-remaining': '0' })
    wait(1)
    const first = await ask()
    t.equal(first.statusCode, 200)
    t.match(first.headers, { 'ratelimit-remaining': `${bound - 1}`, 'ratelimit-reset': '60' })
    t.equal(await letIn(bound), bound - 1)
  })

t.test('each address has its own, of IPv6 each /64', async (t) => {
  const { letIn } = door(t, 'address')
  t.equal(await letIn(PER_MINUTE + 1), PER_MINUTE)
  t.equal(await letIn(PER_MINUTE + 1, '198.51.100.2'), PER_MINUTE)
  t.equal(await letIn(PER_MINUTE, '2001:db8:0:1::1'), PER_MINUTE)
  t.equal(await letIn(1, '2001:db8:0:1::2'), 0)
  t.equal(await letIn(1, '2001:db8:0:2::1'), 1)
})

t.test(
  'a wrong key has one try at least, and nobody is bound where nothing is set or who is spared',
  async (t) => {
    t.equal(await door(t, 'wrongKey', { perMinute: 9 }).letIn(3), 1)
    t.equal(await door(t, 'address', { perMinute: 0 }).letIn(100), 100)
    t.equal(await door(t, 'address', { spared: true }).letIn(100), 100)
  },
)

t.test('whoever watches the node is told of it, however much else is asked from there', async (t) => {
  const { app } = await testServer(t, { rateLimit: 1, publicUrl: 'https://one.example' })
  const status = async (url: string) => (await app.inject({ url })).statusCode
  t.same([await status('/robots.txt'), await status('/robots.txt')], [200, 429])
  for (const url of ['/healthz', '/readyz', '/readyz?a=1', '/readyz/desk', '/metrics'])
    for (const time of ['once', 'twice']) t.not(await status(url), 429, `${url} ${time}`)
  for (const url of ['/healthzz', '/rules', '/api/v1/healthz', '/?/readyz'])
    t.equal(await status(url), 429, url)
})

t.test('an answer that caches give to others bears nobody’s number and nobody’s count', async (t) => {
  const { app } = await testServer(t, { rateLimit: 100 })
  const own = ['x-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']
  const headersOf = async (url: string) =>
    (await app.inject({ url, headers: { 'x-forwarded-for': '203.0.113.9' } })).headers
  for (const url of ['/rules', '/', '/robots.txt', '/blacklist']) {
    const headers = await headersOf(url)
    t.match(headers['cache-control'], /^public/, url)
    for (const name of own) t.notOk(name in headers, `${url} ${name}`)
  }
  for (const url of ['/api/v1/regions', '/nothing']) {
    const headers = await headersOf(url)
    t.notMatch(headers['cache-control'] ?? '', /^public/, url)
    for (const name of own) t.ok(name in headers, `${url} ${name}`)
  }
})
