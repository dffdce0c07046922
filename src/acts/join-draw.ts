import { z } from 'zod'
import { idOf } from '../dossier/commands.ts'
import { invalid } from '../dossier/refusal.ts'
import { columnsOf } from '../records/kind.ts'
import type { Draw, DrawPayload } from '../supervision/draw.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { commitment, commitmentIn, partLine } from './draw-seed.ts'

/** Settles on the other part of a draw's seed, by another person than who began it. */
export const joinDrawAct = act({
  name: 'join-draw',
  label: '提交另一份种子',
  on: 'draw',
  input: z.strictObject({ commitment }),
  form: {
    columns: columnsOf(z.strictObject({ commitment: partLine })),
    inputOf: ({ commitment: typed }) => commitmentIn(typed),
  },
  right: 'supervision:write',
  whose: 'owner',
  route: { method: 'POST', path: '/supervision/draws/:id/commitment', answer: 'draw' },
  effect: '只公开摘要；种子由两人各出一份，谁也不能单独左右结果。候选企业在两份摘要都公布之后才确定。',
  apart: ({ own }, at) => own.commitments.map(({ author, by }) => at.doer({ ...author, account: by })),
  apartWords: '另一份种子由另一人提交。',
  closed: ({ own }) => whyFull(own),
  decide(on, { commitment: hash }, at) {
    if (on.own.commitments.some((known) => known.hash === hash))
      throw invalid('/commitment', 'repeated', '与第一份的摘要相同；请另写一份自己的。')
    const payload: DrawPayload<'draw.joined'> = { commitment: hash, by: idOf(at.actor) }
    return one(on, at, 'draw.joined', payload, 'public')
  },
})

function whyFull({ status }: Draw): string | undefined {
  return status === 'begun' ? undefined : '两份种子的摘要都已提交。'
}
