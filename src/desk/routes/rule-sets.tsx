import { z } from 'zod'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { Problem } from '../../http/problem.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { documentOf, reasonOf } from '../forms.ts'
import { RuleSetPage, RuleSetsPage } from '../pages/rule-sets.tsx'

/** Listing rules: put forward by one officer, adopted by another, never edited. */
export function deskRuleSets({ app, registry, asker, formOf, requestOf, typed, attempt, page }: Desk): void {
  const schema = { hide: true }
  const { ruleSets } = registry
  const readers = ['records:read', 'standards:write', 'officers:write'] as const

  app.get('/rule-sets', { schema }, async (request, reply) => {
    const who = asker(request, ...readers)
    return page(request, reply, () => <RuleSetsPage {...who} {...listProps(who)} typed={typed(request)} />)
  })

  app.post('/rule-sets', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'standards:write')
    return attempt(
      request,
      reply,
      form,
      async () => {
        const document = ruleSets.check(documentOf(form))
        await ruleSets.propose(document, requestOf(who, form))
        return `/desk/rule-sets/${document.id}?done=proposed`
      },
      (refused) => <RuleSetsPage {...who} {...listProps(who)} refused={refused} />,
    )
  })

  const byId = z.object({ id: z.string().max(60) })
  app.get(
    '/rule-sets/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(40).optional() }) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const props = oneProps(who, request.params.id)
      const said = request.query.done === undefined ? undefined : '已办理。'
      return page(request, reply, () => <RuleSetPage {...who} {...props} done={said} />)
    },
  )

  app.get('/rule-sets/:id/document.json', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { rules } = oneProps(asker(request, ...readers), request.params.id)
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="${rules.id}.json"`)
      .send(JSON.stringify(rules, null, 2))
  })

  for (const act of ['approval', 'refusal'] as const)
    app.post(`/rule-sets/:id/${act}`, { schema: { ...schema, params: byId } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, 'standards:write')
      const { id } = request.params
      return attempt(
        request,
        reply,
        form,
        async () => {
          const reason = act === 'refusal' ? reasonOf(form) : ''
          await ruleSets.settle(id, act === 'approval', reason, requestOf(who, form))
          return act === 'refusal' ? '/desk/rule-sets' : `/desk/rule-sets/${id}?done=${act}`
        },
        (refused) => <RuleSetPage {...who} {...oneProps(who, id)} refused={{ act, refused }} />,
      )
    })

  function listProps({ officer }: Asker) {
    return {
      inForce: ruleSets.inForce(),
      proposed: ruleSets.proposed(),
      mayPropose: holds(scopesOf(officer.roles), 'standards:write'),
    }
  }

  function oneProps({ officer }: Asker, id: string) {
    const history = ruleSets.history(id)
    const rules = history?.proposed?.document ?? ruleSets.inForce().find((known) => known.id === id)
    if (!rules) throw new Problem(404, 'unknown', '没有这套规则；请核对地址。')
    return {
      rules,
      isProposed: history?.proposed !== undefined,
      history,
      hindrance: ruleSets.hindranceTo(id, actorOf(officer)),
    }
  }
}
