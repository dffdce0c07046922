import { setTimeout as sleep } from 'node:timers/promises'
import { type SearchEngine, SearchUnavailable } from './engine.ts'

/** How long an engine is waited for that is asked how far it has come. */
const PROMPT_MS = 300

/** An engine that tells at once how far it has come, as it was heard last where it does not answer. */
export function prompt(engine: SearchEngine): SearchEngine {
  let heard = 0
  return {
    ...engine,
    applied() {
      const asked = engine.applied().then(
        (position) => {
          heard = position
          return position
        },
        () => heard,
      )
      return Promise.race([asked, sleep(PROMPT_MS).then(() => heard)])
    },
  }
}

/** How long an engine that did not answer is left alone. */
const LEFT_ALONE_MS = 5_000

/** An engine with another that answers while it can't; a search does not wait for what was down a moment ago. */
export function withReserve(
  engine: SearchEngine,
  reserve: SearchEngine,
  now: () => number = () => performance.now(),
): SearchEngine {
  let downUntil = 0
  async function either<T>(act: (of: SearchEngine) => Promise<T>): Promise<T> {
    if (now() < downUntil) return act(reserve)
    try {
      return await act(engine)
    } catch (error) {
      if (!(error instanceof SearchUnavailable)) throw error
      downUntil = now() + LEFT_ALONE_MS
      return act(reserve)
    }
  }
  return {
    applied: () => engine.applied(),
    search: (query) => either((of) => of.search(query)),
    named: (name) => either((of) => of.named(name)),
    async close() {
      await engine.close()
      await reserve.close()
    },
  }
}
