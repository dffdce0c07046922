import { CommandReused, Conflict, RegisterFull } from '../register/register.ts'
import { startThread } from '../threads/calls.ts'
import type { WriterThread } from './thread.ts'
import type { Writer } from './writer.ts'

export interface RemoteWriter extends Writer {
  /** Runs the import jobs that wait; resolves when none is left. */
  runImports(): Promise<void>
}

/** Starts the writing thread: requests are answered in this thread while that one hashes, writes and indexes. */
export function startWriter(dataDir: string, onDeath: (error: Error) => void): RemoteWriter {
  const module = new URL('./thread.ts', import.meta.url)
  const thread = startThread<WriterThread>(module, { dataDir }, { revive, onDeath })
  return {
    append: (request) => thread.call('append', request),
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
