import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import type { FileOutcome } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import { recordOf } from './acts.ts'
import { writingRequest } from './authentication.ts'
import { API, addressOf } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** Records of a file: adding, updating (the world changed), correcting (we were wrong), withdrawing. */
export function recordRoutes(app: App, registry: Registry): void {
  const base = `${API}/enterprises/:code/records`
  const record = z.looseObject({
    id: z.string(),
    type: z.string(),
    data: z.looseObject({}),
    orgCode: z.string(),
    revision: z.int(),
  })
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 410: problem, 422: problem }

  app.post(
    base,
    {
      schema: {
        operationId: 'addRecord',
        tags: ['记录'],
        summary: '在档案中新增一条记录',
        security: [{ key: [] }],
        params: z.object({ code: schemas.codeParameter }),
        body: schemas.newRecord(registry.catalogue),
        response: { 201: record, ...refusals },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      const { type, data, enterprise, notPersonal } = request.body
      const asked = { ...writingRequest(request), notPersonal }
      const outcome = await registry.acts.addRecord(code, type, data, enterprise, asked)
      const { key } = outcome.dossier
      reply.code(201).header('location', `${addressOf(key)}/records/${outcome.recordId}`)
      return sendRecord(reply, registry, outcome, asked.actor)
    },
  )
}

function sendRecord(
  reply: FastifyReply,
  registry: Registry,
  outcome: FileOutcome,
  actor: Actor,
): FastifyReply {
  if (outcome.repeated) reply.header('idempotency-replayed', 'true')
  reply.headers({
    etag: `"${outcome.dossier.revision}"`,
    'cache-control': 'private, no-cache',
    'content-type': 'application/json; charset=utf-8',
  })
  return reply.send(JSON.stringify(recordOf(registry, outcome, actor)))
}
