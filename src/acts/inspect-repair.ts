import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records what was found on the spot (核查). */
export const inspectRepairAct = act({
  name: 'inspect-repair',
  label: '核查整改',
  on: 'case',
  input: z.strictObject({
    on: pastDay('核查日期'),
    findings: paragraphs('核查的情况', 10_000),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'repairInspection',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '核查的人不能再作修复决定。',
  begins: (_, { today }) => ({ on: today }),
  closed: ({ own }, { today }) => stepClosed(own, 'repairInspection', today),
  decide: ({ dossier, own }, input, at) =>
    takeStep(dossier, own.id, { step: 'repairInspection', ...input }, at),
})
