import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import t from 'tap'
import { inventedFirms } from '../../scripts/bench/firms.ts'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchDocument } from '../../src/search/document.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import type { SearchEngine, SearchQuery, SearchResult } from '../../src/search/engine.ts'
import { openMeilisearch } from '../../src/search/meilisearch.ts'
import { searchOrders } from '../../src/search/order.ts'
import { initialsOf, readingsOf } from '../../src/search/pinyin.ts'
import { temporaryFolder } from '../support.ts'
import { fakeMeilisearch } from './meilisearch-server.ts'

const { MEILI_URL, MEILI_KEY = '' } = process.env
const SAMPLE =
  process.env.SAMPLE_FIRMS ??
  fileURLToPath(new URL('../../../shared/data/hebei-enterprises.csv', import.meta.url))
/** A server of the tests goes through all its documents for each filter; a real one takes all that there are. */
const FIRMS = MEILI_URL === undefined ? 400 : 40_000
const RUNS = MEILI_URL === undefined ? 60 : 400

function names(): string[] {
  if (!existsSync(SAMPLE)) return Array.from(inventedFirms(FIRMS), ({ name }) => name)
  const rows: string[][] = parse(readFileSync(SAMPLE, 'utf8'), { from_line: 2, relax_column_count: true })
  const step = Math.max(1, Math.floor(rows.length / FIRMS))
  return rows.filter((_, i) => i % step === 0).map(([name = '']) => name)
}

const documents = names().map((name, i, all): SearchDocument => {
  const former = all[(i * 7) % all.length]
  return {
    key: `S${String(i).padStart(8, '0')}`,
    uscc:
      i % 3 === 0
        ? null
        : `9113${String((i * 7_919) % 10_000).padStart(4, '0')}S${String(i).padStart(8, '0')}9`,
    names: i % 5 === 0 && former !== undefined ? [name, former] : [name],
    ...(i % 4 > 0 && { region: ['130102', '130203', '130600'][i % 3] }),
    ...(i % 3 > 0 && { legalForm: ['有限责任公司', '集体所有制'][i % 2] }),
    status: i % 11 === 0 ? '注销' : '存续',
    kinds: i % 6 === 0 ? ['licence', 'penalty'] : i % 6 === 1 ? ['licence'] : [],
    ...(i % 7 === 0 && { grade: 'ABCD'.charAt(i % 4) }),
    ...(i % 13 === 0 && { listed: true as const }),
    ...(i % 2 === 0 && { establishedOn: `${1980 + (i % 40)}-0${1 + (i % 9)}-15` }),
  }
})

/** What people type: any stretch of a name, as it is, in pinyin or initials, with a mistake, turned about, with gaps. */
const text = fc
  .tuple(fc.nat(documents.length - 1), fc.nat(8), fc.integer({ min: 1, max: 10 }), fc.nat(7))
  .map(([at, start, length, way]) => {
    const name = documents[at]?.names[0] ?? ''
    const part = name.slice(start, start + length)
    const middle = Math.floor(part.length / 2)
    const ways = [
      part,
      name,
      Array.from(part, (character) => readingsOf(character)[0] ?? '').join(''),
      Array.from(part, (character) => initialsOf(character).charAt(0)).join(''),
      `${name.slice(0, 3)}某${name.slice(4)}`,
      part.slice(middle) + part.slice(0, middle),
      `${name.slice(4, 8)} ${name.slice(0, 2)}`,
      (documents[at]?.uscc ?? documents[at]?.key ?? '').slice(0, 6 + length),
    ]
    return ways[way] ?? ''
  })
const filters = fc.record(
  {
    region: fc.constantFrom(['130000'], ['130100'], ['130203']),
    status: fc.constantFrom(['存续'], ['注销']),
    kinds: fc.constantFrom(['licence'], ['licence', 'penalty']),
    legalForm: fc.constantFrom(['有限责任公司']),
    listed: fc.constantFrom(['true']),
  },
  { requiredKeys: [] },
)
const order = fc.constantFrom(undefined, undefined, ...searchOrders)

t.test('both indexes give the same answers, page by page', async (t) => {
  const own = openEmbeddedIndex(join(temporaryFolder(t), 'search.db'), 'write')
  const at = MEILI_URL === undefined ? await fakeMeilisearch(t) : { url: MEILI_URL, key: MEILI_KEY }
  const files = new Map(documents.map((document) => [document.key, document]))
  const there = openMeilisearch({
    url: at.url,
    key: at.key,
    prefix: `same_${process.pid}`,
    shown: (key) => files.get(key),
    onRefused: (id) => t.fail(id),
  })
  t.teardown(() => Promise.all([own.close(), there.close()]))
  await Promise.all([own, there].map((index) => index.index({ documents, removed: [], position: 1 })))
  const engines = [searchOver(own), searchOver(there)] as const
  await fc.assert(
    fc.asyncProperty(
      text,
      filters,
      order,
      fc.integer({ min: 1, max: 30 }),
      async (typed, wanted, by, limit) => {
        const query: SearchQuery = { text: typed, filters: wanted, limit, ...(by && { order: by }) }
        const [ours, theirs] = await Promise.all(engines.map((engine) => firstPages(engine, query)))
        t.same(theirs?.map(shownOf), ours?.map(shownOf), JSON.stringify(query))
        const [total, other] = [ours?.[0]?.total, theirs?.[0]?.total]
        if (other?.exact) {
          t.same(other, total, `how many: ${JSON.stringify(query)}`)
          t.same(theirs?.[0]?.facets, ours?.[0]?.facets, `of which kind: ${JSON.stringify(query)}`)
        } else t.ok((other?.count ?? 0) >= (total?.count ?? 0), 'an upper bound')
      },
    ),
    { numRuns: RUNS, seed: 20_121_212 },
  )
})

async function firstPages(engine: SearchEngine, query: SearchQuery): Promise<SearchResult[]> {
  const first = await engine.search(query)
  return first.next === undefined ? [first] : [first, await engine.search({ ...query, cursor: first.next })]
}

function shownOf({ hits, next, total }: SearchResult) {
  const { of, similar } = total ?? {}
  return {
    hits: hits.map(({ document, matchedBy, name, highlights }) => [
      document.key,
      matchedBy,
      name,
      highlights,
    ]),
    isMore: next !== undefined,
    of,
    similar,
  }
}
