import t, { type Test } from 'tap'
import { verifyDataDir } from '../../src/running/verify.ts'
import { type FollowedEvent, Follower } from '../follower.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

const E = '/api/v1/enterprises'
/** A penalty that is public for three months, until 1 December. */
const MINOR = { fine: 100, decidedOn: '2026-08-28', publishedOn: '2026-09-01' }

interface Page {
  items: FollowedEvent[]
  next: number
  epoch: string
  schema: string
}

async function platform(t: Test) {
  const server = await testServer(t)
  const { app, authorization } = server
  const writing = await authorization(['records:write'])
  const reading = await authorization(['platform:read'])
  const second = await authorization(['records:write', 'listings:decide'])
  /** Does something, with the second person where it takes one. */
  const post = async (url: string, payload: object) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers: { ...writing, 'if-match': '*' },
      payload,
    })
    if (answer.statusCode === 202) t.equal((await server.confirmed(answer, second)).statusCode, 200)
    return answer.json()
  }
  const file = async (body: string) => {
    const uscc = unifiedCode(body)
    await post(E, { uscc, enterprise: { name: `示例${body}公司` } })
    return uscc.slice(8, 17)
  }
  const events = async (query = '') => {
    const answer = await app.inject({ url: `/api/v1/events?${query}`, headers: reading })
    const page: Page = answer.json()
    return { ...page, code: answer.statusCode, cached: answer.headers['cache-control'] }
  }
  return { server, post, file, events, writing, reading }
}

t.test('an event says what happened to which thing, and gives it as it stands now', async (t) => {
  const { server, post, file, events } = await platform(t)
  const key = await file('DEM00001')
  const { id } = await post(`${E}/${key}/records`, licenceOf('1'))
  const { items, next, epoch, schema } = await events()
  const head = await server.register.head()
  t.equal(next, head)
  t.match(items, [
    { what: 'file.opened', orgCode: key, type: 'enterprise', id: key, before: null, epoch, schema },
    {
      what: 'record.added',
      orgCode: key,
      type: 'licence',
      id,
      before: null,
      state: { data: { number: '1' } },
    },
  ])
  const [, added] = items
  const [last] = await server.register.read(head - 1, 1)
  t.equal(added?.after, last?.digest, 'the digest of the entry that moved it')
  await post(`${E}/${key}/records/${id}/correction`, { data: { product: '电缆' }, reason: '机密' })
  const later = await events(`after=${next}&epoch=${epoch}&schema=${schema}`)
  t.match(later.items, [
    { what: 'record.corrected', id, before: added?.after, state: { data: { product: '电缆' } } },
  ])
  t.notMatch(JSON.stringify(await events()), /机密|电线|张三/)
  t.match(await verifyDataDir(server.folder, { catalogue: server.registry.catalogue }), { findings: [] })
})

t.test('a text that is withdrawn is gone from the past too, and the order is to delete it', async (t) => {
  const { post, file, events } = await platform(t)
  const key = await file('DEM00001')
  const { id } = await post(`${E}/${key}/records`, penaltyOf('机密一号'))
  const kept = await post(`${E}/${key}/records`, penaltyOf('二号'))
  const follower = new Follower()
  follower.apply((await events()).items)
  t.match(follower.all.join(), /机密一号/)
  await post(`${E}/${key}/records/${id}/withdrawal`, { reason: '误录' })
  const { items } = await events()
  t.notMatch(JSON.stringify(items), /机密一号|误录/)
  t.match(
    items.filter((event) => event.id === id).map(({ what, deleted }) => `${what} ${deleted}`),
    ['record.added true', 'record.withdrawn true'],
  )
  t.ok(items.some((event) => event.id === kept.id && event.state))
})

t.test(
  'a page holds all events of an entry, and its next reaches the head past what tells nothing',
  async (t) => {
    const { server, post, file, events } = await platform(t)
    const key = await file('DEM00001')
    for (const number of ['1', '2', '3']) await post(`${E}/${key}/records`, licenceOf(number))
    const draft = { visibility: 'platform' as const, author: { authority: '省局', officer: '甲' } }
    const withdrawn = { subject: key, kind: 'enterprise.withdrawn', payload: { reason: 'x' }, ...draft }
    const before = await server.register.head()
    await server.writer.append({ drafts: [withdrawn], command: 'w' })
    await file('DEM00002')
    await server.authorization(['audit:read'])
    const head = await server.register.head()
    const all = (await events()).items
    t.equal(all.filter(({ position }) => position === before + 1).length, 4, 'the file and its three records')
    const read: FollowedEvent[] = []
    let after = 0
    for (let pages = 0; after < head; pages += 1) {
      const { items, next } = await events(`after=${after}&limit=2`)
      t.ok(items.length > 0 || next === head)
      if (pages > 20 || next <= after) throw new Error('the feed stands still')
      read.push(...items)
      after = next
    }
    t.same(read, all)
    t.match(await events(`after=${head}`), { items: [], next: head })
  },
)

t.test('the day tells by itself, before the daily job and after it', async (t) => {
  const { server, post, file, events } = await platform(t)
  const key = await file('DEM00001')
  const { id } = await post(`${E}/${key}/records`, penaltyOf('1号', MINOR))
  const state = async () => (await events()).items.find((event) => event.id === id)
  server.clock.set('2026-11-30T15:59:00.000Z')
  t.match(await state(), { state: { data: { documentNo: '1号' } } })
  server.clock.set('2026-11-30T16:00:00.000Z')
  t.match(await state(), { deleted: true }, 'from midnight in Shanghai')
  const { next } = await events()
  await server.registry.runDaily()
  t.match((await events(`after=${next}`)).items, [
    { what: 'publication.ended', id, deleted: true, after: null },
  ])
})

t.test('who waits is woken, two at once', async (t) => {
  const { file, events } = await platform(t)
  const { next } = await events()
  const waiting = [events(`after=${next}&wait=20`), events(`after=${next}&wait=20`)]
  await file('DEM00001')
  for (const one of waiting) t.match(await one, { items: [{ what: 'file.opened' }] })
})

t.test('a stream goes on from the last id, and ends with its key', async (t) => {
  const { server, post, file, reading } = await platform(t)
  const key = await file('DEM00001')
  await post(`${E}/${key}/records`, licenceOf('1'))
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const address = server.app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const open = async (more: Record<string, string> = {}) => {
    const gone = new AbortController()
    t.teardown(() => gone.abort())
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
      headers: { ...reading, accept: 'text/event-stream', ...more },
      signal: gone.signal,
    })
    let text = ''
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    return {
      answer,
      gone,
      async until(words: RegExp): Promise<string> {
        while (!words.test(text)) {
          const { value, done } = (await reader?.read()) ?? { value: '', done: true }
          if (done) return `${text}<end>`
          text += value
        }
        return text
      },
    }
  }
  const first = await open()
  t.match(first.answer.headers.get('content-type'), /text\/event-stream/)
  const told = await first.until(/record\.added[\s\S]*\n\nid: .*\n\n/)
  const ids = Array.from(told.matchAll(/^id: (\S+)$/gm), ([, id = '']) => id)
  t.ok(ids.length >= 2)
  first.gone.abort()
  await post(`${E}/${key}/records`, licenceOf('2'))
  const second = await open({ 'last-event-id': ids.at(-1) ?? '' })
  const rest = await second.until(/record\.added/)
  t.match(rest, /"number":"2"/)
  t.notMatch(rest, /"number":"1"|file\.opened/)
  const get = async (id: string) =>
    (await server.app.inject({ url: '/api/v1/events', headers: { ...reading, 'last-event-id': id } }))
      .statusCode
  t.equal(await get('junk'), 400)
  t.equal(await get('0123456789abcdef/1'), 409, 'of another epoch')
  const [epoch = '', schema = '', position = ''] = (ids.at(-1) ?? '').split('/')
  t.equal(await get(`${epoch}/platform-0-0/${position}`), 409, 'made by other rules')
  t.match(schema, /^platform-/)
  const { paths } = (await server.app.inject('/openapi.json')).json()
  const asked = (path: string) => paths[path].get.parameters.map(({ name }: { name: string }) => name)
  t.ok(asked('/api/v1/events').includes('last-event-id'))
  t.notOk(asked('/api/v1/changes').includes('last-event-id'))
})

t.test(
  'another making of the face is told where to begin; accesses are logged; others are kept out',
  async (t) => {
    const { server, events } = await platform(t)
    t.match(await events('schema=platform-0-0'), {
      status: 409,
      type: 'http://localhost:8080/api/v1/problems/other-schema',
      begin: { after: 0 },
    })
    t.equal((await events('after=x')).code, 400)
    t.equal((await events('limit=0')).code, 400)
    t.equal((await events('limit=1001')).code, 400)
    t.equal((await events('unknown=1')).code, 400)
    const accesses = await server.registry.accesses.find({ act: 'read' }, 1e9, 10)
    t.equal(accesses.length, 0)
    const { cached } = await events()
    t.equal(cached, 'private, no-store')
    t.match(await server.registry.accesses.find({ act: 'read' }, 1e9, 10), [{ detail: '/api/v1/events' }])
    t.equal((await server.app.inject('/api/v1/events')).statusCode, 401)
    const other = await server.authorization(['records:read'])
    t.equal((await server.app.inject({ url: '/api/v1/events', headers: other })).statusCode, 403)
  },
)
