import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isHeldBy } from './fresh.ts'

/** What anyone may read: below these addresses, without a key. */
const OPEN = ['/api/v1/', '/bulk/public']
const METHODS = 'GET, HEAD'
/** What a page elsewhere may ask with and read; never a key: those belong in no page. */
const ASKED = 'If-None-Match, If-Range, Range, Accept, Min-Position'
const READ = 'ETag, Link, Location, Register-Position, Retry-After, Content-Range, Accept-Ranges'
const PREFLIGHT_S = 86_400

/**
 * Lets pages of other sites read what is public (CORS), never with credentials, and spares whoever holds an answer already
 * its repetition: an answer that is for all and names no version of its own bears an ETag by its content.
 */
export function sharePublicReads(app: FastifyInstance): void {
  // Without promises: every request passes here.
  app.addHook('onRequest', (request, reply, done) => {
    if (!isOpen(request)) return done()
    reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', READ)
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return done()
    reply.headers({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': ASKED,
      'access-control-max-age': PREFLIGHT_S,
    })
    reply.code(204).send()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const isText = typeof payload === 'string' || Buffer.isBuffer(payload)
    const isApi = isOpen(request)
    if (!isText || !(isApi || isForAll(reply)) || !isFreshable(request, reply)) return done(null, payload)
    const etag = `W/"${hash('sha256', texts.get(reply) ?? payload, 'base64url').slice(0, 22)}"`
    reply.header('etag', etag)
    if (isApi) reply.header('vary', 'authorization')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache')
    if (!isHeldBy(request, etag)) return done(null, payload)
    reply.code(304).removeHeader('content-length').removeHeader('content-type')
    done(null, '')
  })
}

const texts = new WeakMap<FastifyReply, string>()

/** Has an answer be taken for the same as another by this text of it, without what differs in every answer. */
export function sameAs(reply: FastifyReply, text: string): void {
  texts.set(reply, text)
}

function isOpen({ url, headers }: FastifyRequest): boolean {
  return headers.authorization === undefined && OPEN.some((start) => url.startsWith(start))
}

/** Whether an answer says of itself that it is the same for everybody, as feeds and sitemaps do. */
export function isForAll(reply: FastifyReply): boolean {
  return `${reply.getHeader('cache-control') ?? ''}`.startsWith('public')
}

function isFreshable({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (method === 'GET' || method === 'HEAD') && reply.statusCode === 200 && !reply.hasHeader('etag')
}
