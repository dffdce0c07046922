import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs, yesOrNo } from './input.ts'

/** Takes an application for repair, or does not (受理). */
export const acceptRepairAct = act({
  name: 'accept-repair',
  label: '受理信用修复',
  on: 'case',
  input: z.strictObject({
    accepted: yesOrNo('决定', '受理', '不予受理'),
    reasons: paragraphs('理由', 4000),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'repairAcceptance',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '受理后开始计算决定期限。',
  closed: ({ own }, { today }) => stepClosed(own, 'repairAcceptance', today),
  decide: ({ dossier, own }, input, at) =>
    takeStep(dossier, own.id, { step: 'repairAcceptance', ...input }, at),
})
