import { z } from 'zod'
import { scopes } from '../../authority/keys.ts'
import { invalid } from '../../dossier/refusal.ts'
import { regionCode } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { KeysPage, keyColumns } from '../pages/keys.tsx'
import { formRefusal } from '../refusals.ts'
import { sentList } from '../send-list.ts'
import { named } from './officers.tsx'

/** API keys, for administrators: created with the rights that a system needs, and revoked. */
export function deskKeys({ app, registry, asker, formOf, attempt, page }: Desk): void {
  const schema = { hide: true }
  const { keys } = registry
  const right = 'officers:write'

  app.get('/keys', { schema: { ...schema, querystring: z.object(listQuery) } }, async (request, reply) => {
    const who = asker(request, right)
    const { query } = request
    const all = keys.all()
    const file = sentList(reply, '接口密钥', keyColumns(who.token), all, query)
    if (file) return file
    return page(request, reply, () => <KeysPage {...who} all={all} query={query} />)
  })

  app.post('/keys', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const query = z.object(listQuery).parse({})
    try {
      const chosen = new Set((form.scopes ?? '').split('\n'))
      const wanted = scopes.filter((scope) => chosen.has(scope))
      const [name, authority] = [named(form, 'name'), named(form, 'authority')]
      if (wanted.length === 0) throw invalid('/scopes', 'required', '请至少选一项权限。')
      const region = regionCode(form.region?.trim())
      const actsFor = (form.actsFor ?? '').trim()
      const asked = { name, authority, scopes: wanted, region, ...(actsFor !== '' && { actsFor }) }
      const { text } = await keys.create(asked, actorOf(who.officer))
      return page(request, reply, () => <KeysPage {...who} all={keys.all()} query={query} created={text} />)
    } catch (error) {
      const { status, ...refused } = formRefusal(error, form)
      return page(request, reply.code(status), () => (
        <KeysPage {...who} all={keys.all()} query={query} refused={refused} />
      ))
    }
  })

  for (const way of ['confirm', 'refuse'] as const)
    app.post(
      `/keys/:id/${way}`,
      { schema: { ...schema, params: z.object({ id: z.string().max(40) }) } },
      async (request, reply) => {
        const { asker: who, form } = formOf(request, right)
        const query = z.object(listQuery).parse({})
        return attempt(
          request,
          reply,
          form,
          async () => {
            const reason = way === 'refuse' ? '不同意' : ''
            await keys.settle(request.params.id, way === 'confirm', reason, actorOf(who.officer))
            return '/desk/keys'
          },
          (refused) => <KeysPage {...who} all={keys.all()} query={query} refused={refused} />,
        )
      },
    )

  app.post(
    '/keys/:id/revocation',
    { schema: { ...schema, params: z.object({ id: z.string().max(40) }) } },
    async (request, reply) => {
      const { asker: who } = formOf(request, right)
      if (!(await keys.revoke(request.params.id, actorOf(who.officer))))
        throw new Problem(404, 'unknown', '没有这个密钥；请核对编号。')
      return reply.redirect('/desk/keys', 303)
    },
  )
}
