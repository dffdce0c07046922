import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs, pastDay, yesOrNo } from './input.ts'

/** Takes an application for repair, or does not (受理). */
export const acceptRepairAct = caseStep('repairAcceptance', {
  name: 'accept-repair',
  label: '受理信用修复',
  input: z.strictObject({
    accepted: yesOrNo('决定', '受理', '不予受理'),
    on: pastDay('受理的日期').optional(),
    reasons: paragraphs('理由', 4000),
  }),
  step: (input) => ({ step: 'repairAcceptance', ...input }),
  right: 'listings:write',
  whose: 'owner',
  begins: (_, { today }) => ({ on: today }),
  effect: '受理后开始计算决定期限。',
})
