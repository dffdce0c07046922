import t, { type Test } from 'tap'
import type { Scope } from '../../src/authority/keys.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { signedIn, type Visitor } from '../desk/visitor.ts'
import { penaltyOf, unifiedCode } from '../support.ts'
import { bureau, key } from './bureau.ts'

/** Who sees what is not everybody's, by API and desk: their own authority's and those below; the province and auditors all. */

const proposal = {
  ruleSet: 'order-44',
  ground: 'unsafe-product',
  facts: '事实',
  reasons: '理由',
}

/** Who looks: an authority, and bounds narrower than its own. */
const lookers = {
  province: { authority: '省局' },
  narrowed: { authority: '省局', region: '130100' },
  elsewhereOfProvince: { authority: '省局', region: '130200' },
  city: { authority: '石家庄市局' },
  county: { authority: '长安区局' },
  neighbour: { authority: '桥西区局' },
  elsewhere: { authority: '唐山市局' },
} as const
type Looker = keyof typeof lookers
const everyone = Object.keys(lookers) as Looker[]
const COUNTYS: readonly Looker[] = ['province', 'narrowed', 'city', 'county']
const CITYS: readonly Looker[] = ['province', 'narrowed', 'city']
const ELSEWHERES: readonly Looker[] = ['province', 'elsewhereOfProvince', 'elsewhere']

async function seen(t: Test) {
  const server = await bureau(t)
  const { registry, app, author, penalty, attempt, file } = server
  const listed = async (person: 'county1' | 'city1' | 'elsewhere', documentNo: string) => {
    const id = await penalty(person, documentNo)
    const { was, why } = await attempt(
      person,
      'propose-listing',
      { code: key },
      { ...proposal, penalties: [id] },
    )
    t.equal(was, 'done', why)
    return file().cases.at(-1)?.id ?? ''
  }
  const keyOf = async (given: { authority: string; region?: string }, scopes: Scope[]) => {
    const { text } = await registry.keys.create({ name: '接口', scopes, ...given }, author)
    return { authorization: `Bearer ${text}` }
  }
  const get = async (headers: { authorization: string }, url: string) => app.inject({ url, headers })
  return { ...server, listed, keyOf, get }
}

const READ: Scope[] = ['records:read', 'listings:write', 'officers:write']

t.test('cases and clocks: lists, each alone, the file, its entries, by API', async (t) => {
  const server = await seen(t)
  const { listed, keyOf, get, attempt, file } = server
  const cases = [
    [await listed('county1', '县罚1号'), COUNTYS],
    [await listed('city1', '市罚1号'), CITYS],
  ] as const
  for (const [id] of cases)
    await attempt(
      id === cases[0][0] ? 'county1' : 'city1',
      'serve-notice',
      { code: key, id },
      {
        servedOn: '2026-11-24',
        way: '直接送达',
      },
    )
  const keys = new Map<Looker, { authorization: string }>()
  for (const who of everyone) keys.set(who, await keyOf(lookers[who], READ))
  const auditor = await keyOf({ authority: '桥西区局' }, [...READ, 'audit:read'])

  const look = async (moved: boolean) => {
    for (const who of [...everyone, 'auditor'] as const) {
      const headers = keys.get(who as Looker) ?? auditor
      const mine = cases.filter(([, may]) => who === 'auditor' || isOf(may, who)).map(([id]) => id)
      const list = (await get(headers, '/api/v1/cases')).json()
      t.same(ids(list.items), [...mine].sort(), `${who} lists`)
      const paged: string[] = []
      for (let cursor = ''; ; ) {
        const page = (await get(headers, `/api/v1/cases?limit=1&cursor=${cursor}`)).json()
        paged.push(...ids(page.items))
        if (page.next === null) break
        cursor = page.next
      }
      t.same(paged, [...mine].sort(), `${who} pages`)
      for (const [id] of cases) {
        const one = await get(headers, `/api/v1/cases/${id}`)
        t.equal(one.statusCode, mine.includes(id) ? 200 : 403, `${who} on one`)
        if (!mine.includes(id)) t.match(one.json().title, /该案件属(长安区局|石家庄市局)，.*查看/)
      }
      const clocks = (await get(headers, '/api/v1/deadlines?within=400')).json()
      t.same(
        new Set(
          clocks.items
            .filter((one: { what: string }) => one.what !== 'warning')
            .map((one: { about: string }) => one.about),
        ),
        new Set(mine),
        `${who} clocks`,
      )
      const whole = (await get(headers, `/api/v1/enterprises/${key}`)).json()
      t.same(ids(whole.listings), [...mine].sort(), `${who} the file`)
      const told = new Set(
        whole.history
          .filter((one: { kind: string }) => one.kind.startsWith('listing.'))
          .map((one: { id: string }) => one.id),
      )
      t.same(told, new Set(mine), `${who} its history`)
      const entries = (await get(headers, `/api/v1/enterprises/${key}/entries?limit=1000`)).json()
      for (const [id] of cases)
        t.equal(JSON.stringify(entries).includes(id), mine.includes(id), `${who} its entries`)
      const past = (await get(headers, `/api/v1/enterprises/${key}?position=${file().position}`)).json()
      t.same(ids(past.listings), [...mine].sort(), `${who} the past`)
    }
    t.ok(true, moved ? 'moved' : 'at home')
  }
  await look(false)
  await server.moveAway()
  t.equal(file().enterprise.region, '130202')
  // Who is bound to less than their authority is bound to firms there; everybody else goes by who made the case.
  cases.forEach(([id], n) => {
    Object.assign(cases[n] ?? [], [
      id,
      (n === 0 ? COUNTYS : CITYS).map((who) => (who === 'narrowed' ? 'elsewhereOfProvince' : who)),
    ])
  })
  await look(true)
})

t.test(
  'whoever came with a merger has what was theirs, and of their successor’s what lies in their place',
  async (t) => {
    const server = await seen(t)
    const { listed, keyOf, get, attempt, registry, author, penalty, by } = server
    const own = await listed('county1', '县罚1号')
    const successors = await listed('city1', '市罚1号')
    const other = unifiedCode('ACTE0002')
    await registry.acts.open(
      { codes: { uscc: other }, data: { name: '桥西公司', region: '130104' } },
      by('city1'),
    )
    const { data } = penaltyOf('市罚2号', {
      authority: '石家庄市局',
      severity: '严重',
      publishedOn: '2026-11-10',
    })
    const { recordId: there = '' } = await registry.acts.addRecord(
      other,
      'penalty',
      data,
      undefined,
      by('city1'),
    )
    const opened = await attempt(
      'city1',
      'propose-listing',
      { code: other },
      { ...proposal, penalties: [there] },
    )
    const far = opened.outcome?.dossier?.cases.at(-1)?.id ?? ''
    const [mine, theirs] = [await penalty('county1', '县罚2号'), await penalty('city1', '市罚3号')]
    const county = await keyOf({ authority: '长安区局' }, READ)
    const bound = await keyOf({ authority: '石家庄市局', region: '130102' }, READ)
    const seesCases = async (headers: { authorization: string }) => {
      const listedNow = ids((await get(headers, '/api/v1/cases')).json().items)
      for (const id of [own, successors, far])
        t.equal((await get(headers, `/api/v1/cases/${id}`)).statusCode, listedNow.includes(id) ? 200 : 403)
      return listedNow
    }
    const corrects = async (id: string, documentNo: string) =>
      (
        await attempt(
          'county1',
          'correct-record',
          { code: key, id },
          { data: { documentNo }, reason: '更正' },
        )
      ).was
    t.same(await seesCases(county), [own])
    await registry.acts.carryOut(
      'merge-authority',
      { id: registry.authorities.find('长安区局').id },
      { into: registry.authorities.find('石家庄市局').id },
      author,
    )
    t.same(
      await seesCases(county),
      [own, successors].sort(),
      'as one of the successor’s who is bound to that place',
    )
    t.same(await seesCases(bound), [own, successors].sort())
    t.not(await corrects(theirs, '市罚3号改'), 'forbidden', 'in their place')
    t.equal(
      (
        await attempt(
          'county1',
          'serve-notice',
          { code: other, id: far },
          { servedOn: '2026-11-24', way: '直接送达' },
        )
      ).was,
      'forbidden',
    )
    await server.moveAway()
    t.equal(server.file().enterprise.region, '130202')
    t.same(await seesCases(county), [own], 'after a move what was theirs goes on being so, and nothing else')
    t.same(await seesCases(bound), [])
    t.not(await corrects(mine, '县罚2号改'), 'forbidden')
    t.equal(await corrects(theirs, '市罚3号再改'), 'forbidden')
  },
)

/** A case of the county's on its way to the public list. */
async function published({ listed, attempt, clock }: Awaited<ReturnType<typeof seen>>) {
  const id = await listed('county1', '县罚1号')
  const on = { code: key, id }
  const decision = { listed: true, decisionNo: '1号', decidedOn: '2026-12-20', reasons: '理由' }
  const steps = [
    ['county1', 'serve-notice', { servedOn: '2026-11-24', way: '直接送达' }],
    ['city1', 'consent-to-listing', { granted: true, reasons: '同意' }],
    ['county2', 'decide-listing', decision],
    ['county2', 'publish-listing', {}],
  ] as const
  for (const [person, step, input] of steps) {
    const { was, why } = await attempt(person, step, on, input)
    if (was !== 'done') throw new Error(`${step}: ${was} ${why}`)
    clock.set('2026-12-20T02:00:00.000Z')
  }
  return on
}

t.test('what the public sees of a listing every officer sees', async (t) => {
  const server = await seen(t)
  const { keyOf, get } = server
  const { id } = await published(server)
  const file = (await get(await keyOf(lookers.elsewhere, READ), `/api/v1/enterprises/${key}`)).json()
  t.same(file.listings, [])
  t.match(file.listed, [{ id, authority: '长安区局' }])
  t.notOk('proposed' in file.listed[0])
  const visitor = await signedIn(server, { login: 'waishi', authority: '唐山市局', roles: ['recorder'] })
  t.match((await visitor.get(`/desk/enterprises/${key}`)).body, new RegExp(`href="/blacklist/${id}"`))
})

t.test('once a listing was revoked, only who saw its procedure sees that there was one', async (t) => {
  const server = await seen(t)
  const { keyOf, get, attempt, settle, penalty } = server
  const on = await published(server)
  const tells = async (who: Looker | 'auditor') => {
    const given = who === 'auditor' ? { authority: '桥西区局' } : lookers[who]
    const headers = await keyOf(given, who === 'auditor' ? [...READ, 'audit:read'] : READ)
    const { items } = (await get(headers, `/api/v1/enterprises/${key}/entries?limit=1000`)).json()
    return items
      .map(({ kind }: { kind: string }) => kind)
      .filter((kind: string) => /^(listing|objection|act|payload)\./.test(kind))
  }
  const objection = { about: { kind: 'listing', id: on.id }, text: '有异议', by: '示例公司' }
  await attempt('county1', 'file-objection', { code: key }, objection)
  const { outcome } = await attempt('city1', 'revoke-listing', on, { reason: '列入有误' })
  t.equal((await settle('city2', outcome ?? {})).was, 'done')
  t.same(server.file().cases, [])
  const whole = await tells('county')
  for (const kind of [
    'listing.proposed',
    'listing.decided',
    'listing.removed',
    'act.proposed',
    'payload.erased',
  ])
    t.ok(whole.includes(kind), kind)
  for (const who of everyone) t.same(await tells(who), isOf(COUNTYS, who) ? whole : [], who)
  t.same(await tells('auditor'), whole)
  for (const [login, authority, words] of [
    ['xian', '长安区局', true],
    ['linxian', '桥西区局', false],
  ] as const) {
    const visitor = await signedIn(server, { login, authority, roles: ['recorder'] })
    const { body } = await visitor.get(`/desk/enterprises/${key}`)
    t.equal(/提出列入|送达|上一级同意|移出/.test(body), words, login)
  }
  // What is on its way beside it is hidden by itself, and what is everybody's stays.
  await penalty('city1', '市罚9号')
  const neighbours = await get(
    await keyOf(lookers.neighbour, READ),
    `/api/v1/enterprises/${key}/entries?limit=1000`,
  )
  t.ok(neighbours.json().items.some(({ kind }: { kind: string }) => kind === 'record.added'))
})

t.test('what is put forward: in files and outside, lists and each alone, by API', async (t) => {
  const server = await seen(t)
  const { registry, penalty, attempt, keyOf, get, author } = server
  const there = unifiedCode('ACTE0002', '130202')
  await registry.acts.open(
    { codes: { uscc: there }, data: { name: '示例二', region: '130202' } },
    server.by('elsewhere'),
  )
  const ofCounty = await penalty('county1', '县罚1号')
  const { data } = penaltyOf('唐罚1号', {
    authority: '唐山市局',
    publishedOn: '2026-11-10',
    decidedOn: '2026-11-02',
  })
  const { recordId: ofElsewhere = '' } = await registry.acts.addRecord(
    there,
    'penalty',
    data,
    undefined,
    server.by('elsewhere'),
  )
  const asked = [
    [await attempt('county1', 'withdraw-record', { code: key, id: ofCounty }, { reason: '误录' }), COUNTYS],
    [
      await attempt(
        'elsewhere',
        'withdraw-record',
        { code: there.slice(8, 17), id: ofElsewhere },
        { reason: '误录' },
      ),
      ELSEWHERES,
    ],
  ] as const
  const admins = new Map<string, string>()
  for (const authority of ['长安区局', '唐山市局']) {
    const { key: own } = await registry.keys.create(
      { name: '管', authority, scopes: ['officers:write'] },
      author,
    )
    admins.set(authority, `key/${own.id}`)
    const account = {
      login: `of-${own.id}`,
      name: '某',
      authority,
      roles: ['recorder' as const],
      staffNo: own.id,
    }
    await registry.officers.create({ ...account, password: 'correct horse battery' }, author)
  }
  const granting = async (authority: string) => {
    const id = admins.get(authority) ?? ''
    const act = registry.acts.named('grant-duties')
    const request = { actor: { id, authority, officer: '' }, command: `${id}/1` }
    return registry.acts.perform(act, { id: `of-${id.slice(4)}` }, { roles: ['reviewer'] }, request)
  }
  const proposals = [
    ...asked.map(([{ outcome }, may]) => [outcome?.proposal?.id ?? '', may] as const),
    [(await granting('长安区局')).proposal?.id ?? '', COUNTYS] as const,
    [(await granting('唐山市局')).proposal?.id ?? '', ELSEWHERES] as const,
  ]
  for (const who of [...everyone, 'auditor'] as const) {
    const headers =
      who === 'auditor'
        ? await keyOf({ authority: '桥西区局' }, ['records:read', 'audit:read'])
        : await keyOf(lookers[who], READ)
    const mine = proposals.filter(([, may]) => who === 'auditor' || isOf(may, who)).map(([id]) => id)
    const list = (await get(headers, '/api/v1/proposals')).json()
    t.same(ids(list.items), [...mine].sort(), `${who} lists`)
    const page = (await get(headers, '/api/v1/proposals?limit=1')).json()
    t.equal(page.next === null, mine.length <= 1, `${who} is told whether there are more`)
    for (const [id] of proposals) {
      const one = await get(headers, `/api/v1/proposals/${id}`)
      t.equal(one.statusCode, mine.includes(id) ? 200 : 403, `${who} on one`)
      if (one.statusCode === 403) t.match(one.json().title, /属(长安区局|唐山市局)，.*查看/, who)
      else t.match(one.json().changes, [{ label: /./ }], who)
      for (const way of ['confirmation', 'refusal'])
        t.equal(
          (
            await server.app.inject({
              method: 'POST',
              url: `/api/v1/proposals/${id}/${way}`,
              headers,
              payload: way === 'refusal' ? { reason: '不妥' } : {},
            })
          ).statusCode,
          403,
          `a machine's key settles nothing of ${who}`,
        )
    }
  }
})

t.test('candidates and what follows a failed test go by whose they are, wherever the firm is', async (t) => {
  const server = await seen(t)
  const { registry, penalty, keyOf, get, by, file } = server
  const penalties = { county1: await penalty('county1', '县罚1号'), city1: await penalty('city1', '市罚1号') }
  const tests: Record<string, string> = {}
  for (const person of ['county1', 'city1'] as const) {
    const { authority } = by(person).actor
    const data = {
      ...{ kind: '市级监督抽查', inspectedOn: '2026-11-01', authority, product: '电线电缆' },
      ...{ outcome: '不合格', severity: '严重', rectificationDueOn: '2026-12-01' },
    }
    const { recordId = '' } = await registry.acts.addRecord(key, 'inspection', data, undefined, by(person))
    tests[person] = recordId
  }
  const keys = new Map<Looker, { authorization: string }>()
  for (const who of everyone) keys.set(who, await keyOf(lookers[who], READ))
  const desks = new Map<Looker, Awaited<ReturnType<typeof signedIn>>>()
  for (const who of everyone)
    desks.set(
      who,
      await signedIn(server, {
        ...given(lookers[who]),
        login: `d-${who.toLowerCase()}`,
        roles: ['recorder'],
      }),
    )
  const look = async (said: string, ofCounty: readonly Looker[], ofCity: readonly Looker[]) => {
    for (const who of everyone) {
      const theirs = (['county1', 'city1'] as const).filter((one) =>
        isOf(one === 'county1' ? ofCounty : ofCity, who),
      )
      const headers = keys.get(who) ?? { authorization: '' }
      const candidates = (await get(headers, '/api/v1/cases/candidates')).json()
      t.same(
        candidates.items.map((one: { penalty: string }) => one.penalty).sort(),
        theirs.map((one) => penalties[one]).sort(),
        `${who}: candidates ${said}`,
      )
      const chains = (await get(headers, '/api/v1/supervision/follow-ups')).json()
      t.same(
        chains.items.map((one: { inspection: string }) => one.inspection).sort(),
        theirs.map((one) => tests[one]).sort(),
        `${who}: follow-ups ${said}`,
      )
      const desk = desks.get(who)
      for (const [page, column] of [
        ['/desk/cases/candidates', '示例公司'],
        ['/desk/supervision/follow-ups', '示例公司'],
      ] as const) {
        const rows = (await desk?.get(`${page}?format=csv`))?.body.split(column).length ?? 0
        t.equal(rows - 1, theirs.length, `${who}: ${page} ${said}`)
      }
    }
  }
  await look('at home', COUNTYS, CITYS)
  await server.moveAway()
  t.equal(file().enterprise.region, '130202')
  const away = (may: readonly Looker[]) =>
    may.map((who) => (who === 'narrowed' ? 'elsewhereOfProvince' : who))
  await look('away', away(COUNTYS), away(CITYS))
})

t.test('accounts, keys and consumers as lists of the API, page by page', async (t) => {
  const server = await seen(t)
  const { registry, author, keyOf, get } = server
  const made: { login: string; key: string; consumer: string; authority: string }[] = []
  for (const [login, authority] of [
    ['b-county', '长安区局'],
    ['a-city', '石家庄市局'],
    ['c-elsewhere', '唐山市局'],
  ] as const) {
    const account = { login, name: '某', authority, roles: ['recorder' as const] }
    await registry.officers.create({ ...account, password: 'correct horse battery' }, author)
    const { key: admin } = await registry.keys.create(
      { name: '管', authority, scopes: ['officers:write'] },
      author,
    )
    const by = { actor: { id: `key/${admin.id}`, authority, officer: '' }, command: `key/${admin.id}/1` }
    const { subject } = await registry.acts.perform(
      registry.acts.named('open-consumer'),
      {},
      { name: `平台${login}` },
      by,
    )
    made.push({ login, key: admin.id, consumer: subject.slice('consumer/'.length), authority })
  }
  for (const [who, mine] of [
    ['province', ['长安区局', '石家庄市局', '唐山市局']],
    ['narrowed', ['长安区局', '石家庄市局']],
    ['city', ['长安区局', '石家庄市局']],
    ['county', ['长安区局']],
    ['neighbour', []],
    ['elsewhere', ['唐山市局']],
    ['auditor', ['长安区局', '石家庄市局', '唐山市局']],
  ] as const) {
    const headers =
      who === 'auditor'
        ? await keyOf({ authority: '桥西区局' }, ['audit:read'])
        : await keyOf(lookers[who], READ)
    for (const [list, named, wanted] of [
      ['officers', 'login', ({ login }: (typeof made)[number]) => login],
      ['keys', 'id', ({ key: own }: (typeof made)[number]) => own],
    ] as const) {
      const names: string[] = []
      for (let cursor = '', pages = 1; ; pages += 1) {
        const answer = await get(headers, `/api/v1/${list}?limit=2&cursor=${cursor}`)
        t.equal(answer.statusCode, 200, `${who}: ${list}`)
        t.notMatch(answer.body, /hash|"text"|"password"|\$argon|scrypt/, 'no secret')
        const { items, next } = answer.json()
        t.ok(items.length <= 2)
        names.push(...items.map((item: Record<string, string>) => item[named]))
        if (next === null) break
        t.equal(items.length, 2, `${list} page ${pages} is full where another follows`)
        cursor = next
      }
      t.same(names, [...new Set(names)].sort(), 'each once, in order')
      for (const one of made) {
        const may = mine.some((own) => own === one.authority)
        t.equal(names.includes(wanted(one)), may, `${who}: ${list} of ${one.authority}`)
      }
    }
    const { items } = (await get(headers, '/api/v1/consumers')).json()
    t.same(
      ids(items),
      made
        .filter(({ authority }) => mine.some((own) => own === authority))
        .map(({ consumer }) => consumer)
        .sort(),
      `${who}: consumers`,
    )
  }
  const clerk = await keyOf(lookers.county, ['records:read', 'records:write'])
  for (const list of ['officers', 'keys', 'consumers']) {
    t.equal((await get(clerk, `/api/v1/${list}`)).statusCode, 403, `${list} are no clerk's`)
    t.equal((await server.app.inject(`/api/v1/${list}`)).statusCode, 401)
    t.match(await registry.accesses.find({ act: 'refused' }, 1e9, 1), [{ detail: new RegExp(list) }])
  }
  const admin = await keyOf(lookers.county, READ)
  for (const [limit, status] of [
    [0, 400],
    [1, 200],
    [1000, 200],
    [1001, 400],
  ] as const)
    t.equal((await get(admin, `/api/v1/keys?limit=${limit}`)).statusCode, status, `limit ${limit}`)
})

t.test('accounts, keys, cases and what is put forward at the desk', async (t) => {
  const server = await seen(t)
  const { listed, registry, author } = server
  const id = await listed('county1', '县罚1号')
  const accounts = { county: '长安区局', city: '石家庄市局', elsewhere: '唐山市局' } as const
  const made: { login: string; key: string; authority: string }[] = []
  for (const [login, authority] of Object.entries(accounts)) {
    const account = { login: `one-${login}`, name: '某', authority, roles: ['recorder' as const] }
    await registry.officers.create({ ...account, password: 'correct horse battery' }, author)
    const { key: own } = await registry.keys.create(
      { name: '系统', authority, scopes: ['records:read'] },
      author,
    )
    made.push({ login: `one-${login}`, key: own.id, authority })
  }
  for (const [who, mine] of [
    ['province', ['长安区局', '石家庄市局', '唐山市局']],
    ['narrowed', ['长安区局', '石家庄市局']],
    ['city', ['长安区局', '石家庄市局']],
    ['county', ['长安区局']],
    ['neighbour', []],
    ['elsewhere', ['唐山市局']],
  ] as const) {
    const admin = await signedIn(server, {
      ...given(lookers[who]),
      login: `admin-${who.toLowerCase()}`,
      roles: ['administrator'],
    })
    const [officers, keys] = [
      await admin.get('/desk/officers?format=csv'),
      await admin.get('/desk/keys?format=csv'),
    ]
    for (const { login, key: own, authority } of made) {
      const may = mine.some((one) => one === authority)
      t.equal(officers.body.includes(login), may, `${who}: the account of ${authority} in the list`)
      t.equal(keys.body.includes(own), may, `${who}: its key`)
      const page = await admin.get(`/desk/officers/${login}`)
      t.equal(page.statusCode, may ? 200 : 403, `${who}: its page`)
      for (const act of [`change-officer?id=${login}`, `grant-scopes?id=${own}`]) {
        const form = await admin.get(`/desk/acts/${act}`)
        t.equal(form.statusCode, may ? 200 : 403, `${who}: ${act}`)
        if (!may) t.notMatch(form.body, /（某）|（系统）/, 'not even what it is called')
      }
    }
    t.equal((await admin.get('/desk/officers/nobody')).statusCode, 404)
    const clerk = await signedIn(server, {
      ...given(lookers[who]),
      login: `clerk-${who.toLowerCase()}`,
      roles: ['recorder'],
    })
    const sees = isOf(COUNTYS, who)
    t.equal((await clerk.get('/desk/cases')).body.includes(id), sees, `${who}: cases`)
    for (const url of [`/desk/cases/${id}`, `/desk/acts/serve-notice?code=${key}&id=${id}`])
      t.equal((await clerk.get(url)).statusCode, sees ? 200 : 403, `${who}: ${url}`)
    t.equal((await clerk.get(`/desk/enterprises/${key}`)).body.includes(id), sees, `${who}: the file`)
  }
  const auditor = await signedIn(server, { login: 'auditor', authority: '唐山市局', roles: ['auditor'] })
  t.equal((await auditor.get(`/desk/cases/${id}`)).statusCode, 200)
})

const given = ({ authority, ...more }: { authority: string; region?: string }) => ({ authority, ...more })

function isOf(may: readonly string[], who: string): boolean {
  return may.includes(who)
}

function ids(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id).sort()
}

t.test(
  'objections to a case that nobody outside knows of, and what is put forward, in the file and its entries',
  async (t) => {
    const server = await seen(t)
    const { listed, penalty, keyOf, get, attempt } = server
    const own = await listed('city1', '市罚9号')
    const about = { kind: 'case', id: own }
    const objection = { about, on: '2026-11-24', grounds: '案件异议的秘密理由' }
    t.equal((await attempt('city1', 'file-objection', { code: key }, objection)).was, 'done')
    const id = await penalty('city1', '市罚10号')
    const withdrawal = await attempt(
      'city1',
      'withdraw-record',
      { code: key, id },
      { reason: '撤回的秘密理由' },
    )
    t.equal(withdrawal.was, 'proposed')
    for (const looker of everyone) {
      const headers = await keyOf(lookers[looker], READ)
      for (const url of [`/api/v1/enterprises/${key}`, `/api/v1/enterprises/${key}/entries`]) {
        const { body } = await get(headers, url)
        t.equal(body.includes('案件异议的秘密理由'), CITYS.includes(looker), `${looker}: objection at ${url}`)
        if (url.endsWith('/entries'))
          t.equal(body.includes('撤回的秘密理由'), CITYS.includes(looker), `${looker}: proposal at ${url}`)
      }
    }
  },
)

t.test(
  'what goes by the place of the firm is seen by whoever took the place over, by API and desk',
  async (t) => {
    const places = {
      长安区局: '130102',
      桥西区局: '130104',
      石家庄市局: '130100',
      唐山市局: '130200',
    } as const
    type Name = keyof typeof places
    const names = Object.keys(places) as Name[]
    for (const { own, into, before, after } of [
      { own: '长安区局', into: '桥西区局', before: ['石家庄市局'], after: ['桥西区局', '石家庄市局'] },
      { own: '桥西区局', into: '长安区局', before: ['石家庄市局'], after: ['长安区局', '石家庄市局'] },
      { own: '唐山市局', into: '石家庄市局', before: [], after: ['石家庄市局'] },
      { own: '石家庄市局', into: '唐山市局', before: [], after: ['唐山市局'] },
    ] as { own: Name; into: Name; before: Name[]; after: Name[] }[]) {
      const server = await seen(t)
      const { registry, author, keyOf, get } = server
      const place = places[own]
      const within = `91${place}DEM000017`
      const uscc = within + unifiedCheckCharacter(within)
      const actor = { authority: '省局', officer: '某' }
      await registry.acts.open(
        { codes: { uscc }, data: { name: '示例被接管公司', region: place } },
        { actor, command: 'open' },
      )
      const people = new Map<string, { headers: { authorization: string }; clerk: Visitor }>()
      for (const [n, authority] of names.entries())
        people.set(authority, {
          headers: await keyOf({ authority }, READ),
          clerk: await signedIn(server, { login: `clerk-${n}`, authority, roles: ['recorder'] }),
        })
      const look = async (may: readonly string[], when: string) => {
        for (const [authority, { headers, clerk }] of people) {
          const sees = may.includes(authority)
          const { items } = (await get(headers, '/api/v1/deadlines?what=warning')).json()
          t.equal(items.length, sees ? 1 : 0, `${when} ${own} went to ${into}: ${authority} by API`)
          const queue = (await clerk.get('/desk?format=csv')).body
          t.equal(queue.includes('示例被接管公司'), sees, `${when}: ${authority} at the desk`)
          const said = (await clerk.get('/desk')).body
          t.equal(said.includes('示例被接管公司'), sees, `${when}: ${authority}, the page of it`)
        }
      }
      await look([own, ...before], 'before')
      const [from, to] = [own, into].map((name) => registry.authorities.find(name).id)
      await registry.acts.carryOut(
        'merge-authority',
        { id: from ?? '' },
        { into: to, takesOver: true },
        author,
      )
      await look([own, ...after], 'after')
      if (into === '石家庄市局') {
        const headers = await keyOf({ authority: into, region: '130104' }, READ)
        t.same(
          (await get(headers, '/api/v1/deadlines?what=warning')).json().items,
          [],
          'not who is bound to less',
        )
      }
      const { clerk } = people.get(into) ?? {}
      const plan = (await clerk?.get('/desk/supervision'))?.body ?? ''
      t.match(plan, `<option value="${place}"`, 'lists by region can be asked for it')
    }
  },
)
