import { type Quotation, quotation } from '../law/texts.ts'

/** A figure that law or practice sets, kept as data because the law changes and each province configures its own. */
export interface Rule<T> {
  value: T
  /** Document and article. */
  source: string
  /** Verified where the text itself was read: the words that the rule rests on are quoted and stand in docs/law. */
  status: 'verified' | 'to be confirmed'
  quotes?: readonly Quotation[]
}

/** A rule that rests on words of texts in docs/law. */
export function verified<const T>(value: T, source: string, ...quotes: readonly Quotation[]): Rule<T> {
  return { value, source, status: 'verified', quotes }
}

/**
 * A rule whose text is not here, leaves the figure to others, or is another province's: a preset until somebody confirms it.
 */
export function unconfirmed<const T>(value: T, source: string, ...quotes: readonly Quotation[]): Rule<T> {
  return { value, source, status: 'to be confirmed', ...(quotes.length > 0 && { quotes }) }
}

/** Quotes a text of docs/law by article and words; throws for what is no quotation. */
export function quoted(text: string) {
  return (article: string, words: string): Quotation => quotation.parse({ text, article, words })
}

const ORDER_45 = '《市场监督管理行政处罚信息公示规定》（市场监管总局令第45号）'
const order45 = quoted('市场监督管理行政处罚信息公示规定')
const penaltyLaw = quoted('行政处罚法')

/** Rules of publication that the record kinds apply. */
export const publicationRules = {
  penaltyScope: verified(
    { procedure: '普通程序', never: ['警告'] },
    `${ORDER_45}第二条：普通程序作出的行政处罚决定公示，仅受到警告的不予公示`,
    order45('第二条', '对适用普通程序作出行政处罚决定的相关信息'),
    order45('第二条', '仅受到警告行政处罚的不予公示'),
  ),
  onTheSpot: verified(
    { procedure: '简易程序', types: ['警告', '罚款'], fineYuan: 3_000 },
    '《行政处罚法》第五十一条：可以当场作出的，只有警告和罚款，对法人或者其他组织的罚款为三千元以下',
    penaltyLaw(
      '第五十一条',
      '对法人或者其他组织处以三千元以下罚款或者警告的行政处罚的，可以当场作出行政处罚决定',
    ),
  ),
  penaltyWorkingDays: verified(
    20,
    `${ORDER_45}第九条：自作出决定之日起二十个工作日内公示`,
    order45('第九条', '自作出行政处罚决定之日起二十个工作日内'),
  ),
  crossProvince: verified(
    { forwardDays: 10, publishDays: 10 },
    `${ORDER_45}第十条：当事人在外省的，自作出决定之日起十个工作日内推送，登记地自收到之日起十个工作日内公示`,
    order45(
      '第十条',
      '应当自作出行政处罚决定之日起十个工作日内通过本省、自治区、直辖市市场监督管理部门将行政处罚信息推送至当事人登记地（住所地）市场监督管理部门',
    ),
    order45('第十条', '由其协助在收到行政处罚信息之日起十个工作日内'),
  ),
  penaltyRescinded: verified(
    ['变更', '撤销', '确认违法', '确认无效'],
    `${ORDER_45}第十一条：决定被变更、撤销、确认违法或者确认无效的，撤回公示信息`,
    order45('第十一条', '行政处罚决定被依法变更、撤销、确认违法或者确认无效的'),
  ),
  minorPenaltyMonths: verified(
    3,
    `${ORDER_45}第十三条：仅受到通报批评或者较低数额罚款的，满三个月停止公示`,
    order45('第十三条', '仅受到通报批评或者较低数额罚款的行政处罚信息自公示之日起届满三个月的，停止公示'),
  ),
  penaltyMonths: verified(
    36,
    `${ORDER_45}第十三条：其他行政处罚信息满三年停止公示`,
    order45('第十三条', '其他行政处罚信息自公示之日起届满三年的，停止公示'),
  ),
  penaltyRestriction: verified(
    ['限制开展生产经营活动', '限制从业'],
    `${ORDER_45}第十三条：限制开展生产经营活动等期限长于三年的，公示至期限届满`,
    order45('第十三条', '被限制开展生产经营活动、限制从业超过三年的，公示期按照实际限制期限执行'),
  ),
  minorFineYuan: unconfirmed(
    5_000,
    `${ORDER_45}第十三条：较低数额罚款由省级市场监督管理部门规定；此数为预设值，低于此数（不含本数）的为较低数额`,
  ),
  penaltyWithdrawalDays: verified(
    3,
    `${ORDER_45}第十一条：三个工作日内撤回行政处罚公示信息并说明理由`,
    order45('第十一条', '应当在三个工作日内撤回行政处罚公示信息并说明理由'),
    penaltyLaw('第四十八条', '行政机关应当在三日内撤回行政处罚决定信息并公开说明理由'),
    penaltyLaw('第八十五条', '本法中“二日”“三日”“五日”“七日”的规定是指工作日'),
  ),
  retractionMonths: unconfirmed(12, `${ORDER_45}第十一条：撤回公示信息并说明理由；说明保留多久由本系统拟定`),
  neverEndedEarly: verified(
    ['责令停产停业', '限制开展生产经营活动', '限制从业', '降低资质等级', '吊销许可证件', '吊销营业执照'],
    `${ORDER_45}第十四条：受到所列行政处罚的，不得提前停止公示`,
    order45(
      '第十四条',
      '当事人受到责令停产停业、限制开展生产经营活动、限制从业、降低资质等级、吊销许可证件、吊销营业执照以及国家市场监督管理总局规定的其他较为严重行政处罚的，不得提前停止公示',
    ),
  ),
  earlyEndConditions: verified(
    { fulfilled: true, sameKindAgain: false, onAbnormalList: false, onSeriousList: false },
    `${ORDER_45}第十四条：已履行义务、已消除危害后果、未因同一类违法行为再次受罚、未在经营异常名录和严重违法失信名单中`,
    order45('第十四条', '已经自觉履行行政处罚决定中规定的义务'),
    order45('第十四条', '未因同一类违法行为再次受到市场监督管理部门行政处罚'),
    order45('第十四条', '未在经营异常名录和严重违法失信名单中'),
  ),
  hearing: verified(
    {
      types: ['降低资质等级', '吊销许可证件', '吊销营业执照', '责令停产停业', '责令关闭', '限制从业'],
      requestDays: 5,
      noticeDays: 7,
    },
    '《行政处罚法》第六十三条、第六十四条：所列处罚应当告知听证权利，告知后五日内可以要求，七日前通知；各为工作日',
    penaltyLaw('第六十三条', '降低资质等级、吊销许可证件'),
    penaltyLaw('第六十三条', '责令停产停业、责令关闭、限制从业'),
    penaltyLaw('第六十四条', '当事人要求听证的，应当在行政机关告知后五日内提出'),
    penaltyLaw('第六十四条', '行政机关应当在举行听证的七日前，通知当事人及有关人员听证的时间、地点'),
    penaltyLaw('第八十五条', '本法中“二日”“三日”“五日”“七日”的规定是指工作日'),
  ),
  hearingYuan: unconfirmed(
    100_000,
    '《市场监督管理行政处罚听证办法》：对法人处以十万元以上罚款、没收十万元以上的，应当告知听证权利；条文待与原文核对',
  ),
  earlyEndMonths: unconfirmed(
    6,
    '《市场监督管理信用修复管理办法》：公示满六个月；依令第45号第十四条另行规定，条文待与原文核对',
  ),
  earlyEndLongerMonths: unconfirmed(
    { months: 12, areas: ['食品', '药品', '特种设备'] },
    '《市场监督管理信用修复管理办法》：食品、药品、特种设备领域公示满一年；条文待与原文核对',
  ),
  earlyEndDays: unconfirmed(15, '提前停止公示申请的办理期限；参照严重违法失信名单信用修复，待确认'),
  completionDays: unconfirmed(5, '缺少必要内容的记录、需要复核的事项，补齐或者复核的期限；本系统拟定'),
  bulletinDays: unconfirmed(10, '名单公告的周期结束后，发布公告的期限；本系统拟定'),
  objectionDays: unconfirmed(
    3,
    '《山东省社会信用条例》第三十九条：三个工作日内处理异议；河北省规定待核',
    quoted('山东省社会信用条例')('第三十九条', '应当自收到异议申请之日起三个工作日内进行审核并处理'),
  ),
  assistedObjectionDays: unconfirmed(
    7,
    '《山东省社会信用条例》第三十九条：需要其他单位协助核查的，七个工作日内处理异议；河北省规定待核',
    quoted('山东省社会信用条例')(
      '第三十九条',
      '需要其他单位协助核查信息的，应当自收到异议申请之日起七个工作日内进行核查并处理',
    ),
  ),
  retestDays: verified(
    15,
    '《产品质量法》第十五条：自收到检验结果之日起十五日内可以申请复检',
    quoted('产品质量法')('第十五条', '自收到检验结果之日起十五日内'),
  ),
  foodRetestDays: verified(
    7,
    '《食品安全法》第八十八条：自收到检验结论之日起七个工作日内可以申请复检',
    quoted('食品安全法')('第八十八条', '自收到检验结论之日起七个工作日内'),
  ),
  endsOnWorkingDay: unconfirmed(
    true,
    '《民法典》第二百零三条：期间的最后一日是法定休假日的，以休假日结束的次日为最后一日；用于复检申请期，条文待与原文核对',
  ),
  noticed: unconfirmed(true, '已由公告公布的抽查结果，自公告之日起公示；各地公告办法待核'),
  disputedSample: unconfirmed(
    { open: ['处理中'], over: ['成立', '经核实为假冒'] },
    '标称生产者否认生产、尚未核实的，暂不作为其不合格；异议成立或者经核实为假冒的，不是其不合格。条文待核',
  ),
  sellersFault: verified(
    ['储存运输环节', '销售环节'],
    '《产品质量法》第三十四条：销售者应当采取措施，保持销售产品的质量',
    quoted('产品质量法')('第三十四条', '销售者应当采取措施，保持销售产品的质量'),
  ),
  noProducer: unconfirmed(
    true,
    '没有标称生产者的样品（食用农产品、餐饮自制食品等），结果由被抽样单位承担；条文待核',
  ),
  bystander: unconfirmed(
    { roles: ['第三方'] },
    '委托方、经销商、平台等第三方不承担检验结果，其不合格不在第三方的页面上公示；条文待核',
  ),
  failedInspectionMonths: unconfirmed(
    60,
    '《山东省社会信用条例》第三十八条：失信信息披露期限最长五年，自失信行为终止之日起计算。整改完成之日为终止之日；责令整改、复查不合格而没有整改完成的，尚未终止，不起算；没有责令整改的，以检查之日为终止之日。河北省规定待核',
    quoted('山东省社会信用条例')('第三十八条', '失信信息披露期限最长不得超过五年，自失信行为终止之日起计算'),
  ),
  interviewScope: verified(
    ['食品'],
    '《食品安全法》第一百一十三条、第一百一十四条：责任约谈情况和整改情况纳入食品安全信用档案，依法向社会公布；其他产品的约谈没有规定公布',
    quoted('食品安全法')('第一百一十三条', '依法向社会公布并实时更新'),
    quoted('食品安全法')('第一百一十四条', '责任约谈情况和整改情况应当纳入食品生产经营者食品安全信用档案'),
  ),
  repeatedPenalties: verified(
    { times: 3, months: 12, beside: ['责令停产停业', '吊销许可证件'], areas: ['食品'] },
    '《食品安全法》第一百三十四条：一年内累计三次受到责令停产停业、吊销许可证以外处罚的，责令停产停业，直至吊销许可证',
    quoted('食品安全法')(
      '第一百三十四条',
      '在一年内累计三次因违反本法规定受到责令停产停业、吊销许可证以外处罚的，由食品安全监督管理部门责令停产停业，直至吊销许可证',
    ),
  ),
  reapplication: verified(
    { months: 36, longer: { kinds: ['食品生产许可证'], months: 60 } },
    '《工业产品生产许可证管理条例》第五十五条：被吊销生产许可证的，三年内不得再次申请；《食品安全法》第一百三十五条：食品五年',
    quoted('工业产品生产许可证管理条例')(
      '第五十五条',
      '企业被吊销生产许可证的，在3年内不得再次申请同一列入目录产品的生产许可证',
    ),
    quoted('食品安全法')('第一百三十五条', '自处罚决定作出之日起五年内不得申请食品生产经营许可'),
  ),
  deceit: verified(
    {
      months: 36,
      cause: ['以欺骗、贿赂等不正当手段取得'],
      kinds: ['全国工业产品生产许可证', '食品生产许可证', '食品相关产品生产许可证', '特种设备生产许可证'],
    },
    '《行政许可法》第七十九条：以欺骗、贿赂等不正当手段取得直接关系公共安全、人身健康、生命财产安全的许可的，三年内不得再次申请',
    quoted('行政许可法')('第七十九条', '被许可人以欺骗、贿赂等不正当手段取得行政许可的'),
    quoted('行政许可法')('第七十九条', '申请人在三年内不得再次申请该行政许可'),
  ),
  falseApplication: verified(
    { months: 12, type: '警告' },
    '《行政许可法》第七十八条：隐瞒有关情况或者提供虚假材料申请直接关系公共安全、人身健康、生命财产安全的许可的，给予警告，一年内不得再次申请',
    quoted('行政许可法')(
      '第七十八条',
      '行政许可申请人隐瞒有关情况或者提供虚假材料申请行政许可的，行政机关不予受理或者不予行政许可，并给予警告',
    ),
    quoted('行政许可法')('第七十八条', '申请人在一年内不得再次申请该行政许可'),
  ),
  cancellation: verified(
    { lost: ['吊销', '撤销'], notOf: ['强制性产品认证'] },
    '《行政许可法》第七十条：有效期届满未延续，法人或者其他组织依法终止，许可被撤销、撤回或者许可证件被吊销的，应当办理注销手续',
    quoted('行政许可法')('第七十条', '行政机关应当依法办理有关行政许可的注销手续'),
  ),
  openRecord: verified(
    true,
    '《工业产品生产许可证管理条例》第四十一条：公众有权查阅监督检查记录',
    quoted('工业产品生产许可证管理条例')('第四十一条', '公众有权查阅监督检查记录'),
  ),
  licenceValidity: verified(
    { kinds: ['全国工业产品生产许可证', '食品相关产品生产许可证'], months: 60 },
    '《工业产品生产许可证管理条例》第二十五条：生产许可证有效期为五年',
    quoted('工业产品生产许可证管理条例')('第二十五条', '生产许可证有效期为5年'),
  ),
  inspectors: verified(
    2,
    '《工业产品生产许可证管理条例》第三十九条、第四十一条：两名以上工作人员参加，检查记录由检查人员签字后归档',
    quoted('工业产品生产许可证管理条例')(
      '第三十九条',
      '实施监督检查或者对产品进行检验应当有2名以上工作人员参加',
    ),
    quoted('工业产品生产许可证管理条例')('第四十一条', '由监督检查人员签字后归档'),
  ),
  licence: verified(
    true,
    '《工业产品生产许可证管理条例》第二十七条、《认证认可条例》第二十六条：准予许可的决定、认证证书的暂停和撤销予以公布',
    quoted('工业产品生产许可证管理条例')('第二十七条', '作出的准予许可的决定应当向社会公布'),
    quoted('认证认可条例')('第二十六条', '暂停其使用直至撤销认证证书，并予公布'),
  ),
  award: unconfirmed(
    true,
    '《河北省深入推进质量兴省和名牌战略实施方案》（冀政办函〔2012〕28号）（九）：奖励方面的良好信息记入质量信用档案',
  ),
} as const
