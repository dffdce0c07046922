import { type Access, type AccessFilters, AccessLog } from '../authority/access-log.ts'
import { serve } from './calls.ts'

/** What the access thread does: it writes down who looks at what, and no reader waits for its file. */
export type AccessThread = ReturnType<typeof acts>

function acts({ path }: { path: string }) {
  const log = new AccessLog(path)
  return {
    write: async (accesses: Omit<Access, 'id'>[]) => log.write(accesses),
    find: (filters: AccessFilters, before: number, limit: number) => log.find(filters, before, limit),
    prune: (now: Date, days: number) => log.prune(now, days),
    probe: async () => log.probe(),
    stop: async () => log.close(),
  }
}

void serve(async (data: { path: string }) => acts(data))
