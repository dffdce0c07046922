import { z } from 'zod'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { sendLongTable } from '../../http/tables.ts'
import { drawn } from '../components/chart.tsx'
import type { Asker, Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { distributionChart, gradesOf, UNRATED } from '../migration.ts'
import { CampaignPage, CampaignsPage, campaignColumns, type ShownDraft } from '../pages/campaigns.tsx'
import { sentList } from '../send-list.ts'

const DRAFTS_A_PAGE = 50
const DRAFTS_A_STEP = 500

/** Rating campaigns: begun, watched, adjusted, approved by another, sent back or cancelled. */
export function deskCampaigns(desk: Desk): void {
  const { app, registry, draw, asker, offers, making, typed, page } = desk
  const schema = { hide: true }
  const { campaigns, standards } = registry

  app.get(
    '/campaigns',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers.campaign)
      const { query } = request
      const file = sentList(reply, '集中评价', campaignColumns(who.maker), campaigns.all(), query)
      if (file) return file
      return page(request, reply, () => (
        <CampaignsPage
          {...who}
          rows={campaigns.all()}
          hasStandard={standards.adopted().length > 0}
          offers={making(who, 'campaign')}
          typed={typed(request)}
          query={query}
        />
      ))
    },
  )

  const byId = z.object({ id: z.string().max(100) })
  const draftQuery = z.object({
    changed: z.enum(['', 'on']).default('').catch(''),
    after: z.string().max(18).default('').catch(''),
    code: z.string().max(18).default('').catch(''),
    format: z.enum(['', 'csv', 'xlsx']).default('').catch(''),
    done: z.string().max(40).optional(),
  })
  app.get(
    '/campaigns/:id',
    { schema: { ...schema, params: byId, querystring: draftQuery } },
    async (request, reply) => {
      const who = asker(request, ...readers.campaign)
      const { id } = request.params
      const { query } = request
      if (query.format !== '')
        return sendLongTable(
          reply,
          { ...DRAFT_TABLE, parts: draftRows(id, query.changed === 'on') },
          query.format,
        )
      const props = await oneProps(who, id, query)
      const said = query.done === undefined ? undefined : '已办理，现状如下。'
      return page(request, reply, () => <CampaignPage {...who} {...props} done={said} />)
    },
  )

  app.get('/campaigns/:id/progress', { schema: { ...schema, params: byId } }, async (request) => {
    asker(request, ...readers.campaign)
    const { campaign, progress, issued } = campaigns.state(request.params.id)
    const isIssuing = campaign.status === 'issuing'
    return {
      checked: isIssuing ? issued : (progress?.seen ?? 0),
      total: isIssuing ? (campaign.approved?.drafts ?? 0) : (progress?.total ?? 0),
      done: campaign.status === 'drafting' ? progress?.done === true : !isIssuing,
    }
  })

  async function oneProps(who: Asker, id: string, query: z.output<typeof draftQuery>) {
    const state = campaigns.state(id)
    const { campaign, moves } = state
    const { document: standard } = standards.version(campaign.standard.id, campaign.standard.version)
    const isDrafting = campaign.status === 'drafting'
    const page = isDrafting ? campaigns.draftsOf(id, query.after, DRAFTS_A_PAGE, query.changed === 'on') : []
    const grades = gradesOf(standard)
    return {
      state,
      standard,
      drafts: page.map((draft): ShownDraft => ({ draft, adjusted: campaign.adjustments[draft.key] })),
      next: page.length === DRAFTS_A_PAGE ? (page.at(-1)?.key ?? null) : null,
      query,
      chart:
        moves.length === 0
          ? undefined
          : await drawn(draw, distributionChart(moves, grades), '各等级的企业数，见下表各列之和'),
      mayDraft: holds(scopesOf(who.officer.roles), 'ratings:write'),
      offers: offers(who, 'campaign', { id }),
    }
  }

  async function* draftRows(id: string, changedOnly: boolean) {
    const { adjustments } = campaigns.state(id).campaign
    for (let after = ''; ; ) {
      const step = campaigns.draftsOf(id, after, DRAFTS_A_STEP, changedOnly)
      const last = step.at(-1)
      if (!last) return
      yield step.map(({ key, name, rating, previous }) => ({
        key,
        name,
        previous: previous ?? UNRATED,
        grade: rating.grade ?? UNRATED,
        points: rating.points,
        adjusted: adjustments[key]?.grade ?? '',
        reason: adjustments[key]?.reason ?? '',
      }))
      after = last.key
    }
  }
}

const DRAFT_TABLE = {
  title: '等级草稿',
  columns: [
    { field: 'key', label: '档案编号' },
    { field: 'name', label: '企业名称' },
    { field: 'previous', label: '现行等级' },
    { field: 'grade', label: '算出等级' },
    { field: 'points', label: '分数' },
    { field: 'adjusted', label: '调整为' },
    { field: 'reason', label: '调整理由' },
  ],
}
