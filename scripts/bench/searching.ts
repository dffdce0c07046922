import { join } from 'node:path'
import autocannon from 'autocannon'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchDocument } from '../../src/search/document.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import type { SearchBatch, SearchEngine } from '../../src/search/engine.ts'
import { bareIndex } from './bare-search.ts'
import { inventedFirms, randomNumbers } from './firms.ts'
import { type Measurement, percentile } from './measurement.ts'
import { createKey, startBareServer, startRegistry } from './processes.ts'
import { requestsPerSecond, someKey, upload } from './serving.ts'

const QUERIES = 1000
const BATCH = 20_000
const SIZES = [39_638, 1_000_000] as const
const CONNECTIONS = 64
const SECONDS = 6

/** Searches over HTTP and in the process, small and large, against the same phrase in a bare FTS5 table. */
export async function measureSearch(folder: string, csv: string): Promise<Measurement[]> {
  const overHttp = await measureSearchPages(folder, csv)
  const [small, large] = [await atSize(folder, SIZES[0]), await atSize(folder, SIZES[1])]
  return [
    ...overHttp,
    ...[small, large].flatMap((one) => against(one, one.size)),
    {
      name: 'search, growth of the median between the two sizes',
      ratio: large.ours.median / small.ours.median,
      target: { atMost: 3 },
      detail: `bare FTS5 grows ${(large.bare.median / small.bare.median).toFixed(2)}-fold`,
    },
    {
      name: 'names that nobody bears, per second',
      ratio: small.unknownPerSecond,
      target: { atLeast: 1000 },
      detail: `among ${small.size}`,
    },
    {
      name: 'memory of the index, MB',
      ratio: large.megabytes,
      target: { atMost: 700 },
      detail: `${large.size} enterprises`,
    },
  ]
}

/** Distinct searches from many connections, on the page and by the API, and what they cost those who read files. */
async function measureSearchPages(folder: string, csv: string): Promise<Measurement[]> {
  const dataDir = join(folder, 'searching')
  const key = await createKey(dataDir)
  const registry = await startRegistry(dataDir)
  await upload(registry.url, key, csv)
  const names = join(folder, 'bare-names.db')
  bareIndex(names, SIZES[0]).close()
  const bare = await startBareServer('', '', names)
  const file = `${registry.url}/api/v1/enterprises/${await someKey(registry.url)}`
  const theirs = await searchesPerSecond(bare.url, '/search?q=', SECONDS)
  const page = await searchesPerSecond(registry.url, '/search?q=', SECONDS)
  const api = await searchesPerSecond(registry.url, '/api/v1/enterprises?q=', SECONDS)
  const reads = await requestsPerSecond(file)
  const [readsMeanwhile] = await Promise.all([
    requestsPerSecond(file),
    searchesPerSecond(registry.url, '/api/v1/enterprises?q=', SECONDS),
  ])
  await Promise.all([registry.stop(), bare.stop()])
  const against = (name: string, ours: number): Measurement => ({
    name: `distinct searches from ${CONNECTIONS} connections, ${name}`,
    ratio: ours / theirs,
    target: { atLeast: 0.8 },
    detail: `${ours.toFixed(0)}/s, a bare route with one FTS5 query ${theirs.toFixed(0)}/s`,
  })
  return [
    against('the page', page),
    against('the API', api),
    {
      name: 'reads of a file while others search, against reads alone',
      ratio: readsMeanwhile / reads,
      target: { atLeast: 0.7 },
      detail: `${readsMeanwhile.toFixed(0)}/s, alone ${reads.toFixed(0)}/s; the load of both comes from this machine`,
    },
  ]
}

async function searchesPerSecond(url: string, path: string, duration: number): Promise<number> {
  const texts = endlessStretches(SIZES[0])
  const { requests, non2xx } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          path: path + encodeURIComponent(texts.next().value ?? ''),
        }),
      },
    ],
  })
  if (non2xx > 0) throw new Error(`${non2xx} searches were refused`)
  return requests.average
}

interface Figures {
  median: number
  slowest: number
}

function against({ ours, bare }: { ours: Figures; bare: Figures }, size: number): Measurement[] {
  const detail = (mine: number, theirs: number) => `${mine.toFixed(2)} ms, bare FTS5 ${theirs.toFixed(2)} ms`
  return [
    {
      name: `search p50 among ${size} names`,
      ratio: ours.median / bare.median,
      target: { atMost: 3 },
      detail: detail(ours.median, bare.median),
    },
    {
      name: `search p99 among ${size} names`,
      ratio: ours.slowest / bare.slowest,
      target: { atMost: 5 },
      detail: detail(ours.slowest, bare.slowest),
    },
  ]
}

async function atSize(folder: string, size: number) {
  const index = openEmbeddedIndex(join(folder, `search-${size}.db`), 'write')
  for (const batch of batches(size)) await index.index(batch)
  const before = process.memoryUsage()
  const engine = searchOver(index)
  await engine.search({ text: 'shili', filters: {}, limit: 1 })
  const after = process.memoryUsage()
  const bare = bareIndex(join(folder, `names-${size}.db`), size)
  const ours: number[] = []
  const theirs: number[] = []
  for (const text of stretches(size)) {
    theirs.push(await elapsedIn(async () => bare.query(text)))
    ours.push(await elapsedIn(() => engine.search({ text, filters: {}, limit: 20 })))
  }
  const unknownPerSecond = await pace(engine, unknownNames(300))
  await engine.close()
  bare.close()
  const figures = (values: readonly number[]): Figures => ({
    median: percentile(values, 0.5),
    slowest: percentile(values, 0.99),
  })
  return {
    size,
    ours: figures(ours),
    bare: figures(theirs),
    unknownPerSecond,
    megabytes: (after.rss - before.rss) / 2 ** 20,
  }
}

async function elapsedIn(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}

async function pace(engine: SearchEngine, texts: readonly string[]): Promise<number> {
  const milliseconds = await elapsedIn(async () => {
    for (const text of texts) await engine.search({ text, filters: {}, limit: 20 })
  })
  return texts.length / (milliseconds / 1000)
}

function* batches(size: number): Generator<SearchBatch> {
  let documents: SearchDocument[] = []
  let position = 0
  for (const { uscc, name, legalForm } of inventedFirms(size)) {
    position += 1
    const region = `${uscc.slice(2, 6)}00`
    documents.push({
      key: uscc.slice(8, 17),
      uscc,
      names: [name],
      region,
      legalForm,
      status: '存续',
      kinds: [],
    })
    if (documents.length < BATCH && position < size) continue
    yield { documents, removed: [], position }
    documents = []
  }
}

/** What people type of a name: two to eight of its characters in a row, from anywhere in it. */
function stretches(size: number): string[] {
  const random = randomNumbers(7)
  const every = Math.floor(size / QUERIES)
  return Array.from(inventedFirms(size))
    .filter((_, i) => i % every === 0)
    .map(({ name }) => stretchOf(name, random))
}

function stretchOf(name: string, random: () => number): string {
  const length = 2 + Math.floor(random() * 7)
  const start = Math.floor(random() * Math.max(1, name.length - length))
  return name.slice(start, start + length)
}

/** Stretches of names, no two alike, from one name after the other and then from the first again. */
function* endlessStretches(size: number): Generator<string> {
  const random = randomNumbers(11)
  const seen = new Set<string>()
  for (;;)
    for (const { name } of inventedFirms(size)) {
      const text = stretchOf(name, random)
      if (seen.has(text)) continue
      seen.add(text)
      yield text
    }
}

/** Names of firms with two of their characters taken from elsewhere. */
function unknownNames(count: number): string[] {
  const random = randomNumbers(13)
  const firms = Array.from(inventedFirms(count * 2), ({ name }) => name)
  return firms.slice(0, count).map((name, i) => {
    const other = firms[count + i] ?? name
    const at = 3 + Math.floor(random() * 2)
    return name.slice(0, at) + other.slice(2, 4) + other.slice(4, 5) + name.slice(at + 3)
  })
}
