import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporaryFolder, unifiedCode } from '../support.ts'
import { commandLine, INSIDE } from './command.ts'

const FULL = '/dev/full'
const hasFull = existsSync(FULL) && statSync(FULL).isCharacterDevice()
const AUTHORITY = ['--authority', '河北省市场监督管理局']

/** A register of its own, the command line on it, and a table of which one row is bad. */
async function place(t: Test, dataDir = join(temporaryFolder(t), 'data')) {
  const folder = temporaryFolder(t)
  const command = commandLine(dataDir)
  t.equal((await command(['init'])).code, 0)
  const table = join(folder, 'firms.csv')
  writeFileSync(
    table,
    `企业名称,统一社会信用代码\n示例甲公司,${unifiedCode('DEM00001')}\n示例乙公司,${unifiedCode('DEM00002')}\n示例丙公司,1\n`,
  )
  const opened = async () => {
    const [, count] = /共 (\d+) 份档案/.exec((await command(['rebuild'])).stdout) ?? []
    return Number(count)
  }
  return { command, dataDir, folder, table, opened }
}

t.test('nothing is imported where its report can not be written', async (t) => {
  const { command, folder, table, opened } = await place(t)
  writeFileSync(join(folder, 'file'), '')
  for (const [target, words] of [
    [folder, /是目录，这里需要文件/],
    [join(folder, 'none', 'errors.csv'), /没有 .*errors\.csv，或其中的目录还不存在/],
    [join(folder, 'file', 'errors.csv'), /不是目录，或其中有一段不是目录/],
    ['/proc/errors.csv', /\/proc\/errors\.csv/],
    [join(folder, 'x'.repeat(300)), /名称过长/],
    [table, /就是要导入的文件/],
  ] as const) {
    const { code, stderr } = await command(['import', 'enterprise', table, '--errors', target])
    t.equal(code, 2, target)
    t.match(stderr, words)
    t.notMatch(stderr, INSIDE)
  }
  t.match(readFileSync(table, 'utf8'), '示例甲公司', 'the table itself is as it was')
  t.equal(await opened(), 0)
})

t.test('a report that can not be written to its end', { skip: !hasFull }, async (t) => {
  const { command, folder, table, opened } = await place(t)
  const { code, stdout, stderr } = await command(['import', 'enterprise', table, '--errors', FULL])
  t.equal(code, 1)
  t.match(stdout, /共 3 行：新建档案 2.*有误 1/)
  t.match(stderr, /已经导入，但报告没有写完： ?\/dev\/full 所在的磁盘已满[\s\S]*再次导入同一文件/)
  t.notMatch(stderr, INSIDE)
  t.ok(statSync(FULL).isCharacterDevice(), 'what is no file is left as it is')
  t.equal(await opened(), 2)
  const report = join(folder, 'errors.csv')
  const again = await command(['import', 'enterprise', table, '--errors', report])
  t.match(again.stdout, /新建档案 0.*无变化 2，有误 1/)
  t.match(readFileSync(report, 'utf8'), '示例丙公司')
  writeFileSync(table, `企业名称,统一社会信用代码\n示例甲公司,${unifiedCode('DEM00001')}\n`)
  t.equal((await command(['import', 'enterprise', table, '--errors', report])).code, 0)
  t.notOk(existsSync(report), 'a report of nothing does not stay, nor does that of before')
})

t.test('a secret that nobody has seen opens nothing', { skip: !hasFull }, async (t) => {
  const { command } = await place(t)
  const key = ['key', 'create', '--name', '测试', ...AUTHORITY, '--scope', 'records:write']
  const officer = ['officer', 'create', 'zhangsan', '--name', '张三', ...AUTHORITY, '--role', 'recorder']
  for (const [i, surroundings] of [{ stdout: FULL }, { unread: true }].entries()) {
    const { code, stderr } = await command(key, surroundings)
    t.equal(code, 1)
    t.match(stderr, /没有显示出来.*已随即停用/)
    t.notMatch(stderr, INSIDE)
    const keys = JSON.parse((await command(['key', 'list', '--json'])).stdout)
    t.equal(keys.length, i + 1)
    t.ok(keys.every(({ revokedAt }: { revokedAt?: string }) => revokedAt !== undefined))
  }
  const created = await command(officer, { stdout: FULL })
  t.equal(created.code, 1)
  t.match(created.stderr, /账号 zhangsan 暂不能登录.*officer reset zhangsan/)
  const reset = await command(['officer', 'reset', 'zhangsan'], { unread: true })
  t.equal(reset.code, 1)
  t.match(reset.stderr, /officer reset zhangsan/)
  t.notMatch(created.stderr + reset.stderr, INSIDE)
  const seen = await command(['officer', 'reset', 'zhangsan'])
  t.equal(seen.code, 0)
  t.match(seen.stdout, /首次密码.*\n\S{16}\n/)
})

t.test('what is printed into nothing is told, what nobody reads is quiet', { skip: !hasFull }, async (t) => {
  const { command } = await place(t)
  await command(['authority', 'create', '石家庄市市场监督管理局'])
  for (const args of [
    ['authority', 'list'],
    ['standard', 'list', '--json'],
    ['daily'],
    ['verify'],
    ['doctor'],
  ]) {
    const full = await command(args, { stdout: FULL })
    t.equal(full.code, 1, args.join(' '))
    t.match(full.stderr, /命令已经执行，但结果没有写完：输出所在的磁盘已满/)
    t.notMatch(full.stderr, INSIDE)
    const unread = await command(args, { unread: true })
    t.equal(unread.code, 0, args.join(' '))
    t.notMatch(unread.stderr, /EPIPE|没有写完/)
  }
})

t.test('a full disk', async (t) => {
  const folder = temporaryFolder(t)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    t.pass('no tmpfs can be mounted here')
    return
  }
  t.teardown(() => execFileSync('umount', ['-l', folder]))
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const { command, table } = await place(t, dataDir)
  const errors = join(temporaryFolder(t), 'errors.csv')
  const filler = join(folder, 'filler')
  // That it ends for want of room is what it is for.
  execFileSync('sh', ['-c', 'dd if=/dev/zero of="$0" bs=4096 2>/dev/null || true', filler])
  for (const args of [
    ['key', 'list'],
    ['key', 'create', '--name', '测试', ...AUTHORITY, '--scope', 'records:write'],
    ['officer', 'create', 'zhangsan', '--name', '张三', ...AUTHORITY, '--role', 'recorder'],
    ['authority', 'create', '石家庄市市场监督管理局'],
    ['import', 'enterprise', table, '--errors', errors],
    ['standard', 'adopt', 'four-grades', ...AUTHORITY, '--officer', '张三'],
    ['blacklist', 'export', join(folder, 'list.csv')],
    ['daily'],
    ['rebuild'],
    ['verify'],
  ]) {
    const { code, stderr } = await command(args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, /所在的磁盘已满/)
    t.notMatch(stderr, INSIDE)
    t.notMatch(stderr, /损坏|无法读取|备份恢复/, 'what has no room is not called broken')
  }
  rmSync(filler)
  t.equal((await command(['verify'])).code, 0)
  t.match((await command(['import', 'enterprise', table])).stdout, /新建档案 2/)
})
