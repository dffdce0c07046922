import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

export const ROOT = new URL('../..', import.meta.url)
const run = promisify(execFile)

export interface Server {
  url: string
  process: ChildProcess
  log(): string
  /** Ends it by a signal; resolves with its exit code and how long that took, in seconds. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; seconds: number }>
}

const started = new Set<ChildProcess>()

/** A server as it runs for real, once it listens. Rejects with what it said when it ends before. */
export function startServer(dataDir: string, environment: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
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
  return run(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
    maxBuffer: 16 * 1024 * 1024,
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Said) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  )
}

/** A key that may do everything. */
export async function keyOf(dataDir: string): Promise<string> {
  const { stdout, stderr } = await cli(dataDir, 'key', 'create', '--name', '测试局', '--scope', 'admin')
  const key = /hqc_\S+/.exec(stdout)?.[0]
  if (!key) throw new Error(`no key: ${stdout}${stderr}`)
  return key
}
