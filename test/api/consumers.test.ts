import t, { type Test } from 'tap'
import { isWithinRanges, readRanges } from '../../src/authority/address-range.ts'
import { closedKey } from '../../src/authority/keys.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

const C = '/api/v1/consumers'

async function pulling(t: Test) {
  const server = await testServer(t)
  const { app, authorization } = server
  const admin = await authorization(['officers:write'])
  const writer = await authorization(['records:write'])
  const call = async (method: 'GET' | 'POST' | 'PUT', url: string, headers: object, payload?: object) => {
    const answer = await app.inject({ method, url, headers: { ...headers }, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const opened = async (name: string) => (await call('POST', C, admin, { name })).body.id as string
  const keyOf = async (consumer: string, more: object = {}) => {
    const asked = { name: '拉取程序', authority: '测试局', scopes: ['platform:read'], consumer, ...more }
    const { body } = await call('POST', '/api/v1/keys', admin, asked)
    return { authorization: `Bearer ${body.text}` }
  }
  const uscc = unifiedCode('DEM00001')
  const file = `/api/v1/enterprises/${uscc.slice(8, 17)}`
  await call('POST', '/api/v1/enterprises', writer, { uscc, enterprise: { name: '示例公司' } })
  const penalty = (await call('POST', `${file}/records`, writer, penaltyOf('1号'))).body.id as string
  return { server, call, admin, opened, keyOf, penalty, key: uscc.slice(8, 17) }
}

t.test('a consumer pulls, acknowledges, and is shown with its lag; of two each has its own', async (t) => {
  const { server, call, admin, opened, keyOf } = await pulling(t)
  const [one, two] = [await opened('省信用平台'), await opened('市信用平台')]
  const key = await keyOf(one)
  const page = (await call('GET', '/api/v1/events', key)).body
  const put = (position: number, epoch = page.epoch) =>
    call('PUT', `${C}/me/position`, key, { position, epoch })
  t.match(await put(page.next), { status: 200, body: { id: one, acknowledged: page.next, lag: 0 } })
  t.match(await put(page.next), { status: 200 }, 'again')
  await keyOf(two)
  const { items } = (await call('GET', C, admin)).body
  t.match(
    items.map(({ id, acknowledged }: { id: string; acknowledged: number }) => [id, acknowledged]).sort(),
    [
      [one, page.next],
      [two, 0],
    ].sort(),
  )
  t.ok((await call('GET', `${C}/me`, key)).body.lag > 0)
  const metrics = (await server.app.inject('/metrics')).body
  t.match(metrics, /consumer_lag_entries\{consumer="省信用平台"\} [1-9]/)
  t.match(metrics, /consumer_silent_days\{consumer="市信用平台"\} 0/)
  t.match(await put(page.next, 'another'), {
    status: 409,
    body: { type: 'http://localhost:8080/api/v1/problems/other-epoch' },
  })
})

t.test('what can’t be so is refused, changes nothing, and is kept once', async (t) => {
  const { server, call, admin, opened, keyOf, penalty, key: orgCode } = await pulling(t)
  const id = await opened('省信用平台')
  const key = await keyOf(id)
  const { next, epoch, items } = (await call('GET', '/api/v1/events', key)).body
  const put = (position: number) => call('PUT', `${C}/me/position`, key, { position, epoch })
  t.equal((await put(next)).status, 200)
  t.match(await put(next - 1), {
    status: 409,
    body: { type: /problems\/position-backwards$/, title: /早于此前确认的/ },
  })
  t.match(await put(next + 1), { status: 409, body: { type: /problems\/never-sent$/, title: /从未发送/ } })
  t.equal((await put(next + 1)).status, 409)
  const nobodys = await server.authorization(['platform:read'])
  const wrong = { position: next, epoch: 'another' }
  t.match(
    await call('PUT', `${C}/me/position`, nobodys, wrong),
    { status: 403 },
    'of no consumer, first of all',
  )
  const added = items.find((event: { id: string }) => event.id === penalty)
  const answer = { orgCode, id: penalty, position: added.position, outcome: 'taken' }
  const post = (...given: object[]) => call('POST', `${C}/me/receipts`, key, { items: given })
  for (const wrong of [{ position: added.position + 1 }, { id: 'other' }, { orgCode: 'M000100Y4' }])
    t.match(await post(answer, { ...answer, ...wrong }), {
      status: 409,
      body: { errors: [{ pointer: '/items/1/position', code: 'never-sent' }] },
    })
  t.match(await post({ ...answer, outcome: 'refused' }), {
    status: 422,
    body: { errors: [{ pointer: '/items/0/reason' }] },
  })
  const [own] = (await call('GET', C, admin)).body.items
  t.match(own, { acknowledged: next, taken: 0, refused: 0, error: /422/ })
  t.same(
    own.findings.map(({ what }: { what: string }) => what),
    ['position-backwards', 'never-sent', 'never-sent', 'never-sent'],
  )
  const found = await server.registry.searchEntries({ kind: 'consumer.finding' }, 1e9, 10)
  t.equal(found.length, 4)
})

t.test('what is refused lands in its owner’s queue, until it is taken', async (t) => {
  const { server, call, opened, keyOf, penalty, key: orgCode } = await pulling(t)
  const key = await keyOf(await opened('省信用平台'))
  const { items } = (await call('GET', '/api/v1/events', key)).body
  const { position } = items.find((event: { id: string }) => event.id === penalty)
  const post = (more: object) =>
    call('POST', `${C}/me/receipts`, key, { items: [{ orgCode, id: penalty, position, ...more }] })
  const refusal = { outcome: 'refused', code: 'E07', reason: '处罚机关代码为空' }
  t.match(await post(refusal), { status: 200, body: { refused: 1, taken: 0 } })
  t.match(await post(refusal), { status: 200, body: { refused: 1 } }, 'twice')
  const owner = await server.authorization(['records:write'])
  const due = async () => (await call('GET', '/api/v1/deadlines?what=query', owner)).body.items
  t.match(await due(), [{ orgCode, consequence: '取用方“省信用平台”：未收（E07）：处罚机关代码为空' }])
  t.equal((await due()).length, 1)
  t.match(await post({ outcome: 'taken' }), { status: 200, body: { refused: 0, taken: 1 } })
  t.same(await due(), [])
})

t.test('who is silent for days is warned of: the day before, on it, and after', async (t) => {
  const { server, opened, keyOf, call } = await pulling(t)
  const id = await opened('省信用平台')
  const key = await keyOf(id)
  await call('GET', '/api/v1/events', key)
  for (const [at, isSilent] of [
    ['2026-11-27T01:59:59.000Z', false],
    ['2026-11-27T02:00:00.000Z', true],
    ['2026-11-30T02:00:00.000Z', true],
  ] as const) {
    server.clock.set(at)
    t.match(await server.registry.consumers.one(id), { isSilent }, at)
  }
  await call('GET', '/api/v1/events', key)
  t.match(await server.registry.consumers.one(id), { isSilent: false, silentDays: 0 })
})

t.test('a key ends with its day, is kept to its addresses, and closes with its consumer', async (t) => {
  const { server, opened, keyOf, call, admin } = await pulling(t)
  const id = await opened('省信用平台')
  const get = async (key: object, from = '203.0.113.9') =>
    (await call('GET', '/api/v1/events', { ...key, 'x-forwarded-for': from })).status
  const bounded = await keyOf(id, { addresses: '203.0.113.0/24，2001:db8::/32' })
  t.equal(await get(bounded), 200)
  t.equal(await get(bounded, '2001:db8::7'), 200)
  t.equal(await get(bounded, '203.0.114.1'), 403)
  const dated = await keyOf(id, { expiresOn: '2026-11-25' })
  server.clock.set('2026-11-25T15:59:59.000Z')
  t.equal(await get(dated), 200)
  server.clock.set('2026-11-25T16:00:00.000Z')
  t.equal(await get(dated), 403)
  const create = (more: object) =>
    call('POST', '/api/v1/keys', admin, {
      name: 'x',
      authority: '测试局',
      scopes: ['platform:read'],
      ...more,
    })
  t.match(await create({ expiresOn: '2026-11-25' }), {
    status: 422,
    body: { errors: [{ pointer: '/expiresOn' }] },
  })
  t.match(await create({ addresses: '203.0.113.0/33' }), {
    status: 422,
    body: { errors: [{ pointer: '/addresses' }] },
  })
  t.match(await create({ consumer: 'none' }), { status: 422, body: { errors: [{ pointer: '/consumer' }] } })
  const other = await keyOf(await opened('市信用平台'))
  t.equal((await call('POST', `${C}/${id}/closing`, admin, {})).status, 200)
  t.equal(await get(bounded), 403)
  t.equal(await get(other), 200)
  const loose = await server.authorization(['platform:read'])
  t.match(await call('GET', `${C}/me`, loose), { status: 403, body: { title: /不属于任何取用方/ } })
  t.equal((await call('GET', C, other)).status, 403)
})

t.test('address ranges', async (t) => {
  t.same(readRanges('10.0.0.0/8 ，192.168.1.1'), { ranges: ['10.0.0.0/8', '192.168.1.1'], unreadable: [] })
  t.same(readRanges('10.0.0.0/33 x ::/129 1.2.3.4/ 1.2.3.4/8/9').ranges, [])
  t.ok(isWithinRanges(['10.0.0.0/8'], '::ffff:10.9.9.9'), 'as the server may see it')
  t.ok(isWithinRanges(['192.168.1.1'], '192.168.1.1'))
  t.notOk(isWithinRanges(['192.168.1.1'], '192.168.1.2'))
  t.notOk(isWithinRanges(['10.0.0.0/8'], 'junk'))
  const key = { expiresOn: '2026-11-25', addresses: undefined }
  t.equal(closedKey(key, '2026-11-25', undefined), undefined)
  t.match(closedKey(key, '2026-11-26', undefined), /2026-11-25 届满/)
})

t.test('how soon the platform had what was decided is counted, and what is late is told', async (t) => {
  const { server, call, admin, opened, keyOf } = await pulling(t)
  const { status: _, body: before } = await call('GET', '/api/v1/reports/timeliness', admin)
  t.match(before, { status: 403 })
  const platform = await server.authorization(['platform:read'])
  for (const report of ['timeliness', 'late-transfers'])
    t.equal(
      (await call('GET', `/api/v1/reports/${report}`, platform)).status,
      403,
      'it names what it is not told',
    )
  const reader = await server.authorization(['records:read'])
  const writer = await server.authorization(['records:write'])
  server.clock.set('2026-12-08T02:00:00.000Z')
  const file = `/api/v1/enterprises/${unifiedCode('DEM00001').slice(8, 17)}/records`
  // Seven working days after Monday 2026-12-07: Wednesday 2026-12-16.
  const data = penaltyOf('时效1号', { decidedOn: '2026-12-07', authority: '省局' })
  t.equal((await call('POST', file, writer, data)).status, 201)
  const incomplete = penaltyOf('时效2号', {
    decidedOn: '2026-12-07',
    authority: '省局',
    procedure: undefined,
  })
  t.equal((await call('POST', file, writer, incomplete)).status, 201)
  const asked = 'from=2026-12-07&to=2026-12-07'
  const report = async (more = '') =>
    (await call('GET', `/api/v1/reports/timeliness?${asked}${more}`, reader)).body.items
  const late = async () =>
    (await call('GET', '/api/v1/reports/late-transfers', reader)).body.items
      .filter(({ number }: { number: string }) => number.startsWith('时效'))
      .map(({ state, step }: { state: string; step: string }) => [state, step])
  t.match(await report(), [{ records: 2, untold: 1, enteredRate: 100, enteredDays: 1, pulledRate: null }])
  server.clock.set('2026-12-14T02:00:00.000Z')
  t.same(await late(), [])
  server.clock.set('2026-12-15T02:00:00.000Z')
  t.same(await late(), [['下一工作日到期', '平台尚未取用']])
  const [id, other] = [await opened('省信用平台'), await opened('市信用平台')]
  const key = await keyOf(id)
  const page = (await call('GET', '/api/v1/events', key)).body
  t.same(await late(), [['下一工作日到期', '平台尚未确认']])
  server.clock.set('2026-12-16T02:00:00.000Z')
  t.same(await late(), [['今日到期', '平台尚未确认']])
  server.clock.set('2026-12-17T02:00:00.000Z')
  t.same(await late(), [['已逾期', '平台尚未确认']])
  const position = { position: page.next, epoch: page.epoch }
  t.equal((await call('PUT', `${C}/me/position`, key, position)).status, 200)
  t.same(await late(), [])
  const row = {
    pulledRate: 100,
    pulledDays: 6,
    acknowledgedRate: 0,
    acknowledgedLate: 1,
    acknowledgedDays: 8,
  }
  t.match(await report(), [row])
  t.match(await report(`&consumer=${id}`), [row])
  t.match(await report(`&consumer=${other}`), [{ pulledRate: 0, pulledLate: 1 }])
  t.match(await report('&by=month'), [{ month: '2026-12', kind: '行政处罚' }])
  const csv = `/api/v1/reports/timeliness?${asked}&format=csv`
  t.match((await server.app.inject({ url: csv, headers: reader })).body, /决定月份,类别,机关,件数/)
})

/** A consumer that was sent two penalties, and what stands in the register of what it answers. */
async function answering(t: Test) {
  const all = await pulling(t)
  const { server, call, opened, keyOf, key: orgCode, penalty } = all
  const id = await opened('省信用平台')
  const key = await keyOf(id)
  const writer = await server.authorization(['records:write'])
  const second: string = (
    await call('POST', `/api/v1/enterprises/${orgCode}/records`, writer, penaltyOf('2号'))
  ).body.id
  const { items } = (await call('GET', '/api/v1/events', key)).body
  const placeOf = (thing: string) => {
    const { position } = items.find((event: { id: string }) => event.id === thing)
    return { orgCode, id: thing, position: position as number }
  }
  const post = (...given: object[]) => call('POST', `${C}/me/receipts`, key, { items: given })
  const me = async () => (await call('GET', `${C}/me`, key)).body
  const doubts = () =>
    (server.views.dossier(orgCode)?.queries ?? []).map(
      ({ record, text, answered }) => `${record === second ? 2 : 1} ${text}${answered ? ' 已答' : ''}`,
    )
  return { ...all, id, key, one: placeOf(penalty), two: placeOf(second), post, me, doubts }
}

t.test('a consumer bears no authority’s name, nor another’s, however it is written', async (t) => {
  const { server, call, admin, opened } = await pulling(t)
  const author = { authority: '系统管理', officer: '命令行' }
  const open = (name: string) => server.registry.authorities.open({ name }, author)
  await open('石家庄市局')
  await open('唐山市市场监督管理局')
  const standing = await opened('国家信用平台')
  for (const [name, status, title] of [
    ['石家庄市局', 422, /石家庄市局的名称/],
    ['石家庄市局\u200b', 422, /看不见/],
    ['石家庄巿局', 422, /石家庄市局的名称/],
    ['石家莊市局', 422, /石家庄市局的名称/],
    ['石家庄市局（本级）', 422, /石家庄市局的名称/],
    ['唐山市场监管局', 422, /唐山市市场监督管理局的名称/],
    ['石家庄市局稽查局', 422, /石家庄市局的名称/],
    ['国家市场监督管理总局', 422, /国家机关的名称/],
    ['天津市市场监督管理委员会', 422, /天津市的机关的名称/],
    ['质量信用档案系统', 422, /系统自身的名称/],
    ['命令行', 422, /系统自身的名称/],
    ['取用方“国家信用平台”', 422, /取用方的名称/],
    ['国家信用平台', 409, /已有名为/],
    ['国家信用平台\u2060', 422, /看不见/],
    ['國家信用平台', 409, /只是写法不同/],
    ['国家 信用平台', 422, /不规范/],
    ['国家-信用平台', 409, /只是写法不同/],
    ['石家庄市局信用平台', 201, undefined],
    ['天津市信用平台', 201, undefined],
    ['全国企业信用协会', 201, undefined],
    ['国家信用平台二', 201, undefined],
  ] as const) {
    const found = await call('POST', C, admin, { name })
    t.match([found.status, found.body.title], [status, title], JSON.stringify(name))
  }
  t.equal((await call('POST', `${C}/${standing}/closing`, admin, {})).status, 200)
  t.equal((await call('POST', C, admin, { name: '国家信用平台' })).status, 201, 'after it was closed')
  await t.rejects(
    open('取用方唐山市局'),
    /取用方的名称/,
    'nor does an authority bear one as entries write it',
  )
})

t.test('of two consumers each settles its own doubts, and no authority’s', async (t) => {
  const { server, call, opened, keyOf, key: orgCode, penalty } = await pulling(t)
  const command = (n: number) => ({ command: `test/${n}` })
  // As older versions let them be opened: two of one name, one of an authority's.
  const author = { authority: '测试局', officer: '甲' }
  const old = async (id: string, name: string) => {
    const draft = { subject: `consumer/${id}`, kind: 'consumer.opened', payload: { name } }
    await server.writer.append({ drafts: [{ ...draft, visibility: 'internal', author }], ...command(1e3) })
  }
  await server.writer.append({
    drafts: ['a', 'b'].map((id) => ({
      ...{ subject: `consumer/${id}`, kind: 'consumer.opened', payload: { name: '国家平台' } },
      ...{ visibility: 'internal' as const, author },
    })),
    ...command(1),
  })
  await old('c', '测试局')
  const query = (id: string, said: object) => ({
    ...{ subject: orgCode, kind: 'query.raised', payload: { id, record: penalty, text: id } },
    ...{ visibility: 'internal' as const, author, ...said },
  })
  const ofPlatform = { author: { authority: '国家平台', officer: '拉取程序' } }
  await server.writer.append({ drafts: [query('authority’s own', {})], ...command(2) })
  for (const of of ['a', 'b'])
    await server.writer.append({
      drafts: [query(`of ${of}`, ofPlatform)],
      command: `consumer/${of}/receipts/0`,
    })
  await server.writer.append({
    drafts: [query('of c, long ago', {})],
    command: `consumer/c/receipt/1/${penalty}/refused/E1`,
  })
  const [a, c] = [await keyOf('a'), await keyOf('c')]
  const fresh = await keyOf(await opened('另一平台'))
  const open = () =>
    (server.views.dossier(orgCode)?.queries ?? []).flatMap(({ text, answered }) => (answered ? [] : [text]))
  const taken = async (key: object, more: object = { outcome: 'taken' }) => {
    const { items } = (await call('GET', '/api/v1/events', key)).body
    const { position } = items.find((event: { id: string }) => event.id === penalty)
    const item = { orgCode, id: penalty, position, ...more }
    return (await call('POST', `${C}/me/receipts`, key, { items: [item] })).status
  }
  t.equal(await taken(fresh), 200)
  t.same(
    open(),
    ['authority’s own', 'of a', 'of b', 'of c, long ago'],
    'one that doubted nothing settles nothing',
  )
  t.equal(await taken(a), 200)
  t.same(open(), ['authority’s own', 'of b', 'of c, long ago'])
  t.equal(await taken(c), 200)
  t.same(open(), ['authority’s own', 'of b'])
  t.equal(await taken(c, { outcome: 'refused', code: 'E2', reason: '缺栏' }), 200)
  const authors = (server.views.dossier(orgCode)?.queries ?? []).map(({ author: said }) => said.authority)
  t.same(
    authors,
    ['测试局', '取用方“国家平台”', '取用方“国家平台”', '取用方“测试局”', '取用方“测试局”'],
    'each is shown as who it was',
  )
  const entries = await server.register.read(0, 1000)
  const last = entries.filter(({ kind }) => kind.startsWith('query.')).at(-1)
  t.equal(last?.author.authority, '取用方“测试局”', 'and written so')
})

t.test('receipts are taken in all or none, as often as they are sent', async (t) => {
  const { server, one, two, post, me, doubts } = await answering(t)
  const refused = (place: object, code: string, reason: string) => ({
    ...{ ...place, outcome: 'refused', code, reason },
  })
  t.match(await post(refused(two, 'E9', '原因一')), { status: 200 })
  const batch = [refused(one, 'E1', '新的原因'), refused(two, 'E9', '原因二')]
  for (const _ of [1, 2]) t.match(await post(...batch), { status: 200, body: { refused: 2, taken: 0 } })
  const both = ['2 未收（E9）：原因一', '1 未收（E1）：新的原因', '2 未收（E9）：原因二']
  t.same(doubts(), both)
  const before = server.registry.position()
  t.match(await post(refused(one, 'E3', '其三'), { ...two, position: two.position + 1, outcome: 'taken' }), {
    status: 409,
  })
  t.same(doubts(), both, 'of a batch with one that can’t be so, nothing')
  t.equal(server.registry.position(), before + 1, 'but the finding')
  t.match(await me(), { refused: 2, taken: 0 })
  t.match(await post(refused(one, 'E1', '新的原因'), { ...one, outcome: 'taken' }), {
    status: 200,
    body: { refused: 1, taken: 1 },
  })
  t.same(
    doubts(),
    ['2 未收（E9）：原因一', '1 未收（E1）：新的原因 已答', '2 未收（E9）：原因二'],
    'the last counts',
  )
  t.match(await post(refused(one, 'E1', '新的原因')), { status: 200, body: { refused: 2 } })
  t.equal(doubts().at(-1), '1 未收（E1）：新的原因', 'refused anew, with the same words')
  const [many] = await Promise.all([1, 2, 3].map(() => post(refused(one, 'E4', '同时'))))
  t.equal(many?.status, 200)
  t.equal(doubts().filter((text) => text === '1 未收（E4）：同时').length, 1, 'at one time')
})

t.test('what a consumer says is by the rule for text, and stands in payloads alone', async (t) => {
  const { server, call, id, key, one, post, me } = await answering(t)
  const identity = '11010519491231002X'
  for (const member of ['code', 'reason', 'id', 'orgCode'])
    for (const text of ['损\u0001', '损\uffff', '损\ud800', identity, 'a'.repeat(501)]) {
      const { status } = await post({ ...one, outcome: 'refused', code: 'E1', reason: '坏', [member]: text })
      t.ok(status === 422 || status === 400, `${member} ${JSON.stringify(text).slice(0, 30)} ${status}`)
    }
  const mark = '记号甲乙'
  t.match(await post({ ...one, outcome: 'refused', code: `E${mark}`, reason: `一\n二 ${mark}` }), {
    status: 200,
  })
  t.match(server.views.dossier(one.orgCode)?.queries, [{ text: `未收（E${mark}）：一二 ${mark}` }])
  t.match(await post({ ...one, id: mark, outcome: 'taken' }), { status: 409, body: { title: /从未发送/ } })
  const wrong = { [`多余${identity}`]: 1, ...one, outcome: 'taken' }
  t.match(await post(wrong), { status: 422 })
  t.match(await me(), { error: '422 invalid' }, 'nor is what was refused kept in words of its own')
  const entries = await server.register.read(0, 1000)
  for (const { payload: _, ...head } of entries) t.notMatch(JSON.stringify(head), mark)
  const findings = entries.filter(({ kind }) => kind === 'consumer.finding')
  t.equal(findings.length, 1)
  t.notMatch(JSON.stringify(findings), mark)
  const admin = await server.authorization(['officers:write'])
  t.notMatch((await call('GET', C, admin)).body.items, { error: mark })
  const set = await call('PUT', `${C}/me/webhook`, key, { url: `https://example.com/${identity}` })
  t.match([id, set.status], [id, 422])
})

t.test('whoever says what can’t be so again and again makes the register no longer', async (t) => {
  const { server, call, key, one, post, me } = await answering(t)
  const { epoch } = (await call('GET', '/api/v1/events', key)).body
  const before = server.registry.position()
  const wrong = async (n: number) => {
    t.equal((await post({ ...one, position: 1_000 + n, outcome: 'taken' })).status, 409)
    t.equal((await call('PUT', `${C}/me/position`, key, { position: 2_000 + n, epoch })).status, 409)
  }
  for (let n = 0; n < 12; n += 1) await wrong(n)
  t.equal(server.registry.position(), before + 10)
  server.clock.set('2026-11-24T15:59:59.000Z')
  await wrong(20)
  t.equal(server.registry.position(), before + 10, 'on that day')
  server.clock.set('2026-11-24T16:00:00.000Z')
  await Promise.all([21, 22, 23, 24, 25, 26].map(wrong))
  t.equal(server.registry.position(), before + 20, 'and ten on the next, though they come at one time')
  t.match(await me(), { error: /^409 / })
  const refused = (reason: string) => ({ ...one, outcome: 'refused', code: '', reason })
  for (let n = 0; n < 22; n += 1) t.equal((await post(refused(`原因${n}`))).status, 200)
  t.equal(server.registry.position(), before + 40, 'doubts about one thing')
  t.match(await me(), { refused: 1 })
})

t.test('a key of a repeated request keeps no identity number', async (t) => {
  const { call, server } = await pulling(t)
  const writer = await server.authorization(['records:write'])
  const write = (repeat: string) =>
    call(
      'POST',
      '/api/v1/enterprises',
      { ...writer, 'idempotency-key': repeat },
      { uscc: unifiedCode('DEM00002'), enterprise: { name: '示例二公司' } },
    )
  for (const repeat of ['11010519491231002X', 'req-110105-19491231-002x', 'a'.repeat(201), '键'])
    t.match(await write(repeat), { status: 400, body: { type: /idempotency-key$/ } }, repeat)
  t.equal((await write('20261124-0001')).status, 201)
})
