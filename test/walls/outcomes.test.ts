import t from 'tap'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import { importing } from '../exchange/importing.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

/** What a procedure decides is written by that procedure alone, whatever way somebody tries. Who writes every other field stands in `test/records/fields.txt`. */

const uscc = unifiedCode('END00001')
const key = uscc.slice(8, 17)

t.test('no way in writes what a procedure decides', async (t) => {
  const decided = [enterprise, ...catalogue.kinds].flatMap(({ type, columns }) =>
    columns.flatMap(({ field, label, procedure }) =>
      procedure === undefined ? [] : [{ type, field, label }],
    ),
  )
  t.same(
    decided.map(({ type, field }) => `${type}.${field}`),
    ['penalty.publicationEndsOn'],
    'a further one is tried here too',
  )
  const server = await testServer(t)
  const headers = await server.authorization(['records:write', 'listings:write', 'listings:decide'])
  const second = await server.authorization(['listings:decide'])
  const post = (url: string, payload: object, more = headers) =>
    server.app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { ...more, 'if-match': '*' },
      payload,
    })
  await post('/enterprises', { uscc, enterprise: { name: '示例公司', region: '130102' } })
  const added = await post(`/enterprises/${key}/records`, penaltyOf('1号', { publishedOn: '2026-10-20' }))
  t.equal(added.statusCode, 201, added.body)
  const id: string = added.json().id
  const objected = await post(`/enterprises/${key}/objections`, {
    ...{ about: { kind: 'record', id }, on: '2026-11-20', grounds: '不服' },
  })
  const record = `/enterprises/${key}/records/${id}`
  for (const { field, label } of decided) {
    const data = { [field]: '2026-11-21' }
    const patch = server.app.inject({
      method: 'PATCH',
      url: `/api/v1${record}`,
      headers: { ...headers, 'if-match': '*' },
      payload: { data },
    })
    const settlement = `/enterprises/${key}/objections/${objected.json().id}/settlement`
    for (const [way, answer] of [
      ['added', await post(`/enterprises/${key}/records`, penaltyOf('2号', data))],
      ['updated', await patch],
      ['corrected', await post(`${record}/correction`, { data, reason: '笔误' })],
      ['by an objection', await post(settlement, { upheld: true, outcome: '成立', corrected: data }, second)],
    ] as const) {
      t.equal(answer.statusCode, 422, `${field} ${way}`)
      t.match(answer.json().errors, [{ code: 'by-procedure' }], `${field} ${way}`)
    }
    const table = `统一社会信用代码,处罚决定书文号,处罚程序,违法行为类型,处罚种类,处罚决定日期,处罚机关,${label}\n${uscc},3号,普通程序,示例,罚款,2026-10-10,某局,2026-11-21\n`
    t.match(await importing(server, table, 'penalty'), { counts: { added: 1 } })
    const records = server.registry.files.byCode(key).records
    t.equal(records.length, 2)
    t.ok(
      records.every((own) => !(field in own.data)),
      'nor does a table',
    )
  }
})
