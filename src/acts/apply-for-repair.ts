import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records a listed firm's application for repair (信用修复). */
export const applyForRepairAct = caseStep('repairApplication', {
  name: 'apply-for-repair',
  label: '申请信用修复',
  input: z.strictObject({
    on: pastDay('申请日期'),
    grounds: paragraphs('申请的理由和所附材料', 10_000),
  }),
  step: (input) => ({ step: 'repairApplication', ...input }),
  right: 'listings:write',
  whose: 'owner',
  effect: '登记后开始计算受理期限。',
  begins: (_, { today }) => ({ on: today }),
})
