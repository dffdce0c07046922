import t from 'tap'
import { testServer, unifiedCode } from '../support.ts'

t.test('who has seen a position elsewhere is answered from there on, or told to come again', async (t) => {
  const { app, authorization, register } = await testServer(t)
  const headers = await authorization(['records:write'])
  const open = (uscc: string) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/enterprises',
      headers,
      payload: { uscc, enterprise: { name: `示例${uscc}公司` } },
    })
  const read = (wanted: string) =>
    app.inject({ url: '/api/v1/changes?since=0', headers: { 'min-position': wanted } })
  const position = Number((await open(unifiedCode('A0000001'))).headers['register-position'])
  for (const wanted of ['0', String(position - 1), String(position)]) {
    const answer = await read(wanted)
    t.match([answer.statusCode, answer.headers['register-position']], [200, String(position)])
  }
  const waiting = read(String(position + 1))
  const both = await Promise.all([waiting, read(String(position + 1)), open(unifiedCode('A0000002'))])
  t.same(
    both.slice(0, 2).map(({ statusCode, headers }) => [statusCode, headers['register-position']]),
    [
      [200, String(position + 1)],
      [200, String(position + 1)],
    ],
    'it waits for what comes',
  )
  t.equal(both[0].json().items.length, 2)
  const at = performance.now()
  const behind = await read(String(position + 2))
  t.match(behind.json(), { status: 409, type: /problems.feed-ahead$/ }, 'the register has not come to it')
  t.ok(performance.now() - at >= 2_900)
  // As where the register lives elsewhere and has two entries that this node has not.
  register.behind = async () => 2
  const lacking = [await read(String(position + 3)), await read(String(position + 4))]
  t.match(
    lacking.map((answer) => [answer.statusCode, answer.headers['retry-after'], answer.json().type]),
    [
      [503, '1', /problems.behind$/],
      [409, undefined, /problems.feed-ahead$/],
    ],
    'up to the end of the register waiting may help, beyond it never',
  )
  for (const wrong of ['', '-1', '1.5', 'abc', '9'.repeat(16)])
    t.match((await read(wrong)).json(), { status: 400, type: /problems.min-position$/ }, wrong)
})

t.test('who waits for a position while the views are spoilt is answered, and the node goes on', async (t) => {
  const { app, views } = await testServer(t)
  const read = () => app.inject({ url: '/api/v1/changes?since=0', headers: { 'min-position': '1' } })
  const waiting = [read(), read()]
  const { applied } = views
  setTimeout(() => {
    views.applied = () => {
      throw new Error('SQLITE_CORRUPT')
    }
  }, 100)
  for (const answer of await Promise.all(waiting)) t.equal(answer.statusCode, 500)
  views.applied = applied
  t.equal((await app.inject('/api/v1/changes?since=0')).statusCode, 200)
})
