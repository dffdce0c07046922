import { z } from 'zod'
import { invalid } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import { type Campaign, scopeSchema } from '../rating/campaign.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope, writingRequest } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** Rating campaigns: drafting over the registry, adjusting, approving by another, issuing. */
export function campaignRoutes(app: App, registry: Registry): void {
  const base = `${API}/campaigns`
  const nullable = z.string().nullable()
  const campaign = z
    .looseObject({
      id: z.string(),
      status: z.enum(['drafting', 'issuing', 'issued', 'cancelled']),
      standard: z.object({ id: z.string(), version: z.int() }),
      on: schemas.day,
      scope: scopeSchema,
      startedAt: schemas.time,
      startedBy: z.string(),
      approvedBy: z.string().optional(),
      adjustments: z.int(),
      progress: z
        .object({ seen: z.int(), total: z.int(), inScope: z.int(), unrated: z.int(), done: z.boolean() })
        .optional()
        .meta({ description: '草稿的进度；unrated 为未评定的企业数' }),
      distribution: z.record(z.string(), z.int()).meta({ description: '草稿中各等级的企业数' }),
      changes: z
        .array(z.object({ from: nullable, to: nullable, count: z.int() }))
        .meta({ description: '与现行等级相比的变动；from 为 null 表示此前未评定' }),
      issued: z.int().meta({ description: '已发布的等级数' }),
    })
    .meta({ id: 'Campaign', description: '一次集中评价' })
  const byId = z.object({ id: z.string().max(100) })
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 422: problem }
  const security = [{ key: [] }]
  const tags = ['评价']

  app.post(
    base,
    {
      schema: {
        operationId: 'startCampaign',
        tags,
        summary: '开展一次评价：按标准为范围内的企业计算等级草稿',
        security,
        body: z.strictObject({
          standard: z.strictObject({ id: z.string().max(60), version: z.int().min(1).optional() }),
          on: z.string().max(40).optional().meta({ description: '评价日期，默认今天' }),
          scope: scopeSchema.default({}),
        }),
        response: { 202: campaign, ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = await registry.campaigns.start(request.body, writingRequest(request, 'ratings:write'))
      return reply.code(202).header('location', `${base}/${id}`).send(shown(id))
    },
  )

  app.get(
    base,
    {
      schema: {
        operationId: 'listCampaigns',
        tags,
        summary: '历次评价，最近的在前',
        security,
        querystring: z.strictObject({ limit: schemas.limit(20, 100) }),
        response: { 200: z.object({ items: z.array(campaign) }), 401: problem, 403: problem },
      },
    },
    async (request) => {
      requireScope(request, 'ratings:write', 'ratings:approve')
      const latest = registry.campaigns.all().slice(0, request.query.limit)
      return { items: latest.map(({ id }) => shown(id)) }
    },
  )

  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getCampaign',
        tags,
        summary: '一次评价的进度、等级分布和变动',
        security,
        params: byId,
        response: { 200: campaign, 401: problem, 403: problem, 404: problem },
      },
    },
    async (request) => {
      requireScope(request, 'ratings:write', 'ratings:approve')
      return shown(request.params.id)
    },
  )

  app.get(
    `${base}/:id/drafts`,
    {
      schema: {
        operationId: 'listDrafts',
        tags,
        summary: '等级草稿，逐家',
        security,
        params: byId,
        querystring: z.strictObject({
          changed: z
            .enum(['true', 'false'], '应为 true 或 false')
            .default('false')
            .meta({ description: '只看与现行等级不同的' }),
          limit: schemas.limit(50, 500),
          cursor: z.string().max(18).default(''),
        }),
        response: {
          200: z.object({
            items: z.array(
              z.looseObject({
                orgCode: z.string(),
                name: z.string(),
                grade: nullable,
                previous: nullable.optional(),
                points: z.number(),
                adjusted: z.looseObject({ grade: z.string(), reason: z.string() }).optional(),
              }),
            ),
            next: nullable,
          }),
          401: problem,
          403: problem,
          404: problem,
        },
      },
    },
    async (request) => {
      requireScope(request, 'ratings:write', 'ratings:approve')
      const { changed, limit, cursor } = request.query
      const { campaign: whole } = registry.campaigns.state(request.params.id)
      const drafts = registry.campaigns.draftsOf(request.params.id, cursor, limit, changed === 'true')
      return {
        items: drafts.map(({ key: orgCode, name, rating, previous }) => {
          const { grade, reason } = whole.adjustments[orgCode] ?? {}
          return {
            orgCode,
            name,
            ...rating,
            ...(previous !== undefined && { previous }),
            ...(grade !== undefined && reason !== undefined && { adjusted: { grade, reason } }),
          }
        }),
        next: drafts.length === limit ? (drafts.at(-1)?.key ?? null) : null,
      }
    },
  )

  const act = <B extends z.ZodType>(path: string, body: B, operationId: string, summary: string) =>
    ({
      url: `${base}/:id/${path}`,
      schema: {
        operationId,
        tags,
        summary,
        security,
        params: byId,
        body,
        response: { 200: campaign, ...refusals, 503: problem },
      },
    }) as const

  const adjustment = act(
    'adjustments',
    z.strictObject({
      enterprise: z.string().max(18).meta({ description: '档案编号' }),
      grade: z.string().max(10),
      reason: schemas.reason,
    }),
    'adjustDraft',
    '调整一家企业的等级草稿，须写理由；计算结果一并保留',
  )
  app.post(adjustment.url, { schema: adjustment.schema }, async (request) => {
    const asked = writingRequest(request, 'ratings:write')
    mustGiveReason(request.body.reason)
    await registry.campaigns.adjust(request.params.id, request.body, asked)
    return shown(request.params.id)
  })

  const redrafting = act(
    'redrafts',
    z.strictObject({}),
    'redraftCampaign',
    '按档案现状重算全部草稿；已作的调整保留',
  )
  app.post(redrafting.url, { schema: redrafting.schema }, async (request) => {
    await registry.campaigns.redraft(request.params.id, writingRequest(request, 'ratings:write'))
    return shown(request.params.id)
  })

  const approval = act(
    'approval',
    z.strictObject({}),
    'approveCampaign',
    '批准并发布；须由未开展、未调整本次评价的另一人进行',
  )
  app.post(approval.url, { schema: approval.schema }, async (request) => {
    await registry.campaigns.approve(request.params.id, writingRequest(request, 'ratings:approve'))
    return shown(request.params.id)
  })

  const cancellation = act(
    'cancellation',
    z.strictObject({ reason: schemas.reason }),
    'cancelCampaign',
    '取消尚未批准的评价',
  )
  app.post(cancellation.url, { schema: cancellation.schema }, async (request) => {
    const asked = writingRequest(request, 'ratings:write')
    mustGiveReason(request.body.reason)
    await registry.campaigns.cancel(request.params.id, request.body.reason, asked)
    return shown(request.params.id)
  })

  function shown(id: string) {
    const { campaign: whole, progress, moves, issued } = registry.campaigns.state(id)
    const {
      adjustments,
      author,
      approved,
      by: _,
      revision: __,
      moves: ___,
      ...rest
    } = whole satisfies Campaign
    const distribution: Record<string, number> = {}
    for (const { to, count } of moves)
      distribution[to ?? '未评定'] = (distribution[to ?? '未评定'] ?? 0) + count
    return {
      ...rest,
      startedBy: `${author.authority} ${author.officer}`,
      ...(approved && { approvedBy: `${approved.author.authority} ${approved.author.officer}` }),
      adjustments: Object.keys(adjustments).length,
      ...(progress && { progress }),
      distribution,
      changes: moves
        .filter(({ from, to }) => from !== to)
        .map(({ from, to, count }) => ({ from: from ?? null, to, count })),
      issued,
    }
  }
}

/** A reason in words, up to 500 of them; refuses an empty one. */
export function mustGiveReason(reason: string): void {
  if (reason.trim() === '') throw invalid('/reason', 'required', '请写明理由。')
  if (reason.length > 500) throw invalid('/reason', 'too-big', '理由最多 500 字。')
}
