import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../support.ts'

const FAILURES = new URL('../../src/running/failures.ts', import.meta.url).href
const ENDING = new URL('../../src/running/ending.ts', import.meta.url).href

/** How a process ends that has a thread, which does what is given first. */
async function ended(t: Test, thread: string): Promise<{ code: number | null; signal: string | null }> {
  const program = `
    import { Worker } from 'node:worker_threads'
    import { endProcess, livesWithProcess } from '${ENDING}'
    const worker = new Worker(${JSON.stringify(`${thread}; setInterval(() => undefined, 1000)`)}, { eval: true, execArgv: [] })
    livesWithProcess(worker)
    worker.on('online', () => setTimeout(() => endProcess(1), 500))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: 'inherit',
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child, 'exit')
  return { code: child.exitCode, signal: child.signalCode }
}

t.test('a process ends with its code, and by force where the system holds one of its threads', async (t) => {
  t.same(await ended(t, ''), { code: 1, signal: null })
  const fifo = join(temporaryFolder(t), 'fifo')
  execFileSync('mkfifo', [fifo])
  // Opened by nobody else, it answers as little as a disk that has gone away.
  const held = `require('node:fs').openSync(${JSON.stringify(fifo)}, 'r')`
  t.same(await ended(t, held), { code: null, signal: 'SIGKILL' })
})

t.test('a promise that fails while nobody waits for it is told of and ends nothing', async (t) => {
  const told = `
    import { unawaitedTold } from '${FAILURES}'
    unawaitedTold({ error: ({ err }, words) => console.log(err.message, words) })`
  const fails = "Promise.reject(new Error('lost')); setTimeout(() => process.exit(7), 200)"
  const run = async (program: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await once(child, 'close')
    return [child.exitCode, said]
  }
  t.match(await run(`${told}; ${fails}`), [7, /^lost a promise failed/])
  t.match(await run(fails), [1, ''], 'which it would otherwise')
})
