import { z } from 'zod'
import { earlyEnd, earlyEndClosed } from '../blacklist/early-end.ts'
import { act } from './act.ts'
import { paragraphs } from './input.ts'

/** Takes back a decision to end a penalty's publication early (撤销提前停止公示): it goes on to the end of its term. */
export const revokeEarlyEndAct = act({
  name: 'revoke-early-end',
  label: '撤销提前停止公示',
  on: 'record',
  input: z.strictObject({ reason: paragraphs('撤销的原因', 10_000) }),
  right: 'listings:decide',
  whose: 'ownerOrAbove',
  route: {
    method: 'POST',
    path: '/enterprises/:code/records/:id/early-end',
    step: 'revocation',
    answer: 'earlyEnd',
    operation: 'endPublicationEarly',
  },
  effect: '同意提前停止公示是错的。该处罚随即恢复公示，至规定的公示期满。',
  isGrave: true,
  second: 'byEntries',
  closed: ({ dossier, record }) => earlyEndClosed(dossier, record.id, 'revocation'),
  decide: ({ dossier, record }, input, at) =>
    earlyEnd(dossier, record.id, { step: 'revocation', ...input }, at),
})
