import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { MOST_TAKEN_BACK_ALONE } from '../../src/acts/withdraw-import.ts'
import { acting } from '../acting.ts'
import { checkPage, HOSTILE } from '../html/validator.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { marksOf, signedIn } from './visitor.ts'

const request = { actor: { authority: '河北省市场监督管理局', officer: '李四' }, command: 'open' }
const codes = Array.from({ length: 30 }, (_, i) => unifiedCode(`DET${String(i).padStart(5, '0')}`))
const keyOf = (uscc: string) => uscc.slice(8, 17)
const [first = '', second = ''] = codes.map(keyOf)

async function desk(t: Test) {
  const server = await testServer(t, { maxUploadBytes: 200_000 })
  const { acts } = server.registry
  for (const [i, uscc] of codes.entries())
    await acts.open(
      { codes: { uscc }, data: { name: `示例${i}号公司`, region: '130102' } },
      { ...request, command: `o${i}` },
    )
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
  const upload = async (content: string, type = 'inspection', name = '检查.csv') => {
    const answer = await visitor.upload('/desk/imports', '/desk/imports', { type }, name, content)
    return { ...answer, page: String(answer.headers.location ?? '') }
  }
  const file = (key: string) => server.registry.files.byCode(key)
  return { server, visitor, upload, file }
}

/** A colleague confirms what waits on an import, and what that begins is done. */
async function confirmedBy(server: Awaited<ReturnType<typeof desk>>['server'], login: string) {
  const reviewer = await signedIn(server, { login, name: '李四', roles: ['reviewer'] })
  const { acts, officers } = server.registry
  const { items } = acts.proposals(
    { authority: '', officer: '', id: officers.one(login) ? `officer/${login}` : '' },
    { status: 'open', after: '', limit: 10 },
  )
  for (const { own } of items) {
    const page = `/desk/proposals/${own.id}`
    await reviewer.fill(page, {}, `${page}/confirm`)
  }
  await server.runImports()
}

const HEAD = '组织机构代码,检查类别,检查日期,检查机关,产品名称,检查结果,备忘'
const line = (key: string, more: { date?: string; outcome?: string; product?: string } = {}) =>
  `${key},日常巡查,${more.date ?? '2026-11-01'},石家庄市局,${more.product ?? '电缆'},${more.outcome ?? '合格'},x`

t.test('the list of imports goes on to the last, part by part, whatever goes meanwhile', async (t) => {
  const { server, visitor } = await desk(t)
  const { uploads: jobs } = server
  const actor = { authority: '河北省市场监督管理局', officer: '张三', id: 'officer/zhangsan' }
  const ids: string[] = []
  for (let i = 0; i < 203; i += 1) {
    const createdAt = new Date(Date.UTC(2026, 2, 2, 0, 0, i)).toISOString()
    const sent = { type: 'inspection', keyId: 'k', actor, createdAt, fileName: `第${i}份.csv` }
    ids.unshift((await jobs.create(Readable.from(['x']), sent, 'preview')).id)
  }
  const first = (await visitor.get('/desk/imports')).body
  t.match(first, /这一部分 200 行/)
  const rowsOf = async (address: string) =>
    (await visitor.get(`${address}&format=csv`)).body.match(/第\d+份/g)
  t.equal((await rowsOf('/desk/imports?'))?.length, 200)
  const named = (await visitor.get('/desk/imports?format=csv')).headers['content-disposition']
  t.match(decodeURIComponent(String(named)), /部分/, 'a file that is not the whole is called so')
  const [, next = ''] = /href="([^"]*)">其后的部分/.exec(first) ?? []
  await jobs.discard(ids[199] ?? '')
  await jobs.discard(ids[0] ?? '')
  t.same(await rowsOf(next.replaceAll('&amp;', '&')), ['第2份', '第1份', '第0份'])
  t.match((await visitor.get(next.replaceAll('&amp;', '&'))).body, /这一部分 3 行[\s\S]*>第一部分</)
})

t.test(
  'a table that can not be read says so, what its columns mean all the same, and can be thrown away',
  async (t) => {
    const { visitor, upload } = await desk(t)
    const { page } = await upload('组织机构代码,检查类别,备忘\n')
    const { body } = await visitor.get(page)
    t.match(body, /缺少必填栏：检查日期/)
    t.match(body, /组织机构代码（按表头）[\s\S]*检查类别（按表头）/)
    t.match(body, /有 1 栏没有对应的栏目/)
    const empty = await upload('')
    t.match((await visitor.get(empty.page)).body, /文件是空的/)
    for (const address of [page, empty.page]) {
      const thrown = await visitor.fill(address, {}, `${address}/discard`)
      t.equal(thrown.headers.location, '/desk/imports')
      t.equal((await visitor.get(address)).statusCode, 404)
    }
  },
)

t.test('an upload is looked at, mended in place, imported, and taken back whole', async (t) => {
  const { server, visitor, upload, file } = await desk(t)
  const bad = line(second, { date: '2026-13-01' })
  const { page, statusCode } = await upload([HEAD, line(first), bad, line('DET99999X'), ''].join('\n'))
  t.equal(statusCode, 303)
  const looked = (await visitor.get(page)).body
  t.match(looked, /新增记录<\/dt><dd>1 行/)
  t.match(looked, /有误<\/dt><dd>2 行/)
  t.match(looked, /第 3 行[\s\S]*不是存在的日期[\s\S]*第 4 行/)
  t.match(looked, /备忘[\s\S]*不导入/)
  t.equal(file(first).records.length, 0, 'nothing is written by looking')

  const cells = (text: string) => Object.fromEntries(text.split(',').map((cell, i) => [`cell.3.${i}`, cell]))
  const mended = await visitor.fill(page, cells(line(second, { product: '新电缆' })), `${page}/mending`)
  t.equal(mended.headers.location, `${page}?done=mended`)
  t.match((await visitor.get(page)).body, /新增记录<\/dt><dd>2 行/)
  const faults = await visitor.get(`${page}/faults.csv`)
  t.match(faults.body, /DET99999X.*\n?/)
  t.match(faults.body, /错误原因/)
  const wrong = await visitor.send(`${page}/start`, { token: 'x' })
  t.equal(wrong.statusCode, 403)
  for (let i = 0; i < 2; i += 1) t.equal((await visitor.fill(page, {}, `${page}/start`)).statusCode, 303)
  t.match((await visitor.get(page)).body, /排队中[\s\S]*data-progress/)
  t.match((await visitor.get(`${page}/progress`)).json(), { done: false })
  await server.runImports()
  t.match((await visitor.get(page)).body, /已完成[\s\S]*新增记录<\/dt><dd>2 行[\s\S]*有误<\/dt><dd>1 行/)
  t.match(file(second).records, [{ data: { product: '新电缆', inspectedOn: '2026-11-01' } }])
  t.match((await visitor.get(`${page}/errors.csv`)).body, /DET99999X/)

  t.match(
    (await visitor.fill(page, { reason: '' }, `/desk/acts/withdraw-import?id=${page.split('/').at(-1)}`))
      .body,
    /原因：必填/,
  )
  await visitor.fill(
    page,
    { reason: '传错了文件' },
    `/desk/acts/withdraw-import?id=${page.split('/').at(-1)}`,
  )
  await server.runImports()
  t.match(
    (await visitor.get(page)).body,
    /撤回：传错了文件[\s\S]*撤回 0 项[\s\S]*其中 2 项已.*提请另一人确认/,
  )
  t.notOk(file(first).records[0]?.withdrawn, 'it is public: nobody takes it back alone')
  await confirmedBy(server, 'lisi')
  t.match((await visitor.get(page)).body, /撤回：传错了文件[\s\S]*撤回 2 项，恢复 0 处，保留 0 项/)
  for (const key of [first, second]) t.match(file(key).records, [{ withdrawn: { reason: '传错了文件' } }])
  const entries = await server.register.history(second)
  t.match(entries.at(-1), {
    kind: 'record.withdrawn',
    author: { officer: '张三、李四' },
    command: /^import\/.*\/withdrawal$/,
  })
  await visitor.fill(page, { reason: '再来一次' }, `/desk/acts/withdraw-import?id=${page.split('/').at(-1)}`)
  await server.runImports()
  t.equal((await server.register.history(second)).length, entries.length, 'taken back once')
})

t.test('taking back more than a person may alone waits for another, who confirms or refuses', async (t) => {
  const { server, visitor, upload, file } = await desk(t)
  const many = Array.from({ length: MOST_TAKEN_BACK_ALONE + 1 }, (_, i) =>
    line(first, { product: `电缆${i}` }),
  )
  const { page } = await upload([HEAD, ...many].join('\n'))
  await visitor.fill(page, {}, `${page}/start`)
  await server.runImports()
  t.equal(file(first).records.length, many.length)
  const withdraw = `/desk/acts/withdraw-import?id=${page.split('/').at(-1)}`
  const ask = async () => {
    const { headers } = await visitor.fill(page, { reason: '传错了' }, withdraw)
    return String(headers.location).split('?')[0] ?? ''
  }
  const asked = await ask()
  t.match(asked, /^\/desk\/proposals\//)
  await server.runImports()
  t.notOk(file(first).records[0]?.withdrawn, 'nothing is taken back yet')
  t.equal((await visitor.fill(asked, {}, `${asked}/confirm`)).statusCode, 403, 'not by whoever asked')
  const reviewer = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer'] })
  t.match((await reviewer.get('/desk')).body, /确认：整批撤回导入/)
  t.match((await reviewer.get(asked)).body, /涉及 101 条，超过 100 条[\s\S]*传错了/)
  t.equal((await reviewer.fill(asked, { reason: '再核' }, `${asked}/refuse`)).statusCode, 303)
  await server.runImports()
  t.notOk(file(first).records[0]?.withdrawn)
  const again = await ask()
  t.equal((await reviewer.fill(again, {}, `${again}/confirm`)).statusCode, 303)
  await server.runImports()
  t.ok(file(first).records.every(({ withdrawn }) => withdrawn?.reason === '传错了'))
  t.match((await visitor.get(page)).body, /撤回 101 项/)
})

t.test('taking an import back leaves what others have gone on from, and says so', async (t) => {
  const { server, visitor, upload, file } = await desk(t)
  const { acts } = server.registry
  const [, , third = '', fourth = '', fifth = '', sixth = ''] = codes.map(keyOf)
  const licence = licenceOf('XK-9')
  await acts.addRecord(fifth, 'licence', licence.data, undefined, { ...request, command: 'l' })
  const { data: other } = licenceOf('XK-10')
  await acts.addRecord(sixth, 'licence', other, undefined, { ...request, command: 'm' })
  const fresh = unifiedCode('DET90001')
  const built = unifiedCode('DET90002')
  const head =
    '统一社会信用代码,企业名称,许可类别,许可证编号,产品名称,许可机关,发证日期,有效期至,许可状态,备注'
  const licenceLine = (uscc: string, number: string, name: string, status = '有效') =>
    `${uscc},${name},全国工业产品生产许可证,${number},电线电缆,河北省市场监督管理局,2024-03-01,2029-02-28,${status},${number === 'XK-10' ? '补记' : ''}`
  const { page } = await upload(
    [
      head,
      licenceLine(codes[2] ?? '', 'XK-1', '示例2号公司'),
      licenceLine(codes[3] ?? '', 'XK-2', '示例3号公司'),
      licenceLine(codes[4] ?? '', 'XK-9', '示例4号公司', '暂停'),
      licenceLine(codes[5] ?? '', 'XK-10', '示例5号公司'),
      licenceLine(fresh, 'XK-3', '示例新建公司'),
      licenceLine(built, 'XK-4', '示例再建公司'),
    ].join('\n'),
    'licence',
  )
  await visitor.fill(page, {}, `${page}/start`)
  await server.runImports()
  t.match(file(fifth).records[0]?.data, { status: '有效' })
  t.match(file(fifth).proposals, [{ status: 'open', why: /许可状态/ }], 'the licence is public')
  t.match(file(sixth).records[0]?.data, { remark: '补记' }, 'which nobody but officers reads')
  // Somebody corrects one record, and enters another one into a file that the import opened.
  const corrected = file(fourth).records[0]?.id ?? ''
  const by = (command: string) => ({ ...request, command })
  await acting(server.registry).correctRecord(
    fourth,
    corrected,
    { product: '电力电缆' },
    '抄错',
    'any',
    by('c'),
  )
  await acts.addRecord(keyOf(built), 'penalty', penaltyOf('冀罚1号').data, undefined, by('p'))
  await visitor.fill(page, { reason: '来源有误' }, `/desk/acts/withdraw-import?id=${page.split('/').at(-1)}`)
  await server.runImports()
  t.match(file(fifth).proposals, [{ status: 'refused', settled: { reason: '来源有误' } }])
  t.match(file(sixth).records[0], { corrections: [{ reason: '来源有误' }] })
  t.equal(file(sixth).records[0]?.data.remark, undefined, 'restored at once')
  t.notOk(file(third).records[0]?.withdrawn, 'public')
  t.match((await visitor.get(page)).body, /撤回 1 项，恢复 1 处，保留 5 项，其中 3 项已/)
  await confirmedBy(server, 'lisi')
  const shown = (await visitor.get(page)).body
  t.match(shown, /撤回 4 项，恢复 1 处，保留 2 项/)
  t.match(shown, /示例3号公司<\/a>：导入的记录后来另有修改/)
  t.match(shown, /示例再建公司<\/a>：建档后另有办理，档案保留/)
  t.match(file(third).records, [{ withdrawn: {} }])
  t.match(file(fourth).records, [{ data: { product: '电力电缆' } }])
  t.throws(() => file(keyOf(fresh)), 'a file that the import opened is gone')
  t.match(file(keyOf(built)).records, [
    { type: 'licence', withdrawn: {} },
    { type: 'penalty', data: {} },
  ])
})

t.test('a column with a header of its own is said what it means', async (t) => {
  const { visitor, upload } = await desk(t)
  const { page } = await upload([HEAD.replace('检查结果', '怎么样'), line(first)].join('\n'))
  const { body } = await visitor.get(page)
  t.match(body, /缺少必填栏：检查结果/)
  t.notMatch(body, /\/start"/, 'it can’t be imported as it is')
  await visitor.fill(page, { 'header.5': '检查结果', 'header.99': '检查结果' }, `${page}/mending`)
  t.match((await visitor.get(page)).body, /新增记录<\/dt><dd>1 行/)
})

t.test('uploads that will not do', async (t) => {
  const { server, visitor, upload } = await desk(t)
  t.match((await upload('')).page, /^\/desk\/imports\//)
  const empty = await visitor.get((await upload('')).page)
  t.match(empty.body, /文件是空的/)
  t.match(
    (await visitor.get((await upload('\x89PNG\r\n\x1a\n\0\0\0', 'inspection', 'a.png')).page)).body,
    /不是文本/,
  )
  t.match(await upload('x'.repeat(200_001)), { statusCode: 422, body: /超过/ })
  t.match(await upload(HEAD, 'nothing'), { statusCode: 422, body: /请选择导入的内容/ })
  t.match(await upload(HEAD, 'inspection', ''), { statusCode: /4../ })
  const nameless = await visitor.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'inspection' },
    undefined,
    HEAD,
  )
  t.equal(nameless.statusCode, 303, 'a program may send a file without a name')
  t.match((await visitor.get(String(nameless.headers.location))).body, '未命名')
  const identity = '组织机构代码,检查类别,检查日期,检查机关,检查结果,身份证号'
  const sensitive = await upload(
    [identity, `${first},日常巡查,2026-11-01,局,合格,11010519491231002X`].join('\n'),
  )
  t.match((await visitor.get(sensitive.page)).body, /不得记录身份证号码/)
  await visitor.fill(sensitive.page, {}, `${sensitive.page}/discard`)
  t.equal((await visitor.get(sensitive.page)).statusCode, 404, 'thrown away means gone')
  const formula = await upload([HEAD, line(first, { product: '=cmd|x', date: '坏' })].join('\n'))
  t.match((await visitor.get(`${formula.page}/faults.csv`)).body, /'=cmd\|x/, 'no cell of a report runs')
  const other = await signedIn(server, {
    ...{ login: 'lisi', name: '李四', roles: ['recorder'], authority: '唐山市局', region: '130200' },
  })
  t.equal((await other.get(formula.page)).statusCode, 403, 'another authority’s upload')
  const token = marksOf((await visitor.get('/desk/imports')).body).token ?? ''
  t.ok(token)
  const forged = await visitor.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'inspection', token: 'x' },
    'a.csv',
    HEAD,
  )
  t.equal(forged.statusCode, 403)
  const auditor = await signedIn(server, { login: 'wangwu', name: '王五', roles: ['auditor'] })
  const seen = await auditor.get('/desk/imports')
  t.equal(seen.statusCode, 200, 'whoever audits sees them all')
  t.notMatch(seen.body, 'type="file"', 'and uploads nothing')
  t.match((await visitor.get('/desk/imports/templates/penalty.csv')).body, /处罚决定书文号/)
  t.equal((await visitor.get('/desk/imports/templates/penalty.xlsx')).statusCode, 200)
})

t.test(
  'what a form says that can’t be kept is refused in words, and the upload goes on as it was',
  async (t) => {
    const { server, visitor, upload } = await desk(t)
    const { page } = await upload([HEAD, line(first)].join('\n'))
    const id = page.slice('/desk/imports/'.length)
    const kept = server.uploads.mending(id)
    const { token = '' } = marksOf((await visitor.get(page)).body)
    const long = 'x'.repeat(700)
    const forms: [status: number, form: Record<string, string>][] = [
      ...['abc', '1.5', '-1', '10001'].map((headerRow) => [422, { headerRow }] satisfies [number, object]),
      [422, { 'sheet.0': long }],
      [422, { 'constant.备忘': long }],
      [422, { 'firmName.0': long, 'firm.0': 'none' }],
      [422, { 'firmName.0': '某公司', 'firm.0': long }],
      [422, { [`rename.${'x'.repeat(19)}`]: '1' }],
      [400, { 'word.0': 'no json', 'term.0.0': '合格' }],
      [400, { 'word.0': '["一"]', 'term.0.0': '合格' }],
      [400, { 'word.0': `["一","${long}"]`, 'term.0.0': '合格' }],
    ]
    for (const [status, form] of forms) {
      const sent = await visitor.send(`${page}/mending`, { token, ...form }, page)
      t.equal(sent.statusCode, status, JSON.stringify(form).slice(0, 60))
      t.equal((await visitor.get(page)).statusCode, 200, 'its page stays')
      t.same(server.uploads.mending(id), kept)
    }
    t.equal((await visitor.get(page)).statusCode, 200, 'its page stays')
    const started = await visitor.send(`${page}/start`, { token }, page)
    t.equal(started.statusCode, 303)
    t.equal(started.headers['cache-control'], 'no-store', 'what leads on bears cookies, and is kept nowhere')
  },
)

t.test('an officer of a county imports that county’s firms only', async (t) => {
  const { server } = await desk(t)
  const visitor = await signedIn(server, { login: 'county', roles: ['recorder'], region: '130202' })
  const { headers } = await visitor.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'inspection' },
    'a.csv',
    [HEAD, line(first)].join('\n'),
  )
  t.match((await visitor.get(String(headers.location))).body, /不属河北省唐山市路南区管辖/)
})

t.test('what a file leaves open is asked once, and every number leads to its rows', async (t) => {
  const { server, visitor, upload, file } = await desk(t)
  const penalties = [
    '2026年行政处罚情况表',
    '统一社会信用代码,企业名称,处罚决定书文号,违法行为类型,处罚种类,处罚决定日期,处罚机关,罚款金额（万元）,承办人',
    `${codes[0]},示例0号公司,冀罚〔2026〕1号,无证生产,暂扣或者吊销许可证,2026-03-01,省局,,甲`,
    `${codes[1]},示例1号公司,冀罚〔2026〕2号,无证生产,暂扣或者吊销许可证,2026-03-01,省局,,甲`,
    `${codes[2]},示例2号公司,冀罚〔2026〕3号,无证生产,罚款,2026-03-01,省局,2.7,甲`,
    '合计,,,,,,,2.7,',
  ].join('\n')
  const { page } = await upload(penalties, 'penalty')
  const looked = (await visitor.get(page)).body
  t.match(looked, /这 2 行的处罚种类写作“暂扣或者吊销许可证”，是哪一种？/)
  t.match(looked, /罚款金额（万元，折算为元）/)
  t.match(looked, /略过了 2 行，不是数据[\s\S]*合计/)
  t.match(looked, /有 1 栏没有对应的栏目/)
  t.match(
    (await visitor.get(`${page}/rows?outcome=failed`)).body,
    /第 3 行[\s\S]*第 4 行[\s\S]*不能确定是哪一种/,
  )
  const asked = { 'word.0': JSON.stringify(['types', '暂扣或者吊销许可证']), 'term.0.1': '吊销许可证件' }
  await visitor.fill(page, asked, `${page}/mending`)
  t.match((await visitor.get(page)).body, /新增记录<\/dt><dd>3 行/)
  t.match((await visitor.get(`${page}/rows?outcome=added`)).body, /示例2号公司/)
  await visitor.fill(page, {}, `${page}/start`)
  await server.runImports()
  t.match(file(keyOf(codes[0] ?? '')).records, [{ data: { types: ['吊销许可证件'] } }])
  t.match(file(keyOf(codes[2] ?? '')).records, [{ data: { fine: 27_000 } }])
})

t.test('a change of name is said row by row, and one of nothing in common is asked back', async (t) => {
  const { server, visitor, upload, file } = await desk(t)
  const names = [`${codes[0]},示例零号新材料公司`, `${codes[1]},唐山另外一家`]
  const { page } = await upload(['统一社会信用代码,企业名称', ...names].join('\n'), 'enterprise')
  const looked = (await visitor.get(page)).body
  t.match(looked, /更新<\/dt><dd>1 行/)
  t.match(looked, /“示例1号公司”，与本行名称“唐山另外一家”没有相同之处/)
  const rows = (await visitor.get(`${page}/rows?outcome=updated`)).body
  t.match(rows, /企业名称：示例0号公司 → 示例零号新材料公司/)
  const key = keyOf(codes[1] ?? '')
  await visitor.fill(page, { [`rename.${key}`]: 'yes' }, `${page}/mending`)
  t.match((await visitor.get(page)).body, /更新<\/dt><dd>2 行/)
  await visitor.fill(page, {}, `${page}/start`)
  await server.runImports()
  t.match(file(key).enterprise, { name: '唐山另外一家' })
})

t.test('the sheets of a workbook are put before the officer', async (t) => {
  const { server, visitor } = await desk(t)
  const content = readFileSync(new URL('../exchange/cases/15-second-sheet-ignored.xlsx', import.meta.url))
  const answer = await visitor.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'enterprise' },
    '名录.xlsx',
    content,
  )
  const page = String(answer.headers.location)
  const looked = (await visitor.get(page)).body
  t.match(looked, /2 个工作表含有数据，请指明/)
  const [, first = ''] = /name="sheet.0" value="([^"]*)"/.exec(looked) ?? []
  const [, second = ''] = /name="sheet.1" value="([^"]*)"/.exec(looked) ?? []
  await visitor.fill(page, { 'sheet.0': first, 'sheet.1': second }, `${page}/mending`)
  const both = (await visitor.get(page)).body
  t.match(both, /有误<\/dt><dd>0 行/)
  await visitor.fill(page, {}, `${page}/start`)
  const before = server.registry.count()
  await server.runImports()
  t.ok(server.registry.count() >= before + 2)
})

t.test(
  'a table that names firms by name: what is certain is taken together, the rest one by one',
  async (t) => {
    const { server, visitor, upload, file } = await desk(t)
    const rows = [
      '2026年第4号监督抽检信息',
      '序号,标称生产企业名称,被抽样单位名称,食品名称,规格型号,抽样日期,任务来源,检验结论,不合格项目',
      '1,示例3号公司,示例惠民超市,示例挂面,500g/袋,2026-03-10,省抽,不合格,水分',
      '2,示例无此企业食品厂,示例惠民超市,示例粉条,1kg/袋,2026-03-10,省抽,合格,',
      '3,示例3号公司,示例便民超市,示例面条,1kg/袋,2026-03-11,省抽,合格,',
      '4,张**,示例便民超市,示例面条,散装,2026-03-11,省抽,合格,',
    ]
    const { page } = await upload(rows.join('\n'))
    const looked = (await visitor.get(page)).body
    t.match(looked, /缺少必填栏：检查机关/)
    t.match(looked, /按名称确定的企业[\s\S]*示例3号公司[\s\S]*全部确认（1 家）/)
    t.match(looked, /须逐个确认的企业[\s\S]*“示例无此企业食品厂”（1 行）是哪一家？/)
    t.match(looked, /“张\*\*”是个人或隐去了姓名/)
    await visitor.fill(page, { 'constant.检查机关': '河北省市场监督管理局' }, `${page}/mending`)
    t.match(
      (await visitor.get(page)).body,
      /新增记录<\/dt><dd>0 行/,
      'nothing is attached that nobody accepted',
    )
    await visitor.fill(page, { accept: 'certain' }, `${page}/mending`)
    const accepted = (await visitor.get(page)).body
    t.match(accepted, /新增记录<\/dt><dd>2 行/)
    const key = keyOf(codes[4] ?? '')
    const typed = { 'firmName.0': '示例无此企业食品厂', 'firmCode.0': codes[4] ?? '' }
    await visitor.fill(page, typed, `${page}/mending`)
    t.match((await visitor.get(page)).body, /新增记录<\/dt><dd>3 行/)
    await visitor.fill(page, {}, `${page}/start`)
    await server.runImports()
    t.match(file(keyOf(codes[3] ?? '')).records, [
      { data: { product: '示例挂面', authority: '河北省市场监督管理局', failedItems: '水分' } },
      { data: { product: '示例面条' } },
    ])
    t.match(file(key).records, [{ data: { product: '示例粉条' } }], 'an officer’s word for it stands')
    t.match((await visitor.get(`${page}/errors.csv`)).body, /张\*\*/)
  },
)

t.test(
  'a table is pasted, and what was said of its words and headings is offered the next time',
  async (t) => {
    const { server, visitor } = await desk(t)
    const table = (day: string) =>
      `<meta charset="utf-8"><table><tr><th>企业名称</th><th>统一社会信用代码</th><th>检查类别</th><th>检查日期</th><th>由谁检查</th><th>检查结果</th></tr>
    <tr><td>示例0号公司</td><td>${codes[0]}</td><td>日常巡查</td><td>${day}</td><td>某局</td><td>问题样品</td></tr></table>`
    const paste = async (pasted: string) => {
      const fields = { type: 'inspection', pasted }
      return visitor.upload('/desk/imports', '/desk/imports', fields, '', '')
    }
    const page = String((await paste(table('2026-03-01'))).headers.location)
    t.match((await visitor.get(page)).body, /粘贴的表格[\s\S]*缺少必填栏：检查机关/)
    await visitor.fill(page, { 'header.4': '检查机关' }, `${page}/mending`)
    const asked = { 'word.0': JSON.stringify(['outcome', '问题样品']), 'term.0.0': '不合格' }
    await visitor.fill(page, asked, `${page}/mending`)
    t.match(
      (await visitor.get(page)).body,
      /由谁检查[\s\S]*检查机关（按表头）[\s\S]*新增记录|新增记录<\/dt><dd>1 行/,
    )
    await visitor.fill(page, {}, `${page}/start`)
    await server.runImports()
    const next = (await visitor.get(String((await paste(table('2026-04-01'))).headers.location))).body
    t.match(next, /name="header.4"[^>]*value="检查机关"/)
    t.match(next, /value="不合格" checked/)
    t.match((await paste(' ')).body, /请选择要上传的文件，或粘贴表格/)
  },
)

t.test(
  'double-publicity penalties: the procedure is said once for all rows, the term of each asked for',
  async (t) => {
    const { server, visitor, upload, file } = await desk(t)
    const table = (procedures: readonly string[], n: string) =>
      [
        `组织机构代码,CF_WSH,CF_WFXW,CF_CFLB,CF_JDRQ,CF_CFJG${procedures.length > 0 ? ',处罚程序' : ''}`,
        ...[first, second].map((key, i) =>
          [key, `罚${n}${i}号`, '生产不合格产品', '罚款', '2026-11-02', '河北省市场监督管理局']
            .concat(procedures.slice(i, i + 1))
            .join(),
        ),
      ].join('\n')
    const taken = async (page: string) => {
      await visitor.fill(page, {}, `${page}/start`)
      await server.runImports()
    }
    const ofFile = (key: string) => file(key).records.map(({ data }) => data.procedure)
    const what = (of: string) =>
      server.registry.listings
        .deadlines(
          { authority: '', officer: '' },
          { dueBy: '2027-01-31', what: of as 'category', late: false },
          undefined,
          100,
        )
        .items.map(({ orgCode }) => orgCode)

    const unsaid = (await upload(table([], '甲'), 'penalty')).page
    t.match(
      (await visitor.get(unsaid)).body,
      /整个文件相同的内容[\s\S]*name="constant.处罚程序"[\s\S]*简易程序[\s\S]*普通程序[\s\S]*有 2 行没有写明/,
    )
    await taken(unsaid)
    t.same([ofFile(first), ofFile(second)], [[undefined], [undefined]], 'taken and incomplete')
    t.same([what('completion').sort(), what('category')], [[first, second].sort(), []])

    const said = (await upload(table([], '乙'), 'penalty')).page
    await visitor.fill(said, { 'constant.处罚程序': '普通程序' }, `${said}/mending`)
    const mended = (await visitor.get(said)).body
    t.notMatch(mended, /name="constant.处罚程序/, 'it is lacking no more')
    t.match(mended, /各不相同，导入后逐条补填/, 'how grave each was may be left for later')
    t.match(mended, /name="constant.违法程度"/)
    await taken(said)
    t.same(
      [ofFile(first), ofFile(second)],
      [
        [undefined, '普通程序'],
        [undefined, '普通程序'],
      ],
    )

    const mixed = (await upload(table(['简易程序', '/'], '丙'), 'penalty')).page
    t.match((await visitor.get(mixed)).body, /有 1 行没有写明/)
    await visitor.fill(mixed, { 'constant.处罚程序': '普通程序' }, `${mixed}/mending`)
    await taken(mixed)
    t.same([ofFile(first).at(-1), ofFile(second).at(-1)], ['简易程序', '普通程序'], 'what a row says stays')

    t.same(what('category').sort(), [first, second, second].sort())
    const { id = '' } = file(first).records[1] ?? {}
    const form = `/desk/enterprises/${first}/records/${id}/update`
    t.match((await visitor.get('/desk?what=category')).body, `href="${form}#category"`)
    const { body } = await visitor.get(form)
    t.match(body, /<select id="category"/)
    const standing = Object.fromEntries(
      Object.entries(file(first).records[1]?.data ?? {}).map(([field, value]) => [field, String(value)]),
    )
    await visitor.fill(form, { ...standing, category: '其他违法行为', severity: '一般', reason: '按决定书' })
    t.same(what('category'), [second, second])
  },
)

t.test('the pages of an upload are valid and stay small, whatever is asked and wrong', async (t) => {
  const { visitor, upload } = await desk(t)
  const fileOf = (name: string) => readFileSync(new URL(`../exchange/cases/${name}`, import.meta.url), 'utf8')
  const [head = '', ...penalties] = fileOf('19-shuanggongshi-penalty.csv').trim().split('\n')
  const [named = ''] = fileOf('60-firms-by-name-only.csv').split('\n')
  for (const [type, lines] of [
    [
      'penalty',
      [head, ...Array.from({ length: 200 }, (_, i) => penalties[i % 8]?.replace('双公示', `示${i}`))],
    ],
    [
      'inspection',
      [named, ...Array.from({ length: 200 }, (_, i) => `${i},示例第${i}号食品厂,${HOSTILE},面`)],
    ],
    ['inspection', [HEAD, line(first, { outcome: HOSTILE, product: HOSTILE, date: '坏' }), '注：一']],
  ] as const) {
    const { page } = await upload(lines.join('\n'), type)
    for (const path of [page, `${page}/rows?outcome=failed`])
      await checkPage(t, path, (await visitor.get(path)).body)
  }
})
