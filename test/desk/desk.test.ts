import t, { type Test } from 'tap'
import { passwordFault } from '../../src/authority/passwords.ts'
import { type Role, scopesOf } from '../../src/authority/roles.ts'
import { Sessions } from '../../src/authority/sessions.ts'
import { Throttle } from '../../src/authority/throttle.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { acting } from '../acting.ts'
import { licenceOf, testServer, unifiedCode } from '../support.ts'
import { author, fieldsOf, marksOf, officer, PASSWORD, signedIn, Visitor } from './visitor.ts'

const uscc = unifiedCode('DEAK0001')
const key = uscc.slice(8, 17)

async function desk(t: Test, roles: Role[] = ['recorder'], region?: string) {
  const server = await testServer(t)
  await officer(server, { login: 'zhangsan', roles, region })
  const request = { actor: { authority: '省局', officer: '李四' }, command: 'open' }
  await server.registry.acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130102' } }, request)
  const visitor = new Visitor(server)
  return { ...server, visitor }
}

t.test('nobody gets in without signing in, and comes to where they wanted afterwards', async (t) => {
  const { visitor } = await desk(t)
  const wanted = `/desk/enterprises/${key}`
  t.match(await visitor.get(wanted), {
    statusCode: 303,
    headers: { location: `/desk/sign-in?next=${encodeURIComponent(wanted)}` },
  })
  t.match(await visitor.signIn('zhangsan', 'wrong'), { statusCode: 401, body: /账号或密码不对/ })
  t.match(
    await visitor.signIn('nobody'),
    { statusCode: 401, body: /账号或密码不对/ },
    'the same for no account',
  )
  const { headers } = await visitor.send('/desk/sign-in', {
    login: 'ZhangSan',
    password: PASSWORD,
    next: wanted,
  })
  t.equal(headers.location, wanted)
  t.match(headers['set-cookie'], /HttpOnly.*SameSite=Strict/i)
  t.match(await visitor.get(wanted), {
    statusCode: 200,
    body: /示例公司/,
    headers: { 'cache-control': 'no-store' },
  })
  for (const next of ['https://evil.example/', '//evil.example', '/desk//evil', '/enterprises/x'])
    t.equal(
      (await visitor.send('/desk/sign-in', { login: 'zhangsan', password: PASSWORD, next })).headers.location,
      '/desk',
    )
})

t.test('a first password is changed before anything else; all sessions end with it', async (t) => {
  const { visitor, registry, ...server } = await desk(t)
  const other = new Visitor({ registry, ...server })
  await other.signIn('zhangsan')
  await registry.officers.setPassword('zhangsan', 'given by someone', { author, first: true })
  t.equal((await other.get('/desk')).statusCode, 303, 'the earlier session has ended')
  t.equal((await visitor.signIn('zhangsan', 'given by someone')).headers.location, '/desk/account?first')
  t.equal((await visitor.get('/desk')).headers.location, '/desk/account?first')
  const change = (form: Record<string, string>) =>
    visitor.fill('/desk/account', form, '/desk/account/password')
  const current = 'given by someone'
  t.match((await change({ current: 'no', password: 'x', again: 'x' })).body, /现在的密码不对/)
  t.match((await change({ current, password: 'short', again: 'short' })).body, /密码至少 8 个字符/)
  t.match(
    (await change({ current, password: 'zhangsan zhangsan', again: 'zhangsan zhangsan' })).body,
    /容易猜到/,
  )
  t.match((await change({ current, password: 'a b c d e f g h', again: 'another one' })).body, /不一样/)
  const good = 'seven blue elephants'
  t.equal((await change({ current, password: good, again: good })).headers.location, '/desk')
  t.equal((await visitor.get('/desk')).statusCode, 200, 'one goes on in the session that changed it')
  await visitor.fill('/desk/account', {}, '/desk/account/sign-out-everywhere')
  t.equal((await visitor.get('/desk')).statusCode, 303)
  await registry.acts.carryOut('disable-officer', { id: 'zhangsan' }, {}, author)
  t.equal((await visitor.signIn('zhangsan', good)).statusCode, 401, 'a closed account stays closed')
})

t.test('sessions end after an idle hour and after a day’s work', async (t) => {
  const { visitor, clock, registry, folder } = await desk(t)
  await visitor.signIn('zhangsan')
  for (const [at, status] of [
    ['2026-11-24T02:59:00.000Z', 200],
    ['2026-11-24T03:58:00.000Z', 200],
    ['2026-11-24T04:59:30.000Z', 303],
  ] as const) {
    clock.set(at)
    t.equal((await visitor.get('/desk')).statusCode, status, at)
  }
  await visitor.signIn('zhangsan')
  for (let hour = 5; hour <= 17; hour += 1) {
    clock.set(`2026-11-24T${String(hour).padStart(2, '0')}:40:00.000Z`)
    const { statusCode } = await visitor.get('/desk')
    t.equal(statusCode, hour < 17 ? 200 : 303)
  }
  await visitor.signIn('zhangsan')
  await registry.runDaily()
  t.equal((await visitor.get('/desk')).statusCode, 200, 'the daily job leaves what stands')
  clock.set('2026-11-24T18:40:00.001Z')
  await registry.runDaily()
  const kept = new Sessions(pathsIn(folder).sessions)
  t.teardown(() => kept.close())
  t.same(kept.of('zhangsan'), [], 'and forgets what is over')
})

t.test('a sample is recorded with its items, a line each, and its parties', async (t) => {
  const { visitor, registry } = await desk(t)
  await visitor.signIn('zhangsan')
  const address = `/desk/new/inspection?code=${key}`
  const typed = {
    kind: '省级监督抽查',
    authority: '河北省市场监督管理局',
    inspectedOn: '2026-11-20',
    product: '示例糕',
    sampleNo: 'S1',
    outcome: '不合格',
    items: '霉菌｜220CFU/g｜≤25CFU/g｜不合格\n水分',
    role: '标称生产者',
    sampledUnit: '示例商店',
  }
  const wrong = await visitor.fill(address, { ...typed, items: '霉菌｜220CFU/g｜≤25CFU/g｜超标' })
  t.match(wrong.body, /检验项目与结果第 1 行的判定：应为合格、不合格之一，现为“超标”/)
  t.match(wrong.body, /<textarea id="items"[^>]*>霉菌｜220CFU\/g/, 'what was typed is there once more')
  const { headers } = await visitor.fill(address, typed)
  t.equal(headers.location, `/desk/new/inspection?done=${key}`)
  t.match(
    (await visitor.get(String(headers.location))).body,
    new RegExp(`/desk/new/inspection\\?code=${key}">再登记这一家的一条`),
  )
  const record = () => registry.files.byCode(key).records[0]
  t.match(record()?.data, {
    items: [
      { name: '霉菌', measured: '220CFU/g', standard: '≤25CFU/g', verdict: '不合格' },
      { name: '水分' },
    ],
  })
  const page = `/desk/enterprises/${key}/records/${record()?.id}/correct`
  t.match((await visitor.get(page)).body, />霉菌｜220CFU\/g｜≤25CFU\/g｜不合格\n水分</)
  const same = await visitor.fill(page, { ...typed, reason: '核对' })
  t.match(same.body, /没有改动任何栏目/, 'the same lines are the same items')
  t.match((await visitor.get(`/desk/enterprises/${key}`)).body, /<th scope="col">实测值<\/th>/)
})

t.test('an inspection is recorded, updated, corrected and withdrawn, each in its own words', async (t) => {
  const { visitor, registry } = await desk(t)
  await visitor.signIn('zhangsan')
  const form = await visitor.get(`/desk/new/inspection?code=${key}`)
  t.match(form.body, /value="河北省市场监督管理局"/, 'it begins with the officer’s authority')
  t.match(form.body, /type="date" value="2026-11-24"/)
  const typed = { kind: '省级监督抽查', product: '电线电缆', outcome: '优秀', inspectedOn: '2027-01-01' }
  const refused = await visitor.fill(`/desk/new/inspection?code=${key}`, typed)
  t.equal(refused.statusCode, 422)
  t.match(refused.body, /id="outcome-fault"/, 'the fault stands beside its field')
  t.match(refused.body, /value="电线电缆"/, 'everything typed is still there')
  t.match(refused.body, /<option value="优秀" selected/)
  const good = { ...typed, outcome: '合格', inspectedOn: '2026-11-20', authority: '河北省市场监督管理局' }
  t.equal(
    (await visitor.fill(`/desk/new/inspection?code=${key}`, good)).headers.location,
    `/desk/new/inspection?done=${key}`,
  )
  t.match(
    (await visitor.get(`/desk/new/inspection?code=${key}`)).body,
    /value="2026-11-20"/,
    'the next begins from it',
  )
  const record = () => registry.files.byCode(key).records[0]
  const id = record()?.id ?? ''
  const page = (act: string) => `/desk/enterprises/${key}/records/${id}/${act}`
  t.match(record(), { data: { outcome: '合格', product: '电线电缆' } })

  t.match((await visitor.fill(page('update'), { ...good, reportNo: 'B-2' })).body, /请写明原因/)
  await visitor.fill(page('update'), { ...good, reportNo: 'B-2', reason: '收到检验报告' })
  t.match(record(), { data: { reportNo: 'B-2' }, corrections: [] })
  t.match((await visitor.fill(page('correct'), { ...good, reportNo: 'B-3' })).body, /请写明原因/)
  await visitor.fill(page('correct'), { ...good, reportNo: 'B-3', reason: '抄错了编号' })
  t.match(record(), {
    data: { reportNo: 'B-3' },
    corrections: [{ reason: '抄错了编号', fields: ['reportNo'] }],
  })
  await visitor.fill(`/desk/acts/withdraw-record?code=${key}&id=${id}`, { reason: '重复登记' })
  t.match(record(), { withdrawn: { reason: '重复登记' } })
  t.match((await visitor.get(`/desk/enterprises/${key}`)).body, /重复登记/)
  t.equal((await visitor.get(page('update'))).statusCode, 410)
  const entries = await registry.files.history(registry.files.byCode(key))
  t.match(entries.at(-1), { author: { authority: '河北省市场监督管理局', officer: '张三' } })
})

t.test('a form sent twice acts once; one made from an older state loses nothing', async (t) => {
  const { visitor, registry } = await desk(t)
  await visitor.signIn('zhangsan')
  const { data } = licenceOf('XK-1')
  const text = Object.fromEntries(Object.entries(data).map(([field, value]) => [field, String(value)]))
  const address = `/desk/new/licence?code=${key}`
  const form = { ...marksOf((await visitor.get(address)).body), ...text }
  for (let i = 0; i < 2; i += 1) t.equal((await visitor.send(address, form)).statusCode, 303)
  t.equal(registry.files.byCode(key).records.length, 1)
  const again = await visitor.send(address, { ...form, number: 'XK-2' })
  t.match(again, { statusCode: 409, body: /这张表单已经保存过一次/ }, 'going back and sending something else')
})

t.test('two officers on one thing: what does not collide is merged, what does is asked about', async (t) => {
  const { visitor, registry } = await desk(t)
  await visitor.signIn('zhangsan')
  const acts = acting(registry)
  let n = 0
  const other = () => {
    n += 1
    return {
      actor: { authority: '河北省市场监督管理局', officer: '李四' },
      command: `meanwhile-${n}`,
    }
  }
  const formAt = async (address: string) => {
    const { body } = await visitor.get(address)
    return { ...marksOf(body), ...fieldsOf(body) }
  }
  const licence = licenceOf('XK-1')
  await registry.acts.addRecord(key, licence.type, licence.data, undefined, other())
  const id = registry.files.byCode(key).records[0]?.id ?? ''
  const things = [
    {
      address: `/desk/enterprises/${key}/change`,
      now: () => registry.files.byCode(key).enterprise,
      others: (data: Record<string, string>) => acts.change(key, data, 'any', other(), '李四的原因'),
      fields: ['products', 'address'],
    },
    {
      address: `/desk/enterprises/${key}/records/${id}/update`,
      now: () => registry.files.byCode(key).records[0]?.data,
      others: (data: Record<string, string>) =>
        acts.updateRecord(key, id, data, 'any', other(), '李四的原因'),
      fields: ['remark', 'applicationBasis'],
    },
  ] as const
  for (const { address, now, others, fields } of things) {
    const [mine, theirs] = fields
    // Different fields: both stand, and the untouched one is not put back to what the form showed.
    const first = await formAt(address)
    await others({ [theirs]: '李四改的' })
    const sent = { ...first, [mine]: '电缆', reason: '张三的原因' }
    t.equal((await visitor.send(address, sent)).statusCode, 303, address)
    t.match(now(), { [mine]: '电缆', [theirs]: '李四改的' })
    const position = registry.files.byCode(key).position
    t.equal((await visitor.send(address, sent)).statusCode, 303, 'sent twice it acts once')
    t.equal(registry.files.byCode(key).position, position)

    // A fault in it: shown again on what stands now, it takes nothing back when it is saved.
    const faulty = await formAt(address)
    await others({ [theirs]: '李四再改' })
    const refused = await visitor.send(address, { ...faulty, [mine]: '光缆' })
    t.match(refused, { statusCode: 422, body: /请写明原因/ })
    const mended = { ...marksOf(refused.body), ...fieldsOf(refused.body), reason: '补上' }
    t.match(mended, { [mine]: '光缆', [theirs]: '李四再改' })
    t.equal((await visitor.send(address, mended)).statusCode, 303)
    t.match(now(), { [mine]: '光缆', [theirs]: '李四再改' })

    // The same field to the same: nothing to ask. Beside it another of one's own.
    const same = await formAt(address)
    await others({ [theirs]: '两人一样' })
    const both = { ...same, [theirs]: '两人一样', [mine]: '钢缆', reason: '一样' }
    t.equal((await visitor.send(address, both)).statusCode, 303)
    t.match(now(), { [mine]: '钢缆', [theirs]: '两人一样' })

    // The same field to something else: asked, with what was typed still there, and the rest as it stands now.
    const colliding = await formAt(address)
    await others({ [theirs]: '李四写的', [mine]: '李四的产品' })
    const asked = await visitor.send(address, { ...colliding, [theirs]: '张三写的', reason: '冲突' })
    t.equal(asked.statusCode, 409)
    t.match(asked.body, /其间已被他人改为“李四写的”/)
    t.match(asked.body, /您填的内容还在下面/)
    t.match(asked.body, /其间他人作的修改[\s\S]*<ins>李四写的<\/ins>/, 'and what the other one changed')
    t.match(now(), { [theirs]: '李四写的' }, 'nothing was overwritten')
    const confirmed = { ...marksOf(asked.body), ...fieldsOf(asked.body) }
    t.match(confirmed, { [theirs]: '张三写的', [mine]: '李四的产品', reason: '冲突' })
    t.equal((await visitor.send(address, confirmed)).statusCode, 303)
    t.match(now(), { [theirs]: '张三写的', [mine]: '李四的产品' })
  }
})

t.test('no form from elsewhere, no duty that one lacks, no other region', async (t) => {
  const { visitor, registry, ...server } = await desk(t, ['recorder'], '130200')
  await visitor.signIn('zhangsan')
  const form = { kind: '日常巡查', outcome: '合格', inspectedOn: '2026-11-20', authority: '唐山市局' }
  const address = `/desk/new/inspection?code=${key}`
  for (const token of ['', 'x'.repeat(24)])
    t.match(await visitor.send(address, { ...form, token }), {
      statusCode: 403,
      body: /表单不是从本系统的页面发出/,
    })
  t.match(await visitor.fill(address, form), { statusCode: 403, body: /不属河北省唐山市管辖/ })
  t.equal(registry.files.byCode(key).records.length, 0)
  const nowhere = await visitor.fill('/desk/new-file', { orgCode: 'NOWHERE08', name: '无处公司' })
  t.match(nowhere, { statusCode: 403, body: /没有写明该企业的行政区划，.*请填写行政区划/ })
  t.notMatch(nowhere.body, /该企业在全省/)
  await officer({ registry, ...server }, { login: 'jiancha', roles: ['auditor'] })
  const auditor = new Visitor({ registry, ...server })
  await auditor.signIn('jiancha')
  t.equal((await auditor.get(`/desk/enterprises/${key}`)).statusCode, 200)
  t.match(await auditor.get(address), {
    statusCode: 403,
    body: /没有此项操作所需的权限：登记和修改记录（records:write），属“录入”岗位/,
  })
  t.notMatch((await auditor.get('/desk')).body, /href="\/desk\/new/)
  t.same(scopesOf(['administrator']), ['officers:write'], 'who makes accounts does not enter records')
})

t.test('guessing is slowed down', async (t) => {
  const { visitor, clock } = await desk(t)
  for (let i = 0; i < 4; i += 1) await visitor.signIn('zhangsan', `guess ${i}`)
  const throttled = await visitor.signIn('zhangsan')
  t.match(throttled, { statusCode: 429, headers: { 'retry-after': /^\d+$/ } })
  clock.set('2026-11-24T02:30:00.000Z')
  t.equal((await visitor.signIn('zhangsan')).statusCode, 303)
  let time = 0
  const throttle = new Throttle(() => time, { freeTries: 3, forgetsMs: 10_000_000 })
  const waits = Array.from({ length: 14 }, () => {
    throttle.tried('a')
    return throttle.wait('a')
  })
  t.same(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  time = 900_000
  t.equal(throttle.wait('a'), 0)
  t.equal(throttle.wait('b'), 0)
})

t.test(
  'an account is guessed at no faster from many addresses, and its own devices wait for nobody',
  async (t) => {
    const { visitor, app, clock } = await desk(t)
    t.equal((await visitor.signIn('zhangsan')).statusCode, 303)
    const guess = async (from: number, password = `guess ${from}`, login = 'zhangsan') => {
      const payload = new URLSearchParams({ login, password }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
      const remoteAddress = `10.1.${from}.1`
      return (await app.inject({ method: 'POST', url: '/desk/sign-in', headers, payload, remoteAddress }))
        .statusCode
    }
    const statuses: number[] = []
    for (let from = 0; from < 22; from += 1) statuses.push(await guess(from))
    t.same(statuses.slice(0, 20), Array(20).fill(401))
    t.same(statuses.slice(20), [429, 429], 'from whatever address')
    t.equal(await guess(50, 'guess', 'lisi'), 401, 'others are not in it')
    t.equal((await visitor.signIn('zhangsan')).statusCode, 303, 'a device that has signed in before')
    clock.set('2026-11-24T02:30:00.000Z')
    t.equal(await guess(60), 401, 'and it is forgotten in time')
  },
)

t.test('accounts and passwords that will not do', async (t) => {
  const { registry } = await desk(t)
  const known = { login: 'lisi', name: '李四' }
  for (const password of [
    'short',
    'aaaaaaaaaaaaaaa',
    'my lisi password',
    '李四的一二三四五六七八九',
    'qwerty qwerty asdf',
    'x'.repeat(201),
  ])
    t.ok(passwordFault(password, known), password.slice(0, 20))
  t.equal(passwordFault(PASSWORD, known), undefined)
  const create = (more: object) =>
    registry.officers.create(
      { ...known, authority: '石家庄市局', roles: ['recorder'], password: PASSWORD, ...more },
      author,
    )
  const refusal = async (more: object) => {
    const error: unknown = await create(more).catch((thrown: unknown) => thrown)
    if (!(error instanceof Refusal)) return 'taken'
    return `${error.reason}: ${error.title} ${error.faults.map(({ detail }) => detail).join()}`
  }
  t.match(await refusal({ login: 'Li Si' }), /账号应为/)
  t.match(await refusal({ login: 'zhangsan' }), /exists/)
  t.match(await refusal({ roles: [] }), /岗位/)
  t.match(await create({}), { login: 'lisi', mustChange: true })
  const entries = JSON.stringify(registry.officers.all())
  t.notMatch(entries, PASSWORD, 'passwords are kept as hashes only')
})

t.test('an administrator looks after accounts, and after nothing else', async (t) => {
  const { visitor, registry, ...server } = await desk(t, ['administrator'])
  await visitor.signIn('zhangsan')
  t.equal((await visitor.get('/desk')).headers.location, '/desk/officers')
  const create = '/desk/acts/create-officer'
  t.equal((await visitor.get(`/desk/enterprises/${key}`)).statusCode, 403)
  const form = {
    login: 'lisi',
    name: '李四',
    authority: '河北省市场监督管理局',
    region: '130200',
    roles: 'recorder',
  }
  t.match(await visitor.fill('/desk/officers', { ...form, login: '李四' }, create), {
    statusCode: 422,
    body: /账号应为/,
  })
  t.match((await visitor.fill('/desk/officers', { ...form, roles: '' }, create)).body, /岗位：必填/)
  const made = await visitor.fill('/desk/officers', form, create)
  const [, password = ''] = /首次密码：<code>([^<]+)</.exec(made.body) ?? []
  t.match(registry.officers.one('lisi'), {
    name: '李四',
    region: '130200',
    roles: ['recorder'],
    mustChange: true,
  })
  const other = new Visitor({ registry, ...server })
  t.equal((await other.signIn('lisi', password)).headers.location, '/desk/account?first')
  t.equal(
    (await other.fill('/desk/account', form, create)).statusCode,
    303,
    'not before the password is changed',
  )
  t.match((await visitor.fill('/desk/officers', {}, '/desk/acts/reset-password?id=lisi')).body, /首次密码/)
  t.equal((await other.signIn('lisi', password)).statusCode, 401)
  await visitor.fill('/desk/officers', {}, '/desk/acts/disable-officer?id=lisi')
  t.ok(registry.officers.one('lisi')?.disabledAt)
})

t.test(
  'while the clock is doubtful every page of the desk says so, with what to do, and no page of the public',
  async (t) => {
    let doubt: string | undefined =
      '服务器时钟在运行中被拨快了 60 分钟；确认无误后执行 npm run cli -- clock accept。'
    const server = await testServer(t, { clockDoubt: () => doubt })
    const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
    for (const page of ['/desk', '/desk/account'])
      t.match((await visitor.get(page)).body, /role="alert"[^>]*>时钟待确认[\s\S]*?clock accept/)
    for (const page of ['/', '/desk/sign-in'])
      t.notMatch((await server.app.inject({ url: page })).body, /时钟待确认|clock accept/)
    doubt = undefined
    t.notMatch((await visitor.get('/desk')).body, /时钟待确认/, 'a page that was kept does not say it longer')
  },
)
