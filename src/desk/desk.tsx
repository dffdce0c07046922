import formbody from '@fastify/formbody'
import secureSession from '@fastify/secure-session'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { z } from 'zod'
import type { Answers } from '../../public-site/answers.tsx'
import type { Scope } from '../access/keys.ts'
import type { Officer } from '../access/officers.ts'
import { scopesOf } from '../access/roles.ts'
import { Throttle } from '../access/throttle.ts'
import type { App } from '../api/app.ts'
import { Problem } from '../api/problem.ts'
import { fingerprintOf } from '../register/entry.ts'
import type { Request } from '../registry/acts.ts'
import type { Registry } from '../registry/registry.ts'
import { deskAccount } from './routes/account.tsx'
import { deskFiles } from './routes/files.tsx'
import { deskOfficers } from './routes/officers.tsx'
import { deskQueue } from './routes/queue.tsx'
import { deskRecords } from './routes/records.tsx'
import { deskSignIn } from './routes/sign-in.tsx'
import { isToken, officerOf } from './session.ts'

export interface DeskParts {
  registry: Registry
  answers: Answers
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

/** What the desk's routes are made with. */
export interface Desk {
  app: App
  registry: Registry
  /** Guessing, by account and by address. */
  throttle: { account: Throttle; address: Throttle }
  /** Who asks; sends whoever has not signed in to do so first. Refuses without one of the scopes. */
  asker(request: FastifyRequest, ...scopes: Scope[]): Asker
  /** The same of a form, which must carry its session's token. */
  formOf(request: FastifyRequest, ...scopes: Scope[]): { asker: Asker; form: Form }
  /** The act that a form asks for: sent twice, it is done once. */
  requestOf(asker: Asker, form: Form): Request
  page(request: FastifyRequest, reply: FastifyReply, make: () => VNode): Promise<FastifyReply>
}

/** Thrown for whoever has to sign in first; where they wanted to go is kept. */
export class SignInFirst extends Error {
  override readonly name = 'SignInFirst'
}

const [ACCOUNT_TRIES, ADDRESS_TRIES] = [3, 30]
const MAX_FORM_BYTES = 256 * 1024
const formFields = z.record(z.string().max(60), z.union([z.string(), z.array(z.string())]))

/** The regulators' desk at `/desk`: signed in by session, complete without scripts. */
export function desk(app: App, { registry, answers, sessionKey }: DeskParts): void {
  app.register(
    async (scope) => {
      await scope.register(formbody, { bodyLimit: MAX_FORM_BYTES })
      await scope.register(secureSession, {
        key: sessionKey,
        cookieName: 'desk',
        cookie: { path: '/desk', httpOnly: true, sameSite: 'strict', secure: 'auto' },
      })
      scope.setErrorHandler<FastifyError | SignInFirst>((error, request, reply) => {
        if (error instanceof SignInFirst) return signInFirst(request, reply)
        return answers.problem(request, reply, 'zh', error)
      })
      const now = () => registry.now().getTime()
      const parts: Desk = {
        app: scope.withTypeProvider(),
        registry,
        throttle: { account: new Throttle(now, ACCOUNT_TRIES), address: new Throttle(now, ADDRESS_TRIES) },
        asker,
        formOf(request, ...scopes) {
          const who = asker(request, ...scopes)
          const fields = formFields.parse(request.body ?? {})
          const form = Object.fromEntries(
            Object.entries(fields).map(([name, value]) => [name, [value].flat().join('\n')]),
          )
          if (!isToken(form.token, who.token))
            throw new Problem(403, 'token', '表单不是从本系统的页面发出的，或已经过期；请返回页面重新提交。')
          return { asker: who, form }
        },
        requestOf({ officer }, form) {
          const { login, name, authority, region } = officer
          const actor = {
            id: `officer/${login}`,
            authority,
            officer: name,
            ...(region !== undefined && { region }),
          }
          return {
            actor,
            command: `officer/${login}/form/${z.uuid().parse(form.command)}`,
            fingerprint: fingerprintOf(JSON.stringify(form)),
          }
        },
        page: (request, reply, make) => answers.passing(request, reply, 'zh', make),
      }
      deskSignIn(parts)
      deskAccount(parts)
      deskQueue(parts)
      deskFiles(parts)
      deskOfficers(parts)
      deskRecords(parts)
    },
    { prefix: '/desk' },
  )

  function asker(request: FastifyRequest, ...scopes: Scope[]): Asker {
    const found = officerOf(request, registry)
    if (!found) throw new SignInFirst()
    const { officer } = found
    const isChanging = request.routeOptions.url?.startsWith('/desk/account') ?? false
    if (officer.mustChange && !isChanging) throw new SignInFirst('the first password must be changed')
    const held = scopesOf(officer.roles)
    const missing = scopes.find((scope) => !held.includes(scope))
    if (missing !== undefined)
      throw new Problem(403, 'scope', `您的岗位没有此项操作所需的权限（${missing}）；请与管理员联系。`)
    return found
  }

  function signInFirst(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (officerOf(request, registry)) return reply.redirect('/desk/account?first', 303)
    const wanted = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : ''
    return reply.redirect(`/desk/sign-in${wanted}`, 303)
  }
}
