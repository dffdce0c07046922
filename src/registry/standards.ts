import { shanghaiDate } from '../calendar/dates.ts'
import type { Rater, Simulation } from '../computing/rater.ts'
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
    return this.#parts.views.standards()
  }

  /** Standards that come with the registry and have not been adopted in that version. */
  available(): Standard[] {
    return shippedStandards.filter(({ id, version }) => {
      const history = this.#parts.views.standard(id)
      return !history || !versionOf(history, version)
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

  /** Adopts a standard: it takes effect for campaigns begun from then on; earlier versions stay for ever. */
  async adopt(document: unknown, { actor, command, fingerprint }: Request): Promise<AdoptedStandard> {
    const { views, writer } = this.#parts
    const standard = this.check(document)
    const history = views.standard(standard.id)
    const last = history?.versions.at(-1)?.standard.version ?? 0
    const subject = standardSubject(standard.id)
    const known = history && versionOf(history, standard.version)
    if (known && JSON.stringify(known.standard) === JSON.stringify(standard)) return known
    if (standard.version !== last + 1)
      throw new Refusal(
        'exists',
        `标准 ${standard.id} 的下一版应为第 ${last + 1} 版，不能是第 ${standard.version} 版。`,
        [{ pointer: '/version', code: 'version', detail: `应为 ${last + 1}。` }],
      )
    const { authority, officer } = actor
    await writer.append({
      drafts: [
        {
          subject,
          kind: 'standard.adopted',
          payload: standard,
          visibility: 'public',
          author: { authority, officer },
        },
      ],
      expect: new Map([[subject, last]]),
      command,
      ...(fingerprint !== undefined && { fingerprint }),
    })
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
