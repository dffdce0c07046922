import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { AccessUnwritable } from '../authority/access-log.ts'
import { BreachedListUnreadable } from '../authority/breached.ts'
import { ChecksBusy } from '../checking/request.ts'
import { WorkUnavailable } from '../computing/unavailable.ts'
import { Refusal } from '../dossier/refusal.ts'
import { isBroken } from '../register/broken.ts'
import { ClockApart, ClockBehind, ClockDoubted } from '../register/clock.ts'
import {
  CommandReused,
  Conflict,
  RegisterFull,
  RegisterGone,
  RegisterMoved,
  RegisterUnavailable,
} from '../register/register.ts'
import { BadCursor, SearchUnavailable } from '../search/engine.ts'
import { BadJson } from '../sheets/json.ts'
import { WriterBusy } from '../writer/writer.ts'
import { UNREADABLE_ADDRESS } from './broken-requests.ts'
import { Problem } from './problem.ts'

const REFUSALS = {
  invalid: 422,
  unknown: 404,
  gone: 410,
  exists: 409,
  stale: 412,
  forbidden: 403,
  busy: 503,
  unreadable: 409,
  'never-sent': 409,
  'feed-ahead': 409,
  'position-backwards': 409,
} as const

/** The problem that an error means to whoever asked; undefined for a fault of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof Refusal)
    return new Problem(REFUSALS[error.reason], error.reason, error.title, {
      errors: error.faults,
      related: error.related,
    })
  if (error instanceof BadJson)
    return new Problem(error.kind === 'too-large' ? 413 : 400, error.kind, error.message)
  if (error instanceof CommandReused)
    return new Problem(
      422,
      'idempotency-key-reused',
      '此 Idempotency-Key 已用于另一请求；重发同一请求时内容须完全相同，新请求请换用新的键。',
    )
  if (error instanceof BadCursor)
    return new Problem(400, 'cursor', '翻页标记 cursor 无效；请从第一页重新查询，并原样使用返回的 next。')
  if (error instanceof SearchUnavailable)
    return new Problem(503, 'search', '检索暂时不可用，请稍后再试；按代码查看档案、名单和变更接口照常。', {
      headers: { 'retry-after': '10' },
    })
  if (error instanceof RegisterFull)
    return new Problem(
      507,
      'register-full',
      '服务器磁盘已满，未保存本次内容；此前已确认的内容都在。请联系系统管理员。',
    )
  if (error instanceof ClockBehind || error instanceof ClockApart || error instanceof ClockDoubted)
    return new Problem(
      503,
      'clock',
      '服务器的时钟与登记簿不符，暂不受理登记，以免记错时间；查阅照常。请系统管理员核对时钟，见运行手册“时钟”。',
    )
  if (error instanceof RegisterMoved)
    return new Problem(503, 'register-moved', '登记簿已迁往别处，此处不再受理登记；请改用新的地址。')
  if (error instanceof RegisterGone)
    return new Problem(
      503,
      'register-unavailable',
      '登记簿的文件不在原处，本次内容没有保存；请系统管理员查明（见 /readyz）。查阅照常。',
      { headers: { 'retry-after': '60' } },
    )
  if (error instanceof RegisterUnavailable)
    return new Problem(
      503,
      'register-unavailable',
      error.inDoubt
        ? '保存时登记簿的数据库断开，本次是否已保存暂时无法得知。请稍后原样再提交一次：接口用同一个 Idempotency-Key，页面用同一张表单；已保存的不会重复登记。查阅照常。'
        : '数据库暂时连接不上，或正被别的程序占用，本次内容没有保存；请稍后再试。查阅照常。',
      { headers: { 'retry-after': '5' } },
    )
  if (error instanceof AccessUnwritable)
    return new Problem(
      503,
      'access-log',
      '查阅记录暂时不能写入，而不对公众公开的内容须先记下何人查阅才能显示；请稍后再试，或联系系统管理员。公众查询照常。',
      { headers: { 'retry-after': '10' } },
    )
  if (isBroken(error))
    return new Problem(
      503,
      'broken-file',
      '服务器上的一个数据文件读不出来，这一项暂时不能办理；登记簿另有备份和锚，其他功能照常。请联系系统管理员（见 /readyz）。',
      { cause: error, headers: { 'retry-after': '60' } },
    )
  if (error instanceof BreachedListUnreadable)
    return new Problem(
      503,
      'breached-list',
      '服务器上的泄露密码名单（breached-passwords.txt）读不出来，核对不了新密码，密码没有改；请系统管理员换上正确的名单，或移走它。其他功能照常。',
    )
  if (error instanceof WorkUnavailable)
    return new Problem(503, 'unavailable', '此项功能暂时不能使用，正在自动恢复；请稍后再试。其他功能照常。', {
      headers: { 'retry-after': '5' },
    })
  if (error instanceof ChecksBusy)
    return new Problem(503, 'busy', '同时进行的批量核验过多，本次未受理；请稍后重新提交，名单没有保存。', {
      headers: { 'retry-after': '60' },
    })
  if (error instanceof Conflict)
    return new Problem(
      503,
      'conflict',
      `${error.subject} 正被他人接连改动，未保存本次内容；请在 1 秒后重试，反复如此的，请联系系统管理员。`,
      { headers: { 'retry-after': '1' } },
    )
  if (error instanceof WriterBusy)
    return new Problem(503, 'busy', '写入请求过多，本次未受理；请在 1 秒后重试。', {
      headers: { 'retry-after': '1' },
    })
  return undefined
}

/** A request as far as it tells what bodies its route takes. */
type Typed = Pick<FastifyRequest, 'method' | 'routeOptions'>

/** The problem that an error of a request means, its form included; undefined for a fault of ours. */
export function problemOfRequest(error: FastifyError | Problem, request: Typed): Problem | undefined {
  if (error instanceof Problem) return error
  return problemOf(error) ?? validationProblem(error) ?? protocolProblem(error, request)
}

/** Refuses a body of a type that is not taken there, saying what is (of a change by a header too: RFC 5789, 3.1). */
export function mediaType({ method, routeOptions: { schema } }: Typed): Problem {
  const patch = method === 'PATCH' ? ['application/merge-patch+json'] : []
  const taken = schema?.consumes ?? ['application/json', ...patch]
  return new Problem(
    415,
    'media-type',
    `此处不接受这种内容类型；Content-Type 应为 ${taken.join('、')}${taken.length > 1 ? ' 之一' : ''}。`,
    method === 'PATCH'
      ? { headers: { 'accept-patch': 'application/merge-patch+json, application/json' } }
      : {},
  )
}

/**
 * Answers every error as a problem, or as a page where one is wanted; our own faults say nothing of what went wrong
 * inside.
 */
export function handleErrors(page: UnknownPage) {
  return (error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): void => {
    const known = problemOfRequest(error, request)
    if (!known) request.log.error({ err: error }, 'request failed')
    else if (known.cause !== undefined) request.log.error({ err: known.cause }, 'request could not be served')
    const problem = known ?? internal()
    const shown = page(request, reply, problem)
    if (!shown) {
      sendProblem(reply, request, problem)
      return
    }
    // A page that can't be made takes nothing else down: nobody waits for it but who asked.
    shown.catch((err: unknown) => {
      request.log.error({ err }, 'problem could not be shown as a page')
      if (!reply.sent) sendProblem(reply, request, internal())
    })
  }
}

function internal(): Problem {
  return new Problem(500, 'internal', '服务器出错，未能完成请求。错误已记录，请稍后重试。')
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ ...problem.more.headers })
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem.body(request.server.base, request.id)))
}

function validationProblem(error: FastifyError): Problem | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined
  const errors = error.validation.map(({ instancePath, keyword, message, params }) => {
    const unknown = 'keys' in params && Array.isArray(params.keys) ? params.keys.map(String) : []
    const place = instancePath.replace(/\/$/, '')
    return {
      pointer: unknown.length === 1 ? `${place}/${unknown[0]}` : place,
      code: String(keyword),
      detail:
        unknown.length > 0
          ? `没有${unknown.map((name) => `“${name.slice(0, 60)}”`).join('、')}这样的栏；请删去。`
          : (message ?? '内容不合要求。'),
    }
  })
  const isBody = error.validationContext === 'body'
  return new Problem(
    isBody ? 422 : 400,
    'invalid',
    `请求有 ${errors.length} 处需要修改：${spoken(errors[0]?.pointer ?? '')} ${errors[0]?.detail ?? ''}`,
    {
      errors,
    },
  )
}

/** What the pages call the fields that people fill in there; others are named as in the reference. */
const SPOKEN: Readonly<Record<string, string>> = { '/q': '查询的文字' }

function spoken(pointer: string): string {
  return SPOKEN[pointer] ?? pointer
}

function protocolProblem(error: FastifyError, request: Typed): Problem | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Problem(400, 'json', '请求内容不是有效的 JSON；请检查括号、引号和编码（UTF-8）。')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return mediaType(request)
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new Problem(413, 'too-large', '请求内容超过大小上限；批量数据请用导入功能分批上传。')
    case 'FST_ERR_BAD_URL':
      return new Problem(400, 'url', UNREADABLE_ADDRESS)
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem(
        414,
        'url-too-long',
        '网址中的代码或编号过长，没有这样的地址；请核对网址，或在首页按名称查询。',
      )
    default:
      break
  }
  const status = error.statusCode ?? 500
  return status >= 400 && status < 500
    ? new Problem(status, 'request', '请求有误，服务器无法处理；请对照接口文档 /docs 检查。')
    : undefined
}

/** Shows a problem as a page; undefined where none is wanted. */
export type UnknownPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
) => Promise<FastifyReply> | undefined

/**
 * Answers what no route takes: 405 with the methods that the address has, else 404. Gives what answers so, for a hook that does
 * it before the body is looked at.
 */
export function handleUnknown(app: FastifyInstance, page: UnknownPage) {
  const known: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const source = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')
    known.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() })
  })
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> => {
    const [path = ''] = request.url.split('?')
    const methods = new Set(
      known.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods),
    )
    const allow = Array.from(methods).sort().join(', ')
    const problem =
      methods.size > 0 && !methods.has(request.method)
        ? new Problem(405, 'method', `此地址不支持 ${request.method}，可用：${allow}。`, {
            headers: { allow },
          })
        : new Problem(404, 'unknown', '没有这个地址；接口说明见 /docs。')
    return page(request, reply, problem) ?? sendProblem(reply, request, problem)
  }
  app.setNotFoundHandler(answer)
  return answer
}
