import { z } from 'zod'
import type { CheckService } from '../checking/checks.ts'
import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { region as regionOf } from '../codes/regions.ts'
import type { PublicFile } from '../dossier/face.ts'
import { invalid } from '../dossier/refusal.ts'
import type { FirmMatch } from '../exchange/matching.ts'
import { baseOf, type Reached } from '../http/address.ts'
import type { App } from '../http/app.ts'
import { takeForms } from '../http/form.ts'
import { heavily } from '../http/heavy-work.ts'
import { wholeNumber } from '../http/parameters.ts'
import type { Registry } from '../registry/registry.ts'
import { BadJson, readJson } from '../sheets/json.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { open } = chapter('批量核验')

const RECONCILE = `${API}/reconcile`
const MOST_QUERIES = 50
const MOST_BYTES = 256 * 1024
const MOST_SUGGESTED = 10
const TYPE = { id: 'enterprise', name: '企业' }
const PROPERTIES = [
  { id: 'code', name: '统一社会信用代码或组织机构代码' },
  { id: 'place', name: '所在地区或地址' },
] as const

/** How sure the batch check is, as a score; what the search alone found comes after. */
const SCORES: Readonly<Record<FirmMatch['certainty'], number>> = {
  certain: 100,
  likely: 80,
  unsure: 50,
  none: 0,
}
const FOUND_SCORE = 40

const value = z.union([z.string().max(500), z.number(), z.boolean()])
const oneOrMore = z.union([
  value,
  z.looseObject({ id: z.string().max(200) }),
  z.array(z.union([value, z.looseObject({ id: z.string().max(200) })])).max(20),
])
const query = z.looseObject({
  query: z.string().max(200).optional(),
  limit: z.int().min(1).optional(),
  properties: z
    .array(z.looseObject({ pid: z.string().max(60), v: oneOrMore }))
    .max(20)
    .optional(),
})
const batch = z.record(z.string().max(100), query)
/** The same as a text of JSON, as the description says it. */
const { $schema: _, ...batchSchema } = z.toJSONSchema(batch, { io: 'input' })
const AS_JSON = {
  contentMediaType: 'application/json',
  contentSchema: { ...batchSchema, maxProperties: MOST_QUERIES },
}
type Query = z.output<typeof query>

const candidate = z.object({
  id: z.string().meta({ description: '档案编号' }),
  name: z.string(),
  score: z.number(),
  match: z.boolean().meta({ description: '批量核验判断为“确定”的' }),
  type: z.array(z.object({ id: z.string(), name: z.string() })),
  description: z.string(),
})
const suggested = z.object({ id: z.string(), name: z.string(), description: z.string().optional() })
const results = z.record(z.string(), z.object({ result: z.array(candidate) }))

/**
 * The Reconciliation Service API 0.2, as OpenRefine asks for it: names of firms in somebody's table, each with the files that
 * it may mean, by the judgement of the batch check.
 */
export function reconciliationRoutes(
  app: App,
  registry: Registry,
  checks: CheckService,
  settings: Reached,
): void {
  const base = baseOf(settings)
  const manifest = {
    versions: ['0.2'],
    name: '企业质量信用档案',
    identifierSpace: `${base}/enterprises/`,
    schemaSpace: `${base}/api/v1/record-types`,
    documentation: `${base}/docs`,
    defaultTypes: [TYPE],
    view: { url: `${base}/enterprises/{{id}}` },
    preview: { url: `${base}${RECONCILE}/preview?id={{id}}`, width: 420, height: 180 },
    suggest: Object.fromEntries(
      ['entity', 'property', 'type'].map((what) => [
        what,
        { service_url: `${base}${RECONCILE}`, service_path: `/suggest/${what}` },
      ]),
    ),
    batchSize: MOST_QUERIES,
  }

  app.register(async (scope) => {
    const routes = scope.withTypeProvider<import('fastify-type-provider-zod').ZodTypeProvider>()
    takeForms(routes, MOST_BYTES)
    routes.get(
      RECONCILE,
      {
        onRequest: heavily,
        ...open(
          'reconcileOrDescribe',
          '对照服务（Reconciliation API 0.2，供 OpenRefine）：没有 queries 时为服务说明，有则为各名称可能的企业',
          { 200: schemas.open({}, '服务说明，或同 POST 的结果') },
          {
            querystring: z.strictObject({
              queries: z
                .string()
                .max(8000)
                .optional()
                .meta({ description: '一批查询，JSON', ...AS_JSON }),
            }),
            refused: [422],
          },
        ),
      },
      async (request) => {
        const { queries } = request.query
        return queries === undefined ? manifest : reconciled(queries)
      },
    )
    routes.post(
      RECONCILE,
      {
        onRequest: heavily,
        ...open(
          'reconcile',
          `对照一批名称，至多 ${MOST_QUERIES} 个`,
          { 200: results },
          {
            description:
              '表单的 queries 为 JSON：以任意键为名，各有 query（名称或代码）、limit、properties（pid 为 code、place）。match 为 true 的是批量核验判断为“确定”的，其余须核对。',
            body: z.looseObject({
              queries: z
                .string('缺少 queries')
                .max(MOST_BYTES)
                .meta({ pattern: '^\\s*\\{[\\s\\S]*\\}\\s*$', ...AS_JSON }),
            }),
            consumes: ['application/x-www-form-urlencoded'],
          },
        ),
      },
      async (request) => reconciled(request.body.queries),
    )
  })

  app.get(
    `${RECONCILE}/suggest/:what`,
    open(
      'suggestForReconciliation',
      '对照服务的联想：企业、可用的属性、类型',
      { 200: z.object({ result: z.array(suggested) }) },
      {
        params: z.object({ what: z.enum(['entity', 'property', 'type'], '应为 entity、property 或 type') }),
        querystring: z.object({
          prefix: z.string().max(200).default(''),
          cursor: wholeNumber(0, 1000).default(0),
        }),
      },
    ),
    async (request) => {
      const { prefix, cursor } = request.query
      const { what } = request.params
      if (what === 'type') return { result: [TYPE] }
      if (what === 'property')
        return { result: PROPERTIES.filter(({ id, name }) => id.startsWith(prefix) || name.includes(prefix)) }
      const text = prefix.trim()
      if (text === '') return { result: [] }
      const { hits } = await registry.search({ text, filters: {}, limit: cursor + MOST_SUGGESTED })
      return {
        result: hits.slice(cursor).map(({ document: { key, names, uscc, region } }) => ({
          id: key,
          name: names[0] ?? key,
          description: described({ uscc, region }),
        })),
      }
    },
  )

  app.get(
    `${RECONCILE}/preview`,
    open(
      'previewForReconciliation',
      '对照服务的预览：一家企业的几行要目，HTML',
      { 200: schemas.sentAs('text/html') },
      { querystring: z.object({ id: schemas.codeParameter }), refused: [404, 410, 422] },
    ),
    async (request, reply) => {
      const head = registry.files.headOf(request.query.id)
      const { file } = (await registry.files.page(head, { isPrint: false })).page
      // It stands in a frame of whoever reconciles.
      return reply
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *")
        .type('text/html; charset=utf-8')
        .send(previewOf(file, base))
    },
  )

  async function reconciled(text: string): Promise<z.output<typeof results>> {
    const asked = batchIn(text)
    const firms = asked.map(([, one]) => firmOf(one))
    const matches = await checks.match(firms)
    const found = await Promise.all(
      asked.map(
        async ([key, { limit = 3 }], i): Promise<[string, { result: z.output<typeof candidate>[] }]> => {
          const match = matches[i]
          const most = Math.min(limit, MOST_SUGGESTED)
          const sure = match ? candidatesOf(match) : []
          const more = sure.length < most ? await similar(firms[i]?.name ?? '', most) : []
          const known = new Set(sure.map(({ id }) => id))
          return [key, { result: [...sure, ...more.filter(({ id }) => !known.has(id))].slice(0, most) }]
        },
      ),
    )
    return Object.fromEntries(found)
  }

  /** What the search finds beside: to choose from, never taken for a match. */
  async function similar(text: string, limit: number): Promise<z.output<typeof candidate>[]> {
    if (text.trim() === '') return []
    const { hits } = await registry.search({ text: text.trim(), filters: {}, limit })
    return hits.map(({ document: { key, names, uscc, region } }, i) => ({
      id: key,
      name: names[0] ?? key,
      score: FOUND_SCORE - i,
      match: false,
      type: [TYPE],
      description: described({ uscc, region }),
    }))
  }
}

function batchIn(text: string): [string, Query][] {
  const read = batch.safeParse(jsonOf(text))
  if (!read.success) {
    const [issue] = read.error.issues
    throw invalid(
      `/queries/${issue?.path.join('/') ?? ''}`,
      'queries',
      'queries 应为 JSON 对象，每项如 {"query": "某某公司", "limit": 3, "properties": [{"pid": "place", "v": "石家庄市"}]}。',
    )
  }
  const asked = Object.entries(read.data)
  if (asked.length > MOST_QUERIES)
    throw invalid('/queries', 'too-big', `一次至多 ${MOST_QUERIES} 个查询；请分批。`)
  return asked
}

function jsonOf(text: string): unknown {
  try {
    return readJson(text)
  } catch (error) {
    throw error instanceof BadJson ? invalid('/queries', 'queries', `queries：${error.message}`) : error
  }
}

/** What a query asks the batch check: what looks like a code is one, wherever it stands. */
function firmOf({ query: text = '', properties = [] }: Query): {
  name: string
  code?: string
  place?: string
} {
  const of = (id: string) => properties.flatMap(({ pid, v }) => (pid === id ? [textOf(v)] : []))[0]
  const isCode = parseEnterpriseCode(text).ok
  const code = of('code') ?? (isCode ? text : undefined)
  const place = of('place')
  return {
    name: isCode ? '' : text,
    ...(code !== undefined && { code }),
    ...(place !== undefined && { place }),
  }
}

function textOf(v: z.output<typeof oneOrMore>): string {
  const first = Array.isArray(v) ? v[0] : v
  return typeof first === 'object' ? first.id : `${first ?? ''}`
}

function candidatesOf({ certainty, why, candidates }: FirmMatch): z.output<typeof candidate>[] {
  return candidates.map(({ key, name, uscc, region }, i) => ({
    id: key,
    name,
    score: SCORES[certainty] - i,
    match: certainty === 'certain' && i === 0,
    type: [TYPE],
    description: [described({ uscc, region }), certainty === 'certain' ? '' : why]
      .filter((part) => part !== '')
      .join('；'),
  }))
}

function described({
  uscc,
  region,
}: {
  uscc: string | null | undefined
  region: string | undefined
}): string {
  const place = region === undefined ? '' : (regionOf(region)?.path ?? region)
  return [uscc ?? '', place].filter((part) => part !== '').join('，')
}

/** A few lines that tell one firm from another. */
function previewOf({ orgCode, uscc, enterprise, listings }: PublicFile, base: string): string {
  const { name, region, status } = z.object({ name: text, region: text, status: text }).parse(enterprise)
  const place = region === '' ? '' : (regionOf(region)?.path ?? region)
  const listed = listings.length > 0 ? '现列入质量失信黑名单' : ''
  const lines = [uscc ?? orgCode, place, status, listed].filter((line) => line !== '')
  return `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escaped(name)}</title></head><body style="font:14px sans-serif"><p><a href="${base}/enterprises/${orgCode}" target="_blank" rel="noopener">${escaped(name)}</a></p>${lines.map((line) => `<p>${escaped(line)}</p>`).join('')}</body></html>`
}

const text = z.string().catch('')

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(written: string): string {
  return written.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '')
}
