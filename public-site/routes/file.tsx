import type { FastifyRequest } from 'fastify'
import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { z } from 'zod'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import type { PublicRating } from '../../src/dossier/face.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { addressRead } from '../../src/http/address-read.ts'
import { placeIn } from '../../src/http/list-parameters.ts'
import { MovedTo } from '../../src/http/moved-to.ts'
import { wholeNumber } from '../../src/http/parameters.ts'
import { HISTORY, type PageAsked, type FilePage as Shown } from '../../src/registry/file-page.ts'
import { parseMoment } from '../../src/registry/files.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { pathIn } from '../../src/ui/frame.tsx'
import type { FileHead } from '../../src/views/views.ts'
import { addressOf, type Look } from '../file-parts.ts'
import { DecisionPage } from '../pages/decision.tsx'
import { FilePage, openedOn } from '../pages/file.tsx'
import type { Site } from '../site.tsx'

const asked = z.object({
  asOf: z.string().max(40).optional(),
  /** A part of the file, a page of which is shown alone. */
  section: z.string().max(50).optional(),
  /** The place in that part after which the page begins, or before which it ends. */
  after: z.string().max(400).optional(),
  before: z.string().max(400).optional(),
  /** As addresses once said it. */
  page: wholeNumber(1, 1_000_000, { words: '应为页数', least: '应为页数' }).optional(),
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
    const head = registry.files.headOf(code)
    if (head.key !== code) throw movedTo(head.key, '', request)
    return page(request, reply, async () => <FilePage {...(await propsOf(request, head, false))} />)
  })

  app.get('/enterprises/:code/print', { schema }, async (request, reply) => {
    const head = registry.files.headOf(request.params.code)
    const { key } = head
    if (key !== request.params.code) throw movedTo(key, '/print', request)
    return page(request, reply, async ({ base }) => {
      const address = `${base}/enterprises/${key}`
      const code = generate(address)
      const qr = { size: code.size, path: toSvgPath(code) }
      return <FilePage {...(await propsOf(request, head, true))} print={{ qr, address }} />
    })
  })

  app.get(
    '/enterprises/:code/decisions/:id',
    { schema: { hide: true, params: schema.params.extend({ id: z.string().max(100) }) } },
    async (request, reply) => {
      const { code, id } = request.params
      return page(request, reply, async () => {
        const head = registry.files.headOf(code)
        const decision = await registry.files.decision(head, id)
        return <DecisionPage orgCode={head.key} name={head.name} decision={decision} />
      })
    },
  )

  async function propsOf(request: FileRequest, head: FileHead, isPrint: boolean) {
    const { asOf, section, page: number, record, ...beside } = request.query
    const own = `/enterprises/${head.key}`
    const part = section === '' ? undefined : section
    if (
      part !== undefined &&
      part !== HISTORY &&
      !registry.catalogue.kinds.some(({ section }) => section === part)
    )
      throw new Refusal('unknown', `本档案没有“${part}”这一部分；请从 ${own} 重新打开。`)
    const [after, before] = [placeIn(beside.after), placeIn(beside.before)]
    const looked = { part, page: number, record, after, before, isPrint }
    const shown = await shownPage(registry, head, asOf, looked)
    const { alone, found } = shown.page
    // Each page is kept under one address.
    const look: Look = { own, asOf: shown.asOf && asOf, alone, isPrint }
    const address = addressOf(isPrint ? `${own}/print` : own, { asOf, alone })
    if (addressRead(request).url !== pathIn(language, address)) {
      const anchor = found === undefined ? part : `r-${record}`
      throw new MovedTo(anchor === undefined ? address : `${address}#${anchor}`, 302)
    }
    const today = shanghaiDate(registry.now())
    return {
      ...shown,
      catalogue: registry.catalogue,
      look,
      today,
      openedOn: openedOn(shown.page, today),
      standardOf: ({ standard: { id, version } }: PublicRating) =>
        registry.standards.version(id, version).document,
    }
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

async function shownPage(
  registry: Registry,
  head: FileHead,
  asOf: string | undefined,
  asked: PageAsked,
): Promise<{ page: Shown; asOf: string | undefined; made?: string }> {
  const today = shanghaiDate(registry.now())
  if (asOf === undefined || asOf === '' || asOf === today) {
    const { etag, page } = await registry.files.page(head, asked)
    return { page, asOf: undefined, made: `${head.key} ${etag}` }
  }
  const moment = parseMoment(asOf, registry.now())
  return { page: await registry.files.pastPage(head, moment, asked), asOf: asOf.slice(0, 10) }
}
