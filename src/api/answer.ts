import type { z } from 'zod'
import type { Act } from '../acts/act.ts'
import type { Actor } from '../authority/acting.ts'
import type { Address } from '../authority/proposal.ts'
import type { Outcome } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'

/** An act that was done, by whom. */
export interface Done {
  act: Act
  address: Address
  outcome: Outcome
  actor: Actor
  /** Whom else a sample names whose file it does not reach, and why. */
  unreached?: readonly { name: string; why: string }[]
}

interface Shown {
  body?: unknown
  /** The same as text, where it is kept ready. */
  json?: string
  /** Where it is from now on, below `/api/v1`. */
  location?: string
  /** Whether it waits for another person, and is answered with 202. */
  isAccepted?: boolean
}

/** How a thing is answered with right after an act upon it. */
export interface Answer {
  /** Where the reference has it. */
  tag: string
  schema: z.ZodType
  /** What it is answered with while it waits for another person. */
  accepted?: z.ZodType
  shown(registry: Registry, done: Done): Shown
}

/** Id of the thing that an act was upon, or made. */
export function idIn({ outcome: { subject, made }, address: { id } }: Done): string {
  return made ?? id ?? subject.slice(subject.indexOf('/') + 1)
}
