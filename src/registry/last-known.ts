import { within } from '../register/within.ts'

const BOUND_MS = 1_000

/** What lies outside this process, asked with a bound: in the place of an answer that is late stands the last one. */
export class LastKnown<T> {
  #last: T
  #asking: Promise<void> | undefined

  constructor(first: T) {
    this.#last = first
  }

  /** The answer, or the last one where it takes longer than a second or fails; only one question is open at a time. */
  async known(ask: () => Promise<T>): Promise<T> {
    this.#asking ??= ask()
      .then((answer) => {
        this.#last = answer
      })
      .catch(() => undefined)
      .finally(() => {
        this.#asking = undefined
      })
    await within(BOUND_MS, this.#asking)
    return this.#last
  }
}
