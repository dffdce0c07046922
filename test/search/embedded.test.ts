import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { Sqlite } from '../../src/register/driver.ts'
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

t.test('rebuilds take turns, and whoever asks meanwhile is answered from one state', async (t) => {
  const path = join(temporaryFolder(t), 'search.db')
  const indexes = [1, 2, 3].map(() => openEmbeddedIndex(path, 'write'))
  const reading = openEmbeddedIndex(path, 'read')
  t.teardown(() => Promise.all([reading, ...indexes].map((index) => index.close())))
  const reader = searchOver(reading)
  const firm = (i: number) => documentOf([`W${String(i).padStart(8, '0')}`, [`示例${i}号公司`]])
  let filling = 0
  async function* batches() {
    filling += 1
    t.equal(filling, 1, 'one at a time')
    for (let i = 0; i < 20; i += 1) {
      yield { documents: [firm(i)], removed: [], position: i + 1 }
      await othersTurn()
    }
    filling -= 1
  }
  await indexes[0]?.rebuild(batches())
  for (let round = 0; round < 3; round += 1) {
    let isOver = false
    const asking = (async () => {
      while (!isOver) {
        const { total, hits } = await reader.search({ text: '示例', filters: {}, limit: 5 })
        if (total?.count !== 20 || hits.length !== 5) throw new Error(`${total?.count} of 20`)
        if ((await reading.applied()) !== 20) throw new Error('behind')
        await othersTurn()
      }
    })()
    await Promise.all(indexes.map((index) => index.rebuild(batches())))
    isOver = true
    await asking
  }
  t.equal(await indexes[0]?.applied(), 20)
})

t.test('a rebuild that seemed dead and was overtaken puts nothing in the place of the other', async (t) => {
  const path = join(temporaryFolder(t), 'search.db')
  const [slow, quick] = [openEmbeddedIndex(path, 'write'), openEmbeddedIndex(path, 'write')]
  const connection = new Sqlite(path)
  t.teardown(() => Promise.all([slow.close(), quick.close(), connection.close()]))
  const firm = (i: number) => documentOf([`W0000000${i}`, [`示例${i}号公司`]])
  for (const when of [0, 1, 2]) {
    async function* whole() {
      yield { documents: [firm(1), firm(2), firm(3)], removed: [], position: 3 }
    }
    async function* interrupted() {
      for (const i of [0, 1, 2]) {
        if (i === when) {
          connection.exec('UPDATE generation SET filling_until = 1 WHERE filling_until IS NOT NULL')
          await quick.rebuild(whole())
        }
        yield { documents: [firm(i + 4)], removed: [], position: i + 1 }
      }
    }
    await t.rejects(slow.rebuild(interrupted()), { name: 'RebuildOvertaken' })
    t.equal(await slow.applied(), 3)
    t.same(
      (await slow.documents(['W00000001', 'W00000004'])).map(({ key }) => key),
      ['W00000001'],
    )
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
