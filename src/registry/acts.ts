import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Act, Asked, Outcome as Decided, Secret, Work } from '../acts/act.ts'
import { hindranceOfKind } from '../acts/add-record.ts'
import { type Offered, offeredOn } from '../acts/offered.ts'
import { proposing, settling } from '../acts/proposing.ts'
import type { ActSituation, Outside } from '../acts/situation.ts'
import { type TargetName, targetNames, targets } from '../acts/targets.ts'
import { type Actor, sightHindrance, trusted } from '../authority/acting.ts'
import { covers } from '../authority/authorities.ts'
import { SYSTEM } from '../authority/authority.ts'
import {
  type Address,
  confirmationOf,
  type Proposal,
  type ProposalHead,
  proposalIn,
} from '../authority/proposal.ts'
import { holds } from '../authority/rights.ts'
import type { RuleSet } from '../blacklist/rule-set.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { regionPrefix } from '../codes/regions.ts'
import { anticipated } from '../dossier/anticipate.ts'
import { type Case, caseMadeBy } from '../dossier/case.ts'
import { checkedReason, type Opening, openFile, sameRecord, stale } from '../dossier/commands.ts'
import { differencesBetween } from '../dossier/differences.ts'
import { type Dossier, fold, nameOf, regionOf } from '../dossier/dossier.ts'
import { isFileSubject } from '../dossier/entries.ts'
import { dossierAt } from '../dossier/past.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { revisionSeen } from '../dossier/seen.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { RecordData } from '../records/kind.ts'
import { validate } from '../records/validate.ts'
import { type Draft, type Entry, newId } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import type { ProposalFilters, Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { type AccountLine, accountLines } from './account-lines.ts'
import { consequencesOf } from './consequences.ts'
import { eraseEnded } from './erasure.ts'
import { type Foreseen, linesBetween, movedByUndoing } from './foreseen.ts'
import { filesOfSample, type InFile, isOfSamples, roleWords } from './parties.ts'
import { keyInWords, personWords } from './person-words.ts'
import { aboutProposal } from './proposal-words.ts'
import { caseSight, seenIn, sightOf } from './sight.ts'
import { isUndoing, undoInFile } from './undoing.ts'
import { type WhoActs, whoActs } from './who-acts.ts'

/** Who asks, and the name and fingerprint of a request that may be repeated. */
export interface Request {
  actor: Actor
  command: string
  fingerprint?: string | undefined
  /** What looks like personal data and is none: what it is instead, by the field that holds it. */
  notPersonal?: Readonly<Record<string, string>> | undefined
}

export interface Outcome {
  /** Id of what was made, where its subject holds several. */
  made?: string
  /** Subject of the entries: a file's key, `campaign/…`. */
  subject: string
  /** The file right after the act; undefined where it was upon what stands outside files. */
  dossier?: Dossier
  recordId?: string
  /** What is told this once. */
  secret?: Secret
  /** The proposal that the act came to, where a second person has to confirm it; nothing else has changed. */
  proposal?: Proposal
  /** What the request appended. */
  entries: readonly Entry[]
  /** True when an earlier run of the same request had done it. */
  repeated: boolean
}

/** The files that a record goes into, its own first, and whom it does not reach, in words. */
export interface Reached {
  files: InFile[]
  unreached: { name: string; why: string }[]
}

/** The same of an act upon a file. */
export interface FileOutcome extends Outcome {
  dossier: Dossier
}

/** The outcome of an act upon a file. */
export function ofFile(outcome: Outcome): FileOutcome {
  const { dossier } = outcome
  if (!dossier) throw new Error(`${outcome.subject} is no file`)
  return { ...outcome, dossier }
}

/** A proposal with what it is about. */
export interface Proposed {
  own: ProposalHead
  act: Act
  subject: string
  revision: number
  /** What it is about is called. */
  title: string
  /** What of that, in words that tell two apart: the record, the fields; empty for the whole. */
  part: string
  /** Whether a procedure leaves it to another person: it is confirmed by the act itself, where the thing stands. */
  isDecision: boolean
  /** The file that it is in; undefined outside files. */
  dossier?: Dossier
}

/** Whose proposals are asked for: one's own, or those of others that one may confirm. */
export const proposalsWhose = ['own', 'confirmable'] as const

/** What is asked of proposals: of a status, of a region's files, of an import. */
export interface ProposalsAsked {
  status?: string | undefined
  region?: string | undefined
  import?: string | undefined
  whose?: (typeof proposalsWhose)[number] | undefined
}

/** The stretch of a list that is looked at: how many after an id. */
export interface Stretch {
  after: string
  limit: number
}

/** A stretch of a list, and the id after which the next one begins. */
export interface Paged<T> {
  items: T[]
  next: string | null
}

/** The same with the whole of what was put forward. */
type Waiting = Proposed & { own: Proposal }

/** A proposal among several that were settled at once, with why it was not, where it was not. */
export interface Settled extends Proposed {
  refused?: Refusal
}

/** What of several was forbidden, in words for the log of accesses; undefined where nothing was. */
export function forbiddenIn(settled: readonly Settled[]): string | undefined {
  const found = settled.flatMap(({ refused }) => (refused?.reason === 'forbidden' ? [refused.title] : []))
  return found.length === 0 ? undefined : `${found.length} 项：${found[0]}`
}

/** A proposal as whoever may see it sees it. */
export interface ProposalSeen extends Proposed {
  /** The whole of it, but what nobody may read. */
  own: Proposal
  /** Why whoever looks may not confirm it; undefined when they may. */
  hindrance: string | undefined
}

/** Revision that the asker has seen; `any` says that it does not matter. */
export type Seen = number | 'any'

interface Parts {
  register: Register
  writer: Writer
  views: Views
  catalogue: Catalogue
  /** Every act that there is. */
  acts: readonly Act[]
  /** The rules of listing that a case begins under now. */
  rules(): readonly RuleSet[]
  outside: Outside
  /** Begins work over all files that an act came to. */
  begin(work: Work): Promise<void>
  now(): Date
}

const CONFLICTS_ENDURED = 20
const PROPOSALS_A_STEP = 200

/** The acts of officers and systems: each decided on what stands, appended whole or not at all. */
export class Acts {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Every act that there is. */
  get all(): readonly Act[] {
    return this.#parts.acts
  }

  /** The act of a name; refuses one that there is not. */
  named(name: string): Act {
    const act = this.#parts.acts.find((known) => known.name === name)
    if (!act) throw new Refusal('unknown', '没有这种办理事项。')
    return act
  }

  async open(opening: Opening, request: Request): Promise<FileOutcome> {
    return ofFile(await this.#act(request, async () => (at) => [openFile(opening, at)]))
  }

  /** Adds a record; a licence with the applicant's basic information opens the file that is not there yet. */
  async addRecord(
    code: string,
    type: string,
    data: unknown,
    applicant: unknown,
    request: Request,
  ): Promise<FileOutcome> {
    const { notPersonal } = request
    const about = {
      ...(applicant !== undefined && { enterprise: applicant }),
      ...(notPersonal && { notPersonal }),
    }
    const input = { type, data, ...about }
    return ofFile(await this.perform(this.named('add-record'), { code }, input, request))
  }

  /**
   * The files that a record goes into: its own, and for a sample those of its other parties, by their codes, that the actor
   * may record in and that don't have it yet. Whom it does not reach is said, with the reason. Refuses a party's code under
   * which another firm's file stands.
   */
  recordedIn(own: Dossier, type: string, data: RecordData, actor: Actor): Reached {
    if (!isOfSamples(type))
      return { files: [{ key: own.key, name: nameOf(own), role: undefined, data }], unreached: [] }
    const at = this.#situation(actor)
    const kind = at.catalogue.kind(type)
    const found = filesOfSample(own, data, at.file)
    const unreached: Reached['unreached'] = found.unreached.map(({ role, name, why }) => ({
      name: `${roleWords[role]}“${name}”`,
      why: why === 'no-code' ? '没有选定是哪一家' : '该代码没有建档',
    }))
    const add = this.named('add-record')
    const files = found.files.filter(({ key, name, role, data: inRole }) => {
      if (key === own.key) return true
      const parsed = kind && validate(kind, inRole, at.today)
      const there = at.file(key)
      const isThere = kind && parsed?.ok && there && sameRecord(there, kind, parsed.data) !== undefined
      const why = isThere ? '档案中已有这一样品' : hindranceOfKind(add.ask({ code: key }, at), type)
      if (why !== undefined) unreached.push({ name: `${role ? roleWords[role] : ''}“${name}”`, why })
      return why === undefined
    })
    return { files, unreached }
  }

  /** Where a thing is that an address may name by its id alone: the file of a case, of a rating. */
  addressIn(act: Act, { code, id }: Address): Address {
    const isByItself = act.on !== 'case' && act.on !== 'rating'
    if (code !== undefined || id === undefined || isByItself) return { code, id }
    const { views } = this.#parts
    const key = act.on === 'case' ? views.fileOfCase(id) : views.fileOfRating(id)
    if (key !== undefined) return { code: key, id }
    throw new Refusal(
      'unknown',
      act.on === 'case' ? '没有这一案件；请核对编号。' : '没有这次等级评定；请核对编号。',
    )
  }

  /** What acts would meet now, for whoever asks: whether they may, what there is to choose from. Each file is read once. */
  asking(actor: Actor): (act: Act, address: Address) => Asked {
    const at = this.#situation(actor)
    return (act, address) => act.ask(address, at)
  }

  /** What pages offer whoever looks at them: the acts upon a thing of a kind. Each file is read once. */
  offered(actor: Actor): (on: TargetName, address: Address) => Offered[] {
    const at = this.#situation(actor)
    return (on, address) => offeredOn(this.all, on, address, at)
  }

  /** Does what an act comes to, or puts it forward where a second person has to confirm it. */
  perform(
    act: Act,
    address: Address,
    input: unknown,
    request: Request,
    seen: Seen = 'any',
  ): Promise<Outcome> {
    return this.performAll(act, [{ address, input }], request, seen)
  }

  /** Does an act upon several files in one append, in each what it comes to there: all of it or nothing. The outcome is the first one's. */
  performAll(
    act: Act,
    each: readonly { address: Address; input: unknown }[],
    request: Request,
    seen: Seen = 'any',
  ): Promise<Outcome> {
    return this.#act(request, async () => {
      const decides: ((at: ActSituation) => Decided[])[] = []
      for (const [i, { address, input }] of each.entries())
        decides.push(await this.#deciding(act, address, input, request, i === 0 ? seen : 'any'))
      return (at) => decides.flatMap((decide) => decide(at))
    })
  }

  async #deciding(
    act: Act,
    address: Address,
    input: unknown,
    request: Request,
    seen: Seen,
  ): Promise<(at: ActSituation) => Decided[]> {
    const ask = act.prepared ? await act.prepared(address, input, this.#situation(request.actor)) : act.ask
    return (at) => {
      const opening = act.opening(address, input, at)
      const asked = ask(address, opening ? opened(opening, at) : at)
      const { dossier, subject, revision, proposals } = asked
      if (dossier && seen !== 'any' && seen !== asked.seen) {
        // Whose it is not is not shown what has changed.
        const why = asked.forbidden
        throw why === undefined ? stale(dossier.key, asked.seen) : new Refusal('forbidden', why)
      }
      const { decision, second: why, input: checked } = asked.decide(input)
      const first = opening ? [opening] : []
      if (why === undefined) return [...first, decision]
      const { about } = decision
      const saw = {
        dossier,
        subject,
        revision,
        proposals,
        version: about === undefined ? asked.version : 0,
      }
      const on = about === undefined ? address : { ...address, id: about }
      return [...first, proposing(act, saw, { on, input: checked, why, drafts: decision.drafts }, at)]
    }
  }

  /** Does an act by its name under a command of its own, as who holds the data directory or the program itself does. */
  carryOut(name: string, on: Address, input: unknown, actor: Actor): Promise<Outcome> {
    return this.perform(this.named(name), on, input, { actor, command: `act/${newId()}` })
  }

  /**
   * Confirms what somebody else put forward: decides it again, on what stands now, and does it. What can't be done any more,
   * by whoever put it forward or at all, lapses with the reason, and is refused with that.
   */
  async confirm(id: string, request: Request): Promise<Outcome> {
    try {
      return await this.#act(request, async () => {
        const now = this.#situation(request.actor)
        const { own, act } = this.#open(id, now)
        mayConfirm(act, own, now)
        const ask = await overtaken(async () => {
          const before = this.#confirming(own, this.#situation(request.actor))
          return act.prepared ? act.prepared(own.on, own.input, before) : act.ask
        })
        return (at) => {
          const { subject, own, act } = this.#open(id, at)
          mayConfirm(act, own, at)
          const { decision } = overtakenNow(() => ask(own.on, this.#confirming(own, at)).decide(own.input))
          const by = at.actor.id ?? at.actor.person
          const confirmed = settling(subject, 'act.confirmed', { id, by }, at)
          return [{ ...decision, drafts: [confirmed, ...decision.drafts] }]
        }
      })
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
      return this.#lapse(id, error.why, request)
    }
  }

  /** Lets a proposal lapse that can't be done any more, with what stands in its way; tells that, as an act that changes nothing else. */
  async #lapse(id: string, why: Refusal, request: Request): Promise<Outcome> {
    const reason = reasonOf(why)
    await this.#letLapse({ actor: request.actor, command: `${request.command}/lapse` }, id, () => reason)
    throw new Refusal('exists', `该提请已经失效：${reason}`, why.faults, { proposalStatus: 'lapsed' })
  }

  #letLapse(
    request: Request,
    id: string,
    why: (found: Waiting, at: ActSituation) => string,
  ): Promise<Outcome> {
    return this.#act(request, async () => (at) => {
      const found = this.#open(id, at)
      const { subject, revision } = found
      const lapsed = settling(subject, 'act.lapsed', { id, reason: why(found, at) }, { actor: SELF })
      return [{ key: subject, drafts: [lapsed], expect: new Map([[subject, revision]]) }]
    })
  }

  /**
   * Lets lapse what waits and can't be done any more, by whoever put it forward or at all, with what stands in its way, so that
   * nobody finds it among what is to be confirmed. Gives others their turn between any two; returns how many lapsed.
   */
  async sweep(): Promise<number> {
    const filters = { ...this.#ofAll(), status: 'open' }
    let swept = 0
    for (let after = ''; ; ) {
      const waiting = this.#parts.views.proposals(filters, after, PROPOSALS_A_STEP)
      const last = waiting.at(-1)
      if (!last) return swept
      after = last.id
      for (const { id } of waiting) {
        await othersTurn()
        if (await this.#swept(id)) swept += 1
      }
    }
  }

  async #swept(id: string): Promise<boolean> {
    const obstacle = (found: Waiting, at: ActSituation) => {
      const why = this.#obstacle(found, at)
      if (why === undefined) throw new Refusal('exists', '该提请仍可办理。')
      return reasonOf(why)
    }
    const now = this.#situation(SELF)
    const isOver = hindered(() => this.#obstacle(this.#open(id, now), now) !== undefined)
    if (isOver !== true) return false
    const done = this.#letLapse({ actor: SELF, command: `sweep/${newId()}` }, id, obstacle)
    return done.then(
      () => true,
      (error: unknown) => {
        // Somebody was quicker.
        if (error instanceof Refusal && error.reason !== 'busy') return false
        throw error
      },
    )
  }

  /** Why a proposal that waits can't be done as things stand, by whoever put it forward or at all; undefined where it can. */
  #obstacle({ own, act, isDecision }: Waiting, at: ActSituation): Refusal | undefined {
    if (own.status !== 'open' || isDecision || act.prepared) return undefined
    try {
      act.ask(own.on, this.#confirming(own, at)).decide(own.input)
      return undefined
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.reason === 'busy' ? undefined : error
    }
  }

  /** What a proposal is decided again by: by its proposer's rights, in entries that name both persons. */
  #confirming({ author, by }: Proposal, at: ActSituation): ActSituation {
    const { actor: first } = whoActs(this.#parts.views, { ...author, id: by })
    const proposer = first.isMachine ? keyInWords(author.officer) : author.officer
    const both = { ...first, officer: `${proposer}、${at.actor.officer}` }
    return { ...at, actor: both, isConfirmed: true }
  }

  /** Refuses what somebody else put forward, or takes back one's own proposal, with the reason. */
  async refuse(id: string, reason: string, request: Request): Promise<Outcome> {
    const said = checkedReason(reason)
    return this.#act(request, async () => (at) => {
      const { subject, revision, own, act } = this.#open(id, at)
      const { by, input } = confirming(own, at)
      // What a machine put forward is refused by any one person.
      const asIfPerson = { by: { ...by, isMachine: false }, input }
      const why = isOwn(own, at) ? undefined : act.ask(own.on, at).confirmHindrance(asIfPerson)
      if (why !== undefined) throw new Refusal('forbidden', why)
      const payload = { id, reason: said, by: at.actor.id ?? at.actor.person }
      const refused = settling(subject, 'act.refused', payload, at)
      return [{ key: subject, drafts: [refused], expect: new Map([[subject, revision]]) }]
    })
  }

  /** A proposal with what it is about, and what it would change. Refuses whoever may not see it. */
  proposal(id: string, actor: Actor): ProposalSeen {
    const at = this.#situation(actor)
    const found = this.#proposal(id, at)
    const { own, act } = found
    const asked = hindered(() => act.ask(own.on, at))
    const unseen = this.#unseen(found, asked, at)
    if (unseen !== undefined) throw new Refusal('forbidden', unseen)
    const mayNot = typeof asked === 'string' ? asked : asked.confirmHindrance(confirming(own, at))
    const obstacle = mayNot === undefined ? this.#obstacle(found, at) : undefined
    const hindrance = mayNot ?? (obstacle && `该提请已不能办理，确认时随即失效：${reasonOf(obstacle)}`)
    const input = Object.fromEntries(
      Object.entries(own.input).filter(([field]) => !act.sealed.includes(field)),
    )
    return { ...found, own: { ...own, input }, hindrance }
  }

  /** Whether somebody may see a proposal. */
  sees(id: string, actor: Actor): boolean {
    return this.#isSeen(id, this.#situation(actor))
  }

  /** One of another version of the program is nobody's business in this one. */
  #isSeen(id: string, at: ActSituation): boolean {
    const unseen = hindered(() => {
      const found = this.#proposal(id, at)
      const asked = hindered(() => found.act.ask(found.own.on, at))
      return this.#unseen(found, asked, at)
    })
    return unseen === undefined
  }

  /** What a subject outside files is called, to whoever may see it; undefined for one that is not known. */
  titleOf(subject: string, actor: Actor): string | undefined {
    const id = subject.slice(subject.indexOf('/') + 1)
    const series = subject.startsWith('bulletins/') ? this.#parts.views.bulletins(id) : undefined
    if (series) return `${series.authority}的公告`
    const kind = targetNames.find((name) => subject.startsWith(`${name}/`))
    const found = kind && hindered(() => targets[kind]({ id }, this.#situation(actor)))
    return typeof found === 'object' && 'title' in found ? found.title : undefined
  }

  /** What stands of an account, a key or an authority, line by line; nothing of what is none of these. */
  standing(subject: string): AccountLine[] {
    return accountLines(this.#parts.views, subject, [])
  }

  /** The proposals that entries are steps of, by position; of other entries nothing. */
  async stepsOf(
    entries: readonly { seq: number; kind: string }[],
    actor: Actor,
  ): Promise<ReadonlyMap<number, Proposed>> {
    const at = this.#situation(actor)
    const steps = new Map<number, Proposed>()
    for (const { seq, kind } of entries) {
      if (!kind.startsWith('act.')) continue
      const [entry] = await this.#parts.register.read(seq - 1, 1)
      const id = proposalIn(entry?.payload)
      const found = typeof id === 'string' ? hindered(() => this.#proposal(id, at)) : undefined
      if (typeof found === 'object') steps.set(seq, found)
    }
    return steps
  }

  /** Ids of the proposals of a file that somebody may not see. */
  unseenIn({ proposals = [] }: Dossier, actor: Actor): ReadonlySet<string> {
    if (proposals.length === 0) return new Set()
    const at = this.#situation(actor)
    return new Set(proposals.flatMap(({ id }) => (this.#isSeen(id, at) ? [] : [id])))
  }

  /** Proposals that somebody may see, in the order in which they were made. */
  proposals(actor: Actor, { after, limit, ...asked }: ProposalsAsked & Stretch): Paged<Proposed> {
    const at = this.#situation(actor)
    const filters = this.#inSight(asked, at)
    return paged(
      { after, limit },
      (from) => this.#parts.views.proposals(filters, from, PROPOSALS_A_STEP),
      ({ id }) => id,
      (own) => this.#seen(own, asked, at),
    )
  }

  /** The same with those of an import as one, which its first stands for: how many they are. */
  proposalGroups(
    actor: Actor,
    { after, limit, ...asked }: ProposalsAsked & Stretch,
  ): Paged<Proposed & { count: number }> {
    const at = this.#situation(actor)
    const filters = this.#inSight(asked, at)
    return paged(
      { after, limit },
      (from) => this.#parts.views.proposalGroups(filters, from, PROPOSALS_A_STEP),
      ({ first }) => first.id,
      ({ first, count }) => {
        const ofImport = { ...asked, import: first.import, after: '', limit: 1 }
        const seen =
          this.#seen(first, asked, at) ?? (count > 1 ? this.proposals(actor, ofImport).items[0] : undefined)
        return seen && { ...seen, count }
      },
    )
  }

  /** What is asked of proposals, with what whoever asks may see of them: others' are not even read. */
  #inSight({ region, whose, ...asked }: ProposalsAsked, at: ActSituation): ProposalFilters {
    const isTheirs = (act: Act) =>
      whose === 'confirmable' ? isConfirmedBy(act, at) : seesFiles(at) || isBusinessOf(act, at)
    return {
      ...asked,
      ...(region !== undefined && { region: regionPrefix(region) }),
      whose: whose === 'confirmable' ? 'others' : whose,
      by: at.actor.id ?? '',
      acts: this.all.filter(isTheirs).map(({ name }) => name),
      sight: sightOf(this.#parts.views, at, 'proposal'),
    }
  }

  /**
   * Confirms what an import put forward, or refuses it with a reason, for a stretch of its proposals: each is judged and done by
   * itself, under a command of its own, and told with what became of it, those too that were settled before or have lapsed.
   */
  async settleImport(
    id: string,
    { reason, ...stretch }: Stretch & { reason?: string | undefined },
    request: Request,
  ): Promise<Paged<Settled>> {
    const said = reason === undefined ? undefined : checkedReason(reason)
    const { items, next } = this.proposals(request.actor, { import: id, ...stretch })
    if (items.length === 0 && stretch.after === '') {
      const [first] = this.#parts.views.proposals({ ...this.#ofAll(), import: id }, '', 1)
      // Refused as each of them would be, with whose it is.
      if (first) this.proposal(first.id, request.actor)
      throw new Refusal('unknown', '没有由这次导入提请的事项；请核对导入的编号。')
    }
    const settled: Settled[] = []
    for (const found of items) {
      const { id: one } = found.own
      const refused = await this.#settled(one, said, { ...request, command: `${request.command}/${one}` })
      // What it came to may have erased it since: it is told as it was.
      settled.push({
        ...found,
        own: this.#parts.views.proposal(one) ?? found.own,
        ...(refused && { refused }),
      })
    }
    return { items: settled, next }
  }

  /** Proposals of every act, whoever may see them. */
  #ofAll() {
    return { by: '', acts: this.all.map(({ name }) => name), sight: undefined }
  }

  /** Settles one of several; why not, where it is refused. */
  async #settled(id: string, reason: string | undefined, request: Request): Promise<Refusal | undefined> {
    try {
      await (reason === undefined ? this.confirm(id, request) : this.refuse(id, reason, request))
      return undefined
    } catch (error) {
      // What stands still stands still for all of them.
      if (!(error instanceof Refusal) || error.reason === 'busy') throw error
      return error
    }
  }

  /**
   * What a list shows of a proposal; nothing of one that whoever asks may not see, or may not confirm where that is asked for,
   * or whose thing is kept no longer.
   */
  #seen(
    own: ProposalHead & { subject: string },
    { region, whose }: ProposalsAsked,
    at: ActSituation,
  ): Proposed | undefined {
    const act = this.all.find(({ name }) => name === own.act)
    // One of another version of the program is nobody's business in this one.
    if (!act) return undefined
    const isInFile = isFileSubject(own.subject)
    const dossier = isInFile ? at.file(own.subject) : undefined
    const asked = hindered(() => act.ask(own.on, at))
    if (typeof asked === 'string' && !dossier) return undefined
    if (typeof asked !== 'string' && !isInFile && !covers(region, asked.place)) return undefined
    const found = this.#described(own, act, typeof asked === 'string' ? undefined : asked, dossier)
    if (this.#unseen(found, asked, at) !== undefined) return undefined
    return whose !== 'confirmable' || this.#isConfirmable(found, asked, at) ? found : undefined
  }

  #isConfirmable({ own, dossier, isDecision }: Proposed, asked: Asked | string, at: ActSituation): boolean {
    if (typeof asked === 'string') return false
    if (isDecision) return asked.hindrance === undefined
    const whole = (dossier?.proposals ?? asked.proposals).find(({ id }) => id === own.id)
    return whole !== undefined && asked.confirmHindrance(confirming(whole, at)) === undefined
  }

  /** Why somebody may not see a proposal, in words: seen by who has to do with such acts, and may see what it is upon. */
  #unseen({ own, act, dossier }: Proposed, asked: Asked | string, at: ActSituation): string | undefined {
    if (isOwn(own, at)) return undefined
    const isBusiness = dossier ? seesFiles(at) : isBusinessOf(act, at)
    if (!isBusiness) return `${act.label}的提请由有权办理的人查看。`
    // What it was upon may be gone since from a file that stands.
    const input = dossier?.proposals?.find(({ id }) => id === own.id)?.input
    if (typeof asked !== 'string') return asked.unseen(input)
    // Whose it was does not change with the end of it, nor with a move of the firm.
    const place = dossier && regionOf(dossier)
    const record = dossier?.records.find(({ id }) => id === own.on.id)
    const owner = record
      ? at.authorities.bodyOf(record.made)
      : at.doer({ ...own.author, account: own.by }).body
    return sightHindrance({ owner, ...(place !== undefined && { place }) }, at.actor, at.authorities)
  }

  /**
   * Before and after: as an open proposal would be decided now; of one that was confirmed, what that changed; of any other,
   * what it would have changed when it was made. What runs over many files is told a stretch at a time. Refuses whoever may
   * not see it.
   */
  async foreseen(id: string, actor: Actor, after = 0): Promise<Foreseen> {
    this.proposal(id, actor)
    const at = this.#situation(actor)
    const found = this.#proposal(id, at)
    const { own, act, subject, dossier } = found
    const { views, catalogue, register, outside } = this.#parts
    const hindrance = caseSight(views, actor)
    const isUnseen = (file: Dossier, one: Case) => hindrance(file, caseMadeBy(one)) !== undefined
    const moved = (was: Dossier | undefined, is: Dossier | undefined): Foreseen => ({
      differences: differencesBetween(was, is, catalogue),
      lines: was && is ? linesBetween(was, is, catalogue, (one) => !isUnseen(was, one)) : [],
      next: null,
    })
    const positions = act.on === 'import' ? outside.imported(own.on.id ?? '')?.positions : undefined
    if (positions) {
      const look = { register, command: subject, positions, after }
      return movedByUndoing(look, moved, (history, isOwn, isNow) =>
        this.#undoneStates(own, history, isOwn, isNow, at),
      )
    }
    const history = own.status === 'open' ? [] : await register.history(subject)
    const done = own.status === 'confirmed' ? confirmationOf(history, id) : []
    const past =
      own.status === 'open'
        ? undefined
        : history.filter(({ seq }) => seq < (done[0]?.seq ?? own.position + 1))
    const was = past && dossier ? fold(undefined, past) : dossier
    const drafts =
      done.length > 0
        ? done
        : await this.#draftsOf(found, () =>
            past ? { ...this.#asThen(own, at), ...(was && { file: () => was }) } : this.#confirming(own, at),
          )
    if (!dossier) return { differences: [], lines: accountLines(views, subject, drafts, past), next: null }
    const following = past ? [] : consequencesOf(was, drafts, this.#parts)
    return moved(was, done.length > 0 ? fold(was, done) : anticipated(was, [...drafts, ...following]))
  }

  /** A file before and after an import was taken back in it, or would be, for the entries whose turn it is. */
  #undoneStates(
    own: Proposal,
    history: readonly Entry[],
    isOwn: (entry: Entry) => boolean,
    isNow: (entry: Entry) => boolean,
    at: ActSituation,
  ): [was: Dossier | undefined, is: Dossier | undefined] {
    if (own.status === 'confirmed') {
      const done = history.filter((entry) => isOwn(entry) && isUndoing(entry) && entry.seq > own.position)
      const isTurn = history.some((entry) => isNow(entry) && isOwn(entry))
      const was = fold(
        undefined,
        history.filter(({ seq }) => seq < (done[0]?.seq ?? 0)),
      )
      return isTurn && done.length > 0 ? [was, fold(was, done)] : [undefined, undefined]
    }
    const isOpen = own.status === 'open'
    const past = isOpen ? history : history.filter(({ seq }) => seq <= own.position)
    const situation = isOpen ? this.#confirming(own, at) : this.#asThen(own, at)
    const reason = typeof own.input.reason === 'string' ? own.input.reason : ''
    const { drafts } = undoInFile(past, isOwn, isNow, reason, { ...situation, isConfirmed: true })
    const was = fold(undefined, past)
    const following = isOpen ? consequencesOf(was, drafts, this.#parts) : []
    return [was, anticipated(was, [...drafts, ...following])]
  }

  /** What a proposal comes to in a situation; nothing where it no longer fits, or needs what was never kept. */
  async #draftsOf(
    { own, act, isDecision }: Waiting,
    situation: () => ActSituation,
  ): Promise<readonly Draft[]> {
    // A procedure's decision is looked at where the thing stands; what it takes to prepare it may be work over all files.
    if (act.prepared && isDecision) return []
    try {
      const ask = act.prepared ? await act.prepared(own.on, own.input, situation()) : act.ask
      return ask(own.on, situation()).decide(own.input).decision.drafts
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  }

  /** The situation of whoever put something forward, whatever has become of their account since. */
  #asThen({ author, by }: Proposal, at: ActSituation): ActSituation {
    const body = at.authorities.bodyOf({ authority: author.authority, account: by })
    return { ...at, actor: trusted({ ...author, id: by }, body), isConfirmed: true }
  }

  #open(id: string, at: ActSituation) {
    const found = this.#proposal(id, at)
    const { own, act } = found
    const { status, settled, author } = own
    if (status === 'open') return found
    const unseen = this.#unseen(
      found,
      hindered(() => act.ask(own.on, at)),
      at,
    )
    if (unseen !== undefined) throw new Refusal('forbidden', unseen)
    const words = { confirmed: '已经确认', refused: '已经退回', lapsed: '已经失效' }[status]
    const why = settled?.reason === undefined ? '' : `：${settled.reason}`
    const about = [found.title, found.part].filter((said) => said !== '').join('，')
    const proposer = personWords(this.#parts.views)(author.officer, own.by)
    const title = `${author.authority}${proposer}提请的“${act.label}”（${about}）${words}${why}。`
    throw new Refusal('exists', title, [], {
      proposalStatus: status,
      proposal: id,
      act: act.name,
      label: act.label,
      proposedBy: author,
      proposedAt: own.at,
      ...(settled && {
        settledBy: settled.author,
        settledAt: settled.at,
        ...(settled.reason !== undefined && { settledReason: settled.reason }),
      }),
    })
  }

  #proposal(id: string, at: ActSituation): Waiting {
    const head = this.#parts.views.proposal(id)
    const subject = head?.subject ?? ''
    const dossier = isFileSubject(subject) ? at.file(subject) : undefined
    const act = head && this.named(head.act)
    const asked = act && !dossier && !isFileSubject(subject) ? act.ask(head.on, at) : undefined
    const own = (dossier?.proposals ?? asked?.proposals)?.find((known) => known.id === id)
    if (!act || !own) throw new Refusal('unknown', '没有这一提请；请核对编号。')
    return { ...this.#described({ ...own, subject }, act, asked, dossier), own }
  }

  /** A proposal with what it is about: what it is upon outside files, or the file. */
  #described(
    { subject, ...own }: ProposalHead & { subject: string },
    act: Act,
    asked: Asked | undefined,
    dossier: Dossier | undefined,
  ): Proposed {
    return {
      own,
      act,
      subject,
      revision: (dossier ?? asked)?.revision ?? 0,
      title: asked?.title ?? (dossier ? nameOf(dossier) : ''),
      part: dossier ? aboutProposal(own, dossier, this.#parts.catalogue) : '',
      isDecision: own.id.startsWith(act.name),
      ...(dossier && { dossier }),
    }
  }

  #situation(actor: Actor): ActSituation & Pick<WhoActs, 'saw'> {
    const { views, catalogue, rules, outside, now } = this.#parts
    const files = new Map<string, Dossier | undefined>()
    return {
      file(key) {
        if (!files.has(key)) files.set(key, views.dossier(key))
        return files.get(key)
      },
      today: shanghaiDate(now()),
      catalogue,
      newId,
      rules: rules(),
      outside,
      revisionOf: (dossier) =>
        revisionSeen(dossier, seenIn(views, actor, dossier, this.unseenIn(dossier, actor))),
      ...whoActs(views, actor),
    }
  }

  /** Decides on what stands and appends with what follows at once; decided anew when somebody was quicker. */
  async #act(request: Request, ready: () => Promise<(at: ActSituation) => Decided[]>): Promise<Outcome> {
    const { register, writer, views, begin } = this.#parts
    const { actor, command, fingerprint, notPersonal } = request
    if (fingerprint !== undefined) {
      const entries = await register.outcome(command, fingerprint)
      if (entries) return this.#repeated(entries)
    }
    const decide = await ready()
    let met: Conflict | undefined
    for (let attempt = 1; ; attempt += 1) {
      const { decisions, saw } = views.snapshot(() => {
        const at = { ...this.#situation(actor), notPersonal }
        return { decisions: decide(at), saw: at.saw }
      })
      const [first] = decisions
      if (!first) throw new Error('nothing was decided')
      const { key: subject, secret, work } = first
      const recordId = decisions.findLast(
        (decision) => decision.key === subject && decision.recordId !== undefined,
      )?.recordId
      const known = { subject, ...(recordId !== undefined && { recordId }), ...(secret && { secret }) }
      const before = isFileSubject(subject) ? views.dossier(subject) : undefined
      // What is decided in each file has its consequences upon that file.
      const drafts = Array.from(new Set(decisions.map(({ key }) => key))).flatMap((key) => {
        const own = decisions
          .filter((decision) => decision.key === key)
          .flatMap((decision) => decision.drafts)
        const standing = key === subject || !isFileSubject(key) ? before : views.dossier(key)
        return [...own, ...consequencesOf(standing, own, this.#parts)]
      })
      if (drafts.length === 0 && (before || !isFileSubject(subject))) {
        if (work) await begin(work)
        return { ...known, ...(before && { dossier: before }), entries: [], repeated: false }
      }
      try {
        const expected = decisions.filter(
          ({ key }, i) => decisions.findIndex((decision) => decision.key === key) === i,
        )
        const expect = new Map([...saw, ...expected.flatMap((decision) => [...decision.expect])])
        const append = { drafts, expect, command }
        const appended = await writer.append(fingerprint === undefined ? append : { ...append, fingerprint })
        const { entries } = appended
        if (appended.repeated) return await this.#repeated(entries)
        if (work) await begin(work)
        const own = entries.filter((entry) => entry.subject === subject)
        const dossier = isFileSubject(subject) ? fold(before, own) : undefined
        if (dossier && entries.some(({ kind }) => kind === 'listing.removed'))
          await eraseEnded(this.#parts, dossier.key)
        return { ...known, ...this.#after(dossier, entries), entries, repeated: false }
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
        // Somebody was quicker; what stands now decides whether the act still makes sense.
        if (attempt >= CONFLICTS_ENDURED) throw error
        if (error.isAgain(met)) throw unreadable(error)
        met = error
        await writer.catchUp()
      }
    }
  }

  async #repeated(entries: readonly Entry[]): Promise<Outcome> {
    const [first] = entries
    const subject = first?.subject ?? ''
    if (!first) throw invalid('', 'nothing-done', '该请求此前没有产生任何记录。')
    if (!isFileSubject(first.subject))
      return { subject: first.subject, ...this.#after(undefined, entries), entries, repeated: true }
    const history = await this.#parts.register.history(subject)
    const own = entries.filter((entry) => entry.subject === subject)
    const dossier = dossierAt(history, { position: own.at(-1)?.seq ?? 0 })
    // What followed at once, or explains it, stands behind the entry of the record itself.
    const payload = (own.find(({ kind }) => kind.startsWith('record.')) ?? own.at(-1))?.payload
    const recordId =
      typeof payload === 'object' && payload !== null && 'id' in payload && typeof payload.id === 'string'
        ? { recordId: payload.id }
        : {}
    return { subject, ...recordId, ...this.#after(dossier, entries), entries, repeated: true }
  }

  /** What stands right after some entries: the file, and the proposal where they put one forward. */
  #after(
    dossier: Dossier | undefined,
    [first, second]: readonly Entry[],
  ): Pick<Outcome, 'dossier' | 'proposal' | 'made'> {
    const proposals = dossier ? dossier.proposals : first && this.#parts.views.proposalsOf(first.subject)
    const put = first?.kind === 'enterprise.opened' ? second : first
    const proposal =
      put?.kind === 'act.proposed' ? proposals?.find(({ position }) => position === put.seq) : undefined
    const [, series = ''] = /^bulletins\/(.*)$/.exec(first?.subject ?? '') ?? []
    const made = this.#parts.views
      .bulletins(series)
      ?.bulletins.find(({ position }) => position === first?.seq)?.id
    return {
      ...(dossier && { dossier }),
      ...(proposal && { proposal }),
      ...(made !== undefined && { made }),
    }
  }
}

/** What was to be written upon has entries that the views can't tell of. */
function unreadable({ subject }: Conflict): Refusal {
  return new Refusal(
    'unreadable',
    `${subject} 在登记簿中有本版本的程序读不出的条目，未保存本次内容，重试无用。请系统管理员执行 verify 查明序号，并改用写入该条目的程序版本。`,
    [],
    { subject },
  )
}

/** Who lets lapse what can't be done any more. */
const SELF = trusted({ authority: SYSTEM, officer: '即时处理' })

/** That what was put forward can't be done any more, and why: no doing of whoever confirms. */
class Overtaken extends Error {
  readonly why: Refusal

  constructor(why: Refusal) {
    super(why.title)
    this.why = why
  }
}

/** Refuses whoever may not confirm; what it is upon may be gone. */
function mayConfirm(act: Act, own: Proposal, at: ActSituation): void {
  const why = overtakenNow(() => act.ask(own.on, at)).confirmHindrance(confirming(own, at))
  if (why !== undefined) throw new Refusal('forbidden', why)
}

/** What it comes to; where it is refused for good, that it is overtaken. */
function overtakenNow<T>(look: () => T): T {
  try {
    return look()
  } catch (error) {
    throw asOvertaken(error)
  }
}

async function overtaken<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    throw asOvertaken(error)
  }
}

/** Why something can't be done for reasons that lie in the moment or in the program, not in what was put forward. */
const PASSING: ReadonlySet<string> = new Set(['busy', 'unreadable'])

function asOvertaken(error: unknown): unknown {
  return error instanceof Refusal && !PASSING.has(error.reason) ? new Overtaken(error) : error
}

/** What stands in the way of a proposal, in words that say whose hindrance it is. */
function reasonOf({ title, reason, faults }: Refusal): string {
  const detail = reason === 'invalid' ? (faults[0]?.detail ?? title) : title
  return reason === 'forbidden' ? `提请人现在不能办理：${detail}` : detail
}

/** A stretch of what is found step by step, without what whoever asks does not see. */
function paged<F, T>(
  { after, limit }: Stretch,
  find: (after: string) => readonly F[],
  idOf: (found: F) => string,
  shown: (found: F) => T | undefined,
): Paged<T> {
  const items: T[] = []
  let last = after
  for (let from = after; ; ) {
    const found = find(from)
    for (const one of found) {
      const seen = shown(one)
      if (seen !== undefined && items.length === limit) return { items, next: last }
      if (seen === undefined) continue
      items.push(seen)
      last = idOf(one)
    }
    const end = found.at(-1)
    if (end === undefined || found.length < PROPOSALS_A_STEP) return { items, next: null }
    from = idOf(end)
  }
}

/** A situation in which a file has just been opened. */
function opened<S extends ActSituation>({ key, drafts }: Decided, at: S): S {
  const dossier = anticipated(at.file(key), drafts)
  return { ...at, file: (asked: string) => (asked === key ? dossier : at.file(asked)) }
}

/** What was put forward, and by whom, as whoever would confirm it is judged by. */
function confirming({ author, by, input }: Proposal, at: ActSituation) {
  return { by: at.doer({ ...author, account: by }), input }
}

/** Whether somebody put a proposal forward, by whichever account or key of theirs. */
function isOwn({ by, author }: ProposalHead, { actor, doer }: ActSituation): boolean {
  return by === actor.id || doer({ ...author, account: by }).person === actor.person
}

/** Whether somebody has to do with what is put forward in files. */
function seesFiles({ actor: { rights } }: ActSituation): boolean {
  return holds(
    rights,
    'records:read',
    'records:write',
    'listings:write',
    'listings:decide',
    'ratings:approve',
  )
}

/** Whether somebody has to do with an act: they may do it, confirm it, or look into what was done. */
function isBusinessOf({ rights, secondRight = 'admin' }: Act, { actor }: ActSituation): boolean {
  return holds(actor.rights, ...rights, secondRight, 'audit:read')
}

/** Whether somebody has the right to say the second word of an act. */
function isConfirmedBy({ rights, secondRight }: Act, { actor }: ActSituation): boolean {
  return holds(actor.rights, ...(secondRight === undefined ? rights : [secondRight]))
}

/** What a look comes to, or the words of its refusal. */
function hindered<T>(look: () => T): T | string {
  try {
    return look()
  } catch (error) {
    if (error instanceof Refusal) return error.title
    throw error
  }
}
