import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Standing } from '../register/standing.ts'
import type { Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'
import { type EventPage, PlatformFeed } from './platform-feed.ts'

const POLL_MS = 100
/** Askers that are told of what comes; one more waits a moment, and is answered with what there is then. */
export const MOST_WAITING = 2_000
const MOMENT_MS = 1_000

const isFull = (found: readonly unknown[]) => found.length > 0

interface Parts {
  views: Views
  register: Register
  catalogue: Catalogue
  faces: Pick<Faces, 'changes'>
  now(): Date
}

/**
 * The feeds: the public one by state, the platform's by event, the register's own by entry. All can wait for what comes
 * next.
 */
export class Feed {
  readonly #views: Views
  readonly #register: Register
  readonly #faces: Parts['faces']
  readonly #platform: PlatformFeed
  readonly #waiting = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #applied = -1
  #isClosed = false

  constructor(parts: Parts) {
    this.#views = parts.views
    this.#register = parts.register
    this.#faces = parts.faces
    this.#platform = new PlatformFeed(parts)
  }

  /** How many askers wait for what comes next. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Answers all who wait with what there is; nobody waits any more. */
  close(): void {
    this.#isClosed = true
    for (const done of [...this.#waiting]) done()
  }

  /** Names what the platform's face is made by. */
  get schema(): string {
    return this.#platform.schema
  }

  /** Up to where the register goes, wherever it lives. Rejects with `RegisterUnavailable` where that can't be had. */
  async end(): Promise<number> {
    const { position } = await this.#register.standing()
    return position + (await this.#register.behind())
  }

  /** Where the register stands that the feeds tell of. */
  standing(): Promise<Standing> {
    return this.#register.standing()
  }

  /** Whether what was made at a position may hold what was erased since, and must not be handed out any more. */
  hasErasedAfter(position: number): boolean {
    return this.#views.hasErasedAfter(position)
  }

  /** Files whose public face changed after a position, at most `limit`, in the order of their last changes, as they are today. */
  async changes(
    since: number,
    limit: number,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<ReturnType<Faces['changes']>> {
    return this.#orWait(async () => this.#faces.changes(since, limit), isFull, waitMs, signal)
  }

  /** Changes of what the platform sees after a position, in the order of the register. */
  async events(after: number, limit: number, waitMs: number, signal?: AbortSignal): Promise<EventPage> {
    const { epoch } = await this.standing()
    const read = async () => this.#platform.page(after, limit, epoch)
    return this.#orWait(read, ({ events }) => events.length > 0, waitMs, signal)
  }

  /** What the platform holds of the files with a record of a type dated in a period, after one of them, in order. */
  dated(...asked: Parameters<PlatformFeed['dated']>): ReturnType<PlatformFeed['dated']> {
    return this.#platform.dated(...asked)
  }

  /**
   * Entries after a position, all of them, for those who may see everything. They go as far as the views have come: who may see them is
   * judged by these, and the last entry may be the one that takes that right away.
   */
  async entries(after: number, limit: number, waitMs: number, signal?: AbortSignal): Promise<Entry[]> {
    const read = async () => {
      const applied = this.#views.applied()
      return (await this.#register.read(after, limit)).filter(({ seq }) => seq <= applied)
    }
    return this.#orWait(read, isFull, waitMs, signal)
  }

  async #orWait<T>(
    read: () => Promise<T>,
    isEnough: (found: T) => boolean,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const until = performance.now() + waitMs
    for (;;) {
      const found = await read()
      const left = until - performance.now()
      if (isEnough(found) || left <= 0 || signal?.aborted || this.#isClosed) return found
      if (this.#waiting.size >= MOST_WAITING) {
        await sleep(Math.min(left, MOMENT_MS), undefined, { ref: false })
        return read()
      }
      await this.#nextChange(left, signal)
    }
  }

  /** Resolves when something has been applied, the time is up, or the asker has gone. */
  #nextChange(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timeout)
        signal?.removeEventListener('abort', done)
        this.#waiting.delete(done)
        resolve()
      }
      const timeout = setTimeout(done, waitMs)
      signal?.addEventListener('abort', done)
      this.#waiting.add(done)
      this.#poll()
    })
  }

  /** Whether nothing has been applied since the last look; where that can't be read, whoever waits is to meet why by reading. */
  #standsStill(): boolean {
    try {
      const applied = this.#views.applied()
      if (applied === this.#applied) return true
      this.#applied = applied
    } catch {}
    return false
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
      if (this.#standsStill()) return
      for (const done of [...this.#waiting]) done()
    }, POLL_MS)
    this.#timer.unref()
  }
}
