import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Role, roles } from '../../access/roles.ts'
import { regionCode } from '../../api/supervision.ts'
import { Refusal } from '../../dossier/refusal.ts'
import type { Desk, Form } from '../desk.tsx'
import { OfficersPage } from '../pages/officers.tsx'

/** Officers' accounts, for administrators: nobody's password is known to them but a first one. */
export function deskOfficers({ app, registry, asker, formOf, page }: Desk): void {
  const schema = { hide: true }
  const { officers } = registry

  app.get('/officers', { schema }, async (request, reply) => {
    const who = asker(request, 'officers:write')
    return page(request, reply, () => <OfficersPage {...who} all={officers.all()} form={{}} />)
  })

  app.post('/officers', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'officers:write')
    const password = firstPassword()
    try {
      const login = (form.login ?? '').trim()
      const asked = { login, name: named(form, 'name'), authority: named(form, 'authority') }
      await officers.create(
        { ...asked, region: regionCode(form.region), roles: rolesOf(form), password },
        authorOf(who.officer),
      )
      return page(request, reply, () => (
        <OfficersPage {...who} all={officers.all()} form={{}} first={{ login, password }} />
      ))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { title } = error
      return page(request, reply.code(422), () => (
        <OfficersPage {...who} all={officers.all()} form={form} fault={title} />
      ))
    }
  })

  const byLogin = z.object({ login: z.string().max(60) })
  app.post('/officers/:login/reset', { schema: { ...schema, params: byLogin } }, async (request, reply) => {
    const { asker: who } = formOf(request, 'officers:write')
    const { login } = request.params
    const password = firstPassword()
    await officers.setPassword(login, password, { author: authorOf(who.officer), first: true })
    return page(request, reply, () => (
      <OfficersPage {...who} all={officers.all()} form={{}} first={{ login, password }} />
    ))
  })

  app.post(
    '/officers/:login/disabling',
    { schema: { ...schema, params: byLogin } },
    async (request, reply) => {
      const { asker: who } = formOf(request, 'officers:write')
      await officers.disable(request.params.login, authorOf(who.officer))
      return reply.redirect('/desk/officers', 303)
    },
  )
}

function authorOf({ authority, name }: { authority: string; name: string }) {
  return { authority, officer: name }
}

function firstPassword(): string {
  return randomBytes(12).toString('base64url')
}

const LONGEST_NAME = 100

function named(form: Form, field: 'name' | 'authority'): string {
  const text = (form[field] ?? '').trim()
  if (text === '' || text.length > LONGEST_NAME)
    throw new Refusal('invalid', `请填写${field === 'name' ? '姓名' : '机关'}，最多 ${LONGEST_NAME} 个字。`)
  return text
}

function rolesOf(form: Form): Role[] {
  const chosen = new Set((form.roles ?? '').split('\n'))
  return roles.filter((role) => chosen.has(role))
}
