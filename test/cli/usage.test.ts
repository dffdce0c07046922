import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder, unifiedCode } from '../support.ts'
import { commandLine } from './command.ts'

/** Every way in which a command line can fail to fit, and what is said of it. */
const UNFIT: readonly (readonly [string[], RegExp])[] = [
  [['key', 'revoke'], /少了“编号”/],
  [['officer', 'create', 'zhangsan'], /少了必须写明的选项 --name <姓名>/],
  [['key', 'create', '--name'], /选项 --name <名称> 之后要写明内容/],
  [['key', 'list', '--jsno'], /没有选项 --jsno。是不是要写 --json？/],
  [['doctr'], /没有命令“doctr”。是不是要写 doctor？/],
  [['key', 'lst'], /没有命令“lst”。是不是要写 list？/],
  [['blacklist', 'export', 'a.csv', 'b.csv'], /命令之后只要 1 项，写了 2 项/],
  [['deadlines', '--within', 'soon'], /--within/],
  [['copy', '--to', 'x'], /选项 --to <去处> 之后不能写“x”。可以写：postgresql、sqlite。/],
  [['backup'], /少了“目录”/],
]

t.test('what does not fit is said in words, does nothing and ends with 2', async (t) => {
  const onPlace = commandLine(temporaryFolder(t))
  const command = (...args: string[]) => onPlace(args)
  t.equal((await command('init')).code, 0)
  for (const [args, words] of UNFIT) {
    const { code, stderr } = await command(...args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, words)
    t.notMatch(stderr, /error|did you|argument|expected/i)
  }
  const help = await command('key', 'create', '--help')
  t.equal(help.code, 0)
  t.match(help.stdout, /用法： npm run cli -- key create \[选项\]/)
  t.notMatch(help.stdout, /Usage|Options|Commands|default|display/)
  t.match(help.stdout, /--scope <权限\.\.\.>/)
  const program = readFileSync(new URL('../../src/cli/main.ts', import.meta.url), 'utf8')
  t.same(
    program.match(/'--[^']*[<[](?!take\|leave)[a-z][^']*'/g),
    null,
    'what stands for a value is said in Chinese',
  )
  t.notMatch((await command('--help')).stdout, /Usage|Options|Commands|default|display/)
  await command('key', 'create', '--name', '石家庄市局', '--scope', 'records:write', '--region', '石家庄市')
  const [, , , , , at = ''] = (await command('key', 'list')).stdout.trim().split('\t')
  t.match(at, /^\d{4}-\d\d-\d\d \d\d:\d\d/)
  const hour = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 13).replace('T', ' ')
  t.equal(at.slice(0, 13), hour, 'in the time of Beijing')
})

/** Every way in which what an import is told can fail to fit, and what is said of it. */
const UNTOLD: readonly (readonly [string[], string, RegExp])[] = [
  [['--header-row', 'x'], '{}', /--header-row 之后应为表头所在的行/],
  [['--header-row', '-1'], '{}', /--header-row 之后应为表头所在的行/],
  [['--hidden-rows', 'all'], '{}', /--hidden-rows 之后应为 take（一并导入）或 leave/],
  [[], '{"a"', /mapping\.json 不是有效的 JSON/],
  [[], '[]', /mapping\.json 应为一个 JSON 对象/],
  [[], '{"words":5}', /mapping\.json 中 words 的写法不对：/],
  [[], '{"headerRow":"x"}', /mapping\.json 中 headerRow 的写法不对：/],
  [[], '{"constants":{"没有的栏":"x"}}', /没有“没有的栏”这一栏/],
]

t.test('what an import is told and can not mean is said in words, and nothing is imported', async (t) => {
  const folder = temporaryFolder(t)
  const command = commandLine(join(folder, 'data'))
  t.equal((await command(['init'])).code, 0)
  const [table, mapping] = [join(folder, 'firms.csv'), join(folder, 'mapping.json')]
  writeFileSync(table, `企业名称,统一社会信用代码\n示例甲公司,${unifiedCode('DEM00001')}\n`)
  const importing = ['import', 'enterprise', table, '--mapping', mapping]
  const missing = await command(importing)
  t.equal(missing.code, 2)
  t.match(missing.stderr, /没有 .*mapping\.json/)
  for (const [args, content, words] of UNTOLD) {
    writeFileSync(mapping, content)
    const { code, stderr } = await command([...importing, ...args])
    t.equal(code, 2, content)
    t.match(stderr, words)
    t.notMatch(stderr, /Invalid|expected/)
  }
  writeFileSync(mapping, '\ufeff{}')
  t.match((await command(importing)).stdout, /新建档案 1/, 'a mark before the text is no part of it')
})

t.test('a list of nothing says so, and is an empty one as JSON', async (t) => {
  const command = commandLine(temporaryFolder(t))
  t.equal((await command(['init'])).code, 0)
  for (const [args, words] of [
    [['key', 'list'], /还没有密钥/],
    [['officer', 'list'], /还没有账号/],
    [['authority', 'list'], /还没有机关/],
    [['deadlines'], /没有到期的事项/],
  ] as const) {
    const said = await command(args)
    t.equal(said.code, 0)
    t.equal(said.stdout, '')
    t.match(said.stderr, words)
    t.equal((await command([...args, '--json'])).stdout, '[]\n')
  }
  for (const args of [
    ['clock', 'accept', '--today', '2026-01-01', '--reason', ' '],
    ['restore', '--as-is', '--reason', ''],
  ]) {
    const { code, stderr } = await command(args)
    t.equal(code, 2)
    t.match(stderr, /--reason 之后是空的/)
  }
})
