import t, { type Test } from 'tap'
import { BadCursor, type SearchEngine, SearchUnavailable } from '../../src/search/engine.ts'
import { openMeilisearch } from '../../src/search/meilisearch.ts'
import { documentOf, searchContract } from './contract.ts'
import { type FakeMeilisearch, fakeMeilisearch } from './meilisearch-server.ts'

const { MEILI_URL, MEILI_KEY = '' } = process.env
t.comment(
  MEILI_URL === undefined
    ? 'search suite: the embedded engine, and the Meilisearch engine against a server of the tests'
    : `search suite: the embedded engine, and Meilisearch at ${MEILI_URL}`,
)

let registries = 0

async function open(t: Test, fake?: FakeMeilisearch): Promise<SearchEngine> {
  const at = fake ?? (MEILI_URL === undefined ? await fakeMeilisearch(t) : { url: MEILI_URL, key: MEILI_KEY })
  registries += 1
  const engine = openMeilisearch({
    url: at.url,
    key: at.key,
    prefix: `test_${process.pid}_${registries}`,
    retryMs: 5,
    onRefused: (id, reason) => t.fail(`${id} was refused: ${reason}`),
  })
  t.teardown(() => engine.close())
  return engine
}

searchContract(t, (t) => open(t))

const firms = Array.from({ length: 60 }, (_, i) =>
  documentOf([`M${String(i).padStart(8, '0')}`, [`示例${i}号钢铁公司`]]),
)
const everyone = async (engine: SearchEngine) => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await engine.search({ text: '', filters: {}, limit: 7, ...(cursor && { cursor }) })
    seen.push(...page.hits.map(({ document }) => document.key))
    cursor = page.next
  } while (cursor !== undefined)
  return seen.sort()
}
const keys = firms.map(({ key }) => key)

t.test('a batch counts only when all of it is in, wherever either side breaks off', async (t) => {
  for (const [what, fault] of [
    ['the server hangs up', 'drop'],
    ['the server fails', 500],
    ['the server is too busy', 429],
  ] as const)
    for (let at = 0; at < 40; at += 3) {
      const fake = await fakeMeilisearch(t)
      const options = {
        url: fake.url,
        key: fake.key,
        retryMs: 1,
        tries: 1,
        batchBytes: 2000,
        onRefused: () => undefined,
      }
      const first = openMeilisearch(options)
      await first.index({ documents: firms.slice(0, 20), removed: [], position: 20 })
      let asked = 0
      fake.fault = () => {
        asked += 1
        return asked > at ? fault : undefined
      }
      const broken = await first
        .index({ documents: firms.slice(20), removed: [keys[0] ?? ''], position: 60 })
        .then(
          () => false,
          () => true,
        )
      fake.fault = () => undefined
      const second = openMeilisearch(options)
      const reached = await second.applied()
      t.ok(reached === 20 || reached === 60, `${what} after ${at}: at ${reached}`)
      if (!broken) t.equal(reached, 60)
      if (reached === 20)
        await second.index({ documents: firms.slice(20), removed: [keys[0] ?? ''], position: 60 })
      t.same(await everyone(second), keys.slice(1), 'nothing is lost and nothing doubled')
      t.equal(await second.applied(), 60)
    }
})

t.test('what passes by itself is tried again', async (t) => {
  const fake = await fakeMeilisearch(t)
  const engine = await open(t, fake)
  let asked = 0
  fake.fault = () => {
    asked += 1
    return asked % 3 === 0 ? 503 : asked % 3 === 1 ? 'drop' : undefined
  }
  await engine.index({ documents: firms, removed: [], position: 60 })
  fake.fault = () => undefined
  t.same(await everyone(engine), keys)
})

t.test('tasks that the server lost are done again', async (t) => {
  const fake = await fakeMeilisearch(t)
  const engine = await open(t, fake)
  await engine.index({ documents: firms.slice(0, 5), removed: [], position: 5 })
  fake.taskMs = 200
  fake.fault = (method, path) => {
    // It dies while it works on what it has just taken.
    if (method === 'POST' && path.endsWith('/documents')) setTimeout(() => fake.crash(), 5)
    return undefined
  }
  const indexing = engine.index({ documents: firms.slice(5), removed: [], position: 60 })
  await t.rejects(indexing)
  t.equal(await engine.applied(), 5, 'the position has not moved')
  fake.taskMs = 0
  fake.fault = () => undefined
  await engine.index({ documents: firms.slice(5), removed: [], position: 60 })
  t.same(await everyone(engine), keys)
})

t.test('a document that is refused is reported, and it alone', async (t) => {
  const fake = await fakeMeilisearch(t)
  const refused: string[] = []
  const engine = openMeilisearch({ url: fake.url, key: fake.key, onRefused: (id) => refused.push(id) })
  const [, , bad] = keys
  fake.refuses = ({ id }) => id === bad
  await engine.index({ documents: firms, removed: [], position: 60 })
  t.same(refused, [bad])
  t.same(
    await everyone(engine),
    keys.filter((key) => key !== bad),
  )
  t.equal(await engine.applied(), 60)
})

t.test('a batch that is too large is cut up', async (t) => {
  const fake = await fakeMeilisearch(t)
  const engine = await open(t, fake)
  let large = 0
  fake.fault = (method, path) => {
    if (method !== 'POST' || !path.endsWith('/documents') || large > 4) return undefined
    large += 1
    return 413
  }
  await engine.index({ documents: firms, removed: [], position: 60 })
  t.same(await everyone(engine), keys)
})

t.test('another definition is built beside, while the old one answers', async (t) => {
  const fake = await fakeMeilisearch(t)
  const engine = openMeilisearch({ url: fake.url, key: fake.key, onRefused: () => undefined })
  await engine.index({ documents: firms.slice(0, 30), removed: [], position: 30 })
  const position = fake.indexes.get('hqc_enterprises')?.documents.get('position')
  if (position) position.definition = 'an older one'
  t.equal(await engine.isStale?.(), true)
  t.equal(await engine.applied(), 0, 'it does not count as indexed')
  async function* batches() {
    yield { documents: firms.slice(0, 40), removed: [], position: 40 }
    t.equal((await everyone(engine)).length, 30, 'the old one serves meanwhile')
    yield { documents: firms.slice(40), removed: [], position: 60 }
  }
  await engine.rebuild(batches())
  t.same(await everyone(engine), keys)
  t.equal(await engine.isStale?.(), false)
  t.same(Array.from(fake.indexes.keys()), ['hqc_enterprises'], 'nothing is left over')
})

t.test('a rebuild that broke off begins anew', async (t) => {
  const fake = await fakeMeilisearch(t)
  const engine = await open(t, fake)
  await engine.index({ documents: firms.slice(0, 10), removed: [], position: 10 })
  async function* broken() {
    yield { documents: firms.slice(10, 20), removed: [], position: 20 }
    throw new Error('the process died')
  }
  await t.rejects(engine.rebuild(broken()))
  t.equal((await everyone(engine)).length, 10)
  async function* whole() {
    yield { documents: firms, removed: [], position: 60 }
  }
  await engine.rebuild(whole())
  t.same(await everyone(engine), keys)
})

t.test('a server that is down, slow or does not know the key is said to be unavailable', async (t) => {
  const fake = await fakeMeilisearch(t)
  const query = { text: '示例', filters: {}, limit: 5 }
  const options = { url: fake.url, retryMs: 1, tries: 2, onRefused: () => undefined }
  const wrong = openMeilisearch({ ...options, key: 'wrong' })
  await t.rejects(wrong.search(query), SearchUnavailable)
  const engine = openMeilisearch({ ...options, key: fake.key })
  await t.rejects(engine.search(query), SearchUnavailable, 'no index yet')
  await engine.index({ documents: firms, removed: [], position: 60 })
  for (const fault of [500, 'drop'] as const) {
    fake.fault = () => fault
    await t.rejects(engine.search(query), SearchUnavailable)
    await t.rejects(engine.index({ documents: [], removed: [], position: 61 }))
  }
  fake.fault = () => undefined
  t.equal((await engine.search(query)).hits.length, 5, 'it recovers by itself')
  await t.rejects(engine.search({ ...query, cursor: 'nonsense' }), BadCursor)
})

t.test('nothing typed gets into the filters but as a token', async (t) => {
  const fake = await fakeMeilisearch(t)
  const engine = await open(t, fake)
  await engine.index({ documents: firms, removed: [], position: 60 })
  for (const text of [
    '" OR place > 0',
    "' OR 1=1",
    'tags = "9x"',
    '\\',
    '"]',
    'abc" OR "a',
    'x'.repeat(200),
  ]) {
    const { hits } = await engine.search({ text, filters: { legalForm: '" OR place > 0' }, limit: 5 })
    t.same(hits, [], text)
  }
})
