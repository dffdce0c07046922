import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli, endAll } from '../../scripts/faults/processes.ts'
import { isOwnName, pathsIn } from '../../src/running/paths.ts'
import { temporaryFolder } from '../support.ts'
import { inUse, refused, started } from './in-use.ts'

t.teardown(endAll)

t.test('a key on which something rests is never replaced in silence', async (t) => {
  const folder = await inUse(t)
  const { personKey, stampKey, stampKeys, sessionKey, accesses } = pathsIn(folder)
  const kept = new Map([personKey, stampKey, stampKeys].map((path) => [path, readFileSync(path)]))
  const putBack = () => {
    for (const [path, bytes] of kept) writeFileSync(path, bytes)
  }
  const harms: [string, RegExp, () => void][] = [
    ['person.key lost', /person.key 不见了：.*从备份放回/, () => rmSync(personKey)],
    ['person.key cut', /person.key 已损坏（31 字节/, () => truncateSync(personKey, 31)],
    ['person.key emptied', /person.key 已损坏（0 字节/, () => truncateSync(personKey, 0)],
    ['stamp-keys.json damaged', /stamp-keys.json 已损坏：.*从备份放回/, () => truncateSync(stampKeys, 20)],
    ['stamp-keys.json emptied', /stamp-keys.json 已损坏/, () => truncateSync(stampKeys, 0)],
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
