import { join } from 'node:path'
import type { Test } from 'tap'
import { cliIn, type Server, startServer } from '../scripts/faults/processes.ts'
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
  /** The program of each, where it is not the one of this checkout. */
  programs?: readonly (string | undefined)[]
}

/** Makes nodes on a server. */
export async function nodesOn(cluster: Cluster) {
  await cluster.run('CREATE ROLE hqc LOGIN')
  /** Nodes on a database of their own, each with an empty folder; the first is there when the second comes. */
  return async function nodes(t: Test, { count = 2, settings = {}, programs = [] }: Asked = {}) {
    const owner = await cluster.database()
    const prepared = await cliIn({ DATABASE_URL: owner }, 'database', 'prepare', '--for', 'hqc')
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
    await cliIn(first, 'init')
    const made = await cliIn(first, 'key', 'create', '--name', '省测试局', '--scope', 'admin,records:write')
    const key = /hqc_\S+/.exec(made.stdout)?.[0] ?? ''
    const who = ['--name', '张三', '--authority', '省测试局', '--role', 'recorder', '--staff-no', '1001']
    const { stdout } = await cliIn(first, 'officer', 'create', 'zhangsan', ...who)
    const password = stdout.trim().split('\n').at(-1)?.trim() ?? ''
    const servers: Server[] = []
    for (const [i, place] of places.entries())
      servers.push(await startServer(place.DATA_DIR, place, { ...(programs[i] && { program: programs[i] }) }))
    t.teardown(() => Promise.all(servers.map((server) => server.end('SIGTERM'))))
    return { owner, places, servers, urls: servers.map(({ url }) => url), key, password }
  }
}
