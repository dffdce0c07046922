import { z } from 'zod'
import { rightOf } from '../blacklist/step.ts'
import { addDays, shanghaiDate } from '../calendar/dates.ts'
import type { Case } from '../dossier/case.ts'
import { deadlineKinds } from '../dossier/deadline.ts'
import type { App } from '../http/app.ts'
import { regionCode } from '../http/parameters.ts'
import { problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope, writingRequest } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const words = (max: number) => z.string('应为文字').max(max, `最多 ${max} 字`)
const date = z.string('应为日期').max(10)

const step = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('notice'), servedOn: date, way: words(100) }),
  z.strictObject({ step: z.literal('statement'), on: date, statement: words(10_000), answer: words(10_000) }),
  z.strictObject({ step: z.literal('consent'), granted: z.boolean(), reasons: words(4000) }),
  z.strictObject({
    step: z.literal('decision'),
    listed: z.boolean(),
    decisionNo: words(100),
    decidedOn: date,
    reasons: words(10_000),
    measures: z.array(words(200)).min(1).max(20).optional(),
  }),
  z.strictObject({ step: z.literal('publication') }),
  z.strictObject({ step: z.literal('repairApplication'), on: date, grounds: words(10_000) }),
  z.strictObject({ step: z.literal('repairAcceptance'), accepted: z.boolean(), reasons: words(4000) }),
  z.strictObject({ step: z.literal('repairInspection'), on: date, findings: words(10_000) }),
  z.strictObject({ step: z.literal('repairDecision'), granted: z.boolean(), reasons: words(4000) }),
  z.strictObject({ step: z.literal('revocation'), reason: words(4000) }),
  z.strictObject({ step: z.literal('dropping'), reason: words(4000) }),
])

/** Listing cases and their steps, candidates, objections, early ends of publication, clocks: for officers. */
export function caseRoutes(app: App, registry: Registry): void {
  const { listings } = registry
  const tags = ['黑名单']
  const security = [{ key: [] }]
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 410: problem, 422: problem }
  const openStep = z.object({ step: z.string(), from: schemas.day })
  const caseAnswer = z
    .looseObject({
      id: z.string(),
      orgCode: z.string(),
      name: z.string(),
      status: z.string(),
      openSteps: z.array(openStep).meta({ description: '现在或自某日起可以进行的步骤' }),
    })
    .meta({ id: 'Case', description: '列入案件：各步骤及其经办人、理由、日期' })
  const byCode = z.object({ code: schemas.codeParameter })
  const byId = z.object({ id: z.string().max(100) })
  const region = z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' })

  app.get(
    `${API}/rule-sets`,
    {
      schema: {
        operationId: 'listRuleSets',
        tags,
        summary: '列入规则：情形、期限、同意程序、修复条件、管理措施',
        response: { 200: z.object({ items: z.array(z.looseObject({ id: z.string(), version: z.int() })) }) },
      },
    },
    async () => ({ items: registry.ruleSets.inForce().map((rules) => ({ ...rules })) }),
  )

  app.post(
    `${API}/enterprises/:code/cases`,
    {
      schema: {
        operationId: 'proposeListing',
        tags,
        summary: '提出列入：以处罚记录为依据，写明情形、事实和理由',
        security,
        params: byCode,
        body: z.strictObject({
          ruleSet: z.string().max(60),
          ground: z.string().max(60),
          penalties: z.array(z.string().max(100)).max(50).meta({ description: '处罚记录的编号' }),
          facts: words(4000),
          reasons: words(4000),
        }),
        response: { 201: caseAnswer, ...refusals },
      },
    },
    async (request, reply) => {
      const { caseId } = await listings.propose(
        request.params.code,
        request.body,
        writingRequest(request, 'listings:write'),
      )
      return reply.code(201).header('location', `${API}/cases/${caseId}`).send(shown(caseId))
    },
  )

  app.get(
    `${API}/cases`,
    {
      schema: {
        operationId: 'listCases',
        tags,
        summary: '列入案件',
        security,
        querystring: z.strictObject({
          status: z.string().max(30).optional(),
          region,
          limit: schemas.limit(50, 200),
          cursor: z.string().max(100).default(''),
        }),
        response: {
          200: z.object({ items: z.array(caseAnswer), next: z.string().nullable() }),
          401: problem,
          403: problem,
          422: problem,
        },
      },
    },
    async (request) => {
      requireScope(request, 'listings:write', 'listings:decide')
      const { status, limit, cursor } = request.query
      const { items, next } = listings.cases(status, regionCode(request.query.region), cursor, limit)
      return { items: items.map(({ own }) => shown(own.id)), next }
    },
  )

  app.get(
    `${API}/cases/candidates`,
    {
      schema: {
        operationId: 'listCandidates',
        tags,
        summary: '符合列入情形、尚未立案的处罚；是否提出由人决定',
        security,
        querystring: z.strictObject({
          region,
          limit: schemas.limit(50, 200),
          cursor: z.string().max(18).default(''),
        }),
        response: {
          200: z.object({
            items: z.array(z.looseObject({ orgCode: z.string(), penalty: z.string() })),
            next: z.string().nullable(),
          }),
          401: problem,
          403: problem,
          422: problem,
        },
      },
    },
    async (request) => {
      requireScope(request, 'listings:write', 'listings:decide')
      const { limit, cursor } = request.query
      const { items, next } = await listings.candidates(regionCode(request.query.region), cursor, limit)
      return { items: items.map((item) => ({ ...item })), next }
    },
  )

  app.get(
    `${API}/cases/:id`,
    {
      schema: {
        operationId: 'getCase',
        tags,
        summary: '一个列入案件的全部步骤，以及现在可以进行的步骤',
        security,
        params: byId,
        response: { 200: caseAnswer, 401: problem, 403: problem, 404: problem },
      },
    },
    async (request) => {
      requireScope(request, 'listings:write', 'listings:decide')
      return shown(request.params.id)
    },
  )

  app.post(
    `${API}/cases/:id/steps`,
    {
      schema: {
        operationId: 'takeStep',
        tags,
        summary: '进行案件的一个步骤',
        description:
          'notice 送达告知；statement 登记陈述、申辩及答复；consent 上一级同意；decision 作出决定；publication 公示；repairApplication、repairAcceptance、repairInspection、repairDecision 信用修复；revocation 撤销列入；dropping 终止案件。顺序不对时得到 409，答复中列出现在可以进行的步骤。',
        security,
        params: byId,
        body: step,
        response: { 200: caseAnswer, ...refusals },
      },
    },
    async (request) => {
      const asked = writingRequest(request, rightOf(request.body.step))
      const own = await listings.step(request.params.id, request.body, asked)
      return own.removed ? ended(own) : shown(own.id)
    },
  )

  app.post(
    `${API}/enterprises/:code/objections`,
    {
      schema: {
        operationId: 'fileObjection',
        tags,
        summary: '登记企业对记录、等级或列入的异议；公开页面随即注明异议处理中',
        security,
        params: byCode,
        body: z.strictObject({
          about: z.strictObject({ kind: z.enum(['record', 'rating', 'case']), id: z.string().max(100) }),
          on: date.meta({ description: '提出日期' }),
          grounds: words(10_000),
        }),
        response: { 201: z.object({ id: z.string(), orgCode: z.string() }), ...refusals },
      },
    },
    async (request, reply) => {
      const { key, id } = await listings.object(
        request.params.code,
        request.body,
        writingRequest(request, 'listings:write'),
      )
      return reply.code(201).send({ id, orgCode: key })
    },
  )

  app.post(
    `${API}/enterprises/:code/objections/:id/settlement`,
    {
      schema: {
        operationId: 'settleObjection',
        tags,
        summary: '处理异议，写明结果和理由；对列入的异议成立时随即移出',
        security,
        params: schemas.recordParameters,
        body: z.strictObject({ upheld: z.boolean(), outcome: words(10_000) }),
        response: {
          200: z.object({ id: z.string(), orgCode: z.string(), upheld: z.boolean() }),
          ...refusals,
        },
      },
    },
    async (request) => {
      const { code, id } = request.params
      const dossier = await listings.settle(
        code,
        id,
        request.body,
        writingRequest(request, 'listings:decide'),
      )
      return { id, orgCode: dossier.key, upheld: request.body.upheld }
    },
  )

  app.post(
    `${API}/enterprises/:code/records/:id/early-end`,
    {
      schema: {
        operationId: 'endPublicationEarly',
        tags,
        summary: '提前停止公示处罚信息：申请、核查、决定（市场监管总局令第45号第十四条）',
        security,
        params: schemas.recordParameters,
        body: z.discriminatedUnion('step', [
          z.strictObject({ step: z.literal('application'), on: date, grounds: words(10_000) }),
          z.strictObject({ step: z.literal('check'), findings: words(10_000) }),
          z.strictObject({ step: z.literal('decision'), granted: z.boolean(), reasons: words(10_000) }),
        ]),
        response: {
          200: z.object({ orgCode: z.string(), record: z.string(), status: z.string() }),
          ...refusals,
        },
      },
    },
    async (request) => {
      const { code, id } = request.params
      const scope = request.body.step === 'decision' ? 'listings:decide' : 'listings:write'
      const dossier = await listings.earlyEnd(code, id, request.body, writingRequest(request, scope))
      const status = dossier.earlyEnds.findLast((known) => known.record === id)?.status ?? ''
      return { orgCode: dossier.key, record: id, status }
    },
  )

  app.get(
    `${API}/deadlines`,
    {
      schema: {
        operationId: 'listDeadlines',
        tags,
        summary: '期限：将到期和已逾期的事项，按日期',
        description: '工作日按国务院放假通知计算；日历中没有某年的通知时，warnings 说明，certain 为 false。',
        security,
        querystring: z.strictObject({
          region,
          authority: z.string().max(100).optional(),
          what: z
            .enum(deadlineKinds, `应为 ${deadlineKinds.join('、')} 之一`)
            .optional()
            .meta({ description: '只列某一种；计划检查（inspection）只在指明时列出' }),
          within: z.coerce
            .number('应为整数')
            .int('应为整数')
            .min(0)
            .max(1100)
            .default(30)
            .meta({ description: '多少天之内' }),
          late: z
            .enum(['true', 'false'])
            .default('false')
            .meta({ description: '改为列出已逾期完成的公示和撤回' }),
          limit: schemas.limit(100, 1000),
          cursor: z.coerce.number().int().min(0).max(1_000_000).default(0),
        }),
        response: {
          200: z.object({
            items: z.array(
              z.looseObject({
                orgCode: z.string(),
                what: z.string(),
                about: z.string(),
                dueOn: schemas.day,
                overdue: z.boolean(),
                certain: z.boolean(),
              }),
            ),
            next: z.int().nullable(),
            warnings: z.array(z.string()),
          }),
          400: problem,
          401: problem,
          403: problem,
          422: problem,
        },
      },
    },
    async (request) => {
      requireScope(request, 'records:read', 'records:write', 'listings:write', 'listings:decide')
      const { authority, what, within, late, limit, cursor } = request.query
      const dueBy = addDays(shanghaiDate(registry.now()), within)
      const filters = {
        dueBy,
        region: regionCode(request.query.region),
        authority,
        what,
        late: late === 'true',
      }
      return listings.deadlines(filters, cursor, limit)
    },
  )

  function shown(id: string) {
    const { key, dossier, own, open } = listings.case(id)
    return { ...own, orgCode: key, name: String(dossier.enterprise.name), openSteps: open }
  }

  /** A case that has just ended may have been erased since: it is answered as it was. */
  function ended(own: Case) {
    return { ...own, orgCode: '', name: '', openSteps: [] }
  }
}
