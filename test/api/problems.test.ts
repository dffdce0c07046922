import t from 'tap'
import { problemTypes } from '../../src/http/problem-types.ts'
import { testServer, unifiedCode } from '../support.ts'

t.test('the type of an error leads to what it means, and all stand in one list', async (t) => {
  const { app } = await testServer(t, { publicUrl: 'https://example.gov.cn/credit' })
  const { type } = (await app.inject('/api/v1/enterprises/12')).json()
  t.equal(type, 'https://example.gov.cn/credit/api/v1/problems/invalid')
  const told = await app.inject(new URL(type).pathname)
  t.equal(told.statusCode, 200, 'below the path under which the site is reached')
  t.match(told.json(), { type, statuses: [400, 422], meaning: /不合要求/, remedy: /pointer/ })
  const { items } = (await app.inject('/api/v1/problems')).json()
  t.same(
    items.map((one: { type: string }) => one.type.split('/').at(-1)),
    Object.keys(problemTypes),
  )
  for (const one of items) {
    const answer = await app.inject(new URL(one.type).pathname)
    t.same(answer.json(), one)
    for (const words of [one.meaning, one.remedy]) t.match(words, /[\u4e00-\u9fff].*。$/, one.type)
  }
  t.equal((await app.inject('/api/v1/problems/toString')).statusCode, 404, 'no member that all objects have')
})

t.test('an id that is too long is a fault of whoever asks, at every act', async (t) => {
  const server = await testServer(t)
  const headers = await server.authorization(['admin'])
  const at = (length: number) => ({
    method: 'POST' as const,
    url: `/api/v1/cases/${'x'.repeat(length)}/steps`,
    headers,
    payload: { step: 'dropping', reason: '记错' },
  })
  t.equal((await server.app.inject(at(100))).statusCode, 404)
  t.equal((await server.app.inject(at(101))).statusCode, 400)
  t.equal((await server.app.inject(at(301))).statusCode, 414)
  const code = unifiedCode('DEM00001')
  const url = `/api/v1/enterprises/${code}${'0'.repeat(190)}/notes`
  t.equal(
    (await server.app.inject({ method: 'POST', url, headers, payload: { text: '甲' } })).statusCode,
    400,
  )
})
