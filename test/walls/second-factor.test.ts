import { join } from 'node:path'
import { generateSync } from 'otplib'
import t from 'tap'
import { personHash } from '../../src/authority/persons.ts'
import { SecondFactor } from '../../src/authority/second-factor.ts'
import { Sessions } from '../../src/authority/sessions.ts'
import { marksOf, officer, PASSWORD, resetByTwo, Visitor } from '../desk/visitor.ts'
import { type TestOptions, temporaryFolder, testServer } from '../support.ts'

/** One-time codes beside the password: set up by their owner, asked at the door, taken back by two administrators. */

const codeAt = (secret: string, now: Date) =>
  generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) })

t.test('a code counts in its own half minute and those beside it, once, for its own account', async (t) => {
  const factor = new SecondFactor(personHash(Buffer.alloc(32, 1)))
  const { sealed, secret, address } = factor.begin('zhangsan')
  t.match(address, /^otpauth:\/\/totp\/.*zhangsan.*secret=/)
  t.notMatch(Buffer.from(sealed, 'base64url').toString('latin1'), secret)
  const now = new Date('2026-11-24T02:00:00.000Z')
  const code = codeAt(secret, now)
  const stepOf = (seconds: number, more: { login?: string; code?: string; by?: SecondFactor } = {}) => {
    const at = new Date(now.getTime() + seconds * 1000)
    return (more.by ?? factor).stepOf(more.login ?? 'zhangsan', sealed, more.code ?? code, at)
  }
  const step = now.getTime() / 30_000
  for (const [seconds, isTaken] of [
    [-31, false],
    [-30, true],
    [-1, true],
    [0, true],
    [29, true],
    [59, true],
    [60, false],
  ] as const)
    t.equal(stepOf(seconds), isTaken ? step : undefined, `${seconds} s`)
  t.equal(stepOf(0, { code: ` ${code.slice(0, 3)} ${code.slice(3)}` }), step, 'as it is typed')
  for (const wrong of [
    '',
    '12345',
    '1234567',
    'abcdef',
    String((Number(code) + 1) % 1_000_000).padStart(6, '0'),
  ])
    t.equal(stepOf(0, { code: wrong }), undefined, wrong)
  const path = join(temporaryFolder(t), 'sessions.db')
  const once = async (to: number) => {
    const sessions = new Sessions(path)
    const isFirst = await sessions.advance('code', to)
    await sessions.close()
    return isFirst
  }
  t.same(
    [await once(step - 1), await once(step), await once(step), await once(step - 1)],
    [true, true, false, false],
    'kept over a restart',
  )
  t.equal(stepOf(0, { login: 'lisi' }), undefined, 'another account’s')
  t.equal(
    stepOf(0, { by: new SecondFactor(personHash(Buffer.alloc(32, 2))) }),
    undefined,
    'another registry’s',
  )
  for (const broken of ['', 'x', sealed.slice(0, -4), `${sealed}AAAA`])
    t.equal(factor.stepOf('zhangsan', broken, code, now), undefined)
})

async function desk(t: Parameters<typeof testServer>[0], options: TestOptions = {}) {
  const server = await testServer(t, options)
  const visitor = new Visitor(server)
  const shift = (seconds: number) =>
    server.clock.set(new Date(server.clock.now().getTime() + seconds * 1000).toISOString())
  /** What an owner does who sets up codes; gives the secret. */
  const begun = async (who = visitor) => {
    const page = await who.fill('/desk/account', {}, '/desk/account/factor')
    const [, secret = ''] = /<code>([A-Z2-7]+)<\/code>/.exec(page.body) ?? []
    const to = '/desk/account/factor/confirmation'
    const send = (form: Record<string, string>) => who.send(to, { ...marksOf(page.body, to), ...form }, to)
    return { page, secret, send }
  }
  const code = (secret: string) => codeAt(secret, server.clock.now())
  const signIn = (login: string, more: Record<string, string> = {}) =>
    visitor.send('/desk/sign-in', { login, password: PASSWORD, ...more })
  return { server, visitor, shift, begun, code, signIn }
}

t.test('codes are set up by their owner and asked for at the door', async (t) => {
  const { server, shift, begun, code, signIn } = await desk(t)
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await signIn('zhangsan')
  const { page, secret, send } = await begun()
  t.match(page.headers['cache-control'], 'no-store')
  t.match(page.body, /role="img"/)
  t.equal((await send({ code: code(secret), current: 'wrong' })).statusCode, 422)
  t.match((await send({ code: '000000', current: PASSWORD })).body, /动态码不对/)
  t.equal(server.registry.officers.one('zhangsan')?.factor, undefined, 'nothing until it is shown')
  shift(60)
  t.equal((await send({ code: code(secret), current: PASSWORD })).statusCode, 303)
  t.notMatch(
    JSON.stringify(await server.register.history('officer/zhangsan')),
    secret,
    'the register has it sealed',
  )
  shift(60)
  t.match(await signIn('zhangsan'), { statusCode: 401, body: /登记了动态码/ })
  t.match(await signIn('zhangsan', { code: '000000' }), { statusCode: 401, body: /动态码不对/ })
  shift(60)
  t.equal((await signIn('zhangsan', { code: code(secret), password: 'wrong horse battery' })).statusCode, 401)
  shift(60)
  t.equal((await signIn('zhangsan', { code: code(secret) })).statusCode, 303)
  t.match(await signIn('zhangsan', { code: code(secret) }), { statusCode: 401, body: /已经用过/ })
  t.match(
    (await server.registry.accesses.find({ act: 'sign-in-failed' }, 1e9, 9))
      .map(({ detail }) => detail)
      .slice(0, 2),
    ['动态码不对', '账号或密码不对'],
  )

  shift(60)
  await signIn('zhangsan', { code: code(secret) })
  const again = await begun()
  t.equal(
    (await again.send({ code: code(again.secret), current: PASSWORD })).statusCode,
    422,
    'not without the old',
  )
  shift(60)
  const both = { code: code(again.secret), present: code(secret), current: PASSWORD }
  t.equal((await again.send(both)).statusCode, 303)
  shift(60)
  t.equal((await signIn('zhangsan', { code: code(secret) })).statusCode, 401, 'the old one is void')
  shift(60)
  t.equal((await signIn('zhangsan', { code: code(again.secret) })).statusCode, 303)
})

t.test('who has lost the codes begins anew by two administrators', async (t) => {
  const { server, begun, code, signIn } = await desk(t)
  const { registry } = server
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await signIn('zhangsan')
  const { secret, send } = await begun()
  await send({ code: code(secret), current: PASSWORD })
  t.not(registry.officers.one('zhangsan')?.factor, undefined)
  await resetByTwo(t, server, 'zhangsan')
  t.equal(registry.officers.one('zhangsan')?.factor, undefined)
})

t.test('who decides needs codes where that is set, and nobody else', async (t) => {
  for (const [secondFactor, roles, isSent] of [
    ['own', ['reviewer'], false],
    ['deciding', ['reviewer'], true],
    ['deciding', ['administrator'], true],
    ['deciding', ['recorder', 'auditor'], false],
  ] as const) {
    const { server, visitor, shift, begun, code, signIn } = await desk(t, { secondFactor })
    await officer(server, { login: 'zhangsan', roles: [...roles] })
    await signIn('zhangsan')
    const page = await visitor.get('/desk/find')
    const said = `${secondFactor} ${roles.join()}`
    t.equal(page.headers.location === '/desk/account?first', isSent, said)
    if (!isSent) continue
    t.match((await visitor.get('/desk/account?first')).body, /先登记通行密钥或动态码/, said)
    const { secret, send } = await begun()
    shift(60)
    t.equal((await send({ code: code(secret), current: PASSWORD })).statusCode, 303)
    t.not((await visitor.get('/desk/find')).headers.location, '/desk/account?first', said)
  }
})
