import type { FastifyRequest } from 'fastify'
import type { Officer } from '../../authority/officers.ts'
import { nameOf } from '../../authority/sessions.ts'
import { Refusal } from '../../dossier/refusal.ts'
import { visitorOf } from '../../http/visitor.ts'
import { WRONG_CODE } from '../../registry/officers.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { AccountPage, FactorPage } from '../pages/account.tsx'
import { beginSession, endSession, FORGET_ALL } from '../session.ts'

/** One's own account: the password, and ending all sessions. */
export function deskAccount(desk: Desk): void {
  const { app, registry, throttle, sessions, asker, formOf, page, logSignIn, lacksFactor } = desk
  const schema = { hide: true }
  const shown = (who: Asker) => ({
    ...who,
    sessions: sessions.of(who.officer.login),
    own: nameOf(who.secret),
    needsFactor: lacksFactor(who),
  })
  const pairOf = (request: FastifyRequest, { login }: Officer) => `${login} ${visitorOf(request)}`
  /** Why somebody is not taken for the owner of the account, counted first and compared then; undefined when they are. */
  async function presentFault(pair: string, officer: Officer, typed: string | undefined, failed: string) {
    const { login } = officer
    const wait = throttle.pair.wait(pair)
    if (wait > 0) return `失败次数过多，请在 ${wait} 秒后再试。`
    throttle.pair.tried(pair)
    if (await registry.officers.authenticate(login, typed ?? '')) return undefined
    await logSignIn('sign-in-failed', { login, officer }, failed)
    return '现在的密码不对。'
  }

  app.get('/account', { schema }, async (request, reply) => {
    const who = asker(request)
    return page(request, reply, () => <AccountPage {...shown(who)} />)
  })

  app.post('/account/password', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    const { officer } = who
    const author = actorOf(officer)
    const refused = (fault: string) =>
      page(request, reply.code(422), () => <AccountPage {...shown(who)} fault={fault} />)
    const pair = pairOf(request, officer)
    const fault = await presentFault(pair, officer, form.current, '更改密码时，现在的密码不对')
    if (fault !== undefined) return refused(fault)
    throttle.pair.succeeded(pair, true)
    if (form.password !== form.again) return refused('两次输入的新密码不一样。')
    if (form.password === form.current) return refused('新密码与现在的相同，请换一个。')
    try {
      await registry.officers.setPassword(officer.login, form.password ?? '', { author, first: false })
    } catch (error) {
      if (error instanceof Refusal) return refused(error.title)
      throw error
    }
    await sessions.endAll(officer.login)
    const renewed = registry.officers.one(officer.login)
    if (renewed) await beginSession(request, reply, renewed, registry.now().getTime(), sessions)
    return reply.redirect('/desk', 303)
  })

  app.post('/account/factor', { schema }, async (request, reply) => {
    const { asker: who } = formOf(request)
    const begun = registry.officers.beginFactor(who.officer.login)
    return page(request, reply, () => <FactorPage {...who} {...begun} />)
  })

  app.post('/account/factor/confirmation', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    const { officer } = who
    const refused = (fault: string) =>
      page(request, reply.code(422), () => <AccountPage {...shown(who)} fault={fault} />)
    const pair = pairOf(request, officer)
    const fault = await presentFault(pair, officer, form.current, '登记动态码时，现在的密码不对')
    if (fault !== undefined) return refused(fault)
    if (!registry.officers.isCode(officer, form.present ?? '')) {
      await logSignIn(
        'sign-in-failed',
        { login: officer.login, officer },
        '重新登记动态码时，原来的动态码不对',
      )
      return refused(`原来的${WRONG_CODE}`)
    }
    try {
      const { sealed = '', code = '' } = form
      await registry.officers.setFactor(officer.login, { sealed, code }, actorOf(officer))
    } catch (error) {
      if (error instanceof Refusal) return refused(error.title)
      throw error
    }
    throttle.pair.succeeded(pair, true)
    return reply.redirect('/desk/account?done=factor', 303)
  })

  app.post('/account/sign-out-everywhere', { schema }, async (request, reply) => {
    const { asker: who } = formOf(request)
    const { officer } = who
    await registry.officers.signOutEverywhere(officer.login, actorOf(officer))
    await sessions.endAll(officer.login)
    await endSession(request, sessions)
    return reply.headers(FORGET_ALL).redirect('/desk/sign-in', 303)
  })

  app.post('/account/sessions', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    await sessions.endNamed(who.officer.login, form.session ?? '')
    return reply.redirect('/desk/account', 303)
  })
}
