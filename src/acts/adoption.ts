import { z } from 'zod'
import { type Adoption, type Versioned, versionOf } from '../adoption/adoption.ts'
import { textFaultsIn } from '../adoption/texts.ts'
import { isTrusted } from '../authority/acting.ts'
import { ruleSetSubject } from '../blacklist/adopted.ts'
import { ruleSetSchema, ruleSets } from '../blacklist/rule-set.ts'
import { idOf } from '../dossier/commands.ts'
import { type Fault, Refusal } from '../dossier/refusal.ts'
import { misquotedIn } from '../law/texts.ts'
import { standardSubject } from '../rating/adopted.ts'
import { checkStandard } from '../rating/check-standard.ts'
import { shippedStandards } from '../rating/shipped.ts'
import { type Standard, standardSchema } from '../rating/standard.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Act, act, type Outcome } from './act.ts'
import { one } from './appended.ts'
import { reasonAlone } from './input.ts'
import type { ActSituation } from './situation.ts'

interface Adopted<D extends Versioned> {
  kind: 'standard' | 'rules'
  /** What such a document is called: 标准. */
  word: string
  path: string
  /** How the document is written, for who types one. */
  hint: string
  /** What becomes of it once it is adopted. */
  effect: string
  schema: z.ZodType
  subject(id: string): string
  history(id: string, at: ActSituation): Adoption<D> | undefined
  /** The document; refuses a faulty one with every fault and its place. */
  check(document: unknown, at: ActSituation): D
  /** Version that comes with the registry and is in force without having been adopted; 0 where there is none. */
  shipped(id: string): number
  /** Whether a document is the registry's own of its number, which may follow on any version before it. */
  isOwn(document: D): boolean
}

/** Several times what any standard or set of rules has come to. */
const MOST_BYTES = 128 * 1024
/** Faults of a document that are told at a time. */
const MOST_FAULTS = 100

/** Refuses a document for its faults, the first of them one by one. */
function faulty(faults: readonly Fault[], why: (count: number) => string): Refusal {
  const rest = faults.length > MOST_FAULTS ? `（这里列出前 ${MOST_FAULTS} 处）` : ''
  return new Refusal('invalid', `${why(faults.length)}${rest}`, faults.slice(0, MOST_FAULTS))
}

/** Putting a document forward, adopting and refusing it: by two of the province, in versions that stay for ever (采用). */
function adoption<D extends Versioned>(of: Adopted<D>): readonly [propose: Act, adopt: Act, refuse: Act] {
  const { kind, word, path, hint, effect, schema } = of
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const common = { right: 'standards:write', whose: 'province' } as const
  const operation = (verb: string) => `${verb}${kind === 'standard' ? 'Standard' : 'Rules'}`
  const noneWaits = (id: string) => `${word} ${id.slice(0, 60)} 没有等待批准的提请。`
  const propose = act({
    ...common,
    name: `propose-${kind}`,
    label: `提请采用${word}`,
    on: 'register',
    input: z.strictObject({
      document: z.looseObject({}).meta({
        ...described,
        label: `${word}文件（JSON）`,
        description: `${word}，${hint}`,
        hint,
        isLong: true,
      }),
    }),
    route: { method: 'POST', path, body: 'document', answer: kind, operation: operation('propose') },
    effect: `由省级机关的另一人批准；批准之前什么都不改变。${effect}`,
    decide(__, { document }, at) {
      const bytes = Buffer.byteLength(JSON.stringify(document))
      if (bytes > MOST_BYTES)
        throw new Refusal(
          'invalid',
          `${word}文件有 ${Math.ceil(bytes / 1024)} KB，最多 ${MOST_BYTES / 1024} KB；请合并或删去。`,
        )
      return proposed(of, of.check(document, at), at)
    },
  })
  const adopt = act({
    ...common,
    name: `adopt-${kind}`,
    label: `批准采用${word}`,
    on: kind,
    input: z.strictObject({}),
    route: { method: 'POST', path: `${path}/:id/approval`, answer: kind, operation: operation('approve') },
    effect,
    apart: ({ own }, at) => {
      const first = own?.proposed
      return first ? [at.doer({ ...first.author, account: first.by })] : []
    },
    apartWords: `自己提请的${word}由另一人批准。`,
    closed: ({ own, id }) => (own?.proposed ? undefined : noneWaits(id)),
    decide(on, __, at) {
      const waiting = on.own?.proposed
      if (!waiting) throw new Refusal('exists', noneWaits(on.id))
      // An earlier version of the program may have taken it in by another rule.
      const [fault] = textFaultsIn(waiting.document)
      if (fault)
        throw new Refusal('exists', `提请的${word}文件不能采用：${fault.detail}请不予采用，改正后重新提请。`)
      return one(on, at, `${kind}.adopted`, waiting.document, 'public')
    },
  })
  const refuse = act({
    ...common,
    name: `refuse-${kind}`,
    label: `不予采用${word}`,
    on: kind,
    input: reasonAlone('理由'),
    route: { method: 'POST', path: `${path}/:id/refusal`, answer: 'nothing', operation: operation('refuse') },
    isGrave: true,
    closed: ({ own, id }) => (own?.proposed ? undefined : noneWaits(id)),
    decide: (on, { reason }, at) => one(on, at, `${kind}.refused`, { reason }),
  })
  return [propose, adopt, refuse]
}

/** Puts a document forward; who holds the data directory adopts it at once. Does nothing where it stands in this very version. */
function proposed<D extends Versioned>(of: Adopted<D>, document: D, at: ActSituation): Outcome {
  const { kind, word } = of
  const { id, version } = document
  const history = of.history(id, at)
  const subject = { subject: of.subject(id), revision: history?.revision ?? 0 }
  const known = history && versionOf(history, version)
  if (known && JSON.stringify(known.document) === JSON.stringify(document))
    return { ...one(subject, at, `${kind}.proposed`, {}), drafts: [] }
  if (history?.proposed && !isTrusted(at.actor))
    throw new Refusal('exists', `${word} ${id} 的新一版已经提请，等待批准。`)
  const last = history?.versions.at(-1)?.document.version ?? 0
  const next = Math.max(of.shipped(id), last) + 1
  if (version !== next && !(of.isOwn(document) && version > last))
    throw new Refusal('exists', `${word} ${id} 的下一版应为第 ${next} 版，不能是第 ${version} 版。`, [
      { pointer: '/version', code: 'version', detail: `应为 ${next}。` },
    ])
  return isTrusted(at.actor)
    ? one(subject, at, `${kind}.adopted`, document, 'public')
    : one(subject, at, `${kind}.proposed`, { document, by: idOf(at.actor) })
}

/** Refuses a document with a text that breaks the rule for text, or is too long, with each of them. */
function byTextRule(document: unknown, word: string): void {
  const faults = textFaultsIn(document)
  if (faults.length > 0)
    throw new Refusal('invalid', `${word}有 ${faults.length} 处文字不合规则，请逐项改正。`, faults)
}

/** The standard that a document holds; refuses a faulty one with every fault and its place. */
export function standardIn(document: unknown, catalogue: Catalogue): Standard {
  byTextRule(document, '标准')
  const checked = checkStandard(document, catalogue)
  if (checked.ok) return checked.standard
  throw faulty(checked.faults, (count) => `标准有 ${count} 处错误，请按 errors 逐项改正。`)
}

const standards: Adopted<Standard> = {
  kind: 'standard',
  word: '标准',
  path: '/standards',
  hint: '写法见随系统的说明 docs/standards.md；有误时逐处指出',
  effect: '采用后对此后开展的评价生效，不再修改。',
  schema: standardSchema,
  subject: standardSubject,
  history: (id, { outside: { standing } }) => standing.standard(id),
  check: (document, { catalogue }) => standardIn(document, catalogue),
  shipped: () => 0,
  isOwn: (document) => shippedStandards.some((known) => JSON.stringify(known) === JSON.stringify(document)),
}

export const [proposeStandardAct, adoptStandardAct, refuseStandardAct] = adoption(standards)

/** Puts a standard forward that comes with the registry, as it is. */
export const proposeShippedStandardAct = act({
  name: 'propose-shipped-standard',
  label: '提请采用随系统提供的标准',
  on: 'standard',
  input: z.strictObject({}),
  right: 'standards:write',
  whose: 'province',
  route: { method: 'POST', path: '/standards/:id/proposal', answer: 'standard' },
  effect: '由另一人批准后生效；建议先试算。',
  closed: ({ id, own }) => {
    const shipped = shippedStandards.find((known) => known.id === id)
    if (!shipped) return '没有随系统提供的这项标准。'
    const isKnown = own && (own.proposed || versionOf(own, shipped.version))
    return isKnown ? '该标准已经提请或者采用。' : undefined
  },
  decide({ id }, _, at) {
    const shipped = shippedStandards.find((known) => known.id === id)
    if (!shipped) throw new Refusal('unknown', '没有随系统提供的这项标准。')
    return proposed(standards, shipped, at)
  },
})

export const [proposeRulesAct, adoptRulesAct, refuseRulesAct] = adoption({
  kind: 'rules',
  word: '规则',
  path: '/rule-sets',
  hint: '从现行一版的文件改起，版次加一；有误时逐处指出',
  effect: '采用后对此后提出的案件生效，不再修改；办理中的案件仍按原来的版本。',
  schema: ruleSetSchema,
  subject: ruleSetSubject,
  history: (id, { outside: { standing } }) => standing.ruleSet(id),
  check(document) {
    byTextRule(document, '规则')
    const parsed = ruleSetSchema.safeParse(document)
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, code, message }) => ({
        pointer: `/${path.map(String).join('/')}`,
        code: String(code),
        detail: `${path.map(String).join('.')}：${message}`,
      }))
      throw faulty(faults, (count) => `规则有 ${count} 处错误，请逐项改正。`)
    }
    const misquoted = misquotedIn(parsed.data).map((found) => ({ ...found, code: 'misquoted' }))
    if (misquoted.length === 0) return parsed.data
    throw faulty(misquoted, (count) => `规则有 ${count} 处引文与原文不符，请逐项改正。`)
  },
  shipped: (id) => ruleSets.findLast((known) => known.id === id)?.version ?? 0,
  isOwn: () => false,
})
