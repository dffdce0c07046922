import { z } from 'zod'
import { holds, lackingInWords } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import { invalid } from '../../dossier/refusal.ts'
import { sendLongTable } from '../../http/tables.ts'
import { type Scope, scopeSchema } from '../../rating/campaign.ts'
import type { Registry } from '../../registry/registry.ts'
import { drawn } from '../components/chart.tsx'
import { type Asker, actorOf, type Desk, type Form, type Refused } from '../contract.ts'
import { reasonOf } from '../forms.ts'
import { listQuery } from '../lists.ts'
import { distributionChart, gradesOf, UNRATED } from '../migration.ts'
import { CAMPAIGN_COLUMNS, CampaignPage, CampaignsPage, type ShownDraft } from '../pages/campaigns.tsx'
import { sentList } from '../send-list.ts'

const DRAFTS_A_PAGE = 50
const DRAFTS_A_STEP = 500

/** Rating campaigns: begun, watched, adjusted, approved by another, sent back or cancelled. */
export function deskCampaigns(desk: Desk): void {
  const { app, registry, draw, asker, formOf, requestOf, typed, attempt, page } = desk
  const schema = { hide: true }
  const { campaigns, standards } = registry
  const readers = ['records:read', 'ratings:write', 'ratings:approve'] as const

  app.get(
    '/campaigns',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const { query } = request
      const file = sentList(reply, '集中评价', CAMPAIGN_COLUMNS, campaigns.all(), query)
      if (file) return file
      return page(request, reply, () => (
        <CampaignsPage {...who} {...listProps(who)} query={query} typed={typed(request)} />
      ))
    },
  )

  app.post('/campaigns', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'ratings:write')
    return attempt(
      request,
      reply,
      form,
      async () => {
        const { standard = '', on = '' } = form
        if (standard === '') throw invalid('/standard', 'required', '请选择标准。')
        const asked = { standard: { id: standard }, ...(on !== '' && { on }), scope: scopeOf(form, registry) }
        const { id } = await campaigns.start(asked, requestOf(who, form))
        return `/desk/campaigns/${id}?done=started`
      },
      (refused) => (
        <CampaignsPage {...who} {...listProps(who)} query={z.object(listQuery).parse({})} refused={refused} />
      ),
    )
  })

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
      const who = asker(request, ...readers)
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
    asker(request, ...readers)
    const { campaign, progress, issued } = campaigns.state(request.params.id)
    const isIssuing = campaign.status === 'issuing'
    return {
      checked: isIssuing ? issued : (progress?.seen ?? 0),
      total: isIssuing ? (campaign.approved?.drafts ?? 0) : (progress?.total ?? 0),
      done: campaign.status === 'drafting' ? progress?.done === true : !isIssuing,
    }
  })

  const acts = {
    approval: { right: 'ratings:approve', run: (id, _form, asked) => campaigns.approve(id, asked) },
    return: {
      right: 'ratings:approve',
      run: (id, form, asked) => campaigns.sendBack(id, form.reason ?? '', asked),
    },
    redrafts: { right: 'ratings:write', run: (id, _form, asked) => campaigns.redraft(id, asked) },
    cancellation: {
      right: 'ratings:write',
      run: (id, form, asked) => campaigns.cancel(id, reasonOf(form), asked),
    },
    adjustments: {
      right: 'ratings:write',
      run: (id, form, asked) => {
        const { enterprise = '', grade = '' } = form
        const adjusted = { enterprise: registry.files.keyOf(enterprise), grade, reason: reasonOf(form) }
        return campaigns.adjust(id, adjusted, asked)
      },
    },
  } as const satisfies Record<
    string,
    {
      right: 'ratings:write' | 'ratings:approve'
      run(id: string, form: Form, asked: ReturnType<typeof requestOf>): Promise<unknown>
    }
  >
  for (const [act, { right, run }] of Object.entries(acts))
    app.post(`/campaigns/:id/${act}`, { schema: { ...schema, params: byId } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, right)
      const { id } = request.params
      const query = draftQuery.parse({})
      const again = async (refused: Refused) => {
        const props = await oneProps(who, id, query)
        return <CampaignPage {...who} {...props} refused={{ act, refused }} />
      }
      return attempt(
        request,
        reply,
        form,
        async () => {
          await run(id, form, requestOf(who, form))
          return `/desk/campaigns/${id}?done=${act}`
        },
        again,
      )
    })

  function listProps({ officer }: Asker) {
    return {
      rows: campaigns.all(),
      standards: standards.adopted().flatMap(({ versions }) => versions.at(-1)?.document ?? []),
      mayStart: holds(scopesOf(officer.roles), 'ratings:write'),
      today: shanghaiDate(registry.now()),
    }
  }

  async function oneProps({ officer }: Asker, id: string, query: z.output<typeof draftQuery>) {
    const state = campaigns.state(id)
    const { campaign, moves } = state
    const { document: standard } = standards.version(campaign.standard.id, campaign.standard.version)
    const held = scopesOf(officer.roles)
    const isDrafting = campaign.status === 'drafting'
    const page = isDrafting ? campaigns.draftsOf(id, query.after, DRAFTS_A_PAGE, query.changed === 'on') : []
    const grades = gradesOf(standard)
    const mayDraft = holds(held, 'ratings:write')
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
      mayDraft,
      hindrance: holds(held, 'ratings:approve')
        ? campaigns.hindranceTo(id, actorOf(officer))
        : `批准需要的权限：${lackingInWords(['ratings:approve'])}。`,
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

/** What a form says of which enterprises are rated; refuses a list that is too long. */
export function scopeOf(
  { region = '', product = '', enterprises = '' }: Form,
  { files }: Pick<Registry, 'files'>,
): Scope {
  const listed = enterprises
    .split(/[\s,，;；、]+/u)
    .filter((code) => code !== '')
    .map((code) => files.keyOf(code))
  const parsed = scopeSchema.safeParse({
    ...(region !== '' && { region }),
    ...(product.trim() !== '' && { product: product.trim() }),
    ...(listed.length > 0 && { enterprises: listed }),
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(`/${String(issue?.path[0] ?? 'region')}`, 'invalid', issue?.message ?? '范围有误。')
}
