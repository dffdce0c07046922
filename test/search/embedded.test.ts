import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { searchOver } from '../../src/search/answering.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { temporaryFolder } from '../support.ts'
import { documentOf, searchContract } from './contract.ts'

searchContract(t, async (t) => {
  const index = openEmbeddedIndex(join(temporaryFolder(t), 'search.db'), 'write')
  t.teardown(() => index.close())
  return index
})

t.test('what changes again and again is counted once, and a reader elsewhere follows', async (t) => {
  const path = join(temporaryFolder(t), 'search.db')
  const index = openEmbeddedIndex(path, 'write')
  const reading = openEmbeddedIndex(path, 'read')
  t.teardown(() => Promise.all([index.close(), reading.close()]))
  const reader = searchOver(reading)
  for (const status of ['存续', '注销', '吊销', '迁出']) {
    const documents = Array.from({ length: 5_000 }, (_, i) =>
      documentOf([`W${String(i).padStart(8, '0')}`, [`示例${i}号公司`], { status }]),
    )
    await index.index({ documents, removed: ['W00000001'], position: 1 })
    await index.index({ documents: [], removed: ['W00000002'], position: 2 })
    for (let again = 0; again < 2; again += 1) {
      t.equal(await reading.applied(), 2)
      const { total, facets, position } = await reader.search({ text: '示例', filters: {}, limit: 1 })
      t.match(total, { count: 4_999, exact: true }, status)
      t.same(facets?.status, [{ value: status, count: 4_999 }])
      t.equal(position, 2)
    }
  }
})

t.test('what was filled from another register is begun anew', async (t) => {
  const path = join(temporaryFolder(t), 'search.db')
  const found = async (epoch: string) => {
    const [index, reading] = [openEmbeddedIndex(path, 'write', { epoch }), openEmbeddedIndex(path, 'read')]
    const { total } = await searchOver(reading).search({ text: '示例', filters: {}, limit: 1 })
    const applied = await index.applied()
    await index.index({ documents: [documentOf(['A00000001', ['示例公司']])], removed: [], position: 7 })
    await Promise.all([index.close(), reading.close()])
    return [total?.count, applied]
  }
  t.same(await found('one'), [0, 0])
  t.same(await found('one'), [1, 7], 'its own goes on')
  t.same(await found('another'), [0, 0])
  t.same(await found('another'), [1, 7])
  t.same(await found('one'), [0, 0], 'and back')
  t.same(await found(''), [1, 7], 'who does not know, leaves it')
})

const SAMPLE = new URL('../../../shared/data/hebei-enterprises.csv', import.meta.url)

t.test(
  'real names are found by any part of them',
  { skip: !exists() && 'the sample of real names is not here' },
  async (t) => {
    const index = openEmbeddedIndex(join(temporaryFolder(t), 'search.db'), 'write')
    const engine = searchOver(index)
    const rows: string[][] = parse(readFileSync(SAMPLE), { from_line: 2, bom: true })
    const names = rows.filter((_, i) => i % 8 === 0).map(([name = '']) => name)
    const documents = names.map((name, i) => documentOf([`K${String(i).padStart(8, '0')}`, [name]]))
    await index.index({ documents, removed: [], position: 1 })
    for (const [i, name] of names.entries()) {
      if (i % 50 > 0) continue
      const whole = await engine.search({ text: name, filters: {}, limit: 10 })
      t.ok(
        whole.hits.some(({ document }) => document.names[0] === name),
        name,
      )
      const part = name.slice(Math.floor(name.length / 4), Math.floor(name.length / 4) + 6)
      const found = await engine.search({ text: part, filters: {}, limit: 10 })
      const expected = names.filter((other) => other.includes(part)).length
      t.ok(found.hits.length >= Math.min(10, expected), part)
    }
    await engine.close()
  },
)

function exists(): boolean {
  try {
    readFileSync(SAMPLE)
    return true
  } catch {
    return false
  }
}
