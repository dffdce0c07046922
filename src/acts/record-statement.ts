import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records the party's statement and how it was answered (陈述、申辩). */
export const recordStatementAct = act({
  name: 'record-statement',
  label: '登记陈述、申辩',
  on: 'case',
  input: z.strictObject({
    on: pastDay('提出日期'),
    statement: paragraphs('陈述、申辩的内容', 10_000),
    answer: paragraphs('复核意见', 10_000, '逐项回应采纳或不采纳的理由'),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/cases/:id/steps',
    step: 'statement',
    answer: 'case',
    operation: 'takeStep',
  },
  effect:
    '期满前还可以再次登记；期满后可以报请同意或作出决定。不得因陈述、申辩而加重处理（行政处罚法第四十五条）。',
  begins: (_, { today }) => ({ on: today }),
  closed: ({ own }, { today }) => stepClosed(own, 'statement', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'statement', ...input }, at),
})
