import { createHash } from 'node:crypto'
import t from 'tap'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { type Draw, type DrawMade, drawnAbove } from '../../src/supervision/draw.ts'
import { followUpsOf, renewalsOf } from '../../src/supervision/follow-up.ts'
import { plannedNext, planOf } from '../../src/supervision/plan.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { fileWith, licence, sampling } from '../rating/files.ts'
import { licenceOf, testServer, unifiedCode } from '../support.ts'

const TODAY = '2026-11-24'

t.test('the plan: who is due, overdue, done', async (t) => {
  const year = { from: '2026-01-01', to: '2026-12-31' }
  const plan = (...records: Parameters<typeof fileWith>[0]) =>
    planOf(fileWith(records), year, TODAY, scheme).map(({ group, dueOn, status, class: name }) => [
      group,
      dueOn,
      status,
      name,
    ])
  // Not rated: class B; cables are risk Ⅰ, so every 6 months, first after the licence's issue.
  t.same(plan(licence('l', { issuedOn: '2026-03-10' })), [['wire-cable', '2026-09-10', 'overdue', 'B']])
  t.same(plan(licence('l', { issuedOn: '2026-06-10' })), [['wire-cable', '2026-12-10', 'due', 'B']])
  t.same(plan(licence('l', { issuedOn: '2026-03-10' }), sampling('i', '2026-10-01', '合格')), [
    ['wire-cable', '2026-09-10', 'done', 'B'],
  ])
  t.same(plan(licence('l', { issuedOn: '2025-03-10' }), sampling('i', '2026-02-01', '合格')), [
    ['wire-cable', '2025-09-10', 'done', 'B'],
    ['wire-cable', '2026-08-01', 'overdue', 'B'],
  ])
  t.same(plan(licence('l', { issuedOn: '2026-03-10' }), sampling('i', '2026-10-01', '未抽到样品')), [
    ['wire-cable', '2026-09-10', 'overdue', 'B'],
  ])
  t.same(plan(licence('l', { validTo: '2026-01-01' })), [], 'no licence, no plan')
  // An inspection under the item's number closes it, whatever its product is called.
  const planNo = 'M000100Y4-wire-cable-20260910'
  t.same(
    plan(
      licence('l', { issuedOn: '2026-03-10' }),
      sampling('i', '2026-10-01', '合格', { product: 'BV 线', planNo }),
    ),
    [['wire-cable', '2026-09-10', 'done', 'B']],
  )
})

t.test('the strictest of class, grade and list sets the plan; who is gone is not planned', async (t) => {
  const year = { from: '2026-01-01', to: '2026-12-31' }
  const held = licence('l', { issuedOn: '2026-03-10' })
  const rated = (dossier: Dossier, standard: string, grade: string, on = '2026-05-01'): Dossier => ({
    ...dossier,
    ratings: [
      ...dossier.ratings,
      {
        ...{
          id: `${standard}-${grade}`,
          standard: { id: standard, version: 1, shownAs: 'class' },
          on,
          grade,
        },
        ...{ points: 0, items: [], limits: [], position: 1, issuedAt: `${on}T00:00:00Z`, authority: '省局' },
      },
    ],
  })
  const planned = (dossier: Dossier) =>
    planOf(dossier, year, TODAY, scheme).map(({ class: name, everyMonths, because = '' }) => [
      name,
      everyMonths,
      because,
    ])
  const plain = fileWith([held])
  const listed = fileWith([held], { from: '2026-05-01' })
  t.same(planned(plain), [['B', 6, '']])
  t.match(planned(listed).slice(0, 1), [['C', 3, /黑名单/]], 'listed and never rated: the strictest')
  t.match(planned(rated(listed, 'enterprise-classes', 'AA'))[0], ['C', 3, /黑名单/])
  t.same(
    planned(fileWith([held], { from: '2026-05-01', until: TODAY })),
    [['B', 6, '']],
    'off the list today',
  )
  t.same(
    planned(rated(plain, 'enterprise-classes', 'C'))[0],
    ['C', 3, ''],
    'the class itself needs no reason',
  )
  t.match(planned(rated(rated(plain, 'enterprise-classes', 'A'), 'four-grades', 'D'))[0], [
    'C',
    3,
    /等级为 D/,
  ])
  t.same(planned(rated(rated(plain, 'enterprise-classes', 'A'), 'four-grades', 'A')), [], 'A: 12 months')
  t.same(planned(rated(plain, 'enterprise-classes', 'A', '2024-11-25')), [], 'the last day of the class')
  t.same(
    planned(rated(plain, 'enterprise-classes', 'A', '2024-11-24')),
    [['B', 6, '']],
    'past it: as if not rated',
  )
  t.match(
    planned(rated(plain, 'enterprise-classes', 'C', '2024-11-24'))[0],
    ['C', 3, /已过有效期/],
    'a strict class stays strict and says that it is old',
  )
  for (const more of [{ status: '注销' }, { status: '吊销' }, { region: '110101' }])
    t.same(planned({ ...listed, enterprise: { ...listed.enterprise, ...more } }), [], JSON.stringify(more))
  t.not(planned({ ...plain, enterprise: { ...plain.enterprise, status: '停业' } }).length, 0)
  t.same(plannedNext({ ...plain, enterprise: { ...plain.enterprise, status: '注销' } }, scheme), [])
  t.match(plannedNext(listed, scheme), [{ mode: '加严监管', dueOn: '2026-06-10' }])
})

t.test('a lower level leaves out what a higher one drew in the same time', async (t) => {
  const made = (level: DrawMade['level'], orgCode: string, group = 'wire-cable'): Draw => ({
    ...{
      id: '1',
      madeAt: '',
      position: 1,
      author: { authority: '省局', officer: '甲' },
      name: '省抽',
      seed: 's',
      revision: 1,
      status: 'made',
      commitments: [],
    },
    ...{ group, level, period: { from: '2026-10-01', to: '2026-12-31' }, rates: {}, inspectors: [] },
    ...{ inspectorsEach: 0, candidates: [], leftOut: [] },
    drawn: [{ orgCode, class: 'B', hash: '', inspectors: [] }],
  })
  const draws = [made('省', 'P'), made('市', 'C'), made('县', 'X'), made('省', 'O', 'food')]
  const out = (level: DrawMade['level'], from: string, to: string) =>
    Array.from(drawnAbove(draws, 'wire-cable', level, { from, to }).keys())
  t.same(out('县', '2026-11-01', '2026-11-30'), ['P', 'C'])
  t.same(out('市', '2026-11-01', '2026-11-30'), ['P'])
  t.same(out('省', '2026-11-01', '2026-11-30'), [])
  t.same(out('县', '2026-07-01', '2026-09-30'), [], 'the period before')
  t.same(out('县', '2026-07-01', '2026-10-01'), ['P', 'C'], 'one day of it')
  t.same(out('县', '2027-01-01', '2027-03-31'), [], 'the period after')
})

t.test('the chain behind a failed test', async (t) => {
  const states = (more: object, ...others: Parameters<typeof fileWith>[0]) =>
    followUpsOf(
      fileWith([sampling('i', '2026-10-01', '不合格', { deliveredOn: '2026-10-10', ...more }), ...others]),
      TODAY,
      scheme,
    )[0]?.steps.map(({ step, state }) => `${step} ${state}`)
  t.same(states({}), [
    'retest passed',
    'rectification open',
    'notice notNeeded',
    'reinspection open',
    'suspension notNeeded',
    'finalReinspection notNeeded',
    'closure notNeeded',
    'licence notNeeded',
  ])
  t.same(states({ deliveredOn: '2026-11-10' })?.[0], 'retest open', 'until 2026-11-25')
  t.same(states({ retest: '改变原结论' }), ['retest done'], 'a reversed result has no consequence')
  t.same(states({ rectificationDueOn: '2026-11-01' })?.slice(1, 3), ['rectification overdue', 'notice open'])
  t.same(states({ rectificationDueOn: '2026-11-01', rectifiedOn: '2026-10-30' })?.slice(1, 3), [
    'rectification done',
    'notice notNeeded',
  ])
  const failedAgain = {
    rectifiedOn: '2026-10-30',
    reinspectedOn: '2026-11-10',
    reinspectionOutcome: '不合格',
  }
  t.same(states(failedAgain, licence('l'))?.at(-1), 'licence open')
  t.same(states(failedAgain, licence('l', { status: '吊销' }))?.at(-1), 'licence done')
})

t.test('renewals are asked for by their day, and reminded of sixty days before', async (t) => {
  const due = (validTo: string, more: object = {}) =>
    renewalsOf(fileWith([licence('l', { validTo, ...more })]), TODAY, scheme)
  t.match(due('2027-05-24'), [{ askBy: '2026-11-24', overdue: false }], 'today is the last day')
  t.match(due('2027-05-23'), [{ askBy: '2026-11-23', overdue: true }])
  t.match(due('2027-05-25'), [{ askBy: '2026-11-25', overdue: false }])
  t.match(due('2027-07-23'), [{ askBy: '2027-01-23', overdue: false }], 'sixty days on')
  t.same(due('2027-07-24'), [])
})

t.test('a draw that anyone can make again', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write', 'supervision:write'])
  const post = (url: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: key, payload })
  for (let i = 0; i < 12; i += 1) {
    const uscc = unifiedCode(`DRAW00${String(i).padStart(2, '0')}`)
    await post('/enterprises', { uscc, enterprise: { name: `示例电缆${i}公司` } })
    await post(`/enterprises/${uscc.slice(8, 17)}/records`, licenceOf(`XK-${i}`))
  }
  const sampled = unifiedCode('DRAW0000').slice(8, 17)
  const data = {
    kind: '国家监督抽查',
    inspectedOn: '2026-05-01',
    authority: '总局',
    product: '电缆',
    outcome: '合格',
  }
  await post(`/enterprises/${sampled}/records`, { type: 'inspection', data })
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  const asked = {
    name: '2026 年第四季度电线电缆抽查',
    commitment: sha('甲随手写下的一句话，足够长，没人猜得到'),
    group: 'wire-cable',
    level: '省',
    period: { from: '2026-01-01', to: '2026-12-31' },
    rates: { B: 0.3 },
    inspectors: ['甲', '乙', '丙'],
    inspectorsEach: 2,
  }
  const begun = await post('/supervision/draws', asked)
  t.equal(begun.statusCode, 201, begun.body)
  t.match(
    begun.json(),
    { status: 'begun', seed: '', candidates: [], drawn: [] },
    'nobody knows who may be drawn',
  )
  const own = `/supervision/draws/${begun.json().id}`
  const other = await server.authorization(['supervision:write'])
  const post2 = (url: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: other, payload })
  t.equal(
    (await post2(`${own}/commitment`, { commitment: sha('乙写的另一句话，也足够长，没人猜得到') }))
      .statusCode,
    200,
  )
  t.equal((await post(`${own}/opening`, { part: '甲随手写下的一句话，足够长，没人猜得到' })).statusCode, 200)
  const made = await post2(`${own}/opening`, { part: '乙写的另一句话，也足够长，没人猜得到' })
  t.equal(made.statusCode, 200, made.body)
  const { id, drawn, candidates, leftOut } = made.json()
  t.match(leftOut, [{ orgCode: sampled }], 'what the state has sampled the province leaves out')
  t.equal(candidates.length, 11)

  // Ten lines of independent code.
  const order = candidates
    .map(({ orgCode }: { orgCode: string }) => [
      sha(`甲随手写下的一句话，足够长，没人猜得到/乙写的另一句话，也足够长，没人猜得到/${orgCode}`),
      orgCode,
    ])
    .sort(([x]: string[], [y]: string[]) => (x === y ? 0 : String(x) < String(y) ? -1 : 1))
  const expected = order.slice(0, Math.ceil(0.3 * 11)).map(([, code]: string[]) => code)
  t.same(new Set(drawn.map(({ orgCode }: { orgCode: string }) => orgCode)), new Set(expected))
  t.equal(drawn.length, 4)

  t.match((await server.app.inject(`/api/v1/supervision/draws/${id}/recomputation`)).json(), { agrees: true })
  t.match((await server.app.inject('/api/v1/supervision/draws')).json(), { items: [{ id, drawn: 4 }] })
  t.equal((await post('/supervision/draws', { ...asked, rates: { Z: 1 } })).statusCode, 422)
  t.equal((await post('/supervision/draws', { ...asked, inspectorsEach: 4 })).statusCode, 422)
  t.equal((await post('/supervision/draws', { ...asked, group: 'food' })).statusCode, 422, 'over nothing')

  const plan = await server.app.inject({
    url: '/api/v1/supervision/plan?from=2026-01-01&to=2026-12-31&format=csv',
    headers: key,
  })
  t.equal(plan.body.trim().split('\n').length, 14, 'twelve firms, one of them twice, and the header')
  const xlsx = await server.app.inject({
    url: '/api/v1/supervision/plan?from=2026-01-01&to=2026-12-31&format=xlsx',
    headers: key,
  })
  t.equal(xlsx.rawPayload.subarray(0, 2).toString(), 'PK')
  t.equal((await server.app.inject('/api/v1/supervision/plan?from=2026-01-01&to=2026-12-31')).statusCode, 401)
})

t.test('reports count public records and say what they rest on', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const post = (url: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: key, payload })
  const uscc = unifiedCode('RPT00001')
  const code = uscc.slice(8, 17)
  await post('/enterprises', {
    uscc,
    enterprise: { name: '示例电缆公司', address: '演示路 1 号', industry: 'C3831' },
  })
  await post(`/enterprises/${code}/records`, licenceOf('XK-1'))
  const tested = (on: string, outcome: string, more = {}) =>
    post(`/enterprises/${code}/records`, {
      type: 'inspection',
      data: {
        kind: '省级监督抽查',
        inspectedOn: on,
        authority: '省局',
        product: '电缆',
        outcome,
        reportNo: `R${on}`,
        deliveredOn: on,
        ...(outcome === '不合格' && { severity: '一般' }),
        ...more,
      },
    })
  await tested('2026-07-05', '合格')
  await tested('2026-08-05', '不合格', { failedItems: '导体电阻' })
  await tested('2026-04-05', '合格')
  await tested('2026-09-25', '不合格', { retest: '申请中' })
  const report = async (path: string) => (await server.app.inject(`/api/v1/reports/${path}`)).json()
  t.match(await report('pass-rates?from=2026-07-01&to=2026-09-30&by=group'), {
    items: [
      { group: '电线电缆', pilot: true, inspected: 2, passed: 1, rate: 50, previousRate: 100, change: -50 },
    ],
  })
  t.match(await report('coverage'), { items: [{ holders: 1, complete: 1, rate: 100 }] })
  t.match(await report('quality-bulletin?from=2026-07-01&to=2026-09-30'), {
    items: [{ name: '示例电缆公司', failedItems: '导体电阻' }],
    text: [/合格率 50%/],
  })
  const [year, passed] = [
    'pass-rates?from=2026-01-01&to=2026-12-31&by=group',
    { inspected: 3, passed: 2, rate: 66.7 },
  ]
  t.match((await report(year)).items, [passed])
  await tested('2026-10-05', '不合格', { deliveredOn: undefined })
  const undecided = await report(year)
  t.match(undecided.items, [passed], 'not delivered')
  t.notMatch(JSON.stringify(undecided), /未定|pending/, 'nor is it told that there is one')
  t.match(
    (await report('coverage')).items,
    [{ complete: 1, incomplete: 0, rate: 100 }],
    'what lacks something and is not public shows nowhere',
  )
  await post(`/enterprises/${code}/records`, licenceOf('XK-9', { status: '吊销' }))
  t.match(
    (await report('coverage')).items,
    [{ complete: 0, incomplete: 1, rate: 0 }],
    'a public record lacks the day of its revocation',
  )
  await tested('2026-10-06', '不合格', { deliveredOn: '2026-10-08', retest: '改变原结论' })
  t.match((await report(year)).items, [passed], 'what a re-test reversed is neither')
  t.match(await report('indicators?year=2026'), { items: [{ passRate: 66.7, inspected: 3 }] })
  t.ok((await report('indicators?year=2026')).unsupported.length > 0)
  t.equal((await server.app.inject('/api/v1/reports/pass-rates?from=2026-13-01')).statusCode, 422)
  t.equal(
    (await server.app.inject('/api/v1/reports/pass-rates?from=2026-12-01&to=2026-01-01')).statusCode,
    422,
  )
  const csv = await server.app.inject('/api/v1/reports/coverage?format=csv')
  t.match(csv.headers['content-type'], /csv/)
  t.match(csv.body, /建档率/)
})
