import { createServer } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { answerBroken } from '../../src/http/broken-requests.ts'

t.test('what never becomes a request is answered in words, slow bodies within a bound', async (t) => {
  const server = createServer({ requestTimeout: 300, headersTimeout: 200, connectionsCheckingInterval: 50 })
  server.on('clientError', answerBroken('http://localhost'))
  server.on('request', (request) => request.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const answerTo = (text: string) =>
    new Promise<string>((resolve) => {
      let said = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => {
        said += chunk.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(said))
    })
  for (const [text, status, words] of [
    [
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
      408,
      /没有在 15 分钟内传完，未予保存；请检查网络/,
    ],
    ['GET / HTTP/1.1\r\nHost:', 408, /未予保存/],
    [`GET /${'1'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, /请缩短网址/],
    ['GET /石家庄 HTTP/1.1\r\nHost: a\r\n\r\n', 400, /按 UTF-8 作百分号编码/],
    ['no request at all\r\n\r\n', 400, /不符合 HTTP 的格式/],
  ] as const) {
    const answer = await answerTo(text)
    t.match(answer, new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json`), text.slice(0, 20))
    t.match(answer, words)
  }
})
