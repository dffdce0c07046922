import { SaxesParser } from 'saxes'
import t, { type Test } from 'tap'
import { faultsBeforeSending, sentTable } from '../../src/exchange/before-sending.ts'
import { editions, formNames, formOf } from '../../src/exchange/double-publicity.ts'
import { licenceKinds } from '../../src/records/licence.ts'
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
      payload: {
        uscc,
        enterprise: { name: `示例${i}公司`, legalRepresentative: '李四', region: '130102' },
      },
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
  const importing = async (type: string, file: Buffer, name: string, constants: object) => {
    const body = new FormData()
    body.append('type', type)
    body.append('mapping', JSON.stringify({ constants }))
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

function strictlyRead(xml: string): void {
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
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

// What stands in no column of the edition is said once for the file.
const UNSAID = {
  2018: { penalty: { procedure: '普通程序' }, licence: {} },
  2016: { penalty: { procedure: '普通程序', conduct: '生产不合格产品' }, licence: {} },
} as const
// Who sends, and when: of the sender, not of what is sent.
const SENDERS = /,1301\d\d,[^,]*Z,/g

for (const edition of [2018, 2016] as const)
  t.test(`what goes out by the forms of ${edition} comes in again as it was`, async (t) => {
    const from = await registering(t)
    await opened(from.server, from.writer)
    for (const [i, [decidedOn, authority, more]] of PENALTIES.entries())
      await recorded(
        from.server,
        from.writer,
        CODES[i % 2] ?? '',
        penaltyOf(`${i}号`, { decidedOn, authority, authorityCode: CODES[1], ...more }),
      )
    for (const [i, kind] of licenceKinds.entries())
      await recorded(
        from.server,
        from.writer,
        CODES[i % 2] ?? '',
        licenceOf(edition === 2016 ? `许${i}号` : `XK-${i}`, {
          kind,
          documentNo: `许${i}号`,
          scope: '电线，<电缆> & “线”',
          validFrom: '2024-03-01',
          validTo: '2026-12-31',
          status: i % 2 ? '暂停' : '有效',
          ...(i === 3 && { certificateName: '食品相关产品证书' }),
        }),
      )
    for (const format of ['csv', 'xlsx', 'xml'] as const) {
      const to = await registering(t)
      // Files open with licences; a penalty of a firm that nobody knows yet is refused.
      for (const [form, type, period, rows] of [
        ['licences', 'licence', 'from=2024-03-01&to=2024-03-01', licenceKinds.length],
        ['penalties', 'penalty', 'from=2026-01-01&to=2026-12-31', 4],
      ] as const) {
        const asked = `${period}&edition=${edition}`
        const sent = await from.table(form, `${asked}&format=${format}`)
        if (format === 'xml') strictlyRead(sent.body)
        t.equal((await from.table(form, asked)).json().items.length, rows)
        const job = await to.importing(type, sent.rawPayload, `table.${format}`, UNSAID[edition][type])
        t.match(
          job,
          { status: 'done', counts: { failed: 0 }, ignoredColumns: [], faults: '' },
          `${format} ${JSON.stringify(job.counts)} ${job.faults}`,
        )
        const csv = async (table: typeof from.table) =>
          (await table(form, `${asked}&format=csv`)).body.replace(SENDERS, ',')
        t.equal(await csv(to.table), await csv(from.table), `${form} as ${format}`)
      }
    }
  })

t.test('a row says what the handbook asks, in its words', async (t) => {
  const { server, writer, table } = await registering(t)
  await opened(server, writer)
  for (const [i, [decidedOn, authority, more]] of PENALTIES.entries())
    await recorded(
      server,
      writer,
      CODES[i % 2] ?? '',
      penaltyOf(`${i}号`, { decidedOn, authority, authorityCode: CODES[1], ...more }),
    )
  const { items, lacking } = (await table('penalties', 'from=2026-01-01&to=2026-12-31')).json()
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
  const checked = (await table('penalties/check', 'from=2026-01-01&to=2026-12-31')).json()
  t.match(checked, { rows: 4, faulty: 3 })
  t.match(checked.items[0], {
    row: 2,
    number: '2号',
    name: '示例0公司',
    element: 'CF_SY',
    label: '违法事实',
    code: 'required',
    detail: '“违法事实”为必填项，没有填写；请在档案中补填。',
  })
  const file = await table('penalties/check', 'from=2026-01-01&to=2026-12-31&format=csv')
  t.match(file.body, '2,2号,示例0公司,违法事实,CF_SY,,“违法事实”为必填项')
})

t.test('each rule of the handbook is judged at its edge', (t) => {
  const form = formOf('penalties', '2018')
  const good = {
    CF_XDR_MC: '示例公司',
    CF_XDR_SHXYM: CODES[0],
    CF_WSH: '一号',
    CF_WFXW: '违法',
    CF_SY: '事实',
    CF_YJ: '依据',
    CF_CFLB: '罚款；其他-责令改正',
    CF_NR: '罚款',
    CF_NR_FK: '0.000001',
    CF_JDRQ: '2026-02-28',
    CF_CFJG: CITY,
    CF_CFJGDM: CODES[1],
  }
  t.same(faultsBeforeSending(form, good), [])
  for (const [element, value, code] of [
    ['CF_WSH', '𠀀'.repeat(64), undefined],
    ['CF_WSH', '𠀀'.repeat(65), 'too-long'],
    ['CF_WSH', ' ', 'required'],
    ['CF_CFLB', '罚款；责令改正', 'word'],
    ['CF_CFLB', '其他-', 'word'],
    ['CF_JDRQ', '2026-02-29', 'date'],
    ['CF_NR_FK', '1.0000001', 'sum'],
    ['CF_NR_FK', '-1', 'sum'],
    ['CF_CFJGDM', `${CODES[1].slice(0, 17)}${CODES[1].endsWith('0') ? '1' : '0'}`, 'unified-code'],
    ['CF_GSJZQ', undefined, undefined],
  ] as const)
    t.same(
      faultsBeforeSending(form, { ...good, [element]: value }).map((fault) => [fault.element, fault.code]),
      code ? [[element, code]] : [],
      `${element} ${value}`,
    )
  for (const edition of editions)
    for (const name of formNames) {
      const names = formOf(name, edition).elements.map(({ element }) => element)
      t.equal(new Set(names).size, names.length)
      t.notOk(
        names.some((one) => /SFZ|ZJHM/.test(one)),
        'no identity numbers',
      )
    }
  t.end()
})

t.test('what left the list is told to whoever asks by the name that its authority bears now', async (t) => {
  const left = ['旧局', '新局', '他局'].map((authority, i) => ({
    id: `${i}`,
    on: '2026-10-01',
    cause: 'expired' as const,
    authority,
  }))
  const source = {
    now: () => new Date('2026-11-01T02:00:00.000Z'),
    feed: { dated: () => [] },
    listings: { list: () => ({ items: [], next: undefined }), ended: () => left },
    authorities: { namesOf: (name: string) => (name === '他局' ? [name] : ['新局', '旧局']) },
  }
  for (const [authority, ids] of [
    ['新局', ['0', '1']],
    ['旧局', ['0', '1']],
    ['他局', ['2']],
    [undefined, ['0', '1', '2']],
  ] as const) {
    const asked = { from: '2026-01-01', to: '2026-12-31', authority }
    const rows = []
    for await (const part of sentTable(source, 'violators', '2018', asked).parts) rows.push(...part)
    t.same(
      rows.map(({ ILLID }) => ILLID),
      ids,
      `${authority}`,
    )
  }
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
  const { acts, authorities } = server.registry
  const id = authorities.all().find(({ name }) => name === CITY)?.id ?? ''
  const by = { authority: '系统管理员', officer: '测试' }
  await acts.carryOut('rename-authority', { id }, { name: '石家庄市新局' }, by)
  for (const name of [CITY, '石家庄市新局'])
    t.same(
      await numbers(`from=2026-09-30&to=2026-11-01&authority=${encodeURIComponent(name)}`),
      ['0号', '1号', '3号'],
      `${name}: what it decided before it was renamed`,
    )
  t.equal((await table('penalties', 'from=2026-10-02&to=2026-10-01')).statusCode, 422)
  t.equal((await table('awards', '')).statusCode, 400)
  t.equal((await server.app.inject('/api/v1/exchange/penalties')).statusCode, 401)
  const others = await server.authorization(['listings:write'])
  t.equal((await server.app.inject({ url: '/api/v1/exchange/penalties', headers: others })).statusCode, 403)
})
