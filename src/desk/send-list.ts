import type { FastifyReply } from 'fastify'
import { sendTable } from '../http/tables.ts'
import { arranged, type ListColumn, type ListQuery, tableOf } from './lists.ts'

/**
 * Sends a list as a file to keep, filtered and sorted as it is looked at, and named a part where there is more of it; undefined
 * where the page itself is wanted.
 */
export function sentList<R>(
  reply: FastifyReply,
  title: string,
  columns: readonly ListColumn<R>[],
  rows: readonly R[],
  query: ListQuery,
  next: string | null = null,
): Promise<FastifyReply> | undefined {
  const { format, part } = query
  if (format === '') return undefined
  const named = part === '' && next === null ? title : `${title}（部分）`
  return sendTable(reply, tableOf(named, columns, arranged(rows, columns, query).rows), format)
}
