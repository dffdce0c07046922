import { setTimeout as sleep } from 'node:timers/promises'
import type { SearchIndex } from './engine.ts'
import type { SearchFollower } from './follower.ts'

interface Parts {
  index: SearchIndex
  follower: SearchFollower
  /** Position up to which the views have come. */
  position(): number
  /** Told when following breaks off, and when it goes on again. */
  onFault(error: unknown): void
  onRecovery(): void
}

/** How long a stop waits for a round that has begun. */
const STOP_MS = 2_000
const [LOOK_MS, LONGEST_PAUSE_MS] = [1_000, 60_000]

/**
 * Keeps an engine outside this process at the public feed: by itself, whoever appended and however often the engine
 * goes away; each failure in a row waits twice as long. An index of another definition, or one that knows more than
 * the register, is built anew.
 */
export class OutsideFollowing {
  readonly #parts: Parts
  readonly #stopped = new AbortController()
  readonly #loop: Promise<void>
  #wake = new AbortController()
  #isDown = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#loop = this.#keepUp()
  }

  /** Looks at once for what is new. Nobody waits for it: until it is there, readers are kept right by the files. */
  wake(): void {
    if (!this.#isDown) this.#wake.abort()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#wake.abort()
    // What Meilisearch leaves open is taken up again at the next start.
    await Promise.race([this.#loop, sleep(STOP_MS, undefined, { ref: false })])
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
      // What was appended while it was at work has woken it already.
      if (!this.#wake.signal.aborted)
        await sleep(pause, undefined, { signal: this.#wake.signal }).catch(() => undefined)
      this.#wake = new AbortController()
    }
  }

  async #follow(): Promise<void> {
    const { index, follower, position } = this.#parts
    const isForeign = (await index.applied()) > position()
    if (isForeign || (await index.isStale?.())) await follower.rebuild()
    else await follower.catchUp()
  }
}
