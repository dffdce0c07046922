import { ByteCache } from '../views/byte-cache.ts'

const KEPT_BYTES = 16 * 1024 * 1024

/** Answers by their address, kept until anything changes: few questions make up most of what is asked. */
export class KeptAnswers {
  readonly #answers = new ByteCache<Buffer>('API answers', KEPT_BYTES, ({ length }) => length)
  readonly #momentNow: () => string
  #moment = ''

  constructor(moment: () => string) {
    this.#momentNow = moment
  }

  get(address: string, make: () => Buffer): Buffer {
    const moment = this.#momentNow()
    if (moment !== this.#moment) {
      this.#answers.clear()
      this.#moment = moment
    }
    const kept = this.#answers.get(address)
    if (kept) return kept
    const made = make()
    this.#answers.set(address, made)
    return made
  }
}
