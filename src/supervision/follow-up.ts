import { addDays, addMonths, type CalendarDate } from '../calendar/dates.ts'
import { workingDaysBefore } from '../calendar/workdays.ts'
import {
  type Dossier,
  isDissolved,
  isInBusiness,
  nameOf,
  type RecordAs,
  regionOf,
} from '../dossier/dossier.ts'
import { type InspectionData, inspection, retestEndsOn, samplingKinds } from '../records/inspection.ts'
import {
  industrialLicences,
  type LicenceData,
  licence,
  standingStatuses,
  validStatuses,
} from '../records/licence.ts'
import { penalty } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { bearingOf } from '../records/sample.ts'
import { isOneOf } from '../records/stored.ts'
import { barOf, revocationIn, takingsIn } from './bars.ts'
import { groupOf, groupsOfLicence, type Scheme } from './scheme.ts'

/** The sampling upon which a licence may be lost: 许可证条例 art. 54 (国家监督抽查或者省级监督抽查). */
const samplingOfTheState = ['国家监督抽查', '省级监督抽查'] as const

/** A step of what follows a failed test, with its date and the clause that it rests on. */
export interface FollowUpStep {
  step:
    | 'dispute'
    | 'retest'
    | 'rectification'
    | 'notice'
    | 'reinspection'
    | 'suspension'
    | 'finalReinspection'
    | 'closure'
    | 'licence'
  label: string
  state: 'done' | 'open' | 'overdue' | 'passed' | 'notNeeded'
  dueOn?: CalendarDate
  doneOn?: CalendarDate
  detail: string
  basis: string
}

/** What follows a failed test (不合格后处理): the whole chain, kept in sight with its dates. */
export interface FollowUp {
  orgCode: string
  name: string
  region: string
  inspection: string
  product: string
  inspectedOn: CalendarDate
  authority: string
  steps: FollowUpStep[]
  /** Whether something is still to be done. */
  open: boolean
  overdue: boolean
}

/** A licence that ends soon and whose renewal is to be asked for. */
export interface Renewal {
  orgCode: string
  name: string
  region: string
  licence: string
  number: string
  product: string
  validTo: CalendarDate
  /** Last day on which renewal is asked for in time, and the rule that says so. */
  askBy: CalendarDate
  basis: string
  overdue: boolean
}

/** The chains behind all failed tests of a file, the latest first; nothing is left to be done about a firm that exists no more. */
export function followUpsOf(dossier: Dossier, today: CalendarDate, scheme: Scheme): FollowUp[] {
  return inspection
    .in(dossier)
    .filter(({ data }) => data.outcome === '不合格' && bearingOf(data) !== 'others')
    .map((record) => followUp(dossier, record, today, scheme))
    .sort((a, b) => (a.inspectedOn < b.inspectedOn ? 1 : -1))
}

function followUp(
  dossier: Dossier,
  { id, data }: RecordAs<InspectionData>,
  today: CalendarDate,
  scheme: Scheme,
): FollowUp {
  const reversed = data.retest === '改变原结论'
  const isDisputed = bearingOf(data) === 'open'
  const chain = isDisputed
    ? [disputeStep()]
    : reversed || data.retest === '申请中'
      ? [retestStep(data, today)]
      : [
          retestStep(data, today),
          rectificationStep(data, today),
          noticeStep(data, today),
          reinspectionStep(data),
          suspensionStep(data),
          finalReinspectionStep(data, today),
          closureStep(dossier, data),
          licenceStep(dossier, data, today, scheme),
        ]
  const steps = isDissolved(dossier) ? chain.map(over) : chain
  return {
    orgCode: dossier.key,
    name: nameOf(dossier),
    region: regionOf(dossier),
    inspection: id,
    product: data.product ?? '',
    inspectedOn: data.inspectedOn,
    authority: data.authority,
    steps,
    open: steps.some(isLeft),
    overdue: steps.some(({ state }) => state === 'overdue'),
  }
}

function isLeft({ state }: FollowUpStep): boolean {
  return state === 'open' || state === 'overdue'
}

/** A step about a firm that exists no more. */
function over(step: FollowUpStep): FollowUpStep {
  return isLeft(step) ? { ...step, state: 'notNeeded', detail: '企业已注销。' } : step
}

function disputeStep(): FollowUpStep {
  return {
    step: 'dispute',
    label: '核实标称异议',
    state: 'open',
    detail: '标称生产者否认生产，待核实；核实前不作为其不合格。',
    basis: publicationRules.disputedSample.source,
  }
}

function retestStep(data: InspectionData, today: CalendarDate): FollowUpStep {
  const isFood = data.area === '食品'
  const basis = isFood ? '食品安全法第八十八条' : '产品质量法第十五条'
  const step = { step: 'retest', label: '申请复检', basis } as const
  if (data.retest === '申请中') return { ...step, state: 'open', detail: '企业已申请复检，等待结论。' }
  if (data.retest !== undefined) return { ...step, state: 'done', detail: `复检${data.retest}。` }
  if (!isOneOf(data.kind, samplingKinds)) return { ...step, state: 'notNeeded', detail: '不属于监督抽查。' }
  if (data.deliveredOn === undefined)
    return { ...step, state: 'open', detail: '未登记检验结果送达企业的日期，复检期限无法起算。' }
  const dueOn = retestEndsOn(data, data.deliveredOn)
  return today <= dueOn
    ? { ...step, state: 'open', dueOn, detail: `企业可在 ${dueOn} 前申请复检。` }
    : { ...step, state: 'passed', dueOn, detail: '复检申请期已过，企业未申请。' }
}

function rectificationStep(data: InspectionData, today: CalendarDate): FollowUpStep {
  const step = { step: 'rectification', label: '限期整改', basis: '产品质量法第十七条' } as const
  const { rectifiedOn, rectificationDueOn } = data
  const due = rectificationDueOn === undefined ? {} : { dueOn: rectificationDueOn }
  if (rectifiedOn !== undefined)
    return { ...step, ...due, state: 'done', doneOn: rectifiedOn, detail: '已完成整改。' }
  if (due.dueOn === undefined) return { ...step, state: 'open', detail: '尚未登记整改期限。' }
  return due.dueOn < today
    ? { ...step, ...due, state: 'overdue', detail: '整改期限已过，尚未登记完成。' }
    : { ...step, ...due, state: 'open', detail: '整改期内。' }
}

function noticeStep(data: InspectionData, today: CalendarDate): FollowUpStep {
  const step = { step: 'notice', label: '逾期不改正的公告', basis: '产品质量法第十七条' } as const
  if (data.overdueNoticedOn !== undefined)
    return { ...step, state: 'done', doneOn: data.overdueNoticedOn, detail: '逾期不改正，已公告。' }
  if (!isOneOf(data.kind, samplingKinds)) return { ...step, state: 'notNeeded', detail: '不属于监督抽查。' }
  if (data.reinspectionOutcome === '合格')
    return { ...step, state: 'notNeeded', detail: '已改正，复查合格。' }
  const since = notPutRightSince(data)
  if (since === undefined || since > today) return { ...step, state: 'notNeeded', detail: '未逾期。' }
  return data.reinspectionOutcome === '不合格'
    ? { ...step, state: 'open', detail: '期满后经复查仍未改正的，报省级以上市场监督管理部门公告。' }
    : { ...step, state: 'open', detail: '逾期不改正的，报省级以上市场监督管理部门公告。' }
}

/**
 * The first day on which a failing counts as not put right in time (逾期不改正): the one after its term, where it was not done
 * within or failed again; of one that has no term, the day on which it failed again. Undefined where it was.
 */
export function notPutRightSince({
  rectificationDueOn,
  rectifiedOn,
  reinspectedOn,
  reinspectionOutcome,
}: InspectionData): CalendarDate | undefined {
  if (reinspectionOutcome === '合格') return undefined
  const isFailedAgain = reinspectionOutcome === '不合格'
  if (rectificationDueOn === undefined) return isFailedAgain ? reinspectedOn : undefined
  const isInTime = rectifiedOn !== undefined && rectifiedOn <= rectificationDueOn
  return isInTime && !isFailedAgain
    ? undefined
    : later(addDays(rectificationDueOn, 1), isFailedAgain ? reinspectedOn : undefined)
}

function later(day: CalendarDate, other: CalendarDate | undefined): CalendarDate {
  return other !== undefined && other > day ? other : day
}

function reinspectionStep(data: InspectionData): FollowUpStep {
  const step = { step: 'reinspection', label: '复查', basis: '产品质量法第十七条' } as const
  const { rectifiedOn, reinspectedOn, reinspectionOutcome } = data
  if (awaitsReinspectionAfterNotice(data)) return { ...step, state: 'open', detail: '已公告，待公告后复查。' }
  if (reinspectedOn !== undefined)
    return {
      ...step,
      state: 'done',
      doneOn: reinspectedOn,
      detail: `复查${reinspectionOutcome ?? '结果未登记'}。`,
    }
  return rectifiedOn !== undefined
    ? { ...step, state: 'open', detail: '整改已完成，待复查。' }
    : { ...step, state: 'open', detail: '待整改完成后复查。' }
}

/** Whether the public was told that a failing was not put right, and nobody has looked again since. */
export function awaitsReinspectionAfterNotice({ overdueNoticedOn, reinspectedOn }: InspectionData): boolean {
  return overdueNoticedOn !== undefined && (reinspectedOn === undefined || reinspectedOn < overdueNoticedOn)
}

function suspensionStep(data: InspectionData): FollowUpStep {
  const step = { step: 'suspension', label: '责令停业，限期整顿', basis: '产品质量法第十七条' } as const
  if (data.suspendedOn !== undefined)
    return {
      ...step,
      state: 'done',
      doneOn: data.suspendedOn,
      detail: `已责令停业整顿，至 ${data.suspensionEndsOn ?? '期满日期未登记'}。`,
    }
  return isFailedAfterNotice(data)
    ? { ...step, state: 'open', detail: '公告后经复查仍不合格，应责令停业，限期整顿。' }
    : { ...step, state: 'notNeeded', detail: '公告后经复查仍不合格的，责令停业，限期整顿。' }
}

/** Whether a product failed again once the public was told that it was not put right: 公告后经复查仍不合格. */
export function isFailedAfterNotice(data: InspectionData): boolean {
  const { overdueNoticedOn, reinspectedOn, reinspectionOutcome } = data
  return (
    reinspectionOutcome === '不合格' &&
    overdueNoticedOn !== undefined &&
    reinspectedOn !== undefined &&
    reinspectedOn >= overdueNoticedOn
  )
}

function finalReinspectionStep(data: InspectionData, today: CalendarDate): FollowUpStep {
  const step = { step: 'finalReinspection', label: '整顿期满复查', basis: '产品质量法第十七条' } as const
  const { suspendedOn, suspensionEndsOn, finalReinspectedOn, finalReinspectionOutcome } = data
  const due = suspensionEndsOn === undefined ? {} : { dueOn: suspensionEndsOn }
  if (finalReinspectedOn !== undefined)
    return {
      ...step,
      ...due,
      state: 'done',
      doneOn: finalReinspectedOn,
      detail: `整顿期满复查${finalReinspectionOutcome ?? '结果未登记'}。`,
    }
  if (suspendedOn === undefined) return { ...step, state: 'notNeeded', detail: '没有责令停业整顿。' }
  return due.dueOn !== undefined && due.dueOn < today
    ? { ...step, ...due, state: 'overdue', detail: '整顿期已满，尚未登记复查。' }
    : { ...step, ...due, state: 'open', detail: '整顿期内，期满后复查。' }
}

function closureStep(dossier: Dossier, data: InspectionData): FollowUpStep {
  const step = { step: 'closure', label: '吊销营业执照', basis: '产品质量法第十七条' } as const
  if (data.finalReinspectionOutcome !== '不合格')
    return { ...step, state: 'notNeeded', detail: '整顿期满后经复查仍不合格的，吊销营业执照。' }
  const closedOn = closureOn(dossier, data)
  return closedOn === undefined
    ? { ...step, state: 'open', detail: '整顿期满后经复查仍不合格，应吊销营业执照，并登记该处罚。' }
    : { ...step, state: 'done', doneOn: closedOn, detail: '已吊销营业执照。' }
}

/** The day on which the business licence was revoked after a failed last re-inspection; undefined where it was not yet. */
export function closureOn(
  dossier: Pick<Dossier, 'records'>,
  { finalReinspectedOn }: InspectionData,
): CalendarDate | undefined {
  return penalty
    .in(dossier)
    .filter(
      ({ data }) =>
        data.types.includes('吊销营业执照') &&
        !isOneOf(data.reviewOutcome, publicationRules.penaltyRescinded.value) &&
        data.decidedOn >= (finalReinspectedOn ?? ''),
    )
    .map(({ data }) => data.decidedOn)
    .sort()[0]
}

function licenceStep(
  dossier: Dossier,
  data: InspectionData,
  today: CalendarDate,
  scheme: Scheme,
): FollowUpStep {
  const step = {
    step: 'licence',
    label: '生产许可证的处理',
    basis: '工业产品生产许可证管理条例第五十四条、第五十五条',
  } as const
  if (!isOneOf(data.kind, samplingOfTheState))
    return { ...step, state: 'notNeeded', detail: '国家、省级监督抽查不合格的，才依第五十四条处理。' }
  if (data.reinspectionOutcome !== '不合格')
    return { ...step, state: 'notNeeded', detail: '复查不合格的，吊销生产许可证。' }
  const since = notPutRightSince(data)
  if (since !== undefined && since > today)
    return {
      ...step,
      state: 'notNeeded',
      detail: `整改期限（${data.rectificationDueOn}）未满，到期复查仍不合格的，吊销生产许可证。`,
    }
  const failedOn = data.reinspectedOn ?? data.inspectedOn
  const licences = licencesAtStake(dossier, data, scheme)
  const isHeld = licences.some(
    ({ data: { status, validTo } }) =>
      isOneOf(status, standingStatuses) && (validTo === undefined || validTo >= today),
  )
  if (isHeld) return { ...step, state: 'open', detail: '复查仍不合格，应吊销生产许可证。' }
  // One that was revoked before is no answer to this failing.
  const revoked = licences.find((own) => {
    const revocation = revocationIn(own)
    return revocation && (revocation.on ?? failedOn) >= failedOn
  })
  if (!revoked) return { ...step, state: 'notNeeded', detail: '没有该产品的有效生产许可证。' }
  const on = revocationIn(revoked)?.on
  return {
    ...step,
    state: 'done',
    ...(on !== undefined && { doneOn: on }),
    detail: `生产许可证已吊销，${barInWords(dossier, revoked)}。`,
  }
}

/** The licences that a failing costs: those of its product under 许可证条例, once the state's or the province's sampling failed again. */
export function licencesAtStake(
  dossier: Pick<Dossier, 'records'>,
  data: InspectionData,
  scheme: Scheme,
): RecordAs<LicenceData>[] {
  if (!isOneOf(data.kind, samplingOfTheState) || data.reinspectionOutcome !== '不合格') return []
  const group = groupOf(data.product, scheme)
  return licence
    .in(dossier)
    .filter(
      ({ data: own }) =>
        isOneOf(own.kind, industrialLicences) && groupsOfLicence(own, scheme).includes(group),
    )
}

/** How long a firm may not apply again after a revocation, in words. */
function barInWords(dossier: Pick<Dossier, 'records'>, record: RecordAs<LicenceData>): string {
  const bar = barOf(record, takingsIn(dossier).of.get(record.id))
  return bar === undefined
    ? '吊销日期未登记，不得再次申请的期限无法计算'
    : `${bar.until} 前不得再次申请同一产品的生产许可证`
}

/** Licences of a file whose renewal (延续、换证) is to be asked for soon, or was to be, while they still hold. */
export function renewalsOf(
  dossier: Dossier,
  today: CalendarDate,
  { renewals, renewalNoticeDays }: Pick<Scheme, 'renewals' | 'renewalNoticeDays'>,
): Renewal[] {
  if (!isInBusiness(dossier)) return []
  return licence.in(dossier).flatMap(({ id, data }): Renewal[] => {
    const { validTo, kind, status } = data
    const rule = renewals.find(({ kinds }) => isOneOf(kind, kinds))
    if (!rule || validTo === undefined || validTo < today || !isOneOf(status, validStatuses)) return []
    const askBy = dayBefore(validTo, rule.before)
    if (addDays(today, renewalNoticeDays.value) < askBy) return []
    return [
      {
        orgCode: dossier.key,
        name: nameOf(dossier),
        region: regionOf(dossier),
        licence: id,
        number: data.number,
        product: [data.product ?? [], data.unit ?? []].flat().join(' '),
        validTo,
        askBy,
        basis: rule.source,
        overdue: askBy < today,
      },
    ]
  })
}

function dayBefore(day: CalendarDate, before: Scheme['renewals'][number]['before']): CalendarDate {
  if ('months' in before) return addMonths(day, -before.months)
  return 'days' in before ? addDays(day, -before.days) : workingDaysBefore(day, before.workingDays)
}
