import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { FIRST_PASSWORD_DAYS, hasSecondFactor, isExpired, type Officer } from '../../authority/officers.ts'
import { Problem } from '../../http/problem.ts'
import { visitorOf } from '../../http/visitor.ts'
import { WRONG_CODE } from '../../registry/officers.ts'
import type { Desk } from '../contract.ts'
import { ShowPasskeyPage, SignInPage } from '../pages/sign-in.tsx'
import {
  beginSession,
  claimOf,
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
  claim: z.string().max(100).default(''),
})

const secondStep = z.object({
  answer: z.string().max(20_000).default(''),
  next: z.string().max(2000).default(''),
  claim: z.string().max(100).default(''),
})

/** Signing in and out. */
export function deskSignIn(desk: Desk): void {
  const { app, registry, throttle, sessions, passkeys, page, hasDirectory, logSignIn } = desk
  const schema = { hide: true }

  /**
   * Under whose name tries count. Guessing is slowed down by place, and by account from a place: the owner elsewhere is not kept
   * out. On a device on which the account has signed in before, by that device alone: what others try at the same place is
   * not theirs.
   */
  function countedBy(request: FastifyRequest, login: string): { pair: string; visitor: string | undefined } {
    const device = deviceOf(request, login)
    const visitor = visitorOf(request)
    return device
      ? { pair: `${login} device ${device.id}`, visitor: undefined }
      : { pair: `${login} ${visitor}`, visitor }
  }

  async function letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    officer: Officer,
    { by, next, claim: token }: { by: string; next: string; claim: string },
  ) {
    const { login } = officer
    const now = registry.now().getTime()
    const claim = claimOf(request, { claim: token, login }, now)
    if (token !== '' && !claim)
      throw new Problem(403, 'directory', '与单位账号的对应已经过期；请重新以单位账号登录。')
    if (claim) await registry.officers.bind(claim)
    await logSignIn('signed-in', { login, officer }, claim ? `${by}，从此对应单位目录` : by)
    const { pair, visitor } = countedBy(request, login)
    throttle.pair.succeeded(pair, true)
    if (visitor !== undefined) {
      throttle.address.succeeded(visitor, false)
      throttle.account.succeeded(login, true)
    }
    rememberDevice(request, login)
    await beginSession(request, reply, officer, now, sessions, claim && { byDirectory: true })
    return reply.redirect(officer.mustChange && !claim ? '/desk/account?first' : ownPath(next), 303)
  }

  app.get(
    '/sign-in',
    { schema: { ...schema, querystring: z.object({ next: z.string().max(2000).default('') }) } },
    async (request, reply) =>
      page(request, reply, () => <SignInPage next={request.query.next} hasDirectory={hasDirectory} />),
  )

  app.post('/sign-in', { schema: { ...schema, body: credentials } }, async (request, reply) => {
    const { password, code, next, claim } = request.body
    const asked = { next, hasDirectory: hasDirectory && claim === '', ...(claim !== '' && { claim }) }
    const login = request.body.login.trim().toLowerCase()
    const { pair, visitor } = countedBy(request, login)
    // A device that has signed in before waits for nobody else's tries.
    const waitThere =
      visitor === undefined ? 0 : Math.max(throttle.address.wait(visitor), throttle.account.wait(login))
    const wait = Math.max(throttle.pair.wait(pair), waitThere)
    if (wait > 0)
      throw new Problem(429, 'throttled', '登录失败次数过多，请稍后再试。', {
        headers: { 'retry-after': String(wait) },
      })
    throttle.pair.tried(pair)
    if (visitor !== undefined) {
      throttle.address.tried(visitor)
      throttle.account.tried(login)
    }
    const officer = await registry.officers.authenticate(login, password)
    const refused = async (why: string, fault: string) => {
      // What is no account may be a password in the wrong field.
      const known = registry.officers.one(login) ? login : ''
      await logSignIn('sign-in-failed', { login: known, officer }, why)
      return page(request, reply.code(401), () => <SignInPage {...asked} login={login} fault={fault} />)
    }
    if (!officer) return refused('账号或密码不对', '账号或密码不对；连续输错后需要等待。')
    if (isExpired(officer, registry.now()))
      return refused(
        '首次密码已过期',
        `首次密码须在 ${FIRST_PASSWORD_DAYS} 天内更改，现已过期；请管理员重设首次密码。`,
      )
    if (!hasSecondFactor(officer)) return letIn(request, reply, officer, { by: '密码', next, claim })
    const { passkeys: own = [] } = officer
    if (code === '' && own.length > 0) {
      const ceremony = randomBytes(18).toString('base64url')
      const options = await passkeys?.ask(ceremony, own)
      if (!options) return refused('没有出示通行密钥', UNREACHED)
      await logSignIn('signing-in', { login, officer }, '')
      request.session.set('half', { ceremony, login, epoch: officer.epoch })
      const hasCodes = officer.factor !== undefined
      return page(request, reply, () => (
        <ShowPasskeyPage next={next} claim={claim} options={options} hasCodes={hasCodes} />
      ))
    }
    if (!(await registry.officers.isCode(officer, code, sessions)))
      return refused('动态码不对', code === '' ? '此账号登记了动态码，请一并填写。' : WRONG_CODE)
    return letIn(request, reply, officer, { by: '密码和动态码', next, claim })
  })

  app.post('/sign-in/passkey', { schema: { ...schema, body: secondStep } }, async (request, reply) => {
    const { answer, next, claim } = request.body
    const half = request.session.get('half')
    if (half) request.session.set('half', undefined)
    const again = (fault: string, login = '') =>
      page(request, reply.code(401), () => (
        <SignInPage next={next} hasDirectory={hasDirectory} login={login} fault={fault} />
      ))
    if (!half) return again('登录已经过期，请重新填写账号和密码。')
    const { login, ceremony, epoch } = half
    const officer = registry.officers.one(login)
    // What has changed the account since its password was asked for has the password asked for again.
    const isSame = officer?.epoch === epoch && officer.disabledAt === undefined
    const shown =
      officer && isSame ? await passkeys?.shown(ceremony, officer.passkeys ?? [], answer) : undefined
    if (officer && shown)
      return letIn(request, reply, officer, { by: `密码和通行密钥“${shown.name}”`, next, claim })
    await logSignIn('sign-in-failed', { login, officer }, '通行密钥不对')
    return again('出示的通行密钥不对，或者已经超过五分钟；请重新登录。', login)
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

const UNREACHED = '此账号登记了通行密钥，而本网站现在的地址不能出示；请填写动态码，或者请管理员重设首次密码。'

/** Where somebody wanted to go, if that is within the desk. */
export function ownPath(next: string): string {
  return /^\/desk(\/[\w/.?=&%-]*|\?[\w=&%-]*)?$/.test(next) && !next.includes('//') ? next : '/desk'
}
