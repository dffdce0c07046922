import type { Case } from '../dossier/case.ts'
import type { StepName } from './step.ts'

/** Steps of a case as officers call them. */
export const STEP_WORDS: Readonly<Record<StepName, string>> = {
  notice: '送达告知',
  statement: '登记陈述、申辩',
  consent: '上一级同意',
  decision: '作出决定',
  publication: '公示',
  repairApplication: '申请信用修复',
  repairAcceptance: '受理信用修复',
  repairInspection: '核查整改',
  repairDecision: '决定信用修复',
  repairRevocation: '撤销信用修复',
  revocation: '撤销列入',
  dropping: '终止案件',
  rebasing: '按变更后的处罚决定继续',
  restating: '按变动后的处罚重新告知',
  affirming: '认定变动不影响告知',
}

/** Where a case stands, in words. */
export const STATUS_WORDS: Readonly<Record<Case['status'], string>> = {
  proposed: '已提出',
  noticed: '已告知',
  stated: '已陈述、申辩',
  consented: '上一级已同意',
  consentRefused: '上一级未同意',
  decided: '已决定列入，待公示',
  notListed: '决定不列入',
  inForce: '在名单上',
  suspended: '处罚经复议或诉讼变更，待重新认定',
  removed: '已移出',
  dropped: '已终止',
}

/** Why a listing left the list, in words: it ended, or is decided on anew. */
export const removalWords: Readonly<Record<NonNullable<Case['removed']>['cause'] | 'suspended', string>> = {
  expired: '期限届满',
  repaired: '信用修复',
  revoked: '撤销列入',
  annulled: '处罚被撤销',
  dissolved: '企业注销',
  suspended: '处罚变更，待重新认定',
}
