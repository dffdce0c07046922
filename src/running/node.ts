import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { publicSite } from '../../public-site/site.tsx'
import { buildServer } from '../api/server.ts'
import { type Directory, openIdDirectory } from '../authority/directory.ts'
import { personHash, personKey } from '../authority/persons.ts'
import { Sessions } from '../authority/sessions.ts'
import { recentReports } from '../computing/recent.ts'
import { type Settings, wantsDemo } from '../config.ts'
import { isDemo, loadDemo } from '../demo/demo.ts'
import { desk } from '../desk/desk.tsx'
import { sessionKey } from '../desk/session.ts'
import { JobFolder } from '../exchange/jobs.ts'
import type { NamedFirm } from '../exchange/matching.ts'
import type { App } from '../http/app.ts'
import { Drafts } from '../rating/drafts.ts'
import { catalogue } from '../records/catalogue.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { Registry } from '../registry/registry.ts'
import { Views } from '../views/views.ts'
import { ClockWatch } from './clock-watch.ts'
import { closable } from './closing.ts'
import { holdAgainstViews, isBroken, setAsideBroken, suspect } from './data-dir.ts'
import { connectionsAllowed, openFilesLimit } from './handles.ts'
import { identityOf, searchChoice } from './open-search.ts'
import { hasRegister, keepToOneself } from './own-place.ts'
import { pathsIn } from './paths.ts'
import { readiness } from './readiness.ts'
import { startAccesses } from './remote-accesses.ts'
import { startChecking } from './remote-checking.ts'
import { startComputing } from './remote-computing.ts'
import { startImporting } from './remote-importing.ts'
import { startSearching } from './remote-searching.ts'
import { startWriter } from './remote-writer.ts'

const DAILY_CHECK_MS = 10 * 60_000
const DAILY_LEASE_MS = 15 * 60_000
const CAMPAIGNS_LEASE_MS = 60_000

export interface Node {
  app: App
  /** Stops taking requests, finishes what was accepted, closes everything. */
  close(): Promise<void>
}

/**
 * Opens the registry in its data directory and builds its server, not yet listening. An index that turns out to be
 * broken with the first search is set aside, and all is begun once more; `isSecond` tells of that.
 */
export async function startNode(
  settings: Settings,
  log: Logger,
  onDeath: (error: Error) => void,
  isSecond = false,
): Promise<Node> {
  const { DATA_DIR: dataDir, LOG_LEVEL: logLevel } = settings
  keepToOneself(dataDir, (words) => log.warn(words))
  if (!hasRegister(dataDir)) log.warn(`${resolve(dataDir)} 中没有登记簿，新建一个。`)
  mkdirSync(dataDir, { recursive: true })
  // Names this process in leases.
  const holder = randomUUID()
  const paths = pathsIn(dataDir)
  setAsideBroken(dataDir, (words) => log.warn(words))
  const register = openSqliteRegister(paths.register, () => clock.now())
  await holdAgainstViews(register, dataDir)
  const clock = new ClockWatch({
    register,
    gapDays: settings.CLOCK_GAP_DAYS,
    onChange(doubt) {
      if (doubt) log.error({ clock: doubt.kind }, doubt.words)
      else {
        log.info('时钟已确认，恢复办理')
        takeUp().catch((error: unknown) => onFailure(error, 'what waited for the clock'))
      }
    },
  })
  const { now, accepted } = clock
  const choice = searchChoice(settings, await identityOf(register))
  const thread = startWriter({ dataDir, logLevel, choice, accepted }, onDeath)
  const writer = clock.guarded(thread)
  await writer.catchUp()
  const views = new Views(paths.views)
  const search = startSearching({ ...paths, choice }, (error) =>
    log.error({ err: error }, 'the search broke off'),
  )
  // The first query would otherwise wait until all names have been read, and a broken file would show only then. An index
  // outside is not asked: before it is made it fails, and what fails is left alone for a while.
  const fault = choice.outside
    ? undefined
    : await search.search({ text: 'shili', filters: {}, limit: 1 }).then(
        () => undefined,
        (error: unknown) => error,
      )
  if (fault !== undefined) log.warn({ err: fault }, 'search does not answer yet')
  if (isBroken(fault) && !isSecond) {
    suspect(dataDir, fault)
    await Promise.all([thread.close(), search.close(), register.close()])
    views.close()
    return startNode(settings, log, onDeath, true)
  }
  const drafts = new Drafts(paths.drafts)
  const sessions = new Sessions(paths.sessions)
  const onThreadDeath = (what: string) => (error: Error) => log.error({ err: error }, what)
  const accesses = startAccesses(paths.accesses, onThreadDeath('the access log broke off'))
  const { rater, reports, searchEntries, preview, draw, ...computing } = startComputing(
    { views: paths.views, drafts: paths.drafts, register: paths.register, accepted },
    onThreadDeath('the computing thread ended; it begins anew with the next request'),
  )
  const checks = startChecking(
    { ...paths, registry: settings.OPERATOR },
    search.port,
    onThreadDeath('batch checks broke off'),
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
    person: personHash(personKey(paths.personKey)),
    accessDays: settings.ACCESS_LOG_DAYS,
    catalogue,
    now,
    clockDoubt: () => clock.doubt?.words,
    onFailure,
  })
  if (wantsDemo(settings)) await loadDemo(register, writer, catalogue, now())
  const demo = await isDemo(register)

  const folder = new JobFolder(paths.imports)
  const importing = startImporting({
    data: { dataDir, logLevel, choice, accepted },
    folder,
    register,
    now,
    mayRun: () => clock.doubt === undefined,
    onFault: (error) => log.error({ err: error }, 'imports broke off'),
  })
  let daily: Promise<void> = Promise.resolve()
  const runDaily = () => {
    daily = daily.then(async () => {
      if (clock.doubt || !(await register.lease('daily', holder, DAILY_LEASE_MS))) return
      try {
        const count = await registry.runDaily()
        if (count > 0) log.info({ count }, 'appended what the day brought')
      } catch (error) {
        log.error({ err: error }, 'daily job failed')
      }
    })
  }
  let holdsCampaigns = false
  const takeCampaigns = async () => {
    const held = holdsCampaigns
    holdsCampaigns = !clock.doubt && (await register.lease('campaigns', holder, CAMPAIGNS_LEASE_MS))
    if (holdsCampaigns && !held) registry.campaigns.resume()
  }
  /** Does, or goes on with, whatever the program does by itself; nothing of it while the clock is doubtful. */
  const takeUp = async () => {
    if (clock.doubt) return
    await registry.authorities.carryOver()
    await importing.takeUp()
    runDaily()
    await takeCampaigns()
  }
  await clock.start()
  await takeUp()
  const timers = [
    setInterval(runDaily, DAILY_CHECK_MS),
    setInterval(() => {
      takeCampaigns().catch((error: unknown) => onFailure(error, 'campaigns'))
    }, CAMPAIGNS_LEASE_MS / 4),
  ]
  const imports = {
    folder,
    start: () => importing.start(),
    maxUploadBytes: settings.MAX_UPLOAD_MB * 1024 * 1024,
    preview,
    match: (firms: readonly NamedFirm[]) => checks.match(firms),
  }
  const app = await buildServer({
    registry,
    imports,
    checks,
    log,
    settings,
    readiness: readiness({
      dataDir,
      views,
      search,
      probe: thread.probe,
      probeLog: accesses.probe,
      clock,
    }),
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
        sessions,
        reached: settings,
      })
      return unknownPage
    },
  })
  app.server.once('listening', () => {
    for (const { begin } of [accesses, search, computing]) begin()
  })
  app.server.maxConnections = connectionsAllowed(openFilesLimit())
  const closeServer = closable(app.server)
  return {
    app,
    async close() {
      for (const timer of timers) clearInterval(timer)
      clock.stop()
      await closeServer(() => app.close())
      await rater.stop()
      await checks.stop()
      await importing.stop()
      await daily
      await registry.campaigns.settled()
      await register.lease('daily', holder, 0)
      await register.lease('campaigns', holder, 0)
      await writer.close()
      drafts.close()
      sessions.close()
      await accesses.stop()
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
