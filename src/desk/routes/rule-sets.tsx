import { z } from 'zod'
import { Problem } from '../../http/problem.ts'
import type { Desk } from '../contract.ts'
import { RuleSetPage, RuleSetsPage } from '../pages/rule-sets.tsx'

/** Listing rules: put forward by one officer, adopted by another, never edited. */
export function deskRuleSets({ app, registry, asker, offer, typed, page }: Desk): void {
  const schema = { hide: true }
  const { ruleSets } = registry
  const readers = ['records:read', 'standards:write', 'officers:write'] as const

  app.get('/rule-sets', { schema }, async (request, reply) => {
    const who = asker(request, ...readers)
    const props = { inForce: ruleSets.inForce(), proposed: ruleSets.proposed() }
    const own = { ...offer(who, 'propose-rules', {}), typed: typed(request) }
    return page(request, reply, () => <RuleSetsPage {...who} {...props} offer={own} />)
  })

  const byId = z.object({ id: z.string().max(60) })
  app.get(
    '/rule-sets/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(40).optional() }) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const { id } = request.params
      const said = request.query.done === undefined ? undefined : '已办理。'
      const offers = ['adopt-rules', 'refuse-rules'].map((act) => offer(who, act, { id }))
      return page(request, reply, () => <RuleSetPage {...who} {...rulesOf(id)} offers={offers} done={said} />)
    },
  )

  app.get('/rule-sets/:id/document.json', { schema: { ...schema, params: byId } }, async (request, reply) => {
    asker(request, ...readers)
    const { rules } = rulesOf(request.params.id)
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="${rules.id}.json"`)
      .send(JSON.stringify(rules, null, 2))
  })

  function rulesOf(id: string) {
    const history = ruleSets.history(id)
    const rules = history?.proposed?.document ?? ruleSets.inForce().find((known) => known.id === id)
    if (!rules) throw new Problem(404, 'unknown', '没有这套规则；请核对地址。')
    return { rules, isProposed: history?.proposed !== undefined, history }
  }
}
