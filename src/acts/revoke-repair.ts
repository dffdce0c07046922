import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs } from './input.ts'

/** Takes back a decision to grant repair that was wrong (撤销信用修复): the listing goes on to the end of its term. */
export const revokeRepairAct = caseStep('repairRevocation', {
  name: 'revoke-repair',
  label: '撤销信用修复',
  input: z.strictObject({
    reason: paragraphs('撤销的原因', 4000),
  }),
  step: (input) => ({ step: 'repairRevocation', ...input }),
  right: 'listings:decide',
  whose: 'ownerOrAbove',
  effect: '准予信用修复是错的。企业随即回到名单，恢复公示，至原定的期满。',
  isGrave: true,
  second: 'byEntries',
})
