import { startThread, type Thread } from '../threads/calls.ts'
import type { Rater } from './rater.ts'
import type { RatingThread, RatingThreadData } from './thread.ts'

/** Computes in a thread of its own, so that requests are answered meanwhile. */
export function startRater(paths: RatingThreadData, onDeath: (error: Error) => void): Rater {
  const module = new URL('./thread.ts', import.meta.url)
  // Most days nothing is rated: the thread and its memory come with the first call.
  let started: Thread<RatingThread> | undefined
  const thread = () => {
    started ??= startThread<RatingThread>(module, paths, { revive: () => undefined, onDeath })
    return started
  }
  return {
    draft: (campaign) => thread().call('draft', campaign),
    moved: (campaign) => thread().call('moved', campaign),
    isEmpty: (scope) => thread().call('isEmpty', scope),
    simulate: (request) => thread().call('simulate', request),
    stop: async () => started?.stop(),
  }
}
