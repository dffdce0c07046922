import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { keepUp } from '../../src/bulk/copies.ts'
import { addDays } from '../../src/calendar/dates.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { anticipatedEntries } from '../../src/dossier/anticipate.ts'
import { fold } from '../../src/dossier/dossier.ts'
import { fileEntryPayloads } from '../../src/dossier/entries.ts'
import { publicGround } from '../../src/dossier/past.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { statistics } from '../../src/ui/statistics.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { bounded, fc } from '../properties.ts'
import { routesOf } from '../routes.ts'
import { type TestServer, testServer } from '../support.ts'
import {
  authorOfAll,
  type Fact,
  files,
  filling,
  hidden,
  idsOf,
  publicFacts,
  publicIds,
  unknownFile,
} from './pair.ts'

/** Entries between two public facts, filled up so that positions are the same in both registers. */
const BETWEEN = 12
/** Ids of what is not public that are asked for in one pair, of all that there are. */
const IDS = 8
/** Facts that stand before anything that is not public: what that is about. */
const FIRST = 10

const days = publicFacts.map((_, i) => addDays('2026-10-26', i))

/** What a register has that the public does not see: of which name, after which public fact. */
type Hidden = readonly { name: string; after: number }[]

/** How far back an erasure of a pair counts. */
const counted = z.object({ positions: z.array(z.int()) })

/** Who asks: anyone, or an officer of an authority that has nothing to do with what both registers hold. */
const READERS = ['anyone', 'officer elsewhere'] as const
type Reader = (typeof READERS)[number]

interface Filled extends TestServer {
  /** Ids of what is not public. */
  ids: string[]
  /** What a request of whoever asks comes with. */
  headers: { api: Record<string, string>; desk: Record<string, string> }
}

/** What officers of other authorities don't see either. */
const ELSEWHERE = [
  'case on its way',
  'case decided and not published',
  'case that ended before it was published, and its erasure',
  'repair asked for',
  'proposal for two persons',
  'import that waits for another',
  'account',
  'key',
]

const isHiddenFrom = (reader: Reader, name: string) => reader === 'anyone' || ELSEWHERE.includes(name)

async function filled(t: Test, secrets: Hidden, reader: Reader): Promise<Filled> {
  const server = await testServer(t)
  // Both have one: in what is zipped, the names of two take more or less room, and nobody can put one in the other's place.
  const connection = new Sqlite(pathsIn(server.folder).register)
  connection.prepare('UPDATE head SET epoch = ?').run('0123456789abcdef')
  connection.close()
  const ids: string[] = []
  const append = async (facts: readonly Fact[], before: number) => {
    const erases = facts.flatMap(({ kind, payload }) =>
      kind === 'payload.erased' ? counted.parse(payload).positions.map((back) => before + 1 - back) : [],
    )
    const drafts = facts.map((fact) => ({
      ...fact,
      payload: erases.length > 0 ? { positions: erases, reason: '依法删除' } : fact.payload,
      visibility: 'internal' as const,
      author: authorOfAll,
    }))
    await server.writer.append({ drafts, command: `pair/${before}`, erases }, { waitForSearch: false })
  }
  const paths = pathsIn(server.folder)
  const keys = await openStampKeys(paths, server.clock.now)
  const { epoch } = await server.register.standing()
  const copy = async () => {
    await server.writer.catchUp()
    const parts = { folder: paths.bulk, views: paths.views, catalogue, keys, epoch, now: server.clock.now }
    await keepUp({ ...parts, days: 35 }, true)
  }
  let position = 0
  for (const [i, told] of publicFacts.entries()) {
    server.clock.set(`${days[i]}T02:00:00.000Z`)
    // A copy from before whatever is not public: it falls with nothing that nobody saw.
    if (i === FIRST) await copy()
    await append([told], position)
    position += 1
    const untold = secrets.flatMap(({ name, after }, k) => (after === i ? (hidden[name]?.(k) ?? []) : []))
    ids.push(...idsOf(untold))
    const own = untold.slice(0, BETWEEN)
    // At another hour, and by the calendar here the next day: what is not public has a time of its own.
    server.clock.set(`${days[i]}T20:00:00.000Z`)
    for (const [k, fact] of own.entries()) await append([fact], position + k)
    server.clock.set(`${days[i]}T21:00:00.000Z`)
    await append(
      Array.from({ length: BETWEEN - own.length + 1 }, () => filling),
      position + own.length,
    )
    position += BETWEEN + 1
  }
  server.clock.set('2026-11-24T02:00:00.000Z')
  await server.writer.catchUp()
  if (server.registry.position() !== position) throw new Error(`at ${server.registry.position()}`)
  const headers = { api: {}, desk: {} }
  if (reader === 'officer elsewhere') {
    headers.api = await server.authorization(['records:read', 'platform:read'], '130200')
    const visitor = new Visitor(server)
    await officer(server, { login: 'tangshan', authority: '测试局130200', roles: ['recorder', 'reviewer'] })
    await visitor.signIn('tangshan')
    headers.desk = { cookie: visitor.cookie }
  }
  await copy()
  return { ...server, ids, headers }
}

/** Names by which one and the same thing is called otherwise in each register: they say nothing of what it holds. */
async function namesOf({ app, register }: Filled): Promise<[string, string][]> {
  const { keys } = (await app.inject('/check/keys.json')).json()
  const { epoch } = await register.standing()
  return [
    [epoch, 'EPOCH'],
    ...keys.flatMap(({ kid, x }: { kid: string; x: string }) => [
      [kid, 'KEY'],
      [x, 'PUBLIC-KEY'],
    ]),
  ]
}

/** Queries worth asking of an address, beside none. */
function queriesOf(path: string, head: number): string[] {
  const texts = ['示例', '线缆', '食品', 'shili', files[0], '张', '']
  const days = ['2026-11-01', '2026-11-06', '2026-11-13', '2026-11-20', '2026-11-23', '2026-11-24']
  const q = (text: string | undefined, more = '') => `q=${encodeURIComponent(text ?? '')}${more}`
  if (/\/enterprises$|\/search(\.\w+)?$/.test(path))
    return [
      ...texts.map((text) => q(text)),
      q('示例', '&limit=1'),
      ...[
        'kind=penalty',
        'kind=inspection',
        'listed=true',
        'grade=A',
        'region=130102',
        'licence=x',
        'order=grade',
      ],
    ]
  if (path === '/suggest') return texts.map((text) => q(text))
  if (path === '/api/v1/changes')
    return [
      ...Array.from({ length: Math.ceil(head / 11) }, (_, i) => `since=${i * 11}`),
      'limit=1',
      `since=${head + 1}`,
    ]
  if (path === '/api/v1/enterprises/:code')
    return [
      ...days.map((day) => `asOf=${day}`),
      ...Array.from({ length: Math.ceil(head / 7) + 1 }, (_, i) => `position=${i * 7}`),
    ]
  if (path.endsWith('/entries')) return ['limit=1', 'after=3', 'after=20&limit=2']
  if (/blacklist$|honours$/.test(path))
    return [...days.map((day) => `asOf=${day}`), 'region=130202', 'limit=1', 'format=csv', q('示例')]
  if (path.includes('/reports/'))
    return ['format=csv', 'from=2026-01-01&to=2026-11-24', 'year=2026', 'by=time', 'region=130000']
  if (path.includes('/statistics/'))
    return statistics.flatMap(({ by }) => by.map(({ value }) => `by=${value}`))
  return []
}

/** Values of an address's parameters. */
function valuesOf(name: string, path: string, ids: readonly string[]): readonly string[] {
  if (path.startsWith('/bulk/') && name === 'copy') return ['0-none']
  if (name === 'code') return [...files, unknownFile]
  if (name === 'audience') return ['public', 'platform']
  if (name === 'number') return ['1', '2']
  if (name === 'name') return ['grades', 'none']
  if (name === 'type') return ['penalty', 'none']
  // Nobody who has not signed in comes further than the door.
  return path.startsWith('/desk') ? ids.slice(0, 1) : [...publicIds, ...ids]
}

function addressesOf(path: string, ids: readonly string[], head: number): string[] {
  let all = [path.replace(/\*$/, '/none')]
  for (const [, name = ''] of path.matchAll(/:(\w+)/g))
    all = all.flatMap((address) =>
      valuesOf(name, path, ids).map((value) => address.replace(/:\w+/, encodeURIComponent(value))),
    )
  const queries = queriesOf(path, head)
  return all.flatMap((address) => [address, ...queries.map((query) => `${address}?${query}`)])
}

/** What says nothing but which request it was, or of what the node does for itself. */
const OWN = /^(x-request-id|date|set-cookie)$/
/** What was drawn by lot, for an entry or a form: it is another in every register. */
const DRAWN = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32}/g
/** The marks of a session in its pages. */
const TOKEN = /(name=\\"token\\" value|data-desk)=\\"[^"]*"/g
/** Figures of the machine, for its own address alone; and the description of the program, which says nothing of the register. */
const APART = /^\/(metrics|docs|openapi\.json)/

async function answersOf(
  server: Filled,
  ids: readonly string[],
  reader: Reader,
): Promise<Map<string, string>> {
  const { app } = server
  const isOfficer = reader !== 'anyone'
  const known = await namesOf(server)
  const head = server.registry.position()
  const answers = new Map<string, string>()
  const told = (text: string) => {
    const own = known.reduce((all, [own, name]) => all.replaceAll(own, name), text)
    return isOfficer ? own.replace(DRAWN, 'DRAWN').replace(TOKEN, 'TOKEN') : own
  }
  const ask = async (
    method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS',
    url: string,
  ) => {
    const answer = await app.inject({
      method,
      url,
      ...(method === 'POST' || method === 'PATCH' || method === 'PUT'
        ? { payload: {} }
        : {
            headers: {
              accept: /^\/(api|bulk)\//.test(url) ? '*/*' : 'text/html',
              ...(url.startsWith('/desk') ? server.headers.desk : server.headers.api),
            },
          }),
    })
    const raw = answer.rawPayload
    // A mark made from the content says what the content does, the name of the register's epoch included.
    const byContent = `W/"${hash('sha256', raw, 'base64url').slice(0, 22)}"`
    const headers = Object.entries(answer.headers).filter(
      ([name, value]) => !OWN.test(name) && value !== byContent,
    )
    const isZipped = url.endsWith('.gz')
    const body = (isZipped && answer.statusCode === 200 ? gunzipSync(raw) : raw).toString('latin1')
    const said = JSON.stringify([answer.statusCode, body, headers])
    answers.set(
      told(`${method} ${url}`),
      told(said.replaceAll(String(answer.headers['x-request-id']), 'REQUEST')),
    )
    return answer
  }
  for (const { path, methods } of routesOf(app)) {
    if (APART.test(path)) continue
    for (const url of addressesOf(path, ids, head)) {
      const way = methods.includes('GET') ? 'GET' : undefined
      if (way) {
        const answer = await ask('GET', url)
        // Page after page to the last.
        let next = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link))?.[1]
        for (let pages = 0; next !== undefined && pages < 5; pages += 1)
          next = /<([^>]+)>; rel="next"/.exec(String((await ask('GET', next)).headers.link))?.[1]
      }
      if (url.includes('?') || isOfficer) continue
      for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const)
        if (methods.includes(method) && !path.startsWith('/check') && !path.startsWith('/api/v1/checks'))
          await ask(method, url)
    }
  }
  const rows = [...files, unknownFile].map((code) => ({ code }))
  const names = ['示例线缆有限公司', '示例电缆有限公司', '示例水泥有限公司'].map((name) => ({ name }))
  const begun = await app.inject({
    method: 'POST',
    url: '/api/v1/checks',
    payload: { rows: [...rows, ...names] },
  })
  const check = String(begun.headers.location)
  known.push([check.slice(check.lastIndexOf('/') + 1), 'CHECK'])
  while (!(await app.inject(check)).json().done) await nextTurn()
  for (const path of ['', '/results', '/results?order=grave', '/results.csv'])
    await ask('GET', `${check}${path}`)
  for (const copy of (await app.inject('/bulk/public')).json().items) {
    const shown = copy.href
    const manifest = (await ask('GET', shown)).json()
    for (const { name } of [...manifest.files, ...manifest.deltas])
      await ask('GET', shown.replace('manifest.json', name))
  }
  return answers
}

async function differences(
  t: Test,
  one: Hidden,
  other: Hidden,
  reader: Reader = 'anyone',
): Promise<string[]> {
  const [a, b] = [await filled(t, one, reader), await filled(t, other, reader)]
  // Officers are told whose a thing is that they may not see, if they know its id.
  const all = reader === 'anyone' ? [...new Set([...a.ids, ...b.ids])] : []
  const ids = fc.sample(fc.shuffledSubarray(all, { maxLength: Math.min(all.length, IDS) }), 1)[0] ?? []
  const [first, second] = [await answersOf(a, ids, reader), await answersOf(b, ids, reader)]
  const found: string[] = []
  for (const [url, answer] of first) {
    const own = second.get(url)
    if (own === answer) continue
    let at = 0
    while (at < answer.length && answer[at] === own?.[at]) at += 1
    const near = (text = '') => Buffer.from(text.slice(Math.max(0, at - 150), at + 120), 'latin1').toString()
    found.push(`${url}\n   ${near(answer)}\n   ${near(own)}`)
  }
  for (const url of second.keys()) if (!first.has(url)) found.push(`only one has ${url}`)
  t.comment(`${first.size} answers`)
  return found
}

/** Everything that is not public, from a place in the order of public facts on. */
const everything = (from: number): Hidden => named(Object.keys(hidden), from)
const named = (names: readonly string[], from: number): Hidden =>
  names.map((name, k) => ({ name, after: FIRST + ((from + k) % (publicFacts.length - FIRST)) }))

t.test('what is not public is told of by every kind of entry, and the public by the rest', async (t) => {
  const facts = [...publicFacts, ...Object.values(hidden).flatMap((of) => [0, 1, 2, 3].flatMap((n) => of(n)))]
  const kinds = new Set(facts.map(({ kind }) => kind))
  t.same(
    Object.keys(fileEntryPayloads).filter((kind) => !kinds.has(kind)),
    [],
  )
})

t.test('the public’s answers are made from as many entries, whatever is not public', async (t) => {
  const groundOf = (facts: readonly Fact[], key: string) => {
    const drafts = facts.flatMap((fact) =>
      fact.subject === key && fact.kind !== 'payload.erased'
        ? [{ ...fact, visibility: 'internal' as const, author: authorOfAll }]
        : [],
    )
    const dossier = fold(undefined, anticipatedEntries(drafts, { position: 0, revision: 0 }))
    if (!dossier) return undefined
    const { told, rated, texts } = publicGround(dossier, '2026-11-24', catalogue)
    return [told, rated, ...Object.values(texts)].map((stretches) =>
      stretches.reduce((sum, [first, last]) => sum + last - first + 1, 0),
    )
  }
  for (const key of files.slice(0, 3)) {
    const own = groundOf(publicFacts, key)
    t.ok(own?.[0])
    for (const [name, of] of Object.entries(hidden))
      for (const n of [0, 1, 2, 3]) t.same(groundOf([...publicFacts, ...of(n)], key), own, `${name} ${n}`)
  }
})

t.test('a register with everything that is not public answers as one with nothing of it', async (t) => {
  t.same(await differences(t, everything(0), []), [])
})

t.test(
  'what officers elsewhere do not see tells them nothing, not by a gap in any number either',
  async (t) => {
    t.same(await differences(t, named(ELSEWHERE, 0), [], 'officer elsewhere'), [])
  },
)

t.test('two registers that differ in what is not public answer the same', async (t) => {
  const secrets = fc.array(
    fc.record({
      name: fc.constantFrom(...Object.keys(hidden)),
      after: fc.integer({ min: FIRST, max: publicFacts.length - 1 }),
    }),
    { maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(secrets, secrets, fc.constantFrom(...READERS), async (one, other, reader) => {
      const [own, others] = [one, other].map((all) => all.filter(({ name }) => isHiddenFrom(reader, name)))
      const found = await differences(t, own ?? [], others ?? [], reader)
      if (found.length > 0) throw new Error(found.slice(0, 5).join('\n'))
    }),
    { ...bounded(1), endOnFailure: true },
  )
})
