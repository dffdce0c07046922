import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { writeCopy } from '../../src/bulk/copy.ts'
import { LineFile } from '../../src/bulk/written.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { checkedBeforeSending, sentTable } from '../../src/exchange/before-sending.ts'
import { type Elements, formColumns } from '../../src/exchange/double-publicity.ts'
import { type LongTable, type TableRow, xmlStream } from '../../src/exchange/export.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { Feed } from '../../src/registry/feed.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { Faces } from '../../src/views/faces.ts'
import { OneState } from '../../src/views/one-state.ts'
import { importEnterprises, type Opened, openData } from './filled.ts'
import { elapsed, type Measurement, median } from './measurement.ts'

const PAGE = 1000

/** What the platform pulls, against reading and writing the same without it. */
export async function measurePlatform(dataDir: string, csv: string): Promise<Measurement[]> {
  const data = await openData(dataDir)
  await importEnterprises(data, csv)
  const measured = [await events(data), await copy(data, dataDir), ...(await exchangeTable(data))]
  await data.close()
  return measured
}

const now = () => new Date()

function feedOf({ register, views }: Opened): Feed {
  return new Feed({ register, views, catalogue, faces: new Faces({ views, catalogue, now }), now })
}

/** Every event, in pages, against reading the register in pages. */
async function events(data: Opened): Promise<Measurement> {
  const { signal } = new AbortController()
  const [reads, told]: [number[], number[]] = [[], []]
  let count = 0
  for (let round = 0; round < 3; round += 1) {
    reads.push(
      await elapsed(async () => {
        for (let after = 0; ; ) {
          const last = (await data.register.read(after, PAGE)).at(-1)
          if (!last) break
          after = last.seq
        }
      }),
    )
    // A feed of its own each time: nothing is kept from the round before.
    const feed = feedOf(data)
    count = 0
    told.push(
      await elapsed(async () => {
        for (let after = 0; ; ) {
          const page = await feed.events(after, PAGE, 0, signal)
          if (page.events.length === 0) break
          count += page.events.length
          after = page.next
        }
      }),
    )
  }
  const [read, events] = [median(reads), median(told)]
  return {
    name: 'events, speed',
    ratio: read / events,
    target: { atLeast: 0.25 },
    detail: `${count} events in ${events.toFixed(0)} ms, the register read alone ${read.toFixed(0)} ms`,
  }
}

/** Full copies for both audiences, against compressing and writing the same lines. */
async function copy(data: Opened, dataDir: string): Promise<Measurement> {
  const paths = pathsIn(dataDir)
  const now = () => new Date()
  const keys = await openStampKeys(paths, now)
  const { epoch } = await data.register.standing()
  const head = { epoch, on: '2026-11-24', schema: 'x', madeAt: now().toISOString() }
  const audiences = ['public', 'platform'] as const
  const made = await elapsed(async () => {
    for (const audience of audiences) {
      const snapshot = new OneState(paths.views)
      const folder = join(dataDir, 'copy', audience)
      await writeCopy({ folder, audience, snapshot, catalogue, keys, head, since: [] })
      snapshot.close()
    }
  })
  let bytes = 0
  let bare = 0
  for (const audience of audiences) {
    const folder = join(dataDir, 'copy', audience)
    const again = join(dataDir, 'again', audience)
    mkdirSync(again, { recursive: true })
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.gz'))) {
      const packed = readFileSync(join(folder, name))
      const lines = gunzipSync(packed)
        .toString()
        .split(/(?<=\n)/)
      bytes += packed.length
      bare += await elapsed(async () => {
        const file = new LineFile(again, name)
        for (const line of lines) await file.add(line)
        await file.end()
      })
    }
  }
  return {
    name: 'full copies, speed',
    ratio: bare / made,
    target: { atLeast: 0.25 },
    detail: `${(bytes / 1e6).toFixed(1)} MB in ${made.toFixed(0)} ms, the same lines alone ${bare.toFixed(0)} ms`,
  }
}

const TABLE_ROWS = 10_000
const TABLE_SECONDS = 5

/** A table of penalties for the platform, checked before sending and written as XML, against writing the same rows that are there already. */
async function exchangeTable(data: Opened): Promise<Measurement[]> {
  const keys = data.views.changes(0, TABLE_ROWS).map(({ key }) => key)
  const author = { authority: '省局', officer: '测量' }
  for (let from = 0; from < keys.length; from += PAGE) {
    const drafts = keys.slice(from, from + PAGE).map((subject, i) => ({
      subject,
      kind: 'record.added',
      payload: { id: `p${from + i}`, type: 'penalty', data: penaltyNumbered(from + i) },
      visibility: 'platform' as const,
      author,
    }))
    await data.writer.append({ drafts, command: `measured/table/${from}` }, { waitForSearch: false })
  }
  const registry = {
    feed: feedOf(data),
    listings: nobodyListed,
    authorities: { namesOf: (name: string) => [name] },
    now: () => new Date(),
  }
  const table = () => sentTable(registry, 'penalties', '2018', { from: '2026-01-01', to: '2026-12-31' })
  const asXml = (form: Elements, parts: LongTable['parts']) =>
    buffer(xmlStream({ title: form.title, columns: formColumns(form), parts }))
  let rows = 0
  const took = await elapsed(async () => {
    const { form, parts } = table()
    rows = (await checkedBeforeSending(form, parts, TABLE_ROWS)).rows
    await asXml(form, table().parts)
  })
  if (rows !== keys.length) throw new Error(`${rows} rows of ${keys.length}`)
  const { form, parts } = table()
  const ready: TableRow[][] = []
  for await (const some of parts) ready.push([...some])
  const bare = await elapsed(() => asXml(form, Readable.from(ready)))
  const detail = `in ${took.toFixed(0)} ms, written alone ${bare.toFixed(0)} ms`
  return [
    {
      name: `table of ${rows} penalties, checked and written within ${TABLE_SECONDS} s`,
      ratio: took / (TABLE_SECONDS * 1000),
      target: { atMost: 1 },
      detail,
    },
    {
      name: `table of ${rows} penalties, times writing rows that are there`,
      ratio: took / bare,
      target: { atMost: 20 },
      detail,
    },
  ]
}

const nobodyListed = { list: () => ({ items: [], next: undefined }), ended: () => [] }

function penaltyNumbered(n: number) {
  return {
    documentNo: `示市监罚〔2026〕${n}号`,
    procedure: '普通程序',
    conduct: '生产不合格产品',
    facts: '抽查检验不合格，事实清楚。'.repeat(10),
    penaltyBasis: '《产品质量法》第四十九条',
    types: ['罚款', '没收违法所得'],
    content: '责令停止生产，没收违法所得，罚款。',
    fine: 50_000 + n / 100,
    confiscatedIncome: 1000,
    decidedOn: '2026-03-02',
    authority: '示例市市场监督管理局',
  }
}
