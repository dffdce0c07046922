import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Officer } from '../../authority/officers.ts'
import { type Role, roles } from '../../authority/roles.ts'
import { invalid } from '../../dossier/refusal.ts'
import { regionCode } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { actorOf, type Desk, type Form } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { OFFICER_COLUMNS, OfficerPage, OfficersPage } from '../pages/officers.tsx'
import { formRefusal } from '../refusals.ts'
import { sentList } from '../send-list.ts'

/** Officers' accounts, for administrators: nobody's password is known to them but a first one. */
export function deskOfficers({ app, registry, asker, formOf, attempt, page }: Desk): void {
  const schema = { hide: true }
  const { officers } = registry
  const right = 'officers:write'

  app.get(
    '/officers',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, right)
      const { query } = request
      const all = officers.all()
      const file = sentList(reply, '账号', OFFICER_COLUMNS, all, query)
      if (file) return file
      return page(request, reply, () => <OfficersPage {...who} all={all} query={query} />)
    },
  )

  app.post('/officers', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const password = firstPassword()
    const query = z.object(listQuery).parse({})
    const login = (form.login ?? '').trim()
    try {
      await officers.create({ login, ...accountOf(form), password }, actorOf(who.officer))
    } catch (error) {
      const { status, ...refused } = formRefusal(error, form)
      return page(request, reply.code(status), () => (
        <OfficersPage {...who} all={officers.all()} query={query} refused={refused} />
      ))
    }
    return page(request, reply, () => (
      <OfficersPage {...who} all={officers.all()} query={query} first={{ login, password }} />
    ))
  })

  const byLogin = z.object({ login: z.string().max(60) })
  app.get(
    '/officers/:login',
    {
      schema: { ...schema, params: byLogin, querystring: z.object({ done: z.string().max(10).optional() }) },
    },
    async (request, reply) => {
      const who = asker(request, right)
      const one = known(request.params.login)
      const done = request.query.done === undefined ? undefined : '已保存。'
      return page(request, reply, () => <OfficerPage {...who} one={one} done={done} />)
    },
  )

  app.post('/officers/:login/change', { schema: { ...schema, params: byLogin } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const { login } = known(request.params.login)
    return attempt(
      request,
      reply,
      form,
      async () => {
        await officers.change(login, accountOf(form), actorOf(who.officer))
        return `/desk/officers/${login}?done=1`
      },
      (refused) => <OfficerPage {...who} one={known(login)} refused={refused} />,
    )
  })

  app.post('/officers/:login/reset', { schema: { ...schema, params: byLogin } }, async (request, reply) => {
    const { asker: who } = formOf(request, right)
    const { login } = known(request.params.login)
    const password = firstPassword()
    await officers.setPassword(login, password, { author: actorOf(who.officer), first: true })
    return page(request, reply, () => <OfficerPage {...who} one={known(login)} first={{ login, password }} />)
  })

  app.post(
    '/officers/:login/disabling',
    { schema: { ...schema, params: byLogin } },
    async (request, reply) => {
      const { asker: who } = formOf(request, right)
      await officers.disable(request.params.login, actorOf(who.officer))
      return reply.redirect('/desk/officers', 303)
    },
  )

  for (const way of ['confirm', 'refuse'] as const)
    app.post(
      `/officers/:login/${way}`,
      { schema: { ...schema, params: byLogin } },
      async (request, reply) => {
        const { asker: who, form } = formOf(request, right)
        const { login } = known(request.params.login)
        return attempt(
          request,
          reply,
          form,
          async () => {
            await officers.settle(login, way === 'confirm', form.reason ?? '', actorOf(who.officer))
            return `/desk/officers/${login}?done=1`
          },
          (refused) => <OfficerPage {...who} one={known(login)} refused={refused} />,
        )
      },
    )

  function known(login: string): Officer {
    const officer = officers.one(login)
    if (!officer) throw new Problem(404, 'unknown', '没有这个账号；请核对地址。')
    return officer
  }
}

function firstPassword(): string {
  return randomBytes(12).toString('base64url')
}

const LONGEST_NAME = 100

function accountOf(form: Form) {
  return {
    name: named(form, 'name'),
    authority: named(form, 'authority'),
    region: regionCode(form.region?.trim()),
    roles: rolesOf(form),
    staffNo: (form.staffNo ?? '').trim(),
  }
}

/** A name or authority that a form gives; refuses none, and one that is too long. */
export function named(form: Form, field: 'name' | 'authority'): string {
  const text = (form[field] ?? '').trim()
  if (text === '' || text.length > LONGEST_NAME)
    throw invalid(
      `/${field}`,
      'required',
      `请填写${field === 'name' ? '姓名或名称' : '机关'}，最多 ${LONGEST_NAME} 个字。`,
    )
  return text
}

function rolesOf(form: Form): Role[] {
  const chosen = new Set((form.roles ?? '').split('\n'))
  return roles.filter((role) => chosen.has(role))
}
