import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { holds } from '../authority/rights.ts'
import type { App } from '../http/app.ts'
import { Problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { mustBeReached } from './ahead.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed, open } = chapter('变更')

/** The public feed by state and the register's own feed by entry, for systems that pull. */
export function feedRoutes(app: App, registry: Registry): void {
  app.get(
    `${API}/changes`,
    open(
      'getChanges',
      '公开内容的变更：某一序号之后变动过的每个档案的现状',
      {
        200: z.object({
          items: z.array(schemas.changeAnswer(registry.catalogue)),
          next: z.int(),
          epoch: schemas.epoch,
        }),
      },
      {
        description:
          '从 since=0 起逐页取用并按序处理，即得到全部公开档案；此后以返回的 next 为 since 继续。每个档案只在其最后一次变动处出现一次，position 严格递增；档案撤回时为 deleted。',
        querystring: z.strictObject({
          since: schemas.position.default(0),
          limit: schemas.limit(100, 1000),
          wait: schemas.wait,
          epoch: epochAsked,
        }),
      },
    ),
    async (request, reply) => {
      const { since, limit, wait, epoch: asked } = request.query
      const epoch = await epochFor(registry, { since }, asked)
      const changes = await whilePresent(reply, (signal) =>
        registry.feed.changes(since, limit, wait * 1000, signal),
      )
      const items = changes.map(({ key, position, json }) =>
        json === null
          ? JSON.stringify({ position, orgCode: key, deleted: true })
          : `{"position":${position},"orgCode":"${key}","revision":${position},"file":${json}}`,
      )
      return sendPage(reply, items, changes.at(-1)?.position ?? since, epoch)
    },
  )

  app.get(
    `${API}/entries`,
    keyed(
      'getAllEntries',
      '登记簿条目，按序号',
      { 200: z.object({ items: z.array(schemas.entryAnswer), next: z.int(), epoch: schemas.epoch }) },
      {
        description:
          '供监察核对，需要 audit:read 权限，每次取用都有记录。标为 internal 的条目不含内容，只有摘要，序号仍然连续。跟踪变更的平台请用 /events。',
        querystring: z.strictObject({
          after: schemas.position.default(0),
          limit: schemas.limit(100, 1000),
          wait: schemas.wait,
          epoch: epochAsked,
        }),
      },
    ),
    async (request, reply) => {
      requireEntries(request)
      const { after, limit, wait, epoch: asked } = request.query
      const epoch = await epochFor(registry, { after }, asked)
      const entries = await whilePresent(reply, (signal) =>
        registry.feed.entries(after, limit, wait * 1000, signal),
      )
      request.stillMay()
      const items = entries.map((entry) =>
        JSON.stringify(entry.visibility === 'internal' ? { ...entry, payload: null, salt: null } : entry),
      )
      return sendPage(reply, items, entries.at(-1)?.seq ?? after, epoch)
    },
  )
}

/** The raw entries are for whoever audits: they name officers. A platform's key is told where its own feed is. */
function requireEntries(request: FastifyRequest): void {
  const { apiKey } = request
  if (apiKey && !holds(apiKey.scopes, 'audit:read') && holds(apiKey.scopes, 'platform:read'))
    throw new Problem(
      403,
      'scope',
      '登记簿的原始条目只供监察取用（audit:read）；平台请改用 /api/v1/events，它给出每项变动和现状。',
    )
  requireScope(request, 'audit:read')
}

function sendPage(reply: FastifyReply, items: readonly string[], next: number, epoch: string): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .send(Buffer.from(`{"items":[${items.join(',')}],"next":${next},"epoch":"${epoch}"}`))
}

/** The epoch that a puller's position is of. */
export const epochAsked = z
  .string()
  .max(64)
  .optional()
  .meta({ description: '上次答复中的 epoch；登记簿已不是那一纪元时答复 409，不会把两份登记簿的内容混在一起' })

/**
 * The register's epoch for an answer that begins at a position. Refuses a position that the register has not come to,
 * and one of another epoch: whoever holds it has been following a register that is not there any more.
 */
export async function epochFor(
  registry: Registry,
  at: { since: number } | { after: number },
  asked: string | undefined,
): Promise<string> {
  const standing = await registry.feed.standing()
  const { epoch, position } = standing
  const [[name, from] = ['since', 0]] = Object.entries(at)
  const begin = { [name]: 0, epoch }
  if (asked !== undefined && asked !== epoch)
    throw new Problem(
      409,
      'other-epoch',
      `登记簿已进入新纪元 ${epoch}（由备份恢复），此前取得的序号不再有效；请清空已取的内容，从 ${name}=0 重新取用。`,
      { related: { epoch, position, begin } },
    )
  mustBeReached(standing, from, begin)
  return epoch
}

/** Stops waiting when the asker hangs up. */
export async function whilePresent<T>(
  reply: FastifyReply,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController()
  const leave = () => gone.abort()
  reply.raw.once('close', leave)
  try {
    return await act(gone.signal)
  } finally {
    reply.raw.off('close', leave)
  }
}
