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
