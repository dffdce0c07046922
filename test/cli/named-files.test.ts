import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { content } from '../running/in-use.ts'
import { temporaryFolder } from '../support.ts'
import { commandLine, INSIDE } from './command.ts'

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const TABLE = '企业名称,统一社会信用代码\n示例公司,错的\n'

/** A register of its own, the command line on it, a folder of somebody's own, and a table of which the one row is bad. */
async function place(t: Test) {
  const folder = temporaryFolder(t)
  const dataDir = join(temporaryFolder(t), 'data')
  const command = commandLine(dataDir)
  t.equal((await command(['init'])).code, 0)
  const table = join(folder, 'firms.csv')
  writeFileSync(table, TABLE)
  /** Each command that writes a file that it is told of, as it is told so. */
  const writers = (path: string): string[][] => [
    ['import', 'enterprise', table, '--errors', path],
    ['blacklist', 'export', path],
    ['mirror', 'http://127.0.0.1:1', path],
  ]
  /** Is refused in words, and has written nothing anywhere. */
  const isRefused = async (args: readonly string[], words: RegExp, victim?: string) => {
    const before = victim === undefined ? undefined : readFileSync(victim)
    const { code, stderr } = await command(args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, words, args.join(' '))
    t.notMatch(stderr, INSIDE)
    if (victim !== undefined && before) t.ok(readFileSync(victim).equals(before), `${victim} is as it was`)
  }
  return { command, dataDir, folder, table, writers, isRefused }
}

t.test('what is written goes through no link, to a file that is there or not', async (t) => {
  const { dataDir, folder, table, writers, isRefused } = await place(t)
  for (const [i, name] of ['register.db', 'none'].entries()) {
    const victim = join(dataDir, name)
    const link = join(folder, `list-${i}.csv`)
    symlinkSync(victim, link)
    for (const args of writers(link))
      await isRefused(args, /是符号链接，没有写入/, existsSync(victim) ? victim : undefined)
    t.notOk(existsSync(join(dataDir, 'none')))
  }
  const beside = `${table}.errors.csv`
  symlinkSync(join(dataDir, 'register.db'), beside)
  await isRefused(['import', 'enterprise', table], /是符号链接，没有写入/, join(dataDir, 'register.db'))
  t.same(
    readdirSync(folder).filter((name) => name.endsWith('.partial')),
    [],
  )
})

t.test(
  'nothing is written into the data directory, by no way that leads there, nor under a name of ours',
  async (t) => {
    const { dataDir, folder, writers, isRefused } = await place(t)
    const way = join(folder, 'way')
    symlinkSync(dataDir, way)
    const before = content(dataDir)
    for (const target of [
      join(dataDir, 'list.csv'),
      join(dataDir, 'register.db.csv'),
      join(way, 'list.csv'),
      join(dataDir, '..', 'data', 'list.csv'),
    ])
      for (const args of writers(target)) await isRefused(args, /在数据目录 .* 之中/)
    for (const name of ['register.db', 'register.anchor', 'person.key', 'views.db-wal'])
      for (const args of writers(join(folder, name)).filter(([what]) => what !== 'blacklist'))
        await isRefused(args, /是本系统数据文件的名称/)
    t.same(content(dataDir), before)
  },
)

t.test('what is no file is not written over, nor waited for', async (t) => {
  const { folder, writers, isRefused } = await place(t)
  const taken = join(folder, 'list.csv')
  mkdirSync(taken)
  for (const args of writers(taken)) await isRefused(args, /list\.csv 是目录/)
})

t.test('whatever stood there, what is written is this user’s alone', async (t) => {
  const { command, folder, table } = await place(t)
  const [report, list] = [`${table}.errors.csv`, join(folder, 'list.csv')]
  for (const path of [report, list]) {
    writeFileSync(path, 'what was there before')
    chmodSync(path, 0o666)
  }
  t.equal((await command(['import', 'enterprise', table])).code, 1)
  t.match(readFileSync(report, 'utf8'), '示例公司')
  t.equal((await command(['blacklist', 'export', list])).code, 0)
  for (const path of [report, list]) {
    t.equal(statSync(path).mode & 0o777, 0o600, path)
    t.notMatch(readFileSync(path, 'utf8'), 'what was there before')
  }
})

t.test(
  'another user’s file is not ours to replace, nor their folder one for a backup',
  { skip: !isRoot },
  async (t) => {
    const { folder, writers, isRefused } = await place(t)
    const theirs = join(folder, 'list.csv')
    writeFileSync(theirs, 'theirs')
    chmodSync(theirs, 0o666)
    chownSync(theirs, NOBODY, NOBODY)
    for (const args of writers(theirs)) await isRefused(args, /属于用户 nobody，不是用户 .* 的/, theirs)
    const [own, open] = [join(folder, 'theirs'), join(folder, 'open')]
    for (const path of [own, open]) mkdirSync(path)
    chownSync(own, NOBODY, NOBODY)
    chmodSync(open, 0o777)
    for (const [at, words] of [
      [own, /属于用户 nobody/],
      [join(own, 'deeper'), /属于用户 nobody/],
      [open, /可供其他用户写入/],
    ] as const) {
      if (!existsSync(at)) mkdirSync(at)
      for (const args of [
        ['backup', join(at, 'copy')],
        ['mirror', 'http://127.0.0.1:1', join(at, 'mirror.db')],
      ])
        await isRefused(args, words)
      t.same(
        readdirSync(at).filter((name) => name !== 'deeper'),
        [],
      )
    }
    // Nor where all may write and nobody takes what is another's.
    chmodSync(open, 0o1777)
    for (const args of [
      ['backup', join(open, 'copy')],
      ['mirror', 'http://127.0.0.1:1', join(open, 'mirror.db')],
    ])
      await isRefused(args, /可供其他用户写入/)
    t.same(readdirSync(open), [])
  },
)
