import { get } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { z } from 'zod'
import { codes } from '../faults/load.ts'
import { elapsed, type Measurement, median } from './measurement.ts'
import { createKey, type ServerProcess, startBareServer, startRegistry } from './processes.ts'
import { upload } from './serving.ts'

const PAGE = 1000
const ROUNDS = 3
const ROUND_SECONDS = 4
const CONNECTIONS = 16
const CONSUMERS = 2000
const WOKEN_MS = 500

const page = z.object({ items: z.array(z.unknown()), next: z.int() })

/** What platforms do over HTTP: pages of events, and many who wait; against a bare server that sends the same bytes. */
export async function measurePulling(dataDir: string, csv: string): Promise<Measurement[]> {
  const key = await createKey(dataDir, 'records:write,platform:read')
  const registry = await startRegistry(dataDir)
  await upload(registry.url, key, csv)
  const headers = { authorization: `Bearer ${key}` }
  const measured = [await pages(registry, headers), ...(await waking(registry, headers))]
  await registry.stop()
  return measured
}

type Headers = { authorization: string }

async function text(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, { headers })
  const body = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status}: ${body}`)
  return body
}

/** What one who waits gets, over a connection of its own. */
function awaited(url: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${answer.statusCode} from ${url}`))
      readText(answer).then(resolve, reject)
    }).on('error', reject)
  })
}

/** Full pages of events, one after the other, from the first to the last. */
async function pages(registry: ServerProcess, headers: Headers): Promise<Measurement> {
  const paths: string[] = []
  let bytes = ''
  for (let after = 0; ; ) {
    const path = `/api/v1/events?after=${after}&limit=${PAGE}`
    const body = await text(`${registry.url}${path}`, headers)
    const { items, next } = page.parse(JSON.parse(body))
    if (items.length < PAGE) break
    bytes = body
    paths.push(path)
    after = next
  }
  const bare = await startBareServer(bytes)
  const perSecond = async (url: string, more: Omit<autocannon.Options, 'url'> = {}) => {
    const { requests, non2xx } = await autocannon({
      ...{ url, connections: CONNECTIONS, duration: ROUND_SECONDS, ...more },
    })
    if (non2xx > 0) throw new Error(`${non2xx} of ${url} were refused`)
    return requests.average
  }
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await perSecond(bare.url))
    ours.push(await perSecond(registry.url, { headers, requests: paths.map((path) => ({ path })) }))
  }
  await bare.stop()
  return {
    name: `GET pages of ${PAGE} events, per second`,
    ratio: median(ours) / median(theirs),
    target: { atLeast: 0.4 },
    detail: `${median(ours).toFixed(0)}/s over ${paths.length} pages of ${(bytes.length / 1000).toFixed(0)} kB, bare Fastify ${median(theirs).toFixed(0)}/s`,
  }
}

/** How long after a write all who wait for it have it. */
async function waking(registry: ServerProcess, headers: Headers): Promise<Measurement[]> {
  const fresh = codes('W')
  const head = async () =>
    page.parse(JSON.parse(await text(`${registry.url}/api/v1/events?limit=1`, headers)))
  let after = 0
  for (let next = (await head()).next; next > after; ) {
    after = next
    next = page.parse(
      JSON.parse(await text(`${registry.url}/api/v1/events?after=${after}&limit=${PAGE}`, headers)),
    ).next
  }
  const [ours, theirs]: [number[], number[]] = [[], []]
  let bytes = ''
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = after
    const waiting = Array.from({ length: CONSUMERS }, () =>
      awaited(`${registry.url}/api/v1/events?after=${from}&limit=${PAGE}&wait=60`, headers),
    )
    await until(async () => /^feed_waiting (\d+)$/m.exec(await text(`${registry.url}/metrics`))?.[1])
    const uscc: string = fresh.next().value
    const opened = await fetch(`${registry.url}/api/v1/enterprises`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ uscc, enterprise: { name: `示例${uscc}公司` } }),
    })
    if (opened.status !== 201) throw new Error(await opened.text())
    ours.push(
      await elapsed(async () => {
        for (const body of await Promise.all(waiting)) {
          const { items, next } = page.parse(JSON.parse(body))
          if (items.length !== 1) throw new Error(`woken for ${items.length} events`)
          bytes = body
          after = next
        }
      }),
    )
  }
  const bare = await startBareServer(bytes)
  for (let round = 0; round < ROUNDS; round += 1) {
    const waiting = Array.from({ length: CONSUMERS }, () => awaited(`${bare.url}/wait`))
    await until(async () => /\d+/.exec(await text(`${bare.url}/waiting`))?.[0])
    await fetch(`${bare.url}/wake`, { method: 'POST' })
    theirs.push(
      await elapsed(async () => {
        for (const body of await Promise.all(waiting)) page.parse(JSON.parse(body))
      }),
    )
  }
  await bare.stop()
  const [woken, alone] = [median(ours), median(theirs)]
  const detail = `all in ${woken.toFixed(0)} ms after the write was answered, bare Fastify ${alone.toFixed(0)} ms`
  return [
    {
      name: `${CONSUMERS} who wait, woken within ${WOKEN_MS} ms`,
      ratio: woken / WOKEN_MS,
      target: { atMost: 1 },
      detail,
    },
    {
      name: `${CONSUMERS} who wait, times a bare server's`,
      ratio: woken / alone,
      target: { atMost: 3 },
      detail,
    },
  ]
}

/** Waits until all who are to wait do. */
async function until(waiting: () => Promise<string | undefined>): Promise<void> {
  for (let tries = 0; Number(await waiting()) < CONSUMERS; tries += 1) {
    if (tries > 300) throw new Error(`only ${await waiting()} wait`)
    await sleep(100)
  }
}
