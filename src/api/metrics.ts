import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as Metrics } from 'prom-client'
import type { CheckFigures } from '../checking/watched.ts'
import type { App } from '../http/app.ts'
import { Problem } from '../http/problem.ts'
import type { Registry } from '../registry/registry.ts'
import { cacheFigures } from '../views/byte-cache.ts'
import type { WriteFigures } from '../writer/watched.ts'
import type { DatabaseBytes } from './operations.ts'

/** How much is under way. */
export interface LoadFigures {
  checks(): Promise<CheckFigures>
  writes(): WriteFigures
  /** Lines of the log that could not be written, since the start. */
  linesLost(): number
}

/** How the node does, for Prometheus: what is needed to tell what grows beyond its data, and what gets slower. */
export function metricsRoute(
  app: App,
  registry: Registry,
  {
    databaseBytes,
    checks,
    writes,
    linesLost = () => 0,
  }: { databaseBytes: DatabaseBytes } & Partial<LoadFigures>,
  mayRead: (request: FastifyRequest) => boolean,
): void {
  const metrics = new Metrics()
  const registers = [metrics]
  collectDefaultMetrics({ register: metrics })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  observe(app, duration)
  new Gauge({
    name: 'register_head_position',
    help: 'Position of the last entry of the register',
    registers,
    async collect() {
      this.set((await registry.lags()).head)
    },
  })
  new Gauge({
    name: 'view_lag_entries',
    help: 'How many entries a view is behind the register',
    labelNames: ['view'],
    registers,
    async collect() {
      const { views, search } = await registry.lags()
      this.set({ view: 'files' }, views)
      this.set({ view: 'search' }, search)
    },
  })
  new Gauge({
    name: 'files_open',
    help: 'How many quality-credit files stand open',
    registers,
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
      registers,
      async collect() {
        this.reset()
        for (const own of await registry.consumers.all())
          if (own.closedAt === undefined) this.set({ consumer: own.name }, own[of])
      },
    })
  new Gauge({
    name: 'feed_waiting',
    help: 'Askers of the feeds that wait for what comes next',
    registers,
    collect() {
      this.set(registry.feed.waiting)
    },
  })
  new Gauge({
    name: 'import_jobs',
    help: 'Import jobs that are kept, and those of them that wait or run',
    labelNames: ['state'],
    registers,
    collect() {
      const { all, unfinished } = registry.imports.counts()
      this.set({ state: 'kept' }, all)
      this.set({ state: 'unfinished' }, unfinished)
    },
  })
  for (const [name, help, what] of [
    ['checks_held', 'Batch checks that are held in memory', 'held'],
    ['check_rows_held', 'Rows of batch checks that are held in memory', 'rows'],
    ['checks_refused', 'Batch checks that were refused for want of room, since the start', 'refused'],
  ] as const)
    if (checks)
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set((await checks())[what])
        },
      })
  for (const [name, help, what] of [
    ['writes_waiting', 'Appends that wait for their turn', 'waiting'],
    ['writes_refused', 'Appends that were refused as too many waited, since the start', 'refused'],
  ] as const)
    if (writes)
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(writes()[what])
        },
      })
  new Counter({
    name: 'log_lines_lost_total',
    help: 'Lines of the log that could not be written',
    registers,
    collect() {
      this.reset()
      this.inc(linesLost())
    },
  })
  for (const [name, help, what] of [
    ['database_bytes', 'Size of a database', 'bytes'],
    ['wal_bytes', 'Size of the write-ahead log of a database', 'log'],
  ] as const)
    new Gauge({
      name,
      help,
      labelNames: ['file'],
      registers,
      async collect() {
        for (const [file, sizes] of Object.entries(await databaseBytes())) this.set({ file }, sizes[what])
      },
    })
  for (const [name, help, what] of [
    ['cache_bytes', 'Bytes that a cache holds', 'bytes'],
    ['cache_bytes_most', 'Bytes that a cache may hold', 'most'],
    ['cache_entries', 'How many things a cache holds', 'entries'],
  ] as const)
    new Gauge({
      name,
      help,
      labelNames: ['cache'],
      registers,
      collect() {
        for (const [cache, figures] of Object.entries(cacheFigures())) this.set({ cache }, figures[what])
      },
    })
  for (const [name, help, what] of [
    ['cache_hits_total', 'How often a cache had what was asked for', 'hits'],
    ['cache_misses_total', 'How often it had not', 'misses'],
  ] as const)
    new Counter({
      name,
      help,
      labelNames: ['cache'],
      registers,
      collect() {
        this.reset()
        for (const [cache, figures] of Object.entries(cacheFigures())) this.inc({ cache }, figures[what])
      },
    })
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request))
      throw new Problem(403, 'metrics', '监测数据只供本机读取；请系统管理员核对设置 METRICS。')
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.metrics())
  })
}

function observe(app: FastifyInstance, duration: Histogram<'route' | 'method' | 'status'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    duration.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
}
