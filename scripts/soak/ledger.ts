/** What of the registry is counted on its pages. */
export type Counted =
  | 'files'
  | 'listed'
  /** Sampling tests with a public result, and those of them that were passed. */
  | 'tested'
  | 'passed'
  /** Firms with a licence that holds, and those of them whose file is complete. */
  | 'holders'
  | 'complete'

interface Change {
  of: Counted
  by: number
  /** When it was asked for, and when it was acknowledged, in milliseconds since 1970. */
  asked: number
  acknowledged: number
}

/** Between which two numbers a figure may lie. */
export interface Span {
  least: number
  most: number
}

/** What was asked for and acknowledged of what is counted, to hold figures against that say from when they are. */
export class Ledger {
  readonly #base: Readonly<Record<Counted, number>>
  readonly #now: () => number
  readonly #changes: Change[] = []

  constructor(base: Readonly<Record<Counted, number>>, now: () => number = Date.now) {
    this.#base = base
    this.#now = now
  }

  /** Notes that so many more, or fewer, were asked for; they count as done for certain from the acknowledgement on that is then told. */
  asked(of: Counted, by: number): () => void {
    const change = { of, by, asked: this.#now(), acknowledged: Number.POSITIVE_INFINITY }
    this.#changes.push(change)
    return () => {
      change.acknowledged = this.#now()
    }
  }

  /**
   * What a figure may be that says it is from a moment and was seen at another: all that was acknowledged before the first is in
   * it, nothing that was asked for after the second.
   */
  span(of: Counted, moment: number, seen: number): Span {
    const span = { least: this.#base[of], most: this.#base[of] }
    for (const { by, asked, acknowledged } of this.#changes.filter((change) => change.of === of)) {
      const isSure = acknowledged < moment
      if (isSure || (by < 0 && asked <= seen)) span.least += by
      if (isSure || (by > 0 && asked <= seen)) span.most += by
    }
    return span
  }
}
