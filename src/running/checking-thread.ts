import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { Checks } from '../checking/checks.ts'
import { openStampKeys } from '../checking/keys.ts'
import type { Source } from '../checking/request.ts'
import { catalogue } from '../records/catalogue.ts'
import { Faces } from '../views/faces.ts'
import { Views } from '../views/views.ts'
import { serve } from './calls.ts'
import { type BelievedTime, believedClock } from './clock-watch.ts'
import { searchOverPort } from './remote-searching.ts'

// What is wrong with a list is told to whoever sent it, in their language; each thread has a zod of its own.
z.config(z.locales.zhCN())

/** What the checking thread does: batch checks, apart from the thread that answers requests. */
export type CheckingThread = Awaited<ReturnType<typeof acts>>

export interface CheckingThreadData {
  views: string
  stampKey: string
  stampKeys: string
  lists: string
  registry: string
  believed: BelievedTime
  /** Where to search. */
  search: MessagePort
}

async function acts(paths: CheckingThreadData) {
  const views = new Views(paths.views)
  const now = believedClock(paths.believed)
  // Without the search no check can go on; the next one has a fresh thread.
  const search = searchOverPort(paths.search, () => process.exit(1))
  const faces = new Faces({ views, catalogue, now })
  const checks = new Checks({
    finder: { search, shown: (key) => faces.file(key)?.file },
    faces,
    lists: paths.lists,
    registry: paths.registry,
    keys: await openStampKeys(paths, now),
    position: () => views.applied(),
    now,
  })
  return {
    begin: (source: Source, asker: string) => checks.begin(source, asker),
    state: (id: string) => checks.state(id),
    rows: (...asked: Parameters<Checks['rows']>) => checks.rows(...asked),
    file: (...asked: Parameters<Checks['file']>) => checks.file(...asked),
    paper: (id: string, address: string) => checks.paper(id, address),
    verify: (text: string) => checks.verify(text),
    verifyStamp: (text: string) => checks.verifyStamp(text),
    match: (...asked: Parameters<Checks['match']>) => checks.match(...asked),
    keys: () => checks.keys(),
    forget: (id: string) => checks.forget(id),
    async stop() {
      await checks.stop()
      await search.close()
      views.close()
    },
  }
}

void serve(async (data: CheckingThreadData) => acts(data))
