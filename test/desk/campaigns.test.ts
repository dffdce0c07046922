import t, { type Test } from 'tap'
import { Drafts } from '../../src/rating/drafts.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { signedIn, type Visitor } from './visitor.ts'

const [one, two] = [unifiedCode('CAMP0001'), unifiedCode('CAMP0002')]
const keyOf = (uscc: string) => uscc.slice(8, 17)
const request = { actor: { authority: '河北省市场监督管理局', officer: '省局' }, command: 'open' }
const standard = shippedStandards.find(({ id }) => id === 'four-grades')

async function desk(t: Test) {
  const server = await testServer(t)
  const { acts } = server.registry
  for (const uscc of [one, two]) {
    const by = (what: string) => ({ ...request, command: `${what} ${uscc}` })
    await acts.open({ codes: { uscc }, data: { name: `示例${keyOf(uscc)}`, region: '130102' } }, by('open'))
    await acts.addRecord(keyOf(uscc), 'licence', licenceOf(`XK-${uscc}`).data, undefined, by('licence'))
  }
  const penalty = penaltyOf('冀罚1号', { decidedOn: '2026-08-01', severity: '严重' })
  await acts.addRecord(keyOf(two), 'penalty', penalty.data, undefined, { ...request, command: 'p' })
  const roles = ['reviewer', 'publisher'] as const
  const author = await signedIn(server, { login: 'zhangsan', roles: [...roles] })
  const approver = await signedIn(server, { login: 'lisi', name: '李四', roles: [...roles] })
  return { server, author, approver }
}

/** Where an act upon a campaign is taken, by the campaign's page. */
const actOn = (act: string, page: string) => `/desk/acts/${act}-campaign?id=${page.split('/').at(-1)}`

/** Adopts the shipped standard through the desk. */
async function adopted(author: Visitor, approver: Visitor): Promise<void> {
  await author.fill('/desk/standards/four-grades', {}, '/desk/acts/propose-shipped-standard?id=four-grades')
  await approver.fill('/desk/standards/four-grades', {}, '/desk/acts/adopt-standard?id=four-grades')
}

t.test('a standard is tried, put forward by one officer and adopted by another', async (t) => {
  const { server, author, approver } = await desk(t)
  const page = '/desk/standards/four-grades'
  t.match((await author.get('/desk/standards')).body, /随系统提供、尚未采用[\s\S]*four-grades/)
  const tried = await author.fill(page, { region: '130100' }, `${page}/simulation`)
  t.match(tried, { statusCode: 200, body: /石家庄市：2 家，其中 2 家的等级会变动/ })
  t.match(tried.body, /data:image\/svg\+xml;base64,/)
  t.match(tried.body, /<th scope="row">未评定<\/th>/)
  t.equal(server.registry.standards.adopted().length, 0, 'trying writes nothing')
  t.equal((await author.fill(page, {}, '/desk/acts/propose-shipped-standard?id=four-grades')).statusCode, 303)
  t.equal(server.registry.standards.adopted().length, 0, 'nor is what is put forward in force')
  t.match((await author.get(page)).body, /自己提请的标准由另一人批准/)
  t.equal((await author.fill(page, {}, '/desk/acts/adopt-standard?id=four-grades')).statusCode, 403)
  t.match((await approver.get('/desk')).body, /批准采用标准/)
  t.match((await approver.get('/desk/proposals')).body, /href="\/desk\/standards\/four-grades">批准采用标准/)
  const refuse = '/desk/acts/refuse-standard?id=four-grades'
  t.match((await approver.fill(page, { reason: '' }, refuse)).statusCode, 422)
  await approver.fill(page, { reason: '再议' }, refuse)
  t.match((await author.get(page)).body, /随系统提供，尚未采用/)
  await adopted(author, approver)
  t.match(server.registry.standards.adopted(), [
    { id: 'four-grades', versions: [{ author: { officer: '李四' } }] },
  ])
  t.match((await author.get('/desk/standards')).body, /已采用[\s\S]*李四[\s\S]*采用/)

  const next = { ...standard, version: (standard?.version ?? 0) + 1, name: '新版' }
  const sent = (document: string) =>
    author.fill('/desk/standards', { document }, '/desk/acts/propose-standard')
  t.match((await sent('{')).body, /不是有效的 JSON/)
  t.match((await sent('{}')).body, /标准有 \d+ 处错误/)
  t.match((await sent(JSON.stringify({ ...next, version: 77 }))).body, `下一版应为第 ${next.version} 版`)
  t.equal((await sent(JSON.stringify(next))).statusCode, 303)
  t.match((await author.get('/desk/standards')).body, /等待批准[\s\S]*新版/)
})

t.test('a campaign is drafted, adjusted, sent back, and issued by another', async (t) => {
  const { server, author, approver } = await desk(t)
  t.match((await author.get('/desk/campaigns')).body, /尚未采用任何标准/)
  await adopted(author, approver)
  const begin = (form: Record<string, string>) =>
    author.fill('/desk/campaigns', { standard: 'four-grades', ...form }, '/desk/acts/start-campaign')
  t.match((await begin({ standard: '' })).body, /标准：必填/)
  t.match((await begin({ on: '2027-01-01' })).body, /晚于今天/)
  t.match((await begin({ enterprises: '没有这家' })).body, /范围内没有任何档案/)
  const listedOnly = await begin({ enterprises: `${one}\n ${keyOf(two).toLowerCase()}` })
  const narrow = String(listedOnly.headers.location).split('?')[0] ?? ''
  await server.registry.campaigns.settled()
  t.match((await author.get(narrow)).body, /范围内 2 家/, 'codes of either kind, however they were typed')
  await author.fill(narrow, { reason: '试一试' }, actOn('cancel', narrow))
  const page = String((await begin({ region: '130100' })).headers.location).split('?')[0] ?? ''
  await server.registry.campaigns.settled()
  t.match((await author.get(`${page}/progress`)).json(), { done: true })
  const shown = (await author.get(page)).body
  t.match(shown, /范围内 2 家[\s\S]*等级分布[\s\S]*data:image\/svg/)
  t.match(shown, /开展或调整过本次评价的人不能批准/)
  t.match((await author.get(`${page}?format=csv`)).body, new RegExp(`${keyOf(one)},示例`))
  t.match(
    (await author.fill(page, { enterprise: keyOf(one), grade: 'B', reason: '' }, actOn('adjust', page))).body,
    /理由：必填/,
  )
  t.match(
    (await author.fill(page, { enterprise: two, grade: 'A', reason: 'x' }, actOn('adjust', page))).body,
    /不得高于/,
  )
  await author.fill(page, { enterprise: keyOf(one), grade: 'A', reason: '另有情况' }, actOn('adjust', page))
  t.match((await author.get(page)).body, /A <span class="hint">（算出 B，另有情况）/)
  t.match((await author.fill(page, {}, actOn('approve', page))).statusCode, 403)

  t.match((await approver.get('/desk')).body, /批准评价/)
  const id = page.split('/').at(-1) ?? ''
  const elsewhere = new Drafts(pathsIn(server.folder).drafts)
  t.teardown(() => elsewhere.close())
  const progress = elsewhere.progress(id)
  if (!progress) throw new Error('no drafts')
  for (const done of [false, true]) {
    const at = elsewhere.reached(id)
    await elsewhere.save(id, { from: at, to: at }, [], { ...progress, done })
    const offered = /批准评价/.test((await approver.get('/desk')).body)
    t.equal(offered, done, 'the queue knows at once whether the drafts are done')
  }
  await approver.fill(page, { reason: '请说明调整' }, actOn('return', page))
  t.match((await author.get('/desk')).body, /评价被退回<\/a> .*请说明调整/)
  t.notMatch((await approver.get('/desk')).body, /批准评价/)
  await author.fill(page, { enterprise: keyOf(one), grade: 'A', reason: '获得质量奖' }, actOn('adjust', page))
  t.notMatch((await author.get('/desk')).body, /评价被退回/)
  t.equal((await approver.fill(page, {}, actOn('approve', page))).statusCode, 303)
  await server.registry.campaigns.settled()
  t.match((await approver.get(page)).body, /已发布/)
  t.match(await approver.fill(page, {}, actOn('approve', page)), {
    statusCode: 409,
    body: /已发布，不能再改动/,
  })
  t.match((await server.app.inject(`/enterprises/${keyOf(one)}`)).body, /A 守信/)
  t.match((await author.get('/desk/campaigns?sort=-on&format=xlsx')).headers['content-type'], /spreadsheetml/)
})

t.test('a campaign is cancelled with its reason; another region is refused', async (t) => {
  const { server, author, approver } = await desk(t)
  await adopted(author, approver)
  const begun = await author.fill('/desk/campaigns', { standard: 'four-grades' }, '/desk/acts/start-campaign')
  const page = String(begun.headers.location).split('?')[0] ?? ''
  await server.registry.campaigns.settled()
  t.match((await author.fill(page, { reason: '' }, actOn('cancel', page))).body, /理由：必填/)
  await author.fill(page, { reason: '范围不对' }, actOn('cancel', page))
  t.match((await author.get(page)).body, /已取消[\s\S]*范围不对/)
  const city = await signedIn(server, {
    login: 'wangwu',
    name: '王五',
    roles: ['reviewer'],
    region: '130200',
  })
  t.match(
    await city.fill(
      '/desk/campaigns',
      { standard: 'four-grades', region: '130100' },
      '/desk/acts/start-campaign',
    ),
    {
      statusCode: 403,
      body: /只能评价河北省唐山市的企业/,
    },
  )
  const tried = await city.fill(
    '/desk/standards/four-grades',
    { region: '130100' },
    '/desk/standards/four-grades/simulation',
  )
  t.match(tried, { statusCode: 422, body: /只能试算本区划内的企业/ })
})

t.test('listing rules are put forward and adopted by two; cases keep those they began under', async (t) => {
  const { server, author, approver } = await desk(t)
  const { registry } = server
  const recorder = await signedIn(server, { login: 'wangwu', name: '王五', roles: ['recorder'] })
  const page = '/desk/rule-sets/order-44'
  const shipped = (await author.get(`${page}/document.json`)).json()
  const begin = async (uscc: string, documentNo: string) => {
    const data = penaltyOf(documentNo, {
      conduct: '无证生产',
      category: '无证生产经营',
      severity: '严重',
    }).data
    const by = { ...request, command: documentNo }
    const { recordId } = await registry.acts.addRecord(keyOf(uscc), 'penalty', data, undefined, by)
    const form = {
      penalties: recordId ?? '',
      ground: 'order-44/unlicensed',
      facts: '无证生产',
      reasons: '严重',
    }
    const { headers } = await recorder.fill(`/desk/acts/propose-listing?code=${keyOf(uscc)}`, form)
    return String(headers.location).split('?')[0] ?? ''
  }
  const old = await begin(one, '冀罚11号')
  const next = { ...shipped, version: 4, statement: { ...shipped.statement, workingDays: 7 } }
  const sent = (document: string) => author.fill('/desk/rule-sets', { document }, '/desk/acts/propose-rules')
  t.match((await sent('[')).body, /不是有效的 JSON/)
  t.match((await sent(JSON.stringify({ ...next, grounds: [] }))).body, /规则有 \d+ 处错误/)
  t.match((await sent(JSON.stringify({ ...next, version: 2 }))).body, /下一版应为第 4 版/)
  t.equal((await sent(JSON.stringify(next))).headers.location, `${page}?done=propose-rules`)
  t.match((await sent(JSON.stringify(next))).body, /已经提请，等待批准/)
  t.match((await author.get(page)).body, /自己提请的规则由另一人批准/)
  const adopt = '/desk/acts/adopt-rules?id=order-44'
  t.equal((await author.fill(page, {}, adopt)).statusCode, 403)
  t.equal((await recorder.fill(page, {}, adopt)).statusCode, 403)
  t.match(
    registry.ruleSets.inForce().find(({ id }) => id === 'order-44'),
    { version: 3 },
  )
  t.match((await approver.get('/desk')).body, /批准采用规则/)
  t.match((await approver.fill(page, { reason: '' }, '/desk/acts/refuse-rules?id=order-44')).statusCode, 422)
  t.equal((await approver.fill(page, {}, adopt)).statusCode, 303)
  t.match((await approver.get(page)).body, /第 4 版，现行[\s\S]*7 个工作日[\s\S]*李四 采用/)
  t.match((await server.app.inject('/api/v1/rule-sets')).json(), {
    items: [{ id: 'aqsiq' }, { id: 'order-44', version: 4 }],
  })
  t.equal((await server.app.inject('/rules/order-44')).statusCode, 200)

  const fresh = await begin(two, '冀罚12号')
  for (const [at, until] of [
    [old, '2026-12-01'],
    [fresh, '2026-12-03'],
  ] as const) {
    const id = at.split('/').at(-1) ?? ''
    const notice = `/desk/acts/serve-notice?code=${registry.listings.case(id).key}&id=${id}`
    await recorder.fill(at, { servedOn: '2026-11-24', way: '直接送达' }, notice)
    const { own } = registry.listings.case(id)
    t.equal(own.noticed?.statementUntil, until, 'each by the version that it began under')
  }
  t.match((await recorder.get('/desk')).body, /陈述申辩期满/)
})
