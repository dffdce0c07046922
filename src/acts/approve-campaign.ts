import { z } from 'zod'
import { idOf } from '../dossier/commands.ts'
import { Refusal } from '../dossier/refusal.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { DRAFTERS_WORDS, drafters, notDrafted } from './campaign-drafting.ts'

/**
 * Approves a campaign's drafts and begins to issue them (批准发布): never whoever began or adjusted it. Refuses drafts
 * that would come out otherwise now, naming them.
 */
export const approveCampaignAct = act({
  name: 'approve-campaign',
  label: '批准评价',
  on: 'campaign',
  input: z.strictObject({}),
  right: 'ratings:approve',
  whose: 'scope',
  route: { method: 'POST', path: '/campaigns/:id/approval', answer: 'campaign' },
  effect: '批准后逐家发布，任何人都能看到新的等级；评错的可以逐个撤销，不能整体收回。',
  apart: drafters,
  apartWords: DRAFTERS_WORDS,
  closed: notDrafted,
  decide: {
    async after(on, _, at) {
      const { id } = on.own
      const { moved, count } = await at.outside.survey.moved(id)
      if (count > 0)
        throw new Refusal(
          'exists',
          `草稿算出之后，有 ${count} 家企业的档案有变动、等级须重算；请重算草稿，核对后再批准。`,
          moved.map(({ key, name, drafted, now }) => ({
            pointer: `/drafts/${key}`,
            code: 'moved',
            detail: `${name}（${key}）：草稿为 ${drafted ?? '未评定'}，现为 ${now ?? '未评定'}。`,
          })),
          { moved, movedCount: count },
        )
      return (now, __, decided) => {
        const drafts = decided.outside.drafted.progress(id)?.inScope ?? 0
        const approved = one(now, decided, 'campaign.approved', { by: idOf(decided.actor), drafts })
        return { ...approved, work: { campaign: id, what: 'issue' } }
      }
    },
  },
})
