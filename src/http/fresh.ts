import type { FastifyRequest } from 'fastify'

/** Whether who asks holds what bears this ETag: `If-None-Match` is a list or `*`, compared weakly (RFC 9110, 13.1.2). */
export function isHeldBy({ headers }: Pick<FastifyRequest, 'headers'>, etag: string): boolean {
  const header = headers['if-none-match']
  if (header === undefined) return false
  const own = opaque(etag)
  return header.split(',').some((tag) => opaque(tag.trim()) === own || tag.trim() === '*')
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '')
}
