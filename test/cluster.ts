import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../scripts/faults/processes.ts'
import { prepareTables } from '../src/register/postgres-tables.ts'

/** A PostgreSQL server of a test's own. */
export interface Cluster {
  port: number
  /** Makes an empty database and gives its address for its owner. */
  database(options?: string): Promise<string>
  /** Runs statements as the server's administrator, in a database or in none in particular. */
  run(statements: string, url?: string): Promise<unknown[]>
  /** Starts it again after `end`. */
  start(): Promise<void>
  /** Ends it: SIGINT in good order, SIGKILL with all its processes as a power cut would. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
  /** Adds a standby that every commit waits for. */
  standby(): Promise<Standby>
  /** Ends it and removes what it kept. */
  remove(): Promise<void>
}

/** Address of a new database with the registry's tables. */
export async function preparedIn(cluster: Cluster): Promise<string> {
  const url = await cluster.database()
  await prepareTables(url)
  return url
}

/** A server that has what another one has, and takes its place when it is promoted. */
export interface Standby {
  port: number
  promote(): void
}

/** Why no server can be started here; undefined where one can. */
export const withoutPostgres =
  programs() === undefined ? 'PostgreSQL is not installed (/usr/lib/postgresql/*/bin)' : undefined

/** Folder of the newest version's programs, as Debian lays them. */
function programs(): string | undefined {
  const root = '/usr/lib/postgresql'
  try {
    const [newest] = readdirSync(root)
      .map(Number)
      .sort((a, b) => b - a)
    return newest === undefined ? undefined : join(root, String(newest), 'bin')
  } catch {
    return undefined
  }
}

/** A user who is not root, as whom alone the server runs. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return { uid: Number(line?.[1]), gid: Number(line?.[2]) }
}

/** Starts a server on a free port, with its data and sockets in a folder of its own; nothing is forced to the disk, as no power is cut here. */
export async function startCluster(): Promise<Cluster> {
  const bin = programs()
  if (bin === undefined) throw new Error(withoutPostgres)
  const folder = mkdtempSync(join(tmpdir(), 'registry-postgres-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const user = unprivileged()
  if (user) for (const path of [folder, data]) chownSync(path, user.uid, user.gid)
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'admin', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { cwd: folder, ...user, stdio: 'ignore' },
  )
  const port = await freePort()
  let server: ChildProcess
  let following: ChildProcess | undefined
  let databases = 0
  const admin = `postgres://admin@127.0.0.1:${port}/postgres`

  async function run(statements: string, url = admin): Promise<unknown[]> {
    const client = new pg.Client(url)
    await client.connect()
    try {
      return (await client.query(statements)).rows ?? []
    } finally {
      await client.end()
    }
  }

  const program = (name: string, ...args: string[]) =>
    execFileSync(join(bin, name), args, { cwd: folder, ...user, stdio: 'ignore' })

  async function begun(at: string, on: number): Promise<ChildProcess> {
    const fresh = spawn(
      join(bin ?? '', 'postgres'),
      [
        ...['-D', at, '-p', String(on), '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
        ...['-c', 'fsync=off', '-c', 'max_connections=60'],
      ],
      { cwd: folder, ...user, stdio: 'ignore' },
    )
    for (let tries = 0; ; tries += 1)
      try {
        await run('SELECT 1', `postgres://admin@127.0.0.1:${on}/postgres`)
        return fresh
      } catch (error) {
        if (tries > 200 || fresh.exitCode !== null) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
  }

  async function start(): Promise<void> {
    server = await begun(data, port)
  }

  const end = (signal: 'SIGINT' | 'SIGKILL') => ended(server, signal)

  await start()
  return {
    port,
    run,
    start,
    end,
    async database(options = '') {
      databases += 1
      const name = `registry_${databases}`
      await run(`CREATE DATABASE ${name} ${options}`)
      return `postgres://admin@127.0.0.1:${port}/${name}`
    },
    async standby() {
      const [at, on] = [join(folder, 'standby'), await freePort()]
      program(
        'pg_basebackup',
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'admin',
        '-D',
        at,
        '-R',
        '-c',
        'fast',
      )
      following = await begun(at, on)
      await run(`ALTER SYSTEM SET synchronous_standby_names = '*'`)
      await run('SELECT pg_reload_conf()')
      return { port: on, promote: () => program('pg_ctl', 'promote', '-D', at, '-w') }
    },
    async remove() {
      await end('SIGINT')
      if (following) await ended(following, 'SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ended(server: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  // Its processes see that it is gone, and end by themselves.
  server.kill(signal)
  await gone
}
