import { addDays, addMonths, type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Deadline } from '../dossier/deadline.ts'
import { type Dossier, type FileRecord, isDissolved, type RecordAs } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { type Punished, punishments } from '../dossier/punishments.ts'
import { type InspectionData, inspection, samplingKinds } from '../records/inspection.ts'
import { type InterviewData, interview } from '../records/interview.ts'
import {
  industrialLicences,
  type LicenceData,
  licence,
  productionLicences,
  standingStatuses,
  validStatuses,
} from '../records/licence.ts'
import { isInArea, penalty } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'
import { type Bar, barOf, barOfApplication, barOfPenalty, revocationIn, takingsIn } from './bars.ts'
import { cancellationClocks } from './cancellations.ts'
import {
  awaitsReinspectionAfterNotice,
  closureOn,
  isFailedAfterNotice,
  licencesAtStake,
  notPutRightSince,
} from './follow-up.ts'
import { plannedNext } from './plan.ts'
import { revocationClocks } from './revocations.ts'
import { groupsOfLicence, type ProductGroup, type Scheme, ungroupedOf } from './scheme.ts'

/**
 * Clocks of supervision that run in a file: rectification, re-inspection, and the next planned inspections; those that
 * follow from a record alone last.
 */
export function supervisionDeadlines(dossier: Dossier, scheme: Scheme): Deadline[] {
  const { records, key } = dossier
  const ofRecords = isDissolved(dossier)
    ? []
    : records.flatMap((record) => recordSupervisionDeadlines(record, key, scheme))
  return [...fileSupervisionDeadlines(dossier, scheme), ...ofRecords]
}

/** Those that follow from several records together, and from ratings and cases. */
export function fileSupervisionDeadlines(dossier: Dossier, scheme: Scheme): Deadline[] {
  const { records } = dossier
  if (records.length === 0) return []
  if (isDissolved(dossier)) return [...revocationClocks(dossier), ...cancellationClocks(dossier)]
  return [
    ...failedAgainIn(records)
      .flat()
      .flatMap((record) => [...ofSuspension(dossier, record), ...ofRevocation(dossier, record, scheme)]),
    ...ofRepeatedPenalties(dossier),
    ...ofBarredLicences(dossier, scheme),
    ...revocationClocks(dossier),
    ...cancellationClocks(dossier),
    ...ofPlan(dossier, scheme),
  ]
}

/** Those that follow from a record of a file alone; none runs where the firm exists no more. */
export function recordSupervisionDeadlines(record: FileRecord, key: string, scheme: Scheme): Deadline[] {
  const [inspected, licensed, talk] = [inspection.of(record), licence.of(record), interview.of(record)]
  return [
    ...(inspected ? [...ofFailure(inspected, scheme), ...ofUnsigned(key, inspected)] : []),
    ...(licensed ? ofUngrouped(licensed, scheme) : []),
    ...(talk ? ofInterview(talk) : []),
  ]
}

const failedAgainIn = perBlock((records) =>
  inspection
    .in({ records })
    .filter(({ data }) => data.reinspectionOutcome === '不合格' && !isOpenOrReversed(data)),
)

const lostIn = perBlock((records) =>
  licence
    .in({ records })
    .filter((record) => revocationIn(record) !== undefined || barOf(record) !== undefined),
)

const refusedIn = perBlock((records) =>
  penalty.in({ records }).filter(({ data }) => data.refusedLicence !== undefined),
)

const foodPenaltiesIn = perBlock((records) =>
  penalty
    .in({ records })
    .filter(({ data }) => isInArea(data, publicationRules.repeatedPenalties.value.areas)),
)

/** Whether nothing follows from a failed test: a re-test is asked for, so that it is not final, or has reversed it (产品质量法 art. 15). */
function isOpenOrReversed({ retest }: InspectionData): boolean {
  return isOneOf(retest, ['申请中', '改变原结论'])
}

function ofFailure({ id, data }: RecordAs<InspectionData>, scheme: Scheme): Deadline[] {
  if (data.outcome !== '不合格' || isOpenOrReversed(data) || !inspection.isCounted(data)) return []
  const { rectificationDueOn, rectifiedOn, reinspectedOn, reinspectionOutcome, overdueNoticedOn } = data
  const head = {
    about: id,
    authority: data.authority,
    ...(data.product !== undefined && { subject: data.product }),
  }
  const again = (day: string): Deadline => ({
    ...head,
    what: 'reinspection',
    dueOn: addDays(day, scheme.reinspectionDays.value),
    certain: false,
    consequence: `整改完成后应复查（${scheme.reinspectionDays.source}）。`,
  })
  if (reinspectionOutcome === '合格') return []
  if (overdueNoticedOn !== undefined)
    return awaitsReinspectionAfterNotice(data)
      ? [again(rectifiedOn !== undefined && rectifiedOn > overdueNoticedOn ? rectifiedOn : overdueNoticedOn)]
      : []
  if (reinspectedOn !== undefined) {
    const since = isOneOf(data.kind, samplingKinds) ? notPutRightSince(data) : undefined
    return since === undefined
      ? []
      : [{ ...head, what: 'overdueNotice', ...soonAfter(since), consequence: OVERDUE }]
  }
  if (rectifiedOn !== undefined) return [again(rectifiedOn)]
  return rectificationDueOn === undefined
    ? []
    : [{ ...head, what: 'rectification', dueOn: rectificationDueOn, certain: true, consequence: OVERDUE }]
}

/** An estimate where no text sets a day: as soon as whatever is lacking is to be supplied. */
function soonAfter(day: CalendarDate) {
  return { dueOn: workingDaysAfter(day, publicationRules.completionDays.value).date, certain: false }
}

const OVERDUE = '逾期不改正的，报省级以上市场监督管理部门公告（产品质量法第十七条）。'

/** What follows a failed re-inspection after the public was told: suspension, the last re-inspection, the end of the business. */
function ofSuspension(dossier: Dossier, { id, data }: RecordAs<InspectionData>): Deadline[] {
  const { suspendedOn, suspensionEndsOn, finalReinspectedOn, finalReinspectionOutcome } = data
  const head = {
    about: id,
    authority: data.authority,
    ...(data.product !== undefined && { subject: data.product }),
  }
  if (finalReinspectedOn !== undefined)
    return finalReinspectionOutcome === '不合格' && closureOn(dossier, data) === undefined
      ? [{ ...head, what: 'closure', ...soonAfter(finalReinspectedOn), consequence: CLOSURE }]
      : []
  if (suspendedOn !== undefined)
    return suspensionEndsOn === undefined
      ? []
      : [{ ...head, what: 'finalReinspection', dueOn: suspensionEndsOn, certain: true, consequence: FINAL }]
  return isFailedAfterNotice(data) && data.reinspectedOn !== undefined
    ? [{ ...head, what: 'suspension', ...soonAfter(data.reinspectedOn), consequence: SUSPENSION }]
    : []
}

/** A production licence that a failing costs, as long as it holds. */
function ofRevocation(dossier: Dossier, { id, data }: RecordAs<InspectionData>, scheme: Scheme): Deadline[] {
  const held = licencesAtStake(dossier, data, scheme).filter(({ data: own }) =>
    isOneOf(own.status, standingStatuses),
  )
  const [first, ...others] = held.map(({ data: own }) => own.validTo ?? NEVER)
  if (first === undefined) return []
  const until = others.reduce((latest, end) => (end > latest ? end : latest), first)
  return [
    {
      what: 'licenceRevocation',
      about: id,
      authority: data.authority,
      // Not before the term is over that was ordered: 到期复查.
      ...soonAfter(notPutRightSince(data) ?? data.reinspectedOn ?? data.inspectedOn),
      ...(until !== NEVER && { until }),
      consequence: REVOCATION,
      ...(data.product !== undefined && { subject: data.product }),
    },
  ]
}

const NEVER = '9999-12-31'
const REVOCATION =
  '国家、省级监督抽查不合格，到期复查仍不合格的，吊销生产许可证（工业产品生产许可证管理条例第五十四条）。'
const SUSPENSION = '公告后经复查仍不合格的，责令停业，限期整顿（产品质量法第十七条）。'
const FINAL = '整顿期满后复查（产品质量法第十七条）。'
const CLOSURE = '整顿期满后经复查产品质量仍不合格的，吊销营业执照（产品质量法第十七条）。'

/** What an interview demanded is done by its day (食品安全法 art. 114). */
function ofInterview({ id, data }: RecordAs<InterviewData>): Deadline[] {
  const { rectificationDueOn, rectifiedOn, authority, product } = data
  if (rectificationDueOn === undefined || rectifiedOn !== undefined) return []
  return [
    {
      what: 'rectification',
      about: id,
      authority,
      dueOn: rectificationDueOn,
      certain: true,
      consequence: `责任约谈后的整改情况应当登记：${publicationRules.interviewScope.source}。`,
      ...(product !== undefined && { subject: product }),
    },
  ]
}

/**
 * The last of three penalties of a food firm within a year that are neither a suspension of its business nor the end of its
 * licence (食品安全法 art. 134), unless either was decided on since. Whether each broke that law a person says.
 */
function ofRepeatedPenalties(dossier: Dossier): Deadline[] {
  const { times, months, beside, areas } = publicationRules.repeatedPenalties.value
  // Which penalties stand for others is asked of the whole file, so only where there are enough.
  if (foodPenaltiesIn(dossier.records).flat().length < times) return []
  const standing = punishments(dossier)
    .filter(({ data }) => isInArea(data, areas))
    .sort((a, b) => (a.punishedOn < b.punishedOn ? -1 : a.punishedOn > b.punishedOn ? 1 : 0))
  const isGrave = ({ data }: Punished) => data.types.some((type) => isOneOf(type, beside))
  const lesser = standing.filter((record) => !isGrave(record))
  const last = lesser.findLast((record, i) => {
    const first = lesser[i - times + 1]
    return first !== undefined && record.punishedOn <= addMonths(first.punishedOn, months)
  })
  if (!last) return []
  const { punishedOn, data } = last
  if (standing.some((record) => isGrave(record) && record.punishedOn >= punishedOn)) return []
  const { date } = workingDaysAfter(punishedOn, publicationRules.completionDays.value)
  return [
    {
      what: 'repeatedPenalties',
      about: last.id,
      authority: data.authority,
      dueOn: date,
      until: addMonths(punishedOn, months),
      certain: false,
      consequence: `${publicationRules.repeatedPenalties.source}；各次是否因违反该法，请按决定书核实。`,
    },
  ]
}

/** What bars a firm from applying for licences of a kind, and for which groups of products alone where that is known. */
interface Barred {
  kind: string
  bar: Bar
  groups?: readonly ProductGroup[]
  /** The licence that was lost, which is no licence given since. */
  lost?: string
}

function barsOf(dossier: Dossier, scheme: Scheme): Barred[] {
  const { records } = dossier
  const takings = takingsIn(dossier)
  const taken = takings.of.size === 0 ? [] : licence.in(dossier).filter(({ id }) => takings.of.has(id))
  const lost = new Map([...lostIn(records).flat(), ...taken].map((own) => [own.id, own]))
  return [
    ...[...lost.values()].flatMap((own): Barred[] => {
      const taking = takings.of.get(own.id)
      const bar = barOf(own, taking)
      if (!bar) return []
      const isRevoked = taking !== undefined || revocationIn(own) !== undefined
      // 许可证条例 art. 55 bars from the same catalogued product (同一列入目录产品) alone.
      const isOfProduct = isOneOf(own.data.kind, industrialLicences) && isRevoked
      const groups = isOfProduct ? knownGroups(own.data, scheme) : undefined
      return [{ kind: `${own.data.kind}`, bar, lost: own.id, ...(groups && { groups }) }]
    }),
    ...takings.others.flatMap(({ by, kinds }) =>
      kinds.map((kind): Barred => ({ kind, bar: barOfPenalty(by, kind) })),
    ),
    ...(refusedIn(records).flat().length === 0 ? [] : punishments(dossier)).flatMap((own): Barred[] => {
      const bar = barOfApplication(own)
      return bar ? [{ kind: `${own.data.refusedLicence}`, bar }] : []
    }),
  ]
}

/** The groups of a licence's products; undefined where the table does not know them all, so that they may be any. */
function knownGroups(data: LicenceData, scheme: Scheme): ProductGroup[] | undefined {
  const isKnown =
    (data.product ?? data.unit ?? data.productGroup) !== undefined && ungroupedOf(data, scheme).length === 0
  return isKnown ? groupsOfLicence(data, scheme) : undefined
}

/**
 * Licences that were given while the firm was barred from applying: 食品安全法 art. 135, 工业产品生产许可证管理条例 art. 55,
 * 行政许可法 art. 78 and 79. Each is asked about until it should have been looked into, be the bar over by then.
 */
function ofBarredLicences(dossier: Dossier, scheme: Scheme): Deadline[] {
  const bars = barsOf(dossier, scheme)
  if (bars.length === 0) return []
  const { records } = dossier
  return licence.in({ records }).flatMap(({ id, data, addedAt, made }): Deadline[] => {
    const { issuedOn, kind, product } = data
    if (!isOneOf(data.status, validStatuses)) return []
    for (const barred of bars) {
      const { bar, groups, lost } = barred
      if (lost === id || barred.kind !== `${kind}` || issuedOn < bar.from || issuedOn >= bar.until) continue
      if (groups && knownGroups(data, scheme)?.some((group) => groups.includes(group)) === false) continue
      const { date } = workingDaysAfter(
        shanghaiDate(new Date(addedAt)),
        publicationRules.completionDays.value,
      )
      return [
        {
          what: 'barredLicence',
          about: id,
          authority: data.authority || made.authority,
          dueOn: date,
          until: bar.until > date ? bar.until : date,
          certain: false,
          consequence: `${bar.because}后，${bar.until} 前不得再次申请，此证发于 ${issuedOn}：${bar.source}。`,
          ...(product !== undefined && { subject: product }),
        },
      ]
    }
    return []
  })
}

/**
 * An inspection that closed an item of this file's plan and names no inspectors, or not whether it was signed: what others
 * have found and passed on is not asked for them.
 */
function ofUnsigned(key: string, { id, data, addedAt }: RecordAs<InspectionData>): Deadline[] {
  const { planNo, inspectors, signature, authority, product } = data
  const lacking = [
    ...(inspectors === undefined ? ['检查人员'] : []),
    ...(signature === undefined ? ['签字'] : []),
  ]
  if (!planNo?.startsWith(`${key}-`) || lacking.length === 0) return []
  return [
    {
      what: 'signature',
      about: id,
      authority,
      dueOn: workingDaysAfter(shanghaiDate(new Date(addedAt)), publicationRules.completionDays.value).date,
      certain: false,
      consequence: `没有登记${lacking.join('、')}：${publicationRules.inspectors.source}。`,
      ...(product !== undefined && { subject: product }),
    },
  ]
}

/**
 * Production licences that hold and whose products the reviewed table does not know: which group they are of, and so how
 * often they are inspected, is asked and not guessed.
 */
function ofUngrouped({ id, data, addedAt }: RecordAs<LicenceData>, scheme: Scheme): Deadline[] {
  if (!isOneOf(data.kind, productionLicences) || !isOneOf(data.status, validStatuses)) return []
  const unknown = ungroupedOf(data, scheme)
  if (unknown.length === 0) return []
  const { date } = workingDaysAfter(shanghaiDate(new Date(addedAt)), publicationRules.completionDays.value)
  return [
    {
      what: 'productGroup',
      about: id,
      authority: data.authority,
      dueOn: date,
      ...(data.validTo !== undefined && { until: data.validTo }),
      certain: false,
      consequence: `产品不在分类表中，暂按“${scheme.groups.at(-1)?.name}”计划检查；请在产品类别一栏写明：${scheme.groups.map(({ name }) => name).join('、')}。`,
      subject: unknown.join('、'),
    },
  ]
}

function ofPlan(dossier: Dossier, scheme: Scheme): Deadline[] {
  return plannedNext(dossier, scheme).map(({ id, group, dueOn, mode, until }) => ({
    what: 'inspection' as const,
    about: id,
    authority: '',
    dueOn,
    ...(until !== undefined && { until }),
    certain: true,
    consequence: `${mode}企业，${group.risk} 类风险产品，按间隔应检。`,
    subject: group.name,
  }))
}
