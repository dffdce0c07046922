import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs } from './input.ts'

/** Takes back a listing that was wrong (撤销列入): the firm leaves the list and the texts are erased. */
export const revokeListingAct = act({
  name: 'revoke-listing',
  label: '撤销列入',
  on: 'case',
  input: z.strictObject({
    reason: paragraphs('撤销的原因', 4000),
  }),
  right: 'listings:decide',
  whose: 'ownerOrAbove',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'revocation',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '这次列入是错的。企业随即移出名单，案件的文字依法删除，不能恢复。',
  isGrave: true,
  second: () => '撤销列入使企业移出名单',
  closed: ({ own }, { today }) => stepClosed(own, 'revocation', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'revocation', ...input }, at),
})
