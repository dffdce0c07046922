import type { FastifyReply, FastifyRequest } from 'fastify'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { coveredYears } from '../../calendar/workdays.ts'
import { Refusal } from '../../dossier/refusal.ts'
import { importsSeen } from '../../exchange/import-service.ts'
import { Problem } from '../../http/problem.ts'
import { enterprise } from '../../records/catalogue.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { CAMPAIGN_WORDS } from '../pages/campaigns.tsx'
import { SystemPage } from '../pages/system.tsx'

const JOBS_SHOWN = 20
/** Of a consumer's messages that nobody took. */
const LETTERS_SHOWN = 50

/** The state of views, search and jobs, and the rules in force, for administrators. */
export function deskSystem({ app, registry, imports, asker, formOf, offers, making, page }: Desk): void {
  app.get('/system', { schema: { hide: true } }, async (request, reply) =>
    shown(request, reply, asker(request, 'officers:write', 'standards:write')),
  )

  app.post('/system/dead-letters', { schema: { hide: true } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'officers:write')
    const seen = await registry.consumers.seenBy(actorOf(who.officer))
    const own = seen.find(({ id }) => id === form.consumer)
    if (!own) throw new Problem(404, 'unknown', '没有这个取用方。')
    try {
      const why = await registry.webhooks.sendAgain(own.id, Number(form.n))
      const told = why === undefined ? `已送达${own.name}。` : `仍未送达${own.name}：${why}`
      return shown(request, reply, who, told)
    } catch (error) {
      if (error instanceof Refusal) return shown(request, reply.code(409), who, error.title)
      throw error
    }
  })

  async function shown(request: FastifyRequest, reply: FastifyReply, who: Asker, told?: string) {
    const lags = await registry.lags()
    const asked = { limit: JOBS_SHOWN }
    const { items: jobs } = importsSeen(imports, registry, actorOf(who.officer), asked)
    const campaigns = registry.campaigns.all().flatMap(({ id, status, standard }) => {
      const { progress, issued, campaign } = registry.campaigns.state(id)
      if (status === 'issuing')
        return [
          {
            id,
            what: `${CAMPAIGN_WORDS[status]}：${standard.id}`,
            seen: issued,
            total: campaign.approved?.drafts ?? 0,
          },
        ]
      if (status !== 'drafting' || progress?.done) return []
      return [
        { id, what: `计算草稿：${standard.id}`, seen: progress?.seen ?? 0, total: progress?.total ?? 0 },
      ]
    })
    const seesConsumers = holds(scopesOf(who.officer.roles), ...readers.account)
    const consumers = seesConsumers ? await registry.consumers.seenBy(actorOf(who.officer)) : undefined
    const webhooks = (consumers ?? []).flatMap(({ id, name }) => {
      const webhook = registry.webhooks.one(id)
      const dead = registry.webhooks.dead(id).slice(0, LETTERS_SHOWN)
      return webhook || dead.length > 0 ? [{ name, webhook, dead }] : []
    })
    const labels = new Map([enterprise, ...registry.catalogue.kinds].map(({ type, label }) => [type, label]))
    return page(request, reply, () => (
      <SystemPage
        {...who}
        lags={lags}
        files={registry.count()}
        jobs={jobs}
        calledToday={({ id: account, authority }) => registry.authorities.calledToday({ authority, account })}
        labels={labels}
        campaigns={campaigns}
        consumers={consumers}
        offeredOn={({ id }) => offers(who, 'consumer', { id })}
        making={making(who, 'consumer')}
        webhooks={webhooks}
        told={told}
        coveredYears={Array.from(coveredYears()).sort()}
      />
    ))
  }
}
