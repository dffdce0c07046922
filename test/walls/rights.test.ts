import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Role, scopesOf } from '../../src/authority/roles.ts'
import { author, officer, PASSWORD, signedIn, Visitor } from '../desk/visitor.ts'
import { openAuthority, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

/** Rights are judged when a thing happens, never as they were when it was begun; and what a session leaves behind. */

/** An officer of the province with a key that acts for them. */
async function keyed(server: TestServer, login: string, roles: Role[]) {
  const authority = '河北省市场监督管理局'
  await openAuthority(server, authority)
  await officer(server, { login, roles, authority })
  const { key, text } = await server.registry.keys.create(
    { name: '接口', authority, scopes: scopesOf(roles), actsFor: login },
    author,
  )
  const change = (changes: object) =>
    server.registry.acts.carryOut(
      'change-officer',
      { id: login },
      { name: '张三', authority, roles, ...changes },
      author,
    )
  return { id: key.id, headers: { authorization: `Bearer ${text}` }, change }
}

t.test('an upload has the rights of its rows’ moment', async (t) => {
  const server = await testServer(t)
  const { headers, change } = await keyed(server, 'zhangsan', ['recorder'])
  const [here, there] = [unifiedCode('WALL0011'), unifiedCode('WALL0012', '130202')]
  const csv = `企业名称,统一社会信用代码,行政区划\n示例甲,${here},130102\n示例乙,${there},130202\n`
  const boundary = '--b'
  const payload = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${csv}\r\n--${boundary}--\r\n`
  const begun = await server.app.inject({
    method: 'POST',
    url: '/api/v1/imports?type=enterprise',
    payload,
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  t.equal(begun.statusCode, 202)
  await change({ region: '130100' })
  await server.runImports()
  t.same(
    [here, there].map((code) => server.views.dossier(code.slice(8, 17)) !== undefined),
    [true, false],
  )
})

t.test('whoever waits for entries is given them only while they may have them', async (t) => {
  const server = await testServer(t)
  for (const end of ['revoked', 'narrowed', 'closed', 'none'] as const) {
    const login = `${end}1`
    const { id, headers, change } = await keyed(server, login, ['auditor'])
    const after = server.registry.position()
    const waiting = server.app.inject({ url: `/api/v1/entries?after=${after}&wait=20`, headers })
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (end === 'revoked') await server.registry.acts.carryOut('revoke-key', { id }, {}, author)
    if (end === 'narrowed') await change({ roles: ['recorder'] })
    if (end === 'closed') await server.registry.acts.carryOut('disable-officer', { id: login }, {}, author)
    if (end === 'none') await openAuthority(server, '石家庄市局')
    const { statusCode, body } = await waiting
    t.equal(statusCode, { revoked: 401, narrowed: 403, closed: 401, none: 200 }[end], end)
    t.equal(body.includes('"items"'), end === 'none', end)
  }
})

/** Ways in which a consumer's key ends while it waits, and what asking anew is answered with then; one stays as it was. */
const ENDS = [
  ['revoked', 401],
  ['its officer’s account closed', 401],
  ['its officer’s rights narrowed', 403],
  ['its consumer closed', 403],
  ['on its last day', 200],
  ['past its last day', 403],
  ['as it was', 200],
] as const

/** A consumer with a key of an officer's that opens to 25 November, and ways to end it. */
async function consuming(t: Test) {
  const server = await testServer(t)
  const { registry, clock, app } = server
  const authority = '河北省市场监督管理局'
  await officer(server, { login: 'lisi', roles: ['auditor'], authority })
  const act = (name: string, on: Record<string, string>, input: object = {}) =>
    registry.acts.carryOut(name, on, input, author)
  const opened = await act('open-consumer', {}, { name: '平台' })
  const consumer = opened.subject.slice('consumer/'.length)
  const { key, text } = await registry.keys.create(
    {
      ...{ name: '拉取', authority, scopes: ['platform:read'], consumer },
      ...{ actsFor: 'lisi', expiresOn: '2026-11-25' },
    },
    author,
  )
  const headers = { authorization: `Bearer ${text}` }
  const writer = await server.authorization(['records:write'])
  const write = (url: string, payload: object) =>
    app.inject({ method: 'POST', url, payload, headers: writer })
  const uscc = unifiedCode('WALL0001')
  const file = `/api/v1/enterprises/${uscc.slice(8, 17)}/records`
  await write('/api/v1/enterprises', { uscc, enterprise: { name: '示例公司' } })
  await write(file, penaltyOf('其前'))
  return {
    ...{ server, consumer, key, headers },
    async end(how: (typeof ENDS)[number][0]) {
      if (how === 'revoked') await act('revoke-key', { id: key.id })
      if (how === 'its officer’s account closed') await act('disable-officer', { id: 'lisi' })
      if (how === 'its officer’s rights narrowed')
        await act('change-officer', { id: 'lisi' }, { name: '李四', authority, roles: ['recorder'] })
      if (how === 'its consumer closed') await act('close-consumer', { id: consumer })
      if (how === 'on its last day') clock.set('2026-11-25T15:59:59.000Z')
      if (how === 'past its last day') clock.set('2026-11-25T16:00:00.000Z')
    },
    /** Something happens that the platform is told of. */
    later: () => write(file, penaltyOf('其后')),
  }
}

t.test('whoever waits for events is given them only while they may have them', async (t) => {
  for (const [how, status] of ENDS) {
    const { server, consumer, headers, end, later } = await consuming(t)
    const { app, registry } = server
    const base = await app.listen({ port: 0, host: '127.0.0.1' })
    const after = registry.position()
    const asked = `${base}/api/v1/events?after=${after}`
    const gone = new AbortController()
    const stream = await fetch(asked, {
      headers: { ...headers, accept: 'text/event-stream' },
      signal: gone.signal,
    })
    t.equal(stream.status, 200)
    const polled = fetch(`${asked}&wait=20`, { headers })
    while (registry.feed.waiting < 2) await sleep(10)
    await end(how)
    await later()
    const poll = await polled
    t.equal(poll.status, status, how)
    t.equal((await poll.text()).includes('其后'), status === 200, how)
    let told = ''
    for await (const chunk of stream.body ?? []) {
      told += Buffer.from(chunk)
      if (told.includes('其后')) break
    }
    t.equal(told.includes('其后'), status === 200, `${how}: the stream`)
    gone.abort()
    const { sent } = await registry.consumers.one(consumer)
    t.equal(sent > after, status === 200, `${how}: what was not given was not sent`)
    await app.close()
  }
})

t.test('a message that lies ready goes out only while its key may have it', async (t) => {
  for (const [how, status] of [...ENDS, ['set elsewhere', 404], ['removed', 404]] as const) {
    const { server, key, headers, end, later } = await consuming(t)
    const { app, registry } = server
    const url = '/api/v1/consumers/me/webhook'
    const set = (path: string) =>
      app.inject({ method: 'PUT', url, headers, payload: { url: `https://example.com/${path}` } })
    const posted: string[] = []
    registry.webhooks.post = async (to, { body }) => {
      posted.push(`${to} ${body}`)
      return { status: 204 }
    }
    t.equal((await set('hook')).statusCode, 200)
    // The right was asked for, and what is told is being read and written down.
    const { accesses } = registry
    const add = accesses.add.bind(accesses)
    let isFirst = true
    accesses.add = async (access) => {
      if (isFirst && access.by === `key/${key.id}` && access.detail.startsWith('推送')) {
        isFirst = false
        if (how === 'set elsewhere') await set('other')
        else if (how === 'removed') await app.inject({ method: 'DELETE', url, headers })
        else await end(how)
      }
      return add(access)
    }
    await later()
    registry.webhooks.deliver((error) => t.fail(String(error)))
    await registry.webhooks.settled()
    const isToldHere = posted.some((message) => message.startsWith('https://example.com/hook'))
    t.equal(isToldHere, status === 200, how)
    t.notOk(isFirst, how)
  }
})

t.test('a long table breaks off for whoever may not have the rest', async (t) => {
  const server = await testServer(t)
  const { registry, app } = server
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const whole = async (url: string, headers: Record<string, string>) => {
    const answer = await fetch(base + url, { headers })
    t.equal(answer.status, 200, url)
    return answer.text().catch(() => 'broken off')
  }
  const login = { platform: 'lisi', desk: 'wangwu' }
  const { headers, id } = await keyed(server, login.platform, ['auditor'])
  const end = {
    platform: () => registry.acts.carryOut('revoke-key', { id }, {}, author),
    desk: () => registry.acts.carryOut('disable-officer', { id: login.desk }, {}, author),
  }
  const writer = await server.authorization(['records:write'])
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload, headers: writer })
  const uscc = unifiedCode('WALL0001')
  await post('/api/v1/enterprises', { uscc, enterprise: { name: '示例公司' } })
  await post(`/api/v1/enterprises/${uscc.slice(8, 17)}/records`, penaltyOf('一号'))
  let ends: () => Promise<unknown> = async () => undefined
  const { feed, accesses } = registry
  const dated = feed.dated.bind(feed)
  /** Parts that are still given once the right has ended. */
  let left = 3
  feed.dated = (type, asked, after, limit) => {
    if (after === '') {
      left = 3
      ends().then(() => {
        left = 2
      }, t.fail)
    }
    if (left < 3) left -= 1
    return left < 0 ? [] : dated(type, asked, '', limit)
  }
  const form = '/api/v1/exchange/penalties?format=csv'
  t.match(await whole(form, headers), /一号[\s\S]*一号/, 'as it was')
  ends = end.platform
  t.equal(await whole(form, headers), 'broken off')

  const desk = await signedIn(server, { login: login.desk, roles: ['auditor'] })
  const find = accesses.find.bind(accesses)
  const audit = '/desk/audit/accesses?format=csv'
  ends = async () => undefined
  accesses.find = async (filters, before, limit) => {
    const some = await find(filters, before, Math.min(limit, 2))
    if (before < Number.MAX_SAFE_INTEGER) await ends()
    return some
  }
  t.match(await whole(audit, { cookie: desk.cookie }), /read|查阅/, 'as it was')
  ends = end.desk
  t.equal(await whole(audit, { cookie: desk.cookie }), 'broken off')
})

t.test('what was long in coming is taken from whoever may send it then', async (t) => {
  const { server, end, headers } = await consuming(t)
  const base = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const { next, epoch } = (await server.app.inject({ url: '/api/v1/events', headers })).json()
  const acknowledge = (between: () => Promise<unknown>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const slow = request(`${base}/api/v1/consumers/me/position`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
      })
      slow.on('error', reject).on('response', (answer) => resolve(answer.resume().statusCode))
      const body = JSON.stringify({ position: next, epoch })
      slow.write(body.slice(0, 5))
      // Its head has been looked at by then.
      sleep(300)
        .then(between)
        .then(() => slow.end(body.slice(5)), reject)
    })
  t.equal(await acknowledge(async () => undefined), 200)
  t.equal(await acknowledge(() => end('revoked')), 401)
})

t.test('a page that was kept is nobody’s whose rights have changed', async (t) => {
  const server = await testServer(t)
  const { change } = await keyed(server, 'zhangsan', ['recorder'])
  const visitor = new Visitor(server)
  await visitor.signIn('zhangsan')
  const page = '/desk/enterprises/new'
  t.equal((await visitor.get('/desk')).statusCode, 200)
  const { cookie } = visitor
  await change({ roles: ['administrator'] })
  for (const url of ['/desk', page])
    t.equal((await server.app.inject({ url, headers: { cookie } })).statusCode, 303, 'the session is over')
  await visitor.signIn('zhangsan')
  t.match((await visitor.get('/desk')).headers.location, '/desk/officers', 'and the new one has other rights')
})

t.test('a first password opens for seven days, and no longer', async (t) => {
  for (const [days, status] of [
    [6, 303],
    [7, 303],
    [8, 401],
  ] as const) {
    const { registry, clock, app } = await testServer(t)
    const account = { login: 'zhangsan', name: '张三', authority: '石家庄市局', roles: ['recorder' as const] }
    await registry.officers.create({ ...account, password: 'first quiet elephants' }, author)
    const signIn = (password: string) =>
      app.inject({ method: 'POST', url: '/desk/sign-in', payload: { login: 'zhangsan', password } })
    clock.set(`2026-${days === 6 ? '11-30' : days === 7 ? '12-01' : '12-02'}T02:00:00.000Z`)
    const answer = await signIn('first quiet elephants')
    t.equal(answer.statusCode, status, `after ${days} days`)
    t.notMatch((await signIn('wrong first elephants')).body, /过期/, 'said to nobody who does not know it')
    if (status === 303) continue
    t.match(answer.body, /首次密码须在 7 天内更改，现已过期；请管理员重设/)
    t.match(await registry.accesses.find({ act: 'sign-in-failed' }, 1e9, 5), [
      {},
      { detail: '首次密码已过期' },
    ])
    await registry.officers.setPassword('zhangsan', PASSWORD, { author, first: false })
    clock.set('2027-06-01T02:00:00.000Z')
    t.equal((await signIn(PASSWORD)).statusCode, 303, 'their own goes on')
  }
})

t.test('what is shown once is on record, without what it was', async (t) => {
  const server = await testServer(t)
  const admin = await signedIn(server, { login: 'guanli', name: '管', roles: ['administrator'] })
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  const shown = await admin.fill('/desk/officers/zhangsan', {}, '/desk/acts/reset-password?id=zhangsan')
  const [, password = ''] = /<code>([^<]+)<\/code>/.exec(shown.body) ?? []
  t.not(password, '')
  t.equal(shown.headers['cache-control'], 'no-store')
  const { headers } = await keyed(server, 'guanyi', ['administrator'])
  const made = await server.app.inject({
    method: 'POST',
    url: '/api/v1/officers/zhangsan/password',
    headers,
    payload: {},
  })
  t.match(made.json(), { password: /./ })
  const told = await server.registry.accesses.find({ act: 'told' }, 1e9, 5)
  t.match(told, [
    { by: /^key\//, about: 'zhangsan' },
    { by: 'officer/guanli', about: 'zhangsan' },
  ])
  t.notMatch(JSON.stringify(await server.registry.accesses.find({}, 1e9, 100)), password)
})

t.test('drafts are a session’s own, and its names are held to https', async (t) => {
  const server = await testServer(t)
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  const names = []
  for (const _ of [1, 2]) {
    const visitor = new Visitor(server)
    await visitor.signIn('zhangsan')
    const { body } = await visitor.get('/desk/account')
    const [, name = ''] = /<body data-desk="([^"]*)"/.exec(body) ?? []
    const [, token = ''] = /name="token" value="([^"]*)"/.exec(body) ?? []
    t.equal(name, createHash('sha256').update(`drafts ${token}`).digest('base64url').slice(0, 16))
    names.push(name)
  }
  t.equal(new Set(names).size, 2)
  t.match((await server.app.inject('/desk/sign-in')).body, /<body data-desk(="")?>/)
  const secure = await testServer(t, { publicUrl: 'https://zlxy.example.gov.cn' })
  await officer(secure, { login: 'zhangsan', roles: ['recorder'] })
  const { headers } = await new Visitor(secure).signIn('zhangsan')
  t.match(String(headers['set-cookie']), /^__Host-desk=[^;]+;.*Path=\/;.*HttpOnly; Secure; SameSite=Strict/)
})

t.test(
  'what the views have not come to is handed out to nobody: who may have it is not known yet',
  async (t) => {
    const server = await testServer(t)
    const { app, register, writer } = server
    const county = await server.authorization(['records:read', 'records:write'], '130102')
    const { headers } = await keyed(server, 'auditor1', ['auditor'])
    const uscc = unifiedCode('LATE0001')
    const file = `/api/v1/enterprises/${uscc.slice(8, 17)}`
    const payload = { uscc, enterprise: { name: '示例公司', region: '130102' } }
    t.equal(
      (await app.inject({ method: 'POST', url: '/api/v1/enterprises', headers: county, payload })).statusCode,
      201,
    )
    const before = server.registry.position()
    const proposed = {
      ...{ case: 'late', ruleSet: { id: 'order-44', version: 1 }, ground: 'unsafe-product' },
      ...{ penalties: [], facts: '事实', reasons: '理由', by: 'officer/zhangsan' },
    }
    await register.append({
      drafts: [
        {
          ...{ subject: uscc.slice(8, 17), kind: 'listing.proposed', payload: proposed },
          ...{ visibility: 'internal' as const, author: { authority: '唐山市局', officer: '张三' } },
        },
      ],
      command: 'late',
    })
    const answers = async () => {
      const [own, all, past] = await Promise.all([
        app.inject({ url: `${file}/entries`, headers: county }),
        app.inject({ url: `/api/v1/entries?after=${before}`, headers }),
        app.inject({ url: `${file}?position=${before + 1}`, headers: county }),
      ])
      return [own.body.includes('listing.'), all.json().items.length, past.body.includes('listing.')]
    }
    t.same(await answers(), [false, 0, false])
    await writer.catchUp()
    t.same(await answers(), [false, 1, false])
  },
)
