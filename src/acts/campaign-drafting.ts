import type { Doer } from '../authority/acting.ts'
import { whyPast } from '../rating/campaign.ts'
import type { ActSituation } from './situation.ts'
import type { Targets } from './targets.ts'

type On = Targets['campaign']

/** Why a campaign that is past drafting, or whose drafts are not all worked out, takes no such act; undefined where it does. */
export function notDrafted({ own }: On, { outside: { drafted } }: ActSituation): string | undefined {
  const isDone = drafted.progress(own.id)?.done ?? false
  return whyPast(own) ?? (isDone ? undefined : '草稿尚未全部算完，请等待完成后再批准。')
}

/** Whoever began a campaign or adjusted a draft of it: they don't approve it. */
export function drafters({ own }: On, at: ActSituation): Doer[] {
  const { by, author, adjustments } = own
  return [
    at.doer({ ...author, account: by }),
    ...Object.values(adjustments).map((made) => at.doer({ ...made.author, account: made.by })),
  ]
}

export const DRAFTERS_WORDS = '开展或调整过本次评价的人不能批准；请由另一人批准。'
