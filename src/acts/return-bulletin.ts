import { act } from './act.ts'
import { one } from './appended.ts'
import { drafter, whyDecided } from './bulletin-draft.ts'
import { reasonAlone } from './input.ts'

/** Sends a draft back to its author with the reason (退回). */
export const returnBulletinAct = act({
  name: 'return-bulletin',
  label: '退回公告',
  on: 'bulletin',
  input: reasonAlone('退回的理由'),
  right: 'listings:decide',
  whose: 'owner',
  route: { method: 'POST', path: '/bulletins/:id/return', answer: 'bulletin' },
  isGrave: true,
  apart: drafter,
  apartWords: '自己起草的公告不能退回，可以作废。',
  closed: ({ own }) => whyDecided(own),
  decide: (on, { reason }, at) => one(on, at, 'bulletin.returned', { n: on.own.n, reason }),
})
