import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ready, until } from '../../scripts/faults/load.ts'
import { cli, endAll, startServer } from '../../scripts/faults/processes.ts'
import { temporaryFolder } from '../support.ts'
import { inUse, refused, started } from './in-use.ts'

t.teardown(endAll)

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
/** What writes or tells of a place, none of which leads anybody out of it. */
const COMMANDS = [['init'], ['key', 'list'], ['daily'], ['doctor']]

t.test('no link leads the register to where another user may put what they like', async (t) => {
  const theirs = join(temporaryFolder(t), 'theirs')
  mkdirSync(theirs)
  chmodSync(theirs, 0o777)
  const whole = await inUse(t)
  for (const name of [
    'register.db',
    'register.db-wal',
    'register.anchor',
    'views.db',
    'imports',
    'stamp.key.new',
  ]) {
    const folder = join(temporaryFolder(t), 'data')
    mkdirSync(folder, { mode: 0o700 })
    symlinkSync(join(theirs, 'f'), join(folder, name))
    const said = await startServer(folder).then(() => 'it started', String)
    t.match(said, new RegExp(`ended with 2[\\s\\S]*${name} 是符号链接，指向的文件不存在`))
    for (const command of name === 'register.db' ? COMMANDS : []) {
      const { code, stdout, stderr } = await cli(folder, ...command)
      t.equal(code, command[0] === 'doctor' ? 1 : 2, command.join(' '))
      t.match(stdout + stderr, '是符号链接，指向的文件不存在')
    }
  }
  t.same(readdirSync(theirs), [])
  const kept = join(theirs, 'stamp.key')
  renameSync(join(whole, 'stamp.key'), kept)
  symlinkSync(kept, join(whole, 'stamp.key'))
  await refused(t, whole, /theirs 可供其他用户写入/)
  chmodSync(theirs, 0o700)
  await started(t, whole, /listening/)
  if (!isRoot) return
  lchownSync(join(whole, 'stamp.key'), NOBODY, NOBODY)
  await refused(t, whole, /stamp\.key 是符号链接，由用户 nobody 建立/)
  lchownSync(join(whole, 'stamp.key'), 0, 0)
  chownSync(kept, NOBODY, NOBODY)
  await refused(t, whole, /stamp\.key 是符号链接，指向的 .* 属于用户 nobody/)
})

t.test('no link or folder on the way leads the register to where another user may have it', async (t) => {
  const above = temporaryFolder(t)
  const own = await inUse(t)
  /** Whether commands and a start go on with a place, or refuse it with words; nothing comes to lie where it leads. */
  const goes = async (place: string, words?: RegExp) => {
    const { code, stdout, stderr } = await cli(place, 'key', 'list')
    t.equal(code, words ? 2 : 0, `${place} ${stderr}`)
    if (!words) return
    t.match(stderr, words)
    for (const command of COMMANDS) {
      const said = await cli(place, ...command)
      t.equal(said.code, command[0] === 'doctor' ? 1 : 2, command.join(' '))
      t.match(said.stdout + said.stderr, words)
    }
    t.match(await startServer(place).then(() => 'it started', String), words)
    t.match(stdout + stderr, /请另用只有用户 \S+ 能改动的目录/)
  }
  const link = join(above, 'link')
  symlinkSync(own, link)
  await goes(link)
  const open = join(above, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  symlinkSync(own, join(open, 'data'))
  await goes(join(open, 'data'), /open 可供其他用户写入/)
  await goes(join(open, 'none'), /open 可供其他用户写入/)
  symlinkSync(join(open, 'data'), join(above, 'around'))
  await goes(join(above, 'around'), /open 可供其他用户写入/)
  t.same(readdirSync(open), ['data'])
  chmodSync(open, 0o1777)
  await goes(join(open, 'data'))
  await goes(join(above, 'around'))
  if (!isRoot) return
  lchownSync(link, NOBODY, NOBODY)
  await goes(link, /link 是符号链接，由用户 nobody 建立/)
  symlinkSync(link, join(above, 'second'))
  await goes(join(above, 'second'), /link 是符号链接，由用户 nobody 建立/)
  lchownSync(join(open, 'data'), NOBODY, NOBODY)
  await goes(join(open, 'data'), /是符号链接，由用户 nobody 建立/)
  const theirs = join(above, 'theirs')
  mkdirSync(theirs)
  renameSync(own, join(theirs, 'data'))
  await goes(join(theirs, 'data'))
  chownSync(theirs, NOBODY, NOBODY)
  await goes(join(theirs, 'data'), /theirs 属于用户 nobody/)
  await goes(join(theirs, 'new'), /theirs 属于用户 nobody/)
  t.same(readdirSync(theirs), ['data'])
})

t.test('a folder that others may write into is no empty one, and one that was is closed', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  mkdirSync(folder)
  if (isRoot) chownSync(folder, 0, NOBODY)
  chmodSync(folder, 0o777)
  await refused(t, folder, /可供其他用户写入，不能在其中新建登记簿[\s\S]*chmod 0700/)
  for (const mode of isRoot ? [0o1777, 0o770] : [0o1777]) {
    chmodSync(folder, mode)
    for (const command of [['init'], ['doctor']]) {
      const { code, stdout, stderr } = await cli(folder, ...command)
      t.equal(code, command[0] === 'doctor' ? 1 : 2)
      t.match(stdout + stderr, '可供其他用户写入，不能在其中新建登记簿')
    }
  }
  chmodSync(folder, 0o755)
  t.equal((await cli(folder, 'init')).code, 0, 'that others may look at it is put right')
  chmodSync(folder, 0o777)
  await started(t, folder, /原可供其他用户读取/)
  t.equal(statSync(folder).mode & 0o777, 0o700)
})

t.test(
  'nobody is told to take a folder without a register, or to work as its owner',
  { skip: !isRoot },
  async (t) => {
    const whole = await inUse(t)
    const above = temporaryFolder(t)
    const [foreign, empty] = [join(above, 'foreign'), join(above, 'empty')]
    for (const path of [foreign, empty]) {
      mkdirSync(path)
      chownSync(path, NOBODY, NOBODY)
    }
    writeFileSync(join(foreign, 'hosts'), 'x')
    for (const [folder, words] of [
      [foreign, /属于用户 nobody，而本程序以用户 root 运行。其中没有登记簿，请核对 DATA_DIR，不要改动/],
      [empty, /这是一个空的目录，请核对 DATA_DIR；无误的，以 root 执行 chown root: /],
    ] as const)
      for (const command of [...COMMANDS, ['start']]) {
        const said =
          command[0] === 'start'
            ? await startServer(folder).then(() => 'it started', String)
            : await cli(folder, ...command).then(({ stdout, stderr }) => stdout + stderr)
        t.match(said, words, command.join(' '))
        t.notMatch(said, /chown -R|sudo -u nobody/)
      }
    chownSync(whole, NOBODY, NOBODY)
    await refused(t, whole, /sudo -u nobody[\s\S]*chown -R root: /)
  },
)

t.test('a second server on one data directory is told that there is another', async (t) => {
  const folder = await inUse(t)
  const words = /另有进程 (\d+) 正以这个数据目录提供服务/
  const first = await startServer(folder)
  await until('it does the works', async () => (await ready(first.url)).status === 'ready')
  const second = await startServer(folder)
  t.equal(words.exec(second.log())?.[1], String(first.process.pid))
  t.notMatch(first.log(), words)
  await first.end('SIGTERM')
  await second.end('SIGTERM')
  const third = await startServer(folder)
  t.notMatch(third.log(), words, 'one that has ended is none')
  await third.end('SIGTERM')
})
