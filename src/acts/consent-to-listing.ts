import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs, pastDay, yesOrNo } from './input.ts'

/** The next authority above agrees to a listing or does not (上一级同意). */
export const consentToListingAct = caseStep('consent', {
  name: 'consent-to-listing',
  label: '上一级同意',
  input: z.strictObject({
    granted: yesOrNo('上一级意见', '同意列入', '不同意列入'),
    on: pastDay('同意的日期').optional(),
    reasons: paragraphs('理由', 4000),
  }),
  step: (input) => ({ step: 'consent', ...input }),
  right: 'listings:decide',
  whose: 'nextAbove',
  begins: (_, { today }) => ({ on: today }),
  effect: '不同意的，案件就此结束。',
  apart: ({ own }, at) => [at.doer({ ...own.proposed.author, account: own.proposed.by })],
})
