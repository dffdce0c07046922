import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { Sessions } from '../../src/authority/sessions.ts'
import { JobStore } from '../../src/exchange/job-store.ts'
import { brokenOff } from '../../src/http/upload.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { RegisterUnavailable } from '../../src/register/register.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { temporaryFolder } from '../support.ts'

/** Holds the lock on a database as another program would, until it is let go of. */
function lock(t: Test, path: string): () => void {
  const other = new Sqlite(path)
  t.teardown(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  return () => other.exec('ROLLBACK')
}

/** The longest time for which the thread did nothing else while something was waited for. */
async function stall(wait: () => Promise<unknown>): Promise<number> {
  let [longest, last] = [0, performance.now()]
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  await wait().finally(() => clearInterval(timer))
  return longest
}

t.test(
  'what is kept beside the register waits for another program’s lock without holding up the thread',
  async (t) => {
    const folder = temporaryFolder(t)
    const path = join(folder, 'sessions.db')
    const sessions = new Sessions(path)
    t.teardown(() => sessions.close())
    const begin = () => sessions.begin('a', { at: Date.now(), from: '', agent: '' })
    const letGo = lock(t, path)
    const stalled = await stall(() => t.rejects(begin(), RegisterUnavailable))
    t.ok(stalled < 1_000, `${stalled} ms`)
    await t.rejects(sessions.probe(), RegisterUnavailable, 'readiness is told')
    setTimeout(letGo, 300)
    t.ok(sessions.stands(await begin()), 'let go of in time, it goes on')
  },
)

t.test('an upload that finds its jobs locked is not called incomplete', async (t) => {
  const folder = temporaryFolder(t)
  const places = { jobs: join(folder, 'jobs.db'), imports: join(folder, 'imports') }
  const jobs = new JobStore(places)
  t.teardown(() => jobs.close())
  lock(t, places.jobs)
  const actor = { authority: '省局', officer: '张三' }
  const job = {
    type: 'enterprise',
    actor,
    keyId: 'k',
    fileName: 'a.csv',
    createdAt: '2026-11-24T00:00:00.000Z',
  }
  await t.rejects(jobs.create(Readable.from(['名称']), job).catch(brokenOff), RegisterUnavailable)
})

t.test('a locked register takes nothing, and says so; its leases hold up nobody', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  const register = openSqliteRegister(path, () => new Date(), { busyMs: 100 })
  t.teardown(() => register.close())
  const author = { authority: '省局', officer: '张三' }
  const draft = { subject: 'A', kind: 'record.added', payload: {}, visibility: 'internal', author } as const
  const letGo = lock(t, path)
  await t.rejects(register.append({ drafts: [draft], command: 'x' }), RegisterUnavailable)
  t.equal(await register.head(), 0)
  await t.rejects(register.probe(), RegisterUnavailable)
  const stalled = await stall(() => t.rejects(register.lease('work', 'me', 1_000), { code: 'SQLITE_BUSY' }))
  t.ok(stalled < 1_000, `${stalled} ms`)
  setTimeout(letGo, 300)
  t.equal(await register.lease('work', 'me', 1_000), true)
  await register.probe()
})
