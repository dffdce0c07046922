import { z } from 'zod'
import { newBasisOf } from '../blacklist/basis.ts'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { titleOf } from '../dossier/differences.ts'
import { penalty } from '../records/penalty.ts'
import { act } from './act.ts'
import { line, paragraphs, someOf } from './input.ts'

/** Goes on with a case upon the decision that review put in the place of another (变更): put forward by one, decided by another. */
export const rebaseListingAct = act({
  name: 'rebase-listing',
  label: '按变更后的处罚决定继续',
  on: 'case',
  input: z.strictObject({
    penalties: someOf('变更后的依据', '先登记变更后的处罚决定，再在此选择'),
    facts: paragraphs('事实', 4000, '按变更后的决定改写；尚未决定的案件写入新的告知书'),
    reasons: paragraphs('理由', 4000),
    decisionNo: line('文号').optional(),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'rebasing',
    answer: 'case',
    operation: 'takeStep',
  },
  effect:
    '须由另一人决定。已经决定或者在名单上的，按原来的期限继续；尚未决定的，须重新告知。不符合列入情形的，请撤销列入或者终止案件。',
  second: () => '列入的依据改变',
  choices: ({ dossier, own }, { today }) => ({
    penalties: newBasisOf(dossier, own, today).map(({ id, data }) => ({
      value: id,
      label: titleOf(penalty, data),
    })),
  }),
  begins: ({ own: { proposed } }) => ({ facts: proposed.facts, reasons: proposed.reasons }),
  closed: ({ dossier, own }, { today }) => stepClosed(dossier, own, 'rebasing', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'rebasing', ...input }, at),
})
