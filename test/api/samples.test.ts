import t from 'tap'
import { testServer, unifiedCode } from '../support.ts'

const producer = unifiedCode('DEAP0001')
const seller = unifiedCode('DEAP0002')
const unfiled = unifiedCode('DEAP0003')
const tangshan = unifiedCode('DEAP0004')

const sample = {
  kind: '省级监督抽查',
  inspectedOn: '2026-03-01',
  authority: '测试局',
  sampleNo: 'T1',
  product: '示例糕',
  outcome: '不合格',
  failedItems: '霉菌',
  deliveredOn: '2026-03-05',
  producer: '示例生产有限公司',
  producerCode: producer,
  sampledUnit: '示例超市有限公司',
  sampledUnitCode: seller,
}

t.test(
  'a sample that names producer and seller by their codes reaches both files in one request',
  async (t) => {
    const { app, authorization, registry } = await testServer(t)
    const headers = await authorization(['records:write'])
    for (const [uscc, name, region] of [
      [producer, '示例生产有限公司', '130102'],
      [seller, '示例超市有限公司', '130102'],
      [tangshan, '示例唐山超市', '130202'],
    ] as const) {
      const payload = { uscc, enterprise: { name, region } }
      const opened = await app.inject({ method: 'POST', url: '/api/v1/enterprises', headers, payload })
      t.equal(opened.statusCode, 201)
    }
    const post = (code: string, data: object, more: object = headers) =>
      app.inject({
        method: 'POST',
        url: `/api/v1/enterprises/${code}/records`,
        headers: more as Record<string, string>,
        payload: { type: 'inspection', data },
      })
    const roles = (uscc: string) => registry.files.byCode(uscc).records.map(({ data }) => data.role)

    const repeatable = { ...headers, 'idempotency-key': 'sample-1' }
    const head = registry.position()
    const both = await post(producer, sample, repeatable)
    const [inSeller] = registry.files.byCode(seller).records
    t.match(both, { statusCode: 201 })
    t.match(both.json(), {
      orgCode: producer.slice(8, 17),
      data: { role: '标称生产者' },
      alsoIn: [{ orgCode: seller.slice(8, 17), id: inSeller?.id, role: '被抽样单位' }],
    })
    t.notOk('unreached' in both.json())
    t.equal(registry.position(), head + 2, 'one append of two entries')
    t.same([roles(producer), roles(seller)], [['标称生产者'], ['被抽样单位']])
    const repeated = await post(producer, sample, repeatable)
    t.match(repeated, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
    t.same(repeated.json().alsoIn, both.json().alsoIn)
    t.notOk('unreached' in repeated.json())
    t.equal(registry.position(), head + 2)
    t.match(await post(seller, sample), { statusCode: 409 }, 'it stands there already')
    t.equal(registry.position(), head + 2)

    const there = await post(seller, { ...sample, sampleNo: 'T2', producerCode: unfiled })
    t.match(there.json(), {
      data: { role: '被抽样单位' },
      unreached: [{ name: '标称生产企业“示例生产有限公司”', why: '该代码没有建档' }],
    })
    t.notOk('alsoIn' in there.json())
    const { producerCode: _, ...byName } = { ...sample, sampleNo: 'T3' }
    t.match((await post(seller, byName)).json(), { unreached: [{ why: '没有选定是哪一家' }] })
    const other = await post(producer, { ...sample, sampleNo: 'T4', sampledUnitCode: tangshan })
    t.match(other, {
      statusCode: 422,
      body: /对应的企业是“示例唐山超市”，与被抽样单位“示例超市有限公司”不符/,
    })
    t.same([roles(producer).length, roles(seller).length, roles(tangshan).length], [1, 3, 0])

    // What reached the producer by itself is brought to the seller alone, and stays one there.
    const { sampledUnitCode: __, ...half } = { ...sample, sampleNo: 'T5' }
    t.equal((await post(producer, half)).statusCode, 201)
    t.match((await post(seller, { ...sample, sampleNo: 'T5' })).json(), {
      unreached: [{ name: '标称生产企业“示例生产有限公司”', why: '档案中已有这一样品' }],
    })
    t.same([roles(producer).length, roles(seller).length], [2, 4])

    const local = await authorization(['records:write'], '130200')
    const theirs = await post(
      tangshan,
      {
        ...sample,
        kind: '市级监督抽查',
        authority: '测试局130200',
        sampleNo: 'T6',
        sampledUnit: '示例唐山超市',
        sampledUnitCode: tangshan,
      },
      local,
    )
    t.match(theirs.json(), { unreached: [{ name: '标称生产企业“示例生产有限公司”' }] })
    t.same([roles(tangshan), roles(producer).length], [['被抽样单位'], 2])

    const plain = { ...sample, sampleNo: 'T7', producer: undefined, producerCode: undefined }
    const alone = await post(seller, { ...plain, sampledUnit: undefined, sampledUnitCode: undefined })
    t.equal(alone.statusCode, 201)
    t.notOk('alsoIn' in alone.json() || 'unreached' in alone.json())
    t.equal(roles(seller).at(-1), undefined)
    t.match(await post(producer, 'none' as unknown as object), { statusCode: 422 })
    t.match(await post(unifiedCode('DEAP0009'), sample), { statusCode: 404 })
  },
)

t.test(
  'a table that names both by name alone asks for both at once, and a key takes those that are certain',
  async (t) => {
    const server = await testServer(t)
    const { app, authorization, registry } = server
    const headers = await authorization(['records:write'])
    for (const [uscc, name] of [
      [producer, '示例生产有限公司'],
      [seller, '示例超市有限公司'],
    ] as const) {
      const payload = { uscc, enterprise: { name, region: '130102' } }
      await app.inject({ method: 'POST', url: '/api/v1/enterprises', headers, payload })
    }
    const table = [
      '抽样编号,标称生产企业名称,被抽样单位名称,食品名称,抽样日期,任务来源,检查机关,检验结论',
      'N1,示例生产有限公司,示例超市有限公司,示例糕,2026-03-01,省抽,测试局,合格',
      'N2,示例无档厂有限公司,示例超市有限公司,示例饼,2026-03-01,省抽,测试局,合格',
    ].join('\n')
    const send = async (query: string) => {
      const boundary = '----boundary'
      const answer = await app.inject({
        method: 'POST',
        url: `/api/v1/imports?type=inspection&preview=true${query}`,
        headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
        payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${table}\r\n--${boundary}--\r\n`,
      })
      t.equal(answer.statusCode, 202)
      const { id } = answer.json()
      const found = await app.inject({ url: `/api/v1/imports/${id}/preview`, headers })
      return { id, found: found.json() }
    }
    const asked = await send('')
    t.match(
      asked.found.firms.map((firm: { name: string; role?: string }) => [firm.name, firm.role]).sort(),
      [
        ['示例无档厂有限公司', undefined],
        ['示例生产有限公司', undefined],
        ['示例超市有限公司', '被抽样单位'],
      ].sort(),
    )
    t.match(asked.found.counts, { added: 0, failed: 2 })
    const taken = await send('&match=certain')
    t.match(taken.found.counts, { added: 1, failed: 1 })
    await app.inject({ method: 'POST', url: `/api/v1/imports/${taken.id}/start`, headers })
    await server.runImports()
    const roles = (uscc: string) =>
      registry.files.byCode(uscc).records.map(({ data }) => [data.sampleNo, data.role])
    t.same([roles(producer), roles(seller)], [[['N1', '标称生产者']], [['N1', '被抽样单位']]])
  },
)
