import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ImportService } from '../exchange/import-service.ts'
import { importJob, type StoredJob } from '../exchange/jobs.ts'
import type { App } from '../http/app.ts'
import { Problem, problem } from '../http/problem.ts'
import { brokenOff, uploadOf } from '../http/upload.ts'
import { kindOf } from '../records/catalogue.ts'
import type { Registry } from '../registry/registry.ts'
import { actorOf, requireScope } from './authentication.ts'
import { API } from './enterprises.ts'

/** Imports: an upload becomes a job; its progress and the rows that could not be taken can be fetched. */
export function importRoutes(app: App, registry: Registry, imports: ImportService): void {
  const byId = z.object({ id: z.string().max(100) })
  const refusals = { 401: problem, 403: problem, 422: problem }

  app.register(async (scope) => {
    const routes = scope.withTypeProvider<import('fastify-type-provider-zod').ZodTypeProvider>()
    await routes.register(multipart, {
      limits: { files: 1, fields: 5, fieldSize: 1000, fileSize: imports.maxUploadBytes, parts: 6 },
    })
    routes.post(
      `${API}/imports`,
      {
        schema: {
          operationId: 'startImport',
          tags: ['导入'],
          summary: '上传 CSV 或 XLSX，批量导入企业或某类记录',
          description:
            'multipart/form-data：字段 file 为文件，type 为 enterprise 或记录类型（也可写在网址的 ?type= 中）。',
          consumes: ['multipart/form-data'],
          security: [{ key: [] }],
          querystring: z.strictObject({ type: z.string().max(50).optional() }),
          response: { 202: importJob, ...refusals, 413: problem, 415: problem },
        },
      },
      async (request, reply) => {
        const key = requireScope(request, 'records:write')
        const part = await uploadOf(request)
        const field = part.fields.type
        const named =
          field && !Array.isArray(field) && field.type === 'field' ? String(field.value) : undefined
        const type = request.query.type ?? named ?? ''
        if (!kindOf(registry.catalogue, type)) {
          part.file.resume()
          const known = ['enterprise', ...registry.catalogue.kinds.map((kind) => kind.type)].join('、')
          throw new Problem(
            422,
            'invalid',
            `请在 type 中指明导入的类型：${known}；type 须写在文件之前或网址中。`,
            {
              errors: [{ pointer: '/type', code: 'choice', detail: `应为 ${known} 之一。` }],
            },
          )
        }
        const job = await imports.folder
          .create(part.file, {
            type,
            keyId: key.id,
            actor: actorOf(key),
            createdAt: registry.now().toISOString(),
          })
          .catch(brokenOff)
        if (part.file.truncated) {
          await imports.folder.discard(job.id)
          throw new Problem(
            413,
            'too-large',
            `文件超过 ${imports.maxUploadBytes / 1024 / 1024} MB 的上限；请拆分后分批导入。`,
          )
        }
        imports.start()
        return reply.code(202).header('location', `${API}/imports/${job.id}`).send(shown(job))
      },
    )
  })

  const findJob = async (request: FastifyRequest, id: string): Promise<StoredJob> => {
    const key = requireScope(request, 'records:write')
    const job = await imports.folder.find(id)
    if (!job || (job.keyId !== key.id && !key.scopes.includes('admin')))
      throw new Problem(404, 'unknown', '没有这个导入任务，或它不属于此密钥；任务结束 30 天后删除。')
    return job
  }

  app.get(
    `${API}/imports/:id`,
    {
      schema: {
        operationId: 'getImport',
        tags: ['导入'],
        summary: '导入任务的进度和结果',
        security: [{ key: [] }],
        params: byId,
        response: { 200: importJob, ...refusals, 404: problem },
      },
    },
    async (request) => shown(await findJob(request, request.params.id)),
  )

  app.get(
    `${API}/imports/:id/errors.csv`,
    {
      schema: {
        operationId: 'getImportErrors',
        tags: ['导入'],
        summary: '未能导入的行及原因；改正后可直接再次导入',
        security: [{ key: [] }],
        params: byId,
        response: {
          200: z.unknown().meta({ description: 'CSV，原表各栏之后附错误行号、错误列、错误值、错误原因' }),
          ...refusals,
          404: problem,
        },
      },
    },
    async (request, reply) => {
      const job = await findJob(request, request.params.id)
      reply.type('text/csv; charset=utf-8')
      reply.header('content-disposition', `attachment; filename="import-${job.id}-errors.csv"`)
      const path = imports.folder.reportPath(job.id)
      const exists = await access(path).then(
        () => true,
        () => false,
      )
      return reply.send(exists ? createReadStream(path) : '')
    },
  )
}

/** A job as whoever asked for it sees it. */
function shown(job: StoredJob) {
  const { id, type, status, createdAt, finishedAt, progress, counts, ignoredColumns, problem: why } = job
  return {
    ...{ id, type, status, createdAt, progress, counts, ignoredColumns },
    ...(finishedAt !== undefined && { finishedAt }),
    ...(why !== undefined && { problem: why }),
  }
}
