import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { JobStore } from '../../src/exchange/job-store.ts'
import type { BadRow } from '../../src/exchange/report.ts'
import { nothingMended } from '../../src/exchange/upload.ts'
import { type WaitingFirm, waitingPlace } from '../../src/exchange/waiting.ts'
import { signedIn, type Visitor } from '../desk/visitor.ts'
import { type TestServer, temporaryFolder, testServer, unifiedCode } from '../support.ts'

const [code = '', other = ''] = ['TGW00001', 'TGW00002'].map((body) => unifiedCode(body))
const at = new Date('2026-03-02T02:00:00Z')
const headers = ['名称', '产品']
const row = (line: number, waits: WaitingFirm, cells = ['甲', `产品${line}`]): BadRow => ({
  line,
  cells,
  faults: [{ code: 'not-on-file', detail: '没有建档', waits }],
})

function store(t: Test) {
  const folder = temporaryFolder(t)
  const jobs = new JobStore({ jobs: join(folder, 'jobs.db'), imports: join(folder, 'imports') })
  t.teardown(() => jobs.close())
  const keep = (bad: readonly BadRow[], job = 'j', authority = '省局') =>
    jobs.waiting.keep(bad, headers, { job, type: 'inspection', authority, at })
  return { jobs, waiting: jobs.waiting, keep }
}

t.test('rows that wait for a firm are kept by firm and authority, once each', async (t) => {
  const { waiting, keep } = store(t)
  const fault = { code: 'choice', detail: '选项' }
  const bad = [
    row(2, { name: '甲' }),
    row(3, { name: '甲' }),
    row(4, { name: '甲', place: '石家庄市' }),
    row(5, { code }),
    { ...row(6, { name: '甲' }), faults: [fault] },
    { ...row(7, { name: '甲' }), faults: [...row(7, { name: '甲' }).faults, fault] },
    row(8, { name: '甲' }, ['甲', '联系人 11010519491231002X']),
  ]
  t.equal(await keep(bad), 4, 'what is wrong otherwise, or holds an identity number, is not kept')
  t.equal(await keep(bad), 0, 'a run that goes on from before keeps nothing twice')
  t.equal(await keep([row(2, { name: '乙' })], 'k', '市局'), 1)
  t.match(waiting.firms('省局', undefined, 10), [
    { name: '甲', count: 2, type: 'inspection', since: at.toISOString(), until: '2026-08-29T02:00:00.000Z' },
    { code, count: 1 },
    { name: '甲', place: '石家庄市', count: 1 },
  ])
  t.equal(waiting.count('省局'), 3)
  t.equal(waiting.count('市局'), 1)
  const [first] = waiting.firms('省局', undefined, 1)
  if (!first) return t.fail('nothing waits')
  t.same(waiting.table('省局', first), {
    headers,
    rows: [
      ['甲', '产品2'],
      ['甲', '产品3'],
    ],
  })
  t.same(waiting.table('市局', first).rows, [], 'of another authority')
  t.equal(waiting.one('市局', first.id), undefined)
})

t.test(
  'whoever leafs through what waits sees each firm that stays once, whatever goes or comes',
  async (t) => {
    const bad = ['甲', '甲', '乙', '丙', '丁', '丁', '戊'].map((name, i) => row(i + 2, { name }))
    for (const [what, gone] of [
      ['the one that the page ended with', '丁'],
      ['one before it, of the same count', '甲'],
      ['one after it', '丙'],
    ] as const) {
      const { waiting, keep } = store(t)
      await keep(bad)
      const [one, other] = waiting.firms('省局', undefined, 2)
      if (!one || !other) return t.fail('nothing waits')
      const closed = waiting.firms('省局', undefined, 9).find(({ name }) => name === gone)
      if (closed)
        await waiting.close('省局', closed, {
          reason: '外省企业',
          by: { authority: '省局', officer: '张三' },
          at,
        })
      await keep([row(20, { name: '己' })], 'k')
      const seen = [one, other]
      for (;;) {
        const page = waiting.firms('省局', waitingPlace(seen.at(-1) ?? other), 2)
        if (page.length === 0) break
        seen.push(...page)
      }
      const names = seen.map(({ name }) => name)
      const all = ['甲', '乙', '丙', '丁', '戊', '己'].filter((name) => name !== gone || names.includes(name))
      t.same(names.toSorted(), all.toSorted(), what)
    }
  },
)

t.test('tables of different headings are put under all of them', async (t) => {
  const { jobs, keep } = store(t)
  await keep([row(2, { name: '甲' })])
  const from = { job: 'k', type: 'inspection', authority: '省局', at }
  await jobs.waiting.keep([row(2, { name: '甲' }, ['甲', '2026-01-01'])], ['名称', '日期'], from)
  const [first] = jobs.waiting.firms('省局', undefined, 1)
  t.same(first && jobs.waiting.table('省局', first), {
    headers: ['名称', '产品', '日期'],
    rows: [
      ['甲', '产品2', ''],
      ['甲', '', '2026-01-01'],
    ],
  })
})

t.test(
  'an import begun with them lets them go when it starts, and gives them back when it is thrown away',
  async (t) => {
    const { jobs, waiting, keep } = store(t)
    await keep([row(2, { name: '甲' }), row(3, { name: '乙' })])
    const actor = { authority: '省局', officer: '甲' }
    const begun = () =>
      jobs.create(
        Readable.from(['x']),
        { type: 'inspection', keyId: 'k', actor, createdAt: at.toISOString() },
        'preview',
      )
    const named = (name: string) => {
      const found = waiting.firms('省局', undefined, 10).find((own) => own.name === name)
      if (!found) throw new Error(`${name} does not wait`)
      return found
    }
    const thrown = await begun()
    await waiting.take('省局', named('甲'), thrown.id)
    t.equal(waiting.count('省局'), 1, 'it is not offered twice')
    await jobs.discard(thrown.id)
    t.equal(waiting.count('省局'), 2)
    const started = await begun()
    await waiting.take('省局', named('甲'), started.id)
    await jobs.start(started)
    await t.rejects(jobs.discard(started.id), /已经开始/)
    t.match(waiting.firms('省局', undefined, 10), [{ name: '乙' }])
    const closing = {
      reason: '外省企业，已转送',
      by: { authority: '省局', officer: '张三', account: 'officer/zhangsan' },
      at,
    }
    t.equal(await waiting.close('省局', named('乙'), closing), 1)
    t.equal(waiting.count('省局'), 0)
    t.match(waiting.closed('省局', 10), [
      { name: '乙', count: 1, reason: '外省企业，已转送', by: '张三', author: closing.by },
    ])
    t.same(waiting.closed('市局', 10), [], 'of another authority')
  },
)

t.test(
  'what waits for the firm of a file: by its codes, and by a name where no code says another',
  async (t) => {
    const { waiting, keep } = store(t)
    await keep([
      row(2, { code }),
      row(3, { code: code.slice(8, 17) }),
      row(4, { name: '示例（甲）厂' }),
      row(5, { name: '示例甲旧厂', place: '石家庄市' }),
      row(6, { code: other, name: '示例(甲)厂' }),
      row(7, { name: '示例乙厂' }),
    ])
    const file = { codes: [code, code.slice(8, 17)], names: ['示例(甲)厂', '示例甲旧厂'] }
    const found = waiting.forFile('省局', file)
    t.same(
      found.map(({ code: own, name }) => own ?? name).sort(),
      [code, code.slice(8, 17), '示例甲旧厂', '示例（甲）厂'].sort(),
    )
    t.same(waiting.forFile('市局', file), [])
    t.same(waiting.forFile('省局', { codes: [], names: [] }), [])
  },
)

t.test('why something was closed is known as long as rows wait', async (t) => {
  const { waiting, jobs, keep } = store(t)
  await keep([row(2, { name: '甲' })])
  const [first] = waiting.firms('省局', undefined, 1)
  if (!first) return t.fail('nothing waits')
  await waiting.close('省局', first, {
    reason: '外省',
    by: { authority: '省局', officer: '张三', account: 'officer/zhangsan' },
    at,
  })
  for (const [day, known] of [
    ['2026-08-28T02:00:00Z', 1],
    ['2026-08-29T02:00:00Z', 1],
    ['2026-08-30T02:00:00Z', 0],
  ] as const) {
    await jobs.prune(new Date(day))
    t.equal(waiting.closed('省局', 10).length, known, day)
  }
})

t.test('taken back with their import, erased on their day', async (t) => {
  const { jobs, waiting, keep } = store(t)
  const actor = { authority: '省局', officer: '甲' }
  const job = await jobs.create(Readable.from(['x']), {
    ...{ type: 'inspection', keyId: 'k', actor, createdAt: at.toISOString() },
  })
  await keep([row(2, { name: '甲' })], job.id)
  await keep([row(2, { name: '乙' })], 'another')
  await jobs.askWithdrawal(job.id, { reason: '有误', actor, askedAt: at.toISOString(), isConfirmed: false })
  t.match(waiting.firms('省局', undefined, 10), [{ name: '乙' }])
  for (const [day, left] of [
    ['2026-08-28T02:00:00Z', 1],
    ['2026-08-29T02:00:00Z', 1],
    ['2026-08-30T02:00:00Z', 0],
  ] as const) {
    await jobs.prune(new Date(day))
    t.equal(waiting.count('省局'), left, day)
  }
})

const TABLE = [
  '标称生产企业名称,食品名称,规格型号,抽样日期,任务来源,检验结论,检查机关',
  '示例待建档食品厂,示例粉条,1kg/袋,2026-03-10,省抽,合格,河北省市场监督管理局',
  '示例待建档食品厂,示例粉丝,1kg/袋,2026-03-10,省抽,合格,河北省市场监督管理局',
]

/** A clerk who has imported the table, whose firm has no file. */
async function clerkWithWaiting(server: TestServer): Promise<Visitor> {
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
  const sent = await visitor.upload(
    '/desk/imports',
    '/desk/imports',
    { type: 'inspection' },
    '抽检.csv',
    TABLE.join('\n'),
  )
  const page = String(sent.headers.location)
  await visitor.fill(page, { 'firmName.0': '示例待建档食品厂', 'firm.0': 'none' }, `${page}/mending`)
  await visitor.fill(page, {}, `${page}/start`)
  await server.runImports()
  return visitor
}

t.test('at the desk: what waits is offered once the file is there, looked at, and taken', async (t) => {
  const server = await testServer(t)
  const { acts, files } = server.registry
  const visitor = await clerkWithWaiting(server)
  t.match((await visitor.get('/desk/imports')).body, /有 1 家企业没有建档/)
  const list = '/desk/imports/waiting'
  const before = await visitor.get(list)
  t.match(before.body, /示例待建档食品厂[\s\S]*没有找到/)
  t.notMatch(before.body, /导入这些行/)
  await acts.open(
    { codes: { uscc: other }, data: { name: '示例待建档食品厂', region: '130102' } },
    { actor: { authority: '河北省市场监督管理局', officer: '李四' }, command: 'open' },
  )
  const opened = (await visitor.get(`/desk/enterprises/${other.slice(8, 17)}`)).body
  t.match(
    opened,
    /待建档的行[\s\S]*按名称“示例待建档食品厂”[\s\S]*2 行[\s\S]*导入这些行/,
    'said on the page of the file',
  )
  const after = (await visitor.get(list)).body
  const [, action = ''] = /action="([^"]*\/import)"/.exec(after) ?? []
  t.match(after, /导入这些行/)
  const key = other.slice(8, 17)
  const begun = await visitor.fill(list, { key }, action)
  const again = String(begun.headers.location)
  t.match((await visitor.get(again)).body, /新增记录<\/dt><dd>2 行/)
  t.same(files.byCode(key).records, [], 'nothing is filed unseen')
  await visitor.fill(again, {}, `${again}/start`)
  await server.runImports()
  t.match(files.byCode(key).records, [{ data: { product: '示例粉条' } }, { data: { product: '示例粉丝' } }])
  t.match((await visitor.get(list)).body, /没有等待建档的行/)
  t.notMatch((await visitor.get(`/desk/enterprises/${key}`)).body, /待建档的行/)
  const stranger = await signedIn(server, {
    login: 'wang',
    roles: ['recorder'],
    authority: '石家庄市市场监督管理局',
  })
  t.equal((await stranger.fill(list, { key }, action)).statusCode, 404)
})

t.test('at the desk: what is not to be imported is closed with a reason', async (t) => {
  const server = await testServer(t)
  const visitor = await clerkWithWaiting(server)
  const list = '/desk/imports/waiting'
  const [, action = ''] = /action="([^"]*\/close)"/.exec((await visitor.get(list)).body) ?? []
  t.match(await visitor.fill(list, { reason: ' ' }, action), {
    statusCode: 422,
    body: /请写明不再等待的原因/,
  })
  t.match((await visitor.get(list)).body, /示例待建档食品厂/)
  t.equal((await visitor.fill(list, { reason: '外省企业，已转送' }, action)).statusCode, 303)
  t.match(
    (await visitor.get(list)).body,
    /没有等待建档的行[\s\S]*不再等待的[\s\S]*示例待建档食品厂[\s\S]*2 行[\s\S]*外省企业，已转送[\s\S]*张三/,
  )
})

t.test('what an authority keeps stays its own when it is renamed, or another takes it over', async (t) => {
  const folder = temporaryFolder(t)
  const names: Record<string, string[]> = { 市局: ['市局', '质监局', '工商局'], 省局: ['省局'] }
  const jobs = new JobStore(
    { jobs: join(folder, 'jobs.db'), imports: join(folder, 'imports') },
    '',
    (authority) => names[authority] ?? [authority],
  )
  t.teardown(() => jobs.close())
  const { waiting, templates } = jobs
  for (const [authority, job] of [
    ['质监局', 'a'],
    ['工商局', 'b'],
  ] as const) {
    await waiting.keep([row(2, { name: '甲' })], headers, { job, type: 'inspection', authority, at })
    const by = { authority, id: `officer/${job}`, officer: job, isAdministrator: false }
    await templates.save(
      { type: 'inspection', headings: ['名称'], made: nothingMended, name: `${authority}的表` },
      by,
      at,
    )
    const sent = { type: 'inspection', actor: { authority, officer: job } }
    const asked = { ...sent, keyId: job, fileName: `${job}.csv`, createdAt: at.toISOString() }
    const upload = await jobs.create(Readable.from(['名称\n']), asked, 'preview')
    const said = { words: { outcome: { [authority]: ['合格'] } }, columns: { [job]: 'name' } }
    await jobs.saveMending(upload.id, { ...nothingMended, ...said })
    await jobs.start(upload)
  }
  t.match(waiting.firms('市局', undefined, 10), [{ name: '甲', count: 2 }])
  t.equal(waiting.count('市局'), 1)
  t.equal(waiting.count('省局'), 0)
  const [firm] = waiting.firms('市局', undefined, 1)
  if (!firm) return t.fail('nothing waits')
  t.equal(waiting.table('市局', firm).rows.length, 2)
  t.same(
    templates.of('市局').map(({ name }) => name),
    ['工商局的表', '质监局的表'],
  )
  t.same(templates.of('省局'), [])
  t.same(jobs.remembered({ type: 'inspection', actor: { authority: '市局', officer: 'c' } }), {
    words: { outcome: { 质监局: ['合格'], 工商局: ['合格'] } },
    columns: { a: 'name', b: 'name' },
    firms: {},
  })
  t.same(jobs.remembered({ type: 'inspection', actor: { authority: '省局', officer: 'c' } }).columns, {})
  const why = {
    reason: '已注销，不再建档',
    by: { authority: '省局', officer: '张三', account: 'officer/zhangsan' },
    at,
  }
  t.equal(await waiting.close('省局', firm, why), 0)
  t.equal(await waiting.close('市局', firm, why), 2)
  t.equal(waiting.closed('市局', 10)[0]?.count, 2)
  t.same(waiting.closed('省局', 10), [])
})
