import { z } from 'zod'
import { proposeStandardAct } from '../acts/adoption.ts'
import type { Adoption, Versioned } from '../adoption/adoption.ts'
import { ruleSetSchema } from '../blacklist/rule-set.ts'
import { isCalendarDate } from '../calendar/dates.ts'
import { invalid } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { wholeNumber } from '../http/parameters.ts'
import { scopeSchema } from '../rating/campaign.ts'
import { type Standard, standardSchema } from '../rating/standard.ts'
import type { Registry } from '../registry/registry.ts'
import { type Answer, type Done, idIn } from './answer.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed, open } = chapter('评价')

const migration = z.object({ from: z.string().nullable(), to: z.string().nullable(), count: z.int() })

const document = proposeStandardAct.input.shape.document ?? z.looseObject({})
const proposed = z.object({ id: z.string(), version: z.int(), status: z.literal('proposed') })
const adopted = z.object({
  id: z.string(),
  version: z.int(),
  versions: z.array(
    z.object({ version: z.int(), adoptedAt: schemas.time, authority: z.string(), position: z.int() }),
  ),
  standard: standardSchema,
})

/** How standards and rules are answered with: as they are in force, or as they wait to be approved. */
export const adoptionAnswers = {
  standard: {
    tag: '评价',
    schema: adopted,
    accepted: proposed,
    shown(registry, done) {
      const id = idIn(done)
      const waiting = waitingOf(done, registry.standards.proposed())
      return waiting ? { ...waiting, location: `/standards/${id}` } : { body: shown(registry, id) }
    },
  },
  rules: {
    tag: '黑名单',
    schema: ruleSetSchema.or(z.object({ id: z.string(), version: z.int() })),
    accepted: proposed,
    shown(registry, done) {
      const id = idIn(done)
      const waiting = waitingOf(done, registry.ruleSets.proposed())
      const rules = registry.ruleSets.inForce().find((known) => known.id === id)
      return waiting ? { ...waiting, location: '/rule-sets' } : { body: rules }
    },
  },
} satisfies Record<string, Answer>

/** What an act has put forward, and is answered with until another person has approved it. */
function waitingOf(done: Done, all: readonly Adoption<Versioned>[]) {
  const isProposed = done.outcome.entries[0]?.kind.endsWith('.proposed')
  const waiting = isProposed ? all.find(({ id }) => id === idIn(done))?.proposed?.document : undefined
  if (!waiting) return undefined
  const { id, version } = waiting
  return { body: { id, version, status: 'proposed' as const }, isAccepted: true }
}

function shown(registry: Registry, id: string, version?: number) {
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

/** Rating standards: those in force with all their versions, trying one. */
export function standardRoutes(app: App, registry: Registry): void {
  app.get(
    `${API}/standards`,
    open(
      'listStandards',
      '各项评价标准：已采用的（每项为现行版本），和随系统提供、尚未采用的',
      { 200: z.object({ items: z.array(adopted), available: z.array(document) }) },
      {},
    ),
    async () => ({
      items: registry.standards.adopted().map(({ id }) => shown(registry, id)),
      available: registry.standards.available(),
    }),
  )

  app.get(
    `${API}/standards/:id`,
    open(
      'getStandard',
      '一项评价标准：现行版本，或以 version 指明的某一版本',
      { 200: adopted },
      {
        params: schemas.byId,
        querystring: z.strictObject({
          version: wholeNumber(1).optional(),
        }),
        refused: [404],
      },
    ),
    async (request) => shown(registry, request.params.id, request.query.version),
  )

  app.post(
    `${API}/standards/simulations`,
    keyed(
      'simulateStandard',
      '试算：若按此标准评价，各等级如何变动；不写入任何内容',
      {
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
      },
      {
        body: z.strictObject({
          standard: document,
          scope: scopeSchema.default({}),
          on: z.string().max(10).optional().meta({ description: '评价日期，默认今天' }),
        }),
      },
    ),
    async (request) => {
      requireScope(request, 'ratings:write', 'standards:write')
      const { standard, scope, on } = request.body
      if (on !== undefined && !isCalendarDate(on))
        throw invalid('/on', 'date', `“${on}”不是日期；请写成 2026-03-02。`)
      const { moved, ...simulation } = await registry.standards.simulate(standard, scope, on)
      return { ...simulation, moved: moved.map(({ key: orgCode, ...rest }) => ({ orgCode, ...rest })) }
    },
  )
}
