import { type CheckService, ChecksBusy } from '../checking/checks.ts'
import { startThread, type Thread } from './calls.ts'
import type { CheckingThread, CheckingThreadData } from './checking-thread.ts'

/** Batch checks in a thread of their own, which comes with the first of them. */
export function startChecking(paths: CheckingThreadData, onDeath: (error: Error) => void): CheckService {
  let started: Thread<CheckingThread> | undefined
  const thread = () => {
    started ??= startThread<CheckingThread>(new URL('./checking-thread.ts', import.meta.url), paths, {
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
    begin: (path) => thread().call('begin', path),
    state: async (id) => started?.call('state', id),
    rows: (...asked) => thread().call('rows', ...asked),
    file: (...asked) => thread().call('file', ...asked),
    verify: (text) => thread().call('verify', text),
    forget: async (id) => started?.call('forget', id),
    stop: async () => started?.stop(),
  }
}
