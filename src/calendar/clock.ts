/** How far the wall clock may be set while the program runs before nobody believes it: five minutes. */
export const CLOCK_BOUND_MS = 5 * 60_000

interface Sources {
  /** Milliseconds since 1970 by the machine's clock, which anybody may set. */
  wall(): number
  /** Milliseconds that only ever pass. */
  monotonic(): number
}

const machine: Sources = { wall: Date.now, monotonic: () => performance.now() }

/**
 * The machine's clock, held against the time that has passed: a step of more than the bound is not followed until a
 * person says that it is right. Smaller ones are what time servers make, and are followed.
 */
export class WatchedClock {
  readonly #sources: Sources
  /** What is believed: the wall clock's time at a moment that only passes. */
  #base: { wall: number; monotonic: number }

  constructor(sources: Sources = machine) {
    this.#sources = sources
    this.#base = { wall: sources.wall(), monotonic: sources.monotonic() }
  }

  /** The time that is believed; never later than the machine's. */
  readonly now = (): Date => {
    const { wall, passed, hasJumped } = this.#look()
    return new Date(hasJumped ? Math.min(wall, passed) : wall)
  }

  /** By how many milliseconds the machine's clock has left what is believed; undefined where it has not. */
  get jump(): number | undefined {
    const { wall, passed, hasJumped } = this.#look()
    return hasJumped ? wall - passed : undefined
  }

  /** Follows the machine's clock again, as somebody has said that it is right. */
  accept(): void {
    this.#base = { wall: this.#sources.wall(), monotonic: this.#sources.monotonic() }
  }

  #look(): { wall: number; passed: number; hasJumped: boolean } {
    const [wall, monotonic] = [this.#sources.wall(), this.#sources.monotonic()]
    const passed = this.#base.wall + (monotonic - this.#base.monotonic)
    // Set back to where it was, it is right again by itself.
    const hasJumped = Math.abs(wall - passed) > CLOCK_BOUND_MS
    if (!hasJumped) this.#base = { wall, monotonic }
    return { wall, passed, hasJumped }
  }
}
