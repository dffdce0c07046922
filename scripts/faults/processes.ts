import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { built } from '../build/build.js'
import { ALLOCATOR } from './allocator.ts'

export const ROOT = new URL('../..', import.meta.url)
const run = promisify(execFile)
/** The programs as they run for real. */
const MAIN = fileURLToPath(await built('main'))
export const CLI = fileURLToPath(await built('cli'))

export interface Server {
  url: string
  process: ChildProcess
  log(): string
  /** Ends it by a signal; resolves with its exit code and how long that took, in seconds. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; seconds: number }>
}

const started = new Set<ChildProcess>()

/** How a process is started otherwise than usual. */
export interface Manner {
  /** The program, where it is not the one of this checkout. */
  program?: string
  /** Number of the user, for whom this one must be root. */
  user?: number
  /** Files and connections that it may have open. */
  openFiles?: number
}

/** A server as it runs for real, once it listens. Rejects with what it said when it ends before. */
export function startServer(
  dataDir: string,
  environment: Record<string, string> = {},
  { program = MAIN, user, openFiles }: Manner = {},
): Promise<Server> {
  const limited = openFiles === undefined ? 'exec' : `ulimit -n ${openFiles}; exec`
  const child = spawn('/bin/sh', ['-c', `${limited} "$0" "$@"`, process.execPath, program], {
    ...(user !== undefined && { uid: user, gid: user }),
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ...ALLOCATOR,
      PUBLIC_URL: 'http://localhost',
      DATA_DIR: dataDir,
      PORT: '0',
      HOST: '127.0.0.1',
      ...environment,
    },
  })
  started.add(child)
  let said = ''
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      said += chunk.toString()
      const url = /listening at (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (url === undefined) return
      resolve({
        url,
        process: child,
        log: () => said,
        async end(signal) {
          const at = Date.now()
          child.kill(signal)
          return { code: await exit, seconds: (Date.now() - at) / 1000 }
        },
      })
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    exit.then((code) => reject(new Error(`ended with ${code}: ${said}`)))
  })
}

/** Processes that a server has begun itself; none once it has ended. */
export function childrenOf({ process: { pid } }: Server): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number)
  } catch {
    return []
  }
}

/** Ends whatever is still running. */
export function endAll(): void {
  for (const child of started) child.kill('SIGKILL')
}

export interface Said {
  code: number
  stdout: string
  stderr: string
}

/** A command of the command line. */
export function cli(dataDir: string, ...args: string[]): Promise<Said> {
  return cliIn({ DATA_DIR: dataDir }, ...args)
}

/** The same with settings of its own. */
export function cliIn(environment: Record<string, string>, ...args: string[]): Promise<Said> {
  return cliOf(CLI, environment, ...args)
}

/** The same by the command line of another checkout. */
export function cliOf(
  program: string,
  environment: Record<string, string>,
  ...args: string[]
): Promise<Said> {
  return run(process.execPath, [program, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...environment },
    maxBuffer: 16 * 1024 * 1024,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Said) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  )
}

/** A key; in the name of an officer where one is given, as a second person's has to be. */
export async function keyOf(dataDir: string, scopes = 'admin', officer?: string): Promise<string> {
  await cli(dataDir, 'init')
  const inTheNameOf = officer === undefined ? [] : ['--for', officer]
  const asked = ['key', 'create', '--name', '省测试局', '--scope', scopes, ...inTheNameOf]
  const { stdout, stderr } = await cli(dataDir, ...asked)
  const key = /hqc_\S+/.exec(stdout)?.[0]
  if (!key) throw new Error(`no key: ${stdout}${stderr}`)
  return key
}

/** A key in the name of an officer, who is a person of their own. */
export async function personsKey(
  folder: string,
  login: string,
  staffNo: string,
  role: string,
  scopes: string,
): Promise<string> {
  const officer = ['officer', 'create', login, '--name', login, '--authority', '省测试局', '--role', role]
  const { code, stderr } = await cli(folder, ...officer, '--staff-no', staffNo)
  if (code !== 0) throw new Error(stderr)
  return keyOf(folder, scopes, login)
}

/** A port that nobody listened on a moment ago, for a site whose address has to be known before it listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
