import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { OfficerRecord } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import type { Outcome } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import { seenRevision, writingRequest } from './authentication.ts'
import { API, addressOf, withPresentState } from './enterprises.ts'
import * as schemas from './schemas.ts'

/** Records of a file: adding, updating (the world changed), correcting (we were wrong), withdrawing. */
export function recordRoutes(app: App, registry: Registry): void {
  const base = `${API}/enterprises/:code/records`
  const data = z
    .record(z.string(), z.unknown(), '应为 JSON 对象')
    .meta({ description: '合并补丁：只写要改的栏目，null 表示删去' })
  const record = z.looseObject({
    id: z.string(),
    type: z.string(),
    data: z.looseObject({}),
    orgCode: z.string(),
    revision: z.int(),
  })
  const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 410: problem, 422: problem }
  const revised = { ...refusals, 412: problem, 428: problem }

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
      const { type, data, enterprise } = request.body
      const outcome = await registry.acts.addRecord(code, type, data, enterprise, writingRequest(request))
      const { key } = outcome.dossier
      reply.code(201).header('location', `${addressOf(key)}/records/${outcome.recordId}`)
      return sendRecord(reply, registry, outcome)
    },
  )

  app.patch(
    `${base}/:id`,
    {
      schema: {
        operationId: 'updateRecord',
        tags: ['记录'],
        summary: '更新一条记录（情况发生了变化，如罚款已缴、证书已暂停）',
        security: [{ key: [] }],
        params: schemas.recordParameters,
        body: z.strictObject({ data, reason: schemas.reason.optional() }),
        response: { 200: record, ...revised },
      },
    },
    async (request, reply) => {
      const { code, id } = request.params
      const { data, reason } = request.body
      const asked = writingRequest(request)
      const outcome = await withPresentState(registry, code, () =>
        registry.acts.updateRecord(code, id, data, seenRevision(request), asked, reason),
      )
      return sendRecord(reply, registry, outcome)
    },
  )

  app.post(
    `${base}/:id/correction`,
    {
      schema: {
        operationId: 'correctRecord',
        tags: ['记录'],
        summary: '更正一条记录（此前登记有误）',
        security: [{ key: [] }],
        params: schemas.recordParameters,
        body: z.strictObject({ data, reason: schemas.reason }),
        response: { 200: record, ...revised },
      },
    },
    async (request, reply) => {
      const { code, id } = request.params
      const { data, reason } = request.body
      const asked = writingRequest(request)
      const outcome = await withPresentState(registry, code, () =>
        registry.acts.correctRecord(code, id, data, reason, seenRevision(request), asked),
      )
      return sendRecord(reply, registry, outcome)
    },
  )

  app.post(
    `${base}/:id/withdrawal`,
    {
      schema: {
        operationId: 'withdrawRecord',
        tags: ['记录'],
        summary: '撤回一条不应存在的记录',
        security: [{ key: [] }],
        params: schemas.recordParameters,
        body: z.strictObject({ reason: schemas.reason }),
        response: { 200: record, ...revised },
      },
    },
    async (request, reply) => {
      const { code, id } = request.params
      const asked = writingRequest(request)
      const outcome = await withPresentState(registry, code, () =>
        registry.acts.withdrawRecord(code, id, request.body.reason, seenRevision(request), asked),
      )
      return sendRecord(reply, registry, outcome)
    },
  )
}

function sendRecord(reply: FastifyReply, registry: Registry, outcome: Outcome): FastifyReply {
  const { dossier, recordId, repeated } = outcome
  const file = registry.files.officerFile(dossier)
  const record: OfficerRecord | undefined = Object.values(file.sections)
    .flat()
    .find(({ id }) => id === recordId)
  if (!record) throw new Refusal('unknown', `档案 ${dossier.key} 中没有这条记录。`)
  if (repeated) reply.header('idempotency-replayed', 'true')
  reply.headers({
    etag: `"${dossier.revision}"`,
    'cache-control': 'private, no-cache',
    'content-type': 'application/json; charset=utf-8',
  })
  const { key: orgCode, revision, position } = dossier
  return reply.send(JSON.stringify({ ...record, orgCode, revision, position }))
}
