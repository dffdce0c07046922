import { join } from 'node:path'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { ratingDraft } from '../../src/rating/events.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import type { Draft } from '../../src/register/entry.ts'
import { openOutsideIndex, openSearch } from '../../src/running/open-search.ts'
import { pathsIn } from '../../src/running/paths.ts'
import type { SearchEngine } from '../../src/search/engine.ts'
import { SearchFollower } from '../../src/search/follower.ts'
import { routesOf } from '../routes.ts'
import { fakeMeilisearch } from '../search/meilisearch-server.ts'
import {
  licenceOf,
  penaltyOf,
  type TestServer,
  temporaryFolder,
  testServer,
  unifiedCode,
} from '../support.ts'

/** What time alone changes shows with the first answer of the new day, whether or not the daily job has run. */

const MIDNIGHT = '2026-11-27T16:00:00.000Z'
const A_SECOND_BEFORE = '2026-11-27T15:59:59.000Z'
const [EVE, DAY] = ['2026-11-27', '2026-11-28']

const author = { authority: '省局', officer: '张三' }
const CHANGES = ['listingEnds', 'penaltyEnds', 'penaltyBegins', 'licenceEnds', 'stays'] as const
type Change = (typeof CHANGES)[number]
/** Firms by what the day does to them, two of each kind and two that stay as they are. */
const FIRMS: Readonly<Record<Change, readonly string[]>> = {
  listingEnds: ['列入期满甲公司', '列入期满乙公司'],
  penaltyEnds: ['公示期满甲公司', '公示期满乙公司'],
  penaltyBegins: ['公示开始甲公司', '公示开始乙公司'],
  licenceEnds: ['许可到期甲公司', '许可到期乙公司'],
  stays: ['照旧在列甲公司', '照旧在列乙公司'],
}

const NAMES: readonly string[] = Object.values(FIRMS).flat()

const codes = new Map(NAMES.map((name, i) => [name, unifiedCode(`TURN${String(i).padStart(4, '0')}`)]))
const keyOf = (name: string) => codes.get(name)?.slice(8, 17) ?? ''
const caseOf = (name: string) => `case-${keyOf(name)}`

function draftsOf(change: Change, name: string): Draft[] {
  const subject = keyOf(name)
  const draft = (kind: string, payload: unknown): Draft => ({
    ...{ subject, kind, payload, author },
    visibility: 'public',
  })
  const opened = draft('enterprise.opened', { uscc: codes.get(name), data: { name, region: '130102' } })
  const added = (record: object) => draft('record.added', { id: `${subject}-1`, ...record })
  if (change === 'licenceEnds')
    return [
      opened,
      added(licenceOf(`证${subject}`, { status: '有效', issuedOn: '2021-11-28', validTo: EVE })),
    ]
  if (change === 'penaltyEnds')
    return [
      opened,
      added(penaltyOf(`罚${subject}`, { fine: 1_000, decidedOn: '2026-08-20', publishedOn: '2026-08-28' })),
    ]
  if (change === 'penaltyBegins')
    return [
      opened,
      added(penaltyOf(`罚${subject}`, { fine: 1_000, decidedOn: '2026-11-20', publishedOn: DAY })),
    ]
  const own = { case: caseOf(name) }
  const until = change === 'listingEnds' ? DAY : '2028-11-28'
  const [ruleSet, repair] = [
    { id: 'order-44', version: 1 },
    { from: '2027-11-24', how: '申请', conditions: [] },
  ]
  const listing = { ground: '情形', basis: '依据', until, publishBy: '2026-12-24', certain: true, repair }
  const decided = { decisionNo: `列${subject}`, decidedOn: '2026-11-24', reasons: '', measures: [], by: 'b' }
  return [
    opened,
    draft('listing.proposed', {
      ...own,
      ruleSet,
      ground: 'x',
      penalties: [],
      facts: '',
      reasons: '',
      by: 'a',
    }),
    draft('listing.decided', { ...own, listed: true, ...decided, listing }),
    draft('listing.published', { ...own, from: '2026-11-24', until }),
  ]
}

/** A grade and a class of each firm, as they come out on the day of the listings. */
async function rated({ writer, views, registry }: TestServer): Promise<void> {
  for (const standard of shippedStandards) {
    const adopted = {
      subject: `standard/${standard.id}`,
      kind: 'standard.adopted',
      payload: standard,
      author,
    }
    await writer.append({ command: `adopt/${standard.id}`, drafts: [{ ...adopted, visibility: 'public' }] })
    for (const name of NAMES) {
      const dossier = views.dossier(keyOf(name))
      if (!dossier) throw new Error(`no file of ${name}`)
      const rating = rate(dossier, standard, '2026-11-24', registry.catalogue)
      const id = `${standard.id}-${keyOf(name)}`
      const drafts = [ratingDraft(keyOf(name), id, standard, '2026-11-24', rating, {}, author)]
      await writer.append({ command: `rate/${id}`, drafts })
    }
  }
}

async function filled(t: Test): Promise<TestServer> {
  const server = await testServer(t)
  for (const change of CHANGES)
    for (const name of FIRMS[change])
      await server.writer.append({ command: `open/${name}`, drafts: draftsOf(change, name) })
  await rated(server)
  return server
}

const SEARCHES = ['/search', '/search.csv', '/api/v1/enterprises', '/en/search'].flatMap((path) =>
  [
    '',
    '&listed=true',
    '&kind=penalty',
    '&kind=licence',
    '&licence=%E5%85%A8%E5%9B%BD%E5%B7%A5%E4%B8%9A%E4%BA%A7%E5%93%81%E7%94%9F%E4%BA%A7%E8%AE%B8%E5%8F%AF%E8%AF%81',
    '&order=oldest',
  ].map((filter) => `${path}?q=${encodeURIComponent('公司')}${filter}`),
)

/** Every address that anybody may read without a key, with the firms and listings of the test in it. */
function publicAddresses({ app }: TestServer): string[] {
  const paths = routesOf(app).filter(
    ({ path, methods }) => methods.includes('GET') && !path.startsWith('/desk') && !path.includes('*'),
  )
  const named = paths.flatMap(({ path }) =>
    path.includes(':')
      ? NAMES.flatMap((name) => {
          const address = path.replace(':code', keyOf(name)).replace(':id', caseOf(name))
          return address.includes(':') ? [] : [address]
        })
      : [path],
  )
  const feeds = [
    '/api/v1/changes?since=0&limit=1000',
    '/api/v1/blacklist?format=csv',
    `/api/v1/blacklist?asOf=${DAY}`,
  ]
  return [...named, ...SEARCHES, ...feeds, `/suggest?q=${encodeURIComponent('期满')}`]
}

/** What of the test's an answer tells: names, numbers of documents, and how the search counts. */
function toldBy({ statusCode, body }: { statusCode: number; body: string }): string {
  const told = Array.from(
    body
      .replaceAll(/<\/?mark>/g, '')
      .matchAll(
        /(?:罚|证|列)TURN\w+|(?:列入|公示|许可|照旧)\p{Script=Han}{2}[甲乙]公司|有效(?!期)|过期|在质量失信黑名单上|"grade":"?\w+|[企等]\p{Script=Han}{1,3}[：:级 ]{0,3}(?:<[^>]*>)*[ABCD]\b/gu,
      ),
    ([word]) => word,
  )
  const counts = Array.from(body.matchAll(/"(?:total|facets)":.*/gs), ([part]) =>
    part.replace(/"position":\d+/, ''),
  )
  return `${statusCode} ${Array.from(new Set(told)).sort().join()} ${counts.join()}`
}

/** Neither the position nor the time: those that say how often something was asked, or how far this process has come. */
const OF_THE_PROCESS = ['/metrics', '/readyz', '/healthz', '/openapi.json']

t.test('every public address tells at midnight what it tells once the daily job has run', async (t) => {
  const server = await filled(t)
  const { app, clock, registry } = server
  const addresses = publicAddresses(server).filter((path) => !OF_THE_PROCESS.includes(path))
  const asked = async () => {
    const answers = new Map<string, { told: string; etag: string | undefined }>()
    for (const address of addresses) {
      const answer = await app.inject(address)
      const { etag } = answer.headers
      answers.set(address, { told: toldBy(answer), etag: etag === undefined ? undefined : String(etag) })
    }
    return answers
  }
  clock.set(A_SECOND_BEFORE)
  const before = await asked()
  const again = await asked()
  t.same(
    [...again].filter(([address, { told }]) => told !== before.get(address)?.told),
    [],
  )
  clock.set(MIDNIGHT)
  const wrong304: string[] = []
  const at = await asked()
  for (const [address, { told, etag }] of before) {
    if (etag === undefined || told === at.get(address)?.told) continue
    const held = await app.inject({ url: address, headers: { 'if-none-match': etag } })
    if (held.statusCode === 304) wrong304.push(address)
  }
  t.same(wrong304, [])
  t.equal(await registry.runDaily(), 12, 'eight of the day, and four grades and classes that rested on it')
  const after = await asked()
  for (const [address, { told }] of after) t.equal(at.get(address)?.told, told, address)
  const changed = addresses.filter((address) => before.get(address)?.told !== at.get(address)?.told)
  t.ok(SEARCHES.filter((address) => changed.includes(address)).length >= 12, changed.join(' '))
  for (const path of ['/', '/blacklist', '/api/v1/blacklist', '/api/v1/changes?since=0&limit=1000'])
    t.ok(changed.includes(path), path)
})

t.test('officers, the tables for the platform and the plan have the same day', async (t) => {
  const server = await filled(t)
  const { app, clock, registry } = server
  const headers = await server.authorization(['records:read', 'platform:read'])
  const json = async (path: string) => (await app.inject({ url: `/api/v1${path}`, headers })).json()
  const told = async () => {
    const files = await Promise.all(
      NAMES.map(async (name) => {
        const { ratings, listings, listed, licences, penalties } = ratedFile.parse(
          await json(`/enterprises/${keyOf(name)}`),
        )
        const inForce = ratings.filter((rating) => rating.inForce).map(({ id, grade }) => `${id} ${grade}`)
        return [name, inForce.sort(), listings.map(({ status }) => status), listed, licences, penalties]
      }),
    )
    const own = [caseOf(FIRMS.listingEnds[0] ?? ''), caseOf(FIRMS.stays[0] ?? '')]
    const cases = await Promise.all(own.map((id) => json(`/cases/${id}`)))
    const tables = await Promise.all(
      ['violators', 'penalties', 'licences'].map((form) => json(`/exchange/${form}?from=2020-01-01`)),
    )
    const plan = await json('/supervision/plan?from=2026-01-01&to=2026-12-31')
    const grades = await json('/reports/grades?by=region')
    const { asOf: _, ...counted } = grades
    return {
      files,
      cases: cases.map(({ status, openSteps }) => ({ status, openSteps })),
      tables: tables.map(({ items }) => items),
      plan: plan.items,
      counted,
    }
  }
  clock.set(A_SECOND_BEFORE)
  const before = await told()
  clock.set(MIDNIGHT)
  // An act of the new day that has nothing to do with what the day has ended.
  const note = {
    subject: keyOf(FIRMS.listingEnds[1] ?? ''),
    kind: 'note.added',
    payload: { id: 'n', text: '走访' },
  }
  await server.writer.append({ command: 'note', drafts: [{ ...note, visibility: 'internal', author }] })
  const at = await told()
  t.not(await registry.runDaily(), 0)
  t.same(at, await told())
  for (const part of ['files', 'cases', 'tables', 'plan', 'counted'] as const)
    t.notSame(before[part], at[part], `${part} are others than the day before`)
  t.match(at.cases, [{ status: 'removed', openSteps: [] }, { status: 'inForce' }])
  t.same(
    at.tables[0].filter(({ REMDATE }: { REMDATE?: string }) => REMDATE !== undefined).length,
    FIRMS.listingEnds.length,
    'those whose term is over are told as removed, not left out',
  )
})

const ratedFile = z.object({
  ratings: z.array(z.object({ id: z.string(), grade: z.string().nullable(), inForce: z.boolean() })),
  listings: z.array(z.object({ status: z.string() })),
  listed: z.array(z.unknown()),
  licences: z.array(z.unknown()),
  penalties: z.array(z.unknown()),
})

/** An engine of each kind over the same files. */
async function engines(
  t: Test,
  { views, registry, clock, folder }: TestServer,
): Promise<Record<string, SearchEngine>> {
  const { url, key } = await fakeMeilisearch(t)
  const outside = { url, key, prefix: 'turn' }
  const index = openOutsideIndex(outside, (id, reason) => t.fail(`${id}: ${reason}`))
  await new SearchFollower(views, index).catchUp()
  const parts = { path: pathsIn(folder).search, views, catalogue: registry.catalogue, now: clock.now }
  const kept = { ...parts, keptPath: join(temporaryFolder(t), 'table') }
  return {
    embedded: openSearch({ embedded: true }, kept),
    Meilisearch: openSearch({ outside, embedded: false }, parts),
  }
}

t.test(
  'each engine finds, counts and orders as of the day: the day before, on it, page by page',
  async (t) => {
    const server = await filled(t)
    const { clock } = server
    clock.set(A_SECOND_BEFORE)
    const all = await engines(t, server)
    for (const [which, engine] of Object.entries(all)) {
      const found = async (filters: object, text = '公司') => {
        const names: string[] = []
        let cursor: string | undefined
        let count = 0
        do {
          const page = await engine.search({ text, filters, limit: 3, ...(cursor && { cursor }) })
          names.push(...page.hits.map(({ document }) => document.names[0] ?? ''))
          count = page.total?.count ?? count
          cursor = page.next
        } while (cursor !== undefined)
        t.equal(names.length, count, `${which}: as many as are counted`)
        t.equal(new Set(names).size, names.length, `${which}: each once`)
        return names.sort()
      }
      const facet = async (name: 'listed' | 'kinds' | 'licences', value: string) => {
        const { facets } = await engine.search({ text: '公司', filters: {}, limit: 1 })
        return facets?.[name].find((one) => one.value === value)?.count ?? 0
      }
      const licence = String(licenceOf('').data.kind)
      const sorted = (...changes: Change[]) => changes.flatMap((change) => FIRMS[change]).sort()
      for (const [moment, isTurned] of [
        [A_SECOND_BEFORE, false],
        [MIDNIGHT, true],
        ['2026-11-29T02:00:00.000Z', true],
      ] as const) {
        clock.set(moment)
        const words = `${which} at ${moment}`
        t.same(
          await found({ listed: ['true'] }),
          isTurned ? sorted('stays') : sorted('listingEnds', 'stays'),
          words,
        )
        t.same(await found({ kinds: ['penalty'] }), sorted(isTurned ? 'penaltyBegins' : 'penaltyEnds'), words)
        t.same(await found({ kinds: ['licence'] }), sorted('licenceEnds'), words)
        t.same(await found({ licences: [licence] }), isTurned ? [] : sorted('licenceEnds'), words)
        t.same(await found({}), [...NAMES].sort(), words)
        t.same(await found({ kinds: ['penalty'] }, '公示期满'), isTurned ? [] : sorted('penaltyEnds'), words)
        t.equal(await facet('listed', 'true'), isTurned ? 2 : 4, words)
        t.equal(await facet('kinds', 'penalty'), 2, words)
        t.equal(await facet('licences', licence), isTurned ? 0 : 2, words)
        for (const name of NAMES)
          t.equal(
            (await engine.named(name))[0]?.document.listed,
            FIRMS.stays.some((one) => one === name) ||
              (!isTurned && FIRMS.listingEnds.some((one) => one === name))
              ? true
              : undefined,
            `${words}: ${name}`,
          )
      }
      clock.set(A_SECOND_BEFORE)
    }
    // What the job of the day has appended is taken from the index again.
    clock.set(MIDNIGHT)
    await server.registry.runDaily()
    for (const [which, engine] of Object.entries(all)) {
      const { total } = await engine.search({ text: '', filters: { listed: ['true'] }, limit: 1 })
      t.equal(total?.count, 2, which)
      await engine.close()
    }
  },
)
