import { createPublicKey } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli, endAll, startServer } from '../../scripts/faults/processes.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { temporaryFolder } from '../support.ts'
import { content, inUse, refused, started } from './in-use.ts'

t.teardown(endAll)

t.test('a register that is missing, empty or put back late leaves its anchor as it was', async (t) => {
  const folder = await inUse(t)
  const { register } = pathsIn(folder)
  const kept = `${folder}-register.db`
  renameSync(register, kept)
  const words = /没有登记簿（register.db 不存在或是空的），却有它留下的文件：.*register.anchor[\s\S]*放回原处/
  for (const harm of ['missing', 'empty']) {
    if (harm === 'empty') writeFileSync(register, '')
    await refused(t, folder, words)
    const before = content(folder)
    for (const command of [
      ['key', 'list'],
      ['officer', 'list'],
      ['init'],
      ['rebuild'],
      ['daily'],
      ['verify'],
      ['backup', `${folder}-backup`],
      ['doctor'],
    ]) {
      const { code, stderr, stdout } = await cli(folder, ...command)
      t.equal(code, command[0] === 'doctor' ? 1 : 2, command.join(' '))
      t.match(stderr + stdout, words, command.join(' '))
      t.same(content(folder), before, `${command.join(' ')} with its register ${harm}`)
    }
  }
  cpSync(kept, register)
  await started(t, folder, /listening/)
  t.equal((await cli(folder, 'verify')).code, 0, 'put back, all is there')
})

t.test('what a register leaves behind is enough to know that one is missing', async (t) => {
  const whole = await inUse(t)
  for (const name of [
    'register.anchor',
    'access.db',
    'person.key',
    'stamp-keys.json',
    'views.db',
    'imports',
  ]) {
    const folder = join(temporaryFolder(t), 'data')
    mkdirSync(folder, { mode: 0o755 })
    if (name === 'imports') mkdirSync(join(folder, name))
    else cpSync(join(whole, name), join(folder, name))
    await refused(t, folder, new RegExp(`却有它留下的文件：${name}`))
    const init = await cli(folder, 'init')
    t.equal(init.code, 2)
    t.match(init.stderr, /都是刚刚写下的：若另有进程正在首次启动[\s\S]*把上述文件移到别处/)
    const earlier = new Date(Date.now() - 60_000)
    utimesSync(join(folder, name), earlier, earlier)
    const later = await cli(folder, 'init')
    t.match(later.stderr, /把上述文件移到别处/)
    t.notMatch(later.stderr, /刚刚写下/, 'what lies there for long is nobody’s first start')
  }
})

t.test('commands make no register of an empty file, init and a start do', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'register.db'), '')
  const before = content(folder)
  for (const command of [['key', 'list'], ['verify'], ['rebuild'], ['backup', `${folder}-backup`]]) {
    const { code, stderr } = await cli(folder, ...command)
    t.equal(code, 2)
    t.match(stderr, /没有登记簿/)
    t.same(content(folder), before, command.join(' '))
  }
  t.equal((await cli(folder, 'init')).code, 0)
  t.equal((await cli(folder, 'verify')).code, 0)
})

t.test('a register whose making was ended half-way is made to the end', async (t) => {
  const halfMade = () => {
    const folder = temporaryFolder(t)
    const connection = new Sqlite(join(folder, 'register.db'))
    connection.pragma('journal_mode = WAL')
    connection.close()
    return folder
  }
  const begun = halfMade()
  const { code, stdout } = await cli(begun, 'init')
  t.equal(code, 0)
  t.match(stdout, /新建登记簿/)
  t.equal((await cli(begun, 'verify')).code, 0)
  t.match((await cli(begun, 'init')).stdout, /已有登记簿/)
  const server = await startServer(halfMade())
  t.equal((await fetch(`${server.url}/readyz`)).status, 200)
  await server.end('SIGTERM')
})

t.test('of processes that begin together one makes the keys', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  const begun = await Promise.allSettled([startServer(folder), startServer(folder)])
  t.ok(begun.some(({ status }) => status === 'fulfilled'))
  for (const one of begun) if (one.status === 'fulfilled') await one.value.end('SIGTERM')
  const { stampKey, stampKeys, personKey } = pathsIn(folder)
  t.equal(statSync(personKey).size, 32)
  const { x } = createPublicKey(readFileSync(stampKey)).export({ format: 'jwk' })
  t.match(JSON.parse(readFileSync(stampKeys, 'utf8')), [{ x, until: null }])
  t.equal(JSON.parse(readFileSync(stampKeys, 'utf8')).length, 1)
})

t.test(
  "somebody else's folder is refused untouched, and nothing but what is ours is closed to others",
  async (t) => {
    const folder = join(temporaryFolder(t), 'project')
    mkdirSync(join(folder, 'deep'), { recursive: true })
    for (const name of ['letter.txt', 'deep/script.sh']) {
      writeFileSync(join(folder, name), 'x')
      chmodSync(join(folder, name), 0o755)
    }
    for (const path of [folder, join(folder, 'deep')]) chmodSync(path, 0o755)
    const elsewhere = await inUse(t)
    const backup = `${elsewhere}-backup`
    t.equal((await cli(elsewhere, 'backup', backup)).code, 0)
    await refused(t, folder, /不像本系统的数据目录，未作任何改动/)
    const before = content(folder)
    for (const command of [
      ['init'],
      ['restore', backup, '--reason', '演练'],
      ['key', 'list'],
      ['daily'],
      ['doctor'],
    ]) {
      const { code, stdout, stderr } = await cli(folder, ...command)
      t.equal(code, command[0] === 'doctor' ? 1 : 2)
      t.match(stdout + stderr, /letter.txt|没有登记簿/)
      t.same(content(folder), before, command.join(' '))
    }
    for (const missing of [['init'], ['restore', backup, '--reason', '演练']]) {
      const { code, stderr } = await cli(join(folder, 'no', 'such', 'place'), ...missing)
      t.equal(code, 2)
      t.match(stderr, /没有 .*no\/such 这个目录/)
    }
    t.same(content(folder), before)
    // By another name it is the same place, where nobody else can turn that name.
    symlinkSync(elsewhere, `${elsewhere}-link`)
    t.equal((await cli(`${elsewhere}-link`, 'key', 'list')).code, 0, 'by a link of its own')
    if (process.getuid?.() === 0) {
      lchownSync(`${elsewhere}-link`, 65_534, 65_534)
      t.equal((await cli(`${elsewhere}-link`, 'key', 'list')).code, 2, 'not by one that somebody else made')
    }
    const notes = join(elsewhere, 'notes.txt')
    writeFileSync(notes, 'x')
    for (const path of [notes, join(elsewhere, 'register.db')]) chmodSync(path, 0o644)
    await started(t, elsewhere, /1 个文件或目录原可供其他用户读取/)
    t.equal(statSync(notes).mode & 0o777, 0o644)
    t.equal(statSync(join(elsewhere, 'register.db')).mode & 0o777, 0o600)
  },
)

t.test('a register that does not fit its anchor or its views is refused with nothing written', async (t) => {
  const folder = await inUse(t)
  const whole = `${folder}-whole`
  cpSync(folder, whole, { recursive: true })
  const { register, views } = pathsIn(folder)
  const harmed = (path: string, statement: string) => {
    const db = new Sqlite(path)
    db.exec(statement)
    db.close()
  }
  const again = () => {
    rmSync(folder, { recursive: true })
    cpSync(whole, folder, { recursive: true })
  }
  const harms: [RegExp, () => void][] = [
    [/缺少末尾/, () => harmed(register, 'DELETE FROM entry WHERE seq > 2')],
    [/没有锚文件/, () => rmSync(join(folder, 'register.anchor'))],
    [/锚文件 register.anchor 无法读取/, () => writeFileSync(join(folder, 'register.anchor'), 'garbage')],
    [/锚文件 register.anchor 无法读取/, () => truncateSync(join(folder, 'register.anchor'), 0)],
    [/由另一份登记簿算出/, () => harmed(views, `UPDATE generation SET chain = 'ff'`)],
    [/视图（views.db）已到序号 99/, () => harmed(views, 'UPDATE generation SET applied = 99')],
    [/access.db 无法读取/, () => writeFileSync(join(folder, 'access.db'), 'garbage'.repeat(999))],
    [/register.db 无法读取/, () => writeFileSync(register, 'garbage'.repeat(999))],
  ]
  for (const [words, harm] of harms) {
    harm()
    // What else is broken stays as it is until the register is found sound.
    writeFileSync(join(folder, 'session.key'), 'cut')
    chmodSync(join(folder, 'session.key'), 0o644)
    await refused(t, folder, words)
    again()
  }
  rmSync(join(folder, 'register.anchor'))
  const verified = await cli(folder, 'verify')
  t.equal(verified.code, 1)
  t.match(verified.stdout, /没有锚文件.*启动会被拒绝/)
  t.equal((await cli(folder, 'restore', '--as-is', '--reason', '演练')).code, 0)
  await started(t, folder, /listening/)
  t.equal((await cli(folder, 'verify')).code, 0)
})

t.test(
  'a log of accesses that cannot be read is found, and an anchor that is none is refused in words',
  async (t) => {
    const folder = await inUse(t)
    for (const [anchor, words] of [
      [folder, /不是文件/],
      [join(folder, 'person.key'), /不是锚文件/],
      [join(folder, 'none'), /没有锚文件/],
    ] as const) {
      const { code, stderr } = await cli(folder, 'verify', '--anchor', anchor)
      t.equal(code, 2)
      t.match(stderr, words)
    }
    t.equal((await cli(folder, 'verify', '--anchor', join(folder, 'register.anchor'))).code, 0)
    writeFileSync(join(folder, 'access.db'), 'garbage'.repeat(999))
    const { code, stdout } = await cli(folder, 'verify')
    t.equal(code, 1)
    t.match(stdout, /【查阅记录】\n {2}access.db 无法读取：SQLITE_NOTADB/)
  },
)

t.test('a folder in the place of a file, or a file in that of a folder, is said as what it is', async (t) => {
  const folder = await inUse(t)
  for (const name of [
    'views.db',
    'search.db',
    'drafts.db',
    'sessions.db',
    'session.key',
    'search.table',
    'register.anchor',
  ]) {
    const path = join(folder, name)
    const kept = `${folder}-kept`
    const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined
    if (isThere) renameSync(path, kept)
    mkdirSync(path)
    await refused(t, folder, new RegExp(`${name} 是目录，这里应是文件`))
    rmSync(path, { recursive: true })
    if (isThere) renameSync(kept, path)
  }
  rmSync(join(folder, 'bulk'), { recursive: true, force: true })
  writeFileSync(join(folder, 'bulk'), '')
  await refused(t, folder, /bulk 不是目录/)
  rmSync(join(folder, 'bulk'))
  await started(t, folder, /listening/)
})

t.test('a register that is a link without its log beside it is told where the log belongs', async (t) => {
  const folder = await inUse(t)
  const server = await startServer(folder)
  t.equal((await cli(folder, 'init')).code, 0)
  t.equal((await cli(folder, 'authority', 'create', '示例县市场监督管理局', '--region', '130129')).code, 0)
  for (const name of [
    '井陉\u0007县市场监督管理局',
    '井陉县\u001b[31m市场监督管理局',
    '正定县11010519491231002X市场监督管理局',
  ]) {
    const { code, stdout } = await cli(folder, 'authority', 'create', name, '--region', '130121')
    t.equal(code, 2, `the one rule for text: ${JSON.stringify(name)}`)
    t.equal(stdout, '')
  }
  await server.end('SIGKILL')
  const elsewhere = temporaryFolder(t)
  const { register } = pathsIn(folder)
  renameSync(register, join(elsewhere, 'register.db'))
  symlinkSync(join(elsewhere, 'register.db'), register)
  const lost = await cli(folder, 'officer', 'list')
  t.equal(lost.code, 2)
  t.match(
    lost.stderr,
    `register.db 是符号链接，指向 ${join(elsewhere, 'register.db')}：register.db-wal 须在 ${elsewhere} 中`,
  )
  renameSync(`${register}-wal`, join(elsewhere, 'register.db-wal'))
  t.equal((await cli(folder, 'officer', 'list')).code, 0, 'and there all is well')
})
