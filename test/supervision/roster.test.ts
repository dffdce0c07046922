import t from 'tap'
import type { Entry } from '../../src/register/entry.ts'
import {
  foldRoster,
  type Holder,
  holdersOf,
  type Roster,
  rostersThatCount,
} from '../../src/supervision/roster.ts'
import { signedIn } from '../desk/visitor.ts'
import { licenceOf, testServer, unifiedCode } from '../support.ts'

const roster = (id: string, position: number, more: Partial<Roster>): Roster => ({
  ...{ id, position, kind: '强制性产品认证', source: '导出', on: '2026-01-01', holders: [] },
  ...{ author: { authority: '省局', officer: '甲' }, revision: 1, ...more },
})

t.test('of each kind and part the latest counts', async (t) => {
  const counted = (...all: Roster[]) =>
    rostersThatCount(all)
      .map(({ id }) => id)
      .sort()
  const [a, b] = [roster('a', 1, {}), roster('b', 2, {})]
  t.same(counted(a, b), ['b'], 'of one day the one taken last')
  t.same(counted(b, a), ['b'])
  t.same(
    counted(roster('a', 1, { on: '2026-01-02' }), b),
    ['a'],
    'an older one that is taken later is older still',
  )
  t.same(counted(roster('a', 1, { on: '2025-12-31' }), b), ['b'])
  t.same(counted(a, roster('b', 2, { kind: '食品生产许可证' })), ['a', 'b'])
  t.same(counted(roster('a', 1, { part: '石家庄市' }), roster('b', 2, { part: '唐山市' })), ['a', 'b'])
})

t.test('an erased roster leaves nothing, and what comes after it moves its revision alone', async (t) => {
  const entry = (revision: number, kind: string, payload: unknown): Entry => ({
    ...{ seq: revision, subject: 'roster/r', revision, kind, payload, visibility: 'internal' },
    ...{ author: { authority: '省局', officer: '甲' }, command: 'x', recordedAt: '2026-01-02T02:00:00.000Z' },
    ...{ id: `e${revision}`, payloadDigest: '', digest: '', chain: '', salt: '' },
  })
  const payload = { kind: '强制性产品认证', source: '导出', on: '2026-01-01', holders: [{ name: '甲' }] }
  const taken = foldRoster(undefined, entry(1, 'roster.taken', payload))
  t.match(taken, { id: 'r', position: 1, revision: 1, ...payload })
  t.equal(foldRoster(undefined, entry(1, 'roster.taken', null)), undefined)
  t.equal(foldRoster(undefined, entry(1, 'roster.other', payload)), undefined)
  t.same(foldRoster(taken, entry(2, 'roster.other', {})), { ...taken, revision: 2 })
})

t.test('a holder counts once for a kind, whatever code it is named by', async (t) => {
  const uscc = unifiedCode('RNT00001')
  const org = uscc.slice(8, 17)
  const of = (...holders: Holder[]) => holdersOf([roster('a', 1, { holders })])
  t.same(of({ code: uscc, name: '甲', number: '1' }, { code: org, name: '甲', number: '2' }), [
    { kind: '强制性产品认证', name: '甲', keys: [uscc, org], uscc, numbers: ['1', '2'] },
  ])
  t.match(
    of({ code: org, name: '甲' }, { code: uscc, name: '甲' }),
    [{ keys: [org, uscc], uscc }],
    'in either order',
  )
  for (const code of [undefined, '', '无', `${uscc.slice(0, 17)}O`])
    t.match(
      of({ ...(code !== undefined && { code }), name: '甲' }),
      [{ keys: [] }],
      'no code tells which firm it is',
    )
  t.equal(of({ name: '甲' }, { name: '甲' }, { name: '乙' }).length, 2)
  t.same(
    of({ code: uscc, name: '甲' }, { code: org, name: '甲公司' }, { name: '甲' }).map(({ name, keys }) => [
      name,
      keys.length,
    ]),
    [
      ['甲', 2],
      ['甲', 0],
    ],
    'by its code where it has one, by its name where it has none',
  )
})

t.test('who on the roster has no file, an incomplete one, a complete one; who can not be told', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write', 'supervision:write'])
  const post = (url: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: key, payload })
  const asked = (query = '', headers: object = key) =>
    server.app.inject({ url: `/api/v1/reports/roster${query}`, headers: { ...headers } })
  const report = async (query?: string) => (await asked(query)).json()
  t.equal((await asked('', {})).statusCode, 401, 'what officers take in is for officers')
  t.match(await report(), { items: [], note: /还没有登记/ })
  const codes = Array.from({ length: 6 }, (_, i) => unifiedCode(`RNT0001${i}`))
  const [complete = '', bare = '', unlicensed = '', otherNumber = '', none = '', lacking = ''] = codes
  const whole = { address: '演示路 1 号', industry: 'C3831', region: '130102' }
  for (const [uscc, more] of [
    [complete, whole],
    [bare, { region: '130102' }],
    [unlicensed, whole],
    [otherNumber, whole],
    [lacking, whole],
  ] as const)
    await post('/enterprises', { uscc, enterprise: { name: `公司${uscc}`, ...more } })
  const licensed = (uscc: string, number: string, more = {}) =>
    post(`/enterprises/${uscc.slice(8, 17)}/records`, licenceOf(number, more))
  for (const uscc of [complete, bare, lacking]) await licensed(uscc, `XK-${uscc}`)
  await licensed(unlicensed, 'CCC-1', { kind: '强制性产品认证' })
  await licensed(otherNumber, 'XK-9')
  await licensed(lacking, 'XK-8', { status: '撤销', statusChangedOn: undefined })
  const holders = [
    ...[complete, bare, unlicensed, lacking].map((code) => ({ code, name: `公司${code}` })),
    { code: otherNumber, name: '编号不同', number: 'XK-8' },
    { code: none, name: '没有建档公司' },
    { name: '没有代码公司' },
  ]
  const kind = '全国工业产品生产许可证'
  const taken = await post('/supervision/rosters', { kind, source: '省局导出', on: '2026-11-01', holders })
  t.match([taken.statusCode, taken.json()], [201, { kind, holders: 7 }])
  t.match(await report(), {
    note: /截至 2026-11-01，省局导出/,
    items: [
      { kind, holders: 6, complete: 1, incomplete: 4, none: 1, unknown: 0, rate: 16.7 },
      { holders: 1, complete: 0, unknown: 1, rate: 0 },
    ],
  })
  t.match((await report('?region=130100')).items, [{ holders: 6 }])
  t.same((await report('?region=130200')).items, [])

  const city = await server.authorization(['supervision:write'], '130100')
  const again = { kind, source: '导出', on: '2026-11-02', holders: [{ code: complete, name: '甲' }] }
  const refused = await server.app.inject({
    method: 'POST',
    url: '/api/v1/supervision/rosters',
    headers: city,
    payload: again,
  })
  t.equal(refused.statusCode, 403, 'the province’s alone')
  for (const [more, pointer] of [
    [{ holders: [] }, '/holders'],
    [{ on: '2026-11-25' }, '/on'],
    [{ kind: '驾驶证' }, '/kind'],
  ] as const)
    t.match((await post('/supervision/rosters', { ...again, ...more })).json(), { errors: [{ pointer }] })

  const visitor = await signedIn(server, { login: 'wangwu', roles: ['reviewer'] })
  const page = '/desk/reports/roster'
  t.match(
    (await visitor.get(page)).body,
    /名录所列 7 家，档案完整 1 家，不完整 4 家，没有建档 1 家，无法确定 1 家/,
  )
  const firms = (await visitor.get(`${page}?by=firm`)).body
  t.match(firms, /没有建档[\s\S]*没有建档公司/)
  t.match(firms, /无法确定[\s\S]*没有代码公司/)
  t.notMatch(firms, new RegExp(`公司${complete}`))
  const pasted = [
    '代码\t名称\t编号',
    `${complete}\t公司甲\tXK-${complete}`,
    `,没有代码公司`,
    '',
    '只有名称公司',
  ].join('\n')
  const typed = { kind, source: '粘贴', on: '2026-11-20', holders: pasted }
  const sent = await visitor.fill(page, typed, '/desk/acts/take-roster')
  t.match(sent, { statusCode: 303, headers: { location: /^\/desk\/reports\/roster/ } })
  server.clock.set('2026-11-24T02:01:00.000Z')
  t.match((await visitor.get(page)).body, /名录所列 3 家，档案完整 1 家[\s\S]*无法确定 2 家/)
})
