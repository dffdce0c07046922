import type { Feed } from 'feed'
import { z } from 'zod'
import { baseOf } from '../../src/http/address.ts'
import type { App } from '../../src/http/app.ts'
import { FRESH } from '../../src/ui/answers.tsx'
import { atomOf, bulletinFeed, fileFeed, listingFeed } from '../feeds.ts'
import type { SiteParts } from '../site.tsx'
import { latestListings } from './home.tsx'

const ITEMS = 50

/** Atom and JSON feeds of the list, of bulletins and of one enterprise. */
export function feedRoutes(app: App, { registry, settings }: SiteParts): void {
  const hide = true
  const forms = {
    atom: { type: 'application/atom+xml; charset=utf-8', write: atomOf },
    json: { type: 'application/feed+json; charset=utf-8', write: (feed: Feed) => feed.json1() },
  }
  for (const [ending, { type, write }] of Object.entries(forms)) {
    const answer = (feed: Feed) => ({
      body: write(feed),
      headers: { 'content-type': type, 'cache-control': FRESH },
    })
    app.get(`/blacklist/feed.${ending}`, { schema: { hide } }, async (_, reply) => {
      const { body, headers } = answer(listingFeed(latestListings(registry, ITEMS), baseOf(settings)))
      return reply.headers(headers).send(body)
    })
    app.get(`/bulletins/feed.${ending}`, { schema: { hide } }, async (_, reply) => {
      const bulletins = registry.bulletins.issued().slice(0, ITEMS)
      const { body, headers } = answer(bulletinFeed(bulletins, baseOf(settings)))
      return reply.headers(headers).send(body)
    })
    app.get(
      `/enterprises/:code/feed.${ending}`,
      { schema: { hide, params: z.object({ code: z.string().max(200) }) } },
      async (request, reply) => {
        const dossier = registry.files.byCode(request.params.code)
        if (dossier.key !== request.params.code)
          return reply.redirect(`/enterprises/${dossier.key}/feed.${ending}`, 308)
        const file = registry.files.publicFile(dossier)
        const { body, headers } = answer(fileFeed(file, registry.catalogue, baseOf(settings)))
        return reply.headers(headers).send(body)
      },
    )
  }
}
