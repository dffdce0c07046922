import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { built } from '../../scripts/build/build.js'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { settings } from '../../src/config.ts'
import { openMeilisearch } from '../../src/search/meilisearch.ts'
import { commandLine } from '../cli/command.ts'
import { documentOf } from '../search/contract.ts'
import { fakeMeilisearch } from '../search/meilisearch-server.ts'
import { temporaryFolder } from '../support.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
await built('main')
const operations = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')

/** The command blocks of a chapter of the manual, in their order. */
const blocksOf = (chapter: string) => {
  const text = operations.split(/^## /m).find((one) => one.startsWith(`${chapter}\n`)) ?? ''
  return Array.from(text.matchAll(/```sh\n([^`]*)```/g), ([, block = '']) => block)
}

/** Chapters with commands, and how many blocks of them are run here; those of backups are run by the drill. */
const CHAPTERS = { 安装和启动: 3, 备份和恢复: 4, 时钟: 1, Meilisearch: 1, 升级: 1 } as const

/** A block as it stands, with places of this test in the place of the machine's. */
function shell(block: string, places: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) {
  const script = Object.entries(places).reduce((text, [of, at]) => text.replaceAll(of, at), block)
  return new Promise<{ code: number; said: string }>((resolve) => {
    const child = execFile(
      'sh',
      ['-e'],
      { cwd: ROOT, env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: `${stdout}${stderr}` }),
    )
    child.stdin?.end(script)
  })
}

t.test('every block of commands is run by a test', async (t) => {
  const all = Array.from(operations.matchAll(/```sh\n/g)).length
  const known = Object.entries(CHAPTERS)
  for (const [chapter, count] of known) t.equal(blocksOf(chapter).length, count, chapter)
  t.equal(
    known.reduce((sum, [, count]) => sum + count, 0),
    all,
    'none stands elsewhere',
  )
})

t.test('what is written of installing and of going up does what it says', async (t) => {
  const folder = temporaryFolder(t)
  const [opt, units, bin, calls] = ['opt', 'units', 'bin', 'calls'].map((name) => join(folder, name))
  if (!opt || !units || !bin || !calls) throw new Error('no places')
  for (const made of [opt, units, bin]) mkdirSync(made)
  // What would change this machine is written down; a clone is a folder with what a release holds of it.
  const standIns = {
    useradd: '',
    systemctl: '',
    npm: '',
    git: `mkdir -p "$3/docs" && cp ${ROOT}docs/registry.service "$3/docs/"`,
  }
  for (const [name, act] of Object.entries(standIns)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${calls}\n${act}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const places = {
    '/opt/registry': opt,
    '/etc/systemd/system/': units,
    '<仓库地址>': 'https://git.example/registry',
  }
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const [install = ''] = blocksOf('安装和启动')
  const installed = await shell(install, places, env)
  t.equal(installed.code, 0, installed.said)
  t.ok(existsSync(join(units, 'registry.service')))
  t.equal(readlinkSync(join(opt, 'current')), join(opt, '1.0'))
  t.match(readFileSync(calls, 'utf8'), /^useradd [\s\S]*npm ci --omit=dev[\s\S]*enable --now registry/)
  const unit = readFileSync(join(units, 'registry.service'), 'utf8')
  const [, user] = /useradd .* (\S+)\n/.exec(install) ?? []
  t.match(unit, `User=${user}\n`)
  t.match(unit, 'WorkingDirectory=/opt/registry/current')
  const [upgrade = ''] = blocksOf('升级')
  const gone = await shell(upgrade, places, env)
  t.equal(gone.code, 0, gone.said)
  t.equal(readlinkSync(join(opt, 'current')), join(opt, '1.1'))
  t.match(readFileSync(calls, 'utf8'), /systemctl restart registry\n$/)
})

t.test('doctor, the first account and the clock, as they are written', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  t.equal((await commandLine(dataDir)(['init'])).code, 0)
  const places = {
    '/opt/registry/current': ROOT,
    '/var/lib/registry': dataDir,
    'sudo -u registry ': '',
    '<姓名>': '张三',
    '<机关>': '河北省市场监督管理局',
    '<工号>': '1001',
    'npm run cli --': 'node dist/cli.js',
    '2026-11-24': shanghaiDate(new Date()),
  }
  const [, account = '', doctor = ''] = blocksOf('安装和启动')
  const made = await shell(account, places)
  t.equal(made.code, 0, made.said)
  t.match(made.said, /账号：guanli1[\s\S]*首次密码/)
  const looked = await shell(doctor, places)
  t.match(looked.said, /有登记簿/)
  t.ok(looked.code === 0 || /有误/.test(looked.said), looked.said)
  const [clock = ''] = blocksOf('时钟')
  const accepted = await shell(clock, places, { DATA_DIR: dataDir })
  t.equal(accepted.code, 0, accepted.said)
  t.match(accepted.said, '已确认时钟')
})

/** The right that each request to Meilisearch asks for, by its documentation. */
const RIGHTS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/(multi-search|indexes\/\w+\/search)$/, 'search'],
  [/^(POST|PUT) \/indexes\/\w+\/documents$/, 'documents.add'],
  [/^POST \/indexes\/\w+\/documents\/delete(-batch)?$|^DELETE \/indexes\/\w+\/documents/, 'documents.delete'],
  [/^GET \/indexes\/\w+\/documents|^POST \/indexes\/\w+\/documents\/fetch$/, 'documents.get'],
  [/^POST \/indexes$/, 'indexes.create'],
  [/^GET \/indexes(\/\w+)?$/, 'indexes.get'],
  [/^DELETE \/indexes\/\w+$/, 'indexes.delete'],
  [/^POST \/swap-indexes$/, 'indexes.swap'],
  [/^PATCH \/indexes\/\w+\/settings$/, 'settings.update'],
  [/^GET \/tasks\/\d+$/, 'tasks.get'],
]

async function asked(t: Test) {
  const fake = await fakeMeilisearch(t)
  const prefix = settings.parse({}).MEILI_PREFIX
  const firm = documentOf(['DEM000012', ['示例甲公司']])
  const index = openMeilisearch({
    url: fake.url,
    key: fake.key,
    prefix,
    shown: () => firm,
    retryMs: 5,
    onRefused: () => undefined,
  })
  await index.index({ documents: [firm], removed: ['DEM000020'], position: 1 })
  await index.rebuild(
    (async function* () {
      yield { documents: [firm], removed: [], position: 2 }
    })(),
  )
  await index.applied()
  await index.close()
  return fake.log
}

t.test(
  'the key for Meilisearch may do what the program asks for, and the request for it is one',
  async (t) => {
    const got: { method?: string; url?: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = []
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { method, url, headers } = request
      got.push({
        ...(method !== undefined && { method }),
        ...(url !== undefined && { url }),
        headers,
        body: Buffer.concat(chunks).toString(),
      })
      response.end('{"key":"x"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const [block = ''] = blocksOf('Meilisearch')
    const env = { MEILI_URL: `http://127.0.0.1:${port}`, MEILI_MASTER_KEY: 'a master key' }
    const said = await shell(block, {}, env)
    t.equal(said.code, 0, said.said)
    const [request] = got
    t.match(request, { method: 'POST', url: '/keys' })
    t.match(request?.headers, { authorization: 'Bearer a master key', 'content-type': 'application/json' })
    const { indexes, expiresAt, actions } = JSON.parse(request?.body ?? '')
    t.same(indexes, [`${settings.parse({}).MEILI_PREFIX}_*`])
    t.equal(expiresAt, null)
    for (const line of await asked(t)) {
      const [, right] = RIGHTS.find(([pattern]) => pattern.test(line)) ?? []
      t.ok(right !== undefined, `the right for ${line} is known`)
      t.ok(actions.includes(right), `${line}: ${right}`)
    }
    for (const action of actions)
      t.ok(
        RIGHTS.some(([, right]) => right === action),
        action,
      )
    const compose = readFileSync(join(ROOT, 'docs/meilisearch-compose.yaml'), 'utf8')
    const [, version] = /getmeili\/meilisearch:v([\d.]+)/.exec(compose) ?? []
    t.match(operations, `Meilisearch（${version} 以上）`)
    t.match(compose, '127.0.0.1:7700:7700')
    t.match(compose, 'MEILI_MAX_INDEXING_MEMORY: 512MiB')
  },
)
