import { strict as assert } from 'node:assert'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { built } from '../build/build.js'
import type { Fault } from './faults.ts'
import { codes, missing, openFiles, ready, shown, until } from './load.ts'
import { keyOf, ROOT, type Server, startServer } from './processes.ts'

/** Threads that a node lives on without; the writer ends it. */
const THREADS = ['access', 'computing', 'checking', 'importing', 'indexing', 'searching'] as const
type Thread = (typeof THREADS)[number] | 'writer'

/** A release whose threads die when a file says so. */
function mortalRelease(folder: string): string {
  const dist = join(folder, 'dist')
  mkdirSync(folder, { recursive: true })
  cpSync(new URL('dist', ROOT), dist, { recursive: true })
  symlinkSync(fileURLToPath(new URL('node_modules', ROOT)), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  for (const thread of [...THREADS, 'writer']) {
    const path = join(dist, 'programs', `${thread}-thread.js`)
    const dying = `'use strict'
const { existsSync: isTold, rmSync: heard } = require('node:fs')
setInterval(() => {
  if (!isTold(${JSON.stringify(orderIn(folder, thread))})) return
  heard(${JSON.stringify(orderIn(folder, thread))})
  throw new Error('this thread was told to die')
}, 20).unref()
`
    writeFileSync(path, dying + readFileSync(path, 'utf8'))
  }
  return join(dist, 'main.js')
}

function orderIn(folder: string, thread: string): string {
  return join(folder, `die-${thread}`)
}

async function killed(folder: string, thread: Thread): Promise<void> {
  writeFileSync(orderIn(folder, thread), '')
  await until(`the ${thread} thread dies`, async () => !existsSync(orderIn(folder, thread)))
}

/** Asks again and again for what each thread does; what comes is right, or says that it can't be done now. */
class Asker {
  readonly wrong: string[] = []
  readonly #server: Server
  readonly #key: string
  readonly #known: string
  #isOver = false
  #asking: Promise<unknown> = Promise.resolve()

  constructor(server: Server, key: string, known: string) {
    this.#server = server
    this.#key = key
    this.#known = known
  }

  begin(): void {
    const asked = [
      () => this.finds(),
      () => this.counts(),
      () => this.checks(),
      () => this.looks(),
      () => this.isHonest(),
    ]
    this.#asking = Promise.all(
      asked.map(async (ask) => {
        while (!this.#isOver) {
          await ask().catch((error: unknown) => this.wrong.push(String(error)))
          await pause(30)
        }
      }),
    )
  }

  async end(): Promise<void> {
    this.#isOver = true
    await this.#asking
    assert.deepEqual(this.wrong, [])
  }

  /** Whether all of it can be done now. */
  async isWhole(): Promise<boolean> {
    const done = [this.finds(), this.counts(), this.checks(), this.looks()]
    return (await Promise.all(done)).every((one) => one) && (await ready(this.#server.url)).status === 'ready'
  }

  async finds(): Promise<boolean> {
    const answer = await this.#get(`/api/v1/enterprises?q=${this.#known}`)
    if (answer === undefined) return false
    const { items } = JSON.parse(answer)
    assert.equal(items.length, 1, `the search finds ${items.length} of ${this.#known}`)
    return true
  }

  async counts(): Promise<boolean> {
    return (await this.#get('/statistics/grades.csv')) !== undefined
  }

  async checks(): Promise<boolean> {
    const answer = await this.#answered('/api/v1/checks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: [{ code: this.#known }] }),
    })
    return answer !== undefined
  }

  async looks(): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.#key}` }
    return (await this.#answered('/api/v1/entries?limit=1', { headers })) !== undefined
  }

  /** While the search goes on failing, nobody is told to send the public here. */
  async isHonest(): Promise<boolean> {
    for (let round = 0; round < 4; round += 1) {
      if (await this.finds()) return true
      if ((await ready(this.#server.url)).code !== 200) return true
      await pause(600)
    }
    throw new Error('the search fails for two seconds, and readiness says 200')
  }

  #get(path: string): Promise<string | undefined> {
    return this.#answered(path, {})
  }

  /** The text of a good answer; undefined for one that says that it can't be had now. */
  async #answered(path: string, asked: RequestInit): Promise<string | undefined> {
    const answer = await fetch(this.#server.url + path, asked)
    const text = await answer.text()
    if (answer.ok) return text
    assert.equal(answer.status, 503, `${path} ${text.slice(0, 200)}`)
    return undefined
  }
}

/** Each thread dies in the midst of a load: its own work says so and comes back, nothing else notices, nothing is lost. */
export const threads: Fault = async (folder) => {
  await built('main')
  const program = mortalRelease(join(folder, 'release'))
  const data = join(folder, 'data')
  const key = await keyOf(data)
  const server = await startServer(data, { RATE_LIMIT: '0' }, { program })
  const next = codes('T')
  const [known = ''] = await openFiles(server.url, key, next, { clients: 1, stop: once() })
  assert.notEqual(known, '')
  let isOver = false
  const opening = openFiles(server.url, key, next, { clients: 2, stop: () => isOver })
  const asker = new Asker(server, key, known)
  await until('all works', () => asker.isWhole())
  asker.begin()
  for (const thread of THREADS) {
    // A thread for imports lasts as long as there is something to import.
    const job = thread === 'importing' ? await imported(server, key) : undefined
    await killed(join(folder, 'release'), thread)
    await until(`all works after the ${thread} thread died`, () => asker.isWhole())
    assert.equal(server.process.exitCode, null, `the node lives on without its ${thread} thread`)
    if (job) assert.match(await job(), /^(done|failed)$/)
  }
  await asker.end()
  isOver = true
  const acknowledged = await opening
  await until('all is shown', async () => missing(acknowledged, await shown(server.url)).length === 0)
  const last = [...acknowledged].at(-1) ?? ''
  const found = async () =>
    (await (await fetch(`${server.url}/api/v1/enterprises?q=${last}`)).json()).items?.length === 1
  await until('the index has all', found)
  // Without its writer the node ends, for whoever keeps it up to begin it anew.
  const ended = new Promise((resolve) => server.process.on('exit', resolve))
  const more = openFiles(server.url, key, codes('U'), { clients: 2 })
  await pause(300)
  writeFileSync(orderIn(join(folder, 'release'), 'writer'), '')
  assert.equal(await ended, 1)
  const late = await more
  const again = await startServer(data)
  assert.deepEqual(missing(new Set([...acknowledged, ...late]), await shown(again.url)), [])
  await again.end('SIGTERM')
}

/** Says stop from the second time on. */
function once(): () => boolean {
  let asked = 0
  return () => {
    asked += 1
    return asked > 1
  }
}

/** Begins an import of some length; what comes of it in the end. */
async function imported(server: Server, key: string): Promise<() => Promise<string>> {
  const rows = ['企业名称,统一社会信用代码']
  const next = codes('W')
  for (let i = 0; i < 3_000; i += 1) rows.push(`示例导入${i}公司,${next.next().value}`)
  const form = new FormData()
  form.append('type', 'enterprise')
  form.append('file', new Blob([rows.join('\n')]), 'firms.csv')
  const headers = { authorization: `Bearer ${key}` }
  const answer = await fetch(`${server.url}/api/v1/imports`, { method: 'POST', headers, body: form })
  const { id } = await answer.json()
  return async () => {
    const job = async () => (await fetch(`${server.url}/api/v1/imports/${id}`, { headers })).json()
    await until('the import has ended', async () => /^(done|failed)$/.test((await job()).status))
    return (await job()).status
  }
}
