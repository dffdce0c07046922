import t from 'tap'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

t.test('personal data is refused in what may become public, unless an officer says what it is', async (t) => {
  const server = await testServer(t)
  const headers = await server.authorization(['records:write', 'records:read'])
  const uscc = unifiedCode('PERX0001')
  const code = uscc.slice(8, 17)
  const call = async (method: 'POST' | 'PATCH', url: string, payload: object) => {
    const all = { ...headers, 'if-match': '*' }
    const answer = await server.app.inject({ method, url: `/api/v1${url}`, headers: all, payload })
    return { status: answer.statusCode, body: answer.json() }
  }
  const open = (products: string, more: object = {}) =>
    call('POST', '/enterprises', { uscc, enterprise: { name: '示例公司', products }, ...more })
  t.match(await open('电缆，联系 13812345678'), {
    status: 422,
    body: {
      errors: [
        { pointer: '/enterprise/products', code: 'personal-data', detail: /主要产品第 7 个字符起.*手机号码/ },
      ],
    },
  })
  t.equal((await open('电缆')).status, 201)

  const records = `/enterprises/${code}/records`
  const penalty = penaltyOf('罚1号', { content: '退款至账号 13812345678' })
  t.match(await call('POST', records, penalty), {
    status: 422,
    body: { errors: [{ pointer: '/data/content', code: 'personal-data' }] },
  })
  t.equal(
    (await call('POST', records, { ...penalty, notPersonal: { facts: '合同编号' } })).status,
    422,
    'another field',
  )
  const taken = await call('POST', records, { ...penalty, notPersonal: { content: '合同编号' } })
  t.equal(taken.status, 201)
  const explained = (await server.registry.files.history(server.registry.files.byCode(code))).at(-1)
  t.match(explained, {
    kind: 'change.explained',
    payload: { reason: '不是个人信息：content：合同编号' },
    visibility: 'internal',
  })
  const again = await call('PATCH', `${records}/${taken.body.id}`, { data: { fulfilledOn: '2026-11-01' } })
  t.equal(again.status, 200, 'what stood before is not judged again')
  const changed = { data: { penaltyBasis: '联系人 13987654321' } }
  t.equal((await call('PATCH', `${records}/${taken.body.id}`, changed)).status, 422)
  const said = { ...changed, notPersonal: { penaltyBasis: '批文编号' } }
  t.equal((await call('PATCH', `${records}/${taken.body.id}`, said)).status, 202, 'put forward: it is public')

  const internal = penaltyOf('罚2号', { remark: '电话 13812345678' })
  t.equal((await call('POST', records, internal)).status, 201, 'what only officers see is not judged')
  const identity = penaltyOf('罚3号', { content: '当事人 11010519491231002X' })
  t.equal(
    (await call('POST', records, { ...identity, notPersonal: { content: '编号' } })).status,
    422,
    'what a check digit proves is nothing else',
  )
  t.equal((await call('POST', records, licenceOf('XK06-001-00001'))).status, 201, 'ordinary numbers pass')
})
