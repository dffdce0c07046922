import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { givingWay } from '../../src/http/heavy-work.ts'
import { DEEPEST } from '../../src/sheets/json.ts'
import { testServer, unifiedCode } from '../support.ts'

const address = (ip: string) => ({ 'x-forwarded-for': ip })

t.test('wrong keys, unknown addresses and pages are counted before anything is done for them', async (t) => {
  const server = await testServer(t, { rateLimit: 20 })
  const asked = async (url: string, headers: Record<string, string>) =>
    (await server.app.inject({ url, headers })).statusCode

  const wrong = { ...address('203.0.113.1'), authorization: 'Bearer hqc_0123456789ab_wrong' }
  t.same(
    [
      await asked('/api/v1/regions', wrong),
      await asked('/api/v1/regions', wrong),
      await asked('/nowhere', wrong),
    ],
    [401, 401, 429],
    'a tenth of the bound',
  )
  const right = await server.authorization(['records:read'])
  t.equal(
    await asked('/api/v1/regions', { ...address('203.0.113.1'), ...right }),
    200,
    'a good key of the same address goes on',
  )

  const unknown = { ...address('203.0.113.2'), accept: 'text/html' }
  for (let i = 0; i < 20; i += 1) t.equal(await asked(`/nowhere/${i}`, unknown), 404)
  t.equal(await asked('/nowhere', unknown), 429)
  t.equal(await asked('/desk/nowhere', unknown), 429)
  t.equal(await asked('/', unknown), 429)

  for (let i = 0; i < 20; i += 1) await asked('/nowhere', address(`2001:db8::${i + 1}`))
  t.equal(await asked('/nowhere', address('2001:db8::ffff')), 429, 'a network of IPv6 is one address')
  t.equal(await asked('/nowhere', address('2001:db8:0:1::1')), 404)
})

t.test('what is refused at the door is counted first', async (t) => {
  const server = await testServer(t, { rateLimit: 5 })
  const ways = {
    'an address that is no UTF-8': { url: '/search?q=%ff' },
    'a path that is no UTF-8': { url: '/%ff' },
    'a path that is too long': { url: `/enterprises/${'x'.repeat(400)}` },
    'a compressed body': { method: 'POST', url: '/api/v1/checks', headers: { 'content-encoding': 'br' } },
    'another charset': {
      method: 'POST',
      url: '/api/v1/checks',
      headers: { 'content-type': 'application/json; charset=gbk' },
    },
  } as const
  let from = 0
  for (const [what, asked] of Object.entries(ways)) {
    from += 1
    const remoteAddress = `203.0.113.${from}`
    const statuses: number[] = []
    for (let i = 0; i < 6; i += 1)
      statuses.push((await server.app.inject({ ...asked, remoteAddress })).statusCode)
    t.equal(statuses.filter((status) => status === 429).length, 1, `${what}: ${statuses}`)
  }
})

t.test('a minute is counted by a clock that no hand sets', async (t) => {
  const server = await testServer(t, { rateLimit: 2 })
  const asked = () => server.app.inject({ url: '/healthz/nowhere', headers: address('203.0.113.9') })
  const [{ now }, passed] = [Date, performance.now]
  t.teardown(() => {
    Date.now = now
    performance.now = passed
  })
  let [wall, elapsed] = [0, 0]
  Date.now = () => now() + wall
  const begun = passed.call(performance)
  performance.now = () => begun + elapsed
  for (const status of [404, 404, 429]) t.equal((await asked()).statusCode, status)
  wall = -3_600_000
  elapsed = 59_000
  const refused = await asked()
  t.match([refused.statusCode, refused.headers], [429, { 'retry-after': '1' }])
  elapsed = 60_000
  t.equal((await asked()).statusCode, 404, 'though the clock was set back')
  wall = 3_600_000
  for (const status of [404, 429]) t.equal((await asked()).statusCode, status, 'though it was set forward')
})

t.test('JSON is bounded in depth and well-formed, wherever it comes in', async (t) => {
  const server = await testServer(t)
  const headers = {
    ...(await server.authorization(['records:write', 'standards:write'])),
    'content-type': 'application/json',
  }
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const sent = async (url: string, payload: string | Buffer) => {
    const answer = await server.app.inject({ method: 'POST', url, headers, payload })
    return [answer.statusCode, answer.json().type]
  }
  for (const url of ['/api/v1/enterprises', '/api/v1/standards', '/api/v1/checks']) {
    for (const depth of [DEEPEST + 1, 100_000])
      t.same(
        await sent(url, `{"name":${nested(depth - 1)}}`),
        [400, 'http://localhost:8080/api/v1/problems/json-depth'],
        url,
      )
    t.same(
      await sent(url, nested(DEEPEST)),
      [422, 'http://localhost:8080/api/v1/problems/invalid'],
      'the last depth that is read',
    )
    for (const text of [
      '"\\ud800"',
      '{"a":["\\uDC00\\ud800"]}',
      '{"\\ud800":1}',
      '{"__proto__":{}}',
      '{"a":{"\\u005f_proto__":1}}',
    ])
      t.same(await sent(url, text), [400, 'http://localhost:8080/api/v1/problems/json'], text)
    const many = await sent(url, `{"a":[${'[],'.repeat(300_000)}`)
    t.same(
      many,
      url.endsWith('/checks')
        ? [422, 'http://localhost:8080/api/v1/problems/invalid']
        : [413, 'http://localhost:8080/api/v1/problems/too-large'],
      'of more values than any document it is known before it is read to its end',
    )
    for (const [text, name] of [
      ['{"name":"甲","name":"乙"}', 'name'],
      ['{"name":"甲", "n\\u0061me" : "乙"}', 'name'],
      ['{"rows":[{"a":{"b":1}},{"b":[],"a":2,"b":[]}]}', 'b'],
      ['{"":1,"":2}', ''],
      ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
      [`{"${'长'.repeat(500)}":1,"${'长'.repeat(500)}":2}`, '长'.repeat(60)],
    ] as const) {
      const answer = await server.app.inject({ method: 'POST', url, headers, payload: text })
      t.equal(answer.statusCode, 400, text.slice(0, 80))
      t.match(answer.json().title, `成员“${name}”在同一个对象里写了两次`, text.slice(0, 80))
    }
    t.same(await sent(url, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), [
      400,
      'http://localhost:8080/api/v1/problems/json',
    ])
  }
  t.equal((await sent('/api/v1/checks', '{"rows":[{"name":"\\ud83d\\ude00[[[["}]}'))[0], 202)
  t.equal(
    (await sent('/api/v1/checks', '{"rows":[{"name":"甲:乙"},{"name":":\\":"}]}'))[0],
    202,
    'each its own',
  )
})

t.test('what was sent is not sent back at length', async (t) => {
  const server = await testServer(t)
  const headers = { ...(await server.authorization(['records:write'])), 'content-type': 'application/json' }
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`成员${i}`, 1]))
  const long = { ['长'.repeat(200_000)]: 1 }
  for (const url of ['/api/v1/checks', '/api/v1/enterprises'])
    for (const payload of [JSON.stringify(many), JSON.stringify(long)]) {
      const { statusCode, body } = await server.app.inject({ method: 'POST', url, headers, payload })
      t.ok(statusCode === 400 || statusCode === 422, `${url} ${statusCode}`)
      t.ok(body.length < 10_000, `${url} ${body.length}`)
    }
})

t.test('one asker can keep only so many heavy requests under way', async (t) => {
  const server = await testServer(t)
  const base = await server.app.listen({ port: 0, host: '127.0.0.1' })
  let heads = 0
  server.app.server.on('request', () => {
    heads += 1
  })
  // Uploads that never end: each holds its place from its head on.
  const held = Array.from({ length: 4 }, () => {
    const upload = request(`${base}/check/record`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x', ...address('203.0.113.5') },
    })
    upload.on('error', () => undefined)
    upload.flushHeaders()
    return upload
  })
  const check = (ip: string) =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/checks',
      headers: address(ip),
      payload: { rows: [{ code: unifiedCode('WALL0001') }] },
    })
  // A check that is under way when the last of them comes would hold its place, and it would be refused instead.
  while (heads < held.length) await sleep(10)
  await sleep(100)
  let refused = await check('203.0.113.5')
  for (let i = 0; i < 1000 && refused.statusCode !== 429; i += 1) {
    await sleep(10)
    refused = await check('203.0.113.5')
  }
  t.match([refused.statusCode, refused.json().title], [429, /同时进行/])
  t.equal((await check('203.0.113.6')).statusCode, 202, 'another goes on')
  for (const upload of held) upload.destroy()
  let again = await check('203.0.113.5')
  for (let i = 0; i < 1000 && again.statusCode !== 202; i += 1) {
    await sleep(10)
    again = await check('203.0.113.5')
  }
  t.equal(again.statusCode, 202, 'given-up requests give their places back')
})

t.test('who holds places and says nothing gives way to whoever comes', async (t) => {
  const server = await testServer(t)
  const base = await server.app.listen({ port: 0, host: '127.0.0.1' })
  let heads = 0
  server.app.server.on('request', () => {
    heads += 1
  })
  const answers: string[] = []
  const slow = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'].flatMap((ip) =>
    Array.from({ length: 4 }, () => {
      const upload = request(`${base}/api/v1/checks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '1000', ...address(ip) },
      })
      upload.on('error', () => undefined)
      upload.on('response', (answer) => {
        answers.push(`${ip} ${answer.statusCode}`)
        answer.resume()
      })
      upload.write('{')
      return upload
    }),
  )
  while (heads < slow.length) await sleep(10)
  await sleep(100)
  const ask = (ip: string) => server.app.inject({ url: '/statistics/grades.csv', headers: address(ip) })
  t.equal((await ask('203.0.113.5')).statusCode, 200, 'they keep nobody out')
  while (answers.length === 0) await sleep(10)
  t.same(answers, ['203.0.113.1 503'], 'the one that has lasted longest is told so')
  t.equal((await ask('203.0.113.4')).statusCode, 429, 'nor is anybody spared who holds as many as one may')
  for (const upload of slow) upload.destroy()
})

t.test('of those that are slow the greedy give way first, of those that go on nobody does', async (t) => {
  const going = (asker: string, lastedMs: number, moved: number, isWaitedFor = true) => ({
    ...{ asker, lastedMs, moved, isWaitedFor },
  })
  const cases: [all: ReturnType<typeof going>[], own: number, gives: number | undefined, why: string][] = [
    [[going('a', 1999, 0)], 0, undefined, 'who holds one place has a moment'],
    [[going('a', 2000, 0)], 0, 0, 'and no longer'],
    [[going('a', 60_000, 0, false)], 0, undefined, 'what is worked on is not waited for'],
    [[going('a', 60_000, 491_519)], 0, 0, 'slower than any line'],
    [[going('a', 60_000, 491_520)], 0, undefined, 'as quick as the slowest'],
    [[going('a', 5, 0), going('a', 4, 0)], 0, 0, 'who holds two has no moment beside who holds none'],
    [[going('a', 5, 0), going('a', 4, 0)], 1, undefined, 'beside who holds one they have'],
    [[going('b', 9000, 0), going('a', 5, 0), going('a', 6, 0)], 0, 2, 'who holds most, then who came first'],
    [[going('a', 9000, 0), going('b', 9001, 0)], 3, 1, 'who holds as many or more gets no less'],
  ]
  for (const [all, own, gives, why] of cases)
    t.equal(givingWay(all, own), gives === undefined ? undefined : all[gives], why)
})
