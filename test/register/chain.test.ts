import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { anchorPath, readAnchor } from '../../src/register/anchor.ts'
import { chained, noChain } from '../../src/register/chain.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { temporaryFolder } from '../support.ts'

const now = () => new Date('2026-03-02T02:00:00Z')
const author = { authority: '省局', officer: '张三' }
const draft = (subject: string, payload: unknown = { a: 1 }) =>
  ({ subject, kind: 'record.added', payload, visibility: 'public', author }) as const
/** A register that a former version of the program wrote, without chain, head or anchor. */
const OLD = new URL('../registers/of-2026-11.db', import.meta.url)

/** A register of five entries that was closed. */
async function five(t: Test): Promise<string> {
  const path = join(temporaryFolder(t), 'register.db')
  const register = openSqliteRegister(path, now)
  for (let n = 1; n <= 5; n += 1) await register.append({ drafts: [draft('A', { n })], command: 'x' })
  await register.close()
  return path
}

function change(path: string, statement: string): void {
  const db = new Sqlite(path)
  db.exec(statement)
  db.close()
}

const opening = (path: string) => () => openSqliteRegister(path, now)

t.test('each entry is chained to all before it', async (t) => {
  const register = openSqliteRegister(join(temporaryFolder(t), 'register.db'), now)
  await register.append({ drafts: [draft('A'), draft('B')], command: 'x' })
  await register.append({ drafts: [draft('A')], command: 'y' })
  let chain = Buffer.alloc(0)
  for (const entry of await register.read(0, 10)) {
    chain = createHash('sha256')
      .update(Buffer.concat([chain, Buffer.from(entry.digest, 'hex')]))
      .digest()
    t.equal(entry.chain, chain.toString('hex'))
  }
  t.match(await register.standing(), { position: 3, chain: chain.toString('hex'), epoch: /^[0-9a-f]{16}$/ })
  await register.close()
})

t.test('the anchor follows each append, and an older one does no harm', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  const register = openSqliteRegister(path, now)
  await register.append({ drafts: [draft('A')], command: 'x' })
  const { epoch, chain } = await register.standing()
  t.same(readAnchor(anchorPath(path)), { epoch, chain, position: 1, at: '2026-03-02T02:00:00.000Z' })
  cpSync(anchorPath(path), `${path}.kept`)
  await register.append({ drafts: [draft('A')], command: 'y' })
  await register.close()
  renameSync(`${path}.kept`, anchorPath(path))
  const again = openSqliteRegister(path, now)
  t.match(readAnchor(anchorPath(path)), { position: 2 })
  await again.close()
})

t.test('a register that lost its end is refused, with what is missing and what to do', async (t) => {
  const path = await five(t)
  const whole = readFileSync(path)
  change(path, 'DELETE FROM entry WHERE seq > 3')
  t.throws(opening(path), {
    name: 'RegisterFault',
    message: /头记录到序号 5，条目只到 3，缺少序号 4 至 5（共 2 条）[\s\S]*restore/,
  })
  change(path, `UPDATE head SET seq = 3, chain = (SELECT chain FROM entry WHERE seq = 3)`)
  t.throws(opening(path), /锚文件记到序号 5[\s\S]*只到 3，缺少已答复的序号 4 至 5（共 2 条）/)
  writeFileSync(path, whole)
  const register = openSqliteRegister(path, now)
  t.equal(await register.head(), 5, 'put back, it opens again')
  await register.close()
})

t.test('a copy without its write-ahead log is behind its anchor', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  const register = openSqliteRegister(path, now)
  await register.append({ drafts: [draft('A')], command: 'x' })
  change(path, 'PRAGMA wal_checkpoint(TRUNCATE)')
  await register.append({ drafts: [draft('A'), draft('A')], command: 'y' })
  const copy = join(temporaryFolder(t), 'register.db')
  cpSync(path, copy)
  cpSync(anchorPath(path), anchorPath(copy))
  t.throws(opening(copy), /锚文件记到序号 3.*只到 1，缺少已答复的序号 2 至 3（共 2 条）/)
  cpSync(`${path}-wal`, `${copy}-wal`)
  const whole = openSqliteRegister(copy, now)
  t.equal(await whole.head(), 3, 'with it, it opens')
  await whole.close()
  await register.close()
})

t.test('a forged end and another register in its place are refused', async (t) => {
  const path = await five(t)
  const copy = `INSERT INTO entry SELECT 6, id, subject, 6, kind, payload, salt, payload_digest, visibility, authority,
    officer, command, recorded_at, digest, chain FROM entry WHERE seq = 5`
  change(path, copy)
  t.throws(opening(path), /末尾的序号 6（1 条）不是由本系统登记的/)
  change(path, 'DELETE FROM entry WHERE seq = 6')
  change(path, `UPDATE entry SET chain = zeroblob(32) WHERE seq = 5`)
  t.throws(opening(path), /序号 5 的链值与头记录不符/)
  const other = await five(t)
  cpSync(other, path)
  t.throws(opening(path), /不是原来那一份/)
})

t.test('without an anchor that can be read nobody knows whether the end is missing', async (t) => {
  const path = await five(t)
  const files = () => readdirSync(dirname(path)).filter((name) => !/-(wal|shm)$/.test(name))
  const whole = readFileSync(anchorPath(path))
  for (const harm of ['\0\0\0', '', '{}']) {
    writeFileSync(anchorPath(path), harm)
    t.throws(opening(path), {
      name: 'RegisterFault',
      message: /锚文件 register.anchor 无法读取[\s\S]*--as-is/,
    })
    t.equal(readFileSync(anchorPath(path), 'utf8'), harm, 'it is evidence')
  }
  rmSync(anchorPath(path))
  t.throws(opening(path), /登记簿到序号 5，却没有锚文件[\s\S]*--as-is/)
  t.same(files(), ['register.db'])
  writeFileSync(anchorPath(path), whole)
  await openSqliteRegister(path, now).close()
  t.same(files(), ['register.anchor', 'register.db'])
})

t.test(
  'an anchor without its register, or beside one that is empty or older, is left as it is',
  async (t) => {
    const path = await five(t)
    const anchor = readFileSync(anchorPath(path))
    const whole = readFileSync(path)
    const refused = (message: RegExp) => {
      t.throws(opening(path), { name: 'RegisterFault', message })
      t.same(readFileSync(anchorPath(path)), anchor)
    }
    rmSync(path)
    refused(/没有登记簿.*锚文件记到序号 5/)
    t.notOk(existsSync(path), 'none is made')
    writeFileSync(path, '')
    refused(/没有登记簿.*锚文件记到序号 5/)
    t.equal(readFileSync(path).length, 0)
    rmSync(path)
    change(path, 'PRAGMA journal_mode = WAL; PRAGMA user_version = 1')
    refused(/没有登记簿.*锚文件记到序号 5/)
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
    cpSync(OLD, path)
    refused(/以前版本的副本.*锚文件记到序号 5/)
    t.same(readFileSync(path), readFileSync(OLD))
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
    change(path, 'CREATE TABLE orders (id)')
    refused(/别的程序的数据库/)
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
    writeFileSync(path, whole)
    const register = openSqliteRegister(path, now)
    t.equal(await register.head(), 5, 'put back, it opens')
    await register.close()
  },
)

t.test(
  'a register from before the chain is carried over as it is, and an older program can append no more',
  async (t) => {
    const path = join(temporaryFolder(t), 'register.db')
    cpSync(OLD, path)
    const before = new Sqlite(path)
    const digests = () => before.prepare('SELECT seq, payload, salt, digest FROM entry ORDER BY seq').all()
    const as = digests()
    const insert = before.prepare(
      `INSERT INTO entry (seq, id, subject, revision, kind, payload, salt, payload_digest, visibility, authority, officer,
       command, recorded_at, digest)
     SELECT seq + 1000, id, subject, revision + 1000, kind, payload, salt, payload_digest, visibility, authority,
       officer, command, recorded_at, digest FROM entry WHERE seq = 1`,
    )
    const later = () => new Date('2027-01-08T02:00:00Z')
    const [one, two] = [openSqliteRegister(path, later), openSqliteRegister(path, later)]
    t.same(digests(), as, 'nothing that was there is changed')
    t.throws(() => insert.run(), /NOT NULL constraint failed: entry.chain/)
    before.close()
    const entries = await one.read(0, 1000)
    t.equal(entries.length, 161)
    t.ok(entries.every(({ chain }) => chain.length === 64))
    await two.append({ drafts: [draft('Z')], command: 'x' })
    t.match(await one.standing(), { position: 162 })
    await one.close()
    await two.close()
  },
)

t.test('many entries are carried over batch by batch', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  cpSync(OLD, path)
  change(
    path,
    `WITH RECURSIVE n(i) AS (SELECT 162 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
     INSERT INTO entry SELECT i, 'x', 'S' || i, 1, kind, payload, salt, payload_digest, visibility, authority, officer,
       command, recorded_at, digest FROM n, entry WHERE seq = 1`,
  )
  const register = openSqliteRegister(path, now)
  t.match(await register.standing(), { position: 10_500 })
  const [last] = await register.read(10_499, 1)
  t.equal(last?.chain, (await register.standing()).chain)
  await register.close()
})

t.test('carrying over that was cut off goes on where it was', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  cpSync(OLD, path)
  const db = new Sqlite(path)
  db.exec(readFileSync(new URL('../../migrations/sqlite/0001_chain.sql', import.meta.url), 'utf8'))
  db.exec(
    `CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
  )
  const journal = JSON.parse(
    readFileSync(new URL('../../migrations/sqlite/meta/_journal.json', import.meta.url), 'utf8'),
  )
  db.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run(
    'x',
    journal.entries[1].when,
  )
  const first = db.prepare<[], string>('SELECT digest FROM entry WHERE seq = 1').pluck().get() ?? ''
  const chain = chained(noChain, first)
  db.prepare('UPDATE entry SET chain = unhex(?) WHERE seq = 1').run(chain)
  db.prepare(`INSERT INTO head VALUES (1, 1, '2026-01-05T02:00:00.000Z', unhex(?), 'ab', NULL)`).run(chain)
  db.close()
  const register = openSqliteRegister(path, now)
  t.match(await register.standing(), { position: 161, epoch: 'ab' })
  const [last] = await register.read(160, 1)
  t.equal(last?.chain, (await register.standing()).chain)
  await register.close()
})

t.test('a register that has moved takes no more appends', async (t) => {
  const path = await five(t)
  change(path, `UPDATE head SET moved_to = 'postgres://elsewhere/registry'`)
  const register = openSqliteRegister(path, now)
  await t.rejects(register.append({ drafts: [draft('A')], command: 'x' }), { name: 'RegisterMoved' })
  t.equal(await register.head(), 5)
  await register.close()
})
