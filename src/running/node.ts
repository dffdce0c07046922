import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { publicSite } from '../../public-site/site.tsx'
import { buildServer } from '../api/server.ts'
import { AccessLog } from '../authority/access-log.ts'
import { type Directory, openIdDirectory } from '../authority/directory.ts'
import { recentReports } from '../computing/recent.ts'
import type { Settings } from '../config.ts'
import { isDemo, loadDemo } from '../demo/demo.ts'
import { desk } from '../desk/desk.tsx'
import { sessionKey } from '../desk/session.ts'
import { JobFolder } from '../exchange/jobs.ts'
import type { App } from '../http/app.ts'
import { Drafts } from '../rating/drafts.ts'
import { catalogue } from '../records/catalogue.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { Registry } from '../registry/registry.ts'
import { Views } from '../views/views.ts'
import { openSearch, searchChoice } from './open-search.ts'
import { pathsIn } from './open-writer.ts'
import { startChecking } from './remote-checking.ts'
import { startComputing } from './remote-computing.ts'
import { startWriter } from './remote-writer.ts'

const DAILY_CHECK_MS = 10 * 60_000

export interface Node {
  app: App
  /** Stops taking requests, finishes what was accepted, closes everything. */
  close(): Promise<void>
}

/** Opens the registry in its data directory and builds its server, not yet listening. */
export async function startNode(
  settings: Settings,
  log: Logger,
  onDeath: (error: Error) => void,
): Promise<Node> {
  const now = () => new Date()
  mkdirSync(settings.DATA_DIR, { recursive: true })
  const paths = pathsIn(settings.DATA_DIR)
  const register = openSqliteRegister(paths.register, now)
  const choice = searchChoice(settings)
  const writer = startWriter({ dataDir: settings.DATA_DIR, logLevel: settings.LOG_LEVEL, choice }, onDeath)
  await writer.catchUp()
  const views = new Views(paths.views)
  const search = openSearch(choice, { path: paths.search, views, catalogue, now })
  const drafts = new Drafts(paths.drafts)
  const accesses = new AccessLog(paths.accesses)
  const { rater, reports, searchEntries, preview, draw } = startComputing(
    { views: paths.views, drafts: paths.drafts, register: paths.register },
    onDeath,
  )
  const checks = startChecking({ ...paths, registry: settings.OPERATOR, choice }, (error) =>
    log.error({ err: error }, 'batch checks broke off'),
  )
  const onFailure = (error: unknown, work: string) => log.error({ err: error, work }, 'work broke off')
  const registry = new Registry({
    register,
    writer,
    views,
    search,
    rater,
    drafts,
    reports,
    searchEntries,
    accesses,
    accessDays: settings.ACCESS_LOG_DAYS,
    catalogue,
    now,
    onFailure,
  })
  if (settings.NODE_ENV !== 'production') await loadDemo(register, writer, catalogue, now())
  const demo = await isDemo(register)

  const runImports = () => {
    writer.runImports().catch((error: unknown) => log.error({ err: error }, 'imports stopped'))
  }
  const runDaily = () => {
    registry.runDaily().then(
      (count) => count > 0 && log.info({ count }, 'appended what the day brought'),
      (error: unknown) => log.error({ err: error }, 'daily job failed'),
    )
  }
  runImports()
  runDaily()
  registry.campaigns.resume()
  const timer = setInterval(runDaily, DAILY_CHECK_MS)
  // The first query by pinyin would otherwise wait until every syllable has been read.
  await registry.search({ text: 'shili', filters: {}, limit: 1 }).catch((error: unknown) => {
    log.warn({ err: error }, 'search does not answer yet')
  })

  const imports = {
    folder: new JobFolder(paths.imports),
    start: runImports,
    maxUploadBytes: settings.MAX_UPLOAD_MB * 1024 * 1024,
    preview,
  }
  const app = await buildServer({
    registry,
    imports,
    log,
    settings,
    pages: (pagesApp) => {
      const { answers, unknownPage } = publicSite(pagesApp, {
        registry,
        reports: recentReports(reports),
        draw,
        checks,
        settings,
        isDemo: () => demo,
      })
      desk(pagesApp, {
        registry,
        answers,
        imports,
        draw,
        directory: directoryOf(settings),
        sessionKey: sessionKey(paths.sessionKey),
      })
      return unknownPage
    },
  })
  return {
    app,
    async close() {
      clearInterval(timer)
      await app.close()
      await rater.stop()
      await checks.stop()
      await registry.campaigns.settled()
      await writer.close()
      drafts.close()
      accesses.close()
      await search.close()
      views.close()
      await register.close()
    },
  }
}

/** The directory that officers may sign in through, where one is set. */
function directoryOf(settings: Settings): Directory | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_LOGIN_CLAIM } = settings
  if (issuer === '') return undefined
  return openIdDirectory({
    issuer,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    claim: OIDC_LOGIN_CLAIM,
  })
}
