import t from 'tap'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchFilters } from '../../src/search/dimensions.ts'
import { type SearchEngine, SearchUnavailable } from '../../src/search/engine.ts'
import { openMeilisearch } from '../../src/search/meilisearch.ts'
import { prompt, withReserve } from '../../src/search/reserve.ts'
import { documentOf } from './contract.ts'
import { fakeMeilisearch } from './meilisearch-server.ts'

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

t.test('who asks how far an engine has come never waits for it', async (t) => {
  let answer: () => Promise<number> = async () => 7
  const engine = prompt({
    applied: () => answer(),
    search: async () => ({ hits: [], position: 0 }),
    named: async () => [],
    close: async () => undefined,
  })
  t.equal(await engine.applied(), 7)
  answer = () => new Promise(() => undefined)
  t.equal(await engine.applied(), 7, 'as it was heard last')
  answer = async () => {
    throw new SearchUnavailable('down')
  }
  t.equal(await engine.applied(), 7)
})
