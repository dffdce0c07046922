import { z } from 'zod'
import { isSame } from '../authority/authorities.ts'
import { caseAwaiting, newBasisOf } from '../blacklist/basis.ts'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { basisOf } from '../dossier/case.ts'
import { ownerOf } from '../dossier/commands.ts'
import { titleOf } from '../dossier/differences.ts'
import { Refusal } from '../dossier/refusal.ts'
import { penalty } from '../records/penalty.ts'
import { act } from './act.ts'
import { line, paragraphs, someOf } from './input.ts'
import type { ActSituation } from './situation.ts'
import type { Targets } from './targets.ts'

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
  second: { when: '', why: () => '列入的依据改变' },
  noChoice:
    '变更后的处罚决定尚未登记，或者不符合本案的列入情形：先登记该决定（文号可以与原决定相同）；确不符合的，请撤销列入或者终止案件。',
  choices: (on, at) => ({
    penalties: basisWithin(on, at).map(({ id, data }) => ({
      value: id,
      label: titleOf(penalty, data),
    })),
  }),
  begins: ({ own: { proposed } }) => ({ facts: proposed.facts, reasons: proposed.reasons }),
  closed: ({ dossier, own }, { today }) => stepClosed(dossier, own, 'rebasing', today),
  decide(on, input, at) {
    const { dossier, own } = on
    const within = new Set(basisWithin(on, at).map(({ id }) => id))
    const strange = newBasisOf(dossier, own, at.today).find(
      ({ id }) => input.penalties.includes(id) && !within.has(id),
    )
    if (strange)
      throw new Refusal(
        'forbidden',
        `处罚 ${strange.data.documentNo} 由${ownerOf(strange, at).name}作出，也不是本案处罚变更后的决定，不能成为本案的依据（谁处罚、谁列入）。`,
      )
    return takeStep(dossier, own.id, { step: 'rebasing', ...input }, at)
  },
})

/** What a case may rest on instead: penalties of its own authority, and whatever review put in the place of its own. */
function basisWithin({ dossier, own, owner }: Targets['case'], at: ActSituation) {
  return newBasisOf(dossier, own, at.today).filter(
    (record) =>
      (owner && isSame(ownerOf(record, at), owner)) ||
      basisOf(own).includes(record.id) ||
      caseAwaiting(dossier, record) === own,
  )
}
