import { createHash } from 'node:crypto'
import t from 'tap'
import { type Role, scopesOf } from '../../src/authority/roles.ts'
import { author, officer, PASSWORD, signedIn, Visitor } from '../desk/visitor.ts'
import { openAuthority, type TestServer, testServer, unifiedCode } from '../support.ts'

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
