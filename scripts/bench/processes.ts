import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { built } from '../build/build.js'

export const ROOT = new URL('../..', import.meta.url)

export interface ServerProcess {
  url: string
  /** Memory that it holds now and has held at most, in MB. */
  memory(): Promise<{ now: number; most: number }>
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

/** The registry as it runs for real, on a port of its own. */
export async function startRegistry(dataDir: string, mode = 'production'): Promise<ServerProcess> {
  return start([fileURLToPath(await built('main'))], {
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    NODE_ENV: mode,
    PUBLIC_URL: 'http://localhost',
  })
}

/** The registry's sources as they are, in a process that profiles its main thread while something is done. */
export async function startProfiled(
  dataDir: string,
  settings: Record<string, string>,
): Promise<ServerProcess & { profiled(act: () => Promise<void>): Promise<string> }> {
  const file = join(dataDir, 'main.cpuprofile')
  const server = await start(['--import', 'tsx', '--import', './scripts/bench/profiling.ts', 'src/main.ts'], {
    ...{ DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', NODE_ENV: 'production' },
    ...{ PUBLIC_URL: 'http://localhost', PROFILE: file },
    ...settings,
  })
  return {
    ...server,
    async profiled(act) {
      server.signal('SIGUSR2')
      await act()
      server.signal('SIGUSR2')
      for (;;) {
        const text = await readFile(file, 'utf8').catch(() => '')
        if (text.endsWith('}')) return text
        await sleep(100)
      }
    },
  }
}

/** A Fastify server that sends some bytes, inserts what is posted into a database, durably, and searches names. */
export async function startBareServer(bytes: string, database = '', names = ''): Promise<ServerProcess> {
  const server = await start(['--import', 'tsx', 'scripts/bench/bare-server.ts'], {
    DATABASE: database,
    NAMES: names,
  })
  await fetch(server.url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: bytes })
  return server
}

/** A key that may write everywhere, made as an operator makes one; with other scopes where they are named. */
export async function createKey(dataDir: string, scopes = 'records:write,ratings:write'): Promise<string> {
  const cli = fileURLToPath(await built('cli'))
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [cli, ...args], {
      cwd: ROOT,
      env: { ...process.env, DATA_DIR: dataDir },
    })
  await run('init')
  const { stdout } = await run('key', 'create', '--name', '省测量局', '--scope', scopes)
  const key = /hqc_\S+/.exec(stdout)?.[0]
  if (!key) throw new Error(`no key in: ${stdout}`)
  return key
}

async function start(program: string[], environment: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await listening(child)
  return {
    url,
    memory: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
      return { now: megabytes('VmRSS'), most: megabytes('VmHWM') }
    },
    signal: (name) => child.kill(name),
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      if (log.length > 65_536) return
      log += chunk.toString()
      const url = /listening at (http:\/\/[\d.:]+)/.exec(log)?.[1]
      if (url) resolve(url)
    })
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${log}`)))
  })
}
