import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { MessageChannel, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { WorkUnavailable } from '../computing/unavailable.ts'
import { isEnding, livesWithProcess } from './ending.ts'

/** What a thread can be asked to do: named acts over values that can be cloned. */
export type Acts = Record<string, (...args: never[]) => Promise<unknown>>

interface Call {
  id: number
  act: string
  args: unknown[]
}

interface Answer {
  id: number
  result?: unknown
  /** Name, message and own fields of an error: classes don't survive the way between threads. */
  fault?: { name: string; message: string; fields: Record<string, unknown> }
}

/** Makes an error of its own class again from what came over; undefined for errors that have none. */
export type Revive = (name: string, fields: Record<string, unknown>, message: string) => Error | undefined

/** Asks acts of whoever serves them elsewhere. */
export interface Caller<A> {
  call<K extends keyof A & string>(
    act: K,
    ...args: A[K] extends (...args: infer P) => unknown ? P : never
  ): Promise<A[K] extends (...args: never[]) => Promise<infer R> ? R : never>
}

export interface Thread<A> extends Caller<A> {
  /** A port of its own for another thread to call the same acts over (`callerOver`). */
  port(): MessagePort
  /** Ends the thread once what was asked before has been answered. */
  stop(): Promise<void>
}

/** A thread for one piece of work, which may be left off. */
export interface WorkThread<A> extends Thread<A> {
  /** Ends the thread at once; what it was asked fails with `WorkUnavailable`. */
  leaveOff(): Promise<void>
}

/** Asks it to serve a further port. */
interface Joining {
  joining: MessagePort
}

interface Watching {
  revive: Revive
  /** Tells, once, that the thread has ended without having been stopped. */
  onDeath(error: Error): void
  /**
   * How long one stretch of its work may take: a thread that answers nothing for so long is ended as one that has died. For
   * those that read what others have sent; without it a thread may take as long as it likes.
   */
  patienceMs?: number
}

/** What a thread is started with. */
interface Start {
  data: unknown
  transfer?: MessagePort[]
  /** How much its youngest objects may take up, for one that makes and drops many and lives shortly. */
  nurseryMb?: number
}

/** Every thread answers this, whatever else it serves. */
const PULSE = 'pulse'
/** Beats of the pulse within the patience with a thread. */
const BEATS = 10
/** Each thread has a heap of its own; left alone, their nurseries together would take a fifth of the memory. */
const NURSERY_MB = 16
/** What a thread was asked before is waited for as long when it is stopped. */
const LONGEST_STOP_MS = 15_000

/** Starts `<name>-thread`, a module that calls `serve`. What it is asked after its death is refused. */
export function startThread<A>(
  name: string,
  { data, transfer = [], nurseryMb = NURSERY_MB }: Start,
  watching: Watching,
): WorkThread<A> {
  const worker = new Worker(new URL('./boot.js', import.meta.url), {
    workerData: { thread: name, data },
    transferList: transfer,
    // The loader's own flags are the process's; the thread registers it itself.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
  })
  livesWithProcess(worker)
  const { ask, fail } = asking(worker, watching.revive)
  let stopping = false
  let dead = false
  const pulse = watching.patienceMs === undefined ? undefined : watched(watching.patienceMs)
  const died = (error: Error) => {
    clearInterval(pulse)
    fail(new WorkUnavailable(`the ${name} thread has ended`, { cause: error }))
    if (!stopping && !dead) watching.onDeath(error)
    dead = true
  }
  worker.on('error', (error) => died(error instanceof Error ? error : new Error(inspect(error))))
  worker.on('exit', (code) => {
    if (!isEnding()) died(new Error(`thread ended with code ${code}`))
  })
  function watched(patienceMs: number) {
    let missed = 0
    const timer = setInterval(() => {
      missed += 1
      // Turns of the timer are counted, not time: a machine that slept has missed none.
      if (missed > BEATS) {
        died(new Error(`the ${name} thread was busy for longer than ${patienceMs} ms without a pause`))
        void worker.terminate()
      }
      if (missed !== 1) return
      ask(PULSE, []).then(
        () => {
          missed = 0
        },
        () => undefined,
      )
    }, patienceMs / BEATS)
    return timer.unref()
  }
  return {
    call: (act, ...args) => ask(act, args),
    port() {
      const { port1, port2 } = new MessageChannel()
      worker.postMessage({ joining: port1 } satisfies Joining, [port1])
      return port2
    },
    async stop() {
      stopping = true
      const isStopped = ask('stop', []).catch(() => undefined)
      await Promise.race([isStopped, setTimeout(LONGEST_STOP_MS, undefined, { ref: false })])
      await worker.terminate()
    },
    async leaveOff() {
      stopping = true
      await worker.terminate()
    },
  }
}

/** One that has died is not begun anew sooner. */
const PAUSE_MS = 1_000

export interface LastingThread<A> extends Thread<A> {
  /** Starts it, unless it has been asked for something before. */
  begin(): void
}

/**
 * A thread that lasts as long as the process, begun by `begin` or by what is first asked. When it dies, what it was asked fails with `WorkUnavailable` and it
 * is begun anew by what is asked next; the process lives on.
 */
export function lastingThread<A>(name: string, start: () => Start, watching: Watching): LastingThread<A> {
  let thread: Thread<A> | undefined
  let diedAt = Number.NEGATIVE_INFINITY
  const onDeath = (error: Error) => {
    thread = undefined
    diedAt = performance.now()
    watching.onDeath(error)
  }
  const living = (): Thread<A> => {
    if (thread) return thread
    if (performance.now() - diedAt < PAUSE_MS) throw new WorkUnavailable(`the ${name} thread has just ended`)
    try {
      thread = startThread<A>(name, start(), { ...watching, onDeath })
      return thread
    } catch (error) {
      onDeath(error instanceof Error ? error : new Error(inspect(error)))
      throw new WorkUnavailable(`the ${name} thread can't start`, { cause: error })
    }
  }
  return {
    begin() {
      try {
        living()
      } catch {
        // Told already; the next call tries again.
      }
    },
    call: async (act, ...args) => living().call(act, ...args),
    port: () => living().port(),
    stop: async () => thread?.stop(),
  }
}

/** Calls acts over a port that a thread gave; `onDeath` tells that there is nobody at its other end any more. */
export function callerOver<A>(
  port: MessagePort,
  { revive, onDeath }: { revive: Revive; onDeath(error: Error): void },
): Caller<A> {
  const { ask, fail } = asking(port, revive)
  port.on('close', () => {
    const error = new Error('the thread that was asked has ended')
    fail(error)
    onDeath(error)
  })
  port.unref()
  return { call: (act, ...args) => ask(act, args) }
}

/** Sends calls over a port and takes their answers. */
function asking(port: MessagePort | Worker, revive: Revive) {
  const open = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let last = 0
  let over: Error | undefined
  port.on('message', ({ id, result, fault }: Answer) => {
    const call = open.get(id)
    open.delete(id)
    if (fault) call?.reject(revive(fault.name, fault.fields, fault.message) ?? plain(fault))
    else call?.resolve(result)
  })
  return {
    ask: (act: string, args: unknown[]) =>
      new Promise<never>((resolve: (result: never) => void, reject) => {
        if (over) throw over
        last += 1
        // The thread's module and its caller share one type of acts, so the answer is what that type says.
        open.set(last, { resolve: resolve as (result: unknown) => void, reject })
        port.postMessage({ id: last, act, args } satisfies Call)
      }),
    /** Refuses what is open and all that will be asked. */
    fail(error: Error) {
      over = error
      for (const { reject } of open.values()) reject(error)
      open.clear()
    },
  }
}

/** Answers calls in a thread; what it was started with goes to `start`, whose acts are then served. */
export async function serve<D>(start: (data: D) => Promise<Acts & { stop(): Promise<void> }>): Promise<void> {
  if (!parentPort) throw new Error('this module runs in a thread only')
  const starting = start(workerData.data)
  const answer = (port: MessagePort) =>
    port.on('message', (message: Call | Joining) => {
      if ('joining' in message) {
        answer(message.joining)
        return
      }
      const { id, act, args } = message
      if (act === PULSE) {
        port.postMessage({ id } satisfies Answer)
        return
      }
      starting
        .then((acts) => {
          const known = acts[act]
          if (!known) throw new Error(`the thread knows no act ${act}`)
          return known(...(args as never[]))
        })
        .then(
          (result) => port.postMessage({ id, result } satisfies Answer, bytesIn(result)),
          (error: unknown) => port.postMessage({ id, fault: faultOf(error) } satisfies Answer),
        )
    })
  answer(parentPort)
  // Uncaught, a database's error would lose what it says and its class on the way out.
  await starting.catch((error: unknown) => {
    throw plain(faultOf(error))
  })
}

/** The bytes that a result is, or has: they are handed over, not copied. */
function bytesIn(result: unknown): ArrayBuffer[] {
  const parts = typeof result === 'object' && result !== null ? [result, ...Object.values(result)] : []
  return parts.flatMap((part: unknown) => {
    const isOwn = part instanceof Uint8Array && part.byteLength === part.buffer.byteLength
    return isOwn && part.buffer instanceof ArrayBuffer ? part.buffer : []
  })
}

function faultOf(error: unknown): NonNullable<Answer['fault']> {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} }
  const { name, message, stack } = error
  return { name, message, fields: { ...error, cause: undefined, stack } }
}

function plain({ name, message, fields }: NonNullable<Answer['fault']>): Error {
  const error = new Error(message)
  error.name = name
  if (typeof fields.stack === 'string') error.stack = fields.stack
  // What went wrong with a file or a socket is told by its code, and by the path.
  for (const field of ['code', 'path'] as const)
    if (typeof fields[field] === 'string') Object.assign(error, { [field]: fields[field] })
  return error
}
