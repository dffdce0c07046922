import { coveredYears } from '../../calendar/workdays.ts'
import { importsSeen } from '../../exchange/import-service.ts'
import { enterprise } from '../../records/catalogue.ts'
import { actorOf, type Desk } from '../contract.ts'
import { CAMPAIGN_WORDS } from '../pages/campaigns.tsx'
import { SystemPage } from '../pages/system.tsx'

const JOBS_SHOWN = 20

/** The state of views, search and jobs, and the rules in force, for administrators. */
export function deskSystem({ app, registry, imports, asker, page }: Desk): void {
  app.get('/system', { schema: { hide: true } }, async (request, reply) => {
    const who = asker(request, 'officers:write', 'standards:write')
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
    const consumers = await registry.consumers.seenBy(actorOf(who.officer))
    const labels = new Map([enterprise, ...registry.catalogue.kinds].map(({ type, label }) => [type, label]))
    return page(request, reply, () => (
      <SystemPage
        {...who}
        lags={lags}
        files={registry.count()}
        jobs={jobs}
        labels={labels}
        campaigns={campaigns}
        consumers={consumers}
        coveredYears={Array.from(coveredYears()).sort()}
      />
    ))
  })
}
