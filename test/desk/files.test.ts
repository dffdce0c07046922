import t, { type Test } from 'tap'
import type { Role } from '../../src/authority/roles.ts'
import { formOf } from '../../src/desk/forms.ts'
import { arranged, tableOf } from '../../src/desk/lists.ts'
import { penalty } from '../../src/records/penalty.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { marksOf, officer, signedIn, Visitor } from './visitor.ts'

const uscc = unifiedCode('DEAK0001')
const key = uscc.slice(8, 17)
const file = `/desk/enterprises/${key}`
/** Where the desk takes an act upon the file. */
const act = (name: string) => `/desk/acts/${name}?code=${key}`
const request = { actor: { authority: '河北省市场监督管理局', officer: '李四' }, command: 'open' }

async function desk(t: Test, roles: Role[] = ['recorder']) {
  const server = await testServer(t)
  const visitor = await signedIn(server, { login: 'zhangsan', roles })
  await server.registry.acts.open(
    { codes: { uscc }, data: { name: '示例公司', region: '130102', abnormalList: '不在名录中' } },
    request,
  )
  return { server, visitor, acts: server.registry.acts, files: server.registry.files }
}

t.test('a file shows what changed when, by whom and why, and what differs between two moments', async (t) => {
  const { server, visitor, files } = await desk(t)
  const form = { name: '示例新名公司', region: '130102', status: '存续' }
  t.equal((await visitor.fill(`${file}/change`, { ...form, reason: '核准变更' })).statusCode, 303)
  const { body } = await visitor.get(file)
  t.match(body, /变更基本信息[\s\S]*河北省市场监督管理局 张三[\s\S]*原因：核准变更/)
  t.match(body, /<del>示例公司<\/del>[\s\S]*<ins>示例新名公司<\/ins>/)
  const { position, revision } = files.byCode(key)
  t.equal(revision, 3, 'the change, and why')
  const platform = await server.app.inject({
    url: '/api/v1/entries?after=0',
    headers: await server.authorization(['audit:read', 'platform:read']),
  })
  t.match(platform.body, /示例新名公司/)
  t.notMatch(platform.body, /核准变更/, 'officers’ words stay inside')
  const same = await visitor.fill(`${file}/change`, { ...form, name: '示例新名公司', reason: '再来' })
  t.match(same, { statusCode: 422, body: /没有改动任何栏目/ })
  const differences = await visitor.get(`${file}/differences?from=0&to=${position}`)
  t.match(differences.body, /<ins>示例新名公司<\/ins>/)
  t.notMatch(differences.body, /<del>/, 'before it was opened there was nothing')
  t.match((await visitor.get(`${file}/differences?from=${position}&to=${position}`)).body, /没有差别/)
  t.match(
    (await visitor.get(`${file}/differences?from=x&to=-1`)).body,
    /<ins>示例新名公司<\/ins>/,
    'nonsense asks for the last change',
  )
})

t.test('internal notes and looked-into warnings stay inside', async (t) => {
  const { server, visitor, acts } = await desk(t)
  t.match((await visitor.fill(file, { text: '' }, act('add-note'))).body, /id="add-note-text-fault"/)
  t.match(
    (await visitor.fill(file, { text: '身份证 11010519491231002X' }, act('add-note'))).body,
    /身份证号码/,
    'no identity numbers there either',
  )
  const noted = await visitor.fill(file, { text: '已电话联系' }, act('add-note'))
  t.equal(noted.headers.location, `${file}?done=add-note`)
  t.match((await visitor.get(file)).body, /已电话联系/)
  for (const address of [`/enterprises/${key}`, `/api/v1/enterprises/${key}`, '/api/v1/changes?since=0'])
    t.notMatch((await server.app.inject(address)).body, /已电话联系|note\.added|内部备注/, address)
  const none = await visitor.fill(file, { code: 'embedded-code', reason: 'x' }, act('settle-warning'))
  t.equal(none.statusCode, 404)

  // The tenth of a kind: a unified code whose inner organisation code does not check.
  const odd = '91130102MA0000000A'
  const within = odd.slice(0, 17)
  const { unifiedCheckCharacter } = await import('../../src/codes/unified-code.ts')
  const valid = within + unifiedCheckCharacter(within)
  await acts.open(
    { codes: { uscc: valid }, data: { name: '示例奇公司', region: '130102' } },
    { ...request, command: 'odd' },
  )
  const oddKey = valid.slice(8, 17)
  t.match((await visitor.get('/desk?what=warning')).body, /核实档案提示[\s\S]*示例奇公司/)
  const own = `/desk/enterprises/${oddKey}`
  const settled = await visitor.fill(
    own,
    { code: 'embedded-code', reason: '与证照一致' },
    `/desk/acts/settle-warning?code=${oddKey}`,
  )
  t.equal(settled.headers.location, `${own}?done=settle-warning`)
  t.match((await visitor.get(own)).body, /已核实：与证照一致/)
  t.notMatch((await visitor.get('/desk?what=warning')).body, /示例奇公司/)
})

t.test('two enterprises of one organisation code are told apart where they are opened', async (t) => {
  const { visitor, files } = await desk(t)
  const other = unifiedCode('DEAK0001', '130202')
  const form = { uscc: other, name: '示例另一公司', region: '130202', status: '存续' }
  t.match((await visitor.fill('/desk/new-file', { ...form, uscc: '9113' })).body, /id="uscc-fault"/)
  const refused = await visitor.fill('/desk/new-file', form)
  t.match(refused, { statusCode: 409, body: /确为两家企业，以统一社会信用代码建档/ })
  const opened = await visitor.send('/desk/new-file', {
    ...marksOf((await visitor.get('/desk/new-file')).body),
    ...form,
    underUnifiedCode: 'on',
  })
  t.equal(opened.headers.location, `/desk/enterprises/${other}?done=opened`)
  t.equal(files.byCode(other).enterprise.name, '示例另一公司')
})

t.test('a whole file is withdrawn once its effect has been read', async (t) => {
  const { server, visitor, files } = await desk(t)
  const page = act('withdraw-file')
  t.match((await visitor.get(page)).body, /档案连同其全部记录不再显示/)
  t.match((await visitor.fill(page, { reason: '' })).statusCode, 422)
  const asked = await visitor.fill(page, { reason: '重复建档' })
  const proposal = String(asked.headers.location).split('?')[0] ?? ''
  t.ok(files.byCode(key), 'one person alone withdraws nothing')
  t.equal((await visitor.fill(proposal, {}, `${proposal}/confirm`)).statusCode, 403)
  const reviewer = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer'] })
  t.equal((await reviewer.fill(proposal, {}, `${proposal}/confirm`)).headers.location, '/desk?done=withdrawn')
  t.throws(() => files.byCode(key))
})

t.test('whoever may not change a record is told before the form, and offered a query', async (t) => {
  const { server, visitor, acts } = await desk(t)
  const { data } = penaltyOf('石罚1号', { authority: '石家庄市局' })
  await officer(server, { login: 'city', authority: '石家庄市局', roles: ['recorder'] })
  await acts.addRecord(key, 'penalty', data, undefined, {
    actor: { authority: '石家庄市局', officer: '市甲' },
    command: 'penalty',
  })
  const id = server.registry.files.byCode(key).records[0]?.id
  const [other, far] = [
    await signedIn(server, { login: 'lisi', name: '李四', authority: '长安区局', roles: ['recorder'] }),
    await signedIn(server, { login: 'wangwu', name: '王五', authority: '唐山市局', roles: ['recorder'] }),
  ]
  for (const page of ['update', 'correct', 'withdraw']) {
    const address =
      page === 'withdraw' ? `${act('withdraw-record')}&id=${id}` : `${file}/records/${id}/${page}`
    const { body } = await other.get(address)
    t.match(
      body,
      /class="notice">该事项属石家庄市局，由石家庄市局或者其上级机关办理；您可以向其提出疑义/,
      page,
    )
    t.match(body, /href="\/desk\/acts\/raise-query\?[^"]*">提出疑义/, page)
    const elsewhere = (await far.get(address)).body
    t.match(elsewhere, /class="notice">该事项属石家庄市局，由石家庄市局或者其上级机关办理。/, page)
    t.notMatch(elsewhere, /提出疑义/, 'who would be refused is not sent there')
    t.notMatch(body, /<form method="post" action="\/desk\/(enterprises|acts)/, `${page} has no form`)
    const own = (await visitor.get(address)).body
    t.notMatch(own, /class="notice"/, `the authority above may ${page}`)
    t.match(own, /<form method="post" action="\/desk\/(enterprises|acts)/)
  }
})

t.test('what is to be withdrawn is shown as it reads today', async (t) => {
  const { server, visitor, acts } = await desk(t)
  const { data } = licenceOf('XK-1')
  await acts.addRecord(
    key,
    'licence',
    { ...data, issuedOn: '2021-11-24', validFrom: '2021-11-24', validTo: '2026-11-23' },
    undefined,
    {
      ...request,
      command: 'licence',
    },
  )
  const id = server.registry.files.byCode(key).records[0]?.id
  const old = await visitor.get(`${file}/records/${id}/withdraw`)
  t.match(old, { statusCode: 308, headers: { location: `${act('withdraw-record')}&id=${id}` } })
  t.match((await visitor.get(String(old.headers.location))).body, /许可状态<\/dt><dd>(<[^>]*>)?过期/)
  t.match((await visitor.get(`${file}/records/${id}/correct`)).body, /<option value="有效" selected/)
})

t.test('what one has put forward waits in one’s own queue, and in the rail', async (t) => {
  const { server, visitor } = await desk(t)
  t.match((await visitor.get('/desk')).body, /<a href="\/desk\/proposals"[^>]*>提请/)
  t.notMatch((await visitor.get('/desk')).body, /等待另一人确认/)
  await visitor.fill(act('withdraw-file'), { reason: '重复建档' })
  t.match((await visitor.get('/desk')).body, /等待另一人确认：[^<]*<\/a> 示例公司/)
  const reviewer = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer'] })
  const { body } = await reviewer.get('/desk')
  t.match(body, /确认：[^<]*<\/a> 示例公司/)
  t.notMatch(body, /等待另一人确认/)
})

t.test('an address that leads nowhere has no page before it to go back to', async (t) => {
  const { visitor } = await desk(t)
  t.notMatch((await visitor.get('/desk/enterprises/000000000')).body, /都还在上一页/)
  t.match((await visitor.fill(file, {}, '/desk/acts/no-such-act')).body, /都还在上一页/)
})

t.test('what the server will say of a form is told while it is filled in', async (t) => {
  const { visitor, acts } = await desk(t)
  const licence = licenceOf('XK-1')
  await acts.addRecord(key, 'licence', licence.data, undefined, { ...request, command: 'licence' })
  const marks = marksOf((await visitor.get(`/desk/new/licence?code=${key}`)).body)
  const check = async (form: Record<string, string>) =>
    (await visitor.send(`/desk/check/licence?code=${key}`, { ...marks, ...form })).json().faults
  t.match(await check({ validTo: '2020-02-30' }), { validTo: /不是存在的日期/, kind: /./ })
  const text = Object.fromEntries(
    Object.entries(licence.data).map(([field, value]) => [field, String(value)]),
  )
  t.match(await check(text), { '': /已有相同的许可认证/ })
  t.same(await check({ ...text, number: 'XK-2' }), {})
  t.equal((await visitor.send(`/desk/check/licence?code=${key}`, text)).statusCode, 403, 'not from elsewhere')
})

t.test('fields are suggested from what was entered for several firms, never from one', async (t) => {
  const { visitor, acts } = await desk(t)
  const second = unifiedCode('DEAK0002')
  await acts.open(
    { codes: { uscc: second }, data: { name: '示例乙', region: '130102' } },
    { ...request, command: 'b' },
  )
  const base = { kind: '日常巡查', outcome: '合格', authority: '省局' }
  for (const [i, [code, product, laboratory]] of [
    [key, '电缆', '甲院'],
    [second, '电缆', '乙院'],
  ].entries())
    await acts.addRecord(
      code ?? '',
      'inspection',
      { ...base, product, laboratory, inspectedOn: `2026-11-0${i + 1}` },
      undefined,
      { ...request, command: `i${i}` },
    )
  const { body } = await visitor.get(`/desk/new/inspection?code=${key}`)
  t.match(body, /<datalist id="product-list"><option value="电缆"/)
  t.notMatch(body, /甲院|乙院/)
})

t.test('a form sent after the session ended waits for its owner behind the sign-in', async (t) => {
  const { server, visitor } = await desk(t)
  const address = `/desk/new/inspection?code=${key}`
  const marks = marksOf((await visitor.get(address)).body)
  server.clock.set('2026-11-24T04:00:00.000Z')
  const typed = { ...marks, product: '打了一半的产品', kind: '日常巡查' }
  const sent = await visitor.send(address, typed, address)
  t.equal(sent.statusCode, 303)
  const next = new URL(String(sent.headers.location), 'http://x').searchParams.get('next') ?? ''
  t.match(next, /^\/desk\/new\/inspection\?code=\w+&kept=[\w-]+$/)
  const back = await visitor.send('/desk/sign-in', {
    login: 'zhangsan',
    password: 'correct horse battery',
    next,
  })
  t.equal(back.headers.location, next)
  t.match((await visitor.get(next)).body, /value="打了一半的产品"/)
  await officer(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
  const other = new Visitor(server)
  await other.signIn('lisi')
  t.notMatch((await other.get(next)).body, /打了一半的产品/, 'nobody else finds it')
  const stranger = new Visitor(server)
  const { headers } = await stranger.send(address, typed, address)
  t.equal(headers.location, '/desk/sign-in', 'nothing is kept of who never signed in')
})

t.test('objections are filed and settled, by two duties', async (t) => {
  const { server, visitor, acts } = await desk(t)
  await acts.addRecord(key, 'penalty', penaltyOf('冀监罚1号').data, undefined, {
    ...request,
    command: 'penalty',
  })
  const id = server.registry.files.byCode(key).records[0]?.id
  const page = `${act('file-objection')}&about=record:${id}`
  t.match((await visitor.get(page)).body, new RegExp(`<option value="record:${id}" selected`))
  const post = act('file-objection')
  t.match(
    (await visitor.fill(page, { about: '', on: '2026-11-20', grounds: 'x' }, post)).body,
    /对什么提出异议：必填/,
  )
  t.match(
    (await visitor.fill(page, { about: `record:${id}`, on: '2027-01-01', grounds: 'x' }, post)).body,
    /晚于今天/,
  )
  const filed = await visitor.fill(
    page,
    { about: `record:${id}`, on: '2026-11-20', grounds: '事实不符' },
    post,
  )
  const objection = String(filed.headers.location).split('?')[0] ?? ''
  t.match(
    (await visitor.get(objection)).body,
    /事实不符[\s\S]*待处理[\s\S]*没有此项操作所需的权限：决定列入、修复和异议（listings:decide），属“审核、发布”岗位/,
  )
  t.match((await visitor.get('/desk')).body, /处理异议/)
  const settle = `/desk/acts/settle-objection?code=${key}&id=${objection.split('/').at(-1)}`
  t.equal((await visitor.fill(objection, { upheld: 'no', outcome: 'x' }, settle)).statusCode, 403)
  const reviewer = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer'] })
  t.match((await reviewer.fill(objection, { upheld: '', outcome: 'x' }, settle)).body, /结果：必填/)
  t.equal((await reviewer.fill(objection, { upheld: 'no', outcome: '证据充分' }, settle)).statusCode, 303)
  t.match((await reviewer.get(objection)).body, /异议不成立[\s\S]*证据充分/)
})

t.test('the early end of a publication goes from application over check to decision', async (t) => {
  const { server, visitor, acts } = await desk(t)
  const penalty = penaltyOf('冀监罚2号', {
    decidedOn: '2025-01-10',
    publishedOn: '2025-02-10',
    fulfilledOn: '2025-02-01',
    fine: 500_000,
  })
  await acts.addRecord(key, 'penalty', penalty.data, undefined, { ...request, command: 'penalty' })
  const page = `${file}/records/${server.registry.files.byCode(key).records[0]?.id}/early-end`
  const id = server.registry.files.byCode(key).records[0]?.id
  const step = (name: string) => `/desk/acts/${name}-early-end?code=${key}&id=${id}`
  await visitor.fill(page, { on: '2026-11-20', grounds: '已履行' }, step('apply'))
  await visitor.fill(page, { findings: '属实' }, step('check'))
  t.match(
    (await visitor.get(page)).body,
    /没有此项操作所需的权限：决定列入、修复和异议（listings:decide），属“审核、发布”岗位/,
  )
  t.equal((await visitor.fill(page, {}, step('decide'))).statusCode, 403)
  const reviewer = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer'] })
  t.match((await reviewer.get('/desk')).body, /决定提前停止公示/)
  t.equal(
    (await reviewer.fill(page, { granted: 'yes', reasons: '符合条件' }, step('decide'))).statusCode,
    303,
  )
  t.match(server.registry.files.byCode(key).records[0]?.data, { publicationEndsOn: '2026-11-24' })
})

t.test('lists sort, filter, page and are taken away as they are looked at', (t) => {
  const columns = [
    { field: 'name', label: '名称', value: (row: { name: string; n: number }) => row.name },
    { field: 'n', label: '数', value: (row: { name: string; n: number }) => row.n },
  ]
  const rows = [
    { name: '乙', n: 10 },
    { name: '甲', n: 9 },
    { name: '丙甲', n: 100 },
  ]
  const names = (find: string, sort: string) => arranged(rows, columns, { find, sort }).rows.map(({ n }) => n)
  t.same(names('', ''), [10, 9, 100])
  t.same(names('', 'n'), [9, 10, 100], 'figures by their size')
  t.same(names('', '-n'), [100, 10, 9])
  t.same(names('甲', '-n'), [100, 9])
  t.same(names('', 'nothing'), [10, 9, 100])
  t.same(tableOf('表', columns, rows.slice(0, 1)).rows, [{ name: '乙', n: 10 }])
  t.end()
})

t.test('a file with hundreds of records stays a page, and every record can be come to', async (t) => {
  const { server, visitor, acts } = await desk(t)
  const data = { kind: '日常巡查', outcome: '合格', authority: '省局', findings: '记录'.repeat(100) }
  for (let i = 0; i < 200; i += 1)
    await acts.addRecord(
      key,
      'inspection',
      { ...data, product: `产品${i}`, inspectedOn: `2026-0${1 + (i % 9)}-1${i % 10}` },
      undefined,
      { ...request, command: `many ${i}` },
    )
  const { body } = await visitor.get(file)
  t.ok(Buffer.byteLength(body) < 100_000, `${Buffer.byteLength(body)} bytes`)
  t.match(body, /监管动态 <span class="number">200<\/span>[\s\S]*第 1 至 15 条/)
  const old = server.registry.files
    .byCode(key)
    .records.find(({ data: own }) => own.inspectedOn === '2026-01-10')
  t.notMatch(body, `id="r-${old?.id}"`)
  t.ok((await visitor.get(`${file}?record=${old?.id}`)).body.includes(`id="r-${old?.id}"`))
  const next = (page: string) =>
    /rel="next" href="([^"]*)#inspections"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
  let seen = 15
  for (let to = next(body); to !== undefined; ) {
    const further = (await visitor.get(to)).body
    t.match(further, `第 ${seen + 1} 至 ${Math.min(seen + 15, 200)} 条`)
    seen += 15
    to = next(further)
  }
  t.equal(seen, 210, 'to the last')

  const offered = server.registry.acts.offered(request.actor)('file', { code: key })
  const objection = offered.find(({ act }) => act.name === 'file-objection')
  t.equal(objection?.asked.choices.about?.length, 200)
  t.equal(
    objection?.asked.choices,
    objection?.asked.choices,
    'offered at each record, it looks through all of them once',
  )
})

t.test(
  'what this version does not know, or can not read, is shown to officers and to nobody else',
  async (t) => {
    const { server, visitor } = await desk(t)
    const { data } = penaltyOf('新类罚1号', { types: ['从业禁止'], mediation: '已调解' })
    const draft = (id: string, more: object) => ({
      ...{ subject: key, kind: 'record.added', payload: { id, type: 'penalty', data: { ...data, ...more } } },
      ...({ visibility: 'platform', author: request.actor } as const),
    })
    const change = { changes: { partyBranch: '第一支部' } }
    await server.writer.append({
      drafts: [
        draft('strange', {}),
        draft('unread', { documentNo: '坏罚2号', fine: '五万元' }),
        { ...draft('', {}), kind: 'enterprise.changed', payload: change },
      ],
      command: 'a later version',
    })
    const { body } = await visitor.get(file)
    t.match(body, /从业禁止[\s\S]*mediation（本版本不认识）[\s\S]*已调解/)
    t.match(body, /partyBranch（本版本不认识）[\s\S]*第一支部/)
    t.match(body, /坏罚2号[\s\S]*五万元[\s\S]*“罚款金额”一栏缺少内容或者不能识别/)
    const shown = (await server.app.inject({ url: `/enterprises/${key}` })).body
    t.match(shown, /新类罚1号[\s\S]*从业禁止/, 'what can be read is public by the rules that can be applied')
    t.notMatch(shown, /已调解|第一支部|坏罚2号/)
  },
)

t.test(
  'a sample goes into the files of its producer and its seller in one go, each in its role',
  async (t) => {
    const { visitor, acts, files, server } = await desk(t)
    const [producer, seller, elsewhere] = ['DEAK0011', 'DEAK0012', 'DEAK0013'].map((body) =>
      unifiedCode(body),
    )
    if (!producer || !seller || !elsewhere) throw new Error('no codes')
    for (const [uscc, name] of [
      [producer, '示例生产有限公司'],
      [seller, '示例超市有限公司'],
      [elsewhere, '示例别家有限公司'],
    ] as const)
      await acts.open({ codes: { uscc }, data: { name, region: '130102' } }, { ...request, command: uscc })
    const sample = {
      kind: '省级监督抽查',
      inspectedOn: '2026-03-01',
      authority: '河北省市场监督管理局',
      sampleNo: 'T1',
      product: '糕',
      outcome: '不合格',
      failedItems: '霉菌',
      deliveredOn: '2026-03-05',
    }
    const page = `/desk/new/inspection?code=${seller.slice(8, 17)}`
    const both = {
      ...sample,
      producer: '示例生产有限公司',
      producerCode: producer,
      sampledUnit: '示例超市有限公司',
      sampledUnitCode: seller,
    }
    const head = server.registry.position()
    const { headers } = await visitor.fill(page, both)
    t.equal(headers.location, `/desk/new/inspection?done=${seller.slice(8, 17)}`)
    const roles = (uscc: string) => files.byCode(uscc).records.map(({ data }) => data.role)
    t.same([roles(seller), roles(producer)], [['被抽样单位'], ['标称生产者']])
    t.equal(server.registry.position(), head + 2, 'one append of two entries')
    t.match(
      (await visitor.get(headers.location as string)).body,
      /同时记入标称生产企业“示例生产有限公司”的档案/,
    )
    const again = await visitor.fill(page, both)
    t.match(again, { statusCode: 409, body: /已有相同的监管动态记录/ })

    const byName = await visitor.fill(page, { ...both, sampleNo: 'T2', producerCode: '' })
    t.match(
      (await visitor.get(byName.headers.location as string)).body,
      /没有记入标称生产企业“示例生产有限公司”的档案：没有选定是哪一家/,
    )
    t.same([roles(seller).length, roles(producer).length], [2, 1], 'a name alone reaches nobody')
    const other = await visitor.fill(page, { ...both, sampleNo: 'T3', producerCode: elsewhere })
    t.match(other, {
      statusCode: 422,
      body: /对应的企业是“示例别家有限公司”，与标称生产企业“示例生产有限公司”不符/,
    })
    t.same([roles(seller).length, roles(elsewhere).length], [2, 0], 'nothing half-taken')
    const unfiled = await visitor.fill(page, {
      ...both,
      sampleNo: 'T4',
      producerCode: unifiedCode('DEAK0019'),
    })
    t.match((await visitor.get(unfiled.headers.location as string)).body, /该代码没有建档/)

    const own = await visitor.fill(`/desk/new/inspection?code=${seller.slice(8, 17)}`, {
      ...sample,
      sampleNo: 'T5',
    })
    t.equal(own.statusCode, 303)
    t.same(roles(seller).at(-1), undefined, 'a sample that names nobody has no role')

    await officer(server, {
      login: 'tangshan',
      authority: '唐山市市场监督管理局',
      roles: ['recorder'],
      region: '130200',
    })
    const tangshan = unifiedCode('DEAK0014')
    await acts.open(
      { codes: { uscc: tangshan }, data: { name: '示例唐山超市', region: '130202' } },
      { ...request, command: 'y' },
    )
    const local = new Visitor(server)
    await local.signIn('tangshan')
    const from = `/desk/new/inspection?code=${tangshan.slice(8, 17)}`
    const theirs = await local.fill(from, {
      ...both,
      kind: '市级监督抽查',
      authority: '唐山市市场监督管理局',
      sampleNo: 'T6',
      sampledUnit: '示例唐山超市',
      sampledUnitCode: tangshan,
    })
    t.match(
      (await local.get(theirs.headers.location as string)).body,
      /没有记入标称生产企业“示例生产有限公司”的档案：/,
    )
    t.same(roles(tangshan), ['被抽样单位'])
    t.equal(roles(producer).length, 1, 'nothing in a file of another place')
  },
)

t.test(
  'an authority that nobody has opened is told while the form is filled in, once it is entered, and by the API',
  async (t) => {
    const server = await testServer(t)
    const { registry, app } = server
    const author = { authority: '系统管理', officer: '命令行' }
    const name = '石家庄市市场监督管理局'
    await registry.authorities.open({ name }, author)
    const uscc = unifiedCode('NEWA0001')
    const own = uscc.slice(8, 17)
    const by = { actor: { authority: name, officer: '市甲' }, command: 'open' }
    await registry.acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130102' } }, by)
    const clerk = await signedIn(server, {
      login: 'clerk',
      name: '王芳',
      authority: name,
      roles: ['recorder'],
    })
    const told = /没有已开立的机关“石家庄市税务局”，该记录属登记的石家庄市市场监督管理局/
    const page = `/desk/new/penalty?code=${own}`
    for (const [n, authority, isTold] of [
      [1, '石家庄市税务局', true],
      [2, name, false],
      [3, '石家庄市场监管局', false],
      [4, `${name}稽查局`, false],
    ] as const) {
      const form = formOf(penaltyOf(`罚${n}号`, { authority }).data, penalty)
      const check = await clerk.fill(page, form, `/desk/check/penalty?code=${own}`)
      const fault: unknown = check.json().faults.authority
      if (isTold) t.match(fault, told)
      else t.equal(fault, undefined, authority)
      const sent = await clerk.fill(page, form)
      t.equal(sent.statusCode, 303, authority)
      const { body } = await clerk.get(String(sent.headers.location))
      if (isTold) t.match(body, told)
      else t.notMatch(body, /没有已开立的机关/, authority)
    }
    const made = await registry.keys.create(
      { name: '接口', authority: name, scopes: ['records:write'] },
      author,
    )
    const { warnings } = await app
      .inject({
        method: 'POST',
        url: `/api/v1/enterprises/${own}/records`,
        headers: { authorization: `Bearer ${made.text}` },
        payload: { type: 'penalty', data: penaltyOf('罚9号', { authority: '石家庄市税务局' }).data },
      })
      .then((answer) => answer.json())
    t.match(warnings, [{ code: 'unknown-authority', detail: told }])
  },
)
