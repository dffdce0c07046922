import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { noCounts } from '../../src/exchange/import.ts'
import { JobStore } from '../../src/exchange/job-store.ts'
import { ImportJobs } from '../../src/exchange/jobs.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { RegisterFull } from '../../src/register/register.ts'
import { pathsIn } from '../../src/running/paths.ts'
import type { Writer } from '../../src/writer/writer.ts'
import { temporaryFolder, testRegistry, unifiedCode } from '../support.ts'

const actor = { authority: '省局', officer: '张三' }
const code = (n: number) => unifiedCode(`DEM${String(n).padStart(5, '0')}`)

/** A table of firms, of which every hundredth has no code that could be one. */
function table(rows: number, from = 0): string {
  const lines = Array.from({ length: rows }, (_, n) => from + n).map((i) =>
    i % 100 === 7 ? `示例坏${i},123` : `示例${i}号公司,${code(i)}`,
  )
  return `企业名称,统一社会信用代码\n${lines.join('\n')}\n`
}

async function jobs(t: Test) {
  const parts = await testRegistry(t)
  const { register, views, registry, writer, clock } = parts
  const store = new JobStore(pathsIn(parts.folder))
  t.teardown(() => store.close())
  const failures: unknown[] = []
  const runner = (writing: Partial<Writer> = {}) =>
    new ImportJobs({
      ...{ jobs: store, register, views, catalogue: registry.catalogue, now: clock.now },
      onFailure: (error) => failures.push(error),
      writer: { ...writer, ...writing },
    })
  const upload = (text: string, status: 'waiting' | 'preview' = 'waiting') =>
    store.create(
      Readable.from([text]),
      {
        ...{ type: 'enterprise', keyId: 'key/1', actor },
        createdAt: clock.now().toISOString(),
        fileName: 'a.csv',
      },
      status,
    )
  return { ...parts, store, failures, runner, upload }
}

t.test(
  'killed between a durable batch and its saving, an import counts once and can be taken back whole',
  async (t) => {
    const { store, registry, writer, runner, upload, clock, register } = await jobs(t)
    const { id } = await upload(table(2600))
    let appends = 0
    const dying = runner({
      async append(request, options) {
        const outcome = await writer.append(request, options)
        appends += 1
        // The batch is durable, and nobody ever learns of it.
        return appends === 2 ? new Promise(() => undefined) : outcome
      },
    })
    dying.runWaiting()
    while (appends < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    t.ok(await runner().runWaiting())
    const done = await store.find(id)
    t.match(done, {
      status: 'done',
      counts: { rows: 2600, opened: 2574, added: 0, updated: 0, unchanged: 0, failed: 26 },
    })
    t.equal(registry.count(), 2574)
    const own = (await register.read(0, 10_000)).filter(({ command }) => command.startsWith(`import/${id}/`))
    t.equal(own.length, 2574)
    t.same(done?.positions, { first: own[0]?.seq, last: own.at(-1)?.seq }, 'of every batch')
    if (!done) return
    await store.save({
      ...done,
      withdrawal: {
        ...{
          status: 'waiting',
          reason: '传错了文件',
          keyId: 'key/1',
          actor,
          askedAt: clock.now().toISOString(),
        },
        ...{ after: 0, counts: { withdrawn: 0, restored: 0, kept: 0, waiting: 0 }, kept: [] },
        isConfirmed: false,
      },
    })
    await runner().runWaiting()
    t.match((await store.find(id))?.withdrawal, { status: 'done', counts: { withdrawn: 2574, kept: 0 } })
    t.equal(registry.count(), 0, 'none has escaped')
  },
)

t.test('an upload that comes just as the queue empties is not left waiting', async (t) => {
  const { store, runner, upload } = await jobs(t)
  const running = runner()
  for (let round = 0; round < 30; round += 1) {
    const before = running.runWaiting()
    const { id } = await upload(table(1))
    const after = running.runWaiting()
    await before
    await after
    t.match(await store.find(id), { status: 'done' })
  }
})

t.test('a full disk keeps an import waiting, and it goes on when there is room', async (t) => {
  const { store, failures, registry, writer, runner, upload } = await jobs(t)
  const { id } = await upload(table(1500))
  let appends = 0
  const full = runner({
    async append(request, options) {
      appends += 1
      if (appends > 1) throw new RegisterFull('no room')
      return writer.append(request, options)
    },
  })
  t.equal(await full.runWaiting(), false, 'to be tried again')
  t.match(await store.find(id), { status: 'running', counts: { rows: 1000 } })
  t.same(failures, [])
  t.ok(await runner().runWaiting())
  t.match(await store.find(id), { status: 'done', counts: { rows: 1500, opened: 1485, failed: 15 } })
  t.equal(registry.count(), 1485)
})

t.test(
  'a run that stood still while another took over writes nothing more, neither of an import nor of its withdrawal',
  async (t) => {
    const { store, failures, registry, writer, runner, upload, clock, register } = await jobs(t)
    const { id } = await upload(table(2600))
    /** A runner whose second append takes until it is let go of. */
    const stopped = () => {
      let appends = 0
      let goOn = () => {}
      const still = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const running = runner({
        async append(request, options) {
          appends += 1
          if (appends === 2) await still
          return writer.append(request, options)
        },
      }).runWaiting()
      return { running, goOn, isStill: () => appends === 2 }
    }
    const state = async () => {
      const path = await store.reportPath(id)
      return {
        job: await store.find(id),
        report: path && readFileSync(path, 'utf8'),
        head: await register.head(),
      }
    }
    for (const step of ['import', 'withdrawal']) {
      const first = stopped()
      while (!first.isStill()) await new Promise((resolve) => setTimeout(resolve, 5))
      t.ok(await runner().runWaiting(), `${step}: another does it to the end`)
      const done = await state()
      clock.set(step === 'import' ? '2026-11-24T03:00:00.000Z' : '2026-11-24T04:00:00.000Z')
      first.goOn()
      t.equal(await first.running, true)
      t.same(await state(), done, step)
      await store.askWithdrawal(id, {
        reason: 'x',
        actor,
        askedAt: clock.now().toISOString(),
        isConfirmed: true,
      })
    }
    t.match(await store.find(id), {
      counts: { rows: 2600, opened: 2574, failed: 26 },
      withdrawal: { status: 'done', counts: { withdrawn: 2574, kept: 0 } },
    })
    t.equal(registry.count(), 0)
    t.same(failures, [])
  },
)

t.test('an upload that ends its process each time is not tried for ever', async (t) => {
  const { store, runner, upload, failures } = await jobs(t)
  for (const [attempts, status] of [
    [2, 'done'],
    [3, 'failed'],
  ] as const) {
    const job = await upload(table(1))
    await store.save({ ...job, status: 'running', attempts })
    await runner().runWaiting()
    t.match(await store.find(job.id), { status }, `begun ${attempts} times before`)
  }
  t.same(failures, [], 'that is no fault of this program')
})

t.test('what a job was given up after is told by its entries, and can be taken back whole', async (t) => {
  const { store, registry, writer, runner, upload, clock, register } = await jobs(t)
  const withdrawn = { reason: '误传', actor, askedAt: clock.now().toISOString(), isConfirmed: false }
  /** A job whose n-th batch is durable when its process ends, and is never noted. */
  const cutOff = async (batches: number, from: number) => {
    const { id } = await upload(table(2600, from))
    let appends = 0
    runner({
      async append(request, options) {
        const outcome = await writer.append(request, options)
        appends += 1
        return appends === batches ? new Promise(() => undefined) : outcome
      },
    }).runWaiting()
    while (appends < batches) await new Promise((resolve) => setTimeout(resolve, 5))
    return id
  }
  for (const [batches, opened] of [
    [1, 990],
    [2, 1980],
  ] as const)
    for (const end of ['process', 'thread']) {
      const words = `${end} ended in batch ${batches}`
      const id = await cutOff(batches, 10_000 * batches + (end === 'thread' ? 5_000 : 0))
      const job = await store.find(id)
      if (!job) throw new Error('no job')
      if (end === 'thread') await store.giveUpRunning(clock.now())
      else await store.save({ ...job, attempts: 3 })
      const before = await register.head()
      await runner().runWaiting()
      t.equal(await register.head(), before, `${words}: nothing more is brought`)
      t.equal(registry.count(), opened, words)
      const done = await store.find(id)
      t.match(
        done,
        { status: 'failed', counts: { opened }, problem: /异常终止，已不再重试.*可以撤回/ },
        words,
      )
      t.equal(done?.positions?.last, before, words)
      await store.askWithdrawal(id, withdrawn)
      await runner().runWaiting()
      t.match(await store.find(id), { withdrawal: { status: 'done', counts: { withdrawn: opened } } }, words)
      t.equal(registry.count(), 0, `${words}: nothing of it stays`)
    }
})

t.test('a job that ends the thread that was to give it up is given up by who sees that', async (t) => {
  const { store, upload, clock } = await jobs(t)
  const job = await upload(table(1))
  await store.save({ ...job, status: 'running' })
  await store.giveUpRunning(clock.now())
  t.match(await store.find(job.id), { status: 'running', attempts: 3 })
  await store.save({ ...job, status: 'running', attempts: 4 })
  await store.giveUpRunning(clock.now())
  t.match(await store.find(job.id), { status: 'failed', problem: /异常终止/ })
})

t.test('the jobs of a folder are carried over at the start, once, with what lay beside them', async (t) => {
  const folder = temporaryFolder(t)
  const places = pathsIn(folder)
  const old = (id: string, job: Record<string, unknown>, files: Record<string, string>) => {
    mkdirSync(join(places.imports, id), { recursive: true })
    const state = {
      ...{ id, type: 'enterprise', createdAt: '2026-11-20T02:00:00.000Z', progress: 0, counts: noCounts() },
      ...{ ignoredColumns: [], keyId: 'key/1', actor, line: 0, reportBytes: 0, ...job },
    }
    for (const [name, text] of Object.entries({ 'job.json': JSON.stringify(state), ...files }))
      writeFileSync(join(places.imports, id, name), text)
  }
  const [looked, waiting, done, broken] = Array.from({ length: 4 }, () => randomUUID())
  const mended = JSON.stringify({ headers: {}, rows: { 2: ['甲'] } })
  old(looked ?? '', { status: 'preview' }, { upload: 'a', 'mending.json': mended, 'effects.jsonl': '' })
  old(waiting ?? '', { status: 'waiting' }, { upload: 'a' })
  old(done ?? '', { status: 'done', finishedAt: '2026-11-20T03:00:00.000Z' }, { 'errors.csv': '坏行' })
  old(broken ?? '', {}, { 'job.json': '{' })
  const said = { 省局: { penalty: { words: { types: { 罚: ['罚款'] } }, columns: {} } } }
  writeFileSync(join(places.imports, 'answers.json'), JSON.stringify(said))
  for (const time of ['first', 'again']) {
    const store = new JobStore(places)
    t.match(store.nextUnfinished(), { id: waiting, attempts: 0 }, time)
    t.match(store.mending(looked ?? ''), JSON.parse(mended))
    t.same(store.remembered({ type: 'penalty', actor }), { ...said.省局.penalty, firms: {} })
    for (const id of [looked, waiting]) t.equal(readFileSync(await store.uploadPath(id ?? ''), 'utf8'), 'a')
    t.equal(readFileSync((await store.reportPath(done ?? '')) ?? '', 'utf8'), '坏行')
    t.same(store.counts(), { all: 3, unfinished: 1 })
    await store.close()
  }
  t.same(readdirSync(join(places.imports, done ?? '')), ['errors.csv'], 'the old files are gone')
  t.same(readdirSync(join(places.imports, broken ?? '')), ['job.json'], 'but for what could not be read')
})

t.test('one file sent twice lies there once, and as long as either job needs it', async (t) => {
  const { store, upload, clock } = await jobs(t)
  const [one, two] = [await upload(table(1), 'preview'), await upload(table(1))]
  t.equal(await store.uploadPath(one.id), await store.uploadPath(two.id))
  await store.discard(one.id)
  t.ok(existsSync(await store.uploadPath(two.id)))
  const path = await store.uploadPath(two.id)
  await store.fail(two, '坏', clock.now())
  t.notOk(existsSync(path))
  await t.rejects(
    store.create(
      Readable.from(
        (async function* () {
          yield 'x'
          throw new Error('cut off')
        })(),
      ),
      { type: 'enterprise', keyId: 'k', actor, createdAt: clock.now().toISOString() },
    ),
    { message: 'cut off' },
  )
  t.same(readdirSync(dirname(path)), [], 'nor does anything stay of one that broke off')
})

t.test(
  'an upload that nobody confirms goes by itself on its day, and a job that has ended on its own',
  async (t) => {
    const { store, registry, clock } = await jobs(t)
    const sent = { type: 'enterprise', keyId: 'k', actor, createdAt: clock.now().toISOString() }
    const looked = await store.create(Readable.from('a'), sent, 'preview')
    const ended = await store.create(Readable.from('b'), sent)
    await store.save({ ...ended, status: 'done', finishedAt: clock.now().toISOString() })
    const waiting = await store.create(Readable.from('c'), sent)
    const left = async (time: string) => {
      clock.set(time)
      await registry.runDaily()
      return store
        .latest(store.senders(), { limit: 10 })
        .map(({ id }) => id)
        .sort()
    }
    t.same(await left('2026-11-27T02:00:00.000Z'), [looked.id, ended.id, waiting.id].sort(), 'to the moment')
    t.same(await left('2026-11-27T02:00:00.001Z'), [ended.id, waiting.id].sort(), 'three days')
    t.same(await left('2026-12-24T02:00:00.000Z'), [ended.id, waiting.id].sort())
    t.same(await left('2026-12-24T02:00:00.001Z'), [waiting.id], 'thirty; what waits is never forgotten')
  },
)

t.test('what is found out about an upload does not undo that it was started meanwhile', async (t) => {
  const { store, upload } = await jobs(t)
  const job = await upload(table(1))
  await store.savePreview(job.id, {
    ...{
      sheets: [],
      chosen: [],
      columns: [],
      words: [],
      firms: [],
      bad: [],
      reasons: [],
      missing: [],
      incomplete: [],
      notes: [],
      good: [],
      meanings: [],
    },
    ...{ noted: 0, isWhole: true, passed: { count: 0, first: [] } },
    ...{ counts: { ...noCounts(), rows: 7 } },
  })
  t.match(await store.find(job.id), { status: 'waiting', counts: { rows: 0 } })
})

t.test(
  'an upload that was begun with is neither mended nor thrown away, however close upon it that comes',
  async (t) => {
    const { store, runner } = await jobs(t)
    const sent = { type: 'enterprise', keyId: 'key/1', actor, createdAt: '2026-03-02T00:00:00.000Z' }
    const job = await store.create(Readable.from([table(1)]), sent, 'preview')
    const outcomes = await Promise.allSettled([
      store.saveMending(job.id, { headers: {}, rows: { 2: ['甲', code(1)] } }),
      store.start(job),
      store.saveMending(job.id, { headers: {}, rows: { 2: ['乙', code(2)] } }),
      store.discard(job.id),
    ])
    t.same(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'rejected'],
    )
    t.match(outcomes[3], { reason: { reason: 'exists' } })
    t.same(store.mending(job.id).rows, { 2: ['甲', code(1)] }, 'it is imported as it was when it was started')
    await runner().runWaiting()
    t.match(await store.find(job.id), { status: 'done', counts: { opened: 1 } })
    await t.rejects(store.discard(job.id), /已经开始/)
    await t.rejects(store.saveMending(job.id, { headers: {}, rows: {} }), /已经开始/)
    await t.rejects(store.discard(randomUUID()), /删去/, 'nor one that there is not')
  },
)

t.test('what is said of an upload is bounded in all, however little each time', async (t) => {
  const { store, upload } = await jobs(t)
  const job = await upload(table(1), 'preview')
  const rows = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [String(i + 1), ['x'.repeat(1_000)]]))
  await store.saveMending(job.id, { headers: {}, rows: rows(7_500) })
  await t.rejects(store.saveMending(job.id, { headers: {}, rows: rows(8_000) }), /太多/)
})

t.test('thirty thousand jobs slow nothing', async (t) => {
  const { store, runner, upload, clock, folder } = await jobs(t)
  const timed = async (act: () => unknown) => {
    const from = performance.now()
    await act()
    return performance.now() - from
  }
  const round = async () => {
    const { id } = await upload(table(1))
    await runner().runWaiting()
    t.match(await store.find(id), { status: 'done' })
  }
  await round()
  const few = Math.min(await timed(round), await timed(round), await timed(round))
  // As many that are done, as many that were looked at, of which none is due.
  const db = new Sqlite(pathsIn(folder).jobs)
  t.teardown(() => db.close())
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO job SELECT id || '-' || i, 0, key_id, created_at, '2030', NULL, state, NULL, NULL FROM n, job LIMIT 30000`)
  t.equal(store.counts().all, 30_004)
  const many = Math.min(await timed(round), await timed(round), await timed(round))
  // Whoever looked at each of them would take seconds; what else a machine does may take its time too.
  t.ok(many < 3 * few + 300, `${many.toFixed(1)} ms beside ${few.toFixed(1)} ms`)
  const took = await timed(async () => {
    store.latest(store.senders(), { limit: 200 })
    store.latest(store.senders(), { limit: 200, status: 'preview' })
    store.nextUnfinished()
    await store.prune(clock.now())
  })
  t.ok(took < 1_000, `lists, queue and what is due: ${took.toFixed(1)} ms`)
  // All of them are due at once, as after a month of standing still.
  clock.set('2030-01-02T00:00:00.000Z')
  let turns = 0
  let longest = 0
  let since = performance.now()
  const others = setInterval(() => {
    turns += 1
    longest = Math.max(longest, performance.now() - since)
    since = performance.now()
  }, 1)
  const kept = store.counts().all
  t.equal(await store.prune(clock.now()), kept)
  clearInterval(others)
  t.equal(store.counts().all, 0)
  t.ok(turns > 100, `${turns} turns of others, the longest after ${longest.toFixed(1)} ms`)
})

t.test('an import, or its taking back, that loses its right stops there and says why', async (t) => {
  const { store, registry, writer, runner, clock, views, failures } = await jobs(t)
  const author = { authority: '系统', officer: '测试' }
  await registry.authorities.open({ name: '省局', level: 'province' }, author)
  const keyed = async () =>
    (await registry.keys.create({ name: '导入', authority: '省局', scopes: ['records:write'] }, author)).key
  const revoke = (id: string) => registry.acts.carryOut('revoke-key', { id }, {}, author)
  const upload = (text: string, id: string) =>
    store.create(Readable.from([text]), {
      ...{ type: 'enterprise', keyId: id, actor: { ...actor, id: `key/${id}` } },
      createdAt: clock.now().toISOString(),
      fileName: 'a.csv',
    })
  /** A runner whose key is revoked just before an append: the batch was decided while it held. */
  const losing = (id: string, at: number) => {
    let appends = 0
    return runner({
      async append(request, options) {
        appends += 1
        if (appends === at) await revoke(id)
        return writer.append(request, options)
      },
    })
  }
  const first = await keyed()
  const { id } = await upload(table(2600), first.id)
  await losing(first.id, 2).runWaiting()
  const ended = await store.find(id)
  t.match(ended, { status: 'failed', problem: /^密钥已停用，不能再办理。已导入的内容都已保存/ })
  t.equal(ended?.counts.rows, 1000, 'the batch that was under way is not kept')
  t.ok(views.dossier(code(0).slice(8, 17)))
  t.equal(views.dossier(code(1200).slice(8, 17)), undefined)

  const second = await keyed()
  const { id: whole } = await upload(table(600, 5000), second.id)
  await runner().runWaiting()
  const done = await store.find(whole)
  t.match(done, { status: 'done' })
  if (!done) throw new Error('no job')
  await store.save({
    ...done,
    withdrawal: {
      ...{ status: 'waiting', reason: '来源有误', keyId: second.id, askedAt: clock.now().toISOString() },
      ...{ actor: { ...actor, id: `key/${second.id}` }, isConfirmed: false },
      ...{ after: 0, counts: { withdrawn: 0, restored: 0, kept: 0, waiting: 0 }, kept: [] },
    },
  })
  await losing(second.id, 2).runWaiting()
  t.match((await store.find(whole))?.withdrawal, {
    status: 'failed',
    problem: /^密钥已停用，不能再办理。已撤回的部分有效/,
    counts: { withdrawn: 200 },
  })
  t.same(failures, [], 'nothing for whoever runs the program')
})
