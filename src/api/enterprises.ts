import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { fileJson } from '../dossier/face.ts'
import type { Moment } from '../dossier/past.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { App } from '../http/app.ts'
import { isHeldBy } from '../http/fresh.ts'
import { Problem } from '../http/problem.ts'
import type { FileOutcome } from '../registry/acts.ts'
import { parseMoment } from '../registry/files.ts'
import type { Registry } from '../registry/registry.ts'
import { type Face, gone } from '../views/faces.ts'
import { mustBeReached } from './ahead.ts'
import { officerAsking, writingRequest } from './authentication.ts'
import { chapter } from './described.ts'
import * as schemas from './schemas.ts'

const { keyed, open, either } = chapter('档案')

export const API = '/api/v1'
const JSON_TYPE = 'application/json; charset=utf-8'

/** Files: opening, reading now and as of the past, changing, correcting, withdrawing, and their entries. */
export function enterpriseRoutes(app: App, registry: Registry): void {
  const file = schemas.fileAnswer(registry.catalogue)
  const byCode = z.object({ code: schemas.codeParameter })

  app.post(
    `${API}/enterprises`,
    keyed(
      'openFile',
      '为一家企业建立质量信用档案：按组织机构代码或统一社会信用代码，同一代码只有一份',
      { 201: file },
      { body: schemas.opening },
    ),
    async (request, reply) => {
      const { orgCode, uscc, enterprise, openUnder, notPersonal } = request.body
      const opening = { codes: { orgCode, uscc }, data: enterprise, underUnifiedCode: openUnder === 'uscc' }
      const asked = { ...writingRequest(request), notPersonal }
      const outcome = await registry.acts.open(opening, asked)
      reply.code(201).header('location', addressOf(outcome.dossier.key))
      return sendOutcome(reply, registry, outcome, asked.actor)
    },
  )

  app.get(
    `${API}/enterprises/:code`,
    either(
      'getFile',
      '查看一家企业的质量信用档案，现在的或过去某一时刻的',
      { 200: file, 308: schemas.moved },
      {
        description: '持有读取或登记权限的密钥时，答复为机关所见的完整档案；否则为公开内容。',
        params: byCode,
        querystring: schemas.asOfQuery,
        refused: [404, 410, 422],
      },
    ),
    async (request, reply) => {
      const { code } = request.params
      const { asOf, position } = request.query
      const officer = officerAsking(request)
      if (asOf === undefined && position === undefined && !officer) {
        const face = await registry.files.answer(code)
        if (face) return sendFace(request, reply, face)
      }
      const head = registry.files.headOf(code)
      if (head.key !== code) return redirect(request, reply, head.key)
      if (asOf !== undefined || position !== undefined) {
        if (position !== undefined) mustBeReached(await registry.feed.standing(), position)
        const moment: Moment = position === undefined ? parseMoment(asOf ?? '', registry.now()) : { position }
        const past = officer
          ? await registry.files.officerPast(registry.files.byCode(code), moment, officer)
          : await registry.files.publicPast(head, moment)
        return sendJson(reply.header('cache-control', officer ? 'private, no-cache' : 'no-cache'), past)
      }
      if (!officer) throw gone()
      const dossier = registry.files.byCode(code)
      const etag = registry.files.etag(dossier, officer)
      if (isHeldBy(request, etag)) return notModified(reply, etag)
      return sendOfficerFile(reply, registry, dossier, officer)
    },
  )

  app.get(
    `${API}/enterprises/:code/records/:id/decision`,
    open(
      'getDecision',
      '行政处罚决定书：摘要和全文，在处罚公示期间',
      {
        200: z.object({
          orgCode: z.string(),
          record: schemas.open({ id: z.string() }, '摘要的各栏'),
          text: z.string(),
          approvedAt: schemas.time,
        }),
      },
      { params: byCode.extend({ id: z.string().max(100) }), refused: [404, 410, 422] },
    ),
    async (request) => {
      const { code, id } = request.params
      const head = registry.files.headOf(code)
      const decision = await registry.files.decision(head, id)
      return { orgCode: head.key, ...decision, record: { ...decision.record } }
    },
  )

  app.get(
    `${API}/enterprises/:code/entries`,
    either(
      'getEntries',
      '档案的形成过程：每一次登记、变更、更正和撤回',
      {
        200: z.object({
          items: z.array(z.union([schemas.historyLine, schemas.entryAnswer])),
          next: z.int().nullable(),
        }),
        308: schemas.moved,
      },
      {
        description: '公开时为变动的种类、时间和栏目；持密钥时为所能看到的完整条目。',
        params: byCode,
        querystring: z.strictObject({
          limit: schemas.limit(100, 1000),
          after: schemas.position.default(0).meta({ description: '上一页末条的版次（revision）' }),
        }),
        refused: [404, 410, 422],
      },
    ),
    async (request, reply) => {
      const { limit, after } = request.query
      const { code } = request.params
      const head = registry.files.headOf(code)
      if (head.key !== code) return redirect(request, reply, head.key)
      const officer = officerAsking(request)
      reply.header('vary', 'authorization')
      if (!officer) {
        // For the public, lines are numbered by their positions.
        mustBeReached(await registry.feed.standing(), after, { after: 0 })
        return registry.files.publicHistory(head, after, limit)
      }
      const dossier = registry.files.byCode(code)
      // Whoever sees all counts the entries of the file.
      if (registry.files.seen(dossier, officer).isAll) mustBeRevision(dossier, after)
      else mustBeReached(await registry.feed.standing(), after, { after: 0 })
      const { items, hasMore } = await registry.files.officerEntries(dossier, officer, { after, limit })
      return { items, next: hasMore ? (items.at(-1)?.revision ?? null) : null }
    },
  )
}

/** Refuses a revision that a file has not come to, which officers go by. */
function mustBeRevision({ revision }: Dossier, asked: number): void {
  if (asked > revision)
    throw new Problem(
      409,
      'feed-ahead',
      `这份档案只到版次 ${revision}，没有版次 ${asked}：此前取得的内容不属于它；请清空已取的内容，从 after=0 重新取用。`,
      { related: { begin: { after: 0 } } },
    )
}

export function addressOf(key: string): string {
  return `${API}/enterprises/${key}`
}

/** A 412 comes with the present state, so that the officer can see what changed. */
export async function withPresentState<T>(
  request: FastifyRequest,
  registry: Registry,
  code: string,
  actor: Actor,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'stale') throw error
    request.isShown = true
    const file = registry.files.officerFile(registry.files.byCode(code), actor)
    const present: unknown = JSON.parse(fileJson(file))
    throw new Refusal('stale', error.title, error.faults, { ...error.related, file: present })
  }
}

function sendOutcome(
  reply: FastifyReply,
  registry: Registry,
  { dossier, repeated }: FileOutcome,
  actor: Actor,
): FastifyReply {
  if (repeated) reply.header('idempotency-replayed', 'true')
  return sendOfficerFile(reply, registry, dossier, actor)
}

function sendOfficerFile(
  reply: FastifyReply,
  registry: Registry,
  dossier: Dossier,
  actor: Actor,
): FastifyReply {
  const etag = registry.files.etag(dossier, actor)
  return sendJson(
    reply.header('etag', etag).header('cache-control', 'private, no-cache'),
    fileJson(registry.files.officerFile(dossier, actor)),
  )
}

function sendJson(reply: FastifyReply, json: string | Uint8Array): FastifyReply {
  return reply.header('vary', 'authorization').type(JSON_TYPE).send(bytesOf(json))
}

/** Bytes as they are sent; those that came from another thread are no longer a `Buffer`. */
function bytesOf(from: string | Uint8Array): Buffer {
  return typeof from === 'string' ? Buffer.from(from) : Buffer.from(from.buffer, from.byteOffset, from.length)
}

/** The public's answer goes out as the bytes that are kept: parsing and writing JSON would halve the speed. */
function sendFace(request: FastifyRequest, reply: FastifyReply, { etag, bytes }: Face): FastifyReply {
  if (isHeldBy(request, etag)) return notModified(reply, etag)
  reply.headers({ 'content-type': JSON_TYPE, etag, 'cache-control': 'no-cache', vary: 'authorization' })
  return reply.send(bytesOf(bytes))
}

function notModified(reply: FastifyReply, etag: string): FastifyReply {
  return reply.code(304).headers({ etag, vary: 'authorization' }).send()
}

/** To the canonical address of what was asked for by another spelling of the code. */
function redirect(request: FastifyRequest, reply: FastifyReply, key: string): FastifyReply {
  const { url } = request
  const [path = '', query] = url.split('?', 2)
  const rest = path.split('/').slice(5).join('/')
  const address = `${addressOf(key)}${rest === '' ? '' : `/${rest}`}`
  return reply.redirect(query === undefined ? address : `${address}?${query}`, 308)
}
