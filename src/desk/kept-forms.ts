import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { v4 as uuidv4 } from 'uuid'
import { z } from 'zod'
import type { Form } from './contract.ts'
import { endedSession, isToken } from './session.ts'

const KEPT_MS = 12 * 3_600_000
const MOST = 100

const fields = z.record(z.string().max(60), z.union([z.string(), z.array(z.string())]))
const waited = z.object({ kept: z.uuid().optional().catch(undefined) })

/** The form that a request brings: its fields as text, those sent several times line by line. */
export function formIn({ body }: FastifyRequest): Form {
  return Object.fromEntries(
    Object.entries(fields.parse(body ?? {})).map(([name, value]) => [name, [value].flat().join('\n')]),
  )
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
    if (!isToken(form.token, ended.token) || 'password' in form) return ''
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
