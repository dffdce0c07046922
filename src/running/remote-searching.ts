import type { MessagePort } from 'node:worker_threads'
import { BadCursor, type SearchEngine, SearchUnavailable } from '../search/engine.ts'
import { type Caller, callerOver, lastingThread, type Revive } from './calls.ts'
import type { SearchingThread, SearchingThreadData } from './searching-thread.ts'

export interface RemoteSearch extends SearchEngine {
  /** A port for another thread to search over (`searchOverPort`). */
  port(): MessagePort
  begin(): void
}

/** The search in a thread of its own: no reader of files waits for it. One that dies is begun anew by the next search. */
export function startSearching(data: SearchingThreadData, onDeath: (error: Error) => void): RemoteSearch {
  const thread = lastingThread<SearchingThread>('searching', () => ({ data }), { revive, onDeath })
  return { ...engineOver(thread), port: thread.port, begin: thread.begin, close: thread.stop }
}

/** The search of the searching thread, for another thread that was given a port to it. */
export function searchOverPort(port: MessagePort, onDeath: (error: Error) => void): SearchEngine {
  return {
    ...engineOver(callerOver<SearchingThread>(port, { revive, onDeath })),
    close: async () => port.close(),
  }
}

function engineOver({ call }: Caller<SearchingThread>): Omit<SearchEngine, 'close'> {
  return {
    applied: () => call('applied'),
    search: (query) => call('search', query),
    named: (name) => call('named', name),
  }
}

const revive: Revive = (name, _, message) => {
  if (name === 'BadCursor') return new BadCursor(message)
  return name === 'SearchUnavailable' ? new SearchUnavailable(message) : undefined
}
