import { once } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** The public feed by state and the register's own feed by entry, for systems that pull. */
export function feedRoutes(app: App, registry: Registry): void {
  app.get(
    `${API}/changes`,
    {
      schema: {
        operationId: 'getChanges',
        tags: ['变更'],
        summary: '公开内容的变更：某一序号之后变动过的每个档案的现状',
        description:
          '从 since=0 起逐页取用并按序处理，即得到全部公开档案；此后以返回的 next 为 since 继续。每个档案只在其最后一次变动处出现一次，position 严格递增；档案撤回时为 deleted。',
        querystring: z.strictObject({
          since: schemas.position.default(0),
          limit: schemas.limit(100, 1000),
          wait: schemas.wait,
        }),
        response: {
          200: z.object({ items: z.array(schemas.changeAnswer(registry.catalogue)), next: z.int() }),
          400: problem,
        },
      },
    },
    async (request, reply) => {
      const { since, limit, wait } = request.query
      const changes = await whilePresent(request, reply, (signal) =>
        registry.feed.changes(since, limit, wait * 1000, signal),
      )
      const items = changes.map(({ key, position, revision, json }) =>
        json === null
          ? JSON.stringify({ position, orgCode: key, deleted: true })
          : `{"position":${position},"orgCode":"${key}","revision":${revision},"file":${json}}`,
      )
      return sendPage(reply, items, changes.at(-1)?.position ?? since)
    },
  )

  app.get(
    `${API}/entries`,
    {
      schema: {
        operationId: 'getAllEntries',
        tags: ['变更'],
        summary: '登记簿条目，按序号',
        description: '需要 platform:read 权限。标为 internal 的条目不含内容，只有摘要，序号仍然连续。',
        security: [{ key: [] }],
        querystring: z.strictObject({
          after: schemas.position.default(0),
          limit: schemas.limit(100, 1000),
          wait: schemas.wait,
        }),
        response: {
          200: z.object({ items: z.array(schemas.entryAnswer), next: z.int() }),
          400: problem,
          401: problem,
          403: problem,
        },
      },
    },
    async (request, reply) => {
      requireScope(request, 'platform:read')
      const { after, limit, wait } = request.query
      const entries = await whilePresent(request, reply, (signal) =>
        registry.feed.entries(after, limit, wait * 1000, signal),
      )
      const items = entries.map((entry) =>
        JSON.stringify(entry.visibility === 'internal' ? { ...entry, payload: null, salt: null } : entry),
      )
      reply.header('cache-control', 'private, no-store')
      return sendPage(reply, items, entries.at(-1)?.seq ?? after)
    },
  )
}

function sendPage(reply: FastifyReply, items: readonly string[], next: number): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .send(Buffer.from(`{"items":[${items.join(',')}],"next":${next}}`))
}

/** Stops waiting when the asker hangs up or the server shuts down. */
async function whilePresent<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController()
  const done = new AbortController()
  const leave = () => gone.abort()
  once(reply.raw, 'close', { signal: done.signal }).then(leave, () => undefined)
  request.server.closing.addEventListener('abort', leave)
  try {
    return await act(gone.signal)
  } finally {
    done.abort()
    request.server.closing.removeEventListener('abort', leave)
  }
}
