import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { MOST_LOG_BYTES, openBeside } from '../../src/register/beside.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { RegisterFull, RegisterMoved, RegisterUnavailable } from '../../src/register/register.ts'
import { LastKnown } from '../../src/registry/last-known.ts'
import { closable } from '../../src/running/closing.ts'
import { databaseBytes, shortenLogs } from '../../src/running/logs.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { readiness } from '../../src/running/readiness.ts'
import { SearchUnavailable } from '../../src/search/engine.ts'
import { localWriter } from '../../src/writer/writer.ts'
import { penaltyOf, temporaryFolder, testRegistry, unifiedCode } from '../support.ts'

const never = () => new Promise<never>(() => undefined)
const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }

t.test(
  'a server closes at once on whoever has asked for nothing whole, and lets the rest finish',
  async (t) => {
    const server = createServer((message, response) => {
      message.on('error', () => undefined)
      message.resume().on('end', () => setTimeout(() => response.end('done'), 300))
    })
    const close = closable(server, 'http://localhost')
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const speaking = (text: string) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(text)
      return new Promise<void>((resolve) => socket.on('close', () => resolve()))
    }
    const gone = [
      speaking('GET / HTTP/1.1\r\nHost: x\r\n'),
      speaking(''),
      speaking('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"half'),
    ]
    await new Promise((resolve) => setTimeout(resolve, 100))
    const taken = new Promise<void>((resolve) =>
      server.on('request', ({ method }) => {
        if (method === 'GET') resolve()
      }),
    )
    const accepted = fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text())
    await taken
    await close(() => new Promise((resolve) => server.close(resolve)))
    await Promise.all(gone)
    t.equal(await accepted, 'done')
  },
)

t.test('whatever lies outside is asked with a bound, and told as it was last known', async (t) => {
  const known = new LastKnown(0)
  t.equal(await known.known(async () => 7), 7)
  t.equal(await known.known(never), 7)
  t.equal(await known.known(async () => 8), 7, 'one question at a time')
  const failing = new LastKnown(3)
  t.equal(
    await failing.known(async () => {
      throw new Error('gone')
    }),
    3,
  )
})

t.test('an append does not wait for an index that hangs', async (t) => {
  const { register } = await testRegistry(t)
  const writer = localWriter({
    register,
    applier: { apply: async () => undefined, catchUp: async () => 0, applied: 0 },
    rebuildViews: async () => undefined,
    search: { catchUp: never, rebuild: async () => undefined },
    onLag: t.error,
  })
  const author = { authority: '省局', officer: '张三' }
  const draft = { subject: 'A', kind: 'note', payload: {}, visibility: 'internal', author } as const
  t.match(await writer.append({ drafts: [draft], command: 'x' }), { repeated: false })
})

t.test('readiness is found out by doing', async (t) => {
  const { registry, views, search } = await testRegistry(t)
  const uscc = unifiedCode('DEM00001')
  await registry.acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
  await registry.acts.addRecord(uscc, 'penalty', penaltyOf('1号').data, undefined, request)
  const asked: string[] = []
  const watched = {
    ...search,
    search: (query: Parameters<typeof search.search>[0]) => {
      asked.push(query.text)
      return search.search(query)
    },
  }
  const parts = {
    dataDir: temporaryFolder(t),
    views,
    search: watched,
    probe: async () => undefined,
    clock: { doubt: undefined },
  }
  t.match(await readiness(parts).look(), {
    status: 'ready',
    reasons: [],
    checks: { read: { ok: true }, search: { ok: true }, write: { ok: true } },
  })
  t.same(asked, ['示例公司'], 'it looks for a file that is there')
  const full = { ...parts, probe: () => Promise.reject(new RegisterFull('full')) }
  t.match(await readiness(full).look(), {
    status: 'full',
    reasons: [/磁盘已满/],
    checks: { write: { ok: false } },
  })
  const unlogged = { ...parts, probeLog: () => Promise.reject(new Error('locked')) }
  t.match(await readiness(unlogged).look(), { status: 'degraded', reasons: [/公众查询照常/] })
  const deskless = { ...parts, probeDesk: () => Promise.reject(new Error('no such table')) }
  t.match(await readiness(deskless).look(), {
    status: 'degraded',
    reasons: [/^登录、导入.*查阅和以接口登记照常/],
  })
  const silent = { ...parts, search: { ...search, search: never } }
  t.match(await readiness(silent).look(), { status: 'broken', reasons: ['检索出错：没有答复。'] })
  const begun = { ...silent, isBegun: true }
  t.match(
    await readiness(begun).look(),
    { status: 'ready', checks: { search: { ok: true, ageMs: null } } },
    'what a start has tried is not broken because the first look takes long',
  )
  for (const name of ['probe', 'probeLog', 'probeDesk', 'filesThere'])
    t.match(
      await readiness({ ...parts, [name]: never, isBegun: true }).look(),
      { status: 'degraded', reasons: [/没有答复。$/] },
      `${name} has not been tried yet`,
    )
  const moved = { ...parts, probe: () => Promise.reject(new RegisterMoved('postgresql://elsewhere')) }
  t.match(await readiness(moved).look(), {
    status: 'degraded',
    reasons: [/^登记簿已迁往别处(?!.*elsewhere)/],
    checks: { write: { ok: false } },
  })
  const away = () => Promise.reject(new RegisterUnavailable(false))
  const known = await readiness({ ...parts, probe: away, probeLog: away, probeDesk: away }).look()
  t.equal(known.reasons.length, 1, 'one cause is told once')
  t.match(known.reasons, [/数据库连接不上/])
  const locked = new Sqlite.SqliteError('locked', 'SQLITE_BUSY')
  const held = () => Promise.reject(new RegisterUnavailable(false, { cause: locked }))
  const besideLocked = await readiness({ ...parts, probeDesk: held }).look()
  t.match(besideLocked, { status: 'degraded', checks: { write: { ok: true }, desk: { ok: false } } })
  t.match(
    besideLocked.reasons,
    [/^登录、导入、评价草稿.*被别的程序占用/],
    'what is locked is told, and not the register',
  )
  t.match((await readiness({ ...parts, probe: held }).look()).reasons, [
    /登记簿的数据库.*被别的程序占用.*登记得到 503/,
  ])
  t.equal((await readiness({ ...parts, probe: held, probeDesk: held }).look()).reasons.length, 2)
  const doubt = { kind: 'behind', words: '时钟不准' } as const
  t.match(await readiness({ ...parts, clock: { doubt } }).look(), { status: 'clock', reasons: ['时钟不准'] })
  const jumped = { kind: 'jumped', words: '时钟被拨快' } as const
  t.match(await readiness({ ...parts, clock: { doubt: jumped } }).look(), {
    status: 'clock',
    reasons: ['时钟被拨快'],
  })

  const unavailable = { ...search, search: () => Promise.reject(new SearchUnavailable('down')) }
  const outside = { status: 'degraded', reasons: [/检索服务没有答复/], checks: { search: { ok: false } } }
  t.match(await readiness({ ...parts, search: unavailable, isSearchOutside: true }).look(), outside)
  t.match(await readiness({ ...silent, isSearchOutside: true }).look(), outside)
  const faulty = { ...search, search: () => Promise.reject(new Error('SQLITE_CORRUPT')) }
  t.match(await readiness({ ...parts, search: faulty, isSearchOutside: true }).look(), { status: 'broken' })
})

t.test('what was found out ages by a clock that no hand sets', async (t) => {
  const { views, search } = await testRegistry(t)
  let room = true
  const { look } = readiness({
    dataDir: temporaryFolder(t),
    views,
    search,
    probe: () => (room ? Promise.resolve() : Promise.reject(new RegisterFull('full'))),
    clock: { doubt: undefined },
  })
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  Date.now = () => now() + 3_600_000
  t.match(await look(), { status: 'ready' })
  Date.now = now
  room = false
  await sleep(1_100)
  t.match(await look(), { status: 'full', checks: { write: { ok: false } } })
})

t.test(
  'a log that readers have let grow is cut off once they are out of the way, and is told of',
  async (t) => {
    const dataDir = temporaryFolder(t)
    const { views } = pathsIn(dataDir)
    const writing = openBeside(views)
    t.teardown(() => writing.close())
    writing.exec('CREATE TABLE filler (text BLOB)')
    const reading = new Sqlite(views)
    t.teardown(() => reading.close())
    reading.exec('BEGIN; SELECT count(*) FROM filler')
    for (let megabytes = 0; megabytes < 48; megabytes += 8)
      writing.prepare('INSERT INTO filler VALUES (randomblob(?))').run(8 * 1024 * 1024)
    const bytes = async () => (await databaseBytes(dataDir))['views.db']?.log ?? 0
    const grown = await bytes()
    t.ok(grown > MOST_LOG_BYTES)
    await shortenLogs(dataDir)
    t.equal(await bytes(), grown, 'a reader is in the way')
    reading.exec('COMMIT')
    await shortenLogs(dataDir)
    t.equal(await bytes(), 0)
    t.equal(writing.prepare('SELECT count(*) FROM filler').pluck().get(), 6)
  },
)
