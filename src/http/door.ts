import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { waitForNoMore } from './broken-requests.ts'
import { mustBeReadable } from './form.ts'
import { Problem } from './problem.ts'
import { isForAll } from './shared.ts'

/** What every answer tells browsers: guess no types, ask for no devices, share nothing with other sites. */
const GUARDING = {
  'x-content-type-options': 'nosniff',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const HSTS = 'max-age=31536000'
/** What a host and its port may be written with (RFC 3986, 3.2.2), in no more than any name is long. */
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]{0,300}$/
const SPOKEN = ['1.0', '1.1']
/** What an answer tells of whoever asked (`requestLimits`). */
const OF_ONE = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']

/**
 * Refuses, with a 400 problem, a request in another HTTP than ours (0.9 asks without a version), and one that names no host, more
 * than one or what is none (RFC 9112, 3.2): a proxy before the program may have taken the other one for meant.
 */
function mustNameOneHost({ httpVersion, rawHeaders }: IncomingMessage): void {
  const hosts = rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() === 'host' && i % 2 === 1)
  const isOne = hosts.length === 1 || (hosts.length === 0 && httpVersion === '1.0')
  if (SPOKEN.includes(httpVersion) && isOne && hosts.every((host) => HOST.test(host))) return
  throw new Problem(
    400,
    'http',
    '请求不符合 HTTP 的格式：须为 HTTP/1.1（或 1.0），并以一个 Host 标头写明主机名。',
    { headers: { connection: 'close' } },
  )
}

/**
 * What every request and every answer passes: an address and a body that can be read in one way alone, and what browsers are told to
 * keep to; over TLS too, where the site is reached by it.
 */
export function guardDoor(app: FastifyInstance, { isSecure }: { isSecure: boolean }): void {
  const guarding = { ...GUARDING, ...(isSecure && { 'strict-transport-security': HSTS }) }
  // Without promises: every request passes here.
  app.addHook('onRequest', ({ url, headers, raw }, _, done) => {
    mustNameOneHost(raw)
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
    waitForNoMore(request, reply)
    reply.headers(guarding)
    // What a cache gives to others bears the number and the count of nobody.
    if (isForAll(reply)) for (const name of OF_ONE) reply.removeHeader(name)
    else reply.header('x-request-id', request.id)
    done()
  })
}
