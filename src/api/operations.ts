import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry as Metrics } from 'prom-client'
import { z } from 'zod'
import type { App } from '../http/app.ts'
import type { Registry } from '../registry/registry.ts'

const MAX_LAG = 1_000

/** Whether the node lives, whether it is fit to serve, and how it does. */
export function operationRoutes(app: App, registry: Registry): void {
  const lags = z.object({ head: z.int(), views: z.int(), search: z.int() })
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['运行'],
        summary: '进程是否存活',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async (): Promise<{ status: 'ok' }> => ({ status: 'ok' }),
  )
  const readiness = z.object({ status: z.enum(['ready', 'behind', 'closing']), position: z.int(), lag: lags })
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readiness',
        tags: ['运行'],
        summary: '是否可以服务，各视图落后登记簿多少',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_, reply) => {
      const lag = await registry.lags()
      const status: z.output<typeof readiness>['status'] = app.closing.aborted
        ? 'closing'
        : lag.views > MAX_LAG
          ? 'behind'
          : 'ready'
      return reply.code(status === 'ready' ? 200 : 503).send({ status, position: registry.position(), lag })
    },
  )
  metricsRoute(app, registry)
}

function metricsRoute(app: App, registry: Registry): void {
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
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
}

function observe(app: FastifyInstance, duration: Histogram<'route' | 'method' | 'status'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    duration.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
}
