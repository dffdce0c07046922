import formbody from '@fastify/formbody'
import secureSession from '@fastify/secure-session'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { VNode } from 'preact'
import { v4 as uuidv4 } from 'uuid'
import { z } from 'zod'
import type { Answers } from '../../public-site/answers.tsx'
import type { AccessAct } from '../access/access-log.ts'
import type { Directory } from '../access/directory.ts'
import type { Scope } from '../access/keys.ts'
import { type Officer, officerSubject } from '../access/officers.ts'
import { holds, lackingInWords } from '../access/rights.ts'
import { scopesOf } from '../access/roles.ts'
import { Throttle } from '../access/throttle.ts'
import type { App } from '../api/app.ts'
import { problemOfRequest } from '../api/errors.ts'
import type { ImportService } from '../api/imports.ts'
import { Problem } from '../api/problem.ts'
import type { Draw } from '../computing/remote.ts'
import type { Actor } from '../dossier/commands.ts'
import { Refusal } from '../dossier/refusal.ts'
import { fingerprintOf } from '../register/entry.ts'
import { CommandReused } from '../register/register.ts'
import type { Request } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import { DeskProblemPage } from './pages/problem.tsx'
import { deskAccount } from './routes/account.tsx'
import { deskAudit } from './routes/audit.tsx'
import { deskBulletins } from './routes/bulletins.tsx'
import { deskCampaigns } from './routes/campaigns.tsx'
import { deskCases } from './routes/cases.tsx'
import { deskDirectory } from './routes/directory.tsx'
import { deskFiles } from './routes/files.tsx'
import { deskImports } from './routes/imports.tsx'
import { deskKeys } from './routes/keys.tsx'
import { deskObjections } from './routes/objections.tsx'
import { deskOfficers } from './routes/officers.tsx'
import { deskQueue } from './routes/queue.tsx'
import { deskRecords } from './routes/records.tsx'
import { deskReports } from './routes/reports.tsx'
import { deskRuleSets } from './routes/rule-sets.tsx'
import { deskSignIn } from './routes/sign-in.tsx'
import { deskStandards } from './routes/standards.tsx'
import { deskSupervision } from './routes/supervision.tsx'
import { deskSystem } from './routes/system.tsx'
import { endedSession, isToken, officerOf } from './session.ts'

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
}

/** Who asks, and with what forms of theirs must carry. */
export interface Asker {
  officer: Officer
  token: string
}

/** A form that came in: its fields as text. */
export type Form = Readonly<Record<string, string>>

/** What was wrong with a form, and what was typed in it. */
export interface Refused {
  title: string
  faults: Refusal['faults']
  form: Form
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks at the desk, once that is known. */
    deskOfficer: Officer | null
  }
}

/** What the desk's routes are made with. */
export interface Desk {
  app: App
  registry: Registry
  imports: ImportService
  draw: Draw
  /** Guessing, by account and by address. */
  throttle: { account: Throttle; address: Throttle }
  /** Who asks; sends whoever has not signed in to do so first. Refuses without one of the scopes. */
  asker(request: FastifyRequest, ...scopes: Scope[]): Asker
  /** The same of a form, which must carry its session's token. */
  formOf(request: FastifyRequest, ...scopes: Scope[]): { asker: Asker; form: Form }
  /** The act that a form asks for: sent twice, it is done once. */
  requestOf(asker: Asker, form: Form): Request
  /** What somebody had typed in a form when their session ended; nothing where that was not so. */
  typed(request: FastifyRequest): Form
  /** Does what a form asks for and goes on to where that leads; or shows what was wrong, with all that was typed. */
  attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    form: Form,
    carryOut: () => Promise<string>,
    again: (refused: Refused) => VNode | Promise<VNode>,
  ): Promise<FastifyReply>
  page(request: FastifyRequest, reply: FastifyReply, make: () => VNode): Promise<FastifyReply>
  /** The same for a page that rests on the register alone: it is made once until anything changes. */
  keptPage(
    asker: Asker,
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => VNode | Promise<VNode>,
  ): Promise<FastifyReply>
  /** Whether officers may sign in through their bureau's directory. */
  hasDirectory: boolean
  /** Origin under which the request reached the desk, as it is set or as the request names it. */
  baseOf(request: FastifyRequest): string
  /** Logs a sign-in, one that failed, or a sign-out. */
  logSignIn(act: AccessAct, by: { login: string; officer?: Officer | undefined }, detail: string): void
}

/** Who acts for an officer, in their entries. */
export function actorOf({ login, name, authority, region }: Officer): Actor {
  return { id: officerSubject(login), authority, officer: name, ...(region !== undefined && { region }) }
}

/** Thrown for an address whose file has another one. */
export class MovedTo extends Error {
  override readonly name = 'MovedTo'
  constructor(readonly address: string) {
    super(`moved to ${address}`)
  }
}

/** Thrown for whoever has to sign in first; where they wanted to go is kept. */
export class SignInFirst extends Error {
  override readonly name = 'SignInFirst'
}

/** Signing in at the directory takes no longer. */
const VISIT_SECONDS = 600
/** What was typed when a session ended waits this long for its owner. */
const KEPT_MS = 12 * 3_600_000
const KEPT_FORMS = 100
const [ACCOUNT_TRIES, ADDRESS_TRIES] = [3, 30]
/** What a request's address names, and the form that waited for its owner. */
const named = z.object({ code: z.string(), id: z.string() }).partial()
const waited = z.object({ kept: z.uuid().optional().catch(undefined) })
const MAX_FORM_BYTES = 256 * 1024
const formFields = z.record(z.string().max(60), z.union([z.string(), z.array(z.string())]))

/** The regulators' desk at `/desk`: signed in by session, complete without scripts. */
export function desk(app: App, { registry, answers, imports, draw, directory, sessionKey }: DeskParts): void {
  const keptForms = new LRUCache<string, { login: string; form: Form }>({ max: KEPT_FORMS, ttl: KEPT_MS })
  app.register(
    async (scope) => {
      await scope.register(formbody, { bodyLimit: MAX_FORM_BYTES })
      await scope.register(secureSession, [
        {
          sessionName: 'session',
          key: sessionKey,
          cookieName: 'desk',
          cookie: { path: '/desk', httpOnly: true, sameSite: 'strict', secure: 'auto' },
        },
        {
          // Whoever comes back from the directory comes from another site.
          sessionName: 'directorySession',
          key: sessionKey,
          cookieName: 'desk-directory',
          cookie: {
            path: '/desk/directory',
            httpOnly: true,
            sameSite: 'lax',
            secure: 'auto',
            maxAge: VISIT_SECONDS,
          },
        },
      ])
      scope.setErrorHandler<FastifyError | SignInFirst | MovedTo>((error, request, reply) => {
        if (error instanceof MovedTo) return reply.redirect(error.address, 308)
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
      scope.decorateRequest('deskOfficer', null)
      scope.decorateRequest('endedDesk', null)
      // Whatever an officer has seen is on record; what merely follows a bar of progress is not looking.
      scope.addHook('onResponse', async (request, reply) => {
        if (request.method === 'GET' && reply.statusCode === 200 && !request.url.includes('/progress'))
          log(request, 'read', request.url)
      })
      const now = () => registry.now().getTime()
      const parts: Desk = {
        app: scope.withTypeProvider(),
        registry,
        imports,
        draw,
        hasDirectory: directory !== undefined,
        baseOf: (request) => answers.frame(request, 'zh').base,
        logSignIn(act, { login, officer }, detail) {
          registry.accesses.add({
            at: registry.now().toISOString(),
            act,
            by: officerSubject(login),
            officer: officer?.name ?? '',
            authority: officer?.authority ?? '',
            about: '',
            detail,
          })
        },
        throttle: { account: new Throttle(now, ACCOUNT_TRIES), address: new Throttle(now, ADDRESS_TRIES) },
        asker,
        formOf(request, ...scopes) {
          const who = asker(request, ...scopes)
          const form = textsOf(formFields.parse(request.body ?? {}))
          if (!isToken(form.token, who.token))
            throw new Problem(403, 'token', '表单不是从本系统的页面发出的，或已经过期；请返回页面重新提交。')
          return { asker: who, form }
        },
        requestOf({ officer }, form) {
          return {
            actor: actorOf(officer),
            command: `${officerSubject(officer.login)}/form/${z.uuid().parse(form.command)}`,
            fingerprint: fingerprintOf(JSON.stringify(form)),
          }
        },
        typed(request) {
          const { kept } = waited.parse(request.query ?? {})
          const found = kept === undefined ? undefined : keptForms.get(kept)
          return found?.login === request.deskOfficer?.login ? (found?.form ?? {}) : {}
        },
        async attempt(request, reply, form, carryOut, again) {
          try {
            return reply.redirect(await carryOut(), 303)
          } catch (error) {
            const refused = refusedOf(error)
            if (!refused) throw error
            if (refused.status === 403) logRefusal(request, refused.title)
            const { title, faults, status } = refused
            const shown = await again({ title, faults, form })
            return answers.passing(request, reply.code(status), 'zh', () => shown)
          }
        },
        page: (request, reply, make) => answers.passing(request, reply, 'zh', make),
        keptPage: ({ token }, request, reply, make) => answers.personal(request, reply, token, make),
      }
      deskSignIn(parts)
      if (directory) deskDirectory(parts, directory)
      deskAccount(parts)
      deskQueue(parts)
      deskFiles(parts)
      deskObjections(parts)
      deskCases(parts)
      deskBulletins(parts)
      deskCampaigns(parts)
      deskStandards(parts)
      deskRuleSets(parts)
      deskSupervision(parts)
      deskReports(parts)
      deskImports(parts)
      deskAudit(parts)
      deskKeys(parts)
      deskSystem(parts)
      deskOfficers(parts)
      deskRecords(parts)
    },
    { prefix: '/desk' },
  )

  function showProblem(request: FastifyRequest, reply: FastifyReply, error: FastifyError | Problem) {
    const known = problemOfRequest(error)
    if (!known) request.log.error({ err: error }, 'the desk failed')
    if (known?.status === 403) logRefusal(request, known.title)
    const problem =
      known ??
      new Problem(500, 'internal', '服务器出错，未能完成。错误已记录，请稍后重试；填写的内容没有丢失。')
    reply.code(problem.status).headers({ ...problem.more.headers })
    const who = officerOf(request, registry)
    return answers.passing(request, reply, 'zh', () => (
      <DeskProblemPage {...(who && { officer: who.officer, token: who.token })} problem={problem} />
    ))
  }

  function asker(request: FastifyRequest, ...scopes: Scope[]): Asker {
    const found = officerOf(request, registry)
    if (!found) throw new SignInFirst()
    const { officer } = found
    request.deskOfficer = officer
    const isChanging = request.routeOptions.url?.startsWith('/desk/account') ?? false
    if (officer.mustChange && !found.byDirectory && !isChanging)
      throw new SignInFirst('the first password must be changed')
    if (scopes.length > 0 && !holds(scopesOf(officer.roles), ...scopes))
      throw new Problem(
        403,
        'scope',
        `您的岗位没有此项操作所需的权限：${lackingInWords(scopes)}；请与管理员联系。`,
      )
    return found
  }

  function signInFirst(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (officerOf(request, registry)) return reply.redirect('/desk/account?first', 303)
    const wanted = request.method === 'GET' ? request.url : keptAddress(request)
    return reply.redirect(`/desk/sign-in${wanted === '' ? '' : `?next=${encodeURIComponent(wanted)}`}`, 303)
  }

  /** Keeps the form of a session that has just ended, and says where it goes on: at the page that it came from. */
  function keptAddress(request: FastifyRequest): string {
    const ended = endedSession(request)
    const parsed = formFields.safeParse(request.body ?? {})
    if (!ended || !parsed.success) return ''
    const form = textsOf(parsed.data)
    const { referer = '' } = request.headers
    if (!isToken(form.token, ended.token) || !URL.canParse(referer)) return ''
    const { pathname, searchParams } = new URL(referer)
    const id = uuidv4()
    keptForms.set(id, { login: ended.login, form })
    searchParams.set('kept', id)
    return `${pathname}?${searchParams}`
  }

  function log(request: FastifyRequest, act: AccessAct, detail: string): void {
    const officer = request.deskOfficer
    if (!officer) return
    const { code, id } = named.parse(request.params ?? {})
    registry.accesses.add({
      at: registry.now().toISOString(),
      act,
      by: officerSubject(officer.login),
      officer: officer.name,
      authority: officer.authority,
      about: code ?? id ?? '',
      detail,
    })
  }

  function logRefusal(request: FastifyRequest, why: string): void {
    log(request, 'refused', `${request.method} ${request.url}：${why}`)
  }
}

/** A form's fields as text, those sent several times line by line. */
function textsOf(fields: z.output<typeof formFields>): Form {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value].flat().join('\n')]))
}

const STATUS = { invalid: 422, stale: 409, exists: 409, forbidden: 403, busy: 503 } as const

/** What a form was refused for; other errors than a refusal are thrown on. */
export function formRefusal(error: unknown, form: Form): Refused & { status: number } {
  const refused = refusedOf(error)
  if (!refused) throw error
  return { ...refused, form }
}

/** What a form was refused for, where its page can say so; other errors have pages of their own. */
function refusedOf(error: unknown): (Omit<Refused, 'form'> & { status: number }) | undefined {
  if (error instanceof CommandReused)
    return { title: '这张表单已经保存过一次。如果确要再办理一次，请核对后再保存。', faults: [], status: 409 }
  if (!(error instanceof Refusal) || error.reason === 'unknown' || error.reason === 'gone') return undefined
  const title =
    error.reason === 'stale'
      ? `${error.title}您填的内容还在下面；请对照现状，确认后再保存一次。`
      : error.title
  return { title, faults: error.faults, status: STATUS[error.reason] }
}
