import { z } from 'zod'
import { endOfDate, shanghaiDate } from '../../src/calendar/dates.ts'
import { ifAvailable } from '../../src/computing/unavailable.ts'
import { addressRead } from '../../src/http/address-read.ts'
import {
  blacklistParameters,
  cursorOf,
  dayAsked,
  listFilters,
  placeOf,
} from '../../src/http/list-parameters.ts'
import { regionCode } from '../../src/http/parameters.ts'
import { passing } from '../../src/ui/answers.tsx'
import { BlacklistPage, ListingPage } from '../pages/blacklist.tsx'
import { BulletinPage, BulletinsPage } from '../pages/bulletins.tsx'
import { HonoursPage } from '../pages/honours.tsx'
import type { Site } from '../site.tsx'

const LISTED = 50

/** The blacklist, its listings and bulletins, and the honour list. */
export function blacklistPages({ app, registry, page }: Site): void {
  const today = () => shanghaiDate(registry.now())

  app.get(
    '/blacklist',
    { schema: { hide: true, querystring: blacklistParameters } },
    async (request, reply) => {
      return page(request, reply, async () => {
        const filters = listFilters(request.query, registry)
        const { items, next } = registry.listings.list(filters, placeOf(request.query.cursor), LISTED)
        const { parameters } = addressRead(request)
        const counted = (by: 'ground' | 'authority' | 'region') =>
          ifAvailable(registry.reports.listings(by, undefined))
        const grounds = await counted('ground')
        const made = (
          <BlacklistPage
            listings={items.map(({ json }) => json)}
            parameters={parameters}
            grounds={grounds}
            authorities={await counted('authority')}
            byCity={parameters.size === 0 ? await counted('region') : undefined}
            next={next === undefined ? undefined : cursorOf(next)}
            asOf={request.query.asOf === '' ? undefined : request.query.asOf}
            today={today()}
          />
        )
        return grounds ? made : passing(made, registry.position())
      })
    },
  )

  app.get(
    '/blacklist/:id',
    { schema: { hide: true, params: z.object({ id: z.string().max(100) }) } },
    async (request, reply) =>
      page(request, reply, () => <ListingPage listing={registry.listings.listing(request.params.id)} />),
  )

  app.get(
    '/honours',
    {
      schema: {
        hide: true,
        querystring: z.object({
          region: z.string().max(60).default(''),
          asOf: z.string().max(10).optional(),
          cursor: z.string().max(18).default(''),
        }),
      },
    },
    async (request, reply) => {
      const { region, cursor } = request.query
      const asOf = dayAsked(request.query.asOf, registry)
      const code = regionCode(region)
      return page(request, reply, async () => {
        const { items, next } = await registry.listings.honours(code, cursor, LISTED, asOf)
        return (
          <HonoursPage
            honoured={items}
            measures={registry.standards.honourMeasures()}
            next={next}
            region={region}
            asOf={asOf}
            today={today()}
          />
        )
      })
    },
  )

  app.get(
    '/bulletins',
    { schema: { hide: true, querystring: z.object({ asOf: z.string().max(10).optional() }) } },
    async (request, reply) => {
      const asOf = dayAsked(request.query.asOf, registry)
      const end = endOfDate(asOf ?? today())
      return page(request, reply, () => (
        <BulletinsPage
          bulletins={registry.bulletins.issued().filter(({ issuedAt = '' }) => issuedAt <= end)}
          asOf={asOf}
          today={today()}
        />
      ))
    },
  )

  app.get(
    '/bulletins/:id',
    { schema: { hide: true, params: z.object({ id: z.string().max(40) }) } },
    async (request, reply) =>
      page(request, reply, () => (
        <BulletinPage bulletin={registry.bulletins.one(request.params.id, false)} />
      )),
  )
}
