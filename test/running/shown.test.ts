import { join } from 'node:path'
import t from 'tap'
import { catalogue } from '../../src/records/catalogue.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { RegisterFull, RegisterUnavailable } from '../../src/register/register.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { Applier } from '../../src/views/apply.ts'
import { openViews } from '../../src/views/schema.ts'
import { localWriter } from '../../src/writer/writer.ts'
import { temporaryFolder } from '../support.ts'

/** Nothing is acknowledged that can't be shown: it is refused before it is appended. */

const now = () => new Date('2026-03-02T02:00:00Z')
const author = { authority: '省局', officer: '张三' }
const draft = { subject: 'A', kind: 'note', payload: {}, visibility: 'internal', author } as const
const request = (command: string) => ({ drafts: [draft, draft], command, fingerprint: 'f' })

function parts(t: Parameters<typeof temporaryFolder>[0]) {
  const folder = temporaryFolder(t)
  const register = openSqliteRegister(join(folder, 'register.db'), now)
  const connection = openViews(pathsIn(folder).views, 'write')
  const applier = new Applier(connection, register, catalogue)
  t.teardown(async () => {
    await register.close()
    connection.close()
  })
  const lags: unknown[] = []
  const others = {
    ...{ register, applier, onLag: (error: unknown) => void lags.push(error) },
    rebuildViews: async () => undefined,
    search: { catchUp: async () => undefined, rebuild: async () => undefined },
  }
  return { folder, register, applier, others, lags }
}

t.test(
  'while another program holds the views nothing is appended, and again once it has let go',
  async (t) => {
    const { folder, register, applier, others, lags } = parts(t)
    const writer = localWriter({ ...others, mustShow: () => applier.ready(100) })
    const other = new Sqlite(pathsIn(folder).views, { timeout: 0 })
    other.exec('BEGIN EXCLUSIVE')
    await t.rejects(writer.append(request('x')), new RegisterUnavailable(false))
    t.equal(await register.head(), 0)
    other.exec('COMMIT')
    t.match(await writer.append(request('x')), { repeated: false })
    t.equal(applier.applied, 2)
    other.exec('BEGIN EXCLUSIVE')
    setTimeout(() => other.exec('COMMIT'), 200)
    await localWriter({ ...others, mustShow: () => applier.ready(30_000) }).append(request('y'))
    t.equal(applier.applied, 4, 'one that holds them for a moment is waited for')
    other.close()
    t.same(lags, [])
  },
)

t.test('for want of room nothing is appended, and what was before is answered once more', async (t) => {
  const { register, others } = parts(t)
  let isFull = false
  const writer = localWriter({
    ...others,
    mustShow: async () => {
      if (isFull) throw new RegisterFull('full')
    },
  })
  await writer.append(request('x'))
  isFull = true
  await t.rejects(writer.append(request('y')), RegisterFull)
  await t.rejects(
    writer.append({ drafts: [draft], command: 'x' }),
    RegisterFull,
    'one that nobody can repeat',
  )
  t.match(await writer.append(request('x')), { repeated: true, entries: [{ seq: 1 }, { seq: 2 }] })
  t.equal(await register.head(), 2)
})

t.test('room that was kept aside is given up for what was appended and finds none', async (t) => {
  const { applier, others, lags } = parts(t)
  let attempts = 0
  const failing = {
    get applied() {
      return applier.applied
    },
    apply: async (...given: Parameters<Applier['apply']>) => {
      attempts += 1
      if (attempts === 1) throw new Error('no room')
      await applier.apply(...given)
    },
    catchUp: () => applier.catchUp(),
  }
  let reserves = 1
  const writer = localWriter({ ...others, applier: failing, makeRoom: () => reserves-- > 0 })
  await writer.append(request('x'))
  t.equal(applier.applied, 2)
  t.same(lags, [])
  attempts = 0
  t.match(await writer.append(request('y')), { repeated: false }, 'without any it is durable all the same')
  t.match(lags, [{ message: 'no room' }])
})
