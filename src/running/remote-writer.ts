import { CommandReused, Conflict, RegisterFull } from '../register/register.ts'
import { type Writer, WriterBusy } from '../writer/writer.ts'
import { startThread } from './calls.ts'
import type { WriterThread, WriterThreadData } from './writer-thread.ts'

export interface RemoteWriter extends Writer {
  /** Runs the import jobs that wait; resolves when none is left. */
  runImports(): Promise<void>
}

const MAX_WAITING = 1_000

/** Starts the writing thread: requests are answered in this thread while that one hashes, writes and indexes. */
export function startWriter(data: WriterThreadData, onDeath: (error: Error) => void): RemoteWriter {
  const module = new URL('./writer-thread.ts', import.meta.url)
  const thread = startThread<WriterThread>(module, data, { revive, onDeath })
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
    erase: (positions) => thread.call('erase', [...positions]),
    catchUp: () => thread.call('catchUp'),
    rebuild: () => thread.call('rebuild'),
    runImports: () => thread.call('runImports'),
    close: () => thread.stop(),
  }
}

function revive(name: string, fields: Record<string, unknown>, message: string): Error | undefined {
  const { subject, expected, actual, command } = fields
  if (name === 'Conflict' && typeof subject === 'string')
    return new Conflict(subject, Number(expected), Number(actual))
  if (name === 'CommandReused' && typeof command === 'string') return new CommandReused(command)
  return name === 'RegisterFull' ? new RegisterFull(message) : undefined
}
