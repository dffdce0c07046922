import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { SaxesParser } from 'saxes'
import t, { type Test } from 'tap'
import { extractText } from 'unpdf'
import { fromBufferPromise } from 'yauzl'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import { textFault } from '../../src/records/fields.ts'
import type { RecordData, RecordKind } from '../../src/records/kind.ts'
import { signedIn } from '../desk/visitor.ts'
import { addressesIn, checkPage } from '../html/validator.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

/**
 * What goes out is read back by parsers that let nothing pass, after an old register has held in every text what breaks
 * out of markup, runs in a spreadsheet, turns writing round, or can't be written at all.
 */

const MARKUP = `]]></text><script>alert(1)</script><!-- &amp; " '`
const HOSTILE = [
  `=A1()${MARKUP}`,
  `@SUM(1)\u0000\u0001\u0008\u000b\u000c\u000e\u001b\u001f\u007f\u0085`,
  `+1\u202e\u2066\u200f\ufeff\u2028\u2029\ufffe\uffff`,
  `-2\t\r\n${'很长'.repeat(20)}`,
]
const uscc = unifiedCode('READ0001')
const key = uscc.slice(8, 17)
const author = { authority: `局${HOSTILE[0]}${HOSTILE[1]}`, officer: `人${HOSTILE[1]}` }

/** A record whose every text is hostile, each in another way. */
function hostile(kind: RecordKind | undefined, base: RecordData, from: number): RecordData {
  const texts = (kind?.columns ?? []).filter(
    ({ type, field }) => type === 'text' && !['region', 'industry'].includes(field),
  )
  return {
    ...base,
    ...Object.fromEntries(
      texts.map(({ field }, i) => [
        field,
        `${HOSTILE[(from + i) % HOSTILE.length]}${field}`.slice(0, field === 'authorityCode' ? 18 : 100),
      ]),
    ),
  }
}

async function filled(t: Test) {
  const server = await testServer(t)
  const [text = '', control = '', bidi = '', long = ''] = HOSTILE
  const rules = ruleSets.find(({ id }) => id === 'order-44')
  let n = 0
  const fact = async (kind: string, payload: object, subject = key) => {
    n += 1
    const draft = { subject, kind, payload, visibility: 'platform' as const, author }
    await server.writer.append({ drafts: [draft], command: `hostile/${n}` })
  }
  await fact('enterprise.opened', {
    uscc,
    data: hostile(enterprise, { region: '130102', status: '存续' }, 0),
  })
  await fact('enterprise.changed', { changes: { name: `示例${control}${text}` } })
  const [licence, penalty, inspection, award] = ['licence', 'penalty', 'inspection', 'award'].map((type) =>
    catalogue.kind(type),
  )
  for (const i of [0, 1, 2, 3]) {
    const add = (id: string, type: string, data: RecordData) =>
      fact('record.added', { id: `${id}${i}`, type, data })
    await add('licence', 'licence', hostile(licence, licenceOf(`${i}`).data, i))
    await add('penalty', 'penalty', hostile(penalty, { ...penaltyOf(`${i}`).data, severity: '严重' }, i))
    const tested = {
      kind: '省级监督抽查',
      outcome: '不合格',
      inspectedOn: '2026-10-01',
      deliveredOn: '2026-10-05',
    }
    await add('test', 'inspection', hostile(inspection, tested, i))
    await add('award', 'award', hostile(award, { kind: '著名商标', level: '省', grantedOn: '2026-01-01' }, i))
  }
  await fact('note.added', { id: 'note', text: `${control}${bidi}` })
  await fact('listing.proposed', {
    ...{ case: 'case', ruleSet: { id: 'order-44', version: rules?.version ?? 0 }, ground: 'unsafe-product' },
    ...{
      penalties: ['penalty0', 'penalty1'],
      facts: `${text}${control}`,
      reasons: `${bidi}${long}`,
      by: 'x',
    },
  })
  await fact('listing.noticed', {
    ...{ case: 'case', content: `${text}${control}${bidi}`, noticeNo: control, servedOn: '2026-11-01' },
    ...{ way: text, statementUntil: '2026-11-10', certain: true, by: 'x' },
  })
  await fact('listing.decided', {
    ...{
      case: 'case',
      listed: true,
      decisionNo: `${control}${text}`,
      decidedOn: '2026-11-20',
      reasons: text,
    },
    ...{ measures: [control, bidi], by: 'x' },
    listing: {
      ...{
        ground: `${text}${control}`,
        basis: bidi,
        until: '2029-11-20',
        publishBy: '2026-12-20',
        certain: true,
      },
      repair: { from: '2027-11-20', how: `${text}${bidi}`, conditions: [control] },
    },
  })
  await fact('listing.published', { case: 'case', from: '2026-11-20', until: '2029-11-20' })
  await fact('document.attached', {
    record: 'penalty0',
    text: `${control}${text}`,
    masked: 0,
    toldOn: '2026-11-01',
    by: 'x',
  })
  await fact('document.reviewed', { record: 'penalty0', approved: true, reasons: control, by: 'y' })
  const drafted = {
    authority: author.authority,
    from: '2026-11-01',
    to: '2026-11-30',
    corrections: [],
    by: 'x',
  }
  await fact('bulletin.drafted', drafted, 'bulletins/hostile')
  const issued = { n: 1, year: 2026, no: 1, listed: ['case'], removed: {}, by: 'y' }
  await fact('bulletin.issued', issued, 'bulletins/hostile')
  return server
}

/** Reads XML strictly; throws on whatever is not well-formed. */
function readXml(xml: string): void {
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
}

/** Reads an Office file part by part. */
async function readOffice(bytes: Buffer): Promise<number> {
  const zip = await fromBufferPromise(bytes)
  let parts = 0
  for await (const entry of zip.eachEntry()) {
    if (!/\.(xml|rels)$/.test(entry.fileName)) continue
    parts += 1
    readXml((await buffer(await zip.openReadStreamPromise(entry))).toString())
  }
  return parts
}

/** Reads a table strictly; names cells that a spreadsheet would run. */
function readCsv(text: string): void {
  const rows: string[][] = parse(text, { bom: true })
  const running = rows.flat().find((cell) => /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)))
  if (running !== undefined) throw new Error(`a cell runs: ${running.slice(0, 40)}`)
}

const ONE_OF = (type: string) => type.split(';')[0] ?? ''

t.test('whatever goes out is well-formed after an old register’s most hostile texts', async (t) => {
  const server = await filled(t)
  t.ok(
    HOSTILE.slice(1, 3).every((text) => textFault(text)),
    'that no way in takes any more',
  )
  const visitor = await signedIn(server, {
    login: 'zhangsan',
    roles: ['recorder', 'reviewer', 'publisher', 'auditor'],
    authority: '河北省市场监督管理局',
  })
  const open = [
    ...[
      '/',
      '/en',
      '/sitemap.xml',
      '/sitemaps/1.xml',
      '/sitemaps/pages.xml',
      '/opensearch.xml',
      '/robots.txt',
    ],
    ...[`/enterprises/${key}`, `/en/enterprises/${key}`, `/enterprises/${key}/print`, '/blacklist/case'],
    ...[
      `/enterprises/${key}/feed.atom`,
      `/enterprises/${key}/feed.json`,
      `/enterprises/${key}/decisions/penalty0`,
    ],
    ...['/blacklist', '/blacklist/feed.atom', '/blacklist/feed.json', '/bulletins', '/bulletins/hostile.1'],
    ...[
      '/bulletins/feed.atom',
      '/bulletins/feed.json',
      '/search?q=示例',
      '/search.csv',
      '/search.xlsx',
      '/suggest?q=示例',
    ],
    ...['grades', 'listings', 'pass-rates', 'coverage'].flatMap((name) =>
      ['svg', 'csv', 'xlsx'].map((ending) => `/statistics/${name}.${ending}`),
    ),
    '/statistics/listings.svg?by=ground',
    ...['csv', 'xlsx'].flatMap((format) => [
      `/api/v1/blacklist?format=${format}`,
      `/api/v1/bulletins/hostile.1?format=${format}`,
      `/api/v1/reports/pass-rates?format=${format}`,
      `/api/v1/reports/quality-bulletin?format=${format}`,
    ]),
    ...['/api/v1/changes', `/api/v1/enterprises/${key}`, '/open-data/catalog.jsonld', '/api/v1/bulletins'],
    ...['', '/differences', '/records/penalty1/update', '/change'].map(
      (path) => `/desk/enterprises/${key}${path}`,
    ),
    ...['/desk', '/desk/cases', '/desk/cases/case', '/desk/audit', '/desk/imports'],
    ...['/desk/cases?format=csv', '/desk/cases?format=xlsx', '/desk/reports/quality-bulletin?format=xlsx'],
  ].map((path) => encodeURI(path))
  const seen = new Set(open)
  const read = new Map<string, number>()
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const { statusCode, headers, rawPayload, body } = await visitor.get(path)
    if (statusCode === 303) continue
    t.equal(statusCode, 200, path)
    const type = ONE_OF(String(headers['content-type']))
    read.set(type, (read.get(type) ?? 0) + 1)
    try {
      if (type === 'text/html') {
        await checkPage(t, path, body)
        for (const { address } of addressesIn(body)) {
          // Documents and files that pages of the case lead to.
          if (!/\/documents\/|\.(atom|json|csv|xlsx|docx|svg|pdf)\b/.test(address) || seen.has(address))
            continue
          seen.add(address)
          open.push(address)
        }
      } else if (/xml$/.test(type) && !/openxml/.test(type)) readXml(body)
      else if (/openxml/.test(type)) t.ok((await readOffice(rawPayload)) > 3, `${path}: parts`)
      else if (type === 'text/csv') readCsv(body)
      else if (/json$/.test(type)) JSON.parse(body)
    } catch (error) {
      t.fail(`${path}: ${error instanceof Error ? error.message.slice(0, 200) : ''}`)
    }
  }
  const begun = await server.app.inject({
    method: 'POST',
    url: '/api/v1/checks',
    payload: { rows: [{ code: uscc, name: HOSTILE[0] }, { name: HOSTILE[3]?.slice(0, 60) }] },
  })
  const check = String(begun.headers.location)
  while (!(await server.app.inject(check)).json().done) await new Promise((resolve) => setTimeout(resolve, 5))
  const paper = await server.app.inject(`${check}/record.pdf`)
  const { text } = await extractText(new Uint8Array(paper.rawPayload), { mergePages: true })
  t.match(text, uscc, 'the paper is read')
  readCsv((await server.app.inject(`${check}/results.csv`)).body)
  for (const type of [
    ...['text/html', 'text/csv', 'image/svg+xml', 'application/atom+xml', 'application/feed+json'],
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ])
    t.ok((read.get(type) ?? 0) > 0, `some ${type}: ${read.get(type)}`)
})
