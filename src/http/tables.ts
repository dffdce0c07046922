import type { FastifyReply } from 'fastify'
import {
  type CsvReader,
  csvOf,
  csvStream,
  type LongTable,
  type Table,
  xlsxOf,
  xlsxStream,
  xmlStream,
} from '../exchange/export.ts'
import { heavily } from './heavy-work.ts'
import { whileTheyMay } from './still.ts'

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml; charset=utf-8',
} as const

const STREAMS = { csv: csvStream, xlsx: xlsxStream, xml: xmlStream } as const

/** Sends a table as a file to keep. */
export async function sendTable(
  reply: FastifyReply,
  table: Table,
  format: 'csv' | 'xlsx',
): Promise<FastifyReply> {
  await heavily(reply.request, reply)
  return named(reply, table.title, format).send(format === 'csv' ? csvOf(table) : await xlsxOf(table))
}

/**
 * Sends a long table as a file to keep, while it is read; it breaks off for whoever may not have the rest any more. CSV is for
 * a spreadsheet, unless a program takes it.
 */
export async function sendLongTable(
  reply: FastifyReply,
  table: LongTable,
  format: keyof typeof STREAMS,
  reader: CsvReader = 'person',
): Promise<FastifyReply> {
  await heavily(reply.request, reply)
  return named(reply, table.title, format).send(
    STREAMS[format]({ ...table, parts: whileTheyMay(reply.request, table.parts) }, reader),
  )
}

function named(reply: FastifyReply, title: string, format: keyof typeof TYPES): FastifyReply {
  const name = encodeURIComponent(`${title}.${format}`)
  // What one asker may see is for nobody who uses the machine after them.
  return reply
    .type(TYPES[format])
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .header('content-disposition', `attachment; filename="table.${format}"; filename*=UTF-8''${name}`)
}
