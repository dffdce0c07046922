import type { FastifyReply } from 'fastify'
import { csvOf, type Table, xlsxOf } from '../exchange/export.ts'

/** Sends a table as a file to keep. */
export async function sendTable(
  reply: FastifyReply,
  table: Table,
  format: 'csv' | 'xlsx',
): Promise<FastifyReply> {
  const name = encodeURIComponent(`${table.title}.${format}`)
  reply.header('content-disposition', `attachment; filename="table.${format}"; filename*=UTF-8''${name}`)
  if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(csvOf(table))
  return reply
    .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    .send(await xlsxOf(table))
}
