import type { Standstill } from '../exchange/import-service.ts'
import type { JobStore } from '../exchange/job-store.ts'
import type { Register } from '../register/register.ts'
import { startThread, type Thread } from './calls.ts'
import { LEASE_MS, LOOK_MS } from './duties.ts'
import type { ImportingThread, ImportingThreadData } from './importing-thread.ts'

interface Options {
  /** Names this process in leases. */
  holder: string
  data: ImportingThreadData
  jobs: JobStore
  register: Register
  now(): Date
  /** Whether work may go on at all; what is asked for meanwhile is done later. */
  mayRun(): boolean
  onFault(error: unknown): void
  /** Told, once each, why what waits stands still, and that it no longer does. */
  onStandstill(standstill: Standstill | undefined): void
}

/** Import jobs in a thread of their own, which comes with the first of them. */
export interface Importing {
  /** Sees to it that what has come is done, now or later. */
  start(): void
  /** Whether jobs are being run. */
  isRunning(): boolean
  /** Sees to what waits; where nothing does, no thread begins. */
  takeUp(): Promise<void>
  standstill(): Standstill | undefined
  stop(): Promise<void>
}

/** Longer than it waits for locks of the register and of the views. */
const PATIENCE_MS = 60_000

/** The lease of those who run imports. */
export const IMPORTS = 'imports'

const WHY = {
  clock: '服务器时钟待确认，导入暂停；确认时钟后自动继续，见运行手册“时钟”。',
  other: '另一个进程正在办理导入，完成后轮到这里；那个进程如已不在，一分钟内自动继续。',
  full: '磁盘已满，或登记簿的数据库连接不上，导入暂停；恢复后自动继续。',
} as const

/**
 * Runs import jobs as long as this process holds their lease. A thread that an upload has ended is begun anew without
 * that upload; what waits for room, for the clock or for another process is looked at again every five seconds.
 */
export function startImporting({
  holder,
  data,
  jobs,
  register,
  now,
  mayRun,
  onFault,
  onStandstill,
}: Options): Importing {
  let thread: Thread<ImportingThread> | undefined
  let running: Promise<void> | undefined
  let asked = false
  let isStopping = false
  let standstill: Standstill | undefined

  function stand(reason: string | undefined): void {
    if (reason === standstill?.reason) return
    standstill = reason === undefined ? undefined : { reason, since: now().toISOString() }
    onStandstill(standstill)
  }

  const fresh = () =>
    startThread<ImportingThread>(
      'importing',
      { data },
      {
        revive: () => undefined,
        patienceMs: PATIENCE_MS,
        onDeath(error) {
          thread = undefined
          onFault(error)
          jobs.giveUpRunning(now()).then(start, onFault)
        },
      },
    )

  async function run(): Promise<void> {
    while (asked && !isStopping) {
      const isOurs = mayRun() && (await register.lease(IMPORTS, holder, LEASE_MS))
      // Of several nodes one does it for all.
      const isElsewhere = mayRun() && data.database !== ''
      stand(isOurs || isElsewhere ? undefined : mayRun() ? WHY.other : WHY.clock)
      if (!isOurs) return
      asked = false
      thread ??= fresh()
      if (await thread.call('runImports')) continue
      // It is asked for again by the timer.
      stand(WHY.full)
      return
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
    await jobs.follow()
    if (jobs.nextUnfinished()) start()
    else stand(undefined)
  }

  const timer = setInterval(() => {
    if (running) register.lease(IMPORTS, holder, LEASE_MS).catch(onFault)
    else look().catch(onFault)
  }, LOOK_MS)
  timer.unref()
  return {
    start,
    standstill: () => standstill,
    isRunning: () => running !== undefined,
    takeUp: look,
    async stop() {
      isStopping = true
      clearInterval(timer)
      await thread?.stop()
      await running
      // One that can't be let go of ends by itself.
      await register.lease(IMPORTS, holder, 0).catch(onFault)
    },
  }
}
