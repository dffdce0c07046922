import { z } from 'zod'
import { isCalendarDate } from '../calendar/dates.ts'
import { invalid } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import { scopeSchema } from '../rating/campaign.ts'
import { type Standard, standardSchema } from '../rating/standard.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope, writingRequest } from './authentication.ts'
import { mustGiveReason } from './campaigns.ts'
import { API } from './enterprises.ts'
import { reason as reasonText, time } from './schemas.ts'

const migration = z.object({ from: z.string().nullable(), to: z.string().nullable(), count: z.int() })

/** Rating standards: those in force with all their versions, adopting one, trying one. */
export function standardRoutes(app: App, registry: Registry): void {
  const document = z
    .looseObject({})
    .meta({ ...jsonSchema(), description: '评价标准，语言见 docs/standards.md' })
  const proposed = z.object({ id: z.string(), version: z.int(), status: z.literal('proposed') })
  const adopted = z.looseObject({
    id: z.string(),
    version: z.int(),
    versions: z.array(
      z.object({ version: z.int(), adoptedAt: time, authority: z.string(), position: z.int() }),
    ),
    standard: document,
  })
  const byId = z.object({ id: z.string().max(100) })

  app.get(
    `${API}/standards`,
    {
      schema: {
        operationId: 'listStandards',
        tags: ['评价'],
        summary: '已采用的评价标准（每项为现行版本）和随系统提供、尚未采用的标准',
        response: { 200: z.object({ items: z.array(adopted), available: z.array(document) }) },
      },
    },
    async () => ({
      items: registry.standards.adopted().flatMap(({ id }) => shown(id)),
      available: registry.standards.available(),
    }),
  )

  app.get(
    `${API}/standards/:id`,
    {
      schema: {
        operationId: 'getStandard',
        tags: ['评价'],
        summary: '一项评价标准的现行版本或某一版本',
        params: byId,
        querystring: z.strictObject({
          version: z.coerce.number('应为整数').int('应为整数').min(1).optional(),
        }),
        response: { 200: adopted, 400: problem, 404: problem },
      },
    },
    async (request) => shown(request.params.id, request.query.version),
  )

  app.post(
    `${API}/standards`,
    {
      schema: {
        operationId: 'proposeStandard',
        tags: ['评价'],
        summary: '提请采用一项评价标准，或其新的一版；由省级机关的另一人批准',
        description: '批准之前什么都不改变；批准后对此后开展的评价生效，以往各版长期保留。',
        security: [{ key: [] }],
        body: document,
        response: { 200: adopted, 202: proposed, 401: problem, 403: problem, 409: problem, 422: problem },
      },
    },
    async (request, reply) => {
      const asked = writingRequest(request, 'standards:write')
      if (registry.standards.stands(request.body)) return shown(registry.standards.check(request.body).id)
      const { id, version } = await registry.standards.propose(request.body, asked)
      return reply
        .code(202)
        .header('location', `${API}/standards/${id}`)
        .send({ id, version, status: 'proposed' as const })
    },
  )

  app.post(
    `${API}/standards/:id/approval`,
    {
      schema: {
        operationId: 'approveStandard',
        tags: ['评价'],
        summary: '批准他人提请的标准；随即采用',
        security: [{ key: [] }],
        params: byId,
        body: z.strictObject({}).optional(),
        response: { 200: adopted, 401: problem, 403: problem, 404: problem, 409: problem },
      },
    },
    async (request) => {
      const { id } = request.params
      await registry.standards.settleProposal(id, true, '', writingRequest(request, 'standards:write'))
      return shown(id)
    },
  )

  app.post(
    `${API}/standards/:id/refusal`,
    {
      schema: {
        operationId: 'refuseStandard',
        tags: ['评价'],
        summary: '退回提请的标准，写明理由',
        security: [{ key: [] }],
        params: byId,
        body: z.strictObject({ reason: reasonText }),
        response: {
          204: z.undefined(),
          401: problem,
          403: problem,
          404: problem,
          409: problem,
          422: problem,
        },
      },
    },
    async (request, reply) => {
      const { reason } = request.body
      mustGiveReason(reason)
      const asked = writingRequest(request, 'standards:write')
      await registry.standards.settleProposal(request.params.id, false, reason, asked)
      return reply.code(204).send()
    },
  )

  app.post(
    `${API}/standards/simulations`,
    {
      schema: {
        operationId: 'simulateStandard',
        tags: ['评价'],
        summary: '试算：若按此标准评价，各等级如何变动；不写入任何内容',
        security: [{ key: [] }],
        body: z.strictObject({
          standard: document,
          scope: scopeSchema.default({}),
          on: z.string().max(10).optional().meta({ description: '评价日期，默认今天' }),
        }),
        response: {
          200: z.object({
            enterprises: z.int(),
            matrix: z.array(migration).meta({ description: 'from、to 为 null 表示未评定' }),
            byRegion: z.record(z.string(), z.array(migration)),
            byIndustry: z.record(z.string(), z.array(migration)),
            moved: z
              .array(
                z.object({
                  orgCode: z.string(),
                  name: z.string(),
                  from: z.string().nullable(),
                  to: z.string().nullable(),
                }),
              )
              .meta({ description: '等级会变动的企业，最多 1000 家' }),
            movedCount: z.int(),
          }),
          401: problem,
          403: problem,
          422: problem,
          503: problem,
        },
      },
    },
    async (request) => {
      requireScope(request, 'ratings:write', 'standards:write')
      const { standard, scope, on } = request.body
      if (on !== undefined && !isCalendarDate(on))
        throw invalid('/on', 'date', `“${on}”不是日期；请写成 2026-03-02。`)
      const { moved, ...simulation } = await registry.standards.simulate(standard, scope, on)
      return { ...simulation, moved: moved.map(({ key: orgCode, ...rest }) => ({ orgCode, ...rest })) }
    },
  )

  function shown(id: string, version?: number) {
    const { document: standard } = registry.standards.version(id, version)
    const history = registry.standards.adopted().find((known) => known.id === id)
    return {
      id,
      version: standard.version,
      versions: (history?.versions ?? []).map(({ document: own, adoptedAt, author, position }) => ({
        version: own.version,
        adoptedAt,
        authority: author.authority,
        position,
      })),
      standard: standard satisfies Standard,
    }
  }
}

function jsonSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(standardSchema, { io: 'input', unrepresentable: 'any' })
  return schema
}
