import { z } from 'zod'
import { caseStep } from './case-step.ts'

/** Puts a decided listing before the public (公示). */
export const publishListingAct = caseStep('publication', {
  name: 'publish-listing',
  label: '公示',
  input: z.strictObject({}),
  step: (input) => ({ step: 'publication', ...input }),
  right: 'listings:decide',
  whose: 'owner',
  effect: '公示后任何人都能看到该企业在名单上，其质量信用等级随之降低。',
})
