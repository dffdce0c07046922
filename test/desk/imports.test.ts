import t, { type Test } from 'tap'
import { acting } from '../acting.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { marksOf, signedIn } from './visitor.ts'

const request = { actor: { authority: '石家庄市市场监督管理局', officer: '李四' }, command: 'open' }
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

const HEAD = '组织机构代码,检查类别,检查日期,检查机关,产品名称,检查结果,备忘'
const line = (key: string, more: { date?: string; outcome?: string; product?: string } = {}) =>
  `${key},日常巡查,${more.date ?? '2026-11-01'},石家庄市局,${more.product ?? '电缆'},${more.outcome ?? '合格'},x`

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

  t.match((await visitor.fill(page, { reason: '' }, `${page}/withdrawal`)).body, /请写明原因/)
  await visitor.fill(page, { reason: '传错了文件' }, `${page}/withdrawal`)
  await server.runImports()
  t.match((await visitor.get(page)).body, /撤回：传错了文件[\s\S]*撤回 2 项，恢复 0 处，保留 0 项/)
  for (const key of [first, second]) t.match(file(key).records, [{ withdrawn: { reason: '传错了文件' } }])
  const entries = await server.register.history(second)
  t.match(entries.at(-1), {
    kind: 'record.withdrawn',
    author: { officer: '张三' },
    command: /^import\/.*\/withdrawal$/,
  })
  await visitor.fill(page, { reason: '再来一次' }, `${page}/withdrawal`)
  await server.runImports()
  t.equal((await server.register.history(second)).length, entries.length, 'taken back once')
})

t.test('taking an import back leaves what others have gone on from, and says so', async (t) => {
  const { server, visitor, upload, file } = await desk(t)
  const { acts } = server.registry
  const [, , third = '', fourth = '', fifth = ''] = codes.map(keyOf)
  const licence = licenceOf('XK-9')
  await acts.addRecord(fifth, 'licence', licence.data, undefined, { ...request, command: 'l' })
  const fresh = unifiedCode('DET90001')
  const built = unifiedCode('DET90002')
  const head = '统一社会信用代码,企业名称,许可类别,许可证编号,产品名称,许可机关,发证日期,有效期至,许可状态'
  const licenceLine = (uscc: string, number: string, name: string, status = '有效') =>
    `${uscc},${name},全国工业产品生产许可证,${number},电线电缆,河北省市场监督管理局,2024-03-01,2029-02-28,${status}`
  const { page } = await upload(
    [
      head,
      licenceLine(codes[2] ?? '', 'XK-1', '示例2号公司'),
      licenceLine(codes[3] ?? '', 'XK-2', '示例3号公司'),
      licenceLine(codes[4] ?? '', 'XK-9', '示例4号公司', '暂停'),
      licenceLine(fresh, 'XK-3', '示例新建公司'),
      licenceLine(built, 'XK-4', '示例再建公司'),
    ].join('\n'),
    'licence',
  )
  await visitor.fill(page, {}, `${page}/start`)
  await server.runImports()
  t.match(file(fifth).records[0]?.data, { status: '暂停' })
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
  await visitor.fill(page, { reason: '来源有误' }, `${page}/withdrawal`)
  await server.runImports()
  const shown = (await visitor.get(page)).body
  t.match(shown, /保留 2 项/)
  t.match(shown, /示例3号公司<\/a>：导入的记录后来另有修改/)
  t.match(shown, /示例再建公司<\/a>：建档后另有办理，档案保留/)
  t.match(file(third).records, [{ withdrawn: {} }])
  t.match(file(fourth).records, [{ data: { product: '电力电缆' } }])
  t.match(file(fifth).records[0], { data: { status: '有效' }, corrections: [{ reason: '来源有误' }] })
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
    /空字节|表头/,
  )
  t.match(await upload('x'.repeat(200_001)), { statusCode: 422, body: /超过/ })
  t.match(await upload(HEAD, 'nothing'), { statusCode: 422, body: /请选择导入的内容/ })
  t.match(await upload(HEAD, 'inspection', ''), { statusCode: /4../ })
  const identity = '组织机构代码,检查类别,检查日期,检查机关,检查结果,身份证号'
  const sensitive = await upload(
    [identity, `${first},日常巡查,2026-11-01,局,合格,11010519491231002X`].join('\n'),
  )
  t.match((await visitor.get(sensitive.page)).body, /不得记录身份证号码/)
  await visitor.fill(sensitive.page, {}, `${sensitive.page}/discard`)
  t.equal((await visitor.get(sensitive.page)).statusCode, 404, 'thrown away means gone')
  const formula = await upload([HEAD, line(first, { product: '=cmd|x', date: '坏' })].join('\n'))
  t.match((await visitor.get(`${formula.page}/faults.csv`)).body, /'=cmd\|x/, 'no cell of a report runs')
  const other = await signedIn(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
  t.equal((await other.get(formula.page)).statusCode, 404, 'nobody else’s upload')
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
  t.equal((await auditor.get('/desk/imports')).statusCode, 403)
  t.match((await visitor.get('/desk/imports/templates/penalty.csv')).body, /处罚决定书文号/)
  t.equal((await visitor.get('/desk/imports/templates/penalty.xlsx')).statusCode, 200)
})

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
