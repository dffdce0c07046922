import { z } from 'zod'
import { maker } from '../authority/maker.ts'
import { readers } from '../authority/readers.ts'
import type { App } from '../http/app.ts'
import { type Campaign, scopeSchema } from '../rating/campaign.ts'
import { pageOf } from '../registry/gather.ts'
import type { Registry } from '../registry/registry.ts'
import { type Answer, idIn } from './answer.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed } = chapter('评价')

const nullable = z.string().nullable()
const campaign = z
  .object({
    id: z.string(),
    status: z.enum(['drafting', 'issuing', 'issued', 'cancelled']),
    standard: z.object({ id: z.string(), version: z.int() }),
    on: schemas.day,
    scope: scopeSchema.extend({ region: z.string().optional() }),
    startedAt: schemas.time,
    startedBy: z.string().meta({ description: '开展人的机关和姓名，见 author' }),
    author: maker,
    approvedBy: z.string().optional().meta({ description: '批准人的机关和姓名，见 approved' }),
    approved: z.object({ at: schemas.time, author: maker }).optional(),
    returned: z
      .object({ at: schemas.time, reason: z.string(), author: maker })
      .optional()
      .meta({ description: '最近一次退回；其后另有办理的没有' }),
    cancelled: z.object({ at: schemas.time, reason: z.string() }).optional(),
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
    issuedAt: schemas.time.optional(),
    ratings: z.int().optional().meta({ description: '应发布的等级数' }),
  })
  .meta({ id: 'Campaign', description: '一次集中评价' })

/** How a campaign is answered with after an act upon it. */
export const campaignAnswer: Answer = {
  tag: '评价',
  schema: campaign,
  shown(registry, done) {
    const id = idIn(done)
    return { body: shown(registry, id), location: `/campaigns/${id}` }
  },
}

/** Rating campaigns: drafting over the registry, adjusting, approving by another, issuing. */
export function campaignRoutes(app: App, registry: Registry): void {
  const base = `${API}/campaigns`

  app.get(
    base,
    keyed(
      'listCampaigns',
      '历次评价，最近的在前',
      { 200: schemas.listOf(campaign) },
      { querystring: z.strictObject({ limit: schemas.limit(20, 100) }) },
    ),
    async (request) => {
      requireScope(request, ...readers.campaign)
      const latest = registry.campaigns.all().slice(0, request.query.limit)
      return { items: latest.map(({ id }) => shown(registry, id)) }
    },
  )

  app.get(
    `${base}/:id`,
    keyed(
      'getCampaign',
      '一次评价：进度、等级分布和与上次相比的变动',
      { 200: campaign },
      { params: schemas.byId, refused: [404] },
    ),
    async (request) => {
      requireScope(request, ...readers.campaign)
      return shown(registry, request.params.id)
    },
  )

  app.get(
    `${base}/:id/drafts`,
    keyed(
      'listDrafts',
      '等级草稿，逐家',
      {
        200: schemas.pageOf(
          z.object({
            orgCode: z.string(),
            name: z.string(),
            grade: nullable,
            previous: nullable.optional(),
            points: z.number(),
            adjusted: schemas.open({ grade: z.string(), reason: z.string() }, '由谁').optional(),
            items: z.array(schemas.ratedItem),
            limits: z.array(schemas.ratedLimit),
            next: schemas.nextGrade.optional(),
            unclear: z
              .array(z.string())
              .optional()
              .meta({ description: '只知年份或年月、是否在期限内不能确定而未计入的记录' }),
          }),
        ),
      },
      {
        params: schemas.byId,
        querystring: z.strictObject({
          changed: z
            .enum(['true', 'false'], '应为 true 或 false')
            .default('false')
            .meta({ description: '只看与现行等级不同的' }),
          limit: schemas.limit(50, 500),
          cursor: z.string().max(18).default(''),
        }),
        refused: [404],
      },
    ),
    async (request) => {
      requireScope(request, ...readers.campaign)
      const { changed, limit, cursor } = request.query
      const { campaign: whole } = registry.campaigns.state(request.params.id)
      const drafts = registry.campaigns.draftsOf(request.params.id, cursor, limit + 1, changed === 'true')
      const { items, next } = pageOf(drafts, limit, ({ key }) => key)
      return {
        items: items.map(({ key: orgCode, name, rating, previous }) => {
          const { grade, reason } = whole.adjustments[orgCode] ?? {}
          return {
            orgCode,
            name,
            ...rating,
            ...(previous !== undefined && { previous }),
            ...(grade !== undefined && reason !== undefined && { adjusted: { grade, reason } }),
          }
        }),
        next,
      }
    },
  )
}

function shown(registry: Registry, id: string) {
  const { campaign: whole, progress, moves, issued } = registry.campaigns.state(id)
  const { adjustments, author, approved, by: _, revision: __, moves: ___, ...rest } = whole satisfies Campaign
  const distribution: Record<string, number> = {}
  for (const { to, count } of moves)
    distribution[to ?? '未评定'] = (distribution[to ?? '未评定'] ?? 0) + count
  return {
    ...rest,
    startedBy: `${author.authority} ${author.officer}`,
    author,
    ...(approved && {
      approvedBy: `${approved.author.authority} ${approved.author.officer}`,
      approved: { at: approved.at, author: approved.author },
    }),
    adjustments: Object.keys(adjustments).length,
    ...(progress && { progress }),
    distribution,
    changes: moves
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, count }) => ({ from: from ?? null, to, count })),
    issued,
  }
}
