import type { FastifyReply } from 'fastify'
import { csvOf, csvStream, type LongTable, type Table, xlsxOf, xlsxStream } from '../exchange/export.ts'

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
  return named(reply, table.title, format).send(format === 'csv' ? csvOf(table) : await xlsxOf(table))
}

/** Sends a long table as a file to keep, while it is read. */
export function sendLongTable(reply: FastifyReply, table: LongTable, format: 'csv' | 'xlsx'): FastifyReply {
  return named(reply, table.title, format).send(format === 'csv' ? csvStream(table) : xlsxStream(table))
}

function named(reply: FastifyReply, title: string, format: 'csv' | 'xlsx'): FastifyReply {
  const name = encodeURIComponent(`${title}.${format}`)
  return reply
    .type(TYPES[format])
    .header('content-disposition', `attachment; filename="table.${format}"; filename*=UTF-8''${name}`)
}
