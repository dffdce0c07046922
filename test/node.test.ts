import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { built } from '../scripts/build/build.js'
import { temporaryFolder, unifiedCode } from './support.ts'

const ROOT = new URL('..', import.meta.url)
const run = promisify(execFile)
const MAIN = fileURLToPath(await built('main'))
const CLI = fileURLToPath(await built('cli'))
const PRODUCTION = { NODE_ENV: 'production', PUBLIC_URL: 'http://localhost' }

interface Running {
  process: ChildProcess
  url: string
  /** What it has written to its log. */
  log(): string
}

/** Starts a node as `npm start` does and waits until it listens. */
async function start(t: Test, folder: string, environment: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, [MAIN], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATA_DIR: folder, PORT: '0', HOST: '127.0.0.1', ...environment },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      log += chunk.toString()
      const match = /Server listening at (http:\/\/[\d.:]+)/.exec(log)
      if (match?.[1]) resolve(match[1])
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${log}`)))
  })
  return { process: child, url, log: () => log }
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.on('exit', resolve))
    : Promise.resolve(child.exitCode)
}

function cli(folder: string, ...args: string[]) {
  return run(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATA_DIR: folder },
  }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

async function keyOf(folder: string, ...scopes: string[]): Promise<string> {
  await cli(folder, 'init')
  const named = ['--name', '测试', '--authority', '河北省市场监督管理局']
  const { stdout } = await cli(folder, 'key', 'create', ...named, '--scope', ...scopes)
  return /hqc_\S+/.exec(stdout)?.[0] ?? ''
}

t.test('a newcomer finds the demo set, production an empty register', async (t) => {
  // Demo data come by themselves only where the system keeps what is temporary.
  const folder = mkdtempSync(join(tmpdir(), 'registry-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const demo = await start(t, folder)
  const page = await (await fetch(demo.url)).text()
  t.match(page, '演示数据')
  const { items } = JSON.parse(await (await fetch(`${demo.url}/api/v1/enterprises?limit=100`)).text())
  t.ok(items.length >= 5)
  for (const { name } of items) t.match(name, /^(示例|演示)/)
  const kinds = new Set(items.flatMap(({ kinds }: { kinds: string[] }) => kinds))
  t.same(kinds, new Set(['licence', 'inspection', 'penalty', 'award']))
  demo.process.kill('SIGTERM')
  t.equal(await ended(demo.process), 0)
  const empty = temporaryFolder(t)
  await t.rejects(
    start(t, empty, { ...PRODUCTION, NEW_REGISTER: 'false' }),
    /ended with 2.*没有登记簿.*NEW_REGISTER=false/s,
    'a disk may be missing',
  )
  t.same(readdirSync(empty), [])
  const production = await start(t, empty, PRODUCTION)
  t.match(await (await fetch(`${production.url}/readyz`)).json(), { status: 'ready', position: 0 })
  t.notMatch(await (await fetch(production.url)).text(), '演示数据')
  const metrics = await (await fetch(`${production.url}/metrics`)).text()
  for (const file of ['register.db', 'views.db', 'search.db', 'access.db', 'following.db', 'sessions.db'])
    t.match(metrics, new RegExp(`wal_bytes\\{file="${file}"\\} \\d+`))
  for (const name of ['checks_held', 'check_rows_held', 'checks_refused', 'writes_waiting', 'writes_refused'])
    t.match(metrics, new RegExp(`^${name} 0$`, 'm'))
})

t.test('settings that do not fit are refused before anything is opened', async (t) => {
  const child = spawn(process.execPath, [MAIN], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATA_DIR: temporaryFolder(t), PORT: 'x', LOG_LEVEL: 'loud' },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  t.equal(await ended(child), 2)
  t.match(said, /PORT=x/)
  t.match(said, /LOG_LEVEL=loud/)
})

t.test('killed under load, it has all it acknowledged, once, and its views agree', async (t) => {
  const folder = temporaryFolder(t)
  const key = await keyOf(folder, 'records:write')
  const acknowledged = new Set<string>()
  let next = 0
  for (let round = 0; round < 3; round += 1) {
    const node = await start(t, folder, { ...PRODUCTION, LOG_LEVEL: 'info' })
    const load = Array.from({ length: 8 }, async () => {
      for (;;) {
        const uscc = unifiedCode(`K${String(next).padStart(7, '0')}`)
        next += 1
        const answer = await fetch(`${node.url}/api/v1/enterprises`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            'idempotency-key': uscc,
          },
          body: JSON.stringify({ uscc, enterprise: { name: `示例${uscc}公司` } }),
        }).catch(() => undefined)
        if (!answer) return
        if (answer.status === 201) acknowledged.add(uscc)
      }
    })
    while (acknowledged.size < (round + 1) * 20) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, round * 50))
    node.process.kill('SIGKILL')
    await Promise.all(load)
    await ended(node.process)
  }
  const node = await start(t, folder, PRODUCTION)
  const shown = new Set<string>()
  for (let since = 0; ; ) {
    const page = await (await fetch(`${node.url}/api/v1/changes?since=${since}&limit=1000`)).json()
    for (const { file } of page.items) {
      t.notOk(shown.has(file.uscc))
      shown.add(file.uscc)
    }
    if (page.items.length === 0) break
    since = page.next
  }
  t.same(
    [...acknowledged].filter((uscc) => !shown.has(uscc)),
    [],
    'nothing lost',
  )
  const [some = ''] = [...acknowledged].slice(-1)
  const found = await (
    await fetch(`${node.url}/api/v1/enterprises?q=${encodeURIComponent(`示例${some}公司`)}`)
  ).json()
  t.equal(found.items[0]?.uscc, some, 'what was acknowledged last is found')
  node.process.kill('SIGTERM')
  t.equal(await ended(node.process), 0)
  const verified = await cli(folder, 'verify')
  t.equal(verified.code, 0, verified.stdout)
  t.notMatch(node.log(), key, 'no key in the log')
})

t.test('what was accepted before a shutdown is finished', async (t) => {
  const folder = temporaryFolder(t)
  const key = await keyOf(folder, 'records:write')
  const node = await start(t, folder, PRODUCTION)
  const posts = Array.from({ length: 20 }, (_, i) =>
    fetch(`${node.url}/api/v1/enterprises`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        uscc: unifiedCode(`G${String(i).padStart(7, '0')}`),
        enterprise: { name: '示例公司' },
      }),
    }).then(
      ({ status }) => status,
      () => 0,
    ),
  )
  await Promise.race(posts)
  node.process.kill('SIGTERM')
  const statuses = await Promise.all(posts)
  t.equal(await ended(node.process), 0)
  const again = await start(t, folder, PRODUCTION)
  const { items } = await (await fetch(`${again.url}/api/v1/changes`)).json()
  t.ok(items.length >= statuses.filter((status) => status === 201).length)
})

t.test('an import from the command line beside a running server, keys, rebuild, verify', async (t) => {
  const folder = temporaryFolder(t)
  await cli(folder, 'init')
  const node = await start(t, folder, PRODUCTION)
  const csv = join(temporaryFolder(t), 'a.csv')
  writeFileSync(csv, `企业名称,统一社会信用代码\n示例甲公司,${unifiedCode('DEM00001')}\n示例乙公司,1\n`)
  const imported = await cli(folder, 'import', 'enterprise', csv)
  t.equal(imported.code, 1, 'a row that could not be taken shows in the exit code')
  t.match(imported.stdout, /新建档案 1.*有误 1/)
  t.match(await (await fetch(`${node.url}/api/v1/enterprises?q=slj`)).json(), {
    items: [{ name: '示例甲公司' }],
  })
  t.match((await cli(folder, 'import', 'nothing', csv)).stderr, /没有“nothing”/)
  t.match((await cli(folder, 'import', 'enterprise', `${csv}.none`)).stderr, /没有这个文件/)
  const key = await keyOf(folder, 'audit:read')
  const entries = () => fetch(`${node.url}/api/v1/entries`, { headers: { authorization: `Bearer ${key}` } })
  t.equal((await entries()).status, 200, 'a key made beside the server opens at once')
  const { stdout } = await cli(folder, 'key', 'list')
  const id = stdout.split('\t')[0] ?? ''
  t.equal((await cli(folder, 'key', 'revoke', id)).code, 0)
  t.equal((await entries()).status, 401)
  t.match((await cli(folder, 'key', 'create', '--name', 'x', '--scope', 'all')).stderr, /没有这些权限/)
  t.equal((await cli(folder, 'rebuild')).code, 0)
  t.match(await (await fetch(`${node.url}/api/v1/enterprises?q=slj`)).json(), {
    items: [{ name: '示例甲公司' }],
  })
  t.equal((await cli(folder, 'verify')).code, 0)
})
