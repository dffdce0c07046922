import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { cliIn, cliOf, type Server, startServer } from '../scripts/faults/processes.ts'
import type { Cluster } from './cluster.ts'
import { temporaryFolder } from './support.ts'

export const NODES_SECRET = 'a-secret-of-the-nodes-of-32-and-more'

/** What a node tells of itself and the others. */
export interface Known {
  name: string
  nodes: { name: string; rules: string }[]
  works: { work: string; node: string | null }[]
}

export async function known(url: string): Promise<Known> {
  return (await (await fetch(`${url}/readyz`)).json()).known
}

/** What one node does for all, imports aside, of which none may be under way. */
const WORKS = ['campaigns', 'copies', 'daily', 'webhooks']

/** Whether a node, as the one at an address knows, does all works. */
export async function hasAll(url: string, name: string): Promise<boolean> {
  const { works } = await known(url)
  return WORKS.every((one) => works.some(({ work, node }) => work === one && node === name))
}

interface Asked {
  count?: number
  settings?: Record<string, string>
  /** The program that the registry is begun and the nodes are started with, where it is not the one of this checkout. */
  program?: string | undefined
}

/** Makes nodes on a server. */
export async function nodesOn(cluster: Cluster) {
  await cluster.run('CREATE ROLE hqc LOGIN')
  /** Nodes on a database of their own, each with an empty folder; the first is there when the second comes. */
  return async function nodes(t: Test, { count = 2, settings = {}, program }: Asked = {}) {
    const owner = await cluster.database()
    const command: typeof cliIn = (...asked) =>
      program === undefined ? cliIn(...asked) : cliOf(join(dirname(program), 'cli.js'), ...asked)
    const prepared = await command({ DATABASE_URL: owner }, 'database', 'prepare', '--for', 'hqc')
    if (prepared.code !== 0) throw new Error(prepared.stderr)
    const shared = {
      DATABASE_URL: owner.replace('admin@', 'hqc@'),
      NODES_SECRET,
      RATE_LIMIT: '0',
      ...settings,
    }
    const folder = temporaryFolder(t)
    const places = Array.from({ length: count }, (_, i) => ({ ...shared, DATA_DIR: join(folder, String(i)) }))
    const [first] = places
    if (!first) throw new Error('no node')
    await command(first, 'init')
    const made = await command(first, 'key', 'create', '--name', '省测试局', '--scope', 'admin,records:write')
    const key = /hqc_\S+/.exec(made.stdout)?.[0] ?? ''
    const who = ['--name', '张三', '--authority', '省测试局', '--role', 'recorder', '--staff-no', '1001']
    const { stdout } = await command(first, 'officer', 'create', 'zhangsan', ...who)
    const password = stdout.trim().split('\n').at(-1)?.trim() ?? ''
    const servers: Server[] = []
    for (const place of places)
      servers.push(await startServer(place.DATA_DIR, place, { ...(program !== undefined && { program }) }))
    t.teardown(() => Promise.all(servers.map((server) => server.end('SIGTERM'))))
    return { owner, places, servers, urls: servers.map(({ url }) => url), key, password }
  }
}
