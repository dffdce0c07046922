import t from 'tap'
import { signedIn } from '../desk/visitor.ts'
import { testServer } from '../support.ts'

/** Escapes that are no UTF-8: 石家庄 in GBK, half a character, no escape at all. */
const UNREADABLE = ['%CA%AF%BC%D2%D7%AF', '%E7%9F', '%zz', '%', 'a%2', '%FF', '%C0%AF', '%ED%A0%80']
const READABLE = ['%E7%9F%B3', 'a+b', '%25zz', '', '%e7%9f%b3', '%F0%A0%AE%B7']
const PAGES = [
  '/',
  '/search',
  '/en/search',
  '/blacklist',
  '/statistics',
  '/suggestions',
  '/nowhere',
  '/check/x',
]
const RESOURCES = [
  '/api/v1/enterprises',
  '/api/v1/changes',
  '/api/v1/blacklist',
  '/healthz',
  '/api/v1/nowhere',
]

t.test('an address that is half read is refused in words, wherever it leads', async (t) => {
  const server = await testServer(t)
  const desk = await signedIn(server, { login: 'zhangsan', roles: ['recorder', 'auditor'] })
  const seen = (url: string) => server.app.inject({ url, headers: { accept: 'text/html' } })
  for (const text of UNREADABLE) {
    for (const path of [...PAGES, ...RESOURCES])
      for (const url of [`${path}?q=${text}`, `${path}?${text}=1`, `${path}?q=1&x=${text}`]) {
        const { statusCode, body, headers } = await seen(url)
        t.equal(statusCode, 400, url)
        t.match(body, '按 UTF-8 作百分号编码', url)
        const kind = path.startsWith('/api') ? 'application/problem+json' : 'text/html'
        t.match(headers['content-type'], kind, url)
      }
    for (const url of ['/desk/files', '/desk/audit', '/desk', '/desk/nowhere']) {
      const { statusCode, body } = await desk.get(`${url}?q=${text}`)
      t.equal(statusCode, 400, url)
      t.match(body, '按 UTF-8 作百分号编码')
    }
    for (const url of [`/enterprises/${text}`, `/api/v1/enterprises/${text}`])
      t.equal((await seen(url)).statusCode, 400, url)
  }
  for (const text of READABLE) {
    t.equal((await seen(`/search?q=${text}`)).statusCode, 200, text)
    t.equal((await seen(`/api/v1/enterprises?q=${text}`)).statusCode, 200, text)
  }
})

t.test('a form that is half read is refused in words', async (t) => {
  const server = await testServer(t)
  const sent = (payload: string | Buffer, url = '/desk/sign-in') =>
    server.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload,
    })
  for (const text of UNREADABLE) {
    const { statusCode, body } = await sent(`login=${text}&password=x`)
    t.equal(statusCode, 400, text)
    t.match(body, '表单中有无法识别的字符')
  }
  t.equal((await sent(Buffer.from('6c6f67696e3dbad3b1b1', 'hex'))).statusCode, 400, 'bytes in GBK')
  t.equal((await sent('login=%E7%9F%B3+x&password=x')).statusCode, 401)
  t.equal((await sent('')).statusCode, 401, 'an empty form is one that says nothing')
  const fields = (count: number) => Array.from({ length: count }, (_, i) => `f${i}=`).join('&')
  t.equal((await sent(fields(20_000))).statusCode, 401, 'as many fields as any form has')
  const many = await sent(fields(20_001))
  t.equal(many.statusCode, 413)
  t.match(many.body, '表单超过 20000 项')
})
