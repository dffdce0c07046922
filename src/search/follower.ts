import { setImmediate as othersTurn } from 'node:timers/promises'
import { parseOutline } from '../views/outline.ts'
import { untilNotOvertaken } from '../views/turns.ts'
import type { Views } from '../views/views.ts'
import { documentOf } from './document.ts'
import type { SearchBatch, SearchIndex } from './engine.ts'

const BATCH = 5000

/** Keeps a search index at the public feed: what a file's public face shows is what can be found. */
export class SearchFollower {
  readonly #views: Views
  readonly #index: SearchIndex
  #running: Promise<void> | undefined
  #again = false
  #isOver = false

  constructor(views: Views, index: SearchIndex) {
    this.#views = views
    this.#index = index
  }

  /** Resolves once everything that the views showed at the time of the call can be found. */
  catchUp(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#follow()
    return this.#running
  }

  async #follow(): Promise<void> {
    // Whoever asks finds it running until the very step in which it has looked for the last time.
    try {
      do {
        this.#again = false
        let since = await this.#index.applied()
        for (;;) {
          const batch = this.#isOver ? undefined : this.#batch(since)
          if (!batch) break
          await this.#index.index(batch)
          since = batch.position
          await othersTurn()
        }
      } while (this.#again && !this.#isOver)
    } finally {
      this.#running = undefined
    }
  }

  /** Stops after the batch in hand, so that what it reads from and writes to can be closed; whoever comes next goes on. */
  async stop(): Promise<void> {
    this.#isOver = true
    await this.#running?.catch(() => undefined)
  }

  /** Indexes everything anew beside the current index, which serves until the new one takes its place. */
  async rebuild(onProgress?: (position: number) => void): Promise<void> {
    await this.#running
    await untilNotOvertaken(() => this.#index.rebuild(this.#batches(onProgress)))
    await this.catchUp()
  }

  async *#batches(onProgress?: (position: number) => void): AsyncIterable<SearchBatch> {
    let since = 0
    for (;;) {
      const batch = this.#batch(since)
      if (!batch) return
      yield batch
      since = batch.position
      onProgress?.(since)
      await othersTurn()
    }
  }

  #batch(since: number): SearchBatch | undefined {
    const changes = this.#views.outlines(since, BATCH)
    const last = changes.at(-1)
    if (!last) return undefined
    return {
      documents: changes.flatMap(({ json }) => (json === null ? [] : [documentOf(parseOutline(json))])),
      removed: changes.flatMap(({ key, json }) => (json === null ? [key] : [])),
      position: last.position,
    }
  }
}
