import { z } from 'zod'
import { act } from './act.ts'
import { notDrafted } from './campaign-drafting.ts'

/** Drafts a campaign anew on the files as they stand; adjustments stay (重算). */
export const redraftCampaignAct = act({
  name: 'redraft-campaign',
  label: '按档案现状重算',
  on: 'campaign',
  input: z.strictObject({}),
  right: 'ratings:write',
  whose: 'scope',
  route: { method: 'POST', path: '/campaigns/:id/redrafts', answer: 'campaign' },
  effect: '全部草稿重算，已作的调整保留。',
  isGrave: true,
  closed: notDrafted,
  decide({ subject, revision, own }) {
    const expect = new Map([[subject, revision]])
    return { key: subject, drafts: [], expect, work: { campaign: own.id, what: 'draft' } }
  },
})
