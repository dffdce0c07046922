import type { FastifyReply } from 'fastify'
import { sendTable } from '../http/tables.ts'
import { arranged, type ListColumn, type ListQuery, tableOf } from './lists.ts'

/** Sends a list as a file to keep, filtered and sorted as it is looked at; undefined where the page itself is wanted. */
export function sentList<R>(
  reply: FastifyReply,
  title: string,
  columns: readonly ListColumn<R>[],
  rows: readonly R[],
  query: ListQuery,
): Promise<FastifyReply> | undefined {
  const { format } = query
  if (format === '') return undefined
  return sendTable(reply, tableOf(title, columns, arranged(rows, columns, query).rows), format)
}
