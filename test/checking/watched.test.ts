import t from 'tap'
import { Checks } from '../../src/checking/checks.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { ChecksBusy } from '../../src/checking/request.ts'
import { watchedChecks } from '../../src/checking/watched.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { watchedWriter } from '../../src/writer/watched.ts'
import { type Writer, WriterBusy } from '../../src/writer/writer.ts'
import { testRegistry } from '../support.ts'

t.test('how many checks are held, and rows of them, and how many were refused', async (t) => {
  const { folder, clock, search } = await testRegistry(t)
  const held = new Checks({
    finder: { search, shown: () => undefined },
    faces: { moment: () => '', changedSince: () => new Set() },
    lists: folder,
    registry: '测试',
    keys: await openStampKeys(pathsIn(folder), clock.now),
    position: () => 1,
    now: clock.now,
    mostHeld: 250_000,
  })
  t.teardown(() => held.stop())
  // As threads give it: functions alone.
  const service = {
    begin: (...asked: Parameters<Checks['begin']>) => held.begin(...asked),
    state: (id: string) => held.state(id),
    forget: (id: string) => held.forget(id),
  }
  const { checks, figures } = watchedChecks(service)
  t.same(await figures(), { held: 0, rows: 0, refused: 0 })
  const list = { rows: [{ code: '1' }, { code: '2' }] }
  const id = await checks.begin(list, 'one')
  while (!(await checks.state(id))?.done) await new Promise((resolve) => setTimeout(resolve, 5))
  t.same(await figures(), { held: 1, rows: 2, refused: 0 })
  const record = { record: '' }
  const [, second] = await Promise.allSettled([checks.begin(record, 'one'), checks.begin(record, 'one')])
  t.match(second, { status: 'rejected', reason: ChecksBusy })
  t.match(await figures(), { held: 2, refused: 1 })
  await checks.forget(id)
  t.match(await figures(), { held: 1, refused: 1 })
})

t.test('how many appends wait, and how many were refused', async (t) => {
  const answers: ((error?: Error) => void)[] = []
  const { writer: inner } = await testRegistry(t)
  const slow: Writer = {
    append: () =>
      new Promise((resolve, reject) => {
        answers.push((error) => (error ? reject(error) : resolve({ entries: [], repeated: false })))
      }),
    catchUp: () => inner.catchUp(),
    rebuild: () => inner.rebuild(),
    close: async () => undefined,
  }
  const { writer, figures } = watchedWriter(slow)
  const both = [1, 2].map((n) => writer.append({ drafts: [], command: `c${n}` }))
  t.same(figures(), { waiting: 2, refused: 0 })
  answers[0]?.()
  await both[0]
  t.same(figures(), { waiting: 1, refused: 0 })
  answers[1]?.(new WriterBusy('full'))
  await t.rejects(async () => void (await both[1]), WriterBusy)
  t.same(figures(), { waiting: 0, refused: 1 })
})
