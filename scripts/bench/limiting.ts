import { join } from 'node:path'
import autocannon from 'autocannon'
import { z } from 'zod'
import type { Measurement } from './measurement.ts'
import { createKey, startProfiled } from './processes.ts'
import { someKey, upload } from './serving.ts'

const CONNECTIONS = 64
const SECONDS = 12
const ADDRESSES = 500
/** Where a request is counted and looked at before anything is done for it, and its answer guarded. */
const LIMITS = /\/src\/(api\/limits|http\/(door|visitor|json|heavy-work|form))\.ts/

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.array(z.number()).default([]),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
})

/** Time of a profile's thread in microseconds: all that it was busy, and what of it was spent on limits and checks. */
function timesIn({ nodes, samples, timeDeltas }: z.output<typeof profile>): { busy: number; limits: number } {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const kinds = new Map<number, 'idle' | 'limits' | 'other'>()
  const [root] = nodes
  const left: { id: number; isWithin: boolean }[] = root ? [{ id: root.id, isWithin: false }] : []
  for (let next = left.pop(); next; next = left.pop()) {
    const node = known.get(next.id)
    if (!node) continue
    const { functionName, url } = node.callFrame
    const isWithin = next.isWithin || LIMITS.test(url)
    kinds.set(node.id, functionName === '(idle)' ? 'idle' : isWithin ? 'limits' : 'other')
    left.push(...node.children.map((id) => ({ id, isWithin })))
  }
  const times = { busy: 0, limits: 0 }
  samples.forEach((id, i) => {
    const kind = kinds.get(id)
    const time = timeDeltas[i] ?? 0
    if (kind !== 'idle') times.busy += time
    if (kind === 'limits') times.limits += time
  })
  return times
}

/**
 * What limits and checks cost of reads: of the time in which the answering thread was busy with them, the share spent there, by a
 * profile of one and the same run, so that whatever else the machine does falls on both. The reads are the cheapest there are,
 * files that are kept ready, and come through a proxy from many addresses, so that each is counted.
 */
export async function measureLimits(folder: string, csv: string): Promise<Measurement> {
  const dataDir = join(folder, 'limits')
  const key = await createKey(dataDir)
  const registry = await startProfiled(dataDir, {
    TRUST_PROXY: 'loopback',
    PUBLIC_URL: 'http://127.0.0.1',
    RATE_LIMIT: '1000000',
  })
  await upload(registry.url, key, csv)
  const path = `/api/v1/enterprises/${await someKey(registry.url)}`
  const requests = Array.from({ length: ADDRESSES }, (_, i) => ({
    path,
    headers: { 'x-forwarded-for': `198.51.${100 + (i >> 8)}.${i & 255}` },
  }))
  let answered = 0
  const text = await registry.profiled(async () => {
    const { url } = registry
    const { non2xx, requests: read } = await autocannon({
      url,
      connections: CONNECTIONS,
      duration: SECONDS,
      requests,
    })
    if (non2xx > 0) throw new Error(`${non2xx} reads were refused`)
    answered = read.total
  })
  await registry.stop()
  if (process.env.KEEP) await (await import('node:fs/promises')).writeFile(process.env.KEEP, text)
  const { busy, limits } = timesIn(profile.parse(JSON.parse(text)))
  return {
    name: 'share of limits and checks in reads',
    ratio: limits / busy,
    target: { atMost: 0.03 },
    detail: `${(limits / answered).toFixed(1)} of ${(busy / answered).toFixed(1)} µs of the answering thread for a read`,
  }
}
