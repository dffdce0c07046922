import { standardIn } from '../acts/adoption.ts'
import { everAdopted, putForward, versionOf } from '../adoption/adoption.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Rater, Simulation } from '../computing/rater.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type AdoptedStandard, adoptedVersion, type StandardHistory } from '../rating/adopted.ts'
import type { Scope } from '../rating/campaign.ts'
import { shippedStandards } from '../rating/shipped.ts'
import type { Standard } from '../rating/standard.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Views } from '../views/views.ts'

interface Parts {
  views: Views
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
    return everAdopted(this.#parts.views.standards())
  }

  /** Standards that an officer has put forward and that wait for another. */
  proposed(): StandardHistory[] {
    return putForward(this.#parts.views.standards())
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
    return adoptedVersion(this.#parts.views.standards(), id, version)
  }

  /** What a standard would change, computed over the registry and written nowhere. One at a time. */
  async simulate(document: unknown, scope: Scope, on = shanghaiDate(this.#parts.now())): Promise<Simulation> {
    const standard = standardIn(document, this.#parts.catalogue)
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
