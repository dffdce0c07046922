import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { generateSync } from 'otplib'
import t, { type Test } from 'tap'
import { freePort } from '../../scripts/faults/processes.ts'
import { openIdDirectory } from '../../src/authority/directory.ts'
import { foldOfficer, type Officer } from '../../src/authority/officers.ts'
import type { Entry } from '../../src/register/entry.ts'
import { type TestServer, testServer } from '../support.ts'
import { author, officer, PASSWORD, Visitor } from './visitor.ts'

const CLIENT = { id: 'desk', secret: 'a secret between the two' }

/** A directory of the tests' own, in which everyone is who they say they are. */
async function provider(t: Test, desk: () => string): Promise<string> {
  const server = createHttpServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${desk()}/desk/directory/callback`],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    // Whoever signs in as `person:name` is that person, under a name that others may have had.
    findAccount: (_, id) => {
      const [person = '', name = person] = id.split(':')
      return { accountId: id, claims: () => ({ sub: person, preferred_username: name }) }
    },
    cookies: { keys: ['a key for the tests'] },
    ttl: { Grant: 600, Session: 600, Interaction: 600, AccessToken: 600, IdToken: 600 },
  })
  server.on('request', oidc.callback())
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return issuer
}

/** Follows redirects as a browser does, with a jar of cookies for each origin. */
class Browser {
  readonly #jars = new Map<string, Map<string, string>>()

  async go(
    address: string,
    form?: Record<string, string>,
  ): Promise<{ address: string; status: number; body: string }> {
    let [next, body] = [address, form && new URLSearchParams(form)]
    for (let i = 0; i < 20; i += 1) {
      const jar = this.#jar(next)
      const answer = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ') },
        ...(body && { method: 'POST', body }),
      })
      for (const cookie of answer.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
      }
      const to = answer.headers.get('location')
      if (to === null) return { address: next, status: answer.status, body: await answer.text() }
      next = new URL(to, next).href
      body = undefined
    }
    throw new Error('too many redirects')
  }

  #jar(address: string): Map<string, string> {
    const { origin } = new URL(address)
    const jar = this.#jars.get(origin) ?? new Map<string, string>()
    this.#jars.set(origin, jar)
    return jar
  }
}

/** Signs in at the directory under a name, and agrees to whatever it asks. */
async function through(browser: Browser, start: string, login: string, isNew = true) {
  const asked = await browser.go(start)
  // The directory knows its own by then.
  if (!isNew) return asked
  const form = (page: { address: string; body: string }) =>
    new URL(/action="([^"]+)"/.exec(page.body)?.[1] ?? '', page.address).href
  const agreed = await browser.go(form(asked), { prompt: 'login', login, password: 'x' })
  return browser.go(form(agreed), { prompt: 'consent' })
}

async function desk(t: Test, claim = 'preferred_username'): Promise<{ server: TestServer; url: string }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const issuer = await provider(t, () => url)
  const directory = openIdDirectory({ issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, claim })
  const server = await testServer(t, { directory, publicUrl: url })
  await server.app.listen({ port, host: '127.0.0.1' })
  return { server, url }
}

t.test('an officer signs in through the directory, with the duties of the account here', async (t) => {
  const { server, url } = await desk(t)
  await server.registry.officers.create(
    {
      login: 'zhangsan',
      name: '张三',
      authority: '石家庄市局',
      roles: ['recorder'],
      password: 'first quiet elephants',
    },
    author,
  )
  const browser = new Browser()
  t.match(
    (await browser.go(`${url}/desk/sign-in?next=/desk/new`)).body,
    /href="\/desk\/directory\?next=%2Fdesk%2Fnew"/,
  )
  const back = await through(browser, `${url}/desk/directory?next=/desk/new`, 'zhangsan')
  t.equal(back.status, 200)
  t.match(back.body, /http-equiv="refresh" content="0; url=\/desk\/new"/)
  const inside = await browser.go(`${url}/desk/new`)
  t.match(inside, { status: 200, body: /张三/ }, 'without ever having had to change a first password')
  t.match(await server.registry.accesses.find({ act: 'signed-in' }, 1e9, 5), [
    { detail: '单位目录', officer: '张三' },
  ])
  t.equal(
    (await browser.go(`${url}${new URL(back.address).pathname}${new URL(back.address).search}`)).status,
    403,
    'the way back is good once',
  )
})

/** A new account that its owner has never used, as an administrator opens it. */
function unused({ registry }: TestServer, login: string, name: string) {
  const password = 'first quiet elephants'
  return registry.officers.create(
    { login, name, authority: '石家庄市局', roles: ['recorder'], password },
    author,
  )
}

/** Whose desk somebody of the directory comes to; a status where to none, and 'claims' where they have to show more. */
async function signsIn(url: string, who: string, browser = new Browser()) {
  const { status, body } = await through(browser, `${url}/desk/directory`, who)
  if (/<h1>对应单位账号/.test(body)) return 'claims'
  const account = await browser.go(`${url}/desk/account`)
  if (account.address.includes('sign-in')) return status
  return /<a href="\/desk\/account">\s*([^（]*)/.exec(account.body)?.[1] ?? ''
}

t.test(
  'an account is bound to the person in the directory, not to a name that may be given on',
  async (t) => {
    const { server, url } = await desk(t)
    const { officers, acts } = server.registry
    await unused(server, 'zhangsan', '张三')
    await unused(server, 'lisi', '李四')
    const signs = (who: string) => signsIn(url, who)
    t.equal(await signs('P-1:ZhangSan'), 403, 'a name is taken as it is written')
    t.equal(await signs('P-1:zhangsan '), 403)
    t.equal(await signs('P-1:zhangsan'), '张三')
    t.match(officers.one('zhangsan'), {
      directory: /^[0-9a-f]{32}$/,
      boundBy: { since: '2026-11-24T02:00:00.000Z', issuer: /^http:\/\/127/ },
    })
    t.equal(await signs('P-2:zhangsan'), 403, 'whoever is given the name later is another')
    t.equal(await signs('p-1:zhangsan'), 403)
    t.equal(await signs('P-1:lisi'), '张三', 'and the person keeps the account under another name')
    await officers.setPassword('zhangsan', 'another first one', { author, first: true })
    t.equal(await signs('P-2:zhangsan'), 403, 'a reset of the password gives it to nobody else')
    t.equal(await signs('P-1:zhangsan'), '张三', 'and keeps out nobody whose it is')
    await acts.carryOut('unbind-officer', { id: 'zhangsan' }, {}, author)
    t.notOk(officers.one('zhangsan')?.boundBy)
    t.equal(await signs('P-2:zhangsan'), 'claims', 'unbound, it is nobody’s by name alone')
    t.equal(await signs('P-1:zhangsan'), 'claims')
  },
)

t.test(
  'an account that is somebody’s is bound by all that a sign-in takes, and by nothing less',
  async (t) => {
    const { server, url } = await desk(t)
    const { officers, acts } = server.registry
    const used = { advance: async () => true }
    const factorOf = async (login: string) => {
      const { sealed, secret } = officers.beginFactor(login)
      const code = () => generateSync({ secret, epoch: Math.floor(server.clock.now().getTime() / 1000) })
      const own = officers.one(login)
      await officers.setFactor(
        login,
        { sealed, code: code() },
        { used, by: { id: `officer/${login}`, authority: own?.authority ?? '', officer: own?.name ?? '' } },
      )
      server.clock.set(new Date(server.clock.now().getTime() + 60_000).toISOString())
      return code
    }
    await officer(server, { login: 'ownpassword', name: '甲', roles: ['recorder'] })
    await officer(server, { login: 'withfactor', name: '乙', roles: ['recorder'] })
    const code = await factorOf('withfactor')
    await unused(server, 'wasreset', '丙')
    await officers.setPassword('wasreset', 'a new first one', { author, first: true })
    await unused(server, 'unbound', '丁')
    t.equal(await signsIn(url, 'P-9:unbound'), '丁')
    await acts.carryOut('unbind-officer', { id: 'unbound' }, {}, author)
    await officers.setPassword('unbound', 'one more first one', { author, first: true })
    for (const [login, name, password] of [
      ['ownpassword', '甲', PASSWORD],
      ['withfactor', '乙', PASSWORD],
      ['wasreset', '丙', 'a new first one'],
      ['unbound', '丁', 'one more first one'],
    ] as const) {
      const browser = new Browser()
      const other = `Q-${login}:${login}`
      t.equal(await signsIn(url, other, browser), 'claims', login)
      t.notOk(officers.one(login)?.directory, `${login}: nothing is bound yet`)
      t.equal(await signsIn(url, other), 'claims', `${login}: nor by coming again`)
      const { body } = await through(browser, `${url}/desk/directory`, other, false)
      const claim = /name="claim" value="([^"]+)"/.exec(body)?.[1] ?? ''
      const shown = { login, claim, next: '', ...(login === 'withfactor' && { code: code() }) }
      const send = (form: object) => browser.go(`${url}/desk/sign-in`, { ...shown, password, ...form })
      t.equal((await send({ password: 'wrong' })).status, 401, `${login}: without its password`)
      if (login === 'withfactor') t.equal((await send({ code: '' })).status, 401, 'without its code')
      t.equal(
        (await send({ claim: 'another' })).status,
        403,
        `${login}: with a form that was shown to nobody`,
      )
      t.notOk(officers.one(login)?.directory, login)
      if (login === 'withfactor')
        server.clock.set(new Date(server.clock.now().getTime() + 60_000).toISOString())
      const bound = await send(login === 'withfactor' ? { code: code() } : {})
      t.equal(bound.status, 200, login)
      t.ok(officers.one(login)?.directory, login)
      t.equal(await signsIn(url, other), name, `${login}: from then on by the directory alone`)
      t.equal(await signsIn(url, `R-1:${login}`), 403, `${login}: and nobody else`)
    }
    // Whoever signs in by password while somebody else’s claim waits in the browser binds nothing.
    await officer(server, { login: 'shared', name: '戊', roles: ['recorder'] })
    const machine = new Browser()
    t.equal(await signsIn(url, 'S-1:shared', machine), 'claims')
    t.equal((await machine.go(`${url}/desk/sign-in`, { login: 'shared', password: PASSWORD })).status, 200)
    t.notOk(officers.one('shared')?.directory)
  },
)

t.test('an account’s pages say that it is bound, by which directory and since when', async (t) => {
  const { server, url } = await desk(t)
  await unused(server, 'zhangsan', '张三')
  const browser = new Browser()
  await through(browser, `${url}/desk/directory`, 'zhangsan')
  const own = (await browser.go(`${url}/desk/account`)).body
  t.match(own, /自 2026-11-24 10:00 起与单位目录（http:\/\/127[^）]+）中的一个人对应/)
  t.match(own, /不是您本人的，请立即更改密码/)
  const admin = new Visitor(server)
  await officer(server, { login: 'guanli', name: '管', roles: ['administrator'] })
  await admin.signIn('guanli')
  const page = '/desk/officers/zhangsan'
  t.match((await admin.get(page)).body, /单位目录：自 2026-11-24 10:00 起/)
  t.match((await admin.get('/desk/officers/guanli')).body, /单位目录：没有对应的人/)
  const headers = await server.authorization(['officers:write'])
  const listed = async () =>
    (await server.app.inject({ url: '/api/v1/officers', headers }))
      .json()
      .items.find((one: { login: string }) => one.login === 'zhangsan').directory
  t.match(await listed(), { since: '2026-11-24T02:00:00.000Z', issuer: /^http/ })
  t.match(
    (await admin.fill(page, {}, '/desk/acts/unbind-officer?id=zhangsan')).statusCode,
    303,
    'an act of its own',
  )
  t.equal(await listed(), undefined)
  t.match((await browser.go(`${url}/desk/account`)).address, /sign-in/, 'its sessions have ended')
  t.match((await admin.get('/desk/acts/unbind-officer?id=zhangsan')).body, /没有与单位目录中的人对应/)
})

t.test('registers of before: a reset of an older version had ended the binding, and has still', async (t) => {
  const at = (revision: number, kind: string, payload: object): Entry => ({
    ...{ seq: revision, id: `e${revision}`, subject: 'officer/lisi', revision, kind, payload },
    ...{ salt: '', payloadDigest: '', visibility: 'internal', author, command: 'x', digest: '', chain: '' },
    recordedAt: `2026-11-0${revision}T02:00:00.000Z`,
  })
  const made = at(1, 'officer.created', { name: '李四', authority: '市局', roles: ['recorder'], hash: 'a' })
  const bound = at(2, 'officer.bound', { directory: 'd1' })
  const [old, own, kept] = [
    at(3, 'officer.password-set', { hash: 'b', first: true }),
    at(3, 'officer.password-set', { hash: 'b', first: false }),
    at(3, 'officer.password-set', { hash: 'b', first: true, keepsDirectory: true }),
  ]
  const after = (...entries: Entry[]) => entries.reduce<Officer | undefined>(foldOfficer, undefined)
  t.match(after(made), { isUnclaimed: true, directory: undefined })
  t.match(after(made, bound), { isUnclaimed: undefined, directory: 'd1', boundBy: { since: /11-02/ } })
  t.match(after(made, bound, old), { isUnclaimed: undefined, directory: undefined, boundBy: undefined })
  for (const last of [own, kept]) t.match(after(made, bound, last), { directory: 'd1' })
  t.match(after(made, old), { isUnclaimed: undefined }, 'an account that was reset is nobody’s by name')
})

t.test('whoever has no account here, or a closed one, stays outside', async (t) => {
  const { server, url } = await desk(t)
  await officer(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
  await server.registry.acts.carryOut('disable-officer', { id: 'lisi' }, {}, author)
  for (const login of ['nobody', 'lisi']) {
    const browser = new Browser()
    const { status, body } = await through(browser, `${url}/desk/directory`, login)
    t.equal(status, 403)
    t.match(body, new RegExp(`单位账号“${login}”在本系统没有账号或已停用，或者该账号属单位目录中的另一人`))
    t.match((await browser.go(`${url}/desk`)).address, /sign-in/)
  }
  t.match(await server.registry.accesses.find({ act: 'sign-in-failed' }, 1e9, 5), [
    { by: 'officer/lisi' },
    { by: 'officer/nobody' },
  ])
  const forged = await new Browser().go(`${url}/desk/directory/callback?code=x&state=y`)
  t.match(forged, { status: 403, body: /不是从本页面开始的/ })
  const browser = new Browser()
  await browser.go(`${url}/desk/directory`)
  t.match(await browser.go(`${url}/desk/directory/callback?code=x&state=another`), {
    status: 403,
    body: /没有确认您的身份/,
  })
})

t.test('a directory that does not answer, or sends no account', async (t) => {
  const { url } = await desk(t, 'employee_number')
  t.match(await through(new Browser(), `${url}/desk/directory`, 'zhangsan'), {
    status: 403,
    body: /没有确认您的身份/,
  })
  const nowhere = openIdDirectory({
    issuer: 'http://127.0.0.1:9',
    clientId: 'x',
    clientSecret: 'y',
    claim: 'sub',
  })
  const down = await testServer(t, { directory: nowhere })
  const answer = await down.app.inject('/desk/directory')
  t.match(answer, { statusCode: 503, headers: { 'retry-after': '30' }, body: /单位目录暂时没有应答/ })
  const without = await testServer(t)
  t.equal((await without.app.inject('/desk/directory')).statusCode, 404)
  t.notMatch((await without.app.inject('/desk/sign-in')).body, /用单位账号登录/)
})
