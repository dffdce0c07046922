import { z } from 'zod'
import { isCalendarDate } from '../calendar/dates.ts'
import { invalid } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import { scopeSchema } from '../rating/campaign.ts'
import { type Standard, standardSchema } from '../rating/standard.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope, writingRequest } from './authentication.ts'
import { API } from './enterprises.ts'
import { time } from './schemas.ts'

const migration = z.object({ from: z.string().nullable(), to: z.string().nullable(), count: z.int() })

/** Rating standards: those in force with all their versions, adopting one, trying one. */
export function standardRoutes(app: App, registry: Registry): void {
  const document = z
    .looseObject({})
    .meta({ ...jsonSchema(), description: '评价标准，语言见 docs/standards.md' })
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
        operationId: 'adoptStandard',
        tags: ['评价'],
        summary: '采用一项评价标准，或其新的一版',
        description: '对此后开展的评价生效；以往各版长期保留。',
        security: [{ key: [] }],
        body: document,
        response: { 201: adopted, 401: problem, 403: problem, 409: problem, 422: problem },
      },
    },
    async (request, reply) => {
      const { document: standard } = await registry.standards.adopt(
        request.body,
        writingRequest(request, 'standards:write'),
      )
      return reply
        .code(201)
        .header('location', `${API}/standards/${standard.id}`)
        .send(shown(standard.id, standard.version))
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
