import t from 'tap'
import { testServer, unifiedCode } from '../support.ts'
import { signedIn } from './visitor.ts'

/** A text that was refused for personal data: the officer says what it is instead, beside what was typed. */

const uscc = unifiedCode('NPER0001')
const key = uscc.slice(8, 17)
const line = (field: string) => new RegExp(`name="not-personal\\.${field}"`)
const LOOKS = '设备编码 13812345678'

t.test('opening, recording, updating, correcting; the reason is kept inside', async (t) => {
  const server = await testServer(t)
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
  const file = () => server.registry.files.byCode(key)

  const opening = { uscc, name: '示例公司', address: `演示路 1 号 ${LOOKS}` }
  const refused = await visitor.fill('/desk/new-file', opening, '/desk/new-file')
  t.match(refused, { statusCode: 422, body: line('address') })
  t.notMatch(refused.body, line('name'), 'only beside what was found')
  const again = { ...opening, 'not-personal.address': '设备编码' }
  t.equal((await visitor.fill('/desk/new-file', again, '/desk/new-file')).statusCode, 303)

  const penalty = {
    ...{ documentNo: '罚1号', procedure: '普通程序', conduct: `生产不合格产品，${LOOKS}`, types: '警告' },
    ...{ decidedOn: '2026-11-02', authority: '河北省市场监督管理局' },
  }
  const page = `/desk/new/penalty?code=${key}`
  t.match(await visitor.fill(page, penalty), { statusCode: 422, body: line('conduct') })
  t.match(
    await visitor.fill(page, { ...penalty, 'not-personal.content': '无关的栏目' }),
    { statusCode: 422, body: line('conduct') },
    'said of another field it helps nothing',
  )
  t.match(await visitor.fill(page, { ...penalty, 'not-personal.conduct': ' ' }), { statusCode: 422 })
  const typed = await visitor.fill(page, {
    ...penalty,
    'not-personal.conduct': '设备编码',
    decidedOn: '2026-13-01',
  })
  t.match(typed.body, /name="not-personal\.conduct"[^>]*value="设备编码"/, 'what was said is not lost')
  t.equal((await visitor.fill(page, { ...penalty, 'not-personal.conduct': '设备编码' })).statusCode, 303)
  t.match(file().records, [{ data: { conduct: penalty.conduct } }])

  const id = file().records[0]?.id ?? ''
  for (const act of ['update', 'correct']) {
    const own = `/desk/enterprises/${key}/records/${id}/${act}`
    const content = `没收${act}，${LOOKS}`
    t.match(await visitor.fill(own, { ...penalty, content, reason: '补填' }), {
      statusCode: 422,
      body: line('content'),
    })
    const said = { ...penalty, content, reason: '补填', 'not-personal.content': `设备编码${act}` }
    t.equal((await visitor.fill(own, said)).statusCode, 303, act)
    t.match(file().records, [{ data: { content } }])
  }
  const explained = (await server.register.history(key)).filter(({ kind }) => kind === 'change.explained')
  t.match(
    explained.map(({ payload, visibility }) => [Object(payload).reason, visibility]),
    [
      ['不是个人信息：address：设备编码', 'internal'],
      ['不是个人信息：conduct：设备编码', 'internal'],
    ],
  )
  t.match(JSON.stringify(explained), /content：设备编码update[\s\S]*content：设备编码correct/)
})

t.test('what a check digit proves is nothing else, whatever is said', async (t) => {
  const server = await testServer(t)
  const visitor = await signedIn(server, { login: 'zhangsan', roles: ['recorder'] })
  const given = { uscc, name: '示例公司', address: '11010519491231002X', 'not-personal.address': '设备编码' }
  t.equal((await visitor.fill('/desk/new-file', given, '/desk/new-file')).statusCode, 422)
})
