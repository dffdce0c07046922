import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs } from './input.ts'

/** Takes back a listing that was wrong (撤销列入): the firm leaves the list and the texts are erased. */
export const revokeListingAct = caseStep('revocation', {
  name: 'revoke-listing',
  label: '撤销列入',
  input: z.strictObject({
    reason: paragraphs('撤销的原因', 4000),
  }),
  step: (input) => ({ step: 'revocation', ...input }),
  right: 'listings:decide',
  whose: 'ownerOrAbove',
  effect: '这次列入是错的。企业随即移出名单，案件的文字依法删除，不能恢复。',
  isGrave: true,
  second: 'byEntries',
})
