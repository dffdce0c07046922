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

/** What stands in the places of the handbook's: ports, certificate and key. */
interface Places {
  port: string
  plain: string
  own: string
  certificate: string
  key: string
}

/** Text of the handbook with everything in it replaced that is another here; throws for what it does not name any more. */
function placed(text: string, places: readonly (readonly [string, string])[]): string {
  return places.reduce((whole, [theirs, here]) => {
    if (!whole.includes(theirs)) throw new Error(`the handbook's nginx does not say “${theirs}” any more`)
    return whole.replaceAll(theirs, here)
  }, text)
}

/** How the handbook sets nginx before the program, below a path, with some settings besides. */
function handbooksServers({ port, plain, own, certificate, key }: Places, more: string): string {
  const handbook = readFileSync(new URL('docs/operations.md', ROOT), 'utf8')
  const [, servers = ''] = /```nginx\n([\s\S]*?)```/.exec(handbook) ?? []
  ok(handbook.includes('改为 `location /credit` 和 `location /credit/desk`'))
  return placed(servers, [
    ['listen 80;', `listen ${plain};`],
    ['listen 443 ssl http2;', `listen ${port} ssl http2; ${more}`],
    ['127.0.0.1:8080', `127.0.0.1:${own}`],
    ['/etc/nginx/zlxy.example.gov.cn.pem', `"${certificate}"`],
    ['/etc/nginx/zlxy.example.gov.cn.key', `"${key}"`],
    ['server_name zlxy.example.gov.cn;', 'server_name localhost;'],
    ['location / {', 'location /credit {'],
    ['location /desk {', 'location /credit/desk {'],
  ])
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
    const [port = '', plain = '', own = '', careless = ''] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ].map(String)
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
        proxy_cache public;
        ${handbooksServers({ port, plain, own, certificate, key }, 'add_header X-Cache $upstream_cache_status always;')}
        server {
          listen ${careless} ssl;
          ssl_certificate "${certificate}"; ssl_certificate_key "${key}";
          location / { proxy_pass http://127.0.0.1:${own}; }
        }
      }`,
    )
    const site = `https://localhost:${port}/credit`
    const data = join(folder, 'data')
    let server = await startServer(data, { PUBLIC_URL: site, PORT: own })
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
      const unsafe = await fetch(`http://localhost:${plain}/credit/desk?a=b`, { redirect: 'manual' })
      equal(unsafe.status, 301)
      equal(unsafe.headers.get('location'), 'https://localhost/credit/desk?a=b')
      const asked = {
        DATA_DIR: join(folder, 'data'),
        NODE_ENV: 'production',
        NODE_EXTRA_CA_CERTS: certificate,
      }
      const doctor = await cliIn({ ...asked, PUBLIC_URL: site }, 'doctor')
      equal(doctor.code, 0, doctor.stdout)
      match(doctor.stdout, /正常 {2}代理：/)
      // A proxy that was set up by its defaults hands on what whoever asks says of himself.
      await server.end('SIGTERM')
      const unsaid = { PUBLIC_URL: `https://localhost:${careless}/credit` }
      server = await startServer(data, { ...unsaid, PORT: own })
      const trusting = await cliIn({ ...asked, ...unsaid }, 'doctor')
      equal(trusting.code, 1, trusting.stdout)
      match(trusting.stdout, /有误 {2}代理：访问者自报的地址被采信/)
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
