import { Refusal } from '../../dossier/refusal.ts'
import { actorOf, type Desk } from '../contract.ts'
import { AccountPage } from '../pages/account.tsx'
import { beginSession } from '../session.ts'

/** One's own account: the password, and ending all sessions. */
export function deskAccount({ app, registry, throttle, asker, formOf, page }: Desk): void {
  const schema = { hide: true }
  app.get('/account', { schema }, async (request, reply) => {
    const who = asker(request)
    return page(request, reply, () => <AccountPage {...who} />)
  })

  app.post('/account/password', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    const { officer } = who
    const author = actorOf(officer)
    const refused = (fault: string) =>
      page(request, reply.code(422), () => <AccountPage {...who} fault={fault} />)
    const wait = throttle.account.wait(officer.login)
    if (wait > 0) return refused(`失败次数过多，请在 ${wait} 秒后再试。`)
    if (!(await registry.officers.authenticate(officer.login, form.current ?? ''))) {
      throttle.account.failed(officer.login)
      return refused('现在的密码不对。')
    }
    if (form.password !== form.again) return refused('两次输入的新密码不一样。')
    if (form.password === form.current) return refused('新密码与现在的相同，请换一个。')
    try {
      await registry.officers.setPassword(officer.login, form.password ?? '', { author, first: false })
    } catch (error) {
      if (error instanceof Refusal) return refused(error.title)
      throw error
    }
    const renewed = registry.officers.one(officer.login)
    if (renewed) beginSession(request, renewed, registry.now().getTime())
    return reply.redirect('/desk', 303)
  })

  app.post('/account/sign-out-everywhere', { schema }, async (request, reply) => {
    const { asker: who } = formOf(request)
    const { officer } = who
    await registry.officers.signOutEverywhere(officer.login, actorOf(officer))
    request.session.delete()
    return reply.redirect('/desk/sign-in', 303)
  })
}
