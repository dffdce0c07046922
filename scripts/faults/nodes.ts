import { strict as assert } from 'node:assert'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Cluster, startCluster, withoutPostgres } from '../../test/cluster.ts'
import { proxyTo } from '../../test/proxy.ts'
import type { Fault } from './faults.ts'
import { codes, missing, openFiles, post, shown, until } from './load.ts'
import { cliIn, type Server, startServer } from './processes.ts'

/** Files that all nodes have alike. */
const SHARED = ['person.key', 'person.check', 'session.key', 'stamp.key', 'stamp-keys.json']

/** What is asked for, to be asked again: each only once more, by the same command. */
function* remembered(from: Generator<string>, asked: Set<string>): Generator<string> {
  for (const code of from) {
    asked.add(code)
    yield code
  }
}

/** A node that is started again whenever it was killed, and gone on writing to. */
class Node {
  readonly acknowledged = new Set<string>()
  readonly asked = new Set<string>()
  readonly #next: Generator<string>
  #server: Server | undefined
  #isOver = false
  #writing: Promise<void> = Promise.resolve()

  constructor(
    readonly dataDir: string,
    readonly database: string,
    letter: string,
  ) {
    this.#next = remembered(codes(letter), this.asked)
  }

  get environment(): Record<string, string> {
    return { DATABASE_URL: this.database, DATA_DIR: this.dataDir, RATE_LIMIT: '0' }
  }

  async start(): Promise<Server> {
    // While the database is away a start is refused; whoever keeps services up tries again.
    for (let tries = 0; ; tries += 1)
      try {
        this.#server = await startServer(this.dataDir, this.environment)
        return this.#server
      } catch (error) {
        if (tries > 20) throw error
        await pause(500)
      }
  }

  get url(): string {
    return this.#server?.url ?? ''
  }

  write(key: string): void {
    this.#writing = (async () => {
      while (!this.#isOver) {
        const stop = () => this.#isOver
        for (const code of await openFiles(this.url, key, this.#next, { clients: 4, stop }))
          this.acknowledged.add(code)
        await pause(100)
      }
    })()
  }

  async kill(): Promise<void> {
    await this.#server?.end('SIGKILL')
    await this.start()
  }

  async rest(): Promise<void> {
    this.#isOver = true
    await this.#writing
  }

  async end(): Promise<void> {
    await this.#server?.end('SIGTERM')
  }
}

/** Holds two nodes, after whatever was done to them, to what they acknowledged. */
async function held(cluster: Cluster, database: string, nodes: readonly Node[], key: string): Promise<void> {
  const acknowledged = new Set(nodes.flatMap((node) => [...node.acknowledged]))
  assert.ok(acknowledged.size > 50, `${acknowledged.size} acknowledged`)
  for (const { url } of nodes)
    await until(
      'all that was acknowledged is shown',
      async () => missing(acknowledged, await shown(url)).length === 0,
    )
  // Who was not answered asks again by the same command, of the other node too: it is done once.
  const open = nodes.flatMap(({ asked }) => [...asked]).filter((code) => !acknowledged.has(code))
  for (const [i, uscc] of open.entries()) {
    const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
    const answer = await post(nodes[i % 2]?.url ?? '', key, '/enterprises', file, { 'idempotency-key': uscc })
    assert.equal(answer.status, 201, await answer.text())
  }
  const everything = new Set([...acknowledged, ...open])
  for (const { url } of nodes)
    await until('both show the same', async () => {
      const found = await shown(url)
      return found.size === everything.size && missing(everything, found).length === 0
    })
  const twice = `SELECT subject FROM entry WHERE kind = 'enterprise.opened' GROUP BY subject HAVING count(*) > 1`
  assert.deepEqual(await cluster.run(twice, database), [])
  const gaps = 'SELECT count(*) = max(seq) AND max(seq) = (SELECT seq FROM head) AS whole FROM entry'
  assert.deepEqual(await cluster.run(gaps, database), [{ whole: true }])
  for (const node of nodes) {
    await node.end()
    const { code, stdout } = await cliIn(node.environment, 'verify')
    assert.equal(code, 0, stdout)
  }
}

/**
 * Two nodes on one PostgreSQL: in a storm of writes their connections are cut, the server is restarted and killed, a node
 * is killed. All that was acknowledged is there, nothing twice, and both show the same.
 */
export const nodes: Fault = async (folder) => {
  if (withoutPostgres !== undefined) return withoutPostgres
  const cluster = await startCluster()
  try {
    const direct = await cluster.database()
    const proxy = await proxyTo(cluster.port)
    const reached = direct.replace(`:${cluster.port}/`, `:${proxy.port}/`)
    const { one, two, key } = await twoNodes(folder, direct, reached, direct)
    for (const node of [one, two]) node.write(key)
    await pause(1_500)
    for (let round = 0; round < 8; round += 1) {
      proxy.cutAll()
      await pause(300 + Math.random() * 400)
    }
    await one.kill()
    await pause(1_500)
    await cluster.end('SIGINT')
    await pause(800)
    await cluster.start()
    await pause(1_500)
    await two.kill()
    await pause(1_000)
    await cluster.end('SIGKILL')
    await pause(1_000)
    await cluster.start()
    await pause(1_500)
    // Parted from the database for a while: it reads, and comes back by itself.
    proxy.shut(true)
    await pause(1_000)
    assert.ok((await shown(one.url)).size > 0, 'it goes on reading')
    proxy.shut(false)
    await pause(2_000)
    for (const node of [one, two]) await node.rest()
    await held(cluster, direct, [one, two], key)
    await proxy.close()
  } finally {
    await cluster.remove()
  }
  return undefined
}

/**
 * The server that two nodes write to dies in the middle of it, and a standby that every commit waited for is promoted: all that
 * was acknowledged is there, and the nodes go on by themselves.
 */
export const failover: Fault = async (folder) => {
  if (withoutPostgres !== undefined) return withoutPostgres
  const cluster = await startCluster()
  try {
    const direct = await cluster.database()
    const proxy = await proxyTo(cluster.port)
    const { one, two, key } = await twoNodes(
      folder,
      direct,
      direct.replace(`:${cluster.port}/`, `:${proxy.port}/`),
    )
    const standby = await cluster.standby()
    for (const node of [one, two]) node.write(key)
    await pause(3_000)
    await cluster.end('SIGKILL')
    await pause(1_000)
    standby.promote()
    proxy.lead(standby.port)
    await pause(4_000)
    for (const node of [one, two]) await node.rest()
    await held(cluster, direct.replace(`:${cluster.port}/`, `:${standby.port}/`), [one, two], key)
    await proxy.close()
  } finally {
    await cluster.remove()
  }
  return undefined
}

/** Two nodes on a database that is prepared for them, and a key. */
async function twoNodes(folder: string, direct: string, reached: string, reachedByTwo = reached) {
  const prepared = await cliIn({ DATABASE_URL: direct }, 'database', 'prepare')
  assert.equal(prepared.code, 0, prepared.stderr)
  mkdirSync(join(folder, 'one'), { recursive: true })
  mkdirSync(join(folder, 'two'), { recursive: true })
  const one = new Node(join(folder, 'one'), reached, 'N')
  const two = new Node(join(folder, 'two'), reachedByTwo, 'M')
  await cliIn(one.environment, 'init')
  const made = await cliIn(one.environment, 'key', 'create', '--name', '省测试局', '--scope', 'admin')
  const key = /hqc_\S+/.exec(made.stdout)?.[0] ?? ''
  assert.notEqual(key, '', made.stderr)
  await one.start()
  for (const name of SHARED) copyFileSync(join(one.dataDir, name), join(two.dataDir, name))
  await two.start()
  return { one, two, key }
}
