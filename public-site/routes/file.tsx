import type { FastifyRequest } from 'fastify'
import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { z } from 'zod'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { nameOf } from '../../src/dossier/dossier.ts'
import { type PublicFile, type PublicRating, publicFileOf } from '../../src/dossier/face.ts'
import { parseMoment } from '../../src/registry/files.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { pathIn } from '../../src/ui/frame.tsx'
import { gone } from '../../src/views/faces.ts'
import { DecisionPage } from '../pages/decision.tsx'
import { FilePage, openedOn } from '../pages/file.tsx'
import type { Site } from '../site.tsx'

/** An enterprise's file, now or on a past day, on the screen and on paper. */
export function filePages({ app, registry, language, page }: Site): void {
  const schema = {
    hide: true,
    params: z.object({ code: z.string().max(200) }),
    querystring: z.object({ asOf: z.string().max(40).optional() }),
  }

  app.get('/enterprises/:code', { schema }, async (request, reply) => {
    const { code } = request.params
    // Whoever writes a name where the code belongs is looking for it.
    if (/\p{Script=Han}/u.test(code))
      return reply.redirect(pathIn(language, `/search?q=${encodeURIComponent(code)}`), 302)
    const key = keyOf(registry, code)
    if (key !== code) return reply.redirect(addressOf(key, '', request), 308)
    return page(request, reply, async () => {
      const { file, asOf, made } = await asked(registry, key, request.query.asOf)
      return <FilePage {...propsOf(registry, file, asOf)} made={made} />
    })
  })

  app.get('/enterprises/:code/print', { schema }, async (request, reply) => {
    const key = keyOf(registry, request.params.code)
    if (key !== request.params.code) return reply.redirect(addressOf(key, '/print', request), 308)
    return page(request, reply, async ({ base }) => {
      const { file, asOf } = await asked(registry, key, request.query.asOf)
      const address = `${base}/enterprises/${key}`
      const code = generate(address)
      const qr = { size: code.size, path: toSvgPath(code) }
      return <FilePage {...propsOf(registry, file, asOf)} print={{ qr, address }} />
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

  function addressOf(
    key: string,
    more: string,
    { query }: FastifyRequest<{ Querystring: { asOf?: string | undefined } }>,
  ) {
    const asOf = query.asOf === undefined ? '' : `?asOf=${encodeURIComponent(query.asOf)}`
    return pathIn(language, `/enterprises/${encodeURIComponent(key)}${more}${asOf}`)
  }
}

/** Key of the file that a code means; refuses as `Files.byCode` does. */
function keyOf(registry: Registry, code: string): string {
  return registry.files.face(code)?.key ?? registry.files.byCode(code).key
}

async function asked(
  registry: Registry,
  key: string,
  asOf: string | undefined,
): Promise<{ file: PublicFile; asOf: string | undefined; made?: string }> {
  const today = shanghaiDate(registry.now())
  if (asOf === undefined || asOf === '' || asOf === today) {
    const face = registry.files.face(key)
    if (!face) throw gone()
    const file = publicFileOf(face.bytes.toString(), registry.catalogue)
    return { file, asOf: undefined, made: `${key} ${face.etag}` }
  }
  const moment = parseMoment(asOf, registry.now())
  const file = await registry.files.publicPast(registry.files.byCode(key), moment)
  return { file, asOf: asOf.slice(0, 10) }
}

function propsOf(registry: Registry, file: PublicFile, asOf: string | undefined) {
  const today = shanghaiDate(registry.now())
  return {
    file,
    catalogue: registry.catalogue,
    asOf,
    today,
    openedOn: openedOn(file, today),
    standardOf: ({ standard: { id, version } }: PublicRating) =>
      registry.standards.version(id, version).document,
  }
}
