import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { compactVerify, importJWK } from 'jose'
import t, { type Test } from 'tap'
import { checkCopy } from '../../src/bulk/check.ts'
import { Copies, keepUp } from '../../src/bulk/copies.ts'
import type { Manifest } from '../../src/bulk/manifest.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Audience } from '../../src/records/sight.ts'
import { Sqlite } from '../../src/register/driver.ts'
import type { Draft } from '../../src/register/entry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { OneState } from '../../src/views/one-state.ts'
import { type FollowedEvent, Follower } from '../follower.ts'
import { licenceOf, penaltyOf, temporaryFolder, testServer, unifiedCode } from '../support.ts'

const author = { authority: '省局', officer: '张三' }
const KEYS = ['DEM00001', 'DEM00002', 'DEM00003'].map((body) => unifiedCode(body).slice(8, 17))
const [ONE = '', TWO = '', THREE = ''] = KEYS

async function copying(t: Test) {
  const server = await testServer(t)
  const paths = pathsIn(server.folder)
  const keys = await openStampKeys(paths, server.clock.now)
  let n = 0
  const fact = async (
    subject: string,
    kind: string,
    payload: object,
    erases: readonly number[] = [],
    visibility: Draft['visibility'] = 'platform',
  ) => {
    n += 1
    const draft = { subject, kind, payload, visibility, author }
    return (await server.writer.append({ drafts: [draft], command: `t/${n}`, erases })).entries[0]?.seq ?? 0
  }
  const make = async (anew = false, days = 35): Promise<Manifest[]> => {
    const { epoch } = await server.register.standing()
    const parts = {
      folder: paths.bulk,
      views: paths.views,
      catalogue,
      keys,
      epoch,
      now: server.clock.now,
      days,
    }
    return keepUp(parts, anew)
  }
  const copies = new Copies(paths.bulk)
  const linesOf = (audience: Audience, file: string) => {
    const [last] = copies.of(audience)
    const text = gunzipSync(readFileSync(join(paths.bulk, audience, last?.name ?? '', file))).toString()
    return text.split('\n').filter((line) => line !== '')
  }
  const faults = async (audience: Audience) => {
    const [last] = copies.of(audience)
    const snapshot = new OneState(paths.views)
    if (!last) return ['no copy']
    const found = await checkCopy(join(paths.bulk, audience, last.name), last.manifest, snapshot)
    snapshot.close()
    return found
  }
  for (const key of KEYS)
    await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司`, region: '130102' } })
  await fact(ONE, 'record.added', { id: 'l1', ...licenceOf('1', { remark: '机密' }) })
  await fact(ONE, 'record.added', { id: 'p1', ...penaltyOf('1号', { facts: '事实' }) })
  await fact(TWO, 'record.added', { id: 'p2', ...penaltyOf('2号', { decidedOn: '2026-11-20' }) })
  return { server, paths, keys, fact, make, copies, linesOf, faults }
}

interface Line {
  orgCode: string
  type: string
  id: string
  digest: string
  state: object
  deleted?: true
  states?: Line[]
}

/** What a consumer holds after a copy and a delta, as docs/api.md tells it to apply them. */
function applied(copy: readonly string[], delta: readonly string[]): string[] {
  const held = new Map<string, Line>()
  const put = (line: Line) => held.set(`${line.orgCode} ${line.id}`, line)
  for (const line of copy) put(JSON.parse(line))
  for (const text of delta) {
    const line: Line = JSON.parse(text)
    if (line.states) {
      for (const place of [...held.keys()]) if (place.startsWith(`${line.orgCode} `)) held.delete(place)
      for (const one of line.states) put(one)
    } else if (line.deleted) held.delete(`${line.orgCode} ${line.id}`)
    else put(line)
  }
  return [...held.values()].map((line) => JSON.stringify(line)).sort()
}

t.test('copy and delta are the next copy, the feed, and what stands', async (t) => {
  const { server, fact, make, copies, linesOf, faults } = await copying(t)
  const [, first] = await make()
  const before = linesOf('platform', 'files.ndjson.gz')
  t.equal(before.length, 6)
  const publicBefore = linesOf('public', 'files.ndjson.gz')
  t.same(await faults('platform'), [])
  t.same(await faults('public'), [])
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '注销' } })
  await fact(ONE, 'record.withdrawn', { id: 'p1', reason: 'x' })
  const added = await fact(TWO, 'record.added', { id: 'l2', ...licenceOf('2') })
  await fact(THREE, 'enterprise.withdrawn', { reason: 'x' })
  t.same(await faults('platform'), [], 'what has moved since is no fault')
  t.same(await faults('public'), [])
  server.clock.set('2026-11-25T02:00:00.000Z')
  await server.registry.runDaily()
  const made = await make()
  t.same(
    made.map(({ audience }) => audience),
    ['public', 'platform'],
  )
  const [last] = copies.of('platform')
  t.match(last?.manifest.deltas, [{ since: first?.position, on: '2026-11-24' }])
  const delta = linesOf('platform', `since-${first?.position}.ndjson.gz`)
  const after = linesOf('platform', 'files.ndjson.gz')
  t.same(applied(before, delta), [...after].map((line) => JSON.stringify(JSON.parse(line))).sort())
  const follower = new Follower()
  const events = await server.registry.feed.events(0, 1000, 0, new AbortController().signal)
  follower.apply(events.events.map(({ json }): FollowedEvent => JSON.parse(json)))
  const ofCopy = new Follower()
  ofCopy.load(after.map((line) => JSON.parse(line)))
  t.same(ofCopy.all, follower.all)
  t.same(await faults('platform'), [])

  const publicDelta = linesOf('public', `since-${first?.position}.ndjson.gz`).map((line) => JSON.parse(line))
  const held = new Map(publicBefore.map((line) => [JSON.parse(line).orgCode, JSON.parse(line).file]))
  for (const { orgCode, file, deleted } of publicDelta)
    deleted ? held.delete(orgCode) : held.set(orgCode, file)
  const { items } = (await server.app.inject('/api/v1/changes?since=0')).json()
  const standing = items.filter((one: { deleted?: true }) => !one.deleted)
  t.same([...held.keys()].sort(), standing.map(({ orgCode }: { orgCode: string }) => orgCode).sort())
  for (const { orgCode, file } of standing) t.same(held.get(orgCode), file)

  // An erasure restates its file, and takes the copies that held what was erased.
  await fact(TWO, 'payload.erased', { positions: [added], reason: 'x' }, [added])
  t.equal((await make()).length, 2, 'of the same day')
  t.equal(copies.of('platform').length, 1)
  const restated = linesOf('platform', `since-${last?.manifest.position}.ndjson.gz`)
  t.same(
    applied(after, restated),
    linesOf('platform', 'files.ndjson.gz')
      .map((line) => JSON.stringify(JSON.parse(line)))
      .sort(),
  )
  t.notMatch(linesOf('platform', 'files.ndjson.gz').join(), '"l2"')
})

t.test('the database of a copy holds what its tables hold, under the names of the API', async (t) => {
  const { paths, fact, make, copies } = await copying(t)
  await fact(ONE, 'record.added', {
    id: 'p3',
    ...penaltyOf('3号', { kinds: ['警告', '罚款'], fineYuan: 20_000 }),
  })
  await fact(TWO, 'enterprise.changed', { changes: { name: '=改名后"的公司' } })
  await make()
  for (const audience of ['public', 'platform'] as const) {
    const [one] = copies.of(audience)
    const folder = join(paths.bulk, audience, one?.name ?? '')
    const path = join(temporaryFolder(t), 'registry.sqlite')
    writeFileSync(path, gunzipSync(readFileSync(join(folder, 'registry.sqlite.gz'))))
    const database = new Sqlite(path, { readonly: true })
    t.teardown(() => database.close())
    const { epoch, position, on, schema, files = [] } = one?.manifest ?? {}
    t.same(
      Object.fromEntries(database.prepare<[], [string, unknown]>('SELECT name, value FROM copy').raw().all()),
      { audience, epoch, position, on, schema },
    )
    t.same(
      database.prepare('SELECT DISTINCT typeof(value) FROM copy WHERE name = ?').pluck().all('position'),
      ['integer'],
    )
    t.same(
      database.prepare('SELECT DISTINCT typeof(fine) FROM penalty WHERE fine IS NOT NULL').pluck().all(),
      ['integer'],
    )
    let rows = 0
    for (const { name } of files.filter(({ name }) => name.endsWith('.csv.gz'))) {
      const table = name.replace('.csv.gz', '')
      const [labels, ...lines]: string[][] = parse(gunzipSync(readFileSync(join(folder, name))), {
        bom: true,
      })
      t.same(
        database.prepare('SELECT label FROM label WHERE "table" = ?').pluck().all(table),
        labels,
        `${audience} ${table}`,
      )
      const held = database.prepare<[], unknown[]>(`SELECT * FROM "${table}"`).raw().all()
      // A spreadsheet must not run what a program takes as it is.
      const cells = (cell: unknown) =>
        String(cell ?? '').replace(audience === 'public' ? /^(?=[=+\-@])/ : /^$/, (found) =>
          found === '' && audience === 'public' ? "'" : found,
        )
      t.same(
        held.map((row) => row.map(cells)),
        lines.map((row) => row.map((cell) => cell.replace(/^true$/, '1').replace(/^false$/, '0'))),
        `${audience} ${table}`,
      )
      rows += held.length
    }
    t.equal(
      database.prepare('SELECT name FROM enterprise WHERE orgCode = ?').pluck().get(TWO),
      '=改名后"的公司',
      'as it was decided',
    )
    t.ok(rows >= 5)
    t.equal(files.find(({ name }) => name === 'registry.sqlite.gz')?.lines, rows)
  }
})

t.test('a manifest names each file with its size and digest, and is signed', async (t) => {
  const { paths, keys, make, copies } = await copying(t)
  await make()
  for (const audience of ['public', 'platform'] as const) {
    const [one] = copies.of(audience)
    const folder = join(paths.bulk, audience, one?.name ?? '')
    const { files = [], deltas = [] } = one?.manifest ?? {}
    const names = [...files, ...deltas].map(({ name }) => name)
    t.same(readdirSync(folder).sort(), [...names, 'manifest.json', 'manifest.jws'].sort())
    for (const { name, bytes, sha256, lines } of files) {
      const content = readFileSync(join(folder, name))
      t.equal(content.length, bytes, name)
      t.equal(createHash('sha256').update(content).digest('hex'), sha256, name)
      const text = gunzipSync(content).toString()
      t.notMatch(text, /机密|张三/)
      if (!name.includes('sqlite'))
        t.equal(
          text.split('\n').filter((line) => line.trim() !== '').length,
          lines + (name.includes('csv') ? 1 : 0),
          name,
        )
    }
    const [own] = keys.all
    const key = await importJWK({ ...own }, 'EdDSA')
    const { payload } = await compactVerify(readFileSync(join(folder, 'manifest.jws'), 'utf8'), key)
    t.same(Buffer.from(payload), readFileSync(join(folder, 'manifest.json')))
  }
  const text = (audience: Audience) => {
    const [one] = copies.of(audience)
    return gunzipSync(readFileSync(join(paths.bulk, audience, one?.name ?? '', 'penalty.csv.gz'))).toString()
  }
  t.match(text('platform'), /档案编号,编号,.*违法事实/)
  t.match(text('platform'), /2号/, 'from its entry on')
  t.notMatch(text('public'), /违法事实|2号/)
})

t.test('a copy is made once a day; deltas are kept as long as the setting says', async (t) => {
  const { server, make, copies, fact } = await copying(t)
  t.equal((await make(false, 2)).length, 2)
  t.equal((await make(false, 2)).length, 0)
  t.equal((await make(true, 2)).length, 2, 'on demand')
  const since = async (day: string) => {
    server.clock.set(`${day}T02:00:00.000Z`)
    await fact(ONE, 'record.updated', { id: 'l1', changes: { scope: day } })
    await make(false, 2)
    return copies.of('public')[0]?.manifest.deltas.map(({ on }) => on)
  }
  t.same(await since('2026-11-25'), ['2026-11-24'])
  t.same(await since('2026-11-26'), ['2026-11-25'])
  t.equal(copies.of('public').length, 2)
})

t.test(
  'a copy of another epoch is neither listed nor served, and goes with the next that is made',
  async (t) => {
    const { server, make, copies, paths } = await copying(t)
    await make()
    for (const audience of ['public', 'platform'] as const) {
      const [own] = copies.of(audience)
      if (!own) return t.fail('no copy')
      const lost = join(paths.bulk, audience, '999-ffffffff')
      cpSync(join(paths.bulk, audience, own.name), lost, { recursive: true })
      const manifest = {
        ...own.manifest,
        epoch: 'ffffffff',
        position: 999,
        madeAt: '2026-11-25T02:00:00.000Z',
      }
      writeFileSync(join(lost, 'manifest.json'), JSON.stringify(manifest))
      const headers = await server.authorization(['platform:read'])
      const { items } = (await server.app.inject({ url: `/bulk/${audience}`, headers })).json()
      t.same(
        items.map(({ position }: { position: number }) => position),
        [own.manifest.position],
      )
      const url = `/bulk/${audience}/999-ffffffff/manifest.json`
      t.equal((await server.app.inject({ url, headers })).statusCode, 404)
    }
    server.clock.set('2026-11-26T02:00:00.000Z')
    await make()
    t.notOk(copies.of('public').some(({ manifest }) => manifest.epoch === 'ffffffff'))
  },
)

t.test('a copy that was changed is found', async (t) => {
  const { paths, make, copies, faults } = await copying(t)
  await make()
  const [one] = copies.of('platform')
  const path = join(paths.bulk, 'platform', one?.name ?? '', 'penalty.csv.gz')
  writeFileSync(path, readFileSync(path).subarray(1))
  t.match(await faults('platform'), [/penalty.csv.gz 的大小或摘要与清单不符/])
})

t.test('copies are served, in parts too; the platform’s to the platform alone', async (t) => {
  const { server, make } = await copying(t)
  await make()
  const { app } = server
  const [own] = (await app.inject('/bulk/public')).json().items
  t.match(own, { audience: 'public', on: '2026-11-24' })
  const folder = own.href.replace('/manifest.json', '')
  t.match((await app.inject(own.href)).json().files, [{ name: 'files.ndjson.gz' }])
  const get = (range?: string, more: object = {}, file = 'files.ndjson.gz') =>
    app.inject({ url: `${folder}/${file}`, headers: { ...(range && { range }), ...more } })
  const whole = await get()
  t.equal(whole.statusCode, 200)
  const bytes = whole.rawPayload
  const part = async (range: string) => {
    const { statusCode, rawPayload, headers } = await get(range)
    return [statusCode, rawPayload.toString('hex'), headers['content-range']]
  }
  const n = bytes.length
  t.same(await part('bytes=0-0'), [206, bytes.subarray(0, 1).toString('hex'), `bytes 0-0/${n}`])
  t.same(await part(`bytes=${n - 1}-`), [
    206,
    bytes.subarray(n - 1).toString('hex'),
    `bytes ${n - 1}-${n - 1}/${n}`,
  ])
  t.same(await part('bytes=-2'), [206, bytes.subarray(n - 2).toString('hex'), `bytes ${n - 2}-${n - 1}/${n}`])
  t.equal((await part(`bytes=5-${n + 9}`))[2], `bytes 5-${n - 1}/${n}`)
  t.match(await get(`bytes=${n}-`), { statusCode: 416, headers: { 'content-range': `bytes */${n}` } })
  t.equal((await get('bytes=3-2')).statusCode, 200)
  t.equal((await get('junk')).statusCode, 200)
  const { etag } = whole.headers
  for (const name of ['files.ndjson.gz', 'penalty.csv.gz', 'manifest.json', 'manifest.jws']) {
    const { headers, rawPayload } = await get(undefined, {}, name)
    t.equal(headers.etag, `"${createHash('sha256').update(rawPayload).digest('hex')}"`, name)
  }
  t.equal((await get(undefined, { 'if-none-match': etag })).statusCode, 304)
  t.equal((await get('bytes=0-0', { 'if-range': etag })).statusCode, 206)
  t.equal((await get('bytes=0-0', { 'if-range': '"other"' })).statusCode, 200)
  t.equal((await get(undefined, { 'if-match': `"other", ${etag}` })).statusCode, 200)
  t.match(await get(undefined, { 'if-match': '"other"' }), { statusCode: 412, headers: { etag: undefined } })
  const head = await app.inject({
    method: 'HEAD',
    url: `${folder}/files.ndjson.gz`,
    headers: { range: 'bytes=0-0' },
  })
  t.match(head, { statusCode: 200, headers: { 'content-length': n } }, 'a range is of GET')
  for (const name of ['../../register.db', '..%2F..%2Fregister.db', 'nothing.gz'])
    t.ok([400, 404].includes((await get(undefined, {}, name)).statusCode), name)
  t.equal((await app.inject('/bulk/platform')).statusCode, 401)
  const headers = await server.authorization(['platform:read'])
  const [theirs] = (await app.inject({ url: '/bulk/platform', headers })).json().items
  t.equal((await app.inject(theirs.href)).statusCode, 401)
  const accesses = async () => (await server.registry.accesses.find({ act: 'read' }, 1e9, 100)).length
  const before = await accesses()
  t.equal(
    (await app.inject({ url: theirs.href, headers: { ...headers, range: 'bytes=0-1' } })).statusCode,
    206,
  )
  t.equal(await accesses(), before + 1)
  t.equal((await app.inject('/bulk/other')).statusCode, 400)
})

t.test('a copy that was made by other rules is handed out no more', async (t) => {
  const { server, make, copies } = await copying(t)
  const { app, registry } = server
  await make()
  const headers = await server.authorization(['platform:read'])
  const answers = async () => {
    const found: number[] = []
    for (const audience of ['public', 'platform'] as const) {
      found.push((await app.inject({ url: `/bulk/${audience}`, headers })).json().items.length)
      const [made] = copies.of(audience)
      const answer = await app.inject({ url: `/bulk/${audience}/${made?.name}/manifest.json`, headers })
      found.push(answer.statusCode)
      if (answer.statusCode === 404) t.match(answer.body, /以前的口径.*重新取/)
    }
    return found
  }
  t.same(await answers(), [1, 200, 1, 200])
  const { schema } = registry.feed
  Object.defineProperty(registry.feed, 'schema', { value: 'platform-1-another', configurable: true })
  t.same(await answers(), [0, 404, 0, 404])
  Object.defineProperty(registry.feed, 'schema', { value: schema, configurable: true })
  t.same(await answers(), [1, 200, 1, 200])
})

t.test('a copy that may hold what was erased since is refused at once', async (t) => {
  const { server, fact, make, copies } = await copying(t)
  const { app } = server
  await make()
  server.clock.set('2026-11-25T02:00:00.000Z')
  const later = await fact(TWO, 'record.added', { id: 'l2', ...licenceOf('2') })
  const hidden = await fact(TWO, 'note.added', { id: 'n1', text: '内部' })
  await make()
  const headers = await server.authorization(['platform:read'])
  const audiences = ['public', 'platform'] as const
  const held = audiences.flatMap((audience) => copies.of(audience).map(({ name }) => `${audience}/${name}`))
  t.equal(held.length, 4)
  const listed = async () => {
    const found = []
    for (const audience of audiences)
      found.push((await app.inject({ url: `/bulk/${audience}`, headers })).json().items.length)
    return found
  }
  const served = async (file: string) => {
    const found = []
    for (const copy of held) {
      const answer = await app.inject({ url: `/bulk/${copy}/${file}`, headers })
      t.match(answer.headers['cache-control'], /no-cache|no-store/, 'nobody hands it on unasked')
      found.push(answer.statusCode)
    }
    return found
  }
  t.same(await listed(), [2, 2])
  t.same(await served('files.ndjson.gz'), [200, 200, 200, 200])
  await fact(ONE, 'record.updated', { id: 'l1', changes: { scope: '甲' } })
  t.same(await listed(), [2, 2], 'what only moved on is told by the feeds')

  const ended = [
    await fact(TWO, 'note.added', { id: 'n2', text: '内部' }, [], 'internal'),
    // The end of a case that nobody was told of was for the platform once.
    await fact(TWO, 'listing.removed', { case: 'c1', on: '2026-11-25', cause: 'revoked', reason: 'x' }),
  ]
  await fact(TWO, 'payload.erased', { positions: ended, reason: 'x' }, ended)
  t.same(await listed(), [2, 2], 'of what nobody outside saw, no copy holds anything')
  t.same(await served('manifest.json'), [200, 200, 200, 200])

  await fact(TWO, 'payload.erased', { positions: [later, hidden], reason: 'x' }, [later, hidden])
  t.same(await listed(), [0, 0])
  for (const file of ['files.ndjson.gz', 'licence.csv.gz', 'manifest.json', 'manifest.jws'])
    t.same(await served(file), [404, 404, 404, 404], file)
  const refused = await app.inject({
    url: `/bulk/${held[0]}/files.ndjson.gz`,
    headers: { 'if-none-match': '*' },
  })
  t.match(refused, { statusCode: 404 })
  t.match(refused.body, /依法删去.*重新取 \/bulk\/public/)
  await make()
  t.same(await listed(), [1, 1])
  await fact(ONE, 'record.updated', { id: 'l1', changes: { scope: '乙' } })
  t.same(await listed(), [1, 1], 'the erasure stands before it')
  await fact(ONE, 'record.withdrawn', { id: 'p1', reason: 'x' })
  const erased = await fact(ONE, 'payload.erased', { positions: [2], reason: 'x' }, [2])
  t.same(await listed(), [0, 0], 'another one')
  t.ok(server.views.hasErasedAfter(later), 'asked of an earlier position than before')
  t.ok(server.views.hasErasedAfter(erased - 1))
  t.notOk(server.views.hasErasedAfter(erased))
})

t.test(
  'a copy made at midnight, before the daily job, holds nothing whose publication has ended',
  async (t) => {
    const { server, fact, make, linesOf, faults } = await copying(t)
    for (const [key, id] of [
      [ONE, 'ended-1'],
      [TWO, 'ended-2'],
    ] as const)
      await fact(key, 'record.added', {
        id,
        ...penaltyOf(`到期${id}`, { fine: 1_000, decidedOn: '2026-08-20', publishedOn: '2026-08-28' }),
      })
    const shown = (lines: readonly string[]) => lines.filter((line) => line.includes('到期ended')).length
    for (const [moment, count] of [
      ['2026-11-27T15:59:59.000Z', 2],
      ['2026-11-27T16:00:00.000Z', 0],
      ['2026-11-28T16:00:00.000Z', 0],
    ] as const) {
      server.clock.set(moment)
      const [made] = await make(true)
      t.equal(shown(linesOf('public', 'files.ndjson.gz')), count, moment)
      for (const { since } of made?.deltas ?? []) {
        const delta = linesOf('public', `since-${since}.ndjson.gz`)
        t.equal(shown(delta), count, `${moment}, since ${since}`)
        if (count === 0) t.equal(delta.length, 2, 'and tells so')
      }
      t.same(await faults('public'), [], moment)
    }
  },
)
