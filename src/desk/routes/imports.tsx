import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import multipart from '@fastify/multipart'
import { z } from 'zod'
import { officerSubject } from '../../authority/officers.ts'
import { Refusal } from '../../dossier/refusal.ts'
import { templateHeaders } from '../../exchange/columns.ts'
import { type Mending, noCounts } from '../../exchange/import.ts'
import type { StoredJob } from '../../exchange/jobs.ts'
import { reportText } from '../../exchange/report.ts'
import { Problem } from '../../http/problem.ts'
import { sendTable } from '../../http/tables.ts'
import { brokenOff, uploadOf } from '../../http/upload.ts'
import { enterprise, kindOf } from '../../records/catalogue.ts'
import { type Asker, actorOf, type Desk, type Form, type Refused } from '../contract.ts'
import { reasonOf } from '../forms.ts'
import { listQuery } from '../lists.ts'
import { ImportPage, ImportsPage, jobColumns } from '../pages/imports.tsx'
import { sentList } from '../send-list.ts'
import { isToken } from '../session.ts'

const JOBS_SHOWN = 200
const MB = 1024 * 1024

/** Imports at the desk: upload, look, mend, import, and take the whole upload back. */
export function deskImports(desk: Desk): void {
  const { app, registry, imports, asker, formOf, attempt, page } = desk
  const schema = { hide: true }
  const { folder } = imports
  const right = 'records:write'
  const kinds = [enterprise, ...registry.catalogue.kinds].map(({ type, label }) => ({ type, label }))
  const labelOf = (type: string) => kinds.find((kind) => kind.type === type)?.label ?? type

  app.get('/imports', { schema: { ...schema, querystring: z.object(listQuery) } }, async (request, reply) => {
    const who = asker(request, right)
    const { query } = request
    const props = await listProps(who)
    const file = sentList(reply, '我的导入', jobColumns(kinds), props.jobs, query)
    if (file) return file
    return page(request, reply, () => <ImportsPage {...who} {...props} query={query} />)
  })

  for (const kind of [enterprise, ...registry.catalogue.kinds])
    for (const format of ['csv', 'xlsx'] as const)
      app.get(`/imports/templates/${kind.type}.${format}`, { schema }, async (request, reply) => {
        asker(request, right)
        const columns = templateHeaders(kind).map((label) => ({ field: label, label }))
        return sendTable(reply, { title: `${kind.label}导入模板`, columns, rows: [] }, format)
      })

  app.register(async (scope) => {
    const routes = scope.withTypeProvider<import('fastify-type-provider-zod').ZodTypeProvider>()
    await routes.register(multipart, {
      limits: { files: 1, fields: 5, fieldSize: 1000, fileSize: imports.maxUploadBytes, parts: 6 },
    })
    routes.post('/imports', { schema }, async (request, reply) => {
      const who = asker(request, right)
      const part = await uploadOf(request)
      const text = (name: string) => {
        const field = part.fields[name]
        return field && !Array.isArray(field) && field.type === 'field' ? String(field.value) : ''
      }
      if (!isToken(text('token'), who.token)) {
        part.file.resume()
        throw new Problem(403, 'token', '表单不是从本系统的页面发出的，或已经过期；请返回页面重新提交。')
      }
      const type = text('type')
      const again = async (fault: string) => {
        part.file.resume()
        const props = await listProps(who)
        const query = z.object(listQuery).parse({})
        return page(request, reply.code(422), () => (
          <ImportsPage {...who} {...props} query={query} fault={fault} />
        ))
      }
      if (!kindOf(registry.catalogue, type)) return again('请选择导入的内容。')
      if (part.filename === '') return again('请选择要上传的文件。')
      const job = await folder
        .create(
          part.file,
          {
            type,
            keyId: officerSubject(who.officer.login),
            actor: actorOf(who.officer),
            createdAt: registry.now().toISOString(),
            fileName: part.filename.slice(0, 200),
          },
          'preview',
        )
        .catch(brokenOff)
      if (part.file.truncated) {
        await folder.discard(job.id)
        return again(`文件超过 ${imports.maxUploadBytes / MB} MB 的上限；请拆分后分批导入。`)
      }
      await look(job)
      return reply.redirect(`/desk/imports/${job.id}`, 303)
    })
  })

  const byId = z.object({ id: z.string().max(100) })
  app.get(
    '/imports/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(20).optional() }) } },
    async (request, reply) => {
      const who = asker(request, right)
      const props = await oneProps(await jobOf(who, request.params.id))
      const done = request.query.done === undefined ? undefined : '已保存，重新核对的结果如下。'
      return page(request, reply, () => <ImportPage {...who} {...props} done={done} />)
    },
  )

  app.get('/imports/:id/progress', { schema: { ...schema, params: byId } }, async (request) => {
    const { counts, progress, status, withdrawal } = await jobOf(asker(request, right), request.params.id)
    const undone = withdrawal ? withdrawal.counts.withdrawn + withdrawal.counts.restored : 0
    const going = withdrawal?.status ?? status
    return {
      checked: withdrawal ? undone : counts.rows,
      share: withdrawal ? undefined : progress,
      total: 0,
      done: going !== 'waiting' && going !== 'running',
    }
  })

  app.get('/imports/:id/errors.csv', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { id } = await jobOf(asker(request, right), request.params.id)
    const path = folder.reportPath(id)
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    return reply.headers(fileHeaders(id)).send(isThere ? createReadStream(path) : '')
  })

  app.get('/imports/:id/faults.csv', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { id } = await jobOf(asker(request, right), request.params.id)
    const found = await folder.preview(id)
    const headers = found?.columns.map(({ header }) => header) ?? []
    return reply.headers(fileHeaders(id)).send(reportText(headers, found?.bad ?? [], true))
  })

  app.post('/imports/:id/mending', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const job = await jobOf(who, request.params.id)
    mustBe(job, 'preview')
    const found = await folder.preview(job.id)
    const width = found?.columns.length ?? 0
    await folder.saveMending(job.id, mendedBy(form, await folder.mending(job.id), width))
    await look(job)
    return reply.redirect(`/desk/imports/${job.id}?done=mended`, 303)
  })

  app.post('/imports/:id/start', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who } = formOf(request, right)
    const job = await jobOf(who, request.params.id)
    // Sent twice, it is started once.
    if (job.status === 'preview') {
      await folder.save({ ...job, status: 'waiting', counts: noCounts() })
      imports.start()
    }
    return reply.redirect(`/desk/imports/${job.id}`, 303)
  })

  app.post('/imports/:id/discard', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who } = formOf(request, right)
    const job = await jobOf(who, request.params.id)
    mustBe(job, 'preview')
    await folder.discard(job.id)
    return reply.redirect('/desk/imports', 303)
  })

  app.post('/imports/:id/withdrawal', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const job = await jobOf(who, request.params.id)
    const again = async (refused: Refused) => {
      const props = await oneProps(job)
      return <ImportPage {...who} {...props} refused={refused} />
    }
    return attempt(
      request,
      reply,
      form,
      async () => {
        const reason = reasonOf(form)
        if (job.status !== 'done' && job.status !== 'failed')
          throw new Refusal('exists', '导入结束后才能整批撤回。')
        if (job.withdrawal === undefined) {
          await folder.save({
            ...job,
            withdrawal: {
              status: 'waiting',
              reason,
              keyId: officerSubject(who.officer.login),
              actor: actorOf(who.officer),
              askedAt: registry.now().toISOString(),
              after: 0,
              counts: { withdrawn: 0, restored: 0, kept: 0 },
              kept: [],
            },
          })
          imports.start()
        }
        return `/desk/imports/${job.id}`
      },
      again,
    )
  })

  async function look(job: StoredJob): Promise<void> {
    const found = await imports.preview({
      path: folder.uploadPath(job.id),
      type: job.type,
      actor: job.actor,
      mending: await folder.mending(job.id),
    })
    await folder.savePreview(job.id, found)
    await folder.save({ ...job, counts: found.counts })
  }

  async function jobOf({ officer }: Asker, id: string): Promise<StoredJob> {
    const job = await folder.find(id)
    if (!job || job.keyId !== officerSubject(officer.login))
      throw new Problem(404, 'unknown', '没有这次导入，或它不是您上传的；结束 30 天后删除。')
    return job
  }

  async function listProps({ officer }: Asker) {
    return {
      kinds,
      jobs: await folder.latest(JOBS_SHOWN, officerSubject(officer.login)),
      most: imports.maxUploadBytes / MB,
    }
  }

  async function oneProps(job: StoredJob) {
    const mending = await folder.mending(job.id)
    return {
      job,
      label: labelOf(job.type),
      preview: job.status === 'preview' ? await folder.preview(job.id) : undefined,
      mendedRows: Object.keys(mending.rows).length,
    }
  }
}

function mustBe({ status }: StoredJob, wanted: StoredJob['status']): void {
  if (status !== wanted) throw new Problem(409, 'exists', '这次导入已经开始或结束，不能再改动。')
}

function fileHeaders(id: string) {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="import-${id}-errors.csv"`,
    'cache-control': 'no-store',
  }
}

const MOST_MENDED = 5000

/** The mending with what a form adds to it: `header.<column>` and `cell.<line>.<column>`. */
function mendedBy(form: Form, before: Mending, width: number): Mending {
  const headers: Record<number, string> = { ...before.headers }
  const rows: Record<number, readonly string[]> = { ...before.rows }
  const typed = new Map<number, string[]>()
  for (const [name, value] of Object.entries(form)) {
    const [what, first, second] = name.split('.')
    if (what === 'header' && value !== '' && Number(first) < width) headers[Number(first)] = value
    if (what !== 'cell' || first === undefined || Number(second) >= width) continue
    const line = Number(first)
    const cells = typed.get(line) ?? Array.from({ length: width }, () => '')
    cells[Number(second)] = value
    typed.set(line, cells)
  }
  for (const [line, cells] of typed) if (Number.isInteger(line) && line > 0) rows[line] = cells
  if (Object.keys(rows).length > MOST_MENDED)
    throw new Problem(422, 'too-big', `在页面上最多改正 ${MOST_MENDED} 行；请下载有误的行，改正后另行上传。`)
  return { headers, rows }
}
