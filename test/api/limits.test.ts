import fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import t, { type Test } from 'tap'
import { requestLimits } from '../../src/api/limits.ts'
import type { App } from '../../src/http/app.ts'
import { handleErrors } from '../../src/http/errors.ts'

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
