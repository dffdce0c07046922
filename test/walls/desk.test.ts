import { createHash, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { hashOf, isPassword, passwordFault } from '../../src/authority/passwords.ts'
import { Throttle } from '../../src/authority/throttle.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { author, marksOf, officer, PASSWORD, signedIn, Visitor } from '../desk/visitor.ts'
import { type TestServer, testServer, unifiedCode } from '../support.ts'

const zhangsan = { login: 'zhangsan', roles: ['recorder', 'reviewer'] as const }

async function desk(t: Parameters<typeof testServer>[0]) {
  const server = await testServer(t)
  await officer(server, { ...zhangsan, roles: [...zhangsan.roles] })
  return server
}

const uscc = unifiedCode('WALL0002')

/** Key of a file that stands open. */
async function openFile({ registry }: TestServer): Promise<string> {
  const request = { actor: { authority: '省局', officer: '李四' }, command: 'open' }
  await registry.acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130102' } }, request)
  return uscc.slice(8, 17)
}

/** Asks the desk with a cookie as it once was, as somebody who kept it would. */
async function asked({ app }: TestServer, cookie: string): Promise<number> {
  return (await app.inject({ url: '/desk', headers: { cookie } })).statusCode
}

t.test('a session that has ended stays ended for whoever kept its cookie', async (t) => {
  const server = await desk(t)
  const visitor = new Visitor(server)
  const begun = async () => {
    await visitor.signIn('zhangsan')
    t.equal(await asked(server, visitor.cookie), 200)
    return visitor.cookie
  }
  let kept = await begun()
  const out = await visitor.fill('/desk', {}, '/desk/sign-out')
  t.equal(out.headers['clear-site-data'], '"cache", "storage"')
  t.equal(await asked(server, kept), 303, 'signed out')

  kept = await begun()
  const anew = await visitor.signIn('zhangsan')
  t.equal(await asked(server, kept), 303, 'signed in anew in the same browser')
  t.notOk(anew.headers['clear-site-data'], 'who keeps their own')
  await officer(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
  const another = await visitor.signIn('lisi')
  t.equal(another.headers['clear-site-data'], '"cache", "storage"', 'nobody is left another’s')

  for (const [what, end] of [
    ['password', () => server.registry.officers.setPassword('zhangsan', PASSWORD, { author, first: false })],
    [
      'duties',
      () =>
        server.registry.acts.carryOut(
          'change-officer',
          { id: 'zhangsan' },
          { name: '张三', authority: '石家庄市市场监督管理局', roles: ['recorder'] },
          author,
        ),
    ],
    [
      'account closed',
      () => server.registry.acts.carryOut('disable-officer', { id: 'zhangsan' }, {}, author),
    ],
  ] as const) {
    kept = await begun()
    await end()
    t.equal(await asked(server, kept), 303, what)
  }
})

t.test('an officer sees where they have signed in and ends what is not theirs', async (t) => {
  const server = await desk(t)
  const [here, there] = [new Visitor(server), new Visitor(server)]
  await here.signIn('zhangsan')
  await there.signIn('zhangsan')
  const page = await here.get('/desk/account')
  t.match(page.body, /（本次会话）/)
  const marks = marksOf(page.body, '/desk/account/sessions')
  await officer(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
  const other = new Visitor(server)
  await other.signIn('lisi')
  await other.fill('/desk/account', { session: marks.session ?? '' }, '/desk/account/sessions')
  t.equal(await asked(server, there.cookie), 200, 'nobody ends another’s')
  await here.fill('/desk/account', {}, '/desk/account/sessions')
  t.equal(await asked(server, there.cookie), 303)
  t.equal(await asked(server, here.cookie), 200)
  for (let i = 0; i < 10; i += 1) await new Visitor(server).signIn('zhangsan')
  t.equal(await asked(server, here.cookie), 303, 'the oldest ends where there are too many')
})

t.test('no other site sends a form, not even the one that signs in', async (t) => {
  const server = await desk(t)
  const payload = new URLSearchParams({ login: 'zhangsan', password: PASSWORD }).toString()
  const sent = async (headers: Record<string, string>) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const { statusCode, headers: got } = await server.app.inject({
      method: 'POST',
      url: '/desk/sign-in',
      headers: { ...type, ...headers },
      payload,
    })
    return [statusCode, got['set-cookie'] !== undefined]
  }
  t.same(await sent({ origin: 'https://evil.example' }), [403, false])
  t.same(await sent({ origin: 'null' }), [403, false])
  t.same(await sent({ 'sec-fetch-site': 'cross-site' }), [403, false])
  t.same(await sent({ 'sec-fetch-site': 'same-site' }), [403, false])
  t.same(await sent({ origin: 'http://localhost:80' }), [303, true])
  t.same(await sent({ 'sec-fetch-site': 'same-origin' }), [303, true])
  t.same(await sent({}), [303, true], 'a browser that says nothing')
})

t.test('many guesses at once are no way around, and the owner elsewhere is not kept out', async (t) => {
  const server = await desk(t)
  const guess = (password: string, ip: string) =>
    server.app.inject({
      method: 'POST',
      url: '/desk/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': ip },
      payload: new URLSearchParams({ login: 'zhangsan', password }).toString(),
    })
  const guesses = Array.from({ length: 40 }, (_, i) => guess(`guess number ${i}`, '203.0.113.1'))
  const statuses = (await Promise.all(guesses)).map(({ statusCode }) => statusCode)
  t.equal(statuses.filter((status) => status === 401).length, 3)
  t.equal(statuses.filter((status) => status === 429).length, 37)
  t.equal((await guess(PASSWORD, '203.0.113.1')).statusCode, 429)
  t.equal((await guess(PASSWORD, '203.0.113.2')).statusCode, 303)
})

t.test(
  'the right password passes from a device that has signed in before, however much others try there',
  async (t) => {
    const server = await desk(t)
    const known = new Visitor(server)
    const signIn = (visitor: Visitor, password: string, login = 'zhangsan') =>
      visitor.send('/desk/sign-in', { login, password })
    t.equal((await signIn(known, PASSWORD)).statusCode, 303)
    await known.fill('/desk', {}, '/desk/sign-out')
    const others = Array.from({ length: 40 }, (_, i) =>
      signIn(new Visitor(server), `guess number ${i}`, `other${i}`),
    )
    t.ok((await Promise.all(others)).some(({ statusCode }) => statusCode === 429))
    t.equal(
      (await signIn(new Visitor(server), PASSWORD)).statusCode,
      429,
      'a new device waits as all do there',
    )
    t.equal((await signIn(known, PASSWORD)).statusCode, 303, 'the known one does not')
    await known.fill('/desk', {}, '/desk/sign-out')
    const own: number[] = []
    for (let i = 0; i < 4; i += 1) own.push((await signIn(known, `mistyped ${i}`)).statusCode)
    t.same(own, [401, 401, 401, 429], 'guessing on it is slowed down as anywhere')
    const other = await signIn(known, PASSWORD, 'lisi')
    t.equal(other.statusCode, 429, 'and it is known for those alone who signed in on it')
  },
)

t.test('what was tried is forgotten at a stated rate', async (t) => {
  let now = 0
  const throttle = new Throttle(() => now, { freeTries: 30, forgetsMs: 60_000 })
  for (let i = 0; i < 33; i += 1) throttle.tried('a')
  t.equal(throttle.wait('a'), 8)
  now = 30 * 60_000
  t.equal(throttle.wait('a'), 0)
  for (let i = 0; i < 26; i += 1) throttle.tried('a')
  t.equal(throttle.wait('a'), 0, 'half an hour forgets thirty')
  throttle.tried('a')
  t.equal(throttle.wait('a'), 1)
})

t.test('passwords are kept by argon2id, and compared whole', async (t) => {
  const longest = '🦊🐻🐼🐨🐯'.repeat(40)
  const hashed = await hashOf(longest)
  const [, costs = ''] = /^\$argon2id\$v=19\$(m=\d+,t=\d+,p=\d+)\$/.exec(hashed) ?? []
  t.equal(costs, 'm=19456,t=2,p=1', 'what OWASP asks for at least')
  t.not(await hashOf(longest), hashed, 'with a salt of its own')
  t.equal(await isPassword(longest, hashed), true)
  for (const other of [longest.slice(0, 200), longest.slice(0, -2), `${longest}x`, longest.repeat(2), ''])
    t.equal(await isPassword(other, hashed), false, `${other.length}`)
  t.equal(await isPassword(longest, undefined), false)
})

t.test('passwords of any script from 8 to 64 characters do, common ones do not', async (t) => {
  const known = { login: 'zhangsan', name: '张三' }
  for (const good of ['春眠不觉晓处处', 'سلام دوستان', 'x1y2z3w4'.repeat(8), '🦊🐻🐼🐨🐯🦁🐮🐷'])
    t.equal(passwordFault(good.length < 8 ? `${good}闻` : good, known), undefined, good)
  for (const bad of ['春眠不觉晓处处', 'iloveyou1', 'Football1', 'Sunshine', 'trustno1'])
    t.ok(passwordFault(bad, known), bad)
})

t.test(
  'a password that was stolen elsewhere is not taken, by the list that the operator keeps',
  async (t) => {
    const server = await testServer(t)
    const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
    const stolen = 'seven quiet elephants'
    const digests = [stolen, 'another one', 'a third'].map((one) =>
      createHash('sha1').update(one).digest('hex'),
    )
    const lines = digests.map((digest) => `${digest.toUpperCase()}:3`).sort()
    writeFileSync(pathsIn(server.folder).breached, `${lines.join('\r\n')}\r\n`)
    const change = (password: string) =>
      visitor.fill(
        '/desk/account',
        { current: PASSWORD, password, again: password },
        '/desk/account/password',
      )
    t.match(await change(stolen), { statusCode: 422, body: /在别处泄露过/ })
    t.equal((await change('seven loud elephants')).statusCode, 303)
  },
)

t.test('a form without its marks is refused in words', async (t) => {
  const server = await testServer(t)
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
  const page = `/desk/new/inspection?code=${await openFile(server)}`
  const { token = '' } = marksOf((await visitor.get(page)).body)
  const command = randomUUID()
  for (const [sent, status] of [
    [{ token: '很'.repeat(token.length), command }, 403],
    [{ token }, 400],
    [{ token, command: '很' }, 400],
    [{ token, command: 'not-a-uuid' }, 400],
    [{ token, command, ['x'.repeat(61)]: '1' }, 400],
    [{ token, command }, 422],
  ] as const)
    t.equal((await visitor.send(page, sent)).statusCode, status, JSON.stringify(sent).slice(0, 80))
  const key = uscc.slice(8, 17)
  for (const form of [`/desk/enterprises/${key}/change`, `/desk/enterprises/${key}/correct`])
    for (const revision of [undefined, '', '一', '-1', '1.5', '1e3', '9'.repeat(400)]) {
      const sent = {
        token,
        command: randomUUID(),
        reason: '核对',
        ...(revision !== undefined && { revision }),
      }
      const { statusCode, body } = await visitor.send(form, sent)
      t.equal(statusCode, 400, `${form} ${revision?.slice(0, 10)}`)
      t.match(body, /版次/)
    }
})

t.test('what was looked at is on record whatever the address says, refused forms included', async (t) => {
  const server = await testServer(t)
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder', 'reviewer'] })
  const reads = async () =>
    (await server.registry.accesses.find({ act: 'read' }, Number.MAX_SAFE_INTEGER, 50)).map(
      ({ detail }) => detail,
    )
  const page = `/desk/new/inspection?code=${await openFile(server)}`
  await visitor.get(`${page}&done=/progress`)
  await visitor.fill(page, { product: '电线' })
  const seen = await reads()
  t.match(seen.join('\n'), /done=\/progress/)
  t.ok(seen.filter((detail) => detail.startsWith('/desk/new/inspection')).length >= 3, 'the refused form too')
})
