import t from 'tap'
import { whoseHindrance } from '../../src/authority/acting.ts'
import {
  actsForHindrance,
  byTwoOf,
  decidingDuties,
  decidingOf,
  dutiesByTwo,
  dutiesFault,
  seesWhole,
} from '../../src/authority/administration.ts'
import { Authorities } from '../../src/authority/authorities.ts'
import { foldKey, newKey, opens, parseKey } from '../../src/authority/keys.ts'
import { foldOfficer } from '../../src/authority/officers.ts'
import { passwordFault } from '../../src/authority/passwords.ts'
import { proposalsAfter, waitingIn } from '../../src/authority/proposal.ts'
import { roles } from '../../src/authority/roles.ts'
import { Sessions } from '../../src/authority/sessions.ts'
import { Throttle } from '../../src/authority/throttle.ts'
import type { Entry } from '../../src/register/entry.ts'
import { officer, people } from '../blacklist/firm.ts'

/** Accounts, keys and sessions: who may have which duties, what entries make of them, how long they last. */

const entry = (subject: string, revision: number, kind: string, payload: unknown): Entry => ({
  seq: revision,
  id: `e${revision}`,
  subject,
  revision,
  kind,
  payload,
  salt: null,
  payloadDigest: '',
  visibility: 'internal',
  author: { authority: '省局', officer: '甲' },
  command: '',
  recordedAt: `2026-03-0${revision}T02:00:00.000Z`,
  digest: '',
  chain: '',
})

t.test('which duties take a second administrator, and which do not go together', async (t) => {
  t.same(
    roles.filter((role) => decidingDuties([role]).length > 0),
    ['reviewer', 'publisher', 'administrator'],
  )
  t.same(decidingDuties(roles), ['reviewer', 'publisher', 'administrator'])
  t.same(dutiesByTwo(roles), ['reviewer', 'publisher', 'auditor', 'administrator'])
  for (const [scope, decides, byTwo] of [
    ['records:read', false, false],
    ['records:write', false, false],
    ['platform:read', false, false],
    ['listings:write', false, false],
    ['listings:decide', true, true],
    ['ratings:write', false, false],
    ['ratings:approve', true, true],
    ['supervision:write', false, false],
    ['standards:write', true, true],
    ['officers:write', true, true],
    ['audit:read', false, true],
    ['admin', true, true],
  ] as const)
    t.same(
      [decidingOf([scope]).length > 0, byTwoOf([scope]).length > 0],
      [decides, byTwo],
      `${scope}: whether it decides, and whether nobody gives it alone`,
    )
  t.same(byTwoOf(['records:read', 'audit:read', 'listings:decide']), ['audit:read', 'listings:decide'])
  t.same([seesWhole(['records:read', 'audit:read']), seesWhole(['records:read'])], [true, false])
  const trusted = officer('root', 'province', { id: undefined })
  for (const [held, person, actor, field] of [
    [['recorder'], undefined, people.province, undefined],
    [['auditor'], undefined, people.province, undefined],
    [['administrator'], undefined, people.province, undefined],
    [['administrator', 'recorder', 'auditor'], undefined, people.province, undefined],
    [['administrator', 'reviewer'], '1', people.province, 'roles'],
    [['administrator', 'publisher'], '1', trusted, 'roles'],
    [['reviewer'], undefined, people.province, 'staffNo'],
    [['reviewer'], '1', people.province, undefined],
    [['reviewer'], undefined, trusted, undefined],
    [['publisher', 'recorder'], undefined, people.province, 'staffNo'],
  ] as const)
    t.equal(dutiesFault(actor, { roles: held, person })?.field, field, `${held.join()} ${person}`)
  t.match(dutiesFault(people.province, { roles: ['reviewer', 'publisher', 'administrator'], person: '1' }), {
    detail: /与“审核、发布”不能/,
  })
  for (const [scopes, held, hindrance] of [
    [[], ['recorder'], undefined],
    [['records:write'], ['recorder'], undefined],
    [['records:write', 'listings:decide'], ['recorder'], /listings:decide/],
    [['records:write', 'listings:decide'], ['recorder', 'reviewer'], undefined],
    [['admin'], ['administrator'], /admin/],
  ] as const) {
    const found = actsForHindrance(scopes, held)
    if (hindrance) t.match(found, hindrance)
    else t.equal(found, undefined, `${scopes.join()} ${held.join()}`)
  }
})

t.test('whose accounts an administrator looks after', async (t) => {
  const authorities = new Authorities([])
  const own = { account: 'officer/x', owner: people.city.body, title: '该账号' }
  const hindrance = (actor: typeof people.city | ReturnType<typeof officer>, more: object = {}) =>
    whoseHindrance('administered', { ...own, ...more }, actor, authorities)
  t.equal(hindrance(people.city), undefined)
  t.match(hindrance(people.city, { account: people.city.id }), /自己的账号/)
  t.match(hindrance(people.elsewhere), /^该账号属石家庄市局，只能由石家庄市局或者/)
  t.equal(hindrance(people.elsewhere, { owner: undefined }), undefined, "nobody's")
  for (const [place, isTooWide] of [
    [undefined, false],
    ['130100', false],
    ['130102', false],
    ['130200', true],
    ['130000', true],
  ] as const)
    t.equal(hindrance(people.city, { place }) !== undefined, isTooWide, place ?? 'its own')
  t.match(hindrance(officer('part', 'city', { region: '130102' })), /超出了您自己的范围/, 'wider than theirs')
  t.equal(hindrance(officer('root', 'tangshan', { id: undefined })), undefined, 'trusted')
})

t.test('an account, entry by entry', async (t) => {
  const created = { name: '甲', authority: '省局', region: '130102', roles: ['recorder', 'later'], hash: 'h' }
  const steps: [kind: string, payload: unknown, expected: object][] = [
    [
      'officer.created',
      { ...created, person: 'p' },
      { epoch: 1, mustChange: true, roles: ['recorder'], unknownRoles: ['later'], person: 'p' },
    ],
    ['officer.password-set', { hash: 'g', first: false }, { epoch: 2, mustChange: false, hash: 'g' }],
    ['officer.password-set', { hash: 'f', first: true }, { epoch: 3, mustChange: true, hash: 'f' }],
    ['officer.signed-out', {}, { epoch: 4, hash: 'f' }],
    ['officer.unknown', {}, { epoch: 4 }],
    [
      'officer.changed',
      { name: '乙', authority: '省局', roles: ['auditor'] },
      { epoch: 5, name: '乙', person: 'p' },
    ],
    [
      'act.proposed',
      { id: 'g', act: 'change-officer', on: {}, input: { roles: ['reviewer'] }, saw: 1, why: '', by: 'x' },
      { epoch: 5, proposals: [{ id: 'g', status: 'open' }] },
    ],
    [
      'act.refused',
      { id: 'g', reason: '', by: 'y' },
      { epoch: 5, proposals: [{ id: 'g', status: 'refused' }] },
    ],
    ['officer.changed', null, { epoch: 5, name: '乙' }],
    ['officer.password-set', null, { epoch: 5, hash: 'f' }],
    ['officer.disabled', {}, { epoch: 6, disabledAt: /2026/ }],
  ]
  let account = foldOfficer(undefined, entry('officer/a', 1, 'officer.disabled', {}))
  t.equal(account, undefined, 'what was never created')
  t.equal(foldOfficer(undefined, entry('officer/a', 1, 'officer.created', null)), undefined, 'erased')
  for (const [i, [kind, payload, expected]] of steps.entries()) {
    account = foldOfficer(account, entry('officer/a', i + 1, kind, payload))
    t.match(account, { login: 'a', revision: i + 1, ...expected }, `${i} ${kind}`)
    t.equal(account && waitingIn(account)?.id, kind === 'act.proposed' ? 'g' : undefined)
  }
  t.notOk(account && 'region' in account, 'who was changed to no region has none')
  t.notOk(account && 'unknownRoles' in account)
})

t.test('a key, entry by entry; its secret opens it until it is revoked', async (t) => {
  const { id, text, hash } = newKey()
  const secret = parseKey(text)?.secret ?? ''
  t.equal(parseKey(text)?.id, id)
  for (const wrong of [
    '',
    `${text}x`,
    text.slice(1),
    text.slice(0, -1),
    text.replace('hqc', 'hqd'),
    text.toUpperCase(),
  ])
    t.equal(parseKey(wrong), undefined, wrong)
  const created = { name: '甲', authority: '省局', scopes: ['records:read', 'later'], hash }
  let key = foldKey(undefined, entry(`key/${id}`, 1, 'key.created', created))
  t.match(key, { id, revision: 1, scopes: ['records:read'], unknownScopes: ['later'] })
  t.equal(foldKey(undefined, entry(`key/${id}`, 1, 'key.created', null)), undefined)
  t.equal(foldKey(undefined, entry(`key/${id}`, 1, 'key.revoked', {})), undefined)
  for (const [kind, payload, expected] of [
    ['key.changed', { scopes: ['records:write', 'later'] }, { revision: 2, scopes: ['records:write'] }],
    ['key.changed', null, { revision: 2, scopes: ['records:write'] }],
    ['key.unknown', { scopes: ['admin'] }, { revision: 2, scopes: ['records:write'] }],
    [
      'act.proposed',
      { id: 'g', act: 'change-key', on: {}, input: { scopes: ['admin'] }, saw: 1, why: '', by: 'x' },
      { scopes: ['records:write'], proposals: [{ id: 'g', status: 'open' }] },
    ],
    ['act.lapsed', { id: 'g', reason: '' }, { scopes: ['records:write'], proposals: [{ status: 'lapsed' }] }],
  ] as const) {
    key = foldKey(key, entry(`key/${id}`, 2, kind, payload))
    t.match(key, expected, kind)
  }
  if (!key) throw new Error('no key')
  t.same([opens(key, secret), opens(key, newKey().text)], [true, false])
  const revoked = foldKey(key, entry(`key/${id}`, 3, 'key.revoked', {}))
  t.equal(revoked && opens(revoked, secret), false)
})

t.test(
  'a throttle: free tries, then waits that double, to a quarter of an hour; what succeeded is taken back',
  async (t) => {
    let now = 0
    const throttle = new Throttle(() => now, { freeTries: 3, forgetsMs: 60_000 })
    const waits = Array.from({ length: 14 }, () => {
      throttle.tried('a')
      return throttle.wait('a')
    })
    t.same(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    t.equal(throttle.wait('b'), 0, 'of another name')
    throttle.succeeded('a', false)
    t.equal(throttle.wait('a'), 0)
    throttle.tried('a')
    t.equal(throttle.wait('a'), 900, 'one success takes back one try')
    throttle.succeeded('a', true)
    throttle.tried('a')
    t.equal(throttle.wait('a'), 0, 'and all of them where that was asked')
    for (const _ of [2, 3]) throttle.tried('a')
    t.equal(throttle.wait('a'), 1)
    now = 999
    t.equal(throttle.wait('a'), 1, 'a begun second counts')
    now = 1_000
    t.equal(throttle.wait('a'), 0)
    now = 300_000
    throttle.tried('a')
    t.equal(throttle.wait('a'), 0, 'five minutes forget three tries, and no more than there were')
    throttle.succeeded('a', false)
    throttle.succeeded('a', false)
    for (const wait of [0, 0, 1]) {
      throttle.tried('a')
      t.equal(throttle.wait('a'), wait, 'no more free tries than there are')
    }
  },
)

t.test('sessions: twelve hours, ten of one officer, each ended alone or all', async (t) => {
  const sessions = new Sessions(':memory:')
  t.teardown(() => sessions.close())
  const HOUR = 3_600_000
  const begin = (login: string, at: number, agent = '') => sessions.begin(login, { at, from: '::1', agent })
  const first = await begin('a', 0, '浏'.repeat(201))
  t.match(first, /^[\w-]{32}$/)
  t.equal(sessions.of('a')[0]?.agent.length, 200)
  await begin('b', 12 * HOUR)
  await begin('b', 12 * HOUR + 1)
  await sessions.seen(first, 12 * HOUR)
  t.equal(await sessions.prune(new Date(12 * HOUR)), 0)
  t.equal(sessions.stands(first), true, 'twelve hours')
  t.equal(await sessions.prune(new Date(12 * HOUR + 1)), 1)
  t.equal(sessions.stands(first), false, 'and no more')
  const all = await Promise.all(Array.from({ length: 11 }, (_, i) => begin('a', 13 * HOUR + i)))
  t.same(
    all.map((secret) => sessions.stands(secret)),
    [false, ...Array(10).fill(true)],
    'the oldest of eleven',
  )
  t.equal(sessions.of('b').length, 2)
  await sessions.seen(all[3] ?? '', 14 * HOUR)
  const [latest, ...others] = sessions.of('a')
  t.same(
    [latest?.begunAt, latest?.seenAt, latest?.login, latest?.from],
    [13 * HOUR + 10, 13 * HOUR + 10, 'a', '::1'],
  )
  t.equal(others.filter(({ seenAt }) => seenAt === 14 * HOUR).length, 1)
  await sessions.endNamed('b', latest?.name ?? '')
  t.equal(sessions.of('a').length, 10, "another's")
  await sessions.endNamed('a', latest?.name ?? '')
  await sessions.end(all[1] ?? '')
  t.equal(sessions.of('a').length, 8)
  await sessions.endAll('a')
  t.same([sessions.of('a').length, sessions.of('b').length], [0, 2])

  await sessions.ask('passkey', 'c', 12 * HOUR)
  t.equal(await sessions.prune(new Date(13 * HOUR)), 1, 'a challenge of more than five minutes ago')
  t.equal(sessions.of('b').length, 2, 'an hour without a word')
  t.equal(await sessions.prune(new Date(13 * HOUR + 1)), 1, 'and no more: one of the two')
  t.equal(await sessions.prune(new Date(13 * HOUR + 2)), 1)
  await sessions.advance('code', 7)
  await sessions.ask('passkey', 'd', 0)
  t.equal(await sessions.prune(new Date(5 * 60_000)), 0)
  t.equal(await sessions.prune(new Date(5 * 60_000 + 1)), 1)
  t.equal(await sessions.advance('code', 7), false, 'what was used stays used')
  const closed = new Sessions(':memory:')
  await closed.close()
  t.throws(() => closed.of('a'), /not open/)
})

t.test(
  'which passwords will do, from the shortest to the longest; what is guessed first, word by word',
  async (t) => {
    const known = { login: 'zhangsan', name: '张三丰' }
    const fault = (password: string) => passwordFault(password, known)
    for (const [password, isTaken] of [
      ['河山树云雨雪风', false],
      ['河山树云雨雪风月', true],
      ['ababcdcd', false],
      ['ababcdce', true],
      ['河山树云雨'.repeat(40), true],
      [`${'河山树云雨'.repeat(40)}河`, false],
      ['sunshine', false],
      ['SunShine', false],
    ] as const)
      t.equal(fault(password) === undefined, isTaken, password)
    for (const word of [
      'password',
      'qwerty',
      'admin',
      '123456',
      'abcdef',
      'hebei',
      'zhiliang',
      'zhangsan',
      '张三丰',
    ])
      t.match(fault(`河山${word}树云雨`), new RegExp(`容易猜到的“${word}”`), word)
    t.equal(
      passwordFault('河山树云雨雪风月', { login: 'x', name: '河' }),
      undefined,
      'one character is no word',
    )
    t.match(passwordFault('河山树云雨雪风月', { login: 'x', name: '河山' }), /“河山”/)
  },
)

t.test(
  'proposals on one account: a later one of the same act takes the place of one that waits, others go on',
  async (t) => {
    const proposed = (id: string, act: string) => ({ id, act, on: {}, input: {}, saw: 1, why: '', by: 'x' })
    const steps: [kind: string, payload: unknown, then: string[] | undefined][] = [
      ['act.proposed', proposed('a', 'change'), ['a open']],
      ['act.proposed', proposed('b', 'disable'), ['a open', 'b open']],
      ['act.proposed', proposed('c', 'change'), ['a lapsed', 'b open', 'c open']],
      ['act.refused', { id: 'b', reason: '', by: 'y' }, ['a lapsed', 'b refused', 'c open']],
      ['act.proposed', proposed('d', 'disable'), ['a lapsed', 'b refused', 'c open', 'd open']],
      ['act.confirmed', { id: 'a', by: 'y' }, ['a lapsed', 'b refused', 'c open', 'd open']],
      ['act.confirmed', { id: 'c', by: 'y' }, ['a lapsed', 'b refused', 'c confirmed', 'd open']],
      ['act.lapsed', { id: 'd', reason: '' }, ['a lapsed', 'b refused', 'c confirmed', 'd lapsed']],
      ['act.proposed', null, undefined],
      ['officer.changed', {}, undefined],
    ]
    let proposals: ReturnType<typeof proposalsAfter>
    for (const [i, [kind, payload, then]] of steps.entries()) {
      const after = proposalsAfter(proposals, entry('officer/a', i + 1, kind, payload))
      t.same(
        after?.map(({ id, status }) => `${id} ${status}`),
        then,
        `${i} ${kind}`,
      )
      proposals = after ?? proposals
    }
  },
)

t.test(
  'what is the province alone does no other authority, nor an officer of the province with narrower bounds',
  async (t) => {
    const authorities = new Authorities([])
    for (const [actor, may] of [
      [people.province, true],
      [officer('part', 'province', { region: '130100' }), false],
      [people.city, false],
      [officer('wide', 'city', { region: undefined }), false],
      [people.clerk, false],
    ] as const)
      t.equal(
        whoseHindrance('province', {}, actor, authorities) === undefined,
        may,
        `${actor.officer} ${actor.region}`,
      )
  },
)
