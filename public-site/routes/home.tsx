import { shanghaiDate } from '../../src/calendar/dates.ts'
import { ifAvailable } from '../../src/computing/unavailable.ts'
import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { passing } from '../../src/ui/answers.tsx'
import { HomePage } from '../pages/home.tsx'
import type { Site } from '../site.tsx'

const LATEST = 5

/** The front page. */
export function homePages({ app, registry, reports, page }: Site): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) =>
    page(request, reply, async () => {
      const holdings = await ifAvailable(reports.holdings())
      const made = (
        <HomePage
          holdings={holdings}
          catalogue={registry.catalogue}
          listings={registry.listings
            .list({ on: shanghaiDate(registry.now()) }, undefined, LATEST)
            .items.map(({ json }): ListedEnterprise => JSON.parse(json))}
          bulletin={registry.bulletins.issued()[0]}
        />
      )
      return holdings ? made : passing(made, registry.position())
    }),
  )
}
