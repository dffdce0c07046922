import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { v4 as uuidv4 } from 'uuid'
import { z } from 'zod'
import { Problem } from '../http/problem.ts'
import type { Form } from './contract.ts'
import { endedSession, isToken } from './session.ts'

const KEPT_MS = 12 * 3_600_000
const MOST = 100

const fields = z.record(z.string().max(60), z.union([z.string(), z.array(z.string())]))
const waited = z.object({ kept: z.uuid().optional().catch(undefined) })

/** The form that a request brings: its fields as text, those sent several times line by line. */
export function formIn({ body }: FastifyRequest): Form {
  const sent = fields.safeParse(body ?? {})
  if (!sent.success) throw new Problem(400, 'form', '表单的内容无法识别；请返回页面重新填写提交。')
  return Object.fromEntries(
    Object.entries(sent.data).map(([name, value]) => [name, [value].flat().join('\n')]),
  )
}

/** Names what a form asks for, so that sending it twice does it once; refuses a form that bears no such name. */
export function commandOf({ command }: Form): string {
  const named = z.uuid().safeParse(command)
  if (!named.success)
    throw new Problem(400, 'command', '表单缺少编号 command，或编号不是 UUID；请返回页面重新提交。')
  return named.data
}

/** Forms that were sent after their session had ended; they wait for their owner behind the sign-in. */
export class KeptForms {
  readonly #forms = new LRUCache<string, { login: string; form: Form }>({ max: MOST, ttl: KEPT_MS })

  /** Keeps a form, and says where its owner goes on: at the page that it came from. Empty where there is none to keep. */
  keep(request: FastifyRequest): string {
    const ended = endedSession(request)
    const { referer = '' } = request.headers
    if (!ended || !fields.safeParse(request.body ?? {}).success || !URL.canParse(referer)) return ''
    const form = formIn(request)
    // Nobody else's form is kept, and no password.
    if (!isToken(form.token, ended.token) || 'password' in form || 'current' in form) return ''
    const { pathname, searchParams } = new URL(referer)
    const id = uuidv4()
    this.#forms.set(id, { login: ended.login, form })
    searchParams.set('kept', id)
    return `${pathname}?${searchParams}`
  }

  /** What the officer who asks had typed; nothing where the address names no form of theirs. */
  of({ query, deskOfficer }: FastifyRequest): Form {
    const { kept } = waited.parse(query ?? {})
    const found = kept === undefined ? undefined : this.#forms.get(kept)
    return found && found.login === deskOfficer?.login ? found.form : {}
  }
}
