import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { CheckService } from '../../src/checking/checks.ts'
import { rowOrders, type Source, STAMP_PATH } from '../../src/checking/request.ts'
import { rowChoices } from '../../src/checking/verdict.ts'
import { baseOf } from '../../src/http/address.ts'
import type { App } from '../../src/http/app.ts'
import { takeForms } from '../../src/http/form.ts'
import { heavily } from '../../src/http/heavy-work.ts'
import { LONGEST_CURSOR, placeIn } from '../../src/http/list-parameters.ts'
import { Problem } from '../../src/http/problem.ts'
import { brokenOff, noLargerThan, takeUploads, tooLarge } from '../../src/http/upload.ts'
import { passing as heldAt } from '../../src/ui/answers.tsx'
import { pathIn } from '../../src/ui/frame.tsx'
import { CheckedPage, CheckPage, RecordPage } from '../pages/check.tsx'
import type { Site, SiteParts } from '../site.tsx'

const MAX_MEGABYTES = 20
const MAX_RECORD_MEGABYTES = 64
const MEGABYTE = 1024 * 1024
/** What its forms hold besides a file. */
const FORM = { fields: 2, field: 2_000_000 }
const SHOWN = 100
const MOST_OF_STAMP = 2000
/** How long a short check is waited for before its progress is shown. */
const WAITED_MS = 1500
const WAIT_STEP_MS = 50

const cursor = z.string().max(LONGEST_CURSOR).optional()
const byId = z.object({ id: z.string().max(60) })

/** Batch checks: handed in, followed, shown. */
export function checkPages(site: Site): void {
  const { app, checks, language, page, passing } = site
  const schema = { hide: true }

  /** Begins a check; a short one is done when this resolves. */
  async function begun(source: Source, { asker }: FastifyRequest): Promise<string> {
    const id = await checks.begin(source, asker)
    for (let waited = 0; waited < WAITED_MS; waited += WAIT_STEP_MS) {
      if ((await checks.state(id))?.done) break
      await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS))
    }
    return id
  }

  app.get('/check', { schema }, async (request, reply) =>
    page(request, reply, () => <CheckPage maxMegabytes={MAX_MEGABYTES} />),
  )
  app.get(
    '/check/record',
    { schema: { ...schema, querystring: z.object({ stamp: z.string().max(MOST_OF_STAMP).optional() }) } },
    async (request, reply) => {
      const { stamp } = request.query
      if (stamp === undefined)
        return page(request, reply, () => <RecordPage maxMegabytes={MAX_RECORD_MEGABYTES} />)
      const said = await checks.verifyStamp(stamp)
      return passing(request, reply, () => (
        <RecordPage verified={said ?? null} maxMegabytes={MAX_RECORD_MEGABYTES} />
      ))
    },
  )

  app.register(async (scope) => {
    await takeUploads(scope, { ...FORM, file: MAX_RECORD_MEGABYTES * MEGABYTE })
    takeForms(scope, 1000)
    const heavy = { schema, onRequest: heavily }
    const list = { schema, onRequest: [noLargerThan({ ...FORM, file: MAX_MEGABYTES * MEGABYTE }), heavily] }
    scope.post('/check', list, async (request, reply) => {
      const handedIn = await received(request, checks)
      if ('fault' in handedIn)
        return passing(request, reply.code(422), () => (
          <CheckPage maxMegabytes={MAX_MEGABYTES} {...handedIn} />
        ))
      return reply.redirect(pathIn(language, `/check/${await begun({ path: handedIn.path }, request)}`), 303)
    })
    scope.post('/check/again', heavy, async (request, reply) => {
      const record = await uploadedText(request)
      const verification = await checks.verify(record)
      if (!verification.ok)
        return passing(request, reply.code(422), () => (
          <RecordPage verification={verification} maxMegabytes={MAX_RECORD_MEGABYTES} />
        ))
      const id = await begun({ record }, request)
      return reply.redirect(pathIn(language, `/check/${id}?of=changed`), 303)
    })
    scope.post('/check/record', heavy, async (request, reply) => {
      const verification = await checks.verify(await uploadedText(request))
      return passing(request, reply, () => (
        <RecordPage verification={verification} maxMegabytes={MAX_RECORD_MEGABYTES} />
      ))
    })
    scope.post('/check/:id/removal', { schema: { ...schema, params: byId } }, async (request, reply) => {
      await checks.forget(byId.parse(request.params).id)
      return reply.redirect(pathIn(language, '/check'), 303)
    })
  })

  app.get(
    '/check/:id',
    {
      schema: {
        ...schema,
        params: byId,
        querystring: z.object({
          of: z.enum(rowChoices, '没有这种结果').default('all'),
          order: z.enum(rowOrders, '应为 given 或 grave').default('given'),
          below: cursor,
          above: cursor,
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { of, order, below, above } = request.query
      const state = await checks.state(id)
      if (!state) throw notHeld()
      const beside = { after: placeIn(below), before: placeIn(above) }
      const found = state.done ? await checks.rows(id, of, beside, SHOWN, order) : undefined
      return page(request, reply, () =>
        heldAt(
          <CheckedPage id={id} state={state} found={found} of={of} order={order} />,
          state.span.from.position,
        ),
      )
    },
  )
}

/** How a check comes along, and its results as files. */
export function checkResources(app: App, { checks, settings }: SiteParts): void {
  const schema = { hide: true, params: byId }
  app.get('/check/keys.json', { schema: { hide: true } }, async (_, reply) =>
    reply
      .headers({
        'content-type': 'application/jwk-set+json; charset=utf-8',
        'cache-control': 'public, max-age=3600',
      })
      .send(JSON.stringify({ keys: await checks.keys() })),
  )
  app.get('/check/:id/progress.json', { schema }, async (request, reply) => {
    const state = await checks.state(request.params.id)
    if (!state) throw notHeld()
    const { checked, total, done } = state
    return reply
      .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
      .send(JSON.stringify({ checked, total, done }))
  })
  const ofFile = {
    ...schema,
    querystring: z.object({ order: z.enum(rowOrders, '应为 given 或 grave').default('given') }),
  }
  const files = {
    'result.csv': { format: 'csv', type: 'text/csv; charset=utf-8', name: '批量核验结果.csv' },
    'result.xlsx': {
      format: 'xlsx',
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      name: '批量核验结果.xlsx',
    },
    'record.json': { format: 'record', type: 'application/json; charset=utf-8', name: '批量核验记录.json' },
    'record.pdf': { format: 'paper', type: 'application/pdf', name: '批量核验记录.pdf' },
  } as const
  for (const [path, { format, type, name }] of Object.entries(files))
    app.get(`/check/:id/${path}`, { schema: ofFile, onRequest: heavily }, async (request, reply) => {
      const { id } = request.params
      const content =
        format === 'paper'
          ? await checks.paper(id, baseOf(settings) + STAMP_PATH)
          : await checks.file(id, format, request.query.order)
      const state = await checks.state(id)
      if (content === undefined || state === undefined) throw notHeld()
      return reply
        .headers({
          'register-position': state.span.from.position,
          'content-type': type,
          'cache-control': 'no-store',
          'content-disposition': `attachment; filename="${path}"; filename*=UTF-8''${encodeURIComponent(name)}`,
        })
        .send(typeof content === 'string' ? content : Buffer.from(content))
    })
}

/** The text of the one file of a form. */
async function uploadedText(request: FastifyRequest): Promise<string> {
  const part = await request.file().catch(brokenOff)
  return part ? (await part.toBuffer().catch(tooBig)).toString() : ''
}

/** What was handed in, as a file that is removed once it has been read; or what is wrong with it. */
async function received(
  request: FastifyRequest,
  lists: Pick<CheckService, 'newList'>,
): Promise<{ path: string } | { fault: string; list: string }> {
  let path: string | undefined
  let list = ''
  let taken = false
  let isEmpty = false
  let fault: string | undefined
  try {
    path = lists.newList()
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.fieldname === 'list') list = String(part.value ?? '')
        if (part.valueTruncated) fault = '粘贴的名单太长；请存成文件上传。'
        continue
      }
      await pipeline(part.file, createWriteStream(path, { mode: 0o600 }))
      const isTooBig = part.file.truncated || part.file.bytesRead > MAX_MEGABYTES * MEGABYTE
      if (isTooBig) fault = `文件超过 ${MAX_MEGABYTES} MB；请分次上传，或只保留代码和名称两栏。`
      taken = part.file.bytesRead > 0
      // A browser sends an empty part without a name where no file was chosen.
      isEmpty = !taken && part.filename !== ''
    }
    if (fault === undefined && !taken && list.trim() === '')
      fault = isEmpty ? '文件是空的；请选一个有内容的文件，或粘贴名单。' : '请粘贴名单，或选一个文件。'
    if (fault !== undefined) {
      await rm(path, { force: true })
      return { fault, list }
    }
    if (!taken) await pipeline(Readable.from([list]), createWriteStream(path, { mode: 0o600 }))
    return { path }
  } catch (error) {
    // A folder that may not be entered says so here, too; what went wrong first is told.
    if (path !== undefined) await rm(path, { force: true }).catch(() => undefined)
    return brokenOff(error)
  }
}

function tooBig(): never {
  throw tooLarge(MAX_RECORD_MEGABYTES * MEGABYTE)
}

function notHeld(): Problem {
  return new Problem(410, 'gone', '这次核验的结果已经删除，或从未有过；结果只保留半小时，请重新提交。')
}
