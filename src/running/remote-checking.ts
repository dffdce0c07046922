import type { MessagePort } from 'node:worker_threads'
import { type CheckService, ChecksBusy } from '../checking/checks.ts'
import { startThread, type Thread } from './calls.ts'
import type { CheckingThread, CheckingThreadData } from './checking-thread.ts'

/** Batch checks in a thread of their own, which comes with the first of them. */
export function startChecking(
  paths: Omit<CheckingThreadData, 'search'>,
  searchPort: () => MessagePort,
  onDeath: (error: Error) => void,
): CheckService {
  let started: Thread<CheckingThread> | undefined
  const thread = () => {
    if (started) return started
    const search = searchPort()
    const data: CheckingThreadData = { ...paths, search }
    started = startThread<CheckingThread>(new URL('./checking-thread.ts', import.meta.url), data, {
      transfer: [search],
      revive: (name, _, message) => (name === 'ChecksBusy' ? new ChecksBusy(message) : undefined),
      // What was held is lost; the next check has a fresh thread.
      onDeath(error) {
        started = undefined
        onDeath(error)
      },
    })
    return started
  }
  return {
    begin: (source) => thread().call('begin', source),
    state: async (id) => started?.call('state', id),
    rows: (...asked) => thread().call('rows', ...asked),
    file: (...asked) => thread().call('file', ...asked),
    verify: (text) => thread().call('verify', text),
    match: (firms) => thread().call('match', firms),
    keys: () => thread().call('keys'),
    forget: async (id) => started?.call('forget', id),
    stop: async () => started?.stop(),
  }
}
