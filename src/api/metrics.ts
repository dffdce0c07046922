import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry as Metrics,
} from 'prom-client'
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
  /** What this process measures of itself, where somebody else asks for it too. */
  own: ProcessMetrics
  /** What the other processes of the node measure of themselves. */
  others(): Promise<object[]>
}

/** What a process of a node measures of itself: its answers, its caches, and what it takes up. */
export interface ProcessMetrics {
  metrics: Metrics
  observe(request: FastifyRequest, reply: FastifyReply): void
}

/** Begins to measure; by a name, which each figure bears, where there are several processes. `dropped` counts connections that were turned away. */
export function processMetrics(name?: string, dropped = () => 0): ProcessMetrics {
  const metrics = new Metrics()
  if (name !== undefined) metrics.setDefaultLabels({ process: name })
  collectDefaultMetrics({ register: metrics })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [metrics],
  })
  const { gauge, counter } = figuresIn(metrics)
  for (const [name, help, what] of [
    ['cache_bytes', 'Bytes that a cache holds', 'bytes'],
    ['cache_bytes_most', 'Bytes that a cache may hold', 'most'],
    ['cache_entries', 'How many things a cache holds', 'entries'],
  ] as const)
    gauge(name, help, () => each(cacheFigures(), what), 'cache')
  for (const [name, help, what] of [
    ['cache_hits_total', 'How often a cache had what was asked for', 'hits'],
    ['cache_misses_total', 'How often it had not', 'misses'],
  ] as const)
    counter(name, help, () => each(cacheFigures(), what), 'cache')
  counter('connections_dropped_total', 'Connections that were turned away at the limit', dropped)
  return {
    metrics,
    observe(request, reply) {
      const route = request.routeOptions.url ?? 'unknown'
      duration.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1000)
    },
  }
}

/** What adds figures that are looked up whenever somebody asks; by the values of a label, where they have one. */
function figuresIn(metrics: Metrics) {
  const registers = [metrics]
  return {
    gauge: (name: string, help: string, of: () => Figures | Promise<Figures>, label?: string) =>
      new Gauge({
        name,
        help,
        ...(label !== undefined && { labelNames: [label] }),
        registers,
        async collect() {
          this.reset()
          for (const [key, value] of figuresOf(await of()))
            this.set(label === undefined ? {} : { [label]: key }, value)
        },
      }),
    /** The same of what has been counted since the start. */
    counter: (name: string, help: string, of: () => Figures, label?: string) =>
      new Counter({
        name,
        help,
        ...(label !== undefined && { labelNames: [label] }),
        registers,
        collect() {
          this.reset()
          for (const [key, value] of figuresOf(of()))
            this.inc(label === undefined ? {} : { [label]: key }, value)
        },
      }),
  }
}

/**
 * How the node does, for Prometheus: what is needed to tell what grows beyond its data, and what gets slower. `isOurs` tells the
 * requests that this process answers itself.
 */
export function metricsRoute(
  app: App,
  registry: Registry,
  {
    databaseBytes,
    checks,
    writes,
    linesLost = () => 0,
    own = processMetrics(),
    others = async () => [],
  }: { databaseBytes: DatabaseBytes } & Partial<LoadFigures>,
  mayRead: (request: FastifyRequest) => boolean,
  isOurs: (request: FastifyRequest) => boolean,
): void {
  const metrics = new Metrics()
  app.addHook('onResponse', (request, reply, done) => {
    if (isOurs(request)) own.observe(request, reply)
    done()
  })
  const { gauge, counter } = figuresIn(metrics)
  gauge(
    'register_head_position',
    'Position of the last entry of the register',
    async () => (await registry.lags()).head,
  )
  gauge(
    'view_lag_entries',
    'How many entries a view is behind the register',
    async () => {
      const { views, search } = await registry.lags()
      return { files: views, search }
    },
    'view',
  )
  gauge('files_open', 'How many quality-credit files stand open', () => registry.count())
  for (const [name, help, of] of [
    ['consumer_lag_entries', 'How many entries a consumer has not acknowledged', 'lag'],
    ['consumer_silent_days', 'Whole days since a consumer last pulled', 'silentDays'],
  ] as const)
    gauge(
      name,
      help,
      async () => {
        const open = (await registry.consumers.all()).filter(({ closedAt }) => closedAt === undefined)
        return Object.fromEntries(open.map((own) => [own.name, own[of]]))
      },
      'consumer',
    )
  gauge('feed_waiting', 'Askers of the feeds that wait for what comes next', () => registry.feed.waiting)
  gauge(
    'import_jobs',
    'Import jobs that are kept, and those of them that wait or run',
    () => {
      const { all, unfinished } = registry.imports.counts()
      return { kept: all, unfinished }
    },
    'state',
  )
  for (const [name, help, what] of [
    ['checks_held', 'Batch checks that are held in memory', 'held'],
    ['check_rows_held', 'Rows of batch checks that are held in memory', 'rows'],
    ['checks_refused', 'Batch checks that were refused for want of room, since the start', 'refused'],
  ] as const)
    if (checks) gauge(name, help, async () => (await checks())[what])
  for (const [name, help, what] of [
    ['writes_waiting', 'Appends that wait for their turn', 'waiting'],
    ['writes_refused', 'Appends that were refused as too many waited, since the start', 'refused'],
  ] as const)
    if (writes) gauge(name, help, () => writes()[what])
  counter('log_lines_lost_total', 'Lines of the log that could not be written', linesLost)
  for (const [name, help, what] of [
    ['database_bytes', 'Size of a database', 'bytes'],
    ['wal_bytes', 'Size of the write-ahead log of a database', 'log'],
  ] as const)
    gauge(name, help, async () => each(await databaseBytes(), what), 'file')
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request))
      throw new Problem(403, 'metrics', '监测数据只供本机读取；请系统管理员核对设置 METRICS。')
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(`${await ofProcesses(own.metrics, await others())}\n${await metrics.metrics()}`)
  })
}

/** What all processes of a node measure of themselves. */
async function ofProcesses(own: Metrics, others: readonly object[]): Promise<string> {
  if (others.length === 0) return own.metrics()
  return AggregatorRegistry.aggregate([await own.getMetricsAsJSON(), ...others]).metrics()
}

/** A figure, or one for each value of a label. */
type Figures = number | Readonly<Record<string, number>>

function figuresOf(figures: Figures): [key: string, value: number][] {
  return typeof figures === 'number' ? [['', figures]] : Object.entries(figures)
}

/** One figure of each of several things, by their names. */
function each<K extends string>(all: Readonly<Record<string, Readonly<Record<K, number>>>>, what: K) {
  return Object.fromEntries(Object.entries(all).map(([name, own]): [string, number] => [name, own[what]]))
}
