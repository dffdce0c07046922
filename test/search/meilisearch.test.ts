import t, { type Test } from 'tap'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchDocument } from '../../src/search/document.ts'
import { BadCursor, type SearchIndex, SearchUnavailable } from '../../src/search/engine.ts'
import { type MeilisearchOptions, openMeilisearch } from '../../src/search/meilisearch.ts'
import { documentOf, searchContract } from './contract.ts'
import { type FakeMeilisearch, fakeMeilisearch } from './meilisearch-server.ts'

const { MEILI_URL, MEILI_KEY = '' } = process.env
t.comment(
  MEILI_URL === undefined
    ? 'search suite: the embedded engine, and the Meilisearch engine against a server of the tests'
    : `search suite: the embedded engine, and Meilisearch at ${MEILI_URL}`,
)

let registries = 0

/** An index on a server, and the files behind it: what is shown of an enterprise is what was indexed last. */
function indexAt(options: Omit<MeilisearchOptions, 'shown'>): SearchIndex {
  const files = new Map<string, SearchDocument>()
  const keep = ({
    documents,
    removed,
  }: {
    documents: readonly SearchDocument[]
    removed: readonly string[]
  }) => {
    for (const key of removed) files.delete(key)
    for (const document of documents) files.set(document.key, document)
  }
  const index = openMeilisearch({ ...options, shown: (key) => files.get(key) ?? firmsByKey.get(key) })
  return {
    ...index,
    async index(batch) {
      await index.index(batch)
      keep(batch)
    },
    async rebuild(batches) {
      const kept = async function* () {
        for await (const batch of batches) {
          keep(batch)
          yield batch
        }
      }
      await index.rebuild(kept())
    },
  }
}

async function open(t: Test, fake?: FakeMeilisearch): Promise<SearchIndex> {
  const at = fake ?? (MEILI_URL === undefined ? await fakeMeilisearch(t) : { url: MEILI_URL, key: MEILI_KEY })
  registries += 1
  const index = indexAt({
    url: at.url,
    key: at.key,
    prefix: `test_${process.pid}_${registries}`,
    retryMs: 5,
    onRefused: (id, reason) => t.fail(`${id} was refused: ${reason}`),
  })
  t.teardown(() => index.close())
  return index
}

searchContract(t, (t) => open(t))

const firms = Array.from({ length: 60 }, (_, i) =>
  documentOf([`M${String(i).padStart(8, '0')}`, [`示例${i}号钢铁公司`]]),
)
const firmsByKey = new Map(firms.map((firm) => [firm.key, firm]))
const everyone = async (index: SearchIndex) => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await searchOver(index).search({
      text: '',
      filters: {},
      limit: 20,
      ...(cursor && { cursor }),
    })
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
        batchBytes: 40_000,
        onRefused: () => undefined,
      }
      const first = indexAt(options)
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
      const second = indexAt(options)
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
  const index = await open(t, fake)
  let asked = 0
  fake.fault = () => {
    asked += 1
    return asked % 3 === 0 ? 503 : asked % 3 === 1 ? 'drop' : undefined
  }
  await index.index({ documents: firms, removed: [], position: 60 })
  fake.fault = () => undefined
  t.same(await everyone(index), keys)
})

t.test('tasks that the server lost are done again', async (t) => {
  const fake = await fakeMeilisearch(t)
  const index = await open(t, fake)
  await index.index({ documents: firms.slice(0, 5), removed: [], position: 5 })
  fake.taskMs = 200
  fake.fault = (method, path) => {
    // It dies while it works on what it has just taken.
    if (method === 'POST' && path.endsWith('/documents')) setTimeout(() => fake.crash(), 5)
    return undefined
  }
  const indexing = index.index({ documents: firms.slice(5), removed: [], position: 60 })
  await t.rejects(indexing)
  t.equal(await index.applied(), 5, 'the position has not moved')
  fake.taskMs = 0
  fake.fault = () => undefined
  await index.index({ documents: firms.slice(5), removed: [], position: 60 })
  t.same(await everyone(index), keys)
})

t.test('a document that is refused is reported, and it alone', async (t) => {
  const fake = await fakeMeilisearch(t)
  const refused: string[] = []
  const index = indexAt({ url: fake.url, key: fake.key, onRefused: (id) => refused.push(id) })
  const [, , bad] = keys
  fake.refuses = ({ id }) => id === bad
  await index.index({ documents: firms, removed: [], position: 60 })
  t.same(refused, [bad])
  t.same(
    await everyone(index),
    keys.filter((key) => key !== bad),
  )
  t.equal(await index.applied(), 60)
})

t.test('a batch that is too large is cut up', async (t) => {
  const fake = await fakeMeilisearch(t)
  const index = await open(t, fake)
  let large = 0
  fake.fault = (method, path) => {
    if (method !== 'POST' || !path.endsWith('/documents') || large > 4) return undefined
    large += 1
    return 413
  }
  await index.index({ documents: firms, removed: [], position: 60 })
  t.same(await everyone(index), keys)
})

t.test('another definition is built beside, while the old one answers', async (t) => {
  const fake = await fakeMeilisearch(t)
  const index = indexAt({ url: fake.url, key: fake.key, onRefused: () => undefined })
  await index.index({ documents: firms.slice(0, 30), removed: [], position: 30 })
  const position = fake.indexes.get('hqc_enterprises')?.documents.get('position')
  if (position) position.definition = 'an older one'
  t.equal(await index.isStale?.(), true)
  t.equal(await index.applied(), 0, 'it does not count as indexed')
  async function* batches() {
    yield { documents: firms.slice(0, 40), removed: [], position: 40 }
    t.equal((await everyone(index)).length, 30, 'the old one serves meanwhile')
    yield { documents: firms.slice(40), removed: [], position: 60 }
  }
  await index.rebuild(batches())
  t.same(await everyone(index), keys)
  t.equal(await index.isStale?.(), false)
  t.same(Array.from(fake.indexes.keys()), ['hqc_enterprises'], 'nothing is left over')
})

t.test('a rebuild that broke off begins anew', async (t) => {
  const fake = await fakeMeilisearch(t)
  const index = await open(t, fake)
  await index.index({ documents: firms.slice(0, 10), removed: [], position: 10 })
  async function* broken() {
    yield { documents: firms.slice(10, 20), removed: [], position: 20 }
    throw new Error('the process died')
  }
  await t.rejects(index.rebuild(broken()))
  t.equal((await everyone(index)).length, 10)
  async function* whole() {
    yield { documents: firms, removed: [], position: 60 }
  }
  await index.rebuild(whole())
  t.same(await everyone(index), keys)
})

t.test(
  'a rebuild whose index another process has put its own in the place of does not wait for it',
  async (t) => {
    const fake = await fakeMeilisearch(t)
    const options = { url: fake.url, key: fake.key, retryMs: 5, onRefused: () => undefined }
    const [index, other] = [indexAt(options), indexAt(options)]
    let isSwapped = false
    fake.fault = (method, path) => {
      const isLate = isSwapped && method === 'GET'
      isSwapped ||= path === '/swap-indexes'
      // Who found no index a moment ago makes one now.
      if (isLate && fake.indexes.delete('hqc_enterprises')) {
        fake.fault = () => undefined
        other.index({ documents: firms, removed: [], position: 60 }).catch(t.fail)
      }
      return undefined
    }
    async function* few() {
      yield { documents: firms.slice(0, 10), removed: [], position: 10 }
    }
    await index.rebuild(few())
    t.same(await everyone(index), keys)
    t.equal(await index.applied(), 60)
  },
)

t.test('a server that is down, slow or does not know the key is said to be unavailable', async (t) => {
  const fake = await fakeMeilisearch(t)
  const query = { text: '示例', filters: {}, limit: 5 }
  const options = { url: fake.url, retryMs: 1, tries: 2, onRefused: () => undefined }
  const wrong = indexAt({ ...options, key: 'wrong' })
  await t.rejects(searchOver(wrong).search(query), SearchUnavailable)
  const index = indexAt({ ...options, key: fake.key })
  await t.rejects(searchOver(index).search(query), SearchUnavailable, 'no index yet')
  await index.index({ documents: firms, removed: [], position: 60 })
  for (const fault of [500, 'drop'] as const) {
    fake.fault = () => fault
    await t.rejects(searchOver(index).search(query), SearchUnavailable)
    await t.rejects(index.index({ documents: [], removed: [], position: 61 }))
  }
  fake.fault = () => undefined
  t.equal((await searchOver(index).search(query)).hits.length, 5, 'it recovers by itself')
  await t.rejects(searchOver(index).search({ ...query, cursor: 'nonsense' }), BadCursor)
})

t.test('nothing typed gets into the filters but as a token', async (t) => {
  const fake = await fakeMeilisearch(t)
  const index = await open(t, fake)
  await index.index({ documents: firms, removed: [], position: 60 })
  for (const text of [
    '" OR place > 0',
    "' OR 1=1",
    'tags = "9x"',
    '\\',
    '"]',
    'abc" OR "a',
    'x'.repeat(200),
  ]) {
    const { hits } = await searchOver(index).search({
      text,
      filters: { legalForm: ['" OR place > 0'] },
      limit: 5,
    })
    t.same(hits, [], text)
  }
})
