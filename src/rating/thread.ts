import { catalogue } from '../records/catalogue.ts'
import { serve } from '../threads/calls.ts'
import { Views } from '../views/views.ts'
import type { Scope } from './campaign.ts'
import { Drafts } from './drafts.ts'
import { localRater, type SimulationRequest } from './rater.ts'

/** What the rating thread does for the thread that answers requests. */
export type RatingThread = ReturnType<typeof acts>

export interface RatingThreadData {
  views: string
  drafts: string
}

function acts(paths: RatingThreadData) {
  const views = new Views(paths.views)
  const drafts = new Drafts(paths.drafts)
  const rater = localRater({ views, drafts, catalogue })
  return {
    draft: (campaign: string) => rater.draft(campaign),
    moved: (campaign: string) => rater.moved(campaign),
    isEmpty: (scope: Scope) => rater.isEmpty(scope),
    simulate: (request: SimulationRequest) => rater.simulate(request),
    async stop() {
      await rater.stop()
      drafts.close()
      views.close()
    },
  }
}

await serve(async (data: RatingThreadData) => acts(data))
