import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'

/** Puts a decided listing before the public (公示). */
export const publishListingAct = act({
  name: 'publish-listing',
  label: '公示',
  on: 'case',
  input: z.strictObject({}),
  right: 'listings:decide',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'publication',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '公示后任何人都能看到该企业在名单上，其质量信用等级随之降低。',
  closed: ({ own }, { today }) => stepClosed(own, 'publication', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'publication', ...input }, at),
})
