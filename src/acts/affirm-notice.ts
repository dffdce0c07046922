import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs } from './input.ts'

/** Holds that a change of the basis is none of what the party was told (变动不影响告知): one says so, another confirms. */
export const affirmNoticeAct = caseStep('affirming', {
  name: 'affirm-notice',
  label: '认定变动不影响告知',
  input: z.strictObject({ reasons: paragraphs('理由', 4000, '逐项写明为何不影响告知当事人的内容') }),
  step: (input) => ({ step: 'affirming', ...input }),
  right: 'listings:write',
  whose: 'owner',
  effect: '须由另一人确认。案件从原来的步骤继续，告知书、陈述申辩期不变；决定仍以告知的内容为限。',
  second: { when: '', why: () => '不再告知当事人' },
})
