import { idOf } from '../blacklist/procedure.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Rater, Simulation } from '../computing/rater.ts'
import type { Actor } from '../dossier/commands.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type AdoptedStandard, type StandardHistory, standardSubject, versionOf } from '../rating/adopted.ts'
import type { Scope } from '../rating/campaign.ts'
import { checkStandard } from '../rating/check-standard.ts'
import { shippedStandards } from '../rating/shipped.ts'
import type { Standard } from '../rating/standard.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'

interface Parts {
  views: Views
  writer: Writer
  rater: Rater
  catalogue: Catalogue
  now(): Date
}

/** A simulation looks at no more files than this: more than Hebei has enterprises in industry. */
const MOST_SIMULATED = 2_000_000

/** Rating standards: those adopted, those that come with the registry, adopting and trying one. */
export class Standards {
  readonly #parts: Parts
  #simulating = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Standards that were ever adopted. */
  adopted(): StandardHistory[] {
    return this.#parts.views.standards().filter(({ versions }) => versions.length > 0)
  }

  /** Standards that an officer has put forward and that wait for another. */
  proposed(): StandardHistory[] {
    return this.#parts.views.standards().filter(({ proposed }) => proposed !== undefined)
  }

  /** Standards that come with the registry and have not been adopted in that version. */
  available(): Standard[] {
    return shippedStandards.filter(({ id, version }) => {
      const history = this.#parts.views.standard(id)
      return !(history && versionOf(history, version)) && history?.proposed?.standard.version !== version
    })
  }

  /** A version of an adopted standard, the one in force by default; refuses an unknown one, naming those there are. */
  version(id: string, version?: number): AdoptedStandard {
    const history = this.#parts.views.standard(id)
    const found = history && versionOf(history, version)
    if (found) return found
    const known = this.adopted().map((standard) => standard.id)
    throw new Refusal(
      'unknown',
      history
        ? `标准 ${id} 没有第 ${version} 版；已采用的版本：${history.versions.map(({ standard }) => standard.version).join('、')}。`
        : `没有采用标准“${id.slice(0, 60)}”；${known.length > 0 ? `已采用的有 ${known.join('、')}。` : '尚未采用任何标准，请先采用。'}`,
    )
  }

  /** The standard that a document holds; refuses a faulty one with every fault and its place. */
  check(document: unknown): Standard {
    const checked = checkStandard(document, this.#parts.catalogue)
    if (checked.ok) return checked.standard
    const count = checked.faults.length
    throw new Refusal('invalid', `标准有 ${count} 处错误，请按 errors 逐项改正。`, checked.faults)
  }

  /** Puts a standard forward; it takes effect once somebody else approves it. */
  async propose(document: unknown, request: Request): Promise<StandardHistory> {
    const standard = this.check(document)
    const history = this.#parts.views.standard(standard.id)
    if (history?.proposed) throw new Refusal('exists', `标准 ${standard.id} 的新一版已经提请，等待批准。`)
    this.#mustBeNext(standard, history)
    await this.#append(
      standard.id,
      'standard.proposed',
      { standard, by: idOf(request.actor) },
      history,
      request,
    )
    return this.#history(standard.id)
  }

  /** Adopts what somebody else put forward, or refuses it. */
  async settleProposal(id: string, adopt: boolean, reason: string, request: Request): Promise<void> {
    const history = this.#history(id)
    const { proposed } = history
    if (!proposed) throw new Refusal('exists', `标准 ${id} 没有等待批准的提请。`)
    const { actor } = request
    if (
      adopt &&
      (proposed.by === idOf(actor) ||
        (proposed.author.officer === actor.officer && proposed.author.authority === actor.authority))
    )
      throw new Refusal('forbidden', '提请与批准须由两人分别进行，请由另一人批准。')
    if (adopt) await this.#append(id, 'standard.adopted', proposed.standard, history, request)
    else await this.#append(id, 'standard.refused', { reason }, history, request)
  }

  /** Proposals that wait for somebody else than whoever put them forward. */
  tasksFor(actor: Actor, mayApprove: boolean): { what: string; about: string; to: string }[] {
    if (!mayApprove) return []
    return this.proposed().flatMap(({ id, proposed }) =>
      proposed && proposed.by !== actor.id
        ? [{ what: '批准采用标准', about: proposed.standard.name, to: `/desk/standards/${id}` }]
        : [],
    )
  }

  #history(id: string): StandardHistory {
    const history = this.#parts.views.standard(id)
    if (!history) throw new Refusal('unknown', `没有标准“${id.slice(0, 60)}”。`)
    return history
  }

  #mustBeNext({ id, version }: Standard, history: StandardHistory | undefined): void {
    const last = history?.versions.at(-1)?.standard.version ?? 0
    if (version !== last + 1)
      throw new Refusal('exists', `标准 ${id} 的下一版应为第 ${last + 1} 版，不能是第 ${version} 版。`, [
        { pointer: '/version', code: 'version', detail: `应为 ${last + 1}。` },
      ])
  }

  async #append(
    id: string,
    kind: string,
    payload: unknown,
    history: StandardHistory | undefined,
    { actor: { authority, officer }, command, fingerprint }: Request,
  ): Promise<void> {
    const subject = standardSubject(id)
    const visibility = kind === 'standard.adopted' ? 'public' : 'internal'
    await this.#parts.writer.append({
      drafts: [{ subject, kind, payload, visibility, author: { authority, officer } }],
      expect: new Map([[subject, history?.revision ?? history?.versions.length ?? 0]]),
      command,
      ...(fingerprint !== undefined && { fingerprint }),
    })
  }

  /** Adopts a standard: it takes effect for campaigns begun from then on; earlier versions stay for ever. */
  async adopt(document: unknown, request: Request): Promise<AdoptedStandard> {
    const standard = this.check(document)
    const history = this.#parts.views.standard(standard.id)
    const known = history && versionOf(history, standard.version)
    if (known && JSON.stringify(known.standard) === JSON.stringify(standard)) return known
    this.#mustBeNext(standard, history)
    await this.#append(standard.id, 'standard.adopted', standard, history, request)
    return this.version(standard.id, standard.version)
  }

  /** What a standard would change, computed over the registry and written nowhere. One at a time. */
  async simulate(document: unknown, scope: Scope, on = shanghaiDate(this.#parts.now())): Promise<Simulation> {
    const standard = this.check(document)
    if (this.#simulating) throw new Refusal('busy', '另一次试算正在进行，请稍后再试。')
    this.#simulating = true
    try {
      const simulation = await this.#parts.rater.simulate({ standard, on, scope, most: MOST_SIMULATED })
      if (simulation === 'tooMany')
        throw new Refusal('invalid', `范围内的企业超过 ${MOST_SIMULATED} 家，请按地区或产品缩小范围。`, [
          { pointer: '/scope', code: 'too-big', detail: `最多 ${MOST_SIMULATED} 家。` },
        ])
      return simulation
    } finally {
      this.#simulating = false
    }
  }
}
