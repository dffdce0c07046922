import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records a listed firm's application for repair (信用修复). */
export const applyForRepairAct = act({
  name: 'apply-for-repair',
  label: '申请信用修复',
  on: 'case',
  input: z.strictObject({
    on: pastDay('申请日期'),
    grounds: paragraphs('申请的理由和所附材料', 10_000),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'repairApplication',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '登记后开始计算受理期限。',
  begins: (_, { today }) => ({ on: today }),
  closed: ({ own }, { today }) => stepClosed(own, 'repairApplication', today),
  decide: ({ dossier, own }, input, at) =>
    takeStep(dossier, own.id, { step: 'repairApplication', ...input }, at),
})
