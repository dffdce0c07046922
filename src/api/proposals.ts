import { z } from 'zod'
import type { Act } from '../acts/act.ts'
import { type Dossier, nameOf } from '../dossier/dossier.ts'
import { type Proposal, proposalStatuses } from '../dossier/proposal.ts'
import type { App } from '../http/app.ts'
import { regionCode } from '../http/parameters.ts'
import { problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { actorOf, requireScope, writingRequest } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** A proposal: what waits for a second person, with before and after. */
export const proposalAnswer = z
  .looseObject({
    id: z.string(),
    act: z.string().meta({ description: '办理事项的名称' }),
    label: z.string(),
    status: z.enum(proposalStatuses),
    orgCode: z.string(),
    name: z.string(),
    why: z.string().meta({ description: '为什么须由第二人确认' }),
    authority: z.string(),
    officer: z.string(),
    at: schemas.time,
    input: z.looseObject({}).optional(),
  })
  .meta({ id: 'Proposal', description: '待第二人确认的提请；确认之前，什么都没有改变' })

/** Proposals: those that wait, confirming and refusing one. */
export function proposalRoutes(app: App, registry: Registry): void {
  const tags = ['两人办理']
  const security = [{ key: [] }]
  const byId = z.object({ id: z.string().max(100) })
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 422: problem }
  const readers = [
    'records:read',
    'records:write',
    'listings:write',
    'listings:decide',
    'ratings:approve',
  ] as const

  app.get(
    `${API}/proposals`,
    {
      schema: {
        operationId: 'listProposals',
        tags,
        summary: '提请：等待第二人确认的事项',
        security,
        querystring: z.strictObject({
          status: z.enum(proposalStatuses).default('open'),
          region: z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' }),
          limit: schemas.limit(50, 200),
          cursor: z.string().max(100).default(''),
        }),
        response: {
          200: z.object({ items: z.array(proposalAnswer), next: z.string().nullable() }),
          401: problem,
          403: problem,
          422: problem,
        },
      },
    },
    async (request) => {
      const key = requireScope(request, ...readers)
      const { status, limit, cursor } = request.query
      const region = regionCode(request.query.region) ?? key.region
      const { items, next } = registry.proposals(status, region, cursor, limit)
      return { items: items.map(({ own, dossier, act }) => shownProposal(own, dossier, act)), next }
    },
  )

  app.get(
    `${API}/proposals/:id`,
    {
      schema: {
        operationId: 'getProposal',
        tags,
        summary: '一项提请，以及您能否确认',
        security,
        params: byId,
        response: { 200: proposalAnswer, 401: problem, 403: problem, 404: problem },
      },
    },
    async (request) => {
      const key = requireScope(request, ...readers)
      const { own, dossier, act, hindrance } = registry.acts.proposal(request.params.id, actorOf(key))
      return {
        ...shownProposal(own, dossier, act),
        input: own.input,
        ...(hindrance !== undefined && { hindrance }),
      }
    },
  )

  app.post(
    `${API}/proposals/:id/confirmation`,
    {
      schema: {
        operationId: 'confirmProposal',
        tags,
        summary: '由第二人确认提请；事项随即办理',
        security,
        params: byId,
        body: z.strictObject({}).optional(),
        response: { 200: proposalAnswer, ...refusals },
      },
    },
    async (request) =>
      settled(request.params.id, (id) => registry.acts.confirm(id, writingRequest(request, ...readers))),
  )

  app.post(
    `${API}/proposals/:id/refusal`,
    {
      schema: {
        operationId: 'refuseProposal',
        tags,
        summary: '退回提请，或收回自己的提请，写明理由',
        security,
        params: byId,
        body: z.strictObject({ reason: schemas.reason }),
        response: { 200: proposalAnswer, ...refusals },
      },
    },
    async (request) =>
      settled(request.params.id, (id) =>
        registry.acts.refuse(id, request.body.reason, writingRequest(request, ...readers)),
      ),
  )

  async function settled(id: string, settle: (id: string) => Promise<{ dossier: Dossier }>) {
    const { dossier } = await settle(id)
    const own = dossier.proposals?.find((known) => known.id === id)
    if (!own) throw new Error(`proposal ${id} is gone`)
    return shownProposal(own, dossier, registry.acts.named(own.act))
  }
}

/** A proposal as whoever may see it sees it, without what it would write. */
export function shownProposal(own: Proposal, dossier: Dossier, { label }: Act) {
  const { id, act, status, why, author, at, on, settled } = own
  return {
    id,
    act,
    label,
    status,
    orgCode: dossier.key,
    name: nameOf(dossier),
    ...(on.id !== undefined && { about: on.id }),
    why,
    ...author,
    at,
    ...(settled && { settled }),
  }
}
