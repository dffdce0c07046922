import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli } from '../../scripts/faults/processes.ts'
import { AccessLog } from '../../src/authority/access-log.ts'
import { Following } from '../../src/authority/following.ts'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { temporaryFolder, unifiedCode } from '../support.ts'
import { content, inUse, opened } from './in-use.ts'

t.test('each restore of one backup names what the place has and the backup has not', async (t) => {
  const folder = await inUse(t)
  const backup = `${folder}-backup`
  t.equal((await cli(folder, 'backup', backup)).code, 0)
  const position = Number(JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')).position)
  const restored = async () => {
    const { code, stdout, stderr } = await cli(folder, 'restore', backup, '--reason', '演练')
    t.equal(code, 0, stderr)
    return stdout
  }
  t.notMatch(await restored(), /缺少/, 'nothing was recorded since')
  await opened(folder, 'DEM00004')
  const second = await restored()
  t.match(second, `缺少序号 ${position + 1} 至 ${position + 2}（共 2 条）`)
  t.match(
    second,
    new RegExp(`序号 ${position + 2} .*${unifiedCode('DEM00004').slice(8, 17)}.*enterprise.opened`),
  )
  t.match(
    await restored(),
    `缺少序号 ${position + 1} 至 ${position + 1}（共 1 条）`,
    'the entry of the restore before',
  )
  rmSync(pathsIn(folder).register)
  t.match(await restored(), /纪元 .*备份为纪元 .*缺少哪些内容无从知道/)
  writeFileSync(pathsIn(folder).register, 'garbage'.repeat(999))
  t.match(await restored(), /原来的 register.db 无法读取（SQLITE_NOTADB）：缺少哪些内容无从知道/)
  t.equal((await cli(folder, 'verify')).code, 0)
})

t.test('a place that held nothing speaks of nothing kept; a day that was said is an entry', async (t) => {
  const folder = await inUse(t)
  const backup = `${folder}-backup`
  t.equal((await cli(folder, 'backup', backup)).code, 0)
  const elsewhere = temporaryFolder(t)
  const today = shanghaiDate(new Date())
  const { code, stdout } = await cli(elsewhere, 'restore', backup, '--reason', '演练', '--today', today)
  t.equal(code, 0)
  t.notMatch(stdout, /before-restore/)
  t.same(
    readdirSync(elsewhere).filter((name) => name.startsWith('before-restore')),
    [],
  )
  const db = new Sqlite(pathsIn(elsewhere).register, { readonly: true })
  const kinds = db.prepare('SELECT kind FROM entry ORDER BY seq DESC LIMIT 2').pluck().all()
  db.close()
  t.same(kinds, ['register.restored', 'clock.accepted'])
})

t.test('the log of accesses does not go back to the day of the backup', async (t) => {
  const folder = await inUse(t)
  const { accesses } = pathsIn(folder)
  const looked = async (...times: string[]) => {
    const log = new AccessLog(accesses)
    for (const at of times)
      await log.add({ at, act: 'read', by: 'a', officer: '张三', authority: '省局', about: 'X', detail: '' })
    log.close()
  }
  const times = () => {
    const db = new Sqlite(accesses, { readonly: true })
    const all = db.prepare<[], string>("SELECT at FROM access WHERE about = 'X' ORDER BY id").pluck().all()
    db.close()
    return all
  }
  const restored = async (backup: string) => {
    const { code, stdout, stderr } = await cli(folder, 'restore', backup, '--reason', '演练')
    t.equal(code, 0, stderr)
    return stdout
  }
  const [before, after] = ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z']
  await looked(before)
  const backup = `${folder}-backup`
  t.equal((await cli(folder, 'backup', backup)).code, 0)
  await looked(after, after)
  t.match(await restored(backup), /查阅记录沿用原来的（比备份多 \d+ 条）/)
  t.same(times(), [before, after, after])

  const log = new AccessLog(accesses)
  await log.prune(new Date('2026-12-02T00:00:00.000Z'), 30)
  log.close()
  t.match(await restored(backup), /查阅记录沿用原来的/, 'though what the backup ends with is past its time')
  t.same(times(), [after, after])

  rmSync(accesses)
  await looked('2026-11-03T00:00:00.000Z', after, after, after, after)
  t.match(await restored(backup), /查阅记录（access.db）与备份中的不是同一份.*before-restore-.*access.db/)
  t.same(times(), [before])

  writeFileSync(accesses, 'garbage'.repeat(999))
  t.match(await restored(backup), /查阅记录（access.db）无法读取（SQLITE_NOTADB），已换成备份中的/)
  t.same(times(), [before])

  rmSync(accesses)
  t.notMatch(await restored(backup), /查阅记录/)
  t.same(times(), [before])
})

t.test('a backup goes to a new folder outside, and only a whole one comes back', async (t) => {
  const folder = await inUse(t)
  const outside = temporaryFolder(t)
  const refusedTo = async (target: string, words: RegExp) => {
    const before = [content(folder), content(outside)]
    const { code, stderr } = await cli(folder, 'backup', target)
    t.equal(code, 2, target)
    t.match(stderr, words)
    t.same([content(folder), content(outside)], before)
  }
  await refusedTo(join(folder, 'backup'), /在数据目录 .* 之中/)
  await refusedTo(folder, /在数据目录 .* 之中/)
  await refusedTo(join(outside, 'no', 'such'), /没有 .*no 这个目录/)
  await refusedTo(join(outside, 'x.partial'), /中途停下/)
  mkdirSync(join(outside, 'taken.partial'))
  writeFileSync(join(outside, 'taken.partial', 'letter.txt'), 'x')
  await refusedTo(join(outside, 'taken'), /不像中途停下的备份/)
  t.equal(
    (await cli(folder, 'backup', `${join(outside, 'whole')}/`)).code,
    0,
    'a slash at the end does no harm',
  )
  t.same(readdirSync(outside), ['taken.partial', 'whole'])
  const refusedFrom = async (from: string, words: RegExp) => {
    const before = content(folder)
    const { code, stderr } = await cli(folder, 'restore', from, '--reason', '演练')
    t.equal(code, 2, from)
    t.match(stderr, words)
    t.same(content(folder), before)
  }
  cpSync(join(outside, 'whole'), join(outside, 'cut.partial'), { recursive: true })
  await refusedFrom(join(outside, 'cut.partial'), /中途停下的备份/)
  await refusedFrom(`${join(outside, 'cut.partial')}/`, /中途停下的备份/)
  await refusedFrom(join(outside, 'none'), /没有备份目录/)
  const manifest = join(outside, 'whole', 'manifest.json')
  const text = readFileSync(manifest, 'utf8')
  for (const [bad, words] of [
    ['{"format":', /已损坏，或不是本系统的备份清单/],
    ['[]', /已损坏，或不是本系统的备份清单/],
    [text.replace('"register.db"', '".."'), /已损坏，或不是本系统的备份清单/],
    ['', /没有 manifest.json/],
  ] as const) {
    writeFileSync(manifest, bad)
    await refusedFrom(join(outside, 'whole'), words)
  }
  t.notOk(existsSync(join(folder, 'register.db.new')))
})

t.test(
  'where consumers want to be told comes back with a backup, and is not set back where it is known',
  async (t) => {
    const folder = await inUse(t)
    const hook = (url: string) => ({
      ...{
        consumer: 'c1',
        id: 'w1',
        url,
        key: 'k',
        secret: 's',
        position: 1,
        epoch: '',
        schema: 'x',
        upTo: null,
      },
      ...{ told: 0, round: 0, attempts: 0, dueAt: '', stopped: '', outcome: '', outcomeAt: '' },
    })
    const told = async (place: string, url?: string) => {
      const following = new Following(pathsIn(place).following)
      if (url !== undefined) await following.webhooks.put(hook(url))
      const all = following.webhooks.all().map((one) => one.url)
      await following.close()
      return all
    }
    t.same(await told(folder, 'https://first.example/'), ['https://first.example/'])
    const backup = `${folder}-backup`
    t.equal((await cli(folder, 'backup', backup)).code, 0)
    const restored = async (place: string) => {
      const { code, stderr } = await cli(place, 'restore', backup, '--reason', '演练')
      t.equal(code, 0, stderr)
    }
    const elsewhere = temporaryFolder(t)
    await restored(elsewhere)
    t.same(await told(elsewhere), ['https://first.example/'], 'in an empty place')
    t.same(await told(folder, 'https://second.example/'), ['https://second.example/'])
    await restored(folder)
    t.same(await told(folder), ['https://second.example/'], 'what was set since stays')
    rmSync(pathsIn(folder).following)
    await restored(folder)
    t.same(await told(folder), ['https://first.example/'], 'what was lost comes back')
    const other = await inUse(t)
    t.same(await told(other, 'https://other.example/'), ['https://other.example/'])
    await opened(other, 'DEM00009')
    await restored(other)
    t.same(await told(other), ['https://first.example/'], 'another register’s does not stay')
  },
)
