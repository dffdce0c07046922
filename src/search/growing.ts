import type { Column } from './kept-table.ts'

/** Typed arrays that grow as they are written to; twice as long each time there is no room. */
export class Growing<A extends Column> {
  #values: A
  #length = 0
  readonly #make: (length: number) => A

  /** Empty, or with values to begin with, which become its own. */
  constructor(make: (length: number) => A, values?: A) {
    this.#make = make
    this.#values = values ?? make(1024)
    this.#length = values?.length ?? 0
  }

  get length(): number {
    return this.#length
  }

  /** The values; room beyond `length` is zero. Another array after the next `push`. */
  get values(): A {
    return this.#values
  }

  /** The values written so far, without the room beyond them. */
  get written(): Column {
    return this.#values.subarray(0, this.#length)
  }

  push(value: number): void {
    this.#makeRoom(this.#length + 1)
    this.#values[this.#length] = value
    this.#length += 1
  }

  set(at: number, value: number): void {
    this.#makeRoom(at + 1)
    this.#values[at] = value
    this.#length = Math.max(this.#length, at + 1)
  }

  #makeRoom(length: number): void {
    if (length <= this.#values.length) return
    const values = this.#make(Math.max(length, this.#values.length * 2))
    values.set(this.#values)
    this.#values = values
  }
}
