import { z } from 'zod'
import { lastText } from '../dossier/case.ts'
import { idOf } from '../dossier/commands.ts'
import { act } from './act.ts'
import { appended } from './appended.ts'
import { paragraphs, yesOrNo } from './input.ts'

/** Reviews the text of a penalty's decision before it is published (内部审核, Order 45 art. 5 and 16). */
export const reviewDecisionAct = act({
  name: 'review-decision',
  label: '审核处罚决定书',
  on: 'record',
  input: z.strictObject({
    approved: yesOrNo('审核', '同意公示', '退回'),
    reasons: paragraphs('审核意见', 4000, '与送达的决定书是否一致，国家秘密、商业秘密和个人信息是否已处理'),
  }),
  right: 'listings:decide',
  whose: 'owner',
  route: { method: 'POST', path: '/enterprises/:code/records/:id/decision/review', answer: 'decisionText' },
  effect: '同意的，在处罚公示期间与摘要一同公示；退回的，由办案人员另附。',
  apart({ dossier, record }, at) {
    const last = lastText(dossier, record.id)
    return last ? [at.doer({ ...last.attached.author, account: last.attached.by })] : []
  },
  closed: ({ dossier, record }) =>
    lastText(dossier, record.id)?.status === 'attached' ? undefined : '没有待审核的处罚决定书。',
  decide({ dossier, record }, { approved, reasons }, at) {
    const payload = { record: record.id, approved, reasons, by: idOf(at.actor) }
    return { ...appended(dossier, at, 'document.reviewed', payload), recordId: record.id }
  },
})
