import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { readSettings, type Settings } from '../../src/config.ts'
import { startNode } from '../../src/running/node.ts'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchFilters } from '../../src/search/dimensions.ts'
import { type SearchEngine, SearchUnavailable } from '../../src/search/engine.ts'
import { openMeilisearch } from '../../src/search/meilisearch.ts'
import { storedDocument } from '../../src/search/meilisearch-document.ts'
import { withReserve } from '../../src/search/reserve.ts'
import { temporaryFolder } from '../support.ts'
import { documentOf } from './contract.ts'
import { type FakeMeilisearch, fakeMeilisearch } from './meilisearch-server.ts'

async function node(t: Test, fake: FakeMeilisearch, more: Partial<Settings> = {}) {
  const asked = {
    ...readSettings({ DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'silent', RATE_LIMIT: '0' }),
    MEILI_URL: fake.url,
    MEILI_KEY: fake.key,
    ...more,
  }
  const started = await startNode(asked, pino({ level: 'silent' }), (error) => t.fail(error.message))
  t.teardown(() => started.close())
  const search = async (q: string) => {
    const answer = await started.app.inject(`/api/v1/enterprises?q=${encodeURIComponent(q)}`)
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }
  return { ...started, search }
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) if (await holds()) return
  throw new Error('it did not come about')
}

const followed = (fake: FakeMeilisearch) => (fake.indexes.get('hqc_enterprises')?.documents.size ?? 0) > 6

t.test('a node follows, answers from Meilisearch, and lives on without it', async (t) => {
  const fake = await fakeMeilisearch(t)
  const { app, search } = await node(t, fake, { MEILI_RESERVE: 'false' })
  await until(() => followed(fake))
  t.match(await search('人造板'), { status: 200, body: /示例人造板制造有限公司/ })
  t.match((await app.inject('/search?q=renzaoban')).body, /人造板<\/mark>制造有限公司/, 'the pages too')
  t.match((await app.inject('/readyz')).json(), { status: 'ready', lag: { search: 0 } })

  fake.fault = () => 'drop'
  const down = await search('人造板')
  t.match(down, { status: 503, headers: { 'retry-after': /^\d+$/ } })
  const page = await app.inject({ url: '/search?q=x', headers: { accept: 'text/html' } })
  t.match(page, { statusCode: 503, body: /请在 10 秒后重新打开/ })
  for (const url of [
    '/api/v1/enterprises/DEM000030',
    '/enterprises/DEM000030',
    '/blacklist',
    '/api/v1/changes',
    '/',
  ])
    t.equal((await app.inject(url)).statusCode, 200, url)
  t.match((await app.inject('/readyz')).json(), { status: 'ready', lag: { search: /[1-9]\d*/ } })

  fake.fault = () => undefined
  await until(async () => (await search('人造板')).status === 200)
  t.pass('it recovers by itself')
})

t.test('the embedded index answers in its stead where it is kept', async (t) => {
  const fake = await fakeMeilisearch(t)
  const { search } = await node(t, fake)
  await until(() => followed(fake))
  fake.log.length = 0
  t.match(await search('防水卷材'), { status: 200, body: /示例防水卷材股份有限公司/ })
  t.ok(fake.log.includes('POST /multi-search'), 'Meilisearch was asked')
  for (const fault of ['drop', 500, 403] as const) {
    fake.fault = () => fault
    t.match(await search('防水卷材'), { status: 200, body: /示例防水卷材股份有限公司/ })
  }
})

t.test('what Meilisearch has not heard of yet is not shown as it was', async (t) => {
  const fake = await fakeMeilisearch(t)
  const { app, search } = await node(t, fake, { MEILI_RESERVE: 'false' })
  await until(() => followed(fake))
  const document = documentOf(['DEM000014', ['示例旧名称有限公司', '示例电线电缆有限公司'], { listed: true }])
  fake.indexes.get('hqc_enterprises')?.documents.set(document.key, storedDocument(document))
  const found = await search('示例电线电缆')
  t.equal(found.status, 200)
  t.match(found.body, /"name":"示例电线电缆有限公司"/)
  t.notMatch(found.body, /旧名称|"listed":true/, 'the file is right')
  t.equal((await app.inject('/api/v1/enterprises/DEM000014')).statusCode, 200)
})

t.test('hits are held against the files before they leave', async (t) => {
  const fake = await fakeMeilisearch(t)
  const files = new Map(
    [
      documentOf(['A00000001', ['甲公司'], { listed: true }]),
      documentOf(['A00000002', ['乙公司']]),
      documentOf(['A00000003', ['丙公司']]),
      documentOf(['A00000004', ['丁公司'], { listed: true }]),
    ].map((document) => [document.key, document]),
  )
  const index = openMeilisearch({
    url: fake.url,
    key: fake.key,
    shown: (key) => files.get(key),
    onRefused: (id) => t.fail(id),
  })
  await index.index({ documents: Array.from(files.values()), removed: [], position: 4 })
  const engine = searchOver(index)
  const keys = async (filters: SearchFilters) =>
    (await engine.search({ text: '公司', filters, limit: 9 })).hits.map(({ document }) => [
      document.key,
      document.listed,
    ])
  files.set('A00000001', documentOf(['A00000001', ['甲公司']]))
  files.delete('A00000002')
  files.set('A00000003', documentOf(['A00000003', ['新名商行']]))
  t.same(
    await keys({}),
    [
      ['A00000001', undefined],
      ['A00000004', true],
    ],
    'withdrawn and renamed ones are out',
  )
  t.same(await keys({ listed: ['true'] }), [['A00000004', true]], 'one that left the list is not on it')
  t.same(await engine.named('乙公司'), [])
})

t.test('what was down a moment ago is left alone, and asked again after a while', async (t) => {
  let time = 0
  let asked = 0
  const answer = { hits: [], position: 1 }
  const own: SearchEngine = {
    applied: async () => 1,
    search: async () => answer,
    named: async () => [],
    close: async () => undefined,
  }
  const broken: SearchEngine = {
    ...own,
    search: async () => {
      asked += 1
      throw new SearchUnavailable('down')
    },
  }
  const both = withReserve(broken, own, () => time)
  const query = { text: '', filters: {}, limit: 1 }
  for (let i = 0; i < 3; i += 1) t.same(await both.search(query), answer)
  t.equal(asked, 1)
  time = 6000
  await both.search(query)
  t.equal(asked, 2)
})
