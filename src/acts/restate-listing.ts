import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs } from './input.ts'

/** Writes facts and reasons anew once the basis of a case has changed (重新告知): the party is told again. */
export const restateListingAct = caseStep('restating', {
  name: 'restate-listing',
  label: '按变动后的处罚重新告知',
  input: z.strictObject({
    facts: paragraphs('事实', 4000, '按变动后的处罚改写，写入新的告知书'),
    reasons: paragraphs('理由', 4000, '写入新的告知书'),
  }),
  step: (input) => ({ step: 'restating', ...input }),
  right: 'listings:write',
  whose: 'owner',
  effect: '案件回到“已提出”：送达新的告知书后，陈述、申辩期重新计算。原来的告知和陈述保留在经过中。',
  begins: ({ own: { proposed } }) => ({ facts: proposed.facts, reasons: proposed.reasons }),
})
