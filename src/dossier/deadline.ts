import type { CalendarDate } from '../calendar/dates.ts'

export const deadlineKinds = [
  'statement',
  'decision',
  'publication',
  'expiry',
  'rebasing',
  'restating',
  'listingBasis',
  'repairAcceptance',
  'repairDecision',
  'repairBasis',
  'objection',
  'earlyEnd',
  'earlyEndBasis',
  'documentReview',
  'penaltyPublication',
  'penaltyForwarding',
  'penaltyWithdrawal',
  'rectification',
  'overdueNotice',
  'reinspection',
  'inspection',
  'repeatedPenalties',
  'barredLicence',
  'signature',
  'completion',
  'category',
  'productGroup',
  'hearing',
  'suspension',
  'finalReinspection',
  'closure',
  'licenceRevocation',
  'licenceStatus',
  'licenceCancellation',
  'enterpriseStatus',
  'adjustment',
  'warning',
  'query',
] as const
/** Planned inspections (计划检查), which are many: listed and counted by themselves, never among what else is due. */
export const APART = 'inspection' satisfies DeadlineKind

export type DeadlineKind = (typeof deadlineKinds)[number]

/** What is to be done by a deadline, in words. */
export const DEADLINE_WORDS: Readonly<Record<DeadlineKind, string>> = {
  statement: '陈述申辩期满，可以决定',
  decision: '作出列入决定',
  publication: '公布列入决定',
  expiry: '列入期限届满',
  rebasing: '按变更后的处罚决定重新认定',
  restating: '依据变动后重新告知',
  listingBasis: '核对列入依据',
  repairAcceptance: '决定是否受理信用修复',
  repairDecision: '决定信用修复',
  repairBasis: '核对信用修复的条件',
  objection: '处理异议',
  earlyEnd: '决定提前停止公示',
  earlyEndBasis: '核对提前停止公示的条件',
  documentReview: '审核处罚决定书',
  penaltyPublication: '公示行政处罚',
  penaltyForwarding: '推送外省当事人的处罚',
  penaltyWithdrawal: '撤回行政处罚公示',
  rectification: '督促整改',
  overdueNotice: '公告逾期不改正',
  reinspection: '复查',
  inspection: '计划检查',
  repeatedPenalties: '一年内三次处罚，应责令停产停业',
  barredLicence: '核实限制期内取得的许可',
  signature: '补登检查人员和签字',
  completion: '补齐记录',
  category: '认定违法情形',
  productGroup: '认定产品类别',
  hearing: '补登听证情况',
  suspension: '责令停业整顿',
  finalReinspection: '整顿期满复查',
  closure: '吊销营业执照',
  licenceRevocation: '吊销生产许可证',
  licenceStatus: '核对许可状态',
  licenceCancellation: '办理许可注销',
  enterpriseStatus: '核对企业状态',
  adjustment: '复核人工调整',
  warning: '核实档案提示',
  query: '答复疑义',
}

/** A day by which something is to be done or happens by itself. */
export interface Deadline {
  what: DeadlineKind
  /** The case, objection, record, plan item or warning that it is about. */
  about: string
  authority: string
  dueOn: CalendarDate
  /** Day on which it was done; absent while it is open. */
  doneOn?: CalendarDate
  /** Last day on which it still means something: the end of the licence that an inspection is planned for, of a publication. */
  until?: CalendarDate
  /** False for an estimate: the holiday notice of a year that the count touches is not known, or no rule sets a day. */
  certain: boolean
  /** What happens when it passes. */
  consequence: string
  /** What it concerns, in a few words: a product. */
  subject?: string
}
