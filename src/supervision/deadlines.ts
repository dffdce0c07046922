import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import type { Deadline } from '../dossier/deadline.ts'
import type { Dossier, RecordAs } from '../dossier/dossier.ts'
import { perBlock } from '../dossier/per-record.ts'
import { type InspectionData, inspection } from '../records/inspection.ts'
import { publicationRules } from '../records/rules.ts'
import { plannedNext } from './plan.ts'
import type { Scheme } from './scheme.ts'

/** Clocks of supervision that run in a file: rectification, re-inspection, and the next planned inspections. */
export function supervisionDeadlines(dossier: Dossier, scheme: Scheme): Deadline[] {
  if (dossier.records.length === 0) return []
  const { records, key } = dossier
  return [
    ...failuresIn(records, scheme).flat(),
    ...unsignedIn(records, key).flat(),
    ...ofPlan(dossier, scheme),
  ]
}

const failuresIn = perBlock((records, scheme: Scheme) =>
  inspection.in({ records }).flatMap((record) => ofFailure(record, scheme)),
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
