import { equal, match, ok } from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { until } from '../faults/load.ts'
import { cliIn, freePort, ROOT, startServer } from '../faults/processes.ts'
import type { Environment } from './environments.ts'

/** How the handbook has nginx ask the program, for a program that listens on another port. */
function handbooksLocation(port: string): string {
  const handbook = readFileSync(new URL('docs/operations.md', ROOT), 'utf8')
  const [, location] = /```nginx\n([\s\S]*?)```/.exec(handbook) ?? []
  if (!location?.includes('127.0.0.1:8080'))
    throw new Error('the handbook does not show how nginx asks the program')
  return location.replace('127.0.0.1:8080', `127.0.0.1:${port}`)
}

interface Through {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Debian's nginx as the handbook sets it, with TLS, HTTP/2, compression and a cache shared by all, before a site below a path. */
export const behindNginx: Environment = {
  async run(folder) {
    try {
      for (const tool of ['nginx -v', 'openssl version'])
        execFileSync('sh', ['-c', tool], { stdio: 'ignore' })
    } catch {
      return 'no nginx or no openssl here'
    }
    const [port, own] = [await freePort(), await freePort()].map(String)
    mkdirSync(join(folder, 'logs'), { recursive: true })
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
        '-out',
        certificate,
      ].concat(subject),
      { stdio: 'ignore' },
    )
    const within = (name: string) => `"${join(folder, name)}"`
    const place = (name: string) => `${name}_temp_path ${within(name)};`
    writeFileSync(
      join(folder, 'nginx.conf'),
      `${process.getuid?.() === 0 ? 'user root;' : ''}
      daemon off; pid ${within('nginx.pid')}; error_log ${within('error.log')};
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(place).join(' ')}
        proxy_cache_path ${within('cache')} keys_zone=public:1m;
        gzip on; gzip_types application/json; gzip_proxied any;
        server {
          listen ${port} ssl http2;
          ssl_certificate "${certificate}"; ssl_certificate_key "${key}";
          proxy_cache public;
          add_header X-Cache $upstream_cache_status always;
          ${handbooksLocation(own ?? '')}
        }
      }`,
    )
    const site = `https://localhost:${port}/credit`
    const server = await startServer(join(folder, 'data'), { PUBLIC_URL: site, PORT: own ?? '' })
    const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
    const gone = once(nginx, 'exit')
    const ca = readFileSync(certificate)
    const ask = (path: string, headers: Record<string, string> = {}) => through(site + path, ca, headers)
    try {
      await until('nginx answers', async () => (await ask('/healthz')).status === 200)
      const outside = Object.values(networkInterfaces())
        .flat()
        .find((known) => known?.family === 'IPv4' && !known.internal)?.address
      if (outside !== undefined) {
        const said = { 'x-forwarded-for': '203.0.113.7', host: `localhost:${port}` }
        const seen = await through(`https://${outside}:${port}/credit/healthz`, ca, said)
        equal(JSON.parse(seen.body).seenAs, outside, 'what an asker says of himself is not believed')
      }
      const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
      const [first, second] = [await ask('/', forged), await ask('/')]
      equal(first.status, 200)
      equal(second.headers['x-cache'], 'HIT', 'a cache that all share keeps the page')
      equal(second.body, first.body)
      ok(!first.body.includes('evil'))
      ok(first.body.includes(`<link rel="canonical" href="${site}/"`))
      match(first.headers['strict-transport-security'] ?? '', /max-age=\d+/)
      for (const [, path] of first.body.matchAll(/ (?:href|src|action)="(\/[^"#?]*)/g))
        ok(path?.startsWith('/credit'), `${path} lies within the site`)
      for (const [, path = ''] of first.body.matchAll(/ (?:href|src)="\/credit(\/assets\/[^"]*)"/g))
        equal((await ask(path)).status, 200, path)
      const held = await ask('/', { 'if-none-match': String(first.headers.etag) })
      equal(held.status, 304)
      match(
        (await ask('/openapi.json', { 'accept-encoding': 'gzip' })).headers['content-encoding'] ?? '',
        /gzip/,
      )
      const desk = await ask('/desk')
      match(desk.headers.location ?? '', /^\/credit\/desk\/sign-in/)
      const [signIn, again] = [await ask('/desk/sign-in'), await ask('/desk/sign-in')]
      equal(signIn.status, 200)
      ok(again.headers['x-cache'] !== 'HIT', 'what is one asker’s is kept for nobody else')
      const asked = { DATA_DIR: join(folder, 'data'), PUBLIC_URL: site, NODE_EXTRA_CA_CERTS: certificate }
      const doctor = await cliIn({ ...asked, NODE_ENV: 'production' }, 'doctor')
      equal(doctor.code, 0, doctor.stdout)
      match(doctor.stdout, /代理：/)
    } finally {
      nginx.kill('SIGTERM')
      await gone
      await server.end('SIGTERM')
    }
    return undefined
  },
}

function through(address: string, ca: Buffer, headers: Record<string, string>): Promise<Through> {
  return new Promise((resolve, reject) => {
    const asking = request(address, { ca, headers, agent: false, servername: 'localhost' }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    asking.on('error', reject).end()
  })
}
