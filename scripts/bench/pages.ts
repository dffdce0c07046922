import { join } from 'node:path'
import autocannon from 'autocannon'
import { type Measurement, median } from './measurement.ts'
import { startBareServer, startRegistry } from './processes.ts'

const CONNECTIONS = 64
const ROUND_SECONDS = 4
const ROUNDS = 3

/** Pages of the public site, made anew and unchanged since the last asking, against a bare route that sends the same. */
export async function measurePages(folder: string): Promise<Measurement[]> {
  const registry = await startRegistry(join(folder, 'pages'), 'development')
  const measured: Measurement[] = []
  for (const [name, path] of [
    ['an enterprise’s page', '/enterprises/DEM000030'],
    ['the page of the blacklist', '/blacklist'],
  ] as const) {
    const url = `${registry.url}${path}`
    const bare = await startBareServer(await (await fetch(url)).text())
    for (const [how, isNew, atLeast] of [
      // What a file's page reads makes it of another day, which is another work.
      ...(path === '/blacklist' ? ([['computed', true, 0.35]] as const) : []),
      ['unchanged', false, 0.8] as const,
    ]) {
      const [ours, theirs]: [number[], number[]] = [[], []]
      for (let round = 0; round < ROUNDS; round += 1) {
        theirs.push(await perSecond(bare.url, '/', isNew))
        ours.push(await perSecond(registry.url, path, isNew))
      }
      measured.push({
        name: `${name}, ${how}, per second`,
        ratio: median(ours) / median(theirs),
        target: { atLeast },
        detail: `${median(ours).toFixed(0)}/s, bare Fastify ${median(theirs).toFixed(0)}/s`,
      })
    }
    await bare.stop()
  }
  await registry.stop()
  return measured
}

/** Requests per second; `isNew` asks each time for what nobody has asked for, so that no answer is one that was kept. */
async function perSecond(url: string, path: string, isNew: boolean): Promise<number> {
  let asked = 0
  const { requests, non2xx } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
    requests: [
      {
        setupRequest: (request: autocannon.Request) => {
          asked += 1
          // A page is kept by what it reads of its address: a day long before the first listing changes nothing else of it.
          const day = new Date(Date.UTC(1930, 0, 1 + asked)).toISOString().slice(0, 10)
          return { ...request, path: isNew ? `${path}?from=${day}` : path }
        },
      },
    ],
  })
  if (non2xx > 0) throw new Error(`${non2xx} pages were refused`)
  return requests.average
}
