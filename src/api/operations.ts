import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry as Metrics } from 'prom-client'
import { z } from 'zod'
import type { Settings } from '../config.ts'
import type { App } from '../http/app.ts'
import { Problem } from '../http/problem.ts'
import { addressOf, isFromHere } from '../http/visitor.ts'
import type { Registry } from '../registry/registry.ts'
import * as schemas from './schemas.ts'

const MAX_LAG = 1_000

const statuses = ['ready', 'behind', 'full', 'degraded', 'clock', 'broken', 'closing'] as const
/** In which the public is to be sent elsewhere; in the others it is answered as always. */
const UNREADABLE: ReadonlySet<(typeof statuses)[number]> = new Set(['broken', 'closing'])
const check = z.object({
  ok: z.boolean(),
  ageMs: z.number().nullable().meta({ description: '最近一次结果距今的毫秒数' }),
})

/** What a node has found out about itself by trying. */
export interface Readiness {
  status: 'ready' | 'full' | 'degraded' | 'broken' | 'clock'
  /** In Chinese, what is not in order. */
  reasons: string[]
  checks: Record<string, z.output<typeof check>>
}

/** Sizes of the logs of databases, which are bounded, by the names of their files. */
export type WalBytes = () => Promise<Readonly<Record<string, number>>>

/** What is known where nobody tries. */
const untried = {
  look: async (): Promise<Readiness> => ({ status: 'ready', reasons: [], checks: {} }),
  walBytes: async () => ({}),
}

/** Whether the node lives, whether it is fit to serve, and how it does. */
export function operationRoutes(
  app: App,
  registry: Registry,
  settings: Pick<Settings, 'METRICS'>,
  { look, walBytes }: { look(): Promise<Readiness>; walBytes: WalBytes } = untried,
): void {
  const lags = z.object({ head: z.int(), views: z.int(), search: z.int() })
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['运行'],
        summary: '进程是否存活',
        response: {
          200: z.object({
            status: z.literal('ok'),
            seenAs: z.string().meta({ description: '本请求看来来自的地址，供核对代理的设置' }),
          }),
        },
      },
    },
    async (request, reply): Promise<{ status: 'ok'; seenAs: string }> => {
      reply.header('cache-control', 'no-store')
      return { status: 'ok', seenAs: addressOf(request) }
    },
  )
  const readiness = z.object({
    status: z.enum(statuses),
    position: z.int(),
    epoch: schemas.epoch,
    lag: lags,
    reasons: z.array(z.string()).meta({ description: '不正常之处' }),
    checks: z.record(z.string(), check).meta({ description: '实际读取、检索、写入的结果' }),
  })
  const looked = async (): Promise<z.output<typeof readiness>> => {
    const [lag, { epoch }, found] = await Promise.all([registry.lags(), registry.feed.standing(), look()])
    const { reasons, checks } = found
    const isBehind = found.status === 'ready' && lag.views > MAX_LAG
    const status = app.closing.aborted ? 'closing' : isBehind ? 'behind' : found.status
    return { status, position: registry.position(), epoch, lag, reasons, checks }
  }
  const response = { 200: readiness, 503: readiness }
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readiness',
        tags: ['运行'],
        summary: '是否可以答复公众，供负载均衡：实际读取、检索、写入各一次；各视图落后登记簿多少',
        response,
      },
    },
    async (_, reply) => {
      const found = await looked()
      return reply.code(UNREADABLE.has(found.status) ? 503 : 200).send(found)
    },
  )
  app.get(
    '/readyz/desk',
    {
      schema: {
        operationId: 'deskReadiness',
        tags: ['运行'],
        summary: '是否一切正常，登记和工作台在内，供监测报警；内容与 /readyz 相同',
        response,
      },
    },
    async (_, reply) => {
      const found = await looked()
      return reply.code(found.status === 'ready' ? 200 : 503).send(found)
    },
  )
  if (settings.METRICS !== 'off')
    metricsRoute(app, registry, walBytes, (request) => settings.METRICS === 'open' || isFromHere(request))
}

function metricsRoute(
  app: App,
  registry: Registry,
  walBytes: WalBytes,
  mayRead: (request: FastifyRequest) => boolean,
): void {
  const metrics = new Metrics()
  collectDefaultMetrics({ register: metrics })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [metrics],
  })
  observe(app, duration)
  new Gauge({
    name: 'register_head_position',
    help: 'Position of the last entry of the register',
    registers: [metrics],
    async collect() {
      this.set((await registry.lags()).head)
    },
  })
  new Gauge({
    name: 'view_lag_entries',
    help: 'How many entries a view is behind the register',
    labelNames: ['view'],
    registers: [metrics],
    async collect() {
      const { views, search } = await registry.lags()
      this.set({ view: 'files' }, views)
      this.set({ view: 'search' }, search)
    },
  })
  new Gauge({
    name: 'files_open',
    help: 'How many quality-credit files stand open',
    registers: [metrics],
    collect() {
      this.set(registry.count())
    },
  })
  for (const [name, help, of] of [
    ['consumer_lag_entries', 'How many entries a consumer has not acknowledged', 'lag'],
    ['consumer_silent_days', 'Whole days since a consumer last pulled', 'silentDays'],
  ] as const)
    new Gauge({
      name,
      help,
      labelNames: ['consumer'],
      registers: [metrics],
      async collect() {
        this.reset()
        for (const own of await registry.consumers.all())
          if (own.closedAt === undefined) this.set({ consumer: own.name }, own[of])
      },
    })
  new Gauge({
    name: 'wal_bytes',
    help: 'Size of the write-ahead log of a database',
    labelNames: ['file'],
    registers: [metrics],
    async collect() {
      for (const [file, bytes] of Object.entries(await walBytes())) this.set({ file }, bytes)
    },
  })
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request))
      throw new Problem(403, 'metrics', '监测数据只供本机读取；请系统管理员核对设置 METRICS。')
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

function observe(app: FastifyInstance, duration: Histogram<'route' | 'method' | 'status'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    duration.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
}
