import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runImport } from '../../src/exchange/import.ts'
import { nothingMended } from '../../src/exchange/upload.ts'
import { newId } from '../../src/register/entry.ts'
import { aboutProposal } from '../../src/registry/proposal-words.ts'
import { signedIn } from '../desk/visitor.ts'
import { penaltyOf, unifiedCode } from '../support.ts'
import { bureau, key, type Person, people, uscc } from './bureau.ts'

/** What an import puts forward, row by row: listed as one, settled at once, each still judged by itself; nobody's list hides another's. */

const HEAD =
  '统一社会信用代码,企业名称,行政处罚决定书文号,处罚程序,违法行为类型,处罚种类,处罚内容,罚款金额,处罚决定日期,处罚机关,公示日期,违法程度'
const other = unifiedCode('ACTE0003')

interface Row {
  code?: string
  no: string
  fine: number
}

async function office(t: Test) {
  const server = await bureau(t)
  const { registry, folder, writer, views, clock, by, ids, author, app } = server
  await registry.acts.open(
    { codes: { uscc: other }, data: { name: '示例三公司', region: '130102' } },
    by('county1'),
  )
  const kind = registry.catalogue.kind('penalty')
  if (!kind) throw new Error('no penalties')
  /** Imports penalties of somebody's own authority; gives the import's id. */
  const imported = async (person: Person, rows: readonly Row[]) => {
    const id = randomUUID()
    const path = join(folder, `${id}.csv`)
    const { authority } = people[person]
    const lines = rows.map(
      ({ code = uscc, no, fine }) =>
        `${code},${code === uscc ? '示例公司' : '示例三公司'},${no},普通程序,生产不符合国家标准的产品,罚款,罚款。,${fine},2026-11-02,${authority},2026-11-10,严重`,
    )
    writeFileSync(path, [HEAD, ...lines].join('\n'))
    await runImport({
      ...{ path, kind, writer, views, catalogue: registry.catalogue, now: clock.now, newId },
      ...{ actor: by(person).actor, since: newId(), command: `import/${id}`, mending: nothingMended },
      consequences: () => [],
      onProgress: async () => undefined,
    })
    await writer.catchUp()
    return id
  }
  const tokens = new Map<string, { authorization: string }>()
  const headersOf = async (person: Person) => {
    const known = tokens.get(person)
    if (known) return known
    const { authority } = people[person]
    const { key: made, text } = await registry.keys.create(
      { name: person, authority, scopes: ['records:write', 'listings:decide'], actsFor: person },
      author,
    )
    ids.set(person, `key/${made.id}`)
    const headers = { authorization: `Bearer ${text}` }
    tokens.set(person, headers)
    return headers
  }
  const list = async (person: Person, query = '') =>
    (await app.inject({ url: `/api/v1/proposals${query}`, headers: await headersOf(person) })).json()
  const settle = async (
    person: Person,
    id: string,
    way: 'confirmation' | 'refusal',
    payload: object = {},
    more: Record<string, string> = {},
  ) =>
    app.inject({
      method: 'POST',
      url: `/api/v1/imports/${id}/proposals/${way}`,
      headers: { ...(await headersOf(person)), ...more },
      payload,
    })
  return { ...server, imported, headersOf, list, settle }
}

const rowsOf = (n: number, fine: number): Row[] =>
  Array.from({ length: n }, (_, i) => ({ no: `市罚${i + 1}号`, fine, ...(i % 2 === 1 && { code: other }) }))

t.test('what an import put forward is confirmed at once, each by itself', async (t) => {
  const server = await office(t)
  const { imported, list, settle, attempt, registry } = server
  await server.headersOf('city1')
  await imported('city1', rowsOf(6, 50_000))
  const id = await imported('city1', rowsOf(6, 40_000))
  const asked = (await list('city1', `?import=${id}`)).items
  t.equal(asked.length, 6, 'a proposal a row')
  t.same((await list('city1', `?import=${randomUUID()}`)).items, [])
  const fines = () =>
    [key, other.slice(8, 17)].flatMap((code) =>
      registry.files.byCode(code).records.map(({ data }) => data.fine),
    )
  t.ok(
    fines().every((fine) => fine === 50_000),
    'nothing has changed',
  )
  for (const person of ['county1', 'neighbour', 'elsewhere'] as const) {
    const answer = await settle(person, id, 'confirmation')
    t.match(answer.json(), { status: 403, title: /属石家庄市局/ }, `${person} sees none of them`)
    const [refused] = await registry.accesses.find({ act: 'refused' }, 1e9, 1)
    t.match(refused, { detail: /imports\/.*属石家庄市局/ }, 'and it is written down')
  }
  t.equal((await settle('city2', randomUUID(), 'confirmation')).statusCode, 404)

  const own = await settle('city1', id, 'confirmation')
  t.match(own.json(), { done: 0, next: null })
  t.equal(own.json().items.length, 6)
  for (const { status, hindrance } of own.json().items)
    t.match([status, hindrance], ['open', /另一人/], 'not by whoever proposed')
  const [log] = await registry.accesses.find({ act: 'refused' }, 1e9, 1)
  t.match(log?.detail, /imports\/.*confirmation：6 项：须由另一人办理/)

  const [first, second] = asked
  const corrected = await attempt(
    'province1',
    'correct-record',
    { code: second.orgCode, id: second.about },
    { data: { fine: 30_000 }, reason: '笔误' },
  )
  await registry.acts.confirm(corrected.outcome?.proposal?.id ?? '', server.by('province2'))
  await attempt('city1', 'add-note', { code: first.orgCode }, { text: '备注' })
  const seen: { id: string; status: string; hindrance?: string }[] = []
  let done = 0
  for (let after = ''; ; ) {
    const named = { 'idempotency-key': `confirm-${after}` }
    const answer = await settle('city2', id, 'confirmation', { after, limit: 2 }, named)
    t.equal(answer.statusCode, 200)
    const { items, next, done: now } = answer.json()
    t.same(
      (await settle('city2', id, 'confirmation', { after, limit: 2 }, named)).json(),
      answer.json(),
      'repeated',
    )
    t.ok(items.length <= 2)
    seen.push(...items)
    done += now
    if (next === null) break
    after = next
  }
  t.same(
    seen.map((one) => one.id),
    asked.map((one: { id: string }) => one.id),
    'each once, in order',
  )
  t.equal(done, 5)
  t.match(
    seen.map(({ status, hindrance = '' }) => [status, hindrance]),
    asked.map((_: unknown, i: number) => (i === 1 ? ['lapsed', /失效：.*变动/] : ['confirmed', ''])),
  )
  t.equal(fines().filter((fine) => fine === 40_000).length, 5)
  const last = (await registry.files.history(registry.files.byCode(key))).findLast(
    ({ kind }) => kind === 'record.updated',
  )
  t.match(last?.author, { authority: '石家庄市局', officer: 'city1、city2' }, 'the entry names both')
  t.match((await settle('city2', id, 'confirmation')).json(), { done: 0, next: null }, 'only once')
})

t.test('what an import put forward is refused at once with one reason, in bounds', async (t) => {
  const { imported, list, settle, headersOf } = await office(t)
  await headersOf('city1')
  await imported('city1', rowsOf(3, 50_000))
  const id = await imported('city1', rowsOf(3, 40_000))
  for (const [payload, status] of [
    [{}, 422],
    [{ reason: '' }, 422],
    [{ reason: '理由 11010519491231002X' }, 422],
    [{ reason: '不妥', limit: 0 }, 422],
    [{ reason: '不妥', limit: 201 }, 422],
    [{ reason: '不妥', other: 1 }, 422],
    [{ reason: '不妥', limit: 1 }, 200],
    [{ reason: '不妥', limit: 200 }, 200],
  ] as const)
    t.equal((await settle('city2', id, 'refusal', payload)).statusCode, status, JSON.stringify(payload))
  t.same((await list('city2', `?import=${id}`)).items, [])
  const refused = (await list('city2', `?import=${id}&status=refused`)).items
  t.match(refused, [{}, {}, { settled: { reason: '不妥', author: { officer: 'city2' } } }])
})

t.test('a long list of others’ hides nothing of one’s own, whoever asks for what', async (t) => {
  const server = await office(t)
  const { imported, list, attempt, by, registry, headersOf } = server
  await headersOf('city1')
  const rows = rowsOf(230, 50_000)
  await imported('city1', rows)
  const id = await imported(
    'city1',
    rows.map((row) => ({ ...row, fine: 40_000 })),
  )
  const there = unifiedCode('ACTE0004', '130202')
  await registry.acts.open(
    { codes: { uscc: there }, data: { name: '示例四公司', region: '130202' } },
    by('elsewhere'),
  )
  const on = { code: there.slice(8, 17) }
  t.equal((await attempt('elsewhere', 'withdraw-file', on, { reason: '误建' })).was, 'proposed')
  await headersOf('elsewhere')
  const mine = (await list('elsewhere', '?limit=1')) as { items: { name: string }[]; next: string | null }
  t.match(mine, { items: [{ name: '示例四公司' }], next: null })
  const [paged, names]: [number[], Set<string>] = [[], new Set()]
  for (let cursor = ''; ; ) {
    const page = await list('city2', `?limit=100&cursor=${cursor}`)
    paged.push(page.items.length)
    for (const { id: one } of page.items) names.add(one)
    if (page.next === null) break
    cursor = page.next
  }
  t.same([paged, names.size], [[100, 100, 30], 230])
  for (const [person, query, count] of [
    ['city1', '?whose=own&limit=200', 200],
    ['city1', '?whose=confirmable', 0],
    ['city2', '?whose=own', 0],
    ['city2', '?whose=confirmable&limit=200', 200],
    ['province1', '?whose=confirmable&region=130202', 1],
    ['county1', '', 0],
    ['elsewhere', '?whose=own', 0],
    ['elsewhere', '?whose=confirmable', 0],
    ['city2', '?status=confirmed', 0],
  ] as const)
    t.equal((await list(person, query)).items.length, count, `${person} ${query}`)

  const desk = (login: string, authority: string) =>
    signedIn(server, { login, authority, roles: ['recorder', 'reviewer'] })
  const city = await desk('shi-yi', '石家庄市局')
  const listed = (await city.get('/desk/proposals')).body
  t.match(listed, new RegExp(`href="/desk/proposals\\?import=${id}"[^>]*>导入提请的 230 项（更新记录等）`))
  t.match((await city.get('/desk')).body, /确认：导入提请的 230 项/, 'one line of the queue')
  const far = await desk('wai-shi', '唐山市局')
  t.match((await far.get('/desk')).body, /确认：撤回档案/)
  t.notMatch((await far.get('/desk/proposals')).body, /导入提请/)
  t.equal((await (await desk('xian-yi', '长安区局')).get('/desk/proposals')).body.includes(id), false)

  const page = `/desk/proposals?import=${id}`
  const whole = (await city.get(page)).body
  t.match(whole, /一并确认[\s\S]*一并退回/)
  const [, part = ''] = /href="[^"]*part=([^"&]+)"[^>]*>其后的部分/.exec(whole) ?? []
  t.not(part, '', 'and the rest of them')
  const rest = (await city.get(`${page}&part=${part}`)).body
  t.match(rest, /这一部分 30 行/)
  const to = `/desk/proposals/imports/${id}`
  t.match((await city.fill(page, { reason: '' }, `${to}/refuse`)).body, /理由/)
  const done = await city.fill(page, {}, `${to}/confirm`)
  t.equal(done.statusCode, 200)
  t.match(done.body, /已办理 200 项。[\s\S]*继续其余各项/)
  const [, next = ''] = /name="after" value="([^"]+)"/.exec(done.body) ?? []
  t.match((await city.fill(page, { after: next }, `${to}/confirm`)).body, /已办理 30 项。/)
  t.match((await city.get(page)).body, /没有这样的提请/)
})

t.test('what stops a proposer lapses it with that reason, and is nobody else’s hindrance', async (t) => {
  const { penalty, attempt, settle, registry, ids, author, file, by } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const asked = await attempt('city1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  const proposal = asked.outcome?.proposal?.id ?? ''
  t.equal(registry.acts.proposal(proposal, by('city2').actor).hindrance, undefined)
  const revoked = { id: (ids.get('city1') ?? '').slice('key/'.length) }
  await registry.acts.carryOut('revoke-key', revoked, {}, author)
  t.match(registry.acts.proposal(proposal, by('city2').actor).hindrance, /提请人现在不能办理：密钥已停用/)
  t.equal(
    (await settle('county1', asked.outcome ?? {})).was,
    'forbidden',
    'who may not confirm lets nothing lapse',
  )
  t.equal(file().proposals?.[0]?.status, 'open')
  const told = { was: 'exists', why: /已经失效：提请人现在不能办理：密钥已停用/ }
  t.match(await settle('city2', asked.outcome ?? {}), told)
  t.match(file().proposals?.[0], { status: 'lapsed', settled: { reason: /提请人现在不能办理/ } })
  t.match(await settle('province1', asked.outcome ?? {}), told, 'and so to whoever comes later')
  t.notOk(file().records[0]?.withdrawn)
})

t.test(
  'the daily job lets lapse what nobody can confirm any more, with the true reason, and nothing else',
  async (t) => {
    const { penalty, attempt, registry, ids, author, file, clock, by } = await bureau(t)
    const mine = await penalty('city1', '市罚1号')
    const theirs = await penalty('city2', '市罚2号')
    for (const [person, id] of [
      ['city1', mine],
      ['city2', theirs],
    ] as const)
      t.equal(
        (await attempt(person, 'withdraw-record', { code: key, id }, { reason: '误录' })).was,
        'proposed',
      )
    const statuses = () => file().proposals?.map(({ status, settled }) => [status, settled?.reason])
    const open = [
      ['open', undefined],
      ['open', undefined],
    ]
    await registry.runDaily()
    t.same(statuses(), open, 'what can be confirmed waits')
    const revoked = { id: (ids.get('city1') ?? '').slice('key/'.length) }
    await registry.acts.carryOut('revoke-key', revoked, {}, author)
    await registry.runDaily()
    t.same(statuses(), open, 'looked through once a day')
    clock.set('2026-11-29T01:00:00+08:00')
    t.equal(await registry.runDaily(), 1)
    t.match(statuses(), [
      ['lapsed', /^提请人现在不能办理：密钥已停用/],
      ['open', undefined],
    ])
    t.equal(await registry.acts.sweep(), 0)
    t.match(registry.acts.proposal(file().proposals?.[0]?.id ?? '', by('city2').actor).own.settled, {
      author: { authority: '质量信用档案系统' },
    })
  },
)

t.test('a proposal to enter a record lapses as that record is entered, others do not', async (t) => {
  const { attempt, registry, settle, file } = await bureau(t)
  const data = (documentNo: string) =>
    penaltyOf(documentNo, {
      ...{ authority: '石家庄市局', severity: '严重', decidedOn: '2026-11-02', publishedOn: '2026-11-10' },
    }).data
  const enter = (person: Person, documentNo: string) =>
    attempt(person, 'add-record', { code: key }, { type: 'penalty', data: data(documentNo) })
  const first = await enter('county1', '市罚1号')
  const second = await enter('county1', '市罚2号')
  t.same([first.was, second.was], ['proposed', 'proposed'])
  t.equal((await enter('city1', '市罚1号')).was, 'done')
  t.match(
    file().proposals?.map(({ status, settled }) => [status, settled?.reason]),
    [
      ['lapsed', '同一违法违规记录已经登记'],
      ['open', undefined],
    ],
  )
  t.match(await settle('city2', first.outcome ?? {}), { was: 'exists', why: /同一违法违规记录已经登记/ })
  t.equal((await settle('city2', second.outcome ?? {})).was, 'done')
  t.equal(await registry.acts.sweep(), 0)
})

t.test('an objection that is upheld tells what becomes of the listing, and of the objection', async (t) => {
  const { penalty, attempt, file, clock, registry, by } = await bureau(t)
  const penalties = [await penalty('county1', '县罚1号')]
  const about = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由', penalties }
  t.equal((await attempt('county1', 'propose-listing', { code: key }, about)).was, 'done')
  const id = file().cases[0]?.id ?? ''
  const on = { code: key, id }
  await attempt('county1', 'serve-notice', on, { servedOn: '2026-11-24', way: '直接送达' })
  clock.set('2026-12-20T02:00:00.000Z')
  await attempt('city1', 'consent-to-listing', on, { granted: true, reasons: '同意' })
  const decision = { listed: true, decisionNo: '1号', decidedOn: '2026-12-20', reasons: '理由' }
  await attempt('county2', 'decide-listing', on, decision)
  t.equal((await attempt('county2', 'publish-listing', on, {})).was, 'done')
  const objection = { about: { kind: 'case', id }, on: '2026-12-20', grounds: '理由' }
  t.equal((await attempt('county1', 'file-objection', { code: key }, objection)).was, 'done')
  const objected = { code: key, id: file().objections[0]?.id ?? '' }
  const upheld = { upheld: true, outcome: '属实' }
  const { was, outcome, why } = await attempt('city1', 'settle-objection', objected, upheld)
  t.equal(was, 'proposed', why)
  const { lines } = await registry.acts.foreseen(outcome?.proposal?.id ?? '', by('city2').actor)
  t.match(lines, [
    { label: /^列入案件（县罚1号，.*：状态$/, before: '在名单上', after: '已移出' },
    { label: /异议$/, before: '处理中', after: '成立' },
  ])
})

t.test('records that are put forward are told apart: by API, in the list, in the queue', async (t) => {
  const server = await bureau(t)
  const { attempt, registry, by } = server
  const numbers = ['市罚1号', '市罚2号']
  for (const no of numbers) {
    const asked = { authority: '石家庄市局', decidedOn: '2026-11-02', publishedOn: '2026-11-10' }
    t.equal((await attempt('county1', 'add-record', { code: key }, penaltyOf(no, asked))).was, 'proposed')
  }
  const parts = numbers.map((no) => `违法违规 ${no} 2026-11-02`)
  const { items } = registry.acts.proposals(by('city1').actor, { after: '', limit: 10 })
  t.same(items.map(({ part }) => part).toSorted(), parts)
  const reviewer = await signedIn(server, { login: 'cityrev', authority: '石家庄市局', roles: ['reviewer'] })
  for (const page of ['/desk/proposals', '/desk']) {
    const { body } = await reviewer.get(page)
    for (const part of parts) t.ok(body.includes(part), `${page}: ${part}`)
  }
  for (const kind of registry.catalogue.kinds) {
    const data = { [kind.titledBy]: '甲', [kind.datedBy]: '2026-11-02' }
    const proposal = { id: '1', on: { code: key, id: `${kind.type}:1` }, input: { type: kind.type, data } }
    const head = {
      ...proposal,
      act: 'add-record',
      saw: 0,
      why: '',
      by: '',
      status: 'open' as const,
      at: '',
      position: 1,
      author: by('county1').actor,
    }
    const told = aboutProposal(head, { ...server.file(), proposals: [head] }, registry.catalogue)
    t.equal(told, [kind.label, ...new Set([data[kind.titledBy], data[kind.datedBy]])].join(' '), kind.type)
  }
})
