import { z } from 'zod'
import { earlyEnd, earlyEndHindrance } from '../blacklist/early-end.ts'
import { act } from './act.ts'
import { paragraphs, pastDay } from './input.ts'

/** Records a firm's application to end a penalty's publication early (申请提前停止公示). */
export const applyEarlyEndAct = act({
  name: 'apply-early-end',
  label: '申请提前停止公示',
  on: 'record',
  input: z.strictObject({ on: pastDay('申请日期'), grounds: paragraphs('申请的理由', 10_000) }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/enterprises/:code/records/:id/early-end',
    step: 'application',
    answer: 'earlyEnd',
    operation: 'endPublicationEarly',
  },
  begins: (_, { today }) => ({ on: today }),
  closed: ({ dossier, record }, { today }) => earlyEndHindrance(dossier, record.id, today),
  decide: ({ dossier, record }, input, at) =>
    earlyEnd(dossier, record.id, { step: 'application', ...input }, at),
})
