import t, { type Test } from 'tap'
import { licenceOf, testServer, unifiedCode } from '../support.ts'
import { signedIn } from './visitor.ts'

const codes = Array.from({ length: 6 }, (_, i) => unifiedCode(`DRAW000${i}`))
const keyOf = (uscc: string) => uscc.slice(8, 17)
const [first = ''] = codes.map(keyOf)
const request = { actor: { authority: '河北省市场监督管理局', officer: '省局' }, command: 'open' }
const by = (command: string) => ({ ...request, command })

async function desk(t: Test) {
  const server = await testServer(t)
  const { acts } = server.registry
  for (const [i, uscc] of codes.entries()) {
    await acts.open(
      { codes: { uscc }, data: { name: `示例${i}号电缆厂`, region: i < 4 ? '130102' : '130202' } },
      by(`o${i}`),
    )
    const licence = licenceOf(`XK-${i}`, {
      issuedOn: '2026-01-10',
      validTo: i === 0 ? '2027-02-01' : '2029-02-28',
    })
    await acts.addRecord(keyOf(uscc), 'licence', licence.data, undefined, by(`l${i}`))
  }
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder', 'reviewer'] })
  return { server, visitor }
}

t.test('the queue counts as overdue what it lists, and planned inspections by themselves', async (t) => {
  const { server, visitor } = await desk(t)
  const said = async (url: string) => {
    const { body } = await visitor.get(url)
    const [, overdue = ''] = /<strong class="state caution">(逾期 \d+ 项)</.exec(body) ?? []
    const [, apart = ''] = /<a href="\/desk\?what=inspection">(另有[^<]*)</.exec(body) ?? []
    const [, none = ''] = /<p class="none">([^<]*)</.exec(body) ?? []
    return { overdue, apart, none }
  }
  t.same(await said('/desk'), {
    overdue: '',
    apart: '另有计划检查 6 项，其中逾期 6 项',
    none: '除计划检查外没有待办事项。',
  })
  t.same(await said('/desk?what=inspection'), { overdue: '逾期 6 项', apart: '', none: '' })
  t.same(await said('/desk?what=rectification'), { overdue: '', apart: '', none: '没有待办事项。' })
  const { acts } = server.registry
  const data = {
    kind: '日常巡查',
    inspectedOn: '2026-10-20',
    authority: '省局',
    product: '电缆',
    outcome: '不合格',
    rectificationDueOn: '2026-11-01',
  }
  await acts.addRecord(first, 'inspection', data, undefined, by('failed'))
  const { overdue, apart, none } = await said('/desk')
  t.match(overdue, /^逾期 [1-9]\d* 项$/, 'what is listed')
  t.match(apart, /^另有计划检查/)
  t.equal(none, '')
})

t.test('the plan’s items lead to the form that closes them, and leave the queue', async (t) => {
  const { server, visitor } = await desk(t)
  const plan = await visitor.get('/desk/supervision')
  t.match(plan.body, /共 6 行/)
  const link = `/desk/new/inspection?code=${first}&amp;planNo=${first}-wire-cable-20260710`
  t.ok(plan.body.includes(link), 'with the plan’s number')
  t.match((await visitor.get('/desk?what=inspection')).body, /计划检查[\s\S]*示例0号电缆厂/)
  const address = link.replace('&amp;', '&')
  t.match((await visitor.get(address)).body, new RegExp(`value="${first}-wire-cable-20260710"`))
  const form = {
    kind: '日常巡查',
    inspectedOn: '2026-11-20',
    authority: '市局',
    product: '电线电缆',
    outcome: '合格',
    planNo: `${first}-wire-cable-20260710`,
  }
  t.equal((await visitor.fill(address, form, `/desk/new/inspection?code=${first}`)).statusCode, 303)
  t.match((await visitor.get('/desk/supervision?status=done')).body, /已检查 2026-11-20/)
  t.notMatch((await visitor.get('/desk?what=inspection')).body, /示例0号电缆厂/)
  t.match((await visitor.get('/desk/supervision?region=130200')).body, /共 2 行/)
  t.match((await visitor.get('/desk/supervision?from=2026-13-01')).statusCode, 422)
  t.match((await visitor.get('/desk/supervision?format=csv&status=overdue')).body, /示例1号电缆厂.*逾期/)
  t.match((await visitor.get('/desk/supervision/renewals')).body, /示例0号电缆厂[\s\S]*共 1 行/)
  t.match((await visitor.get('/desk/supervision/scheme')).body, /电线电缆[\s\S]*加严监管/)
  const county = await signedIn(server, {
    login: 'county',
    name: '县甲',
    roles: ['recorder'],
    region: '130202',
  })
  t.match(
    (await county.get('/desk/supervision?region=130100')).body,
    /共 2 行/,
    'one’s own region and no other',
  )
})

t.test('a failed test is followed up from rectification to re-inspection', async (t) => {
  const { server, visitor } = await desk(t)
  const data = {
    kind: '省级监督抽查',
    inspectedOn: '2026-10-01',
    deliveredOn: '2026-10-08',
    authority: '省局',
    product: '电线电缆',
    outcome: '不合格',
    rectificationDueOn: '2026-11-01',
  }
  await server.registry.acts.addRecord(first, 'inspection', data, undefined, by('failed'))
  const record = server.registry.files.byCode(first).records.at(-1)
  t.match(
    (await visitor.get('/desk')).body,
    /2026-11-01<\/span><span class="state caution"> 已逾期[\s\S]*督促整改/,
  )
  t.match((await visitor.get('/desk/supervision/follow-ups?state=overdue')).body, /限期整改[\s\S]*已逾期/)
  const page = `/desk/enterprises/${first}/records/${record?.id}/update`
  t.ok((await visitor.get('/desk')).body.includes(page), 'one click from being done')
  await visitor.fill(page, { ...data, rectifiedOn: '2026-11-20', reason: '整改完成' })
  t.match((await visitor.get('/desk')).body, /2026-12-05<\/span><span class="hint"> 估计[\s\S]*复查/)
  t.notMatch((await visitor.get('/desk')).body, /督促整改<\/a>/)
  const inspected = { reinspectedOn: '2026-11-24', reinspectionOutcome: '合格', reason: '复查' }
  await visitor.fill(page, { ...data, rectifiedOn: '2026-11-20', ...inspected })
  t.notMatch((await visitor.get('/desk')).body, /复查<\/a>/)
})

t.test('a draw is made in the open, checked, and closed by recording', async (t) => {
  const { server, visitor } = await desk(t)
  const page = '/desk/supervision/draws'
  const form = {
    name: '电线电缆抽查',
    commitment: '张三随手写下的一句话，足足十六字',
    group: 'wire-cable',
    level: '市',
    from: '2026-01-01',
    to: '2026-12-31',
    B: '50',
    inspectors: '张三\n王五\n赵六',
    inspectorsEach: '2',
  }
  for (const [wrong, fault] of [
    [{ commitment: '' }, /begin-draw-commitment-fault/],
    [{ commitment: '太短，只有十一个字' }, /至少 16 个字符/],
    [{ group: '' }, /产品类别：必填/],
    [{ level: '' }, /抽查层级：必填/],
    [{ B: '150' }, /应为 0 到 100%/],
    [{ B: '' }, /抽取比例：必填/],
    [{ inspectors: ' ' }, /检查人员：至少一名/],
    [{ inspectorsEach: '4' }, /检查人员只有 3 名/],
    [{ from: '2026-02-30' }, /期间：不是存在的日期/],
  ] as const) {
    const refused = await visitor.fill(page, { ...form, ...wrong }, '/desk/acts/begin-draw')
    t.match(refused, { statusCode: 422, body: fault })
    t.match(refused.body, /value="电线电缆抽查"/, 'what was typed is still there')
  }
  const made =
    String((await visitor.fill(page, form, '/desk/acts/begin-draw')).headers.location).split('?')[0] ?? ''
  const begun = await visitor.get(made)
  t.match(begun.body, /待另一人提交种子的摘要[\s\S]*公布摘要/)
  t.notMatch(begun.body, /随手写下/)
  const number = made.split('/').at(-1)
  const colleague = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer'] })
  t.match((await colleague.get('/desk')).body, /提交另一份种子/)
  await colleague.fill(
    made,
    { commitment: '李四写下的另一句话，也足足十六字' },
    `/desk/acts/join-draw?id=${number}`,
  )
  t.match((await visitor.get('/desk')).body, /开启种子/)
  const opening = `/desk/acts/open-draw?id=${number}`
  t.match(
    (await visitor.fill(made, { part: '张三随手写下的一句话，足足十七字呀' }, opening)).body,
    /与已经公布的摘要不符/,
  )
  await visitor.fill(made, { part: '张三随手写下的一句话，足足十六字' }, opening)
  t.match((await visitor.get(made)).body, /候选已确定，待开启另一份种子/)
  t.notMatch((await visitor.get('/desk')).body, />开启种子</, 'nothing is left for the first to do')
  await colleague.fill(made, { part: '李四写下的另一句话，也足足十六字' }, opening)
  const shown = (await visitor.get(made)).body
  t.match(shown, /候选 6 家[\s\S]*抽中 3 家，待检查 3 家/)
  t.match(shown, /结果与登记的完全一致/)
  t.match(shown, /SHA-256\(种子\/档案编号\)/)
  const id = made.split('/').at(-1) ?? ''
  const { drawn } = server.registry.supervision.draw(id)
  const mine = drawn.filter(({ inspectors }) => inspectors.includes('张三'))
  const tasks = (await visitor.get('/desk')).body.match(/检查抽中的企业/g) ?? []
  t.equal(tasks.length, mine.length)
  const [next] = mine
  if (!next) return t.fail('no enterprise fell to the inspector')
  const address = `/desk/new/inspection?code=${next.orgCode}`
  t.match((await visitor.get(`${address}&planNo=${id}`)).body, new RegExp(`value="${id}"`))
  const done = { kind: '专项检查', inspectedOn: '2026-11-24', authority: '市局', outcome: '合格', planNo: id }
  await visitor.fill(`${address}&planNo=${id}`, done, address)
  t.match((await visitor.get(made)).body, /待检查 2 家[\s\S]*已检查，合格/)
  t.equal(((await visitor.get('/desk')).body.match(/检查抽中的企业/g) ?? []).length, mine.length - 1)
  t.match((await visitor.get('/desk/supervision/draws?format=csv')).body, /电线电缆抽查/)
})

t.test('reports by one’s own region, with chart, table and files', async (t) => {
  const { server, visitor } = await desk(t)
  t.equal((await visitor.get('/desk/reports')).headers.location, '/desk/reports/coverage')
  for (const name of ['pass-rates', 'grades', 'listings', 'coverage', 'indicators', 'quality-bulletin']) {
    const { statusCode, body } = await visitor.get(`/desk/reports/${name}`)
    t.equal(statusCode, 200, name)
    t.match(body, /只计公开的记录/)
    t.match((await visitor.get(`/desk/reports/${name}?format=xlsx`)).headers['content-type'], /spreadsheetml/)
  }
  t.match((await visitor.get('/desk/reports/coverage')).body, /石家庄市[\s\S]*唐山市/)
  t.match((await visitor.get('/desk/reports/coverage')).body, /data:image\/svg\+xml;base64/)
  t.equal((await visitor.get('/desk/reports/nothing')).statusCode, 404)
  t.match((await visitor.get('/desk/reports/timeliness')).body, /传送时效[\s\S]*取用及时率/)
  t.match((await visitor.get('/desk/reports/late-transfers')).body, /将逾期的传送/)
  const sent = (await visitor.get('/desk/reports/exchange?by=licences')).body
  t.match(sent, /行政许可信息：[\s\S]*共 \d+ 行/)
  t.notMatch(sent, /只计公开的记录/)
  const [, table = ''] = /href="(\/desk\/reports\/exchange\/table[^"]*xml)"/.exec(sent) ?? []
  const file = await visitor.get(table.replaceAll('&amp;', '&'))
  t.match(file.headers['content-type'], 'application/xml')
  t.match(file.body, /<XK_XDR_MC>/)
  const county = await signedIn(server, {
    login: 'county',
    name: '县甲',
    roles: ['auditor'],
    region: '130202',
  })
  const own = (await county.get('/desk/reports/coverage?region=130100')).body
  t.match(own, /唐山市/)
  t.notMatch(own, /石家庄市<\/td>/)
})
