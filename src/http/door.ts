import type { FastifyInstance } from 'fastify'
import { mustBeReadable } from './form.ts'
import { Problem } from './problem.ts'

/** What every answer tells browsers: guess no types, ask for no devices, share nothing with other sites. */
const GUARDING = {
  'x-content-type-options': 'nosniff',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const HSTS = 'max-age=31536000'

/**
 * What every request and every answer passes: an address and a body that can be read in one way alone, and what browsers are told to
 * keep to; over TLS too, where the site is reached by it.
 */
export function guardDoor(app: FastifyInstance, { isSecure }: { isSecure: boolean }): void {
  const guarding = { ...GUARDING, ...(isSecure && { 'strict-transport-security': HSTS }) }
  // Without promises: every request passes here.
  app.addHook('onRequest', ({ url, headers }, _, done) => {
    mustBeReadable(url)
    const { 'content-encoding': encoding = 'identity', 'content-type': type } = headers
    if (encoding !== 'identity' && encoding.toLowerCase() !== 'identity')
      throw new Problem(415, 'content-encoding', '请求内容不能压缩（Content-Encoding）；请原样发送。', {
        headers: { 'accept-encoding': 'identity' },
      })
    if (type === undefined) return done()
    // Read as UTF-8, a body in another charset would be stored with other characters than were meant.
    const [, charset = 'utf-8'] = /^application\/json\s*;.*charset="?([\w-]{1,40})/i.exec(type) ?? []
    if (!/^(utf-?8|us-ascii)$/i.test(charset))
      throw new Problem(415, 'media-type', `请求内容的字符集为 ${charset}；JSON 须为 UTF-8。`)
    done()
  })
  app.addHook('onSend', (request, reply, _, done) => {
    reply.headers(guarding).header('x-request-id', request.id)
    done()
  })
}
