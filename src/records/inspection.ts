import { z } from 'zod'
import { addDays, addMonths } from '../calendar/dates.ts'
import { choice, count, date, lines, number, text } from './fields.ts'
import { type FieldFault, type Publication, recordKind } from './kind.ts'
import { publicationRules } from './rules.ts'
import { isOneOf, type StoredData } from './stored.ts'

/** Kinds of supervision that draw and test samples (监督抽查), the highest level first. */
export const samplingKinds = ['国家监督抽查', '省级监督抽查', '市级监督抽查', '县级监督抽查'] as const

/** Kinds of supervision (监督检查类别). */
export const inspectionKinds = [...samplingKinds, '日常巡查', '专项检查', '证后监管', '复查'] as const

export const inspectionOutcomes = ['合格', '不合格', '未抽到样品', '拒检'] as const

const fields = z.strictObject({
  kind: choice(inspectionKinds).meta({
    label: '检查类别',
    headers: ['检查类型', '抽查级别'],
    synonyms: {
      国家: '国家监督抽查',
      省: '省级监督抽查',
      市: '市级监督抽查',
      县: '县级监督抽查',
      省监督抽查: '省级监督抽查',
      市监督抽查: '市级监督抽查',
      县监督抽查: '县级监督抽查',
    },
  }),
  planNo: number()
    .optional()
    .meta({ label: '计划编号', headers: ['计划号', '任务编号'] }),
  inspectedOn: date().meta({
    label: '检查日期',
    headers: ['抽样日期', '抽查日期'],
    past: true,
  }),
  authority: text(100).meta({ label: '检查机关', headers: ['组织单位', '实施机关'] }),
  product: text(200)
    .optional()
    .meta({ label: '产品名称', headers: ['产品'] }),
  specification: text(200).optional().meta({ label: '规格型号' }),
  batch: text(100)
    .optional()
    .meta({ use: 'number', label: '批号', headers: ['生产日期或批号', '生产日期/批号'] }),
  laboratory: text(100)
    .optional()
    .meta({ label: '检验机构', headers: ['承检机构'] }),
  reportNo: number()
    .optional()
    .meta({ label: '检验报告编号', headers: ['报告编号', '报告号'] }),
  itemsInspected: count().optional().meta({ label: '检验项目数' }),
  itemsFailed: count().optional().meta({ label: '不合格项目数' }),
  failedItems: lines(1000).optional().meta({ label: '不合格项目' }),
  outcome: choice(inspectionOutcomes).meta({
    label: '检查结果',
    headers: ['检验结果', '抽查结果', '结论'],
  }),
  severity: choice(['轻微', '一般', '较重', '严重']).optional().meta({ label: '不合格程度' }),
  deliveredOn: date().optional().meta({
    label: '结果送达日期',
    past: true,
    hint: '企业收到检验结果的日期，复检申请期自此起算',
  }),
  retest: choice(['申请中', '维持原结论', '改变原结论'])
    .optional()
    .meta({ label: '复检', headers: ['复检情况'] }),
  rectificationDueOn: date().optional().meta({ later: true, label: '整改期限' }),
  rectifiedOn: date().optional().meta({ later: true, label: '整改完成日期', past: true }),
  reinspectedOn: date().optional().meta({ later: true, label: '复查日期', past: true }),
  reinspectionOutcome: choice(['合格', '不合格']).optional().meta({ later: true, label: '复查结果' }),
  findings: lines(2000).optional().meta({ label: '检查记录', sight: 'officers' }),
  inspectors: text(200)
    .optional()
    .meta({ label: '检查人员', sight: 'officers', hint: '两名以上，以顿号分开', headers: ['执法人员'] }),
  signature: choice(['检查人员和企业已签字', '企业拒绝签字，检查人员已注明'])
    .optional()
    .meta({ label: '签字', sight: 'officers', hint: '检查记录由检查人员签字后归档' }),
})

/** An inspection's data as files hold it. */
export type InspectionData = StoredData<typeof fields>

/** An inspection or sampling test (监督检查、监督抽查). */
export const inspection = recordKind({
  type: 'inspection',
  section: 'inspections',
  label: '监管动态',
  datedBy: 'inspectedOn',
  titledBy: 'kind',
  madeBy: 'authority',
  summary: ['kind', 'product', 'authority', 'outcome', 'reinspectionOutcome'],
  fields,
  identity: ({ kind, reportNo, inspectedOn, authority, product = '', specification = '', batch = '' }) =>
    (reportNo === undefined
      ? [kind, inspectedOn, authority, product, specification, batch]
      : [kind, reportNo, product, batch]
    ).join('|'),
  publication,
  missing(data) {
    const isOpen = isTested(data) && data.outcome === '不合格' && data.retest !== '改变原结论'
    return isOpen && data.deliveredOn === undefined
      ? [
          {
            field: 'deliveredOn',
            code: 'incomplete',
            detail:
              '抽查不合格，但没有结果送达日期：复检期限无法起算，结果不能公示；请补登企业收到检验结果的日期。',
          },
        ]
      : []
  },
  check(data) {
    const faults: FieldFault[] = []
    const before = (field: string, label: string, value: string | undefined) => {
      if (value !== undefined && value < data.inspectedOn)
        faults.push({
          field,
          code: 'before-start',
          detail: `${label}（${value}）早于检查日期（${data.inspectedOn}），请核对。`,
        })
    }
    before('deliveredOn', '结果送达日期', data.deliveredOn)
    before('rectificationDueOn', '整改期限', data.rectificationDueOn)
    before('rectifiedOn', '整改完成日期', data.rectifiedOn)
    before('reinspectedOn', '复查日期', data.reinspectedOn)
    const { itemsInspected, itemsFailed, inspectors } = data
    if (inspectors !== undefined && inspectorsIn(inspectors).length < publicationRules.inspectors.value)
      faults.push({
        field: 'inspectors',
        code: 'too-few',
        detail: `监督检查应当有两名以上工作人员参加（工业产品生产许可证管理条例第三十九条），现为“${inspectors}”；请写全，以顿号分开。`,
      })
    if (itemsInspected !== undefined && itemsFailed !== undefined && itemsFailed > itemsInspected)
      faults.push({
        field: 'itemsFailed',
        code: 'more-than-inspected',
        detail: `不合格项目数（${itemsFailed}）多于检验项目数（${itemsInspected}），请核对。`,
      })
    if (data.outcome === '合格' && data.failedItems !== undefined)
      faults.push({
        field: 'outcome',
        code: 'contradiction',
        detail: `检查结果为合格，但填有不合格项目“${data.failedItems.slice(0, 40)}”，请核对。`,
      })
    if (data.outcome === '合格' && itemsFailed)
      faults.push({
        field: 'outcome',
        code: 'contradiction',
        detail: `检查结果为合格，但填有 ${itemsFailed} 个不合格项目，请核对。`,
      })
    return faults
  },
})

/**
 * A sampling result is not final, so not public, before the period for asking a re-test has passed or the re-test
 * has spoken (产品质量法 art. 15); a result that a re-test reversed never is.
 */
function publication(data: InspectionData): Publication {
  const tested = isTested(data)
  const failed = data.outcome === '不合格' || data.outcome === '拒检'
  const ending = (from: string) =>
    failed ? { until: addMonths(from, publicationRules.failedInspectionMonths.value) } : {}
  if (!tested)
    return {
      public: true,
      from: data.inspectedOn,
      ...ending(data.inspectedOn),
      rule: publicationRules.openRecord.source,
    }
  const rule = publicationRules.retestDays.source
  if (data.retest === '改变原结论') return { public: false, rule, over: true }
  if (data.deliveredOn === undefined || data.retest === '申请中') return { public: false, rule }
  const from = addDays(data.deliveredOn, publicationRules.retestDays.value + 1)
  return { public: true, from, ...ending(from), rule }
}

/** The persons that a line of inspectors names, each once. */
export function inspectorsIn(line: string): string[] {
  // A short name may be written with space within: 张 三.
  const names = line.split(/[、，,；;]/u).map((name) => name.replace(/\s/gu, ''))
  return Array.from(new Set(names.filter((name) => name !== '')))
}

/** Whether samples were drawn and tested, so that the firm may ask for a re-test. */
function isTested({ kind, outcome }: InspectionData): boolean {
  return isOneOf(kind, samplingKinds) && isOneOf(outcome, ['合格', '不合格'])
}
