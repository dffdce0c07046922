import type { Actor } from '../authority/acting.ts'
import { levelOf } from '../authority/authority.ts'
import { addDays, addMonths, type CalendarDate, isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { type Deadline, keptDeadline, printedDeadline, workingDaysAfter } from '../calendar/workdays.ts'
import { basisOf, type Case, dayOf, isInForce, isOnItsWay, isOpen, type Repair } from '../dossier/case.ts'
import type { CaseEntryKind, CasePayload } from '../dossier/case-entries.ts'
import { type Decision, idOf, impersonal, type Situation } from '../dossier/commands.ts'
import { type Dossier, isDissolved, type RecordAs } from '../dossier/dossier.ts'
import { recordWith } from '../dossier/per-record.ts'
import { punishments } from '../dossier/punishments.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { hearingDoubt } from '../records/hearing.ts'
import { type PenaltyData, penalty } from '../records/penalty.ts'
import type { PublicText } from '../records/personal-data.ts'
import { personalDataIn } from '../records/public-texts.ts'
import type { Draft } from '../register/entry.ts'
import {
  carries,
  caseAwaiting,
  caseFor,
  changeOfBasis,
  isChanged,
  newBasisOf,
  penaltiesOf,
  SOME_FALLEN,
  suspension,
} from './basis.ts'
import { decisionParagraphs, noticeParagraphs } from './documents.ts'
import type { Missing } from './missing.ts'
import {
  type Ground,
  isAnnulled,
  isHeavier,
  measuresOf,
  meetsGround,
  type RuleSet,
  ruleSet,
  rulesOf,
} from './rule-set.ts'
import type { OpenStep, Proposal, Step, StepName } from './step.ts'
import { STATUS_WORDS, STEP_WORDS } from './words.ts'

/** Proposes to list an enterprise: only on penalties that stand, meet the ground and carry no other case. */
export function propose(
  dossier: Dossier,
  proposal: Proposal,
  inForce: readonly RuleSet[],
  at: Situation,
): Decision & { caseId: string } {
  const rules = inForce.find(({ id }) => id === proposal.ruleSet)
  if (!rules)
    throw invalid(
      '/ruleSet',
      'choice',
      `没有规则“${proposal.ruleSet.slice(0, 60)}”；可用：${inForce.map(({ id }) => id).join('、')}。`,
    )
  const ground = rules.grounds.find(({ id }) => id === proposal.ground)
  if (!ground)
    throw invalid(
      '/ground',
      'choice',
      `没有列入情形“${proposal.ground.slice(0, 60)}”；可用：${rules.grounds.map(({ id }) => id).join('、')}。`,
    )
  if (isDissolved(dossier))
    throw new Refusal(
      'exists',
      '企业已注销，不能提出列入：名单随企业注销而终止；登记有误的，请先更正企业状态。',
    )
  mustCarry(dossier, proposal.penalties, ground, at.today)
  const { facts, reasons, measures } = proposal
  const { level, region } = at.actor.body
  const caseId = at.newId()
  const decision = steps(dossier, [
    draft(dossier, at, 'listing.proposed', {
      case: caseId,
      ruleSet: { id: rules.id, version: rules.version },
      // Rules that an authority adopted under a number that the registry's own came to bear stay what they were.
      ...(JSON.stringify(ruleSet(rules.id, rules.version)) !== JSON.stringify(rules) && { rules }),
      ground: ground.id,
      penalties: [...proposal.penalties],
      facts,
      reasons,
      ...(measures && measures.length > 0 && { measures: [...measures] }),
      level,
      ...(region !== undefined && { region }),
      by: idOf(at.actor),
    }),
  ])
  return { ...decision, caseId }
}

/** Refuses penalties that can't carry a case: they stand, meet the ground and carry no other one. */
function mustCarry(
  dossier: Dossier,
  penalties: readonly string[],
  ground: Ground,
  today: CalendarDate,
  own?: Case,
): void {
  if (penalties.length === 0)
    throw invalid('/penalties', 'required', '列入须以行政处罚为依据，请写明处罚记录的编号。')
  for (const [i, id] of penalties.entries()) {
    const record = dossier.records.find((known) => known.id === id && known.type === penalty.type)
    const place = `/penalties/${i}`
    if (!record) throw invalid(place, 'unknown', `档案中没有编号为 ${id.slice(0, 40)} 的处罚记录。`)
    if (record.withdrawn) throw invalid(place, 'withdrawn', '该处罚记录已撤回，不能作为列入依据。')
    const read = penalty.of(record)
    if (!read) throw invalid(place, 'unreadable', '该处罚记录有不能识别的内容，请先按决定书更正。')
    const { documentNo, reviewOutcome } = read.data
    if (isAnnulled(read.data))
      throw invalid(place, 'annulled', `该处罚决定经复议或诉讼已${reviewOutcome}，不能作为列入依据。`)
    if (!meetsGround(record, ground, today))
      throw invalid(
        place,
        'ground-not-met',
        `处罚 ${documentNo} 不符合“${ground.name}”的条件${read.data.category === undefined ? '：没有选择违法情形，请先按决定书更新该记录补选' : ''}。`,
      )
    const other = caseFor(dossier, id)
    if (other && other !== own)
      throw new Refusal(
        'exists',
        `处罚 ${documentNo} 已用于另一列入案件（${STATUS_WORDS[other.status]}），不得以同一事实重复列入。`,
        [{ pointer: place, code: 'exists', detail: `案件 ${other.id}。` }],
        { orgCode: dossier.key, caseId: other.id },
      )
    const awaiting = own ?? caseAwaiting(dossier, read)
    if (awaiting && awaiting !== own)
      throw new Refusal(
        'exists',
        `处罚 ${documentNo} 是原案件所依据的处罚经复议或诉讼变更后的决定，请在原案件中“${STEP_WORDS.rebasing}”，不必另行提出。`,
        [{ pointer: place, code: 'exists', detail: `案件 ${awaiting.id}。` }],
        { orgCode: dossier.key, caseId: awaiting.id },
      )
  }
}

/** Gives a case the basis that review left it; one in force stands before the public again, on its own dates. */
function rebase(
  dossier: Dossier,
  own: Case,
  { penalties, facts, reasons, decisionNo }: Extract<Step, { step: 'rebasing' }>,
  at: Situation,
): Decision {
  const ground = rulesOf(own).grounds.find(({ id }) => id === own.proposed.ground)
  if (!ground) throw new Error(`no ground ${own.proposed.ground}`)
  mustCarry(dossier, penalties, ground, at.today, own)
  const offered = new Set(newBasisOf(dossier, own, at.today).map(({ id }) => id))
  const strange = penalties.findIndex((id) => !offered.has(id))
  if (strange >= 0)
    throw invalid(
      `/penalties/${strange}`,
      'not-in-place',
      '该处罚不是原处罚经复议或诉讼变更后的决定（作出日期早于变更之日），不能成为本案的依据；请另行提出列入。',
    )
  // One that was decided stands before the public again with this step alone.
  if (own.decided)
    mustBeHeard(
      penalty.in(dossier).filter(({ id }) => penalties.includes(id)),
      '/penalties',
    )
  const payload = {
    case: own.id,
    penalties: [...penalties],
    facts,
    reasons,
    ...(decisionNo !== undefined && { decisionNo }),
    by: idOf(at.actor),
  }
  return steps(dossier, [
    draft(dossier, at, 'listing.rebased', payload),
    ...(own.published ? [publicationDraft(dossier.key, own, authorOf(at.actor))] : []),
  ])
}

/** Takes a step of a case; refuses one out of order with the steps that are open now. */
export function takeStep(dossier: Dossier, id: string, step: Step, at: Situation): Decision {
  const own = caseOf(dossier, id)
  const rules = rulesOf(own)
  const closed = stepClosed(dossier, own, step.step, at.today)
  if (closed) throw closed
  const one = <K extends CaseEntryKind>(kind: K, payload: CasePayload<K>) =>
    steps(dossier, [draft(dossier, at, kind, payload)])
  const by = idOf(at.actor)
  switch (step.step) {
    case 'notice': {
      pastDay('/servedOn', step.servedOn, at.today, servedFrom(dossier, own))
      const { date, certain } = workingDaysAfter(step.servedOn, rules.statement.workingDays)
      return one('listing.noticed', {
        case: id,
        content: noticeParagraphs(dossier, own, rules, printedDeadline({ date, certain })).join('\n'),
        named: {
          ground: own.proposed.ground,
          penalties: [...basisOf(own)],
          measures: [...measuresOf(own, rules)],
        },
        ...(step.noticeNo !== undefined && { noticeNo: step.noticeNo }),
        servedOn: step.servedOn,
        way: step.way,
        statementUntil: date,
        certain,
        by,
      })
    }
    case 'statement':
      pastDay('/on', step.on, at.today, own.noticed?.servedOn)
      mustBeTimely(own, step.on)
      return one('listing.stated', {
        case: id,
        on: step.on,
        statement: step.statement,
        answer: step.answer,
        by,
      })
    case 'consent':
      if (step.on !== undefined) pastDay('/on', step.on, at.today, consentFrom(own))
      return one('listing.consented', {
        case: id,
        granted: step.granted,
        ...(step.on !== undefined && { on: step.on }),
        reasons: step.reasons,
        by,
      })
    case 'decision':
      return decide(dossier, own, rules, step, at)
    case 'publication':
      return steps(dossier, [publicationDraft(dossier.key, own, authorOf(at.actor))])
    case 'repairApplication':
      pastDay('/on', step.on, at.today)
      mustBeDueForRepair(own, rules, step.on)
      return one('listing.repairApplied', { case: id, on: step.on, grounds: step.grounds, by })
    case 'repairAcceptance':
      if (step.accepted) mustBeClean(dossier, own, rules, '/accepted')
      if (step.on !== undefined) pastDay('/on', step.on, at.today, own.repair?.applied.on)
      return one('listing.repairAccepted', {
        case: id,
        accepted: step.accepted,
        ...(step.on !== undefined && { on: step.on }),
        reasons: step.reasons,
        by,
      })
    case 'repairInspection':
      pastDay('/on', step.on, at.today, own.repair?.applied.on)
      return one('listing.repairInspected', { case: id, on: step.on, findings: step.findings, by })
    case 'repairDecision': {
      const decided = draft(dossier, at, 'listing.repairDecided', {
        case: id,
        granted: step.granted,
        reasons: step.reasons,
        by,
      })
      if (!step.granted) return steps(dossier, [decided])
      mustBeFulfilled(dossier, own)
      mustBeClean(dossier, own, rules, '/granted')
      return steps(dossier, [
        decided,
        removalDraft(dossier.key, own, at.today, 'repaired', '信用修复', authorOf(at.actor)),
      ])
    }
    case 'repairRevocation':
      return revokeRepair(dossier, own, step.reason, at)
    case 'revocation':
      return steps(dossier, [
        removalDraft(dossier.key, own, at.today, 'revoked', step.reason, authorOf(at.actor)),
      ])
    case 'dropping':
      return one('listing.dropped', { case: id, reason: step.reason })
    case 'restating':
      return one('listing.restated', { case: id, facts: step.facts, reasons: step.reasons, by })
    case 'affirming': {
      const from = servedFrom(dossier, own)
      if (own.noticed && from !== undefined && own.noticed.servedOn < from)
        throw invalid(
          '/reasons',
          'before-start',
          `告知于 ${own.noticed.servedOn} 送达，早于所依据的处罚（${from}）：不能认定变动不影响告知，请重新告知，或者更正该处罚。`,
        )
      return one('listing.affirmed', { case: id, reasons: step.reasons, by })
    }
    case 'rebasing':
      return rebase(dossier, own, step, at)
  }
}

/**
 * Refuses a statement that came after its period to a case that the next level has consented to: one that was made within is
 * heard whenever it arrives (行政处罚法 art. 45), and consented to anew.
 */
function mustBeTimely(own: Case, on: CalendarDate): void {
  const until = statementUntil(own)
  if (own.status === 'consented' && until !== undefined && on > until)
    throw invalid(
      '/on',
      'statement-period',
      `陈述、申辩期至 ${until}，上一级已经同意；期满之后（${on}）提出的不再登记，期内提出的请写明提出之日。`,
    )
}

/** Refuses an application that was made before the listing had stood for as long as its rules ask, whenever it is entered. */
function mustBeDueForRepair({ decided }: Case, rules: RuleSet, on: CalendarDate): void {
  const from = decided?.listing?.repair.from
  if (from !== undefined && on < from)
    throw invalid(
      '/on',
      'too-early',
      `列入满 ${rules.repair.afterMonths} 个月方可申请信用修复，最早为 ${from}；${on} 提出的申请过早，请当事人届时再行提出。`,
    )
}

/** Takes a granted repair back: the listing stands before the public again, on what is left of its basis and to the end of its term. */
function revokeRepair(dossier: Dossier, own: Case, reason: string, at: Situation): Decision {
  if (isDissolved(dossier))
    throw invalid('', 'dissolved', '企业已注销，名单不再恢复；注销登记有误的，先更正。')
  const { left, changed } = restorable(dossier, own, at.today)
  if (left.length === 0 && changed.length === 0)
    throw invalid(
      '',
      'annulled',
      '作为列入依据的行政处罚已不再有效或者记录已撤回，列入不能恢复；撤回有误的，先更正。',
    )
  const revoked = { case: own.id, reason, by: idOf(at.actor) }
  const penalties = left.length > 0 ? left : [...basisOf(own)]
  const back = { case: own.id, penalties, on: at.today, reason: REPAIR_REVOKED }
  const fallen = { case: own.id, penalties, reason: SOME_FALLEN, on: at.today, changed }
  return steps(dossier, [
    draft(dossier, at, 'listing.repairRevoked', revoked),
    draft(dossier, at, 'listing.reinstated', back),
    ...(left.length === 0
      ? [draft(dossier, at, 'listing.suspended', suspension(own, changed, at.today))]
      : [
          ...(changed.length > 0 ? [draft(dossier, at, 'listing.basisChanged', fallen)] : []),
          publicationDraft(dossier.key, own, authorOf(at.actor)),
        ]),
  ])
}

/** Of the penalties of a listing that was repaired: those that carry it still, and those that it has to be judged anew by. */
function restorable(dossier: Dossier, own: Case, today: CalendarDate) {
  const standing = basisOf(own).filter((id) => recordWith(dossier.records, id)?.withdrawn === undefined)
  const left = standing.filter((id) => carries(own, id, dossier, today))
  return { left, changed: standing.filter((id) => !left.includes(id) && isChanged(dossier, id)) }
}

const REPAIR_REVOKED = '准予信用修复的决定已撤销，列入恢复至期满'

/** Refuses repair while what a penalty of the case obliges to has not been recorded as fulfilled. */
function mustBeFulfilled(dossier: Dossier, own: Case): void {
  const open = dossier.records.flatMap((record) => {
    if (!basisOf(own).includes(record.id) || record.withdrawn) return []
    const data = penalty.of(record)?.data
    const isDone = data && (isAnnulled(data) || data.fulfilledOn !== undefined)
    return isDone ? [] : [data?.documentNo ?? record.id]
  })
  if (open.length > 0)
    throw invalid(
      '/granted',
      'not-fulfilled',
      `处罚 ${open.join('、')} 尚未登记履行完毕日期，不能准予修复；请由作出处罚的机关先行登记。`,
    )
}

/** Penalties beside a case's own that were imposed since the listing was decided, up to a day. */
function punishedSince(dossier: Dossier, own: Case, until?: CalendarDate) {
  const since = own.decided?.decidedOn ?? ''
  return punishments(dossier).filter(
    ({ id, punishedOn }) =>
      !basisOf(own).includes(id) && punishedOn >= since && (until === undefined || punishedOn <= until),
  )
}

/** A repair that was granted, and what speaks against it by what the file says now. */
export interface DoubtedRepair {
  own: Case
  decided: NonNullable<Repair['decided']>
  /** Conditions that were missing on the day of the decision. */
  missing: readonly Missing[]
  /** Last day on which the listing would have stood without it. */
  until: CalendarDate | undefined
}

/** Repairs that were granted on what the file doesn't say any more: put right since, or known only since. */
export function doubtedRepairs(dossier: Dossier): DoubtedRepair[] {
  if (isDissolved(dossier)) return []
  return dossier.cases.flatMap((own): DoubtedRepair[] => {
    const decided = own.repair?.decided
    const on = decided && shanghaiDate(new Date(decided.at))
    if (!decided || !on || !isRepaired(own, on)) return []
    const { left, changed } = restorable(dossier, own, on)
    // What can't be brought back is no task.
    if (left.length === 0 && changed.length === 0) return []
    const undone = penalty.in(dossier).flatMap(({ id, data: { documentNo, fulfilledOn, ...data } }) => {
      if (!basisOf(own).includes(id) || isAnnulled(data)) return []
      if (fulfilledOn === undefined) return [{ id, words: `处罚 ${documentNo} 没有登记履行完毕` }]
      return fulfilledOn > on ? [{ id, words: `处罚 ${documentNo} 于 ${fulfilledOn} 才履行完毕` }] : []
    })
    const rules = rulesOf(own)
    const again = punishedSince(dossier, own, on).filter(({ data }) => barsRepair(data, rules))
    const missing = [
      ...undone,
      ...again.map((record) => ({ id: record.id, words: `${punishedAgain(rules)}（${inWords(record)}）` })),
    ]
    const until = own.published?.until
    return missing.length === 0
      ? []
      : [{ own, decided, missing, until: until === undefined ? undefined : addDays(until, -1) }]
  })
}

/** Whether a penalty that came after a listing bars its repair. */
function barsRepair(data: PenaltyData, rules: RuleSet): boolean {
  return rules.repair.barredBy === 'any' || isHeavier(data, rules)
}

function punishedAgain({ repair }: RuleSet): string {
  return repair.barredBy === 'any' ? '列入后又受到行政处罚' : '列入后又受到较重行政处罚'
}

/** Refuses repair while a heavier penalty stands that was decided since the listing (未再受到较重行政处罚), or one that may be. */
function mustBeClean(dossier: Dossier, own: Case, rules: RuleSet, pointer: string): void {
  const later = punishedSince(dossier, own)
  const again = later.filter(({ data }) => barsRepair(data, rules))
  const unknown = later.filter(({ data }) => penalty.missing(data).some(({ field }) => field === 'severity'))
  if (again.length === 0 && unknown.length > 0)
    throw invalid(
      pointer,
      'incomplete',
      `列入后受到的行政处罚（${unknown.map(inWords).join('；')}）没有写明违法程度，是否较重无法判断；请先按决定书补填。`,
    )
  if (again.length > 0)
    throw invalid(
      pointer,
      'punished-again',
      `${punishedAgain(rules)}（${again.map(inWords).join('；')}），不能修复；可以写明理由后不予${pointer === '/accepted' ? '受理' : '修复'}。`,
    )
}

function inWords({ data: { documentNo, decidedOn, reviewOutcome } }: RecordAs<PenaltyData>): string {
  const isChanged = reviewOutcome === '变更'
  return `${documentNo}，${decidedOn}${isChanged ? '，已变更而变更后的决定尚未登记' : ''}`
}

function decide(
  dossier: Dossier,
  own: Case,
  rules: RuleSet,
  { listed, decisionNo, decidedOn, reasons, measures, notPersonal }: Extract<Step, { step: 'decision' }>,
  at: Situation,
): Decision {
  pastDay('/decidedOn', decidedOn, at.today, own.noticed?.servedOn)
  const earliest = dayAfter(statementUntil(own))
  if (listed && earliest !== undefined && decidedOn < earliest)
    throw invalid(
      '/decidedOn',
      'statement-period',
      `陈述、申辩期至 ${statementUntil(own)}，期满之后方可决定；最早可写 ${earliest}。`,
    )
  for (const [what, day] of precedingDecision(own))
    if (decidedOn < day)
      throw invalid('/decidedOn', 'before-start', `决定日期 ${decidedOn} 早于${what} ${day}，请核对。`)
  const chosen = measures ?? measuresOf(own, rules)
  if (listed) {
    mustBeTold(own, chosen)
    mustBeHeard(penaltiesOf(dossier, own), '/listed')
  }
  mustBeImpersonal(
    chosen.map((text, i) => ({ field: `measures/${i}`, label: '管理措施', text })),
    notPersonal,
  )
  const decision = {
    listed,
    decidedOn,
    reasons,
    measures: listed ? [...chosen] : [],
    ...(listed && { listing: shownOf(own, rules, decidedOn) }),
  }
  const decided = steps(dossier, [
    draft(dossier, at, 'listing.decided', {
      case: own.id,
      ...decision,
      decisionNo,
      content: decisionParagraphs(dossier, own, decision, rules).join('\n'),
      by: idOf(at.actor),
    }),
  ])
  return impersonal(decided, at, notPersonal)
}

/** The first day on which the next authority above can have consented: the party was heard out by then. */
function consentFrom(own: Case): CalendarDate | undefined {
  return [dayAfter(statementUntil(own)), own.stated?.on]
    .flatMap((day) => day ?? [])
    .sort()
    .at(-1)
}

/** What a decision of a case may not come before, with its day. */
function precedingDecision({ stated, consented }: Case): (readonly [what: string, day: CalendarDate])[] {
  return [
    ...(stated ? [['陈述、申辩的日期', stated.on] as const] : []),
    ...(consented ? [['上一级同意的日期', dayOf(consented)] as const] : []),
  ]
}

/** Refuses a decision that goes beyond the notice as it was served: its ground, its penalties, its measures. */
function mustBeTold(own: Case, chosen: readonly string[]): void {
  const named = own.noticed?.named
  const measures = named?.measures ?? measuresOf(own, rulesOf(own))
  const untold = chosen.findIndex((measure) => !measures.includes(measure))
  if (untold >= 0)
    throw invalid(
      `/measures/${untold}`,
      'not-told',
      `告知书没有告知这一管理措施；决定不得超出告知的内容。告知的有：${measures.join('；')}。`,
    )
  const isTold =
    named === undefined ||
    (named.ground === own.proposed.ground && basisOf(own).every((id) => named.penalties.includes(id)))
  if (!isTold)
    throw new Refusal('exists', '案件的列入情形或者所依据的处罚超出了告知书所写，须重新告知后再作决定。')
}

/**
 * Refuses to list on a penalty whose party had the right to a hearing (听证) while the file does not show that it had it: told,
 * five days to ask, seven days' notice (行政处罚法 art. 63, 64).
 */
function mustBeHeard(penalties: readonly RecordAs<PenaltyData>[], pointer: string): void {
  const doubts = penalties.flatMap(({ data }) => {
    const doubt = hearingDoubt(data)
    return doubt === undefined ? [] : [`处罚 ${data.documentNo}：${doubt}`]
  })
  if (doubts.length > 0)
    throw invalid(pointer, 'hearing', `听证情况未补正，不能以其为依据决定列入。${doubts.join('')}`)
}

function shownOf(own: Case, rules: RuleSet, decidedOn: CalendarDate) {
  const ground = rules.grounds.find(({ id }) => id === own.proposed.ground)
  const { date: publishBy, certain } = workingDaysAfter(decidedOn, rules.publication.workingDays)
  const { afterMonths, how, conditions } = rules.repair
  return {
    ground: ground?.name ?? own.proposed.ground,
    basis: `${rules.name}：${ground?.source ?? rules.source}`,
    until: addMonths(decidedOn, rules.duration.months),
    publishBy,
    certain,
    repair: { from: addMonths(decidedOn, afterMonths), how, conditions },
  }
}

/**
 * The last day on which the party may state its case. Where the calendar did not cover it when the notice was served, it
 * moves when the holiday notice comes, and never to before what the party was told.
 */
export function statementUntil(own: Case): CalendarDate | undefined {
  const { noticed } = own
  if (!noticed || noticed.certain) return noticed?.statementUntil
  const { date } = workingDaysAfter(noticed.servedOn, rulesOf(own).statement.workingDays)
  return date > noticed.statementUntil ? date : noticed.statementUntil
}

/** The last day on which a decided listing is to be published; undefined for what is not to be. */
export function publicationDue({ decided, proposed }: Case): Deadline | undefined {
  if (!decided?.listing) return undefined
  const { publishBy: date, certain } = decided.listing
  const { workingDays } = rulesOf({ proposed }).publication
  return keptDeadline({ date, certain }, decided.decidedOn, workingDays)
}

/**
 * The first day on which a notice can have been served: that of the latest penalty, since a case may be entered after its
 * notice was served on paper; that on which what it tells was written anew, where it was.
 */
function servedFrom(dossier: Dossier, own: Case): CalendarDate | undefined {
  const anew = [own.rebased, own.restated]
    .flatMap((step) => step?.at ?? [])
    .sort()
    .at(-1)
  if (anew !== undefined) return shanghaiDate(new Date(anew))
  return penaltiesOf(dossier, own)
    .map(({ data }) => data.decidedOn)
    .sort()
    .at(-1)
}

/** The steps that a case is open to, today or from a day on. */
export function openSteps(own: Case, today: CalendarDate): OpenStep[] {
  const open = stepsByStatus(own, today)
  const isChanged = isOpen(own) && own.changed !== undefined && own.changed.length > 0
  return isChanged ? [{ step: 'rebasing', from: today }, ...open] : open
}

function stepsByStatus(own: Case, today: CalendarDate): OpenStep[] {
  const now = (...names: StepName[]): OpenStep[] => names.map((step) => ({ step, from: today }))
  const { status, decided, repair } = own
  // The period always runs out: whoever has stated once may do so again within it (行政处罚法第四十五条).
  const heard = dayAfter(statementUntil(own)) ?? today
  const from = [heard, ...precedingDecision(own).map(([, day]) => day)].sort().at(-1) ?? heard
  const decision: OpenStep = { step: 'decision', from }
  const consent: OpenStep = { step: 'consent', from: heard }
  if (own.overtaken && isOnItsWay(own))
    return [
      ...now('restating', 'affirming', 'dropping'),
      ...(status === 'noticed' || status === 'stated' ? now('statement') : []),
    ]
  switch (status) {
    case 'proposed':
      return now('notice', 'dropping')
    case 'noticed':
    case 'stated':
      return [...now('statement', 'dropping'), needsConsent(own) ? consent : decision]
    case 'consented':
      return [decision, ...now('statement', 'dropping')]
    case 'consentRefused':
    case 'notListed':
    case 'dropped':
      return []
    case 'removed':
      return isRepaired(own, today) ? now('repairRevocation') : []
    case 'decided':
      return now('publication', 'revocation')
    case 'suspended':
      return now(decided ? 'revocation' : 'dropping')
    case 'inForce': {
      if (!isInForce(own, today)) return []
      const application: OpenStep = {
        step: 'repairApplication',
        from: decided?.listing?.repair.from ?? today,
      }
      switch (repair?.status) {
        case 'applied':
          return now('repairAcceptance', 'revocation')
        case 'accepted':
          return now('repairInspection', 'revocation')
        case 'inspected':
          return now('repairDecision', 'revocation')
        default:
          return [application, ...now('revocation')]
      }
    }
  }
}

/** Whether a listing left the list by a repair alone: it would be on it still. */
function isRepaired({ decided, published, removed, repair }: Case, today: CalendarDate): boolean {
  const until = published?.until
  return (
    decided !== undefined &&
    removed?.cause === 'repaired' &&
    repair?.status === 'granted' &&
    (until === undefined || until > today)
  )
}

/** Entry that puts a decided listing before the public. */
export function publicationDraft(key: string, own: Case, author: Draft['author']): Draft {
  const { decided } = own
  if (!decided) throw new Error(`case ${own.id} is not decided`)
  const payload: CasePayload<'listing.published'> = {
    case: own.id,
    from: decided.decidedOn,
    ...(decided.listing && { until: decided.listing.until }),
  }
  return { subject: key, kind: 'listing.published', payload, visibility: 'public', author }
}

/** Entry that takes a listing off the list; of one that was never published nobody outside is told. */
export function removalDraft(
  key: string,
  { id, published }: Pick<Case, 'id' | 'published'>,
  on: CalendarDate,
  cause: CasePayload<'listing.removed'>['cause'],
  reason: string,
  author: Draft['author'],
): Draft {
  const payload: CasePayload<'listing.removed'> = { case: id, on, cause, reason }
  return {
    subject: key,
    kind: 'listing.removed',
    payload,
    visibility: published ? 'platform' : 'internal',
    author,
  }
}

export function caseOf(dossier: Dossier, id: string): Case {
  const own = dossier.cases.find((known) => known.id === id)
  if (!own) throw new Refusal('unknown', '档案中没有这一案件；请核对编号。')
  return own
}

function needsConsent(own: Case): boolean {
  const { level = levelOf(own.proposed.region) } = own.proposed
  return level !== 'province' && rulesOf(own).consent.levels.includes(level)
}

/** Why a step can't be taken as the case stands, with what has overtaken it and what can; undefined where it can. */
export function stepClosed(
  dossier: Dossier,
  own: Case,
  step: StepName,
  today: CalendarDate,
): Refusal | undefined {
  const open = openSteps(own, today)
  if (open.some((known) => known.step === step && known.from <= today)) return undefined
  return outOfOrder(own, step, open, isOnItsWay(own) ? changeOfBasis(dossier, own) : undefined)
}

function outOfOrder(
  own: Case,
  step: StepName,
  open: readonly OpenStep[],
  changed: string | undefined,
): Refusal {
  const later = open.find((known) => known.step === step)
  const words = open
    .filter((known) => known !== later)
    .map(({ step: name }) => STEP_WORDS[name])
    .join('、')
  const now = words === '' ? '案件已结束' : `现在可以：${words}`
  return new Refusal(
    'exists',
    later
      ? `${STEP_WORDS[step]}最早可于 ${later.from} 进行。${now}。`
      : `${changed === undefined ? `案件现为“${STATUS_WORDS[own.status]}”` : `${changed}，与告知当事人的不同`}，不能${STEP_WORDS[step]}。${now}。`,
    [],
    { caseStatus: own.status, openSteps: open, ...(changed !== undefined && { changedBasis: changed }) },
  )
}

/**
 * Refuses personal data in texts that a procedure puts before the public, naming the place (`measures/0`); but for what an
 * officer says is none, by the field of the act that the texts stand in.
 */
export function mustBeImpersonal(
  texts: readonly PublicText[],
  notPersonal: Readonly<Record<string, string>> = {},
): void {
  const said = new Map(Object.entries(notPersonal))
  const reasons = texts.flatMap(({ field }) => {
    const reason = said.get(field.split('/')[0] ?? '')
    return reason === undefined ? [] : [[field, reason] as const]
  })
  const faults = personalDataIn(texts, Object.fromEntries(reasons)).map(({ field, detail }) => ({
    pointer: `/${field}`,
    code: 'personal-data',
    detail,
  }))
  if (faults.length > 0) throw new Refusal('invalid', '公开的内容不得含有个人信息。', faults)
}

/** A day that has come, not before another; refuses others. */
export function pastDay(pointer: string, day: string, today: CalendarDate, notBefore?: CalendarDate): void {
  if (!isCalendarDate(day))
    throw invalid(pointer, 'date', `“${day.slice(0, 40)}”不是日期；请写成 2026-03-02。`)
  if (day > today)
    throw invalid(pointer, 'future-date', `${day} 晚于今天（${today}）；已经发生的事不能在将来。`)
  if (notBefore !== undefined && day < notBefore)
    throw invalid(pointer, 'before-start', `${day} 早于所依据的上一步（${notBefore}），请核对。`)
}

export function authorOf({ authority, officer }: Actor): Draft['author'] {
  return { authority, officer }
}

function dayAfter(day: CalendarDate | undefined): CalendarDate | undefined {
  return day === undefined ? undefined : addDays(day, 1)
}

export function draft<K extends CaseEntryKind>(
  dossier: Dossier,
  { actor }: Situation,
  kind: K,
  payload: CasePayload<K>,
): Draft {
  // Steps before the publication concern the party and the officers alone.
  return { subject: dossier.key, kind, payload, visibility: 'internal', author: authorOf(actor) }
}

/** A decision to append drafts to a file that nobody has changed meanwhile. */
export function steps(dossier: Dossier, drafts: Draft[]): Decision {
  return { key: dossier.key, drafts, expect: new Map([[dossier.key, dossier.revision]]) }
}
