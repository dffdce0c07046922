import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Standing } from '../register/standing.ts'
import type { StoredFace, Views } from '../views/views.ts'

const POLL_MS = 100

/** The two feeds: the public one by state, the register's own by entry. Both can wait for what comes next. */
export class Feed {
  readonly #views: Views
  readonly #register: Register
  #waiting = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #applied = -1

  constructor(views: Views, register: Register) {
    this.#views = views
    this.#register = register
  }

  /** Where the register stands that both feeds tell of. */
  standing(): Promise<Standing> {
    return this.#register.standing()
  }

  /** Files whose public face changed after a position, at most `limit`, in the order of their last changes. */
  async changes(since: number, limit: number, waitMs: number, signal: AbortSignal): Promise<StoredFace[]> {
    return this.#orWait(async () => this.#views.changes(since, limit), waitMs, signal)
  }

  /** Entries after a position, all of them, for those who may see everything. */
  async entries(after: number, limit: number, waitMs: number, signal: AbortSignal): Promise<Entry[]> {
    return this.#orWait(() => this.#register.read(after, limit), waitMs, signal)
  }

  async #orWait<T>(read: () => Promise<T[]>, waitMs: number, signal: AbortSignal): Promise<T[]> {
    const until = Date.now() + waitMs
    for (;;) {
      const found = await read()
      const left = until - Date.now()
      if (found.length > 0 || left <= 0 || signal.aborted) return found
      await this.#nextChange(left, signal)
    }
  }

  /** Resolves when something has been applied, the time is up, or the asker has gone. */
  #nextChange(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timeout)
        signal.removeEventListener('abort', done)
        this.#waiting.delete(done)
        resolve()
      }
      const timeout = setTimeout(done, waitMs)
      signal.addEventListener('abort', done)
      this.#waiting.add(done)
      this.#poll()
    })
  }

  /** One look for all who wait: other processes apply too, and only the file tells. */
  #poll(): void {
    if (this.#timer) return
    this.#applied = this.#views.applied()
    this.#timer = setInterval(() => {
      if (this.#waiting.size === 0) {
        clearInterval(this.#timer)
        this.#timer = undefined
        return
      }
      const applied = this.#views.applied()
      if (applied === this.#applied) return
      this.#applied = applied
      for (const done of [...this.#waiting]) done()
    }, POLL_MS)
    this.#timer.unref()
  }
}
