import { shanghaiDate } from '../../src/calendar/dates.ts'
import type { ListedEnterprise } from '../../src/registry/listings.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { HomePage } from '../pages/home.tsx'
import type { Site } from '../site.tsx'

const LATEST = 5

/** The front page. */
export function homePages({ app, registry, reports, page }: Site): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) =>
    page(request, reply, async () => (
      <HomePage
        holdings={await reports.holdings()}
        catalogue={registry.catalogue}
        listings={latestListings(registry, LATEST)}
        bulletin={registry.bulletins.issued()[0]}
      />
    )),
  )
}

/** The listings in force, the latest first. */
export function latestListings(registry: Registry, count: number): ListedEnterprise[] {
  const today = shanghaiDate(registry.now())
  return registry.listings
    .list({ on: today }, undefined, count)
    .items.map(({ json }): ListedEnterprise => JSON.parse(json))
}
