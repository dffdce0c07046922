import { propose, takeStep } from '../../src/blacklist/procedure.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import type { Proposal, Step } from '../../src/blacklist/step.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import type { Actor, Decision, Situation } from '../../src/dossier/commands.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { Draft } from '../../src/register/entry.ts'
import { award, fileWith, penalty, type TestRecord } from '../rating/files.ts'

/** Two officers of a county, one of the city above, two of the province. */
export const people = {
  clerk: { authority: '长安区局', officer: '甲', id: 'clerk', region: '130102' },
  head: { authority: '长安区局', officer: '乙', id: 'head', region: '130102' },
  city: { authority: '石家庄市局', officer: '丙', id: 'city', region: '130100' },
  province: { authority: '省局', officer: '丁', id: 'province' },
  other: { authority: '省局', officer: '戊', id: 'other' },
  elsewhere: { authority: '唐山市局', officer: '己', id: 'elsewhere', region: '130200' },
} satisfies Record<string, Actor>

/** A firm's file that acts are decided on one after the other, as pure functions, on days that the test sets. */
export class Firm {
  dossier: Dossier
  today = '2026-03-02'
  #ids = 0

  constructor(records: readonly TestRecord[] = [penalty('p', '2026-02-02', { severity: '严重' })]) {
    this.dossier = fileWith(records)
  }

  at(actor: Actor = people.clerk): Situation {
    return {
      file: () => this.dossier,
      today: this.today,
      catalogue,
      actor,
      newId: () => {
        this.#ids += 1
        return `id-${this.#ids}`
      },
    }
  }

  append(drafts: readonly Draft[]): Dossier {
    const after = anticipated(this.dossier, drafts, `${this.today}T02:00:00.000Z`)
    if (!after) throw new Error('no file')
    this.dossier = after
    return after
  }

  take<D extends Decision>(decide: (situation: Situation) => D, actor?: Actor): D {
    const decision = decide(this.at(actor))
    this.append(decision.drafts)
    return decision
  }

  fact(kind: string, payload: unknown): Dossier {
    const author = { authority: '省局', officer: '丁' }
    return this.append([{ subject: this.dossier.key, kind, payload, visibility: 'public', author }])
  }

  add({ id, type, data }: TestRecord): void {
    this.fact('record.added', { id, type, data })
  }

  change(id: string, changes: RecordData): void {
    this.fact('record.updated', { id, changes })
  }

  withdraw(id: string): void {
    this.fact('record.withdrawn', { id, reason: '录入有误' })
  }

  propose(penalties: readonly string[] = ['p'], more: Partial<Proposal> & { actor?: Actor } = {}): string {
    const { actor, ...given } = more
    const proposal = {
      ruleSet: 'order-44',
      ground: 'unsafe-product',
      penalties,
      facts: '事实',
      reasons: '理由',
      ...given,
    }
    return this.take((at) => propose(this.dossier, proposal, ruleSets, at), actor).caseId
  }

  step(id: string, step: Step, actor?: Actor): Dossier {
    this.take((at) => takeStep(this.dossier, id, step, at), actor)
    return this.dossier
  }

  /** Takes a case as far as being decided, published too if asked, on the first days that the rules allow. */
  listed(penalties: readonly string[] = ['p'], { publish = true, ground = 'unsafe-product' } = {}): string {
    const id = this.propose(penalties, { ground })
    this.step(id, { step: 'notice', servedOn: this.today, way: '直接送达' })
    this.today = '2026-03-10'
    this.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
    this.step(id, decisionOn(this.today), people.head)
    if (publish) this.step(id, { step: 'publication' }, people.head)
    return id
  }

  case(id: string) {
    const own = this.dossier.cases.find((known) => known.id === id)
    if (!own) throw new Error(`no case ${id}`)
    return own
  }
}

export function decisionOn(decidedOn: string, more: { listed?: boolean; measures?: string[] } = {}): Step {
  return {
    step: 'decision',
    listed: true,
    decisionNo: '长市监列〔2026〕1号',
    decidedOn,
    reasons: '理由',
    ...more,
  }
}

/** How something is refused: its kind, its title, and where and why. */
export function refusalOf(act: () => unknown): { reason: string; title: string; faults: string[] } {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return {
      reason: error.reason,
      title: error.title,
      faults: error.faults.map(({ pointer, code }) => `${pointer} ${code}`),
    }
  }
  return { reason: '', title: 'not refused', faults: [] }
}

export { award, penalty }
