import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openBeside } from '../../src/register/beside.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { EmptiedLog } from '../../src/register/emptied-log.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { openViews } from '../../src/views/schema.ts'
import { temporaryFolder } from '../support.ts'

/** Longer than any test may take: whoever waits for a lock as long as this fails. */
const FOR_EVER_MS = 600_000

function place(folder: string) {
  const path = join(folder, 'any.db')
  const connection = openBeside(path, { busyMs: FOR_EVER_MS })
  connection.exec('CREATE TABLE IF NOT EXISTS one (text TEXT)')
  const reader = new Sqlite(path, { timeout: 0 })
  const logBytes = () => statSync(`${path}-wal`).size
  return { path, connection, reader, logBytes, log: new EmptiedLog(connection) }
}

t.test('a log that nobody reads is emptied at once', async (t) => {
  const { connection, reader, logBytes, log } = place(temporaryFolder(t))
  connection.exec("INSERT INTO one VALUES ('to be erased')")
  t.ok(logBytes() > 0)
  log.empty()
  t.equal(logBytes(), 0)
  t.equal(connection.pragma('busy_timeout', { simple: true }), FOR_EVER_MS, 'and patience is as it was')
  await log.close()
  reader.close()
  connection.close()
})

t.test('a reader in the way holds nobody up, and the log is empty once it has gone', async (t) => {
  const { connection, reader, logBytes, log } = place(temporaryFolder(t))
  reader.exec('BEGIN; SELECT count(*) FROM one')
  reader.prepare('SELECT * FROM one').all()
  connection.exec("INSERT INTO one VALUES ('to be erased')")
  log.empty()
  t.ok(logBytes() > 0, 'the reader still has what was before')
  connection.exec("INSERT INTO one VALUES ('written meanwhile')")
  await sleep(600)
  t.ok(logBytes() > 0, 'it is tried again, in vain')
  reader.exec('COMMIT')
  for (let tries = 0; logBytes() > 0 && tries < 200; tries += 1) await sleep(50)
  t.equal(logBytes(), 0)
  await log.close()
  reader.close()
  connection.close()
  log.empty()
})

t.test('who closes waits a while for the readers, and no longer', async (t) => {
  const { connection, reader, logBytes, log } = place(temporaryFolder(t))
  for (const leaves of [true, false]) {
    reader.exec('BEGIN')
    reader.prepare('SELECT * FROM one').all()
    connection.exec("INSERT INTO one VALUES ('to be erased')")
    log.empty()
    if (leaves) setTimeout(() => reader.exec('COMMIT'), 300)
    await log.close()
    t.equal(logBytes() === 0, leaves)
  }
  reader.close()
  connection.close()
})

t.test('what stands is opened while another writes', async (t) => {
  const folder = temporaryFolder(t)
  const [views, search] = [join(folder, 'views.db'), join(folder, 'search.db')]
  openViews(views, 'write').close()
  await openEmbeddedIndex(search, 'write', { epoch: 'one' }).close()
  const writers = [views, search].map((path) => {
    const writer = new Sqlite(path, { timeout: 0 })
    writer.exec('BEGIN IMMEDIATE')
    return writer
  })
  const opened = openViews(views, 'write')
  t.ok(opened.open)
  opened.close()
  await openEmbeddedIndex(search, 'write', { epoch: 'one' }).close()
  for (const writer of writers) writer.close()
})

t.test(
  'an erasure is answered while somebody reads the register, and goes from the file when they have read',
  async (t) => {
    const folder = temporaryFolder(t)
    const path = join(folder, 'register.db')
    const register = openSqliteRegister(path, () => new Date('2026-03-02T02:00:00Z'), { busyMs: FOR_EVER_MS })
    const author = { authority: '省局', officer: '张三' }
    const draft = (kind: string, payload: object) =>
      ({ subject: 'A', kind, payload, visibility: 'internal', author }) as const
    await register.append({ drafts: [draft('record.added', { secret: 'CANARY-9c1e' })], command: 'x' })
    const holds = () =>
      readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes('CANARY'))
    const reader = new Sqlite(path, { readonly: true, timeout: 0 })
    reader.exec('BEGIN')
    reader.prepare('SELECT * FROM entry').all()
    const erased = draft('payload.erased', { positions: [1], reason: '依法删除' })
    await register.append({ drafts: [erased], erases: [1], command: 'y' })
    await register.append({ drafts: [draft('record.added', {})], command: 'z' })
    t.equal(await register.head(), 3, 'and others go on writing')
    t.ok(holds(), 'whoever reads has it still')
    reader.close()
    for (let tries = 0; holds() && tries < 200; tries += 1) await sleep(50)
    t.notOk(holds())
    await register.close()
  },
)
