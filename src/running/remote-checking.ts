import type { MessagePort } from 'node:worker_threads'
import type { CheckService } from '../checking/checks.ts'
import { ChecksBusy } from '../checking/request.ts'
import { lastingThread } from './calls.ts'
import type { CheckingThread, CheckingThreadData } from './checking-thread.ts'

/** A list is read and matched in short stretches; one that is not was made to stop the rest. */
const PATIENCE_MS = 30_000

/** Batch checks in a thread of their own, which comes with the first of them. */
export function startChecking(
  paths: Omit<CheckingThreadData, 'search'>,
  searchPort: () => MessagePort,
  onDeath: (error: Error) => void,
): CheckService {
  const thread = lastingThread<CheckingThread>(
    'checking',
    () => {
      const search = searchPort()
      return { data: { ...paths, search } satisfies CheckingThreadData, transfer: [search] }
    },
    {
      revive: (name, _, message) => (name === 'ChecksBusy' ? new ChecksBusy(message) : undefined),
      // What was held is lost; the next check has a fresh thread.
      onDeath,
      patienceMs: PATIENCE_MS,
    },
  )
  return {
    begin: (...asked) => thread.call('begin', ...asked),
    state: (id) => thread.call('state', id),
    rows: (...asked) => thread.call('rows', ...asked),
    file: (...asked) => thread.call('file', ...asked),
    paper: (id, address) => thread.call('paper', id, address),
    verify: (text) => thread.call('verify', text),
    verifyStamp: (text) => thread.call('verifyStamp', text),
    match: (firms) => thread.call('match', firms),
    keys: () => thread.call('keys'),
    forget: (id) => thread.call('forget', id),
    stop: () => thread.stop(),
  }
}
