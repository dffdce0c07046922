import { LRUCache } from 'lru-cache'

/** Answers by their address, kept until anything changes: few questions make up most of what is asked. */
export class KeptAnswers {
  readonly #answers = new LRUCache<string, Buffer>({ max: 500 })
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
    const kept = this.#answers.get(address) ?? make()
    this.#answers.set(address, kept)
    return kept
  }
}
