import { LRUCache } from 'lru-cache'

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [1_000, 15 * 60_000]
const REMEMBERED = 50_000

/** Slows down who guesses: after a few failures each further one doubles the wait, up to a quarter of an hour. */
export class Throttle {
  readonly #failures = new LRUCache<string, { count: number; until: number }>({ max: REMEMBERED })
  readonly #now: () => number
  readonly #freeTries: number

  /** The first few tries cost nothing: a whole bureau may share an address, but not an account. */
  constructor(now: () => number, freeTries: number) {
    this.#now = now
    this.#freeTries = freeTries
  }

  /** Seconds to wait before another try under a name is looked at; 0 when it may be made now. */
  wait(name: string): number {
    const until = this.#failures.get(name)?.until ?? 0
    return Math.max(0, Math.ceil((until - this.#now()) / 1000))
  }

  failed(name: string): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1
    const wait =
      count < this.#freeTries ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - this.#freeTries))
    this.#failures.set(name, { count, until: this.#now() + wait })
  }

  succeeded(name: string): void {
    this.#failures.delete(name)
  }
}
