import { z } from 'zod'

const id = z.string()
const text = z.string()
const on = z.string()
/** Who did it, by key or account: proposing and deciding must be two people. */
const by = z.string()

export const removalCauses = ['expired', 'repaired', 'revoked', 'annulled', 'dissolved'] as const

/** Payload of each step of a listing case, an objection, or an early end of publication. */
export const caseEntryPayloads = {
  /** An officer proposes to list (立案), on grounds of the rule set that the case keeps to its end. */
  'listing.proposed': z.object({
    case: id,
    ruleSet: z.object({ id, version: z.number() }),
    /** The rules themselves, where they do not come with the registry: the case keeps them to its end. */
    rules: z.looseObject({ id, version: z.number() }).optional(),
    ground: id,
    penalties: z.array(id),
    facts: text,
    reasons: text,
    /** Measures that the party is told of, where they are not all those of the rules. */
    measures: z.array(text).optional(),
    /** Level and region of the proposing authority; no region for the province. */
    level: z.enum(['province', 'city', 'county']).optional(),
    region: z.string().optional(),
    by,
  }),
  /** The party was told facts, reasons, basis, consequences and its right to state its case (告知). */
  'listing.noticed': z.object({
    case: id,
    /** The notice as it was served: facts, reasons, basis, consequences, rights. */
    content: text,
    /** What the notice names: a decision may not go beyond it. Absent from notices served before this was kept. */
    named: z.object({ ground: id, penalties: z.array(id), measures: z.array(text) }).optional(),
    noticeNo: text.optional(),
    servedOn: on,
    way: text,
    statementUntil: on,
    certain: z.boolean(),
    by,
  }),
  /** The party's statement (陈述申辩) and how it was answered. */
  'listing.stated': z.object({ case: id, on, statement: text, answer: text, by }),
  /** The next level agrees or not (同意). */
  'listing.consented': z.object({ case: id, granted: z.boolean(), on: on.optional(), reasons: text, by }),
  /** Decided: listed with its measures and the way to repair, or not listed. */
  'listing.decided': z.object({
    case: id,
    listed: z.boolean(),
    decisionNo: text,
    decidedOn: on,
    reasons: text,
    /** The decision as it was taken, a line for each paragraph. Absent from those taken before this was kept. */
    content: text.optional(),
    measures: z.array(text),
    /** What is shown of a listing, in the words of its rule set. */
    listing: z
      .object({
        ground: text,
        basis: text,
        until: on,
        /** Last day on which it may be published. */
        publishBy: on,
        certain: z.boolean(),
        repair: z.object({ from: on, how: text, conditions: z.array(text) }),
      })
      .optional(),
    by,
  }),
  /** The listing is public and in force from the day of its decision. */
  'listing.published': z.object({ case: id, from: on, until: on.optional() }),
  /**
   * Some of the penalties that a case rested on stand no more, and it goes on with those that are left; or what one of them
   * says was changed while the case was on its way.
   */
  'listing.basisChanged': z.object({
    case: id,
    penalties: z.array(id),
    reason: text,
    on: on.optional(),
    /** Penalties that say something else now, with the fields that were changed. */
    rewritten: z.array(z.object({ id, fields: z.array(z.string()) })).optional(),
    /** Those among what fell that review changed: the decision in their place may join the case. */
    changed: z.array(id).optional(),
  }),
  /** Review changed every penalty that is left to a case: it waits, off the list, until it is judged by the changed decision. */
  'listing.suspended': z.object({
    case: id,
    changed: z.array(id),
    on,
    reason: text,
    dueOn: on,
    certain: z.boolean(),
  }),
  /**
   * What ended a case, kept it waiting or took a penalty from it had been entered in error, and was put right: it goes on as it was,
   * upon those of its penalties that stand.
   */
  'listing.reinstated': z.object({ case: id, penalties: z.array(id), on, reason: text }),
  /** The case goes on upon a new basis (变更依据): the decision that review put in the place of another. */
  'listing.rebased': z.object({
    case: id,
    penalties: z.array(id),
    facts: text,
    reasons: text,
    decisionNo: text.optional(),
    by,
  }),
  /** Facts and reasons written anew upon a basis that changed (重写事实理由): the party has to be told anew. */
  'listing.restated': z.object({ case: id, facts: text, reasons: text, by }),
  /** Two persons hold that the change of the basis is none of what the party was told (变动不影响告知). */
  'listing.affirmed': z.object({ case: id, reasons: text, by }),
  'listing.repairApplied': z.object({ case: id, on, grounds: text, by }),
  'listing.repairAccepted': z.object({
    case: id,
    accepted: z.boolean(),
    on: on.optional(),
    reasons: text,
    by,
  }),
  'listing.repairInspected': z.object({ case: id, on, findings: text, by }),
  'listing.repairDecided': z.object({ case: id, granted: z.boolean(), reasons: text, by }),
  /** The decision to grant repair was wrong (撤销信用修复): the listing goes on to the end of its term. */
  'listing.repairRevoked': z.object({ case: id, reason: text, by }),
  /** Off the list (移出), or the case ends before it came on it. */
  'listing.removed': z.object({ case: id, on, cause: z.enum(removalCauses), reason: text }),
  'listing.dropped': z.object({ case: id, reason: text }),
  /** The enterprise objects (异议) to a record, a rating or a listing. */
  'objection.filed': z.object({
    id,
    about: z.object({ kind: z.enum(['record', 'rating', 'case']), id }),
    on,
    grounds: text,
    /** Who helps to look into it, where that takes others: it may take longer. */
    assistedBy: text.optional(),
    dueOn: on,
    certain: z.boolean(),
  }),
  /** An objection that is upheld names its remedy: what it was about is withdrawn, or mended. */
  'objection.settled': z.object({
    id,
    on,
    upheld: z.boolean(),
    outcome: text,
    remedy: z.enum(['withdrawn', 'corrected', 'removed', 'revoked', 'none']).optional(),
  }),
  /** Early end of a penalty's publication (提前停止公示, Order 45 art. 14): applied for, checked, decided. */
  'publication.endApplied': z.object({ record: id, on, grounds: text, dueOn: on, by }),
  'publication.endChecked': z.object({ record: id, findings: text, by }),
  'publication.endDecided': z.object({ record: id, granted: z.boolean(), reasons: text, by }),
  /** The decision to end it early was wrong (撤销提前停止公示): the publication goes on to the end of its term. */
  'publication.endRevoked': z.object({ record: id, reason: text, by }),
  /** A penalty's decision as it may be published (处罚决定书公开文本): masked, so that what was taken out is nowhere here. */
  'document.attached': z.object({
    record: id,
    text,
    /** How many places were masked. */
    masked: z.number(),
    /** When the party was told in writing that it will be published. */
    toldOn: on,
    by,
  }),
  /** Internal review before it is published (内部审核). */
  'document.reviewed': z.object({ record: id, approved: z.boolean(), reasons: text, by }),
} as const

export type CaseEntryKind = keyof typeof caseEntryPayloads
export type CasePayload<K extends CaseEntryKind> = z.output<(typeof caseEntryPayloads)[K]>
export type CaseFact = { [K in CaseEntryKind]: { kind: K; payload: CasePayload<K> } }[CaseEntryKind]
