import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs, yesOrNo } from './input.ts'

/** The authority above agrees to a listing or does not (上一级同意). */
export const consentToListingAct = act({
  name: 'consent-to-listing',
  label: '上一级同意',
  on: 'case',
  input: z.strictObject({
    granted: yesOrNo('上一级意见', '同意列入', '不同意列入'),
    reasons: paragraphs('理由', 4000),
  }),
  right: 'listings:decide',
  whose: 'above',
  route: { method: 'POST', path: '/cases/:id/steps', step: 'consent', answer: 'case', operation: 'takeStep' },
  effect: '不同意的，案件就此结束。',
  apart: ({ own }, at) => [at.doer({ ...own.proposed.author, account: own.proposed.by })],
  closed: ({ own }, { today }) => stepClosed(own, 'consent', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'consent', ...input }, at),
})
