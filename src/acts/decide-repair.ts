import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs, yesOrNo } from './input.ts'

/** Decides on an application for repair (修复决定): never whoever inspected. */
export const decideRepairAct = act({
  name: 'decide-repair',
  label: '决定信用修复',
  on: 'case',
  input: z.strictObject({
    granted: yesOrNo('决定', '准予修复', '不予修复'),
    reasons: paragraphs('理由', 4000),
  }),
  right: 'listings:decide',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'repairDecision',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '准予修复的，企业随即移出名单，停止公示。',
  apart: ({ own }, at) => {
    const inspected = own.repair?.inspected
    return inspected ? [at.doer({ ...inspected.author, account: inspected.by })] : []
  },
  closed: ({ own }, { today }) => stepClosed(own, 'repairDecision', today),
  decide: ({ dossier, own }, input, at) =>
    takeStep(dossier, own.id, { step: 'repairDecision', ...input }, at),
})
