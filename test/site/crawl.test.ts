import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { acting } from '../acting.ts'
import { addressesIn, checkPage, HOSTILE } from '../html/validator.ts'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'crawl' }
const EMBEDDED = /<script type="application\/ld\+json">(.*?)<\/script>/s

async function filled(server: TestServer): Promise<void> {
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const { acts } = server.registry
  const uscc = unifiedCode('HQAT0001')
  const name = `示例${HOSTILE}`
  await acts.open(
    { codes: { uscc }, data: { name, address: HOSTILE, products: HOSTILE, legalForm: HOSTILE } },
    request,
  )
  await acting(server.registry).change(uscc, { name: `${name}二` }, 'any', { ...request, command: 'crawl 2' })
  const records = [
    ['licence', licenceOf('XK-1', { product: HOSTILE, authority: HOSTILE }).data],
    ['penalty', penaltyOf('1号', { conduct: HOSTILE, content: HOSTILE, publishedOn: '2026-10-20' }).data],
  ] as const
  for (const [type, data] of records)
    await acts.addRecord(uscc, type, data, undefined, { ...request, command: `crawl ${type}` })
}

t.test(
  'every page that a reader can come to is valid, small, and leads nowhere that is not there',
  async (t) => {
    const server = await testServer(t)
    await filled(server)
    const open = ['/', '/en', '/robots.txt', '/sitemap.xml', '/opensearch.xml', '/.well-known/api-catalog']
    const seen = new Set(open)
    const kinds = new Set<string>()
    while (open.length > 0) {
      const path = open.shift() ?? ''
      const { statusCode, headers, body } = await server.app.inject({
        url: path,
        headers: { host: 'registry' },
      })
      t.ok(statusCode < 400, `${path}: ${statusCode}`)
      const type = String(headers['content-type'])
      if (!type.startsWith('text/html') || path.startsWith('/docs')) continue
      kinds.add(path.replace(/^\/en(?=\/|$)/, '').split(/[/?]/, 2)[1] ?? '')
      await checkPage(t, path, body)
      const [, data] = EMBEDDED.exec(body) ?? []
      if (data !== undefined) t.ok(JSON.parse(data), `${path}: structured data`)
      for (const { address, after } of addressesIn(body)) {
        // Filters of results multiply without end; the first of each is enough.
        if (after.includes('nofollow') && address.split('&').length > 1) continue
        if (seen.has(address) || seen.size > 900) continue
        seen.add(address)
        open.push(address)
      }
    }
    t.ok(seen.size > 150 && seen.size <= 900, `${seen.size} addresses`)
    for (const kind of [
      ...['', 'search', 'enterprises', 'blacklist', 'bulletins', 'honours', 'check', 'statistics', 'rules'],
      ...['open-data', 'rights', 'privacy', 'accessibility', 'changes'],
    ])
      t.ok(kinds.has(kind), `came to /${kind}`)
  },
)
