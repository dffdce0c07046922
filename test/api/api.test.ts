import t, { type Test } from 'tap'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

const API = '/api/v1/enterprises'
const uscc = unifiedCode('DEM00001')
const orgCode = uscc.slice(8, 17)

async function withFile(t: Test): Promise<TestServer & { headers: { authorization: string } }> {
  const server = await testServer(t)
  const headers = await server.authorization(['records:write'])
  const payload = { uscc, enterprise: { name: '示例公司', legalRepresentative: '示例人' } }
  const opened = await server.app.inject({ method: 'POST', url: API, headers, payload })
  t.equal(opened.statusCode, 201)
  return { ...server, headers }
}

t.test('opening a file', async (t) => {
  const { app, headers } = await withFile(t)
  const again = await app.inject({
    method: 'POST',
    url: API,
    headers,
    payload: { uscc, enterprise: { name: '示例公司' } },
  })
  t.equal(again.statusCode, 409)
  t.match(again.headers['content-type'], 'application/problem+json')
  t.match(again.json(), { status: 409, title: /已建有/, orgCode, errors: [{ code: 'exists' }] })
  const { json, headers: answered } = await app.inject(`${API}/${orgCode}`)
  t.match(json(), {
    orgCode,
    uscc,
    revision: 4,
    position: 4,
    enterprise: { name: '示例公司', formerNames: [], region: '130102', status: '存续' },
    licences: [],
    inspections: [],
    penalties: [],
    awards: [],
    warnings: [],
    audience: 'public',
  })
  t.notMatch(JSON.stringify(json()), '示例人', 'the legal representative is for officers')
  t.equal(answered.etag, '"p4"')
  t.equal(answered['register-position'], '4')
  t.equal(
    (await app.inject({ url: `${API}/${orgCode}`, headers })).json().enterprise.legalRepresentative,
    '示例人',
  )
})

t.test('both codes, any spelling, lead to the canonical address', async (t) => {
  const { app } = await withFile(t)
  for (const typed of [
    uscc,
    uscc.toLowerCase(),
    `${orgCode.slice(0, 8)}-${orgCode.slice(8)}`,
    orgCode.toLowerCase(),
  ]) {
    const answer = await app.inject(`${API}/${encodeURIComponent(typed)}?asOf=2026-11-24`)
    t.equal(answer.statusCode, 308, typed)
    t.equal(answer.headers.location, `${API}/${orgCode}?asOf=2026-11-24`)
  }
  t.equal((await app.inject(`${API}/${uscc}/entries`)).headers.location, `${API}/${orgCode}/entries`)
  const wrong = await app.inject(`${API}/${uscc.slice(0, 17)}${uscc.endsWith('A') ? 'B' : 'A'}`)
  t.equal(wrong.statusCode, 422)
  t.match(wrong.json(), { errors: [{ code: 'check-character', detail: /应为/ }] })
  t.equal((await app.inject(`${API}/M000100Y4`)).statusCode, 404)
  t.equal((await app.inject(`${API}/%E0%A4%A`)).statusCode, 400)
})

t.test('who may write', async (t) => {
  const { app, authorization, registry } = await testServer(t)
  const post = async (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: API, headers, payload: { uscc, enterprise: { name: '示例公司' } } })
  const none = await post({})
  t.equal(none.statusCode, 401)
  t.equal(none.headers['www-authenticate'], 'Bearer')
  t.equal((await post({ authorization: 'Bearer hqc_000000000000_nonsense' })).statusCode, 401)
  t.equal((await post(await authorization(['platform:read']))).statusCode, 403)
  t.equal((await post(await authorization(['records:write'], '130200'))).statusCode, 403)
  const key = await authorization(['records:write'], '130100')
  t.equal((await post(key)).statusCode, 201)
  for (const { id } of registry.keys.all())
    await registry.acts.carryOut('revoke-key', { id }, {}, { authority: '省局', officer: '管理员' })
  t.equal((await app.inject({ url: API, headers: key })).statusCode, 401, 'a revoked key opens nothing')
})

t.test('the secret of a key is nowhere', async (t) => {
  const { authorization, register, registry } = await testServer(t)
  const { authorization: header } = await authorization(['admin'])
  const secret = header.slice(-43)
  const everything = JSON.stringify([await register.read(0, 100), registry.keys.all()])
  t.ok(secret.length > 30)
  t.notOk(everything.includes(secret))
})

t.test('two officers changing one file', async (t) => {
  const { app, headers } = await withFile(t)
  const patch = (tag: string | undefined, address: string) =>
    app.inject({
      method: 'PATCH',
      url: `${API}/${uscc}`,
      headers: { ...headers, ...(tag && { 'if-match': tag }) },
      payload: { enterprise: { address } },
    })
  t.equal((await patch(undefined, '甲')).statusCode, 428)
  t.equal((await patch('nonsense', '甲')).statusCode, 400)
  const [one, two] = await Promise.all([patch('"1"', '示例路 1 号'), patch('"1"', '示例路 2 号')])
  const codes = [one.statusCode, two.statusCode].sort()
  t.same(codes, [200, 412])
  const lost = one.statusCode === 412 ? one : two
  t.match(lost.json(), {
    title: /已被他人更新/,
    revision: 2,
    file: { revision: 2, enterprise: { address: /示例路/ } },
  })
  t.match((await patch('"2"', '示例路 3 号')).headers.etag, /^"3-\d{4}-\d\d-\d\d"$/)
  t.equal((await patch('*', '示例路 4 号')).statusCode, 200)
})

t.test('conditional reading', async (t) => {
  const { app, headers } = await withFile(t)
  const get = (tag: string, more = {}) =>
    app.inject({ url: `${API}/${orgCode}`, headers: { 'if-none-match': tag, ...more } })
  t.equal((await get('"p4"')).statusCode, 304)
  t.equal((await get('"p7", W/"p4"')).statusCode, 304)
  t.equal((await get('"p5"')).statusCode, 200)
  t.equal((await get('"1"')).statusCode, 200, 'the officers’ mark is not the public’s')
  const { etag = '' } = (await get('"p4"', headers)).headers
  t.equal((await get(etag, headers)).statusCode, 304)
  t.equal((await get('"p4"', headers)).statusCode, 200, 'nor the other way round')
})

t.test(
  'what an officer’s key has kept of a file is kept until the day turns, and each look at it is written down',
  async (t) => {
    const { app, headers, registry, clock } = await withFile(t)
    const url = `${API}/${orgCode}`
    const expiring = licenceOf('XK-1', { validTo: '2026-11-25' })
    clock.set('2026-11-25T23:59:58+08:00')
    await app.inject({ method: 'POST', url: `${url}/records`, headers, payload: expiring })
    const ask = (tag = '') => app.inject({ url, headers: { ...headers, 'if-none-match': tag } })
    const looks = async () => (await registry.accesses.find({ act: 'read' }, 1e9, 100)).length
    const evening = await ask()
    const etag = String(evening.headers.etag)
    const before = await looks()
    t.equal((await ask(etag)).statusCode, 304)
    t.equal(await looks(), before + 1, 'told that nothing has changed, they look at what they have')
    clock.set('2026-11-26T00:00:01+08:00')
    const morning = await ask(etag)
    t.equal(morning.statusCode, 200)
    t.match([evening.json(), morning.json()], [{ revision: 2 }, { revision: 2 }])
    const patched = await app.inject({
      method: 'PATCH',
      url,
      headers: { ...headers, 'if-match': etag },
      payload: { enterprise: { address: '示例路 9 号' } },
    })
    t.equal(patched.statusCode, 200, 'the day alone is no change that somebody else has made')
  },
)

t.test('whatever way a file is shown to a key is written down', async (t) => {
  const { app, headers, registry, authorization } = await withFile(t)
  const elsewhere = await authorization(['records:write'], '130200')
  const rows = async () =>
    (await registry.accesses.find({}, 1e9, 100)).map(({ act, detail }) => `${act} ${detail.split('：')[0]}`)
  const ask = async (
    method: 'PATCH' | 'POST',
    path: string,
    payload: object,
    more: Record<string, string> = {},
    by: Record<string, string> = headers,
  ) => {
    const before = (await rows()).length
    const url = `${API}/${orgCode}${path}`
    const { statusCode, body } = await app.inject({ method, url, headers: { ...by, ...more }, payload })
    const now = await rows()
    return [statusCode, body.includes('示例人'), ...now.slice(0, now.length - before)]
  }
  const stale = { 'if-match': '"1"' }
  const present = { 'if-match': '*' }
  const address = { enterprise: { address: '示例路 1 号' } }
  const change = (own: Record<string, string>, by?: Record<string, string>) =>
    ask('PATCH', '', address, own, by)
  t.same(await change(present), [200, true], 'the entry says who it was')
  t.same(
    await change(present),
    [200, true, `read PATCH ${API}/${orgCode}`],
    'where nothing changes, the log does',
  )
  const once = { ...present, 'idempotency-key': 'once' }
  const other = { enterprise: { address: '示例路 2 号' } }
  t.same(await ask('PATCH', '', other, once), [200, true])
  t.same(await ask('PATCH', '', other, once), [200, true, `read PATCH ${API}/${orgCode}`], 'done before')
  t.same(await change(stale), [412, true, `read PATCH ${API}/${orgCode}`])
  for (const path of ['/correction', '/withdrawal']) {
    const input = path === '/correction' ? { enterprise: { address: '路' }, reason: '误' } : { reason: '误' }
    t.same(await ask('POST', path, input, stale), [412, true, `read POST ${API}/${orgCode}${path}`], path)
    t.same(await ask('POST', path, input, stale, elsewhere), [
      403,
      false,
      `refused POST ${API}/${orgCode}${path}`,
    ])
  }
  t.same(await change(stale, elsewhere), [403, false, `refused PATCH ${API}/${orgCode}`])
})

t.test('records over HTTP', async (t) => {
  const { app, headers, authorization, confirmed } = await withFile(t)
  const url = `${API}/${orgCode}/records`
  const added = await app.inject({
    method: 'POST',
    url,
    headers,
    payload: penaltyOf('1号', { publishedOn: '2026-10-20' }),
  })
  t.equal(added.statusCode, 201)
  const record = added.json()
  t.match(record, { type: 'penalty', data: { documentNo: '1号' }, orgCode, revision: 2 })
  t.equal(added.headers.location, `${url}/${record.id}`)
  const at = `${url}/${record.id}`
  const match = (n: number) => ({ ...headers, 'if-match': `"${n}"` })
  const updated = await app.inject({
    method: 'PATCH',
    url: at,
    headers: match(2),
    payload: { data: { fulfilledOn: '2026-11-01' } },
  })
  t.match(updated.json(), { data: { fulfilledOn: '2026-11-01' }, revision: 3 })
  const corrected = await app.inject({
    method: 'POST',
    url: `${at}/correction`,
    headers: match(3),
    payload: { data: { fine: 40_000 }, reason: '录入错误' },
  })
  t.equal(corrected.statusCode, 202, 'the sum of a public penalty takes two persons')
  t.match(corrected.json(), { act: 'correct-record', status: 'open', label: '更正记录' })
  t.match(
    (await app.inject(`${API}/${orgCode}`)).json().penalties,
    [{ data: { fine: 50_000 } }],
    'nothing yet',
  )
  const second = await authorization(['listings:decide'])
  t.equal((await confirmed(corrected, second)).statusCode, 200)
  t.match((await app.inject({ url: `${API}/${orgCode}`, headers })).json().penalties, [
    { data: { fine: 40_000 }, corrections: [{ reason: '录入错误', fields: ['fine'] }] },
  ])
  const noReason = await app.inject({
    method: 'POST',
    url: `${at}/withdrawal`,
    headers: match(6),
    payload: { reason: ' ' },
  })
  t.equal(noReason.statusCode, 422)
  const withdrawal = await app.inject({
    method: 'POST',
    url: `${at}/withdrawal`,
    headers: match(6),
    payload: { reason: '误录' },
  })
  t.equal(withdrawal.statusCode, 202)
  t.equal((await confirmed(withdrawal, second)).statusCode, 200)
  t.same((await app.inject(`${API}/${orgCode}`)).json().penalties, [])
  t.equal(
    (await app.inject({ method: 'PATCH', url: at, headers: match(9), payload: { data: {} } })).statusCode,
    410,
  )
  t.equal(
    (await app.inject({ method: 'PATCH', url: `${url}/none`, headers: match(9), payload: { data: {} } }))
      .statusCode,
    404,
  )
})

t.test('a licence opens the file of an enterprise not yet known', async (t) => {
  const { app, authorization, register } = await testServer(t)
  const headers = await authorization(['records:write'])
  const answer = await app.inject({
    method: 'POST',
    url: `${API}/${uscc}/records`,
    headers,
    payload: { ...licenceOf('XK-1'), enterprise: { name: '示例公司' } },
  })
  t.equal(answer.statusCode, 201)
  t.match((await app.inject(`${API}/${orgCode}`)).json(), {
    uscc,
    enterprise: { name: '示例公司' },
    licences: [{ data: { number: 'XK-1' } }],
  })
  t.equal((await register.history(orgCode)).length, 2)
})

t.test('a repeated request is done once', async (t) => {
  const { app, authorization, register } = await testServer(t)
  const headers = { ...(await authorization(['records:write'])), 'idempotency-key': 'a-1' }
  const post = (name: string) =>
    app.inject({ method: 'POST', url: API, headers, payload: { uscc, enterprise: { name } } })
  const [first, second] = await Promise.all([post('示例公司'), post('示例公司')])
  t.same([first.statusCode, second.statusCode], [201, 201])
  t.same(second.json(), first.json())
  t.equal((await post('示例公司')).headers['idempotency-replayed'], 'true')
  t.equal((await post('示例别的公司')).statusCode, 422)
  t.equal((await register.history(orgCode)).length, 1)
})

t.test('the past', async (t) => {
  const { app, headers, clock, register } = await withFile(t)
  clock.set('2026-11-26T02:00:00Z')
  await app.inject({
    method: 'PATCH',
    url: `${API}/${orgCode}`,
    headers: { ...headers, 'if-match': '*' },
    payload: { enterprise: { name: '示例新公司' } },
  })
  const name = async (query: string) =>
    (await app.inject(`${API}/${orgCode}?${query}`)).json().enterprise?.name
  t.equal(await name('asOf=2026-11-25'), '示例公司')
  t.equal(await name('asOf=2026-11-26'), '示例新公司')
  t.equal(await name('asOf=2026-11-26T09:59:00%2B08:00'), '示例公司')
  t.equal(await name('position=4'), '示例公司')
  t.equal((await app.inject(`${API}/${orgCode}?asOf=2026-11-23`)).statusCode, 404)
  for (const ahead of ['2026-11-27', '2026-11-26T23:59:00%2B08:00', '9999-12-31'])
    t.match(
      (await app.inject(`${API}/${orgCode}?asOf=${ahead}`)).json(),
      { status: 409, type: /feed-ahead$/, errors: [{ pointer: '/asOf', code: 'future-date' }] },
      ahead,
    )
  for (const bad of ['2026-02-30', 'x', '2026-11-25T25:00:00Z'])
    t.equal((await app.inject(`${API}/${orgCode}?asOf=${bad}`)).statusCode, 422, bad)
  t.equal((await app.inject(`${API}/${orgCode}?position=-1`)).statusCode, 400)
  const head = await register.head()
  for (const as of [{}, headers]) {
    const at = (position: number) =>
      app.inject({ url: `${API}/${orgCode}?position=${position}`, headers: as })
    t.equal((await at(head)).statusCode, 200)
    t.match((await at(head + 1)).json(), {
      status: 409,
      type: /feed-ahead$/,
      title: new RegExp(`只到序号 ${head}，没有序号 ${head + 1}`),
      position: head,
    })
  }
})

t.test('entries of a file: the public sees that something happened, officers what and why', async (t) => {
  const { app, headers, register } = await withFile(t)
  await app.inject({
    method: 'POST',
    url: `${API}/${orgCode}/records`,
    headers,
    payload: penaltyOf('警告', { types: ['警告'], fine: undefined }),
  })
  const open = (await app.inject(`${API}/${orgCode}/entries`)).json()
  t.match(open, { items: [{ kind: 'enterprise.opened', position: 4 }], next: null })
  t.equal(open.items.length, 1, 'a warning is not public')
  const all = (await app.inject({ url: `${API}/${orgCode}/entries?limit=1`, headers })).json()
  t.match(all, { items: [{ author: { authority: '测试局', officer: '张三' } }], next: 1 })
  const rest = (await app.inject({ url: `${API}/${orgCode}/entries?after=1`, headers })).json()
  t.match(rest, { items: [{ kind: 'record.added' }], next: null })
  const after = async (revision: number, as: Record<string, string>) =>
    (await app.inject({ url: `${API}/${orgCode}/entries?after=${revision}`, headers: as })).json()
  const head = await register.head()
  for (const [last, as] of [
    [head, {}],
    [2, headers],
  ] as const) {
    t.same(await after(last, as), { items: [], next: null }, 'at the end')
    for (const beyond of [last + 1, 99_999])
      t.match(await after(beyond, as), {
        status: 409,
        type: /feed-ahead$/,
        title: new RegExp(`只到.. ${last}，没有.. ${beyond}`),
        begin: { after: 0 },
      })
  }
})

t.test('bad bodies', async (t) => {
  const { app, headers } = await withFile(t)
  const post = (payload: string | object, type = 'application/json') =>
    app.inject({ method: 'POST', url: API, headers: { ...headers, 'content-type': type }, payload })
  for (const [what, answer, status] of [
    ['no JSON', await post('{"uscc":'), 400],
    ['no body', await post(''), 422],
    ['another type', await post('<x/>', 'text/xml'), 415],
    ['too large', await post(`{"x":"${'x'.repeat(1_100_000)}"}`), 413],
    ['an unknown field', await post({ uscc, enterprise: { name: '示例' }, extra: 1 }), 422],
    ['flat', await post({ uscc, name: '示例' }), 422],
    ['a list', await post([1]), 422],
    ['null', await post('null'), 422],
    [
      'an ID-card number',
      await post({
        uscc: unifiedCode('DEM00009'),
        enterprise: { name: '示例', address: '11010519491231002X' },
      }),
      422,
    ],
    [
      'a lone surrogate',
      await post(`{"uscc":"${unifiedCode('DEM00009')}","enterprise":{"name":"\\ud800"}}`),
      400,
    ],
    [
      'prototype',
      await post(`{"uscc":"${unifiedCode('DEM00009')}","enterprise":{"__proto__":{"a":1},"name":"示例"}}`),
      400,
    ],
  ] as const) {
    t.equal(answer.statusCode, status, what)
    t.match(answer.json(), { status, title: /[\u4e00-\u9fff]/ }, what)
  }
  t.match((await post({ uscc, name: '示例' })).json().errors, [{ pointer: /enterprise/ }])
  t.match((await post('')).json().errors, [{ pointer: /enterprise/ }], 'what it lacks is named')
})

t.test('what is nowhere and what is not done there', async (t) => {
  const { app } = await testServer(t)
  t.equal((await app.inject('/api/v1/nothing')).statusCode, 404)
  const answer = await app.inject({ method: 'DELETE', url: `${API}/M000100Y4` })
  t.equal(answer.statusCode, 405)
  t.match(answer.headers.allow, /GET.*PATCH/)
})

t.test('search', async (t) => {
  const { app, headers } = await withFile(t)
  for (let i = 2; i < 6; i += 1)
    await app.inject({
      method: 'POST',
      url: API,
      headers,
      payload: { uscc: unifiedCode(`DEM0000${i}`), enterprise: { name: `示例${i}号公司` } },
    })
  const first = await app.inject(`${API}?q=${encodeURIComponent('示例')}&limit=2`)
  t.match(first.json(), {
    items: [{ name: '示例公司', matchedBy: 'name', highlights: [[0, 2]] }, {}],
    total: { count: 5, exact: true },
  })
  const next = /<([^>]+)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? ''
  t.equal((await app.inject(next)).json().items.length, 2)
  t.equal((await app.inject(`${API}?q=slgs`)).json().items[0].name, '示例公司')
  for (const bad of [
    'limit=0',
    'limit=101',
    'limit=x',
    'status=x',
    'region=月球',
    'kind=x',
    'cursor=x',
    'q=1&unknown=1',
  ])
    t.equal((await app.inject(`${API}?${encodeURI(bad)}`)).statusCode, 400, bad)
})

t.test('the public feed, paged and waited for', async (t) => {
  const { app, headers, authorization, confirmed } = await withFile(t)
  const second = await authorization(['listings:decide'])
  const page = (await app.inject('/api/v1/changes')).json()
  t.match(page, {
    items: [{ position: 4, orgCode, revision: 4, file: { orgCode, enterprise: { name: '示例公司' } } }],
    next: 4,
  })
  const { epoch } = page
  t.same((await app.inject('/api/v1/changes?since=4')).json(), { items: [], next: 4, epoch })
  const waiting = app.inject('/api/v1/changes?since=4&wait=30')
  const asked = await app.inject({
    method: 'POST',
    url: `${API}/${orgCode}/withdrawal`,
    headers: { ...headers, 'if-match': '"1"' },
    payload: { reason: '误建' },
  })
  t.equal(asked.statusCode, 202)
  t.equal((await app.inject(`${API}/${orgCode}`)).statusCode, 200, 'until a second person confirms')
  await confirmed(asked, second)
  t.match((await waiting).json(), { items: [{ orgCode, deleted: true }], epoch })
  t.equal((await app.inject(`${API}/${orgCode}`)).statusCode, 410)
})

t.test('the raw register is for the audit, internal payloads for nobody', async (t) => {
  const { app, headers, authorization } = await withFile(t)
  t.equal((await app.inject('/api/v1/entries')).statusCode, 401)
  t.equal((await app.inject({ url: '/api/v1/entries', headers })).statusCode, 403)
  const platform = await authorization(['platform:read'])
  const refused = await app.inject({ url: '/api/v1/entries', headers: platform })
  t.match(refused, { statusCode: 403, body: /平台请改用 \/api\/v1\/events/ })
  const auditor = await authorization(['audit:read'])
  const { items, next } = (await app.inject({ url: '/api/v1/entries', headers: auditor })).json()
  t.equal(next, 6)
  t.same(
    items.map(({ seq }: { seq: number }) => seq),
    [1, 2, 3, 4, 5, 6],
  )
  t.match(items[0], { kind: 'authority.opened', payload: null, salt: null })
  t.match(items[3], { kind: 'enterprise.opened', payload: { data: { name: '示例公司' } } })
})

t.test('who is ahead of the register, or follows another epoch of it, begins anew', async (t) => {
  const { app, authorization, register } = await withFile(t)
  const headers = await authorization(['platform:read', 'audit:read'])
  const head = await register.head()
  const { epoch } = await register.standing()
  const get = (path: string) => app.inject({ url: `/api/v1/${path}`, headers })
  for (const [feed, from] of [
    ['changes', 'since'],
    ['entries', 'after'],
    ['events', 'after'],
  ] as const) {
    const at = (position: number, more = '') => get(`${feed}?${from}=${position}${more}`)
    t.match((await at(head)).json(), { items: [], next: head, epoch })
    t.match((await at(0, `&epoch=${epoch}`)).json(), { epoch })
    const ahead = await at(head + 1)
    t.equal(ahead.statusCode, 409)
    t.match(ahead.json(), {
      type: 'http://localhost:8080/api/v1/problems/feed-ahead',
      title: new RegExp(`登记簿只到序号 ${head}，没有序号 ${head + 1}.*从 ${from}=0 重新取用`),
      epoch,
      position: head,
      begin: { [from]: 0, epoch },
    })
    t.equal((await at(1_000_000_000, '&wait=30')).statusCode, 409, 'at once')
    t.match((await at(1, '&epoch=0123456789abcdef')).json(), {
      status: 409,
      type: 'http://localhost:8080/api/v1/problems/other-epoch',
      begin: { [from]: 0, epoch },
    })
  }
  t.match((await app.inject('/readyz')).json(), { epoch })
})

t.test('limits on how often', async (t) => {
  const { app } = await testServer(t, { rateLimit: 3 })
  const get = () => app.inject({ url: '/api/v1/regions', headers: { 'x-forwarded-for': '203.0.113.9' } })
  for (let i = 0; i < 3; i += 1) t.equal((await get()).statusCode, 200)
  const refused = await get()
  t.equal(refused.statusCode, 429)
  t.ok(refused.headers['retry-after'])
  t.ok(refused.headers['ratelimit-limit'])
  t.match(refused.json(), { status: 429, title: /过于频繁/ })
})

t.test('operations', async (t) => {
  const { app, views } = await withFile(t)
  t.match((await app.inject('/healthz')).json(), { status: 'ok' })
  t.match((await app.inject('/readyz')).json(), { status: 'ready', lag: { views: 0, search: 0 } })
  const metrics = (await app.inject('/metrics')).body
  t.match(metrics, /register_head_position 4/)
  t.match(metrics, /http_request_duration_seconds_count/)

  const { position, epoch } = (await app.inject('/readyz')).json()
  const { applied } = views
  views.applied = () => {
    throw new Error('SQLITE_NOTADB')
  }
  for (const url of ['/readyz', '/readyz/desk']) {
    const answer = await app.inject(url)
    t.match(
      [answer.statusCode, answer.json()],
      [503, { status: 'broken', position, epoch, reasons: [/视图读取出错/] }],
    )
  }
  views.applied = applied
  t.match((await app.inject('/readyz')).json(), { status: 'ready', reasons: [] })
})

t.test('who asks first whether a node is fit may find that it has ceased to be', async (t) => {
  const { app, views } = await testServer(t)
  await app.ready()
  views.applied = () => {
    throw new Error('SQLITE_NOTADB')
  }
  const answer = await app.inject('/readyz')
  t.match(
    [answer.statusCode, answer.json()],
    [503, { status: 'broken', position: 0, reasons: [/视图读取出错/] }],
  )
})
