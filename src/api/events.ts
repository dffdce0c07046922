import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiKey } from '../authority/keys.ts'
import { eventKinds } from '../dossier/events.ts'
import type { App } from '../http/app.ts'
import { problemOf } from '../http/errors.ts'
import { Problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import { epochAsked, epochFor, whilePresent } from './feeds.ts'
import * as schemas from './schemas.ts'

const { keyed } = chapter('变更')

/** How long a stream stays silent: shorter than what proxies bear. */
const HEARTBEAT_MS = 15_000
/** A stream ends by itself, so that keys are looked at and accesses logged anew; who follows it comes back at once. */
const LONGEST_STREAM_MS = 600_000
const EVENTS_A_STEP = 500

const thingStates = z.object({
  type: z.string(),
  id: z.string(),
  state: schemas.stateAnswer,
})

const eventAnswer = z
  .object({
    position: z.int().meta({ description: '登记序号；同一登记引起的各项序号相同，总在同一页' }),
    at: schemas.time,
    epoch: schemas.epoch,
    schema: z.string().meta({ description: '口径版本：栏目、可见范围和公示规则一变即换新' }),
    what: z.enum(eventKinds).meta({ description: '发生了什么' }),
    orgCode: z.string().meta({ description: '档案编号' }),
    type: z.string().meta({ description: 'enterprise、rating、listing 或记录类别' }),
    id: z.string().meta({ description: '记录、评定、列入的编号；基本信息为档案编号' }),
    before: z.string().nullable().meta({ description: '变动前所依登记条目的摘要；此前没有的为 null' }),
    after: z.string().nullable().meta({ description: '变动后所依登记条目的摘要；不再提供的为 null' }),
    state: schemas.stateAnswer.optional().meta({ description: '该项现在的内容，整项覆盖' }),
    deleted: z.literal(true).optional().meta({ description: '现已不提供，须删除所存的该项' }),
    states: z.array(thingStates).optional().meta({
      description:
        'file.restated：该档案现有的全部各项，其余的须删除；此后各项的 before 自下一次变动起再行核对',
    }),
  })
  .meta({ id: 'Event', description: '平台所见内容的一次变动' })

/** The platform's feed by event, in pages or as a stream. */
export function eventRoutes(app: App, registry: Registry): void {
  const { feed } = registry
  app.get(
    `${API}/events`,
    keyed(
      'getEvents',
      '平台所见内容的变动，逐项按序号',
      {
        200: z
          .object({
            items: z.array(eventAnswer),
            next: z.int(),
            epoch: schemas.epoch,
            schema: z.string(),
          })
          .meta({ mediaTypes: ['application/json', 'text/event-stream'] }),
      },
      {
        description:
          '需要 platform:read 权限，每次取用都有记录。依次施行各项即得到平台应有的全部内容：有 state 的覆盖，deleted 的删除，states 的整份替换。内容总是现状，撤回、删去的文字在以往的各项中也不再出现。Accept: text/event-stream 时为事件流，以 Last-Event-ID 接续。',
        querystring: z.strictObject({
          after: schemas.position.optional(),
          limit: schemas.limit(100, 1000),
          wait: schemas.wait,
          epoch: epochAsked,
          schema: z
            .string()
            .max(100)
            .optional()
            .meta({ description: '上次答复中的 schema；口径已变时答复 409，须从头取用' }),
        }),
      },
    ),
    async (request, reply) => {
      const key = requireScope(request, 'platform:read')
      const { limit, wait } = request.query
      const resumed = lastEventOf(request)
      const schemaSeen = request.query.schema ?? resumed?.schema
      const after = request.query.after ?? resumed?.position ?? 0
      const epoch = await epochFor(registry, { after }, request.query.epoch ?? resumed?.epoch)
      if (schemaSeen !== undefined && schemaSeen !== feed.schema) throw otherSchema(feed.schema, epoch)
      if (request.method === 'GET' && request.headers.accept?.includes('text/event-stream')) {
        const told = stream(registry, key, { after, epoch }, request)
        return sendAs(reply.header('x-accel-buffering', 'no'), 'text/event-stream', Readable.from(told))
      }
      const page = await whilePresent(reply, (signal) => feed.events(after, limit, wait * 1000, signal))
      request.stillMay()
      await registry.consumers.sent(key, page.next, epoch)
      return sendAs(reply, 'application/json', page.answer)
    },
  )
}

/** Sends what is written already. */
function sendAs(reply: FastifyReply, type: string, body: Buffer | Readable): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).send(body)
}

/**
 * The events as text/event-stream. Only the last event of an entry bears an id, so that whoever comes back with it never
 * misses the rest of an entry.
 */
async function* stream(
  { feed, consumers }: Registry,
  key: ApiKey,
  from: { after: number; epoch: string },
  request: FastifyRequest,
): AsyncGenerator<string> {
  const until = performance.now() + LONGEST_STREAM_MS
  yield 'retry: 1000\n\n'
  const made = `${from.epoch}/${feed.schema}`
  for (let { after } = from; performance.now() < until && !request.server.closing.aborted; ) {
    const { events, next } = await feed.events(after, EVENTS_A_STEP, HEARTBEAT_MS)
    if (!stillMay(request)) return
    const texts = events.map(({ position, json }, i) => {
      const isLast = events[i + 1]?.position !== position
      return `${isLast ? `id: ${made}/${position}\n` : ''}data: ${json}\n\n`
    })
    after = next
    await consumers.sent(key, next, from.epoch)
    // Where nothing came, it says at least how far it has come.
    yield `${texts.join('')}id: ${made}/${next}\n\n`
  }
}

/** Whether a stream goes on; who comes back after its end is told why it did not. */
function stillMay(request: FastifyRequest): boolean {
  try {
    request.stillMay()
    return true
  } catch (error) {
    if (problemOf(error)) return false
    throw error
  }
}

/** Where a stream broke off, by the id of its last event, which earlier versions gave without the schema; 400 for what is none. */
function lastEventOf({
  headers,
}: FastifyRequest): { epoch: string; schema: string | undefined; position: number } | undefined {
  const id = headers['last-event-id']
  if (id === undefined || id === '') return undefined
  const [, epoch, schema, position] = /^([\w-]{1,64})\/(?:([\w-]{1,64})\/)?(\d{1,15})$/.exec(String(id)) ?? []
  if (epoch === undefined || position === undefined)
    throw new Problem(400, 'last-event-id', 'Last-Event-ID 应为事件流中收到的 id，原样带上；从头取用时不带。')
  return { epoch, schema, position: Number(position) }
}

function otherSchema(schema: string, epoch: string): Problem {
  return new Problem(
    409,
    'other-schema',
    `提供的内容已改用新的口径 ${schema}（栏目、可见范围或公示规则有变），所存的内容须更新；请从 after=0 重新取用，取完后删去没有再出现的各项。`,
    { related: { schema, epoch, begin: { after: 0, epoch } } },
  )
}
