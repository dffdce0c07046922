import { randomUUID } from 'node:crypto'
import type { JobStore } from '../exchange/job-store.ts'
import type { Register } from '../register/register.ts'
import { startThread, type Thread } from './calls.ts'
import type { ImportingThread, ImportingThreadData } from './importing-thread.ts'

interface Options {
  data: ImportingThreadData
  jobs: JobStore
  register: Register
  now(): Date
  /** Whether work may go on at all; what is asked for meanwhile is done later. */
  mayRun(): boolean
  onFault(error: unknown): void
}

/** Import jobs in a thread of their own, which comes with the first of them. */
export interface Importing {
  /** Sees to it that what has come is done, now or later. */
  start(): void
  /** Forgets what is old, and sees to what waits; where nothing does, no thread begins. */
  takeUp(): Promise<void>
  stop(): Promise<void>
}

const LOOK_MS = 10_000
const LEASE_MS = 40_000
const WORK = 'imports'

/**
 * Runs import jobs as long as this process holds their lease. A thread that an upload has ended is begun anew without
 * that upload; what waits for room, for the clock or for another process is looked at again every ten seconds.
 */
export function startImporting({ data, jobs, register, now, mayRun, onFault }: Options): Importing {
  const holder = randomUUID()
  let thread: Thread<ImportingThread> | undefined
  let running: Promise<void> | undefined
  let asked = false
  let isStopping = false

  const fresh = () =>
    startThread<ImportingThread>(
      'importing',
      { data },
      {
        revive: () => undefined,
        onDeath(error) {
          thread = undefined
          onFault(error)
          try {
            jobs.failRunning(now())
            start()
          } catch (fault) {
            onFault(fault)
          }
        },
      },
    )

  async function run(): Promise<void> {
    while (asked && !isStopping && mayRun() && (await register.lease(WORK, holder, LEASE_MS))) {
      asked = false
      thread ??= fresh()
      // What is left waits for room: it is asked for again by the timer.
      if (!(await thread.call('runImports'))) return
    }
  }

  function start(): void {
    asked = true
    running ??= run()
      .catch(onFault)
      .finally(() => {
        running = undefined
      })
  }

  async function look(): Promise<void> {
    if (jobs.nextUnfinished()) start()
  }

  const timer = setInterval(() => {
    if (running) register.lease(WORK, holder, LEASE_MS).catch(onFault)
    else look().catch(onFault)
  }, LOOK_MS)
  timer.unref()
  return {
    start,
    async takeUp() {
      await jobs.prune(now())
      await look()
    },
    async stop() {
      isStopping = true
      clearInterval(timer)
      await thread?.stop()
      await running
      await register.lease(WORK, holder, 0)
    },
  }
}
