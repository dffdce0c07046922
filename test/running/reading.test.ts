import t from 'tap'
import { isReadHere } from '../../src/running/reading.ts'

const asked = (url = '/blacklist', originalUrl = url, method = 'GET', headers = {}) =>
  isReadHere({ method, headers, originalUrl, routeOptions: { url } })

t.test('what a process that only reads answers, and what it hands on', async (t) => {
  for (const page of ['', '/enterprises/:code', '/search', '/blacklist', '/blacklist/:id', '/honours'])
    for (const language of ['', '/en']) {
      const url = `${language}${page}` || '/'
      t.ok(asked(url), url)
    }
  t.ok(asked('/suggest'))
  for (const path of ['/enterprises', '/enterprises/:code', '/blacklist', '/blacklist/:id', '/honours'])
    t.ok(asked(`/api/v1${path}`), path)
  const elsewhere = [
    '/api/v1/enterprises/:code/entries',
    '/api/v1/entries',
    '/api/v1/events',
    '/api/v1/changes',
    '/api/v1/checks/:id',
    '/enterprises/:code/print',
    '/check/:id',
    '/statistics',
    '/bulk/public',
    '/metrics',
    '/readyz',
    '/desk',
    '/desk/enterprises/:code',
  ]
  for (const url of elsewhere) t.notOk(asked(url), url)
  t.notOk(isReadHere({ method: 'GET', headers: {}, originalUrl: '/nowhere', routeOptions: {} }), 'no route')
})

t.test('by which method, and asked by whom', async (t) => {
  t.ok(asked('/blacklist', '/blacklist', 'HEAD'))
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])
    t.notOk(asked('/api/v1/enterprises', '/api/v1/enterprises', method), method)
  for (const name of ['authorization', 'cookie', 'min-position'])
    for (const value of ['x', ''])
      t.notOk(asked('/api/v1/enterprises/:code', '/api/v1/enterprises/1', 'GET', { [name]: value }), name)
  t.ok(asked('/blacklist', '/blacklist', 'GET', { 'if-none-match': '"x"', accept: 'text/html' }))
})

t.test('the past, and tables, are not read here, however they are asked for', async (t) => {
  for (const query of ['?asOf=2026-01-01', '?asOf=', '?q=a&position=3', '?format=csv', '?%61sOf=2026-01-01'])
    t.notOk(asked('/api/v1/enterprises/:code', `/api/v1/enterprises/1${query}`), query)
  for (const query of ['', '?', '?q=asOf', '?q=format%3Dcsv', '?cursor=x&limit=20'])
    t.ok(asked('/api/v1/enterprises', `/api/v1/enterprises${query}`), query)
})
