import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs, yesOrNo } from './input.ts'

/** Decides on an application for repair (修复决定): never whoever inspected. */
export const decideRepairAct = caseStep('repairDecision', {
  name: 'decide-repair',
  label: '决定信用修复',
  input: z.strictObject({
    granted: yesOrNo('决定', '准予修复', '不予修复'),
    reasons: paragraphs('理由', 4000),
  }),
  step: (input) => ({ step: 'repairDecision', ...input }),
  right: 'listings:decide',
  whose: 'owner',
  effect: '准予修复的，企业随即移出名单，停止公示。',
  apart: ({ own }, at) => {
    const inspected = own.repair?.inspected
    return inspected ? [at.doer({ ...inspected.author, account: inspected.by })] : []
  },
})
