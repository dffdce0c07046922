import t, { type Test } from 'tap'
import { recentReports } from '../../src/computing/recent.ts'
import { Drafts } from '../../src/rating/drafts.ts'
import type { Draft } from '../../src/register/entry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { type TestServer, testServer, unifiedCode } from '../support.ts'

const author = { authority: '省局', officer: '张三' }
const LISTED = 120

/** Firms that were all listed by decisions of one day, and published one after the other. */
async function listed(t: Test): Promise<{ server: TestServer; names: string[] }> {
  const server = await testServer(t)
  const names: string[] = []
  for (let i = 0; i < LISTED; i += 1) {
    const uscc = unifiedCode(`NEW${String(i).padStart(5, '0')}`)
    const [subject, name] = [uscc.slice(8, 17), `示例第${i}家公司`]
    const own = { case: `case-${(i * 37) % LISTED}-${i}` }
    const draft = (kind: string, payload: unknown): Draft => ({
      ...{ subject, kind, payload, author },
      visibility: 'public',
    })
    const repair = { from: '2027-11-24', how: '申请', conditions: [] }
    const shown = {
      ground: '情形',
      basis: '依据',
      until: '2029-11-24',
      publishBy: '2026-12-24',
      certain: true,
      repair,
    }
    const decision = {
      listed: true,
      decisionNo: `${i}号`,
      decidedOn: '2026-11-24',
      reasons: '',
      measures: [],
    }
    await server.writer.append({
      command: `list/${i}`,
      drafts: [
        draft('enterprise.opened', { uscc, data: { name, region: '130102' } }),
        draft('listing.proposed', {
          ...own,
          ...{
            ruleSet: { id: 'order-44', version: 1 },
            ground: 'x',
            penalties: [],
            facts: '',
            reasons: '',
            by: 'a',
          },
        }),
        draft('listing.decided', { ...own, ...decision, listing: shown, by: 'b' }),
        draft('listing.published', { ...own, from: '2026-11-24', until: '2029-11-24' }),
      ],
    })
    names.unshift(name)
  }
  return { server, names }
}

const namesIn = (body: string) => Array.from(body.matchAll(/示例第\d+家公司/g), ([name]) => name)
const once = (names: readonly string[]) => Array.from(new Set(names))

t.test(
  'the newest listing comes first wherever listings are shown, however many came on its day',
  async (t) => {
    const { server, names } = await listed(t)
    const get = async (url: string) => (await server.app.inject(url)).body
    t.same(once(namesIn(await get('/'))), names.slice(0, 5))
    for (const url of ['/blacklist', '/blacklist/feed.atom', '/blacklist/feed.json'])
      t.same(once(namesIn(await get(url))), names.slice(0, 50), url)
  },
)

t.test(
  'pages of what is newest go on to the oldest, and nothing falls between while more comes',
  async (t) => {
    const { server, names } = await listed(t)
    const nextOf: Record<string, (body: string) => string | undefined> = {
      '/api/v1/blacklist?limit=50': (body) => {
        const { next } = JSON.parse(body)
        return next === null ? undefined : `/api/v1/blacklist?limit=50&cursor=${next}`
      },
      '/blacklist': (body) =>
        /href="(\/blacklist\?[^"]*cursor=[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&'),
      '/blacklist/feed.atom': (body) => /<link rel="next" href="http:\/\/[^/]*([^"]*)"/.exec(body)?.[1],
      '/blacklist/feed.json': (body) => {
        const next: string | undefined = JSON.parse(body).next_url
        return next?.replace(/^http:\/\/[^/]*/, '')
      },
    }
    for (const [first, next] of Object.entries(nextOf)) {
      const found: string[] = []
      let pages = 0
      for (let url: string | undefined = first; url !== undefined; pages += 1) {
        const { body } = await server.app.inject(url)
        found.push(...once(namesIn(body)))
        url = next(body)
      }
      t.same(found, names, first)
      t.equal(pages, 3, first)
    }
    for (const feed of ['/blacklist/feed.atom', '/bulletins/feed.atom', '/bulletins/feed.json']) {
      const of = async (query: string) => (await server.app.inject(`${feed}?${query}`)).statusCode
      t.same([await of('cursor=x'), await of('cursor='), await of('')], [400, 200, 200], feed)
    }
  },
)

t.test(
  'figures that are kept say once from when they are, and are never older than their minute',
  async (t) => {
    const server = await testServer(t)
    const { clock, registry } = server
    const reports = recentReports(registry.reports, clock.now)
    const opened = (n: number) =>
      registry.acts.open(
        { codes: { uscc: unifiedCode(`AGE0000${n}`) }, data: { name: `示例${n}` } },
        { actor: author, command: `open ${n}` },
      )
    await opened(1)
    clock.set('2026-11-24T02:00:59.000Z')
    t.match(await reports.holdings(), {
      files: 1,
      asOf: { position: registry.position(), time: '2026-11-24T02:00:59.000Z' },
    })
    await opened(2)
    t.match(
      await reports.holdings(),
      { files: 1, asOf: { position: registry.position() - 1 } },
      'of the same minute',
    )
    clock.set('2026-11-24T02:01:00.000Z')
    t.match(
      await reports.holdings(),
      { files: 2, asOf: { position: registry.position() } },
      'the next minute',
    )
    for (const url of ['/', '/statistics', '/statistics/grades']) {
      const { body } = await server.app.inject(url)
      t.equal(body.match(/数字截至/g)?.length, 1, url)
      t.match(body, /数字截至 2026-11-24 10:01:00，登记序号 2；/, url)
    }
    const answer = await server.app.inject('/api/v1/reports/coverage')
    t.match(answer.json(), { asOf: { position: 2 } })
  },
)

t.test('what officers see of what lies beside the register is not kept from before it changed', async (t) => {
  const server = await testServer(t)
  const { registry } = server
  const before = registry.officersMoment()
  t.equal(registry.officersMoment(), before)
  const elsewhere = new Drafts(pathsIn(server.folder).drafts)
  t.teardown(() => elsewhere.close())
  await elsewhere.save('x', { from: '', to: '' }, [], {
    seen: 1,
    total: 1,
    inScope: 1,
    unrated: 0,
    done: true,
  })
  const after = registry.officersMoment()
  t.not(after, before, 'drafts of another thread')
  const public_ = registry.moment()
  await registry.imports.prune(new Date())
  t.equal(registry.moment(), public_, 'of which the public sees nothing')
})
