import { addDays, addMonths, type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import { type EarlyEnd, isInForce } from '../dossier/case.ts'
import { type Decision, idOf, type Situation, updateRecord } from '../dossier/commands.ts'
import type { Dossier, RecordAs } from '../dossier/dossier.ts'
import { punishments } from '../dossier/punishments.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { enterprise } from '../records/enterprise.ts'
import type { Publication } from '../records/kind.ts'
import { isInArea, type PenaltyData, penalty } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'
import { inWords, type Missing } from './missing.ts'
import { draft, pastDay, steps } from './procedure.ts'

export type EarlyEndStep =
  | { step: 'application'; on: string; grounds: string }
  | { step: 'check'; findings: string }
  | { step: 'decision'; granted: boolean; reasons: string }
  | { step: 'revocation'; reason: string }

/**
 * Steps towards ending a penalty's publication early (提前停止公示): application, check, decision, and taking a
 * decision back, upon which the publication goes on to the end of its term. Refused where
 * Order 45 art. 14 does not allow it, saying which condition is missing; who takes which step, the acts say.
 */
export function earlyEnd(dossier: Dossier, recordId: string, step: EarlyEndStep, at: Situation): Decision {
  const record = penalty.in(dossier).find(({ id }) => id === recordId)
  if (!record) throw new Refusal('unknown', '档案中没有这一处罚记录；请核对编号。')
  const closed = earlyEndClosed(dossier, recordId, step.step)
  if (closed) throw closed
  const by = idOf(at.actor)
  switch (step.step) {
    case 'application': {
      pastDay('/on', step.on, at.today, record.data.decidedOn)
      mustBeAllowed(dossier, record, step.on)
      const { date } = workingDaysAfter(step.on, publicationRules.earlyEndDays.value)
      const payload = { record: recordId, on: step.on, grounds: step.grounds, dueOn: date, by }
      return steps(dossier, [draft(dossier, at, 'publication.endApplied', payload)])
    }
    case 'check':
      return steps(dossier, [
        draft(dossier, at, 'publication.endChecked', { record: recordId, findings: step.findings, by }),
      ])
    case 'decision': {
      if (step.granted) {
        mustBeAllowed(dossier, record, at.today)
        mustBeKnown(dossier)
      }
      const decided = draft(dossier, at, 'publication.endDecided', {
        record: recordId,
        granted: step.granted,
        reasons: step.reasons,
        by,
      })
      if (!step.granted) return steps(dossier, [decided])
      const ended = updateRecord(dossier, recordId, { publicationEndsOn: at.today }, at, {
        byProcedure: true,
      })
      return { ...ended, drafts: [decided, ...ended.drafts] }
    }
    case 'revocation': {
      const { publicationEndsOn: _, ...whole } = record.data
      const over = notPublished(penalty.publication(whole), at.today)
      if (over) throw over
      const revoked = draft(dossier, at, 'publication.endRevoked', {
        record: recordId,
        reason: step.reason,
        by,
      })
      const resumed = updateRecord(dossier, recordId, { publicationEndsOn: null }, at, { byProcedure: true })
      return { ...resumed, drafts: [revoked, ...resumed.drafts] }
    }
  }
}

/** Refuses where a condition of art. 14 is missing, naming every one. */
function mustBeAllowed(dossier: Dossier, record: RecordAs<PenaltyData>, on: CalendarDate): void {
  const publication = penalty.publication(record.data)
  const over = notPublished(publication, on)
  if (over) throw over
  const missing = [
    ...missingConditions(dossier, record, on),
    ...(enterprise.partsOf(dossier.enterprise).abnormalList === '在名录中'
      ? [{ id: record.id, words: '企业在经营异常名录中' }]
      : []),
  ]
  if (missing.length > 0)
    throw invalid(
      '/record',
      'not-allowed',
      `不符合提前停止公示的条件（市场监管总局令第45号第十四条）：${inWords(missing)}。`,
    )
}

/** The conditions of art. 14 that a penalty's file didn't meet on a day, in words, but for what was on a list that others keep. */
function missingConditions(
  dossier: Dossier,
  { id, data }: RecordAs<PenaltyData>,
  on: CalendarDate,
  until?: CalendarDate,
): Missing[] {
  const publication = penalty.publication(data)
  if (!publication.public) return []
  const grave = data.types.filter((type) => isOneOf(type, publicationRules.neverEndedEarly.value))
  const months = monthsBefore(data)
  const earliest = addMonths(publication.from, months)
  const punished = punishments(dossier)
  const first = punished.find((own) => own.id === id)?.punishedOn ?? data.decidedOn
  const again = punished.findLast(
    (other) =>
      other.id !== id &&
      isSameKind(other.data, data) &&
      other.punishedOn > first &&
      (until === undefined || other.punishedOn <= until),
  )
  const listed = dossier.cases.find((own) => isInForce(own, on))
  const ownFaults = [
    ...(grave.length > 0 ? [`受到${grave.join('、')}的，不得提前停止公示`] : []),
    ...(on < earliest ? [`公示须满 ${months} 个月，最早可于 ${earliest} 申请`] : []),
    ...(data.fulfilledOn === undefined
      ? ['处罚决定规定的义务尚未登记履行完毕']
      : data.fulfilledOn > on
        ? [`处罚决定规定的义务于 ${data.fulfilledOn} 才履行完毕`]
        : []),
  ]
  return [
    ...ownFaults.map((words) => ({ id, words })),
    ...(again ? [{ id: again.id, words: '因同一类违法行为再次受到行政处罚' }] : []),
    ...(listed ? [{ id: listed.id, words: '企业在严重违法失信名单中' }] : []),
  ]
}

/** An early end that was granted, and what speaks against it by what the file says now. */
export interface DoubtedEnd {
  record: RecordAs<PenaltyData>
  decided: NonNullable<EarlyEnd['decided']>
  /** Conditions that were missing on the day of the decision. */
  missing: readonly Missing[]
  /** Last day of what the publication would have been without it. */
  until: CalendarDate
}

/** Early ends that were granted on what the file doesn't say any more: put right since, or known only since. */
export function doubtedEnds(dossier: Dossier): DoubtedEnd[] {
  const granted = dossier.earlyEnds.filter(({ status }) => status === 'granted')
  if (granted.length === 0) return []
  return penalty.in(dossier).flatMap((record): DoubtedEnd[] => {
    const { id, data } = record
    const decided = granted.findLast((own) => own.record === id)?.decided
    const { publicationEndsOn, ...whole } = data
    if (!decided || publicationEndsOn === undefined) return []
    const on = shanghaiDate(new Date(decided.at))
    const publication = penalty.publication(whole)
    const until = publication.public ? publication.until : undefined
    if (until === undefined || until <= on) return []
    const missing = missingConditions(dossier, { ...record, data: whole }, on, on)
    return missing.length === 0 ? [] : [{ record, decided, missing, until: addDays(until, -1) }]
  })
}

/** Refuses to grant what hangs on whether the firm is on the abnormal list while nobody has said: art. 14 (四). */
function mustBeKnown({ enterprise: data }: Dossier): void {
  if (enterprise.partsOf(data).abnormalList === undefined)
    throw invalid(
      '/record',
      'incomplete',
      '企业是否在经营异常名录中没有登记，是否符合提前停止公示的条件（市场监管总局令第45号第十四条第（四）项）无法判断；请在国家企业信用信息公示系统核对后，在基本信息的“经营异常名录”一栏登记。',
    )
}

/** Why there is nothing to end early. */
function notPublished(publication: Publication, on: CalendarDate): Refusal | undefined {
  if (!publication.public) return invalid('', 'not-public', '该处罚没有在公示，无须申请提前停止公示。')
  if (publication.until === undefined || publication.until > on) return undefined
  return invalid(
    '/on',
    'over',
    `该处罚的公示期限已于 ${publication.until} 届满，已停止公示，无须申请提前停止公示。`,
  )
}

/** Why nobody can apply for a record as it stands: only a penalty's publication is ended early, while it lasts. */
export function earlyEndHindrance(
  dossier: Dossier,
  recordId: string,
  today: CalendarDate,
): Refusal | undefined {
  const record = penalty.in(dossier).find(({ id }) => id === recordId)
  if (!record) return new Refusal('unknown', '只有行政处罚的公示可以申请提前停止；档案中没有这一处罚记录。')
  return (
    notPublished(penalty.publication(record.data), today) ?? earlyEndClosed(dossier, recordId, 'application')
  )
}

/** Whether two penalties are for conduct of the same kind (同一类违法行为): the same words, or the same term that says what it is. */
function isSameKind(one: PenaltyData, other: PenaltyData): boolean {
  const isNamed = one.category !== undefined && one.category !== '其他违法行为'
  return one.conduct === other.conduct || (isNamed && one.category === other.category)
}

/** Months of publication before an early end may be asked for: longer in food, drugs and special equipment. */
function monthsBefore(data: PenaltyData): number {
  const { months, areas } = publicationRules.earlyEndLongerMonths.value
  return isInArea(data, areas) ? months : publicationRules.earlyEndMonths.value
}

/** Why a step can't be taken as the application for a penalty stands; undefined where it can. */
export function earlyEndClosed(
  { earlyEnds }: Dossier,
  recordId: string,
  step: EarlyEndStep['step'],
): Refusal | undefined {
  const status = earlyEnds.findLast((known) => known.record === recordId)?.status
  const { words, after } = STEPS[step]
  if (after.includes(status)) return undefined
  const now = status === undefined ? '尚未申请' : STATUS_WORDS[status]
  return new Refusal('exists', `提前停止公示现为“${now}”，不能${words}。`, [], {
    applicationStatus: status ?? null,
  })
}

const STATUS_WORDS = {
  applied: '已申请，待核查',
  checked: '已核查，待决定',
  granted: '已同意',
  refused: '未同意',
  revoked: '同意已撤销',
} as const

/** What each step is called, and after what it is taken. */
const STEPS: Readonly<
  Record<EarlyEndStep['step'], { words: string; after: readonly (EarlyEnd['status'] | undefined)[] }>
> = {
  application: { words: '再次申请：原来的申请正在办理', after: [undefined, 'granted', 'refused', 'revoked'] },
  check: { words: '登记核查情况', after: ['applied'] },
  decision: { words: '作出决定', after: ['checked'] },
  revocation: { words: '撤销', after: ['granted'] },
}
