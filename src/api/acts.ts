import type { FastifyReply, FastifyRequest } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Act, ActAnswer } from '../acts/act.ts'
import { addRecordAct } from '../acts/add-record.ts'
import { type Actor, whoseRules } from '../authority/acting.ts'
import type { Address } from '../authority/proposal.ts'
import { caseOf } from '../blacklist/procedure.ts'
import { tidyCode } from '../codes/typed.ts'
import { type Case, lastText } from '../dossier/case.ts'
import { fileOfCode } from '../dossier/codes.ts'
import type { OfficerRecord } from '../dossier/face.ts'
import { fileJson } from '../dossier/face.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import { type FileOutcome, type Outcome, ofFile } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import { accountAnswers } from './accounts.ts'
import type { Answer, Done } from './answer.ts'
import { seenRevision, writingRequest } from './authentication.ts'
import { bulletinAnswer } from './blacklist.ts'
import { campaignAnswer } from './campaigns.ts'
import { consumerAnswer } from './consumers.ts'
import { API, withPresentState } from './enterprises.ts'
import { importAnswer } from './imports.ts'
import { proposalAnswer, shownProposal } from './proposals.ts'
import * as schemas from './schemas.ts'
import { adoptionAnswers } from './standards.ts'
import { drawAnswers, rosterAnswer } from './supervision.ts'

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
  const params = z.object(
    Object.fromEntries(
      Array.from(path.matchAll(/:(code|id)/g), ([, name = '']) => [
        name,
        name === 'code' ? schemas.codeParameter : z.string().max(100).meta({ description: '编号' }),
      ]),
    ),
  )
  app.route({
    method,
    url: `${API}${path}`,
    schema: {
      operationId: operation ?? first.name.replace(/-./g, (part) => part.slice(1).toUpperCase()),
      tags: [ANSWERS[answer].tag],
      summary: acts.map(({ label }) => label).join('、'),
      description: acts.map(descriptionOf).join('\n\n'),
      security: [{ key: [] }],
      params,
      body: first === addRecordAct ? schemas.newRecord(registry.catalogue) : bodyOf(acts),
      response: {
        [answer === 'nothing' ? 204 : status]: ANSWERS[answer].schema,
        // Whoever decides on what waits is answered with what stands then.
        ...(ANSWERS[answer].accepted && !first.isApart && { 202: ANSWERS[answer].accepted }),
        ...(acts.some(({ secondRight }) => secondRight !== undefined) && {
          202: status === 202 ? z.union([ANSWERS[answer].schema, proposalAnswer]) : proposalAnswer,
        }),
        ...refusals,
        ...(seen && { 412: problem, 428: problem }),
      },
    },
    // Each act judges what it is asked by its own input, in its own words.
    validatorCompiler: ({ httpPart, ...part }) =>
      httpPart === 'params'
        ? validatorCompiler({ ...part, httpPart, schema: params })
        : (value: unknown) => ({ value }),
    handler: async (request, reply) => {
      const { act, input } = actAsked(acts, request.body)
      const asked = writingRequest(request, ...act.rights)
      const revision = seen ? seenRevision(request) : 'any'
      const address = registry.acts.addressIn(act, addressParams.parse(request.params))
      const { each, unreached } = within(registry, act, { address, input }, asked.actor)
      const perform = () => registry.acts.performAll(act, each, asked, revision)
      const outcome = await (seen
        ? withPresentState(request, registry, address.code ?? '', asked.actor, perform)
        : perform())
      return sendOutcome(request, reply, registry, { act, address, outcome, actor: asked.actor, unreached })
    },
  })
}

interface OfFile {
  address: Address
  input: unknown
}

const sampleAsked = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })

/** The files in which an act is done: of a sample, those of its other parties too, and whom it does not reach. */
function within(
  registry: Registry,
  act: Act,
  { address, input }: OfFile,
  actor: Actor,
): { each: OfFile[]; unreached: readonly { name: string; why: string }[] } {
  const { data: asked } = sampleAsked.safeParse(input)
  const own =
    act === addRecordAct && asked
      ? fileOfCode(tidyCode(address.code ?? ''), (key) => registry.files.under(key))
      : undefined
  if (!own || !asked || own.withdrawn) return { each: [{ address, input }], unreached: [] }
  const { files, unreached } = registry.acts.recordedIn(own, asked.type, asked.data, actor)
  const whole = typeof input === 'object' ? input : {}
  const each = files.map(({ key, data }) => ({
    address: key === own.key ? address : { code: key },
    input: { ...whole, data },
  }))
  return { each, unreached }
}

const addressParams = z.object({ code: z.string().max(200), id: z.string().max(100) }).partial()
const objectBody = z.record(z.string(), z.unknown(), '应为 JSON 对象')

/** The act that a body asks for, and its input. */
function actAsked(acts: readonly Act[], body: unknown): { act: Act; input: unknown } {
  const [first] = acts
  if (first && first.route.step === undefined) {
    const { body: field } = first.route
    return { act: first, input: field === undefined ? (body ?? {}) : { [field]: body } }
  }
  const parsed = objectBody.safeParse(body ?? {})
  const { step, ...input } = parsed.success ? parsed.data : {}
  const act = acts.find((known) => known.route.step === step)
  if (act) return { act, input }
  const known = acts.map((one) => `${one.route.step}（${one.label}）`).join('、')
  throw invalid('/step', 'choice', `step 应为 ${known} 之一。`)
}

function bodyOf(acts: readonly Act[]): z.ZodType {
  const shapes = acts.map(({ input, route: { step, body } }) => {
    const whole = body === undefined ? undefined : input.shape[body]
    if (whole instanceof z.ZodType) return whole
    return step === undefined ? input : input.extend({ step: z.literal(step) })
  })
  const [first, second] = shapes
  return first && !second ? first : z.union(shapes)
}

function descriptionOf({ label, rights, whose, secondRight, effect, route: { step } }: Act): string {
  return [
    `${step === undefined ? '' : `${step}：`}${label}，需要 ${rights.join(' 或 ')}，由${whoseRules[whose]}办理。`,
    ...(effect === undefined ? [] : [effect]),
    ...(secondRight === undefined
      ? []
      : [`须由第二人确认的，答复 202 和提请，由持 ${secondRight} 的另一人确认。`]),
  ].join('')
}

/** A case with its steps, and those that are open. */
export const caseAnswer = z
  .object({
    id: z.string(),
    orgCode: z.string(),
    name: z.string(),
    status: z.string(),
    openSteps: z
      .array(
        z.object({
          step: z.string(),
          from: schemas.day,
          proposal: z.string().optional().meta({ description: '这一步已经提请，待第二人确认的：提请的编号' }),
        }),
      )
      .meta({ description: '现在或自某日起可以进行的步骤' }),
  })
  .catchall(z.unknown().meta({ description: '已经办理的各步，以步骤命名：日期、经办人、理由' }))
  .meta({ id: 'Case', description: '列入案件：各步骤及其经办人、理由、日期' })

/** How each thing is answered with, as it stands right after an act. */
const ANSWERS: Readonly<Record<ActAnswer, Answer>> = {
  file: {
    tag: '档案',
    schema: schemas
      .open({ orgCode: z.string(), revision: z.int() }, '机关所见的档案，见 getFile')
      .meta({ description: '档案的现状，见 getFile' }),
    shown: (registry, { outcome, actor }) => ({
      json: fileJson(registry.files.officerFile(ofFile(outcome).dossier, actor)),
    }),
  },
  consumer: consumerAnswer,
  record: {
    tag: '记录',
    schema: schemas.anyRecord.extend({
      alsoIn: z
        .array(z.object({ orgCode: z.string(), id: z.string(), role: z.string().optional() }))
        .optional()
        .meta({ description: '样品同时记入的其他当事企业的档案，各以其角色' }),
      unreached: z
        .array(z.object({ name: z.string(), why: z.string() }))
        .optional()
        .meta({ description: '样品写明、而没有记入其档案的其他当事企业，及原因' }),
      warnings: z
        .array(z.object({ code: z.string(), detail: z.string() }))
        .optional()
        .meta({ description: '须留意的，如写明的机关没有开立（unknown-authority）' }),
    }),
    shown(registry, { outcome, actor, unreached = [] }) {
      const alsoIn = recordedElsewhere(outcome)
      const strange = registry.authorities.unknownIn(outcome)
      const body = {
        ...recordOf(registry, ofFile(outcome), actor),
        ...(strange !== undefined && { warnings: [{ code: 'unknown-authority', detail: strange }] }),
        ...(alsoIn.length > 0 && { alsoIn }),
        ...(unreached.length > 0 && !outcome.repeated && { unreached }),
      }
      return { body, location: `/enterprises/${body.orgCode}/records/${body.id}` }
    },
  },
  case: {
    tag: '黑名单',
    schema: caseAnswer,
    shown(registry, { act, address, outcome }) {
      const id = act.on === 'case' ? (address.id ?? '') : (madeIn(outcome) ?? '')
      const own = caseOf(ofFile(outcome).dossier, id)
      const body = own.removed ? endedCase(own) : registry.listings.shownCase(id)
      return { body, location: `/cases/${id}` }
    },
  },
  objection: {
    tag: '黑名单',
    schema: z.object({ id: z.string(), orgCode: z.string(), upheld: z.boolean().optional() }),
    shown(_, { act, address, outcome }) {
      const { dossier } = ofFile(outcome)
      const id = act.on === 'objection' ? (address.id ?? '') : (madeIn(outcome) ?? '')
      const settled = dossier.objections.find((known) => known.id === id)?.settled
      return { body: { id, orgCode: dossier.key, ...(settled && { upheld: settled.upheld }) } }
    },
  },
  earlyEnd: {
    tag: '黑名单',
    schema: z.object({ orgCode: z.string(), record: z.string(), status: z.string() }),
    shown(_, { address, outcome }) {
      const { dossier } = ofFile(outcome)
      const record = address.id ?? ''
      const status = dossier.earlyEnds.findLast((known) => known.record === record)?.status ?? ''
      return { body: { orgCode: dossier.key, record, status } }
    },
  },
  decisionText: {
    tag: '记录',
    schema: z.object({
      orgCode: z.string(),
      record: z.string(),
      status: z.enum(['attached', 'approved', 'returned']),
      masked: z.int().meta({ description: '隐去了几处' }),
      text: z.string(),
    }),
    shown(_, { address, outcome }) {
      const { dossier } = ofFile(outcome)
      const last = lastText(dossier, address.id ?? '')
      if (!last) throw new Refusal('unknown', '没有附处罚决定书。')
      const { record, status, attached } = last
      return { body: { orgCode: dossier.key, record, status, masked: attached.masked, text: attached.text } }
    },
  },
  rating: {
    tag: '评价',
    schema: schemas.ratingAnswer.extend({ orgCode: z.string() }),
    shown: (registry, { address, outcome }) => ({
      body: { orgCode: outcome.subject, ...registry.ratings.publicRating(address.id ?? '').rating },
    }),
  },
  made: {
    tag: '记录',
    schema: z.object({ id: z.string(), orgCode: z.string(), revision: z.int() }),
    shown(registry, { address, outcome, actor }) {
      const { dossier } = ofFile(outcome)
      const { key: orgCode } = dossier
      const revision = registry.files.revision(dossier, actor)
      return { body: { id: madeIn(outcome) ?? address.id, orgCode, revision } }
    },
  },
  nothing: { tag: '档案', schema: z.undefined().meta({ description: '已办理' }), shown: () => ({}) },
  ...accountAnswers,
  ...adoptionAnswers,
  campaign: campaignAnswer,
  bulletin: bulletinAnswer,
  draw: drawAnswers,
  roster: rosterAnswer,
  import: importAnswer,
}

function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  registry: Registry,
  done: Done,
): FastifyReply {
  const { act, outcome, actor } = done
  const { dossier, repeated, proposal } = outcome
  if (repeated) reply.header('idempotency-replayed', 'true')
  reply.headers({ 'cache-control': 'private, no-cache', 'content-type': JSON_TYPE })
  if (dossier) reply.header('etag', registry.files.etag(dossier, actor))
  request.isTold = outcome.secret !== undefined
  request.isShown = repeated || outcome.entries.length === 0
  if (proposal)
    return reply
      .code(202)
      .header('location', `${API}/proposals/${proposal.id}`)
      .send(JSON.stringify(shownProposal(registry.acts.proposal(proposal.id, actor))))
  const { status = 200, answer } = act.route
  if (answer === 'nothing') return reply.code(204).removeHeader('content-type').send()
  const { body, json = JSON.stringify(body), location, isAccepted } = ANSWERS[answer].shown(registry, done)
  const code = isAccepted ? 202 : status
  if (location !== undefined && code !== 200) reply.header('location', `${API}${location}`)
  request.log.debug({ act: act.name }, 'act done')
  return reply.code(code).send(json)
}

const madeThing = z.object({ case: z.string() }).or(z.object({ id: z.string() }))

/** Id of what the first of some entries made. */
function madeIn({ entries }: Outcome): string | undefined {
  const { data } = madeThing.safeParse(entries[0]?.payload)
  return data && ('case' in data ? data.case : data.id)
}

const recordMade = z.object({ id: z.string(), data: z.object({ role: z.string().optional() }) })

/** Records that an act made in other files than the one that it was upon. */
function recordedElsewhere({ subject, entries }: Outcome) {
  return entries.flatMap((entry) => {
    const { data: made } = recordMade.safeParse(entry.payload)
    if (entry.kind !== 'record.added' || entry.subject === subject || !made) return []
    const { role } = made.data
    return [{ orgCode: entry.subject, id: made.id, ...(role !== undefined && { role }) }]
  })
}

/** A record as officers see it right after an act. */
export function recordOf(registry: Registry, { dossier, recordId }: FileOutcome, actor: Actor) {
  const file = registry.files.officerFile(dossier, actor)
  const record: OfficerRecord | undefined = Object.values(file.sections)
    .flat()
    .find(({ id }) => id === recordId)
  if (!record) throw new Refusal('unknown', `档案 ${dossier.key} 中没有这条记录。`)
  const { orgCode, revision, position } = file
  return { ...record, orgCode, revision, position }
}

/** A case that has just ended may have been erased since: it is answered as it was. */
function endedCase(own: Case) {
  return { ...own, orgCode: '', name: '', openSteps: [] }
}
