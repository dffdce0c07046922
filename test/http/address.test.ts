import type { InjectOptions } from 'fastify'
import t from 'tap'
import { readSettings } from '../../src/config.ts'
import { withinRoot } from '../../src/http/address.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { type TestOptions, testServer } from '../support.ts'

/** Answers to two requests where one a minute is allowed. */
async function pair(
  t: Parameters<typeof testServer>[0],
  options: TestOptions,
  first: InjectOptions,
  second = first,
) {
  const { app } = await testServer(t, { rateLimit: 1, ...options })
  const asked = { url: '/api/v1/regions' }
  await app.inject({ ...asked, ...first })
  return (await app.inject({ ...asked, ...second })).statusCode
}

const said = (address: string) => ({ headers: { 'x-forwarded-for': address } })

t.test('the address that counts is the one that the nearest trusted proxy saw', async (t) => {
  const forged = [said('1.1.1.1, 9.9.9.9'), said('2.2.2.2, 9.9.9.9')] as const
  t.equal(await pair(t, { trust: 1 }, ...forged), 429, 'what the client itself says counts for nothing')
  t.equal(await pair(t, { trust: 1 }, said('9.9.9.1'), said('9.9.9.2')), 200)
  const { TRUST_PROXY: trust } = readSettings({ TRUST_PROXY: '127.0.0.1' })
  t.equal(await pair(t, { trust }, ...forged), 429)
  const outside = { ...said('1.1.1.1'), remoteAddress: '10.0.0.5' }
  const again = { ...said('2.2.2.2'), remoteAddress: '10.0.0.5' }
  t.equal(await pair(t, { trust }, outside, again), 429, 'who comes past the proxy is who they are')
})

t.test('only what is asked on this machine, without a proxy, is not limited', async (t) => {
  t.equal(await pair(t, { trust: false }, {}), 200)
  t.equal(await pair(t, { trust: false }, { remoteAddress: '10.0.0.5' }), 429)
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])
    t.equal(await pair(t, { trust: false }, { headers: { [name]: '1.1.1.1' } }), 429, name)
  t.equal(await pair(t, { trust: 1 }, {}), 429)
  t.equal(await pair(t, { trust: false, publicUrl: 'https://one.example' }, {}), 429)
})

t.test('cookies are bound to where the site is reached, and to TLS where it is reached by it', async (t) => {
  for (const [publicUrl, name, path, secure] of [
    ['https://one.example/credit', '__Secure-desk', '/credit/desk', true],
    ['https://one.example', '__Host-desk', '/', true],
    ['http://one.example', 'desk', '/desk', false],
    ['http://one.example/credit', 'desk', '/credit/desk', false],
  ] as const) {
    const server = await testServer(t, { publicUrl })
    await officer(server, { login: 'zhangsan', roles: ['recorder'] })
    const cookie = String((await new Visitor(server).signIn('zhangsan')).headers['set-cookie'])
    t.match(cookie, new RegExp(`(^|,)${name}=`), publicUrl)
    t.match(cookie, `Path=${path};`)
    t.notMatch(cookie, /Domain=/i)
    t.match(cookie, /HttpOnly; .*SameSite=Strict/)
    t.equal(/; Secure/.test(cookie), secure, publicUrl)
  }
})

t.test('whatever host a request names in its first line, its path is what counts', async (t) => {
  for (const [asked, root, path] of [
    ['http://evil.test/', '', '/'],
    ['http://evil.test', '', '/'],
    ['https://evil.test:8443/search?q=a', '', '/search?q=a'],
    ['HTTP://evil.test?q=a', '', '/?q=a'],
    ['http://user:word@evil.test/desk', '', '/desk'],
    ['http://evil.test/credit/desk', '/credit', '/desk'],
    ['http://evil.test/credit', '/credit', '/'],
    ['/credit?a=b', '/credit', '/?a=b'],
    ['/creditor', '/credit', '/creditor'],
    ['/search?q=http://evil.test/', '', '/search?q=http://evil.test/'],
    ['*', '', '*'],
    ['', '', '/'],
  ] as const)
    t.equal(withinRoot({ url: asked }, root), path, asked)
})
