import { versionOf } from '../adoption/adoption.ts'
import type { Actor } from '../authority/acting.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Rater, Simulation } from '../computing/rater.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type AdoptedStandard, type StandardHistory, standardSubject } from '../rating/adopted.ts'
import type { Scope } from '../rating/campaign.ts'
import { checkStandard } from '../rating/check-standard.ts'
import { shippedStandards } from '../rating/shipped.ts'
import type { Standard } from '../rating/standard.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'
import { Adoptions } from './adoptions.ts'

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
  readonly #adoptions: Adoptions<Standard>
  #simulating = false

  constructor(parts: Parts) {
    this.#parts = parts
    const { views, writer } = parts
    this.#adoptions = new Adoptions({
      views,
      writer,
      kind: 'standard',
      word: '标准',
      subject: standardSubject,
      one: (id) => views.standard(id),
      all: () => views.standards(),
      shipped: () => 0,
    })
  }

  /** Standards that were ever adopted. */
  adopted(): StandardHistory[] {
    return this.#adoptions.adopted()
  }

  /** Standards that an officer has put forward and that wait for another. */
  proposed(): StandardHistory[] {
    return this.#adoptions.proposed()
  }

  /** Standards that come with the registry and have not been adopted in that version, put forward or not. */
  available(): Standard[] {
    return shippedStandards.filter(({ id, version }) => {
      const history = this.#parts.views.standard(id)
      return !(history && versionOf(history, version))
    })
  }

  /** Those of them that nobody has put forward yet. */
  offered(): Standard[] {
    return this.available().filter(
      ({ id, version }) => this.#parts.views.standard(id)?.proposed?.document.version !== version,
    )
  }

  /** A version of an adopted standard, the one in force by default; refuses an unknown one, naming those there are. */
  version(id: string, version?: number): AdoptedStandard {
    const history = this.#parts.views.standard(id)
    const found = history && versionOf(history, version)
    if (found) return found
    // What is only put forward is nobody's business yet.
    const isAdopted = history !== undefined && history.versions.length > 0
    const known = this.adopted().map((standard) => standard.id)
    throw new Refusal(
      'unknown',
      isAdopted
        ? `标准 ${id} 没有第 ${version} 版；已采用的版本：${history.versions.map(({ document }) => document.version).join('、')}。`
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

  /** Whether a standard was adopted in this very version, word for word. */
  stands(document: unknown): boolean {
    return this.#adoptions.stands(this.check(document))
  }

  /** Puts a standard forward; it takes effect once somebody else approves it. */
  async propose(document: unknown, request: Request): Promise<Standard> {
    const standard = this.check(document)
    await this.#adoptions.propose(standard, request)
    return standard
  }

  /** Adopts what somebody else put forward, or refuses it. */
  settleProposal(id: string, adopt: boolean, reason: string, request: Request): Promise<void> {
    return this.#adoptions.settle(id, adopt, reason, request)
  }

  /** Why somebody may not adopt what was put forward, in words; undefined when they may. */
  hindranceTo(id: string, actor: Actor): string | undefined {
    return this.#adoptions.hindranceTo(id, actor)
  }

  /** Proposals that wait for somebody else than whoever put them forward. */
  tasksFor(actor: Actor, mayApprove: boolean): { what: string; about: string; to: string }[] {
    if (!mayApprove) return []
    return this.#adoptions
      .waitingFor(actor)
      .map(({ id, name }) => ({ what: '批准采用标准', about: name, to: `/desk/standards/${id}` }))
  }

  /** Adopts a standard: it takes effect for campaigns begun from then on; earlier versions stay for ever. */
  async adopt(document: unknown, request: Request): Promise<AdoptedStandard> {
    const standard = this.check(document)
    await this.#adoptions.adopt(standard, request)
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

  /** Measures of encouragement (守信激励) that go with the best grade of the public standard. */
  honourMeasures(): string[] {
    const standard = this.adopted()
      .find(({ id }) => id === 'four-grades')
      ?.versions.at(-1)?.document
    return standard?.grades[0]?.measures ?? []
  }
}
