import { z } from 'zod'
import { recordWith } from '../dossier/per-record.ts'
import { act } from './act.ts'
import { appended } from './appended.ts'
import { paragraphs } from './input.ts'

/** Answers another authority's doubt about one's own record (答复疑义). */
export const answerQueryAct = act({
  name: 'answer-query',
  label: '答复疑义',
  on: 'query',
  input: z.strictObject({ answer: paragraphs('答复', 2000, '核实的情况；确有错误的，请另行更正或撤回记录') }),
  right: 'records:write',
  whose: 'ownerOrAbove',
  route: { method: 'POST', path: '/enterprises/:code/queries/:id/answer', answer: 'made' },
  closed({ dossier, query }) {
    if (query.answered) return '该疑义已经答复。'
    return recordWith(dossier.records, query.record)?.withdrawn && '所疑的记录已经撤回，不需要再答复。'
  },
  decide: ({ dossier, query }, { answer }, at) =>
    appended(dossier, at, 'query.answered', { id: query.id, record: query.record, answer }),
})
