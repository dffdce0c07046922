import type { InspectionData } from '../records/inspection.ts'
import type { Doubt } from './standing.ts'

/** What a remark on a failing sample says of its producer's denial, or of a re-test. */
export interface RemarkRead {
  dispute?: NonNullable<InspectionData['dispute']>
  retest?: NonNullable<InspectionData['retest']>
  faultStage?: NonNullable<InspectionData['faultStage']>
}

/** Words that settle a denial in favour of the first result. */
const REJECTED = /异议.{0,4}(不成立|未(被)?采纳|被驳回|不予(采纳|受理))|撤回异议|异议[^。；;]{0,8}撤回/u
/** Words that say that there is no denial. */
const NONE =
  /无异议|未提出(过)?(书面)?异议|没有异议|逾期未|未申请复检|(?:[未不]|没有?|从未|并未)(?:予以?|曾)?否认/u
/** 假冒伪劣 is said of goods of any kind; a date or a report is forged by the firm itself. */
const COUNTERFEIT =
  /假冒(?!伪劣)|冒用|冒牌|仿冒|冒充|假货|侵权(?:商品|产品|假冒)|伪造(?!的?(?:生产|出厂)?(?:日期|检验|报告|记录|产地|标签|批号|票据))/u
/** That the firm made it all the same, whatever else is said. */
const OWN_MAKE = /(?:系|是|为|由|确认)(?:本|该|我|其|标称)?(?:企业|公司|厂家?|单位)(?:自行)?(?:所)?生产/u
/** That something is no counterfeit, as far as it was looked into: 经核实非假冒产品. */
const GENUINE =
  /(?:非|不是|不属于?|并非|不构成|不存在|没有|无|未(?:发现|见|构成|认定|确认|查实)[^，,。；;]{0,8}?)(?:为|是|属于?|系)?(?:假冒|冒用|冒牌|仿冒)/u
/** Words that leave open what was looked into. */
const UNDECIDED = /疑似|涉嫌|可能|是否|不排除|无法|不能|未能|难以|尚未|待|正在|未发现|未见/u
/** What is found out, as against what somebody says. */
const FOUND = /经(核实|查实|调查|查|确认|认定|鉴定)|确认为|认定为|确系|核查后|属实|异议成立/u
const FOUND_BY =
  /经[^，,。；;]{0,30}(?:局|部门|机关|机构|监管所|法院|政府)[^，,。；;]{0,8}(?:核实|查实|调查|核查|确认|认定|鉴定)/u
const NOT_MADE_BY =
  /非(本|该|我|标称)?(企业|公司|厂家?|单位|其)(所?生产|的?产品)|不是(本|该|我|其).{0,6}(生产|产品)|未生产过?(该|此|本|这)/u
/** That there is no such maker, or that it made no such batch, though it is named. */
const NONE_SUCH =
  /查无(此|该)(企业|公司|厂家?|单位|产品|批次)|无(此|该)(批次|产品|企业|厂家)|(企业|公司|厂家?|单位|生产者)(实际)?不存在/u
const DENIED =
  /否认(?=$|[，,。；;）)])|否认[^，,。；;]{0,8}(?:生产|产品|批次|样品|标称|加工|制造|出品|委托|出厂)|不(?:予)?(?:认可|承认)[^，,。；;]{0,10}(?:生产|产品|批次|标称)|(提出|存在|有)异议|异议(处理|期|中)|异议[^，,。；;]{0,4}(受理|核查|审查|复核|核实|办理|待)|对.{0,8}(真实性|标称).{0,6}异议/u
/** An objection to what was found, or how: it asks for another test, and denies no making. */
const OF_RESULT =
  /(?:对|不(?:认可|承认|服))[^，,。；;]{0,8}(?:结果|结论|判定|抽样|检验|检测|报告|过程|程序)[^，,。；;]{0,6}(?:异议|不服|不认可)?/u
/** That a denial was found to be right. */
const HELD_TRUE = /异议.{0,4}(成立|被?采纳)|异议[^。；;]{0,20}属实/u
const PASSED_AGAIN = /复检(结论|结果)?(为|均|已)?(合格|符合)/u
/** What a firm has put right passes a second look (复查), which says nothing against the first result. */
const PUT_RIGHT = /整改|改正|整顿/u
const OVERTURNED = /(改变|推翻)(原|初检)?结论/u
const UPHELD =
  /复[检验][^，,。；;不未]{0,6}维持|(?<![不未])维持(原|初检)?结论|(未|没有?|不|不能|不予)(改变|推翻)(原|初检)?结论|复检(结论|结果)?仍?为?不(合格|符合)/u

/** That another test is asked for, and has not spoken. */
const ASKED_AGAIN =
  /复[检验](?:正在)?(?:进行|受理|办理|申请|处理)?中|(?:正在|等待|待)复[检验]|复[检验][^。；;]{0,8}(?:结果|结论)?(?:未出|未定|待定)|(?<![未不无])(?:已|提出|提起|申请)了?复[检验]申请?(?=$|[，,。；;])/u

/** Where a failing came about, by what a remark names as its cause. */
const STAGES = [
  [
    '储存运输环节',
    /(?:储存|贮存|存储|运输|仓储|冷链|储运)[^，,。；;]{0,10}(?:不当|不善|不规范|造成|导致|所致|引起|引发|原因|问题)|责任[^，,。；;]{0,4}(?:储存|贮存|运输|仓储|储运)/u,
  ],
  [
    '销售环节',
    /(?:销售|经营)(?:环节|过程|者|单位|企业)[^，,。；;]{0,10}(?:不当|不善|不规范|造成|导致|所致|引起|引发|原因|问题)|责任[^，,。；;]{0,4}(?:销售|经营)(?:环节|过程|者|单位|企业)/u,
  ],
  [
    '生产环节',
    /(?:生产|加工)(?:环节|过程|工艺)[^，,。；;]{0,10}(?:不当|不善|不规范|造成|导致|所致|引起|引发|原因|问题)|责任[^，,。；;]{0,4}(?:生产|加工)(?:环节|过程)/u,
  ],
] as const
const KEPT_BY_SELLER = /(?:销售|经营)(?:者|单位|企业)[^，,。；;]{0,4}(?:储存|贮存|存储|运输|仓储|储运)/u
/** Words that leave a cause open, or say that it was none. */
const UNSURE = /可能|疑似|不排除|或者?|初步|待查|排除|非因|不是|并非|无关|未发现/u

function stageIn(text: string): RemarkRead['faultStage'] {
  if (UNSURE.test(text) || SAID.test(text)) return undefined
  const [stage, ...others] = STAGES.flatMap(([stage, words]) => (words.test(text) ? [stage] : []))
  // How whoever sells it keeps it (经营者贮存不当) is of the keeping.
  const isKeeping = KEPT_BY_SELLER.test(text) && others.every((other) => other === '销售环节')
  return others.length === 0 || isKeeping ? stage : undefined
}

/**
 * Understands the remark beside a failing sample: that its producer denies having made it, that this was found to be so
 * or not, that a re-test upheld the result, where the fault came about. What is only said counts as open.
 */
export function remarkIn(text: string): RemarkRead {
  const stage = stageIn(text)
  return { ...disputeIn(text), ...(stage !== undefined && { faultStage: stage }) }
}

function disputeIn(text: string): Omit<RemarkRead, 'faultStage'> {
  const retest = retestIn(text)
  if (REJECTED.test(text)) return { ...retest, dispute: '不成立' }
  if (GENUINE.test(text)) return isFound(text) ? { ...retest, dispute: '不成立' } : retest
  if (COUNTERFEIT.test(text) && OWN_MAKE.test(text)) return retest
  if (COUNTERFEIT.test(text)) return { ...retest, dispute: isFound(text) ? '经核实为假冒' : '处理中' }
  if (NOT_MADE_BY.test(text)) return { ...retest, dispute: isFound(text) ? '成立' : '处理中' }
  if (HELD_TRUE.test(text)) return { ...retest, dispute: SAID.test(text) ? '处理中' : '成立' }
  if (NONE.test(text) || OF_RESULT.test(text)) return retest
  return DENIED.test(text) || NONE_SUCH.test(text) ? { ...retest, dispute: '处理中' } : retest
}

function retestIn(text: string): Pick<RemarkRead, 'retest'> {
  if (UPHELD.test(text)) return { retest: '维持原结论' }
  if (ASKED_AGAIN.test(text) && !NONE.test(text) && !SAID.test(text)) return { retest: '申请中' }
  const isOverturned = OVERTURNED.test(text) || (PASSED_AGAIN.test(text) && !PUT_RIGHT.test(text))
  return isOverturned && !SAID.test(text) ? { retest: '改变原结论' } : {}
}

const SAID = /(?<![名标简全])称|声称|反映|主张|认为/u

/** Whether words say that something was found out, and not that somebody claims it. */
function isFound(text: string): boolean {
  return (FOUND.test(text) || FOUND_BY.test(text)) && !SAID.test(text) && !UNDECIDED.test(text)
}

/** What speaks of a denial, or of a counterfeit. */
const OF_DISPUTE = /假冒|冒用|冒牌|仿冒|冒充|伪造|侵权|异议|否认|不认可|不承认|真实性|真伪|真假|假货/u
/** What names a cause. */
const OF_CAUSE = /原因(?:是|为|系|在于|[:：])|所致|导致|造成|引起|引发/u
const OF_REPORT =
  /(?:报告|结果|结论)[^，,。；;]{0,8}(?:撤销|作废|无效|撤回)|(?:撤销|作废|撤回|取消)[^，,。；;]{0,8}(?:报告|结果|结论|判定)/u
/** What may have passed in another test, in part or whole. */
const OF_RETEST = /改判|复[检验][^。；;]{0,12}(?<!不)(?:合格|符合)/u

/**
 * What the remark beside a failing sample speaks of and does not tell: whether it was denied or counterfeit, where the
 * failing arose, whether the result still stands. It is asked, and not passed over.
 */
export function remarkDoubts(text: string): Doubt[] {
  const { dispute, faultStage } = remarkIn(text)
  const doubts: Doubt[] = []
  const isOfResult = OF_RESULT.test(text) && !/标称|否认|假冒|冒用|真实性/u.test(text)
  const isDenial = OF_DISPUTE.test(text) && !isOfResult && (GENUINE.test(text) || !NONE.test(text))
  if (dispute === undefined && isDenial)
    doubts.push({
      field: 'dispute',
      candidates: GENUINE.test(text) ? ['不成立', '处理中'] : ['处理中', '不成立', '成立', '经核实为假冒'],
    })
  if (faultStage === undefined && OF_CAUSE.test(text) && !UNSURE.test(text) && !SAID.test(text)) {
    const named = STAGES.flatMap(([stage, words]) => (words.test(text) ? [stage] : []))
    doubts.push({ field: 'faultStage', candidates: named })
  }
  const isOpen = retestIn(text).retest === undefined
  const isRetested = isOpen && OF_RETEST.test(text) && !PUT_RIGHT.test(text)
  if (OF_REPORT.test(text) || isRetested)
    doubts.push({ field: 'retest', candidates: ['改变原结论', '维持原结论'] })
  else if (isOpen && isOfResult && OF_DISPUTE.test(text) && !NONE.test(text) && !REJECTED.test(text))
    doubts.push({ field: 'retest', candidates: ['申请中', '维持原结论', '改变原结论'] })
  return doubts
}
