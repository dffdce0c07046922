import { act } from './act.ts'
import { one } from './appended.ts'
import { reasonAlone } from './input.ts'

/** Revokes a rating that was issued wrongly; the one before it is in force again (撤销评定). */
export const revokeRatingAct = act({
  name: 'revoke-rating',
  label: '撤销等级评定',
  on: 'rating',
  input: reasonAlone('理由'),
  right: 'ratings:approve',
  whose: 'ownerOrAbove',
  route: { method: 'POST', path: '/ratings/:id/revocation', answer: 'rating' },
  effect: '该次评定不再有效，此前的等级恢复。',
  isGrave: true,
  second: 'byEntries',
  secondRight: 'ratings:approve',
  closed: ({ rating }) => (rating.revoked ? '该次评定已经撤销。' : undefined),
  decide: (on, { reason }, at) => one(on, at, 'rating.revoked', { id: on.rating.id, reason }, 'platform'),
})
