import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { levels } from '../authority/authority.ts'
import { region, regionsWithin } from '../codes/regions.ts'
import { templateHeaders } from '../exchange/columns.ts'
import type { App } from '../http/app.ts'
import { Problem } from '../http/problem.ts'
import { isProblemType, PROBLEMS_PATH, problemTypes } from '../http/problem-types.ts'
import { enterprise, kindOf } from '../records/catalogue.ts'
import { jsonSchemaOf } from '../records/json-schema.ts'
import { publicationRules } from '../records/rules.ts'
import type { Registry } from '../registry/registry.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { open } = chapter('说明')

/** What the registry's data means: kinds of record, rules of publication, regions; and what its errors mean. */
export function referenceRoutes(app: App, registry: Registry): void {
  problemRoutes(app)
  app.get(
    `${API}/record-types`,
    open(
      'getRecordTypes',
      '各类记录的栏目定义：JSON Schema（2020-12），含“双公示”数据项和可见范围',
      {
        200: z.object({
          items: z.array(
            z.object({
              type: z.string(),
              section: z.string(),
              label: z.string(),
              schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema 2020-12' }),
            }),
          ),
          rules: z.record(z.string(), z.unknown()).meta({ description: '公示规则：数值、出处、核实情况' }),
        }),
      },
      {},
    ),
    async () => ({
      items: [enterprise, ...registry.catalogue.kinds].map((kind) => ({
        type: kind.type,
        section: kind.section,
        label: kind.label,
        schema: jsonSchemaOf(kind),
      })),
      rules: publicationRules,
    }),
  )

  app.get(
    `${API}/record-types/:type/template.csv`,
    open(
      'getTemplate',
      '导入用的空表：CSV，一行表头',
      { 200: schemas.sentAs('text/csv') },
      { params: z.object({ type: z.string().max(50) }), refused: [404] },
    ),
    async (request, reply) => {
      const kind = kindOf(registry.catalogue, request.params.type)
      if (!kind) throw new Problem(404, 'unknown', '没有这类记录，见 /api/v1/record-types。')
      reply.type('text/csv; charset=utf-8')
      reply.header('content-disposition', `attachment; filename="${kind.type}.csv"`)
      return reply.send(stringify([templateHeaders(kind)], { bom: true }))
    },
  )

  const authority = z.object({
    id: z.string(),
    name: z.string(),
    formerNames: z.array(z.string()),
    level: z.enum(levels).meta({ description: 'province 省级、city 市级、county 县级' }),
    region: z.string().nullable().meta({ description: '负责的行政区划；null 为全省' }),
    above: z.string().nullable().meta({ description: '上级机关的编号；null 为按层级和区划' }),
    successor: z.string().nullable().meta({ description: '合并后承接的机关' }),
    contacts: z.string().nullable(),
  })
  app.get(
    `${API}/authorities`,
    open(
      'listAuthorities',
      '机关名录：现名、曾用名、层级、上级、承接',
      { 200: schemas.listOf(authority) },
      {},
    ),
    async () => ({
      items: registry.authorities.all().map((own) => ({
        id: own.id,
        name: own.name,
        formerNames: own.formerNames,
        level: own.level,
        region: own.region ?? null,
        above: own.above ?? null,
        successor: own.successor ?? null,
        contacts: own.contacts ?? null,
      })),
    }),
  )

  const place = z.object({
    code: z.string(),
    name: z.string(),
    level: z.enum(['province', 'city', 'county']),
    path: z.string(),
    parent: z.string().optional(),
  })
  app.get(
    `${API}/regions`,
    open(
      'getRegions',
      '行政区划（GB/T 2260），默认为河北省各市',
      { 200: schemas.listOf(place) },
      {
        querystring: z.strictObject({
          within: z
            .string()
            .regex(/^\d{6}$/, '应为 6 位代码')
            .default('130000')
            .meta({ description: '上级区划代码；000000 为各省' }),
        }),
        refused: [404],
      },
    ),
    async (request) => {
      const { within } = request.query
      if (within === '000000') return { items: [...regionsWithin()] }
      if (!region(within)) throw new Problem(404, 'unknown', `没有代码为 ${within} 的行政区划。`)
      return { items: [...regionsWithin(within)] }
    },
  )
}

/** What each kind of error means: where the `type` of an error answer leads. */
function problemRoutes(app: App): void {
  const kind = z.object({
    type: z.url(),
    statuses: z.array(z.int()).meta({ description: '以哪些状态码答复' }),
    meaning: z.string().meta({ description: '错在哪里' }),
    remedy: z.string().meta({ description: '怎样改正' }),
  })
  const shown = (key: keyof typeof problemTypes) => {
    const { statuses, meaning, remedy } = problemTypes[key]
    return { type: `${app.base}${PROBLEMS_PATH}/${key}`, statuses: [...statuses], meaning, remedy }
  }
  app.get(
    PROBLEMS_PATH,
    open('listProblems', '各类错误：其 type、状态码、含义和处理办法', { 200: schemas.listOf(kind) }, {}),
    async () => ({ items: Object.keys(problemTypes).filter(isProblemType).map(shown) }),
  )
  app.get(
    `${PROBLEMS_PATH}/:type`,
    open(
      'getProblem',
      '一类错误：含义、状态码和处理办法；在浏览器中为网页',
      { 200: kind },
      {
        params: z.object({ type: z.string().max(50).meta({ description: '类别', example: 'scope' }) }),
        refused: [404],
      },
    ),
    async (request) => {
      const { type } = request.params
      if (!isProblemType(type)) throw new Problem(404, 'unknown', `没有这类错误；全部见 ${PROBLEMS_PATH}。`)
      return shown(type)
    },
  )
}
