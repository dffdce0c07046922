import { existsSync } from 'node:fs'
import { publicSite } from '../../public-site/site.tsx'
import { processMetrics } from '../api/metrics.ts'
import { buildServer } from '../api/server.ts'
import { type Directory, openIdDirectory } from '../authority/directory.ts'
import { Following } from '../authority/following.ts'
import { Sessions } from '../authority/sessions.ts'
import { Copies } from '../bulk/copies.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { openStampKeys } from '../checking/keys.ts'
import { takeAwayLists } from '../checking/lists.ts'
import { watchedChecks } from '../checking/watched.ts'
import { recentReports } from '../computing/recent.ts'
import { type Settings, wantsDemo } from '../config.ts'
import { isDemo, loadDemo } from '../demo/demo.ts'
import { desk } from '../desk/desk.tsx'
import { JobStore } from '../exchange/job-store.ts'
import type { NamedFirm } from '../exchange/matching.ts'
import type { App } from '../http/app.ts'
import { Drafts } from '../rating/drafts.ts'
import { catalogue } from '../records/catalogue.ts'
import { holderName } from '../register/holder.ts'
import { keyIn } from '../register/key-file.ts'
import { inTurnOn } from '../register/turn.ts'
import { Registry } from '../registry/registry.ts'
import { stampOf } from '../views/stamp.ts'
import { Views } from '../views/views.ts'
import { watchedWriter } from '../writer/watched.ts'
import { startThread } from './calls.ts'
import { closable } from './closing.ts'
import { boundedConnections } from './connections.ts'
import type { CopyingThread } from './copying-thread.ts'
import { type Duties, LEASE_MS, LOOK_MS, startDuties } from './duties.ts'
import { failuresTold } from './failures.ts'
import { figuresBeside } from './figures-beside.ts'
import { filesThere } from './files-there.ts'
import { hashOfPersons } from './keys.ts'
import { makeMeeting } from './meeting.ts'
import type { Opened } from './node.ts'
import { nodeLease, nodeName, nodesKnown } from './nodes.ts'
import { workAt } from './open-register.ts'
import { poster } from './outgoing.ts'
import { pathsIn } from './paths.ts'
import { readiness } from './readiness.ts'
import { shareAccesses, startAccesses } from './remote-accesses.ts'
import { startChecking } from './remote-checking.ts'
import { startComputing } from './remote-computing.ts'
import { IMPORTS, startImporting } from './remote-importing.ts'
import { keepReserve } from './reserve.ts'
import { roleHere } from './roles.ts'
import { SharedCopies } from './shared-copies.ts'
import { UpkeepClock } from './upkeep.ts'
import type { UpkeepThread } from './upkeep-thread.ts'
import { warmUp } from './warming.ts'

const DAILY_CHECK_MS = 10 * 60_000
const WEBHOOKS_LOOK_MS = 1_000
const COPIES_LOOK_MS = 30_000
const UPKEEP_LOOK_MS = 20_000
const UPKEEP_LEASE_MS = 10 * 60_000
/** What breaks off is told by what was asked of it. */
const UPKEEP = { revive: () => undefined, onDeath: () => undefined }
/** What later requests would otherwise wait for begins so long after the first can be answered, so as not to hold it up. */
const QUIET_MS = 1_000

export interface Node {
  app: App
  /** Stops taking requests, finishes what was accepted, closes everything. */
  close(): Promise<void>
}

/** The registry over what has been opened, with whatever it does by itself, and its server, not yet listening. */
export async function serving(opened: Opened): Promise<Node> {
  const { settings, log, linesLost, register, clock, choice, thread, search } = opened
  const { DATA_DIR: dataDir, DATABASE_URL: database, LOG_LEVEL: logLevel } = settings
  const paths = pathsIn(dataDir)
  const { now, accepted } = clock
  const { writer, figures: writes } = watchedWriter(clock.guarded(thread))
  const views = new Views(paths.views)
  // Names this process in leases.
  const holder = holderName()
  const workHere = (work: string) => workAt({ dataDir, database }, work)
  const drafts = new Drafts(paths.drafts, database)
  const sessions = new Sessions(paths.sessions, database)
  const following = new Following(paths.following, database)
  const onThreadDeath = (what: string) => (error: Error) => log.error({ err: error }, what)
  const accesses =
    database === ''
      ? startAccesses(paths.accesses, onThreadDeath('the access log broke off'))
      : await shareAccesses(paths.accesses, database)
  accesses.begin()
  const { rater, reports, searchEntries, pasts, shownFiles, preview, draw, ...computing } = startComputing(
    { views: paths.views, drafts: paths.drafts, register: paths.register, database, accepted },
    onThreadDeath('the computing thread ended; it begins anew with the next request'),
  )
  // Made here where there is none, so that two threads, or two processes that begin together, don't each make one.
  const stamped = () => openStampKeys(paths, now)
  await (existsSync(paths.stampKey) ? stamped() : inTurnOn(paths.register, stamped))
  takeAwayLists(paths.lists)
  const role = roleHere()
  const meeting = role && makeMeeting(role.meeting)
  const { checks, figures: checksHeld } = watchedChecks(
    startChecking(
      { ...paths, registry: settings.OPERATOR, believed: clock.believed },
      search.port,
      onThreadDeath('batch checks broke off'),
    ),
  )
  const onFailure = failuresTold(log)
  const jobs = new JobStore(paths, database, (name) => views.authorities().namesOf(name))
  await jobs.share()
  const beside = [sessions, jobs, drafts, following]
  let duties: Duties | undefined
  const registry = new Registry({
    imports: jobs,
    register,
    writer,
    views,
    search,
    rater,
    drafts,
    reports,
    searchEntries,
    pasts,
    shownFiles,
    accesses,
    following,
    sessions,
    ...(database !== '' && { shared: beside }),
    person: hashOfPersons(paths),
    breached: paths.breached,
    accessDays: settings.ACCESS_LOG_DAYS,
    runsCampaigns: () => duties?.holds('campaigns') ?? false,
    catalogue,
    now,
    clockDoubt: () => clock.doubt?.words,
    onFailure,
  })
  if (wantsDemo(settings)) await loadDemo(register, writer, catalogue, now())
  const demo = await isDemo(register)

  const importing = startImporting({
    holder,
    data: { dataDir, database, logLevel, choice, accepted },
    jobs,
    register,
    now,
    mayRun: () => clock.doubt === undefined,
    onFault: (error) => onFailure(error, 'imports'),
    onStandstill(standstill) {
      if (standstill) log.warn(standstill.reason)
      else log.info('导入继续办理。')
    },
  })
  registry.wakeImports = () => importing.start()
  /** Ends the making of copies, which the next start begins anew. */
  let leaveOffCopies: (() => Promise<void>) | undefined
  let isClosing = false
  const copies = new Copies(paths.bulk)
  const sharedCopies = database === '' ? undefined : new SharedCopies(paths.bulk, database)
  /** Golden copies of the day, in a thread of their own for as long as that takes. */
  const makeCopies = async () => {
    if (settings.BULK_DAYS === 0) return
    const { epoch } = await register.standing()
    if (isClosing) return
    const { bulk, views, stampKey, stampKeys } = paths
    const thread = startThread<CopyingThread>(
      'copying',
      { data: { bulk, views, stampKey, stampKeys, believed: clock.believed } },
      { revive: () => undefined, onDeath: onThreadDeath('copying broke off') },
    )
    leaveOffCopies = () => thread.leaveOff()
    try {
      for (const { audience, position } of await thread.call('keepUp', epoch, settings.BULK_DAYS, false))
        log.info({ audience, position }, 'made a copy')
      await sharedCopies?.give()
    } catch (error) {
      if (!isClosing) throw error
    } finally {
      leaveOffCopies = undefined
      await thread.stop()
    }
  }
  let daily: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    daily = daily.then(async () => {
      if (clock.doubt) return
      await work().catch((error: unknown) => onFailure(error, 'daily job'))
    })
  }
  /** The day that the job was last begun on: a new one is not to wait for its turn. */
  let ranOn = ''
  const bringDay = async () => {
    ranOn = shanghaiDate(registry.now())
    await registry.follow()
    const count = await registry.runDaily()
    if (count > 0) log.info({ count }, 'appended what the day brought')
  }
  const runDaily = () => inTurn(bringDay)
  const takeCopies = () =>
    inTurn(async () => {
      if (!duties?.holds('copies')) await sharedCopies?.take()
    })
  /** Does a work when it is taken over, and every ten minutes from then on, or sooner where it says so. */
  const everyTenMinutes = (work: () => void, waitMs = () => DAILY_CHECK_MS) => {
    let ranAt = 0
    return (isNew: boolean) => {
      if (!isNew && performance.now() - ranAt < waitMs()) return
      ranAt = performance.now()
      work()
    }
  }
  const name = nodeName(dataDir)
  const here = nodeLease(name, holder, stampOf(catalogue))
  duties = startDuties({
    holder,
    register,
    mayHold: () => clock.doubt === undefined,
    onFault: onFailure,
    works: {
      daily: everyTenMinutes(runDaily, () => (ranOn === shanghaiDate(registry.now()) ? DAILY_CHECK_MS : 0)),
      // Whoever takes it over begins with the copies that all have.
      copies: everyTenMinutes(
        () =>
          inTurn(async () => {
            await sharedCopies?.take()
            // The node that holds the other duty may come to the day later: a copy of today says what the day has brought.
            if (ranOn !== shanghaiDate(registry.now())) await bringDay()
            await makeCopies()
          }),
        // Those that hold what was erased since are refused, so there are none until others are made.
        () =>
          copies.positions().some((position) => views.hasErasedAfter(position))
            ? COPIES_LOOK_MS
            : DAILY_CHECK_MS,
      ),
      campaigns: () => registry.campaigns.resume(),
      webhooks: () => undefined,
    },
  })
  /** Does, or goes on with, whatever the program does by itself; nothing of it while the clock is doubtful. */
  const takeUp = async () => {
    if (clock.doubt) return
    await registry.authorities.carryOver()
    await importing.takeUp()
    await duties?.look()
  }
  await clock.start(() => {
    takeUp().catch((error: unknown) => onFailure(error, 'what waited for the clock'))
  })
  await takeUp()
  const sayHere = () => {
    register
      .lease(here.work, here.holder, LEASE_MS)
      .catch((error: unknown) => onFailure(error, 'saying that this node runs'))
  }
  if (database !== '') sayHere()
  const upkeep = new UpkeepClock(registry.position(), now())
  const keepUp = async () => {
    if (clock.doubt || importing.isRunning() || !upkeep.isDue(registry.position(), now())) return
    if (!(await register.lease(workHere('upkeep'), holder, UPKEEP_LEASE_MS))) return
    const own = startThread<UpkeepThread>('upkeep', { data: { dataDir } }, UPKEEP)
    try {
      log.info({ upkeep: await own.call('keepUp') }, 'looked after the databases')
    } finally {
      await own.stop()
    }
  }
  registry.webhooks.post = poster({ allowPrivate: settings.WEBHOOK_PRIVATE === 'true' })
  const deliver = async () => {
    if (clock.doubt || isClosing || !duties?.holds('webhooks')) return
    // What was set, or taken away, on another node.
    await following.follow()
    const mayGoOn = () => duties?.holds('webhooks') ?? false
    registry.webhooks.deliver((error) => onFailure(error, 'webhooks'), mayGoOn)
  }
  const webhooks = inTurns(deliver, WEBHOOKS_LOOK_MS, (error) => onFailure(error, 'webhooks'))
  const upkeeping = inTurns(keepUp, UPKEEP_LOOK_MS, (error) => onFailure(error, 'upkeep'))
  const reserve = async () => keepReserve(dataDir)
  const setAside = () => reserve().catch((error: unknown) => onFailure(error, 'keeping room aside'))
  await setAside()
  const timers = [
    setInterval(setAside, DAILY_CHECK_MS),
    webhooks.timer,
    upkeeping.timer,
    ...(database === '' ? [] : [setInterval(sayHere, LOOK_MS), setInterval(takeCopies, COPIES_LOOK_MS)]),
  ]
  if (database !== '') takeCopies()
  const imports = {
    jobs,
    start: () => importing.start(),
    standstill: () => importing.standstill(),
    maxUploadBytes: settings.MAX_UPLOAD_MB * 1024 * 1024,
    preview,
    match: (firms: readonly NamedFirm[]) => checks.match(firms),
  }
  const connections = boundedConnections(log)
  const app = await buildServer({
    registry,
    imports,
    checks,
    copies,
    figures: {
      checks: checksHeld,
      writes,
      linesLost,
      own: processMetrics(meeting && 'all', connections.dropped),
      ...(meeting !== undefined && { others: () => figuresBeside(meeting) }),
    },
    log,
    settings,
    readiness: readiness({
      dataDir,
      views,
      search,
      isSearchOutside: settings.MEILI_URL !== '',
      probe: thread.probe,
      standstill: imports.standstill,
      probeLog: accesses.probe,
      probeDesk: async () => {
        await Promise.all(beside.map((store) => store.probe()))
      },
      filesThere: filesThere(dataDir),
      clock,
      isBegun: true,
      ...(database !== '' && {
        nodes: async () => ({
          name,
          behind: await register.behind(),
          ...nodesKnown(await register.leases(), ['daily', 'campaigns', 'copies', 'webhooks', IMPORTS]),
        }),
      }),
    }),
    pages: (pagesApp) => {
      const { answers, unknownPage } = publicSite(pagesApp, {
        registry,
        reports: recentReports(reports, now),
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
        sessionKey: keyIn(paths.sessionKey),
        secondFactor: settings.SECOND_FACTOR,
        bulletinEvery: settings.BULLETIN_EVERY,
        sessions,
        reached: settings,
      })
      return unknownPage
    },
  })
  const prepare = async () => {
    for (const { begin } of [computing, thread]) begin()
    // What the daily job of another node clears there has left files here.
    inTurn(async () => {
      await jobs.prune(now())
    })
    // Who types pinyin first does not wait until the search has learned how every character is read.
    if (!choice.outside) search.search({ text: 'shili', filters: {}, limit: 1 }).catch(() => undefined)
    await warmUp(app, views.outlines(0, 1)[0]?.key, () => isClosing)
  }
  app.server.once('listening', () => {
    const soon = () => prepare().catch((error: unknown) => onFailure(error, 'preparing for requests'))
    timers.push(setTimeout(soon, QUIET_MS))
  })
  connections.bound(app.server)
  const closeServer = closable(app.server, app.base)
  return {
    app,
    async close() {
      isClosing = true
      for (const timer of timers) clearInterval(timer)
      clock.stop()
      await closeServer(() => app.close())
      await rater.stop()
      await checks.stop()
      await importing.stop()
      await leaveOffCopies?.()
      await webhooks.settled()
      await registry.webhooks.close()
      await daily
      await upkeeping.settled()
      await registry.campaigns.settled()
      await duties?.stop()
      if (database !== '')
        await register
          .lease(here.work, here.holder, 0)
          .catch((error: unknown) => onFailure(error, 'saying that this node ends'))
      await writer.close()
      await drafts.close()
      await jobs.close()
      await sharedCopies?.close()
      await sessions.close()
      await accesses.stop()
      await following.close()
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

/** Does something every so often, never twice at a time. */
function inTurns(act: () => Promise<void>, everyMs: number, onFault: (error: unknown) => void) {
  let underWay: Promise<void> | undefined
  const timer = setInterval(() => {
    underWay ??= act()
      .catch(onFault)
      .finally(() => {
        underWay = undefined
      })
  }, everyMs)
  return { timer, settled: async () => underWay }
}
