import { z } from 'zod'
import { earliestOf } from '../calendar/partial-date.ts'
import { comparedNumber } from './document-number.ts'
import { choice, date, lines, number, partialDate, text } from './fields.ts'
import { type FieldFault, recordKind } from './kind.ts'
import { publicationRules } from './rules.ts'
import type { StoredData } from './stored.ts'

/** Kinds of award (奖励类别) that the plan of 2012 names in sections (二), (六), (七) and (八). */
export const awardKinds = [
  '政府质量奖',
  '河北名牌产品',
  '河北省优质产品',
  '驰名商标',
  '著名商标',
  '地理标志',
  '服务名牌',
  '服务质量奖',
  '优秀QC小组',
  '卓越绩效示范企业',
  '其他奖励',
] as const

const fields = z.strictObject({
  kind: choice(awardKinds).meta({ label: '奖励类别', headers: ['奖项', '荣誉类别'] }),
  level: choice(['国家', '省', '市', '县']).meta({
    label: '级别',
    headers: ['奖励级别'],
    synonyms: { 国家级: '国家', 省级: '省', 市级: '市', 县级: '县' },
  }),
  title: text(200)
    .optional()
    .meta({ label: '产品或项目', headers: ['产品名称', '项目名称', '荣誉名称'] }),
  documentNo: number().optional().meta({ label: '文号' }),
  grantedBy: text(100).meta({ label: '授予机关', headers: ['颁发机关', '授予单位'] }),
  grantedOn: partialDate().meta({
    label: '授予日期',
    headers: ['颁发日期'],
    past: true,
    hint: '只知道年月或者年份的，写成 2021-09、2017；评级按期限计入时须有完整的日期',
  }),
  validTo: date().optional().meta({ label: '有效期至' }),
  revokedOn: date().optional().meta({ label: '撤销日期', past: true }),
  revocationReason: lines(500).optional().meta({ later: true, label: '撤销原因' }),
})

/** An award's data as files hold it. */
export type AwardData = StoredData<typeof fields>

/** An award (奖励), good information (良好信息) about an enterprise. */
export const award = recordKind({
  type: 'award',
  section: 'awards',
  label: '良好信息',
  datedBy: 'grantedOn',
  titledBy: 'kind',
  madeBy: 'grantedBy',
  summary: ['kind', 'level', 'title', 'grantedBy', 'validTo'],
  fields,
  identity: (data) => `${undated(data)}|${data.grantedOn}`,
  undated,
  publication: (data) => ({
    public: true,
    from: earliestOf(data.grantedOn),
    ...(data.revokedOn !== undefined && { until: data.revokedOn }),
    rule: publicationRules.award.source,
  }),
  check(data) {
    const faults: FieldFault[] = []
    for (const [field, label] of [
      ['validTo', '有效期至'],
      ['revokedOn', '撤销日期'],
    ] as const) {
      const value = data[field]
      if (value !== undefined && value < data.grantedOn)
        faults.push({
          field,
          code: 'before-start',
          detail: `${label}（${value}）早于授予日期（${data.grantedOn}），请核对。`,
        })
    }
    return faults
  },
})

/** What tells awards apart beside their dates. */
function undated({ kind, level, title = '', documentNo = '' }: AwardData): string {
  return [kind, level, title, comparedNumber(documentNo)].join('|')
}
