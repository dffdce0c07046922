import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { ImportJobs, JobFolder } from '../../src/exchange/jobs.ts'
import { RegisterFull } from '../../src/register/register.ts'
import { pathsIn } from '../../src/running/paths.ts'
import type { Writer } from '../../src/writer/writer.ts'
import { testRegistry, unifiedCode } from '../support.ts'

const actor = { authority: '省局', officer: '张三' }
const code = (n: number) => unifiedCode(`DEM${String(n).padStart(5, '0')}`)

/** A table of firms, of which every hundredth has no code that could be one. */
function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    i % 100 === 7 ? `示例坏${i},123` : `示例${i}号公司,${code(i)}`,
  )
  return `企业名称,统一社会信用代码\n${lines.join('\n')}\n`
}

async function jobs(t: Test) {
  const parts = await testRegistry(t)
  const { register, views, registry, writer, clock } = parts
  const directory = pathsIn(parts.folder).imports
  const folder = new JobFolder(directory)
  const failures: unknown[] = []
  const runner = (writing: Partial<Writer> = {}) =>
    new ImportJobs({
      ...{ directory, register, views, catalogue: registry.catalogue, now: clock.now },
      onFailure: (error) => failures.push(error),
      writer: { ...writer, ...writing },
    })
  const upload = (text: string) =>
    folder.create(Readable.from([text]), {
      ...{ type: 'enterprise', keyId: 'key/1', actor },
      createdAt: clock.now().toISOString(),
      fileName: 'a.csv',
    })
  return { ...parts, folder, failures, runner, upload }
}

t.test(
  'killed between a durable batch and its saving, an import counts once and can be taken back whole',
  async (t) => {
    const { folder, registry, writer, runner, upload, clock, register } = await jobs(t)
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
    const done = await folder.find(id)
    t.match(done, {
      status: 'done',
      counts: { rows: 2600, opened: 2574, added: 0, updated: 0, unchanged: 0, failed: 26 },
    })
    t.equal(registry.count(), 2574)
    const own = (await register.read(0, 10_000)).filter(({ command }) => command.startsWith(`import/${id}/`))
    t.equal(own.length, 2574)
    t.same(done?.positions, { first: own[0]?.seq, last: own.at(-1)?.seq }, 'of every batch')
    if (!done) return
    await folder.save({
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
    t.match((await folder.find(id))?.withdrawal, { status: 'done', counts: { withdrawn: 2574, kept: 0 } })
    t.equal(registry.count(), 0, 'none has escaped')
  },
)

t.test('an upload that comes just as the queue empties is not left waiting', async (t) => {
  const { folder, runner, upload } = await jobs(t)
  const running = runner()
  for (let round = 0; round < 30; round += 1) {
    const before = running.runWaiting()
    const { id } = await upload(table(1))
    const after = running.runWaiting()
    await before
    await after
    t.match(await folder.find(id), { status: 'done' })
  }
})

t.test('a full disk keeps an import waiting, and it goes on when there is room', async (t) => {
  const { folder, failures, registry, writer, runner, upload } = await jobs(t)
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
  t.match(await folder.find(id), { status: 'running', counts: { rows: 1000 } })
  t.same(failures, [])
  t.ok(await runner().runWaiting())
  t.match(await folder.find(id), { status: 'done', counts: { rows: 1500, opened: 1485, failed: 15 } })
  t.equal(registry.count(), 1485)
})

t.test('an upload that ends its process each time is not tried for ever', async (t) => {
  const { folder, runner, upload, clock } = await jobs(t)
  const { id } = await upload(table(1))
  const job = await folder.find(id)
  if (!job) throw new Error('no job')
  await folder.save({ ...job, status: 'running', attempts: 3 })
  await runner().runWaiting()
  t.match(await folder.find(id), { status: 'failed', problem: /异常终止，已不再重试.*另存为 CSV/ })
  const other = await upload(table(1))
  await folder.save({ ...other, status: 'running' })
  await folder.failRunning(clock.now())
  t.match(await folder.find(other.id), { status: 'failed' }, 'nor one whose thread it has ended')
})
