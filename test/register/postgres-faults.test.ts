import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ClockApart } from '../../src/register/clock.ts'
import { openPostgresRegister, type PostgresOptions } from '../../src/register/postgres.ts'
import { serverAt } from '../../src/register/postgres-server.ts'
import { prepareTables } from '../../src/register/postgres-tables.ts'
import type { Register } from '../../src/register/register.ts'
import { Findings, verifyRegister } from '../../src/register/verify.ts'
import { type Cluster, startCluster, withoutPostgres } from '../cluster.ts'
import { proxyTo } from '../proxy.ts'

const now = () => new Date('2026-03-02T02:00:00Z')
const author = { authority: '省局', officer: '张三' }
const draft = (subject: string, payload: unknown = { a: 1 }) =>
  ({ subject, kind: 'record.added', payload, visibility: 'public', author }) as const
const request = (command: string, subject = command) => ({
  drafts: [draft(subject)],
  command,
  fingerprint: 'f',
})

/** A register that is reached over a proxy, and another way to it past the proxy. */
async function reached(t: Test, cluster: Cluster, options?: PostgresOptions) {
  const direct = await cluster.database()
  await prepareTables(direct)
  const proxy = await proxyTo(cluster.port)
  const url = direct.replace(`:${cluster.port}/`, `:${proxy.port}/`)
  const [register, beside] = [
    await openPostgresRegister(url, now, options),
    await openPostgresRegister(direct, now),
  ]
  t.teardown(async () => {
    proxy.shut(false)
    await register.close()
    await beside.close()
    await proxy.close()
  })
  return { proxy, register, beside, direct, url }
}

/** Subjects in the order of the register; throws where anything in it does not check. */
async function subjects(register: Register): Promise<string[]> {
  const findings = new Findings()
  const { epoch, position, chain, recordedAt: at } = await register.standing()
  await verifyRegister(register, () => ({ epoch, position, chain, at }), findings)
  if (findings.count > 0) throw new Error(JSON.stringify(findings.all))
  return (await register.read(0, 10_000)).map(({ subject }) => subject)
}

/** As it goes over the wire, ended by a zero: READ COMMITTED is another word. */
const COMMIT = 'COMMIT\0'

/** Does something to the first COMMIT that is seen. */
function onFirstCommit(what: 'cut' | 'cut-answer', then: () => void = () => undefined) {
  let isFirst = true
  return (said: Buffer) => {
    if (!isFirst || !said.includes(COMMIT)) return 'pass'
    isFirst = false
    then()
    return what
  }
}

if (withoutPostgres !== undefined) t.plan(0, withoutPostgres)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())

  t.test('a connection that breaks between two statements of whoever has it ends nothing else', async (t) => {
    const direct = await cluster.database()
    const server = serverAt(direct, 1)
    const client = await server.connect()
    const [own] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
    await cluster.run(`SELECT pg_terminate_backend(${own?.pid})`, direct)
    await sleep(300)
    await t.rejects(client.query('SELECT 1'))
    client.release(true)
    t.same((await server.query('SELECT 1 AS one')).rows, [{ one: 1 }], 'the next gets another')
    await server.end()
  })

  t.test('a commit whose answer is lost is found done, not done again', async (t) => {
    const { proxy, register, beside } = await reached(t, cluster)
    proxy.judge(onFirstCommit('cut-answer'))
    const all = await Promise.all(
      ['A', 'B', 'A'].map((subject) => register.append({ drafts: [draft(subject)], command: 'x' })),
    )
    t.same(
      all.flatMap(({ entries }) => entries.map(({ seq }) => seq)),
      [1, 2, 3],
    )
    t.same(await subjects(beside), ['A', 'B', 'A'])
    t.same(
      all.flatMap(({ entries }) => entries.map(({ id }) => id)),
      (await beside.read(0, 9)).map(({ id }) => id),
    )
  })

  t.test('a commit that never arrived is made once more', async (t) => {
    const { proxy, register, beside } = await reached(t, cluster)
    proxy.judge(onFirstCommit('cut'))
    const { entries, repeated } = await register.append(request('one'))
    t.match(entries, [{ seq: 1, revision: 1 }])
    t.notOk(repeated)
    t.same(await subjects(beside), ['one'])
  })

  t.test('what nobody could find out in time is told by the same command later', async (t) => {
    for (const what of ['cut', 'cut-answer'] as const) {
      const { proxy, register, beside } = await reached(t, cluster, { patienceMs: 300 })
      proxy.judge(onFirstCommit(what, () => setTimeout(() => proxy.shut(true), 5)))
      await t.rejects(register.append(request('one')), { name: 'RegisterUnavailable', inDoubt: true })
      await t.rejects(register.append(request('two')), { name: 'RegisterUnavailable', inDoubt: false })
      t.same(await subjects(beside), what === 'cut' ? [] : ['one'])
      proxy.shut(false)
      const again = await register.append(request('one'))
      t.equal(again.repeated, what === 'cut-answer')
      t.match(again.entries, [{ seq: 1 }])
      t.notOk((await register.append(request('two'))).repeated)
      t.same(await subjects(beside), ['one', 'two'])
    }
  })

  t.test('refused and repeated in a group whose commit broke stay what they were', async (t) => {
    const { proxy, register, beside } = await reached(t, cluster)
    await register.append(request('one'))
    proxy.judge(onFirstCommit('cut-answer'))
    const [repeated, conflict, reused, fresh] = await Promise.allSettled([
      register.append(request('one')),
      register.append({ ...request('two', 'one'), expect: new Map([['one', 7]]) }),
      register.append({ ...request('one'), fingerprint: 'g' }),
      register.append(request('three')),
    ])
    t.match(repeated, { status: 'fulfilled', value: { repeated: true, entries: [{ seq: 1 }] } })
    t.match(conflict, { status: 'rejected', reason: { name: 'Conflict', expected: 7, actual: 1 } })
    t.match(reused, { status: 'rejected', reason: { name: 'CommandReused' } })
    t.match(fresh, { status: 'fulfilled', value: { repeated: false, entries: [{ seq: 2 }] } })
    t.same(await subjects(beside), ['one', 'three'])
  })

  t.test('a serialization failure, a deadlock and a cancelled statement are tried again', async (t) => {
    for (const code of ['40001', '40P01', '57014', '53200']) {
      const { register, direct, beside } = await reached(t, cluster)
      // A sequence is not taken back with its transaction: the first two attempts fail.
      await cluster.run(
        `CREATE SEQUENCE tries; CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF nextval('tries') <= 2 THEN RAISE EXCEPTION USING ERRCODE = '${code}'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER failing BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION fail()`,
        direct,
      )
      t.match((await register.append(request('one'))).entries, [{ seq: 1 }], code)
      t.same(await subjects(beside), ['one'])
    }
  })

  t.test(
    'a clock that is ahead of the server’s appends nothing, and keeps nobody else from appending',
    async (t) => {
      for (const [seconds, isRefused] of [
        [6, true],
        [4, false],
      ] as const) {
        const { direct, beside } = await reached(t, cluster)
        const ahead = await openPostgresRegister(direct, () => new Date(Date.now() + seconds * 1_000))
        t.teardown(() => ahead.close())
        const append = () => ahead.append({ drafts: [draft('one')], command: 'ahead' })
        if (isRefused) await t.rejects(append(), ClockApart, `${seconds} s`)
        else await append()
        t.same(await subjects(beside), isRefused ? [] : ['one'])
        t.ok(Math.abs(((await beside.sharedTime())?.getTime() ?? 0) - Date.now()) < 5_000)
      }
    },
  )

  t.test('a full server is told as such, and nothing is appended', async (t) => {
    const { register, direct, beside } = await reached(t, cluster)
    await cluster.run(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER failing BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION fail()`,
      direct,
    )
    await t.rejects(register.append(request('one')), { name: 'RegisterFull' })
    t.equal(await beside.head(), 0)
  })

  t.test('who holds the head and says nothing loses it, and others go on', async (t) => {
    const { register, proxy, beside } = await reached(t, cluster)
    // Asleep in the middle of its transaction, as a process that was stopped is.
    let isHeld = false
    proxy.judge((said) => {
      if (!isHeld && said.includes('INSERT INTO entry')) {
        isHeld = true
        setTimeout(() => proxy.cutAll(), 12_000)
        return 'hold'
      }
      return 'pass'
    })
    const held = register.append(request('held'))
    await sleep(300)
    const at = Date.now()
    t.match((await beside.append(request('other'))).entries, [{ seq: 1 }])
    t.ok(Date.now() - at < 9_000, `${Date.now() - at} ms`)
    t.match((await held).entries, [{ seq: 2 }], 'and is done once it is awake')
    t.same(await subjects(beside), ['other', 'held'])
  })

  t.test('in a storm of cut connections everything acknowledged is there, and nothing twice', async (t) => {
    const { register, proxy, beside, direct } = await reached(t, cluster, { patienceMs: 400 })
    proxy.judge((said) =>
      Math.random() > 0.06 ? 'pass' : said.includes(COMMIT) || Math.random() < 0.5 ? 'cut-answer' : 'cut',
    )
    const end = Date.now() + 4_000
    const outcomes = new Map<string, 'done' | 'not' | 'doubt'>()
    const client = async (name: number) => {
      for (let n = 0; Date.now() < end; n += 1) {
        const key = `${name}/${n}`
        outcomes.set(
          key,
          await register.append(request(key)).then(
            () => 'done' as const,
            (error: { name: string; inDoubt: boolean }) => {
              if (error.name !== 'RegisterUnavailable') throw error
              return error.inDoubt ? 'doubt' : 'not'
            },
          ),
        )
      }
    }
    let killed: Promise<unknown> = Promise.resolve()
    const killing = setInterval(() => {
      killed = cluster
        .run(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hqc' AND random() < 0.3`,
          direct,
        )
        .catch(() => undefined)
    }, 300)
    await Promise.all(Array.from({ length: 16 }, (_, i) => client(i)))
    clearInterval(killing)
    // The last of them may be on its way still, and what is read below is read once.
    await killed
    proxy.judge(() => 'pass')
    const found = await subjects(beside)
    t.equal(new Set(found).size, found.length, 'nothing twice')
    const there = new Set(found)
    const of = (what: string) => Array.from(outcomes).flatMap(([key, how]) => (how === what ? [key] : []))
    t.same(
      of('done').filter((key) => !there.has(key)),
      [],
      'acknowledged is there',
    )
    t.same(
      of('not').filter((key) => there.has(key)),
      [],
      'what was said not to be done was not',
    )
    t.ok(of('done').length > 50, `${of('done').length} done`)
    for (const key of [...of('doubt'), ...of('not')].slice(0, 20)) {
      const { repeated } = await register.append(request(key))
      t.equal(repeated, there.has(key), 'the command tells')
    }
    t.comment(`${of('done').length} done, ${of('not').length} not, ${of('doubt').length} in doubt`)
  })

  t.test('a server that was killed and started again has all that was acknowledged', async (t) => {
    const { register, beside } = await reached(t, cluster)
    await register.append(request('before'))
    await cluster.end('SIGKILL')
    const during = register.append(request('during'))
    await sleep(500)
    await cluster.start()
    t.match((await during).entries, [{ seq: 2 }], 'what waited is done')
    t.same(await subjects(beside), ['before', 'during'])
  })
}
