import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Deadline } from '../dossier/deadline.ts'
import type { Dossier, RecordAs } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { type InspectionData, inspection } from '../records/inspection.ts'
import { type LicenceData, licence, productionLicences, validStatuses } from '../records/licence.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'
import { closureOn, isFailedAfterNotice } from './follow-up.ts'
import { plannedNext } from './plan.ts'
import { type Scheme, ungroupedOf } from './scheme.ts'

/** Clocks of supervision that run in a file: rectification, re-inspection, and the next planned inspections. */
export function supervisionDeadlines(dossier: Dossier, scheme: Scheme): Deadline[] {
  if (dossier.records.length === 0) return []
  const { records, key } = dossier
  return [
    ...failuresIn(records, scheme).flat(),
    ...failedAgainIn(records)
      .flat()
      .flatMap((record) => ofSuspension(dossier, record)),
    ...unsignedIn(records, key).flat(),
    ...ungroupedIn(records, scheme).flat(),
    ...ofPlan(dossier, scheme),
  ]
}

const failuresIn = perBlock((records, scheme: Scheme) =>
  inspection.in({ records }).flatMap((record) => ofFailure(record, scheme)),
)

const failedAgainIn = perBlock((records) =>
  inspection.in({ records }).filter(({ data }) => data.reinspectionOutcome === '不合格'),
)

const ungroupedIn = perBlock((records, scheme: Scheme) =>
  licence.in({ records }).flatMap((record) => ofUngrouped(record, scheme)),
)

const unsignedIn = perBlock((records, key: string) =>
  inspection.in({ records }).flatMap((record) => ofUnsigned(key, record)),
)

function ofFailure({ id, data }: RecordAs<InspectionData>, scheme: Scheme): Deadline[] {
  if (data.outcome !== '不合格' || data.retest === '改变原结论' || !inspection.isCounted(data)) return []
  const { rectificationDueOn, rectifiedOn, reinspectedOn } = data
  const head = {
    about: id,
    authority: data.authority,
    ...(data.product !== undefined && { subject: data.product }),
  }
  if (rectifiedOn === undefined)
    return rectificationDueOn !== undefined
      ? [
          {
            ...head,
            what: 'rectification',
            dueOn: rectificationDueOn,
            certain: true,
            consequence: '逾期不改正的，报省级以上市场监督管理部门公告（产品质量法第十七条）。',
          },
        ]
      : []
  if (reinspectedOn !== undefined) return []
  return [
    {
      ...head,
      what: 'reinspection',
      dueOn: addDays(rectifiedOn, scheme.reinspectionDays.value),
      certain: false,
      consequence: `整改完成后应复查（${scheme.reinspectionDays.source}）。`,
    },
  ]
}

/** What follows a failed re-inspection after the public was told: suspension, the last re-inspection, the end of the business. */
function ofSuspension(dossier: Dossier, { id, data }: RecordAs<InspectionData>): Deadline[] {
  const { suspendedOn, suspensionEndsOn, finalReinspectedOn, finalReinspectionOutcome } = data
  const head = {
    about: id,
    authority: data.authority,
    ...(data.product !== undefined && { subject: data.product }),
  }
  const soon = (day: string) => {
    const { date } = workingDaysAfter(day, publicationRules.completionDays.value)
    return { dueOn: date, certain: false }
  }
  if (finalReinspectedOn !== undefined)
    return finalReinspectionOutcome === '不合格' && closureOn(dossier, data) === undefined
      ? [{ ...head, what: 'closure', ...soon(finalReinspectedOn), consequence: CLOSURE }]
      : []
  if (suspendedOn !== undefined)
    return suspensionEndsOn === undefined
      ? []
      : [{ ...head, what: 'finalReinspection', dueOn: suspensionEndsOn, certain: true, consequence: FINAL }]
  return isFailedAfterNotice(data) && data.reinspectedOn !== undefined
    ? [{ ...head, what: 'suspension', ...soon(data.reinspectedOn), consequence: SUSPENSION }]
    : []
}

const SUSPENSION = '公告后经复查仍不合格的，责令停业，限期整顿（产品质量法第十七条）。'
const FINAL = '整顿期满后复查（产品质量法第十七条）。'
const CLOSURE = '整顿期满后经复查产品质量仍不合格的，吊销营业执照（产品质量法第十七条）。'

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
