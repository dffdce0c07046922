import type { FastifyReply } from 'fastify'
import { csvOf, csvStream, type LongTable, type Table, xlsxOf, xlsxStream } from '../exchange/export.ts'
import { heavily } from './heavy-work.ts'

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** Sends a table as a file to keep. */
export async function sendTable(
  reply: FastifyReply,
  table: Table,
  format: 'csv' | 'xlsx',
): Promise<FastifyReply> {
  await heavily(reply.request, reply)
  return named(reply, table.title, format).send(format === 'csv' ? csvOf(table) : await xlsxOf(table))
}

/** Sends a long table as a file to keep, while it is read. */
export async function sendLongTable(
  reply: FastifyReply,
  table: LongTable,
  format: 'csv' | 'xlsx',
): Promise<FastifyReply> {
  await heavily(reply.request, reply)
  return named(reply, table.title, format).send(format === 'csv' ? csvStream(table) : xlsxStream(table))
}

function named(reply: FastifyReply, title: string, format: 'csv' | 'xlsx'): FastifyReply {
  const name = encodeURIComponent(`${title}.${format}`)
  // What one asker may see is for nobody who uses the machine after them.
  return reply
    .type(TYPES[format])
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .header('content-disposition', `attachment; filename="table.${format}"; filename*=UTF-8''${name}`)
}
