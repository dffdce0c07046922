/** A figure that law or practice sets, kept as data because the law changes and each province configures its own. */
export interface Rule<T> {
  value: T
  /** Document and article. */
  source: string
  status: 'verified' | 'to be confirmed'
}

function rule<T>(value: T, source: string, status: Rule<T>['status']): Rule<T> {
  return { value, source, status }
}

const ORDER_45 = '《市场监督管理行政处罚信息公示规定》（市场监管总局令第45号）'

/** Rules of publication that the record kinds apply. */
export const publicationRules = {
  penaltyScope: rule(
    { procedure: '普通程序', never: ['警告'] },
    `${ORDER_45}第二条：普通程序作出的行政处罚决定公示，仅受到警告的不予公示`,
    'verified',
  ),
  penaltyWorkingDays: rule(20, `${ORDER_45}第九条：自作出决定之日起二十个工作日内公示`, 'verified'),
  penaltyRescinded: rule(
    ['变更', '撤销', '确认违法', '确认无效'],
    `${ORDER_45}第十一条：决定被变更、撤销、确认违法或者确认无效的，撤回公示信息`,
    'verified',
  ),
  minorPenaltyMonths: rule(
    3,
    `${ORDER_45}第十三条：仅受到通报批评或者较低数额罚款的，满三个月停止公示`,
    'verified',
  ),
  penaltyMonths: rule(36, `${ORDER_45}第十三条：其他行政处罚信息满三年停止公示`, 'verified'),
  penaltyRestriction: rule(
    true,
    `${ORDER_45}第十三条：限制开展生产经营活动等期限长于三年的，公示至期限届满`,
    'verified',
  ),
  minorFineYuan: rule(
    5_000,
    `${ORDER_45}第十三条：较低数额罚款由省级市场监督管理部门规定；此数为预设值`,
    'to be confirmed',
  ),
  penaltyWithdrawalDays: rule(
    3,
    `${ORDER_45}第十一条：三个工作日内撤回行政处罚公示信息并说明理由`,
    'verified',
  ),
  retractionMonths: rule(
    12,
    `${ORDER_45}第十一条：撤回公示信息并说明理由；说明保留多久由本系统拟定`,
    'to be confirmed',
  ),
  neverEndedEarly: rule(
    ['责令停产停业', '限制开展生产经营活动', '限制从业', '降低资质等级', '吊销许可证件', '责令关闭'],
    `${ORDER_45}第十四条：受到所列行政处罚的，不得提前停止公示`,
    'verified',
  ),
  earlyEndMonths: rule(
    6,
    `${ORDER_45}第十四条：时限要求由市场监管总局另行规定；此数为预设值`,
    'to be confirmed',
  ),
  earlyEndDays: rule(
    15,
    '提前停止公示申请的办理期限；参照严重违法失信名单信用修复，待确认',
    'to be confirmed',
  ),
  completionDays: rule(
    5,
    '缺少必要内容的记录、需要复核的事项，补齐或者复核的期限；本系统拟定',
    'to be confirmed',
  ),
  objectionDays: rule(
    3,
    '《山东省社会信用条例》第三十九条：三个工作日内处理异议；河北省规定待核',
    'to be confirmed',
  ),
  retestDays: rule(15, '《产品质量法》第十五条：自收到检验结果之日起十五日内可以申请复检', 'verified'),
  failedInspectionMonths: rule(
    60,
    '《山东省社会信用条例》第三十八条：失信信息查询期限最长五年；河北省规定待核',
    'to be confirmed',
  ),
  openRecord: rule(true, '《工业产品生产许可证管理条例》第四十一条：公众有权查阅监督检查记录', 'verified'),
  licence: rule(
    true,
    '《企业信息公示暂行条例》第六条、《认证认可条例》第二十六条：行政许可准予、变更、延续和认证证书的暂停、撤销予以公布',
    'verified',
  ),
  award: rule(
    true,
    '《河北省深入推进质量兴省和名牌战略实施方案》（冀政办函〔2012〕28号）（九）：奖励方面的良好信息记入质量信用档案',
    'verified',
  ),
} as const
