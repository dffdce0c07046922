import { z } from 'zod'
import { addDays, addMonths, type CalendarDate } from '../calendar/dates.ts'
import { workingDaysAfter } from '../calendar/workdays.ts'
import { comparedNumber } from './document-number.ts'
import { choice, choices, date, lines, money, number, text } from './fields.ts'
import { type FieldFault, type Publication, type RecordData, recordKind } from './kind.ts'
import { licenceKinds } from './licence.ts'
import { publicationRules } from './rules.ts'
import { isOneOf, type StoredData } from './stored.ts'

/** Types of administrative penalty (行政处罚的种类): 行政处罚法 art. 9, with 吊销营业执照 named as Order 45 art. 14 does. */
export const penaltyTypes = [
  '警告',
  '通报批评',
  '罚款',
  '没收违法所得',
  '没收非法财物',
  '暂扣许可证件',
  '降低资质等级',
  '吊销许可证件',
  '吊销营业执照',
  '限制开展生产经营活动',
  '责令停产停业',
  '责令关闭',
  '限制从业',
  '法律、行政法规规定的其他行政处罚',
] as const

/** What a violation is in the terms of the listing rules (违法情形): chosen by the officer, never read from words. */
export const violationCategories = [
  '生产、销售不符合健康安全标准的产品',
  '无证生产经营',
  '伪造、冒用标志或者证号',
  '拒绝、逃避检查或者销售被责令停售的产品',
  '公告后复查仍不合格',
  '其他违法行为',
] as const

/** The exchange tables have one sum for all that was confiscated: see `confiscated`. */
const CONFISCATED_ELEMENT = ['CF_NR_WFFF']

const fields = z.strictObject({
  documentNo: number().meta({
    label: '处罚决定书文号',
    elements: ['CF_WSH'],
    headers: ['行政处罚决定书文号', '决定书文号', '文号'],
  }),
  documentName: text(200)
    .optional()
    .meta({ label: '处罚名称', elements: ['CF_CFMC'] }),
  caseNo: number().optional().meta({ label: '案件编号', sight: 'officers' }),
  procedure: choice(['简易程序', '普通程序'])
    .optional()
    .meta({
      label: '处罚程序',
      hint: '未填写的不能公示，请按决定书补填',
      synonyms: { 简易: '简易程序', 普通: '普通程序', 一般程序: '普通程序', 一般: '普通程序' },
    }),
  conduct: text(300).meta({
    label: '违法行为类型',
    elements: ['CF_WFXW'],
    headers: ['违法行为'],
  }),
  category: choice(violationCategories).optional().meta({
    label: '违法情形',
    hint: '按列入规则的情形选择；未选的，不能据以提出列入',
  }),
  facts: lines(4000)
    .optional()
    .meta({ label: '违法事实', elements: ['CF_SY'], headers: ['处罚事由'], sight: 'platform' }),
  violatedProvision: lines(1000).optional().meta({ label: '违反的规定' }),
  penaltyBasis: lines(1000)
    .optional()
    .meta({ label: '处罚依据', elements: ['CF_YJ'] }),
  types: choices(penaltyTypes).meta({
    label: '处罚种类',
    elements: ['CF_CFLB', 'CF_CFLB1'],
    headers: ['处罚类别', '行政处罚种类'],
  }),
  content: lines(2000)
    .optional()
    .meta({ label: '处罚内容', elements: ['CF_NR', 'CF_JG'] }),
  fine: money()
    .optional()
    .meta({
      label: '罚款金额',
      elements: ['CF_NR_FK'],
      headers: ['罚款'],
      unit: '元',
      elementFactor: 10_000,
    }),
  confiscatedIncome: money()
    .optional()
    .meta({
      label: '没收违法所得',
      elements: CONFISCATED_ELEMENT,
      headers: ['没收违法所得金额'],
      unit: '元',
    }),
  confiscatedGoods: money()
    .optional()
    .meta({
      label: '没收非法财物价值',
      elements: CONFISCATED_ELEMENT,
      headers: ['没收金额'],
      unit: '元',
    }),
  confiscatedTotal: money().optional().meta({
    label: '没收金额合计',
    elements: CONFISCATED_ELEMENT,
    unit: '元',
    hint: '违法所得和非法财物没有分别写明的，填合计数',
  }),
  total: money().optional().meta({
    label: '罚没金额',
    unit: '元',
    hint: '罚款和没收没有分别写明的，填合计数；罚款金额另按决定书填写',
  }),
  revokedLicence: text(200)
    .optional()
    .meta({ label: '暂扣或吊销的证照', elements: ['CF_NR_ZKDX'] }),
  refusedLicence: choice(licenceKinds).optional().meta({
    label: '以虚假材料申请的许可',
    hint: '因申请许可时隐瞒有关情况或者提供虚假材料受到警告的，选所申请的许可类别：直接关系安全的，一年内不得再次申请',
  }),
  hearingToldOn: date().optional().meta({
    label: '告知听证权利日期',
    past: true,
    sight: 'officers',
    hint: '吊销、停产停业、较大数额罚款等应当告知听证权利',
  }),
  hearing: choice(['当事人未要求', '已举行', '放弃']).optional().meta({ label: '听证', sight: 'officers' }),
  hearingOn: date().optional().meta({ label: '听证日期', past: true, sight: 'officers' }),
  decidedOn: date().meta({
    label: '处罚决定日期',
    elements: ['CF_JDRQ'],
    headers: ['决定日期', '处罚日期'],
    past: true,
  }),
  authority: text(100).meta({
    label: '处罚机关',
    elements: ['CF_CFJG', 'CF_XZJG'],
    headers: ['作出处罚的机关'],
  }),
  authorityCode: number(18)
    .optional()
    .meta({ label: '处罚机关代码', elements: ['CF_CFJGDM'] }),
  receivedOn: date().optional().meta({
    label: '收到外省推送日期',
    past: true,
    hint: '外省机关对本省企业的处罚，自收到之日起十个工作日内公示',
  }),
  forwardedOn: date().optional().meta({
    label: '推送外省日期',
    past: true,
    sight: 'officers',
    hint: '当事人登记地在外省的，自决定之日起十个工作日内推送',
  }),
  publishedOn: date().optional().meta({
    label: '公示日期',
    past: true,
    hint: '此前已经公示的，填当日；不填的，按期登记的自期满之日、逾期登记的自登记之日起公示',
  }),
  publicationEndsOn: date()
    .optional()
    .meta({
      procedure: '提前停止公示',
      label: '公示截止日期',
      elements: ['CF_GSJZQ'],
      headers: ['公示截止期'],
      hint: '提前停止公示时填写',
    }),
  restrictionEndsOn: date().optional().meta({
    label: '限制期限至',
    hint: '限制开展生产经营活动或限制从业的截止日期；没有期限的，填 2199-12-31',
  }),
  fulfilledOn: date().optional().meta({ later: true, label: '履行完毕日期', past: true }),
  reviewOutcome: choice(['维持', '变更', '撤销', '确认违法', '确认无效']).optional().meta({
    label: '复议或诉讼结果',
    hint: '变更的，连同结果日期填写，再另行登记变更后的决定；文号可以相同，不同的在该决定写明所变更的决定文号',
  }),
  reviewedOn: date().optional().meta({ later: true, label: '复议或诉讼结果日期', past: true }),
  replacesNo: number()
    .optional()
    .meta({
      label: '所变更的决定文号',
      headers: ['原处罚决定书文号', '原决定文号'],
      hint: '本决定是复议或诉讼变更原决定而来、文号不同的，填原处罚决定书文号：两份决定是一次处罚',
    }),
  area: choice(['食品', '药品', '特种设备', '其他产品']).optional().meta({
    label: '违法领域',
    hint: '食品、药品、特种设备领域的处罚，提前停止公示的时限更长',
  }),
  severity: choice(['较轻', '一般', '较重', '严重'])
    .optional()
    .meta({ label: '违法程度', hint: '按裁量基准从重处罚的，选较重或严重' }),
  remark: lines(1000)
    .optional()
    .meta({ label: '备注', elements: ['BZ'], sight: 'officers' }),
})

/** A penalty's data as files hold it. */
export type PenaltyData = StoredData<typeof fields>

/** An administrative penalty (行政处罚). */
export const penalty = recordKind({
  type: 'penalty',
  section: 'penalties',
  label: '违法违规',
  datedBy: 'decidedOn',
  titledBy: 'documentNo',
  madeBy: 'authority',
  isAdverse: (data) => !isVoid(data),
  summary: ['documentNo', 'conduct', 'types', 'fine', 'authority'],
  fields,
  identity: (data) => comparedNumber(data.documentNo),
  replaces: isInPlaceOf,
  clash(data, other) {
    if (namesFormer(data, other) && !isInPlaceOf(data, other))
      return {
        field: 'replacesNo',
        code: 'not-in-place',
        detail: `原决定 ${other.documentNo} 尚未登记为“变更”，或者变更之日（${other.reviewedOn ?? '未登记'}）晚于本决定的日期（${data.decidedOn}）；请先在原决定登记复议或诉讼结果和日期，再登记变更后的决定。`,
      }
    if (namesFormer(other, data) && !isInPlaceOf(other, data))
      return {
        field: 'reviewOutcome',
        code: 'not-in-place',
        detail: `档案中的处罚 ${other.documentNo}（${other.decidedOn}）写明变更了本决定；请填写复议或诉讼结果“变更”和不晚于该日的结果日期，不是变更的，请先更正该处罚。`,
      }
    return undefined
  },
  publication,
  missing: (data) => [
    ...(data.procedure === undefined
      ? [
          {
            field: 'procedure',
            code: 'incomplete',
            detail: '没有写明处罚程序：只有适用普通程序的处罚公示，是否公示无法判断；请按决定书补填。',
          },
        ]
      : []),
    // What was entered before such were refused: whether it was made on the spot is as unknown as where nobody says so.
    ...(isVoid(data) ? [] : beyondTheSpot(data)).slice(0, 1).map((beyond) => ({
      field: 'procedure',
      code: 'incomplete',
      detail: `写作简易程序，而${beyond}，超出简易程序的范围（行政处罚法第五十一条）：是否公示无法判断，待核对；请按决定书更正。`,
    })),
    ...(!isSimple(data) && isGraded(data) && data.severity === undefined
      ? [
          {
            field: 'severity',
            code: 'incomplete',
            detail: '没有写明违法程度：等级是否受限、是否属于较重的处罚无法判断；请按决定书和裁量基准补填。',
          },
        ]
      : []),
    ...(!isSimple(data) && data.types.includes('罚款') && data.fine === undefined && mayBeMinor(data)
      ? [
          {
            field: 'fine',
            code: 'incomplete',
            detail: `${data.total === undefined ? '' : `只写明罚没金额（${data.total} 元），`}没有罚款金额：是否较低数额罚款无法判断，按公示期较长的办理；请按决定书补填罚款金额。`,
          },
        ]
      : []),
    ...(!isSimple(data) && isRestricted(data) && data.restrictionEndsOn === undefined
      ? [
          {
            field: 'restrictionEndsOn',
            code: 'incomplete',
            detail:
              '没有写明限制期限：限制超过三年的，公示期按照实际限制期限执行，期限无法判断，暂按三年公示；请按决定书补填。',
          },
        ]
      : []),
  ],
  check(data) {
    const faults: FieldFault[] = []
    for (const [field, label] of [
      ['receivedOn', '收到外省推送日期'],
      ['forwardedOn', '推送外省日期'],
      ['publishedOn', '公示日期'],
      ['publicationEndsOn', '公示截止日期'],
      ['restrictionEndsOn', '限制期限至'],
      ['fulfilledOn', '履行完毕日期'],
      ['reviewedOn', '复议或诉讼结果日期'],
    ] as const) {
      const value = data[field]
      if (value !== undefined && value < data.decidedOn)
        faults.push({
          field,
          code: 'before-start',
          detail: `${label}（${value}）早于处罚决定日期（${data.decidedOn}），请核对。`,
        })
    }
    if (
      data.publishedOn !== undefined &&
      data.publicationEndsOn !== undefined &&
      data.publicationEndsOn < data.publishedOn
    )
      faults.push({
        field: 'publicationEndsOn',
        code: 'before-start',
        detail: `公示截止日期（${data.publicationEndsOn}）早于公示日期（${data.publishedOn}），请核对。`,
      })
    if (data.receivedOn !== undefined && data.forwardedOn !== undefined)
      faults.push({
        field: 'forwardedOn',
        code: 'contradiction',
        detail:
          '同时填有收到外省推送日期和推送外省日期：前者是外省机关的处罚，后者是本省机关的，请只填一个。',
      })
    if (data.replacesNo !== undefined && comparedNumber(data.replacesNo) === comparedNumber(data.documentNo))
      faults.push({
        field: 'replacesNo',
        code: 'contradiction',
        detail: '所变更的决定文号与本决定文号相同；文号相同的，此栏不填。',
      })
    const { type: warning } = publicationRules.falseApplication.value
    if (data.refusedLicence !== undefined && !data.types.some((type) => type === warning))
      faults.push({
        field: 'types',
        code: 'contradiction',
        detail:
          '填有以虚假材料申请的许可，处罚种类中应包括“警告”（行政许可法第七十八条）；已经取得许可的，是撤销，请在该许可记录登记。',
      })
    faults.push(...hearingFaults(data))
    faults.push(...faultsOfSums(data))
    for (const beyond of beyondTheSpot(data))
      faults.push({
        field: 'procedure',
        code: 'contradiction',
        detail: `处罚程序为简易程序，而${beyond}：${publicationRules.onTheSpot.source}；适用普通程序的，请填“普通程序”，否则请核对处罚种类和金额。`,
      })
    if (data.restrictionEndsOn !== undefined && !isRestricted(data))
      faults.push({
        field: 'restrictionEndsOn',
        code: 'contradiction',
        detail:
          '填有限制期限，处罚种类中应包括“限制开展生产经营活动”或者“限制从业”；责令停产停业等的期限请写在处罚内容里。',
      })
    if (data.fine !== undefined && data.fine > 0 && !data.types.includes('罚款'))
      faults.push({ field: 'types', code: 'contradiction', detail: '填有罚款金额，处罚种类中应包括“罚款”。' })
    return faults
  },
})

/** Whether a decision says by its number which other one it was put in the place of. */
function namesFormer({ replacesNo }: PenaltyData, { documentNo }: PenaltyData): boolean {
  return replacesNo !== undefined && comparedNumber(replacesNo) === comparedNumber(documentNo)
}

/**
 * Whether a decision is the one that review put in the place of another (变更后的决定): it bears that one's number or names it,
 * and was made when the outcome was there or later.
 */
export function isInPlaceOf(later: PenaltyData, former: PenaltyData): boolean {
  const { reviewOutcome, reviewedOn } = former
  const isOfTime = reviewOutcome === '变更' && reviewedOn !== undefined && later.decidedOn >= reviewedOn
  return (
    isOfTime &&
    (namesFormer(later, former) ||
      (later.replacesNo === undefined &&
        comparedNumber(later.documentNo) === comparedNumber(former.documentNo)))
  )
}

/** Days and outcome of a hearing that can't be so together. */
function hearingFaults({ hearing, hearingToldOn, hearingOn, decidedOn }: PenaltyData): FieldFault[] {
  const faults: FieldFault[] = []
  const late = (
    field: string,
    label: string,
    day: string | undefined,
    than: string | undefined,
    what: string,
  ) => {
    if (day !== undefined && than !== undefined && day > than)
      faults.push({ field, code: 'after-end', detail: `${label}（${day}）晚于${what}（${than}），请核对。` })
  }
  late('hearingToldOn', '告知听证权利日期', hearingToldOn, decidedOn, '处罚决定日期')
  late('hearingToldOn', '告知听证权利日期', hearingToldOn, hearingOn, '听证日期')
  late('hearingOn', '听证日期', hearingOn, decidedOn, '处罚决定日期')
  if ((hearing === '已举行') !== (hearingOn !== undefined))
    faults.push(
      hearingOn === undefined
        ? { field: 'hearingOn', code: 'required', detail: '听证已举行的，请填写听证日期。' }
        : { field: 'hearing', code: 'contradiction', detail: '填有听证日期，听证一栏应为“已举行”。' },
    )
  return faults
}

const CONFISCATIONS = ['没收违法所得', '没收非法财物'] as const

/** All that was confiscated, in yuan, be it told in one sum or as income and goods; undefined where no sum is told. */
export function confiscated({
  confiscatedTotal,
  confiscatedIncome,
  confiscatedGoods,
}: RecordData): number | undefined {
  if (typeof confiscatedTotal === 'number') return confiscatedTotal
  const sums = [confiscatedIncome, confiscatedGoods].filter((sum) => typeof sum === 'number')
  return sums.length === 0 ? undefined : sums.reduce((cents, sum) => cents + Math.round(sum * 100), 0) / 100
}

/** What contradicts between the sums of a penalty and their total, to the cent. */
function faultsOfSums(data: PenaltyData): FieldFault[] {
  const { fine, confiscatedIncome, confiscatedGoods, confiscatedTotal, total, types } = data
  const faults: FieldFault[] = []
  const kinds = CONFISCATIONS.filter((kind) => types.some((type) => type === kind))
  if (confiscatedTotal !== undefined && (confiscatedIncome ?? confiscatedGoods) !== undefined)
    faults.push({
      field: 'confiscatedTotal',
      code: 'contradiction',
      detail: '没收的违法所得或者非法财物已经分别写明，不再填没收金额合计。',
    })
  if ((confiscatedTotal ?? 0) > 0 && kinds.length === 0)
    faults.push({
      field: 'types',
      code: 'contradiction',
      detail: '填有没收金额，处罚种类中应包括“没收违法所得”或者“没收非法财物”。',
    })
  if (total === undefined) return faults
  if (total > 0 && kinds.length === 0 && !types.some((type) => type === '罚款'))
    faults.push({
      field: 'types',
      code: 'contradiction',
      detail: '填有罚没金额，处罚种类中应包括罚款或者没收。',
    })
  const parts = [fine, confiscatedIncome, confiscatedGoods, confiscatedTotal]
  const cents = parts.reduce((sum: number, part) => sum + Math.round((part ?? 0) * 100), 0)
  const isWhole =
    (fine !== undefined || !types.some((type) => type === '罚款')) &&
    (confiscatedTotal !== undefined ||
      ((confiscatedIncome !== undefined || !kinds.includes('没收违法所得')) &&
        !kinds.includes('没收非法财物')))
  const whole = Math.round(total * 100)
  if (whole < cents || (isWhole && whole !== cents))
    faults.push({
      field: 'total',
      code: 'contradiction',
      detail: `罚没金额（${total} 元）与罚款、没收各项之和（${cents / 100} 元）不符，请核对。`,
    })
  return faults
}

/** What of a penalty goes beyond what may be decided on the spot (当场作出, 简易程序), in words; none where it says another procedure. */
function beyondTheSpot(data: PenaltyData): string[] {
  const { types, fine, total } = data
  const { types: allowed, fineYuan } = publicationRules.onTheSpot.value
  if (!isSimple(data)) return []
  const others = types.filter((type) => !isOneOf(type, allowed))
  const sum = fine ?? total ?? 0
  return [
    ...(others.length > 0 ? [`处罚种类有${others.join('、')}`] : []),
    ...(sum > fineYuan ? [`罚款为 ${sum} 元，多于 ${fineYuan} 元`] : []),
  ]
}

function isSimple({ procedure }: PenaltyData): boolean {
  return procedure === publicationRules.onTheSpot.value.procedure
}

/** Whether how grave its violation was tells in grades: not of a mere warning, nor of what review took away or changed. */
function isGraded({ types, reviewOutcome }: PenaltyData): boolean {
  const { penaltyScope, penaltyRescinded } = publicationRules
  return (
    !types.every((type) => isOneOf(type, penaltyScope.value.never)) &&
    !isOneOf(reviewOutcome, penaltyRescinded.value)
  )
}

/** Whether a penalty is of one of some areas (违法领域): as it says, else as the conduct or the provisions that were broken tell. */
export function isInArea(
  { area, conduct, violatedProvision, penaltyBasis }: PenaltyData,
  areas: readonly string[],
): boolean {
  if (area !== undefined) return areas.some((own) => own === area)
  const words = [conduct, violatedProvision, penaltyBasis].join()
  return areas.some((own) => words.includes(own))
}

/** Whether nothing but a warning, criticism or a fine was given, so that the fine's sum tells how long it is public. */
function mayBeMinor({ types }: Pick<PenaltyData, 'types'>): boolean {
  return types.every((type) => isOneOf(type, ['警告', '通报批评', '罚款']))
}

/** Whether a penalty restricts the business or its persons for a time, so that it is public for as long: Order 45 art. 13. */
function isRestricted({ types }: Pick<PenaltyData, 'types'>): boolean {
  return types.some((type) => isOneOf(type, publicationRules.penaltyRestriction.value))
}

/** What of a penalty is public, from when, until when: Order 45 art. 2, 9, 10, 11 and 13. */
function publication(data: PenaltyData): Publication {
  const { penaltyScope, penaltyRescinded, minorFineYuan } = publicationRules
  if (data.procedure !== penaltyScope.value.procedure) return { public: false, rule: penaltyScope.source }
  if (data.types.every((type) => isOneOf(type, penaltyScope.value.never)))
    return { public: false, rule: penaltyScope.source }
  if (isOneOf(data.reviewOutcome, penaltyRescinded.value))
    return { public: false, rule: penaltyRescinded.source, over: true }

  const from = data.publishedOn ?? publishBy(data).date
  if (data.publicationEndsOn !== undefined)
    return { public: true, from, until: data.publicationEndsOn, rule: publicationRules.penaltyMonths.source }
  const minor = data.types.every(
    (type) =>
      type === '警告' ||
      type === '通报批评' ||
      (type === '罚款' && data.fine !== undefined && data.fine < minorFineYuan.value),
  )
  const rule = minor ? publicationRules.minorPenaltyMonths : publicationRules.penaltyMonths
  const until = addMonths(from, rule.value)
  // The restriction holds on its last day, and so does the publication.
  if (isRestricted(data) && data.restrictionEndsOn !== undefined && data.restrictionEndsOn >= until)
    return {
      public: true,
      from,
      until: addDays(data.restrictionEndsOn, 1),
      rule: publicationRules.penaltyRestriction.source,
    }
  return { public: true, from, until, rule: rule.source }
}

/**
 * The day by which a penalty is to be public: twenty working days from its decision (Order 45 art. 9), or ten from when
 * another province's came in (art. 10).
 */
export function publishBy({ decidedOn, receivedOn }: Pick<PenaltyData, 'decidedOn' | 'receivedOn'>) {
  const { penaltyWorkingDays, crossProvince } = publicationRules
  return receivedOn === undefined
    ? workingDaysAfter(decidedOn, penaltyWorkingDays.value)
    : workingDaysAfter(receivedOn, crossProvince.value.publishDays)
}

/**
 * What is said of a penalty's publication by its being entered, or made fit to be public, only after that was due, where nobody
 * says when it was published: it is public from that day on, and its term runs from there (Order 45 art. 13, 自公示之日起).
 */
export function publishedNow(said: RecordData, today: CalendarDate): { publishedOn?: CalendarDate } {
  const { decidedOn, receivedOn, publishedOn, publicationEndsOn } = penalty.partsOf(said)
  const isSaid = publishedOn !== undefined || publicationEndsOn !== undefined
  if (decidedOn === undefined || isSaid || !penalty.publication(said).public) return {}
  return publishBy({ decidedOn, receivedOn }).date < today ? { publishedOn: today } : {}
}

/**
 * The same for a change: of one that becomes fit to be public only now, and of one that is public and would vanish until a later
 * day, as its date was put right, from which it stays public (art. 12, 更正).
 */
export function publishedStill(
  was: RecordData,
  is: RecordData,
  today: CalendarDate,
): { publishedOn?: CalendarDate } {
  const [before, after] = [penalty.publication(was), penalty.publication(is)]
  if (!before.public) return before.over ? {} : publishedNow(is, today)
  const { decidedOn = today, publishedOn } = penalty.partsOf(is)
  if (!after.public || publishedOn !== undefined || before.from > today || after.from <= today) return {}
  return { publishedOn: before.from < decidedOn ? today : before.from }
}

/**
 * What the end of a publication that a table tells (公示截止期) says of its beginning: the day, after it was due and no later than
 * today, from which the term that the rules give leads to that end. Nothing where no such day does.
 */
export function publishedUntil(
  said: RecordData,
  end: CalendarDate,
  today: CalendarDate,
): { publishedOn?: CalendarDate } {
  const { decidedOn, receivedOn, publishedOn, publicationEndsOn } = penalty.partsOf(said)
  // An end that was decided on (a repair, a shorter term) tells nothing of the beginning.
  if (decidedOn === undefined || publishedOn !== undefined || publicationEndsOn !== undefined) return {}
  const due = publishBy({ decidedOn, receivedOn }).date
  const { minorPenaltyMonths, penaltyMonths } = publicationRules
  const began = [minorPenaltyMonths, penaltyMonths]
    .map(({ value }) => addMonths(end, -value))
    .find((day) => {
      const publication = penalty.publication({ ...said, publishedOn: day })
      return day > due && day <= today && publication.public && publication.until === end
    })
  return began === undefined ? {} : { publishedOn: began }
}

/** Whether a penalty decision is void; one that review changed is a penalty still. */
export function isVoid({ reviewOutcome }: Pick<PenaltyData, 'reviewOutcome'>): boolean {
  return isOneOf(reviewOutcome, ['撤销', '确认违法', '确认无效'])
}
