import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keepSearchTable } from '../../src/running/open-search.ts'
import { searchOver } from '../../src/search/answering.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { KeptTable, type TableParts } from '../../src/search/kept-table.ts'
import { temporaryFolder } from '../support.ts'
import { documentOf } from './contract.ts'

const PARTS: TableParts = {
  columns: {
    names: [Uint16Array.of(1, 2, 65_535), Uint32Array.of(0, 3)],
    rows: [Float64Array.of(0.5, 2 ** 52), Uint8Array.of(1, 0)],
    none: [],
  },
  longKeys: [[2 ** 52, '91130000000000000X']],
  profiles: ['{"status":["存续"]}', '{}'],
  closed: 1,
}
const OF = { generation: 'g', version: 7 }

t.test('a kept table comes back as it was', async (t) => {
  const path = join(temporaryFolder(t), 'search.table')
  const table = new KeptTable(path)
  t.equal(table.kept('g', 7), undefined, 'there is none before')
  t.equal(await table.keep(OF, PARTS), true)
  const kept = table.kept('g', 7)
  t.same(kept?.of, OF)
  const [units = new ArrayBuffer(), starts = new ArrayBuffer()] = kept?.columns.names ?? []
  t.same([...new Uint16Array(units)], [1, 2, 65_535])
  t.same([...new Uint32Array(starts)], [0, 3])
  t.same([...new Float64Array(kept?.columns.rows?.[0] ?? new ArrayBuffer())], [0.5, 2 ** 52])
  t.same(kept?.columns.none, [])
  t.same([kept?.longKeys, kept?.profiles, kept?.closed], [PARTS.longKeys, PARTS.profiles, 1])
  t.equal(existsSync(`${path}.new`), false)
})

t.test('what is another index’s, ahead of it or damaged is as good as none', async (t) => {
  const path = join(temporaryFolder(t), 'search.table')
  const table = new KeptTable(path)
  await table.keep(OF, PARTS)
  const whole = readFileSync(path)
  t.equal(table.kept('other', 7), undefined)
  t.equal(table.kept('g', 6), undefined, 'it holds what the index does not')
  t.ok(table.kept('g', 7))
  t.ok(table.kept('g', 8), 'the rest is followed')
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    writeFileSync(path, damaged)
    if (table.kept('g', 7) !== undefined) t.fail(`byte ${at} is noticed`)
  }
  for (const length of [0, 1, 7, 8, 9, whole.length - 1]) {
    writeFileSync(path, whole)
    truncateSync(path, length)
    t.equal(table.kept('g', 7), undefined, `${length} bytes of it`)
  }
  writeFileSync(path, whole)
  appendFileSync(path, 'x')
  t.equal(table.kept('g', 7), undefined, 'a byte too many')
})

t.test(
  'what is removed while it is written does not appear, and a place that takes none is no fault',
  async (t) => {
    const folder = temporaryFolder(t)
    const path = join(folder, 'search.table')
    const table = new KeptTable(path)
    const keeping = table.keep(OF, PARTS)
    table.remove()
    t.equal(await keeping, false)
    t.equal(table.kept('g', 7), undefined)
    t.equal(await new KeptTable(join(folder, 'missing', 'search.table')).keep(OF, PARTS), false)
  },
)

t.test('an index goes on from its kept table, which never holds a name that nobody bears', async (t) => {
  const folder = temporaryFolder(t)
  const [path, keptPath] = [join(folder, 'search.db'), join(folder, 'search.table')]
  const index = openEmbeddedIndex(path, 'write')
  t.teardown(() => index.close())
  const firm = (i: number, names = [`示例${i}号公司`]) =>
    documentOf([`W${String(i).padStart(8, '0')}`, names])
  const documents = Array.from({ length: 20_001 }, (_, i) => firm(i))
  await index.index({ documents, removed: [], position: 1 })
  const asked = async (texts: readonly string[]) => {
    const reading = openEmbeddedIndex(path, 'read', { keptPath })
    const engine = searchOver(reading)
    const counts: (number | undefined)[] = []
    for (const text of texts)
      counts.push(
        text.endsWith('公司')
          ? (await engine.named(text)).length
          : (await engine.search({ text, filters: {}, limit: 1 })).total?.count,
      )
    const isKept = existsSync(keptPath)
    await reading.close()
    return { counts, isKept }
  }
  const texts = ['示例', '示例77号公司', '示例20000号公司']
  t.same(await asked(texts), { counts: [20_001, 1, 1], isKept: false })
  t.equal(existsSync(keptPath), true, 'kept at the end, since it had grown so much')
  const before = readFileSync(keptPath)
  t.same(await asked(texts), { counts: [20_001, 1, 1], isKept: true })

  await index.index({ documents: [firm(5, ['改名后的公司', '示例5号公司'])], removed: [], position: 2 })
  await index.index({ documents: [firm(30_000)], removed: [], position: 3 })
  t.same(
    (await asked(['示例', '改名后', '示例30000号公司'])).counts,
    [20_002, 1, 1],
    'what came since is followed',
  )
  t.same(readFileSync(keptPath), before, 'a former name is still borne, and a few rows are not kept anew')

  await index.index({ documents: [firm(6, ['更正后的公司'])], removed: [], position: 4 })
  t.same(
    await asked(['示例6号公司', '更正后']),
    { counts: [0, 1], isKept: false },
    'a corrected name is gone',
  )
  t.equal(existsSync(keptPath), false)

  await asked(['示例'])
  t.equal(existsSync(keptPath), true, 'made anew without it')
  await index.index({ documents: [], removed: ['W00000007'], position: 5 })
  t.same(await asked(['示例7号公司', '示例']), { counts: [0, 20_000], isKept: false }, 'a removed file too')

  rmSync(keptPath, { force: true })
  await keepSearchTable({ search: path, searchTable: keptPath })
  t.equal(
    existsSync(keptPath),
    true,
    'whoever has indexed much without searching keeps it for the next start',
  )
  t.same((await asked(['示例'])).counts, [20_000])
})
