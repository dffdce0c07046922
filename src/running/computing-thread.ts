import type { Chart, Manner } from '../charts/chart.ts'
import { localRater, type SimulationRequest } from '../computing/rater.ts'
import { localReports } from '../computing/reports.ts'
import { openEffects } from '../exchange/job-store.ts'
import { type AskedPreview, localPreviewer } from '../exchange/preview.ts'
import type { Scope } from '../rating/campaign.ts'
import { Drafts } from '../rating/drafts.ts'
import { catalogue } from '../records/catalogue.ts'
import type { EntryFilters } from '../register/register.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { localPasts } from '../registry/pasts.ts'
import { localShownFiles } from '../registry/shown-files.ts'
import { Faces } from '../views/faces.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { threadClock } from './clock-watch.ts'

/** What the computing thread does for the thread that answers requests: whatever looks at all files, or at all of a file's history. */
export type ComputingThread = ReturnType<typeof acts>

export interface ComputingThreadData {
  views: string
  drafts: string
  register: string
  /** As in `RegisterPlace`. */
  database: string
  /** Counts how often a person has accepted the clock. */
  accepted: Int32Array
}

function acts(paths: ComputingThreadData) {
  const now = threadClock(paths.accepted)
  const views = new Views(paths.views)
  const drafts = new Drafts(paths.drafts, paths.database)
  const rater = localRater({ views, drafts, catalogue })
  const preview = localPreviewer({ views, catalogue, now }, openEffects)
  const register = openSqliteRegister(paths.register, now, { mode: 'look' })
  const reports = localReports({ views, now })
  const faces = new Faces({ views, catalogue, now })
  return {
    draft: (campaign: string) => rater.draft(campaign),
    moved: (campaign: string) => rater.moved(campaign),
    isEmpty: (scope: Scope) => rater.isEmpty(scope),
    simulate: (request: SimulationRequest) => rater.simulate(request),
    ...reports,
    ...localPasts({ register, views, faces, catalogue, now }),
    ...localShownFiles({ register, views, faces, catalogue, now }),
    preview: (asked: AskedPreview) => preview(asked),
    searchEntries: (filters: EntryFilters, before: number, limit: number) =>
      register.search(filters, before, limit),
    draw: async (chart: Chart, manner: Manner) => {
      // Only who asks for charts pays for loading the library.
      const { svgOf } = await import('../charts/svg.ts')
      return svgOf(chart, manner)
    },
    async stop() {
      await rater.stop()
      await drafts.close()
      views.close()
      await register.close()
    },
  }
}

void serve(async (data: ComputingThreadData) => acts(data))
