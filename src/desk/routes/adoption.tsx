import { z } from 'zod'
import { scopeIn } from '../../acts/start-campaign.ts'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { regionContains } from '../../codes/regions.ts'
import { invalid, Refusal } from '../../dossier/refusal.ts'
import { Problem } from '../../http/problem.ts'
import { type Scope, scopeSchema } from '../../rating/campaign.ts'
import { shippedStandards } from '../../rating/shipped.ts'
import { drawn } from '../components/chart.tsx'
import type { Asker, Desk, Form } from '../contract.ts'
import { distributionChart, gradesOf, migrationChart } from '../migration.ts'
import { scopeInWords } from '../pages/campaigns.tsx'
import { RuleSetPage, RuleSetsPage } from '../pages/rule-sets.tsx'
import { type Simulated, StandardPage, StandardsPage } from '../pages/standards.tsx'

/** Rating standards: tried over the registry, put forward by one officer, adopted by another, never edited. */
export function deskStandards(desk: Desk): void {
  const { app, registry, draw, asker, formOf, offers, making, typed, page } = desk
  const schema = { hide: true }
  const { standards } = registry

  app.get('/standards', { schema }, async (request, reply) => {
    const who = asker(request, ...readers.standard)
    const props = {
      adopted: standards.adopted(),
      proposed: standards.proposed(),
      available: standards.offered(),
      offers: making(who, 'standard'),
      typed: typed(request),
    }
    return page(request, reply, () => <StandardsPage {...who} {...props} />)
  })

  const byId = z.object({ id: z.string().max(60) })
  app.get(
    '/standards/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(40).optional() }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.standard)
      const props = oneProps(who, request.params.id)
      const said = request.query.done === undefined ? undefined : '已办理。'
      return page(request, reply, () => <StandardPage {...who} {...props} done={said} />)
    },
  )

  app.post('/standards/:id/simulation', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'ratings:write', 'standards:write')
    const { id } = request.params
    const props = oneProps(who, id)
    try {
      const scope = within(who, scopeOf(form))
      const simulation = await standards.simulate(props.standard, scope)
      const grades = gradesOf(props.standard)
      const [distribution, migration] = await Promise.all([
        drawn(draw, distributionChart(simulation.matrix, grades), '试算后各等级的企业数，见上表各列之和'),
        drawn(draw, migrationChart(simulation.matrix, grades), '各原等级的企业变动到哪些等级，见下表'),
      ])
      const simulated: Simulated = { simulation, scope: scopeInWords(scope), distribution, migration }
      return page(request, reply, () => <StandardPage {...who} {...props} simulated={simulated} />)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { title, faults, reason } = error
      const refused = { title, faults, form }
      return page(request, reply.code(reason === 'busy' ? 503 : 422), () => (
        <StandardPage {...who} {...props} refused={refused} />
      ))
    }
  })

  function oneProps(who: Asker, id: string) {
    const proposal = standards.proposed().find((known) => known.id === id)
    const history = standards.adopted().find((known) => known.id === id)
    const offered = standards.offered().find((known) => known.id === id)
    const standard =
      proposal?.proposed?.document ??
      offered ??
      history?.versions.at(-1)?.document ??
      shippedStandards.find((known) => known.id === id)
    if (!standard) throw new Problem(404, 'unknown', '没有这项标准；请核对地址。')
    const state = proposal ? ('proposed' as const) : offered ? ('available' as const) : ('adopted' as const)
    return {
      standard,
      history,
      state,
      maySimulate: holds(scopesOf(who.officer.roles), 'ratings:write', 'standards:write'),
      offers: offers(who, 'standard', { id }),
    }
  }
}

/** Listing rules: put forward by one officer, adopted by another, never edited. */
export function deskRuleSets({ app, registry, asker, offers, making, typed, page }: Desk): void {
  const schema = { hide: true }
  const { ruleSets } = registry

  app.get('/rule-sets', { schema }, async (request, reply) => {
    const who = asker(request, ...readers.standard)
    const props = {
      inForce: ruleSets.inForce(),
      proposed: ruleSets.proposed(),
      offers: making(who, 'rules'),
      typed: typed(request),
    }
    return page(request, reply, () => <RuleSetsPage {...who} {...props} />)
  })

  const byId = z.object({ id: z.string().max(60) })
  app.get(
    '/rule-sets/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(40).optional() }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.standard)
      const { id } = request.params
      const said = request.query.done === undefined ? undefined : '已办理。'
      const props = { ...rulesOf(id), offers: offers(who, 'rules', { id }), done: said }
      return page(request, reply, () => <RuleSetPage {...who} {...props} />)
    },
  )

  app.get('/rule-sets/:id/document.json', { schema: { ...schema, params: byId } }, async (request, reply) => {
    asker(request, ...readers.standard)
    const { rules } = rulesOf(request.params.id)
    return reply
      .type('application/json; charset=utf-8')
      .headers({
        'content-disposition': `attachment; filename="${rules.id}.json"`,
        'cache-control': 'no-store',
      })
      .send(JSON.stringify(rules, null, 2))
  })

  function rulesOf(id: string) {
    const history = ruleSets.history(id)
    const rules = history?.proposed?.document ?? ruleSets.inForce().find((known) => known.id === id)
    if (!rules) throw new Problem(404, 'unknown', '没有这套规则；请核对地址。')
    return { rules, isProposed: history?.proposed !== undefined, history }
  }
}

/** The scope within the officer's own region; refuses another. */
function within({ officer: { region }, places }: Asker, scope: Scope): Scope {
  const { region: asked } = scope
  if (region === undefined) return scope
  if (asked !== undefined && !places().some((own) => regionContains(own, asked)))
    throw invalid('/region', 'forbidden', '只能试算本区划内的企业。')
  return { ...scope, region: asked ?? region }
}

/** What a form says of which enterprises are tried; refuses a list that is too long. */
function scopeOf({ region = '', product = '', enterprises = '' }: Form): Scope {
  const given = { region: region || undefined, product: product.trim() || undefined, enterprises }
  const parsed = scopeSchema.safeParse(scopeIn(given))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(`/${String(issue?.path[0] ?? 'region')}`, 'invalid', issue?.message ?? '范围有误。')
}
