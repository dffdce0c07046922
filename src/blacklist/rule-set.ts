import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Case } from '../dossier/case.ts'
import type { FileRecord } from '../dossier/dossier.ts'
import { quotation } from '../law/texts.ts'
import { fieldCondition, meetsField } from '../records/condition.ts'
import { type PenaltyData, penalty, penaltyTypes } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'

const quotes = z.array(quotation).max(10).optional()
const period = z.strictObject({ workingDays: z.int().min(1).max(250), source: z.string(), quotes })

/** Rules by which firms are listed (列入规则), as data with their source and how sure it is. */
export const ruleSetSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, '应为小写英文字母、数字和连字符，以字母开头，最多 40 个字符'),
  version: z.int().min(1),
  name: z.string(),
  source: z.string(),
  status: z.enum(['verified', 'to be confirmed']),
  grounds: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        source: z.string(),
        quotes,
        /** Conditions on the penalty record: all of any one of these lists. */
        any: z.array(z.array(fieldCondition).min(1)).min(1),
      }),
    )
    .min(1),
  /** Working days from the service of the notice in which the party may state its case. */
  statement: period,
  /** Working days from the service of the notice in which the case is to be decided. */
  decision: period,
  /** Levels whose decisions need the next level's consent; none where no consent is needed. */
  consent: z.strictObject({ levels: z.array(z.enum(['county', 'city'])), source: z.string() }),
  /** Working days from the decision in which the listing is published. */
  publication: period,
  duration: z.strictObject({ months: z.int().min(1), source: z.string() }),
  /** Which penalties are heavier (较重行政处罚): by a type that they have, or by the degree that the officer marked. */
  heavier: z
    .strictObject({
      types: z.array(z.enum(penaltyTypes)).min(1),
      severity: z.array(z.string()).min(1),
      source: z.string(),
    })
    .default({
      types: ['降低资质等级', '吊销许可证件', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业'],
      severity: ['较重', '严重'],
      source: '令第44号第二条；条文待与原文核对',
    }),
  repair: z.strictObject({
    afterMonths: z.int().min(0),
    accept: period,
    decide: period,
    conditions: z.array(z.string()).min(1),
    /** Which later penalties bar it: heavier ones, where nothing is said, or any. */
    barredBy: z.enum(['heavier', 'any']).optional(),
    how: z.string(),
    source: z.string(),
  }),
  measures: z.array(z.string()).min(1),
  /** Causes of removal upon which the case's texts are erased; their digests stay. */
  eraseOn: z.array(z.enum(['expired', 'repaired', 'revoked', 'annulled', 'dissolved'])),
})

export type RuleSet = z.output<typeof ruleSetSchema>
export type Ground = RuleSet['grounds'][number]

/** Every version of every rule set that came with the registry: cases keep the one that they began under. */
const versions: readonly RuleSet[] = ['order-44', 'order-44-2', 'order-44-3', 'aqsiq', 'aqsiq-2'].map(
  (name) =>
    ruleSetSchema.parse(JSON.parse(readFileSync(new URL(`./rules/${name}.json`, import.meta.url), 'utf8'))),
)

/** The rule sets that come with the registry, each in its last version: cases begin under these. */
export const ruleSets: readonly RuleSet[] = versions.filter(
  (rules) => versions.findLast(({ id }) => id === rules.id) === rules,
)

/** A rule set by its id, in a version or the last one. */
export function ruleSet(id: string, version?: number): RuleSet | undefined {
  return versions.findLast((known) => known.id === id && (version === undefined || known.version === version))
}

/** The rules that a case began under. */
export function rulesOf({ proposed: { ruleSet: named, rules: own } }: Pick<Case, 'proposed'>): RuleSet {
  const rules = own ? ruleSetSchema.parse(own) : ruleSet(named.id, named.version)
  if (!rules) throw new Error(`no rule set ${named.id} ${named.version}`)
  return rules
}

/** Measures that a case tells the party of (管理措施): those of its rules, but for a proposal that named others. */
export function measuresOf({ proposed }: Case, rules: RuleSet): readonly string[] {
  return proposed.measures ?? rules.measures
}

/** Whether a penalty meets a ground on a day: an ordinary decision that stands and one of the ground's lists. */
export function meetsGround(record: FileRecord, { any }: Ground, on: string): boolean {
  const own = penalty.of(record)
  if (!own || isAnnulled(own.data) || own.data.procedure !== '普通程序') return false
  const { data } = record
  return any.some((conditions) =>
    conditions.every((condition) => meetsField(data[condition.field], condition, on)),
  )
}

/** Whether a penalty is a heavier one (较重行政处罚) by a set of rules; a mere warning never is. */
export function isHeavier(
  { types, severity }: Pick<PenaltyData, 'types' | 'severity'>,
  { heavier }: RuleSet,
): boolean {
  if (types.every((type) => type === '警告')) return false
  return (
    types.some((type) => isOneOf(type, heavier.types)) || heavier.severity.some((term) => term === severity)
  )
}

/** Whether a penalty decision was annulled, changed or found void after review or litigation. */
export function isAnnulled({ reviewOutcome }: Pick<PenaltyData, 'reviewOutcome'>): boolean {
  return isOneOf(reviewOutcome, publicationRules.penaltyRescinded.value)
}
