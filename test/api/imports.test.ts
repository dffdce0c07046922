import { readFileSync } from 'node:fs'
import t from 'tap'
import { type TestServer, testServer, unifiedCode } from '../support.ts'

/** A multipart body with a file and, before it, other fields. */
function upload(content: string | Buffer, fields: Record<string, string> = {}, name = 'file') {
  const boundary = '----boundary'
  const parts = Object.entries(fields).map(
    ([field, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  )
  const head = `${parts.join('')}--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="a.csv"\r\n\r\n`
  return {
    payload: Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}

async function post(
  server: TestServer,
  key: Record<string, string>,
  body: ReturnType<typeof upload>,
  query = '',
) {
  return server.app.inject({
    method: 'POST',
    url: `/api/v1/imports${query}`,
    payload: body.payload,
    headers: { ...body.headers, ...key },
  })
}

const csv = `企业名称,统一社会信用代码\n示例甲公司,${unifiedCode('DEM00001')}\n示例乙公司,123\n`

t.test('an import as a job, with its report', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const started = await post(server, key, upload(csv, { type: 'enterprise' }))
  t.equal(started.statusCode, 202)
  const { location = '' } = started.headers
  const job = async () => (await server.app.inject({ url: String(location), headers: key })).json()
  t.match(await job(), { status: 'waiting', progress: 0 })
  await server.runImports()
  const done = await job()
  t.match(done, { status: 'done', progress: 1, counts: { rows: 2, opened: 1, failed: 1 } })
  t.notOk('actor' in done)
  const report = await server.app.inject({ url: `${location}/errors.csv`, headers: key })
  t.match(report.headers['content-type'], 'text/csv')
  t.match(report.body, /示例乙公司,123,3,统一社会信用代码,123,.*18 位/)
  const [entry] = await server.register.history(unifiedCode('DEM00001').slice(8, 17))
  t.match(entry?.author, { authority: '测试局', officer: '张三' })
  const other = await server.authorization(['records:write'], '130200')
  t.equal(
    (await server.app.inject({ url: String(location), headers: other })).statusCode,
    403,
    'another authority’s key sees nothing of it',
  )
})

t.test('an upload that is sent again under its key is one job', async (t) => {
  const server = await testServer(t)
  const key = { ...(await server.authorization(['records:write'])), 'idempotency-key': 'batch-1' }
  const body = upload(csv, { type: 'enterprise' })
  const [first, second] = await Promise.all([post(server, key, body), post(server, key, body)])
  t.equal(first.statusCode, 202)
  t.match(second, { statusCode: 409, body: /正在受理/ }, 'two at once')
  t.equal((await post(server, key, body)).json().id, first.json().id, 'and again a moment later')
  await server.runImports()
  const third = await post(server, key, body)
  t.match(third, { statusCode: 202, headers: { 'idempotency-replayed': 'true' } })
  t.match(third.json(), { id: first.json().id, status: 'done', counts: { opened: 1 } })
  t.match((await post(server, key, upload(`${csv}\n`, { type: 'enterprise' }))).json(), {
    status: 422,
    type: /idempotency-key-reused/,
  })
  t.match((await post(server, key, upload(csv, { type: 'licence' }))).json(), {
    type: /idempotency-key-reused/,
  })
  const other = { ...(await server.authorization(['records:write'])), 'idempotency-key': 'batch-1' }
  t.not((await post(server, other, body)).json().id, first.json().id, 'each has their own keys')
  t.match((await post(server, { ...key, 'idempotency-key': 'x'.repeat(201) }, body)).statusCode, 400)
})

t.test('a job that was cut off goes on where its last durable batch ended', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const rows = Array.from({ length: 2600 }, (_, i) =>
    i % 100 === 7 ? `示例坏${i},123` : `示例${i}号公司,${unifiedCode(`DEM${String(i).padStart(5, '0')}`)}`,
  )
  const started = await post(
    server,
    key,
    upload(`企业名称,统一社会信用代码\n${rows.join('\n')}`),
    '?type=enterprise',
  )
  const { JobStore } = await import('../../src/exchange/job-store.ts')
  const { ImportJobs } = await import('../../src/exchange/jobs.ts')
  const { pathsIn } = await import('../../src/running/paths.ts')
  const jobs = new JobStore(pathsIn(server.folder))
  t.teardown(() => jobs.close())
  let appends = 0
  const dying = new ImportJobs({
    jobs,
    register: server.register,
    views: server.views,
    catalogue: server.registry.catalogue,
    now: server.clock.now,
    onFailure: t.error,
    writer: {
      ...server.writer,
      async append(request, options) {
        appends += 1
        // Dies after the batch is durable and before anybody learns of it.
        const outcome = await server.writer.append(request, options)
        if (appends === 2) return new Promise(() => undefined)
        return outcome
      },
    },
  })
  dying.runWaiting()
  const id = started.json().id
  for (let i = 0; i < 200 && appends < 2; i += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  const { line } = (await jobs.find(id)) ?? {}
  t.ok(line && line > 1 && line < 2600, `the state is behind what is durable, at line ${line}`)
  await server.runImports()
  t.match(await jobs.find(id), { status: 'done', counts: { rows: 2600, failed: 26 } })
  t.equal(server.registry.count(), 2574)
  const report = await server.app.inject({ url: `/api/v1/imports/${id}/errors.csv`, headers: key })
  t.equal(report.body.split('\n').filter((line) => line.includes('示例坏')).length, 26, 'each bad row once')
})

t.test('uploads that are refused', async (t) => {
  const server = await testServer(t, { maxUploadBytes: 1000 })
  const key = await server.authorization(['records:write'])
  for (const [what, answer, status] of [
    ['no key', await post(server, {}, upload(csv, { type: 'enterprise' })), 401],
    ['no type', await post(server, key, upload(csv)), 422],
    ['an unknown type', await post(server, key, upload(csv, { type: 'x' })), 422],
    ['too large', await post(server, key, upload('x'.repeat(2000), { type: 'enterprise' })), 413],
    [
      'no file',
      await post(server, key, {
        payload: Buffer.from('----x--'),
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      }),
      400,
    ],
    [
      'not multipart',
      await server.app.inject({ method: 'POST', url: '/api/v1/imports', headers: key, payload: {} }),
      415,
    ],
  ] as const) {
    t.equal(answer.statusCode, status, what)
    t.match(answer.json().title, /[\u4e00-\u9fff]/, what)
  }
})

t.test('a file that is no table fails as a whole and says why', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const started = await post(server, key, upload('a,b\n1,2\n', { type: 'enterprise' }))
  await server.runImports()
  const job = await server.app.inject({ url: String(started.headers.location), headers: key })
  t.match(job.json(), { status: 'failed', problem: /统一社会信用代码/ })
})

t.test(
  'an upload that is only looked at says what it would do, is mended, imported, and taken back',
  async (t) => {
    const server = await testServer(t)
    const key = await server.authorization(['records:write'])
    const [a, b, c] = ['DEM00001', 'DEM00002', 'DEM00003'].map((body) => unifiedCode(body))
    const table = [
      '2026年企业名录',
      '企业名称,统一社会信用代码,登记状态,联系电话',
      `示例甲公司,${a},在营（开业）企业,1`,
      `示例乙公司,${b},清算中的,2`,
      `示例丙公司,${c},清算中的,3`,
      '注：以上资料由企业自报',
    ].join('\n')
    const started = await post(server, key, upload(table), '?type=enterprise&preview=true')
    t.equal(started.statusCode, 202)
    const { location = '' } = started.headers
    t.match(started.json(), { status: 'preview', counts: { rows: 3, opened: 1, failed: 2 } })
    const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
      server.app.inject({ method, url: `${location}${path}`, headers: key, ...(payload && { payload }) })
    t.match((await ask('GET', '/preview')).json(), {
      columns: [{}, {}, { meaning: '经营状态' }, { header: '联系电话', meaning: null }],
      words: [{ field: 'status', word: '清算中的', count: 2, terms: ['存续', '停业', '注销', '吊销'] }],
      reasons: [{ code: 'word', header: '登记状态', count: 2, lines: [4, 5] }],
      passed: {
        count: 2,
        first: [
          { line: 1, why: 'title' },
          { line: 6, why: 'note' },
        ],
      },
    })
    t.match((await ask('GET', '/rows?outcome=failed')).json().rows, [
      { line: 4 },
      { line: 5, faults: [/清算中的/] },
    ])
    const beginning = (await ask('GET', '/rows?outcome=failed&limit=1')).json()
    t.match(beginning.rows, [{ line: 4 }])
    const lastPage = `/rows?outcome=failed&limit=1&cursor=${beginning.next}`
    t.match((await ask('GET', lastPage)).json(), { rows: [{ line: 5 }], next: null })
    t.match((await ask('PATCH', '', { words: { status: { 清算中的: ['关了'] } } })).json(), {
      status: 422,
      errors: [{ pointer: '/words/status/清算中的', detail: /没有“关了”一项/ }],
    })
    t.match((await ask('PATCH', '', { columns: { 联系电话: '电话' } })).json(), {
      status: 422,
      title: /没有“电话”这一栏/,
    })
    await ask('PATCH', '', { rows: { 4: ['示例乙公司', b, '存续', '2'] } })
    t.match(
      (await ask('GET', lastPage)).json(),
      { rows: [{ line: 5 }] },
      'a row before it was mended meanwhile',
    )
    const mended = await ask('PATCH', '', { words: { status: { 清算中的: ['停业'] } } })
    t.match(mended.json(), { counts: { opened: 3, failed: 0 }, words: [] })
    t.equal((await ask('POST', '/start')).statusCode, 202)
    await server.runImports()
    t.match((await ask('GET', '')).json(), {
      status: 'done',
      counts: { opened: 3 },
      ignoredColumns: ['联系电话'],
    })
    t.equal((await ask('DELETE', '')).statusCode, 409, 'what was imported is not thrown away')
    t.equal((await ask('POST', '/withdrawal', { reason: ' ' })).statusCode, 422)
    t.equal((await ask('POST', '/withdrawal', { reason: '传错了' })).statusCode, 202)
    await server.runImports()
    t.equal(server.registry.count(), 0)
    const other = await post(server, key, upload(table), '?type=enterprise&preview=true')
    const gone = { url: String(other.headers.location), headers: key }
    t.equal((await server.app.inject({ method: 'DELETE', ...gone })).statusCode, 204)
    t.equal((await server.app.inject(gone)).statusCode, 404)
  },
)

t.test('a file with data on several sheets is refused until it is said which', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const file = readFileSync(new URL('../exchange/cases/15-second-sheet-ignored.xlsx', import.meta.url))
  const refused = await post(server, key, upload(file), '?type=enterprise')
  t.match(refused.json(), {
    status: 422,
    type: 'http://localhost:8080/api/v1/problems/sheets',
    errors: [{ pointer: '/sheet', detail: /第 1 行为表头/ }, {}],
    sheets: [{ headerRow: 1, isTable: true }, {}],
  })
  const [first, second] = refused.json().sheets
  for (const query of [`sheet=${first.name}`, `sheet=${first.name}&sheet=${second.name}`]) {
    const started = await post(server, key, upload(file), `?type=enterprise&${query}`)
    t.equal(started.statusCode, 202, query)
  }
  const mapping = JSON.stringify({ sheets: [second.name] })
  t.equal((await post(server, key, upload(file, { mapping }), '?type=enterprise')).statusCode, 202)
  t.match((await post(server, key, upload(file, { mapping: '{' }), '?type=enterprise')).json(), {
    status: 422,
    title: /JSON/,
  })
})

t.test(
  'a table without codes: nothing is attached unseen, unless the key is told to take what is certain',
  async (t) => {
    const server = await testServer(t)
    const key = await server.authorization(['records:write'])
    const firms = `统一社会信用代码,企业名称\n${unifiedCode('BYN00001')},示例甲六〇制品有限公司\n`
    await post(server, key, upload(firms), '?type=enterprise')
    await server.runImports()
    const file = readFileSync(new URL('../exchange/cases/60-firms-by-name-only.csv', import.meta.url))
    const mapping = JSON.stringify({ constants: { 检查机关: '河北省市场监督管理局' } })
    const looked = await post(server, key, upload(file, { mapping }), '?type=inspection&preview=true')
    t.match(looked.json(), { counts: { rows: 2, added: 0, failed: 2 } })
    const preview = await server.app.inject({ url: `${looked.headers.location}/preview`, headers: key })
    t.match(preview.json().firms, [
      { name: '示例甲六〇制品有限公司', count: 1, certainty: 'certain', candidates: [{ key: 'BYN00001' }] },
      { name: '示例无此企业食品厂', candidates: [] },
    ])
    const plain = await post(server, key, upload(file, { mapping }), '?type=inspection')
    const told = await post(server, key, upload(file, { mapping }), '?type=inspection&match=certain')
    await server.runImports()
    const outcome = async (location: unknown) =>
      (await server.app.inject({ url: String(location), headers: key })).json()
    t.match(await outcome(plain.headers.location), { status: 'done', counts: { added: 0, failed: 2 } })
    t.match(await outcome(told.headers.location), { status: 'done', counts: { added: 1, failed: 1 } })
    const wrong = JSON.stringify({ constants: { 没有的栏: 'x' } })
    t.match((await post(server, key, upload(file, { mapping: wrong }), '?type=inspection')).json(), {
      status: 422,
      title: /没有“没有的栏”这一栏/,
    })
  },
)

t.test('what a name was decided to mean is offered with the next table, and not taken', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const name = '示例永盛食品厂'
  const [one = '', other = ''] = ['NAME0001', 'NAME0002'].map((body) => unifiedCode(body))
  await post(
    server,
    key,
    upload(`统一社会信用代码,企业名称\n${one},${name}\n${other},${name}\n`),
    '?type=enterprise',
  )
  await server.runImports()
  const mapping = JSON.stringify({
    constants: { 检查机关: '省局', 检查类别: '省级监督抽查', 检查日期: '2026-03-10' },
  })
  const look = async (no: string) => {
    const table = `抽样编号,标称生产企业名称,食品名称,检验结论\n${no},${name},糕,合格`
    const { headers } = await post(server, key, upload(table, { mapping }), '?type=inspection&preview=true')
    const own = String(headers.location)
    const preview = (await server.app.inject({ url: `${own}/preview`, headers: key })).json()
    return { own, preview }
  }
  const first = await look('S1')
  t.match(first.preview.firms, [{ id: name, certainty: 'unsure', candidates: [{}, {}] }])
  t.notOk('offered' in first.preview.firms[0])
  const payload = { firms: { [name]: other.slice(8, 17) } }
  await server.app.inject({ method: 'PATCH', url: first.own, headers: key, payload })
  await server.app.inject({ method: 'POST', url: `${first.own}/start`, headers: key })
  await server.runImports()
  const { preview } = await look('S2')
  t.match(preview, { counts: { added: 0, failed: 1 }, firms: [{ id: name, offered: other.slice(8, 17) }] })
})

t.test('JSON in another charset than UTF-8 is not read', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const sent = async (type: string) =>
    (
      await server.app.inject({
        method: 'POST',
        url: '/api/v1/enterprises',
        headers: { ...key, 'content-type': type },
        payload: '{}',
      })
    ).statusCode
  for (const charset of ['gbk', 'GB18030', 'utf-16', '"big5"'])
    t.equal(await sent(`application/json; charset=${charset}`), 415, charset)
  for (const charset of ['utf-8', 'UTF8', '"utf-8"'])
    t.not(await sent(`application/json; charset=${charset}`), 415, charset)
})

t.test(
  'rows whose firm has no file wait: imported once there is one, or closed, by their authority alone',
  async (t) => {
    const server = await testServer(t)
    const key = await server.authorization(['records:write'])
    const code = unifiedCode('DEM00077')
    const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
      server.app.inject({
        method,
        url: `/api/v1/imports${url}`,
        headers: key,
        ...(payload && { payload }),
      })
    t.same((await ask('GET', '/waiting')).json(), { total: 0, items: [], next: null, closed: [] })
    t.equal((await ask('POST', '/waiting/x-2/import', {})).statusCode, 404)
    t.equal((await ask('DELETE', '/waiting/x-2')).statusCode, 404)
    t.equal((await server.app.inject('/api/v1/imports/waiting')).statusCode, 401)
    const table = [
      '统一社会信用代码,企业名称,处罚决定书文号,违法行为类型,处罚种类,罚款金额,处罚决定日期,处罚机关,程序',
      `${code},示例丙公司,冀罚1号,无证生产,罚款,20000,2026-03-01,测试局,普通程序`,
    ]
    await post(server, key, upload(table.join('\n'), { type: 'penalty' }))
    await server.runImports()
    const { items } = (await ask('GET', '/waiting')).json()
    t.match(items, [{ code, name: '示例丙公司', count: 1, match: { candidates: [] } }])
    const [{ id }] = items
    await server.registry.acts.open(
      { codes: { uscc: code }, data: { name: '示例丙公司', region: '130102' } },
      { actor: { authority: '测试局', officer: '李四' }, command: 'open' },
    )
    t.match((await ask('GET', '/waiting')).json().items, [
      { match: { candidates: [{ key: code.slice(8, 17) }] } },
    ])
    const begun = await ask('POST', `/waiting/${id}/import`, {})
    t.equal(begun.statusCode, 202)
    t.match(begun.json(), { type: 'penalty', status: 'preview', counts: { rows: 1, added: 1 } })
    t.equal((await ask('GET', '/waiting')).json().total, 0)
    t.equal((await ask('DELETE', `/${begun.json().id}`)).statusCode, 204)
    t.equal((await ask('GET', '/waiting')).json().total, 1, 'thrown away, it waits on')
    const again = await ask('POST', `/waiting/${id}/import`, {})
    await ask('POST', `/${again.json().id}/start`)
    await server.runImports()
    t.match(server.registry.files.byCode(code).records, [{ data: { documentNo: '冀罚1号', fine: 20_000 } }])
    t.equal((await ask('GET', '/waiting')).json().total, 0)
    await post(
      server,
      key,
      upload(table.join('\n').replaceAll(code, unifiedCode('DEM00078')), { type: 'penalty' }),
    )
    await server.runImports()
    const [other] = (await ask('GET', '/waiting')).json().items
    t.equal((await ask('DELETE', `/waiting/${other.id}`)).statusCode, 204)
    t.equal((await ask('GET', '/waiting')).json().total, 0)
  },
)

t.test('a template is saved from an upload, named for the next, and refused for another kind', async (t) => {
  const server = await testServer(t)
  const key = await server.authorization(['records:write'])
  const send = (type: string, query: string) =>
    post(server, key, upload(`企业名称,代号\n示例甲公司,${unifiedCode('DEM00001')}`, { type }), query)
  const mapping = JSON.stringify({
    columns: { 代号: '统一社会信用代码' },
    constants: { 行政区划: '石家庄市' },
  })
  const first = await post(
    server,
    key,
    upload(`企业名称,代号\n示例甲公司,${unifiedCode('DEM00001')}`, { type: 'enterprise', mapping }),
    '?preview=true',
  )
  const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, as = key) =>
    server.app.inject({ method, url: `/api/v1/imports${url}`, headers: as, ...(payload && { payload }) })
  const saved = await ask('POST', `/${first.json().id}/template`, { name: '名录' })
  t.equal(saved.statusCode, 201)
  t.match(saved.json(), { name: '名录', type: 'enterprise', headings: ['企业名称', '代号'] })
  const { id } = saved.json()
  t.match((await ask('GET', '/templates')).json(), { items: [{ id, name: '名录' }] })
  const second = await send('enterprise', `?preview=true&template=${encodeURIComponent('名录')}`)
  t.match(second.json(), { counts: { rows: 1, opened: 1 } })
  t.match((await ask('GET', `/${second.json().id}/preview`)).json(), { templates: [{ id, name: '名录' }] })
  const third = await send('enterprise', '?preview=true')
  t.match((await ask('PATCH', `/${third.json().id}?template=${id}`, {})).json(), { counts: { opened: 1 } })
  const wrong = await send('penalty', `?template=${encodeURIComponent('名录')}`)
  t.equal(wrong.statusCode, 422)
  t.match(wrong.json(), { title: /模板“名录”是导入另一类内容用的/ })
  t.match((await send('enterprise', '?template=x')).json(), { title: /没有名为“x”的模板/ })
  const other = await server.authorization(['records:write'])
  t.equal((await ask('PATCH', `/templates/${id}`, { name: '别的' }, other)).statusCode, 403)
  t.equal((await ask('DELETE', `/templates/${id}`, undefined, other)).statusCode, 403)
  t.match((await ask('PATCH', `/templates/${id}`, { name: '企业名录' })).json(), { name: '企业名录' })
  t.equal((await ask('DELETE', `/templates/${id}`)).statusCode, 204)
  t.same((await ask('GET', '/templates')).json(), { items: [] })
  t.equal((await ask('DELETE', `/templates/${id}`)).statusCode, 404)
})
