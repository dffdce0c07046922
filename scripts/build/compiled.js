import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What begins with a node, or is used by whoever administers it. */
const KEPT = ['main', 'access-thread', 'computing-thread', 'searching-thread', 'writer-thread', 'cli']
const [LONGEST_MS, LOOK_MS] = [20_000, 50]
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Keeps, in a build, what its programs were compiled to (program.cjs): a node is started on an empty place and a command given.
 * Where that can't be done nothing is kept, and starts take a third longer; false then.
 */
export async function compile(folder) {
  let place
  try {
    place = mkdtempSync(join(tmpdir(), 'registry-build-'))
    return await compileIn(place, folder)
  } catch {
    return false
  } finally {
    if (place !== undefined) rmSync(place, { recursive: true, force: true })
  }
}

async function compileIn(place, folder) {
  const environment = {
    PATH: process.env.PATH,
    DATA_DIR: join(place, 'data'),
    DEMO: 'false',
    HOST: '127.0.0.1',
    PORT: '0',
    KEEP_COMPILED: join(place, 'started'),
  }
  const isKept = (name) => existsSync(join(folder, 'compiled', `${name}.bin`))
  // By its channel the node sees when this process ends.
  const node = spawn(process.execPath, [join(folder, 'main.js')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  const ended = new Promise((resolve) => node.once('close', resolve))
  const whenKilled = (signal) => {
    node.kill('SIGKILL')
    rmSync(place, { recursive: true, force: true })
    process.kill(process.pid, signal)
  }
  for (const signal of ENDING) process.once(signal, whenKilled)
  try {
    const url = await Promise.race([
      listening(node.stdout),
      ended,
      setTimeout(LONGEST_MS, undefined, { ref: false }),
    ])
    if (typeof url !== 'string') return false
    await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(LONGEST_MS) })
    writeFileSync(environment.KEEP_COMPILED, '')
    const until = performance.now() + LONGEST_MS
    while (!KEPT.every((name) => name === 'cli' || isKept(name)) && performance.now() < until)
      await setTimeout(LOOK_MS)
  } finally {
    for (const signal of ENDING) process.off(signal, whenKilled)
    node.kill('SIGKILL')
    await ended
    for (const name of readdirSync(join(folder, 'compiled')))
      if (name.endsWith('.part')) rmSync(join(folder, 'compiled', name))
  }
  await promisify(execFile)(process.execPath, [join(folder, 'cli.js'), 'key', 'list'], {
    env: environment,
    timeout: LONGEST_MS,
  })
  return KEPT.every(isKept)
}

/** Address that a node says it listens at. */
async function listening(lines) {
  for await (const line of createInterface(lines)) {
    const url = /Server listening at (http:[^"]*)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
}
