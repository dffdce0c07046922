import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import type { CheckService } from '../checking/checks.ts'
import { newListIn } from '../checking/lists.ts'
import { ChecksBusy } from '../checking/request.ts'
import { Refusal } from '../dossier/refusal.ts'
import { BadJson, badKinds } from '../sheets/json.ts'
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
      revive,
      // What was held is lost; the next check has a fresh thread.
      onDeath,
      patienceMs: PATIENCE_MS,
    },
  )
  return {
    newList: () => newListIn(paths.lists),
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

const refused = z.object({
  reason: z.literal('invalid'),
  title: z.string(),
  faults: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })),
})
const bad = z.object({ kind: z.enum(badKinds) })

function revive(name: string, fields: Record<string, unknown>, message: string): Error | undefined {
  if (name === 'ChecksBusy') return new ChecksBusy(message)
  if (name === 'BadJson') return new BadJson(bad.parse(fields).kind, message)
  if (name !== 'Refusal') return undefined
  const { reason, title, faults } = refused.parse(fields)
  return new Refusal(reason, title, faults)
}
