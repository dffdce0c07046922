import { rmSync } from 'node:fs'
import t from 'tap'
import { Refusal } from '../../src/dossier/refusal.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { rebuildViews } from '../../src/views/rebuild.ts'
import { openViews } from '../../src/views/schema.ts'
import { Views } from '../../src/views/views.ts'
import { acting } from '../acting.ts'
import { fc } from '../properties.ts'
import {
  licenceOf,
  penaltyOf,
  type TestRegistry,
  temporaryFolder,
  testRegistry,
  unifiedCode,
} from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }
const codes = ['DEM00001', 'DEM00002', 'DEM00003'].map((body) => unifiedCode(body))

/** One act of many, on one of three enterprises; what the rules refuse is left undone. */
const act = fc.record({
  kind: fc.constantFrom(
    'open',
    'rename',
    'licence',
    'penalty',
    'warning',
    'correct',
    'withdrawRecord',
    'withdraw',
    'tomorrow',
    'daily',
  ),
  code: fc.constantFrom(...codes),
  n: fc.nat(3),
})

async function perform(
  parts: TestRegistry,
  { kind, code, n }: { kind: string; code: string; n: number },
): Promise<void> {
  const { registry, clock, views } = parts
  const { acts } = registry
  const record = () => views.dossier(code.slice(8, 17))?.records.at(n)?.id ?? 'none'
  try {
    if (kind === 'open') await acts.open({ codes: { uscc: code }, data: { name: `示例${n}公司` } }, request)
    if (kind === 'rename') await acting(registry).change(code, { name: `示例改名${n}公司` }, 'any', request)
    if (kind === 'licence')
      await acts.addRecord(
        code,
        'licence',
        licenceOf(`XK-${n}`, { validTo: '2026-12-20' }).data,
        undefined,
        request,
      )
    if (kind === 'penalty')
      await acts.addRecord(
        code,
        'penalty',
        penaltyOf(`${n}号`, { decidedOn: '2026-11-02', publishedOn: '2026-11-24' }).data,
        undefined,
        request,
      )
    if (kind === 'warning')
      await acts.addRecord(
        code,
        'penalty',
        penaltyOf(`警告${n}号`, { types: ['警告'], fine: undefined }).data,
        undefined,
        request,
      )
    if (kind === 'correct')
      await acting(registry).correctRecord(
        code,
        record(),
        { authority: `更正${n}机关` },
        '录入错误',
        'any',
        request,
      )
    if (kind === 'withdrawRecord')
      await acting(registry).withdrawRecord(code, record(), '误录', 'any', request)
    if (kind === 'withdraw') await acting(registry).withdraw(code, '误建', 'any', request)
    if (kind === 'tomorrow') clock.set(new Date(registry.now().getTime() + 9 * 86_400_000).toISOString())
    if (kind === 'daily') await registry.runDaily()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

t.test('the feed replayed from 0 gives exactly what files and lists show, however it is paged', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), async (list, page) => {
      const parts = await testRegistry(t)
      const replayed = new Map<string, string>()
      let since = 0
      const pull = () => {
        for (;;) {
          const changes = parts.views.changes(since, page)
          for (const { key, position, json } of changes) {
            if (position <= since) throw new Error('positions must rise')
            since = position
            if (json === null) replayed.delete(key)
            else replayed.set(key, json)
          }
          if (changes.length === 0) return
        }
      }
      for (const one of list) {
        await perform(parts, one)
        pull()
      }
      await parts.registry.runDaily()
      pull()
      const shown = new Map<string, string>()
      for (const code of codes) {
        const key = code.slice(8, 17)
        const stored = parts.views.face(key)
        if (stored?.json)
          shown.set(key, Buffer.from((await parts.registry.files.answer(key))?.bytes ?? '').toString())
      }
      const found = await parts.registry.search({ text: '', filters: {}, limit: 10 })
      t.same(replayed, shown)
      t.same(found.hits.map(({ document }) => document.key).sort(), [...replayed.keys()].sort())
      const { findings } = await verifyDataDir(parts.folder, { catalogue })
      t.same(findings, [], 'views and index equal a rebuild')
    }),
    { numRuns: 25 },
  )
})

t.test('views and index that were deleted come back with the same answers', async (t) => {
  const folder = temporaryFolder(t)
  const answers = async (parts: TestRegistry) => ({
    changes: parts.views.changes(0, 100),
    search: await parts.registry.search({ text: '示例', filters: {}, limit: 10 }),
    keys: parts.registry.keys.all(),
  })
  let before: unknown
  await t.test('first run', async (t) => {
    const parts = await testRegistry(t, { folder })
    for (const code of codes)
      await parts.registry.acts.open({ codes: { uscc: code }, data: { name: '示例公司' } }, request)
    await acting(parts.registry).withdraw(codes[1] ?? '', '误建', 1, request)
    await parts.registry.keys.create({ name: '甲', authority: '省局', scopes: ['admin'] }, request.actor)
    before = await answers(parts)
  })
  const paths = pathsIn(folder)
  for (const path of [paths.views, paths.search])
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  await t.test('second run', async (t) => {
    const parts = await testRegistry(t, { folder })
    t.same(await answers(parts), before)
    await parts.writer.rebuild()
    t.same(await answers(parts), before, 'and after a rebuild that readers did not notice')
  })
})

t.test('readers see what another process applied', async (t) => {
  const parts = await testRegistry(t)
  const other = new Views(pathsIn(parts.folder).views)
  t.equal(other.count(), 0)
  const version = other.version
  await parts.registry.acts.open({ codes: { uscc: codes[0] }, data: { name: '示例公司' } }, request)
  t.equal(other.count(), 1)
  t.not(other.version, version)
  other.close()
})

t.test('whoever comes later in one turn sees what was applied within it', async (t) => {
  const parts = await testRegistry(t)
  await parts.registry.keys.create({ name: '甲', authority: '省局', scopes: ['admin'] }, request.actor)
  const { views } = pathsIn(parts.folder)
  const reader = new Views(views)
  const connection = openViews(views, 'write')
  t.teardown(() => {
    reader.close()
    connection.close()
  })
  // Immediates that are asked for together run in one turn.
  const inOneTurn = (steps: (() => number)[]) =>
    Promise.all(steps.map((step) => new Promise<number>((resolve) => setImmediate(() => resolve(step())))))
  const held = () => reader.apiKeys().length
  t.same(
    await inOneTurn([held, () => connection.prepare('DELETE FROM subject_1').run().changes, held]),
    [1, 2, 0],
  )
  const seen = () => reader.version
  const again = connection.prepare('UPDATE generation SET applied = applied + 1')
  const [before, , after] = await inOneTurn([seen, () => again.run().changes, seen])
  t.not(after, before)
})

t.test('a rebuild that seemed dead and was overtaken begins anew', async (t) => {
  const parts = await testRegistry(t)
  for (let n = 0; n < 3; n += 1)
    await parts.registry.acts.open(
      { codes: { uscc: unifiedCode(`DEM0000${n}`) }, data: { name: `示例${n}公司` } },
      request,
    )
  const { views } = pathsIn(parts.folder)
  const [slow, quick, hand] = ['slow', 'quick', 'hand'].map(() => openViews(views, 'write'))
  if (!slow || !quick || !hand) throw new Error('three are opened')
  t.teardown(() => [slow, quick, hand].map((connection) => connection.close()))
  let pauses = 0
  const interrupted = async () => {
    pauses += 1
    if (pauses > 1) return
    hand.exec('UPDATE generation SET filling_until = 1 WHERE filling_until IS NOT NULL')
    await rebuildViews(quick, parts.register, catalogue, async () => {})
  }
  await rebuildViews(slow, parts.register, catalogue, interrupted)
  t.ok(pauses > 1)
  t.equal(parts.registry.count(), 3)
  t.same((await verifyDataDir(parts.folder, { catalogue })).findings, [])
  t.same(hand.prepare('SELECT count(*) AS count FROM generation').get(), { count: 1 })
})

t.test('rebuilt beside a writer, by two at once, nothing that is written meanwhile is hidden', async (t) => {
  const parts = await testRegistry(t)
  const open = (n: number) =>
    parts.registry.acts.open(
      { codes: { uscc: unifiedCode(`DEM${String(n).padStart(5, '0')}`) }, data: { name: `示例${n}公司` } },
      request,
    )
  for (let n = 0; n < 20; n += 1) await open(n)
  const { views } = pathsIn(parts.folder)
  const rebuild = async () => {
    const connection = openViews(views, 'write')
    await rebuildViews(
      connection,
      parts.register,
      catalogue,
      () => new Promise((resolve) => setTimeout(resolve, 5)),
    )
    connection.close()
  }
  let isOver = false
  const writing = (async () => {
    let n = 20
    for (; !isOver; n += 1) await open(n)
    return n
  })()
  for (let round = 0; round < 3; round += 1) await Promise.all([rebuild(), rebuild(), rebuild()])
  isOver = true
  const written = await writing
  t.ok(written > 20)
  await open(99_999)
  t.equal(parts.registry.count(), written + 1)
  t.same((await verifyDataDir(parts.folder, { catalogue })).findings, [])
  const connection = openViews(views, 'read')
  t.match(
    connection.prepare('SELECT count(*) AS count FROM generation').get(),
    { count: 1 },
    'and one is left',
  )
  connection.close()
})
