import type { Test } from 'tap'
import { acceptance, ClockBehind } from '../../src/register/clock.ts'
import { type Draft, digestFault, type Entry } from '../../src/register/entry.ts'
import { holderName } from '../../src/register/holder.ts'
import { CommandReused, Conflict, type EntryFilters, type Register } from '../../src/register/register.ts'
import { Clock } from '../support.ts'

/** What every register promises; `open` opens the same one again when it is called twice within a test. */
export function registerContract(t: Test, open: (t: Test) => (now: () => Date) => Promise<Register>): void {
  const draft = (subject: string, payload: unknown = { a: 1 }): Draft => ({
    subject,
    kind: 'record.added',
    payload,
    visibility: 'public',
    author: { authority: '省局', officer: '张三' },
  })
  const command = 'key/1/x'
  const clock = new Clock('2026-03-02T02:00:00.000Z')

  t.test('positions have no gap and revisions count within a subject', async (t) => {
    const register = await open(t)(clock.now)
    t.equal(await register.head(), 0)
    const first = await register.append({ drafts: [draft('A'), draft('B'), draft('A')], command })
    t.same(
      first.entries.map(({ seq, subject, revision }) => [seq, subject, revision]),
      [
        [1, 'A', 1],
        [2, 'B', 1],
        [3, 'A', 2],
      ],
    )
    t.notOk(first.repeated)
    t.equal(await register.head(), 3)
    t.same(
      (await register.history('A')).map(({ seq }) => seq),
      [1, 3],
    )
    t.same(
      (await register.read(1, 1)).map(({ seq }) => seq),
      [2],
    )
    t.same(
      await register.read(0, 10),
      first.entries.sort((a, b) => a.seq - b.seq),
      'what is read is what was appended',
    )
    await register.close()
  })

  t.test('a draft that cannot be kept fails alone among those of its moment', async (t) => {
    const register = await open(t)(clock.now)
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    const bad = [{ a: '\ud800' }, { a: Number.NaN }, cyclic, { a: 1n }].map((payload) => [
      draft('X', payload),
    ])
    const nameless = [{ ...draft('X'), kind: JSON.parse('null') }]
    const asked = [[draft('A')], ...bad, [draft('B')], nameless, [draft('C'), draft('A')]]
    const outcomes = await Promise.allSettled(asked.map((drafts) => register.append({ drafts, command })))
    t.same(
      outcomes.map(({ status }) => status === 'fulfilled'),
      [true, false, false, false, false, true, false, true],
    )
    t.same(
      (await register.read(0, 10)).map(({ seq, subject, revision }) => [seq, subject, revision]),
      [
        [1, 'A', 1],
        [2, 'B', 1],
        [3, 'C', 1],
        [4, 'A', 2],
      ],
    )
    await register.close()
  })

  t.test('a command is named by ids, never in somebody’s words', async (t) => {
    const register = await open(t)(clock.now)
    const named = (command: string) => register.append({ drafts: [draft('A')], command })
    for (const bad of ['', '单位', 'a b', 'a\u0001', 'a\u007f', 'a\uffff', 'a'.repeat(401)])
      await t.rejects(named(bad), { message: /visible ASCII/ }, bad.slice(0, 10))
    for (const good of ['a'.repeat(400), '!~']) t.equal((await named(good)).entries.length, 1)
    await register.close()
  })

  t.test('appends of one moment are one after the other, all kept', async (t) => {
    const register = await open(t)(clock.now)
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => register.append({ drafts: [draft(`S${i % 7}`)], command })),
    )
    const seqs = all.flatMap(({ entries }) => entries.map(({ seq }) => seq)).sort((a, b) => a - b)
    t.same(
      seqs,
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
    await register.close()
  })

  t.test('a subject that moved on is a conflict and nothing is appended', async (t) => {
    const register = await open(t)(clock.now)
    const expect = new Map([['A', 0]])
    const [one, two] = await Promise.allSettled([
      register.append({ drafts: [draft('A')], expect, command }),
      register.append({ drafts: [draft('B'), draft('A')], expect, command }),
    ])
    t.equal(one.status, 'fulfilled')
    t.equal(two.status, 'rejected')
    if (two.status === 'rejected')
      t.match(two.reason, { name: 'Conflict', subject: 'A', expected: 0, actual: 1 })
    t.equal(await register.head(), 1, 'all or nothing')
    await t.rejects(register.append({ drafts: [draft('A')], expect: new Map([['Z', 3]]), command }), Conflict)
    await register.close()
  })

  t.test('a repeated command finds its first outcome', async (t) => {
    const register = await open(t)(clock.now)
    const request = { drafts: [draft('A'), draft('B')], command: 'key/1/idempotent/k', fingerprint: 'f' }
    t.equal(await register.outcome(request.command, 'f'), undefined)
    const first = await register.append(request)
    const [again, other] = await Promise.allSettled([
      register.append(request),
      register.append({ ...request, fingerprint: 'g' }),
    ])
    t.match(again, { status: 'fulfilled', value: { repeated: true } })
    if (again.status === 'fulfilled') t.same(again.value.entries, first.entries)
    t.ok(other.status === 'rejected' && other.reason instanceof CommandReused)
    t.same(await register.outcome(request.command, 'f'), first.entries)
    await t.rejects(register.outcome(request.command, 'g'), CommandReused)
    t.equal(await register.head(), 2)
    const twice = await Promise.all(
      [1, 2].map(() => register.append({ ...request, command: 'key/1/idempotent/both' })),
    )
    t.same(twice.map(({ repeated }) => repeated).sort(), [false, true], 'also when both arrive at once')
    t.equal(await register.head(), 4)
    await register.close()
  })

  t.test('digests hold, and break when anything is changed', async (t) => {
    const register = await open(t)(clock.now)
    const { entries } = await register.append({
      drafts: [draft('A', { name: '示例', n: 1.5, list: [1, null] })],
      command,
    })
    const [entry] = entries
    if (!entry) throw new Error('no entry')
    t.equal(digestFault(entry), undefined)
    const changes: Partial<Entry>[] = [
      { payload: { name: '改', n: 1.5, list: [1, null] } },
      { subject: 'B' },
      { seq: 2 },
      { revision: 2 },
      { recordedAt: '2020-01-01T00:00:00.000Z' },
      { author: { authority: '省局', officer: '李四' } },
      { visibility: 'internal' },
      { command: 'other' },
      { salt: '00' },
    ]
    for (const change of changes) t.ok(digestFault({ ...entry, ...change }), Object.keys(change).join())
    await register.close()
  })

  t.test('an erased payload is gone for good and every digest stays checkable', async (t) => {
    const register = await open(t)(clock.now)
    const secret = 'CANARY-7f3a'
    await register.append({ drafts: [draft('A', { secret }), draft('A', { kept: 1 })], command })
    const told = { ...draft('A', { positions: [1], reason: '依法删除' }), kind: 'payload.erased' }
    const erasure = { drafts: [told], erases: [1], command }
    await t.rejects(register.append({ ...erasure, expect: new Map([['A', 9]]) }), Conflict)
    t.match(JSON.stringify(await register.read(0, 10)), secret, 'not without the entry that says so')
    await register.append(erasure)
    const entries = await register.read(0, 10)
    t.notMatch(JSON.stringify(entries), secret)
    t.equal(entries[0]?.payload, null)
    t.equal(entries[0]?.salt, null)
    for (const entry of entries) t.equal(digestFault(entry), undefined)
    await register.append(erasure)
    await register.close()
  })

  t.test('times never go back, and never run ahead of the clock by more than seconds', async (t) => {
    const moving = new Clock('2026-03-02T02:00:00.000Z')
    const register = await open(t)(moving.now)
    const append = () => register.append({ drafts: [draft('A')], command })
    await append()
    moving.set('2026-03-02T01:59:55.000Z')
    t.match(
      (await append()).entries,
      [{ recordedAt: '2026-03-02T02:00:00.000Z' }],
      'five seconds are nothing',
    )
    moving.set('2026-03-02T01:59:54.999Z')
    await t.rejects(append(), ClockBehind)
    t.equal(await register.head(), 2)
    moving.set('2026-03-01T02:00:00.000Z')
    const { recordedAt } = await register.standing()
    const right = acceptance(moving.now(), recordedAt, '时钟曾快一天', draft('A').author)
    const accepted = await register.append({ drafts: [right], command })
    t.match(accepted.entries, [{ seq: 3, recordedAt: '2026-03-01T02:00:00.000Z' }], 'a person sets it back')
    moving.set('2026-03-01T03:00:00.000Z')
    t.match((await append()).entries, [{ recordedAt: '2026-03-01T03:00:00.000Z' }])
    const found = async (filters: EntryFilters) =>
      (await register.search(filters, 1e9, 10)).map(({ seq }) => seq)
    t.same(await found({ from: '2026-03-02T00:00:00.000Z' }), [2, 1], 'times are found on both sides of it')
    t.same(await found({ from: '2026-03-01T02:30:00.000Z' }), [4, 2, 1])
    t.same(await found({ to: '2026-03-01T23:00:00.000Z' }), [4, 3])
    await register.close()
  })

  t.test('what was appended is there after opening again', async (t) => {
    const opened = open(t)
    const register = await opened(clock.now)
    const { entries } = await register.append({ drafts: [draft('A')], command })
    await register.close()
    const again = await opened(clock.now)
    t.same(await again.read(0, 10), entries)
    await again.close()
  })

  t.test('two that are open at once keep one order', async (t) => {
    const opened = open(t)
    const [one, two] = [await opened(clock.now), await opened(clock.now)]
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? one : two).append({ drafts: [draft('A')], command })),
    )
    const entries = await one.read(0, 100)
    t.same(
      entries.map(({ seq }) => seq),
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
    t.same(
      entries.map(({ revision }) => revision),
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
    await one.close()
    await two.close()
  })

  t.test('entries are found by what they say of themselves, the latest first', async (t) => {
    const register = await open(t)(clock.now)
    const by = (officer: string, subject: string, kind = 'a') => ({
      ...draft(subject),
      kind,
      author: { authority: '局', officer },
    })
    await register.append({ drafts: [by('甲', 'A'), by('乙', 'B'), by('甲', 'B', 'b')], command })
    clock.set('2026-11-26T02:00:00.000Z')
    await register.append({ drafts: [by('甲', 'A')], command })
    const found = async (filters: EntryFilters, before = 1e9, limit = 10) =>
      (await register.search(filters, before, limit)).map(({ seq }) => seq)
    t.same(await found({}), [4, 3, 2, 1])
    t.same(await found({}, 4, 2), [3, 2])
    t.same(await found({ officer: '甲' }), [4, 3, 1])
    t.same(await found({ officer: '甲', subject: 'B' }), [3])
    t.same(await found({ kind: 'a', authority: '局' }), [4, 2, 1])
    t.same(await found({ from: '2026-11-26T00:00:00.000Z' }), [4])
    t.same(await found({ to: '2026-11-25T23:59:59.999Z' }), [3, 2, 1])
    t.same(await found({ from: '2027-01-01T00:00:00.000Z' }), [])
    const [head] = await register.search({}, 1e9, 1)
    t.notOk(head && 'payload' in head, 'without what they hold')
    await register.close()
  })

  t.test('of several that would do a work, one holds its lease until it lets go or dies', async (t) => {
    const opened = open(t)
    const [one, two] = [await opened(clock.now), await opened(clock.now)]
    t.ok(await one.lease('daily', 'one', 60_000))
    t.notOk(await two.lease('daily', 'two', 60_000))
    t.ok(await two.lease('imports', 'two', 60_000), 'another work')
    t.ok(await one.lease('daily', 'one', 0), 'kept, and let go')
    await new Promise((resolve) => setTimeout(resolve, 5))
    t.ok(await two.lease('daily', 'two', 60_000))
    t.notOk(await one.lease('daily', 'one', 60_000))
    const [boot, space, , startedAt] = holderName().split('/')
    const killed = [boot, space, '4194305', startedAt, 'x'].join('/')
    t.ok(await one.lease('campaigns', killed, 60_000))
    t.ok(await two.lease('campaigns', 'two', 60_000), 'nobody waits for a process that has ended')
    t.notOk(await one.lease('campaigns', 'one', 60_000), 'and one alone takes it over')
    t.ok(await one.lease('copies', killed, 60_000))
    t.ok(await one.lease('upkeep', 'one', 0))
    await new Promise((resolve) => setTimeout(resolve, 5))
    t.same(
      (await two.leases()).map(({ work, holder, isLive }) => [work, holder, isLive]),
      [
        ['campaigns', 'two', true],
        ['copies', killed, false],
        ['daily', 'two', true],
        ['imports', 'two', true],
        ['upkeep', 'one', false],
      ],
    )
    t.equal(await one.behind(), 0)
    await one.close()
    await two.close()
  })

  t.test('entries are read subject by subject', async (t) => {
    const register = await open(t)(clock.now)
    await register.append({ drafts: [draft('B'), draft('A'), draft('B'), draft('C')], command })
    const read = async (subject: string, revision: number, limit: number) =>
      (await register.bySubject({ subject, revision }, limit)).map(({ seq }) => seq)
    t.same(await read('', 0, 10), [2, 1, 3, 4])
    t.same(await read('A', 1, 2), [1, 3])
    t.same(await read('B', 1, 10), [3, 4])
    t.same(await read('C', 1, 10), [])
    await register.close()
  })

  t.test('watching gives every entry once, in order, as they come', async (t) => {
    const register = await open(t)(clock.now)
    await register.append({ drafts: [draft('A'), draft('B')], command })
    const stop = new AbortController()
    const seen: number[] = []
    const watching = (async () => {
      for await (const entries of register.watch(1, stop.signal)) {
        seen.push(...entries.map(({ seq }) => seq))
        if (seen.length === 3) stop.abort()
      }
    })()
    await register.append({ drafts: [draft('A')], command })
    await register.append({ drafts: [draft('A')], command })
    await watching
    t.same(seen, [2, 3, 4])
    await register.close()
  })
}
