import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { z } from 'zod'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { inventedFirms, writeFirms } from './firms.ts'
import { type Measurement, median, percentile } from './measurement.ts'
import { createKey, startBareServer, startRegistry } from './processes.ts'

const CONNECTIONS = 64
const ROUND_SECONDS = 4
const ROUNDS = 3

/** Reading a file over HTTP, against a bare Fastify route that sends the same bytes. */
export async function measureReading(folder: string, csv: string): Promise<Measurement> {
  const dataDir = join(folder, 'reading')
  const key = await createKey(dataDir)
  const registry = await startRegistry(dataDir)
  await upload(registry.url, key, csv)
  const address = `${registry.url}/api/v1/enterprises/${await someKey(registry.url)}`
  const bare = await startBareServer(await (await fetch(address)).text())
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await requestsPerSecond(bare.url))
    ours.push(await requestsPerSecond(address))
  }
  await Promise.all([registry.stop(), bare.stop()])
  return {
    name: 'GET one file, requests per second',
    ratio: median(ours) / median(theirs),
    target: { atLeast: 0.7 },
    detail: `${median(ours).toFixed(0)}/s, bare Fastify ${median(theirs).toFixed(0)}/s`,
  }
}

/** Appends over HTTP from 64 connections, each answered when durable and visible, against single fsynced inserts. */
export async function measureAppends(folder: string): Promise<Measurement> {
  const bare = fsyncedInserts(join(folder, 'inserts.db'))
  const dataDir = join(folder, 'appends')
  const key = await createKey(dataDir)
  const registry = await startRegistry(dataDir)
  const firms = inventedFirms(10_000_000)
  const { requests, non2xx } = await autocannon({
    url: registry.url,
    connections: CONNECTIONS,
    duration: 2 * ROUND_SECONDS,
    requests: [
      {
        method: 'POST',
        path: '/api/v1/enterprises',
        setupRequest: (request) => {
          const { uscc, name, establishedOn } = firms.next().value ?? {}
          return {
            ...request,
            headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ uscc, enterprise: { name, establishedOn } }),
          }
        },
      },
    ],
  })
  await registry.stop()
  if (non2xx > 0) throw new Error(`${non2xx} appends were refused`)
  return {
    name: `appends over HTTP from ${CONNECTIONS} connections, per second`,
    ratio: requests.average / bare,
    target: { atLeast: 1 },
    detail: `${requests.average.toFixed(0)}/s, single fsynced inserts ${bare.toFixed(0)}/s`,
  }
}

/** A million files imported over HTTP: what the process holds, and what that does to readers meanwhile. */
export async function measureMillion(folder: string, count: number): Promise<Measurement[]> {
  const dataDir = join(folder, 'million')
  const csv = join(folder, 'million.csv')
  await writeFirms(csv, count)
  const key = await createKey(dataDir)
  const registry = await startRegistry(dataDir)
  const small = join(folder, 'first.csv')
  await writeFirms(small, 1000)
  await upload(registry.url, key, small)
  const keys = Array.from(inventedFirms(1000), ({ uscc }) => uscc.slice(8, 17))
  const idle = await readTimes(registry.url, keys, sleep(5000))
  let seconds = performance.now()
  const importing = upload(registry.url, key, csv)
  const busy = await readTimes(registry.url, keys, importing)
  seconds = (performance.now() - seconds) / 1000
  const { most } = await registry.memory()
  // A simulation over all of them: the standard as it ships, tried and not written.
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ standard: shippedStandards[0] })
  let trying = performance.now()
  const simulation = fetch(`${registry.url}/api/v1/standards/simulations`, {
    method: 'POST',
    headers,
    body,
  }).then(async (answer) => {
    if (!answer.ok) throw new Error(await answer.text())
    await answer.arrayBuffer()
  })
  const tried = await readTimes(registry.url, keys, simulation)
  trying = (performance.now() - trying) / 1000
  const { most: withSimulation } = await registry.memory()
  await registry.stop()
  const [calm, loaded, simulating] = [percentile(idle, 0.99), percentile(busy, 0.99), percentile(tried, 0.99)]
  return [
    {
      name: `memory with ${count} files, MB`,
      ratio: most,
      target: { atMost: 700 },
      detail: `at most while importing them in ${seconds.toFixed(0)} s`,
    },
    {
      name: 'p99 of reads during an import',
      ratio: loaded / calm,
      target: { atMost: 3 },
      detail: `${loaded.toFixed(2)} ms, idle ${calm.toFixed(2)} ms`,
    },
    {
      name: 'p99 of reads during a simulation over all files',
      ratio: simulating / calm,
      target: { atMost: 3 },
      detail: `${simulating.toFixed(2)} ms, idle ${calm.toFixed(2)} ms; it took ${trying.toFixed(0)} s and memory rose to ${withSimulation.toFixed(0)} MB`,
    },
  ]
}

export async function requestsPerSecond(url: string): Promise<number> {
  const { requests } = await autocannon({ url, connections: CONNECTIONS, duration: ROUND_SECONDS })
  return requests.average
}

/** Times of single reads in milliseconds, one after the other with a little rest, until something is over. */
async function readTimes(url: string, keys: readonly string[], until: Promise<unknown>): Promise<number[]> {
  let isOver = false
  const ending = until.finally(() => {
    isOver = true
  })
  const times: number[] = []
  while (!isOver) {
    const key = keys[times.length % keys.length]
    const start = performance.now()
    await (await fetch(`${url}/api/v1/enterprises/${key}`)).arrayBuffer()
    times.push(performance.now() - start)
    await sleep(2)
  }
  await ending
  return times
}

const job = z.object({ id: z.string(), status: z.string() })

/** Uploads a file of enterprises and waits for the end of its job. */
export async function upload(url: string, key: string, path: string): Promise<void> {
  const form = new FormData()
  form.append('file', await openAsBlob(path), 'firms.csv')
  const headers = { authorization: `Bearer ${key}` }
  const sent = await fetch(`${url}/api/v1/imports?type=enterprise`, { method: 'POST', headers, body: form })
  let { id, status } = job.parse(await sent.json())
  while (status === 'waiting' || status === 'running') {
    await sleep(200)
    status = job.parse(await (await fetch(`${url}/api/v1/imports/${id}`, { headers })).json()).status
  }
  if (status !== 'done') throw new Error(`import ${id} ended as ${status}`)
}

export async function someKey(url: string): Promise<string> {
  const list = z.object({ items: z.array(z.object({ orgCode: z.string() })).min(1) })
  const { items } = list.parse(await (await fetch(`${url}/api/v1/enterprises?limit=1`)).json())
  return items[0]?.orgCode ?? ''
}

function fsyncedInserts(path: string): number {
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT)')
  const insert = db.prepare('INSERT INTO entry (body) VALUES (?)')
  const body = 'x'.repeat(300)
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < ROUND_SECONDS * 1000; count += 1) insert.run(body)
  const perSecond = count / ((performance.now() - start) / 1000)
  db.close()
  return perSecond
}
