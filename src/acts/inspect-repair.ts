import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records what was found on the spot (核查). */
export const inspectRepairAct = caseStep('repairInspection', {
  name: 'inspect-repair',
  label: '核查整改',
  input: z.strictObject({
    on: pastDay('核查日期'),
    findings: paragraphs('核查的情况', 10_000),
  }),
  step: (input) => ({ step: 'repairInspection', ...input }),
  right: 'listings:write',
  whose: 'owner',
  isByPerson: true,
  effect: '核查的人不能再作修复决定。',
  begins: (_, { today }) => ({ on: today }),
})
