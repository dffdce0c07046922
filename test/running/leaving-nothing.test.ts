import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli, endAll, startServer } from '../../scripts/faults/processes.ts'
import { temporaryFolder } from '../support.ts'
import { content, inUse, refused } from './in-use.ts'

t.teardown(endAll)

/** What lies in a folder, without the index of a log, which SQLite computes from that. */
function lasting(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(content(folder)).filter(([name]) => !name.endsWith('-shm')))
}

const LOOKS = [['verify'], ['doctor'], ['doctor', '--json']]

t.test('who looks at a folder of a stopped node leaves it as it was, to the byte', async (t) => {
  const folder = await inUse(t)
  const before = content(folder)
  t.notOk(
    Object.keys(before).some((name) => /-(wal|shm)$/.test(name)),
    'it ended in good order',
  )
  for (const look of [...LOOKS, ['verify', '--anchor', join(folder, 'register.anchor')]]) {
    t.equal((await cli(folder, ...look)).code, 0, look.join(' '))
    t.same(content(folder), before, look.join(' '))
  }
  const away = join(temporaryFolder(t), 'register.anchor')
  renameSync(join(folder, 'register.anchor'), away)
  await refused(t, folder, /锚/)
  renameSync(away, join(folder, 'register.anchor'))
  t.same(content(folder), before, 'and a start that is refused')
})

t.test('of a killed node, the logs stay as they were', async (t) => {
  const folder = await inUse(t)
  const server = await startServer(folder)
  await fetch(server.url)
  await server.end('SIGKILL')
  const before = lasting(folder)
  t.ok('register.db-wal' in before)
  const names = readdirSync(folder)
  for (const look of LOOKS) {
    t.equal((await cli(folder, ...look)).code, 0, look.join(' '))
    t.same(lasting(folder), before, look.join(' '))
    t.same(readdirSync(folder), names)
  }
})
