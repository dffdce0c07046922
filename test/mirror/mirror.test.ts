import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { built } from '../../scripts/build/build.js'
import { keepUp } from '../../src/bulk/copies.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { checkMirror, mirror, type Progress } from '../../src/mirror/mirror.ts'
import { Source } from '../../src/mirror/source.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { licenceOf, openAuthority, penaltyOf, testServer, unifiedCode } from '../support.ts'

const CLI = fileURLToPath(await built('cli'))
const author = { authority: '省局', officer: '张三' }
const KEYS = ['DEM00001', 'DEM00002', 'DEM00003'].map((body) => unifiedCode(body).slice(8, 17))
const [ONE = '', TWO = '', THREE = ''] = KEYS

async function following(t: Test) {
  const server = await testServer(t)
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  await openAuthority(server, '测试局')
  const opened = await server.app.inject({
    method: 'POST',
    url: '/api/v1/consumers',
    headers: await server.authorization(['officers:write']),
    payload: { name: '省信用平台' },
  })
  const consumer: string = opened.json().id
  const asked = { name: '平台', authority: '测试局', scopes: ['platform:read' as const], consumer }
  const { text: key } = await server.registry.keys.create(asked, author)
  const paths = pathsIn(server.folder)
  const stamps = await openStampKeys(paths, server.clock.now)
  let n = 0
  const fact = async (subject: string, kind: string, payload: object, erases: readonly number[] = []) => {
    n += 1
    const draft = { subject, kind, payload, visibility: 'platform' as const, author }
    return (await server.writer.append({ drafts: [draft], command: `t/${n}`, erases })).entries[0]?.seq ?? 0
  }
  const copy = async () => {
    const { epoch } = await server.register.standing()
    const parts = { folder: paths.bulk, views: paths.views, catalogue, keys: stamps, epoch, days: 35 }
    return keepUp({ ...parts, now: server.clock.now }, true)
  }
  const path = join(server.folder, 'mirror.db')
  const told: Progress[] = []
  const signal = new AbortController().signal
  const source = new Source(url, key, signal)
  const run = () =>
    mirror(source, path, { follow: false, acknowledges: true, signal, tell: (one) => told.push(one) })
  const stands = () =>
    KEYS.flatMap((key) =>
      server.views.things(key).map(({ id, type, json }) => `${key} ${type} ${id} ${json}`),
    ).sort()
  return { server, url, key, consumer, fact, copy, path, source, run, told, stands }
}

/** What a mirror holds, in the words of `stands`. */
function held(path: string): string[] {
  const connection = new Database(path, { readonly: true })
  const rows = connection
    .prepare<[], { orgCode: string; type: string; id: string; state: string }>(
      'SELECT org_code AS orgCode, type, id, state FROM thing WHERE state IS NOT NULL',
    )
    .all()
  connection.close()
  return rows.map(({ orgCode, type, id, state }) => `${orgCode} ${type} ${id} ${state}`).sort()
}

t.test('a mirror begins with a copy, goes on by events, and holds what stands', async (t) => {
  const { server, fact, copy, path, source, run, told, stands, consumer } = await following(t)
  for (const key of [ONE, TWO]) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
  await fact(ONE, 'record.added', { id: 'l1', ...licenceOf('1') })
  await fact(ONE, 'record.added', { id: 'p1', ...penaltyOf('1号', { facts: '事实' }) })
  const [, made] = await copy()
  await fact(TWO, 'record.added', { id: 'l2', ...licenceOf('2') })
  const first = await run()
  t.match(told, [{ copied: { things: 4 } }, { applied: { steps: 1 } }])
  t.same(held(path), stands())
  t.equal(first.position, server.registry.position())
  t.match(await server.registry.consumers.one(consumer), { acknowledged: first.position, taken: 1, lag: 0 })
  t.same(await checkMirror(source, path), [], 'what has moved since the copy is no fault')
  told.length = 0
  await run()
  t.same(told, [], 'with nothing new, nothing is done again')
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '注销' } })
  await fact(ONE, 'record.withdrawn', { id: 'p1', reason: 'x' })
  await fact(THREE, 'enterprise.opened', { data: { name: '示例丙公司' } })
  await fact(TWO, 'enterprise.withdrawn', { reason: 'x' })
  await run()
  t.same(held(path), stands())
  t.equal(made?.audience, 'platform')
})

t.test('what was erased, a gap and another epoch: a mirror comes to what stands all the same', async (t) => {
  const { server, fact, copy, path, source, run, told, stands } = await following(t)
  for (const key of KEYS) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
  const added = await fact(ONE, 'record.added', { id: 'p1', ...penaltyOf('1号', { facts: '事实' }) })
  await fact(ONE, 'record.added', { id: 'l1', ...licenceOf('1') })
  await run()
  t.match(told, [{ copied: { things: 0 } }, { applied: { steps: 5 } }], 'without a copy, from the beginning')
  await fact(ONE, 'payload.erased', { positions: [added], reason: 'x' }, [added])
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '注销' } })
  await fact(ONE, 'record.updated', { id: 'l1', changes: { status: '有效' } })
  await run()
  t.same(held(path), stands())
  await copy()
  t.same(await checkMirror(source, path), [])
  const connection = new Database(path)
  connection.exec(`DELETE FROM thing WHERE id = '${TWO}'`)
  t.same(await checkMirror(source, path), [`${TWO} 的 ${TWO} 与副本不符。`])
  connection.exec(`INSERT INTO thing VALUES ('${TWO}', 'x', 'licence', 1, NULL, '{}')`)
  connection.exec(`UPDATE thing SET digest = 'other' WHERE id = '${THREE}'`)
  await fact(THREE, 'enterprise.changed', { changes: { name: '示例新名公司' } })
  told.length = 0
  await run()
  t.match(told, [{ copied: { why: /不相衔接/ } }, {}], 'what does not follow begins anew')
  t.same(held(path), stands())
  connection.exec(`UPDATE place SET epoch = 'other'`)
  connection.close()
  told.length = 0
  await run()
  t.match(told, [{ copied: { why: /纪元/ } }, {}])
  t.same(held(path), stands())
  t.equal(server.failures.length, 0)
})

t.test('killed in its midst, again and again, it neither loses nor doubles anything', async (t) => {
  const { server, url, key, fact, copy, path, stands, consumer } = await following(t)
  const keyFile = join(server.folder, 'key')
  writeFileSync(keyFile, key)
  for (const key of KEYS) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
  await copy()
  let isWriting = true
  const writing = (async () => {
    for (let i = 0; isWriting; i += 1) {
      await fact(KEYS[i % 3] ?? ONE, 'record.added', { id: `l${i}`, ...licenceOf(`X${i}`) })
      if (i % 4 === 3)
        await fact(KEYS[(i - 1) % 3] ?? ONE, 'record.withdrawn', { id: `l${i - 1}`, reason: 'x' })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  const start = (...more: string[]): ChildProcess =>
    spawn(process.execPath, [CLI, 'mirror', url, path, '--key-file', keyFile, '--receipts', ...more], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  for (const afterMs of [250, 400, 500, 600, 700, 900]) {
    const child = start('--follow')
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  isWriting = false
  await writing
  const last = start('--check')
  let said = ''
  last.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [code] = await once(last, 'close')
  t.equal(code, 0, said)
  t.same(held(path), stands())
  const head = server.registry.position()
  const own = await server.registry.consumers.one(consumer)
  t.match(own, { acknowledged: head, refused: 0, findings: [] })
  const { events } = await server.registry.feed.events(0, 100_000, 0, new AbortController().signal)
  const told = new Set(
    events
      .map(({ json }): { orgCode: string; id: string } => JSON.parse(json))
      .map(({ orgCode, id }) => `${orgCode} ${id}`),
  )
  t.equal(own.taken, told.size - KEYS.length, 'each thing after the copy is answered for, and once')
})
