import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { CLI } from '../../scripts/faults/processes.ts'
import { addDays } from '../../src/calendar/dates.ts'
import { mirror, type Progress } from '../../src/mirror/mirror.ts'
import { Source } from '../../src/mirror/source.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { fc } from '../properties.ts'
import { proxyTo } from '../proxy.ts'
import { licenceOf, penaltyOf } from '../support.ts'
import { following, held, KEYS } from './following.ts'

const PULL = fileURLToPath(new URL('../../docs/pull/', import.meta.url))
/** So often a mirror in this process is ended. */
const ENDS = 60
/** The storm is over when each was killed so often, or when it has lasted so long. */
const KILLS = 10
const STORM_MS = 8_000

/** Where a puller dies: so long after it said something to the server for the so-manieth time. */
const death = fc.record({ said: fc.integer({ min: 1, max: 9 }), afterMs: fc.nat(12) })
const firm = fc.nat(KEYS.length - 1)
const changes = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('licence' as const), firm }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('penalty' as const), firm }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom('updated' as const, 'corrected' as const, 'withdrawn' as const),
      nth: fc.nat(1_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('erased' as const), nth: fc.nat(1_000) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('renamed' as const), firm }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('copy' as const, 'day' as const) }) },
)
type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never

type Followed = Awaited<ReturnType<typeof following>>

/** Makes the register live: what is entered, changed, corrected, withdrawn and erased, days that pass and copies that are made. */
function life({ server, fact, copy }: Followed) {
  const records: { key: string; id: string; position: number }[] = []
  let day = '2026-11-24'
  let n = 0
  const added = async (key: string, record: object) => {
    n += 1
    const id = `r${n}`
    records.push({ key, id, position: await fact(key, 'record.added', { id, ...record }) })
  }
  return async (change: Change): Promise<void> => {
    const key = ('firm' in change ? KEYS[change.firm] : undefined) ?? ''
    // The day before, on and after the end of a lesser penalty's publication all come by.
    const decidedOn = addDays(day, -92 + (n % 5))
    if (change.what === 'licence') return added(key, licenceOf(`X${n}`))
    if (change.what === 'penalty')
      return added(
        key,
        penaltyOf(`${n}号`, { fine: n % 2 ? 100 : 50_000, decidedOn, publishedOn: decidedOn }),
      )
    if (change.what === 'renamed') {
      n += 1
      await fact(key, 'enterprise.changed', { changes: { name: `示例${n}公司` } })
    } else if (change.what === 'copy') await copy()
    else if (change.what === 'day') {
      day = addDays(day, 1)
      server.clock.set(`${day}T02:00:00.000Z`)
      await server.registry.runDaily()
    } else if ('nth' in change) {
      const [at] = records.length > 0 ? records.splice(change.nth % records.length, 1) : []
      if (!at) return
      const { key, id, position } = at
      if (change.what === 'withdrawn') await fact(key, 'record.withdrawn', { id, reason: 'x' })
      else if (change.what === 'erased')
        await fact(key, 'payload.erased', { positions: [position], reason: 'x' }, [position])
      else {
        records.push(at)
        n += 1
        const changes = { authority: `第${n}局` }
        await fact(key, `record.${change.what}`, {
          id,
          changes,
          ...(change.what === 'corrected' && { reason: 'x' }),
        })
      }
    }
  }
}

interface Ended {
  code: number | null
  said: string
}

/** A program that pulls, started again whenever it has ended, and killed at the points that were drawn for it. */
class Puller {
  kills = 0
  /** What it said in all its lives. */
  said = ''
  #isOver = false

  constructor(
    readonly name: string,
    readonly start: (url: string, follow: boolean) => ChildProcess,
  ) {}

  stop(): void {
    this.#isOver = true
  }

  async live(url: string, deaths: readonly { said: number; afterMs: number }[]): Promise<void> {
    const { port } = new URL(url)
    const proxy = await proxyTo(Number(port))
    const own = `http://127.0.0.1:${proxy.port}`
    for (const { said, afterMs } of deaths) {
      if (this.#isOver) break
      const child = this.start(own, true)
      let times = 0
      proxy.judge(() => {
        times += 1
        if (times === said) setTimeout(() => child.kill('SIGKILL'), afterMs)
        return 'pass'
      })
      const gone = this.#ended(child)
      // Where nothing happens that it could ask for, it lives until the storm is over.
      const over = setInterval(() => this.#isOver && child.kill('SIGKILL'), 50)
      await gone
      clearInterval(over)
      if (child.signalCode === 'SIGKILL') this.kills += 1
    }
    await proxy.close()
  }

  /** Lets it come to the end in peace. */
  last(url: string): Promise<Ended> {
    return this.#ended(this.start(url, false))
  }

  async #ended(child: ChildProcess): Promise<Ended> {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await once(child, 'close')
    this.said += said
    return { code: child.exitCode, said }
  }
}

function pullersOf(t: Test, { server, key, path }: Followed) {
  const keyFile = join(server.folder, 'key')
  writeFileSync(keyFile, key)
  const run = (program: string, args: readonly string[], follow: readonly string[]) =>
    spawn(program, [...args, ...follow], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  const flag = (follow: boolean) => (follow ? ['--follow'] : [])
  const copies = { node: join(server.folder, 'node.db'), python: join(server.folder, 'python.db') }
  const pullers = [
    new Puller('cli mirror', (url, follow) =>
      run(
        process.execPath,
        [CLI, 'mirror', url, path, '--key-file', keyFile, '--receipts'],
        follow ? ['--follow'] : ['--check'],
      ),
    ),
    new Puller('mirror.mjs', (url, follow) =>
      run(process.execPath, [join(PULL, 'mirror.mjs'), url, copies.node], flag(follow)),
    ),
    new Puller('mirror.py', (url, follow) =>
      run('python3', [join(PULL, 'mirror.py'), url, copies.python], flag(follow)),
    ),
  ]
  t.teardown(() => {
    for (const puller of pullers) puller.stop()
  })
  return { pullers, copies }
}

/** The public files that a puller of docs/pull holds. */
function filesIn(path: string): [string, unknown][] {
  const connection = new Sqlite(path, { readonly: true })
  const rows = connection
    .prepare<[], { key: string; json: string }>('SELECT org_code AS key, json FROM file ORDER BY org_code')
    .all()
  connection.close()
  return rows.map(({ key, json }) => [key, JSON.parse(json)])
}

t.test(
  'a mirror that ends at any request, again and again, goes on without a miss or a double',
  async (t) => {
    const followed = await following(t)
    const { server, url, key, fact, path, stands, consumer } = followed
    for (const key of KEYS) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
    const happen = life(followed)
    const proxy = await proxyTo(Number(new URL(url).port))
    const own = `http://127.0.0.1:${proxy.port}`
    const told: Progress[] = []
    let ended = 0
    const run = async (signal: AbortSignal) =>
      mirror(new Source(own, key, signal), path, {
        follow: false,
        acknowledges: true,
        signal,
        tell: (one) => told.push(one),
      })
    const round = fc.record({ changes: fc.array(changes, { maxLength: 4 }), death })
    for (const [i, { changes, death }] of fc.sample(round, ENDS).entries()) {
      for (const change of changes) await happen(change)
      const ending = new AbortController()
      let times = 0
      proxy.judge(() => {
        times += 1
        if (times === death.said) setTimeout(() => ending.abort(), death.afterMs)
        return 'pass'
      })
      await run(ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted) throw error
      })
      if (ending.signal.aborted) ended += 1
      if (i % 10 !== 9) continue
      proxy.judge(() => 'pass')
      await run(new AbortController().signal)
      t.same(held(path), stands(), `after ${i + 1} ends`)
    }
    await proxy.close()
    t.ok(ended > ENDS / 4, `ended early ${ended} times of ${ENDS}`)
    const parts = readdirSync(server.folder).filter((name) => name.endsWith('.part'))
    t.same(parts, [], 'nothing is left of copies that were not taken in')
    t.same(
      told.filter(({ copied }) => copied?.why !== undefined),
      [],
      'it never had to begin anew',
    )
    const known = await server.registry.consumers.one(consumer)
    t.match(known, { acknowledged: server.registry.position(), refused: 0, findings: [] })
  },
)

t.test('pullers that are killed at any moment hold in the end what stands, to the letter', async (t) => {
  const followed = await following(t)
  const { server, url, fact, copy, path, stands, consumer } = followed
  const { pullers, copies } = pullersOf(t, followed)
  for (const key of KEYS) await fact(key, 'enterprise.opened', { data: { name: `示例${key}公司` } })
  await copy()
  const happen = life(followed)
  const storms = pullers.map((puller) => puller.live(url, fc.sample(death, 200)))
  const until = performance.now() + STORM_MS
  for (const change of fc.sample(changes, 5_000)) {
    if (performance.now() > until || pullers.every(({ kills }) => kills >= KILLS)) break
    await happen(change)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  for (const puller of pullers) puller.stop()
  await Promise.all(storms)
  for (const puller of pullers) {
    t.ok(
      puller.kills > 0,
      `${puller.name} was killed ${puller.kills} times up to position ${server.registry.position()}`,
    )
    const { code, said } = await puller.last(url)
    t.equal(code, 0, said)
    t.notMatch(puller.said, /从头取用|Error/, `${puller.name} followed without a gap: ${puller.said}`)
  }
  t.same(held(path), stands(), 'the platform’s face')
  const answer = await (await fetch(`${url}/api/v1/changes?since=0&limit=1000`)).json()
  const standing = answer.items
    .filter((one: { deleted?: true }) => !one.deleted)
    .map(({ orgCode, file }: { orgCode: string; file: object }): [string, unknown] => [orgCode, file])
    .sort(([a]: [string], [b]: [string]) => (a < b ? -1 : 1))
  t.ok(standing.length > 0)
  for (const own of [copies.node, copies.python]) t.same(filesIn(own), standing, 'the public’s face')
  const known = await server.registry.consumers.one(consumer)
  t.match(known, { acknowledged: server.registry.position(), refused: 0, findings: [] })
})
