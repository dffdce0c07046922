import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli } from '../../scripts/faults/processes.ts'
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
