import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { rulesOf } from '../blacklist/rule-set.ts'
import { act } from './act.ts'
import { line, paragraphs, pastDay, someOf, yesOrNo } from './input.ts'

/** Decides to list the firm or not to (列入决定): never whoever proposed it or gave the consent. */
export const decideListingAct = act({
  name: 'decide-listing',
  label: '作出决定',
  on: 'case',
  input: z.strictObject({
    listed: yesOrNo('决定', '列入', '不列入'),
    decisionNo: line('决定书文号'),
    decidedOn: pastDay('决定日期'),
    reasons: paragraphs('理由', 10_000),
    measures: someOf('管理措施', '不列入时不适用').optional(),
  }),
  right: 'listings:decide',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'decision',
    answer: 'case',
    operation: 'takeStep',
  },
  effect: '列入的，期满前公示；公示前仍可撤销。不列入的，案件就此结束。',
  apart: ({ own }, at) =>
    [own.proposed, own.rebased, own.consented].flatMap((step) =>
      step ? [at.doer({ ...step.author, account: step.by })] : [],
    ),
  choices: ({ own }) => ({ measures: rulesOf(own).measures.map((value) => ({ value, label: value })) }),
  begins: ({ own }, { today }) => ({ decidedOn: today, measures: rulesOf(own).measures.join('\n') }),
  closed: ({ own }, { today }) => stepClosed(own, 'decision', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'decision', ...input }, at),
})
