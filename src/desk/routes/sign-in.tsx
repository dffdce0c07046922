import { z } from 'zod'
import { FIRST_PASSWORD_DAYS, isExpired } from '../../authority/officers.ts'
import { Problem } from '../../http/problem.ts'
import { visitorOf } from '../../http/visitor.ts'
import { WRONG_CODE } from '../../registry/officers.ts'
import type { Desk } from '../contract.ts'
import { SignInPage } from '../pages/sign-in.tsx'
import {
  beginSession,
  deviceOf,
  endSession,
  FORGET_ALL,
  isToken,
  officerOf,
  rememberDevice,
} from '../session.ts'

const credentials = z.object({
  login: z.string().max(60).default(''),
  password: z.string().max(400).default(''),
  code: z.string().max(20).default(''),
  next: z.string().max(2000).default(''),
})

/** Signing in and out. */
export function deskSignIn({ app, registry, throttle, sessions, page, hasDirectory, logSignIn }: Desk): void {
  const schema = { hide: true }
  app.get(
    '/sign-in',
    { schema: { ...schema, querystring: z.object({ next: z.string().max(2000).default('') }) } },
    async (request, reply) =>
      page(request, reply, () => <SignInPage next={request.query.next} hasDirectory={hasDirectory} />),
  )

  app.post('/sign-in', { schema: { ...schema, body: credentials } }, async (request, reply) => {
    const { password, code, next } = request.body
    const login = request.body.login.trim().toLowerCase()
    // Guessing is slowed down by place, and by account from a place: the owner elsewhere is not kept out. On a device on
    // which the account has signed in before, by that device alone: what others try at the same place is not theirs.
    const visitor = visitorOf(request)
    const device = deviceOf(request, login)
    const pair = device ? `${login} device ${device.id}` : `${login} ${visitor}`
    const wait = Math.max(throttle.pair.wait(pair), device ? 0 : throttle.address.wait(visitor))
    if (wait > 0)
      throw new Problem(429, 'throttled', '登录失败次数过多，请稍后再试。', {
        headers: { 'retry-after': String(wait) },
      })
    throttle.pair.tried(pair)
    if (!device) throttle.address.tried(visitor)
    const officer = await registry.officers.authenticate(login, password)
    const refused = async (why: string, fault: string) => {
      // What is no account may be a password in the wrong field.
      const known = registry.officers.one(login) ? login : ''
      await logSignIn('sign-in-failed', { login: known, officer }, why)
      return page(request, reply.code(401), () => (
        <SignInPage next={next} hasDirectory={hasDirectory} login={login} fault={fault} />
      ))
    }
    if (!officer) return refused('账号或密码不对', '账号或密码不对；连续输错后需要等待。')
    if (isExpired(officer, registry.now()))
      return refused(
        '首次密码已过期',
        `首次密码须在 ${FIRST_PASSWORD_DAYS} 天内更改，现已过期；请管理员重设首次密码。`,
      )
    if (!registry.officers.isCode(officer, code))
      return refused('动态码不对', code === '' ? '此账号登记了动态码，请一并填写。' : WRONG_CODE)
    await logSignIn('signed-in', { login, officer }, officer.factor === undefined ? '密码' : '密码和动态码')
    throttle.pair.succeeded(pair, true)
    if (!device) throttle.address.succeeded(visitor, false)
    rememberDevice(request, login)
    await beginSession(request, reply, officer, registry.now().getTime(), sessions)
    return reply.redirect(officer.mustChange ? '/desk/account?first' : ownPath(next), 303)
  })

  app.post(
    '/sign-out',
    { schema: { ...schema, body: z.object({ token: z.string().max(100) }) } },
    async (request, reply) => {
      const found = officerOf(request, registry, sessions)
      if (found && !isToken(request.body.token, found.token))
        throw new Problem(403, 'token', '请在工作台页面上退出。')
      await endSession(request, sessions)
      if (found) await logSignIn('signed-out', { login: found.officer.login, officer: found.officer }, '')
      return reply.headers(FORGET_ALL).redirect('/desk/sign-in', 303)
    },
  )
}

/** Where somebody wanted to go, if that is within the desk. */
export function ownPath(next: string): string {
  return /^\/desk(\/[\w/.?=&%-]*|\?[\w=&%-]*)?$/.test(next) && !next.includes('//') ? next : '/desk'
}
