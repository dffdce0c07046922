import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import t, { type Test } from 'tap'
import { freePort } from '../../scripts/faults/processes.ts'
import { openIdDirectory } from '../../src/authority/directory.ts'
import { type TestServer, testServer } from '../support.ts'
import { author, officer } from './visitor.ts'

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
async function through(browser: Browser, start: string, login: string) {
  const asked = await browser.go(start)
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

t.test(
  'an account is bound to the person in the directory, not to a name that may be given on',
  async (t) => {
    const { server, url } = await desk(t)
    await officer(server, { login: 'zhangsan', roles: ['recorder'] })
    await officer(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
    const signsIn = async (who: string) => {
      const browser = new Browser()
      const { status } = await through(browser, `${url}/desk/directory`, who)
      const { address, body } = await browser.go(`${url}/desk/account`)
      return address.includes('sign-in')
        ? status
        : (/<a href="\/desk\/account">\s*([^（]*)/.exec(body)?.[1] ?? '')
    }
    t.equal(await signsIn('P-1:ZhangSan'), 403, 'a name is taken as it is written')
    t.equal(await signsIn('P-1:zhangsan '), 403)
    t.equal(await signsIn('P-1:zhangsan'), '张三')
    t.match(
      (await server.registry.officers.one('zhangsan'))?.directory,
      /^[0-9a-f]{32}$/,
      'and the account is theirs from then on',
    )
    t.equal(await signsIn('P-2:zhangsan'), 403, 'whoever is given the name later is another')
    t.equal(await signsIn('p-1:zhangsan'), 403)
    t.equal(await signsIn('P-1:lisi'), '张三', 'and the person keeps the account under another name')
    await server.registry.officers.setPassword('zhangsan', 'another first one', { author, first: true })
    t.equal(await signsIn('P-2:zhangsan'), '张三', 'who has lost all ways in begins anew')
    t.equal(await signsIn('P-1:zhangsan'), 403)
  },
)

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
