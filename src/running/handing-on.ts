import { once } from 'node:events'
import { Agent, request as ask, createServer, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../http/app.ts'
import { waitForNoMore } from '../http/broken-requests.ts'
import { Problem } from '../http/problem.ts'

/** What processes that only read hand on to the one that does all else, over a socket that this program alone can reach. */

/** The address that a request came from, which the socket between the processes does not tell. */
const VISITOR = 'registry-visitor'
/** What is said between two neighbours only (RFC 9110, 7.6.1), what has been heeded, and what nobody outside may say. */
const NOT_HANDED_ON = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
  VISITOR,
])
/** Node tells by itself how an answer's body is sent to this visitor. */
const NOT_HANDED_BACK = new Set([...NOT_HANDED_ON, 'transfer-encoding'])
/** More than a server takes from outside, so that the visitor's address fits in beside whatever was taken there. */
const LONGEST_HEAD = 32 * 1024

const UNREACHED = new Problem(
  503,
  'closing',
  '办理登记的进程没有答复，正在重新启动；请一分钟后重试。所提交的是否已经办理，以重试前查到的为准。',
  { headers: { 'retry-after': '60' } },
)

/** Headers in the order and the letters in which they came, without some. */
function without(names: ReadonlySet<string>, raw: readonly string[]): string[] {
  return raw.filter((_, i) => !names.has((raw[i - (i % 2)] ?? '').toLowerCase()))
}

/** Hands requests on to the process that listens at `path`, as they came, and its answers back; for the site at `base`. */
export function handerOn(
  path: string,
  base: string,
): { handOn(request: FastifyRequest, reply: FastifyReply): void; close(): void } {
  const agent = new Agent({ keepAlive: true })
  return {
    handOn(request, reply) {
      const { raw, originalUrl } = request
      const { raw: response } = reply
      waitForNoMore(request, reply)
      const headers = [...without(NOT_HANDED_ON, raw.rawHeaders), VISITOR, raw.socket.remoteAddress ?? '']
      const hasBody =
        raw.headers['transfer-encoding'] !== undefined || raw.headers['content-length'] !== undefined
      if (!hasBody && raw.method !== 'GET' && raw.method !== 'HEAD') headers.push('content-length', '0')
      const sent = ask({
        agent,
        socketPath: path,
        method: raw.method,
        path: originalUrl,
        headers,
        setHost: false,
      })
      sent.on('response', (answer) => {
        response.writeHead(
          answer.statusCode ?? 502,
          answer.statusMessage,
          without(NOT_HANDED_BACK, answer.rawHeaders),
        )
        response.flushHeaders()
        pipeline(answer, response, () => undefined)
      })
      // An answer that breaks off ends the visitor's with it; one that was whole needs no more.
      sent.on('error', () => {
        if (!response.headersSent) sayUnreached(response, base)
      })
      response.on('close', () => sent.destroy())
      // What is refused before all of it has come is answered all the same.
      raw.pipe(sent)
    },
    close: () => agent.destroy(),
  }
}

function sayUnreached(response: ServerResponse, base: string): void {
  const body = JSON.stringify(UNREACHED.body(base, ''))
  response
    .writeHead(UNREACHED.status, {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...UNREACHED.more.headers,
    })
    .end(body)
}

/** Answers at `path` what the other processes hand on, as if it had come from its visitor itself. */
export async function answerHandedOn(app: App, path: string): Promise<Server> {
  const options = { requireHostHeader: false, maxHeaderSize: LONGEST_HEAD, requestTimeout: 0 }
  const server = createServer(options, (request, response) => {
    const value = request.headers[VISITOR]
    // One after the other on a connection, each with its own visitor.
    Object.defineProperty(request.socket, 'remoteAddress', { value, configurable: true })
    app.routing(request, response)
  })
  server.headersTimeout = 0
  // Who hands on keeps its connections: one that was closed here could not be told from one that broke.
  server.keepAliveTimeout = 0
  // The path is this process's own: what began it does not listen for it.
  server.listen({ path, exclusive: true })
  await once(server, 'listening')
  return server
}
