import t from 'tap'
import { MOST_TAKEN_BACK_ALONE } from '../../src/acts/withdraw-import.ts'
import type { Acting } from '../../src/authority/acting.ts'
import { Authorities } from '../../src/authority/authorities.ts'
import type { Authority, Level } from '../../src/authority/authority.ts'
import { scopes } from '../../src/authority/keys.ts'
import { roles } from '../../src/authority/roles.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { authorities, officer, people } from '../blacklist/firm.ts'
import { importOf, keyOf, Office, office, officerOf, standardAt } from './office.ts'

/** Acts upon accounts, keys, authorities, imports and what is adopted, by the state of each. */

t.test('an account that is closed takes nothing, a key that was revoked neither', async (t) => {
  const own = new Office()
  const ended = '2026-03-01T02:00:00.000Z'
  own.officers = [officerOf('open'), officerOf('closed', { disabledAt: ended })]
  own.keys = [keyOf('open'), keyOf('closed', { revokedAt: ended })]
  const account = { name: '甲', authority: '石家庄市局', roles: ['recorder'] }
  for (const [act, input] of [
    ['change-officer', account],
    ['grant-duties', { roles: ['recorder'] }],
    ['disable-officer', {}],
    ['grant-scopes', { scopes: ['records:write'] }],
    ['revoke-key', {}],
  ] as const)
    for (const [id, reason] of [
      ['open', ''],
      ['closed', 'exists'],
    ] as const) {
      t.equal(own.ask(act, { id }, office.admin).isClosed, id === 'closed', `${act} on ${id}`)
      t.equal((await own.refusal(act, { id }, input, office.admin)).reason, reason, `${act} on ${id}`)
      if (reason !== '') continue
      const { drafts } = await own.does(act, { id }, input, office.admin)
      t.equal(drafts.length, 1, `${act} on ${id}`)
    }
})

t.test('a region that was said stays when duties are given', async (t) => {
  const own = new Office()
  own.officers = [officerOf('bound', { region: '130102' }), officerOf('unbound')]
  for (const [id, region] of [
    ['bound', '130102'],
    ['unbound', undefined],
  ] as const) {
    const { drafts } = await own.does('grant-duties', { id }, { roles: ['auditor'] }, office.admin)
    t.strictSame(drafts[0]?.payload, {
      ...{ name: id, authority: '石家庄市局', roles: ['recorder', 'auditor'] },
      ...(region !== undefined && { region }),
    })
  }
})

t.test('each deciding right, and each deciding duty, waits for a second administrator', async (t) => {
  const deciding = ['ratings:approve', 'standards:write', 'listings:decide', 'officers:write', 'admin']
  const own = new Office()
  own.keys = [keyOf('k', { scopes: [] })]
  own.officers = [officerOf('o', { roles: [], person: 'p' })]
  for (const scope of scopes) {
    const input = { scopes: [scope] }
    const waits = deciding.includes(scope) || scope === 'audit:read'
    const { second } = own.ask('grant-scopes', { id: 'k' }, office.admin).decide(input)
    t.equal(second !== undefined, waits, scope)
    t.equal(own.ask('grant-scopes', { id: 'k' }, office.trusted).decide(input).second, undefined)
    const made = { name: '接口', authority: '石家庄市局', ...input }
    const { drafts } = await own.does('create-key', {}, made, office.admin)
    t.match(drafts[0], { kind: 'key.created', payload: { scopes: waits ? [] : [scope] } })
    t.match(
      drafts.slice(1),
      waits ? [{ kind: 'act.proposed', payload: { act: 'grant-scopes', input, saw: 0 } }] : [],
      scope,
    )
    t.equal(drafts[1]?.subject, waits ? drafts[0]?.subject : undefined)
  }
  for (const role of roles) {
    const waits = role !== 'recorder'
    const { second } = own.ask('grant-duties', { id: 'o' }, office.admin).decide({ roles: [role] })
    t.equal(second !== undefined, waits, role)
    t.equal(own.ask('grant-duties', { id: 'o' }, office.trusted).decide({ roles: [role] }).second, undefined)
  }
  const both = { scopes: ['records:read', 'listings:decide', 'admin'] }
  t.match(
    own.ask('grant-scopes', { id: 'k' }, office.admin).decide(both).second,
    /^listings:decide、admin 须/,
  )
})

t.test('who sees the whole province is confirmed by the province, whoever else may', async (t) => {
  const own = new Office()
  own.keys = [keyOf('k', { scopes: [] })]
  own.officers = [
    officerOf('o', { roles: ['recorder'], person: 'p' }),
    officerOf('a', { roles: ['auditor'] }),
  ]
  const another = { ...office.cityAdmin, id: 'officer/another', person: 'another' }
  const account = { name: '张三', authority: '石家庄市局' }
  for (const [act, id, input, byCity] of [
    ['grant-scopes', 'k', { scopes: ['audit:read'] }, false],
    ['grant-scopes', 'k', { scopes: ['records:write', 'audit:read'] }, false],
    ['grant-scopes', 'k', { scopes: ['admin'] }, false],
    ['grant-scopes', 'k', { scopes: ['listings:decide'] }, true],
    ['grant-duties', 'o', { roles: ['auditor'] }, false],
    ['grant-duties', 'o', { roles: ['reviewer'] }, true],
    ['change-officer', 'o', { ...account, roles: ['recorder', 'auditor'] }, false],
    ['change-officer', 'o', { ...account, roles: ['recorder', 'reviewer'] }, true],
    ['change-officer', 'a', { ...account, roles: ['auditor', 'recorder'] }, true],
  ] as const)
    for (const [actor, may] of [
      [another, byCity],
      [office.second, true],
    ] as const) {
      const why = own.ask(act, { id }, actor).confirmHindrance({ by: office.cityAdmin, input })
      t.equal(why === undefined, may, `${act} ${JSON.stringify(input)} by ${actor.officer}: ${why}`)
    }
  const waits = async (act: string, input: object) =>
    (await own.does(act, {}, input, office.cityAdmin)).drafts.some(({ kind }) => kind === 'act.proposed')
  const made = { ...account, login: 'new-one', staffNo: '9' }
  t.ok(await waits('create-officer', { ...made, roles: ['auditor'] }))
  t.notOk(await waits('create-officer', { ...made, roles: ['recorder'] }))
  t.ok(await waits('create-key', { ...account, scopes: ['audit:read'] }))
  t.notOk(await waits('create-key', { ...account, scopes: ['records:read'] }))
})

t.test(
  'duties are looked at when one is gained: what an older account holds hinders no other change',
  async (t) => {
    const account = { name: '改名', authority: '石家庄市局' }
    for (const [had, roles, faults] of [
      [['reviewer'], ['reviewer'], []],
      [['reviewer', 'recorder'], ['recorder'], []],
      [['recorder'], ['recorder', 'reviewer'], ['/staffNo duties']],
      [['reviewer'], ['reviewer', 'recorder'], ['/staffNo duties']],
      [['administrator', 'reviewer'], ['administrator', 'reviewer'], []],
      [['administrator'], ['administrator', 'reviewer'], ['/roles duties']],
    ] as const) {
      const own = new Office()
      own.officers = [officerOf('o', { roles: [...had] })]
      const asked = await own.refusal(
        'change-officer',
        { id: 'o' },
        { ...account, roles: [...roles] },
        office.cityAdmin,
      )
      t.same(asked.faults, faults, `${had.join('、')}, then ${roles.join('、')}: ${asked.title}`)
    }
  },
)

t.test('only what is not held yet is offered, and nothing is given twice', async (t) => {
  const own = new Office()
  own.keys = [keyOf('k', { scopes: ['records:read', 'records:write'] })]
  own.officers = [officerOf('o', { roles: ['recorder', 'auditor'] })]
  const offered = (act: string, id: string, field: string) =>
    own.ask(act, { id }, office.admin).choices[field]?.map(({ value }) => value)
  t.same(
    offered('grant-scopes', 'k', 'scopes'),
    scopes.filter((scope) => scope !== 'records:read' && scope !== 'records:write'),
  )
  t.same(offered('grant-duties', 'o', 'roles'), ['reviewer', 'publisher', 'administrator'])
  const given = { scopes: ['records:write', 'platform:read'] }
  t.same((await own.does('grant-scopes', { id: 'k' }, given, office.admin)).drafts[0]?.payload, {
    scopes: ['records:read', 'records:write', 'platform:read'],
  })
})

t.test('a key that acts for somebody holds no right that they lack', async (t) => {
  const own = new Office()
  own.officers = [officerOf('o', { roles: ['recorder'] })]
  own.keys = [keyOf('k', { actsFor: 'o', scopes: ['records:read'] }), keyOf('machine')]
  const made = { name: '接口', authority: '石家庄市局' }
  for (const [scope, isHeld] of [
    ['records:read', true],
    ['records:write', true],
    ['listings:write', true],
    ['platform:read', false],
    ['listings:decide', false],
  ] as const) {
    const faults = isHeld ? [] : ['/scopes beyond']
    const given = { scopes: [scope] }
    const create = (actsFor: object) => ({ ...made, ...given, ...actsFor })
    t.same((await own.refusal('grant-scopes', { id: 'k' }, given, office.admin)).faults, faults, scope)
    t.same(
      (await own.refusal('create-key', {}, create({ actsFor: 'o' }), office.admin)).faults,
      faults,
      scope,
    )
    t.same((await own.refusal('grant-scopes', { id: 'machine' }, given, office.admin)).faults, [], scope)
    t.same((await own.refusal('create-key', {}, create({}), office.admin)).faults, [], scope)
    t.same((await own.refusal('grant-scopes', { id: 'k' }, given, office.trusted)).faults, faults, scope)
  }
  const nobody = { ...made, scopes: ['records:read'], actsFor: 'nobody' }
  t.same((await own.refusal('create-key', {}, nobody, office.admin)).faults, ['/actsFor unknown'])
})

t.test(
  'an authority that was merged takes nothing, and none is merged into itself or what is gone',
  async (t) => {
    const own = new Office()
    const all = authorities
      .standing()
      .map((one) => (one.id === 'county' ? { ...one, successor: 'city' } : one))
    own.authorities = new Authorities(all)
    const merge = (id: string, into: string, actor = office.admin) =>
      own.refusal('merge-authority', { id }, { into, takesOver: true }, actor)
    for (const [id, into, reason] of [
      ['tangshan', 'city', ''],
      ['city', 'tangshan', ''],
      ['city', 'city', 'invalid'],
      ['county', 'city', 'exists'],
      ['tangshan', 'county', 'gone'],
      ['tangshan', 'nowhere', 'unknown'],
    ] as const)
      t.equal((await merge(id, into)).reason, reason, `${id} into ${into}`)
    t.equal(
      (await merge('city', 'province', office.cityAdmin)).reason,
      'forbidden',
      'by who is not above both',
    )
    t.match((await merge('county', 'tangshan')).title, /长安区局已并入石家庄市局/)
    t.equal(
      (await own.refusal('rename-authority', { id: 'county' }, { name: '新名' }, office.admin)).reason,
      'exists',
    )
    for (const id of ['city', 'county'])
      for (const act of ['merge-authority', 'rename-authority'])
        t.equal(own.ask(act, { id }, office.admin).isClosed, id === 'county', `${act} ${id}`)
    for (const [act, field] of [
      ['merge-authority', 'into'],
      ['change-authority', 'above'],
    ] as const)
      t.same(
        own
          .ask(act, { id: 'city' }, office.admin)
          .choices[field]?.map(({ value }) => value)
          .sort(),
        ['province', 'tangshan'],
        'neither itself nor one that is gone is offered',
      )
  },
)

t.test('a name that somebody bears or bore is nobody else’s', async (t) => {
  const own = new Office()
  own.authorities = new Authorities(
    authorities.standing().map((one) => (one.id === 'county' ? { ...one, formerNames: ['旧名局'] } : one)),
  )
  const rename = (name: string) => own.refusal('rename-authority', { id: 'city' }, { name }, office.admin)
  t.match(await rename('唐山市局'), { reason: 'exists', title: '已有名为“唐山市局”的机关。' })
  t.match(await rename('旧名局'), { reason: 'exists', title: /“旧名局”是长安区局用过的名称/ })
  t.equal((await rename('石家庄市新局')).reason, '')
})

t.test('nobody is put above themselves', async (t) => {
  const own = new Office()
  for (const [id, above, faults] of [
    ['county', 'city', []],
    ['county', 'county', ['/above circle']],
    ['city', 'county', ['/above circle']],
    ['province', 'county', ['/above circle']],
    ['tangshan', 'city', ['/above level']],
    ['county', 'tangshan', ['/above level']],
    ['county', 'province', []],
    ['city', 'province', []],
  ] as const)
    t.same(
      (await own.refusal('change-authority', { id }, { above }, office.trusted)).faults,
      faults,
      `${above} above ${id}`,
    )
  t.equal(
    (await own.refusal('change-authority', { id: 'city' }, { above: 'nowhere' }, office.trusted)).reason,
    'unknown',
  )
})

t.test('what a change of an authority says, and no more', async (t) => {
  const own = new Office()
  own.authorities = new Authorities([...authorities.standing(), one('unnamed', '甲所', 'county', '130102')])
  for (const [changes, said] of [
    [{ contacts: '0311' }, { contacts: '0311' }],
    [{ above: 'city' }, { above: 'city' }],
    [
      { above: 'city', contacts: '0311' },
      { above: 'city', contacts: '0311' },
    ],
    [{ region: '130104' }, { region: '130104', level: 'county' }],
    [
      { level: 'city', region: '130100' },
      { region: '130100', level: 'city' },
    ],
    [
      { level: 'province', region: '130000' },
      { region: null, level: 'province' },
    ],
  ] as const) {
    const { drafts } = await own.does('change-authority', { id: 'unnamed' }, changes, office.trusted)
    t.same(
      drafts.map(({ kind, payload }) => [kind, payload]),
      [['authority.changed', said]],
      JSON.stringify(changes),
    )
  }
})

t.test(
  'an authority is put under whoever is above it, by whom it is in the line of, and by two',
  async (t) => {
    const own = new Office()
    const provinceOther = one('drugs', '河北省药监局', 'province')
    const cityOther = one('citydrugs', '石家庄市药监局', 'city', '130100')
    const unnamed = one('unnamed', '甲所', 'county', '130102')
    own.authorities = new Authorities([...authorities.standing(), provinceOther, cityOther, unnamed])
    for (const [id, changes, actor, said] of [
      ['county', { above: 'city' }, office.cityAdmin, 'two'],
      ['county', { above: 'province' }, office.cityAdmin, 'two'],
      ['county', { above: 'tangshan' }, office.cityAdmin, 'invalid'],
      ['county', { above: 'citydrugs' }, office.cityAdmin, 'forbidden'],
      ['county', { above: 'drugs' }, office.cityAdmin, 'two'],
      ['county', { above: 'citydrugs' }, office.admin, 'two'],
      ['county', { above: 'tangshan' }, office.admin, 'invalid'],
      ['county', { above: 'drugs' }, office.admin, 'forbidden'],
      ['county', { region: '130104' }, office.admin, 'invalid'],
      ['county', { region: '130102', level: 'county' }, office.admin, 'one'],
      ['county', { level: 'city' }, office.admin, 'invalid'],
      ['unnamed', { level: 'city', region: '130100' }, office.admin, 'two'],
      ['unnamed', { region: '130104' }, office.cityAdmin, 'two'],
      ['unnamed', { region: '130104' }, office.admin, 'two'],
      ['unnamed', { region: '130202' }, office.cityAdmin, 'forbidden'],
      ['unnamed', { region: '130202' }, office.admin, 'two'],
      ['unnamed', { level: 'city', region: '130100' }, office.cityAdmin, 'forbidden'],
      ['unnamed', { region: '130102' }, office.cityAdmin, 'one'],
      ['unnamed', { region: '130202', above: 'city' }, office.admin, 'invalid'],
      ['unnamed', { region: '130202', above: 'tangshan' }, office.admin, 'two'],
      ['unnamed', { region: '130104', above: 'city' }, office.admin, 'two'],
      ['county', { contacts: '0311' }, office.admin, 'one'],
      ['county', { above: 'city' }, office.trusted, 'one'],
      ['county', { above: 'tangshan' }, office.trusted, 'invalid'],
    ] as const) {
      const about = `${actor.officer}: ${id} ${JSON.stringify(changes)}`
      const { reason } = await own.refusal('change-authority', { id }, changes, actor)
      if (reason !== '') t.equal(reason, said, about)
      else
        t.equal(
          own.ask('change-authority', { id }, actor).decide(changes).second === undefined,
          said === 'one',
          about,
        )
    }
    const confirms = (changes: object, actor: Acting) =>
      own
        .ask('change-authority', { id: 'county' }, actor)
        .confirmHindrance({ by: office.admin, input: changes })
    const cityAdmins = { ...office.cityAdmin, id: 'officer/another', person: 'another' }
    const countyAdmin = officer('countyadmin', 'county', { rights: ['officers:write'] })
    for (const [changes, actor, may] of [
      [{ above: 'city' }, office.second, true],
      [{ above: 'city' }, cityAdmins, true],
      [{ above: 'province' }, cityAdmins, false],
      [{ above: 'province' }, office.second, true],
      [{ above: 'city' }, countyAdmin, false],
      [{ level: 'city' }, countyAdmin, false],
      [{ above: 'city' }, office.admin, false],
    ] as const)
      t.equal(
        confirms(changes, actor) === undefined,
        may,
        `${actor.officer} confirms ${JSON.stringify(changes)}`,
      )
    for (const [above, reason] of [
      ['city', ''],
      ['province', ''],
      ['tangshan', 'invalid'],
      ['citydrugs', 'forbidden'],
    ] as const)
      t.equal(
        (
          await own.refusal(
            'open-authority',
            {},
            { name: '裕华区局', region: '130108', above },
            office.cityAdmin,
          )
        ).reason,
        reason,
        `opened under ${above}`,
      )
  },
)

const one = (id: string, name: string, level: Level, region?: string): Authority => ({
  ...{ id, name, level, revision: 1, openedAt: '', formerNames: [], accounts: [] },
  ...(region !== undefined && { region }),
})

t.test(
  'an authority is renamed from above, the province’s by two, to a name that says its level and place',
  async (t) => {
    const own = new Office()
    own.authorities = new Authorities(
      authorities
        .standing()
        .map((known) => (known.id === 'county' ? { ...known, formerNames: ['长安区旧局'] } : known)),
    )
    const countyAdmin = officer('countyadmin', 'county', { rights: ['officers:write'] })
    for (const [id, name, actor, reason] of [
      ['county', '长安区市场监管局', office.cityAdmin, ''],
      ['county', '长安区市场监管局', office.admin, ''],
      ['county', '长安区市场监管局', countyAdmin, 'forbidden'],
      ['city', '石家庄市市场监管局', office.cityAdmin, 'forbidden'],
      ['county', '长安区旧局', office.cityAdmin, ''],
      ['county', '长安区局', office.cityAdmin, 'exists'],
      ['city', '长安区旧局', office.admin, 'exists'],
      ['county', '质检所', office.cityAdmin, ''],
      ['county', '石家庄市市场监管局', office.cityAdmin, 'invalid'],
      ['county', '石家庄市市场监管局长安分局', office.cityAdmin, ''],
      ['county', '唐山市市场监管局长安分局', office.cityAdmin, 'invalid'],
      ['county', '河北省市场监管局', office.cityAdmin, 'invalid'],
      ['county', '正定县市场监管局', office.cityAdmin, 'invalid'],
      ['county', '桥西新局\u200b', office.cityAdmin, 'invalid'],
      ['county', '\u200b\u2060', office.cityAdmin, 'invalid'],
      ['county', '长安区\u202e新局', office.cityAdmin, 'invalid'],
      ['county', '⻓安区新局', office.cityAdmin, 'invalid'],
      ['county', '长安区新局Ａ', office.cityAdmin, 'invalid'],
      ['county', '长安区 新局', office.cityAdmin, 'invalid'],
      ['county', '长安区新局(一)', office.cityAdmin, 'invalid'],
      ['county', '长安区新局（一）', office.cityAdmin, ''],
      ['province', '河北省市场监管局', office.admin, ''],
      ['county', '正定县市场监管局', office.trusted, 'invalid'],
      ['county', '长安区新局\u200b', office.trusted, 'invalid'],
    ] as const)
      t.equal(
        (await own.refusal('rename-authority', { id }, { name }, actor)).reason,
        reason,
        `${actor.officer}: ${id} ${JSON.stringify(name)}`,
      )
    const second = (id: string, name: string, actor: Acting) =>
      own.ask('rename-authority', { id }, actor).decide({ name }).second !== undefined
    t.ok(second('province', '河北省市场监管局', office.admin))
    t.notOk(second('province', '河北省市场监管局', office.trusted))
    t.notOk(second('county', '长安区市场监管局', office.cityAdmin))
    const kinds = async (name: string) =>
      (await own.does('rename-authority', { id: 'county' }, { name }, office.cityAdmin)).drafts.map(
        ({ kind }) => kind,
      )
    t.same(await kinds('长安区新局'), ['authority.renamed', 'authority.name-taken'])
    t.same(await kinds('长安区旧局'), ['authority.renamed'], 'its own former name it has taken already')
  },
)

t.test('a person’s name holds something to see', async (t) => {
  const own = new Office()
  own.officers = [officerOf('zhang')]
  for (const [name, reason] of [
    ['张三', ''],
    ['\u200b', 'invalid'],
    ['\u2060\ufeff', 'invalid'],
    ['\u3164', 'invalid'],
  ] as const) {
    const input = { name, authority: '石家庄市局', roles: ['recorder'] }
    t.equal((await own.refusal('change-officer', { id: 'zhang' }, input, office.admin)).reason, reason, name)
    const made = { ...input, login: 'new-one' }
    t.equal((await own.refusal('create-officer', {}, made, office.admin)).reason, reason, name)
  }
})

t.test(
  'an import is taken back once it has ended and touched anything, above a hundred by two',
  async (t) => {
    const counts = (opened: number, added: number, updated: number) => ({
      opened,
      added,
      updated,
      proposed: 0,
    })
    for (const [more, isClosed, second] of [
      [{}, false, false],
      [{ status: 'failed' }, false, false],
      [{ status: 'running' }, true, false],
      [{ status: 'waiting' }, true, false],
      [{ counts: counts(0, 0, 0) }, true, false],
      [{ counts: counts(1, 0, 0) }, false, false],
      [{ counts: counts(0, 0, 1) }, false, false],
      [{ withdrawal: { status: 'done', counts: { waiting: 0 } } }, true, false],
      [{ withdrawal: { status: 'running', counts: { waiting: 0 } } }, true, false],
      [{ counts: counts(100, 0, 0) }, false, false],
      [{ counts: counts(101, 0, 0) }, false, true],
      [{ counts: counts(0, 0, 101) }, false, true],
      [{ counts: counts(40, 40, 20) }, false, false],
      [{ counts: counts(40, 40, 21) }, false, true],
      [{ counts: counts(40, 40, 21), withdrawal: { status: 'done', counts: { waiting: 0 } } }, true, false],
    ] as const) {
      const own = new Office()
      own.imports = [importOf(more)]
      const asked = own.ask('withdraw-import', { id: 'i1' }, people.clerk)
      const said = JSON.stringify(more)
      t.equal(asked.isClosed, isClosed, said)
      t.equal(
        (await own.refusal('withdraw-import', { id: 'i1' }, { reason: '误' }, people.clerk)).reason,
        isClosed ? 'exists' : '',
        said,
      )
      if (isClosed) continue
      const { decision, second: why } = asked.decide({ reason: '误' })
      t.equal(why !== undefined, second, said)
      t.equal(
        decision.work !== undefined,
        !('withdrawal' in more),
        `${said}: asked twice, it is taken back once`,
      )
    }
    t.equal(MOST_TAKEN_BACK_ALONE, 100)
    for (const [status, waiting, isConfirmed, isClosed] of [
      ['done', 0, false, true],
      ['done', 1, false, false],
      ['failed', 1, false, false],
      ['running', 1, false, true],
      ['waiting', 1, false, true],
      ['done', 0, true, true],
      ['done', 1, true, false],
    ] as const) {
      const own = new Office()
      own.imports = [importOf({ withdrawal: { status, counts: { waiting } } })]
      const asked = own.ask('withdraw-import', { id: 'i1' }, people.clerk, isConfirmed ? { isConfirmed } : {})
      t.equal(
        asked.isClosed,
        isClosed,
        `taken back but for ${waiting}, ${status}, ${isConfirmed ? '' : 'not '}confirmed`,
      )
    }
  },
)

t.test('a document is bounded in size, and its faults in how many are told', async (t) => {
  const own = new Office()
  const empty = (count: number) => Array.from({ length: count }, () => ({}))
  for (const [act, word, faulty] of [
    ['propose-standard', '标准', (n: number) => ({ ...standardAt(2).document, items: empty(n) })],
    ['propose-rules', '规则', (n: number) => ({ ...ruleSets[0], grounds: empty(n) })],
  ] as const) {
    const refusal = (document: object) => own.refusal(act, {}, { document }, office.approver)
    const large = { a: 'x'.repeat(128 * 1024 - 8) }
    t.notMatch((await refusal(large)).title, /KB/, 'as large as may be')
    t.match((await refusal({ a: `${large.a}x` })).title, `${word}文件有 129 KB，最多 128 KB`)
    const few = await refusal(faulty(3))
    t.match(few.title, new RegExp(`有 ${few.faults.length} 处`))
    const many = await refusal(faulty(60))
    t.match(many.title, /前 100 处/)
    t.equal(many.faults.length, 100)
  }
})

t.test('a hundred faults are all told, of one more the first hundred', async (t) => {
  const strange = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, 1]))
  for (const [count, told, isCut] of [
    [99, 99, false],
    [100, 100, false],
    [101, 100, true],
  ] as const) {
    const document = { ...standardAt(2).document, ...strange(count) }
    const { title, faults } = await new Office().refusal(
      'propose-standard',
      {},
      { document },
      office.approver,
    )
    t.match(title, `标准有 ${count} 处错误`)
    t.equal(faults.length, told)
    t.equal(title.includes('这里列出前 100 处'), isCut, `${count}`)
  }
})

t.test('a version is adopted after the last, by somebody else, once', async (t) => {
  const own = new Office()
  const document = (version: number) => ({ document: { ...standardAt(version).document } })
  const propose = (version: number, actor = office.approver) =>
    own.refusal('propose-standard', {}, document(version), actor)
  const author = { authority: '省局', officer: 'approver' }
  const proposed = { document: standardAt(2).document, at: '', author, by: 'officer/approver' }
  const shipped = shippedStandards.find(({ id }) => id === 'four-grades')?.version ?? 0
  for (const [version, reason] of [
    [1, ''],
    [2, ''],
    [3, 'exists'],
    [shipped, ''],
    [shipped + 1, 'exists'],
  ] as const)
    t.equal((await propose(version)).reason, reason, `version ${version} after 1, ${shipped} as it came`)
  own.standards = [
    {
      ...{ id: 'four-grades', revision: 1 },
      versions: [{ ...standardAt(1), document: { ...standardAt(shipped).document, name: '自定标准' } }],
    },
  ]
  t.equal((await propose(shipped)).reason, 'exists', 'another text bears the number already')
  own.standards = [{ id: 'four-grades', revision: 1, versions: [standardAt(1)] }]
  t.same((await own.does('propose-standard', {}, document(1), office.approver)).drafts, [], 'nothing twice')
  t.match((await own.does('propose-standard', {}, document(2), office.approver)).drafts, [
    { kind: 'standard.proposed', payload: { by: 'officer/approver' } },
  ])
  t.match((await own.does('propose-standard', {}, document(2), office.trusted)).drafts, [
    { kind: 'standard.adopted', visibility: 'public', payload: { version: 2 } },
  ])
  const on = { id: 'four-grades' }
  for (const act of ['adopt-standard', 'refuse-standard']) {
    const input = act === 'refuse-standard' ? { reason: '不妥' } : {}
    t.equal(own.ask(act, on, office.other).isClosed, true, act)
    t.equal((await own.refusal(act, on, input, office.other)).reason, 'exists', act)
  }
  own.standards = [{ id: 'four-grades', revision: 2, versions: [standardAt(1)], proposed }]
  t.equal((await propose(2)).reason, 'exists', 'one waits already')
  t.equal((await propose(2, office.trusted)).reason, '')
  t.match(own.ask('adopt-standard', on, office.approver).hindrance, /另一人批准/)
  t.equal(own.ask('adopt-standard', on, office.other).hindrance, undefined)
  t.equal(
    own.ask('refuse-standard', on, office.approver).hindrance,
    undefined,
    'who proposed may take it back',
  )
  t.match((await own.does('adopt-standard', on, {}, office.other)).drafts, [
    { kind: 'standard.adopted', visibility: 'public', payload: { version: 2 } },
  ])
  t.match((await own.does('refuse-standard', on, { reason: '不妥' }, office.other)).drafts, [
    { kind: 'standard.refused', payload: { reason: '不妥' } },
  ])
})

t.test('a shipped standard is put forward unless it is known', async (t) => {
  const on = { id: 'four-grades' }
  const own = new Office()
  const author = { authority: '省局', officer: 'approver' }
  const shipped = shippedStandards.find(({ id }) => id === on.id) ?? standardAt(1).document
  const proposed = { document: shipped, at: '', author, by: 'officer/approver' }
  const other = { document: { ...shipped, version: shipped.version + 1 }, adoptedAt: '', position: 1, author }
  for (const [standards, isClosed] of [
    [[], false],
    [[{ id: 'four-grades', revision: 1, versions: [], proposed }], true],
    [[{ id: 'four-grades', revision: 1, versions: [{ ...other, document: shipped }] }], true],
    [[{ id: 'four-grades', revision: 1, versions: [other] }], false],
  ] as const) {
    own.standards = [...standards].map((known) => ({ ...known, versions: [...known.versions] }))
    t.equal(own.ask('propose-shipped-standard', on, office.approver).isClosed, isClosed)
  }
  t.equal(own.ask('propose-shipped-standard', { id: 'none' }, office.approver).isClosed, true)
  t.equal(
    (await own.refusal('propose-shipped-standard', { id: 'none' }, {}, office.approver)).reason,
    'exists',
  )
  own.standards = []
  t.match((await own.does('propose-shipped-standard', on, {}, office.approver)).drafts, [
    { kind: 'standard.proposed', payload: { document: shipped } },
  ])
})

t.test('who a person is stays with an account unless it is said anew', async (t) => {
  const own = new Office()
  own.officers = [officerOf('known', { person: 'p' }), officerOf('unknown')]
  const account = { name: '甲', authority: '石家庄市局', roles: ['recorder'] }
  for (const [id, staffNo, person] of [
    ['known', undefined, 'p'],
    ['known', '1001', 'person 1001'],
    ['unknown', undefined, undefined],
    ['unknown', '1001', 'person 1001'],
  ] as const) {
    const input = { ...account, ...(staffNo !== undefined && { staffNo }) }
    const { drafts } = await own.does('change-officer', { id }, input, office.admin)
    t.strictSame(Object(drafts[0]?.payload).person, person, `${id} ${staffNo}`)
  }
})

t.test('an authority says itself how to reach it, and nothing else', async (t) => {
  const own = new Office()
  for (const [changes, actor, reason] of [
    [{ contacts: '0311' }, office.cityAdmin, ''],
    [{ contacts: '0311' }, office.admin, ''],
    [{ above: 'province' }, office.cityAdmin, 'forbidden'],
    [{ above: 'province', contacts: '0311' }, office.cityAdmin, 'forbidden'],
    [{ region: '130100' }, office.cityAdmin, 'forbidden'],
    [{ level: 'city' }, office.cityAdmin, 'forbidden'],
    [{ above: 'province' }, office.admin, ''],
    [{ level: 'city' }, office.admin, ''],
  ] as const)
    t.equal(
      (await own.refusal('change-authority', { id: 'city' }, changes, actor)).reason,
      reason,
      `${actor.officer} ${JSON.stringify(changes)}`,
    )
})

t.test('a key for an account that is not there is made with the data directory in hand alone', async (t) => {
  const made = { name: '接口', authority: '石家庄市局', scopes: ['records:read'], actsFor: 'nobody' }
  for (const [actor, faults] of [
    [office.admin, ['/actsFor unknown']],
    [office.trusted, []],
  ] as const)
    t.same((await new Office().refusal('create-key', {}, made, actor)).faults, faults, actor.officer)
})

t.test('an import is called by its file, where it has one', (t) => {
  const own = new Office()
  for (const [more, title] of [
    [{}, '导入'],
    [{ fileName: '处罚.csv' }, '导入“处罚.csv”'],
  ] as const) {
    own.imports = [importOf(more)]
    t.equal(own.ask('withdraw-import', { id: 'i1' }, people.clerk).title, title)
  }
  t.end()
})
