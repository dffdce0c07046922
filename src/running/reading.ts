import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { publicSite } from '../../public-site/site.tsx'
import { processMetrics } from '../api/metrics.ts'
import { buildServer } from '../api/server.ts'
import { Copies } from '../bulk/copies.ts'
import { Checks } from '../checking/checks.ts'
import { openStampKeys } from '../checking/keys.ts'
import { recentReports } from '../computing/recent.ts'
import type { Settings } from '../config.ts'
import { isDemo } from '../demo/demo.ts'
import { baseOf } from '../http/address.ts'
import { Faces } from '../views/faces.ts'
import { ClockWatch } from './clock-watch.ts'
import { closable } from './closing.ts'
import { boundedConnections } from './connections.ts'
import { failuresTold } from './failures.ts'
import { tellFigures } from './figures-beside.ts'
import { handerOn } from './handing-on.ts'
import { handingSocket } from './meeting.ts'
import { openRegistry } from './open-registry.ts'
import { startComputing } from './remote-computing.ts'
import type { Node } from './serving.ts'

const PAGES = ['/', '/enterprises/:code', '/search', '/blacklist', '/blacklist/:id', '/honours']
const SEARCHES = new Set(['/search', '/en/search', '/suggest', '/api/v1/enterprises'])
const API = ['/enterprises', '/enterprises/:code', '/blacklist', '/blacklist/:id', '/honours']
/** What is asked most, and needs nothing but the views and the index of names: these routes, asked as the public asks. */
const READ_HERE = new Set([
  ...PAGES,
  ...PAGES.map((page) => (page === '/' ? '/en' : `/en${page}`)),
  '/en/',
  '/suggest',
  ...API.map((path) => `/api/v1${path}`),
])
const FIRST = ['/', '/blacklist', '/api/v1/blacklist?limit=1']
/** Who says who they are is answered by the process that knows who may what, and notes who looked. */
const NAMED_BY = ['authorization', 'cookie', 'min-position'] as const
/** The past and tables of many rows are worked out elsewhere. */
const NOT_NOW = ['asOf', 'position', 'format'] as const

/** Whether a request is answered by a process that only reads. */
export function isReadHere({
  method,
  routeOptions,
  headers,
  originalUrl,
}: Pick<FastifyRequest, 'method' | 'headers' | 'originalUrl'> & {
  routeOptions: { url?: string | undefined }
}): boolean {
  const asked = new URLSearchParams(originalUrl.split('?')[1])
  return (
    (method === 'GET' || method === 'HEAD') &&
    READ_HERE.has(routeOptions.url ?? '') &&
    NAMED_BY.every((name) => headers[name] === undefined) &&
    !NOT_NOW.some((name) => asked.has(name))
  )
}

/**
 * A process that answers what the public reads, and hands everything else on to the one that does all, which it meets in a folder; not yet
 * listening. It reads the same views, so what was acknowledged anywhere is shown here. While the clock is doubtful the other
 * one, which knows what time is believed, answers alone.
 */
export async function startReading(settings: Settings, log: Logger, meeting: string): Promise<Node> {
  const { DATA_DIR: dataDir, DATABASE_URL: database, NODES_SECRET: secret } = settings
  const onFailure = failuresTold(log)
  let clock: ClockWatch | undefined
  const now = () => clock?.now() ?? new Date()
  const opened = await openRegistry({
    dataDir,
    database,
    secret,
    now,
    onLag: (error) => onFailure(error, 'following'),
    onFailure: (error) => onFailure(error, 'reading'),
    tell: (words) => log.warn(words),
  })
  const { registry, register, views, search, paths, jobs } = opened
  const watch = new ClockWatch({ register, gapDays: settings.CLOCK_GAP_DAYS, onChange: () => undefined })
  clock = watch
  await watch.start(() => undefined)
  const computing = startComputing(
    {
      views: paths.views,
      drafts: paths.drafts,
      register: paths.register,
      database,
      accepted: watch.accepted,
    },
    (error) => log.error({ err: error }, 'the computing thread ended; it begins anew with the next request'),
  )
  const { preview, draw } = computing
  const faces = new Faces({ views, catalogue: registry.catalogue, now })
  const checks = new Checks({
    finder: { search, shown: (key) => faces.file(key)?.file },
    faces,
    lists: paths.lists,
    registry: settings.OPERATOR,
    keys: await openStampKeys(paths, now),
    position: () => registry.position(),
    now,
  })
  // The first to search does not wait until all names have been read.
  await search.search({ text: '示例', filters: {}, limit: 1 }).catch((error) => onFailure(error, 'search'))
  const demo = await isDemo(register)
  const other = handerOn(handingSocket(meeting), baseOf(settings))
  const connections = boundedConnections(log)
  const own = processMetrics(`reading-${process.pid}`, connections.dropped)
  const telling = await tellFigures(own, meeting)
  const app = await buildServer({
    registry,
    imports: {
      jobs,
      start: () => undefined,
      standstill: () => undefined,
      maxUploadBytes: 0,
      preview,
      match: (firms) => checks.match(firms),
    },
    checks,
    copies: new Copies(paths.bulk),
    figures: { own },
    log,
    settings,
    handOn(request, reply) {
      const isOutside = settings.MEILI_URL !== '' && SEARCHES.has(request.routeOptions.url ?? '')
      if (watch.doubt === undefined && isReadHere(request) && !isOutside) return false
      other.handOn(request, reply)
      return true
    },
    pages: (pages) =>
      publicSite(pages, {
        registry,
        reports: recentReports(computing.reports, now),
        draw,
        checks,
        settings,
        isDemo: () => demo,
      }).unknownPage,
  })
  // Who comes first does not wait until what answers has been made ready.
  for (const url of FIRST) await app.inject(url)
  connections.bound(app.server)
  const closeServer = closable(app.server, app.base)
  return {
    app,
    async close() {
      watch.stop()
      await closeServer(() => app.close())
      other.close()
      telling.close()
      await checks.stop()
      await computing.rater.stop()
      await opened.close()
    },
  }
}
