import t, { type Test } from 'tap'
import { shippedActs } from '../../src/acts/shipped.ts'
import type { Scope } from '../../src/authority/keys.ts'
import type { Address } from '../../src/authority/proposal.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

/**
 * What an act names in its input is judged as what it is upon: whoever may do it to their own thing may not name somebody
 * else's in it.
 */

/** Fields that name a thing which is somebody's, by its id or name. */
const NAMING = [
  'file-objection.about',
  'propose-listing.penalties',
  'rebase-listing.penalties',
  'draft-bulletin.corrections',
  'open-authority.above',
  'change-authority.above',
  'merge-authority.into',
  'create-key.authority',
  'create-key.actsFor',
  'create-key.consumer',
  'create-officer.authority',
  'create-officer.login',
  'change-officer.authority',
  'adjust-campaign.enterprise',
  'start-campaign.scope',
  'add-record.data',
  'update-record.data',
  'correct-record.data',
  'settle-objection.corrected',
  'change-file.uscc',
] as const

/** Fields that name nothing, or what is nobody's: words, numbers, days, terms, places, what everybody's rules offer. */
const NAMING_NOTHING = new Set(
  `accepted addresses answer approved assistedBy code commitment contacts decidedOn decisionNo document enterprise expiresOn facts
  findings from grade granted ground grounds group holders inspectors inspectorsEach keep kind level listed login mask measures
  name notPersonal noticeNo on outcome part password period rates reason reasons region roles ruleSet scopes servedOn source
  staffNo standard statement takesOver text to toldOn type upheld way`.split(/\s+/u),
)

t.test('each field of each act names something, or nothing', async (t) => {
  const naming = new Set<string>(NAMING)
  for (const { name, input } of shippedActs)
    for (const field of Object.keys(input.shape))
      if (!naming.delete(`${name}.${field}`)) t.ok(NAMING_NOTHING.has(field), `${name}.${field} is in a list`)
  t.same([...naming], [], 'and none is listed that is not asked for')
})

const places = { province: '河北省局', city: '石家庄市局', elsewhere: '唐山市局' } as const
type Person = keyof typeof places
const author = { authority: '系统管理', officer: '命令行' }
const [firm, stranger] = [unifiedCode('NAME0001'), unifiedCode('NAME0002', '130202')]
const [key, strangerKey] = [firm, stranger].map((code) => code.slice(8, 17)) as [string, string]

/** Somebody with every right in two cities and the province, what each has, and a firm in each city. */
async function cities(t: Test) {
  const server = await testServer(t)
  const { registry } = server
  const ids = new Map<Person, string>()
  for (const name of Object.values(places)) await registry.authorities.open({ name }, author)
  for (const [person, authority] of Object.entries(places) as [Person, string][]) {
    const scopes: Scope[] = ['admin']
    const asked = { name: person, authority, scopes, actsFor: person }
    ids.set(person, `key/${(await registry.keys.create(asked, author)).key.id}`)
  }
  let n = 0
  const by = (person: Person) => {
    n += 1
    const id = ids.get(person) ?? ''
    return { actor: { id, authority: places[person], officer: person }, command: `${id}/${n}` }
  }
  const perform = (person: Person, act: string, on: Address, input: unknown) =>
    registry.acts.perform(registry.acts.named(act), on, input, by(person))
  /** What an act comes to: done, put forward, or refused and why. */
  const attempt = async (...asked: Parameters<typeof perform>) => {
    try {
      return { was: (await perform(...asked)).proposal ? 'proposed' : 'done', why: '' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { was: error.reason, why: error.title }
    }
  }
  await registry.acts.open(
    { codes: { uscc: firm }, data: { name: '示例公司', region: '130102' } },
    by('city'),
  )
  await registry.acts.open(
    { codes: { uscc: stranger }, data: { name: '外地公司', region: '130202' } },
    by('elsewhere'),
  )
  const penalty = async (person: Person, documentNo: string, more: object = {}) => {
    const { data } = penaltyOf(documentNo, {
      ...{ authority: places[person], severity: '严重', decidedOn: '2026-11-02', publishedOn: '2026-11-10' },
      ...more,
    })
    // The firm's place is the city's: another authority's penalty comes by its own data, confirmed by the province.
    const made = await registry.acts.addRecord(key, 'penalty', data, undefined, {
      ...{ actor: author, command: `penalty/${documentNo}` },
    })
    return made.recordId ?? ''
  }
  return { ...server, by, perform, attempt, penalty }
}

t.test('somebody else’s consumer gets no key, and is offered to nobody', async (t) => {
  const { perform, attempt, registry, by } = await cities(t)
  const opened = async (person: Person, name: string) =>
    (await perform(person, 'open-consumer', {}, { name })).subject.slice('consumer/'.length)
  const [own, theirs, above] = [
    await opened('city', '石家庄信用平台'),
    await opened('elsewhere', '唐山信用平台'),
    await opened('province', '国家信用平台'),
  ]
  const asked = (person: Person, consumer: string) =>
    attempt(
      person,
      'create-key',
      {},
      {
        ...{ name: '拉取程序', authority: places[person], scopes: ['platform:read'], consumer },
      },
    )
  for (const [person, consumer, was] of [
    ['city', own, 'done'],
    ['city', theirs, 'forbidden'],
    ['city', above, 'forbidden'],
    ['elsewhere', own, 'forbidden'],
    ['elsewhere', theirs, 'done'],
    ['elsewhere', above, 'forbidden'],
    ['province', own, 'done'],
    ['province', theirs, 'done'],
    ['province', above, 'done'],
  ] as const)
    t.equal((await asked(person, consumer)).was, was, `${person} for ${consumer}`)
  t.match((await asked('city', theirs)).why, /该取用方属唐山市局/)
  const offered = (person: Person) =>
    registry.acts
      .offered(by(person).actor)('register', {})
      .find(({ act }) => act.name === 'create-key')
      ?.asked.choices.consumer?.map(({ label }) => label)
  t.same(offered('city'), ['石家庄信用平台'])
  t.same(offered('elsewhere'), ['唐山信用平台'])
  await perform('elsewhere', 'close-consumer', { id: theirs }, {})
  t.equal((await asked('city', theirs)).was, 'forbidden', 'whether it stands is no more theirs to know')
  t.equal((await asked('elsewhere', theirs)).was, 'invalid')
})

t.test('each other field that names somebody’s thing, with a stranger’s in it', async (t) => {
  const { attempt, perform, registry, penalty } = await cities(t)
  const [standard] = shippedStandards
  await registry.acts.carryOut('propose-standard', {}, { document: standard }, author)
  const officer = (login: string, authority: string) =>
    registry.officers.create(
      { login, name: login, authority, roles: ['recorder'], password: 'correct horse battery' },
      author,
    )
  await officer('owner', places.city)
  await officer('strange', places.elsewhere)
  const { id: county } = await registry.authorities.open({ name: '长安区局' }, author)
  const ofElsewhere = registry.authorities.find(places.elsewhere).id
  const strange = await penalty('elsewhere', '唐罚1号')
  const own = await penalty('city', '石罚1号')
  const begun = await perform(
    'city',
    'start-campaign',
    {},
    {
      ...{ standard: { id: standard?.id }, scope: { region: '130100' } },
    },
  )
  await registry.campaigns.settled()
  const campaign = { id: begun.subject.slice('campaign/'.length) }
  const drafted = await perform('elsewhere', 'draft-bulletin', {}, { from: '2026-01-01', to: '2026-11-23' })
  const bulletin = drafted.made ?? ''
  const account = { name: '王五', roles: ['recorder'] }
  const file = { code: key }
  const tried: Readonly<Record<string, [on: Address, input: object, was: string]>> = {
    'file-objection.about': [
      { code: strangerKey },
      { about: { kind: 'record', id: own }, on: '2026-11-20', grounds: '不服' },
      'forbidden',
    ],
    'propose-listing.penalties': [
      file,
      { ground: 'order-44/unlicensed', penalties: [strange], facts: '事实', reasons: '理由' },
      'forbidden',
    ],
    'draft-bulletin.corrections': [
      {},
      { from: '2026-01-01', to: '2026-11-23', corrections: [{ bulletin, text: '更正' }] },
      'invalid',
    ],
    'open-authority.above': [
      {},
      { name: '石家庄市桥西区局', region: '130104', level: 'county', above: ofElsewhere },
      'invalid',
    ],
    'change-authority.above': [{ id: county }, { above: ofElsewhere }, 'invalid'],
    'merge-authority.into': [{ id: county }, { into: ofElsewhere, takesOver: true }, 'forbidden'],
    'create-key.authority': [
      {},
      { name: '系统', authority: places.elsewhere, scopes: ['records:read'] },
      'forbidden',
    ],
    'create-key.actsFor': [
      {},
      { name: '系统', authority: places.city, scopes: ['records:read'], actsFor: 'strange' },
      'forbidden',
    ],
    'create-officer.authority': [
      {},
      { login: 'wangwu', authority: places.elsewhere, ...account },
      'forbidden',
    ],
    'create-officer.login': [{}, { login: 'strange', authority: places.city, ...account }, 'exists'],
    'change-officer.authority': [{ id: 'owner' }, { authority: places.elsewhere, ...account }, 'forbidden'],
    'adjust-campaign.enterprise': [
      campaign,
      { enterprise: strangerKey, grade: 'A', reason: '理由' },
      'invalid',
    ],
    'start-campaign.scope': [
      {},
      { standard: { id: standard?.id }, scope: { enterprises: [strangerKey] } },
      'invalid',
    ],
    'add-record.data': [
      file,
      { type: 'penalty', data: penaltyOf('唐罚2号', { authority: places.elsewhere }).data },
      'proposed',
    ],
    'update-record.data': [{ ...file, id: own }, { data: { authority: places.elsewhere } }, 'proposed'],
    'correct-record.data': [
      { ...file, id: own },
      { data: { authority: places.elsewhere }, reason: '笔误' },
      'proposed',
    ],
    'change-file.uscc': [file, { uscc: stranger }, 'invalid'],
  }
  // Its basis, and what an objection corrects, have tests of their own: rebasing.test.ts, proposals.test.ts.
  const elsewhere = ['create-key.consumer', 'rebase-listing.penalties', 'settle-objection.corrected']
  t.same([...Object.keys(tried), ...elsewhere].sort(), [...NAMING].sort(), 'none is left out')
  for (const [field, [on, input, was]] of Object.entries(tried)) {
    const [act = ''] = field.split('.')
    const found = await attempt('city', act, on, input)
    t.equal(found.was, was, `${field}: ${found.why}`)
  }
})
