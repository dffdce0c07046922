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
  const other = await server.authorization(['records:write'])
  t.equal(
    (await server.app.inject({ url: String(location), headers: other })).statusCode,
    404,
    'another key sees nothing of it',
  )
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
  const { JobFolder } = await import('../../src/exchange/jobs.ts')
  const { ImportJobs } = await import('../../src/exchange/jobs.ts')
  const { pathsIn } = await import('../../src/running/open-writer.ts')
  const directory = pathsIn(server.folder).imports
  let appends = 0
  const dying = new ImportJobs({
    directory,
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
  const folder = new JobFolder(directory)
  const id = started.json().id
  for (let i = 0; i < 200 && appends < 2; i += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  const { line } = (await folder.find(id)) ?? {}
  t.ok(line && line > 1 && line < 2600, `the state is behind what is durable, at line ${line}`)
  await server.runImports()
  t.match(await folder.find(id), { status: 'done', counts: { rows: 2600, failed: 26 } })
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
