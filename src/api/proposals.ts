import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { maker } from '../authority/maker.ts'
import { proposalStatuses } from '../authority/proposal.ts'
import { readers } from '../authority/readers.ts'
import type { App } from '../http/app.ts'
import { regionCode, wholeNumber } from '../http/parameters.ts'
import { problem } from '../http/problem.ts'
import type { Column } from '../records/kind.ts'
import { forbiddenIn, type Outcome, type Proposed, proposalsWhose, type Request } from '../registry/acts.ts'
import type { Foreseen } from '../registry/foreseen.ts'
import type { Registry } from '../registry/registry.ts'
import { valueInWords } from '../ui/values.tsx'
import { actorOf, logRefusal, requireScope, writingRequest } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed } = chapter('两人办理')

/** A proposal: what waits for a second person, with before and after. */
export const proposalAnswer = z
  .object({
    id: z.string(),
    act: z.string().meta({ description: '办理事项的名称' }),
    label: z.string(),
    status: z.enum(proposalStatuses),
    orgCode: z.string().optional().meta({ description: '档案编号；不在档案中的没有' }),
    name: z.string().meta({ description: '企业，或者所涉及的账号、密钥、标准、评价、公告' }),
    part: z.string().optional().meta({ description: '所涉及的一项和栏目，如文号、日期' }),
    confirm: z.string().meta({ description: '确认的地址' }),
    why: z.string().meta({ description: '为什么须由第二人确认' }),
    ...maker.shape,
    at: schemas.time,
    about: z.string().optional().meta({ description: '所涉及的一项' }),
    settled: z
      .object({
        at: schemas.time,
        author: maker,
        by: z.string().optional(),
        reason: z.string().optional(),
      })
      .optional(),
    hindrance: z.string().optional().meta({ description: '此密钥为什么不能确认' }),
    input: z.record(z.string(), z.unknown()).optional().meta({ description: '所提请的内容' }),
    changes: z
      .array(z.object({ label: z.string(), before: z.string(), after: z.string() }))
      .optional()
      .meta({
        description:
          '现在和确认后，已办结的为当时：档案中的只列变动，账号、密钥、机关列出全部；整批撤回导入的逐段列出，见 changesNext',
      }),
    changesNext: z
      .string()
      .nullable()
      .optional()
      .meta({ description: '变动没有列完的，以其为 changesAfter 取其后的' }),
  })
  .meta({ id: 'Proposal', description: '待第二人确认的提请；确认之前，什么都没有改变' })

const MOST_AT_ONCE = 200
const stretch = z.strictObject({
  after: z.string().max(100).default('').meta({ description: '上一次答复的 next' }),
  limit: schemas.limit(MOST_AT_ONCE, MOST_AT_ONCE),
})
const settling = stretch.extend({ reason: z.string().optional() })
const settledAnswer = z.object({
  done: z.int().meta({ description: '本次办理了的项数' }),
  items: z.array(
    proposalAnswer.extend({ hindrance: z.string().optional().meta({ description: '没有办理的原因' }) }),
  ),
  next: z.string().nullable(),
})

/** Proposals: those that wait, confirming and refusing one, or those of an import one by one. */
export function proposalRoutes(app: App, registry: Registry): void {
  const tags = ['两人办理']
  const security = [{ key: [] }]
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 422: problem }

  app.get(
    `${API}/proposals`,
    keyed(
      'listProposals',
      '提请：等待第二人确认的事项',
      { 200: schemas.pageOf(proposalAnswer) },
      {
        querystring: z.strictObject({
          status: z.enum(proposalStatuses).default('open'),
          region: schemas.region,
          import: z.string().max(100).optional().meta({ description: '只列由这次导入提请的' }),
          whose: z
            .enum(proposalsWhose, `应为 ${proposalsWhose.join(' 或 ')}`)
            .optional()
            .meta({ description: 'own 为自己提请的，confirmable 为他人提请而自己可以确认的' }),
          limit: schemas.limit(50, 200),
          cursor: z.string().max(100).default(''),
        }),
        refused: [422],
      },
    ),
    async (request) => {
      const key = requireScope(request, ...readers.proposal)
      const { cursor: after, region: place, ...asked } = request.query
      const region = regionCode(place)
      const { items, next } = registry.acts.proposals(actorOf(key), { ...asked, region, after })
      return { items: items.map(shownProposal), next }
    },
  )

  app.get(
    `${API}/proposals/:id`,
    keyed(
      'getProposal',
      '一项提请，以及您能否确认',
      { 200: proposalAnswer },
      {
        params: schemas.byId,
        querystring: z.strictObject({
          changesAfter: wholeNumber(0).default(0).meta({ description: '上一次答复的 changesNext' }),
        }),
        refused: [404, 422],
      },
    ),
    async (request) => {
      const key = requireScope(request, ...readers.proposal)
      const { id } = request.params
      const found = registry.acts.proposal(id, actorOf(key))
      const { own, hindrance } = found
      const foreseen = await registry.acts.foreseen(id, actorOf(key), request.query.changesAfter)
      const more = {
        input: own.input,
        changes: changesOf(foreseen),
        changesNext: foreseen.next === null ? null : String(foreseen.next),
      }
      return { ...shownProposal(found), ...more, ...(hindrance !== undefined && { hindrance }) }
    },
  )

  app.post(
    `${API}/proposals/:id/confirmation`,
    keyed(
      'confirmProposal',
      '由第二人确认提请；事项随即办理',
      { 200: proposalAnswer, 202: proposalAnswer },
      {
        description:
          '整批撤回一次导入的，确认后逐项办理，答复 202，Location 是该导入：其 withdrawal.status 为 done 时办完，counts 是撤回、恢复、保留和另待确认的项数。',
        params: schemas.byId,
        body: z.strictObject({}).optional(),
        refused: [404],
      },
    ),
    async (request, reply) => {
      const answer = await settled(request, (asked) => registry.acts.confirm(request.params.id, asked))
      const { route } = registry.acts.named(answer.act)
      // What is accepted goes on after the answer, whoever asked for it alone or had it confirmed.
      if (route.status === 202 && answer.about !== undefined)
        reply.code(202).header('location', `${API}/imports/${answer.about}`)
      return answer
    },
  )

  app.post(
    `${API}/proposals/:id/refusal`,
    keyed(
      'refuseProposal',
      '退回提请，或收回自己的提请，写明理由',
      { 200: proposalAnswer },
      { params: schemas.byId, body: z.strictObject({ reason: schemas.reason }), refused: [404] },
    ),
    async (request) =>
      settled(request, (asked) => registry.acts.refuse(request.params.id, request.body.reason, asked)),
  )

  for (const [way, label] of [
    ['confirmation', '确认'],
    ['refusal', '退回'],
  ] as const)
    app.post(
      `${API}/imports/:id/proposals/${way}`,
      {
        schema: {
          operationId: way === 'confirmation' ? 'confirmImport' : 'refuseImport',
          tags,
          summary: `逐项${label}一次导入提请的事项`,
          description: `每项各自判断和办理：其间有变动的失效，${label}不了的写明原因，都在答复中逐项列出；一次至多 ${MOST_AT_ONCE} 项，next 不是 null 的，以其为 after 继续。可以重复提交。`,
          security,
          params: schemas.byId,
          body: way === 'confirmation' ? stretch.optional() : stretch.extend({ reason: schemas.reason }),
          response: { 200: settledAnswer, ...refusals },
        },
      },
      async (request) => {
        const asked = writingRequest(request, ...readers.proposal)
        const { after, limit, reason } = settling.parse(request.body ?? {})
        const { items, next } = await registry.acts.settleImport(
          request.params.id,
          { reason, after, limit },
          asked,
        )
        const forbidden = forbiddenIn(items)
        if (forbidden !== undefined) await logRefusal(registry, request, forbidden)
        return {
          done: items.filter(({ refused }) => refused === undefined).length,
          items: items.map((one) => ({
            ...shownProposal(one),
            ...(one.refused && { hindrance: one.refused.title }),
          })),
          next,
        }
      },
    )

  async function settled(
    request: FastifyRequest<{ Params: { id: string } }>,
    settle: (asked: Request) => Promise<Outcome>,
  ) {
    const asked = writingRequest(request, ...readers.proposal)
    const { id } = request.params
    const found = registry.acts.proposal(id, asked.actor)
    const { dossier } = await settle(asked)
    // What it came to may have erased it since: it is answered as it was.
    const own = dossier ? dossier.proposals?.find((known) => known.id === id) : undefined
    return shownProposal({ ...found, own: own ?? registry.acts.proposal(id, asked.actor).own })
  }
}

/** What a proposal would change, in words. */
function changesOf({ differences, lines }: Foreseen) {
  const inWords = (value: unknown, column: Column) => (value === undefined ? '' : valueInWords(value, column))
  return [
    ...lines,
    ...differences.map(({ file, kind, record, column, before, after }) => ({
      label: `${file ? `${file.name} ` : ''}${kind.label}${record ? ` ${record.title}` : ''}：${column.label}`,
      before: inWords(before, column),
      after: inWords(after, column),
    })),
  ]
}

/** A proposal as whoever may see it sees it, without what it would write. */
export function shownProposal({
  own,
  title: name,
  part,
  dossier,
  act: { label, route },
  isDecision,
}: Proposed) {
  const { id, act, status, why, author, at, on, settled } = own
  return {
    id,
    act,
    label,
    status,
    ...(dossier && { orgCode: dossier.key }),
    name,
    ...(part !== '' && { part }),
    ...(on.id !== undefined && { about: on.id }),
    confirm: `${API}${isDecision ? route.path.replace(':id', on.id ?? '') : `/proposals/${id}/confirmation`}`,
    why,
    ...author,
    at,
    ...(settled && { settled }),
  }
}
