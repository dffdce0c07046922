import { z } from 'zod'
import { addMonths, shanghaiDate } from '../../src/calendar/dates.ts'
import type { Chart, Manner } from '../../src/charts/chart.ts'
import type { App } from '../../src/http/app.ts'
import { periodOf, regionCode } from '../../src/http/parameters.ts'
import { Problem } from '../../src/http/problem.ts'
import { sendTable } from '../../src/http/tables.ts'
import { fingerprintOf } from '../../src/register/entry.ts'
import { FRESH } from '../../src/ui/answers.tsx'
import { type AskedStatistic, type Statistic, statistics } from '../../src/ui/statistics.ts'
import { ByteCache } from '../../src/views/byte-cache.ts'
import { type ShownStatistic, StatisticPage, StatisticsPage } from '../pages/statistics.tsx'
import type { Site, SiteParts } from '../site.tsx'

const PERIOD_MONTHS = 12
const KEPT_BYTES = 16 * 1024 * 1024

const parameters = z.object({
  by: z.string().max(20).default(''),
  region: z.string().max(60).default(''),
  from: z.string().max(10).default(''),
  to: z.string().max(10).default(''),
})
type Parameters = z.output<typeof parameters>

const byName = z.object({ name: z.string().max(40) })

/** Statistics: all at a glance, and each by itself. */
export function statisticsPages(site: Site): void {
  const { app, registry, page } = site
  app.get('/statistics', { schema: { hide: true } }, async (request, reply) =>
    page(request, reply, async () => {
      const nothing = parameters.parse({})
      const shown = await Promise.all(statistics.map((statistic) => figures(site, statistic, nothing)))
      return <StatisticsPage shown={shown} />
    }),
  )
  app.get(
    '/statistics/:name',
    { schema: { hide: true, params: byName, querystring: parameters } },
    async (request, reply) => {
      const statistic = named(request.params.name)
      const asked = askedOf(site, statistic, request.query)
      return page(request, reply, async () => (
        <StatisticPage
          {...(await figures(site, statistic, request.query))}
          region={request.query.region}
          period={asked.period}
          today={shanghaiDate(registry.now())}
        />
      ))
    },
  )
}

/** Charts and files of the statistics. */
export function statisticsResources(app: App, parts: SiteParts): void {
  const { reports, draw } = parts
  const drawn = new ByteCache<Buffer>('charts', KEPT_BYTES, ({ length }) => length)
  const chartOf = async (chart: Chart, manner: Manner) => {
    const key = fingerprintOf(JSON.stringify([chart, manner]))
    const known = drawn.get(key)
    if (known) return known
    const svg = Buffer.from(await draw(chart, manner))
    drawn.set(key, svg)
    return svg
  }
  for (const statistic of statistics) {
    app.get(
      `/statistics/${statistic.name}.svg`,
      {
        schema: {
          hide: true,
          querystring: parameters.extend({
            theme: z.enum(['light', 'dark']).default('light'),
            size: z.enum(['wide', 'narrow']).default('wide'),
          }),
        },
      },
      async (request, reply) => {
        const { theme, size } = request.query
        const asked = askedOf(parts, statistic, request.query)
        const report = await statistic.report(reports, asked)
        return reply
          .headers({
            'content-type': 'image/svg+xml; charset=utf-8',
            'cache-control': FRESH,
            'register-position': report.asOf.position,
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
          })
          .send(await chartOf(statistic.chart(report, asked.by), { theme, size }))
      },
    )
    for (const format of ['csv', 'xlsx'] as const)
      app.get(
        `/statistics/${statistic.name}.${format}`,
        { schema: { hide: true, querystring: parameters } },
        async (request, reply) => {
          const report = await statistic.report(reports, askedOf(parts, statistic, request.query))
          return sendTable(reply.header('register-position', report.asOf.position), report, format)
        },
      )
  }
}

async function figures(parts: SiteParts, statistic: Statistic, asked: Parameters): Promise<ShownStatistic> {
  const found = askedOf(parts, statistic, asked)
  const given = Object.entries({ ...asked, by: found.by }).filter(([, value]) => value !== '')
  return {
    statistic,
    by: found.by,
    report: await statistic.report(parts.reports, found),
    query: new URLSearchParams(given).toString(),
  }
}

function named(name: string): Statistic {
  const found = statistics.find((statistic) => statistic.name === name)
  if (!found) throw new Problem(404, 'unknown', '没有这项统计；全部统计见“质量状况”。')
  return found
}

/** What is asked for, by default of the twelve months before today; refuses what does not exist. */
function askedOf({ registry }: SiteParts, { by }: Statistic, asked: Parameters): AskedStatistic {
  const today = shanghaiDate(registry.now())
  const [preset] = by
  if (asked.by !== '' && !by.some(({ value }) => value === asked.by))
    throw new Problem(400, 'invalid', `这项统计只能按${by.map(({ label }) => label[0]).join('、')}查看。`)
  return {
    region: regionCode(asked.region),
    period: periodOf(asked.from || addMonths(today, -PERIOD_MONTHS), asked.to || today),
    by: asked.by || preset?.value || '',
  }
}
