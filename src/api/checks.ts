import { writeFile } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { certainties } from '../checking/check.ts'
import type { CheckService, CheckState } from '../checking/checks.ts'
import { MOST_ROWS, rowOrders, type Source, STAMP_PATH } from '../checking/request.ts'
import { givenRow, givenRows, listTypes } from '../checking/sent.ts'
import { rowChoices, verdictOf } from '../checking/verdict.ts'
import { baseOf, type Reached } from '../http/address.ts'
import type { App } from '../http/app.ts'
import { heavily } from '../http/heavy-work.ts'
import { cursorOf, placeIn } from '../http/list-parameters.ts'
import { Problem } from '../http/problem.ts'
import { brokenOff } from '../http/upload.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { open } = chapter('批量核验')

const MAX_BYTES = 32 * 1024 * 1024
const PAGE = 1000
const types = [...listTypes, 'text/csv', 'application/jose+json'] as const
/** A body by its type; what came without one is an empty list. */
const sentBody = z.union([
  z.object({ type: z.enum(types), bytes: z.instanceof(Buffer) }),
  z.unknown().transform(() => ({ type: 'application/json' as const, bytes: Buffer.alloc(0) })),
])

const moment = z.object({ time: z.string(), position: z.int() })
const checkState = z.object({
  id: z.string(),
  checked: z.int().meta({ description: '已核验的行数' }),
  total: z.int().nullable().meta({ description: '总行数；读完之前为 null' }),
  left: z.int().meta({ description: `超出 ${MOST_ROWS} 行、没有核验的行数` }),
  done: z.boolean(),
  problem: z.string().optional().meta({ description: '名单无法读取的原因' }),
  span: z.object({ from: moment, to: moment }).meta({ description: '核验的起止时间和登记序号' }),
  since: z.string().optional().meta({ description: '所对比的核验记录的时间' }),
  counts: z.record(z.string(), z.int()).meta({
    description: '各种结论的行数；listed 为确定在列，maybeListed 为可能在列、须核对，changed 为与上次不同',
  }),
})

const found = z.object({
  orgCode: z.string(),
  uscc: z.string().nullable(),
  name: z.string(),
  region: z.string().optional(),
  status: z.string(),
  grade: z.string().optional(),
  class: z.string().optional(),
  listed: z
    .object({ id: z.string(), from: z.string(), until: z.string().nullable(), ground: z.string() })
    .optional()
    .meta({ description: '现行的列入；没有即不在列' }),
})
const checkedRow = z.object({
  line: z.int(),
  asked: z.string(),
  given: givenRow,
  certainty: z.enum(certainties).meta({
    description:
      'certain 确定（代码、名称一致，或名称除全角半角、空格和标点外逐字相同）；conflict 代码和名称是不同企业的；likely 很可能；unsure 不确定；none 没有找到；fault 无法核验',
  }),
  why: z.string(),
  verdict: z.string().meta({ description: '结论，不作超出所知的承诺' }),
  enterprise: found.optional(),
  other: found.optional().meta({ description: '相互矛盾时的另一家' }),
  parent: found.optional().meta({ description: '分支机构所属的企业' }),
  before: z
    .object({
      certainty: z.enum(certainties),
      verdict: z.string(),
      name: z.string().optional(),
      region: z.string().optional(),
      status: z.string().optional(),
      grade: z.string().optional(),
      class: z.string().optional(),
      ground: z.string().optional(),
    })
    .optional()
    .meta({ description: '上次核验时所述，仅在任何一项不同时' }),
})

const { $schema: _, ...rowsAsked } = z.toJSONSchema(givenRows, { io: 'input' })
/** What is described of a body that is read row by row (`sourceOf`), so that each fault of it is told with its row. */
const asked = z.unknown().meta({
  oneOf: [rowsAsked, { type: 'string', description: 'NDJSON、CSV 或签章的核验记录' }],
  examples: [{ rows: [{ name: '示例食品有限公司', place: '石家庄' }, { code: 'M000100Y4' }] }],
})

/** Batch checks: who is on the blacklist, of up to a hundred thousand; open to all, held for half an hour. */
export function checkRoutes(app: App, checks: CheckService, settings: Reached): void {
  const params = z.object({ id: z.string().max(60) })

  const stateOf = async (id: string) => {
    const state = await checks.state(id)
    if (!state) throw notHeld()
    return { id, ...state }
  }
  /** What is told of a check is as of then, whatever was entered since. */
  const statePosition = (reply: FastifyReply, { span }: CheckState) =>
    reply.header('register-position', span.from.position)

  app.register(async (scope) => {
    const routes = scope.withTypeProvider<import('fastify-type-provider-zod').ZodTypeProvider>()
    // What may be long is read by whoever checks it, apart from the thread that answers.
    routes.removeContentTypeParser('application/json')
    for (const type of types)
      routes.addContentTypeParser(
        type,
        { parseAs: 'buffer', bodyLimit: MAX_BYTES },
        (_: FastifyRequest, bytes: Buffer, done) => done(null, { type, bytes }),
      )
    routes.post(
      `${API}/checks`,
      {
        bodyLimit: MAX_BYTES,
        onRequest: heavily,
        ...open(
          'startCheck',
          `批量核验最多 ${MOST_ROWS} 家企业`,
          { 202: checkState },
          {
            description:
              '正文为 JSON（{"rows": [{"code", "name", "place"}]}）、NDJSON（每行一个这样的对象）、CSV（表头如“统一社会信用代码”“企业名称”“地区”），或以前的核验记录（application/jose+json，再核验一次并标出变化）。名单和结果只放在内存中，半小时后消失。',
            body: asked,
            consumes: [...types],
          },
        ),
      },
      async (request, reply) => {
        const id = await checks.begin(await sourceOf(request.body, checks), request.asker)
        return reply
          .code(202)
          .header('location', `${API}/checks/${id}`)
          .send(await stateOf(id))
      },
    )
  })

  app.get(
    `${API}/checks/:id`,
    open(
      'getCheck',
      '核验的进度和各种结论的行数：读完名单之前 total 为 null，done 之后可取结果',
      { 200: checkState },
      { params, refused: [410] },
    ),
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const state = await stateOf(request.params.id)
      statePosition(reply, state)
      return state
    },
  )

  app.get(
    `${API}/checks/:id/results`,
    open(
      'getCheckResults',
      '核验的逐行结论',
      { 200: schemas.pageOf(checkedRow) },
      {
        description: '名单的次序，或严重的在前（order=grave）；核验未完时为已核验的部分。',
        params,
        querystring: z.strictObject({
          of: z.enum(rowChoices, '没有这种结论').default('all'),
          order: z.enum(rowOrders, '应为 given 或 grave').default('given'),
          cursor: schemas.cursor,
          limit: schemas.limit(100, PAGE),
        }),
        refused: [410],
      },
    ),
    async (request, reply) => {
      const { id } = request.params
      const { of, order, cursor, limit } = request.query
      statePosition(reply, await stateOf(id))
      const beside = { after: placeIn(cursor), strictly: true }
      const { rows, next } = await checks.rows(id, of, beside, limit, order)
      reply.header('cache-control', 'no-store')
      return {
        items: rows.map((row) => ({ ...row, verdict: verdictOf(row) })),
        next: next ? cursorOf(...next) : null,
      }
    },
  )

  for (const [name, type, words] of [
    ['results.csv', 'text/csv; charset=utf-8', '全部结论的表格：CSV，名单原有各列在前'],
    [
      'record',
      'application/jose+json; charset=utf-8',
      '签章的核验记录：JWS（RFC 7515），公钥见 /check/keys.json',
    ],
  ] as const)
    app.get(
      `${API}/checks/:id/${name}`,
      {
        onRequest: heavily,
        ...open(
          name === 'record' ? 'getCheckRecord' : 'getCheckTable',
          words,
          { 200: schemas.sentAs(type.replace(/;.*/, '')) },
          { params, refused: [410] },
        ),
      },
      async (request, reply) => {
        statePosition(reply, await stateOf(request.params.id))
        const content = await checks.file(request.params.id, name === 'record' ? 'record' : 'csv')
        if (content === undefined) throw notHeld()
        return reply
          .headers({ 'content-type': type, 'cache-control': 'no-store' })
          .serializer(String)
          .send(String(content))
      },
    )

  app.get(
    `${API}/checks/:id/record.pdf`,
    {
      onRequest: heavily,
      ...open(
        'getCheckPaper',
        '核验记录的纸面形式，PDF：逐行结论和可扫描验证的签章',
        { 200: schemas.sentAs('application/pdf') },
        { params, refused: [410] },
      ),
    },
    async (request, reply) => {
      statePosition(reply, await stateOf(request.params.id))
      const paper = await checks.paper(request.params.id, baseOf(settings) + STAMP_PATH)
      if (!paper) throw notHeld()
      reply.headers({ 'content-type': 'application/pdf', 'cache-control': 'no-store' })
      return Buffer.from(paper)
    },
  )

  app.delete(
    `${API}/checks/:id`,
    open('forgetCheck', '立即删除名单和结果：不待其保存期满，此后不能再取', { 204: z.null() }, { params }),
    async (request, reply) => {
      await checks.forget(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

/** What was sent, by its type; 422 names the rows that are at fault. */
async function sourceOf(body: unknown, lists: Pick<CheckService, 'newList'>): Promise<Source> {
  const { type, bytes } = sentBody.parse(body)
  if (type === 'application/jose+json') return { record: bytes.toString() }
  if (type === 'text/csv') return { path: await kept(bytes, lists) }
  return { sent: { type, bytes } }
}

/** A list in a file of its own, which is removed once it has been read. */
async function kept(bytes: Buffer, lists: Pick<CheckService, 'newList'>): Promise<string> {
  try {
    const path = lists.newList()
    await writeFile(path, bytes, { mode: 0o600 })
    return path
  } catch (error) {
    return brokenOff(error)
  }
}

function notHeld(): Problem {
  return new Problem(
    410,
    'gone',
    '这次核验的结果已经删除，或从未有过，或尚未完成；结果只保留半小时，请重新提交。',
  )
}
