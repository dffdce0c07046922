import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'

/** A whole request takes no longer, the largest upload over a slow line included. */
export const LONGEST_REQUEST_MS = 15 * 60_000
/** Its head takes no longer. */
export const LONGEST_HEAD_MS = 30_000

/** So long the other side has to read what it is told. */
const READ_MS = 1_000

const COME_AGAIN = new Problem(
  503,
  'closing',
  '系统正在停机或重新启动，内容没有传完，未予保存；请一分钟后重新提交。',
  { headers: { 'retry-after': '60' } },
)

/** Said of an address that holds characters as no address may. */
export const UNREADABLE_ADDRESS =
  '网址中有无法识别的字符：中文和特殊字符须按 UTF-8 作百分号编码。查企业的，请把名称填在首页的查询框中。'

/** What is wrong with a request that never became one. */
function problemWith(code: string): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem(
      408,
      'slow',
      `请求没有在 ${LONGEST_REQUEST_MS / 60_000} 分钟内传完，未予保存；请检查网络，或把文件分成几份上传。`,
    )
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem(
      431,
      'header-too-large',
      '网址或请求的标头过长；请缩短网址，或清除浏览器中本网站的 Cookie 后重试。',
    )
  if (code === 'HPE_INVALID_URL') return new Problem(400, 'url', UNREADABLE_ADDRESS)
  return new Problem(400, 'http', '请求不符合 HTTP 的格式，无法识别。')
}

/** The answer that each connection waits for. */
export type Answering = WeakMap<Socket, ServerResponse>

/** Connections that were told the last that they will be: what comes of them until they end breaks off again and again. */
const told = new WeakSet<Socket>()

/**
 * Answers, on its bare connection, a request that came to nothing; for the site at `base`. A request that breaks off in its body
 * is being answered already: whichever answer has begun is the only one.
 */
export function answerBroken(base: string, answering: Answering = new WeakMap()) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    const own = answering.get(socket)
    const isOfItsBody = own !== undefined && !own.req.complete
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else if (told.has(socket)) return
    else if (isOfItsBody && own.headersSent) letGo(socket)
    else {
      if (isOfItsBody) letGoOf(own, socket)
      sayAndEnd(socket, problemWith(error.code ?? ''), base)
    }
  }
}

const NO_TUNNEL = new Problem(405, 'method', '本系统不是代理，不支持 CONNECT；请直接访问网址。', {
  headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' },
})

/**
 * Takes over what Node would settle by itself, without a word and uncounted: a request that expects what nobody knows is one like
 * any other (RFC 9110, 10.1.1), a tunnel is refused in words.
 */
export function answerUncommon(server: Server, base: string): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('connect', (_, socket) => {
    socket.on('error', () => socket.destroy())
    if (socket instanceof Socket && socket.writable) sayAndEnd(socket, NO_TUNNEL, base)
    else socket.destroy()
  })
}

/** Ends a request that is under way, whatever of it is still to come or to go: in words where nothing was said yet. */
export function breakOff(own: ServerResponse, problem: Problem, base: string): void {
  const { socket } = own
  if (!socket?.writable || own.headersSent) {
    own.destroy()
    return
  }
  letGoOf(own, socket)
  sayAndEnd(socket, problem, base)
}

/** Takes an answer from its connection, on which something else is said; whoever waits for its end, to give a place back, is told. */
function letGoOf(own: ServerResponse, socket: Socket): void {
  own.detachSocket(socket)
  socket.once('close', () => own.emit('close'))
}

/** Tells whoever is still sending that the node is closing. */
export function tellToComeAgain(socket: Socket, base: string): void {
  if (socket.writable) sayAndEnd(socket, COME_AGAIN, base)
  else socket.destroy()
}

/** Says it and lets go: the length tells where the answer ends, so who has read it may close first. */
function sayAndEnd(socket: Socket, problem: Problem, base: string): void {
  const body = JSON.stringify(problem.body(base, ''))
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
    ...problem.more.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`)
  letGo(socket)
}

/**
 * Ends the connection of whoever is answered before all of their body has come, once they had time to read the answer: the rest,
 * however much, is not waited for.
 */
export function waitForNoMore({ headers, raw }: FastifyRequest, reply: FastifyReply): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody || raw.complete) return
  // Closed with the answer, the connection would take it along where the other side still sends; even one who asked for that.
  reply.removeHeader('connection')
  reply.raw.shouldKeepAlive = true
  reply.raw.once('finish', () => {
    setTimeout(() => {
      // Asked without a connection, as tests do, there is none to end.
      if (!raw.complete && raw.socket instanceof Socket) raw.socket.resetAndDestroy()
    }, READ_MS).unref()
  })
}

/** Cut off while the other side still sends, it would lose the answer with the connection. */
function letGo(socket: Socket): void {
  told.add(socket)
  // Whoever closes the server waits for the connection in any case.
  const timer = setTimeout(() => socket.resetAndDestroy(), READ_MS)
  socket.once('close', () => clearTimeout(timer))
}
