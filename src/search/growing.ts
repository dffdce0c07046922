/** Typed arrays that grow as they are written to; twice as long each time there is no room. */
export class Growing<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array> {
  #values: A
  #length = 0
  readonly #make: (length: number) => A

  constructor(make: (length: number) => A) {
    this.#make = make
    this.#values = make(1024)
  }

  get length(): number {
    return this.#length
  }

  /** The values; room beyond `length` is zero. Another array after the next `push`. */
  get values(): A {
    return this.#values
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
