import { z } from 'zod'
import { Problem } from '../../http/problem.ts'
import type { Desk } from '../contract.ts'
import { SignInPage } from '../pages/sign-in.tsx'
import { beginSession, isToken, officerOf } from '../session.ts'

const credentials = z.object({
  login: z.string().max(60).default(''),
  password: z.string().max(400).default(''),
  next: z.string().max(2000).default(''),
})

/** Signing in and out. */
export function deskSignIn({ app, registry, throttle, page, hasDirectory, logSignIn }: Desk): void {
  const schema = { hide: true }
  app.get(
    '/sign-in',
    { schema: { ...schema, querystring: z.object({ next: z.string().max(2000).default('') }) } },
    async (request, reply) =>
      page(request, reply, () => <SignInPage next={request.query.next} hasDirectory={hasDirectory} />),
  )

  app.post('/sign-in', { schema: { ...schema, body: credentials } }, async (request, reply) => {
    const { password, next } = request.body
    const login = request.body.login.trim().toLowerCase()
    // Guessing is slowed down by account and by address: neither one account nor one place can be tried at will.
    const wait = Math.max(throttle.account.wait(login), throttle.address.wait(request.ip))
    if (wait > 0)
      throw new Problem(429, 'throttled', '登录失败次数过多，请稍后再试。', {
        headers: { 'retry-after': String(wait) },
      })
    const officer = await registry.officers.authenticate(login, password)
    if (!officer) {
      throttle.account.failed(login)
      throttle.address.failed(request.ip)
      await logSignIn('sign-in-failed', { login }, '账号或密码不对')
      return page(request, reply.code(401), () => (
        <SignInPage
          next={next}
          hasDirectory={hasDirectory}
          login={login}
          fault="账号或密码不对；连续输错后需要等待。"
        />
      ))
    }
    await logSignIn('signed-in', { login, officer }, '密码')
    throttle.account.succeeded(login)
    beginSession(request, officer, registry.now().getTime())
    return reply.redirect(officer.mustChange ? '/desk/account?first' : ownPath(next), 303)
  })

  app.post(
    '/sign-out',
    { schema: { ...schema, body: z.object({ token: z.string().max(100) }) } },
    async (request, reply) => {
      const found = officerOf(request, registry)
      if (found && !isToken(request.body.token, found.token))
        throw new Problem(403, 'token', '请在工作台页面上退出。')
      request.session.delete()
      if (found) await logSignIn('signed-out', { login: found.officer.login, officer: found.officer }, '')
      return reply.redirect('/desk/sign-in', 303)
    },
  )
}

/** Where somebody wanted to go, if that is within the desk. */
export function ownPath(next: string): string {
  return /^\/desk(\/[\w/.?=&%-]*|\?[\w=&%-]*)?$/.test(next) && !next.includes('//') ? next : '/desk'
}
