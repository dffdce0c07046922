import { z } from 'zod'
import { earlyEnd, earlyEndClosed } from '../blacklist/early-end.ts'
import { act } from './act.ts'
import { paragraphs, yesOrNo } from './input.ts'

/** Decides on the early end of a penalty's publication (决定提前停止公示, Order 45 art. 14). */
export const decideEarlyEndAct = act({
  name: 'decide-early-end',
  label: '决定提前停止公示',
  on: 'record',
  input: z.strictObject({
    granted: yesOrNo('决定', '同意，今天起停止公示', '不同意'),
    reasons: paragraphs('理由', 10_000),
  }),
  right: 'listings:decide',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/enterprises/:code/records/:id/early-end',
    step: 'decision',
    answer: 'earlyEnd',
    operation: 'endPublicationEarly',
  },
  apart({ dossier, record }, at) {
    const last = dossier.earlyEnds.findLast((known) => known.record === record.id)
    return last?.checked ? [at.doer({ ...last.checked.author, account: last.checked.by })] : []
  },
  closed: ({ dossier, record }) => earlyEndClosed(dossier, record.id, 'decision'),
  decide: ({ dossier, record }, input, at) =>
    earlyEnd(dossier, record.id, { step: 'decision', ...input }, at),
})
