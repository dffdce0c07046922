import { STEP_WORDS } from '../blacklist/words.ts'
import type { EarlyEnd, RepairStatus } from '../dossier/case.ts'
import { EVENT_WORDS } from '../ui/words.ts'

const OTHER_KINDS: Readonly<Record<string, string>> = {
  'enterprise.withdrawn': '撤回档案',
  'change.explained': '变更的原因',
  'note.added': '内部备注',
  'warning.settled': '核实档案提示',
  'listing.proposed': '提出列入',
  'listing.noticed': STEP_WORDS.notice,
  'listing.stated': STEP_WORDS.statement,
  'listing.consented': STEP_WORDS.consent,
  'listing.decided': '列入案件决定',
  'listing.basisChanged': '列入依据减少',
  'listing.suspended': '列入依据变更，待重新认定',
  'listing.rebased': STEP_WORDS.rebasing,
  'listing.dropped': STEP_WORDS.dropping,
  'listing.repairApplied': STEP_WORDS.repairApplication,
  'listing.repairAccepted': STEP_WORDS.repairAcceptance,
  'listing.repairInspected': STEP_WORDS.repairInspection,
  'listing.repairDecided': STEP_WORDS.repairDecision,
  'objection.filed': '登记异议',
  'objection.settled': '处理异议',
  'publication.endApplied': '申请提前停止公示',
  'publication.endChecked': '核查提前停止公示',
  'publication.endDecided': '决定提前停止公示',
  'payload.erased': '依法删除内容',
  'standard.proposed': '提请采用标准',
  'standard.adopted': '采用标准',
  'standard.refused': '不予采用标准',
  'rules.proposed': '提请采用规则',
  'rules.adopted': '采用规则',
  'rules.refused': '不予采用规则',
  'campaign.started': '开展评价',
  'campaign.adjusted': '调整等级草稿',
  'campaign.returned': '退回评价',
  'campaign.approved': '批准评价',
  'campaign.issued': '发布评价',
  'campaign.cancelled': '取消评价',
  'draw.begun': '公布抽取方案',
  'draw.joined': '提交另一份种子',
  'draw.opened': '开启种子，确定候选',
  'draw.made': '双随机抽取',
  'bulletin.drafted': '起草公告',
  'bulletin.returned': '退回公告',
  'bulletin.issued': '发布公告',
  'bulletin.discarded': '作废公告草稿',
  'act.proposed': '提请另一人确认',
  'act.confirmed': '确认提请',
  'act.refused': '退回或收回提请',
  'act.lapsed': '提请失效',
  'query.raised': '提出疑义',
  'query.answered': '答复疑义',
  'authority.opened': '开立机关',
  'authority.name-taken': '机关名称启用',
  'authority.renamed': '机关更名',
  'authority.changed': '调整机关',
  'authority.merged': '机关合并',
  'key.created': '新建密钥',
  'key.changed': '调整密钥权限',
  'consumer.opened': '登记取用方',
  'consumer.closed': '停用取用方',
  'consumer.finding': '取用方所报不符',
  'clock.accepted': '确认服务器时钟',
  'key.revoked': '停用密钥',
  'officer.created': '新建账号',
  'officer.changed': '调整账号',
  'officer.password-set': '设置密码',
  'officer.reset-allowed': '同意重设首次密码',
  'officer.disabled': '停用账号',
  'officer.signed-out': '结束全部会话',
}

/** Every kind of entry in the words of officers. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(EVENT_WORDS).map(([kind, [words]]) => [kind, words])),
  ...OTHER_KINDS,
}

export const REPAIR_WORDS: Readonly<Record<RepairStatus, string>> = {
  applied: '已申请，待决定是否受理',
  accepted: '已受理，待核查',
  rejected: '不予受理',
  inspected: '已核查，待决定',
  refused: '不予修复',
  granted: '准予修复',
}

export const EARLY_END_WORDS: Readonly<Record<EarlyEnd['status'], string>> = {
  applied: '已申请，待核查',
  checked: '已核查，待决定',
  granted: '已同意',
  refused: '未同意',
}

/** How far an import is. */
export const IMPORT_WORDS: Readonly<Record<'preview' | 'waiting' | 'running' | 'done' | 'failed', string>> = {
  preview: '待核对',
  waiting: '排队中',
  running: '导入中',
  done: '已完成',
  failed: '未能导入',
}
