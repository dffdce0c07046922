import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import pg from 'pg'
import { openPostgresRegister } from '../../src/register/postgres.ts'
import { preparedIn, startCluster, withoutPostgres } from '../../test/cluster.ts'
import { codes, post } from '../faults/load.ts'
import { childrenOf, cliIn, type Server, startServer } from '../faults/processes.ts'
import { type Measurement, median, percentile } from './measurement.ts'
import { createKey } from './processes.ts'
import { someKey, upload } from './serving.ts'

const CONNECTIONS = 64
const ROUND_SECONDS = 4
const ROUNDS = 3
const SEEN = 200
const PREPARED_MS = 8_000
const ANSWERS = 30_000
const SEEN_MS = 100
const NODES_SECRET = 'a-secret-of-the-nodes-of-32-and-more'

/** Two nodes on one PostgreSQL, against the bare database and against one node. Nothing where there is no PostgreSQL. */
export async function measureNodes(folder: string): Promise<Measurement[]> {
  if (withoutPostgres !== undefined) {
    process.stdout.write(`skipped nodes: ${withoutPostgres}\n`)
    return []
  }
  const cluster = await startCluster()
  try {
    const measured = [await appends(await preparedIn(cluster))]
    const url = await preparedIn(cluster)
    const settings = { DATABASE_URL: url, NODES_SECRET, RATE_LIMIT: '0' }
    const first = join(folder, 'node-1')
    const place = { ...settings, DATA_DIR: first }
    await cliIn(place, 'init')
    const made = await cliIn(place, 'key', 'create', '--name', '省测量局', '--scope', 'records:write')
    const key = /hqc_\S+/.exec(made.stdout)?.[0]
    if (key === undefined) throw new Error(made.stderr)
    const one = await startServer(first, settings)
    const two = await startServer(join(folder, 'node-2'), settings)
    try {
      return [...measured, await seen(one, two, key), await reading(one, two)]
    } finally {
      for (const node of [one, two]) await node.end('SIGTERM')
    }
  } finally {
    await cluster.remove()
  }
}

/** Appends by as many writers at a time, each told when the database has its own, against rows of the same size put in by as many a transaction. */
async function appends(url: string): Promise<Measurement> {
  const register = await openPostgresRegister(url, () => new Date())
  const author = { authority: '省测量局', officer: '测量' }
  const payload = { data: { name: '示例测量公司', address: '示例路'.repeat(50) } }
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await groupedInserts(url, JSON.stringify(payload)))
    const until = performance.now() + ROUND_SECONDS * 1000
    let count = 0
    const writer = async (_: unknown, w: number) => {
      for (let n = 0; performance.now() < until; n += 1) {
        const subject = `measured/${round}-${w}-${n}`
        const draft = { subject, kind: 'measured', payload, visibility: 'internal' as const, author }
        await register.append({ drafts: [draft], command: subject })
        count += 1
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, writer))
    ours.push(count / ROUND_SECONDS)
  }
  await register.close()
  const [own, bare] = [median(ours), median(theirs)]
  return {
    name: `appends to PostgreSQL by ${CONNECTIONS} writers, per second`,
    ratio: own / bare,
    target: { atLeast: 0.5 },
    detail: `${own.toFixed(0)}/s, bare inserts of ${CONNECTIONS} rows a transaction ${bare.toFixed(0)}/s`,
  }
}

/** An entry, its command and the head, as a program would write them that knows no chain, no digests and no revisions. */
async function groupedInserts(url: string, body: string): Promise<number> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`CREATE TABLE bare (seq BIGSERIAL PRIMARY KEY, id TEXT UNIQUE, body TEXT);
    CREATE TABLE bare_command (id TEXT PRIMARY KEY); CREATE TABLE bare_head (seq BIGINT); INSERT INTO bare_head VALUES (0)`)
  const bodies = Array.from({ length: CONNECTIONS }, () => body)
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < ROUND_SECONDS * 1000; count += CONNECTIONS) {
    const ids = bodies.map((_, i) => `${count + i}`)
    await client.query('BEGIN')
    await client.query('SELECT seq FROM bare_head FOR UPDATE')
    await client.query('INSERT INTO bare (id, body) SELECT * FROM unnest($1::text[], $2::text[])', [
      ids,
      bodies,
    ])
    await client.query('INSERT INTO bare_command SELECT unnest($1::text[])', [ids])
    await client.query('UPDATE bare_head SET seq = seq + $1', [CONNECTIONS])
    await client.query('COMMIT')
  }
  const perSecond = count / ((performance.now() - start) / 1000)
  await client.query('DROP TABLE bare, bare_command, bare_head')
  await client.end()
  return perSecond
}

/** How long after a write was answered by one node the other answers with it. */
async function seen(one: Server, two: Server, key: string): Promise<Measurement> {
  const fresh = codes('B')
  const times: number[] = []
  for (let i = 0; i < SEEN; i += 1) {
    const uscc: string = fresh.next().value
    const written = await post(one.url, key, '/enterprises', {
      uscc,
      enterprise: { name: `示例${uscc}公司` },
    })
    if (written.status !== 201) throw new Error(await written.text())
    const position = written.headers.get('register-position') ?? ''
    await written.arrayBuffer()
    const start = performance.now()
    const read = await fetch(`${two.url}/api/v1/enterprises/${uscc.slice(8, 17)}`, {
      headers: { 'min-position': position },
    })
    await read.arrayBuffer()
    if (read.status !== 200) throw new Error(`${read.status} on the other node`)
    times.push(performance.now() - start)
  }
  const p99 = percentile(times, 0.99)
  return {
    name: `a write of one node is answered by the other within ${SEEN_MS} ms (p99)`,
    ratio: p99 / SEEN_MS,
    target: { atMost: 1 },
    detail: `p99 ${p99.toFixed(1)} ms, median ${median(times).toFixed(1)} ms`,
  }
}

/**
 * What two nodes that read at a time answer, times one alone. Counted for each second of processor time that they took, so that
 * the load generator and whatever else runs here is taken off.
 */
async function reading(one: Server, two: Server): Promise<Measurement> {
  const key = await someKey(one.url)
  const read = async (node: Server) => {
    const before = processorSecondsOf(node.process.pid)
    const url = `${node.url}/api/v1/enterprises/${key}`
    const { requests } = await autocannon({ url, connections: CONNECTIONS, amount: ANSWERS })
    return requests.total / (processorSecondsOf(node.process.pid) - before)
  }
  // What a node prepares once it is up, and what is compiled with the first requests, is no part of it.
  await sleep(PREPARED_MS)
  await Promise.all([read(one), read(two)])
  const [alone, together]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await read(one))
    const both = await Promise.all([read(one), read(two)])
    together.push(both.reduce((sum, each) => sum + each, 0))
  }
  const [single, double] = [median(alone), median(together)]
  return {
    name: 'two nodes reading, times one',
    ratio: double / single,
    target: { atLeast: 1.7 },
    detail: `${double.toFixed(0)} and ${single.toFixed(0)} answers for each second of processor time`,
  }
}

/**
 * What two processes of one node (`WORKERS`) answer, times one: for each second that both, or it alone, had a processor to
 * themselves, so that the load generator and whatever else runs here is taken off.
 */
export async function measureWorkers(folder: string, csv: string): Promise<Measurement[]> {
  const dataDir = join(folder, 'workers')
  const key = await createKey(dataDir)
  const [single, double]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [count, rates] of [
      [1, single],
      [2, double],
    ] as const) {
      const server = await startServer(dataDir, { WORKERS: String(count), RATE_LIMIT: '0' })
      if (round === 0 && count === 1) await upload(server.url, key, csv)
      while ((server.log().match(/Server listening/g)?.length ?? 0) < count) await sleep(100)
      const pids = count === 1 ? [server.process.pid] : childrenOf(server)
      const seconds = () => pids.map(processorSecondsOf).reduce((sum, each) => sum + each, 0)
      const url = `${server.url}/api/v1/enterprises/${await someKey(server.url)}`
      // What a node prepares once it is up, and what is compiled with the first requests, is no part of it.
      await sleep(PREPARED_MS)
      const load = { url, connections: CONNECTIONS, amount: count * ANSWERS }
      await autocannon(load)
      const before = seconds()
      const { requests } = await autocannon(load)
      rates.push((count * requests.total) / (seconds() - before))
      await server.end('SIGTERM')
    }
  const [one, two] = [median(single), median(double)]
  return [
    {
      name: 'two processes of a node reading, times one',
      ratio: two / one,
      target: { atLeast: 1.7 },
      detail: `${two.toFixed(0)} and ${one.toFixed(0)} answers for each second with a processor for each`,
    },
  ]
}

const TICKS_A_SECOND = 100

/** Processor time that a process has taken, its threads included, in seconds. */
function processorSecondsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / TICKS_A_SECOND
}
