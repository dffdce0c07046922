import { everAdopted, putForward } from '../adoption/adoption.ts'
import { type RuleSet, ruleSets } from '../blacklist/rule-set.ts'
import type { Views } from '../views/views.ts'

/** Listing rules: those that come with the registry, and the versions that officers have adopted over them. */
export class RuleSets {
  readonly #views: Views

  constructor({ views }: { views: Views }) {
    this.#views = views
  }

  /** The rules that a case begins under now, each in its last version. */
  inForce(): RuleSet[] {
    const adopted = new Map(
      everAdopted(this.#views.ruleSets()).flatMap(({ id, versions }) => {
        const last = versions.at(-1)
        return last ? [[id, last.document] as const] : []
      }),
    )
    const shipped = ruleSets.filter(({ id }) => !adopted.has(id))
    return [...shipped, ...adopted.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  history(id: string) {
    return this.#views.ruleSet(id)
  }

  /** Rules that an officer has put forward and that wait for another. */
  proposed() {
    return putForward(this.#views.ruleSets())
  }
}
