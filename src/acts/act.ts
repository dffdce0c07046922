import type { z } from 'zod'
import {
  type Doer,
  rightHindrance,
  secondHindrance,
  type Whose,
  whoseHindrance,
} from '../authority/acting.ts'
import type { Scope } from '../authority/keys.ts'
import type { RuleSet } from '../blacklist/rule-set.ts'
import type { Decision, Situation } from '../dossier/commands.ts'
import { type Dossier, versionOf } from '../dossier/dossier.ts'
import type { Address } from '../dossier/proposal.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Column, columnsOf, type Fields } from '../records/kind.ts'
import { futureDates } from '../records/validate.ts'
import { faultyInput, inputFaults } from './input.ts'
import { type TargetName, type Targets, targets } from './targets.ts'

/** What an act is decided by: beside files, day and persons, the rules of listing in force. */
export interface ActSituation extends Situation {
  rules: readonly RuleSet[]
}

/** Where the API takes an act: its address, and the step that tells it from others at the same one. */
export interface ActRoute {
  method: 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with `:code` and `:id` of what it touches. */
  path: string
  /** Value of `step` in the body that picks this act among those of the address. */
  step?: string
  /** Whether whoever asks must say which revision they saw (`If-Match`). */
  seen?: true
  /** Status of its answer: 201 where it makes something. */
  status?: 200 | 201
  /** What it is answered with. */
  answer: ActAnswer
  /** Name of the operation in the API's description, where it is not the act's own. */
  operation?: string
}

/** What an act is answered with: a thing as it stands right after it. */
export type ActAnswer = 'file' | 'record' | 'case' | 'objection' | 'earlyEnd' | 'rating' | 'made' | 'nothing'

/** A choice that only the thing itself can name: its penalties, the measures of its rules. */
export interface Choice {
  value: string
  label: string
}

interface Definition<K extends TargetName, I extends Fields> {
  /** Name in addresses and entries: `withdraw-record`. */
  name: string
  /** What it is called on buttons and in the audit: 撤回记录. */
  label: string
  /** What it touches. */
  on: K
  /** What it asks for, with labels, bounds and hints. */
  input: I
  /** The right that it takes, or any one of several. */
  right: Scope | readonly Scope[]
  /** Whose things it may touch. */
  whose: Whose
  route: ActRoute
  /** What it brings about, said before it is done. */
  effect?: string
  /** Whether it is asked for only when unfolded: it ends or undoes something. */
  isGrave?: true
  /** Those who have had a hand in the matter and so can't do this too. */
  apart?(on: Targets[K], at: ActSituation): Doer[]
  /** Why a second person must confirm it, in words; undefined where one person is enough. */
  second?(on: Targets[K], input: z.output<I>, at: ActSituation): string | undefined
  /** The right of whoever confirms. */
  secondRight?: Scope
  /** Why it can't be done as the thing stands, in words; undefined where it can. */
  closed?(on: Targets[K], at: ActSituation): string | undefined
  /** What there is to choose from for a field. */
  choices?(on: Targets[K], at: ActSituation): Readonly<Record<string, readonly Choice[]>>
  /** What the form begins with. */
  begins?(on: Targets[K], at: ActSituation): Readonly<Record<string, string>>
  /** The entries that it comes to; refuses what does not fit. */
  decide(on: Targets[K], input: z.output<I>, at: ActSituation): Decision
}

/** An act upon a thing that was found: what hinders it, and what it comes to. */
export interface Asked {
  dossier: Dossier
  /** Version of the thing, for a proposal to be held against. */
  version: number
  choices: Readonly<Record<string, readonly Choice[]>>
  begins: Readonly<Record<string, string>>
  /** Why the actor may not do it, now or at all, in words; undefined when they may. */
  hindrance: string | undefined
  /** Why the actor may not confirm it after somebody else proposed it. */
  confirmHindrance(proposer: Doer): string | undefined
  /** Decides; `second` says why it has to be confirmed first. Refuses whoever may not, and input that does not fit. */
  decide(input: unknown): { decision: Decision; second: string | undefined; input: Record<string, unknown> }
}

/** An act with its types rubbed off, as the rooms that treat all acts alike see it. */
export interface Act {
  readonly name: string
  readonly label: string
  readonly on: TargetName
  readonly input: Fields
  readonly columns: readonly Column[]
  readonly rights: readonly Scope[]
  readonly whose: Whose
  readonly route: ActRoute
  readonly effect: string | undefined
  readonly isGrave: boolean
  /** The right of whoever confirms it; undefined for an act that never takes a second person. */
  readonly secondRight: Scope | undefined
  /** Whether those who had a hand in the matter before can't do it. */
  readonly isApart: boolean
  /** Finds what it is asked of; refuses what is not there. */
  ask(address: Address, at: ActSituation): Asked
}

/**
 * An act (办理事项) from its definition. Everything that offers or takes it follows: the API's body and answers, the
 * desk's form, who may and why not, the queue, the audit's words, docs/rights.md.
 */
export function act<K extends TargetName, I extends Fields>(definition: Definition<K, I>): Act {
  const { name, label, on, input: fields, right, whose, route, effect, isGrave = false } = definition
  const secondRight = definition.second ? (definition.secondRight ?? 'listings:decide') : undefined
  const columns = columnsOf(fields)
  const rights = [right].flat()
  return {
    name,
    label,
    on,
    input: fields,
    columns,
    rights,
    whose,
    route,
    effect,
    isGrave,
    secondRight,
    isApart: definition.apart !== undefined,
    ask(address, at) {
      const found = targets[on](address, at)
      const { dossier, part, owner, place } = found
      const forbidden = () =>
        rightHindrance(at.actor, ...rights) ??
        whoseHindrance(whose, { owner, place }, at.actor, at.authorities) ??
        apartHindrance(definition.apart?.(found, at) ?? [], at)
      const closed = () => definition.closed?.(found, at)
      return {
        dossier,
        get version() {
          return versionOf(dossier, part)
        },
        get choices() {
          return definition.choices?.(found, at) ?? {}
        },
        get begins() {
          return definition.begins?.(found, at) ?? {}
        },
        get hindrance() {
          return closed() ?? forbidden()
        },
        confirmHindrance: (proposer) =>
          (secondRight === undefined ? undefined : rightHindrance(at.actor, secondRight)) ??
          whoseHindrance(whose, { owner, place }, at.actor, at.authorities) ??
          secondHindrance(proposer, at.actor),
        decide(typed) {
          const why = forbidden()
          if (why !== undefined) throw new Refusal('forbidden', why)
          const parsed = fields.safeParse(typed, { reportInput: true })
          if (!parsed.success) throw inputFaults(label, columns, parsed.error)
          const late = futureDates(columns, parsed.data, at.today)
          if (late.length > 0) throw faultyInput(label, late)
          const input: z.output<I> = parsed.data
          const decision = definition.decide(found, input, at)
          return { decision, second: definition.second?.(found, input, at), input: { ...parsed.data } }
        },
      }
    },
  }
}

function apartHindrance(others: readonly Doer[], { actor }: ActSituation): string | undefined {
  return others.map((other) => secondHindrance(other, actor)).find((why) => why !== undefined)
}
