import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Drafts } from '../../src/rating/drafts.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { databaseBytes } from '../../src/running/logs.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { keepUp, rewritten, UpkeepClock, wasteful } from '../../src/running/upkeep.ts'
import { temporaryFolder, testRegistry, unifiedCode } from '../support.ts'

const progress = { seen: 1, total: 1, inScope: 1, unrated: 0, done: true }

function draftsOf(count: number) {
  const rating = { grade: 'A', points: 1, items: [], limits: [], padding: 'x'.repeat(1000) }
  return Array.from({ length: count }, (_, i) => ({
    ...{ key: `K${i}`, name: '示例', position: 1, previous: undefined },
    rating,
  }))
}

t.test('pages that nothing fills any more are given back, and logs are cut off', async (t) => {
  const { folder, registry } = await testRegistry(t)
  const path = pathsIn(folder).drafts
  const drafts = new Drafts(path)
  t.teardown(() => drafts.close())
  await drafts.save('c', { from: '', to: 'K' }, draftsOf(2000), progress)
  await drafts.clear('c')
  for (let i = 0; i < 20; i += 1)
    await registry.acts.open(
      { codes: { uscc: unifiedCode(`UPK${String(i).padStart(5, '0')}`) }, data: { name: `示例${i}` } },
      { actor: { authority: '省局', officer: '张三' }, command: `open ${i}` },
    )
  const found = keepUp(folder)
  t.same(
    found.map(({ file }) => file).sort(),
    readdirSync(folder)
      .filter((name) => name.endsWith('.db'))
      .sort(),
    'all that are there',
  )
  t.equal(found.length, 8)
  t.same(
    Object.keys(await databaseBytes(folder)).sort(),
    [...found.map(({ file }) => file), 'search.table'].sort(),
    'and of all it is told what they take',
  )
  for (const { file, log } of found) t.equal(log[1], 0, `${file} has no log`)
  const own = found.find(({ file }) => file === 'drafts.db')
  const bytes = statSync(path).size
  t.ok(bytes < 200_000, `${bytes} bytes of ${own?.bytes[0]} and a log of ${own?.log[0]}`)
  t.equal(drafts.progress('c'), undefined, 'it goes on being used')
  await drafts.save('c', { from: '', to: 'K' }, draftsOf(3), progress)
  t.equal(drafts.page('c', '', 10).length, 3)
})

/** Made as by an older program: a thousand rows of which `kept` are left. */
function oldDatabase(path: string, kept = 0): void {
  const old = new Sqlite(path)
  old.exec('CREATE TABLE x (a)')
  const put = old.prepare('INSERT INTO x VALUES (?)')
  old.transaction(() => {
    for (let i = 0; i < 1000; i += 1) put.run('x'.repeat(1000))
  })()
  old.exec(`DELETE FROM x WHERE rowid > ${kept}`)
  old.close()
}

t.test('a large one is told of, and written anew when nobody else has it open', async (t) => {
  const folder = temporaryFolder(t)
  const path = pathsIn(folder).views
  oldDatabase(path)
  t.same(wasteful(folder), [], 'none so small')
  const [found] = wasteful(folder, 1000)
  t.equal(found?.path, path)
  t.ok((found?.free ?? 0) > 900_000, `${found?.free} bytes`)
  const node = new Sqlite(path)
  node.pragma('journal_mode = WAL')
  node.prepare('SELECT count(*) FROM x').get()
  t.equal(rewritten(path), false, 'a node runs')
  t.ok(statSync(path).size > 900_000)
  node.close()
  t.equal(rewritten(path), true)
  t.ok(statSync(path).size < 100_000)
  t.same(wasteful(folder, 1000), [], 'it gives back by itself from now on')
  const now = new Sqlite(path)
  t.teardown(() => now.close())
  t.equal(now.pragma('journal_mode', { simple: true }), 'wal')
})

t.test('one that is mostly full is not told of', async (t) => {
  const folder = temporaryFolder(t)
  oldDatabase(pathsIn(folder).views, 900)
  t.same(wasteful(folder, 1000), [])
})

t.test('one that an older program made learns to give back', async (t) => {
  const folder = temporaryFolder(t)
  const path = pathsIn(folder).drafts
  oldDatabase(path)
  const before = statSync(path).size
  keepUp(folder)
  t.ok(statSync(path).size < before / 10)
  const now = new Sqlite(path)
  t.teardown(() => now.close())
  t.equal(now.pragma('auto_vacuum', { simple: true }), 2)
})

t.test('what others hold is left for the next time', async (t) => {
  const folder = temporaryFolder(t)
  const drafts = new Drafts(pathsIn(folder).drafts)
  await drafts.save('c', { from: '', to: 'K' }, draftsOf(10), progress)
  const other = new Sqlite(join(folder, 'drafts.db'))
  t.teardown(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  t.doesNotThrow(() => keepUp(folder))
  other.exec('ROLLBACK')
  await drafts.close()
})

t.test('it is due each night, and after as much as an import, a minute after the last write', async (t) => {
  const at = (time: string) => new Date(`2026-11-24T${time}+08:00`)
  const clock = new UpkeepClock(10, at('12:00:00'))
  t.equal(clock.isDue(10, at('12:30:00')), false, 'nothing has happened')
  t.equal(clock.isDue(1009, at('12:31:00')), false, 'and now it has')
  t.equal(clock.isDue(1009, at('12:32:00')), false, 'but little')
  t.equal(clock.isDue(1010, at('12:40:00')), false)
  t.equal(clock.isDue(1010, at('12:40:59')), false, 'not while somebody may still be writing')
  t.equal(clock.isDue(1010, at('12:41:00')), true)
  t.equal(clock.isDue(1010, at('12:42:00')), false, 'once')
  t.equal(clock.isDue(1010, new Date('2026-11-25T00:59:59+08:00')), false)
  t.equal(clock.isDue(1010, new Date('2026-11-25T01:00:00+08:00')), true, 'each night')
  t.equal(clock.isDue(1010, new Date('2026-11-25T04:59:00+08:00')), false, 'once')
  t.equal(clock.isDue(1010, new Date('2026-11-26T05:00:00+08:00')), false, 'a night that was missed is over')
  t.equal(clock.isDue(1010, new Date('2026-11-26T01:00:00+08:00')), true)
})
