import { setTimeout as sleep } from 'node:timers/promises'
import type { SearchEngine } from './engine.ts'
import type { SearchFollower } from './follower.ts'

/** Where Meilisearch is, and by which key this registry may use it. */
export interface OutsideSearch {
  url: string
  key: string
}

interface Parts {
  engine: SearchEngine
  follower: SearchFollower
  /** Position up to which the views have come. */
  position(): number
  /** Told when following breaks off, and when it goes on again. */
  onFault(error: unknown): void
  onRecovery(): void
}

const [LOOK_MS, LONGEST_PAUSE_MS] = [1_000, 60_000]
/** How long an append waits for the engine to show it; what takes longer is kept from readers by other means. */
const WAITED_MS = 1_500

/**
 * Keeps an engine outside this process at the public feed: by itself, whoever appended and however often the engine
 * goes away; each failure in a row waits twice as long. An index of another definition, or one that knows more than
 * the register, is built anew.
 */
export class OutsideFollowing {
  readonly #parts: Parts
  readonly #stopped = new AbortController()
  readonly #loop: Promise<void>
  #round: Promise<void> = Promise.resolve()
  #wake = new AbortController()
  #isDown = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#loop = this.#keepUp()
  }

  /** Resolves once everything shown now can be found there, but soon in any case, and at once while it is down. */
  async caughtUp(): Promise<void> {
    if (this.#isDown) return
    await this.#round
    this.#wake.abort()
    await Promise.race([this.#follow().catch(() => undefined), sleep(WAITED_MS, undefined, { ref: false })])
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#wake.abort()
    await this.#loop
  }

  async #keepUp(): Promise<void> {
    const { signal } = this.#stopped
    let pause = LOOK_MS
    while (!signal.aborted) {
      try {
        await this.#follow()
        if (this.#isDown) this.#parts.onRecovery()
        this.#isDown = false
        pause = LOOK_MS
      } catch (error) {
        if (!this.#isDown) this.#parts.onFault(error)
        this.#isDown = true
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
      }
      this.#wake = new AbortController()
      await sleep(pause, undefined, { signal: this.#wake.signal }).catch(() => undefined)
    }
  }

  /** One round at a time: who asks while one is going on waits for it and has another. */
  #follow(): Promise<void> {
    this.#round = this.#round
      .catch(() => undefined)
      .then(async () => {
        const { engine, follower, position } = this.#parts
        const isForeign = (await engine.applied()) > position()
        if (isForeign || (await engine.isStale?.())) await follower.rebuild()
        else await follower.catchUp()
      })
    return this.#round
  }
}
