import type { FastifyRequest } from 'fastify'
import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { z } from 'zod'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { nameOf } from '../../src/dossier/dossier.ts'
import type { PublicFile, PublicRating } from '../../src/dossier/face.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { addressRead } from '../../src/http/address-read.ts'
import { MovedTo } from '../../src/http/moved-to.ts'
import { wholeNumber } from '../../src/http/parameters.ts'
import { parseMoment } from '../../src/registry/files.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { pathIn } from '../../src/ui/frame.tsx'
import { pageOf } from '../../src/ui/pages.tsx'
import { gone } from '../../src/views/faces.ts'
import {
  addressOf,
  aloneIf,
  type Look,
  lookAt,
  type PartPage,
  partsOf,
  placedRecords,
} from '../file-parts.ts'
import { DecisionPage } from '../pages/decision.tsx'
import { FilePage, openedOn } from '../pages/file.tsx'
import type { Site } from '../site.tsx'

const asked = z.object({
  asOf: z.string().max(40).optional(),
  /** A part of the file, a page of which is shown alone. */
  section: z.string().max(50).optional(),
  page: wholeNumber(1, 1_000_000, { words: '应为页数', least: '应为页数' }).default(1),
  /** A record, on whichever page it stands. */
  record: z.string().max(100).optional(),
})

/** An enterprise's file, now or on a past day, on the screen and on paper. */
export function filePages({ app, registry, language, page }: Site): void {
  const schema = { hide: true, params: z.object({ code: z.string().max(200) }), querystring: asked }

  app.get('/enterprises/:code', { schema }, async (request, reply) => {
    const { code } = request.params
    // Whoever writes a name where the code belongs is looking for it.
    if (/\p{Script=Han}/u.test(code))
      return reply.redirect(pathIn(language, `/search?q=${encodeURIComponent(code)}`), 302)
    const key = registry.files.keyOf(code)
    if (key !== code) throw movedTo(key, '', request)
    return page(request, reply, async () => <FilePage {...(await propsOf(request, key, false))} />)
  })

  app.get('/enterprises/:code/print', { schema }, async (request, reply) => {
    const key = registry.files.keyOf(request.params.code)
    if (key !== request.params.code) throw movedTo(key, '/print', request)
    return page(request, reply, async ({ base }) => {
      const address = `${base}/enterprises/${key}`
      const code = generate(address)
      const qr = { size: code.size, path: toSvgPath(code) }
      return <FilePage {...(await propsOf(request, key, true))} print={{ qr, address }} />
    })
  })

  app.get(
    '/enterprises/:code/decisions/:id',
    { schema: { hide: true, params: schema.params.extend({ id: z.string().max(100) }) } },
    async (request, reply) => {
      const { code, id } = request.params
      return page(request, reply, async () => {
        const { dossier, decision } = registry.files.decision(code, id)
        return <DecisionPage orgCode={dossier.key} name={nameOf(dossier)} decision={decision} />
      })
    },
  )

  async function propsOf(request: FileRequest, key: string, isPrint: boolean) {
    const today = shanghaiDate(registry.now())
    const { file, asOf, made } = await shownFile(registry, key, request.query.asOf)
    const look = lookAt(file, { asOf: asOf && request.query.asOf, isPrint })
    return {
      file,
      made,
      catalogue: registry.catalogue,
      asOf,
      look: { ...look, alone: aloneIn(file, look, request) },
      today,
      openedOn: openedOn(file, today),
      standardOf: ({ standard: { id, version } }: PublicRating) =>
        registry.standards.version(id, version).document,
    }
  }

  /** The page of a part that is asked for alone; leads on where that has another address: each page is kept under one. */
  function aloneIn(
    file: PublicFile,
    { own, most, isPrint }: Look,
    request: FileRequest,
  ): PartPage | undefined {
    const { asOf, section, page: number, record } = request.query
    const place = record === undefined ? undefined : placedRecords(file, registry.catalogue, most).get(record)
    const part = place?.part ?? (section === '' ? undefined : section)
    const lines = part === undefined ? undefined : partsOf(file).get(part)
    if (part !== undefined && !lines)
      throw new Refusal('unknown', `本档案没有“${part}”这一部分；请从 ${own} 重新打开。`)
    const alone =
      part === undefined || !lines
        ? undefined
        : aloneIf({ part, page: place?.page ?? pageOf(lines, number, most).page })
    const address = addressOf(isPrint ? `${own}/print` : own, { asOf, alone })
    if (addressRead(request).url === pathIn(language, address)) return alone
    const anchor = place ? `r-${record}` : part
    throw new MovedTo(anchor === undefined ? address : `${address}#${anchor}`, 302)
  }
}

type FileRequest = FastifyRequest<{ Querystring: z.output<typeof asked> }>

/** That a file stands under its key. */
function movedTo(key: string, more: string, request: FastifyRequest): MovedTo {
  const { parameters } = addressRead(request)
  return new MovedTo(
    `/enterprises/${encodeURIComponent(key)}${more}${parameters.size === 0 ? '' : `?${parameters}`}`,
  )
}

async function shownFile(
  registry: Registry,
  key: string,
  asOf: string | undefined,
): Promise<{ file: PublicFile; asOf: string | undefined; made?: string }> {
  const today = shanghaiDate(registry.now())
  if (asOf === undefined || asOf === '' || asOf === today) {
    const shown = registry.files.shown(key)
    if (!shown) throw gone()
    return { file: shown.file, asOf: undefined, made: `${key} ${shown.etag}` }
  }
  const moment = parseMoment(asOf, registry.now())
  const file = await registry.files.shownPast(registry.files.shownBy(key), moment)
  return { file, asOf: asOf.slice(0, 10) }
}
