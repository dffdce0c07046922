import { serve } from './calls.ts'
import { keepUp } from './upkeep.ts'

/** What the upkeep thread does: it holds up neither readers nor the writer. */
export type UpkeepThread = ReturnType<typeof acts>

function acts({ dataDir }: { dataDir: string }) {
  return {
    keepUp: async () => keepUp(dataDir),
    stop: async () => undefined,
  }
}

void serve(async (data: { dataDir: string }) => acts(data))
