import cluster, { type Worker } from 'node:cluster'
import { rmSync } from 'node:fs'
import { pino } from 'pino'
import type { Settings } from '../config.ts'
import { linesOut } from './log-lines.ts'
import { meetingIn } from './meeting.ts'
import { environmentOf, type Message, messageIn, type Role, whenAskedToEnd } from './roles.ts'

/** One that ended by itself is begun again after so long, twice as long each time that it did not come up in between. */
const [AGAIN_MS, LONGEST_AGAIN_MS] = [1_000, 30_000]

/**
 * Begins the processes of a node on one machine (`WORKERS`): one that does all, and, once it is up, the others, which read.
 * A reading one that ends is begun again; with the one that does all the node ends, by its exit code, as it does alone.
 */
export function beginWorkers({
  WORKERS,
  LOG_LEVEL,
  DATA_DIR,
}: Pick<Settings, 'WORKERS' | 'LOG_LEVEL' | 'DATA_DIR'>): void {
  const log = pino({ level: LOG_LEVEL }, linesOut())
  const meeting = meetingIn(DATA_DIR)
  const up = new WeakSet<Worker>()
  const begin = (role: Role['role']) => {
    const worker = cluster.fork(environmentOf({ role, meeting }))
    worker.on('message', (said) => {
      if (messageIn(said) === 'ready') up.add(worker)
    })
    return worker
  }
  const ask = (worker: Worker) => {
    if (worker.isConnected()) worker.send('end' satisfies Message)
    // One that is not up yet listens to nobody, and has taken nothing on.
    if (!up.has(worker)) worker.process.kill('SIGTERM')
  }
  const reading = new Set<Worker>()
  let isEnding = false

  const whole = begin('all')
  whole.on('exit', (code) => {
    for (const worker of reading) worker.process.kill('SIGKILL')
    rmSync(meeting, { recursive: true, force: true })
    process.exit(code ?? (isEnding ? 0 : 1))
  })
  whole.once('message', () => {
    for (let n = 1; n < WORKERS; n += 1) beginReading()
  })

  function beginReading(waitedMs = AGAIN_MS): void {
    if (isEnding) return
    const worker = begin('reading')
    reading.add(worker)
    worker.on('exit', (code, signal) => {
      reading.delete(worker)
      if (isEnding) {
        // What it had handed on was answered before.
        if (reading.size === 0) ask(whole)
        return
      }
      const waitMs = up.has(worker) ? AGAIN_MS : Math.min(2 * waitedMs, LONGEST_AGAIN_MS)
      log.error({ code, signal, waitMs }, 'a process that reads ended; it is begun again')
      setTimeout(() => beginReading(waitMs), waitMs)
    })
  }

  whenAskedToEnd(() => {
    const isFirst = !isEnding
    isEnding = true
    for (const worker of reading) ask(worker)
    if (!isFirst || reading.size === 0) ask(whole)
  })
}
