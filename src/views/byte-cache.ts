import { LRUCache } from 'lru-cache'

/** What a cache holds and how often it was of use. */
export interface CacheFigures {
  bytes: number
  most: number
  entries: number
  hits: number
  misses: number
}

/** What a cache's own place for an entry takes, beside its key and value. */
const ENTRY_BYTES = 200

/** The caches of this process by their names; of several under one name, the one that was made last. */
const known = new Map<string, () => CacheFigures>()

/** What each cache of this process holds, by its name. */
export function cacheFigures(): Readonly<Record<string, CacheFigures>> {
  return Object.fromEntries(Array.from(known, ([name, figures]) => [name, figures()]))
}

/**
 * What was made and may be asked for again, the latest asked for, within a bound of real bytes: values are buffers, flat
 * texts, or things of a known size, never what only refers to something larger.
 */
export class ByteCache<V extends object | string> {
  readonly #values: LRUCache<string, V>
  #hits = 0
  #misses = 0

  constructor(name: string, most: number, bytesOf: (value: V) => number) {
    this.#values = new LRUCache({
      maxSize: most,
      sizeCalculation: (value, key) => bytesOf(value) + 2 * key.length + ENTRY_BYTES,
    })
    known.set(name, () => ({
      bytes: this.#values.calculatedSize,
      most,
      entries: this.#values.size,
      hits: this.#hits,
      misses: this.#misses,
    }))
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) this.#misses += 1
    else this.#hits += 1
    return value
  }

  set(key: string, value: V): void {
    this.#values.set(key, value)
  }

  clear(): void {
    this.#values.clear()
  }
}

/** A text in one piece, of two bytes a character at most: what was put together holds on to all of its parts. */
export function flat(text: string): string {
  return Buffer.from(text).toString()
}

/** Bytes of a flat text. */
export function bytesOfText(text: string): number {
  return 2 * text.length
}
