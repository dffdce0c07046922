import type { FastifyReply } from 'fastify'
import type { Feed } from 'feed'
import { z } from 'zod'
import { addDays, shanghaiDate } from '../../src/calendar/dates.ts'
import { baseOf } from '../../src/http/address.ts'
import type { App } from '../../src/http/app.ts'
import { cursorOf, placeIn, placeOf } from '../../src/http/list-parameters.ts'
import { HISTORY } from '../../src/registry/file-page.ts'
import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { BadCursor } from '../../src/search/engine.ts'
import { FRESH } from '../../src/ui/answers.tsx'
import { atomOf, bulletinFeed, fileFeed, jsonFeedOf, listingFeed, type Tombstone } from '../feeds.ts'
import type { SiteParts } from '../site.tsx'

const ITEMS = 50
/** Days for which the list's feed names what has left it. */
const LEFT_DAYS = 90

/** Atom and JSON feeds of the list, of bulletins and of one enterprise: the newest first, page after page to the oldest. */
export function feedRoutes(app: App, { registry, settings }: SiteParts): void {
  const base = baseOf(settings)
  const forms = {
    atom: { type: 'application/atom+xml; charset=utf-8', write: atomOf },
    json: { type: 'application/feed+json; charset=utf-8', write: jsonFeedOf },
  }
  for (const [ending, { type, write }] of Object.entries(forms)) {
    const schema = { hide: true, querystring: z.object({ cursor: z.string().max(100).optional() }) }
    const send = (
      reply: FastifyReply,
      path: string,
      feed: Feed,
      next: string | number | undefined,
      gone: readonly Tombstone[] = [],
    ) =>
      reply
        .headers({ 'content-type': type, 'cache-control': FRESH })
        .send(write(feed, next === undefined ? undefined : `${base}${path}?cursor=${next}`, gone))

    const listed = `/blacklist/feed.${ending}`
    app.get(listed, { schema }, async (request, reply) => {
      const on = shanghaiDate(registry.now())
      const { items, next } = registry.listings.list({ on }, placeOf(request.query.cursor), ITEMS)
      const listings = items.map(({ json }): ListedEnterprise => JSON.parse(json))
      // Whoever follows the list deletes what has lately left it; nothing says any more whose it was.
      const left =
        request.query.cursor === undefined
          ? registry.listings.ended({ from: addDays(on, -LEFT_DAYS), to: on })
          : []
      const gone = left.map(({ id, on }) => ({ id: `${base}/blacklist/${id}`, on }))
      const older = next === undefined ? undefined : cursorOf(next)
      return send(reply, listed, listingFeed(listings, base), older, gone)
    })

    const issued = `/bulletins/feed.${ending}`
    app.get(issued, { schema }, async (request, reply) => {
      const all = registry.bulletins.issued()
      // After the last of the page before.
      const { cursor = '' } = request.query
      const from = cursor === '' ? 0 : all.findIndex(({ id }) => id === cursor) + 1
      if (cursor !== '' && from === 0) throw new BadCursor()
      const shown = all.slice(from, from + ITEMS)
      const next = from + ITEMS < all.length ? shown.at(-1)?.id : undefined
      return send(reply, issued, bulletinFeed(shown, base), next)
    })

    app.get(
      `/enterprises/:code/feed.${ending}`,
      { schema: { ...schema, params: z.object({ code: z.string().max(200) }) } },
      async (request, reply) => {
        const head = registry.files.headOf(request.params.code)
        const own = `/enterprises/${head.key}/feed.${ending}`
        if (head.key !== request.params.code) return reply.redirect(own, 308)
        const after = placeIn(request.query.cursor)
        const { page } = await registry.files.page(head, { part: HISTORY, after, isPrint: false })
        const { next } = page.parts[HISTORY] ?? {}
        return send(reply, own, fileFeed(page, registry.catalogue, base), next && cursorOf(...next))
      },
    )
  }
}
