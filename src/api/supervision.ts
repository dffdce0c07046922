import { z } from 'zod'
import { type Maker, toAnyone } from '../authority/maker.ts'
import { readers } from '../authority/readers.ts'
import { invalid } from '../dossier/refusal.ts'
import type { TableColumn } from '../exchange/export.ts'
import type { App } from '../http/app.ts'
import { periodOf, regionCode } from '../http/parameters.ts'
import { sendTable } from '../http/tables.ts'
import type { Registry } from '../registry/registry.ts'
import { publicLeftOut } from '../supervision/draw.ts'
import { type Answer, idIn } from './answer.ts'
import { actorOf, officerAsking, requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed, open } = chapter('分类监管')

const PLAN_COLUMNS: readonly TableColumn[] = [
  { field: 'id', label: '计划编号' },
  { field: 'orgCode', label: '档案编号' },
  { field: 'name', label: '企业名称' },
  { field: 'region', label: '行政区划' },
  { field: 'groupName', label: '产品类别' },
  { field: 'risk', label: '产品风险' },
  { field: 'class', label: '企业类别' },
  { field: 'mode', label: '监管方式' },
  { field: 'everyMonths', label: '检查间隔（月）' },
  { field: 'dueOn', label: '应检日期' },
  { field: 'status', label: '状态' },
  { field: 'inspectedOn', label: '检查日期' },
]
const STATUS_WORDS = { done: '已检查', due: '应检', overdue: '逾期' } as const
const MOST_EXPORTED = 100_000

const drawAnswer = z
  .object({
    id: z.string(),
    madeAt: schemas.time,
    position: z.int(),
    status: z.enum(['begun', 'joined', 'opened', 'made']),
    commitments: z.array(schemas.open({ hash: z.string() }, '由谁、何时公布，开启后的种子')),
    sameAs: z.array(schemas.open({ id: z.string() }, '名称、日期和状态')),
    seed: z.string(),
    candidates: z.array(schemas.open({ orgCode: z.string(), class: z.string() }, '抽取所据的排序值')),
    leftOut: z
      .array(schemas.open({ orgCode: z.string(), reason: z.string() }, '名称'))
      .meta({ description: '不参加抽取的企业；公开的答复中没有因上级已抽查而不参加的' }),
    drawn: z.array(
      schemas.open({ orgCode: z.string(), hash: z.string(), inspectors: z.array(z.string()) }, '名称和类别'),
    ),
  })
  .catchall(z.unknown().meta({ description: '方案：名称、类别、层级、地区、期间、比例、检查人员' }))
  .meta({
    id: 'Draw',
    description:
      '一次双随机抽取：方案、两份种子的摘要和种子、候选、抽中的企业和检查人员；sameAs 是同样方案的其他各次',
  })

/** How a draw is answered with right after it was made. */
export const drawAnswers: Answer = {
  tag: '分类监管',
  schema: drawAnswer,
  shown(registry, done) {
    const id = idIn(done)
    return { body: drawJson(registry, id, true), location: `/supervision/draws/${id}` }
  },
}

/** How a roster is answered with: what it is, and of how many. */
export const rosterAnswer: Answer = {
  tag: '分类监管',
  schema: z.object({
    id: z.string(),
    kind: z.string(),
    part: z.string().optional(),
    source: z.string(),
    on: schemas.day,
    holders: z.int().meta({ description: '名录所列的行数' }),
  }),
  shown(registry, done) {
    const { id, kind, part, source, on, holders } = registry.supervision.roster(idIn(done))
    const about = { id, kind, ...(part !== undefined && { part }), source, on }
    return { body: { ...about, holders: holders.length } }
  },
}

/** A draw as it is answered: to whoever has a key, with those who drew and everybody who was left out. */
function drawJson(registry: Registry, id: string, isOfficer: boolean) {
  const made = registry.supervision.draw(id)
  const { candidates, leftOut: _, drawn, commitments, author: drewBy, ...rest } = made
  const named = (maker: Maker) => (isOfficer ? maker : toAnyone(maker))
  const leftOut = isOfficer ? made.leftOut : publicLeftOut(made)
  return {
    ...rest,
    author: named(drewBy),
    commitments: commitments.map(({ by: __, author, ...own }) => ({ ...own, ...named(author) })),
    sameAs: registry.supervision
      .sameAs(made)
      .map(({ id: other, name, status }) => ({ id: other, name, status })),
    candidates: candidates.map((candidate) => ({ ...candidate })),
    leftOut: leftOut.map((enterprise) => ({ ...enterprise })),
    drawn: drawn.map((enterprise) => ({ ...enterprise })),
  }
}

/** Classified supervision: scheme, inspection plan, follow-up of failed tests, renewals, random draws. */
export function supervisionRoutes(app: App, registry: Registry): void {
  const base = `${API}/supervision`
  const cursor = z.string().max(18).default('')
  const next = z.string().nullable()
  const date = z.string().max(10)

  app.get(
    `${base}/scheme`,
    open(
      'getScheme',
      '分类监管方案：产品类别及其风险，各类企业的监管方式和检查间隔',
      {
        200: z
          .record(z.string(), z.unknown())
          .meta({ description: '方案：类别、风险、检查间隔、期限，各有出处' }),
      },
      {},
    ),
    async () => ({ ...registry.supervision.scheme }),
  )

  app.get(
    `${base}/plan`,
    keyed(
      'getPlan',
      '检查计划：某期间应检、逾期、已检查的企业和产品',
      {
        200: z.object({
          items: z.array(
            schemas.open({ id: z.string(), dueOn: schemas.day }, '企业、产品、类别、间隔和状态'),
          ),
          next,
        }),
      },
      {
        description:
          '登记检查记录时以计划编号为 planNo，或同类产品的检查，即完成该项。format=csv 或 xlsx 导出全部。',
        querystring: z.strictObject({
          region: schemas.region,
          from: date,
          to: date,
          group: z.string().max(60).optional(),
          status: z.enum(['done', 'due', 'overdue']).optional(),
          limit: schemas.limit(100, 1000),
          cursor,
          format: schemas.format,
        }),
        refused: [422],
      },
    ),
    async (request, reply) => {
      requireScope(request, ...readers.supervision)
      const { from, to, group, status, limit, cursor: after, format } = request.query
      const period = periodOf(from, to)
      const asked = { region: regionCode(request.query.region), period, group, status }
      if (format === 'json') {
        const page = await registry.supervision.plan(asked, after, limit)
        return { items: page.items.map((item) => ({ ...item })), next: page.next }
      }
      const rows = await gathered((key) => registry.supervision.plan(asked, key, 1000))
      const worded = rows.map((row) => ({ ...row, status: STATUS_WORDS[row.status] }))
      return sendTable(reply, { title: '检查计划', columns: PLAN_COLUMNS, rows: worded }, format)
    },
  )

  const step = z
    .object({
      step: z.string(),
      label: z.string(),
      state: z.enum(['done', 'open', 'overdue', 'passed', 'notNeeded']),
      detail: z.string(),
      basis: z.string(),
    })
    .catchall(z.unknown().meta({ description: '各步的日期和期限' }))
  app.get(
    `${base}/follow-ups`,
    keyed(
      'listFollowUps',
      '不合格后处理：复检、整改、公告、复查、许可证的处理，及各步期限',
      {
        200: z.object({
          items: z.array(schemas.open({ orgCode: z.string(), steps: z.array(step) }, '企业、产品和检查')),
          next,
        }),
      },
      {
        description: '本机关和下级机关检查的，无论企业现在何处；省级和监察可见全部。',
        querystring: z.strictObject({
          region: schemas.region,
          all: z.enum(['true', 'false']).default('false').meta({ description: '也列出已了结的' }),
          overdue: z.enum(['true', 'false']).default('false').meta({ description: '只列逾期的' }),
          limit: schemas.limit(100, 1000),
          cursor,
        }),
        refused: [422],
      },
    ),
    async (request) => {
      const key = requireScope(request, ...readers.supervision)
      const { all, overdue, limit, cursor: after } = request.query
      const asked = {
        region: regionCode(request.query.region),
        all: all === 'true',
        overdue: overdue === 'true',
      }
      const { items, next: more } = await registry.supervision.followUps(actorOf(key), asked, after, limit)
      return {
        items: items.map((item) => ({ ...item, steps: item.steps.map((own) => ({ ...own })) })),
        next: more,
      }
    },
  )

  app.get(
    `${base}/renewals`,
    keyed(
      'listRenewals',
      '将要到期的许可：应申请换证或者延续的',
      {
        200: z.object({
          items: z.array(
            schemas.open({ orgCode: z.string(), validTo: schemas.day }, '企业、许可、申请延续的期限及其依据'),
          ),
          next,
        }),
      },
      {
        querystring: z.strictObject({ region: schemas.region, limit: schemas.limit(100, 1000), cursor }),
        refused: [422],
      },
    ),
    async (request) => {
      requireScope(request, ...readers.supervision)
      const { limit, cursor: after } = request.query
      const page = await registry.supervision.renewals(regionCode(request.query.region), after, limit)
      return { items: page.items.map((item) => ({ ...item })), next: page.next }
    },
  )

  app.get(
    `${base}/draws`,
    open(
      'listDraws',
      '历次抽取，最近的在前',
      {
        200: schemas.listOf(
          schemas.open({ id: z.string(), name: z.string(), seed: z.string() }, '方案和状态'),
        ),
      },
      { querystring: z.strictObject({ limit: schemas.limit(20, 100) }) },
    ),
    async (request) => ({
      items: registry.supervision
        .draws()
        .slice(0, request.query.limit)
        .map(({ candidates, leftOut, drawn, inspectors: _, commitments: __, author, ...rest }) => ({
          ...rest,
          author: toAnyone(author),
          candidates: candidates.length,
          leftOut: publicLeftOut({ leftOut }).length,
          drawn: drawn.length,
        })),
    }),
  )

  app.get(
    `${base}/draws/:id`,
    open(
      'getDraw',
      '一次抽取的全部内容，供核对',
      { 200: drawAnswer },
      { params: schemas.byId, refused: [404] },
    ),
    async (request, reply) => {
      const isOfficer = officerAsking(request) !== undefined
      reply.header('vary', 'authorization')
      return drawJson(registry, request.params.id, isOfficer)
    },
  )

  app.get(
    `${base}/draws/:id/recomputation`,
    open(
      'recomputeDraw',
      '按公布的种子和候选重新抽取，看是否相符',
      { 200: schemas.open({ agrees: z.boolean() }, '重新抽取的结果') },
      { params: schemas.byId, refused: [404] },
    ),
    async (request) => ({ ...registry.supervision.recomputed(request.params.id) }),
  )
}

async function gathered<T>(
  page: (after: string) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const rows: T[] = []
  for (let after: string | null = ''; after !== null; ) {
    const { items, next }: { items: T[]; next: string | null } = await page(after)
    rows.push(...items)
    after = next
    if (rows.length > MOST_EXPORTED)
      throw invalid('/region', 'too-big', `超过 ${MOST_EXPORTED} 行，请按地区、产品类别或期间分次导出。`)
  }
  return rows
}
