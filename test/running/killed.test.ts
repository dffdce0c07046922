import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { built } from '../../scripts/build/build.js'
import { Sqlite } from '../../src/register/driver.ts'
import { commandLine } from '../cli/command.ts'
import { temporaryFolder, unifiedCode } from '../support.ts'

const MAIN = fileURLToPath(await built('main'))

async function server(t: Test, dataDir: string) {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...{ PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1' },
      ...{ NODE_ENV: 'production', PUBLIC_URL: 'http://localhost' },
    },
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        log += chunk.toString()
        const [, at] = /listening at (http:[\d./:]+)/.exec(log) ?? []
        if (at !== undefined) resolve(at)
      })
    child.on('exit', () => reject(new Error(log)))
  })
  return {
    url,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const ROWS = 12_000
const TABLE = `企业名称,统一社会信用代码\n${Array.from(
  { length: ROWS },
  (_, i) => `示例${i}公司,${unifiedCode(`K${String(i).padStart(7, '0')}`)}\n`,
).join('')}`

async function place(t: Test) {
  const dataDir = join(temporaryFolder(t), 'data')
  const command = commandLine(dataDir)
  await command(['init'])
  const key = ['key', 'create', '--name', '河北省市场监督管理局', '--scope', 'records:write']
  const [secret = ''] = /hqc_\S+/.exec((await command(key)).stdout) ?? []
  const headers = { authorization: `Bearer ${secret}` }
  return {
    dataDir,
    command,
    async upload(url: string): Promise<string> {
      const body = new FormData()
      body.set('file', new Blob([TABLE]), 'firms.csv')
      const answer = await fetch(`${url}/api/v1/imports?type=enterprise`, { method: 'POST', headers, body })
      return (await answer.json()).id
    },
    job: async (url: string, id: string) => (await fetch(`${url}/api/v1/imports/${id}`, { headers })).json(),
  }
}

async function until<T>(asked: () => Promise<T>, holds: (found: T) => boolean, withinMs: number): Promise<T> {
  for (const end = Date.now() + withinMs; ; await sleep(50)) {
    const found = await asked()
    if (holds(found) || Date.now() > end) return found
  }
}

t.test('an import whose process was killed goes on with the next one at once', async (t) => {
  const { dataDir, upload, job } = await place(t)
  const first = await server(t, dataDir)
  const id = await upload(first.url)
  const begun = await until(
    () => job(first.url, id),
    ({ counts }) => counts.rows > 0,
    30_000,
  )
  t.match(begun, { status: 'running' })
  await first.kill()
  const register = new Sqlite(join(dataDir, 'register.db'), { readonly: true })
  const lease = register.prepare<[], { holder: string; until: number }>(
    "SELECT holder, until FROM lease WHERE work = 'imports'",
  )
  const left = lease.get()
  const second = await server(t, dataDir)
  await until(
    async () => lease.get()?.holder,
    (holder) => holder !== left?.holder,
    60_000,
  )
  t.ok(Date.now() < (left?.until ?? 0), 'it does not wait for the lease to run out')
  register.close()
  t.match(
    await until(
      () => job(second.url, id),
      ({ status }) => status === 'done',
      120_000,
    ),
    {
      status: 'done',
      counts: { rows: ROWS, opened: ROWS, failed: 0 },
    },
  )
})

t.test('an import that stands says why, and since when', async (t) => {
  const { dataDir, upload, job } = await place(t)
  const { url } = await server(t, dataDir)
  const other = new Sqlite(join(dataDir, 'register.db'))
  const letGo = () => other.prepare('DELETE FROM lease').run()
  other
    .prepare("INSERT OR REPLACE INTO lease VALUES ('imports', 'of another machine', ?)")
    .run(Date.now() + 600_000)
  const id = await upload(url)
  const standing = await until(
    () => job(url, id),
    ({ standstill }) => standstill !== undefined,
    5_000,
  )
  t.match(standing, { status: 'waiting', standstill: { reason: /另一个进程正在办理导入/ } })
  t.ok(Math.abs(Date.parse(standing.standstill.since) - Date.now()) < 10_000)
  t.match(await (await fetch(`${url}/readyz`)).text(), /另一个进程正在办理导入.*自 \d{4}-\d\d-\d\d/)
  letGo()
  other.close()
  const going = await until(
    () => job(url, id),
    ({ status }) => status !== 'waiting',
    15_000,
  )
  t.not(going.status, 'waiting')
  t.equal(going.standstill, undefined)
})
