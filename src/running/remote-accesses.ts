import { type Access, type Accesses, AccessLog, AccessUnwritable } from '../authority/access-log.ts'
import { SharedAccesses } from '../authority/shared-accesses.ts'
import { within } from '../register/within.ts'
import type { AccessThread } from './access-thread.ts'
import { lastingThread } from './calls.ts'

export interface RemoteAccesses extends Accesses {
  /** Writes what says nothing, to find out whether it can be. */
  probe(): Promise<void>
  begin(): void
  stop(): Promise<void>
}

type Waiting = Omit<Access, 'id'>

/** Nobody waits longer to have it written down what they look at. */
const BOUND_MS = 2_000
const MOST_WAITING = 5_000

/**
 * The log of accesses in a thread of its own: a lock, a slow or a full disk keeps from their pages those whose looking
 * must be logged, and nobody else.
 */
export function startAccesses(path: string, onDeath: (error: Error) => void): RemoteAccesses {
  const thread = lastingThread<AccessThread>('access', () => ({ data: { path } }), {
    revive: (name, _, message) => (name === 'AccessUnwritable' ? new AccessUnwritable(message) : undefined),
    onDeath,
  })
  return inBatches({
    write: (accesses) => thread.call('write', accesses),
    find: (...asked) => thread.call('find', ...asked),
    prune: (...asked) => thread.call('prune', ...asked),
    probe: () => thread.call('probe'),
    begin: thread.begin,
    stop: () => thread.stop(),
  })
}

/** The log that all nodes share; what this one had alone is carried over into it first. */
export async function shareAccesses(path: string, database: string): Promise<RemoteAccesses> {
  const log = new SharedAccesses(database)
  // It stays, empty: where it lacks, a look at the folder says so.
  const own = new AccessLog(path)
  await own.handOver((accesses) => log.write(accesses)).finally(() => own.close())
  return inBatches({
    write: (accesses) => log.write(accesses),
    find: (...asked) => log.find(...asked),
    prune: (...asked) => log.prune(...asked),
    probe: () => log.probe(),
    begin: () => undefined,
    stop: () => log.close(),
  })
}

interface Log extends Pick<Accesses, 'find' | 'prune'>, Pick<RemoteAccesses, 'probe' | 'begin' | 'stop'> {
  write(accesses: Waiting[]): Promise<void>
}

/** What comes while a batch is being written goes into the next. */
function inBatches({ write, ...log }: Log): RemoteAccesses {
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let next: Promise<void> | undefined

  function batch(): Promise<void> {
    next = undefined
    const accesses = waiting
    waiting = []
    const written = write(accesses)
    writing = written
    return written
  }

  return {
    ...log,
    async add(access) {
      if (waiting.length >= MOST_WAITING) throw new AccessUnwritable('too many accesses are waiting')
      waiting.push(access)
      next ??= (writing ?? Promise.resolve()).then(batch, batch)
      await inTime(next)
    },
  }
}

/** What was written, or `AccessUnwritable` when that can't be said in time. */
async function inTime(written: Promise<void>): Promise<void> {
  const came = await within(BOUND_MS, written).catch((error: unknown) => {
    if (error instanceof AccessUnwritable) throw error
    throw new AccessUnwritable('the log is not there', { cause: error })
  })
  if (!came) throw new AccessUnwritable('the log does not answer')
}
