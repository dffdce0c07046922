import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { jsonSchemaTransform, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { v4 as uuidv4 } from 'uuid'
import { z } from 'zod'
import type { Copies } from '../bulk/copies.ts'
import type { CheckService } from '../checking/checks.ts'
import type { Settings } from '../config.ts'
import type { ImportService } from '../exchange/import-service.ts'
import { baseOf, isSecure, rootedHeader, rootOf, withinRoot } from '../http/address.ts'
import type { App } from '../http/app.ts'
import {
  type Answering,
  answerBroken,
  answerUncommon,
  LONGEST_HEAD_MS,
  LONGEST_REQUEST_MS,
  waitForNoMore,
} from '../http/broken-requests.ts'
import { guardDoor } from '../http/door.ts'
import { handleErrors, handleUnknown, mediaType, type UnknownPage } from '../http/errors.ts'
import { HeavyWork } from '../http/heavy-work.ts'
import { sharePublicReads } from '../http/shared.ts'
import { decorateStill } from '../http/still.ts'
import { hopsOf, isFromHere, trusted, visitorOf } from '../http/visitor.ts'
import type { Registry } from '../registry/registry.ts'
import { readJson } from '../sheets/json.ts'
import { accountRoutes } from './accounts.ts'
import { actRoutes } from './acts.ts'
import { authenticate, MAX_KEY_LENGTH } from './authentication.ts'
import { blacklistRoutes } from './blacklist.ts'
import { bulkRoutes } from './bulk.ts'
import { campaignRoutes } from './campaigns.ts'
import { caseRoutes } from './cases.ts'
import { checkRoutes } from './checks.ts'
import { consumerRoutes } from './consumers.ts'
import { MERGE_PATCH, published, TAGS } from './description.ts'
import { enterpriseRoutes } from './enterprises.ts'
import { eventRoutes } from './events.ts'
import { exchangeRoutes } from './exchange.ts'
import { feedRoutes } from './feeds.ts'
import { importRoutes } from './imports.ts'
import { type Limits, requestLimits } from './limits.ts'
import type { LoadFigures } from './metrics.ts'
import { readAtLeast } from './min-position.ts'
import { type DatabaseBytes, operationRoutes, type Readiness } from './operations.ts'
import { proposalRoutes } from './proposals.ts'
import { ratingRoutes } from './ratings.ts'
import { reconciliationRoutes } from './reconciliation.ts'
import { referenceRoutes } from './reference.ts'
import { reportRoutes } from './reports.ts'
import { searchRoutes } from './search.ts'
import { standardRoutes } from './standards.ts'
import { supervisionRoutes } from './supervision.ts'
import { waitingRoutes } from './waiting.ts'
import { webhookRoutes } from './webhooks.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the server begins to shut down. */
    closing: AbortSignal
    /** Address of the site, without a slash at its end. */
    base: string
  }
  interface FastifyRequest {
    /** Where the register stood when it came in: what it is answered with shows at least that. */
    position: number
  }
}

// What zod says by itself reaches people, so it speaks their language.
z.config(z.locales.zhCN())

/** Headers that name addresses of the site. */
const ROOTED = ['location', 'link'] as const
/** What tells of the node itself. */
const WATCHED = /^\/(healthz|readyz(\/desk)?|metrics)(\?|$)/
const MAX_BODY_BYTES = 1024 * 1024

export interface ServerParts {
  registry: Registry
  imports: ImportService
  checks: CheckService
  /** The golden copies that lie ready. */
  copies: Copies
  /** How much is under way, for those who watch the node. */
  figures?: Partial<LoadFigures>
  log: Logger
  settings: Pick<
    Settings,
    'RATE_LIMIT' | 'TRUST_PROXY' | 'METRICS' | 'PUBLIC_URL' | 'PORT' | 'WEBHOOK_PRIVATE'
  >
  /** Finds out whether the node is fit to serve, and is told of errors that may say that it is not. */
  readiness?: { look(): Promise<Readiness>; saw(error: unknown): void; databaseBytes: DatabaseBytes }
  /** Hands a request on to the process that answers it, if that is another; whether it did. */
  handOn?(request: FastifyRequest, reply: FastifyReply): boolean
  /** Adds the pages; gives what answers an address that has nothing, where a page is wanted. */
  pages(app: App): UnknownPage
}

/** The HTTP server with everything it answers; not yet listening. */
export async function buildServer({
  registry,
  imports,
  checks,
  copies,
  figures,
  log,
  settings,
  readiness,
  handOn,
  pages,
}: ServerParts): Promise<App> {
  const closing = new AbortController()
  const root = rootOf(settings)
  const base = baseOf(settings)
  // Fastify's routes are typed by the logger that it asks for, of which pino's is a wider one.
  const loggerInstance: FastifyBaseLogger = log
  let unknownPage: UnknownPage = () => undefined
  let limits: Limits | undefined
  const inWords = handleErrors((...asked) => unknownPage(...asked))
  const answering: Answering = new WeakMap()
  const trust = trusted(settings.TRUST_PROXY)
  const app: App = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: trust,
    rewriteUrl: (request) => withinRoot(request, root),
    genReqId: () => uuidv4(),
    requestTimeout: LONGEST_REQUEST_MS,
    // Told in words at the door.
    http: { requireHostHeader: false },
    clientErrorHandler: answerBroken(base, answering),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    frameworkErrors(error, request, reply) {
      const ips = hopsOf(request.raw, trust)
      inWords(limits?.refusal(request, reply, visitorOf({ ip: request.ip, ips })) ?? error, request, reply)
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.server.headersTimeout = LONGEST_HEAD_MS
  answerUncommon(app.server, base)
  app.decorate('closing', closing.signal)
  app.decorate('base', base)
  app.decorate('heavyWork', new HeavyWork())
  app.removeContentTypeParser(['application/json', 'text/plain'])
  const json = async (_: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : readJson(body))
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, json)
  app.addContentTypeParser(
    MERGE_PATCH,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (request.method !== 'PATCH') throw mediaType(request)
      return json(request, body)
    },
  )
  // What is sent without a body says nothing: what it lacks is told by name, and where nothing is asked it will do.
  app.addHook('preValidation', (request, _, done) => {
    if (request.routeOptions.schema?.body !== undefined) request.body ??= {}
    done()
  })
  const handedOn = new WeakSet<FastifyRequest>()
  if (handOn)
    app.addHook('onRequest', async (request, reply) => {
      if (!handOn(request, reply)) return
      handedOn.add(request)
      reply.hijack()
    })
  app.addHook('onRequest', (request, reply, done) => {
    answering.set(request.raw.socket, reply.raw)
    done()
  })
  app.addHook('preClose', async () => {
    closing.abort()
    registry.feed.close()
  })
  app.setValidatorCompiler(validatorCompiler)
  // Answers are built from our own types; the reference's schemas are held to them by a test, not at run time.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  app.setErrorHandler(inWords)
  if (readiness) app.addHook('onError', async (_request, _reply, error) => readiness.saw(error))
  const answerUnknown = handleUnknown(app, (...asked) => unknownPage(...asked))
  logRequests(app, handedOn)
  sharePublicReads(app)
  decorateStill(app)
  let lastPosition = 0
  /** Where the views are; where they can't be read, where they were: whoever asks whether the node is well gets an answer. */
  const position = (): number => {
    try {
      lastPosition = registry.position()
    } catch (error) {
      readiness?.saw(error)
    }
    return lastPosition
  }
  app.decorateRequest('position', 0)
  app.addHook('onRequest', (request, _, done) => {
    request.position = position()
    done()
  })
  const hasNoProxy = settings.TRUST_PROXY === false && !isSecure(settings)
  // Whoever watches the node is told of it however much else is asked from the same address.
  const isExempt = (request: FastifyRequest) =>
    WATCHED.test(request.url) || (hasNoProxy && isFromHere(request))
  limits = requestLimits(app, settings.RATE_LIMIT, isExempt)
  // Whoever is refused at the door is counted like everybody else.
  authenticate(app, registry, limits)
  guardDoor(app, { isSecure: isSecure(settings) })
  app.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!reply.hasHeader('register-position'))
      reply.header('register-position', isRead ? request.position : position())
    for (const name of ROOTED) {
      const value = reply.getHeader(name)
      if (root !== '' && typeof value === 'string') reply.header(name, rootedHeader(name, value, root))
    }
    done(null, payload)
  })
  readAtLeast(
    app,
    () => registry.position(),
    () => registry.feed.end(),
  )
  // Whoever asks for what isn't there is told so whatever the body is, which nobody reads; after those who may not ask at all.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done()
    waitForNoMore(request, reply)
    Promise.resolve(answerUnknown(request, reply)).then(() => done(), done)
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '河北省企业质量信用档案接口',
        version: '1',
        description:
          '企业质量信用档案、记录、检索、变更和导入。出错时答复 application/problem+json，errors 逐项说明。',
        contact: { name: '登记机关和联系方式', url: `${base}/rights` },
      },
      servers: [{ url: base }],
      tags: TAGS,
      // What needs a key says so itself.
      security: [],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: '接口密钥' } } },
    },
    transform: withHeaders,
    transformObject: published,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    indexPrefix: root,
    // The reference stands on the origin of the desk, so it gets a policy as strict as its scripts bear.
    staticCSP: true,
    transformStaticCSP: referencePolicy,
  })
  app.after(() => {
    enterpriseRoutes(app, registry)
    searchRoutes(app, registry)
    checkRoutes(app, checks, settings)
    reconciliationRoutes(app, registry, checks, settings)
    actRoutes(app, registry)
    proposalRoutes(app, registry)
    feedRoutes(app, registry)
    eventRoutes(app, registry)
    exchangeRoutes(app, registry)
    bulkRoutes(app, registry, copies)
    consumerRoutes(app, registry)
    webhookRoutes(app, registry, settings.WEBHOOK_PRIVATE === 'true')
    waitingRoutes(app, registry, imports)
    accountRoutes(app, registry)
    importRoutes(app, registry, imports)
    standardRoutes(app, registry)
    campaignRoutes(app, registry)
    ratingRoutes(app, registry)
    supervisionRoutes(app, registry)
    caseRoutes(app, registry)
    blacklistRoutes(app, registry)
    reportRoutes(app, registry)
    referenceRoutes(app, registry)
    operationRoutes(app, registry, settings, readiness, figures, (request) => !handedOn.has(request))
    // Of a megabyte, and the same as long as the program runs.
    let description: Buffer | undefined
    app.get('/openapi.json', { schema: { hide: true } }, async (_, reply) => {
      description ??= Buffer.from(JSON.stringify(app.swagger()))
      return reply.type('application/json; charset=utf-8').send(description)
    })
    unknownPage = pages(app)
  })
  await app.ready()
  return app
}

/** The reference's policy: what its own scripts and styles bear, and nothing else, from nowhere else. */
function referencePolicy(theirs: string): string {
  // Of two directives of one name the first alone counts, so theirs are taken out rather than added to.
  const of = (name: string) =>
    theirs
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .find(([known]) => known === name)
      ?.slice(1)
      .filter((source) => source === "'self'" || source.startsWith("'sha"))
      .join(' ') ?? "'self'"
  return `default-src 'none'; script-src ${of('script-src')}; style-src ${of('style-src')}; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

const REPEATING = {
  type: 'string',
  maxLength: MAX_KEY_LENGTH,
  description: '重发同一请求时原样带上，只办理一次；内容不同的答 422',
}
const SEEN = { type: 'string', description: '读取时返回的 ETag；没有带的答 428，已被他人修改的答 412' }

const BROKEN_OFF = {
  type: 'string',
  maxLength: 150,
  description: '事件流断开后，以收到的最后一个 id 接续',
}
const FROM_THERE = {
  type: 'string',
  pattern: '^\\d{1,15}$',
  description:
    '登记序号，即此前（别的服务器）答复的 Register-Position：答复至少反映到此；等候 3 秒仍不到的得到 503，登记簿没有到的得到 409',
}
const HELD = { type: 'string', description: '已有的答复的 ETag；没有变化的答 304' }
const PART = { type: 'string', description: '要哪一段，如 bytes=1000-；其他写法答全部' }
const WHOSE = { type: 'string', description: '所要的那一份的 ETag；文件已不是那一份的得到 412' }
const PART_OF = { type: 'string', description: '已有的一段的 ETag；文件已不是那一份的答全部' }

/** What may be sent again without a key: an upload is changed and begun as it was said, however often. */
const ONCE_ANYHOW = /\/imports\/|\/simulation|\/checks|\/consumers\/me/

/** A route as it is described, with the headers that its answers tell of and that nothing else checks. */
function withHeaders(route: Parameters<typeof jsonSchemaTransform>[0]) {
  const described = jsonSchemaTransform(route)
  const { response = {}, security = [] } = route.schema ?? {}
  const writes = [route.route.method].flat().some((method) => method !== 'GET' && method !== 'HEAD')
  const properties = {
    ...(writes && security.length > 0 && !ONCE_ANYHOW.test(route.url) && { 'idempotency-key': REPEATING }),
    ...(428 in Object(response) && { 'if-match': SEEN }),
    ...(!writes && security.length === 0 && route.url !== '/healthz' && { 'if-none-match': HELD }),
    ...(206 in Object(response) && { range: PART, 'if-range': PART_OF, 'if-match': WHOSE }),
    ...(!writes && route.url.startsWith('/api/v1/') && { 'min-position': FROM_THERE }),
    ...(isStreamed(response) && { 'last-event-id': BROKEN_OFF }),
  }
  if (Object.keys(properties).length === 0) return described
  return { ...described, schema: { ...described.schema, headers: { type: 'object', properties } } }
}

/** Whether a route is answered as a stream of events as well. */
function isStreamed(response: unknown): boolean {
  const answer: unknown = Object(response)[200]
  return (
    answer instanceof z.ZodType && JSON.stringify(answer.meta()?.mediaTypes ?? []).includes('event-stream')
  )
}

/** One line for each request: its route, never its address, which may hold what somebody searched for. */
function logRequests(app: App, handedOn: Pick<WeakSet<FastifyRequest>, 'has'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    done()
    // Whoever answers it tells of it.
    if (handedOn.has(request)) return
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        key: request.apiKey?.id,
      },
      'answered',
    )
  })
}
