import { z } from 'zod'
import { scopesOf } from '../../access/roles.ts'
import { addDays, shanghaiDate } from '../../calendar/dates.ts'
import type { Desk } from '../desk.tsx'
import { QueuePage } from '../pages/queue.tsx'

const DAYS_AHEAD = 30
const SHOWN = 50

/** The work queue: what is due and overdue in one's region. */
export function deskQueue({ app, registry, asker, page }: Desk): void {
  app.get(
    '/',
    {
      schema: {
        hide: true,
        querystring: z.object({
          own: z.enum(['', 'on']).default(''),
          after: z.coerce.number().int().min(0).max(1_000_000).default(0),
        }),
      },
    },
    async (request, reply) => {
      // Who only looks after accounts has no queue.
      if (!scopesOf(asker(request).officer.roles).includes('records:read'))
        return reply.redirect('/desk/officers', 303)
      const who = asker(request, 'records:read')
      const { own, after } = request.query
      const today = shanghaiDate(registry.now())
      const { region, authority } = who.officer
      const filters = {
        dueBy: addDays(today, DAYS_AHEAD),
        region,
        authority: own === 'on' ? authority : undefined,
        late: false,
      }
      const { items, next, warnings } = registry.listings.deadlines(filters, after, SHOWN)
      return page(request, reply, () => (
        <QueuePage
          {...who}
          items={items}
          next={next}
          warnings={warnings}
          own={own === 'on'}
          daysAhead={DAYS_AHEAD}
        />
      ))
    },
  )
}
