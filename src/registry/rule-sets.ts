import type { Actor } from '../authority/acting.ts'
import { ruleSetSubject } from '../blacklist/adopted.ts'
import { type RuleSet, ruleSetSchema, ruleSets } from '../blacklist/rule-set.ts'
import { Refusal } from '../dossier/refusal.ts'
import { misquotedIn } from '../law/texts.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import type { Request } from './acts.ts'
import { Adoptions } from './adoptions.ts'

/** Listing rules: those that come with the registry, and the versions that officers have adopted over them. */
export class RuleSets {
  readonly #views: Views
  readonly #adoptions: Adoptions<RuleSet>

  constructor({ views, writer }: { views: Views; writer: Writer }) {
    this.#views = views
    this.#adoptions = new Adoptions({
      views,
      writer,
      kind: 'rules',
      word: '规则',
      subject: ruleSetSubject,
      one: (id) => views.ruleSet(id),
      all: () => views.ruleSets(),
      shipped: (id) => ruleSets.findLast((known) => known.id === id)?.version ?? 0,
    })
  }

  /** The rules that a case begins under now, each in its last version. */
  inForce(): RuleSet[] {
    const adopted = new Map(
      this.#adoptions.adopted().flatMap(({ id, versions }) => {
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
    return this.#adoptions.proposed()
  }

  /** The rules that a document holds; refuses a faulty one with every fault and its place. */
  check(document: unknown): RuleSet {
    const parsed = ruleSetSchema.safeParse(document)
    if (parsed.success) return quotingRight(parsed.data)
    const faults = parsed.error.issues.map(({ path, code, message }) => ({
      pointer: `/${path.map(String).join('/')}`,
      code: String(code),
      detail: `${path.map(String).join('.')}：${message}`,
    }))
    throw new Refusal('invalid', `规则有 ${faults.length} 处错误，请逐项改正。`, faults)
  }

  propose(document: unknown, request: Request): Promise<void> {
    return this.#adoptions.propose(this.check(document), request)
  }

  settle(id: string, adopt: boolean, reason: string, request: Request): Promise<void> {
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
      .map(({ id, name }) => ({ what: '批准采用规则', about: name, to: `/desk/rule-sets/${id}` }))
  }
}

/** Rules whose every quotation holds; refuses others, naming each that does not stand in its text. */
function quotingRight(rules: RuleSet): RuleSet {
  const faults = misquotedIn(rules).map((found) => ({ ...found, code: 'misquoted' }))
  if (faults.length === 0) return rules
  throw new Refusal('invalid', `规则有 ${faults.length} 处引文与原文不符，请逐项改正。`, faults)
}
