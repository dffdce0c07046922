import { z } from 'zod'
import { baseOf } from '../../src/http/address.ts'
import type { App } from '../../src/http/app.ts'
import { wholeNumber } from '../../src/http/parameters.ts'
import { Problem } from '../../src/http/problem.ts'
import { FRESH } from '../../src/ui/answers.tsx'
import { SITE_NAME } from '../components/layout.tsx'
import { dcatCatalogue } from '../datasets.ts'
import type { SiteParts } from '../site.tsx'

/** Positions of the register that one sitemap goes through; each file stands in the one of its last change. */
const POSITIONS_A_MAP = 10_000
const PAGES = ['/', '/blacklist', '/bulletins', '/honours', '/check', '/statistics', '/rules', '/open-data']
const SECURITY_TEXT_MS = 180 * 24 * 3_600_000
const MORE_PAGES = ['/rights', '/privacy', '/accessibility', '/changes']

/** What tells machines what is here: sitemaps, robots, search description, catalogues of data and interfaces. */
export function discoveryRoutes(app: App, { registry, settings }: SiteParts): void {
  const schema = { hide: true }
  const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
  const sitemap = (pages: readonly { path: string; at?: string | null }[]) => {
    const base = baseOf(settings)
    const changed = (at: string | null | undefined) => (at ? `<lastmod>${at}</lastmod>` : '')
    return xml(
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${pages
        .map(({ path, at }) => `<url><loc>${base}${path}</loc>${changed(at)}</url>`)
        .join('')}</urlset>`,
    )
  }

  app.get('/robots.txt', { schema }, async (_, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(
        [
          'User-agent: *',
          'Disallow: /search',
          'Disallow: /en/search',
          'Disallow: /suggest',
          'Disallow: /check/',
          'Disallow: /en/check/',
          `Sitemap: ${baseOf(settings)}/sitemap.xml`,
          '',
        ].join('\n'),
      ),
  )

  // RFC 9116: whoever found a hole tells those whom the site names as its operators.
  app.get('/.well-known/security.txt', { schema }, async (_, reply) => {
    const base = baseOf(settings)
    const expires = new Date(registry.now().getTime() + SECURITY_TEXT_MS).toISOString()
    const lines = [
      `Contact: ${base}/privacy`,
      `Expires: ${expires}`,
      'Preferred-Languages: zh, en',
      `Canonical: ${base}/.well-known/security.txt`,
      '',
    ]
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(lines.join('\n'))
  })

  app.get('/sitemap.xml', { schema }, async (_, reply) => {
    const base = baseOf(settings)
    const maps = Math.ceil(registry.position() / POSITIONS_A_MAP)
    const names = ['pages', ...Array.from({ length: maps }, (_, i) => String(i + 1))]
    return reply
      .headers({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': FRESH })
      .send(
        xml(
          `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${names
            .map((name) => `<sitemap><loc>${base}/sitemaps/${name}.xml</loc></sitemap>`)
            .join('')}</sitemapindex>`,
        ),
      )
  })

  app.get('/sitemaps/pages.xml', { schema }, async (_, reply) => {
    const bulletins = registry.bulletins.issued().map(({ id }) => `/bulletins/${id}`)
    return reply
      .headers({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': FRESH })
      .send(sitemap([...PAGES, ...MORE_PAGES, ...bulletins].map((path) => ({ path }))))
  })

  app.get(
    '/sitemaps/:number.xml',
    { schema: { ...schema, params: z.object({ number: wholeNumber(1, 1_000_000) }) } },
    async (request, reply) => {
      const first = (request.params.number - 1) * POSITIONS_A_MAP + 1
      if (first > registry.position()) throw new Problem(404, 'unknown', '没有这一份网站地图。')
      const files = registry.files.changedBetween(first, first + POSITIONS_A_MAP - 1)
      return reply
        .headers({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': FRESH })
        .send(sitemap(files.map(({ key, at }) => ({ path: `/enterprises/${key}`, at }))))
    },
  )

  app.get('/opensearch.xml', { schema }, async (_, reply) => {
    const base = baseOf(settings)
    return reply
      .headers({
        'content-type': 'application/opensearchdescription+xml; charset=utf-8',
        'cache-control': 'public, max-age=86400',
      })
      .send(
        xml(
          `<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>企业质量信用</ShortName><Description>${SITE_NAME}：按名称、代码、拼音查企业</Description><InputEncoding>UTF-8</InputEncoding><Language>zh-CN</Language><Url type="text/html" template="${base}/search?q={searchTerms}"/><Url type="application/x-suggestions+json" template="${base}/suggest?q={searchTerms}"/></OpenSearchDescription>`,
        ),
      )
  })

  app.get('/open-data/catalog.jsonld', { schema }, async (_, reply) =>
    reply
      .headers({ 'content-type': 'application/ld+json; charset=utf-8', 'cache-control': FRESH })
      .send(JSON.stringify(dcatCatalogue(baseOf(settings), settings.OPERATOR))),
  )

  // RFC 9727: where the interfaces of this host are described.
  app.get('/.well-known/api-catalog', { schema }, async (_, reply) => {
    const base = baseOf(settings)
    return reply
      .headers({
        'content-type': 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
        'cache-control': 'public, max-age=3600',
        link: `<${base}/.well-known/api-catalog>; rel="api-catalog"`,
      })
      .send(
        JSON.stringify({
          linkset: [
            {
              anchor: `${base}/api/v1`,
              'service-desc': [{ href: `${base}/openapi.json`, type: 'application/openapi+json' }],
              'service-doc': [
                { href: `${base}/docs`, type: 'text/html' },
                { href: `${base}/open-data`, type: 'text/html' },
              ],
              'service-meta': [{ href: `${base}/open-data/catalog.jsonld`, type: 'application/ld+json' }],
              status: [{ href: `${base}/readyz`, type: 'application/json' }],
            },
          ],
        }),
      )
  })
}
