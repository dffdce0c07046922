import t from 'tap'
import type { ProxyTrust } from '../../src/config.ts'
import { addressOf, plainAddress, trusted, visitorOf } from '../../src/http/visitor.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { testServer } from '../support.ts'

/** What a proxy may say of whom it speaks for, their address, and under what they are counted. */
const SAID: readonly (readonly [string, string, string])[] = [
  ['1.2.3.4', '1.2.3.4', '1.2.3.4'],
  ['1.2.3.4:5678', '1.2.3.4', '1.2.3.4'],
  ['1.2.3.4:1', '1.2.3.4', '1.2.3.4'],
  ['::ffff:1.2.3.4', '1.2.3.4', '1.2.3.4'],
  ['[::ffff:1.2.3.4]:443', '1.2.3.4', '1.2.3.4'],
  ['::FFFF:0102:0304', '1.2.3.4', '1.2.3.4'],
  ['[::1]:443', '::1', '0:0:0:0::/64'],
  ['::1', '::1', '0:0:0:0::/64'],
  ['[2001:db8::1]', '2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:9::1', '2001:db8::9:0:0:1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::1', 'fe80:0:0:0::/64'],
]

/** What is no address. */
const NONE = [
  'unknown',
  '_hidden',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '1.2.3.4:',
  '1.2.3.4:port',
  '[1.2.3.4]:443',
  '::1:99999:1:1:1:1:1:1:1',
  '[::1',
  'for=1.2.3.4',
  '"[::1]:443"',
  '石家庄',
  `${'1'.repeat(5_000)}.2.3.4`,
  `1.2.3.4${' '.repeat(100)}x`,
]

t.test('an address is told from what stands about it, member by member', async (t) => {
  for (const [said, address, visitor] of SAID) {
    t.equal(plainAddress(said), address, said)
    t.equal(addressOf({ ip: said, ips: ['127.0.0.1', said] }), address)
    t.equal(visitorOf({ ip: said, ips: ['127.0.0.1', said] }), visitor, said)
  }
  for (const said of NONE) {
    t.equal(plainAddress(said), undefined, said.slice(0, 40))
    t.equal(addressOf({ ip: said, ips: ['10.0.0.7', said] }), '10.0.0.7', "it counts as the proxy's own")
  }
})

function believing(trust: Exclude<ProxyTrust, false>) {
  const isTrusted = trusted(trust)
  if (isTrusted === false) throw new Error('somebody is trusted')
  return isTrusted
}

t.test('nothing behind what is no address is believed, however the proxies are named', async (t) => {
  for (const trust of [3, ['10.0.0.0/8'], ['10.0.0.1', '10.0.0.2'], ['::ffff:10.0.0.1', '10.0.0.2']]) {
    const isTrusted = believing(trust)
    for (const said of ['10.0.0.1', '10.0.0.2:4431', '::ffff:10.0.0.1'])
      t.equal(isTrusted(said, 1), true, said)
    for (const said of NONE) t.equal(isTrusted(said, 1), false, said.slice(0, 40))
  }
  const here = believing(['loopback'])
  for (const said of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) t.equal(here(said, 0), true, said)
  for (const said of ['128.0.0.1', '126.255.255.255', '::2']) t.equal(here(said, 0), false, said)
  t.equal(trusted(false), false)
})

t.test('figures are for this machine alone, unless the setting says otherwise', async (t) => {
  const elsewhere = { 'x-forwarded-for': '1.2.3.4' }
  for (const [metrics, here, away] of [
    ['local', 200, 403],
    ['open', 200, 200],
    ['off', 404, 404],
  ] as const) {
    const { app } = await testServer(t, { metrics, trust: 1 })
    t.equal((await app.inject('/metrics')).statusCode, here, metrics)
    t.equal((await app.inject({ url: '/metrics', headers: elsewhere })).statusCode, away, metrics)
    t.equal((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.5' })).statusCode, away, metrics)
  }
})

/** Chains of hops, two of each that are one visitor. */
const SAME: readonly (readonly [string, string])[] = [
  ['1.2.3.4:5678', '1.2.3.4:5679'],
  ['1.2.3.4', '[::ffff:1.2.3.4]:80'],
  ['[2001:db8::1]:1', '[2001:db8::ffff:1]:2'],
  ['nobody', 'no-one'],
  ['8.8.8.8, nobody', '9.9.9.9, no-one'],
  [`${Array.from({ length: 500 }, (_, i) => `10.1.${i % 250}.1`).join()}, 1.2.3.4`, '1.2.3.4:9'],
]

t.test('neither ports nor inventions make another visitor, for limits and for the sign-in', async (t) => {
  for (const [one, other] of SAME) {
    const { app } = await testServer(t, { rateLimit: 1, trust: 1 })
    const asked = async (said: string) =>
      (await app.inject({ url: '/api/v1/regions', headers: { 'x-forwarded-for': said } })).statusCode
    t.equal(await asked(one), 200, one.slice(0, 40))
    t.equal(await asked(other), 429, other)
  }
  // The server refuses what is no address before it knows whom a proxy spoke for.
  for (const trust of [1, ['127.0.0.1']] as const)
    for (const [first, second] of [...SAME, ['1.2.3.4', '8.8.8.8, 1.2.3.4'] as const]) {
      const { app } = await testServer(t, {
        rateLimit: 1,
        trust: typeof trust === 'number' ? trust : [...trust],
      })
      const asked = async (url: string, said: string) =>
        (await app.inject({ url, headers: { 'x-forwarded-for': said } })).statusCode
      t.equal(await asked('/a%ff', first), 400, first.slice(0, 40))
      t.equal(await asked('/a%ff', second), 429, second)
      t.equal(await asked('/api/v1/regions', second), 429, 'and with all else')
      t.equal(await asked('/a%ff', '5.5.5.5'), 400, 'another is another')
    }
  const { app } = await testServer(t, { rateLimit: 1, trust: 1 })
  for (const said of ['[2001:db8::1]:1', '[2001:db8:0:1::1]:1'])
    t.equal(
      (await app.inject({ url: '/api/v1/regions', headers: { 'x-forwarded-for': said } })).statusCode,
      200,
      'two lines are two visitors',
    )
  const server = await testServer(t, { trust: 1 })
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  const statuses = new Set<number>()
  for (let port = 1; port < 12; port += 1) {
    const visitor = new Visitor(server, { 'x-forwarded-for': `1.2.3.4:${port}` })
    statuses.add((await visitor.signIn('zhangsan', 'a wrong one')).statusCode)
  }
  t.ok(statuses.has(429), Array.from(statuses).join())
  const elsewhere = new Visitor(server, { 'x-forwarded-for': '1.2.3.5:1' })
  t.equal((await elsewhere.signIn('zhangsan')).statusCode, 303)
})
