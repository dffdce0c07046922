import { keepUp } from '../bulk/copies.ts'
import { openStampKeys } from '../checking/keys.ts'
import { catalogue } from '../records/catalogue.ts'
import { serve } from './calls.ts'
import { type BelievedTime, believedClock } from './clock-watch.ts'

/** What the copying thread does: golden copies, apart from the thread that answers requests. */
export type CopyingThread = ReturnType<typeof acts>

export interface CopyingThreadData {
  bulk: string
  views: string
  stampKey: string
  stampKeys: string
  believed: BelievedTime
}

function acts(paths: CopyingThreadData) {
  const now = believedClock(paths.believed)
  return {
    async keepUp(epoch: string, days: number, anew: boolean) {
      const keys = await openStampKeys(paths, now)
      const parts = { folder: paths.bulk, views: paths.views, catalogue, keys, epoch, now, days }
      return keepUp(parts, anew)
    },
    stop: async () => undefined,
  }
}

void serve(async (data: CopyingThreadData) => acts(data))
