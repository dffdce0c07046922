import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { SearchDocument } from '../../src/search/document.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import type { SearchBatch } from '../../src/search/engine.ts'
import { inventedFirms, randomNumbers } from './firms.ts'
import { type Measurement, percentile } from './measurement.ts'

const QUERIES = 1000
const BATCH = 20_000
const SIZES = [39_638, 1_000_000] as const

/** p99 of searches by a stretch of a name, against the same phrase in a bare FTS5 table, small and large. */
export async function measureSearch(folder: string): Promise<Measurement[]> {
  const [small, large] = [await atSize(folder, SIZES[0]), await atSize(folder, SIZES[1])]
  return [
    ...[small, large].map(
      ({ size, ours, bare }): Measurement => ({
        name: `search p99 among ${size} names`,
        ratio: ours / bare,
        target: { atMost: 2 },
        detail: `${ours.toFixed(2)} ms, bare FTS5 ${bare.toFixed(2)} ms`,
      }),
    ),
    {
      name: 'search p99, growth between the two sizes',
      ratio: large.ours / small.ours,
      target: { atMost: 3 },
      detail: `bare FTS5 grows ${(large.bare / small.bare).toFixed(2)}-fold`,
    },
  ]
}

async function atSize(folder: string, size: number): Promise<{ size: number; ours: number; bare: number }> {
  const engine = openEmbeddedIndex(join(folder, `search-${size}.db`), 'write')
  for (const batch of batches(size)) await engine.index(batch)
  const bare = bareIndex(join(folder, `names-${size}.db`), size)
  const texts = stretches(size)
  const ours: number[] = []
  const theirs: number[] = []
  for (const text of texts) {
    let start = performance.now()
    bare.query(text)
    theirs.push(performance.now() - start)
    start = performance.now()
    await engine.search({ text, filters: {}, limit: 20 })
    ours.push(performance.now() - start)
  }
  await engine.close()
  bare.close()
  return { size, ours: percentile(ours, 0.99), bare: percentile(theirs, 0.99) }
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
  const texts: string[] = []
  let i = 0
  for (const { name } of inventedFirms(size)) {
    if (i % every === 0) {
      const length = 2 + Math.floor(random() * 7)
      const start = Math.floor(random() * Math.max(1, name.length - length))
      texts.push(name.slice(start, start + length))
    }
    i += 1
  }
  return texts
}

/** The plainest search that gives the shortest names first: one FTS5 table, and the names by its row ids. */
function bareIndex(path: string, size: number) {
  const db = new Database(path)
  db.exec(`
    CREATE TABLE enterprise (id INTEGER PRIMARY KEY, name TEXT);
    CREATE VIRTUAL TABLE names USING fts5(text, content='', contentless_delete=1);
  `)
  const insert = db.prepare('INSERT INTO enterprise VALUES (?, ?)')
  const index = db.prepare('INSERT INTO names (rowid, text) VALUES (?, ?)')
  db.transaction(() => {
    let id = 0
    for (const { name } of inventedFirms(size)) {
      id += 1
      insert.run(id, name)
      index.run(id, Array.from(name).join(' '))
    }
  })()
  const ids = db.prepare<[string], number>('SELECT rowid FROM names WHERE names MATCH ?').pluck()
  const name = db.prepare<[number], string>('SELECT name FROM enterprise WHERE id = ?').pluck()
  return {
    query(text: string): string[] {
      const found = ids.all(`"${Array.from(text).join(' ')}"`)
      return found.slice(0, 20).flatMap((id) => name.get(id) ?? [])
    },
    close: () => db.close(),
  }
}
