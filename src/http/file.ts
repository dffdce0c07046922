import { createReadStream } from 'node:fs'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHeldBy } from './fresh.ts'
import { Problem } from './problem.ts'

/** A file that never changes under its address. */
export interface Fixed {
  path: string
  bytes: number
  etag: string
  type: string
}

/**
 * Sends a file, or the part of it that is asked for (Range), so that a download that broke off goes on where it was; 304
 * to whoever holds it. Of several ranges, and of one that can't be read, the whole is sent, as RFC 9110 allows; 416 for one
 * beyond its end.
 */
export function sendFixed(request: FastifyRequest, reply: FastifyReply, { path, bytes, etag, type }: Fixed) {
  const { range, 'if-range': only, 'if-match': match } = request.headers
  if (match !== undefined && match.trim() !== '*' && !match.split(',').some((tag) => tag.trim() === etag))
    throw new Problem(412, 'file-changed', '文件已不是 If-Match 所指的那一份；请重新取清单，从头取用。')
  reply.header('accept-ranges', 'bytes').header('etag', etag)
  if (isHeldBy(request, etag)) return reply.code(304).send()
  // A range is a part of what GET would send.
  const asked =
    request.method === 'GET' && range !== undefined && (only === undefined || only === etag)
      ? rangeIn(range, bytes)
      : undefined
  if (asked === 'beyond')
    throw new Problem(416, 'range', `所要的部分超出文件的末尾（共 ${bytes} 字节）。`, {
      headers: { 'content-range': `bytes */${bytes}` },
    })
  const { from, to } = asked ?? { from: 0, to: bytes - 1 }
  if (asked) reply.code(206).header('content-range', `bytes ${from}-${to}/${bytes}`)
  reply.type(type).header('content-length', to - from + 1)
  return reply.send(createReadStream(path, { start: from, end: to }))
}

function rangeIn(header: string, bytes: number): { from: number; to: number } | 'beyond' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? []
  if (first === '' && last === '') return undefined
  if (first === '')
    return last === '0' ? 'beyond' : { from: Math.max(0, bytes - Number(last)), to: bytes - 1 }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= bytes) return 'beyond'
  return { from: Number(first), to: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) }
}
