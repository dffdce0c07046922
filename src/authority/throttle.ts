import { LRUCache } from 'lru-cache'

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [1_000, 15 * 60_000]
/** As a size: by a number the cache would take the room of them all before anybody came. */
const REMEMBERED = 50_000

export interface ThrottleOptions {
  /** Tries that cost nothing: a whole bureau may share an address. */
  freeTries: number
  /** After this long without a try, one of those that failed is forgotten. */
  forgetsMs: number
}

/**
 * Slows down who guesses: after a few failures each further one doubles the wait, up to a quarter of an hour. A try counts before it
 * is looked at, so that many at once are no way around.
 */
export class Throttle {
  readonly #failures = new LRUCache<string, { count: number; at: number; until: number }>({
    maxSize: REMEMBERED,
    sizeCalculation: () => 1,
  })
  readonly #now: () => number
  readonly #options: ThrottleOptions

  constructor(now: () => number, options: ThrottleOptions) {
    this.#now = now
    this.#options = options
  }

  /** Seconds to wait before another try under a name is looked at; 0 when it may be made now. */
  wait(name: string): number {
    const until = this.#failures.get(name)?.until ?? 0
    return Math.max(0, Math.ceil((until - this.#now()) / 1000))
  }

  /** Counts a try as one that fails, until it is known to have succeeded. */
  tried(name: string): void {
    const now = this.#now()
    const count = this.#counted(name, now) + 1
    const { freeTries } = this.#options
    const wait =
      count < freeTries ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.floor(count - freeTries))
    this.#failures.set(name, { count, at: now, until: now + wait })
  }

  /** Takes back a try that succeeded; `all` forgets those before it too. */
  succeeded(name: string, all: boolean): void {
    const count = all ? 0 : this.#counted(name, this.#now()) - 1
    if (count <= 0) this.#failures.delete(name)
    else this.#failures.set(name, { count, at: this.#now(), until: 0 })
  }

  #counted(name: string, now: number): number {
    const known = this.#failures.get(name)
    return known ? Math.max(0, known.count - (now - known.at) / this.#options.forgetsMs) : 0
  }
}
