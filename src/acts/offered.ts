import type { Address } from '../authority/proposal.ts'
import { holds } from '../authority/rights.ts'
import type { Act, Asked } from './act.ts'
import type { ActSituation } from './situation.ts'
import type { TargetName } from './targets.ts'

/** An act as a page offers it: upon what, and what its form begins with there. */
export interface Offered {
  act: Act
  asked: Asked
  address: Address
  /** Fields that are chosen already by where it is offered: the penalty of a listing, what an objection is about. */
  chosen: Readonly<Record<string, string>>
  /** Whether whoever looks has a right that it takes, and so anything to do with it. */
  isBusiness: boolean
}

/**
 * The acts that the page of a thing offers: those upon such things that this one is open to, in their order. One that
 * whoever looks may not do says why by its hindrance.
 */
export function offeredOn(
  acts: readonly Act[],
  on: TargetName,
  address: Address,
  at: ActSituation,
): Offered[] {
  return acts.flatMap((act) => {
    if (act.on !== on) return []
    const asked = act.ask(address, at)
    const isBusiness = holds(at.actor.rights, ...act.rights)
    return asked.isClosed || asked.isNeedless ? [] : [{ act, asked, address, chosen: {}, isBusiness }]
  })
}

/**
 * Acts upon a whole by the part of it that one can choose in their forms: at that part they are offered with the choice
 * made. Those that have no part to choose stand under ''.
 */
export function offeredByPart(whole: readonly Offered[]): ReadonlyMap<string, readonly Offered[]> {
  const byPart = new Map<string, Offered[]>()
  const add = (part: string, own: Offered) => byPart.set(part, [...(byPart.get(part) ?? []), own])
  for (const own of whole) {
    const parts = Object.entries(own.asked.choices).flatMap(([field, choices]) =>
      choices.flatMap(({ value, part }) =>
        part === undefined ? [] : [{ part, chosen: { [field]: value } }],
      ),
    )
    for (const { part, chosen } of parts) add(part, { ...own, chosen })
    if (parts.length === 0) add('', own)
  }
  return byPart
}

/** Those among what is offered that whoever looks may do. */
export function openAmong(offered: readonly Offered[]): readonly Offered[] {
  return offered.filter(({ asked, isBusiness }) => isBusiness && asked.hindrance === undefined)
}

/** Why whoever looks may not do some of what is offered, each reason once with the acts that it keeps from them. */
export function hindrancesOf(offered: readonly Offered[]): { acts: string[]; why: string }[] {
  const byReason = new Map<string, string[]>()
  for (const { act, asked, isBusiness } of offered) {
    const why = isBusiness ? asked.hindrance : undefined
    if (why !== undefined) byReason.set(why, [...(byReason.get(why) ?? []), act.label])
  }
  return Array.from(byReason, ([why, acts]) => ({ acts, why }))
}
