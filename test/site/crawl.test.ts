import { HtmlValidate } from 'html-validate'
import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'crawl' }
const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;</title>`
const MOST_BYTES = 100_000
const EMBEDDED = /<script type="application\/ld\+json">(.*?)<\/script>/s

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Whitespace and quotes are the renderer's; long titles are names that were registered.
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'long-title': 'off',
    'no-implicit-button-type': 'error',
    'prefer-native-element': 'off',
    // A meter of subresources that are our own.
    'require-sri': 'off',
    'wcag/h37': 'error',
  },
})

async function filled(server: TestServer): Promise<void> {
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const { acts } = server.registry
  const uscc = unifiedCode('HQAT0001')
  const name = `示例${HOSTILE}`
  await acts.open(
    { codes: { uscc }, data: { name, address: HOSTILE, products: HOSTILE, legalForm: HOSTILE } },
    request,
  )
  await acts.change(uscc, { name: `${name}二` }, 'any', { ...request, command: 'crawl 2' })
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
      t.ok(Buffer.byteLength(body) < MOST_BYTES, `${path} is small`)
      const report = await validator.validateString(body)
      for (const { messages } of report.results)
        for (const { ruleId, message, line, column } of messages)
          t.fail(`${path} ${ruleId}: ${message} at ${line}:${column} ${body.slice(column - 80, column + 80)}`)
      t.notMatch(body, /<script(?! type="(module|application\/ld\+json)")|<img src=x|<[^>]*\son\w+=/, path)
      const [, data] = EMBEDDED.exec(body) ?? []
      if (data !== undefined) t.ok(JSON.parse(data), `${path}: structured data`)
      for (const [, address = '', after = ''] of body.matchAll(/(?:href|src|srcset)="(\/[^"]*)"([^>]*)/g)) {
        // Filters of results multiply without end; the first of each is enough.
        if (after.includes('nofollow') && address.split('&amp;').length > 1) continue
        const next = address.replaceAll('&amp;', '&').split('#')[0] ?? ''
        if (seen.has(next) || seen.size > 900) continue
        seen.add(next)
        open.push(next)
      }
      for (const [, id = ''] of body.matchAll(/href="#([^"]+)"/g))
        t.ok(body.includes(` id="${id}"`), `${path}#${id}`)
    }
    t.ok(seen.size > 150 && seen.size <= 900, `${seen.size} addresses`)
    for (const kind of [
      ...['', 'search', 'enterprises', 'blacklist', 'bulletins', 'honours', 'check', 'statistics', 'rules'],
      ...['open-data', 'rights', 'privacy', 'accessibility', 'changes'],
    ])
      t.ok(kinds.has(kind), `came to /${kind}`)
  },
)
