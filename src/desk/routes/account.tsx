import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasSecondFactor, type Officer } from '../../authority/officers.ts'
import { nameOf } from '../../authority/sessions.ts'
import { Refusal } from '../../dossier/refusal.ts'
import { Problem } from '../../http/problem.ts'
import { visitorOf } from '../../http/visitor.ts'
import { WRONG_CODE } from '../../registry/officers.ts'
import { type Asker, actorOf, type Desk, type Form } from '../contract.ts'
import { AccountPage, FactorPage, PasskeyPage, PasskeyRemovalPage } from '../pages/account.tsx'
import { beginSession, endSession, FORGET_ALL } from '../session.ts'

/** One's own account: the password, what is shown beside it, and ending sessions. */
export function deskAccount(desk: Desk): void {
  const { app, registry, throttle, sessions, passkeys, asker, formOf, page, logSignIn, lacksFactor } = desk
  const schema = { hide: true }
  const shown = (who: Asker) => ({
    ...who,
    sessions: sessions.of(who.officer.login),
    own: nameOf(who.secret),
    needsFactor: lacksFactor(who),
    takesPasskeys: passkeys !== undefined,
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

  /** What a page asks for before it changes how one signs in. */
  async function proofOf({ officer, token, secret }: Asker) {
    const { passkeys: own = [] } = officer
    const options = own.length > 0 ? await passkeys?.ask(secret, own) : undefined
    return { officer, token, options }
  }

  /** Why somebody may not change how one signs in to the account, by all that a sign-in takes; undefined when they may. */
  async function proofFault(
    request: FastifyRequest,
    { officer, secret }: Asker,
    { current, present = '', shown: answer = '' }: Form,
    doing: string,
  ): Promise<string | undefined> {
    const { login } = officer
    const pair = pairOf(request, officer)
    const fault = await presentFault(pair, officer, current, `${doing}时，现在的密码不对`)
    if (fault !== undefined) return fault
    const isOwner =
      !hasSecondFactor(officer) ||
      (present === ''
        ? (await passkeys?.shown(secret, officer.passkeys ?? [], answer)) !== undefined
        : await registry.officers.isCode(officer, present, sessions))
    if (isOwner) {
      throttle.pair.succeeded(pair, true)
      return undefined
    }
    const what = present === '' ? '没有出示现在的动态码或通行密钥' : '现在的动态码不对'
    await logSignIn('sign-in-failed', { login, officer }, `${doing}时，${what}`)
    return present === '' ? `${what}，没有改变；请再试一次。` : `现在的${WRONG_CODE}`
  }

  /** Does what an owner asks for and shows their account, or says there why not. */
  async function changed(
    request: FastifyRequest,
    reply: FastifyReply,
    who: Asker,
    change: () => Promise<string | undefined>,
  ) {
    const refused = (fault: string) =>
      page(request, reply.code(422), () => <AccountPage {...shown(who)} fault={fault} />)
    try {
      const fault = await change()
      return fault === undefined ? reply.redirect('/desk/account', 303) : refused(fault)
    } catch (error) {
      if (error instanceof Refusal) return refused(error.title)
      throw error
    }
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
    const proof = await proofOf(who)
    return page(request, reply, () => <FactorPage {...proof} {...begun} />)
  })

  app.post('/account/factor/confirmation', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    return changed(request, reply, who, async () => {
      const fault = await proofFault(request, who, form, '登记动态码')
      if (fault !== undefined) return fault
      const { sealed = '', code = '' } = form
      await registry.officers.setFactor(
        who.officer.login,
        { sealed, code },
        { used: sessions, by: actorOf(who.officer) },
      )
      return undefined
    })
  })

  app.post('/account/passkeys', { schema }, async (request, reply) => {
    const { asker: who } = formOf(request)
    const make = await passkeys?.begin(who.secret, who.officer)
    if (!make) throw new Problem(404, 'unknown', '本网站须经 HTTPS 以域名访问，才能登记通行密钥。')
    const proof = await proofOf(who)
    return page(request, reply, () => <PasskeyPage {...proof} make={make} />)
  })

  app.post('/account/passkeys/confirmation', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    return changed(request, reply, who, async () => {
      const fault = await proofFault(request, who, form, '登记通行密钥')
      if (fault !== undefined) return fault
      const made = await passkeys?.made(who.secret, form.made ?? '')
      if (!made) return '浏览器没有登记成通行密钥，或者已经超过五分钟；请重新登记。'
      const { login } = who.officer
      await registry.officers.addPasskey(login, { ...made, name: form.name ?? '' }, actorOf(who.officer))
      return undefined
    })
  })

  app.post('/account/passkeys/removal', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    const passkey = who.officer.passkeys?.find(({ id }) => id === form.passkey)
    if (!passkey) throw new Problem(404, 'unknown', '没有这把通行密钥，可能已经取消。')
    const proof = await proofOf(who)
    return page(request, reply, () => <PasskeyRemovalPage {...proof} passkey={passkey} />)
  })

  app.post('/account/passkeys/removal/confirmation', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request)
    return changed(request, reply, who, async () => {
      const fault = await proofFault(request, who, form, '取消通行密钥')
      if (fault !== undefined) return fault
      await registry.officers.removePasskey(who.officer.login, form.passkey ?? '', actorOf(who.officer))
      return undefined
    })
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
