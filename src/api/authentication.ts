import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AccessAct } from '../authority/access-log.ts'
import type { Actor } from '../authority/acting.ts'
import type { ApiKey, Scope } from '../authority/keys.ts'
import { holds, lackingInWords } from '../authority/rights.ts'
import { problemOfRequest } from '../http/errors.ts'
import { Problem } from '../http/problem.ts'
import { addressOf } from '../http/visitor.ts'
import { textFault } from '../records/fields.ts'
import { fingerprintOf, newId } from '../register/entry.ts'
import type { Request } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import type { Limits } from './limits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request bears; null for the public. */
    apiKey: ApiKey | null
    /** Whether its route shows by that key what the public does not see. */
    seesMore: boolean
    /** Whether a request that writes is answered with what stands, and has written nothing that would say who asked. */
    isShown: boolean
    /** Whether it is answered with a secret that is told this once. */
    isTold: boolean
    /** Brings its key to what it is now; refuses one that has ended, as at the beginning. */
    openAgain: () => void
  }
}

/**
 * Finds out who asks and counts it, before anything else is done: a wrong key is refused even where none is needed, and
 * an address that has nothing costs what one with a page does.
 */
export function authenticate(app: FastifyInstance, registry: Registry, limits: Limits): void {
  app.decorateRequest('apiKey', null)
  app.decorateRequest('seesMore', false)
  app.decorateRequest('isShown', false)
  app.decorateRequest('isTold', false)
  app.decorateRequest('openAgain', () => undefined)
  // Without promises where there is no key: every request passes here.
  app.addHook('onRequest', (request, reply, done) => {
    const { authorization } = request.headers
    if (authorization === undefined) {
      limits.address(request, reply)
      // Said before the body is looked at, which may be wrong too.
      if (needsKey(request)) throw keyRequired()
      return done()
    }
    const [, text = ''] = /^Bearer +(\S{1,200})$/i.exec(authorization) ?? []
    const address = addressOf(request)
    const key = registry.keys.authenticate(text, address)
    if (!key) {
      limits.wrongKey(request, reply)
      throw keyEnded()
    }
    request.apiKey = key
    request.openAgain = () => {
      request.apiKey = registry.keys.again(key.id, address) ?? null
      if (!request.apiKey) throw keyEnded()
    }
    limits.key(request, reply)
    registry.follow().then(() => done(), done)
  })
  // A body can be long in coming, and a position in being reached.
  app.addHook('preHandler', (request, _, done) => {
    if (request.body !== undefined || request.headers['min-position'] !== undefined) request.openAgain()
    done()
  })
  app.addHook('onError', async (request, _, error) => {
    const problem = problemOfRequest(error, request)
    if (!request.apiKey || problem?.status !== 403) return
    await logRefusal(registry, request, problem.title)
  })
  // What a key is answered with is nobody else's: no cache on the way keeps it, or gives it to who has none.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.apiKey === null && !needsKey(request)) return done(null, payload)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store')
    const vary = [reply.getHeader('vary') ?? []].flat().join(', ')
    if (!/authorization/i.test(vary))
      reply.header('vary', vary === '' ? 'authorization' : `${vary}, authorization`)
    done(null, payload)
  })
  // Written down before it is shown.
  app.addHook('onSend', (request, reply, payload, done) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    const isLooking = request.seesMore && isReading && SHOWN.has(reply.statusCode)
    if (!request.isTold && !request.isShown && !isLooking) return done(null, payload)
    const detail = isReading ? request.url : `${request.method} ${request.url}`
    logAccess(registry, request, request.isTold ? 'told' : 'read', detail).then(
      () => done(null, payload),
      (error: Error) => {
        if (payload instanceof Readable) payload.destroy()
        reply.removeHeader('content-disposition').removeHeader('etag')
        done(error)
      },
    )
  })
}

/** Writes down what was refused. A refusal shows nothing, so it is given even where it can't be logged. */
export async function logRefusal(registry: Registry, request: FastifyRequest, why: string): Promise<void> {
  await logAccess(registry, request, 'refused', `${request.method} ${request.url}：${why}`).catch(
    (fault: unknown) => request.log.error({ err: fault }, 'a refusal was not logged'),
  )
}

/** Who is told that nothing has changed looks at what they have. */
const SHOWN: ReadonlySet<number> = new Set([200, 206, 304])

const addressed = z.object({ code: z.string(), id: z.string() }).partial()

async function logAccess(
  registry: Registry,
  request: FastifyRequest,
  act: AccessAct,
  detail: string,
): Promise<void> {
  const { apiKey, params } = request
  if (!apiKey) return
  const { id, name: officer, authority } = apiKey
  const { code, id: named } = addressed.parse(params ?? {})
  const about = code ?? named ?? ''
  await registry.accesses.add({
    at: registry.now().toISOString(),
    act,
    by: `key/${id}`,
    officer,
    authority,
    about,
    detail,
  })
}

/** The key of a request that needs a scope; refuses with 401 without a key and 403 without the scope. */
export function requireScope(request: FastifyRequest, ...scopes: Scope[]): ApiKey {
  const { apiKey } = request
  if (!apiKey) throw keyRequired()
  if (!holds(apiKey.scopes, ...scopes))
    throw new Problem(403, 'scope', `此密钥没有所需的权限：${lackingInWords(scopes)}；请向系统管理员申请。`)
  request.seesMore = true
  request.stillMay = () => {
    request.openAgain()
    requireScope(request, ...scopes)
  }
  return apiKey
}

/** Whether nobody may use a route without a key, as its description says. */
function needsKey({ routeOptions: { schema } }: FastifyRequest): boolean {
  const { security = [] } = schema ?? {}
  return security.length > 0 && security.every((way) => 'key' in way)
}

function keyEnded(): Problem {
  return new Problem(401, 'key', '接口密钥无效或已停用；请核对 Authorization: Bearer 后的密钥。', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

function keyRequired(): Problem {
  return new Problem(
    401,
    'key-required',
    '此操作需要接口密钥；请在 Authorization: Bearer 中提供，密钥向系统管理员申请。',
    { headers: { 'www-authenticate': 'Bearer' } },
  )
}

/** Who asks, where they may see the officers' view of files; undefined for everybody else. */
export function officerAsking(request: FastifyRequest): Actor | undefined {
  const { apiKey } = request
  if (apiKey === null || !holds(apiKey.scopes, 'records:read', 'records:write')) return undefined
  request.seesMore = true
  return actorOf(apiKey)
}

/** Who acts by a key, in its entries. */
export function actorOf({ id, name, authority, region }: ApiKey): Actor {
  return { id: `key/${id}`, authority, officer: name, ...(region !== undefined && { region }) }
}

/** Characters of an Idempotency-Key. */
export const MAX_KEY_LENGTH = 200

/** The act that a writing request asks for: under its Idempotency-Key, if it has one, it is done once only. */
export function writingRequest(request: FastifyRequest, ...anyOf: readonly Scope[]): Request {
  const key = requireScope(request, ...(anyOf.length === 0 ? (['records:write'] as const) : anyOf))
  const actor = actorOf(key)
  const repeatKey = repeatKeyOf(request)
  if (repeatKey === undefined) return { actor, command: `key/${key.id}/${newId()}` }
  const { method, url, body = null } = request
  return {
    actor,
    command: `key/${key.id}/idempotent/${repeatKey}`,
    fingerprint: fingerprintOf(`${method} ${url}\n${JSON.stringify(body)}`),
  }
}

/** The key under which a request may be repeated (Idempotency-Key); undefined where it has none, 400 for a bad one. */
export function repeatKeyOf({ headers }: FastifyRequest): string | undefined {
  const repeatKey = headers['idempotency-key']
  if (repeatKey === undefined) return undefined
  const isKey =
    typeof repeatKey === 'string' && repeatKey.length <= MAX_KEY_LENGTH && /^[\x21-\x7e]+$/.test(repeatKey)
  if (!isKey)
    throw new Problem(
      400,
      'idempotency-key',
      `Idempotency-Key 应为 1-${MAX_KEY_LENGTH} 个可见的英文字符，如 UUID。`,
    )
  // It stays in the register for good, where nothing is erased but what entries hold.
  if (textFault(repeatKey))
    throw new Problem(
      400,
      'idempotency-key',
      'Idempotency-Key 含有居民身份证号码，而它随登记长期保存；请换用与个人无关的键，如 UUID。',
    )
  return repeatKey
}

/** Revision from If-Match, whatever day it was read on: 428 when it is missing, 400 when it is none. */
export function seenRevision(request: FastifyRequest): number | 'any' {
  const header = request.headers['if-match']
  if (header === undefined)
    throw new Problem(
      428,
      'if-match-required',
      '修改前请先读取档案，并在 If-Match 中带上其 ETag，以免覆盖他人的修改。',
    )
  if (header.trim() === '*') return 'any'
  const match = /^(?:W\/)?"(\d{1,15})(?:-\d{4}-\d{2}-\d{2})?"$/.exec(header.trim())
  if (!match) throw new Problem(400, 'if-match', 'If-Match 应为读取档案时返回的 ETag，如 "3-2026-01-31"。')
  return Number(match[1])
}
