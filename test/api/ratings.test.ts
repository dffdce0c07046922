import t, { type Test } from 'tap'
import { shippedStandards, shippedVersions } from '../../src/rating/shipped.ts'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

const B = '/api/v1'
const [four, classes] = shippedStandards

type Headers = { authorization: string }

/** A server with three firms, the standard adopted, and the keys of two people. */
async function rated(t: Test) {
  const server = await testServer(t)
  const clerk = await server.authorization(['records:write', 'ratings:write'])
  const chief = await keyOf(server, '李四', ['ratings:approve', 'standards:write'])
  const post = (url: string, payload: unknown, headers: Headers = clerk) =>
    server.app.inject({ method: 'POST', url: `${B}${url}`, headers, payload: payload as object })
  const get = (url: string, headers: Partial<Headers> = clerk) =>
    server.app.inject({ url: `${B}${url}`, headers })
  const keys: string[] = []
  for (const body of ['RATE0001', 'RATE0002', 'RATE0003']) {
    const uscc = unifiedCode(body)
    keys.push(uscc.slice(8, 17))
    await post('/enterprises', { uscc, enterprise: { name: `示例${body}公司`, industry: 'C3831' } })
  }
  const [a = '', b = '', c = ''] = keys
  await post(`/enterprises/${a}/records`, licenceOf('XK-A'))
  await post(`/enterprises/${b}/records`, licenceOf('XK-B'))
  await post(`/enterprises/${b}/records`, penaltyOf('罚-1', { severity: '严重' }))
  const adopt = async (document: unknown) => {
    const asked = await post('/standards', document, chief)
    const second = await server.authorization(['standards:write'])
    return asked.statusCode === 202 ? post(`/standards/${asked.json().id}/approval`, {}, second) : asked
  }
  t.equal((await adopt(four)).statusCode, 200)
  const settled = () => server.registry.campaigns.settled()
  const begin = async (scope = {}) => {
    const { id } = (await post('/campaigns', { standard: { id: 'four-grades' }, scope })).json()
    await settled()
    return id
  }
  return { server, clerk, chief, post, get, a, b, c, begin, settled, adopt }
}

async function keyOf(
  { registry }: TestServer,
  name: string,
  scopes: Parameters<TestServer['authorization']>[0],
  actsFor = `officer-${name}`,
) {
  const author = { authority: '测试', officer: '测试' }
  const asked = { name, authority: '测试局', scopes, actsFor }
  const { text } = await registry.keys.create(asked, author)
  return { authorization: `Bearer ${text}` }
}

t.test('a campaign from its drafts to the grades in force', async (t) => {
  const { chief, clerk, post, get, a, b, c, begin, settled, server } = await rated(t)
  const id = await begin()
  const drafted = (await get(`/campaigns/${id}`)).json()
  t.match(drafted, {
    status: 'drafting',
    progress: { inScope: 3, unrated: 1, done: true },
    distribution: { B: 1, C: 1 },
  })
  const { items } = (await get(`/campaigns/${id}/drafts`)).json()
  t.same(
    items.map(({ orgCode, grade }: { orgCode: string; grade: string }) => [orgCode, grade]),
    [
      [a, 'B'],
      [b, 'C'],
    ],
  )
  t.equal((await get(`/enterprises/${a}`, {})).json().ratings.length, 0, 'a draft shows nowhere')

  t.equal((await post(`/campaigns/${id}/approval`, {})).statusCode, 403, 'without the scope')
  const clerks = server.registry.keys.all().find(({ scopes }) => scopes.includes('records:write'))?.actsFor
  const both = await keyOf(server, '张三', ['ratings:write', 'ratings:approve'], clerks)
  t.equal(
    (await post(`/campaigns/${id}/approval`, {}, both)).statusCode,
    403,
    'the same person by another key',
  )
  t.equal(
    (await post(`/campaigns/${id}/adjustments`, { enterprise: b, grade: 'A', reason: '好' })).statusCode,
    422,
  )
  t.equal(
    (await post(`/campaigns/${id}/adjustments`, { enterprise: c, grade: 'A', reason: '好' })).statusCode,
    422,
  )
  t.equal(
    (await post(`/campaigns/${id}/adjustments`, { enterprise: a, grade: 'A', reason: ' ' })).statusCode,
    422,
  )
  t.equal(
    (await post(`/campaigns/${id}/adjustments`, { enterprise: a, grade: 'A', reason: '自查整改好' }))
      .statusCode,
    200,
  )

  await post(`/enterprises/${a}/records`, penaltyOf('罚-2'))
  const moved = await post(`/campaigns/${id}/approval`, {}, chief)
  t.equal(moved.statusCode, 409)
  t.match(moved.json(), { movedCount: 1, moved: [{ key: a, drafted: 'B' }] })
  t.equal((await get(`/enterprises/${b}`, {})).json().ratings.length, 0, 'nothing was issued')

  await post(`/campaigns/${id}/redrafts`, {})
  await settled()
  t.equal((await post(`/campaigns/${id}/approval`, {}, chief)).statusCode, 200)
  await settled()
  t.match((await get(`/campaigns/${id}`)).json(), { status: 'issued', ratings: 2, issued: 2 })
  t.equal((await post(`/campaigns/${id}/approval`, {}, chief)).statusCode, 409, 'not twice')

  const [rating] = (await get(`/enterprises/${a}`, {})).json().ratings
  t.match(rating, { grade: 'A', inForce: true, adjusted: { from: 'B', reason: '自查整改好' }, campaign: id })
  t.match((await get(`/enterprises?q=&grade=A`, {})).json(), {
    items: [{ orgCode: a }],
    facets: { grade: [{ value: 'A' }] },
  })
  t.match((await get(`/ratings/${rating.id}`, {})).json(), { orgCode: a, grade: 'A' })
  t.match((await get(`/ratings/${rating.id}/recomputation`, {})).json(), {
    agrees: true,
    issued: { grade: 'B' },
  })
  t.equal((await get(`/campaigns/${id}`, {})).statusCode, 401, 'drafts are no public matter')

  const revoked = await post(`/ratings/${rating.id}/revocation`, { reason: '评错' }, chief)
  t.equal(revoked.statusCode, 202)
  t.equal((await server.confirmed(revoked, chief)).statusCode, 403, 'not by the same person')
  const second = await server.authorization(['ratings:approve'])
  t.equal((await server.confirmed(revoked, second)).statusCode, 200)
  t.match((await get(`/ratings/${rating.id}`, {})).json(), { inForce: false, items: [] })
  t.match((await get(`/enterprises?q=&grade=A`, {})).json(), { items: [] })
  t.ok(clerk)
})

t.test('an issue that was cut off goes on where it was', async (t) => {
  const { chief, post, get, begin, settled, server } = await rated(t)
  const id = await begin()
  const { append } = server.writer
  let appended = 0
  server.writer.append = async (request, options) => {
    // The approval is written; the batch of ratings and what comes after fail.
    if (request.command.startsWith('campaign/')) {
      appended += 1
      throw new Error('the power went')
    }
    return append(request, options)
  }
  await post(`/campaigns/${id}/approval`, {}, chief)
  await settled()
  t.match(server.failures, [{ message: 'the power went' }])
  t.equal(appended, 1)
  t.match((await get(`/campaigns/${id}`)).json(), { status: 'issuing', issued: 0 })
  server.writer.append = append
  server.registry.campaigns.resume()
  await settled()
  t.match((await get(`/campaigns/${id}`)).json(), { status: 'issued', issued: 2 })
  server.registry.campaigns.resume()
  await settled()
  t.match((await get(`/campaigns/${id}`)).json(), { status: 'issued', issued: 2 })
})

t.test('a revoked licence lowers the grade in the same act, and its return raises it again', async (t) => {
  const { chief, post, get, begin, settled, server, clerk, a } = await rated(t)
  const reviewer = await keyOf(server, '王五', ['listings:decide'])
  const id = await begin()
  await post(`/campaigns/${id}/approval`, {}, chief)
  await settled()
  const file = async () => (await get(`/enterprises/${a}`, {})).json()
  const { licences, ratings } = await file()
  t.equal(ratings[0].grade, 'B')
  const change = (data: object) =>
    server.app.inject({
      method: 'PATCH',
      url: `${B}/enterprises/${a}/records/${licences[0].id}`,
      headers: { ...clerk, 'if-match': '*' },
      payload: { data },
    })
  const asked = await change({ status: '吊销', statusChangedOn: '2026-11-20' })
  t.equal(asked.statusCode, 202, 'the licence is public: it takes two to say that it was revoked')
  t.equal((await server.confirmed(asked, reviewer)).statusCode, 200)
  const fallen = (await file()).ratings
  t.match(fallen[0], { grade: 'C', inForce: true, reason: /吊销/ })
  t.match((await get(`/ratings/${fallen[0].id}/recomputation`, {})).json(), { agrees: true })
  const restored = await change({ status: '有效' })
  t.equal((await file()).ratings[0].grade, 'C', 'and two to say that it was not')
  await server.confirmed(restored, reviewer)
  t.match((await file()).ratings[0], { grade: 'B', reason: /不再存在/ })
})

t.test('an imported revocation lowers the grade too', async (t) => {
  const { chief, post, get, begin, settled, server, clerk, a } = await rated(t)
  const reviewer = await keyOf(server, '王五', ['listings:decide'])
  const id = await begin()
  await post(`/campaigns/${id}/approval`, {}, chief)
  await settled()
  const { data } = (await get(`/enterprises/${a}`, {})).json().licences[0]
  const csv = `组织机构代码,许可类别,许可证编号,产品名称,许可机关,发证日期,有效期至,许可状态\n${a},${data.kind},${data.number},${data.product},${data.authority},${data.issuedOn},${data.validTo},吊销\n`
  const form = new FormData()
  form.append('file', new Blob([csv]), 'x.csv')
  const upload = new Response(form)
  const sent = await server.app.inject({
    method: 'POST',
    url: `${B}/imports?type=licence`,
    headers: { ...clerk, 'content-type': upload.headers.get('content-type') ?? '' },
    payload: Buffer.from(await upload.arrayBuffer()),
  })
  await server.runImports()
  t.match((await get(`/imports/${sent.json().id}`)).json(), { status: 'done', counts: { proposed: 1 } })
  const [waiting] = (await get('/proposals', reviewer)).json().items
  t.match(waiting, { act: 'update-record', why: /许可状态/ })
  t.equal((await post(`/proposals/${waiting.id}/confirmation`, {}, reviewer)).statusCode, 200)
  t.match((await get(`/enterprises/${a}`, {})).json().ratings[0], { grade: 'C', reason: /吊销/ })
})

t.test('what rests on a record that is not public is not told', async (t) => {
  const { chief, post, get, begin, settled, c } = await rated(t)
  // A fine below the province's sum is public for three months only.
  await post(`/enterprises/${c}/records`, licenceOf('XK-C'))
  await post(
    `/enterprises/${c}/records`,
    penaltyOf('秘-1', { decidedOn: '2026-11-20', types: ['警告'], fine: undefined, content: '警告。' }),
  )
  const id = await begin({ enterprises: [c] })
  await post(`/campaigns/${id}/approval`, {}, chief)
  await settled()
  const body = (await get(`/enterprises/${c}`, {})).body
  const [rating] = JSON.parse(body).ratings
  t.match(rating, { points: 70, items: [], unpublished: { points: -10, limited: false } })
  t.notMatch(body, '秘-1')
  t.notMatch((await get(`/ratings/${rating.id}/recomputation`, {})).body, 'penalty')
})

t.test('standards: adopted in versions, tried without a trace, refused with the place', async (t) => {
  const { chief, post, get, server, b, adopt } = await rated(t)
  const { version = 0 } = four ?? {}
  const next = version + 1
  const head = await server.register.head()
  t.match((await post('/standards', four, chief)).json(), { version }, 'the same again changes nothing')
  t.equal(await server.register.head(), head)
  t.equal((await post('/standards', { ...four, version: next + 1 }, chief)).statusCode, 409)
  const faulty = await post('/standards', { ...four, version: next, grades: [] }, chief)
  t.equal(faulty.statusCode, 422)
  t.match(faulty.json().errors, [{ pointer: '/grades' }])
  const simulation = await post('/standards/simulations', { standard: { ...four, start: 20 } })
  t.match(simulation.json(), {
    enterprises: 3,
    matrix: [
      { from: null, to: 'D', count: 2 },
      { from: null, to: null, count: 1 },
    ],
    byIndustry: { C: [] },
    movedCount: 2,
  })
  t.equal(await server.register.head(), head, 'nothing was written')
  const asked = await post('/standards', { ...four, version: next, start: 90 }, chief)
  t.match(asked.json(), { version: next, status: 'proposed' })
  t.match((await get('/standards', {})).json(), { items: [{ version }] }, 'until another approves')
  t.equal((await post('/standards/four-grades/approval', {}, chief)).statusCode, 403, 'not the same person')
  const county = await server.authorization(['standards:write'], '130102')
  t.equal((await post('/standards/four-grades/approval', {}, county)).statusCode, 403, 'not a county')
  t.equal(
    (
      await post(
        '/standards/four-grades/refusal',
        { reason: '再议' },
        await server.authorization(['standards:write']),
      )
    ).statusCode,
    204,
  )
  t.equal((await adopt({ ...four, version: next, start: 90 })).statusCode, 200)
  t.match((await get('/standards', {})).json(), {
    items: [{ version: next }],
    available: [{ id: classes?.id }],
  })
  t.match((await get(`/standards/four-grades?version=${version}`, {})).json().standard, { start: 80 })
  t.equal((await get('/standards/four-grades?version=9', {})).statusCode, 404)
  t.equal((await post('/campaigns', { standard: { id: 'none' } })).statusCode, 404)
  t.equal(
    (await post('/campaigns', { standard: { id: 'four-grades' }, scope: { region: '130600' } })).statusCode,
    422,
    'over nothing',
  )
  t.equal((await post('/campaigns', { standard: { id: 'four-grades' }, on: '2027-01-01' })).statusCode, 422)
  const bound = await server.authorization(['ratings:write'], '130600')
  const elsewhere = { standard: { id: 'four-grades' }, scope: { region: '130100' } }
  t.equal((await post('/campaigns', elsewhere, bound)).statusCode, 403)
  for (const [region, status] of [
    ['石家庄市', 403],
    ['河北省石家庄市', 403],
    ['1301', 403],
    ['保定市', 422],
  ] as const) {
    const named = await post('/campaigns', { standard: { id: 'four-grades' }, scope: { region } }, bound)
    t.equal(named.statusCode, status, region)
    t.match(named.body, status === 403 ? '不能评价河北省石家庄市' : '范围内没有任何档案', region)
  }
  const nowhere = { standard: { id: 'four-grades' }, scope: { region: '石家装市' } }
  t.match(await post('/campaigns', nowhere, bound), { statusCode: 422, body: /石家装市/ })
  t.ok(b)
})

t.test(
  'a version that comes with the registry follows on any before it, nobody else’s skips one',
  async (t) => {
    const { adopt } = await rated(t)
    const first = shippedVersions.find(({ id, version }) => id === classes?.id && version === 1)
    t.equal(
      (await adopt({ ...first, version: 2, start: 90 })).statusCode,
      409,
      'a first version of one’s own is 1',
    )
    t.equal((await adopt(classes)).statusCode, 200, 'the second as it came, with nothing before it')
    t.equal((await adopt(first)).statusCode, 409, 'and not back')
    const { adopt: again } = await rated(t)
    t.equal((await again(first)).statusCode, 200)
    t.equal((await again(classes)).statusCode, 200)
    const { adopt: own } = await rated(t)
    t.equal((await own(first)).statusCode, 200)
    for (let version = 2; version <= (classes?.version ?? 0); version += 1)
      t.equal((await own({ ...first, version, start: 90 })).statusCode, 200)
    t.equal((await own(classes)).statusCode, 409, 'where an authority has its own of that number, that stays')
  },
)

t.test('a table of grades is the same while nothing but the time of its making differs', async (t) => {
  const { server } = await rated(t)
  const url = '/api/v1/reports/grades'
  const first = await server.app.inject(url)
  t.equal(first.statusCode, 200)
  const headers = { 'if-none-match': String(first.headers.etag) }
  const later = new Date(server.clock.now().getTime() + 60_000).toISOString()
  server.clock.set(later)
  t.equal((await server.app.inject({ url, headers })).statusCode, 304)
  t.not((await server.app.inject(url)).json().asOf.time, first.json().asOf.time, 'which is told')
})
