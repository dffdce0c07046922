import { z } from 'zod'
import type { Directory } from '../../authority/directory.ts'
import { Problem } from '../../http/problem.ts'
import type { Desk } from '../contract.ts'
import { ComeInPage, SignInPage } from '../pages/sign-in.tsx'
import { beginSession, rememberClaim } from '../session.ts'
import { ownPath } from './sign-in.tsx'

const COME_BACK = '/desk/directory/callback'

/** Signing in through the bureau's directory: it says who somebody is, the account here says what they may do. */
export function deskDirectory(
  { app, registry, sessions, page, base, logSignIn }: Desk,
  directory: Directory,
): void {
  app.get(
    '/directory',
    { schema: { hide: true, querystring: z.object({ next: z.string().max(2000).default('') }) } },
    async (request, reply) => {
      const { address, visit } = await directory.begin(`${base}${COME_BACK}`).catch((error: unknown) => {
        request.log.error({ err: error }, 'the directory does not answer')
        throw new Problem(503, 'directory', '单位目录暂时没有应答；请稍后再试，或用本系统的密码登录。', {
          headers: { 'retry-after': '30' },
        })
      })
      request.directorySession.set('directory', { ...visit, next: request.query.next })
      return reply.redirect(address, 303)
    },
  )

  app.get('/directory/callback', { schema: { hide: true } }, async (request, reply) => {
    const visit = request.directorySession.get('directory')
    request.directorySession.delete()
    if (!visit) throw new Problem(403, 'directory', '登录已经过期或不是从本页面开始的；请重新登录。')
    const came = new URL(`${base}${request.url}`)
    const identity = await directory.finish(came, visit).catch(async (error: unknown) => {
      request.log.warn({ err: error }, 'the directory did not vouch for somebody')
      await logSignIn('sign-in-failed', { login: '' }, '单位目录未予确认')
      throw new Problem(403, 'directory', '单位目录没有确认您的身份；请重新登录。')
    })
    const named = identity.login.slice(0, 60)
    const { officer, claim } = (await registry.officers.ofDirectory(identity)) ?? {}
    if (claim) {
      const token = rememberClaim(request, claim, registry.now().getTime())
      await logSignIn('signing-in', { login: claim.login }, '单位目录，尚待出示密码以对应账号')
      return page(request, reply, () => (
        <SignInPage next={ownPath(visit.next)} hasDirectory={false} claim={token} login={claim.login} />
      ))
    }
    if (!officer) {
      const why = '单位目录中的人在本系统没有对应的账号，或已停用，或该账号属单位目录中的另一人'
      await logSignIn('sign-in-failed', { login: named }, why)
      throw new Problem(
        403,
        'directory',
        `单位账号“${named}”在本系统没有账号或已停用，或者该账号属单位目录中的另一人；请与管理员联系。`,
      )
    }
    await logSignIn('signed-in', { login: officer.login, officer }, '单位目录')
    await beginSession(request, reply, officer, registry.now().getTime(), sessions, { byDirectory: true })
    // The strict cookie is not sent on the way back from another site, so the next step begins on a page of ours.
    return page(request, reply, () => <ComeInPage to={ownPath(visit.next)} />)
  })
}
