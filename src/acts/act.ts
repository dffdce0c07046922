import type { z } from 'zod'
import {
  type Actor,
  type Doer,
  rightHindrance,
  secondHindrance,
  sightHindrance,
  type Whose,
  whoseHindrance,
} from '../authority/acting.ts'
import { type Body, highestOf, isSame } from '../authority/authorities.ts'
import type { Scope } from '../authority/keys.ts'
import type { Address, Proposal } from '../authority/proposal.ts'
import type { Decision } from '../dossier/commands.ts'
import { type Dossier, nameOf, versionOf } from '../dossier/dossier.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Column, columnsOf, type Fields } from '../records/kind.ts'
import { futureDates } from '../records/validate.ts'
import { faultyInput, inputFaults } from './input.ts'
import { waitingAlike } from './proposing.ts'
import type { ActSituation } from './situation.ts'
import { type TargetName, type Targets, targets } from './targets.ts'
import { whyTwoPersons } from './two-persons.ts'

/** Where the API takes an act: its address, and the step that tells it from others at the same one. */
export interface ActRoute {
  method: 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with `:code` and `:id` of what it touches. */
  path: string
  /** Value of `step` in the body that picks this act among those of the address. */
  step?: string
  /** Whether whoever asks must say which revision they saw (`If-Match`). */
  seen?: true
  /** Field that the whole body is the value of: a document. */
  body?: string
  /** Status of its answer: 201 where it makes something, 202 where that goes on being made. */
  status?: 200 | 201 | 202
  /** What it is answered with. */
  answer: ActAnswer
  /** Name of the operation in the API's description, where it is not the act's own. */
  operation?: string
}

/** What an act is answered with: a thing as it stands right after it. */
export type ActAnswer =
  | 'file'
  | 'record'
  | 'case'
  | 'objection'
  | 'earlyEnd'
  | 'decisionText'
  | 'rating'
  | 'made'
  | 'nothing'
  | 'authority'
  | 'key'
  | 'consumer'
  | 'officer'
  | 'standard'
  | 'campaign'
  | 'bulletin'
  | 'draw'
  | 'roster'
  | 'import'
  | 'rules'

/** A choice that only the thing itself can name: its penalties, the measures of its rules. */
export interface Choice {
  value: string
  label: string
  /** The part of the file that it stands for, by its id: there the act is offered with the choice made. */
  part?: string
}

/** What an act comes to: entries, what is begun once they stand, and what is told this once. */
export interface Outcome extends Decision {
  work?: Work
  secret?: Secret
}

/** Work over many files that an act begins. */
export type Work =
  | { campaign: string; what: 'draft' | 'issue' | 'clear' }
  | { import: string; reason: string; actor: Actor; isConfirmed: boolean }

/** What is shown to whoever acted, once: a first password, the text of a key. */
export interface Secret {
  label: string
  text: string
}

/** What the desk asks for an act whose input is not made of lines that one can fill in. */
export interface ActForm {
  columns: readonly Column[]
  /** The input that the lines of a form come to. */
  inputOf(lines: Readonly<Record<string, unknown>>): unknown
}

type Decide<K extends TargetName, I extends Fields> = (
  on: Targets[K],
  input: z.output<I>,
  at: ActSituation,
) => Outcome

/** What an act is, said once. */
export interface Definition<K extends TargetName, I extends Fields> {
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
  /** Whether its form stands at hand on the page of what it touches, where other acts upon a file are a link. */
  isAtHand?: true
  form?: ActForm
  /** Those who have had a hand in the matter and so can't do this too. */
  apart?(on: Targets[K], at: ActSituation): Doer[]
  /** How that is said, where there are better words for it. */
  apartWords?: string
  /**
   * Why a second person must confirm it, in words; undefined where one person is enough. `byEntries` where that follows
   * from what it would append to the file.
   */
  second?:
    | 'byEntries'
    | {
        /** Of what it takes a second person, as its form says beforehand; empty where it always does. */
        when: string
        why(on: Targets[K], input: z.output<I>, at: ActSituation): string | undefined
      }
  /**
   * Whose person has to confirm it, where those are other authorities than the one whose thing it touches: of each group,
   * which made something together, somebody of one, or of one above; none where it is that one's own.
   */
  secondOf?(on: Targets[K], input: z.output<I>, at: ActSituation): readonly (readonly Body[])[]
  /** Whether somebody of the province has to confirm it, beside what else is asked of them. */
  secondOfProvince?(on: Targets[K], input: z.output<I>): boolean
  /** The right of whoever confirms. */
  secondRight?: Scope
  /**
   * That what it asks for says of what, or whether it takes a second person at all: while one waits, another may be done
   * upon the same thing (other duties, an objection that is not upheld).
   */
  leavesRoom?: true
  /**
   * That no machine does it: the next step is the same authority's alone, and after its machine none of its officers could
   * take that.
   */
  isByPerson?: true
  /** Fields that nobody may read, as they are kept while they wait: a staff number by its hash, a password not at all. */
  sealed?: Readonly<Partial<Record<keyof z.output<I> & string, (typed: string, at: ActSituation) => unknown>>>
  /** Why it can't be done as the thing stands, by anybody: in words, or as a refusal that says more; undefined where it can. */
  closed?(on: Targets[K], at: ActSituation): string | Refusal | undefined
  /** Whether offering it would serve nobody, though it could be done: a doubt about what is one's own. */
  needless?(on: Targets[K], at: ActSituation): boolean
  /** The file that it opens first, where there is none yet. */
  opens?(address: Address, input: z.output<I>, at: ActSituation): Decision | undefined
  /** Who made what it may be about, where that is less than all that stands in the file. */
  makers?(on: Targets[K], at: ActSituation): readonly Body[]
  /** What there is to choose from for a field. */
  choices?(on: Targets[K], at: ActSituation): Readonly<Record<string, readonly Choice[]>>
  /** What is said where there is nothing to choose from for a field that has to be chosen. */
  noChoice?: string
  /** What the form begins with. */
  begins?(on: Targets[K], at: ActSituation): Readonly<Record<string, string>>
  /** The entries that it comes to; refuses what does not fit. */
  decide: Decide<K, I> | Prepared<K, I>
}

/** An act that has something looked up or worked out at length first; that gives what decides then. */
interface Prepared<K extends TargetName, I extends Fields> {
  after(on: Targets[K], input: z.output<I>, at: ActSituation): Promise<Decide<K, I>>
}

/** What somebody has put forward of an act, and still waits upon the same thing. */
export interface Waiting {
  own: Proposal
  /** Whether there is no other input for which the act would not be refused meanwhile. */
  isWhole: boolean
}

/** An act upon a thing that was found: what hinders it, and what it comes to. */
export interface Asked {
  /** The file that it is in; undefined for what stands outside files. */
  dossier: Dossier | undefined
  subject: string
  /** Revision of its subject. */
  revision: number
  /** The number that its subject's state bears for whoever asks. */
  seen: number
  proposals: readonly Proposal[]
  place: string | undefined
  /** What it is called: the enterprise, for what is in its file. */
  title: string
  /** Version of the thing, for a proposal to be held against. */
  version: number
  choices: Readonly<Record<string, readonly Choice[]>>
  begins: Readonly<Record<string, string>>
  /** Whether it can't be done as the thing stands, or has nothing to choose from. */
  isClosed: boolean
  /** Whether offering it to the actor would serve nobody. */
  isNeedless: boolean
  /** Why the actor may not do it, now or at all, in words; undefined when they may. */
  hindrance: string | undefined
  /** Why it is not the actor's to do, however the thing stands. */
  forbidden: string | undefined
  /** What of the same waits for a second person already, where that stands in the way of the actor's own. */
  waiting: readonly Waiting[]
  /** Why the actor may not see what is put forward about it with an input, in words; undefined when they may. */
  unseen(input: unknown): string | undefined
  /** Why the actor may not confirm what somebody else put forward. */
  confirmHindrance(proposed: { by: Doer; input: unknown }): string | undefined
  /**
   * Decides; `second` says why it has to be confirmed first. Refuses whoever may not, what can't be done as the thing
   * stands, and input that does not fit.
   */
  decide(input: unknown): { decision: Outcome; second: string | undefined; input: Record<string, unknown> }
}

/** Finds what an act is asked of; refuses what is not there. */
type Ask = (address: Address, at: ActSituation) => Asked

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
  readonly isAtHand: boolean
  /** The right of whoever confirms it; undefined for an act that never takes a second person. */
  readonly secondRight: Scope | undefined
  /** Of what it takes a second person, as its form says before it is sent; empty for one that always does. */
  readonly secondWhen: string
  /** Whether those who had a hand in the matter before can't do it. */
  readonly isApart: boolean
  /** Whether no machine can do it. */
  readonly isByPerson: boolean
  readonly form: ActForm
  /** Fields of its input that nobody may read. */
  readonly sealed: readonly string[]
  readonly ask: Ask
  /** The file that it opens first, where there is none yet; undefined for all others. */
  opening(address: Address, input: unknown, at: ActSituation): Decision | undefined
  /** The same once what it needs has been looked up and worked out, for an act that needs it. */
  prepared?(address: Address, input: unknown, at: ActSituation): Promise<Ask>
}

/**
 * An act (办理事项) from its definition. Everything that offers or takes it follows: the API's body and answers, the
 * desk's form, who may and why not, the queue, the audit's words, docs/rights.md.
 */
export function act<K extends TargetName, I extends Fields>(definition: Definition<K, I>): Act {
  const {
    name,
    label,
    on,
    input: fields,
    right,
    whose,
    route,
    effect,
    isGrave = false,
    isAtHand = false,
    decide,
  } = definition
  const sealed: Readonly<Record<string, ((typed: string, at: ActSituation) => unknown) | undefined>> =
    definition.sealed ?? {}
  const secondRight = definition.second ? (definition.secondRight ?? 'listings:decide') : undefined
  const columns = columnsOf(fields)
  const rights = [right].flat()
  const form = definition.form ?? { columns, inputOf: (lines: unknown) => lines }
  const touched = (found: Targets[K], at: ActSituation) => {
    const { makers } = definition
    return makers ? { ...found, makers: () => makers(found, at) } : found
  }
  const forbidden = (found: Targets[K], at: ActSituation) =>
    rightHindrance(at.actor, ...rights) ??
    whoseHindrance(whose, touched(found, at), at.actor, at.authorities) ??
    (definition.isByPerson && at.actor.isMachine ? BY_PERSON : undefined) ??
    apartHindrance(definition, found, at)
  const closed = (found: Targets[K], at: ActSituation): Refusal | undefined => {
    const why = definition.closed?.(found, at)
    return typeof why === 'string' ? new Refusal('exists', why) : why
  }

  function noChoice(offered: Asked['choices']): string | undefined {
    const empty = form.columns.find(({ field, required }) => required && offered[field]?.length === 0)
    return empty && (definition.noChoice ?? `没有可供选择的${empty.label}。`)
  }

  function checked(found: Targets[K], typed: unknown, at: ActSituation): z.output<I> {
    const why = forbidden(found, at)
    if (why !== undefined) throw new Refusal('forbidden', why)
    const shut = closed(found, at)
    if (shut) throw shut
    const parsed = fields.safeParse(typed, { reportInput: true })
    if (!parsed.success) throw inputFaults(label, columns, parsed.error)
    const late = futureDates(columns, parsed.data, at.today)
    if (late.length > 0) throw faultyInput(label, late)
    return parsed.data
  }

  function whyConfirmed(
    found: Targets[K],
    input: z.output<I>,
    { drafts }: Outcome,
    at: ActSituation,
  ): string | undefined {
    if (definition.second !== 'byEntries') return definition.second?.why(found, input, at)
    return 'dossier' in found ? whyTwoPersons(found.dossier, drafts, at) : undefined
  }

  /** The authorities that it would be done in the name of or to the things of, where those are not the thing's own. */
  function concerned(found: Targets[K], typed: unknown, at: ActSituation): readonly (readonly Body[])[] {
    const input = definition.secondOf && fields.safeParse(typed).data
    return (input && definition.secondOf?.(found, input, at)) ?? []
  }

  /** Why somebody may not confirm it, by whose it is: where it concerns several, it is confirmed by who is above them all. */
  function confirmerHindrance(
    found: Targets[K],
    { by, input: typed }: { by: Doer; input: unknown },
    at: ActSituation,
  ): string | undefined {
    const groups = concerned(found, typed, at)
    const input = definition.secondOfProvince && fields.safeParse(typed).data
    const isOfProvince = input !== undefined && definition.secondOfProvince?.(found, input)
    const other = isOfProvince ? whoseHindrance('province', found, at.actor, at.authorities) : undefined
    if (other !== undefined) return other
    return groups.length === 0
      ? whoseHindrance(whose, touched(found, at), at.actor, at.authorities)
      : groups.map((group) => groupHindrance(found, othersThan(by, group, at), at)).find(Boolean)
  }

  function groupHindrance(found: Targets[K], group: readonly Body[], at: ActSituation): string | undefined {
    const why = group.map((owner) =>
      whoseHindrance('ownerOrAbove', { ...found, owner }, at.actor, at.authorities),
    )
    if (why.includes(undefined)) return undefined
    if (group.length === 1) return why[0]
    const names = group.map(({ name }) => name)
    return `该事项由${names.join('、')}共同作出，由${names.join('或者')}，或者其上级机关办理。`
  }

  const asking =
    (decides: Decide<K, I>): Ask =>
    (address, at) => {
      const found = targets[on](address, at)
      const { subject, revision, proposals, place } = found
      const dossier = 'dossier' in found ? found.dossier : undefined
      // A page offers it with each part that can be chosen; what there is to choose is looked for among all of them.
      const choices = lazily(() => definition.choices?.(found, at) ?? {})
      const closure = lazily(() => closed(found, at))
      const lack = lazily(() => noChoice(choices()))
      const hindrance = lazily(() => closure()?.title ?? forbidden(found, at) ?? lack())
      return {
        dossier,
        subject,
        revision,
        proposals,
        place,
        get title() {
          return 'title' in found ? found.title : nameOf(found.dossier)
        },
        get seen() {
          return dossier ? at.revisionOf(dossier) : revision
        },
        get version() {
          return 'dossier' in found ? versionOf(found.dossier, found.part) : revision
        },
        get choices() {
          return choices()
        },
        get begins() {
          return definition.begins?.(found, at) ?? {}
        },
        get isClosed() {
          return closure() !== undefined || lack() !== undefined
        },
        get isNeedless() {
          return definition.needless?.(found, at) ?? false
        },
        get hindrance() {
          return hindrance()
        },
        get forbidden() {
          return forbidden(found, at)
        },
        get waiting() {
          const { inTheWay } = waitingAlike({ name }, { proposals, id: address.id }, at)
          return inTheWay.map((own) => ({
            own,
            isWhole: own.fields === undefined && !definition.leavesRoom,
          }))
        },
        unseen(input) {
          const { place } = found
          // What it is called is no more theirs to know than the rest. Who is named in it sees it too.
          const [first, ...others] = [found.owner, ...concerned(found, input, at).flat()].map((owner) =>
            sightHindrance({ owner, place }, at.actor, at.authorities),
          )
          return others.includes(undefined) ? undefined : first
        },
        confirmHindrance: (proposed) =>
          (secondRight === undefined ? undefined : rightHindrance(at.actor, secondRight)) ??
          confirmerHindrance(found, proposed, at) ??
          secondHindrance(proposed.by, at.actor) ??
          apartHindrance(definition, found, at),
        decide(typed) {
          const input = checked(found, typed, at)
          const decision = decides(found, input, at)
          return {
            decision,
            second: whyConfirmed(found, input, decision, at),
            input: kept(sealed, input, at),
          }
        },
      }
    }

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
    isAtHand,
    secondRight,
    secondWhen: typeof definition.second === 'object' ? definition.second.when : '涉及公开内容的',
    isApart: definition.apart !== undefined,
    isByPerson: definition.isByPerson ?? false,
    form,
    sealed: Object.keys(sealed),
    opening(address, typed, at) {
      const input = definition.opens && fields.safeParse(typed).data
      return input && definition.opens?.(address, input, at)
    },
    ask: asking(typeof decide === 'function' ? decide : unprepared),
    ...(typeof decide !== 'function' && {
      async prepared(address, typed, at) {
        const found = targets[on](address, at)
        return asking(await decide.after(found, checked(found, typed, at), at))
      },
    }),
  }
}

/**
 * Those among several that made something together whose word is asked: the highest of them, any one where several are. Where
 * whoever puts it forward is of one of them, the highest of the others, as nobody vouches for these alone.
 */
function othersThan(by: Doer, group: readonly Body[], { authorities }: ActSituation): readonly Body[] {
  const others = group.filter((own) => !isSame(own, by.body) && !authorities.isAbove(by.body, own))
  return highestOf(others.length === 0 ? group : others)
}

/** Input as it is kept while it waits: what nobody may read of it is sealed, or left out. */
function kept(
  sealed: Readonly<Record<string, ((typed: string, at: ActSituation) => unknown) | undefined>>,
  input: Readonly<Record<string, unknown>>,
  at: ActSituation,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([field, value]): [string, unknown][] => {
      const seal = sealed[field]
      const said = seal && typeof value === 'string' ? seal(value, at) : value
      return said === undefined ? [] : [[field, said]]
    }),
  )
}

const BY_PERSON =
  '此步须由工作人员，或者以工作人员名义（--for）开立的密钥办理：由接口密钥办理的，本机关没有人能接着作出决定。'

function unprepared(): never {
  throw new Error('what this act rests on was not looked up')
}

function apartHindrance<K extends TargetName>(
  { apart, apartWords }: Pick<Definition<K, Fields>, 'apart' | 'apartWords'>,
  on: Targets[K],
  at: ActSituation,
): string | undefined {
  const others = apart?.(on, at) ?? []
  const persons = others.filter(({ isMachine }) => !isMachine)
  // A machine that had a hand in it takes nothing from a person of its own authority who had one too: they answer for it.
  const counted = others.filter(
    (one) => !one.isMachine || !persons.some(({ body }) => isSame(body, one.body)),
  )
  for (const other of counted) {
    const why = secondHindrance(other, at.actor)
    if (why !== undefined) return (other.person === at.actor.person ? apartWords : undefined) ?? why
  }
  return undefined
}

/** What is computed when it is first asked for, and once. */
function lazily<T>(compute: () => T): () => T {
  let known: { value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}
