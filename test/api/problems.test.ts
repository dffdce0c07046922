import { METHODS, request } from 'node:http'
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

/** What a method is answered with, asked over a connection as it is: without a body or a type, if none is given. */
function answered(url: string, method: string, body?: readonly [type: string, text: string]) {
  return new Promise<{ status: number | undefined; allow: string | undefined; type: string }>(
    (resolve, reject) => {
      const headers = body && { 'content-type': body[0], 'content-length': Buffer.byteLength(body[1]) }
      const asked = request(url, { method, headers }, (answer) => {
        let text = ''
        answer.on('data', (part) => {
          text += part
        })
        answer.on('end', () => {
          const { type = '' }: { type?: string } = text === '' ? {} : JSON.parse(text)
          resolve({
            status: answer.statusCode,
            allow: answer.headers.allow,
            type: type.split('/').at(-1) ?? '',
          })
        })
      })
      asked.on('error', reject).end(body?.[1])
    },
  )
}

t.test(
  'a method that an address does not have is told so, with or without a body, of whatever type',
  async (t) => {
    const { app } = await testServer(t)
    const base = await app.listen({ port: 0, host: '127.0.0.1' })
    // The oldest Node has not heard of it.
    t.ok(METHODS.includes('QUERY') || process.versions.node.startsWith('20.19.'))
    for (const method of METHODS.filter((one) => !['GET', 'HEAD', 'CONNECT'].includes(one)))
      for (const body of [
        undefined,
        ['application/json', '{}'],
        ['text/strange', 'x'],
        ['application/json', '{'],
      ] as const) {
        const said = `${method} ${body?.join(' ') ?? 'without a body'}`
        t.same(
          await answered(`${base}/api/v1/events`, method, body),
          { status: 405, allow: 'GET, HEAD', type: 'method' },
          said,
        )
        t.match(
          await answered(`${base}/api/v1/nothing`, method, body),
          { status: 404, type: 'unknown' },
          said,
        )
      }
  },
)

t.test('a change may call itself a merge patch, nothing else may', async (t) => {
  const server = await testServer(t)
  const headers = { ...(await server.authorization(['admin', 'records:write'])), 'if-match': '*' }
  const uscc = unifiedCode('DEM00001')
  const url = `/api/v1/enterprises/${uscc}`
  const enterprise = { name: '示例公司', region: '130102', address: '示例路 1 号' }
  const ask = (method: 'POST' | 'PATCH', url: string, payload: object, type: string) =>
    server.app.inject({
      method,
      url,
      headers: { ...headers, 'content-type': type },
      payload: JSON.stringify(payload),
    })
  const [patch, json] = ['application/merge-patch+json', 'application/json']
  t.match((await ask('POST', '/api/v1/enterprises', { uscc, enterprise }, patch)).json(), {
    status: 415,
    type: /media-type$/,
  })
  for (const [url, taken] of [
    ['/api/v1/enterprises', /应为 application\/json。/],
    ['/api/v1/checks', /应为 application\/json、.*text\/csv/],
    ['/api/v1/imports', /multipart\/form-data/],
  ] as const) {
    const { status, title } = (await ask('POST', url, {}, 'image/png')).json()
    t.same([status, taken.test(title)], [415, true], `${url}: ${title}`)
  }
  t.equal((await ask('POST', '/api/v1/enterprises', { uscc, enterprise }, json)).statusCode, 201)
  const addresses = []
  for (const [address, type] of [
    ['示例路 2 号', patch],
    ['示例路 3 号', json],
    [null, `${patch}; charset=utf-8`],
  ] as const) {
    const { statusCode, body } = await ask('PATCH', url, { enterprise: { address } }, type)
    t.equal(statusCode, 200, body)
    addresses.push(JSON.parse(body).enterprise.address)
  }
  t.same(addresses, ['示例路 2 号', '示例路 3 号', undefined], 'null takes it away')
  const strange = await ask('PATCH', url, { enterprise: {} }, 'application/json-patch+json')
  t.equal(strange.statusCode, 415)
  t.equal(strange.headers['accept-patch'], 'application/merge-patch+json, application/json')
})
