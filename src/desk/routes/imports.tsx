import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { officerSubject } from '../../authority/officers.ts'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { handedBack, quoted } from '../../checking/given.ts'
import { parseEnterpriseCode } from '../../codes/enterprise-code.ts'
import { organisationCodeWithin } from '../../codes/unified-code.ts'
import { templateHeaders } from '../../exchange/columns.ts'
import { effectOutcomes, isWanted } from '../../exchange/effects.ts'
import {
  acceptCertain,
  discard,
  importOf,
  importsSeen,
  importsWhose,
  lookAt,
  type Mender,
  mend,
  saveTemplate,
  standstillInWords,
} from '../../exchange/import-service.ts'
import { isUnfinished, type StoredJob } from '../../exchange/job.ts'
import type { Preview } from '../../exchange/preview.ts'
import { reportText } from '../../exchange/report.ts'
import { type TemplateKeeper, withTemplate } from '../../exchange/templates.ts'
import type { Mending } from '../../exchange/upload.ts'
import { cursorOf, placeIn, placeOf } from '../../http/list-parameters.ts'
import { Problem } from '../../http/problem.ts'
import { sendTable } from '../../http/tables.ts'
import { brokenOff, takeUploads, tooLarge, uploadOf } from '../../http/upload.ts'
import { enterprise, kindOf } from '../../records/catalogue.ts'
import { onOneLine } from '../../records/fields.ts'
import { pageOf } from '../../registry/gather.ts'
import { readJson } from '../../sheets/json.ts'
import { type Asker, actorOf, type Desk, type Form } from '../contract.ts'
import { cursor, listQuery } from '../lists.ts'
import { ImportRowsPage } from '../pages/import-check.tsx'
import { ImportPage, ImportsPage, jobColumns } from '../pages/imports.tsx'
import { sentList } from '../send-list.ts'
import { isToken } from '../session.ts'

const JOBS_SHOWN = 200
const ROWS_SHOWN = 50
/** Characters of a table that is pasted. */
const MOST_PASTED = 4 * 1024 * 1024
const MB = 1024 * 1024
/** Characters of the name of a file. */
const LONGEST_NAME = 200

/** Imports at the desk: upload, look, mend, import, and take the whole upload back. */
export function deskImports(desk: Desk): void {
  const { app, registry, imports, asker, formOf, offers, page } = desk
  const schema = { hide: true }
  const { jobs } = imports
  const right = 'records:write'
  const kinds = [enterprise, ...registry.catalogue.kinds].map(({ type, label }) => ({ type, label }))
  const labelOf = (type: string) => kinds.find((kind) => kind.type === type)?.label ?? type

  const whose = z
    .enum(['', ...importsWhose])
    .default('authority')
    .catch('authority')
  app.get(
    '/imports',
    { schema: { ...schema, querystring: z.object({ ...listQuery, whose }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.import)
      const { query } = request
      const props = listProps(who, query.whose, query.part)
      const file = sentList(reply, '导入', jobColumns(kinds, who.maker), props.jobs, query, props.next)
      if (file) return file
      return page(request, reply, () => <ImportsPage {...who} {...props} query={query} />)
    },
  )

  for (const kind of [enterprise, ...registry.catalogue.kinds])
    for (const format of ['csv', 'xlsx'] as const)
      app.get(`/imports/templates/${kind.type}.${format}`, { schema }, async (request, reply) => {
        asker(request, right)
        const columns = templateHeaders(kind).map((label) => ({ field: label, label }))
        return sendTable(reply, { title: `${kind.label}导入模板`, columns, rows: [] }, format)
      })

  app.register(async (scope) => {
    const routes = scope.withTypeProvider<import('fastify-type-provider-zod').ZodTypeProvider>()
    await takeUploads(routes, { file: imports.maxUploadBytes, fields: 5, field: MOST_PASTED })
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
        const props = listProps(who)
        const query = z.object(listQuery).parse({})
        return page(request, reply.code(422), () => (
          <ImportsPage {...who} {...props} query={query} fault={fault} />
        ))
      }
      if (!kindOf(registry.catalogue, type)) return again('请选择导入的内容。')
      const pasted = text('pasted')
      if (part.filename === '' && pasted.trim() === '') return again('请选择要上传的文件，或粘贴表格。')
      const job = await jobs
        .create(
          part.filename === '' ? Readable.from([Buffer.from(pasted)]) : part.file,
          {
            type,
            keyId: officerSubject(who.officer.login),
            actor: actorOf(who.officer),
            createdAt: registry.now().toISOString(),
            fileName: part.filename === '' ? '粘贴的表格' : nameOfUpload(part.filename),
          },
          'preview',
        )
        .catch(brokenOff)
      if (part.file.truncated) {
        await jobs.discard(job.id)
        return again(tooLarge(imports.maxUploadBytes).title)
      }
      await lookAt(imports, job)
      return reply.redirect(`/desk/imports/${job.id}`, 303)
    })
  })

  const byId = z.object({ id: z.string().max(100) })
  app.get(
    '/imports/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(20).optional() }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.import)
      const props = await oneProps(who, jobOf(who, request.params.id))
      const { done: what } = request.query
      const done = what && (DONE_WORDS[what] ?? '已办理。')
      return page(request, reply, () => <ImportPage {...who} {...props} done={done} />)
    },
  )

  app.get('/imports/:id/progress', { schema: { ...schema, params: byId } }, async (request) => {
    const { counts, progress, status, withdrawal } = jobOf(
      asker(request, ...readers.import),
      request.params.id,
    )
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
    const { id } = jobOf(asker(request, ...readers.import), request.params.id)
    const path = await jobs.reportPath(id)
    return reply.headers(fileHeaders(id)).send(path === undefined ? '' : createReadStream(path))
  })

  app.get('/imports/:id/faults.csv', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { id } = jobOf(asker(request, ...readers.import), request.params.id)
    const found = jobs.preview(id)
    const headers = found?.columns.map(({ header }) => header) ?? []
    return reply.headers(fileHeaders(id)).send(reportText(headers, found?.bad ?? [], true))
  })

  app.get(
    '/imports/:id/rows',
    {
      schema: {
        ...schema,
        params: byId,
        querystring: z.object({
          outcome: z.enum([...effectOutcomes, 'noted']).optional(),
          reason: z.string().max(300).optional(),
          below: cursor,
        }),
      },
    },
    async (request, reply) => {
      const who = asker(request, ...readers.import)
      const job = jobOf(who, request.params.id)
      const { outcome, reason, below } = request.query
      const found = await jobs.effects(job.id, isWanted(outcome, reason), placeOf(below) ?? 0, ROWS_SHOWN + 1)
      const { items: rows, next } = pageOf(found, ROWS_SHOWN, ({ line }) => {
        const kept = new URLSearchParams({
          ...(outcome !== undefined && { outcome }),
          ...(reason !== undefined && { reason }),
          below: cursorOf(line),
        })
        return `/desk/imports/${job.id}/rows?${kept}`
      })
      const props = { ...who, job, label: labelOf(job.type), rows, next }
      return page(request, reply, () => <ImportRowsPage {...props} />)
    },
  )

  app.post('/imports/:id/mending', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const job = jobOf(who, request.params.id, 'goOn')
    const by = menderOf(who)
    const found = jobs.preview(job.id)
    const made = mendedBy(form, jobs.mending(job.id), found)
    if (form.accept === 'certain') await acceptCertain(imports, job, by)
    else if (form.template !== undefined && form.template !== '') {
      const template = jobs.templates.named(who.officer.authority, job.type, form.template)
      await mend(imports, job, withTemplate(jobs.mending(job.id), template), registry.catalogue, by)
    } else await mend(imports, job, made, registry.catalogue, by)
    return reply.redirect(`/desk/imports/${job.id}?done=mended`, 303)
  })

  const keeperOf = ({ officer }: Asker): TemplateKeeper => ({
    authority: officer.authority,
    id: officerSubject(officer.login),
    officer: officer.name,
    isAdministrator: officer.roles.includes('administrator'),
  })

  app.post('/imports/:id/template', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const job = jobOf(who, request.params.id, 'goOn')
    await saveTemplate(imports, job, form.name ?? '', keeperOf(who), registry.now())
    return reply.redirect(`/desk/imports/${job.id}?done=template`, 303)
  })

  app.post('/imports/templates/:id', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const { id } = request.params
    if (form.remove === 'yes') await jobs.templates.remove(id, keeperOf(who))
    else await jobs.templates.rename(id, form.name ?? '', keeperOf(who))
    return reply.redirect('/desk/imports', 303)
  })

  app.post('/imports/:id/start', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who } = formOf(request, right)
    const job = jobOf(who, request.params.id, 'goOn')
    await jobs.start(job, menderOf(who))
    imports.start()
    return reply.redirect(`/desk/imports/${job.id}`, 303)
  })

  app.post('/imports/:id/discard', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who } = formOf(request, right)
    const job = jobOf(who, request.params.id, 'goOn')
    await discard(imports, job)
    return reply.redirect('/desk/imports', 303)
  })

  const menderOf = ({ officer }: Asker): Mender => ({
    by: actorOf(officer),
    at: registry.now().toISOString(),
  })

  function jobOf({ officer }: Asker, id: string, way: 'look' | 'goOn' = 'look'): StoredJob {
    return importOf(imports, registry, id, { actor: actorOf(officer), way })
  }

  function listProps({ officer }: Asker, whose: (typeof importsWhose)[number] | '' = 'authority', part = '') {
    const asked = { whose: whose === '' ? undefined : whose, after: placeIn(part), limit: JOBS_SHOWN }
    const { items, next } = importsSeen(imports, registry, actorOf(officer), asked)
    return {
      kinds,
      whose,
      jobs: items,
      next: next && cursorOf(...next),
      most: imports.maxUploadBytes / MB,
      mayUpload: holds(scopesOf(officer.roles), right),
      waiting: jobs.waiting.count(officer.authority),
      templates: jobs.templates.of(officer.authority),
    }
  }

  async function oneProps(who: Asker, job: StoredJob) {
    const mending = jobs.mending(job.id)
    const isGoing =
      isUnfinished(job.status) || (job.withdrawal !== undefined && isUnfinished(job.withdrawal.status))
    const standstill = isGoing ? imports.standstill() : undefined
    return {
      job,
      standstill: standstill && standstillInWords(standstill),
      label: labelOf(job.type),
      preview: job.status === 'preview' ? jobs.preview(job.id) : undefined,
      mendedRows: Object.keys(mending.rows).length,
      hindrance: registry.importSight(actorOf(who.officer)).goingOn(job.actor),
      offers: offers(who, 'import', { id: job.id }),
    }
  }
}

function fileHeaders(id: string) {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="import-${id}-errors.csv"`,
    'cache-control': 'no-store',
  }
}

const DONE_WORDS: Readonly<Record<string, string>> = {
  mended: '已保存，重新核对的结果如下。',
  template: '已保存为模板，本机关导入同样的表格时可以选用。',
}

const MOST_MENDED = 5000

/** The mending with what a form adds to it, as the sections of the page name their fields. */
function mendedBy(form: Form, before: Mending, found: Preview | undefined): Mending {
  const width = found?.columns.length ?? 0
  const headers = { ...before.headers }
  const columns = { ...before.columns }
  const rows = { ...before.rows }
  const renames = new Set(before.renames)
  const typed = new Map<number, string[]>()
  const sheets: string[] = []
  for (const [name, value] of Object.entries(form)) {
    const [what, first = '', second] = name.split('.')
    if (what === 'header' && value !== '' && /^\d{1,5}$/.test(first) && Number(first) < width) {
      const written = found?.columns[Number(first)]?.written ?? ''
      // A column without a header of its own is told by its place.
      if (written === '' || found?.columns.filter((column) => column.written === written).length !== 1)
        headers[first] = value
      else columns[written] = value
    }
    if (what === 'rename') renames.add(first)
    if (what === 'sheet') sheets.push(value)
    if (what !== 'cell' || !/^\d{1,5}$/.test(second ?? '') || Number(second) >= width) continue
    const line = Number(first)
    const cells = typed.get(line) ?? Array.from({ length: width }, () => '')
    cells[Number(second)] = value
    typed.set(line, cells)
  }
  for (const [line, cells] of typed) if (Number.isInteger(line) && line > 0) rows[line] = cells
  if (Object.keys(rows).length > MOST_MENDED)
    throw new Problem(422, 'too-big', `在页面上最多改正 ${MOST_MENDED} 行；请下载有误的行，改正后另行上传。`)
  const { headerRow = '', hiddenRows } = form
  const isChosen = sheets.length > 0 || headerRow !== ''
  return {
    ...before,
    // What a column was said to mean by its place means nothing under other headings.
    headers: isChosen && String(before.headerRow ?? '') !== headerRow ? {} : headers,
    columns,
    rows,
    ...(sheets.length > 0 && { sheets }),
    ...(headerRow !== '' && { headerRow: Number(headerRow) }),
    ...((hiddenRows === 'take' || hiddenRows === 'leave') && { hiddenRows }),
    ...(renames.size > 0 && { renames: Array.from(renames) }),
    words: answeredBy(form, before.words ?? {}),
    firms: { ...before.firms, ...decidedFirms(form) },
    constants: { ...before.constants, ...constantsIn(form) },
  }
}

/** Files that names were decided to mean: `firmName.<i>`, with `firm.<i>` chosen or `firmCode.<i>` typed. */
function decidedFirms(form: Form): Record<string, string> {
  const decided: Record<string, string> = {}
  for (const [name, firm] of Object.entries(form)) {
    const [, place] = /^firmName\.(\d+)$/.exec(name) ?? []
    if (place === undefined) continue
    const typed = (form[`firmCode.${place}`] ?? '').trim()
    const chosen = form[`firm.${place}`] ?? ''
    if (typed !== '') decided[firm] = keyOf(typed)
    else if (chosen !== '') decided[firm] = chosen === 'none' ? '' : chosen
  }
  return decided
}

/** Key of the file that a typed code stands for; refuses what is no code. */
function keyOf(typed: string): string {
  const parsed = parseEnterpriseCode(typed)
  if (!parsed.ok) throw new Problem(422, 'invalid', parsed.fault.detail)
  const { kind, code } = parsed.value
  return kind === 'unified' ? organisationCodeWithin(code) : code
}

/** What is so for every row: `constant.<label>`. */
function constantsIn(form: Form): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      name.startsWith('constant.') && value.trim() !== ''
        ? [[name.slice('constant.'.length), value.trim()]]
        : [],
    ),
  )
}

/** What an uploaded file is called, to all who see it: by the rule for text, whatever its owner called it. */
function nameOfUpload(given: string): string {
  return quoted(handedBack(onOneLine(given)), LONGEST_NAME)
}

const askedWord = z.tuple([z.string().max(100), z.string().max(200)])

/** Answers to the words that were asked: `word.<i>` names one, `term.<i>.<j>` says what it means. */
function answeredBy(form: Form, before: NonNullable<Mending['words']>): NonNullable<Mending['words']> {
  const words = { ...before }
  for (const [name, value] of Object.entries(form)) {
    const [, place] = /^word\.(\d+)$/.exec(name) ?? []
    if (place === undefined) continue
    const chosen = Object.entries(form).filter(([term]) => term.startsWith(`term.${place}.`))
    if (chosen.length === 0) continue
    const asked = askedWord.safeParse(readJson(value))
    if (!asked.success) throw new Problem(400, 'form', '表单的内容无法识别；请返回页面重新填写提交。')
    const [field, word] = asked.data
    words[field] = { ...words[field], [word]: chosen.map(([, term]) => term).filter((term) => term !== '') }
  }
  return words
}
