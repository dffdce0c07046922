import type { FastifyReply } from 'fastify'
import type { OfficialDocument } from '../documents/document.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** Sends an official document as a DOCX file to keep. */
export async function sentDocument(reply: FastifyReply, document: OfficialDocument): Promise<FastifyReply> {
  // Only who takes a file away pays for loading the library.
  const { docxOf } = await import('../documents/docx.ts')
  const { title, addressee } = document
  const file = encodeURIComponent(`${[title, addressee].filter((part) => part !== undefined).join('-')}.docx`)
  return reply
    .type(DOCX)
    .headers({
      'content-disposition': `attachment; filename="document.docx"; filename*=UTF-8''${file}`,
      'cache-control': 'no-store',
    })
    .send(await docxOf(document))
}
