import { z } from 'zod'
import type { Author, Draft } from './entry.ts'
import type { Register } from './register.ts'

/** Subject of what persons have said about the clock. */
export const CLOCK_SUBJECT = 'register/clock'

/** The one kind of entry whose time may lie before that of the entry before it. */
export const CLOCK_ACCEPTED = 'clock.accepted'

/** By how much the register may be ahead of a machine's clock: what several machines differ by. */
export const AHEAD_MS = 5_000

const accepted = z.object({
  reason: z.string(),
  /** What the clock said, and the time of the last entry before. */
  now: z.string(),
  last: z.string(),
})

/** The entry by which a person says that the clock is right as it stands now. */
export function acceptance(now: Date, last: string, reason: string, author: Author): Draft {
  const payload: z.output<typeof accepted> = { reason, now: now.toISOString(), last }
  return { subject: CLOCK_SUBJECT, kind: CLOCK_ACCEPTED, payload, visibility: 'internal', author }
}

/** How often the clock has been accepted; more than before means that somebody has just done so. */
export async function timesAccepted(register: Register): Promise<number> {
  return (await register.history(CLOCK_SUBJECT)).length
}

/** The register's last entry lies in the future of this machine's clock: one of the two is wrong. */
export class ClockBehind extends Error {
  override readonly name = 'ClockBehind'
  constructor(
    readonly last: string,
    readonly now: string,
  ) {
    super(`the last entry is of ${last}, the clock says ${now}`)
  }
}

/**
 * By how many milliseconds this machine's clock is ahead of another's, as it surely is: what that one said came between two looks
 * at this one. Negative where it is behind.
 */
export function aheadOf(there: number, before: number, after: number): number {
  return before > there ? before - there : Math.min(0, after - there)
}

/** This machine's clock and that of the server which keeps the register for all nodes differ: one of the two is wrong. */
export class ClockApart extends Error {
  override readonly name = 'ClockApart'
  constructor(
    readonly there: string,
    readonly now: string,
  ) {
    super(`the register's server says ${there}, the clock says ${now}`)
  }
}

/** Nothing is recorded until a person has looked at the clock. */
export class ClockDoubted extends Error {
  override readonly name = 'ClockDoubted'
}
