import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs } from './input.ts'

/** Ends a case before it is decided (终止). */
export const dropCaseAct = caseStep('dropping', {
  name: 'drop-case',
  label: '终止案件',
  input: z.strictObject({
    reason: paragraphs('终止的原因', 4000),
  }),
  step: (input) => ({ step: 'dropping', ...input }),
  right: 'listings:write',
  whose: 'owner',
  effect: '案件就此结束，不列入；同一处罚可以另行提出。',
  isGrave: true,
})
