import { z } from 'zod'
import { addMonths } from '../calendar/dates.ts'
import { comparedNumber } from './document-number.ts'
import { choice, date, lines, number, text } from './fields.ts'
import { type FieldFault, type Publication, recordKind } from './kind.ts'
import { publicationRules } from './rules.ts'
import { isOneOf, type StoredData } from './stored.ts'

const fields = z.strictObject({
  interviewedOn: date().meta({ label: '约谈日期', past: true }),
  authority: text(100).meta({ label: '约谈机关', headers: ['约谈单位', '实施机关'] }),
  documentNo: number()
    .optional()
    .meta({ label: '约谈通知书文号', headers: ['文号', '约谈文号'] }),
  area: choice(['食品', '其他产品']).meta({ label: '产品领域', hint: '食品生产经营者的约谈和整改情况公示' }),
  product: text(200).optional().meta({ label: '产品名称' }),
  position: choice(['法定代表人', '主要负责人']).meta({ label: '被约谈人身份' }),
  interviewee: text(100).optional().meta({ label: '被约谈人', sight: 'officers' }),
  hazard: lines(1000).meta({ label: '存在的隐患', headers: ['约谈事由', '约谈原因', '安全隐患'] }),
  demands: lines(1000)
    .optional()
    .meta({ label: '整改要求', headers: ['约谈内容'] }),
  rectificationDueOn: date().optional().meta({ later: true, label: '整改期限' }),
  rectifiedOn: date().optional().meta({ later: true, label: '整改完成日期', past: true }),
  rectification: lines(1000).optional().meta({ later: true, label: '整改情况' }),
  minutes: lines(2000).optional().meta({ label: '约谈记录', sight: 'officers' }),
})

/** An interview's data as files hold it. */
export type InterviewData = StoredData<typeof fields>

/**
 * An interview of the person responsible (责任约谈) about a hazard that was not removed in time, with the rectification that
 * followed: both belong into a food firm's credit file (食品安全法 art. 114).
 */
export const interview = recordKind({
  type: 'interview',
  section: 'interviews',
  label: '责任约谈',
  datedBy: 'interviewedOn',
  titledBy: 'hazard',
  madeBy: 'authority',
  summary: ['hazard', 'authority', 'position', 'rectificationDueOn', 'rectifiedOn'],
  fields,
  identity: ({ interviewedOn, authority, documentNo, hazard }) =>
    (documentNo === undefined ? [interviewedOn, authority, hazard] : [comparedNumber(documentNo)]).join('|'),
  publication,
  isAdverse: () => true,
  check(data) {
    const faults: FieldFault[] = []
    for (const [field, label] of [
      ['rectificationDueOn', '整改期限'],
      ['rectifiedOn', '整改完成日期'],
    ] as const) {
      const value = data[field]
      if (value !== undefined && value < data.interviewedOn)
        faults.push({
          field,
          code: 'before-start',
          detail: `${label}（${value}）早于约谈日期（${data.interviewedOn}），请核对。`,
        })
    }
    if (data.rectification !== undefined && (data.rectifiedOn ?? data.rectificationDueOn) === undefined)
      faults.push({
        field: 'rectificationDueOn',
        code: 'required',
        detail: '填有整改情况的，请填写整改期限或者整改完成日期。',
      })
    return faults
  },
})

/** A food firm's interview is public with its credit file (食品安全法 art. 113); no text says so of others. */
function publication({ area, interviewedOn, rectificationDueOn, rectifiedOn }: InterviewData): Publication {
  const { interviewScope, failedInspectionMonths } = publicationRules
  if (!isOneOf(area, interviewScope.value)) return { public: false, rule: interviewScope.source }
  // What was demanded and is not done has not ended, so its period does not run yet.
  const ended = rectifiedOn ?? (rectificationDueOn === undefined ? interviewedOn : undefined)
  return {
    public: true,
    from: interviewedOn,
    ...(ended !== undefined && { until: addMonths(ended, failedInspectionMonths.value) }),
    rule: interviewScope.source,
  }
}
