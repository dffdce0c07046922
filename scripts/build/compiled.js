import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What begins with a node, or is used by whoever administers it. */
const KEPT = ['main', 'access-thread', 'computing-thread', 'searching-thread', 'writer-thread', 'cli']
const [LONGEST_MS, LOOK_MS] = [20_000, 50]

/**
 * Keeps, in a build, what its programs were compiled to (program.cjs): a node is started on an empty place and a command given.
 * Where that can't be done nothing is kept, and starts take a third longer; false then.
 */
export async function compile(folder) {
  const place = mkdtempSync(join(tmpdir(), 'registry-build-'))
  const environment = {
    PATH: process.env.PATH,
    DATA_DIR: join(place, 'data'),
    DEMO: 'false',
    HOST: '127.0.0.1',
    PORT: '0',
    KEEP_COMPILED: join(place, 'started'),
  }
  mkdirSync(join(folder, 'compiled'), { recursive: true })
  const node = spawn(process.execPath, [join(folder, 'main.js')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => node.once('close', resolve))
  try {
    const url = await Promise.race([
      listening(node.stdout),
      ended,
      setTimeout(LONGEST_MS, undefined, { ref: false }),
    ])
    if (typeof url !== 'string') return false
    await fetch(`${url}/readyz`)
    writeFileSync(environment.KEEP_COMPILED, '')
    const isKept = (name) => existsSync(join(folder, 'compiled', `${name}.bin`))
    const until = performance.now() + LONGEST_MS
    while (!KEPT.every((name) => name === 'cli' || isKept(name)) && performance.now() < until)
      await setTimeout(LOOK_MS)
    node.kill('SIGKILL')
    await ended
    await promisify(execFile)(process.execPath, [join(folder, 'cli.js'), 'key', 'list'], { env: environment })
    return KEPT.every(isKept)
  } catch {
    return false
  } finally {
    node.kill('SIGKILL')
    await ended
    rmSync(place, { recursive: true, force: true })
  }
}

/** Address that a node says it listens at. */
async function listening(lines) {
  for await (const line of createInterface(lines)) {
    const url = /Server listening at (http:[^"]*)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
}
