import { z } from 'zod'
import { readers } from '../authority/readers.ts'
import { ruleSetSchema } from '../blacklist/rule-set.ts'
import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { deadlineKinds } from '../dossier/deadline.ts'
import type { App } from '../http/app.ts'
import { regionCode, wholeNumber } from '../http/parameters.ts'
import { problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { caseAnswer } from './acts.ts'
import { actorOf, requireScope } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** Listing cases and their steps, candidates, objections, early ends of publication, clocks: for officers. */
export function caseRoutes(app: App, registry: Registry): void {
  const { listings } = registry
  const tags = ['黑名单']
  const security = [{ key: [] }]
  const byId = z.object({ id: z.string().max(100) })
  const region = z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' })

  app.get(
    `${API}/rule-sets`,
    {
      schema: {
        operationId: 'listRuleSets',
        tags,
        summary: '列入规则：情形、期限、同意程序、修复条件、管理措施',
        response: { 200: z.object({ items: z.array(ruleSetSchema) }) },
      },
    },
    async () => ({ items: registry.ruleSets.inForce().map((rules) => ({ ...rules })) }),
  )

  app.get(
    `${API}/cases`,
    {
      schema: {
        operationId: 'listCases',
        tags,
        summary: '列入案件',
        description: '本机关和下级机关的；省级和监察可见全部。',
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
      const key = requireScope(request, ...readers.case)
      const { status, limit, cursor } = request.query
      const region = regionCode(request.query.region)
      const { items, next } = listings.cases(actorOf(key), { status, region }, cursor, limit)
      return { items: items.map(({ own }) => listings.shownCase(own.id)), next }
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
            items: z.array(
              schemas.open(
                { orgCode: z.string(), penalty: z.string() },
                '名称、地区、处罚文号、日期和所符合的情形',
              ),
            ),
            next: z.string().nullable(),
          }),
          401: problem,
          403: problem,
          422: problem,
        },
      },
    },
    async (request) => {
      const key = requireScope(request, ...readers.case)
      const { limit, cursor } = request.query
      const region = regionCode(request.query.region)
      const { items, next } = await listings.candidates(actorOf(key), region, cursor, limit)
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
      const key = requireScope(request, ...readers.case)
      const { id } = request.params
      listings.seenCase(id, actorOf(key))
      return listings.shownCase(id)
    },
  )

  app.get(
    `${API}/deadlines`,
    {
      schema: {
        operationId: 'listDeadlines',
        tags,
        summary: '期限：将到期和已逾期的事项，按日期',
        description:
          '本机关和下级机关的；省级和监察可见全部。工作日按国务院放假通知计算；日历中没有某年的通知时，warnings 说明，certain 为 false。',
        security,
        querystring: z.strictObject({
          region,
          authority: z.string().max(100).optional(),
          what: z
            .enum(deadlineKinds, `应为 ${deadlineKinds.join('、')} 之一`)
            .optional()
            .meta({ description: '只列某一种；计划检查（inspection）只在指明时列出' }),
          within: wholeNumber(0, 1100).default(30).meta({ description: '多少天之内' }),
          late: z
            .enum(['true', 'false'])
            .default('false')
            .meta({ description: '改为列出已逾期完成的公示和撤回' }),
          limit: schemas.limit(100, 1000),
          cursor: wholeNumber(0, 1_000_000).default(0),
        }),
        response: {
          200: z.object({
            items: z.array(
              z.object({
                orgCode: z.string(),
                name: z.string(),
                region: z.string(),
                authority: z.string().optional().meta({ description: '由谁办理' }),
                what: z.string(),
                about: z.string(),
                consequence: z.string().optional().meta({ description: '到期会怎样' }),
                subject: z.string().optional().meta({ description: '所涉及的产品等' }),
                dueOn: schemas.day,
                doneOn: schemas.day.optional().meta({ description: '办理之日；没有办理的没有' }),
                until: schemas.day.optional().meta({ description: '此日之后不再有意义' }),
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
      const key = requireScope(request, ...readers.deadline)
      const { authority, what, within, late, limit, cursor } = request.query
      const dueBy = addDays(shanghaiDate(registry.now()), within)
      const filters = {
        dueBy,
        region: regionCode(request.query.region),
        authority,
        what,
        late: late === 'true',
      }
      return listings.deadlines(actorOf(key), filters, cursor, limit)
    },
  )
}
