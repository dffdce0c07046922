/** How far the wall clock may be set while the program runs, at once or step by step within a day, before nobody believes it. */
export const CLOCK_BOUND_MS = 5 * 60_000
const DAY_MS = 24 * 3_600_000

/** Before this the program did not exist: a clock that says so is wrong, whatever anybody says of it. */
const FIRST_RELEASE = Date.parse('2026-01-01T00:00:00+08:00')

/** Whether a machine's clock is surely wrong, as after its battery has run out. */
export function isBeforeRelease(now: Date): boolean {
  return now.getTime() < FIRST_RELEASE
}

interface Sources {
  /** Milliseconds since 1970 by the machine's clock, which anybody may set. */
  wall(): number
  /** Milliseconds that only ever pass. */
  monotonic(): number
}

const machine: Sources = { wall: Date.now, monotonic: () => performance.now() }

/** The wall clock's time at a moment that only passes. */
interface Moment {
  wall: number
  monotonic: number
}

/**
 * The machine's clock, held against the time that has passed: steps of more than the bound, one or several of a day together, are not
 * followed until a person says that it is right. Smaller ones are what time servers make, and are followed.
 */
export class WatchedClock {
  readonly #sources: Sources
  /** What is believed, as of the last look. */
  #base: Moment
  /** What was believed when the day began of which all steps count together. */
  #dayBase: Moment

  constructor(sources: Sources = machine) {
    this.#sources = sources
    this.#base = { wall: sources.wall(), monotonic: sources.monotonic() }
    this.#dayBase = this.#base
  }

  /** The time that is believed; never later than the machine's. */
  readonly now = (): Date => {
    const { wall, passed, jump } = this.#look()
    return new Date(jump === undefined ? wall : Math.min(wall, passed))
  }

  /** By how many milliseconds the machine's clock has left what is believed; undefined where it has not. */
  get jump(): number | undefined {
    return this.#look().jump
  }

  /** Follows the machine's clock again, as somebody has said that it is right. */
  accept(): void {
    this.#base = { wall: this.#sources.wall(), monotonic: this.#sources.monotonic() }
    this.#dayBase = this.#base
  }

  #look(): { wall: number; passed: number; jump: number | undefined } {
    const now = { wall: this.#sources.wall(), monotonic: this.#sources.monotonic() }
    const [step, ofDay] = [stepFrom(this.#base, now), stepFrom(this.#dayBase, now)]
    // Set back to where it was, it is right again by itself.
    const jump = [step, ofDay].find((by) => Math.abs(by) > CLOCK_BOUND_MS)
    const passed = now.wall - step
    if (jump !== undefined) return { wall: now.wall, passed, jump }
    this.#base = now
    if (now.monotonic - this.#dayBase.monotonic >= DAY_MS) this.#dayBase = now
    return { wall: now.wall, passed, jump }
  }
}

/** By how much the wall clock has been set between two moments. */
function stepFrom(from: Moment, to: Moment): number {
  return to.wall - from.wall - (to.monotonic - from.monotonic)
}
