import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { askedAddress } from '../src/http/asked-address.ts'
import { problemOfRequest } from '../src/http/errors.ts'
import { Problem } from '../src/http/problem.ts'
import type { Registry } from '../src/registry/registry.ts'
import type { Answers } from '../src/ui/answers.tsx'
import type { Language } from '../src/ui/frame.tsx'
import { ProblemPage } from './pages/problem.tsx'

/** Enterprises shown where an address has nothing. */
const SIMILAR = 5

/** Answers with what went wrong and what to do about it. */
export async function problemAnswer(
  { answers, registry }: { answers: Answers; registry: Registry },
  request: FastifyRequest,
  reply: FastifyReply,
  language: Language,
  error: FastifyError | Problem,
): Promise<FastifyReply> {
  const known = problemOfRequest(error, request)
  if (!known) request.log.error({ err: error }, 'page failed')
  const problem =
    known ?? new Problem(500, 'internal', '服务器出错，未能显示这一页。错误已记录，请稍后重试。')
  const { status, more } = problem
  reply.removeHeader('etag')
  reply.code(status).headers({ ...more.headers })
  const wait = Number(reply.getHeader('retry-after') ?? Number.NaN)
  const query = soughtBy(request.url)
  const found =
    status === 404 && query.length > 1
      ? await registry.search({ text: query, filters: {}, limit: SIMILAR }).catch(() => undefined)
      : undefined
  return answers.passing(request, reply, language, () => (
    <ProblemPage
      problem={problem}
      query={query}
      hits={found?.hits ?? []}
      wait={Number.isNaN(wait) ? undefined : wait}
    />
  ))
}

/** What somebody may have been looking for at an address that has nothing. */
function soughtBy(url: string): string {
  const { path, parameters } = askedAddress(url)
  const typed = parameters.get('q')
  if (typed !== null) return typed.slice(0, 200)
  const last = path.split('/').findLast((part) => part !== '') ?? ''
  try {
    return decodeURIComponent(last)
      .replace(/[-_+.]/g, ' ')
      .slice(0, 100)
  } catch {
    return ''
  }
}
