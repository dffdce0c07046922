import { generateSync } from 'otplib'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { MOST_PASSKEYS, Passkeys, relyingPartyOf } from '../../src/authority/passkeys.ts'
import { Sessions } from '../../src/authority/sessions.ts'
import { marksOf, officer, PASSWORD, resetByTwo, Visitor } from '../desk/visitor.ts'
import { type TestOptions, testServer } from '../support.ts'
import { Authenticator, type Ceremony } from './authenticator.ts'

/** Passkeys beside the password: made and taken away by their owner, shown at the door, taken back by two administrators. */

const SITE = 'https://zlxy.example.gov.cn'
const asked = z.object({
  challenge: z.string(),
  rpId: z.string().optional(),
  rp: z.object({ id: z.string() }).catch({ id: '' }),
  userVerification: z.string().optional(),
  allowCredentials: z.array(z.object({ id: z.string() })).default([]),
  excludeCredentials: z.array(z.object({ id: z.string() })).default([]),
})

/** What a page asks the browser for. */
function askedOn(body: string, does: 'make' | 'show') {
  const [, options = ''] = new RegExp(`data-passkey="${does}" data-options="([^"]*)"`).exec(body) ?? []
  if (options === '') throw new Error(`nothing to ${does} on: ${body.slice(0, 2000)}`)
  return asked.parse(JSON.parse(options.replaceAll('&quot;', '"').replaceAll('&amp;', '&')))
}

t.test('passkeys are bound to the host of the site, where browsers make them', async (t) => {
  for (const [base, party] of [
    ['https://zlxy.example.gov.cn', { id: 'zlxy.example.gov.cn', origin: 'https://zlxy.example.gov.cn' }],
    [
      'https://www.example.gov.cn:8443/credit',
      { id: 'www.example.gov.cn', origin: 'https://www.example.gov.cn:8443' },
    ],
    ['http://localhost:8080', { id: 'localhost', origin: 'http://localhost:8080' }],
    ['http://zlxy.example.gov.cn', undefined],
    ['http://127.0.0.1:8080', undefined],
    ['https://10.0.0.5', undefined],
    ['https://[::1]:8080', undefined],
  ] as const)
    t.same(relyingPartyOf(base), party, base)
})

async function ceremonies(base = SITE) {
  const party = relyingPartyOf(base)
  if (!party) throw new Error('no party')
  const clock = { now: new Date('2026-11-24T02:00:00Z') }
  const sessions = new Sessions(':memory:')
  const passkeys = new Passkeys({ party, sessions, now: () => clock.now })
  const device = new Authenticator(party.origin)
  const begin = async (session = 's') =>
    asked.parse(await passkeys.begin(session, { login: 'zhangsan', name: '张三' }))
  const made = await passkeys.made('s', device.make(await begin()))
  if (!made) throw new Error('not made')
  const own = { ...made, name: '密钥' }
  const ask = async (session = 's') => asked.parse(await passkeys.ask(session, [own]))
  return { passkeys, device, begin, ask, own, clock }
}

t.test(
  'a passkey counts for its site, its ceremony and its session, once, with its user made sure of',
  async (t) => {
    const { passkeys, device, begin, ask, own, clock } = await ceremonies()
    const shown = async (more: Ceremony = {}, by = device, session = 's') =>
      (await passkeys.shown(session, [own], by.show(await ask(), more)))?.name
    const options = await ask()
    t.match(options, {
      rpId: 'zlxy.example.gov.cn',
      userVerification: 'required',
      allowCredentials: [{ id: device.id }],
    })
    t.equal(await shown(), '密钥')
    for (const [said, more] of Object.entries<Ceremony>({
      'wrong origin': { origin: 'https://zlxy.example.gov.cn.evil.example' },
      'the same host in the clear': { origin: 'http://zlxy.example.gov.cn' },
      'another port': { origin: 'https://zlxy.example.gov.cn:444' },
      'a site beside it': { origin: 'https://www.zlxy.example.gov.cn' },
      'the site above it': { origin: 'https://example.gov.cn' },
      'the host with its root': { origin: 'https://zlxy.example.gov.cn.' },
      'the host in capitals': { origin: 'https://ZLXY.example.gov.cn' },
      'a path beside the origin': { origin: 'https://zlxy.example.gov.cn/' },
      'no origin that can be told': { origin: 'null' },
      'the party of a site beside it': { party: 'www.zlxy.example.gov.cn' },
      'an origin for a party': { party: SITE },
      'wrong party': { party: 'example.gov.cn' },
      'wrong challenge': { challenge: Buffer.alloc(32).toString('base64url') },
      'no challenge': { challenge: '' },
      'another kind of ceremony': { type: 'webauthn.create' },
      'in a frame of another site': { crossOrigin: true },
      'nobody there': { flags: 4 },
      'user not made sure of': { flags: 1 },
      'another key': { key: new Authenticator(SITE).privateKey },
    }))
      t.equal(await shown(more), undefined, said)
    t.equal(
      await shown({}, new Authenticator(SITE, device.id)),
      undefined,
      'another device that claims the name',
    )
    t.equal(await shown({}, new Authenticator(SITE)), undefined, 'a device that nobody registered')
    t.equal(await shown({}, device, 'another'), undefined, 'the challenge of another session')

    const answer = device.show(await ask())
    t.equal((await passkeys.shown('s', [own], answer))?.name, '密钥')
    t.equal(await passkeys.shown('s', [own], answer), undefined, 'replayed')
    const twice = device.show(await ask())
    const both = await Promise.all([twice, twice].map((one) => passkeys.shown('s', [own], one)))
    t.equal(both.filter(Boolean).length, 1, 'sent twice at once')
    await begin()
    const madeFor = device.show(await begin())
    t.equal(await passkeys.shown('s', [own], madeFor), undefined, 'a challenge to make one')
    const asked = await ask()
    const named = JSON.parse(device.show(asked))
    const other = { ...named, rawId: new Authenticator(SITE).id }
    t.equal(await passkeys.shown('s', [own], JSON.stringify(other)), undefined, 'two names in one answer')
    const former = await ask()
    await ask()
    t.equal(
      await passkeys.shown('s', [own], device.show(former)),
      undefined,
      'a challenge that another took the place of',
    )
    const late = device.show(await ask())
    clock.now = new Date(clock.now.getTime() + 300_000)
    t.ok(await passkeys.shown('s', [own], late), 'five minutes')
    const later = device.show(await ask())
    clock.now = new Date(clock.now.getTime() + 300_001)
    t.equal(await passkeys.shown('s', [own], later), undefined, 'and no longer')

    t.equal(await shown({ counter: 7 }), '密钥')
    t.equal(await shown({ counter: 8 }), '密钥')
    for (const counter of [8, 7, 1, 0])
      t.equal(await shown({ counter }), undefined, `a copy that counts ${counter}`)
    t.equal(await shown({ counter: 9 }), '密钥')
  },
)

t.test('a passkey is taken as made by the same measure, and no certificate is followed', async (t) => {
  const { passkeys, begin } = await ceremonies()
  const made = async (more: Ceremony = {}, session = 's') => {
    const device = new Authenticator(SITE)
    return (await passkeys.made(session, device.make(await begin(), more)))?.id === device.id
  }
  t.ok(await made())
  const asks: unknown[] = []
  const { fetch } = globalThis
  globalThis.fetch = async (...args) => {
    asks.push(args)
    throw new Error('no')
  }
  t.teardown(() => {
    globalThis.fetch = fetch
  })
  const certified = new Map<string, never>()
  for (const [said, more] of Object.entries<Ceremony>({
    'wrong origin': { origin: 'https://evil.example' },
    'wrong party': { party: 'evil.example' },
    'a site beside it': { origin: 'https://www.zlxy.example.gov.cn' },
    'the host with its root': { origin: 'https://zlxy.example.gov.cn.' },
    'a path beside the origin': { origin: 'https://zlxy.example.gov.cn/' },
    'no origin that can be told': { origin: 'null' },
    'the party above it': { party: 'example.gov.cn' },
    'wrong challenge': { challenge: Buffer.alloc(32).toString('base64url') },
    'another kind of ceremony': { type: 'webauthn.get' },
    'in a frame of another site': { crossOrigin: true },
    'nobody there': { flags: 4 },
    'user not made sure of': { flags: 1 },
    'with certificates': { fmt: 'packed', statement: new Map([['x5c', Buffer.from('x')]]) },
    'of a maker': { fmt: 'apple', statement: certified },
    'of another': { fmt: 'tpm', statement: certified },
    'of a third': { fmt: 'fido-u2f', statement: certified },
    'of nobody': { fmt: 'x'.repeat(100) },
  }))
    t.notOk(await made(more), said)
  t.notOk(await made({}, 'another'), 'the challenge of another session')
  const shownFor = new Authenticator(SITE)
  const challenge = asked.parse(await passkeys.ask('s', [])).challenge
  t.notOk(await passkeys.made('s', shownFor.make({ challenge, rp: { id: 'zlxy.example.gov.cn' } })))
  t.same(asks, [])

  for (const answer of [
    '',
    'x',
    'null',
    '[]',
    '{}',
    '[['.repeat(5000),
    JSON.stringify({ id: 'a', rawId: 'b', type: 'public-key', response: {} }),
    JSON.stringify({
      id: 'a',
      rawId: 'a',
      type: 'public-key',
      // Arrays in arrays, and lengths that nothing follows.
      response: { clientDataJSON: 'AAAA', attestationObject: Buffer.alloc(8000, 0x81).toString('base64url') },
    }),
    JSON.stringify({
      id: 'a',
      rawId: 'a',
      type: 'public-key',
      response: {
        clientDataJSON: 'AAAA',
        attestationObject: Buffer.from('9bffffffffffffffff', 'hex').toString('base64url'),
      },
    }),
    'x'.repeat(20_000),
  ]) {
    await begin()
    t.equal(await passkeys.made('s', answer), undefined, answer.slice(0, 60))
    t.equal(await passkeys.shown('s', [], answer), undefined, answer.slice(0, 60))
  }
})

async function desk(t: Test, options: TestOptions = {}) {
  const server = await testServer(t, { publicUrl: SITE, ...options })
  const origin = new URL(options.publicUrl ?? SITE).origin
  const visitor = new Visitor(server)
  /** The form of a page, filled in by a device; to where it goes. */
  const page = (who: Visitor, to: string, form: Record<string, string> = {}) =>
    who.fill('/desk/account', form, to)
  /** What an owner does who sets up a passkey. */
  const add = async (
    device: Authenticator,
    more: Record<string, string> = {},
    by?: Authenticator,
    who = visitor,
  ) => {
    const { body } = await page(who, '/desk/account/passkeys')
    const to = '/desk/account/passkeys/confirmation'
    return who.send(to, {
      ...marksOf(body, to),
      name: '办公室的密钥',
      current: PASSWORD,
      ...(by && { shown: by.show(askedOn(body, 'show')) }),
      made: device.make(askedOn(body, 'make')),
      ...more,
    })
  }
  const remove = async (id: string, by: Authenticator, more: Record<string, string> = {}) => {
    const { body } = await page(visitor, '/desk/account/passkeys/removal', { passkey: id })
    const to = '/desk/account/passkeys/removal/confirmation'
    return visitor.send(to, {
      ...marksOf(body, to),
      current: PASSWORD,
      shown: by.show(askedOn(body, 'show')),
      ...more,
    })
  }
  const begin = (login: string, more: Record<string, string> = {}, who = visitor) =>
    who.send('/desk/sign-in', { login, password: PASSWORD, ...more })
  /** Both steps of a sign-in. */
  const signIn = async (login: string, device: Authenticator, more: Ceremony = {}) => {
    const { body } = await begin(login)
    const to = '/desk/sign-in/passkey'
    return visitor.send(to, { ...marksOf(body, to), answer: device.show(askedOn(body, 'show'), more) })
  }
  const failures = async () =>
    (await server.registry.accesses.find({ act: 'sign-in-failed' }, 1e9, 9)).map(({ detail }) => detail)
  const own = (login: string) => server.registry.officers.one(login)?.passkeys ?? []
  /** What was mistyped is forgotten. */
  const wait = () => server.clock.set(new Date(server.clock.now().getTime() + 1_800_000).toISOString())
  return { server, wait, visitor, origin, page, add, remove, begin, signIn, failures, own }
}

t.test('passkeys are set up by their owner, shown at the door and taken away', async (t) => {
  const { server, wait, visitor, origin, add, remove, begin, signIn, failures, own } = await desk(t)
  const [one, two] = [new Authenticator(origin), new Authenticator(origin)]
  for (const login of ['zhangsan', 'lisi']) await officer(server, { login, name: login, roles: ['recorder'] })
  await begin('zhangsan')
  t.match(await add(one, { current: 'wrong' }), { statusCode: 422, body: /现在的密码不对/ })
  t.match(await add(one, { made: '' }), { statusCode: 422, body: /没有登记成/ })
  t.match(await add(one, { name: ' ' }), { statusCode: 422, body: /名称/ })
  t.match(await add(one, { name: 'x'.repeat(41) }), { statusCode: 422, body: /名称/ })
  t.same(own('zhangsan'), [], 'nothing until all fits')
  t.equal((await add(one)).statusCode, 303)
  t.match(own('zhangsan'), [{ id: one.id, name: '办公室的密钥', transports: ['usb'] }])
  const account = await visitor.get('/desk/account')
  t.match(account.body, /办公室的密钥/)
  t.match(account.headers['content-security-policy'], /script-src 'self'/)

  t.match(
    await add(two, { name: '手机' }),
    { statusCode: 422, body: /没有出示/ },
    'another takes one that stands',
  )
  t.match(await add(two, { name: '手机' }, two), { statusCode: 422 }, 'which it is not itself')
  t.match(await add(two, {}, one), { statusCode: 422, body: /已有名为/ })
  t.match(await add(one, { name: '手机' }, one), { statusCode: 422, body: /已经登记过/ })
  t.equal((await add(two, { name: '手机' }, one)).statusCode, 303)

  const door = await begin('zhangsan')
  t.match(door, { statusCode: 200, body: /出示通行密钥/ })
  t.same(
    askedOn(door.body, 'show').allowCredentials.map(({ id }) => id),
    [one.id, two.id],
  )
  t.match(
    door.body,
    /<script type="module" src="\/assets\/site\.\w+\.js"><\/script><script type="module" src="\/assets/,
  )
  const fresh = new Visitor(server)
  await begin('zhangsan', {}, fresh)
  t.match((await fresh.get('/desk/find')).headers.location, /sign-in/, 'a password alone opens nothing')

  t.equal((await signIn('zhangsan', one)).statusCode, 303)
  t.equal((await signIn('zhangsan', two)).statusCode, 303)
  t.equal((await visitor.get('/desk/find')).statusCode, 200)
  for (const [said, more] of Object.entries<Ceremony>({
    'wrong origin': { origin: 'https://evil.example' },
    'wrong challenge': { challenge: 'AAAA' },
    'user not made sure of': { flags: 1 },
  })) {
    t.match(await signIn('zhangsan', one, more), { statusCode: 401, body: /通行密钥不对/ }, said)
    t.equal((await signIn('zhangsan', one)).statusCode, 303)
  }
  t.match((await failures())[0], '通行密钥不对')

  await begin('lisi')
  t.match(await add(one), { statusCode: 422, body: /已经登记过/ }, 'one of another account')
  const lisis = new Authenticator(origin)
  t.equal((await add(lisis)).statusCode, 303)
  t.equal((await signIn('zhangsan', lisis)).statusCode, 401, 'another account’s')
  t.equal((await signIn('zhangsan', two)).statusCode, 303)

  t.match(await remove(one.id, lisis), { statusCode: 422, body: /没有出示/ })
  t.match(await remove(lisis.id, two).catch(() => 'none such'), 'none such', 'one of another account')
  wait()
  t.match(await remove(one.id, two, { current: 'wrong' }), { statusCode: 422, body: /现在的密码不对/ })
  t.match(own('zhangsan'), [{ id: one.id }, { id: two.id }])
  t.equal((await remove(one.id, two)).statusCode, 303)
  t.match(own('zhangsan'), [{ id: two.id }])
  t.equal(own('zhangsan').length, 1)
  t.equal((await signIn('zhangsan', one)).statusCode, 401, 'removed')
  t.equal((await signIn('zhangsan', two)).statusCode, 303)
  t.equal((await remove(two.id, two)).statusCode, 303)
  t.equal((await begin('zhangsan')).statusCode, 303, 'without any the password is enough')
})

t.test(
  'a ceremony at the door is its visitor’s, counts once, and falls with what changes the account',
  async (t) => {
    const { server, origin, visitor, add, begin } = await desk(t)
    const device = new Authenticator(origin)
    await officer(server, { login: 'zhangsan', roles: ['recorder'] })
    await begin('zhangsan')
    await add(device)
    const to = '/desk/sign-in/passkey'
    const one = new Visitor(server)
    const door = await begin('zhangsan', {}, one)
    const answer = device.show(askedOn(door.body, 'show'))
    const other = new Visitor(server)
    t.equal((await other.send(to, { answer })).statusCode, 401, 'nobody else’s')
    await begin('zhangsan', {}, other)
    t.equal((await other.send(to, { answer })).statusCode, 401, 'nor within another ceremony')
    const { cookie } = one
    t.equal((await one.send(to, { answer })).statusCode, 303)
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
    const payload = new URLSearchParams({ answer }).toString()
    const replayed = await server.app.inject({ method: 'POST', url: to, headers, payload })
    t.equal(replayed.statusCode, 401, 'with the very cookie that it had')

    const before = await begin('zhangsan', {}, other)
    await visitor.fill('/desk/account', {}, '/desk/account/sign-out-everywhere')
    const late = device.show(askedOn(before.body, 'show'))
    t.equal((await other.send(to, { answer: late })).statusCode, 401)
  },
)

t.test('an account has ten at most, and codes or passkeys beside each other', async (t) => {
  const { server, wait, origin, visitor, page, add, begin, signIn, own } = await desk(t)
  const code = (secret: string) =>
    generateSync({ secret, epoch: Math.floor(server.clock.now().getTime() / 1000) })
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await begin('zhangsan')
  const device = new Authenticator(origin)
  await add(device)
  const { body } = await page(visitor, '/desk/account/factor')
  const [, secret = ''] = /<code>([A-Z2-7]+)<\/code>/.exec(body) ?? []
  const to = '/desk/account/factor/confirmation'
  const send = (more: Record<string, string>) =>
    visitor.send(to, { ...marksOf(body, to), code: code(secret), current: PASSWORD, ...more })
  t.equal((await send({})).statusCode, 422, 'codes take a passkey that stands')
  const { body: anew } = await page(visitor, '/desk/account/factor')
  const shown = device.show(askedOn(anew, 'show'))
  t.equal((await send({ shown })).statusCode, 303)
  wait()
  t.equal((await begin('zhangsan', { code: code(secret) })).statusCode, 303, 'by a code')
  t.match(await begin('zhangsan', { code: code(secret) }), { statusCode: 401, body: /已经用过/ })
  t.equal((await signIn('zhangsan', device)).statusCode, 303, 'or by a passkey')
  wait()
  const second = new Authenticator(origin)
  t.equal((await add(second, { name: '第二把', present: code(secret) })).statusCode, 303, 'a code will do')
  for (let n = own('zhangsan').length; n < MOST_PASSKEYS; n += 1)
    t.equal((await add(new Authenticator(origin), { name: `第 ${n} 把` }, device)).statusCode, 303)
  t.match(await add(new Authenticator(origin), { name: '多的' }, device), {
    statusCode: 422,
    body: /最多登记 10 把/,
  })
})

t.test('who has lost the passkeys begins anew by two administrators', async (t) => {
  const { server, origin, add, begin, own } = await desk(t)
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await begin('zhangsan')
  await add(new Authenticator(origin))
  await resetByTwo(t, server, 'zhangsan')
  t.same(own('zhangsan'), [])
})

t.test('a passkey meets what is asked of who decides, under a path too', async (t) => {
  const publicUrl = 'https://www.example.gov.cn/credit'
  const { server, origin, visitor, add, begin, signIn } = await desk(t, {
    secondFactor: 'deciding',
    publicUrl,
  })
  await officer(server, { login: 'zhangsan', roles: ['reviewer'] })
  await begin('zhangsan')
  t.equal((await visitor.get('/desk/find')).headers.location, '/credit/desk/account?first')
  const device = new Authenticator(origin)
  const added = await add(device)
  t.equal(added.headers.location, '/credit/desk/account')
  t.equal((await visitor.get('/desk/find')).statusCode, 200)
  t.equal((await signIn('zhangsan', device)).headers.location, '/credit/desk')
})

t.test('where browsers make none for the site, none is offered', async (t) => {
  const { server, visitor, begin } = await desk(t, { publicUrl: 'http://10.0.0.5:8080' })
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await begin('zhangsan')
  t.match((await visitor.get('/desk/account')).body, /须经 HTTPS 以域名访问/)
  t.equal((await visitor.fill('/desk/account', {}, '/desk/account/passkeys')).statusCode, 404)
})
