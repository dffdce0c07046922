import type { Doer } from '../authority/acting.ts'
import type { Bulletin } from '../blacklist/bulletin.ts'
import type { ActSituation } from './situation.ts'
import type { Targets } from './targets.ts'

/** Why a bulletin is no draft any more that could be decided on, in words; undefined while it is. */
export function whyDecided({ status, returned }: Bulletin): string | undefined {
  if (status !== 'draft') return status === 'issued' ? '这一期公告已经发布。' : '这一期公告已经作废。'
  return returned && '这一期公告已经退回，请由起草人另行起草。'
}

/** Whoever drafted it. */
export function drafter({ own: { author, by } }: Targets['bulletin'], at: ActSituation): Doer[] {
  return [at.doer({ ...author, account: by })]
}
