import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Act, ActAnswer } from '../acts/act.ts'
import { caseOf } from '../blacklist/procedure.ts'
import type { Case } from '../dossier/case.ts'
import type { OfficerRecord } from '../dossier/face.ts'
import { fileJson } from '../dossier/face.ts'
import type { Address } from '../dossier/proposal.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import type { Outcome } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import { seenRevision, writingRequest } from './authentication.ts'
import { API, withPresentState } from './enterprises.ts'
import { proposalAnswer, shownProposal } from './proposals.ts'
import * as schemas from './schemas.ts'

const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 410: problem, 422: problem }
const JSON_TYPE = 'application/json; charset=utf-8'

/** Every act upon a file, as its definition has it: address, body, answers, who may. */
export function actRoutes(app: App, registry: Registry): void {
  for (const acts of byAddress(registry.acts.all)) route(app, registry, acts)
}

/** Acts that share an address: the `step` in the body tells them apart. */
function byAddress(all: readonly Act[]): Act[][] {
  const groups = new Map<string, Act[]>()
  for (const act of all) {
    const key = `${act.route.method} ${act.route.path}`
    groups.set(key, [...(groups.get(key) ?? []), act])
  }
  return Array.from(groups.values())
}

function route(app: App, registry: Registry, acts: readonly Act[]): void {
  const [first] = acts
  if (!first) return
  const { method, path, seen, status = 200, answer, operation } = first.route
  app.route({
    method,
    url: `${API}${path}`,
    schema: {
      operationId: operation ?? first.name.replace(/-./g, (part) => part.slice(1).toUpperCase()),
      tags: [TAGS[answer]],
      summary: acts.map(({ label }) => label).join('、'),
      description: acts.map(descriptionOf).join('\n\n'),
      security: [{ key: [] }],
      params: z.object(
        Object.fromEntries(
          Array.from(path.matchAll(/:(code|id)/g), ([, name = '']) => [
            name,
            name === 'code' ? schemas.codeParameter : z.string().max(100).meta({ description: '编号' }),
          ]),
        ),
      ),
      body: bodyOf(acts),
      response: {
        [answer === 'nothing' ? 204 : status]: ANSWERS[answer],
        ...(acts.some(({ secondRight }) => secondRight !== undefined) && { 202: proposalAnswer }),
        ...refusals,
        ...(seen && { 412: problem, 428: problem }),
      },
    },
    // Each act judges what it is asked by its own input, in its own words.
    validatorCompiler: () => (value: unknown) => ({ value }),
    handler: async (request, reply) => {
      const { act, input } = actAsked(acts, request.body)
      const asked = writingRequest(request, ...act.rights)
      const revision = seen ? seenRevision(request) : 'any'
      const address = registry.acts.addressIn(act, addressParams.parse(request.params))
      const perform = () => registry.acts.perform(act, address, input, asked, revision)
      const outcome = await (seen ? withPresentState(registry, address.code ?? '', perform) : perform())
      return sendOutcome(request, reply, registry, { act, address, outcome })
    },
  })
}

const addressParams = z.object({ code: z.string().max(200), id: z.string().max(100) }).partial()
const objectBody = z.record(z.string(), z.unknown(), '应为 JSON 对象')

/** The act that a body asks for, and its input. */
function actAsked(acts: readonly Act[], body: unknown): { act: Act; input: unknown } {
  const [first] = acts
  if (first && first.route.step === undefined) return { act: first, input: body ?? {} }
  const parsed = objectBody.safeParse(body ?? {})
  const { step, ...input } = parsed.success ? parsed.data : {}
  const act = acts.find((known) => known.route.step === step)
  if (act) return { act, input }
  const known = acts.map((one) => `${one.route.step}（${one.label}）`).join('、')
  throw invalid('/step', 'choice', `step 应为 ${known} 之一。`)
}

function bodyOf(acts: readonly Act[]): z.ZodType {
  const shapes = acts.map(({ input, route: { step } }) =>
    step === undefined ? input : input.extend({ step: z.literal(step) }),
  )
  const [first, second] = shapes
  return first && !second ? first : z.union(shapes)
}

function descriptionOf({ label, rights, whose, secondRight, effect, route: { step } }: Act): string {
  return [
    `${step === undefined ? '' : `${step}：`}${label}，需要 ${rights.join(' 或 ')}，${WHOSE_WORDS[whose]}。`,
    ...(effect === undefined ? [] : [effect]),
    ...(secondRight === undefined
      ? []
      : [`须由第二人确认的，答复 202 和提请，由持 ${secondRight} 的另一人确认。`]),
  ].join('')
}

const WHOSE_WORDS: Readonly<Record<Act['whose'], string>> = {
  place: '由企业所在地机关及其上级办理',
  owner: '由作出机关办理',
  ownerOrAbove: '由作出机关或者其上级办理',
  above: '由作出机关的上级办理',
  province: '由省级机关办理',
}

const TAGS: Readonly<Record<ActAnswer, string>> = {
  file: '档案',
  nothing: '档案',
  record: '记录',
  made: '记录',
  case: '黑名单',
  objection: '黑名单',
  earlyEnd: '黑名单',
  rating: '评价',
}

/** A case with its steps, and those that are open. */
export const caseAnswer = z
  .looseObject({
    id: z.string(),
    orgCode: z.string(),
    name: z.string(),
    status: z.string(),
    openSteps: z
      .array(z.object({ step: z.string(), from: schemas.day }))
      .meta({ description: '现在或自某日起可以进行的步骤' }),
  })
  .meta({ id: 'Case', description: '列入案件：各步骤及其经办人、理由、日期' })

const ANSWERS: Readonly<Record<ActAnswer, z.ZodType>> = {
  file: z
    .looseObject({ orgCode: z.string(), revision: z.int() })
    .meta({ description: '档案的现状，见 getFile' }),
  record: z.looseObject({
    id: z.string(),
    type: z.string(),
    data: z.looseObject({}),
    orgCode: z.string(),
    revision: z.int(),
  }),
  case: caseAnswer,
  objection: z.looseObject({ id: z.string(), orgCode: z.string(), upheld: z.boolean().optional() }),
  earlyEnd: z.object({ orgCode: z.string(), record: z.string(), status: z.string() }),
  rating: schemas.ratingAnswer.extend({ orgCode: z.string() }),
  made: z.object({ id: z.string(), orgCode: z.string(), revision: z.int() }),
  nothing: z.undefined().meta({ description: '已办理' }),
}

interface Done {
  act: Act
  address: Address
  outcome: Outcome
}

function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  registry: Registry,
  done: Done,
): FastifyReply {
  const { act, outcome } = done
  const { dossier, repeated, proposal } = outcome
  if (repeated) reply.header('idempotency-replayed', 'true')
  reply.headers({
    etag: `"${dossier.revision}"`,
    'cache-control': 'private, no-cache',
    'content-type': JSON_TYPE,
  })
  if (proposal)
    return reply
      .code(202)
      .header('location', `${API}/proposals/${proposal.id}`)
      .send(JSON.stringify(shownProposal(proposal, dossier, act)))
  if (act.route.answer === 'nothing') return reply.code(204).removeHeader('content-type').send()
  const made = act.route.status === 201
  const { body, location } = answerOf(registry, done)
  if (made && location !== undefined) reply.header('location', location)
  request.log.debug({ act: act.name }, 'act done')
  return reply.code(made ? 201 : 200).send(body)
}

function answerOf(registry: Registry, { act, address, outcome }: Done): { body: string; location?: string } {
  const { dossier, entries } = outcome
  const { key: orgCode, revision } = dossier
  const json = (body: unknown) => ({ body: JSON.stringify(body) })
  const id = address.id ?? ''
  switch (act.route.answer) {
    case 'file':
      return { body: fileJson(registry.files.officerFile(dossier)) }
    case 'record':
      return json(recordOf(registry, outcome))
    case 'case': {
      const caseId = act.on === 'case' ? id : (madeIn(entries) ?? '')
      const own = caseOf(dossier, caseId)
      return {
        ...json(own.removed ? endedCase(own) : registry.listings.shownCase(caseId)),
        location: `${API}/cases/${caseId}`,
      }
    }
    case 'objection': {
      const objection = act.on === 'objection' ? id : (madeIn(entries) ?? '')
      const settled = dossier.objections.find((known) => known.id === objection)?.settled
      return json({ id: objection, orgCode, ...(settled && { upheld: settled.upheld }) })
    }
    case 'earlyEnd': {
      const status = dossier.earlyEnds.findLast((known) => known.record === id)?.status ?? ''
      return json({ orgCode, record: id, status })
    }
    case 'rating':
      return json({ orgCode, ...registry.ratings.publicRating(id).rating })
    case 'made':
      return json({ id: madeIn(entries) ?? id, orgCode, revision })
    case 'nothing':
      return json({})
  }
}

const madeThing = z.object({ case: z.string() }).or(z.object({ id: z.string() }))

/** Id of what the first of some entries made. */
function madeIn(entries: Outcome['entries']): string | undefined {
  const { data } = madeThing.safeParse(entries[0]?.payload)
  return data && ('case' in data ? data.case : data.id)
}

/** A record as officers see it right after an act. */
export function recordOf(registry: Registry, { dossier, recordId }: Outcome) {
  const file = registry.files.officerFile(dossier)
  const record: OfficerRecord | undefined = Object.values(file.sections)
    .flat()
    .find(({ id }) => id === recordId)
  if (!record) throw new Refusal('unknown', `档案 ${dossier.key} 中没有这条记录。`)
  const { key: orgCode, revision, position } = dossier
  return { ...record, orgCode, revision, position }
}

/** A case that has just ended may have been erased since: it is answered as it was. */
function endedCase(own: Case) {
  return { ...own, orgCode: '', name: '', openSteps: [] }
}
