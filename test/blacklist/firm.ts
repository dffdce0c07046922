import type { Act } from '../../src/acts/act.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import type { Acting } from '../../src/authority/acting.ts'
import { Authorities } from '../../src/authority/authorities.ts'
import type { Authority, Level } from '../../src/authority/authority.ts'
import { listingsAfterEvent } from '../../src/blacklist/consequences.ts'
import { type RuleSet, ruleSets } from '../../src/blacklist/rule-set.ts'
import type { Step, StepName } from '../../src/blacklist/step.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { Draft } from '../../src/register/entry.ts'
import { award, fileWith, penalty as plainPenalty, type TestRecord } from '../rating/files.ts'

const authority = (id: string, name: string, level: Level, region?: string): Authority => ({
  id,
  name,
  level,
  ...(region !== undefined && { region }),
  revision: 1,
  openedAt: '2026-01-01T00:00:00.000Z',
  formerNames: [],
  accounts: [],
})
export const authorities = new Authorities([
  authority('county', '长安区局', 'county', '130102'),
  authority('city', '石家庄市局', 'city', '130100'),
  authority('province', '省局', 'province'),
  authority('tangshan', '唐山市局', 'city', '130200'),
])

function officer(name: string, of: string, more: Partial<Acting> = {}): Acting {
  const body = authorities.bodyOf({ owner: of, authority: '' })
  return {
    authority: body.name,
    officer: name,
    id: `officer/${name}`,
    ...(body.region !== undefined && { region: body.region }),
    body,
    person: name,
    isMachine: false,
    rights: ['records:write', 'listings:write', 'listings:decide'],
    ...more,
  }
}

/** Three officers of a county, two of the city above, two of the province; one of another city. */
export const people = {
  clerk: officer('clerk', 'county'),
  head: officer('head', 'county'),
  third: officer('third', 'county'),
  city: officer('city', 'city'),
  cityHead: officer('cityhead', 'city'),
  province: officer('province', 'province'),
  other: officer('other', 'province'),
  elsewhere: officer('elsewhere', 'tangshan'),
} satisfies Record<string, Acting>
export { officer }

const ACTS: Readonly<Record<StepName, string>> = {
  notice: 'serve-notice',
  statement: 'record-statement',
  consent: 'consent-to-listing',
  decision: 'decide-listing',
  publication: 'publish-listing',
  repairApplication: 'apply-for-repair',
  repairAcceptance: 'accept-repair',
  repairInspection: 'inspect-repair',
  repairDecision: 'decide-repair',
  repairRevocation: 'revoke-repair',
  revocation: 'revoke-listing',
  dropping: 'drop-case',
  rebasing: 'rebase-listing',
  restating: 'restate-listing',
  affirming: 'affirm-notice',
}

/** The term of each ground of order 44. */
export const TERMS: Readonly<Record<string, string>> = {
  'unsafe-product': '生产、销售不符合健康安全标准的产品',
  unlicensed: '无证生产经营',
  'forged-marks': '伪造、冒用标志或者证号',
  evasion: '拒绝、逃避检查或者销售被责令停售的产品',
  'failed-again': '公告后复查仍不合格',
}

/** A penalty on which an officer has chosen the term: that of its conduct. */
export const penalty = (id: string, decidedOn: string, more: RecordData = {}): TestRecord =>
  plainPenalty(id, decidedOn, {
    category: TERMS[String(more.conduct).includes('伪造') ? 'forged-marks' : 'unsafe-product'],
    ...more,
  })

export const grave = (id: string, decidedOn = '2026-02-02', more: RecordData = {}): TestRecord =>
  penalty(id, decidedOn, {
    severity: '严重',
    fulfilledOn: '2026-02-20',
    ...more,
  })

/** A firm's file on which acts are taken one after the other, on days that the test sets; nothing is kept anywhere. */
export class Firm {
  dossier: Dossier
  today = '2026-03-02'
  rules: readonly RuleSet[] = ruleSets
  #ids = 0

  /** Its records are those of an authority: the county's, if none is named. */
  constructor(records: readonly TestRecord[] = [grave('p')], owner = 'county') {
    this.dossier = fileWith(records, undefined, owner)
  }

  at(actor: Acting) {
    return {
      file: (key: string) => (key === this.dossier.key ? this.dossier : undefined),
      today: this.today,
      catalogue,
      authorities,
      rules: this.rules,
      get outside(): never {
        throw new Error('nothing here is outside a file')
      },
      actor,
      doer: ({ account = '' }: { account?: string | undefined }) => {
        const known = Object.values(people).find(({ id }) => id === account)
        return known ?? { person: account, isMachine: false, body: people.clerk.body }
      },
      revisionOf: ({ revision }: Dossier) => revision,
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

  /** Why somebody may not do something now, in words; undefined when they may. */
  hindrance(name: string, id: string | undefined, actor: Acting): string | undefined {
    return actOf(name).ask({ code: this.dossier.key, id }, this.at(actor)).hindrance
  }

  /** Does something, with the second person where it takes one; gives the entries. */
  do(name: string, id: string | undefined, input: object, actor: Acting = people.clerk): readonly Draft[] {
    const { decision } = actOf(name).ask({ code: this.dossier.key, id }, this.at(actor)).decide(input)
    if (decision.expect.get(this.dossier.key) !== this.dossier.revision)
      throw new Error(`${name} presumes no revision of the file`)
    this.append(decision.drafts)
    return decision.drafts
  }

  /** Why something takes a second person, without doing it. */
  second(name: string, id: string | undefined, input: object, actor: Acting = people.clerk) {
    return actOf(name).ask({ code: this.dossier.key, id }, this.at(actor)).decide(input).second
  }

  /** How something would be refused, without doing it. */
  refusal(name: string, id: string | undefined, input: object, actor: Acting = people.clerk): Refused {
    return refusalOf(() => actOf(name).ask({ code: this.dossier.key, id }, this.at(actor)).decide(input))
  }

  propose(penalties: readonly string[] = ['p'], more: object = {}, actor?: Acting): string {
    this.do('propose-listing', undefined, proposalOf(penalties, more), actor)
    return this.dossier.cases.at(-1)?.id ?? ''
  }

  step(id: string, { step, ...input }: Step, actor?: Acting): readonly Draft[] {
    return this.do(ACTS[step], id, input, actor)
  }

  refusedStep(id: string, { step, ...input }: Step, actor?: Acting): Refused {
    return this.refusal(ACTS[step], id, input, actor)
  }

  hindranceTo(id: string, step: StepName, actor: Acting): string | undefined {
    return this.hindrance(ACTS[step], id, actor)
  }

  /** Takes a case as far as being decided, published too if asked, on the first days that the rules allow. */
  listed(penalties: readonly string[] = ['p'], { publish = true, ground = 'unsafe-product' } = {}): string {
    const id = this.propose(penalties, { ground })
    this.step(id, { step: 'notice', servedOn: this.today, way: '直接送达' })
    this.today = this.case(id).noticed?.servedOn === '2026-03-02' ? '2026-03-10' : this.today
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

  fact(kind: string, payload: unknown): void {
    const author = { authority: '长安区局', officer: '甲' }
    this.append([{ subject: this.dossier.key, kind, payload, visibility: 'public', author }])
  }

  add({ id, type, data }: TestRecord, owner = 'county'): void {
    this.fact('record.added', { id, type, data, owner })
  }

  change(id: string, changes: RecordData): void {
    this.fact('record.updated', { id, changes })
  }

  /** A record changes, and what follows for cases follows. */
  review(id: string, changes: RecordData): readonly string[] {
    const before = this.dossier
    this.change(id, changes)
    const followed = listingsAfterEvent(before, this.dossier, this.today)
    this.append(followed)
    return followed.map(({ kind }) => kind)
  }

  withdraw(id: string): void {
    this.fact('record.withdrawn', { id, reason: '录入有误' })
  }
}

function actOf(name: string): Act {
  const known = shippedActs.find((act) => act.name === name)
  if (!known) throw new Error(`no act ${name}`)
  return known
}

export function proposalOf(penalties: readonly string[], more: object = {}) {
  return {
    ruleSet: 'order-44',
    ground: 'unsafe-product',
    penalties: [...penalties],
    facts: '事实',
    reasons: '理由',
    ...more,
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

export interface Refused {
  reason: string
  title: string
  faults: string[]
}

/** How something is refused: its kind, its title, and where and why; an empty reason where it is not. */
export function refusalOf(act: () => unknown): Refused {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const faults = error.faults.map(({ pointer, code }) => `${pointer} ${code}`)
    return { reason: error.reason, title: error.title, faults }
  }
  return { reason: '', title: 'not refused', faults: [] }
}

export { award }
