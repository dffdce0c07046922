import { join } from 'node:path'
import autocannon from 'autocannon'
import { openViews } from '../../src/views/schema.ts'
import { Views } from '../../src/views/views.ts'
import { inventedFirms } from './firms.ts'
import { type Measurement, median, percentile } from './measurement.ts'
import { startBareServer, startRegistry } from './processes.ts'

const LISTINGS = 100_000
const QUERIES = 2000
const TODAY = '2026-11-24'

/** Filtering and paging 100,000 listings, against the bare SQL. */
export function measureListQueries(folder: string): Measurement {
  const path = join(folder, 'listings.db')
  const connection = openViews(path, 'write')
  const insert = connection.prepare('INSERT INTO listing_1 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  connection.transaction(() => {
    let i = 0
    for (const { uscc, name } of inventedFirms(LISTINGS)) {
      i += 1
      const from = `20${24 + (i % 3)}-0${1 + (i % 9)}-1${i % 10}`
      const json = JSON.stringify({ id: String(i), name, uscc, text: 'x'.repeat(700) })
      const region = `${uscc.slice(2, 6)}0${i % 9}`
      insert.run(
        String(i),
        uscc.slice(8, 17),
        name,
        region,
        `情形${i % 4}`,
        '电缆',
        '省局',
        from,
        '2029-01-01',
        from,
        i,
        json,
      )
    }
  })()
  const views = new Views(path)
  const bare = connection.prepare<[string, string, string, string, string], string>(
    `SELECT json FROM listing_1 WHERE from_day <= ? AND until_day > ? AND region BETWEEN ? AND ? AND ground = ?
     ORDER BY position DESC LIMIT 21`,
  )
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let i = 0; i < QUERIES; i += 1) {
    const [region, ground] = [`13${String(1 + (i % 11)).padStart(2, '0')}`, `情形${i % 4}`]
    let start = performance.now()
    bare.pluck().all(TODAY, TODAY, region, `${region}\u{10ffff}`, ground)
    theirs.push(performance.now() - start)
    start = performance.now()
    views.listings({ on: TODAY, today: TODAY, region, ground }, undefined, 21)
    ours.push(performance.now() - start)
  }
  views.close()
  connection.close()
  const [our, their] = [percentile(ours, 0.99), percentile(theirs, 0.99)]
  return {
    name: `p99 of filtering ${LISTINGS} listings`,
    ratio: our / their,
    target: { atMost: 2 },
    detail: `${our.toFixed(2)} ms, bare SQL ${their.toFixed(2)} ms`,
  }
}

/** The list and the check of one code over HTTP, against a bare Fastify route that sends the same bytes. */
export async function measureListReading(folder: string): Promise<Measurement[]> {
  const registry = await startRegistry(join(folder, 'listing'), 'development')
  const measured: Measurement[] = []
  for (const [name, path] of [
    ['GET the blacklist, requests per second', '/api/v1/blacklist'],
    ['GET the check of one listed code, requests per second', '/api/v1/enterprises/DEM000030'],
  ] as const) {
    const url = `${registry.url}${path}`
    const bare = await startBareServer(await (await fetch(url)).text())
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round < 3; round += 1) {
      theirs.push((await autocannon({ url: bare.url, connections: 64, duration: 4 })).requests.average)
      ours.push((await autocannon({ url, connections: 64, duration: 4 })).requests.average)
    }
    await bare.stop()
    measured.push({
      name,
      ratio: median(ours) / median(theirs),
      target: { atLeast: 0.7 },
      detail: `${median(ours).toFixed(0)}/s, bare Fastify ${median(theirs).toFixed(0)}/s`,
    })
  }
  await registry.stop()
  return measured
}
