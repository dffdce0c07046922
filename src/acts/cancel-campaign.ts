import { whyPast } from '../rating/campaign.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { reasonAlone } from './input.ts'

/** Cancels a campaign that has not been approved (取消). */
export const cancelCampaignAct = act({
  name: 'cancel-campaign',
  label: '取消评价',
  on: 'campaign',
  input: reasonAlone('理由'),
  right: 'ratings:write',
  whose: 'scope',
  route: { method: 'POST', path: '/campaigns/:id/cancellation', answer: 'campaign' },
  effect: '草稿随即删去，已作的调整不再有用；可以另行开展。',
  isGrave: true,
  closed: ({ own }) => whyPast(own),
  decide(on, { reason }, at) {
    const cancelled = one(on, at, 'campaign.cancelled', { reason })
    return { ...cancelled, work: { campaign: on.own.id, what: 'clear' } }
  },
})
