import { cpSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { cli, endAll, startServer } from '../../scripts/faults/processes.ts'
import { AccessLog, AccessUnwritable } from '../../src/authority/access-log.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { filesThere } from '../../src/running/files-there.ts'
import { databasesIn } from '../../src/running/logs.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { temporaryFolder } from '../support.ts'
import { inUse } from './in-use.ts'

t.teardown(endAll)

/** What may become of a file that is open, and whether it is put right again. */
const harms: Readonly<Record<string, (path: string) => void>> = {
  removed: (path) => rmSync(path),
  'moved away': (path) => renameSync(path, `${path}.away`),
  replaced: (path) => {
    cpSync(path, `${path}.copy`)
    renameSync(`${path}.copy`, path)
  },
  'cut to nothing': (path) => truncateSync(path, 0),
}

t.test('each database that is no longer what was opened is named, whatever became of it', async (t) => {
  const whole = await inUse(t)
  const names = databasesIn(whole).map((path) => basename(path))
  t.equal(names.length, 8)
  for (const name of names)
    for (const [harm, act] of Object.entries(harms)) {
      const folder = temporaryFolder(t)
      cpSync(whole, folder, { recursive: true })
      const there = filesThere(folder)
      await there()
      act(join(folder, name))
      await t.rejects(there(), { message: new RegExp(`: ${name}$`) }, `${name} ${harm}`)
    }
})

t.test('whoever looks lets go of no lock: a register that is looked at stays in use', async (t) => {
  const folder = await inUse(t)
  const backup = `${folder}-backup`
  t.equal((await cli(folder, 'backup', backup)).code, 0)
  const server = await startServer(folder)
  const ready = async () => (await fetch(`${server.url}/readyz/desk`)).status
  for (const times of [0, 1, 2]) {
    for (let i = 0; i < times; i += 1) {
      t.equal(await ready(), 200)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
    }
    const { code, stderr } = await cli(folder, 'restore', backup, '--reason', '演练')
    t.equal(code, 2, `looked at ${times} times`)
    t.match(stderr, /正在使用/)
  }
  t.equal(await ready(), 200)
  await server.end('SIGTERM')
})

t.test('what was not there is not missed; what is put back is where it was', async (t) => {
  const folder = await inUse(t)
  const { drafts, views } = pathsIn(folder)
  rmSync(drafts)
  const there = filesThere(folder)
  await there()
  renameSync(views, `${views}.away`)
  await t.rejects(there(), { message: /: views.db$/ })
  renameSync(`${views}.away`, views)
  await there()
})

t.test('nothing counts as logged that goes into a file which is not where it was', (t) => {
  for (const [harm, act] of Object.entries(harms).slice(0, 3)) {
    const path = join(temporaryFolder(t), 'access.db')
    const log = new AccessLog(path)
    log.probe()
    act(path)
    t.throws(() => log.probe(), AccessUnwritable, harm)
    t.throws(() => log.write([]), AccessUnwritable, harm)
    if (harm === 'moved away') {
      renameSync(`${path}.away`, path)
      log.probe()
    }
    log.close()
  }
  t.end()
})

t.test('the register is tried as an append would use it, and stays as it is', async (t) => {
  const path = pathsIn(await inUse(t)).register
  const register = openSqliteRegister(path, () => new Date())
  t.teardown(() => register.close())
  const before = await register.standing()
  const entries = await register.read(0, 1_000)
  await register.probe()
  await register.probe()
  t.same(await register.standing(), before)
  t.same(await register.read(0, 1_000), entries)
  await register.moveTo('postgresql://elsewhere', before.epoch)
  await t.rejects(register.probe(), { name: 'RegisterMoved', to: 'postgresql://elsewhere' })
})

t.test(
  'with its log of accesses gone a node shows nothing unlogged, and says which file it is',
  async (t: Test) => {
    const folder = await inUse(t)
    const server = await startServer(folder)
    const { accesses, sessions } = pathsIn(folder)
    for (const [path, check] of [
      [sessions, 'files'],
      [accesses, 'log'],
    ] as const) {
      rmSync(path)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      const told = await (await fetch(`${server.url}/readyz/desk`)).json()
      t.match(told, { status: 'degraded', checks: { [check]: { ok: false }, files: { ok: false } } })
      t.match(told.reasons.join(), new RegExp(`${basename(path)}.*不在原处`))
      t.equal((await fetch(`${server.url}/`)).status, 200, 'the public goes on reading')
    }
    await server.end('SIGTERM')
  },
)
