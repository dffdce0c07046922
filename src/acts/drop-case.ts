import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs } from './input.ts'

/** Ends a case before it is decided (终止). */
export const dropCaseAct = act({
  name: 'drop-case',
  label: '终止案件',
  on: 'case',
  input: z.strictObject({
    reason: paragraphs('终止的原因', 4000),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'dropping',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '案件就此结束，不列入；同一处罚可以另行提出。',
  isGrave: true,
  closed: ({ own }, { today }) => stepClosed(own, 'dropping', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'dropping', ...input }, at),
})
