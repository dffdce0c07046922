import { ClockApart, ClockBehind } from '../register/clock.ts'
import {
  CommandReused,
  Conflict,
  RegisterFull,
  RegisterGone,
  RegisterMoved,
  RegisterUnavailable,
} from '../register/register.ts'
import { type Writer, WriterBusy } from '../writer/writer.ts'
import { startThread } from './calls.ts'
import type { WriterThread, WriterThreadData } from './writer-thread.ts'

export interface RemoteWriter extends Writer {
  /** Writes what changes nothing, durably, to find out whether it can be. */
  probe(): Promise<void>
  /** Starts what the first append would otherwise wait for. */
  begin(): void
}

const MAX_WAITING = 1_000

/** Starts the writing thread: requests are answered in this thread while that one hashes, writes and indexes. */
export function startWriter(data: WriterThreadData, onDeath: (error: Error) => void): RemoteWriter {
  const thread = startThread<WriterThread>('writer', { data }, { revive, onDeath })
  let waiting = 0
  return {
    async append(request) {
      if (waiting >= MAX_WAITING) throw new WriterBusy('too many appends are waiting')
      waiting += 1
      try {
        return await thread.call('append', request)
      } finally {
        waiting -= 1
      }
    },
    catchUp: () => thread.call('catchUp'),
    rebuild: () => thread.call('rebuild'),
    probe: () => thread.call('probe'),
    begin() {
      // What fails here is told of by the first append that needs it.
      thread.call('begin').catch(() => undefined)
    },
    close: () => thread.stop(),
  }
}

function revive(name: string, fields: Record<string, unknown>, message: string): Error | undefined {
  const { subject, expected, actual, command, to, last, there, now, inDoubt } = fields
  if (name === 'Conflict' && typeof subject === 'string')
    return new Conflict(subject, Number(expected), Number(actual))
  if (name === 'CommandReused' && typeof command === 'string') return new CommandReused(command)
  if (name === 'ClockBehind') return new ClockBehind(String(last), String(now))
  if (name === 'ClockApart') return new ClockApart(String(there), String(now))
  if (name === 'RegisterMoved') return new RegisterMoved(String(to))
  if (name === 'RegisterGone') return new RegisterGone()
  if (name === 'RegisterUnavailable') return new RegisterUnavailable(inDoubt === true)
  return name === 'RegisterFull' ? new RegisterFull(message) : undefined
}
