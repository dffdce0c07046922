import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { readSettings, type Settings } from '../../src/config.ts'
import { startNode } from '../../src/running/node.ts'
import { storedDocument } from '../../src/search/meilisearch-document.ts'
import { temporaryFolder } from '../support.ts'
import { documentOf } from './contract.ts'
import { type FakeMeilisearch, fakeMeilisearch } from './meilisearch-server.ts'

// Whole nodes are started, and a server that hangs is waited for.

async function node(t: Test, fake: FakeMeilisearch, more: Partial<Settings> = {}) {
  const asked = {
    ...readSettings({ DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'silent', RATE_LIMIT: '0', DEMO: 'true' }),
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
  await until(async () => (await app.inject('/readyz')).json().status === 'degraded')
  t.match(
    (await app.inject('/readyz')).json(),
    { status: 'degraded', lag: { search: Number }, checks: { search: { ok: false } } },
    'as it was heard last',
  )

  fake.fault = () => undefined
  await until(async () => (await search('人造板')).status === 200)
  t.pass('it recovers by itself')

  fake.fault = () => 'hang'
  const [hung, ready, metrics] = await Promise.all([
    search('人造板'),
    app.inject('/readyz'),
    app.inject('/metrics'),
  ])
  t.match(hung, { status: 503 }, 'a server that hangs is waited for with a bound')
  t.match(ready.json(), { status: /ready|degraded/ })
  t.match(metrics.body, /view_lag_entries/)
  fake.fault = () => undefined
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
