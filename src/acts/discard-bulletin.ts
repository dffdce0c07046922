import { z } from 'zod'
import { act } from './act.ts'
import { one } from './appended.ts'
import { whyDecided } from './bulletin-draft.ts'
import { line } from './input.ts'

/** Takes a draft out of the way (作废); what was issued stays. */
export const discardBulletinAct = act({
  name: 'discard-bulletin',
  label: '作废公告草稿',
  on: 'bulletin',
  input: z.strictObject({ reason: line('理由', { max: 500 }).optional() }),
  right: 'listings:write',
  whose: 'owner',
  route: { method: 'POST', path: '/bulletins/:id/discard', answer: 'nothing' },
  effect: '作废后不能恢复，只能另行起草；已发布的公告不受影响。',
  isGrave: true,
  closed: ({ own }) => (own.status === 'draft' ? undefined : whyDecided(own)),
  decide: (on, { reason = '' }, at) => one(on, at, 'bulletin.discarded', { n: on.own.n, reason }),
})
