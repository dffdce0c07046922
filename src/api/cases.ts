import { z } from 'zod'
import { readers } from '../authority/readers.ts'
import { ruleSetSchema } from '../blacklist/rule-set.ts'
import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { deadlineKinds } from '../dossier/deadline.ts'
import type { App } from '../http/app.ts'
import { cursorOf, placeIn } from '../http/list-parameters.ts'
import { regionCode, wholeNumber } from '../http/parameters.ts'
import type { Registry } from '../registry/registry.ts'
import { caseAnswer } from './acts.ts'
import { actorOf, requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed, open } = chapter('黑名单')

/** Listing cases and their steps, candidates, objections, early ends of publication, clocks: for officers. */
export function caseRoutes(app: App, registry: Registry): void {
  const { listings } = registry

  app.get(
    `${API}/rule-sets`,
    open(
      'listRuleSets',
      '列入规则：情形、期限、同意程序、修复条件、管理措施',
      { 200: schemas.listOf(ruleSetSchema) },
      {},
    ),
    async () => ({ items: registry.ruleSets.inForce().map((rules) => ({ ...rules })) }),
  )

  app.get(
    `${API}/cases`,
    keyed(
      'listCases',
      '列入案件',
      { 200: schemas.pageOf(caseAnswer) },
      {
        description: '本机关和下级机关的；省级和监察可见全部。',
        querystring: z.strictObject({
          status: z.string().max(30).optional(),
          region: schemas.region,
          limit: schemas.limit(50, 200),
          cursor: z.string().max(100).default(''),
        }),
        refused: [422],
      },
    ),
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
    keyed(
      'listCandidates',
      '符合列入情形、尚未立案的处罚；是否提出由人决定',
      {
        200: schemas.pageOf(
          schemas.open(
            { orgCode: z.string(), penalty: z.string() },
            '名称、地区、处罚文号、日期和所符合的情形',
          ),
        ),
      },
      {
        querystring: z.strictObject({
          region: schemas.region,
          limit: schemas.limit(50, 200),
          cursor: z.string().max(18).default(''),
        }),
        refused: [422],
      },
    ),
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
    keyed(
      'getCase',
      '一个列入案件的全部步骤，以及现在可以进行的步骤',
      { 200: caseAnswer },
      { params: schemas.byId, refused: [404] },
    ),
    async (request) => {
      const key = requireScope(request, ...readers.case)
      const { id } = request.params
      listings.seenCase(id, actorOf(key))
      return listings.shownCase(id)
    },
  )

  app.get(
    `${API}/deadlines`,
    keyed(
      'listDeadlines',
      '期限：将到期和已逾期的事项，按日期',
      {
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
          next: z.string().nullable(),
          warnings: z.array(z.string()),
        }),
      },
      {
        description:
          '本机关和下级机关的；省级和监察可见全部。工作日按国务院放假通知计算；日历中没有某年的通知时，warnings 说明，certain 为 false。',
        querystring: z.strictObject({
          region: schemas.region,
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
          cursor: z.string().max(400).optional(),
        }),
        refused: [422],
      },
    ),
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
      const { items, next, warnings } = listings.deadlines(actorOf(key), filters, placeIn(cursor), limit)
      return { items, next: next && cursorOf(...next), warnings }
    },
  )
}
