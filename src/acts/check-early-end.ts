import { z } from 'zod'
import { earlyEnd, earlyEndClosed } from '../blacklist/early-end.ts'
import { act } from './act.ts'
import { paragraphs } from './input.ts'

/** Records what was found when an application for an early end was checked (核查). */
export const checkEarlyEndAct = act({
  name: 'check-early-end',
  label: '核查提前停止公示',
  on: 'record',
  input: z.strictObject({ findings: paragraphs('核查的情况', 10_000) }),
  right: 'listings:write',
  whose: 'owner',
  isByPerson: true,
  route: {
    method: 'POST',
    path: '/enterprises/:code/records/:id/early-end',
    step: 'check',
    answer: 'earlyEnd',
    operation: 'endPublicationEarly',
  },
  effect: '核查的人不能再作决定。',
  closed: ({ dossier, record }) => earlyEndClosed(dossier, record.id, 'check'),
  decide: ({ dossier, record }, input, at) => earlyEnd(dossier, record.id, { step: 'check', ...input }, at),
})
