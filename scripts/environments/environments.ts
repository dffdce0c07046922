import { doesNotMatch, equal, match, ok } from 'node:assert/strict'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { Sqlite } from '../../src/register/driver.ts'
import { MEANINGLESS } from '../../src/running/signals.ts'
import { built } from '../build/build.js'
import { codes, ready } from '../faults/load.ts'
import { CLI, cli, cliIn, freePort, keyOf, type Said, type Server, startServer } from '../faults/processes.ts'
import { byTheHandbook, withPostgres } from './handbook.ts'
import { behindNginx } from './nginx.ts'

export interface Environment {
  /** Whether it is quick enough for `npm test`. */
  quick?: true
  /** Rejects when a promise is broken; resolves with why it was skipped, where this machine can't do it. */
  run(folder: string): Promise<string | undefined>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const NOBODY = 65_534
/** What `systemd-analyze security` may come to, in tenths: what is left is the network, and that the program is compiled as it runs. */
const MOST_EXPOSED = 35
const isRoot = process.getuid?.() === 0
const sentJob = z.object({ id: z.string() })
const doneJob = z.object({ status: z.literal('done'), counts: z.object({ opened: z.int() }) })

/** Each place, trouble or carelessness that the program is at home with. */
export const environments: Readonly<Record<string, Environment>> = {
  'the handbook, to the letter': byTheHandbook,
  'the handbook, with PostgreSQL': withPostgres,
  'usual umask': {
    quick: true,
    async run(folder) {
      mkdirSync(folder, { mode: 0o755 })
      const server = await startServer(folder)
      equal((await server.end('SIGHUP')).code, 0, 'SIGHUP ends it as SIGTERM does')
      ok(readdirSync(folder).length > 5)
      for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
        equal(statSync(path).mode & 0o077, 0, path)
      chmodSync(join(folder, 'register.db'), 0o644)
      const again = await startServer(folder)
      match(again.log(), /1 个文件或目录原可供其他用户读取/)
      equal(statSync(join(folder, 'register.db')).mode & 0o777, 0o600)
      return undefined
    },
  },
  "another user's files": {
    async run(folder) {
      if (!isRoot) return 'only root can start processes of other users'
      mkdirSync(folder)
      equal((await cli(folder, 'init')).code, 0)
      chownSync(folder, NOBODY, NOBODY)
      const own = await cli(folder, 'officer', 'list')
      equal(own.code, 2)
      match(own.stderr, /属于用户 nobody，而本程序以用户 root 运行/)
      chownSync(folder, 0, 0)
      chmodSync(folder, 0o755)
      if (!isReadable()) return 'this checkout is closed to other users'
      const said = await startServer(folder, {}, { user: NOBODY }).then(() => '', String)
      match(said, /ended with 2/)
      match(said, /属于用户 root，而本程序以用户 nobody 运行/)
      // A look by another user tells of that, and leaves nothing that the owner could not write.
      chmodSync(folder, 0o700)
      chownSync(folder, NOBODY, NOBODY)
      for (const name of readdirSync(folder)) chownSync(join(folder, name), NOBODY, NOBODY)
      const looked = await doctor(folder, {})
      equal(looked.code, 1)
      match(looked.stdout, /有误 {2}数据目录：.*属于用户 nobody，而本程序以用户 root 运行/)
      doesNotMatch(looked.stdout, /即新建/)
      for (const name of readdirSync(folder)) equal(statSync(join(folder, name)).uid, NOBODY, name)
      // A start of its own user makes what is still missing; then one file at a time is closed to them.
      await (await startServer(folder, {}, { user: NOBODY })).end('SIGTERM')
      const refused = () => startServer(folder, {}, { user: NOBODY }).then(() => '', String)
      for (const [name, mode, words] of [
        ['views.db', 0o400, '不能写入'],
        ['search.db', 0o400, '不能写入'],
        ['register.anchor', 0o400, '不能写入'],
        ['session.key', 0, '不能读取'],
        ['stamp.key', 0, '不能读取'],
        ['person.key', 0, '不能读取'],
      ] as const) {
        const path = join(folder, name)
        const { mode: before } = statSync(path)
        chmodSync(path, mode)
        const said = await refused()
        match(said, /ended with 2/, name)
        ok(said.includes(`用户 nobody ${words} ${path}`), said)
        chmodSync(path, before)
      }
      chownSync(join(folder, 'views.db'), 0, 0)
      const one = await refused()
      match(
        one,
        /views\.db 属于用户 root，而本程序以用户 nobody 运行。数据目录属于 nobody[^。]*chown -R nobody: /,
      )
      doesNotMatch(one, /sudo -u root/)
      chownSync(join(folder, 'views.db'), NOBODY, NOBODY)
      const elsewhere = join(folder, '..', 'roots-own', 'data')
      mkdirSync(dirname(elsewhere), { mode: 0o755 })
      const advised = await doctorAs(NOBODY, elsewhere)
      match(advised, /有误 {2}用户和权限：还没有 .*install -d -o nobody -m 0700 /)
      doesNotMatch(advised, /chown/, 'a folder above is nobody’s to take')
      await (await startServer(folder, {}, { user: NOBODY })).end('SIGTERM')
      return undefined
    },
  },
  'mistyped folder': {
    quick: true,
    async run(folder) {
      for (const command of [
        ['key', 'list'],
        ['verify'],
        ['rebuild'],
        ['backup', `${folder}.backup`],
        ['daily'],
      ]) {
        const { code, stderr } = await cli(folder, ...command)
        equal(code, 2, command.join(' '))
        match(stderr, /没有登记簿/)
      }
      equal(existsSync(folder), false)
      equal((await cli(folder, 'init')).code, 0)
      equal((await cli(folder, 'key', 'list', '--json')).stdout, '[]\n')
      equal((await cli(folder, 'import', 'enterprise', folder)).code, 2, 'a folder is no table')
      equal((await cli(folder, 'blacklist', 'export', join(`${folder}-none`, 'list.csv'))).code, 2)
      equal((await cli(folder, 'no-such-command')).code, 2)
      return undefined
    },
  },
  'careless use of the command line': {
    quick: true,
    async run(folder) {
      mkdirSync(folder)
      const data = join(folder, 'data')
      equal((await cli(data, 'init')).code, 0)
      for (const what of ['key', 'officer', 'authority', 'standard']) {
        const listed = await cli(data, what, 'list', '--json')
        equal(listed.code, 0, what)
        ok(Array.isArray(JSON.parse(listed.stdout)), what)
      }
      const due = await cli(data, 'deadlines', '--within', '30', '--json')
      ok(Array.isArray(JSON.parse(due.stdout)))
      const table = join(folder, 'firms.csv')
      writeFileSync(table, '企业名称,统一社会信用代码\n示例公司,错的\n')
      equal((await cli(data, 'import', 'enterprise', table)).code, 1, 'a faulty row')
      ok(existsSync(join(folder, 'firms.errors.csv')) || existsSync(`${table}.errors.csv`))
      equal((await cli(data, 'import', 'enterprise', join(folder, 'none.csv'))).code, 2)
      const packed = join(folder, 'firms.csv.gz')
      writeFileSync(packed, gzipSync('企业名称,统一社会信用代码\n示例公司,错的\n'))
      const unread = await cli(data, 'import', 'enterprise', packed)
      equal(unread.code, 2)
      match(unread.stderr, /压缩/)
      const quiet = spawnSync(
        '/bin/sh',
        [
          '-c',
          `"${process.execPath}" "${CLI}" --help | true; "${process.execPath}" "${CLI}" authority list | true`,
        ],
        { env: { PATH: process.env.PATH, DATA_DIR: data }, encoding: 'utf8' },
      )
      equal(quiet.stderr, '', 'who stops reading is nobody to complain to')
      return undefined
    },
  },
  'behind a proxy, with forged headers': {
    quick: true,
    async run(folder) {
      const site = { PUBLIC_URL: 'https://one.example/credit', TRUST_PROXY: '1', RATE_LIMIT: '5' }
      const { url } = await startServer(folder, site)
      const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'evil' }
      const claimed = await (await fetch(`${url}/credit/`, { headers: forged })).text()
      ok(!claimed.includes('evil'))
      match(claimed, /<link rel="canonical" href="https:\/\/one\.example\/credit\/"/)
      const desk = await fetch(`${url}/credit/desk`, { redirect: 'manual' })
      match(desk.headers.get('location') ?? '', /^\/credit\/desk\/sign-in/)
      const statuses = []
      for (let i = 0; i < 8; i += 1) {
        const headers = { 'x-forwarded-for': `198.51.100.${i}, 203.0.113.9` }
        statuses.push((await fetch(`${url}/credit/api/v1/regions`, { headers })).status)
      }
      equal(statuses.at(-1), 429)
      for (const without of [{ TRUST_PROXY: '1' }, { TRUST_PROXY: 'false' }, {}]) {
        const said = await startServer(`${folder}-2`, { PUBLIC_URL: '', ...without }).then(() => '', String)
        match(said, /ended with 2: 配置有误：\nPUBLIC_URL=：/)
        equal(existsSync(`${folder}-2`), false, 'nothing was made')
      }
      return undefined
    },
  },
  'no address of its own, and forged headers': {
    quick: true,
    async run(folder) {
      const { url } = await startServer(folder, {
        ...{ NODE_ENV: 'development', PUBLIC_URL: '', DEMO: 'false' },
        RATE_LIMIT: '6',
      })
      const headers = {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'evil',
        'x-forwarded-for': '198.51.100.7',
        forwarded: 'host=evil.example',
      }
      for (const path of [
        '/',
        '/en',
        '/blacklist',
        '/blacklist/feed.atom',
        '/sitemap.xml',
        '/opensearch.xml',
      ]) {
        const answer = await fetch(url + path, { headers })
        equal(answer.status, 200, path)
        ok(!(await answer.text()).includes('evil'), path)
      }
      const { hostname, port } = new URL(url)
      const named = `GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`
      ok(
        !(await said(connect(Number(port), hostname), named)).includes('evil'),
        'nor by the name that was asked for',
      )
      for (let i = 0; i < 8; i += 1)
        equal((await fetch(`${url}/api/v1/regions`)).status, 200, 'who asks from this machine is not limited')
      return undefined
    },
  },
  'mistyped settings': {
    quick: true,
    async run(folder) {
      mkdirSync(folder)
      for (const [name, value] of Object.entries({
        NODE_ENV: 'Production',
        PORT: '0x50',
        HOST: '[::1]',
        TRUST_PROXY: 'true',
        LOG_LEVEL: 'INFO',
        DEMO: '1',
      })) {
        const refused = await startServer(folder, { [name]: value }).then(() => '', String)
        match(refused, /ended with 2/, name)
        ok(refused.includes(`${name}=${value}`), refused)
        const command = await cliIn({ DATA_DIR: folder, [name]: value }, 'key', 'list')
        equal(command.code, 2, name)
      }
      equal(readdirSync(folder).length, 0, 'nothing was made')
      return undefined
    },
  },
  'nginx with TLS, a sub-path and a cache': behindNginx,
  'locked access log': {
    quick: true,
    async run(folder) {
      const key = await keyOf(folder)
      const { url } = await startServer(folder)
      const entries = () => fetch(`${url}/api/v1/entries`, { headers: { authorization: `Bearer ${key}` } })
      equal((await entries()).status, 200)
      await fetch(url)
      const log = new Sqlite(join(folder, 'access.db'))
      log.exec('BEGIN IMMEDIATE')
      const at = performance.now()
      const quickly = async () => {
        const answer = await fetch(`${url}/blacklist`)
        return { status: answer.status, ms: performance.now() - at }
      }
      const [own, page, ready, desk] = await Promise.all([
        entries(),
        quickly(),
        fetch(`${url}/readyz`),
        fetch(`${url}/readyz/desk`),
      ])
      equal(own.status, 503)
      match(await own.text(), /查阅记录暂时不能写入/)
      equal(page.status, 200)
      ok(page.ms < 5_000, `the public does not wait for the lock: ${page.ms} ms`)
      equal(ready.status, 200, 'whoever obeys it goes on sending the public here')
      match(await ready.text(), /"degraded"[\s\S]*查阅记录不能写入/)
      equal(desk.status, 503)
      log.exec('ROLLBACK')
      log.close()
      equal((await entries()).status, 200)
      return undefined
    },
  },
  'full disk': {
    async run(folder) {
      mkdirSync(folder)
      if (!mounted(folder, '8m')) return 'no tmpfs can be mounted'
      try {
        const key = await keyOf(folder)
        const server = await startServer(folder)
        const entries = () =>
          fetch(`${server.url}/api/v1/entries`, { headers: { authorization: `Bearer ${key}` } })
        equal((await entries()).status, 200)
        execFileSync('sh', [
          '-c',
          'dd if=/dev/zero of="$0" bs=4096 2>/dev/null || true',
          join(folder, 'filler'),
        ])
        let last = await entries()
        for (let i = 0; i < 300 && last.status === 200; i += 1) last = await entries()
        equal(last.status, 503)
        match(await last.text(), /查阅记录暂时不能写入/)
        for (const path of ['/', '/blacklist', '/search?q=%E7%A4%BA', '/statistics', '/api/v1/changes'])
          equal((await fetch(server.url + path)).status, 200, `the public goes on reading ${path}`)
        const ready = await fetch(`${server.url}/readyz`)
        equal(ready.status, 200)
        match(await ready.text(), /查阅记录不能写入|磁盘已满/)
        equal((await fetch(`${server.url}/readyz/desk`)).status, 503)
        // Killed there and begun anew, it says what is missing, or serves.
        await server.end('SIGKILL')
        const begun = await startServer(folder).catch((error: unknown) => String(error))
        if (typeof begun === 'string') {
          match(begun, /ended with 2/)
          match(begun, /无法启动：[^\n]*磁盘已满[^\n]*请腾出空间/)
        } else {
          equal((await fetch(begun.url)).status, 200)
          await begun.end('SIGTERM')
        }
        rmSync(join(folder, 'filler'))
        const again = await startServer(folder)
        await until(async () => (await fetch(`${again.url}/readyz/desk`)).status === 200)
        equal((await again.end('SIGTERM')).code, 0)
      } finally {
        execFileSync('umount', ['-l', folder])
      }
      return undefined
    },
  },
  'a disk that an import has filled': {
    async run(folder) {
      mkdirSync(folder)
      if (!mounted(folder, '24m')) return 'no tmpfs can be mounted'
      try {
        const headers = { authorization: `Bearer ${await keyOf(folder)}` }
        const next = codes('F')
        const rows = Array.from({ length: 15_000 }, (_, i) => `示例导入${i}公司,${next.next().value}`)
        const form = new FormData()
        form.append('type', 'enterprise')
        form.append('file', new Blob([`企业名称,统一社会信用代码\n${rows.join('\n')}\n`]), 'firms.csv')
        const server = await startServer(folder)
        const sent = await fetch(`${server.url}/api/v1/imports`, { method: 'POST', headers, body: form })
        const { id } = sentJob.parse(await sent.json())
        await until(async () => (await ready(server.url)).status === 'full', 120)
        await server.end('SIGKILL')
        const again = await startServer(folder)
        // What a start brings into its database may just have made room.
        match((await ready(again.url)).status, /^(full|ready|degraded)$/)
        for (const path of ['/', '/blacklist', '/statistics'])
          equal((await fetch(again.url + path)).status, 200, `the public goes on reading ${path}`)
        execFileSync('mount', ['-o', 'remount,size=256m', folder])
        const job = async () =>
          doneJob.safeParse(await (await fetch(`${again.url}/api/v1/imports/${id}`, { headers })).json())
        await until(async () => (await job()).success, 120)
        equal((await job()).data?.counts.opened, rows.length, 'and the import goes on by itself')
        equal((await again.end('SIGTERM')).code, 0)
      } finally {
        execFileSync('umount', ['-l', folder])
      }
      return undefined
    },
  },
  'read-only disk, and keys that were open to all': {
    async run(folder) {
      mkdirSync(folder)
      if (!mounted(folder, '16m')) return 'no tmpfs can be mounted'
      try {
        const data = join(folder, 'data')
        await keyOf(data)
        chmodSync(data, 0o755)
        chmodSync(join(data, 'person.key'), 0o644)
        const open = await doctor(data, {})
        equal(open.code, 1)
        match(open.stdout, /有误 {2}用户和权限：密钥 \S*person\.key 可供其他用户读取，可能已被取走/)
        chmodSync(data, 0o700)
        match((await doctor(data, {})).stdout, /注意 {2}用户和权限：1 个文件或目录可供其他用户读取/)
        const locked = new Sqlite(join(data, 'register.db'))
        locked.pragma('locking_mode = EXCLUSIVE')
        locked.exec('BEGIN EXCLUSIVE')
        const held = await doctor(data, {})
        equal(held.code, 1)
        match(held.stdout, /有误 {2}(时钟|数据目录)：.*占用/)
        locked.close()
        execFileSync('mount', ['-o', 'remount,ro', folder])
        const said = await startServer(data).then(() => '', String)
        match(said, /ended with 2[\s\S]*不能写入 [\s\S]*磁盘是只读的/)
        doesNotMatch(said, /chmod/)
        const looked = await doctor(data, {})
        equal(looked.code, 1)
        doesNotMatch(looked.stdout, /chmod|chown/)
      } finally {
        execFileSync('umount', ['-l', folder])
      }
      return undefined
    },
  },
  'more connections than handles': {
    async run(folder) {
      const server = await startServer(folder, {}, { openFiles: 400 })
      const sockets = Array.from({ length: 700 }, () => idle(server))
      await until(async () => sockets.filter((socket) => socket.destroyed).length >= 300)
      // A thread that begins in the midst of it, or can't, harms nobody else.
      for (const socket of sockets) socket.destroy()
      await until(async () => (await fetch(`${server.url}/readyz`).catch(() => undefined))?.status === 200)
      equal((await fetch(`${server.url}/statistics/grades.csv`)).status, 200)
      equal((await server.end('SIGTERM')).code, 0)
      return undefined
    },
  },
  'a part of the program that is missing': {
    async run(folder) {
      const release = releaseIn(folder)
      const thread = join(dirname(release), 'programs/checking-thread.js')
      renameSync(thread, `${thread}.away`)
      const server = await startServer(join(folder, 'data'), {}, { program: release })
      const check = () =>
        fetch(`${server.url}/api/v1/checks`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ rows: [{ name: '示例公司' }] }),
        })
      const failed = await check()
      equal(failed.status, 503)
      match(await failed.text(), /正在自动恢复/)
      equal((await fetch(`${server.url}/`)).status, 200)
      renameSync(`${thread}.away`, thread)
      await until(async () => (await check()).status < 300)
      return undefined
    },
  },
  'a read-only release of another user, and no folder for temporary files': {
    async run(folder) {
      if (!isRoot) return 'only root can start processes of other users'
      if (!isReadable()) return 'this checkout is closed to other users'
      const program = releaseIn(folder)
      const data = join(folder, 'data')
      mkdirSync(data)
      chownSync(data, NOBODY, NOBODY)
      const before = new Set(readdirSync(tmpdir()))
      const server = await startServer(data, { TMPDIR: '/nonexistent' }, { program, user: NOBODY })
      equal((await fetch(`${server.url}/statistics/grades.svg`)).status, 200)
      const more = readdirSync(tmpdir()).filter((name) => !before.has(name) && /tsx|node-compile/.test(name))
      equal(more.join(), '', 'nothing is run from where others may write')
      return undefined
    },
  },
  'releases beside each other': {
    async run(folder) {
      const data = join(folder, 'data')
      const current = join(folder, 'current')
      for (const release of ['1', '2', '1']) {
        const at = join(folder, release)
        if (!existsSync(at)) releaseIn(at)
        rmSync(current, { force: true })
        symlinkSync(at, current)
        const server = await startServer(data, {}, { program: join(current, 'dist', 'main.js') })
        await until(async () => (await fetch(`${server.url}/readyz`)).status === 200)
        equal((await server.end('SIGTERM')).code, 0)
      }
      return undefined
    },
  },
  'other zones, no locale, no home': {
    async run(folder) {
      const pages = []
      for (const TZ of ['Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati']) {
        const { url, end } = await startServer(folder, { TZ, LANG: 'C', LC_ALL: 'POSIX' })
        const text = await (await fetch(url)).text()
        pages.push(/登记序号[\s\S]*?(\d{4}-\d\d-\d\d \d\d)/.exec(text)?.[1])
        await end('SIGTERM')
      }
      equal(new Set(pages).size, 1, pages.join())
      return undefined
    },
  },
  'slow and odd requests': {
    quick: true,
    async run(folder) {
      const server = await startServer(folder)
      const raw = (text: string) => said(idle(server), text)
      match(await raw('NO SUCH THING\r\n\r\n'), /^HTTP\/1\.1 400[\s\S]*不符合 HTTP 的格式/)
      ok(!(await raw('GET / HTTP/1.0\r\n\r\n')).includes('http:///'))
      const page = (address: string) =>
        raw(`GET ${address} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n`)
      match(await page('/enterprises/石家庄'), /^HTTP\/1\.1 400[\s\S]*须按 UTF-8 作百分号编码/)
      match(
        await page(`/enterprises/${encodeURIComponent('石家庄')}`),
        /^HTTP\/1\.1 302[\s\S]*location: \/search\?q=%E7%9F%B3%E5%AE%B6%E5%BA%84/,
        'a name in the place of a code is looked for',
      )
      const absolute = (path: string) => page(`http://evil.example${path}`)
      match(await absolute('/'), /^HTTP\/1\.1 200[\s\S]*<link rel="canonical" href="http:\/\/localhost\/"/)
      for (const path of ['/', '/en', '/search?q=a', '/desk', '/api/v1/none'])
        ok(!(await absolute(path)).includes('evil'), path)
      match(await page('/enterprises/%CA%AF%BC%D2'), /^HTTP\/1\.1 400[\s\S]*text\/html[\s\S]*须按 UTF-8/)
      match(await page(`/enterprises/${'1'.repeat(400)}`), /^HTTP\/1\.1 414[\s\S]*text\/html[\s\S]*编号过长/)
      match(await page(`/${'1'.repeat(20_000)}`), /^HTTP\/1\.1 431[\s\S]*请缩短网址/)
      match(await page(`/search?q=${'1'.repeat(300)}`), /^HTTP\/1\.1 400[\s\S]*查询的文字 最多 200 个字符/)
      const packed = {
        method: 'POST',
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
        body: 'x',
      }
      equal((await fetch(`${server.url}/api/v1/checks`, packed)).status, 415)
      const etag = (await fetch(server.url)).headers.get('etag') ?? ''
      for (const held of [`"other", ${etag}`, '*', etag.replace('W/', '')])
        equal((await fetch(server.url, { headers: { 'if-none-match': held } })).status, 304, held)
      const upload = raw(
        'POST /api/v1/checks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      const ending = server.end('SIGTERM')
      match(await upload, /^HTTP\/1\.1 503[\s\S]*retry-after: 60[\s\S]*请一分钟后重新提交/)
      equal((await ending).code, 0)
      return undefined
    },
  },
  'a second signal': {
    quick: true,
    async run(folder) {
      const server = await startServer(folder)
      const socket = idle(server)
      socket.write(
        'POST /api/v1/checks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      const ending = server.end('SIGTERM')
      await until(async () => /stopping/.test(server.log()))
      server.process.kill('SIGTERM')
      equal((await ending).code, 1)
      return undefined
    },
  },
  'signals that mean nothing': {
    quick: true,
    async run(folder) {
      const server = await startServer(folder)
      for (const signal of MEANINGLESS) {
        server.process.kill(signal)
        await until(async () => server.log().includes(`收到信号 ${signal}，没有作任何事`))
      }
      doesNotMatch(server.log(), /Debugger listening/)
      equal((await fetch(`${server.url}/readyz`)).status, 200)
      equal((await server.end('SIGQUIT')).code, 0, 'SIGQUIT ends it as SIGTERM does')
      return undefined
    },
  },
  doctor: {
    quick: true,
    async run(folder) {
      for (const [TRUST_PROXY, code, words] of [
        ['false', 0, /注意 {2}代理：.*看来都来自本机/],
        ['1', 1, /有误 {2}代理：访问者自报的地址被采信/],
      ] as const) {
        const site = { PORT: String(await freePort()), TRUST_PROXY }
        const { end } = await startServer(folder, { ...site, PUBLIC_URL: `http://127.0.0.1:${site.PORT}` })
        const said = await doctor(folder, { ...site, PUBLIC_URL: `http://127.0.0.1:${site.PORT}` })
        match(said.stdout, words)
        equal(said.code, code, said.stdout)
        match(said.stdout, /正常 {2}运行状况：.*一切正常/)
        rmSync(join(folder, 'sessions.db'))
        await new Promise((resolve) => setTimeout(resolve, 1_100))
        const amiss = await doctor(folder, site)
        match(amiss.stdout, /有误 {2}运行状况：.* degraded：sessions\.db 不在原处/)
        equal(amiss.code, 1)
        await end('SIGTERM')
      }
      return undefined
    },
  },
  'unit file': {
    async run() {
      const unit = join(ROOT, 'docs', 'registry.service')
      try {
        execFileSync('systemd-analyze', ['--version'])
      } catch {
        return 'no systemd here'
      }
      const { stderr } = await verified(unit)
      // That the program is not installed on this machine is no fault of the file.
      const faults = stderr
        .split('\n')
        .filter(
          (line) =>
            line.includes('registry.service') && !/not executable|does not exist|Failed to/.test(line),
        )
      equal(faults.join('\n'), '')
      const exposed = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, unit],
        { encoding: 'utf8' },
      )
      // Older ones look at running services only.
      if (/unrecognized option/.test(exposed.stderr)) return undefined
      equal(exposed.status, 0, exposed.stdout.split('\n').at(-2))
      return undefined
    },
  },
}

/** A release in a folder of its own, as the handbook has it; its program. */
function releaseIn(folder: string): string {
  mkdirSync(folder, { recursive: true })
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  return join(folder, 'dist', 'main.js')
}

await built('main')

/** Whether other users may read this checkout. */
function isReadable(): boolean {
  for (let folder = ROOT; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false
    if (dirname(folder) === folder) return true
  }
}

function mounted(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=0700,size=${size}`, 'tmpfs', folder], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

function doctor(dataDir: string, environment: Record<string, string>): Promise<Said> {
  return cliIn({ DATA_DIR: dataDir, ...environment }, 'doctor')
}

/** What it says to another user. */
function doctorAs(user: number, dataDir: string): Promise<string> {
  return new Promise((resolve) => {
    const options = { uid: user, gid: user, env: { PATH: process.env.PATH, DATA_DIR: dataDir } }
    execFile(process.execPath, [CLI, 'doctor'], options, (_, stdout) => resolve(stdout))
  })
}

function idle({ url }: Server): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname).on('error', () => undefined)
}

/** What comes back for some bytes until the connection ends. */
function said(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}

async function until(holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (let tries = 0; tries < 10 * seconds; tries += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('it never came to pass')
}

async function verified(unit: string): Promise<{ stderr: string }> {
  try {
    execFileSync('systemd-analyze', ['verify', unit], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    })
    return { stderr: '' }
  } catch (error) {
    return { stderr: error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error) }
  }
}
