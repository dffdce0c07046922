import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records the party's statement and how it was answered (陈述、申辩). */
export const recordStatementAct = caseStep('statement', {
  name: 'record-statement',
  label: '登记陈述、申辩',
  input: z.strictObject({
    on: pastDay('提出日期'),
    statement: paragraphs('陈述、申辩的内容', 10_000),
    answer: paragraphs('复核意见', 10_000, '逐项回应采纳或不采纳的理由'),
  }),
  step: (input) => ({ step: 'statement', ...input }),
  right: 'listings:write',
  whose: 'owner',
  effect:
    '期满前还可以再次登记；期满后可以报请同意或作出决定。不得因陈述、申辩而加重处理（行政处罚法第四十五条）。',
  begins: (_, { today }) => ({ on: today }),
})
