import { isDeepStrictEqual } from 'node:util'
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ProblemType, problemsWith, problemTypes } from '../http/problem-types.ts'

/** What fields say of themselves for forms alone. */
const FOR_FORMS: ReadonlySet<string> = new Set([
  'isLong',
  'isOffered',
  'past',
  'answers',
  'suggestions',
  'use',
])
/** What they say of themselves for forms, by the name that it has in a published description. */
const PUBLISHED: Readonly<Record<string, string>> = { label: 'title', hint: 'description' }

const JSON_TYPE = 'application/json'
/** What a change may call itself (RFC 7396): null takes a field away, what is not named stays. */
export const MERGE_PATCH = 'application/merge-patch+json'
/** What a route that has a `format` may be answered with beside JSON, by the format. */
const TABLES = new Map([
  ['csv', 'text/csv'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['xml', 'application/xml'],
])
const PROBLEM_REF = '#/components/schemas/Problem'
/** Where a schema says in which media types it is answered with: `.meta({ mediaTypes: ['text/csv'] })`. */
const MEDIA_TYPES = 'mediaTypes'
/** Where a schema says by which name it stands among the description's schemas, which a client's types are called by. */
export const COMPONENT = 'component'

const node = z.record(z.string(), z.unknown())
type Node = z.output<typeof node>
const response = z.looseObject({
  description: z.string(),
  content: z.record(z.string(), z.looseObject({ schema: node.optional() })).optional(),
})
const operation = z.looseObject({
  security: z.array(node).optional(),
  parameters: z
    .array(
      z.looseObject({
        in: z.string(),
        name: z.string(),
        schema: z
          .looseObject({
            enum: z.array(z.unknown()).optional(),
            contentMediaType: z.string().optional(),
            contentSchema: node.optional(),
          })
          .optional(),
      }),
    )
    .optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), response),
})
type Operation = z.output<typeof operation>
const described = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), node) }),
})

/**
 * The description of the API as it is published: a field's label is its title, its hint the description where it has no
 * other, and what only forms need is left out. What holds for every route by the mechanism (problems, limits, headers) is
 * said of each here, once.
 */
export function published(
  parts: Parameters<typeof jsonSchemaTransformObject>[0],
): ReturnType<typeof jsonSchemaTransformObject> {
  const description = jsonSchemaTransformObject(parts)
  tidy(description)
  const named = new Map<string, Node>()
  const { paths, components } = described.parse(withNamed(description, named))
  const statuses = new Set<number>()
  const answered = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, own]) => {
        const whole = answersOf(path, method, own)
        for (const status of whole.problems) statuses.add(status)
        const requestBody = method === 'patch' ? asMergePatch(own.requestBody) : own.requestBody
        const parameters = own.parameters?.map(inItsMediaType)
        return [
          method,
          {
            ...own,
            ...(parameters && { parameters }),
            ...(requestBody && { requestBody }),
            responses: whole.responses,
          },
        ]
      }),
    ),
  ])
  const responses = Object.fromEntries(
    Array.from(statuses, (status) => [`P${status}`, problemAnswer(status)]),
  )
  const used = { ...components, responses, headers: HEADERS }
  const schemas = { ...components.schemas, ...Object.fromEntries(named) }
  return Object.assign(description, {
    paths: Object.fromEntries(answered),
    components: { ...used, schemas: referenced(schemas, [answered, responses]) },
  })
}

/** The same with references where schemas stood that have a name of their own, which are added to those known by it. */
function withNamed(part: unknown, known: Map<string, Node>): unknown {
  if (Array.isArray(part)) return part.map((one) => withNamed(one, known))
  if (typeof part !== 'object' || part === null) return part
  const whole = Object.fromEntries(Object.entries(part).map(([key, own]) => [key, withNamed(own, known)]))
  const { [COMPONENT]: name, title, ...schema } = whole
  if (typeof name !== 'string') return whole
  const named = { title: name, description: title, ...schema }
  const before = known.get(name)
  if (before && !isDeepStrictEqual(before, named)) throw new Error(`two schemas are called ${name}`)
  known.set(name, named)
  return { $ref: `#/components/schemas/${name}` }
}

function tidy(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) tidy(one)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  for (const [key, value] of Object.entries(node)) {
    // What stands here are the names of fields, which may be anything.
    if (key === 'properties' && typeof value === 'object' && value !== null) tidy(Object.values(value))
    else if (key in PUBLISHED && typeof value === 'string') {
      Object.assign(node, { [PUBLISHED[key] ?? key]: value, ...node })
      Reflect.deleteProperty(node, key)
    } else if (FOR_FORMS.has(key)) Reflect.deleteProperty(node, key)
    else tidy(value)
  }
}

/** What the parts of the API are for (分组), in the order of the reference. */
export const TAGS = Object.entries({
  档案: '企业质量信用档案：查阅、新建、变更、更正、撤回，某日或某一登记序号时的样子',
  记录: '许可、监管、违法违规、良好信息各类记录的登记、变更、更正、撤回',
  检索: '按名称、代码、拼音和条件查找企业，合计和分类计数都是全部结果的',
  批量核验: '一次核验许多企业，取得签章的核验记录，以后再核有何变化；OpenRefine 的核对接口',
  黑名单: '质量失信“黑名单”：提出、告知、陈述、决定、公示、修复、移出，和名单本身',
  评价: '评价标准、批次、等级及其依据和重算',
  分类监管: '监督检查的计划、抽取、到期事项',
  统计: '建档率、合格率、等级分布和质量信用指标',
  两人办理: '须由另一人确认的提请：查看、确认、不同意',
  导入: '整份表格的上传、核对、办理、撤回，待建档的行，模板',
  变更: '公开档案的变动，供逐次跟随',
  信用平台: '社会信用平台的事件、位置、回执和推送',
  全量和增量: '全部内容的副本及自某一份以来的增量，带签章的清单',
  '机关、账号和密钥': '机关的设立、更名、合并，人员和密钥',
  说明: '记录种类、栏目、行政区划、问题类型等参照内容',
  运行: '服务是否可用，供监测使用',
}).map(([name, description]) => ({ name, description }))

/** The headers that answers bear, by name. */
const HEADERS = {
  'Register-Position': header('答复所反映的登记序号', { type: 'integer' }),
  'X-Request-Id': header('请求编号，联系管理员时请一并提供'),
  'RateLimit-Limit': header('每分钟的请求数上限', { type: 'integer' }),
  'RateLimit-Remaining': header('本分钟内还可以有多少次请求', { type: 'integer' }),
  'RateLimit-Reset': header('多少秒后重新计数', { type: 'integer' }),
  'Cache-Control': header('答复可以保留多久'),
  ETag: header('版本：再次读取时作 If-None-Match，修改档案时作 If-Match'),
  Link: header('下一页的地址（rel="next"）'),
  Location: header('所建立的内容、任务或者提请的地址'),
  'Content-Disposition': header('存为文件时的名称'),
  'Content-Range': header('是全部内容的哪一段'),
  'Accept-Ranges': header('可以分段取用（bytes）'),
  'Idempotency-Replayed': header('true：这是同一 Idempotency-Key 第一次办理的结果'),
  'Retry-After': header('多少秒后重试', { type: 'integer' }),
  'WWW-Authenticate': header('需要怎样的凭据'),
  'Accept-Patch': header('修改可用的内容类型'),
} as const

function header(description: string, schema: Node = { type: 'string' }) {
  return { description, schema }
}

/** Headers of every answer. */
const ALWAYS = [
  'Register-Position',
  'X-Request-Id',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Cache-Control',
] as const satisfies readonly (keyof typeof HEADERS)[]

function headersOf(...more: readonly (keyof typeof HEADERS)[]) {
  return Object.fromEntries(
    [...ALWAYS, ...more].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  )
}

/** Whether nobody may use an operation without a key. */
function needsKey({ security = [] }: Pick<Operation, 'security'>): boolean {
  return security.length > 0 && security.every((way) => 'key' in way)
}

/** The statuses of the problems that a route may be answered with by what stands before every route. */
function generalProblems(path: string, method: string, { security, requestBody }: Operation): number[] {
  const isKeyed = needsKey({ security })
  const writes = method !== 'get'
  return [
    400,
    401,
    ...(isKeyed ? [403] : []),
    ...(path.includes('{') ? [414] : []),
    ...(requestBody === undefined ? [] : [413, 422]),
    415,
    429,
    431,
    500,
    503,
    // A read may ask for a position that the register has not come to.
    ...(!writes && path.startsWith('/api/v1/') ? [409] : []),
    ...(writes && isKeyed ? [409, 422, 507] : []),
  ]
}

/** A parameter that is written in a media type of its own, by what it is in that. */
function inItsMediaType(parameter: NonNullable<Operation['parameters']>[number]) {
  const { schema: { contentMediaType, contentSchema } = {}, ...own } = parameter
  return contentMediaType && contentSchema
    ? { ...own, content: { [contentMediaType]: { schema: contentSchema } } }
    : parameter
}

/** The body of a change, under both names that it may bear. */
function asMergePatch(body: Operation['requestBody']): Operation['requestBody'] {
  const schema = body?.content[JSON_TYPE]
  return body && schema ? { ...body, content: { ...body.content, [MERGE_PATCH]: schema } } : body
}

function answersOf(path: string, method: string, own: Operation) {
  const isProblem = ({ content }: z.output<typeof response>) =>
    content?.[JSON_TYPE]?.schema?.$ref === PROBLEM_REF
  const entries = Object.entries(own.responses)
  const problems = new Set(generalProblems(path, method, own))
  for (const [status, one] of entries) if (isProblem(one)) problems.add(Number(status))
  const others = entries.filter(([, one]) => !isProblem(one))
  for (const [status] of others) problems.delete(Number(status))
  const isRead = method === 'get'
  const isShared = isRead && !needsKey(own) && path !== '/healthz'
  const format = own.parameters?.find(({ in: where, name }) => where === 'query' && name === 'format')
  const tables = (format?.schema?.enum ?? []).flatMap((one) => TABLES.get(`${one}`) ?? [])
  const responses = Object.fromEntries([
    ...others.map(([status, one]) => [status, answer(Number(status), one, isRead, tables)]),
    ...(isShared ? [['304', { description: '没有变化', headers: headersOf('ETag', 'Accept-Ranges') }]] : []),
    ...Array.from(problems, (status) => [status, { $ref: `#/components/responses/P${status}` }]),
  ])
  return { responses, problems }
}

/** An answer that is no problem, in the media types that its schema names. */
function answer(
  status: number,
  { description, content, ...rest }: z.output<typeof response>,
  isRead: boolean,
  also: readonly string[],
) {
  const { schema = {} } = content?.[JSON_TYPE] ?? {}
  const { [MEDIA_TYPES]: named, ...bare } = schema
  const types = z
    .array(z.string())
    .catch([JSON_TYPE, ...also])
    .parse(named)
  const said = typeof bare.description === 'string' ? bare.description : undefined
  const words = description === 'Default Response' ? (said ?? SPOKEN[status] ?? '答复') : description
  const binary = types.some((type) => type !== JSON_TYPE)
  return {
    ...rest,
    description: words,
    headers: headersOf(
      'ETag',
      ...(isRead ? (['Link'] as const) : (['Idempotency-Replayed'] as const)),
      ...(status === 201 || status === 202 || status === 308 ? (['Location'] as const) : []),
      ...(binary ? (['Content-Disposition', 'Accept-Ranges'] as const) : []),
      ...(status === 206 ? (['Content-Range'] as const) : []),
    ),
    ...(content && {
      content: Object.fromEntries(types.map((type) => [type, { schema: schemaIn(type, bare, words) }])),
    }),
  }
}

/** What a body is in a media type: the schema is of its JSON. */
function schemaIn(type: string, schema: Node, description: string): Node {
  if (type === JSON_TYPE) return schema
  return type.endsWith('json') ? { description } : { type: 'string', description }
}

const SPOKEN: Readonly<Record<number, string>> = {
  200: '成功',
  201: '已登记',
  202: '已受理，尚待确认或者办理',
  204: '已办理',
  206: '所要的一段',
}

function problemAnswer(status: number) {
  const kinds: readonly ProblemType[] = problemsWith(status)
  const waits = status === 429 || status === 503
  return {
    description: kinds.map((key) => `\`${key}\`：${problemTypes[key].meaning}`).join('\n'),
    headers: headersOf(
      ...(waits ? (['Retry-After'] as const) : []),
      ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
      ...(status === 415 ? (['Accept-Patch'] as const) : []),
      ...(status === 416 ? (['Content-Range', 'Accept-Ranges', 'ETag'] as const) : []),
    ),
    content: { 'application/problem+json': { schema: { $ref: PROBLEM_REF } } },
  }
}

/** Of schemas, those that something refers to, by others too. */
function referenced(schemas: Readonly<Record<string, Node>>, from: readonly unknown[]) {
  const kept = new Set<string>()
  const follow = (parts: unknown): void => {
    for (const [, name = ''] of JSON.stringify(parts).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (kept.has(name)) continue
      kept.add(name)
      follow(schemas[name] ?? {})
    }
  }
  follow(from)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => kept.has(name)))
}
