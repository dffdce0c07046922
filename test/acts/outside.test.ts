import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { act } from '../../src/acts/act.ts'
import { one } from '../../src/acts/appended.ts'
import { line, yesOrNo } from '../../src/acts/input.ts'
import { rightsTable } from '../../src/acts/rights.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import type { Scope } from '../../src/authority/keys.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { JobStore } from '../../src/exchange/job-store.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { signedIn } from '../desk/visitor.ts'
import { licenceOf, testServer, unifiedCode } from '../support.ts'

/** Acts upon what stands outside files: whose they are, and that all follows from their definitions. */

const author = { authority: '系统管理', officer: '命令行' }
const uscc = unifiedCode('REGT0001')

/** An act that the registry does not have, upon an authority. */
const praise = act({
  name: 'praise-authority',
  label: '通报表扬',
  on: 'authority',
  input: z.strictObject({
    words: line('表扬的内容', { hint: '一句话' }),
    public: yesOrNo('是否公开', '公开', '不公开'),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/authorities/:id/praise', answer: 'authority' },
  effect: '只记在机关名下。',
  second: {
    when: '公开的',
    why: (_, { public: isPublic }) => (isPublic ? '公开表扬代表本机关' : undefined),
  },
  secondRight: 'officers:write',
  decide: (on, { words }, at) => one(on, at, 'authority.changed', { contacts: words }),
})

t.test('a new act upon what is no file is one definition too', async (t) => {
  const server = await testServer(t, { acts: [...shippedActs, praise] })
  const { app, registry, authorization } = server
  const { id } = await registry.authorities.open({ name: '石家庄市局', region: '130100' }, author)
  await registry.authorities.open({ name: '河北省局' }, author)
  const headers = await authorization(['officers:write'], '130100')
  const key = registry.keys.all().at(-1)
  t.equal(key?.region, '130100')
  const post = (payload: object, more: object) =>
    app.inject({ method: 'POST', url: `/api/v1/authorities/${id}/praise`, headers: { ...more }, payload })
  t.match((await post({ words: '好', public: false }, headers)).json(), {
    status: 403,
    title: /石家庄市局只能由石家庄市局或者其上级机关的管理员办理/,
  })
  t.equal(
    (await post({ words: '好', public: false }, await authorization(['records:write']))).statusCode,
    403,
  )
  const province = await admin(registry, '河北省局', '甲')
  const second = await admin(registry, '河北省局', '乙')
  t.match((await post({ words: '', public: false }, province)).json(), {
    status: 422,
    title: '通报表扬有 1 处需要修改。',
    errors: [{ pointer: '/words' }],
  })
  t.match((await post({ words: '工作细致', public: false }, province)).json(), { contacts: '工作细致' })
  const asked = await post({ words: '公开的', public: true }, province)
  t.match(asked, { statusCode: 202, headers: { location: /\/api\/v1\/proposals\// } })
  t.match(asked.json(), { act: 'praise-authority', label: '通报表扬', status: 'open', name: '石家庄市局' })
  t.notOk(asked.json().orgCode, 'it is in no file')
  t.equal(registry.authorities.find(id).contacts, '工作细致', 'nothing yet')
  const list = await app.inject({ url: '/api/v1/proposals', headers: second })
  t.match(list.json().items, [
    { id: asked.json().id, confirm: /confirmation$/, officer: '甲', why: /公开表扬/ },
  ])
  t.same(
    (await app.inject({ url: '/api/v1/proposals', headers: await authorization(['records:read']) })).json()
      .items,
    [],
    'it is nobody else’s business',
  )
  t.equal((await server.confirmed(asked, province)).statusCode, 403, 'not by whoever proposed')
  t.equal((await server.confirmed(asked, second)).statusCode, 200)
  t.equal(registry.authorities.find(id).contacts, '公开的')
  const operation = (await app.inject('/openapi.json')).json().paths['/api/v1/authorities/{id}/praise'].post
  t.match(operation, { operationId: 'praiseAuthority', summary: '通报表扬' })

  const visitor = await signedIn(server, { login: 'guanli', authority: '河北省局', roles: ['administrator'] })
  const page = `/desk/acts/praise-authority?id=${id}`
  const form = (await visitor.get(page)).body
  for (const said of ['石家庄市局', '表扬的内容', '一句话', '是否公开', '只记在机关名下'])
    t.ok(form.includes(said), said)
  t.match(await visitor.fill(page, { words: '', public: 'no' }), {
    statusCode: 422,
    body: /id="praise-authority-words-fault"/,
  })
  t.equal(
    (await visitor.fill(page, { words: '又一次', public: 'no' })).headers.location,
    '/desk/authorities?done=praise-authority',
  )
  const put = await visitor.fill(page, { words: '再公开', public: 'yes' })
  const proposal = String(put.headers.location).split('?')[0] ?? ''
  t.match((await visitor.get(proposal)).body, /表扬的内容[\s\S]*再公开[\s\S]*您不能确认/)
  const other = await signedIn(server, {
    login: 'guanyi',
    name: '李四',
    authority: '河北省局',
    roles: ['administrator'],
  })
  t.match((await other.get('/desk/proposals')).body, /通报表扬[\s\S]*石家庄市局/)
  t.equal((await other.fill(proposal, { reason: '不妥' }, `${proposal}/refuse`)).statusCode, 303)
  t.equal(registry.authorities.find(id).contacts, '又一次')
  t.match(
    rightsTable([praise]),
    /通报表扬 \| `praise-authority` \| `officers:write` \| 所属机关及其上级的管理员/,
  )
})

type Registry = Awaited<ReturnType<typeof testServer>>['registry']

/** A person of an authority with every right, by a key that acts for them. */
async function admin(registry: Registry, authority: string, officer: string, scopes: Scope[] = ['admin']) {
  const asked = { name: officer, authority, scopes, actsFor: `${authority}${officer}` }
  const { text } = await registry.keys.create(asked, author)
  return { authorization: `Bearer ${text}` }
}

const places = {
  province: '河北省局',
  city: '石家庄市局',
  county: '长安区局',
  neighbour: '井陉县局',
  elsewhere: '唐山市局',
} as const
type Person = keyof typeof places | 'powerless'

/** A province, two cities and two counties, somebody with every right at each, and somebody of the county with none. */
async function everybody(t: Test) {
  const server = await testServer(t)
  const { registry } = server
  const ids = new Map<Person, string>()
  for (const name of Object.values(places)) await registry.authorities.open({ name }, author)
  for (const [person, authority] of Object.entries({ ...places, powerless: '长安区局' }) as [
    Person,
    string,
  ][]) {
    const scopes: Scope[] = person === 'powerless' ? ['records:read'] : ['admin']
    const asked = { name: person, authority, scopes, actsFor: person }
    ids.set(person, `key/${(await registry.keys.create(asked, author)).key.id}`)
  }
  let n = 0
  const by = (person: Person) => {
    n += 1
    const id = ids.get(person) ?? ''
    const authority = person === 'powerless' ? '长安区局' : places[person]
    return { actor: { id, authority, officer: person }, command: `${id}/${n}` }
  }
  /** Why somebody may not do something; empty where they may, whatever else is wrong with it. */
  const forbidden = async (person: Person, name: string, id: string | undefined, input: unknown) => {
    try {
      await registry.acts.perform(
        registry.acts.named(name),
        id === undefined ? {} : { id },
        input,
        by(person),
      )
      return ''
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.reason === 'forbidden' ? error.title : ''
    }
  }
  await registry.acts.open(
    { codes: { uscc }, data: { name: '示例公司', region: '130102' } },
    { actor: author, command: 'open' },
  )
  await registry.acts.addRecord(uscc.slice(8, 17), 'licence', licenceOf('XK-1').data, undefined, {
    actor: author,
    command: 'licence',
  })
  const [standard] = shippedStandards
  await registry.acts.carryOut('propose-standard', {}, { document: standard }, author)
  return { ...server, by, ids, forbidden, standard: standard?.id ?? '' }
}

const everyone: readonly Person[] = ['province', 'city', 'county', 'neighbour', 'elsewhere', 'powerless']
const aboveOrOwn: readonly Person[] = ['province', 'city', 'county']

t.test('each act outside files, by each kind of person', async (t) => {
  const { registry, by, forbidden, standard, folder: server } = await everybody(t)
  const { acts, authorities } = registry
  const county = authorities.find('长安区局').id
  const account = { name: '王五', authority: '长安区局', roles: ['recorder' as const] }
  await registry.officers.create({ ...account, login: 'wangwu', password: 'correct horse battery' }, author)
  const { key } = await registry.keys.create(
    { name: '系统', authority: '长安区局', scopes: ['records:read'] },
    author,
  )
  const begun = await acts.perform(
    acts.named('start-campaign'),
    {},
    { standard: { id: standard }, scope: { region: '130102' } },
    by('county'),
  )
  await registry.campaigns.settled()
  const campaign = begun.subject.slice('campaign/'.length)
  const period = { from: '2026-01-01', to: '2026-11-24' }
  const { made: bulletin } = await acts.perform(acts.named('draft-bulletin'), {}, period, by('county'))
  const jobs = new JobStore(pathsIn(server))
  t.teardown(() => jobs.close())
  const job = await jobs.create(Readable.from('x'), {
    ...{ type: 'penalty', keyId: 'x', actor: by('county').actor, createdAt: '2026-11-24T02:00:00.000Z' },
  })
  await jobs.save({ ...job, status: 'done' })
  const imported = job.id
  const draw = {
    ...{
      name: '抽查',
      commitment: 'a'.repeat(64),
      group: 'wire-cable',
      region: '130102',
      level: '县',
      period,
    },
    ...{ rates: { B: 1 }, inspectors: ['张三'], inspectorsEach: 1 },
  }
  const drawn = (await acts.perform(acts.named('begin-draw'), {}, draw, by('county'))).subject.slice(5)
  const platform = { name: '信用平台' }
  const consumer = (
    await acts.perform(acts.named('open-consumer'), {}, platform, by('county'))
  ).subject.slice(9)
  let n = 0
  const fresh = () => {
    n += 1
    return `new${n}`
  }
  const cases: [name: string, id: string | undefined, input: () => unknown, may: readonly Person[]][] = [
    [
      'open-authority',
      undefined,
      () => ({ name: `长安区${fresh()}局`, region: '130102', level: 'county' }),
      ['province', 'city'],
    ],
    ['rename-authority', county, () => ({ name: '长安区局' }), ['province', 'city']],
    ['change-authority', county, () => ({ contacts: '0311' }), aboveOrOwn],
    ['change-authority', county, () => ({ above: authorities.find('石家庄市局').id }), ['province', 'city']],
    [
      'merge-authority',
      county,
      () => ({ into: authorities.find('井陉县局').id, takesOver: true }),
      ['province', 'city'],
    ],
    [
      'create-key',
      undefined,
      () => ({ name: '系统', authority: '长安区局', scopes: ['records:read'] }),
      aboveOrOwn,
    ],
    ['open-consumer', undefined, () => ({ name: fresh() }), everyone.slice(0, -1)],
    ['close-consumer', consumer, () => ({}), aboveOrOwn],
    ['grant-scopes', key.id, () => ({ scopes: ['records:write'] }), aboveOrOwn],
    ['revoke-key', key.id, () => ({}), aboveOrOwn],
    ['create-officer', undefined, () => ({ ...account, login: fresh() }), aboveOrOwn],
    ['change-officer', 'wangwu', () => account, aboveOrOwn],
    ['grant-duties', 'wangwu', () => ({ roles: ['auditor'] }), aboveOrOwn],
    ['reset-password', 'wangwu', () => ({}), aboveOrOwn],
    ['unbind-officer', 'wangwu', () => ({}), aboveOrOwn],
    ['disable-officer', 'wangwu', () => ({}), aboveOrOwn],
    ['propose-standard', undefined, () => ({ document: {} }), ['province']],
    ['propose-shipped-standard', standard, () => ({}), ['province']],
    ['adopt-standard', standard, () => ({}), ['province']],
    ['refuse-standard', standard, () => ({ reason: '再议' }), ['province']],
    ['propose-rules', undefined, () => ({ document: {} }), ['province']],
    ['adopt-rules', 'order-44', () => ({}), ['province']],
    ['refuse-rules', 'order-44', () => ({ reason: '再议' }), ['province']],
    [
      'start-campaign',
      undefined,
      () => ({ standard: { id: standard }, scope: { region: '130102' } }),
      aboveOrOwn,
    ],
    ['adjust-campaign', campaign, () => ({ enterprise: 'x', grade: 'A', reason: '理由' }), aboveOrOwn],
    ['redraft-campaign', campaign, () => ({}), aboveOrOwn],
    // Whoever began it does not approve it.
    ['return-campaign', campaign, () => ({ reason: '再核' }), ['province', 'city']],
    ['approve-campaign', campaign, () => ({}), ['province', 'city']],
    ['cancel-campaign', campaign, () => ({ reason: '不办了' }), aboveOrOwn],
    ['draft-bulletin', undefined, () => period, ['province', 'city', 'county', 'neighbour', 'elsewhere']],
    // A bulletin is its own authority's alone, and never issued by whoever drafted it.
    ['issue-bulletin', bulletin, () => ({}), []],
    ['return-bulletin', bulletin, () => ({ reason: '再核' }), []],
    ['discard-bulletin', bulletin, () => ({}), ['county']],
    ['begin-draw', undefined, () => ({ ...draw, reason: '再抽' }), aboveOrOwn],
    // Each authority's own, by two of it.
    ['join-draw', drawn, () => ({ commitment: 'b'.repeat(64) }), []],
    ['open-draw', drawn, () => ({ part: '随手写下的一句话，足足十六个字符' }), ['county']],
    [
      'take-roster',
      undefined,
      () => ({ kind: '强制性产品认证', source: '导出', on: '2026-01-01', holders: [{ name: '示例公司' }] }),
      ['province'],
    ],
    ['withdraw-import', imported, () => ({ reason: '传错了' }), aboveOrOwn],
  ]
  for (const [name, id, input, may] of cases)
    for (const person of everyone) {
      const why = await forbidden(person, name, id, input())
      t.equal(why === '', may.includes(person), `${name} by ${person}: ${why}`)
    }
  await registry.campaigns.settled()
  t.same(
    acts.all
      .filter(({ on }) => !IN_FILES.includes(on))
      .map(({ name }) => name)
      .filter((name) => !cases.some(([known]) => known === name)),
    [],
    'every act outside files is tried',
  )
})

const IN_FILES = ['file', 'record', 'case', 'objection', 'query', 'rating']

t.test('what waits on an import that is kept no longer is told to nobody, and hinders nothing', async (t) => {
  const { registry, by, folder: server } = await everybody(t)
  const jobs = new JobStore(pathsIn(server))
  t.teardown(() => jobs.close())
  const job = await jobs.create(Readable.from('x'), {
    ...{ type: 'penalty', keyId: 'x', actor: by('county').actor, createdAt: '2026-11-24T02:00:00.000Z' },
  })
  await jobs.save({ ...job, status: 'done', counts: { ...job.counts, added: 101 } })
  const withdraw = registry.acts.named('withdraw-import')
  const { proposal } = await registry.acts.perform(
    withdraw,
    { id: job.id },
    { reason: '传错了' },
    by('county'),
  )
  const list = () => registry.acts.proposals(by('city').actor, { status: 'open', after: '', limit: 10 }).items
  t.match(list(), [{ own: { id: proposal?.id }, title: '导入' }])
  await jobs.prune(new Date('2027-01-01T00:00:00.000Z'))
  t.same(list(), [])
})

t.test(
  'nobody looks after their own account, and deciding duties wait for a second administrator',
  async (t) => {
    const { registry, by, forbidden, ids } = await everybody(t)
    const own = (ids.get('county') ?? '').slice('key/'.length)
    t.match(await forbidden('county', 'revoke-key', own, {}), /不能调整自己的/)
    const duties = {
      name: '赵六',
      authority: '长安区局',
      roles: ['reviewer'],
      staffNo: '7',
      login: 'zhaoliu',
    }
    await registry.acts.perform(registry.acts.named('create-officer'), {}, duties, by('county'))
    const account = registry.officers.one('zhaoliu')
    t.same(account?.roles, [], 'not yet')
    const [waiting] = account?.proposals ?? []
    const confirm = (person: Person) =>
      registry.acts.confirm(waiting?.id ?? '', by(person)).then(
        () => 'done',
        (error: unknown) => (error instanceof Refusal ? error.reason : 'failed'),
      )
    for (const person of ['county', 'neighbour', 'elsewhere', 'powerless'] as const)
      t.equal(await confirm(person), 'forbidden', person)
    const listed = (person: Person) =>
      registry.acts.proposals(by(person).actor, { status: 'open', after: '', limit: 10 }).items.length
    t.same(everyone.map(listed), [1, 1, 1, 0, 0, 0], 'it is told to those whose business it is')
    t.equal(await confirm('city'), 'done')
    t.same(registry.officers.one('zhaoliu')?.roles, ['reviewer'])
    t.equal(await confirm('province'), 'exists', 'only once')
    await registry.acts.perform(
      registry.acts.named('grant-duties'),
      { id: 'zhaoliu' },
      { roles: ['publisher'] },
      by('county'),
    )
    await registry.acts.carryOut('disable-officer', { id: 'zhaoliu' }, {}, author)
    t.same(everyone.map(listed), [0, 0, 0, 0, 0, 0], 'what waited on it is overtaken')
  },
)
