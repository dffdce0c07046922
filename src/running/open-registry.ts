import type { Act } from '../acts/act.ts'
import { AccessLog } from '../authority/access-log.ts'
import { Following } from '../authority/following.ts'
import { Sessions } from '../authority/sessions.ts'
import { SharedAccesses } from '../authority/shared-accesses.ts'
import { localRater } from '../computing/rater.ts'
import { localReports } from '../computing/reports.ts'
import { JobStore } from '../exchange/job-store.ts'
import { Drafts } from '../rating/drafts.ts'
import { type Catalogue, catalogue as shipped } from '../records/catalogue.ts'
import { localPasts } from '../registry/pasts.ts'
import { Registry } from '../registry/registry.ts'
import { Faces } from '../views/faces.ts'
import { Views } from '../views/views.ts'
import { openMended } from './data-dir.ts'
import { hashOfPersons } from './keys.ts'
import { openRegister } from './open-register.ts'
import { openSearch } from './open-search.ts'
import { openWriter } from './open-writer.ts'
import { pathsIn } from './paths.ts'
import { enter } from './place.ts'

export type OpenedRegistry = Awaited<ReturnType<typeof openRegistry>>

interface Options {
  dataDir: string
  /** As in `RegisterPlace`; the data directory by default. */
  database?: string
  secret?: string | undefined
  now(): Date
  catalogue?: Catalogue
  /** Every act that there is; those that come with the registry by default. */
  acts?: readonly Act[] | undefined
  /** What is doubtful about the clock, where somebody watches it. */
  clockDoubt?: (() => string | undefined) | undefined
  /** Whether the search is filled in this thread or in one of its own. */
  search?: 'here' | 'thread'
  /** As in `WriterOptions`. */
  longestStepMs?: number
  /** Told of views or search that could not follow an append. */
  onLag(error: unknown): void
  /** Told of long work that broke off. */
  onFailure(error: unknown): void
  /** Told in words of what was out of order and has been put right. */
  tell?(words: string): void
}

/** The whole registry of a data directory in this thread, without its server; beside a running one too. */
export async function openRegistry({
  dataDir,
  database = '',
  secret = '',
  now,
  catalogue = shipped,
  acts,
  clockDoubt,
  search: filled = 'here',
  longestStepMs,
  onLag,
  onFailure,
  tell = () => undefined,
}: Options) {
  const paths = pathsIn(dataDir)
  enter(dataDir, tell, { isCopied: database !== '' })
  const register = await openRegister({ dataDir, database, secret }, now)
  const writer = await openMended(dataDir, tell, () =>
    openWriter({ dataDir, register, catalogue, search: filled, longestStepMs, onLag, tell }),
  )
  const views = new Views(paths.views, catalogue)
  const search = openSearch({ embedded: true }, { path: paths.search, views, catalogue, now })
  const drafts = new Drafts(paths.drafts, database)
  const jobs = new JobStore(paths, database, (name) => views.authorities().namesOf(name))
  const accesses = database === '' ? new AccessLog(paths.accesses) : new SharedAccesses(database)
  const following = new Following(paths.following, database)
  const sessions = new Sessions(paths.sessions, database)
  const rater = localRater({ views, drafts, catalogue })
  const registry = new Registry({
    register,
    writer,
    views,
    search,
    rater,
    drafts,
    reports: localReports({ views, now }),
    searchEntries: register.search,
    pasts: localPasts({ register, views, faces: new Faces({ views, catalogue, now }), catalogue, now }),
    accesses,
    following,
    sessions,
    imports: jobs,
    person: hashOfPersons(paths),
    breached: paths.breached,
    catalogue,
    ...(acts && { acts }),
    ...(clockDoubt && { clockDoubt }),
    now,
    onFailure,
  })
  return {
    registry,
    register,
    writer,
    views,
    search,
    rater,
    jobs,
    paths,
    async close() {
      await rater.stop()
      await registry.campaigns.settled()
      await search.close()
      await drafts.close()
      await jobs.close()
      await accesses.close()
      await following.close()
      await sessions.close()
      views.close()
      await writer.close()
    },
  }
}
