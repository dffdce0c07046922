import type { Draw } from '../charts/chart.ts'
import type { Rater } from '../computing/rater.ts'
import type { ReportSource } from '../computing/reports.ts'
import type { Previewer } from '../exchange/preview.ts'
import type { Register } from '../register/register.ts'
import type { Pasts } from '../registry/pasts.ts'
import type { ShownFiles } from '../registry/shown-files.ts'
import { lastingThread } from './calls.ts'
import type { ComputingThread, ComputingThreadData } from './computing-thread.ts'

/** Longer than a report over all files of a large register takes. */
const PATIENCE_MS = 120_000

/** Ratings over all files and reports, computed in a thread of their own while requests are answered. */
export function startComputing(
  paths: ComputingThreadData,
  onDeath: (error: Error) => void,
): {
  rater: Rater
  reports: ReportSource
  searchEntries: Register['search']
  pasts: Pasts
  shownFiles: ShownFiles
  preview: Previewer
  draw: Draw
  begin(): void
} {
  const thread = lastingThread<ComputingThread>('computing', () => ({ data: paths }), {
    revive: () => undefined,
    // What was asked for fails; whatever is asked next has a fresh thread.
    onDeath,
    patienceMs: PATIENCE_MS,
  })
  return {
    begin: thread.begin,
    rater: {
      draft: (campaign) => thread.call('draft', campaign),
      moved: (campaign) => thread.call('moved', campaign),
      isEmpty: (scope) => thread.call('isEmpty', scope),
      simulate: (request) => thread.call('simulate', request),
      stop: () => thread.stop(),
    },
    searchEntries: (...asked) => thread.call('searchEntries', ...asked),
    pasts: {
      publicPast: (...asked) => thread.call('publicPast', ...asked),
      pastPage: (...asked) => thread.call('pastPage', ...asked),
      officerPast: (...asked) => thread.call('officerPast', ...asked),
      story: (...asked) => thread.call('story', ...asked),
      differences: (...asked) => thread.call('differences', ...asked),
    },
    shownFiles: {
      page: (...asked) => thread.call('page', ...asked),
      answer: (...asked) => thread.call('answer', ...asked),
      history: (...asked) => thread.call('history', ...asked),
      decision: (...asked) => thread.call('decision', ...asked),
    },
    preview: (asked) => thread.call('preview', asked),
    draw: (...asked) => thread.call('draw', ...asked),
    reports: {
      coverage: (...asked) => thread.call('coverage', ...asked),
      roster: (...asked) => thread.call('roster', ...asked),
      passRates: (...asked) => thread.call('passRates', ...asked),
      passRatesByMonth: (...asked) => thread.call('passRatesByMonth', ...asked),
      bulletin: (...asked) => thread.call('bulletin', ...asked),
      indicators: (...asked) => thread.call('indicators', ...asked),
      grades: (...asked) => thread.call('grades', ...asked),
      listings: (...asked) => thread.call('listings', ...asked),
      timeliness: (...asked) => thread.call('timeliness', ...asked),
      lateTransfers: (...asked) => thread.call('lateTransfers', ...asked),
      holdings: () => thread.call('holdings'),
    },
  }
}
