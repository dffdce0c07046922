import t, { type Test } from 'tap'
import { licenceOf, openAuthority, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

const CODES = [unifiedCode('DEM00001'), unifiedCode('DEM00002')] as const
const CITY = '石家庄市市场监督管理局'
const PROVINCE = '河北省市场监督管理局'

async function opened(server: TestServer, headers: { authorization: string }): Promise<void> {
  for (const [i, uscc] of CODES.entries())
    await server.app.inject({
      method: 'POST',
      url: '/api/v1/enterprises',
      headers,
      payload: { uscc, enterprise: { name: `示例${i}公司`, legalRepresentative: '李四' } },
    })
}

async function recorded(
  server: TestServer,
  headers: { authorization: string },
  uscc: string,
  payload: object,
) {
  const url = `/api/v1/enterprises/${uscc.slice(8, 17)}/records`
  const answer = await server.app.inject({ method: 'POST', url, headers, payload })
  t.equal(answer.statusCode, 201, answer.body)
}

async function registering(t: Test) {
  const server = await testServer(t)
  for (const name of [CITY, PROVINCE]) await openAuthority(server, name)
  const { text } = await server.registry.keys.create(
    { name: '登记', authority: PROVINCE, scopes: ['records:write'] },
    { authority: PROVINCE, officer: '张三' },
  )
  const writer = { authorization: `Bearer ${text}` }
  const platform = await server.authorization(['platform:read'])
  const table = (form: string, query: string) =>
    server.app.inject({ url: `/api/v1/exchange/${form}?${query}`, headers: platform })
  const importing = async (type: string, file: Buffer, name: string) => {
    const body = new FormData()
    body.append('type', type)
    // The forms don't say it, and a penalty without it is shown to nobody until somebody has looked.
    if (type === 'penalty') body.append('mapping', '{"constants":{"procedure":"普通程序"}}')
    body.append('file', new Blob([new Uint8Array(file)]), name)
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/v1/imports?type=${type}`,
      headers: writer,
      payload: body,
    })
    await server.runImports()
    const job = await server.app.inject({ url: `/api/v1/imports/${answer.json().id}`, headers: writer })
    const faults = await server.app.inject({
      url: `/api/v1/imports/${answer.json().id}/errors.csv`,
      headers: writer,
    })
    return { ...job.json(), faults: faults.body.slice(faults.body.indexOf('\n')) }
  }
  return { server, writer, table, importing }
}

const PENALTIES = [
  [
    '2026-09-30',
    CITY,
    { fine: 50_000, facts: '生产的=电线“不合格”，\n见附件。', penaltyBasis: '《产品质量法》第四十九条' },
  ],
  [
    '2026-10-01',
    CITY,
    { fine: 1234.56, types: ['罚款', '没收违法所得'], confiscatedIncome: 0.01, remark: '内部' },
  ],
  ['2026-10-31', PROVINCE, { fine: 10_000_000, restrictionEndsOn: undefined }],
  ['2026-11-01', CITY, { types: ['吊销许可证件'], fine: undefined, revokedLicence: '许可证 冀XK-1' }],
] as const

t.test('what goes out by the forms comes in again as it was', async (t) => {
  const from = await registering(t)
  await opened(from.server, from.writer)
  for (const [i, [decidedOn, authority, more]] of PENALTIES.entries())
    await recorded(
      from.server,
      from.writer,
      CODES[i % 2] ?? '',
      penaltyOf(`${i}号`, { decidedOn, authority, authorityCode: CODES[1], ...more }),
    )
  for (const [i, status] of ['有效', '暂停'].entries())
    await recorded(
      from.server,
      from.writer,
      CODES[i] ?? '',
      licenceOf(`XK-${i}`, { documentNo: `许${i}号`, scope: '电线，电缆', validFrom: '2024-03-01', status }),
    )
  for (const format of ['csv', 'xlsx'] as const) {
    const to = await registering(t)
    // Files open with licences; a penalty of a firm that nobody knows yet is refused.
    for (const [form, type, period, rows] of [
      ['licences', 'licence', 'from=2024-03-01&to=2024-03-01', 2],
      ['penalties', 'penalty', 'from=2026-01-01&to=2026-12-31', 4],
    ] as const) {
      const sent = await from.table(form, `${period}&format=${format}`)
      t.equal((await from.table(form, period)).json().items.length, rows)
      const job = await to.importing(type, sent.rawPayload, `table.${format}`)
      t.match(
        job,
        { status: 'done', counts: { failed: 0 }, ignoredColumns: [], faults: '' },
        JSON.stringify(job.counts),
      )
      const csv = `${period}&format=csv`
      t.equal((await to.table(form, csv)).body, (await from.table(form, csv)).body, `${form} as ${format}`)
    }
  }
  const { items, lacking } = (await from.table('penalties', 'from=2026-01-01&to=2026-12-31')).json()
  t.match(
    items.map((row: Record<string, string>) => [row.CF_WSH, row.CF_NR_FK, row.CF_NR_WFFF]),
    [
      ['0号', '5', undefined],
      ['2号', '1000', undefined],
      ['1号', '0.123456', '0.000001'],
      ['3号', undefined, undefined],
    ],
  )
  t.notMatch(JSON.stringify(items), '内部', 'what officers remark is no part of it')
  t.match(lacking[0], { row: 2, elements: ['CF_SY', 'CF_YJ'] })
})

t.test('a table is of an authority and a period, both days included', async (t) => {
  const { server, writer, table } = await registering(t)
  await opened(server, writer)
  for (const [i, [decidedOn, authority]] of PENALTIES.entries())
    await recorded(server, writer, CODES[i % 2] ?? '', penaltyOf(`${i}号`, { decidedOn, authority }))
  const numbers = async (query: string) =>
    (await table('penalties', query)).json().items.map((row: { CF_WSH: string }) => row.CF_WSH)
  t.same(await numbers('from=2026-10-01&to=2026-10-31'), ['2号', '1号'])
  t.same(await numbers('from=2026-09-30&to=2026-11-01'), ['0号', '2号', '1号', '3号'])
  const city = encodeURIComponent(CITY)
  t.same(await numbers(`from=2026-09-30&to=2026-11-01&authority=${city}`), ['0号', '1号', '3号'])
  t.equal((await table('penalties', 'from=2026-10-02&to=2026-10-01')).statusCode, 422)
  t.equal((await table('awards', '')).statusCode, 400)
  t.equal((await server.app.inject('/api/v1/exchange/penalties')).statusCode, 401)
  const others = await server.authorization(['listings:write'])
  t.equal((await server.app.inject({ url: '/api/v1/exchange/penalties', headers: others })).statusCode, 403)
})
