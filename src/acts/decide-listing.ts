import { z } from 'zod'
import { measuresOf, rulesOf } from '../blacklist/rule-set.ts'
import type { Case } from '../dossier/case.ts'
import { caseStep } from './case-step.ts'
import { line, notPersonal, paragraphs, pastDay, someOf, yesOrNo } from './input.ts'

/** Decides to list the firm or not to (列入决定): never whoever proposed it or gave the consent. */
export const decideListingAct = caseStep('decision', {
  name: 'decide-listing',
  label: '作出决定',
  input: z.strictObject({
    listed: yesOrNo('决定', '列入', '不列入'),
    decisionNo: line('决定书文号'),
    decidedOn: pastDay('决定日期'),
    reasons: paragraphs('理由', 10_000),
    measures: someOf('管理措施', '不列入时不适用').optional(),
    notPersonal: notPersonal().optional(),
  }),
  step: (input) => ({ step: 'decision', ...input }),
  right: 'listings:decide',
  whose: 'owner',
  effect: '列入的，期满前公示；公示前仍可撤销。不列入的，案件就此结束。',
  apart: ({ own }, at) =>
    [own.proposed, own.restated, own.affirmed, own.rebased, own.consented].flatMap((step) =>
      step ? [at.doer({ ...step.author, account: step.by })] : [],
    ),
  choices: ({ own }) => ({ measures: toldTo(own).map((value) => ({ value, label: value })) }),
  begins: ({ own }, { today }) => ({ decidedOn: today, measures: toldTo(own).join('\n') }),
})

/** The measures that the party was told of: no others can be decided. */
function toldTo(own: Case): readonly string[] {
  return own.noticed?.named?.measures ?? measuresOf(own, rulesOf(own))
}
