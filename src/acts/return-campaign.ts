import { act } from './act.ts'
import { one } from './appended.ts'
import { DRAFTERS_WORDS, drafters, notDrafted } from './campaign-drafting.ts'
import { reasonAlone } from './input.ts'

/** Sends a campaign back to whoever began it, with what is to be mended (退回). */
export const returnCampaignAct = act({
  name: 'return-campaign',
  label: '退回评价',
  on: 'campaign',
  input: reasonAlone('退回的理由'),
  right: 'ratings:approve',
  whose: 'scope',
  route: { method: 'POST', path: '/campaigns/:id/return', answer: 'campaign' },
  isGrave: true,
  apart: drafters,
  apartWords: DRAFTERS_WORDS,
  closed: notDrafted,
  decide: (on, { reason }, at) => one(on, at, 'campaign.returned', { reason }),
})
