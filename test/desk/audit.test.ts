import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { AccessLog } from '../../src/authority/access-log.ts'
import { holds, lackingInWords } from '../../src/authority/rights.ts'
import { KIND_WORDS } from '../../src/desk/words.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { licenceOf, temporaryFolder, testServer, unifiedCode } from '../support.ts'
import { marksOf, officer, signedIn, Visitor } from './visitor.ts'

const uscc = unifiedCode('AUD00001')
const key = uscc.slice(8, 17)

async function desk(t: Test) {
  const server = await testServer(t)
  const request = { actor: { authority: '省局', officer: '省局' }, command: 'open' }
  await server.registry.acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130102' } }, request)
  const auditor = await signedIn(server, {
    login: 'jiancha',
    name: '监甲',
    authority: '省局监察',
    roles: ['auditor'],
  })
  const recorder = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
  return { server, auditor, recorder }
}

t.test('every kind of entry has words of its own', async (t) => {
  const folder = new URL('../entries/', import.meta.url)
  const kinds = readdirSync(folder).map((name) => name.split('.').slice(0, 2).join('.'))
  for (const kind of [...new Set(kinds)]) t.match(KIND_WORDS[kind], /^[\u4e00-\u9fff]+/, kind)
})

t.test('who did what is found by officer, authority, enterprise, kind and time', async (t) => {
  const { server, auditor, recorder } = await desk(t)
  const file = `/desk/enterprises/${key}`
  await recorder.fill(file, { text: '备注一' }, `/desk/acts/add-note?code=${key}`)
  const all = await auditor.get('/desk/audit')
  t.match(all.body, /内部备注[\s\S]*新建账号[\s\S]*建立档案/, 'the latest first')
  const found = async (query: string) =>
    ((await auditor.get(`/desk/audit?${query}`)).body.match(/<tr><td/g) ?? []).length
  t.equal(await found('officer=张三'), 1)
  t.equal(await found('officer=没有这个人'), 0)
  t.equal(await found('kind=enterprise.opened'), 1)
  t.equal(await found(`about=${uscc}`), 2, 'by the unified code too')
  t.equal(await found(`about=${key}&kind=note.added`), 1)
  t.equal(await found('authority=省局'), 1)
  t.equal(await found('from=2026-11-24&to=2026-11-24'), 10)
  t.equal(await found('from=2026-11-25'), 0)
  t.equal(await found('to=2026-11-23'), 0)
  t.equal((await auditor.get('/desk/audit?from=x')).statusCode, 422)
  t.match((await auditor.get('/desk/audit?format=csv&officer=张三')).body, /内部备注/)
  t.notMatch((await auditor.get('/desk/audit?format=csv')).body, /备注一/, 'not what it said')
  t.equal((await recorder.get('/desk/audit')).statusCode, 403)
  const [head] = await server.register.search({ kind: 'note.added' }, Number.MAX_SAFE_INTEGER, 5)
  t.match(head, { subject: key, author: { officer: '张三' } })
  t.notOk(head && 'payload' in head)
})

t.test('who looked at what is on record, and what they were kept from', async (t) => {
  const { server, auditor, recorder } = await desk(t)
  await recorder.get(`/desk/enterprises/${key}`)
  await recorder.get('/desk/find?q=示例')
  await recorder.get('/desk/officers')
  const stranger = new Visitor(server)
  await stranger.signIn('zhangsan', 'wrong')
  await recorder.fill('/desk', {}, '/desk/sign-out')
  const { body } = await auditor.get('/desk/audit/accesses')
  t.match(body, /退出[\s\S]*登录失败[\s\S]*被拒[\s\S]*管理账号、密钥和系统（officers:write）[\s\S]*查阅/)
  t.match((await auditor.get(`/desk/audit/accesses?about=${key}`)).body, /张三[\s\S]*\/desk\/enterprises/)
  t.match((await auditor.get('/desk/audit/accesses?kind=sign-in-failed')).body, /officer\/zhangsan/)
  t.match(
    (await auditor.get('/desk/audit/accesses?officer=zhangsan&kind=read&format=csv')).body,
    /\/desk\/find/,
  )
  const reader = await server.authorization(['records:read'])
  await server.app.inject({ url: `/api/v1/enterprises/${key}`, headers: reader })
  await server.app.inject({
    method: 'POST',
    url: `/api/v1/enterprises/${key}/records`,
    headers: reader,
    payload: licenceOf('XK-1'),
  })
  const accesses = await server.registry.accesses.find({ officer: '张三', authority: '测试局' }, 1e9, 10)
  t.match(accesses, [
    { act: 'refused', by: /^key\//, detail: /没有所需的权限/ },
    { act: 'read', by: /^key\//, about: key },
  ])
  await server.app.inject(`/api/v1/enterprises/${key}`)
  t.equal(
    (await server.registry.accesses.find({ about: key, act: 'read' }, 1e9, 10)).length,
    2,
    'not what anyone may see',
  )
})

t.test('the log only grows until its time is over', async (t) => {
  const log = new AccessLog(`${temporaryFolder(t)}/access.db`)
  t.teardown(() => log.close())
  const access = {
    act: 'read',
    by: 'officer/a',
    officer: '甲',
    authority: '局',
    about: '',
    detail: 'x'.repeat(9000),
  } as const
  await log.add({ ...access, at: '2026-01-01T00:00:00.000Z' })
  await log.add({ ...access, at: '2026-11-01T00:00:00.000Z' })
  t.match(await log.find({}, 1e9, 10), [{ id: 2, detail: /^x{500}$/ }, { id: 1 }])
  t.match(await log.find({}, 2, 10), [{ id: 1 }])
  await log.prune(new Date('2026-11-24T00:00:00Z'), 180)
  t.match(await log.find({}, 1e9, 10), [{ id: 2 }])
  t.equal((await log.find({}, 1e9, 10)).length, 1)
})

t.test('what cannot be written down is not shown, and the public goes on reading', async (t) => {
  const { server, recorder, auditor } = await desk(t)
  const reader = await server.authorization(['records:read', 'platform:read', 'audit:read'])
  const mine = ['/desk', `/desk/enterprises/${key}`, '/desk/find?q=示例&done=/progress']
  const byKey = [
    `/api/v1/enterprises/${key}`,
    `/api/v1/enterprises/${key}/entries`,
    '/api/v1/entries',
    '/api/v1/events',
  ]
  const reads = async (about: string) =>
    (await server.registry.accesses.find({ act: 'read' }, 1e9, 500)).filter(({ detail }) =>
      detail.includes(about),
    ).length
  for (const url of mine) {
    t.equal((await recorder.get(encodeURI(url))).statusCode, 200, url)
    t.equal(await reads(encodeURI(url)), 1, url)
  }
  for (const url of byKey) {
    t.equal((await server.app.inject({ url, headers: reader })).statusCode, 200, url)
    t.ok((await reads(url)) >= 1, url)
  }
  const refused = await recorder.fill(`/desk/new/inspection?code=${key}`, {})
  t.ok(refused.statusCode >= 400, 'a form that is refused shows the file again')
  t.equal(await reads('/desk/new/inspection'), 2)
  const log = new Sqlite(`${server.folder}/access.db`)
  t.teardown(() => log.close())
  log.exec('BEGIN IMMEDIATE')
  for (const url of mine.slice(1, 2)) {
    const answer = await recorder.get(encodeURI(url))
    t.match(answer, { statusCode: 503, body: /查阅记录暂时不能写入/ }, url)
    t.notMatch(answer.body, '示例公司', url)
  }
  for (const url of byKey.slice(0, 1)) {
    const answer = await server.app.inject({ url, headers: reader })
    t.match(answer, { statusCode: 503, headers: { 'retry-after': '10' }, body: /查阅记录暂时不能写入/ }, url)
  }
  t.equal((await auditor.get('/desk/audit?format=csv')).statusCode, 503)
  t.equal((await recorder.get('/desk/officers')).statusCode, 403, 'a refusal shows nothing')
  t.equal((await new Visitor(server).signIn('zhangsan')).statusCode, 503)
  for (const url of ['/', `/enterprises/${key}`, `/api/v1/enterprises/${key}`])
    t.equal((await server.app.inject(url)).statusCode, 200, url)
  log.exec('ROLLBACK')
  t.equal((await recorder.get('/desk')).statusCode, 200)
})

t.test('rights are judged and named in one place', async (t) => {
  t.ok(holds(['admin'], 'records:write'))
  t.ok(holds(['records:read'], 'records:write', 'records:read'))
  t.notOk(holds(['records:read'], 'records:write'))
  t.equal(lackingInWords(['records:write']), '登记和修改记录（records:write），属“录入”岗位')
  t.match(lackingInWords(['records:read', 'listings:decide']), /查阅.*或决定.*“录入、审核、发布、监察”/)
})

t.test('administrators look after keys, duties and the state of things', async (t) => {
  const { server, recorder } = await desk(t)
  const admin = await signedIn(server, { login: 'guanli', name: '管甲', roles: ['administrator'] })
  t.equal((await recorder.get('/desk/keys')).statusCode, 403)
  const create = '/desk/acts/create-key'
  t.match(
    (await admin.fill('/desk/keys', { name: '平台', authority: '河北省市场监督管理局', scopes: '' }, create))
      .body,
    /权限：必填/,
  )
  t.match(
    (
      await admin.fill(
        '/desk/keys',
        {
          name: '平台',
          authority: '河北省市场监督管理局',
          scopes: 'records:read',
          region: '没有这里',
        },
        create,
      )
    ).body,
    /“没有这里”不是行政区划/,
  )
  const made = await admin.fill(
    '/desk/keys',
    {
      name: '平台',
      authority: '河北省市场监督管理局',
      scopes: ['records:read', 'platform:read'],
      region: '唐山市',
    },
    create,
  )
  const [, text = ''] = /<code>(hqc_[^<]+)<\/code>/.exec(made.body) ?? []
  t.equal(
    (
      await server.app.inject({
        url: `/api/v1/enterprises/${key}`,
        headers: { authorization: `Bearer ${text}` },
      })
    ).statusCode,
    200,
  )
  t.notMatch((await admin.get('/desk/keys')).body, /hqc_\w+_/, 'shown once')
  const [own] = server.registry.keys.all()
  t.match(own, { region: '130200', scopes: ['records:read', 'platform:read'] })
  await admin.fill('/desk/keys', {}, `/desk/acts/revoke-key?id=${own?.id}`)
  t.equal(
    (await server.app.inject({ url: '/api/v1/enterprises', headers: { authorization: `Bearer ${text}` } }))
      .statusCode,
    401,
  )

  await officer(server, { login: 'lisi', name: '李四', roles: ['recorder'] })
  const lisi = new Visitor(server)
  await lisi.signIn('lisi')
  const change = {
    name: '李四',
    authority: '河北省市场监督管理局',
    region: '河北省唐山市路南区',
    roles: ['reviewer', 'auditor'],
    staffNo: 'A-17',
  }
  t.match(
    (await admin.fill('/desk/officers/lisi', { ...change, roles: [] }, '/desk/acts/change-officer?id=lisi'))
      .body,
    /岗位：必填/,
  )
  await admin.fill('/desk/officers/lisi', change, '/desk/acts/change-officer?id=lisi')
  t.match(server.registry.officers.one('lisi'), {
    roles: ['recorder'],
    proposals: [{ act: 'change-officer', status: 'open', input: { roles: ['reviewer', 'auditor'] } }],
  })
  t.notMatch(JSON.stringify(server.registry.officers.one('lisi')), 'A-17', 'a staff number is kept as a hash')
  const page = '/desk/officers/lisi'
  const proposal = `/desk/proposals/${server.registry.officers.one('lisi')?.proposals?.[0]?.id}`
  t.equal(
    (await admin.fill(proposal, {}, `${proposal}/confirm`)).statusCode,
    403,
    'not by whoever put it forward',
  )
  const second = await signedIn(server, { login: 'guanyi', name: '管乙', roles: ['administrator'] })
  t.match(
    (await second.get(page)).body,
    /给予“审核、监察”岗位、改变账号所登记的人（工号），须由第二名管理员确认，由 河北省市场监督管理局 管甲 提请/,
  )
  t.match((await second.get('/desk/proposals')).body, /调整账号[\s\S]*账号 lisi（李四）/)
  t.match(
    (await second.get(proposal)).body,
    /已登记[\s\S]*改为另一工号[\s\S]*范围[\s\S]*全省[\s\S]*河北省唐山市路南区/,
    'before and after',
  )
  t.equal((await second.fill(proposal, {}, `${proposal}/confirm`)).statusCode, 303)
  t.match(server.registry.officers.one('lisi'), { roles: ['reviewer', 'auditor'], region: '130202' })
  t.match(
    (
      await admin.fill(
        page,
        { ...change, staffNo: '', authority: '没有这个局' },
        '/desk/acts/change-officer?id=lisi',
      )
    ).body,
    /没有机关/,
  )
  t.match(
    (await admin.fill('/desk/officers/guanli', change, '/desk/acts/change-officer?id=guanli')).statusCode,
    403,
    'nobody changes their own duties',
  )
  t.equal((await lisi.get('/desk')).statusCode, 303, 'sessions end with the old duties')
  const wider = await admin.fill(page, { ...change, region: '' }, '/desk/acts/change-officer?id=lisi')
  const [widening = ''] = String(wider.headers.location).split('?')
  t.equal((await second.fill(widening, {}, `${widening}/confirm`)).statusCode, 303)
  t.equal(server.registry.officers.one('lisi')?.region, undefined)
  await admin.fill('/desk/officers/lisi', {}, '/desk/acts/disable-officer?id=lisi')
  t.match((await admin.get('/desk/officers/lisi')).body, /已停用/)
  t.equal(
    (await admin.fill('/desk/officers/lisi', change, '/desk/acts/change-officer?id=lisi')).statusCode,
    409,
  )
  t.equal((await admin.get('/desk/officers/nobody')).statusCode, 404)
  t.match(
    (await admin.get('/desk/system')).body,
    /登记簿的最后序号[\s\S]*检索落后<\/dt><dd>不落后[\s\S]*列入规则/,
  )
  t.ok(marksOf((await admin.get('/desk/officers')).body).token)
  t.match(await admin.get('/desk/no/such/page'), { statusCode: 404, body: /没有这个地址[\s\S]*/ })
})
