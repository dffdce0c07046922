import { join } from 'node:path'
import { mock } from 'node:test'
import t from 'tap'
import { isBeforeRelease } from '../../src/calendar/clock.ts'
import { acceptance } from '../../src/register/clock.ts'
import type { Register } from '../../src/register/register.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { believedClock, type ClockDoubt, ClockWatch, threadClock } from '../../src/running/clock-watch.ts'
import { localWriter, type Writer } from '../../src/writer/writer.ts'
import { temporaryFolder } from '../support.ts'

const DAY = 24 * 3_600_000
const author = { authority: '省局', officer: '张三' }
const draft = { subject: 'A', kind: 'note', payload: {}, visibility: 'internal', author } as const

/** A writer with no views behind it. */
const writerOn = (register: Register) =>
  localWriter({
    register,
    applier: { apply: async () => undefined, catchUp: async () => 0, applied: 0 },
    rebuildViews: async () => undefined,
    search: { catchUp: async () => undefined, rebuild: async () => undefined },
    onLag: () => undefined,
  })

t.test('after a long gap nothing is recorded until a person has looked at the clock', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  const long = new Date(Date.now() - 61 * DAY)
  const early = openSqliteRegister(path, () => long)
  await early.append({ drafts: [draft], command: 'x' })
  await early.close()
  const register = openSqliteRegister(path, () => new Date())
  const told: (ClockDoubt | undefined)[] = []
  const watch = new ClockWatch({ register, gapDays: 60, onChange: (doubt) => told.push(doubt) })
  await watch.start()
  t.match(told, [{ kind: 'gap', words: /距服务器时钟.*clock accept/ }])
  t.equal(watch.now().toISOString(), long.toISOString(), 'the public sees what it saw then')
  const writer = watch.guarded(writerOn(register))
  t.throws(() => writer.append({ drafts: [draft], command: 'y' }), { name: 'ClockDoubted' })
  const believed = believedClock(structuredClone(watch.believed))
  t.equal(believed().toISOString(), long.toISOString(), 'whichever thread answers')
  const inThread = threadClock(watch.accepted)
  t.ok(inThread())
  const right = acceptance(new Date(), long.toISOString(), '停机三个月', author)
  await register.append({ drafts: [right], command: 'clock' })
  await watch.look()
  t.equal(told.at(-1), undefined)
  t.equal(watch.doubt, undefined)
  t.equal(Atomics.load(watch.accepted, 0), 1, 'threads are told')
  t.ok(Math.abs(believed().getTime() - Date.now()) < 60_000)
  await writer.append({ drafts: [draft], command: 'y' })
  watch.stop()
  await register.close()
  const shorter = openSqliteRegister(path, () => new Date())
  const fine = new ClockWatch({ register: shorter, gapDays: 60, onChange: (doubt) => told.push(doubt) })
  await fine.start()
  t.equal(fine.doubt, undefined)
  fine.stop()
  await shorter.close()
})

t.test(
  'a clock from before the program was is doubted until it is set right, and nobody can accept it',
  async (t) => {
    for (const [at, isEarly] of [
      ['1970-01-02T00:00:00+08:00', true],
      ['2025-12-31T23:59:59.999+08:00', true],
      ['2026-01-01T00:00:00+08:00', false],
    ] as const)
      t.equal(isBeforeRelease(new Date(at)), isEarly, at)
    const real = Date.now()
    const register = openSqliteRegister(join(temporaryFolder(t), 'register.db'), () => new Date())
    mock.timers.enable({ apis: ['Date'], now: Date.parse('1970-01-02T00:00:00Z') })
    t.teardown(() => mock.timers.reset())
    const told: (ClockDoubt | undefined)[] = []
    const watch = new ClockWatch({ register, gapDays: 60, onChange: (doubt) => told.push(doubt) })
    await watch.start()
    t.match(told, [{ kind: 'early', words: /1970.*早于本程序发行.*校正后自动恢复/ }])
    const writer = watch.guarded({
      append: async (_: Parameters<Writer['append']>[0]) => ({ entries: [], repeated: false }),
      catchUp: async () => undefined,
      rebuild: async () => undefined,
      close: async () => undefined,
    })
    t.throws(() => writer.append({ drafts: [draft], command: 'y' }), { name: 'ClockDoubted' })
    await register.append({ drafts: [acceptance(new Date(), '', '不知道', author)], command: 'clock' })
    await watch.look()
    t.match(watch.doubt, { kind: 'early' })
    mock.timers.setTime(real)
    await watch.look()
    t.same(told.slice(1), [undefined], 'set right it goes on by itself')
    watch.stop()
    await register.close()
  },
)

t.test('a register whose last entry lies in the future says so', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  const ahead = openSqliteRegister(path, () => new Date(Date.now() + 365 * DAY))
  await ahead.append({ drafts: [draft], command: 'x' })
  await ahead.close()
  const register = openSqliteRegister(path, () => new Date())
  const watch = new ClockWatch({ register, gapDays: 60, onChange: () => undefined })
  await watch.start()
  t.match(watch.doubt, { kind: 'behind', words: /晚于服务器时钟/ })
  await t.rejects(register.append({ drafts: [draft], command: 'y' }), { name: 'ClockBehind' })
  const { recordedAt } = await register.standing()
  await register.append({
    drafts: [acceptance(new Date(), recordedAt, '时钟曾快一年', author)],
    command: 'c',
  })
  await watch.look()
  t.equal(watch.doubt, undefined)
  await register.append({ drafts: [draft], command: 'y' })
  watch.stop()
  await register.close()
})

t.test(
  'a node whose clock is not that of the server which keeps the register records nothing until they agree',
  async (t) => {
    const path = join(temporaryFolder(t), 'register.db')
    const register = openSqliteRegister(path, () => new Date())
    t.teardown(() => register.close())
    /** By how much the server's clock is ahead of this one. */
    let by = 0
    const told: (ClockDoubt | undefined)[] = []
    const there = { ...register, sharedTime: async () => new Date(Date.now() + by) }
    for (const [seconds, isApart] of [
      [-3_600, true],
      [-6, true],
      [-4, false],
      [0, false],
      [4, false],
      [6, true],
      [3_600, true],
    ] as const) {
      by = seconds * 1_000
      const watch = new ClockWatch({ register: there, gapDays: 60, onChange: (doubt) => told.push(doubt) })
      await watch.start()
      t.equal(watch.doubt?.kind, isApart ? 'apart' : undefined, `${seconds} s`)
      const writer = watch.guarded(writerOn(register))
      const ask = () => writer.append({ drafts: [draft], command: `${seconds}` })
      if (isApart) t.throws(ask, { name: 'ClockDoubted' })
      else await ask()
      const earlier = Math.min(by, 0)
      const believed = believedClock(watch.believed)().getTime() - Date.now()
      t.ok(
        isApart ? Math.abs(believed - earlier) < 3_000 : Math.abs(believed) < 3_000,
        `shown at ${believed}`,
      )
      watch.stop()
    }
    by = -3_600_000
    const watch = new ClockWatch({ register: there, gapDays: 60, onChange: (doubt) => told.push(doubt) })
    await watch.start()
    t.match(watch.doubt?.words, /与数据库服务器的.*不符/)
    by = 0
    await watch.start()
    t.equal(watch.doubt, undefined, 'ends by itself')
    t.equal(told.at(-1), undefined)
    watch.stop()
  },
)
