import { z } from 'zod'
import { makerActing } from '../authority/maker.ts'
import { awaited, type ImportService, importWaiting } from '../exchange/import-service.ts'
import { firmMatch } from '../exchange/matching.ts'
import { closedWaiting, type WaitingFor, waitingFor } from '../exchange/waiting.ts'
import type { App } from '../http/app.ts'
import { cursorOf, placeIn } from '../http/list-parameters.ts'
import { Problem } from '../http/problem.ts'
import { text } from '../records/fields.ts'
import type { Registry } from '../registry/registry.ts'
import { actorOf, requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import { importAnswered, shown } from './imports.ts'
import * as schemas from './schemas.ts'

const { keyed } = chapter('导入')

const CLOSED_SHOWN = 50

/** Rows of imports whose firms have no file yet: what an authority's rows wait for, importing them, closing them. */
export function waitingRoutes(app: App, registry: Registry, imports: ImportService): void {
  const { waiting } = imports.jobs

  app.get(
    `${API}/imports/waiting`,
    keyed(
      'getWaitingRows',
      '待建档：本机关导入的各行中，企业没有建档的，按企业列出',
      {
        200: z.object({
          total: z.int(),
          items: z.array(waitingFor.extend({ match: firmMatch })),
          next: z.string().nullable().meta({ description: '取下一页的 cursor；最后一页为 null' }),
          closed: z.array(closedWaiting).meta({ description: '不再等待的，最近 50 家' }),
        }),
      },
      {
        description:
          '保留 180 天，到期删去；导入整批撤回的随之删去。match 为按批量核验的判断，现在可能对应的档案。',
        querystring: z.strictObject({
          cursor: schemas.cursor,
          limit: schemas.limit(50, 100),
        }),
        refused: [422],
      },
    ),
    async (request) => {
      const { authority } = actorOf(requireScope(request, 'records:write'))
      const { cursor, limit } = request.query
      const { items, next } = await awaited(imports, authority, placeIn(cursor), limit)
      return {
        total: waiting.count(authority),
        items,
        next: next && cursorOf(...next),
        closed: waiting.closed(authority, CLOSED_SHOWN),
      }
    },
  )

  const found = (authority: string, id: string): WaitingFor => {
    const firm = waiting.one(authority, id)
    if (!firm)
      throw new Problem(404, 'unknown', '待建档的列表中没有这一家；可能已经导入、不再保留，或属于其他机关。')
    return firm
  }

  app.post(
    `${API}/imports/waiting/:id/import`,
    keyed(
      'importWaitingRows',
      '导入待建档的一家企业的各行：得到核对过的上传，确认后再 start',
      { 202: importAnswered },
      {
        params: schemas.byId,
        body: z.strictObject({
          key: z.string().max(18).optional().meta({ description: '没有代码的：该企业的档案编号' }),
        }),
        refused: [404],
      },
    ),
    async (request, reply) => {
      const key = requireScope(request, 'records:write')
      const actor = actorOf(key)
      const sent = { keyId: key.id, actor, createdAt: registry.now().toISOString() }
      const firm = found(actor.authority, request.params.id)
      const job = await importWaiting(imports, sent, firm, request.body.key)
      const present = imports.jobs.now(job.id) ?? job
      return reply.code(202).header('location', `${API}/imports/${job.id}`).send(shown(present))
    },
  )

  app.delete(
    `${API}/imports/waiting/:id`,
    keyed(
      'closeWaitingRows',
      '不再等待：删去待建档的一家企业的各行',
      { 204: z.null() },
      {
        params: schemas.byId,
        querystring: z.strictObject({
          reason: text(200).default('未写明').meta({ description: '原因，如外省企业已转送、个体工商户' }),
        }),
        refused: [404],
      },
    ),
    async (request, reply) => {
      const actor = actorOf(requireScope(request, 'records:write'))
      const { authority } = actor
      const { reason } = request.query
      await waiting.close(authority, found(authority, request.params.id), {
        reason,
        by: makerActing(actor),
        at: registry.now(),
      })
      return reply.code(204).send(null)
    },
  )
}
