import { createReadStream } from 'node:fs'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { type ApiKey, keySubject } from '../authority/keys.ts'
import { maker, makerActing } from '../authority/maker.ts'
import { readers } from '../authority/readers.ts'
import { effect, effectOutcomes, isWanted } from '../exchange/effects.ts'
import {
  acceptCertain,
  discard,
  type ImportService,
  importOf,
  importsSeen,
  importsWhose,
  lookAt,
  type Mender,
  mend,
  mustBeKnown,
  saveTemplate,
} from '../exchange/import-service.ts'
import { importJob, isUnfinished, type StoredJob, storedJob } from '../exchange/job.ts'
import { preview } from '../exchange/preview.ts'
import { importTemplate, type TemplateKeeper, templateName, withTemplate } from '../exchange/templates.ts'
import { type Mending, mending, nothingMended } from '../exchange/upload.ts'
import type { App } from '../http/app.ts'
import { cursorOf, placeIn, placeOf } from '../http/list-parameters.ts'
import { wholeNumber } from '../http/parameters.ts'
import { Problem } from '../http/problem.ts'
import { brokenOff, takeUploads, tooLarge, uploadOf } from '../http/upload.ts'
import { kindOf } from '../records/catalogue.ts'
import { pageOf } from '../registry/gather.ts'
import type { Registry } from '../registry/registry.ts'
import { BadJson, readJson } from '../sheets/json.ts'
import { type Answer, idIn } from './answer.ts'
import { actorOf, repeatKeyOf, requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { keyed } = chapter('导入')

/** What the caller says of an upload, in one JSON text beside the file or in the body of a change. */
const mapping = mending.omit({ headers: true }).meta({
  description:
    '指明含义：columns 表头 → 含义，words 栏 → 用语 → 含义，constants 栏 → 各行相同的内容，firms 名称 → 档案编号（空为没有建档），sheets 工作表，headerRow 表头所在的行，hiddenRows 隐藏的行，rows 改正的行，renames 确认更名的档案',
})

/** A job with who sent it and went on with it. */
export const importAnswered = importJob
  .extend({
    fileName: z.string().optional(),
    sentBy: maker.meta({ description: '上传的人' }),
    hands: z
      .array(maker.extend({ did: z.enum(['mended', 'started']), at: z.string() }))
      .optional()
      .meta({
        description: '上传的人以外接着办理的同事：mended 指明含义或改正，started 开始导入；导入以后者的名义',
      }),
    withdrawal: z
      .object({
        status: z.enum(['waiting', 'running', 'done', 'failed']),
        askedAt: z.string(),
        finishedAt: z.string().optional(),
        counts: z.object({ withdrawn: z.int(), restored: z.int(), kept: z.int(), waiting: z.int() }).meta({
          description:
            '到现在为止：withdrawn 撤回的，restored 恢复原状的，kept 因后来另有办理而保留的，waiting 已经公示或者为案件、等级所依据、另待第二人确认的项数；status 为 done 时是最后的数',
        }),
        problem: z.string().optional().meta({ description: '没有撤回到底的原因' }),
      })
      .optional()
      .meta({ description: '整批撤回' }),
  })
  .meta({ id: 'Import' })

/** The same with why it does not come on, where it doesn't. */
const goingJob = importAnswered.extend({
  standstill: z
    .object({ reason: z.string(), since: z.string() })
    .optional()
    .meta({ description: '任务停着的原因，及自何时起；正在办理的没有' }),
})

const template = z
  .string()
  .max(100)
  .optional()
  .meta({ description: '照本机关的这个模板（名称或编号）理解；另行指明的优先' })

/** Characters that the mapping beside a file may have. */
const MAX_MAPPING = 1024 * 1024

/** Imports: an upload becomes a job; its progress and the rows that could not be taken can be fetched. */
export function importRoutes(app: App, registry: Registry, imports: ImportService): void {
  const { jobs } = imports
  /** Uploads that are being taken, by who sent them and under which key for repeating. */
  const underWay = new Set<string>()

  app.register(async (scope) => {
    const routes = scope.withTypeProvider<import('fastify-type-provider-zod').ZodTypeProvider>()
    await takeUploads(routes, { file: imports.maxUploadBytes, fields: 5, field: MAX_MAPPING })
    routes.post(
      `${API}/imports`,
      keyed(
        'startImport',
        '上传表格，批量导入企业或某类记录；preview=true 时只核对',
        { 202: importAnswered },
        {
          description:
            'multipart/form-data：字段 file 为文件（CSV、XLSX、XLS、网页表格），type 为 enterprise 或记录类型（也可写在网址的 ?type= 中），' +
            'mapping 为 JSON（指明含义，见 PATCH）；type 和 mapping 须写在文件之前。文件中有几个工作表含有数据而没有指明的，得到 422，列出各表。',
          querystring: z.strictObject({
            type: z.string().max(50).optional(),
            preview: z.enum(['true', 'false']).optional().meta({ description: '只核对，不导入' }),
            sheet: z
              .union([z.string().max(200), z.array(z.string().max(200)).max(50)])
              .optional()
              .meta({ description: '工作表的名称，可写几个' }),
            match: z.enum(['certain']).optional().meta({
              description: '没有代码的表格：certain 表示名称匹配为“确定”的企业由此密钥确认，不再逐个询问',
            }),
            headerRow: wholeNumber(0, 10_000).optional().meta({
              description: '表头所在的行；0 表示没有表头',
            }),
            template,
          }),
          consumes: ['multipart/form-data'],
          refused: [413],
        },
      ),
      async (request, reply) => {
        const key = requireScope(request, 'records:write')
        const part = await uploadOf(request)
        const { query } = request
        const text = (name: string) => {
          const field = part.fields[name]
          return field && !Array.isArray(field) && field.type === 'field' ? String(field.value) : undefined
        }
        const type = query.type ?? text('type') ?? ''
        const repeatKey = repeatKeyOf(request)
        const asked = repeatKey === undefined ? undefined : `${key.id} ${repeatKey}`
        if (asked !== undefined && underWay.has(asked)) {
          part.file.resume()
          throw new Problem(
            409,
            'idempotency-key-under-way',
            '同一 Idempotency-Key 的上传正在受理；请稍候原样重发，得到同一任务。',
          )
        }
        if (asked !== undefined) underWay.add(asked)
        try {
          mustBeKind(type)
          const said = { ...mappingIn(text('mapping')), ...fromQuery(query) }
          const made = withNamed(query.template, said, type, actorOf(key).authority)
          mustBeKnown(type, made, registry.catalogue)
          const sent = { type, keyId: key.id, actor: senderOf(key), createdAt: registry.now().toISOString() }
          const { job, repeated } = await (repeatKey === undefined
            ? jobs.create(part.file, sent, 'preview').then((created) => ({ job: created, repeated: false }))
            : jobs.createOnce(repeatKey, part.file, sent)
          ).catch(brokenOff)
          if (part.file.truncated) {
            await jobs.discard(job.id)
            throw tooLarge(imports.maxUploadBytes)
          }
          const address = `${API}/imports/${job.id}`
          if (repeated) reply.header('idempotency-replayed', 'true')
          // One that was cut off before it was begun goes on where it was.
          if (repeated && job.status !== 'preview')
            return reply.code(202).header('location', address).send(shown(job))
          await jobs.saveMending(job.id, made)
          if (query.match === 'certain') await acceptCertain(imports, job, menderOf(key))
          if (query.preview === 'true') {
            if (query.match === undefined) await lookAt(imports, job)
            return reply
              .code(202)
              .header('location', address)
              .send(shown((await jobs.find(job.id)) ?? job))
          }
          await mustBeClear(job, made)
          const started = (await jobs.start(job)) ?? job
          imports.start()
          return reply.code(202).header('location', address).send(shown(started))
        } finally {
          if (asked !== undefined) underWay.delete(asked)
          part.file.resume()
        }
      },
    )
  })

  /** What was said, on what a template that was named says. */
  function withNamed(name: string | undefined, made: Mending, type: string, authority: string): Mending {
    return name === undefined ? made : withTemplate(made, jobs.templates.named(authority, type, name))
  }

  function mustBeKind(type: string): void {
    if (kindOf(registry.catalogue, type)) return
    const known = ['enterprise', ...registry.catalogue.kinds.map((kind) => kind.type)].join('、')
    throw new Problem(422, 'invalid', `请在 type 中指明导入的类型：${known}；type 须写在文件之前或网址中。`, {
      errors: [{ pointer: '/type', code: 'choice', detail: `应为 ${known} 之一。` }],
    })
  }

  /** Refuses a file of which it is open what sheet is meant, and lists them. */
  async function mustBeClear(job: StoredJob, made: Mending): Promise<void> {
    const {
      problem: why,
      sheets,
      chosen,
    } = await imports.preview({
      path: await jobs.uploadPath(job.id),
      type: job.type,
      actor: job.actor,
      mending: made,
      isGlance: true,
    })
    if (why === undefined || chosen.length > 0 || sheets.length === 0) return
    await jobs.discard(job.id)
    throw new Problem(422, 'sheets', why, {
      errors: sheets.map(({ name, hidden, isTable, headerRow }) => ({
        pointer: '/sheet',
        code: 'sheet',
        detail: `“${name}”${hidden ? '（隐藏）' : ''}：${isTable ? `第 ${headerRow} 行为表头` : '没有可以识别的数据'}。`,
      })),
      related: { sheets },
    })
  }

  /** Whoever acts by a key, as entries name them: a key that acts for somebody goes by their name. */
  function senderOf(key: ApiKey): Actor {
    const behind = key.actsFor === undefined ? undefined : registry.officers.one(key.actsFor)
    return { ...actorOf(key), ...(behind && { officer: behind.name }) }
  }

  const menderOf = (key: ApiKey): Mender => ({ by: senderOf(key), at: registry.now().toISOString() })
  /** What somebody looks at, or goes on with, and who that is. */
  const asked = (request: FastifyRequest<{ Params: { id: string } }>, way: 'look' | 'goOn') => {
    const key = requireScope(request, ...(way === 'look' ? readers.import : (['records:write'] as const)))
    const job = importOf(imports, registry, request.params.id, { actor: actorOf(key), way })
    return { job, by: menderOf(key) }
  }

  app.get(
    `${API}/imports`,
    keyed(
      'listImports',
      '导入任务，新的在前：本机关的，以及下级机关的',
      { 200: schemas.pageOf(importAnswered) },
      {
        description: '任务结束 30 天后、没有导入的上传 3 天后删去。',
        querystring: z.strictObject({
          status: importJob.shape.status.optional().meta({ description: 'preview 为核对过、没有导入的上传' }),
          whose: z
            .enum(importsWhose, `应为 ${importsWhose.join(' 或 ')}`)
            .optional()
            .meta({ description: 'own 为此密钥上传的，authority 为本机关的；不写的为可以查看的全部' }),
          limit: schemas.limit(50, 200),
          cursor: schemas.cursor,
        }),
        refused: [422],
      },
    ),
    async (request) => {
      const actor = actorOf(requireScope(request, ...readers.import))
      const { cursor, ...query } = request.query
      const { items, next } = importsSeen(imports, registry, actor, { ...query, after: placeIn(cursor) })
      return { items: items.map(shown), next: next && cursorOf(...next) }
    },
  )

  app.get(
    `${API}/imports/:id`,
    keyed(
      'getImport',
      '导入任务的进度和结果：各种结果的行数，没有完成的原因',
      { 200: goingJob },
      { params: schemas.byId, refused: [404, 422] },
    ),
    async (request) => {
      const { job } = asked(request, 'look')
      const standstill = isUnfinished(job.status) ? imports.standstill() : undefined
      return { ...shown(job), ...(standstill && { standstill }) }
    },
  )

  app.get(
    `${API}/imports/:id/errors.csv`,
    keyed(
      'getImportErrors',
      '未能导入的行及原因；改正后可直接再次导入',
      {
        200: schemas
          .sentAs('text/csv')
          .meta({ description: '原表各栏之后附错误行号、错误列、错误值、错误原因' }),
      },
      { params: schemas.byId, refused: [404, 422] },
    ),
    async (request, reply) => {
      const { job } = asked(request, 'look')
      reply.type('text/csv; charset=utf-8')
      reply.headers({
        'content-disposition': `attachment; filename="import-${job.id}-errors.csv"`,
        'cache-control': 'no-store',
      })
      const path = await imports.jobs.reportPath(job.id)
      return reply.send(path === undefined ? '' : createReadStream(path))
    },
  )

  app.get(
    `${API}/imports/:id/preview`,
    keyed(
      'getImportPreview',
      '核对的结果：工作表、各栏含义、各行会怎样、未能导入的原因、待定的用语',
      { 200: preview },
      { params: schemas.byId, refused: [404, 422] },
    ),
    async (request) => {
      const found = jobs.preview(asked(request, 'look').job.id)
      if (!found) throw new Problem(404, 'unknown', '这次导入没有经过核对；上传时请加 preview=true。')
      return found
    },
  )

  app.get(
    `${API}/imports/:id/rows`,
    keyed(
      'getImportRows',
      '核对的各行：新建、新增、改动（改前与改后）、无变化，或未能导入的原因',
      {
        200: z.object({
          rows: z.array(effect),
          next: z.string().nullable().meta({ description: '取下一页的 cursor；最后一页为 null' }),
        }),
      },
      {
        params: schemas.byId,
        querystring: z.strictObject({
          outcome: z.enum([...effectOutcomes, 'noted']).optional(),
          reason: z
            .string()
            .max(200)
            .optional()
            .meta({ description: '原因：code:header，与核对结果中的一致' }),
          cursor: schemas.cursor,
          limit: schemas.limit(100, 500),
        }),
        refused: [404, 422],
      },
    ),
    async (request) => {
      const { outcome, reason, cursor, limit } = request.query
      const { job } = asked(request, 'look')
      const found = await jobs.effects(job.id, isWanted(outcome, reason), placeOf(cursor) ?? 0, limit + 1)
      const { items: rows, next } = pageOf(found, limit, ({ line }) => cursorOf(line))
      return { rows, next }
    },
  )

  app.patch(
    `${API}/imports/:id`,
    keyed(
      'mendImport',
      '指明工作表、各栏和用语的含义，改正个别行，再行核对',
      { 200: preview },
      { params: schemas.byId, querystring: z.strictObject({ template }), body: mapping, refused: [404] },
    ),
    async (request) => {
      const { job, by } = asked(request, 'goOn')
      const before = jobs.mending(job.id)
      const said = merged(before, request.body)
      const made = withNamed(request.query.template, said, job.type, job.actor.authority)
      return mend(imports, job, made, registry.catalogue, by)
    },
  )

  const keeperOf = (request: FastifyRequest): TemplateKeeper => {
    const key = requireScope(request, 'records:write')
    return { ...actorOf(key), id: keySubject(key.id), isAdministrator: key.scopes.includes('admin') }
  }

  app.post(
    `${API}/imports/:id/template`,
    keyed(
      'saveImportTemplate',
      '保存为本机关的模板：这次上传所指明的各栏和用语的含义，以及整份相同的各项',
      { 201: importTemplate },
      { params: schemas.byId, body: z.strictObject({ name: templateName }), refused: [404] },
    ),
    async (request, reply) => {
      const { job } = asked(request, 'goOn')
      const by = keeperOf(request)
      return reply.code(201).send(await saveTemplate(imports, job, request.body.name, by, registry.now()))
    },
  )

  app.get(
    `${API}/imports/templates`,
    keyed(
      'getImportTemplates',
      '本机关的导入模板：各栏和用语的含义，下次同样的表格可用',
      { 200: schemas.listOf(importTemplate) },
      { refused: [422] },
    ),
    async (request) => ({ items: jobs.templates.of(keeperOf(request).authority) }),
  )

  app.patch(
    `${API}/imports/templates/:id`,
    keyed(
      'renameImportTemplate',
      '给模板改名；由保存的人或者管理员办理',
      { 200: importTemplate },
      { params: schemas.byId, body: z.strictObject({ name: templateName }), refused: [404] },
    ),
    async (request) => jobs.templates.rename(request.params.id, request.body.name, keeperOf(request)),
  )

  app.delete(
    `${API}/imports/templates/:id`,
    keyed(
      'removeImportTemplate',
      '删去模板；由保存的人或者管理员办理',
      { 204: z.null() },
      { params: schemas.byId, refused: [404] },
    ),
    async (request, reply) => {
      await jobs.templates.remove(request.params.id, keeperOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    `${API}/imports/:id/start`,
    keyed(
      'startPreviewedImport',
      '导入核对过的上传：受理后由后台逐批办理，进度另行查看',
      { 202: importAnswered },
      { params: schemas.byId, refused: [404] },
    ),
    async (request, reply) => {
      const { job, by } = asked(request, 'goOn')
      const started = (await jobs.start(job, by)) ?? job
      imports.start()
      return reply.code(202).send(shown(started))
    },
  )

  app.delete(
    `${API}/imports/:id`,
    keyed(
      'discardImport',
      '不导入，删去核对过的上传',
      { 204: z.null() },
      { params: schemas.byId, refused: [404] },
    ),
    async (request, reply) => {
      await discard(imports, asked(request, 'goOn').job)
      return reply.code(204).send(null)
    },
  )
}

/** What the address of an upload says of how it is to be read. */
function fromQuery({
  sheet,
  headerRow,
}: {
  sheet?: string | string[] | undefined
  headerRow?: number | undefined
}) {
  return {
    ...(sheet !== undefined && { sheets: typeof sheet === 'string' ? [sheet] : sheet }),
    ...(headerRow !== undefined && { headerRow }),
  }
}

/** The mapping that came beside a file; refuses what is none, saying where. */
function mappingIn(text: string | undefined): Mending {
  if (text === undefined) return nothingMended
  try {
    return mending.parse(readJson(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0] : undefined
    const place = why ? `/${why.path.join('/')}` : ''
    if (!why && !(error instanceof BadJson)) throw error
    const detail = why
      ? `${place} 的写法不对：${why.message}`
      : `不能用：${error instanceof BadJson ? error.message : ''}`
    throw new Problem(422, 'invalid', `mapping ${detail}`, {
      errors: [{ pointer: `/mapping${place}`, code: 'mapping', detail }],
    })
  }
}

/** What was said before with what is said now; rows, columns and words add up. */
function merged(before: Mending, now: Omit<Mending, 'headers'>): Mending {
  const words = { ...before.words }
  for (const [field, own] of Object.entries(now.words ?? {})) words[field] = { ...words[field], ...own }
  return {
    ...before,
    ...now,
    headers: before.headers,
    rows: { ...before.rows, ...now.rows },
    columns: { ...before.columns, ...now.columns },
    words,
    constants: { ...before.constants, ...now.constants },
    firms: { ...before.firms, ...now.firms },
  }
}

/** How an import is answered with after an act upon it. */
export const importAnswer: Answer = {
  tag: '导入',
  schema: importAnswered,
  shown: (registry, done) => ({ body: shown(storedJob.parse(registry.imports.now(idIn(done)))) }),
}

/** A job as whoever asked for it sees it. */
export function shown(job: StoredJob) {
  const { id, type, status, createdAt, finishedAt, progress, counts, ignoredColumns, problem: why } = job
  const { fileName, hands, withdrawal } = job
  return {
    ...{ id, type, status, createdAt, progress, counts, ignoredColumns, sentBy: makerActing(job.actor) },
    ...(finishedAt !== undefined && { finishedAt }),
    ...(why !== undefined && { problem: why }),
    ...(fileName !== undefined && { fileName }),
    ...(hands && { hands: hands.map(({ did, by, at }) => ({ ...makerActing(by), did, at })) }),
    ...(withdrawal && {
      withdrawal: {
        ...{ status: withdrawal.status, askedAt: withdrawal.askedAt, counts: withdrawal.counts },
        ...(withdrawal.finishedAt !== undefined && { finishedAt: withdrawal.finishedAt }),
        ...(withdrawal.problem !== undefined && { problem: withdrawal.problem }),
      },
    }),
  }
}
