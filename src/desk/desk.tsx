import { Readable } from 'node:stream'
import secureSession from '@fastify/secure-session'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { z } from 'zod'
import type { AccessAct } from '../authority/access-log.ts'
import { decidingDuties } from '../authority/administration.ts'
import type { Directory } from '../authority/directory.ts'
import type { Scope } from '../authority/keys.ts'
import { hasSecondFactor, officerSubject } from '../authority/officers.ts'
import { Passkeys, relyingPartyOf } from '../authority/passkeys.ts'
import { holds, lackingInWords } from '../authority/rights.ts'
import { scopesOf } from '../authority/roles.ts'
import type { Sessions } from '../authority/sessions.ts'
import { Throttle } from '../authority/throttle.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Draw } from '../charts/chart.ts'
import type { Settings } from '../config.ts'
import type { ImportService } from '../exchange/import-service.ts'
import { baseOf, isSecure, type Reached, rootOf } from '../http/address.ts'
import type { App } from '../http/app.ts'
import { problemOfRequest } from '../http/errors.ts'
import { takeForms } from '../http/form.ts'
import { MovedTo } from '../http/moved-to.ts'
import { Problem } from '../http/problem.ts'
import { fingerprintOf } from '../register/entry.ts'
import { makerWords } from '../registry/person-words.ts'
import type { Registry } from '../registry/registry.ts'
import type { Answers } from '../ui/answers.tsx'
import { type Asking, AskingContext } from './components/asking.ts'
import { type Asker, actorOf, type Desk, SignInFirst } from './contract.ts'
import { commandOf, formIn, KeptForms } from './kept-forms.ts'
import { DeskProblemPage } from './pages/problem.tsx'
import { refusedOf } from './refusals.ts'
import { deskAccount } from './routes/account.tsx'
import { deskAccounts } from './routes/accounts.tsx'
import { deskActs } from './routes/acts.tsx'
import { deskRuleSets, deskStandards } from './routes/adoption.tsx'
import { deskAudit } from './routes/audit.tsx'
import { deskBulletins } from './routes/bulletins.tsx'
import { deskCampaigns } from './routes/campaigns.tsx'
import { deskCases } from './routes/cases.tsx'
import { deskDirectory } from './routes/directory.tsx'
import { deskFiles } from './routes/files.tsx'
import { deskImports } from './routes/imports.tsx'
import { deskObjections } from './routes/objections.tsx'
import { deskQueue } from './routes/queue.tsx'
import { deskRecords } from './routes/records.tsx'
import { deskReports } from './routes/reports.tsx'
import { deskSignIn } from './routes/sign-in.tsx'
import { deskSupervision } from './routes/supervision.tsx'
import { deskSystem } from './routes/system.tsx'
import { deskWaiting } from './routes/waiting.tsx'
import { endedSession, FORGET_ALL, isToken, officerOf } from './session.ts'

export interface DeskParts {
  registry: Registry
  answers: Answers
  imports: ImportService
  /** Draws a chart. */
  draw: Draw
  /** The bureau's directory, where there is one. */
  directory?: Directory | undefined
  /** Seals the sessions' cookies. */
  sessionKey: Buffer
  sessions: Sessions
  /** Where the site is reached from outside: by it cookies are bound. */
  reached: Reached
  /** Who needs a one-time code or a passkey beside a password. */
  secondFactor: Settings['SECOND_FACTOR']
  /** Milliseconds by a clock that no hand sets: whoever guessed at passwords waits by it. */
  elapsed?(): number
  bulletinEvery: Settings['BULLETIN_EVERY']
}

/** Routes that tell how far some work is, or what is wrong with what is being typed: nothing of what is on file. */
const PASSIVE = /^\/desk\/(.+\/progress|check\/:\w+)$/
/** Signing in at the directory takes no longer. */
const VISIT_SECONDS = 600
/** Half a year after the last sign-in a device is one like any other. */
const DEVICE_SECONDS = 180 * 24 * 3_600
/**
 * A bureau that mistypes 30 passwords waits, and may try one more a minute; an account from one address, one in ten minutes. From
 * whatever addresses, which may be made up, an account is tried 20 times by devices it has not signed in on, then once in three minutes.
 */
const PAIR = { freeTries: 3, forgetsMs: 10 * 60_000 }
const ADDRESS = { freeTries: 30, forgetsMs: 60_000 }
const ACCOUNT = { freeTries: 20, forgetsMs: 3 * 60_000 }
/** What a request's address names. */
const addressed = z.object({
  code: z.string().optional().catch(undefined),
  id: z.string().optional().catch(undefined),
})
const MAX_FORM_BYTES = 256 * 1024

/** The regulators' desk at `/desk`: signed in by session, complete without scripts. */
export function desk(
  app: App,
  {
    registry,
    answers,
    imports,
    draw,
    directory,
    sessionKey,
    sessions,
    reached,
    secondFactor,
    elapsed = () => performance.now(),
    bulletinEvery,
  }: DeskParts,
): void {
  const [root, secure] = [rootOf(reached), isSecure(reached)]
  const party = relyingPartyOf(baseOf(reached))
  // Where the site is reached by HTTPS alone, its cookies are held to it by their names: to its host alone where it has one of
  // its own, which browsers take for the whole host only; else to its path, so that no other site there is sent them.
  const isOwnHost = secure && root === ''
  const named = (name: string) => (secure ? `__${isOwnHost ? 'Host' : 'Secure'}-${name}` : name)
  const under = (path: string) => (isOwnHost ? '/' : `${root}${path}`)
  const keptForms = new KeptForms()
  app.register(
    async (scope) => {
      takeForms(scope, MAX_FORM_BYTES)
      await scope.register(secureSession, [
        {
          sessionName: 'session',
          key: sessionKey,
          cookieName: named('desk'),
          cookie: { path: under('/desk'), httpOnly: true, sameSite: 'strict', secure },
        },
        {
          sessionName: 'deviceSession',
          key: sessionKey,
          cookieName: named('desk-device'),
          expiry: DEVICE_SECONDS,
          cookie: {
            path: under('/desk/sign-in'),
            httpOnly: true,
            sameSite: 'strict',
            secure,
            maxAge: DEVICE_SECONDS,
          },
        },
        {
          // Whoever comes back from the directory comes from another site.
          sessionName: 'directorySession',
          key: sessionKey,
          cookieName: named('desk-directory'),
          cookie: {
            path: under('/desk/directory'),
            httpOnly: true,
            sameSite: 'lax',
            secure,
            maxAge: VISIT_SECONDS,
          },
        },
      ])
      scope.setErrorHandler<FastifyError | SignInFirst | MovedTo>((error, request, reply) => {
        if (error instanceof MovedTo) return reply.redirect(error.address, error.status)
        if (error instanceof SignInFirst) return signInFirst(request, reply)
        return showProblem(request, reply, error)
      })
      scope.setNotFoundHandler((request, reply) =>
        showProblem(
          request,
          reply,
          new Problem(404, 'unknown', '没有这个地址；请核对，或从上面的栏目进入。'),
        ),
      )
      scope.addHook('onRequest', async (request) => {
        if (request.method !== 'GET' && request.method !== 'HEAD') mustBeOwn(request)
        await registry.follow()
      })
      scope.decorateRequest('deskOfficer', null)
      scope.decorateRequest('deskAsking', undefined)
      scope.decorateRequest('endedDesk', null)
      scope.decorateRequest('toldOff', false)
      // A redirection bears cookies too.
      scope.addHook('onSend', async (_, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
      })
      // Whatever an officer sees is on record before it is shown; what merely follows a bar of progress is not looking.
      scope.addHook('onSend', async (request, reply, payload) => {
        const { url = '' } = request.routeOptions
        if (request.toldOff || isRedirect(reply.statusCode) || PASSIVE.test(url)) return
        await log(request, request.isTold ? 'told' : 'read', request.url).catch((error: unknown) => {
          if (payload instanceof Readable) payload.destroy()
          reply.removeHeader('content-disposition')
          throw error
        })
      })
      const offers: Desk['offers'] = ({ officer, maker }, on, address) => {
        const today = shanghaiDate(registry.now())
        return registry.acts
          .offered(actorOf(officer))(on, address)
          .map((own) => ({ ...own, today, maker }))
      }
      const routes: Desk = {
        app: scope.withTypeProvider(),
        registry,
        imports,
        draw,
        bulletinEvery,
        hasDirectory: directory !== undefined,
        base: baseOf(reached),
        logSignIn: (act, { login, officer }, detail) =>
          registry.accesses.add({
            at: registry.now().toISOString(),
            act,
            by: officerSubject(login),
            officer: officer?.name ?? '',
            authority: officer?.authority ?? '',
            about: '',
            detail,
          }),
        throttle: {
          pair: new Throttle(elapsed, PAIR),
          address: new Throttle(elapsed, ADDRESS),
          account: new Throttle(elapsed, ACCOUNT),
        },
        sessions,
        passkeys: party && new Passkeys({ party, sessions, now: () => registry.now() }),
        asker,
        lacksFactor,
        formOf(request, ...scopes) {
          const who = asker(request, ...scopes)
          const form = formIn(request)
          if (!isToken(form.token, who.token))
            throw new Problem(403, 'token', '表单不是从本系统的页面发出的，或已经过期；请返回页面重新提交。')
          return { asker: who, form }
        },
        requestOf({ officer }, form) {
          return {
            actor: actorOf(officer),
            command: `${officerSubject(officer.login)}/form/${commandOf(form)}`,
            fingerprint: fingerprintOf(JSON.stringify(form)),
          }
        },
        typed: (request) => keptForms.of(request),
        async attempt(request, reply, form, carryOut, again) {
          try {
            const led = await carryOut()
            return typeof led === 'string' ? reply.redirect(led, 303) : shown(request, reply, () => led)
          } catch (error) {
            const refused = refusedOf(error)
            if (!refused) throw error
            if (refused.status === 403) await logRefusal(request, refused.title)
            const { title, faults, status } = refused
            const once = await again({ title, faults, form })
            return shown(request, reply.code(status), () => once)
          }
        },
        logRefusal,
        page: shown,
        offers,
        making: (asker, made) => offers(asker, 'register', {}).filter(({ act }) => act.route.answer === made),
        keptPage: ({ token }, request, reply, make) =>
          answers.personal(request, reply, token, async () => asked(request, await make())),
      }
      deskSignIn(routes)
      if (directory) deskDirectory(routes, directory)
      deskAccount(routes)
      deskQueue(routes)
      deskFiles(routes)
      deskActs(routes)
      deskObjections(routes)
      deskCases(routes)
      deskBulletins(routes)
      deskCampaigns(routes)
      deskStandards(routes)
      deskRuleSets(routes)
      deskSupervision(routes)
      deskReports(routes)
      deskWaiting(routes)
      deskImports(routes)
      deskAudit(routes)
      deskSystem(routes)
      deskAccounts(routes)
      deskRecords(routes)
    },
    { prefix: '/desk' },
  )

  async function showProblem(request: FastifyRequest, reply: FastifyReply, error: FastifyError | Problem) {
    request.toldOff = true
    const known = problemOfRequest(error, request)
    if (!known) request.log.error({ err: error }, 'the desk failed')
    if (known?.status === 403) await logRefusal(request, known.title)
    const problem =
      known ??
      new Problem(500, 'internal', '服务器出错，未能完成。错误已记录，请稍后重试；填写的内容没有丢失。')
    reply.code(problem.status).headers({ ...problem.more.headers })
    request.deskAsking ??= askingOf(officerOf(request, registry, sessions))
    return shown(request, reply, () => (
      <DeskProblemPage problem={problem} wasSent={request.method === 'POST'} />
    ))
  }

  /** Who asks, as pages show them. */
  function askingOf(found: ReturnType<typeof officerOf>): Asking | undefined {
    if (!found) return undefined
    const { officer, token } = found
    const account = officerSubject(officer.login)
    return {
      officer,
      token,
      authority: registry.authorities.today({ authority: officer.authority, account }).name,
    }
  }

  /** A page with whoever asks for it. */
  function asked({ deskAsking }: FastifyRequest, page: VNode): VNode {
    return <AskingContext.Provider value={deskAsking}>{page}</AskingContext.Provider>
  }

  function shown(request: FastifyRequest, reply: FastifyReply, make: () => VNode): Promise<FastifyReply> {
    return answers.passing(request, reply, 'zh', () => asked(request, make()))
  }

  /** No other site may send a form, be it the one that signs in: a browser says where it comes from. */
  function mustBeOwn(request: FastifyRequest): void {
    const { origin, 'sec-fetch-site': site } = request.headers
    const own = [new URL(baseOf(reached)).origin, `${request.protocol}://${request.host}`]
    const isForeign =
      site === undefined
        ? origin !== undefined && !own.includes(origin)
        : site !== 'same-origin' && site !== 'none'
    if (isForeign)
      throw new Problem(403, 'cross-site', '表单不是从本系统的页面发出的；请从工作台的页面提交。')
  }

  function asker(request: FastifyRequest, ...scopes: Scope[]): Asker {
    const found = officerOf(request, registry, sessions)
    if (!found) throw new SignInFirst()
    const { officer } = found
    request.deskOfficer = officer
    request.deskAsking = askingOf(found)
    const isChanging = request.routeOptions.url?.startsWith('/desk/account') ?? false
    const mustFirst = (officer.mustChange && !found.byDirectory) || lacksFactor(found)
    if (mustFirst && !isChanging)
      throw new SignInFirst('the first password must be changed, or a second factor be set up')
    if (scopes.length > 0 && !holds(scopesOf(officer.roles), ...scopes))
      throw new Problem(
        403,
        'scope',
        `您的岗位没有此项操作所需的权限：${lackingInWords(scopes)}；请与管理员联系。`,
      )
    request.stillMay = () => {
      asker(request, ...scopes)
    }
    const maker = makerWords(registry.officers.inWords())
    return { ...found, maker, places: () => registry.authorities.placesOf(actorOf(officer)) }
  }

  function lacksFactor({ officer, byDirectory }: Pick<Asker, 'officer' | 'byDirectory'>): boolean {
    if (byDirectory || secondFactor !== 'deciding') return false
    return !hasSecondFactor(officer) && decidingDuties(officer.roles).length > 0
  }

  function signInFirst(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (officerOf(request, registry, sessions)) return reply.redirect('/desk/account?first', 303)
    const wanted = request.method === 'GET' ? request.url : keptForms.keep(request)
    if (endedSession(request)) reply.headers(FORGET_ALL)
    return reply.redirect(`/desk/sign-in${wanted === '' ? '' : `?next=${encodeURIComponent(wanted)}`}`, 303)
  }

  async function log(request: FastifyRequest, act: AccessAct, detail: string): Promise<void> {
    const officer = request.deskOfficer
    if (!officer) return
    const { code, id } = addressed.parse({
      ...addressed.parse(request.query ?? {}),
      ...addressed.parse(request.params ?? {}),
    })
    await registry.accesses.add({
      at: registry.now().toISOString(),
      act,
      by: officerSubject(officer.login),
      officer: officer.name,
      authority: officer.authority,
      about: code ?? id ?? '',
      detail,
    })
  }

  /** A refusal shows nothing, so it is given even where it can't be logged. */
  async function logRefusal(request: FastifyRequest, why: string): Promise<void> {
    await log(request, 'refused', `${request.method} ${request.url}：${why}`).catch((error: unknown) =>
      request.log.error({ err: error }, 'a refusal was not logged'),
    )
  }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}
