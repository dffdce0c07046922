import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli, endAll } from '../../scripts/faults/processes.ts'
import { isOwnName, pathsIn } from '../../src/running/paths.ts'
import { temporaryFolder } from '../support.ts'
import { inUse, opened, refused, started } from './in-use.ts'

t.teardown(endAll)

t.test('a key on which something rests is never replaced in silence', async (t) => {
  const folder = await inUse(t)
  const { personKey, stampKey, stampKeys, sessionKey, accesses } = pathsIn(folder)
  const kept = new Map([personKey, stampKey, stampKeys].map((path) => [path, readFileSync(path)]))
  const putBack = () => {
    for (const [path, bytes] of kept) writeFileSync(path, bytes)
    rmSync(`${stampKey}.former`, { force: true })
  }
  const harms: [string, RegExp, () => void][] = [
    ['person.key lost', /person.key 不见了：.*从备份放回/, () => rmSync(personKey)],
    ['person.key cut', /person.key 已损坏（31 字节/, () => truncateSync(personKey, 31)],
    ['person.key emptied', /person.key 已损坏（0 字节/, () => truncateSync(personKey, 0)],
    ['stamp-keys.json damaged', /stamp-keys.json 已损坏：.*从备份放回/, () => truncateSync(stampKeys, 20)],
    ['stamp-keys.json emptied', /stamp-keys.json 已损坏/, () => truncateSync(stampKeys, 0)],
    [
      'stamp.key.former damaged',
      /stamp.key.former 已损坏：.*移走/,
      () => {
        renameSync(stampKey, `${stampKey}.former`)
        truncateSync(`${stampKey}.former`, 20)
      },
    ],
    ['stamp-keys.json lost', /stamp-keys.json 不见了/, () => rmSync(stampKeys)],
  ]
  for (const [what, words, harm] of harms) {
    harm()
    await refused(t, folder, words)
    if (!what.endsWith('lost')) {
      putBack()
      continue
    }
    const verified = await cli(folder, 'verify')
    t.equal(verified.code, 1, what)
    t.match(verified.stdout, words, what)
    const made = await cli(folder, 'backup', `${folder}-${what.replaceAll(' ', '-')}`)
    t.equal(made.code, 1, what)
    t.match(made.stderr, words, what)
    const asIs = await cli(folder, 'restore', '--as-is', '--reason', '演练')
    t.equal(asIs.code, 2, what)
    t.match(asIs.stderr, words, what)
    putBack()
  }
  truncateSync(stampKey, 20)
  writeFileSync(sessionKey, 'cut')
  await started(
    t,
    folder,
    /stamp.key 已损坏，改名为 stamp.key.broken-\d{4}-[\dTZ-]+ 保留，.*照常验证[\s\S]*session.key 已损坏.*改名为 session.key.broken-\d{4}-/,
  )
  const [former, present, ...more] = JSON.parse(readFileSync(stampKeys, 'utf8'))
  t.match([typeof former.until, present.until, more], ['string', null, []], 'the former key stays published')
  rmSync(stampKey)
  await started(t, folder, /stamp.key 不见了：下次核验时换新/)
  rmSync(accesses)
  await started(t, folder, /access.db 不见了：以前的查阅记录缺失/)
  t.ok(
    readdirSync(folder).every((name) => isOwnName(name)),
    'all that it makes it knows as its own',
  )
})

t.test('a key on which nothing rests yet is made anew, and said to be', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  t.equal((await cli(folder, 'init')).code, 0)
  writeFileSync(pathsIn(folder).personKey, 'cut')
  await started(t, folder, /person.key 已损坏（3 字节.*改名为 person.key.broken-/)
  t.equal(readFileSync(pathsIn(folder).personKey).length, 32)
})

t.test('another register’s person.key is no key of this one', async (t) => {
  const folder = await inUse(t)
  const { personKey, personCheck } = pathsIn(folder)
  const check = readFileSync(personCheck, 'utf8')
  t.notMatch(check, readFileSync(personKey).toString('hex'), 'it does not tell the key')
  const backup = `${folder}-backup`
  t.equal((await cli(folder, 'backup', backup)).code, 0)
  const other = await inUse(t)
  const words = /person.key 不是这份登记簿的那一把（与 person.check 不符）：.*放回原来的 person.key/
  const own = readFileSync(personKey)
  writeFileSync(personKey, readFileSync(pathsIn(other).personKey))
  await refused(t, folder, words)
  for (const command of [['verify'], ['backup', `${folder}-second`]]) {
    const { code, stdout, stderr } = await cli(folder, ...command)
    t.equal(code, 1, command.join(' '))
    t.match(stdout + stderr, words, command.join(' '))
  }
  writeFileSync(personCheck, readFileSync(pathsIn(other).personCheck))
  await refused(t, folder, words)
  writeFileSync(personKey, own)
  await refused(t, folder, words)
  for (const spoilt of ['', 'nonsense']) {
    writeFileSync(personCheck, spoilt)
    await started(t, folder, /listening/)
    t.equal(
      readFileSync(personCheck, 'utf8'),
      check,
      'one that tells nothing, or of a former version, is made anew',
    )
  }
  rmSync(join(backup, 'person.check'))
  const manifest = join(backup, 'manifest.json')
  const { files, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'))
  const former = files.filter(({ name }: { name: string }) => name !== 'person.check')
  t.equal(former.length, files.length - 1)
  writeFileSync(manifest, JSON.stringify({ ...rest, files: former }))
  const restored = await cli(other, 'restore', backup, '--reason', '演练')
  t.equal(restored.code, 0, restored.stderr)
  await started(t, other, /listening/)
  t.equal(readFileSync(pathsIn(other).personCheck, 'utf8'), check, 'the key came with its register')
})

t.test('where no person is known yet, any key is as good as another', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  await opened(folder, 'DEM00001')
  const { personKey, personCheck } = pathsIn(folder)
  await started(t, folder, /listening/)
  const check = readFileSync(personCheck, 'utf8')
  writeFileSync(personKey, Buffer.alloc(32, 7))
  await started(t, folder, /listening/)
  t.not(readFileSync(personCheck, 'utf8'), check)
})
