import type { Act, ActSituation, Asked } from '../acts/act.ts'
import { proposing, settling } from '../acts/proposing.ts'
import type { Actor } from '../authority/acting.ts'
import type { RuleSet } from '../blacklist/rule-set.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import { fileByCode } from '../dossier/codes.ts'
import { addRecord, type Decision, type Opening, openFile, stale, standing } from '../dossier/commands.ts'
import { type Dossier, fold } from '../dossier/dossier.ts'
import { dossierAt } from '../dossier/past.ts'
import type { Address, Proposal } from '../dossier/proposal.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { licence } from '../records/licence.ts'
import { type Entry, newId } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { consequencesOf } from './consequences.ts'
import { eraseEnded } from './erasure.ts'
import { whoActs } from './who-acts.ts'

/** Who asks, and the name and fingerprint of a request that may be repeated. */
export interface Request {
  actor: Actor
  command: string
  fingerprint?: string | undefined
  /** What looks like personal data and is none: what it is instead, by the field that holds it. */
  notPersonal?: Readonly<Record<string, string>> | undefined
}

export interface Outcome {
  /** The file right after the act. */
  dossier: Dossier
  recordId?: string
  /** The proposal that the act came to, where a second person has to confirm it; nothing else has changed. */
  proposal?: Proposal
  /** What the request appended. */
  entries: readonly Entry[]
  /** True when an earlier run of the same request had done it. */
  repeated: boolean
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
  now(): Date
}

const CONFLICTS_ENDURED = 20
const LONGEST_REASON = 500

/** The acts of officers and systems upon files: each decided on what stands, appended whole or not at all. */
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

  open(opening: Opening, request: Request): Promise<Outcome> {
    return this.act(request, (at) => [openFile(opening, at)])
  }

  /** Adds a record; a licence with the applicant's basic information opens the file that is not there yet. */
  addRecord(
    code: string,
    type: string,
    data: unknown,
    applicant: unknown,
    request: Request,
  ): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#knownFile(code, at)
      if (dossier) return [addRecord(dossier, type, data, at)]
      return this.#openWith(code, type, data, applicant, at)
    })
  }

  /** Where a thing is that an address may name by its id alone: the file of a case, of a rating. */
  addressIn(act: Act, { code, id }: Address): Address {
    if (code !== undefined || id === undefined) return { code, id }
    const { views } = this.#parts
    const key =
      act.on === 'case' ? views.fileOfCase(id) : act.on === 'rating' ? views.fileOfRating(id) : undefined
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

  /** Does what an act comes to, or puts it forward where a second person has to confirm it. */
  perform(
    act: Act,
    address: Address,
    input: unknown,
    request: Request,
    seen: Seen = 'any',
  ): Promise<Outcome> {
    return this.act(request, (at) => {
      const asked = act.ask(address, at)
      const { dossier } = asked
      if (seen !== 'any' && seen !== dossier.revision) throw stale(dossier)
      const decided = asked.decide(input)
      if (decided.second === undefined) return [decided.decision]
      return [
        proposing(
          act,
          { dossier, on: address, saw: asked.version, input: decided.input, why: decided.second },
          at,
        ),
      ]
    })
  }

  /** Confirms what somebody else put forward: decides it again, on what stands now, and does it. */
  confirm(id: string, request: Request): Promise<Outcome> {
    return this.act(request, (at) => {
      const { dossier, own, act } = this.#open(id, at)
      const asked = act.ask(own.on, at)
      const proposer = at.doer({ ...own.author, account: own.by })
      const why = asked.confirmHindrance(proposer)
      if (why !== undefined) throw new Refusal('forbidden', why)
      // The entries bear the proposer's authority and name both persons.
      const { actor: first } = whoActs(this.#parts.views, { ...own.author, id: own.by })
      const both = { ...first, officer: `${own.author.officer}、${at.actor.officer}` }
      const { decision } = act.ask(own.on, { ...at, actor: both }).decide(own.input)
      const by = at.actor.id ?? at.actor.person
      const confirmed = settling(dossier, 'act.confirmed', { id, by }, at)
      return [{ ...decision, drafts: [confirmed, ...decision.drafts] }]
    })
  }

  /** Refuses what somebody else put forward, or takes back one's own proposal, with the reason. */
  refuse(id: string, reason: string, request: Request): Promise<Outcome> {
    const said = reason.trim()
    if (said === '') throw invalid('/reason', 'required', '请写明理由。')
    if (said.length > LONGEST_REASON) throw invalid('/reason', 'too-big', `最多 ${LONGEST_REASON} 字。`)
    return this.act(request, (at) => {
      const { dossier, own, act } = this.#open(id, at)
      const isOwn = own.by === at.actor.id
      const why = isOwn
        ? undefined
        : act.ask(own.on, at).confirmHindrance(at.doer({ ...own.author, account: own.by }))
      if (why !== undefined) throw new Refusal('forbidden', why)
      const payload = { id, reason: said, by: at.actor.id ?? at.actor.person }
      const refused = settling(dossier, 'act.refused', payload, at)
      return [{ key: dossier.key, drafts: [refused], expect: new Map([[dossier.key, dossier.revision]]) }]
    })
  }

  /** A proposal with its file; why somebody may not confirm it. */
  proposal(
    id: string,
    actor: Actor,
  ): { own: Proposal; dossier: Dossier; act: Act; hindrance: string | undefined } {
    const at = this.#situation(actor)
    const { dossier, own, act } = this.#proposal(id, at)
    const found = hindered(() => act.ask(own.on, at))
    const hindrance =
      typeof found === 'string' ? found : found.confirmHindrance(at.doer({ ...own.author, account: own.by }))
    return { own, dossier, act, hindrance }
  }

  #open(id: string, at: ActSituation) {
    const found = this.#proposal(id, at)
    const { status, settled } = found.own
    if (status === 'open') return found
    const words = { confirmed: '已经确认', refused: '已经退回', lapsed: '已经失效' }[status]
    throw new Refusal(
      'exists',
      `该提请${words}${settled?.reason === undefined ? '' : `：${settled.reason}`}。`,
      [],
      {
        proposalStatus: status,
      },
    )
  }

  #proposal(id: string, at: ActSituation) {
    const key = this.#parts.views.fileOfProposal(id)
    const dossier = key === undefined ? undefined : at.file(key)
    const own = dossier?.proposals?.find((known) => known.id === id)
    if (!dossier || !own) throw new Refusal('unknown', '没有这一提请；请核对编号。')
    return { dossier, own, act: this.named(own.act) }
  }

  #situation(actor: Actor): ActSituation {
    const { views, catalogue, rules, now } = this.#parts
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
      ...whoActs(views, actor),
    }
  }

  #openWith(code: string, type: string, data: unknown, applicant: unknown, at: ActSituation): Decision[] {
    if (type !== licence.type || applicant === undefined) {
      const file = fileByCode(code, at.file)
      throw new Refusal('gone', `档案 ${file.key} 已撤回。`)
    }
    const codes = code.length > 12 ? { uscc: code } : { orgCode: code }
    const opening = openFile({ codes, data: applicant }, at)
    const opened = anticipated(at.file(opening.key), opening.drafts)
    if (!opened) throw new Error('an opening opened no file')
    return [opening, addRecord(opened, type, data, at)]
  }

  #knownFile(code: string, at: ActSituation): Dossier | undefined {
    try {
      return standing(fileByCode(code, at.file))
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'unknown') return undefined
      throw error
    }
  }

  /** Decides on the files as they stand and appends with what follows at once; decided anew when somebody was quicker. */
  async act(request: Request, decide: (at: ActSituation) => Decision[]): Promise<Outcome> {
    const { register, writer, views } = this.#parts
    const { actor, command, fingerprint, notPersonal } = request
    if (fingerprint !== undefined) {
      const entries = await register.outcome(command, fingerprint)
      if (entries) return this.#repeated(entries)
    }
    for (let attempt = 1; ; attempt += 1) {
      const decisions = views.snapshot(() => decide({ ...this.#situation(actor), notPersonal }))
      const [first] = decisions
      if (!first) throw new Error('nothing was decided')
      const recordId = decisions.findLast((decision) => decision.recordId !== undefined)?.recordId
      const named = recordId === undefined ? {} : { recordId }
      const before = views.dossier(first.key)
      const decided = decisions.flatMap((decision) => decision.drafts)
      const drafts = [...decided, ...consequencesOf(before, decided, this.#parts)]
      if (drafts.length === 0 && before) return { dossier: before, ...named, entries: [], repeated: false }
      try {
        const append = { drafts, expect: first.expect, command }
        const appended = await writer.append(fingerprint === undefined ? append : { ...append, fingerprint })
        if (appended.repeated) return await this.#repeated(appended.entries)
        const dossier = fold(before, appended.entries)
        if (!dossier) throw new Error('an act left no file')
        if (appended.entries.some(({ kind }) => kind === 'listing.removed'))
          await eraseEnded(this.#parts, dossier.key)
        return {
          dossier,
          ...named,
          ...proposedIn(dossier, appended.entries),
          entries: appended.entries,
          repeated: false,
        }
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
        // Somebody was quicker; what stands now decides whether the act still makes sense.
        if (attempt >= CONFLICTS_ENDURED) throw error
        await writer.catchUp()
      }
    }
  }

  async #repeated(entries: readonly Entry[]): Promise<Outcome> {
    const last = entries.at(-1)
    const history = last ? await this.#parts.register.history(last.subject) : []
    const dossier = last && dossierAt(history, { position: last.seq })
    if (!dossier) throw invalid('', 'nothing-done', '该请求此前没有产生任何记录。')
    // What followed at once, or explains it, stands behind the entry of the record itself.
    const payload = (entries.find(({ kind }) => kind.startsWith('record.')) ?? last).payload
    const recordId =
      typeof payload === 'object' && payload !== null && 'id' in payload && typeof payload.id === 'string'
        ? { recordId: payload.id }
        : {}
    return { dossier, ...recordId, ...proposedIn(dossier, entries), entries, repeated: true }
  }
}

/** The proposal that some entries put forward, if they did. */
function proposedIn(dossier: Dossier, entries: readonly Entry[]): { proposal?: Proposal } {
  const position = entries.find(({ kind }) => kind === 'act.proposed')?.seq
  const proposal = dossier.proposals?.find((own) => own.position === position)
  return proposal ? { proposal } : {}
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
