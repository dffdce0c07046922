import { SaxesParser } from 'saxes'
import t, { type Test } from 'tap'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { fc } from '../properties.ts'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

const B = '/api/v1'

function wellFormed(xml: string): void {
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
}

type Headers = { authorization: string }

/** A server with a firm punished gravely in 石家庄市长安区, and the keys of three levels. */
async function bureau(t: Test) {
  const server = await testServer(t)
  server.clock.set('2026-01-05T02:00:00.000Z')
  let people = 0
  const key = async (
    name: string,
    region?: string,
    scopes = ['records:write', 'listings:write', 'listings:decide'] as const,
  ) => {
    const author = { authority: '测试', officer: '测试' }
    const authority = region ?? '省局'
    people += 1
    const { text } = await server.registry.keys.create(
      { name, authority, scopes: [...scopes], ...(region && { region }), actsFor: `person${people}` },
      author,
    )
    return { authorization: `Bearer ${text}` }
  }
  const clerk = await key('县甲', '130102')
  const head = await key('县乙', '130102')
  const city = await key('市甲', '130100')
  const province = await key('省甲')
  const second = await key('省乙')
  const call = async (
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    payload?: unknown,
    headers: Partial<Headers> = clerk,
  ) => {
    const more = method === 'PATCH' ? { 'if-match': '*' } : {}
    const answer = await server.app.inject({
      method,
      url: `${B}${url}`,
      headers: { ...headers, ...more },
      ...(payload === undefined ? {} : { payload: payload as object }),
    })
    // What takes two persons is confirmed by one of the province.
    if (answer.statusCode === 202 && answer.json().act !== undefined) {
      const { statusCode: status, body } = await server.confirmed(answer, second)
      return { status, body: JSON.parse(body), text: body }
    }
    return {
      status: answer.statusCode,
      body: answer.body === '' ? undefined : JSON.parse(answer.body),
      text: answer.body,
    }
  }
  const uscc = unifiedCode('BAD00001')
  const code = uscc.slice(8, 17)
  await call('POST', '/enterprises', {
    uscc,
    enterprise: { name: '示例失信电缆公司', region: '130102', products: '电缆', abnormalList: '不在名录中' },
  })
  const fined = await call(
    'POST',
    `/enterprises/${code}/records`,
    penaltyOf('石市监罚〔2025〕9号', {
      category: '生产、销售不符合健康安全标准的产品',
      decidedOn: '2025-12-01',
      publishedOn: '2025-12-29',
      severity: '严重',
    }),
  )
  const penalty: string = fined.body.id
  const proposal = {
    ruleSet: 'order-44',
    ground: 'unsafe-product',
    penalties: [penalty],
    facts: '机密事实',
    reasons: '情节严重',
  }
  const propose = async () => (await call('POST', `/enterprises/${code}/cases`, proposal)).body.id as string
  const step = (id: string, body: object, by: Headers = clerk) => call('POST', `/cases/${id}/steps`, body, by)
  const at = (day: string) => server.clock.set(`${day}T02:00:00.000Z`)
  /** Takes a case as far as being decided, on the days of the calendar. */
  const decided = async () => {
    const id = await propose()
    await step(id, { step: 'notice', servedOn: '2026-01-05', way: '直接送达' })
    at('2026-01-13')
    await step(id, { step: 'consent', granted: true, reasons: '同意' }, city)
    const answer = await step(
      id,
      {
        step: 'decision',
        listed: true,
        decisionNo: '长市监列〔2026〕1号',
        decidedOn: '2026-01-13',
        reasons: '机密理由',
      },
      head,
    )
    t.equal(answer.status, 200, answer.text)
    return id
  }
  return {
    server,
    clerk,
    head,
    city,
    province,
    key,
    call,
    code,
    uscc,
    penalty,
    proposal,
    propose,
    step,
    at,
    decided,
  }
}

t.test('the whole way onto the list and off it by repair', async (t) => {
  const { server, head, city, province, call, code, penalty, propose, step, at, clerk } = await bureau(t)
  t.match((await call('GET', '/cases/candidates')).body, {
    items: [{ orgCode: code, grounds: [{ ground: 'unsafe-product' }, {}] }],
  })
  const id = await propose()
  t.same((await call('GET', '/cases/candidates')).body.items, [], 'a case was begun')
  t.match(
    await step(
      id,
      { step: 'decision', listed: true, decisionNo: 'x', decidedOn: '2026-01-05', reasons: 'x' },
      head,
    ),
    {
      status: 409,
      body: { status: 409, caseStatus: 'proposed', openSteps: [{ step: 'notice' }, { step: 'dropping' }] },
    },
  )
  t.equal(
    (await step(id, { step: 'notice', servedOn: '2026-01-06', way: '直接送达' })).status,
    422,
    'served in the future',
  )
  // 5 working days after Monday 2026-01-05: Monday 2026-01-12.
  t.match((await step(id, { step: 'notice', servedOn: '2026-01-05', way: '直接送达' })).body, {
    noticed: { statementUntil: '2026-01-12', certain: true },
  })
  t.match(await step(id, { step: 'consent', granted: true, reasons: '同意' }, city), {
    status: 409,
    body: { title: /2026-01-13/ },
  })
  at('2026-01-08')
  t.equal(
    (await step(id, { step: 'statement', on: '2026-01-07', statement: '机密陈述', answer: '不予采纳' }))
      .status,
    200,
  )
  t.match(
    await step(id, { step: 'consent', granted: true, reasons: '同意' }, city),
    { status: 409, body: { title: /2026-01-13/ } },
    'the period runs out although the party has stated its case',
  )
  const more = { step: 'statement', on: '2026-01-12', statement: '机密补充', answer: '不予采纳' }
  at('2026-01-13')
  t.match((await step(id, more)).body, { statements: [{ on: '2026-01-07' }, { on: '2026-01-12' }] })
  t.equal(
    (
      await step(
        id,
        { step: 'decision', listed: true, decisionNo: 'x', decidedOn: '2026-01-13', reasons: 'x' },
        head,
      )
    ).status,
    409,
    'without consent',
  )
  t.equal(
    (await step(id, { step: 'consent', granted: true, reasons: '同意' }, head)).status,
    403,
    'the same level',
  )
  t.equal((await step(id, { step: 'consent', granted: true, reasons: '同意' }, city)).status, 200)
  const decision = {
    step: 'decision',
    listed: true,
    decisionNo: '长市监列〔2026〕1号',
    decidedOn: '2026-01-13',
    reasons: '机密理由',
  }
  t.equal((await step(id, decision, clerk)).status, 403, 'who proposed')
  const elsewhere = await (await bureau(t)).key('唐山', '130200')
  t.ok(elsewhere)
  t.match(
    (await step(id, { ...decision, decidedOn: '2026-01-12' }, head)).body.errors,
    [{ pointer: '/decidedOn', code: 'statement-period' }],
    'the last day of the period',
  )
  t.equal((await step(id, decision, head)).status, 200)
  t.same((await call('GET', '/blacklist', undefined, {})).body.items, [], 'not yet public')
  t.equal((await call('GET', `/blacklist/${id}`, undefined, {})).status, 404)

  t.equal((await step(id, { step: 'publication' }, head)).status, 200)
  const shown = (await call('GET', `/blacklist/${id}`, undefined, {})).body
  t.match(shown, {
    name: '示例失信电缆公司',
    decisionNo: '长市监列〔2026〕1号',
    from: '2026-01-13',
    until: '2029-01-13',
    repair: { from: '2027-01-13' },
    penalties: [{ documentNo: '石市监罚〔2025〕9号' }],
    objectionOpen: false,
  })
  for (const url of [`/blacklist/${id}`, '/blacklist', `/enterprises/${code}`, '/changes'])
    t.notMatch((await call('GET', url, undefined, {})).text, /机密/, url)
  for (const query of [
    'q=失信电缆',
    'region=石家庄市',
    'product=电缆',
    'from=2026-01-01&to=2026-01-31',
    `q=${code}`,
  ])
    t.equal((await call('GET', `/blacklist?${encodeURI(query)}`, undefined, {})).body.items.length, 1, query)
  for (const query of ['q=别的', 'region=唐山市', 'product=水泥', 'from=2026-02-01'])
    t.equal((await call('GET', `/blacklist?${encodeURI(query)}`, undefined, {})).body.items.length, 0, query)
  t.match((await call('GET', `/enterprises/${code}`, undefined, {})).body.listings, [
    { id, from: '2026-01-13' },
  ])

  t.match(await step(id, { step: 'repairApplication', on: '2026-01-13', grounds: '已整改' }), {
    status: 409,
    body: { title: /2027-01-13/ },
  })
  at('2027-01-13')
  for (const [body, by] of [
    [{ step: 'repairApplication', on: '2027-01-13', grounds: '已整改' }, clerk],
    [{ step: 'repairAcceptance', accepted: true, reasons: '材料齐全' }, clerk],
    [{ step: 'repairInspection', on: '2027-01-13', findings: '整改到位' }, clerk],
  ] as const)
    t.equal((await step(id, body, by)).status, 200, body.step)
  t.equal(
    (await step(id, { step: 'repairDecision', granted: true, reasons: '准予' }, clerk)).status,
    403,
    'who inspected',
  )
  const grant = { step: 'repairDecision', granted: true, reasons: '准予' }
  t.equal((await step(id, grant, province)).status, 403, 'the level above does not repair for another')
  t.match(await step(id, grant, head), { status: 422, body: { errors: [{ code: 'not-fulfilled' }] } })
  await call('PATCH', `/enterprises/${code}/records/${penalty}`, { data: { fulfilledOn: '2026-03-01' } })
  t.equal((await step(id, grant, head)).status, 200)
  t.same((await call('GET', '/blacklist', undefined, {})).body.items, [])
  for (const url of [
    `/blacklist?asOf=2026-06-01`,
    `/enterprises/${code}`,
    `/enterprises/${code}?asOf=2026-06-01`,
    '/changes',
    '/enterprises?q=',
  ])
    t.notMatch((await call('GET', url, undefined, {})).text, /长市监列/, url)
  t.equal((await call('GET', `/blacklist/${id}`, undefined, {})).status, 410)
  await agree(t, server)
})

t.test('what may not carry a listing', async (t) => {
  const { call, code, penalty, proposal, propose, key, server } = await bureau(t)
  const refused = (body: object, by?: Headers) =>
    call('POST', `/enterprises/${code}/cases`, { ...proposal, ...body }, by)
  t.match((await refused({ penalties: [] })).body.errors, [{ code: 'required' }])
  t.match((await refused({ penalties: ['x'] })).body.errors, [{ code: 'unknown' }])
  t.match((await refused({ ground: 'forged-marks' })).body.errors, [{ code: 'ground-not-met' }])
  t.match((await refused({ ruleSet: 'x' })).body.errors, [{ pointer: '/ruleSet' }])
  t.equal((await refused({}, await key('唐山', '130200'))).status, 403, "another region's officer")
  t.equal((await refused({}, await server.authorization(['records:write']))).status, 403, 'without the scope')
  await propose()
  t.equal((await refused({})).status, 409, 'the same facts twice')
  const record = `/enterprises/${code}/records/${penalty}`
  const annulled = await call('PATCH', record, { data: { reviewOutcome: '撤销', reviewedOn: '2026-01-04' } })
  t.equal(annulled.status, 200, annulled.text)
  t.match((await refused({})).body.errors, [{ code: 'annulled' }])
  t.match(
    (await call('GET', '/cases')).body.items,
    [{ status: 'dropped' }],
    'and the case ended with its penalty',
  )
})

t.test(
  'the daily job publishes and ends on the right day, after a month of downtime too, and on two nodes',
  async (t) => {
    const { server, call, code, decided, at } = await bureau(t)
    const id = await decided()
    // 20 working days after 2026-01-13: spring festival 2026-02-15 to 02-23 is free, 02-14 and 02-28 are worked.
    const { items } = (await call('GET', '/deadlines?within=60')).body
    const due = items.find(({ what }: { what: string }) => what === 'publication').dueOn
    t.equal(due, '2026-02-10')
    at('2026-02-09')
    t.equal(await server.registry.runDaily(), 0)
    at('2026-03-15')
    const both = await Promise.all([server.registry.runDaily(), server.registry.runDaily()])
    t.equal(both[0] + both[1], 1, 'once, though two ran')
    t.match((await call('GET', `/blacklist/${id}`, undefined, {})).body, {
      from: '2026-01-13',
      until: '2029-01-13',
    })
    at('2029-01-12')
    t.equal((await call('GET', '/blacklist', undefined, {})).body.items.length, 1)
    at('2029-01-13')
    t.equal(
      (await call('GET', '/blacklist', undefined, {})).body.items.length,
      0,
      'on the very day, before the job ran',
    )
    t.same((await call('GET', `/enterprises/${code}`, undefined, {})).body.listings, [])
    t.equal(await server.registry.runDaily(), 2, "the listing's end, and that of the penalty's publication")
    t.equal(await server.registry.runDaily(), 0)
    t.match((await call('GET', `/cases/${id}`)).body, {
      status: 'removed',
      removed: { cause: 'expired', on: '2029-01-13' },
    })
    await agree(t, server)
  },
)

t.test('a wrong listing is gone with its texts, and the register still checks', async (t) => {
  const { server, call, code, decided, step, head, city } = await bureau(t)
  const id = await decided()
  await step(id, { step: 'publication' }, head)
  const platform = await server.authorization(['platform:read', 'audit:read'])
  t.match(JSON.stringify(await server.register.read(0, 1000)), /长市监列/)
  t.equal((await step(id, { step: 'revocation', reason: '认定有误' }, city)).status, 200)
  for (const url of [`/blacklist`, `/enterprises/${code}`, `/enterprises/${code}/entries`, '/changes'])
    t.notMatch((await call('GET', url, undefined, {})).text, /长市监列/, url)
  t.notMatch(JSON.stringify(await server.register.read(0, 1000)), /长市监列|机密/)
  const entries = (await call('GET', '/entries?limit=1000', undefined, platform)).text
  t.notMatch(entries, /长市监列|机密|认定有误/)
  t.match(entries, /payload.erased/)
  t.equal((await call('GET', `/cases/${id}`)).status, 404)
  await agree(t, server)
})

t.test('the violators’ table names who is listed, and of what has left only that it has', async (t) => {
  const { server, call, code, head, step, at, decided, uscc } = await bureau(t)
  const keys = await server.authorization(['platform:read'])
  const table = async (query: string) => {
    const answer = await server.app.inject({ url: `${B}/exchange/violators?${query}`, headers: keys })
    t.equal(answer.statusCode, 200, answer.body)
    return answer
  }
  const id = await decided()
  const year = 'from=2026-01-01&to=2026-12-31'
  t.same((await table(year)).json().items, [], 'decided, and not public')
  await step(id, { step: 'publication' }, head)
  const listed = {
    ILLID: id,
    ENTNAME: '示例失信电缆公司',
    UNISCID: uscc,
    REGION: '130102',
    ABNTIME: '2026-01-13',
  }
  t.match((await table(year)).json(), { items: [listed], faults: [] })
  t.same((await table('from=2026-01-14&to=2026-12-31')).json().items, [], 'decided the day before')
  t.match((await table('from=2026-01-13&to=2026-01-13')).json().items, [listed])
  at('2026-01-20')
  const gone = { enterprise: { status: '注销' } }
  t.equal((await call('PATCH', `/enterprises/${code}`, gone, head)).status, 200)
  const left = { ILLID: id, REMDATE: '2026-01-20', REMEXCPRES: '企业注销', REDECORG: '130102' }
  t.same((await table(year)).json().items, [left])
  for (const [period, items] of [
    ['from=2026-01-19&to=2026-01-19', []],
    ['from=2026-01-20&to=2026-01-20', [left]],
    ['from=2026-01-21&to=2026-01-21', []],
  ] as const)
    t.same((await table(period)).json().items, items, period)
  const xml = await table(`${year}&format=xml`)
  t.match(xml.headers['content-type'], 'application/xml')
  t.match(xml.body, `<RECORD><ILLID>${id}</ILLID><ENTNAME/><UNISCID/>`)
  t.notMatch(xml.body, /示例失信|机密/)
  const feed = (await server.app.inject('/blacklist/feed.atom')).body
  t.match(
    feed,
    `<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="http://localhost:8080/blacklist/${id}" when="2026-01-20T00:00:00+08:00"/>`,
  )
  t.notMatch(feed, /示例失信|机密/)
  wellFormed(feed)
  at('2026-04-20')
  t.match((await server.app.inject('/blacklist/feed.atom')).body, 'deleted-entry', 'ninety days')
  at('2026-04-21')
  t.notMatch((await server.app.inject('/blacklist/feed.atom')).body, 'deleted-entry')
  const others = { url: `${B}/exchange/violators`, headers: await server.authorization(['listings:write']) }
  t.equal((await server.app.inject(others)).statusCode, 403)
  const check = { url: `${B}/exchange/violators/check?${year}`, headers: keys }
  t.match((await server.app.inject(check)).json(), { rows: 1, faulty: 0, items: [] })
})

t.test('the grade falls with the listing and rises with its end', async (t) => {
  const { server, call, code, decided, step, head, city } = await bureau(t)
  const [four] = shippedStandards
  const admin = await server.authorization(['admin'])
  const by = { authority: '测试', officer: '测试' }
  await server.registry.acts.carryOut('propose-standard', {}, { document: four }, by)
  await call('POST', `/enterprises/${code}/records`, licenceOf('XK-1'))
  const campaign = (await call('POST', '/campaigns', { standard: { id: 'four-grades' } }, admin)).body.id
  await server.registry.campaigns.settled()
  const approver = (
    await server.registry.keys.create(
      { name: '批准人', authority: '省局', scopes: ['ratings:approve'], actsFor: 'approver' },
      { authority: 'x', officer: 'x' },
    )
  ).text
  await call('POST', `/campaigns/${campaign}/approval`, {}, { authorization: `Bearer ${approver}` })
  await server.registry.campaigns.settled()
  const grade = async () => (await call('GET', `/enterprises/${code}`, undefined, {})).body.ratings[0]
  t.match(await grade(), { grade: 'C' })
  const id = await decided()
  await step(id, { step: 'publication' }, head)
  t.match(await grade(), { grade: 'D', limits: [{ id: 'listed' }, {}] })
  await step(id, { step: 'revocation', reason: '认定有误' }, city)
  t.match(await grade(), { grade: 'C' })
  t.notMatch((await call('GET', `/enterprises/${code}`, undefined, {})).text, /黑名单/)
})

t.test('objections show as open without their grounds and are settled', async (t) => {
  const { server, call, code, decided, step, head, city } = await bureau(t)
  const id = await decided()
  await step(id, { step: 'publication' }, head)
  const objection = { about: { kind: 'case', id }, on: '2026-01-13', grounds: '机密异议' }
  const filed = await call('POST', `/enterprises/${code}/objections`, objection)
  t.equal(filed.status, 201)
  t.equal((await call('POST', `/enterprises/${code}/objections`, objection)).status, 409)
  const file = await call('GET', `/enterprises/${code}`, undefined, {})
  t.match(file.body, { objections: [{ about: { kind: 'case', id } }], listings: [{ objectionOpen: true }] })
  t.notMatch(file.text, /机密异议/)
  t.match(
    (await call('GET', '/deadlines')).body.items.find(({ what }: { what: string }) => what === 'objection'),
    { dueOn: '2026-01-16' },
  )
  const settled = await call(
    'POST',
    `/enterprises/${code}/objections/${filed.body.id}/settlement`,
    { upheld: true, outcome: '确有错误' },
    city,
  )
  t.equal(settled.status, 200, settled.text)
  t.same((await call('GET', '/blacklist', undefined, {})).body.items, [], 'off the list at once')
  t.notMatch(
    JSON.stringify(await server.register.read(0, 1000)),
    /机密异议|机密理由/,
    'and its texts are gone',
  )
})

t.test('a penalty is no longer published early only where the law allows it', async (t) => {
  const { call, code, penalty, at, head, server } = await bureau(t)
  const end = (body: object, by?: Headers) =>
    call('POST', `/enterprises/${code}/records/${penalty}/early-end`, body, by)
  const early = await end({ step: 'application', on: '2026-01-05', grounds: '已履行' })
  t.equal(early.status, 422)
  t.match(early.body.title, /最早可于 2026-06-29.*履行完毕/s)
  at('2026-07-01')
  await call('PATCH', `/enterprises/${code}/records/${penalty}`, { data: { fulfilledOn: '2026-03-01' } })
  t.equal((await end({ step: 'decision', granted: true, reasons: 'x' }, head)).status, 409)
  t.match((await end({ step: 'application', on: '2026-07-01', grounds: '已履行' })).body, {
    status: 'applied',
  })
  t.match((await end({ step: 'check', findings: '属实' })).body, { status: 'checked' })
  t.equal((await end({ step: 'decision', granted: true, reasons: '同意' })).status, 403, 'who checked')
  t.equal((await call('GET', `/enterprises/${code}`, undefined, {})).body.penalties.length, 1)
  t.match((await end({ step: 'decision', granted: true, reasons: '同意' }, head)).body, { status: 'granted' })
  t.equal((await call('GET', `/enterprises/${code}`, undefined, {})).body.penalties.length, 0)
  const grave = await call(
    'POST',
    `/enterprises/${code}/records`,
    penaltyOf('罚-重', {
      decidedOn: '2025-12-01',
      types: ['罚款', '责令停产停业'],
      conduct: '别的违法',
      fulfilledOn: '2026-01-01',
    }),
  )
  const never = await call('POST', `/enterprises/${code}/records/${grave.body.id}/early-end`, {
    step: 'application',
    on: '2026-07-01',
    grounds: 'x',
  })
  t.match(never.body.title, /责令停产停业/)
  await agree(t, server)
})

t.test('bulletins are numbered, approved by another, and do not name who has left', async (t) => {
  const { call, decided, step, head, city, province, key } = await bureau(t)
  const id = await decided()
  await step(id, { step: 'publication' }, head)
  const clerk = await key('县甲二', '130102')
  const drafted = await call('POST', '/bulletins', { from: '2026-01-01', to: '2026-01-13' }, head)
  t.match(drafted, { status: 201, body: { status: 'draft', listed: [{ id }] } })
  const bulletin = drafted.body.id
  t.equal((await call('GET', `/bulletins/${bulletin}`, undefined, {})).status, 404, 'a draft')
  t.equal((await call('POST', `/bulletins/${bulletin}/approval`, {}, head)).status, 403)
  t.equal(
    (await call('POST', `/bulletins/${bulletin}/approval`, {}, province)).status,
    403,
    'another authority',
  )
  t.match(await call('POST', `/bulletins/${bulletin}/approval`, {}, clerk), {
    status: 200,
    body: { year: 2026, no: 1 },
  })
  t.equal((await call('POST', `/bulletins/${bulletin}/approval`, {}, clerk)).status, 409)
  t.match((await call('GET', `/bulletins/${bulletin}`, undefined, {})).body, {
    listed: [{ id }],
    ended: 0,
    next: null,
  })
  const mended = await call(
    'POST',
    '/bulletins',
    { from: '2026-01-01', to: '2026-01-13', corrections: [{ bulletin, text: '更正一处文号' }] },
    head,
  )
  await call('POST', `/bulletins/${mended.body.id}/approval`, {}, clerk)
  t.match((await call('GET', `/bulletins/${bulletin}`, undefined, {})).body, {
    correctedBy: [mended.body.id],
    next: mended.body.id,
  })
  await step(id, { step: 'revocation', reason: '有误' }, city)
  const after = await call('GET', `/bulletins/${bulletin}`, undefined, {})
  t.match(after.body, { listed: [], ended: 1 })
  t.notMatch(after.text, /失信电缆/)
})

t.test(
  'no way through the steps makes a listing public without notice, decision and two people',
  async (t) => {
    const { server, call, code, clerk, head, city, penalty, step, at } = await bureau(t)
    const people = [clerk, head, city]
    const names = ['notice', 'statement', 'consent', 'decision', 'publication', 'dropping'] as const
    const bodies: Record<(typeof names)[number], object> = {
      notice: { servedOn: '2026-01-05', way: '直接送达' },
      statement: { on: '2026-01-06', statement: '陈述', answer: '答复' },
      consent: { granted: true, reasons: '同意' },
      decision: { listed: true, decisionNo: 'n', decidedOn: '2026-01-20', reasons: '理由' },
      publication: {},
      dropping: { reason: '终止' },
    }
    const move = fc.tuple(fc.constantFrom(...names), fc.nat(2))
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
        at('2026-01-20')
        const proposal = {
          ruleSet: 'order-44',
          ground: 'unsafe-product',
          penalties: [penalty],
          facts: 'x',
          reasons: 'x',
        }
        const { body } = await call('POST', `/enterprises/${code}/cases`, proposal)
        for (const [name, who] of moves)
          await step(body.id, { step: name, ...bodies[name] }, people[who] ?? clerk)
        const { own } = server.registry.listings.case(body.id)
        const isPublic = (await call('GET', '/blacklist', undefined, {})).body.items.length > 0
        if (isPublic !== (own.published !== undefined)) throw new Error('the list and the case disagree')
        if (isPublic && !(own.noticed && own.consented?.granted && own.decided?.listed))
          throw new Error('a step is missing')
        if (isPublic && own.decided?.by === own.proposed.by) throw new Error('one person')
        if (own.status === 'inForce') await step(body.id, { step: 'revocation', reason: '清理' }, city)
        else await step(body.id, { step: 'dropping', reason: '清理' }, clerk)
        if (own.status === 'decided') await step(body.id, { step: 'revocation', reason: '清理' }, city)
      }),
      { numRuns: 40 },
    )
    t.pass()
  },
)

/** The views equal a rebuild and every digest checks. */
async function agree(t: Test, { registry, folder }: TestServer): Promise<void> {
  const { findings } = await verifyDataDir(folder, { catalogue: registry.catalogue })
  t.same(findings, [])
}

t.test(
  'the violators’ table is all that stands, whenever it was decided, where no day is asked for',
  async (t) => {
    const { server, head, step, at, decided } = await bureau(t)
    const headers = await server.authorization(['platform:read'])
    const ids = async (query: string) => {
      const answer = await server.app.inject({ url: `${B}/exchange/violators?${query}`, headers })
      t.equal(answer.statusCode, 200, answer.body)
      return answer.json().items.map(({ ILLID }: { ILLID: string }) => ILLID)
    }
    const id = await decided()
    await step(id, { step: 'publication' }, head)
    at('2027-02-01')
    t.same(await ids(''), [id])
    t.same(await ids('to=2026-01-12'), [], 'decided the day after')
    t.same(await ids('to=2026-01-13'), [id])
    t.same(await ids('from=2027-01-01'), [], 'a table of a year is a part')
    t.same(await ids('from=2027-02-02'), [], 'that has not come yet')
  },
)

type Bureau = Awaited<ReturnType<typeof bureau>>

/** Every way off the list, the day on which it is taken, and what is told of why. */
const WAYS: readonly (readonly [
  way: string,
  why: string | undefined,
  take: (own: Bureau, id: string) => Promise<unknown>,
])[] = [
  [
    'the firm is dissolved',
    '企业注销',
    ({ call, code, head }) => call('PATCH', `/enterprises/${code}`, { enterprise: { status: '注销' } }, head),
  ],
  [
    'the listing is revoked, and erased',
    undefined,
    ({ step, city }, id) => step(id, { step: 'revocation', reason: '认定有误' }, city),
  ],
  [
    'its penalty is annulled, and it is erased',
    undefined,
    ({ call, code, penalty, head }) =>
      call(
        'PATCH',
        `/enterprises/${code}/records/${penalty}`,
        { data: { reviewOutcome: '撤销', reviewedOn: '2026-01-20' } },
        head,
      ),
  ],
  [
    'its penalty is changed, and it is decided on anew',
    '处罚变更，待重新认定',
    ({ call, code, penalty, head }) =>
      call(
        'PATCH',
        `/enterprises/${code}/records/${penalty}`,
        { data: { reviewOutcome: '变更', reviewedOn: '2026-01-20' } },
        head,
      ),
  ],
  ['its term is over', '期限届满', async ({ at }) => at('2029-01-13')],
]

for (const [way, why, take] of WAYS)
  t.test(`who follows the list is told that one has left it: ${way}`, async (t) => {
    const own = await bureau(t)
    const { server, head, step, at, decided } = own
    const headers = await server.authorization(['platform:read'])
    const id = await decided()
    await step(id, { step: 'publication' }, head)
    const feed = async () => (await server.app.inject('/blacklist/feed.atom')).body
    const rows = async () =>
      (await server.app.inject({ url: `${B}/exchange/violators`, headers })).json().items
    t.match(await feed(), `<id>http://localhost:8080/blacklist/${id}</id>`)
    t.notMatch(await feed(), 'deleted-entry')
    const asJson = async () => (await server.app.inject('/blacklist/feed.json')).json()
    t.same((await asJson())._gone, undefined)
    at('2026-01-20')
    await take(own, id)
    await server.writer.catchUp()
    const on = way === 'its term is over' ? '2029-01-13' : '2026-01-20'
    const left = await feed()
    t.match(left, `ref="http://localhost:8080/blacklist/${id}" when="${on}T00:00:00+08:00"/>`)
    t.notMatch(left, /示例失信|机密/)
    wellFormed(left)
    const { _gone: gone, items } = await asJson()
    t.same([gone.items, items], [[{ id: `http://localhost:8080/blacklist/${id}`, on }], []])
    const [row, ...others] = await rows()
    t.same(
      [row, others],
      [{ ILLID: id, REMDATE: on, ...(why && { REMEXCPRES: why, REDECORG: '130102' }) }, []],
    )
    await agree(t, server)
  })
