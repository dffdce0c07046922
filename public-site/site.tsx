import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { z } from 'zod'
import type { App } from '../src/api/app.ts'
import { blacklistParameters, cursorOf, honourMeasures, listFilters, placeOf } from '../src/api/blacklist.ts'
import { problemOf } from '../src/api/errors.ts'
import { Problem } from '../src/api/problem.ts'
import { filtersOf, searchParameters } from '../src/api/search.ts'
import { shanghaiDate, shanghaiTime } from '../src/calendar/dates.ts'
import { parseEnterpriseCode } from '../src/codes/enterprise-code.ts'
import { tidyCode } from '../src/codes/typed.ts'
import { parseMoment } from '../src/registry/files.ts'
import type { ListedEnterprise } from '../src/registry/listings.ts'
import type { Registry } from '../src/registry/registry.ts'
import type { PageFrame } from './components/layout.tsx'
import { bulletinFeed, listingFeed } from './feeds.ts'
import { BlacklistPage, ListingPage } from './pages/blacklist.tsx'
import { BulletinPage, BulletinsPage } from './pages/bulletins.tsx'
import { FilePage } from './pages/file.tsx'
import { HomePage } from './pages/home.tsx'
import { HonoursPage } from './pages/honours.tsx'
import { ProblemPage } from './pages/problem.tsx'
import { ResultsPage } from './pages/results.tsx'

const css = readFileSync(new URL('./assets/site.css', import.meta.url))
const STYLESHEET = `/assets/site.${createHash('sha256').update(css).digest('hex').slice(0, 10)}.css`

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

const HITS = 20
const LISTED = 50

/** The public's pages: complete without scripts, made anew for each request. */
export function publicSite(app: App, registry: Registry, isDemo: () => boolean): void {
  const frame = (): PageFrame => ({
    position: registry.position(),
    time: shanghaiTime(registry.now()),
    demo: isDemo(),
    stylesheet: STYLESHEET,
  })
  const send = (reply: FastifyReply, page: VNode) =>
    reply.headers(HEADERS).send(`<!doctype html>${renderToString(page)}`)
  const schema = { hide: true }
  const errorHandler = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const problem =
      problemOf(error) ??
      (error.validation
        ? new Problem(400, 'invalid', '网址中的查询条件有误，请从查询框重新开始。')
        : undefined)
    if (!problem) request.log.error({ err: error }, 'page failed')
    const { status, title } = problem ?? { status: 500, title: '服务器出错，已经记录，请稍后再试。' }
    return send(
      reply.code(status).headers({ ...problem?.more.headers }),
      <ProblemPage frame={frame()} status={status} title={title} />,
    )
  }

  app.get('/', { schema, errorHandler }, async (_, reply) =>
    send(reply, <HomePage frame={frame()} count={registry.count()} listings={latest(5)} />),
  )

  app.get(
    '/search',
    { schema: { ...schema, querystring: searchParameters }, errorHandler },
    async (request, reply) => {
      const { q, cursor } = request.query
      const query = q.trim()
      const code = codeTyped(query)
      const file = code?.ok ? knownFile(registry, code.value.code) : undefined
      if (file !== undefined) return reply.redirect(`/enterprises/${file}`, 303)
      const filters = filtersOf(request.query, registry)
      const result = await registry.search({ text: query, filters, limit: HITS, ...(cursor && { cursor }) })
      const { searchParams } = new URL(request.url, 'http://registry')
      return send(
        reply,
        <ResultsPage
          frame={frame()}
          query={query}
          filters={filters}
          result={result}
          catalogue={registry.catalogue}
          parameters={searchParams}
          codeFault={code && !code.ok ? code.fault.detail : undefined}
        />,
      )
    },
  )

  app.get(
    '/enterprises/:code',
    {
      schema: {
        ...schema,
        params: z.object({ code: z.string().max(200) }),
        querystring: z.object({ asOf: z.string().max(40).optional() }),
      },
      errorHandler,
    },
    async (request, reply) => {
      const dossier = registry.files.byCode(request.params.code)
      const { asOf } = request.query
      const today = shanghaiDate(registry.now())
      const isPast = asOf !== undefined && asOf !== '' && asOf !== today
      const query = asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`
      if (dossier.key !== request.params.code)
        return reply.redirect(`/enterprises/${dossier.key}${query}`, 308)
      const file = isPast
        ? await registry.files.publicPast(dossier, parseMoment(asOf, registry.now()))
        : registry.files.publicFile(dossier)
      return send(
        reply,
        <FilePage
          frame={frame()}
          file={file}
          catalogue={registry.catalogue}
          asOf={isPast ? asOf.slice(0, 10) : undefined}
          today={today}
          openedOn={shanghaiDate(new Date(dossier.openedAt))}
          ratings={file.ratings.map((rating) => {
            const { id, version } = rating.standard
            return { rating, standard: registry.standards.version(id, version).standard }
          })}
        />,
      )
    },
  )

  app.get(
    '/blacklist',
    { schema: { ...schema, querystring: blacklistParameters }, errorHandler },
    async (request, reply) => {
      const filters = listFilters(request.query, registry)
      const { items, next } = registry.listings.list(filters, placeOf(request.query.cursor), LISTED)
      return send(
        reply,
        <BlacklistPage
          frame={frame()}
          listings={items.map(({ json }): ListedEnterprise => JSON.parse(json))}
          parameters={new URL(request.url, 'http://registry').searchParams}
          next={next && cursorOf(next)}
          asOf={request.query.asOf === '' ? undefined : request.query.asOf}
          today={shanghaiDate(registry.now())}
        />,
      )
    },
  )

  app.get(
    '/blacklist/:id',
    { schema: { ...schema, params: z.object({ id: z.string().max(100) }) }, errorHandler },
    async (request, reply) =>
      send(reply, <ListingPage frame={frame()} listing={registry.listings.listing(request.params.id)} />),
  )

  app.get(
    '/honours',
    {
      schema: { ...schema, querystring: z.object({ cursor: z.string().max(18).default('') }) },
      errorHandler,
    },
    async (request, reply) => {
      const { items, next } = await registry.listings.honours(undefined, request.query.cursor, LISTED)
      const measures = honourMeasures(registry)
      return send(reply, <HonoursPage frame={frame()} honoured={items} measures={measures} next={next} />)
    },
  )

  app.get('/bulletins', { schema, errorHandler }, async (_, reply) =>
    send(reply, <BulletinsPage frame={frame()} bulletins={registry.bulletins.issued()} />),
  )

  app.get(
    '/bulletins/:id',
    { schema: { ...schema, params: z.object({ id: z.string().max(40) }) }, errorHandler },
    async (request, reply) =>
      send(
        reply,
        <BulletinPage frame={frame()} bulletin={registry.bulletins.one(request.params.id, false)} />,
      ),
  )

  const feeds = {
    blacklist: (base: string) => listingFeed(latest(LISTED), base),
    bulletins: (base: string) => bulletinFeed(registry.bulletins.issued().slice(0, LISTED), base),
  }
  for (const [name, feed] of Object.entries(feeds)) {
    app.get(`/${name}/feed.atom`, { schema }, async (request, reply) =>
      reply.type('application/atom+xml; charset=utf-8').send(feed(baseOf(request)).atom1()),
    )
    app.get(`/${name}/feed.json`, { schema }, async (request, reply) =>
      reply.type('application/feed+json; charset=utf-8').send(feed(baseOf(request)).json1()),
    )
  }

  function latest(count: number): ListedEnterprise[] {
    const today = shanghaiDate(registry.now())
    return registry.listings.list({ on: today }, undefined, count).items.map(({ json }) => JSON.parse(json))
  }

  app.get(STYLESHEET, { schema }, async (_, reply) =>
    reply
      .headers({
        'content-type': 'text/css; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      })
      .send(css),
  )
}

function baseOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`
}

/** What was typed as a code, if it looks like one: nine or more letters and digits with a digit among them. */
function codeTyped(query: string) {
  const tidy = tidyCode(query)
  return /^[0-9A-Z]{9,20}$/.test(tidy) && /\d{3}/.test(tidy) ? parseEnterpriseCode(tidy) : undefined
}

function knownFile(registry: Registry, code: string): string | undefined {
  try {
    return registry.files.byCode(code).key
  } catch (error) {
    if (problemOf(error)) return undefined
    throw error
  }
}
