import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import t from 'tap'
import { answerBroken } from '../../src/http/broken-requests.ts'
import { handleErrors, handleUnknown } from '../../src/http/errors.ts'
import { Problem } from '../../src/http/problem.ts'
import { brokenOff } from '../../src/http/upload.ts'
import { RegisterFull } from '../../src/register/register.ts'
import { testServer } from '../support.ts'

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
    ['no request at all\r\n\r\n', 400, /不符合 HTTP 的格式/],
  ] as const) {
    const answer = await answerTo(text)
    t.match(answer, new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json`), text.slice(0, 20))
    t.match(answer, words)
  }
})

t.test('a request that breaks off in its body has one answer, and the connection ends', async (t) => {
  const { app } = await testServer(t)
  const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const head = 'HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
  const saidTo = ({ path, body }: { path: string; body: string }) =>
    new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(Number(url.port), '127.0.0.1', () => socket.write(`POST ${path} ${head}${body}`))
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(text))
    })
  const bodies = ['zz\r\n', '1\r\n{\r\nzz\r\n', '1\r\n{zzqq\r\n', 'ffffffffffffffffff\r\n']
  const paths = ['/api/v1/enterprises', '/api/v1/checks', '/check', '/desk/sign-in', '/none']
  const all = paths.flatMap((path) => bodies.map((body) => ({ path, body })))
  for (const [i, said] of (await Promise.all(all.map(saidTo))).entries()) {
    t.equal(said.match(/HTTP\/1\.1 \d/g)?.length, 1, `${JSON.stringify(all[i])}: ${said.slice(0, 400)}`)
    t.match(said, /^HTTP\/1\.1 4\d\d /)
  }
  t.equal((await app.inject('/healthz')).statusCode, 200)
})

t.test('whoever goes on sending after what broke off has one answer and takes nothing down', async (t) => {
  const { app } = await testServer(t)
  const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const head = 'HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
  const goingOn: readonly ((socket: Socket) => void)[] = [
    (socket) => socket.end(),
    (socket) => socket.write('zz\r\nqq\r\n'),
    (socket) => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  ]
  const saidTo = (first: string, goOn: (socket: Socket) => void) =>
    new Promise<string>((resolve) => {
      let text = ''
      const socket = connect({ port: Number(url.port), host: '127.0.0.1', allowHalfOpen: true }, async () => {
        // Each piece by itself, so that the one before has been read.
        for (const piece of [first, '1\r\n{\r\n', 'zz\r\n']) {
          socket.write(piece)
          await sleep(50)
        }
        for (let times = 0; times < 3 && socket.writable; times += 1) {
          goOn(socket)
          await sleep(50)
        }
      })
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(text))
    })
  const firsts = [`POST /api/v1/checks ${head}`, `POST /desk/sign-in ${head}`, 'no request at all\r\n\r\n']
  const said = await Promise.all(
    firsts.flatMap((first) => goingOn.map(async (goOn) => `${first} ${await saidTo(first, goOn)}`)),
  )
  for (const text of said) t.equal(text.match(/HTTP\/1\.1 [45]\d\d/g)?.length, 1, text)
  t.equal((await app.inject('/healthz')).statusCode, 200)
})

t.test(
  'whoever is answered before all has come may send on for a moment, whatever is to become of the connection',
  async (t) => {
    const { app } = await testServer(t)
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    for (const after of ['keep-alive', 'close']) {
      const socket = connect(Number(url.port), '127.0.0.1')
      let said = ''
      let isOver = false
      socket.on('data', (chunk) => {
        said += chunk
      })
      socket.on('error', () => undefined)
      for (const event of ['end', 'close'])
        socket.once(event, () => {
          isOver = true
        })
      socket.write(
        `POST /api/v1/checks HTTP/1.1\r\nhost: x\r\nconnection: ${after}\r\ncontent-type: text/plain\r\ncontent-length: 9000000\r\n\r\n`,
      )
      while (!said.includes('\r\n\r\n')) await new Promise((resolve) => setTimeout(resolve, 5))
      t.match(said, /^HTTP\/1.1 415 /)
      for (let i = 0; i < 20; i += 1) {
        socket.write('x'.repeat(10_000))
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      t.notOk(isOver, `${after}: not cut off with its answer`)
      for (let i = 0; i < 300 && !isOver; i += 1) await new Promise((resolve) => setTimeout(resolve, 10))
      t.ok(isOver, `${after}: but soon`)
    }
  },
)

t.test('what the temporary folder does not take is no fault of the sender’s', (t) => {
  const came = (error: unknown) => {
    try {
      return brokenOff(error)
    } catch (thrown) {
      return thrown
    }
  }
  const fault = (code: string) => Object.assign(new Error(code), { code })
  for (const code of ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EIO', 'ELOOP'])
    t.match(came(fault(code)), { status: 503, type: 'temporary-folder', cause: { code } }, code)
  for (const code of ['ENOSPC', 'EDQUOT']) t.ok(came(fault(code)) instanceof RegisterFull, code)
  for (const code of ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'FST_INVALID_MULTIPART_CONTENT_TYPE'])
    t.match(came(fault(code)), { status: 400, type: 'upload' }, code)
  const own = new Problem(413, 'too-large', 'x')
  t.equal(came(own), own)
  t.end()
})

t.test('what is asked as hardly anybody asks is answered in words, too, and counted', async (t) => {
  const { app } = await testServer(t, { rateLimit: 600, trust: ['192.0.2.1'] })
  const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const answerTo = (text: string) =>
    new Promise<string>((resolve) => {
      let said = ''
      const socket = connect(Number(url.port), '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => {
        said += chunk.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(said))
    })
  const expecting = await answerTo(
    'GET /api/v1/regions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: the-unknown\r\n\r\n',
  )
  t.match(expecting, /^HTTP\/1\.1 200 [\s\S]*ratelimit-remaining: 599/)
  const tunnel = await answerTo('CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n')
  t.match(tunnel, /^HTTP\/1\.1 405 [\s\S]*allow: GET[\s\S]*不支持 CONNECT/)
  t.equal((await app.inject('/healthz')).statusCode, 200)
})

t.test('a request names one host, in HTTP/1.1, or in 1.0, where it may name none', async (t) => {
  const { app } = await testServer(t)
  const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const answerTo = (text: string) =>
    new Promise<string>((resolve) => {
      let said = ''
      const socket = connect(Number(url.port), '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => {
        said += chunk.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(said))
    })
  const line = (version: string, ...headers: string[]) =>
    [`GET /healthz${version}`, 'Connection: close', ...headers, '', ''].join('\r\n')
  for (const text of [
    line(' HTTP/1.1', 'Host: a'),
    line(' HTTP/1.1', 'Host:'),
    line(' HTTP/1.1', 'host: [::1]:8080'),
    line(' HTTP/1.1', 'Host: a_b.example.cn:80', 'X-Host: b'),
    line(' HTTP/1.0'),
    line(' HTTP/1.0', 'Host: a'),
  ])
    t.match(await answerTo(text), /^HTTP\/1\.1 200 /, text)
  for (const text of [
    line(' HTTP/1.1'),
    line(' HTTP/1.1', 'Host: a', 'Host: b'),
    line(' HTTP/1.1', 'Host: a', 'hOST: a'),
    line(' HTTP/1.0', 'Host: a', 'Host: b'),
    line(' HTTP/1.1', 'Host: a b'),
    line(' HTTP/1.1', 'Host: http://a/'),
    line(' HTTP/1.1', `Host: ${'a'.repeat(301)}`),
    line(' HTTP/0.9'),
    line(' HTTP/2.0', 'Host: a'),
    'GET /healthz\r\n\r\n',
  ]) {
    const answer = await answerTo(text)
    t.match(answer, /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/, text)
    t.match(answer, /connection: close/i)
    t.match(answer, /不符合 HTTP 的格式/)
  }
})

t.test(
  'a body that says it is too large is refused before any of it is read, and not waited for',
  async (t) => {
    const { app, authorization } = await testServer(t)
    const { authorization: key } = await authorization(['records:write'])
    const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
    const form = 'Content-Type: multipart/form-data; boundary=a'
    const json = 'Content-Type: application/json'
    const uploads: readonly (readonly [path: string, type: string])[] = [
      ['/check', form],
      ['/en/check', form],
      ['/check/again', form],
      ['/check/record', form],
      ['/api/v1/imports?type=enterprise', form],
      ['/api/v1/checks', json],
      ['/api/v1/enterprises', json],
      ['/api/v1/reconcile', 'Content-Type: application/x-www-form-urlencoded'],
    ]
    for (const [path, type] of uploads) {
      const said = await new Promise<string>((resolve) => {
        let text = ''
        const socket = connect(Number(url.port), '127.0.0.1', () =>
          socket.write(
            `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${key}\r\n${type}\r\nContent-Length: 99999999999\r\n\r\n--a`,
          ),
        )
        socket.on('data', (chunk) => {
          text += chunk.toString()
        })
        socket.on('error', () => undefined).on('close', () => resolve(text))
      })
      t.match(said, /^HTTP\/1\.1 413 [\s\S]*超过/, path)
    }
  },
)

t.test('an address with bytes as no address may hold is refused, by whichever Node', async (t) => {
  const { app } = await testServer(t)
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const addresses = ['/石家庄', '/search?q=石家庄', '/api/v1/enterprises?q=石家庄', '/enterprises/石家庄']
  for (const address of addresses)
    for (const encoding of ['utf8', 'latin1'] as const) {
      const said = await new Promise<string>((resolve) => {
        let text = ''
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(`GET ${address} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, encoding),
        )
        socket.on('data', (chunk) => {
          text += chunk.toString()
        })
        socket.on('error', () => undefined).on('close', () => resolve(text))
      })
      t.match(said, /^HTTP\/1\.1 400 [\s\S]*按 UTF-8 作百分号编码/, `${address} ${encoding}`)
    }
})

t.test('a path that no address of the web could have is a path, and takes nothing down', async (t) => {
  const { app } = await testServer(t)
  const base = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const ask = (path: string, accept: string) =>
    new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(Number(base.port), '127.0.0.1', () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`),
      )
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', () => undefined).on('close', () => resolve(text.slice(0, 12)))
    })
  for (const path of ['//', '///?q=x', '//[', '//a:99999/x', '//%', '//@:?q=x', '/\\\\', '//none.example/x'])
    for (const accept of ['text/html', '*/*']) {
      const status = await ask(path, accept)
      t.match(status, /^HTTP\/1\.1 (200|308|400|404)$/, `${path} ${accept}: ${status}`)
    }
  t.equal(await ask('/', 'text/html'), 'HTTP/1.1 200')
})

t.test('a problem that can not be shown as a page is told all the same', async (t) => {
  const app = fastify()
  app.decorate('base', 'http://localhost')
  const page = async () => {
    throw new Error('no page')
  }
  app.setErrorHandler(handleErrors(page))
  handleUnknown(app, page)
  app.get('/fails', () => {
    throw new Problem(409, 'unknown', '不行。')
  })
  for (const url of ['/fails', '/none']) {
    const { statusCode, headers } = await app.inject(url)
    t.equal(statusCode, 500, url)
    t.match(headers['content-type'], /problem\+json/, url)
  }
})
