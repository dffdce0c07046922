import t from 'tap'
import { testServer, unifiedCode } from '../support.ts'

t.test('pages of other sites may read what is public, and nothing with a key', async (t) => {
  const { app, authorization } = await testServer(t)
  const origin = 'https://example.org'
  const get = (url: string, headers: object = {}) => app.inject({ url, headers: { origin, ...headers } })
  for (const url of ['/api/v1/regions', '/api/v1/changes', '/bulk/public', '/api/v1/enterprises/12']) {
    const { headers } = await get(url)
    t.equal(headers['access-control-allow-origin'], '*', url)
    t.notOk('access-control-allow-credentials' in headers)
  }
  const key = await authorization(['platform:read'])
  t.notOk('access-control-allow-origin' in (await get('/api/v1/events', key)).headers)
  for (const url of ['/desk', '/', '/metrics'])
    t.notOk('access-control-allow-origin' in (await get(url)).headers, url)
  const preflight = (url: string, asked: object) =>
    app.inject({ method: 'OPTIONS', url, headers: { origin, ...asked } })
  const allowed = await preflight('/api/v1/changes', { 'access-control-request-method': 'GET' })
  t.match(allowed, { statusCode: 204, headers: { 'access-control-allow-methods': 'GET, HEAD' } })
  t.notMatch(allowed.headers['access-control-allow-headers'], /authorization/i)
  t.match(await preflight('/api/v1/changes', {}), { statusCode: 405, headers: { allow: /GET/ } })
  const desk = await preflight('/desk', { 'access-control-request-method': 'GET' })
  t.notOk('access-control-allow-origin' in desk.headers)
})

t.test(
  'an answer that is held is not sent again until it changes, on every public list and feed',
  async (t) => {
    const { app, authorization } = await testServer(t)
    const lists = [
      '/api/v1/changes',
      '/api/v1/blacklist',
      '/api/v1/regions',
      '/api/v1/record-types',
      '/api/v1/enterprises',
    ]
    const etags = new Map<string, string>()
    for (const url of lists) {
      const first = await app.inject(url)
      const etag = String(first.headers.etag)
      etags.set(url, etag)
      t.equal(first.statusCode, 200, url)
      t.match(first.headers, { etag: /^W\/".{22}"$/, 'cache-control': /./ }, url)
      const again = await app.inject({ url, headers: { 'if-none-match': etag } })
      t.match(again, { statusCode: 304, body: '', headers: { etag } }, url)
      t.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200, url)
      const head = await app.inject({ method: 'HEAD', url })
      t.match(head, { statusCode: 200, headers: { etag } }, url)
    }
    const headers = await authorization(['records:write'])
    const uscc = unifiedCode('DEM00001')
    const payload = { uscc, enterprise: { name: '示例公司' } }
    t.equal(
      (await app.inject({ method: 'POST', url: '/api/v1/enterprises', headers, payload })).statusCode,
      201,
    )
    for (const url of ['/api/v1/changes', '/api/v1/enterprises']) {
      const moved = await app.inject({ url, headers: { 'if-none-match': etags.get(url) } })
      t.equal(moved.statusCode, 200, url)
    }
    t.equal(
      (await app.inject(`/api/v1/enterprises/${uscc.slice(8, 17)}`)).headers.etag,
      '"p4"',
      'one of its own stays',
    )
  },
)
