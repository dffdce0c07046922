import { z } from 'zod'
import { addDays, addMonths } from '../calendar/dates.ts'
import { workingDayFrom, workingDaysAfter } from '../calendar/workdays.ts'
import { comparedNumber } from './document-number.ts'
import { choice, count, date, lines, number, partialDate, text } from './fields.ts'
import { type FieldFault, type Publication, recordKind } from './kind.ts'
import { part, rows } from './rows.ts'
import { publicationRules } from './rules.ts'
import { bearingOf, disputes, faultStages, sampleRoles } from './sample.ts'
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
  sampleNo: number().optional().meta({ label: '抽样编号', hint: '同一编号为同一样品' }),
  product: text(200)
    .optional()
    .meta({ label: '产品名称', headers: ['产品'] }),
  area: choice(['食品', '其他产品'])
    .optional()
    .meta({ label: '产品领域', hint: '食品的复检申请期为七个工作日，其他产品为十五日' }),
  productKind: text(100).optional().meta({ label: '产品分类' }),
  brand: text(100).optional().meta({ label: '商标' }),
  specification: text(200).optional().meta({ label: '规格型号' }),
  batch: text(100)
    .optional()
    .meta({ use: 'number', label: '批号', headers: ['生产日期或批号', '生产日期/批号'] }),
  madeOn: partialDate()
    .optional()
    .meta({ label: '生产日期', past: true, hint: '只知道年月或者年份的，写成 2021-09、2017' }),
  laboratory: text(100)
    .optional()
    .meta({ label: '检验机构', headers: ['承检机构'] }),
  reportNo: number()
    .optional()
    .meta({ label: '检验报告编号', headers: ['报告编号', '报告号'] }),
  itemsInspected: count().optional().meta({ label: '检验项目数' }),
  itemsFailed: count().optional().meta({ label: '不合格项目数' }),
  items: rows(
    {
      name: part(200).meta({ label: '项目' }),
      measured: part(200).optional().meta({ label: '实测值' }),
      standard: part(200).optional().meta({ label: '标准值' }),
      verdict: choice(['合格', '不合格']).optional().meta({ label: '判定' }),
    },
    200,
  )
    .optional()
    .meta({ label: '检验项目与结果', hint: '每行一项：项目｜实测值｜标准值｜判定；只知道项目的，只写项目' }),
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
  noticeNo: number().optional().meta({ label: '公告号' }),
  noticedOn: date().optional().meta({
    label: '公告日期',
    past: true,
    hint: '已由公告公布结果的，连同公告号填写，自该日起公示',
  }),
  retest: choice(['申请中', '维持原结论', '改变原结论'])
    .optional()
    .meta({ label: '复检', headers: ['复检情况'] }),
  retestLaboratory: text(100).optional().meta({ label: '复检机构' }),
  role: choice(sampleRoles).optional().meta({ label: '本企业的角色', hint: '抽取的样品中本企业是哪一方' }),
  producer: text(200).optional().meta({ label: '标称生产者', sight: 'officers', isFirm: true }),
  producerCode: number(18).optional().meta({
    label: '标称生产者代码',
    sight: 'officers',
    hint: '选定企业的自动填入；填了代码并已建档的，同时记入其档案',
  }),
  producerAddress: text(300).optional().meta({ use: 'address', label: '标称生产者地址', sight: 'officers' }),
  sampledUnit: text(200).optional().meta({ label: '被抽样单位', sight: 'officers', isFirm: true }),
  sampledUnitCode: number(18).optional().meta({
    label: '被抽样单位代码',
    sight: 'officers',
    hint: '选定企业的自动填入；填了代码并已建档的，同时记入其档案',
  }),
  sampledUnitAddress: text(300)
    .optional()
    .meta({ use: 'address', label: '被抽样单位地址', sight: 'officers' }),
  thirdParty: text(200).optional().meta({ label: '第三方', sight: 'officers', isFirm: true }),
  thirdPartyNature: text(50)
    .optional()
    .meta({ label: '第三方性质', sight: 'officers', suggestions: ['委托方', '经销商', '平台'] }),
  thirdPartyAddress: text(300).optional().meta({ use: 'address', label: '第三方地址', sight: 'officers' }),
  dispute: choice(disputes).optional().meta({
    label: '标称异议',
    hint: '标称生产者否认生产的：处理中的暂不作为其不合格，成立或者经核实为假冒的不是其不合格',
  }),
  faultStage: choice(faultStages).optional().meta({
    label: '不合格原因环节',
    hint: '原因在储存运输、销售环节的，是被抽样单位的不合格',
  }),
  rectificationDueOn: date().optional().meta({ later: true, label: '整改期限' }),
  rectifiedOn: date().optional().meta({ later: true, label: '整改完成日期', past: true }),
  reinspectedOn: date().optional().meta({ later: true, label: '复查日期', past: true }),
  reinspectionOutcome: choice(['合格', '不合格']).optional().meta({ later: true, label: '复查结果' }),
  overdueNoticedOn: date().optional().meta({
    later: true,
    label: '逾期不改正公告日期',
    past: true,
    hint: '逾期不改正，由省级以上市场监督管理部门公告的日期',
  }),
  suspendedOn: date().optional().meta({ later: true, label: '责令停业整顿日期', past: true }),
  suspensionEndsOn: date().optional().meta({ later: true, label: '整顿期满日期' }),
  finalReinspectedOn: date().optional().meta({ later: true, label: '整顿期满复查日期', past: true }),
  finalReinspectionOutcome: choice(['合格', '不合格'])
    .optional()
    .meta({ later: true, label: '整顿期满复查结果' }),
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
  summary: ['kind', 'product', 'authority', 'role', 'outcome', 'reinspectionOutcome'],
  fields,
  identity: (data) =>
    data.sampleNo === undefined ? unnumbered(data) : `sample|${comparedNumber(data.sampleNo)}`,
  unnumbered: (data) => (data.sampleNo === undefined ? undefined : unnumbered(data)),
  isApart: (data, other) =>
    data.sampleNo === undefined &&
    other.sampleNo === undefined &&
    TOLD_APART_BY.some((field) => {
      const [own, its] = [data[field], other[field]]
      return own !== undefined && its !== undefined && own !== its
    }),
  isCounted: (data) => bearingOf(data) === 'own',
  isAdverse: (data) =>
    isOneOf(data.outcome, ['不合格', '拒检']) && data.retest !== '改变原结论' && bearingOf(data) === 'own',
  publication,
  missing(data) {
    const isOpen = isTested(data) && data.outcome === '不合格' && data.retest !== '改变原结论'
    // A seller's page tells the sample too, though its failing is another's.
    const isOwn = bearingOf(data) === 'own'
    const isShown = isOwn || isOneOf(data.role, ['被抽样单位'])
    return [
      ...(isOpen && isShown && data.deliveredOn === undefined && !isNoticed(data)
        ? [
            {
              field: 'deliveredOn',
              code: 'incomplete',
              detail:
                '抽查不合格，但没有结果送达日期：复检期限无法起算，结果不能公示；请补登企业收到检验结果的日期，已由公告公布的补登公告号和公告日期。',
            },
          ]
        : []),
      ...(isOpen && isOwn && data.severity === undefined
        ? [
            {
              field: 'severity',
              code: 'incomplete',
              detail: '抽查不合格，但没有写明不合格程度：对等级的影响无法判断；请按检验报告补填。',
            },
          ]
        : []),
      ...(isOwn && data.reinspectedOn !== undefined && data.reinspectionOutcome === undefined
        ? [
            {
              field: 'reinspectionOutcome',
              code: 'incomplete',
              detail: '填有复查日期，但没有复查结果：是否已经改正无法判断；请补填。',
            },
          ]
        : []),
    ]
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
    before('noticedOn', '公告日期', data.noticedOn)
    if (data.madeOn !== undefined && data.madeOn > data.inspectedOn)
      faults.push({
        field: 'madeOn',
        code: 'after-sampling',
        detail: `生产日期（${data.madeOn}）晚于检查日期（${data.inspectedOn}），请核对。`,
      })
    before('rectificationDueOn', '整改期限', data.rectificationDueOn)
    before('rectifiedOn', '整改完成日期', data.rectifiedOn)
    before('reinspectedOn', '复查日期', data.reinspectedOn)
    faults.push(...stepFaults(data))
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
    const failing = data.items?.find(({ verdict }) => verdict === '不合格')
    if (data.outcome === '合格' && failing)
      faults.push({
        field: 'outcome',
        code: 'contradiction',
        detail: `检查结果为合格，但检验项目“${failing.name}”的判定为不合格，请核对。`,
      })
    if (data.role === '被抽样单位（无标称生产者）' && (data.dispute ?? data.producer) !== undefined)
      faults.push({
        field: 'role',
        code: 'contradiction',
        detail: '填有标称生产者或者标称异议，本企业的角色却是“被抽样单位（无标称生产者）”，请核对。',
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
 * Steps of 产品质量法 art. 17 that are out of their order: a notice before rectification was due, a suspension without a failed
 * re-inspection after the notice, an outcome before its day.
 */
function stepFaults(data: InspectionData): FieldFault[] {
  const faults: FieldFault[] = []
  const after = (
    field: string,
    [label, day]: readonly [string, string | undefined],
    [before, than]: readonly [string, string | undefined],
    isSameDayFine = true,
  ) => {
    if (day === undefined) return
    if (than === undefined)
      faults.push({
        field,
        code: 'step-missing',
        detail: `填有${label}，须先登记${before}（产品质量法第十七条）。`,
      })
    else if (isSameDayFine ? day < than : day <= than)
      faults.push({
        field,
        code: 'before-start',
        detail: `${label}（${day}）早于${before}（${than}），请核对。`,
      })
  }
  const due = ['整改期限', data.rectificationDueOn] as const
  const noticed = ['逾期不改正公告日期', data.overdueNoticedOn] as const
  const suspended = ['责令停业整顿日期', data.suspendedOn] as const
  const ends = ['整顿期满日期', data.suspensionEndsOn] as const
  const final = ['整顿期满复查日期', data.finalReinspectedOn] as const
  after('overdueNoticedOn', noticed, due, false)
  if (data.overdueNoticedOn !== undefined && !isOneOf(data.kind, samplingKinds))
    faults.push({
      field: 'overdueNoticedOn',
      code: 'contradiction',
      detail: '只有监督抽查不合格、逾期不改正的才公告（产品质量法第十七条）；检查类别不是监督抽查，请核对。',
    })
  if (data.overdueNoticedOn !== undefined && data.retest === '申请中')
    faults.push({
      field: 'overdueNoticedOn',
      code: 'contradiction',
      detail:
        '复检申请正在办理，检验结论尚未终局，不能公告逾期不改正（产品质量法第十五条、第十七条）；请先登记复检结论。公告已经发出而企业是按期申请复检的，公告应当撤回，请一并清空逾期不改正公告日期。',
    })
  after('suspendedOn', suspended, noticed)
  if (data.suspendedOn !== undefined && data.overdueNoticedOn !== undefined)
    after('reinspectedOn', ['公告后的复查日期', data.reinspectedOn], noticed)
  after('suspendedOn', suspended, ['复查日期', data.reinspectedOn])
  if (data.suspendedOn !== undefined && data.reinspectionOutcome !== '不合格')
    faults.push({
      field: 'suspendedOn',
      code: 'contradiction',
      detail: '公告后复查仍不合格的，才责令停业整顿（产品质量法第十七条）；复查结果不是不合格，请核对。',
    })
  if (data.suspendedOn !== undefined && data.suspensionEndsOn === undefined)
    faults.push({
      field: 'suspensionEndsOn',
      code: 'required',
      detail: '责令停业、限期整顿的，请填写整顿期满日期。',
    })
  after('suspensionEndsOn', ends, suspended)
  after('finalReinspectedOn', final, ends)
  if ((data.finalReinspectedOn === undefined) !== (data.finalReinspectionOutcome === undefined))
    faults.push({
      field: data.finalReinspectedOn === undefined ? 'finalReinspectedOn' : 'finalReinspectionOutcome',
      code: 'required',
      detail: '整顿期满复查的日期和结果须一并填写。',
    })
  return faults
}

/** What tells samples without a number apart beside their identity, where both say it. */
const TOLD_APART_BY = ['brand', 'madeOn', 'producer', 'sampledUnit', 'specification', 'batch'] as const

function unnumbered({
  kind,
  reportNo,
  inspectedOn,
  authority,
  product = '',
  specification = '',
  batch = '',
}: InspectionData): string {
  return (
    reportNo === undefined
      ? [kind, inspectedOn, authority, product, specification, batch]
      : [kind, comparedNumber(reportNo), product, batch]
  ).join('|')
}

/**
 * A sampling result is not final, so not public, before the period for asking a re-test has passed or the re-test
 * has spoken (产品质量法 art. 15, 食品安全法 art. 88), unless a public notice has told it; a result that a re-test
 * reversed never is, nor a failing in the file of a producer that it is not, or not yet, the failing of.
 */
function publication(data: InspectionData): Publication {
  const tested = isTested(data)
  const failed = data.outcome === '不合格' || data.outcome === '拒检'
  const endedOn = failed ? failingEndedOn(data) : undefined
  const ending =
    endedOn === undefined ? {} : { until: addMonths(endedOn, publicationRules.failedInspectionMonths.value) }
  if (!tested)
    return { public: true, from: data.inspectedOn, ...ending, rule: publicationRules.openRecord.source }
  const bearing = bearingOf(data)
  const isProducers = data.role === undefined || data.role === '标称生产者'
  if (failed && isProducers && bearing !== 'own') {
    const rule = publicationRules.disputedSample.source
    return bearing === 'open' ? { public: false, rule } : { public: false, rule, over: true }
  }
  const { roles } = publicationRules.bystander.value
  if (failed && roles.some((role) => role === data.role))
    return { public: false, rule: publicationRules.bystander.source, over: true }
  const days = data.area === '食品' ? publicationRules.foodRetestDays : publicationRules.retestDays
  const rule = days.source
  if (data.retest === '改变原结论') return { public: false, rule, over: true }
  if (data.retest === '申请中') return { public: false, rule }
  if (isNoticed(data))
    return { public: true, from: data.noticedOn, ...ending, rule: publicationRules.noticed.source }
  if (data.deliveredOn === undefined) return { public: false, rule }
  const from = addDays(retestEndsOn(data, data.deliveredOn), 1)
  return { public: true, from, ...ending, rule }
}

/**
 * The day on which what was found wrong ended (失信行为终止之日), by what the file says: the day it was put right; none yet while
 * it was ordered to be and is not, or failed again; else the day it was found.
 */
function failingEndedOn({
  inspectedOn,
  rectificationDueOn,
  rectifiedOn,
  reinspectedOn,
  reinspectionOutcome,
  finalReinspectedOn,
  finalReinspectionOutcome,
}: InspectionData): string | undefined {
  if (finalReinspectionOutcome !== undefined)
    return finalReinspectionOutcome === '合格' ? (finalReinspectedOn ?? inspectedOn) : undefined
  if (reinspectionOutcome === '合格') return rectifiedOn ?? reinspectedOn ?? inspectedOn
  if (reinspectionOutcome === '不合格')
    return rectifiedOn !== undefined && rectifiedOn > (reinspectedOn ?? rectifiedOn) ? rectifiedOn : undefined
  return rectifiedOn ?? (rectificationDueOn === undefined ? inspectedOn : undefined)
}

/** The persons that a line of inspectors names, each once. */
export function inspectorsIn(line: string): string[] {
  // A short name may be written with space within: 张 三.
  const names = line.split(/[、，,；;]/u).map((name) => name.replace(/\s/gu, ''))
  return Array.from(new Set(names.filter((name) => name !== '')))
}

/**
 * The last day on which a re-test of a result may be asked for, by the kind of product; where days are counted and the last
 * is free, the first working day after it.
 */
export function retestEndsOn({ area }: Pick<InspectionData, 'area'>, deliveredOn: string): string {
  if (area === '食品') return workingDaysAfter(deliveredOn, publicationRules.foodRetestDays.value).date
  const last = addDays(deliveredOn, publicationRules.retestDays.value)
  return publicationRules.endsOnWorkingDay.value ? workingDayFrom(last) : last
}

/** Whether a public notice that can be named has told the result. */
function isNoticed(data: InspectionData): data is InspectionData & { noticeNo: string; noticedOn: string } {
  return data.noticeNo !== undefined && data.noticedOn !== undefined
}

/** Whether samples were drawn and tested, so that the firm may ask for a re-test. */
function isTested({ kind, outcome }: InspectionData): boolean {
  return isOneOf(kind, samplingKinds) && isOneOf(outcome, ['合格', '不合格'])
}
