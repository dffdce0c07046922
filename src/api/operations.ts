import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Settings } from '../config.ts'
import type { App } from '../http/app.ts'
import { addressOf, forwardings, isFromHere } from '../http/visitor.ts'
import type { Registry } from '../registry/registry.ts'
import { chapter } from './described.ts'
import { type LoadFigures, metricsRoute } from './metrics.ts'
import * as schemas from './schemas.ts'
import { stillness } from './stillness.ts'

const { open } = chapter('运行')

const MAX_LAG = 1_000

const statuses = ['ready', 'behind', 'full', 'degraded', 'clock', 'broken', 'closing'] as const
/** In which the public is to be sent elsewhere; in the others it is answered as always. */
const UNREADABLE: ReadonlySet<(typeof statuses)[number]> = new Set(['broken', 'closing'])
const check = z.object({
  ok: z.boolean(),
  ageMs: z.number().nullable().meta({ description: '最近一次结果距今的毫秒数' }),
})

const nodesKnown = z.object({
  nodes: z
    .array(z.object({ name: z.string(), rules: z.string() }))
    .meta({ description: '正在运行的节点和各自规则的版本' }),
  works: z.array(z.object({ work: z.string(), node: z.string().nullable() })).meta({
    description: '由一个节点为全体办理的各项工作（到期处理、评价、导入），现在由谁办理；null 为暂无',
  }),
})
export type NodesKnown = z.output<typeof nodesKnown>

/** What a node has found out about itself by trying. */
export interface Readiness {
  status: 'ready' | 'full' | 'degraded' | 'broken' | 'clock'
  /** In Chinese, what is not in order. */
  reasons: string[]
  checks: Record<string, z.output<typeof check>>
  /** The others, where there may be others and they could be asked for. */
  known?: NodesKnown & { name: string; behind: number }
}

/** Bytes of databases and of their logs, which are bounded, by the names of their files. */
export type DatabaseBytes = () => Promise<Readonly<Record<string, { bytes: number; log: number }>>>

/** What is known where nobody tries. */
const untried = {
  look: async (): Promise<Readiness> => ({ status: 'ready', reasons: [], checks: {} }),
  databaseBytes: async () => ({}),
}

/** Whether the node lives, whether it is fit to serve, and how it does. */
export function operationRoutes(
  app: App,
  registry: Registry,
  settings: Pick<Settings, 'METRICS'>,
  { look, databaseBytes }: { look(): Promise<Readiness>; databaseBytes: DatabaseBytes } = untried,
  figures?: Partial<LoadFigures>,
  isOurs: (request: FastifyRequest) => boolean = () => true,
): void {
  const lags = z.object({ head: z.int(), views: z.int(), search: z.int() })
  app.get(
    '/healthz',
    open(
      'health',
      '进程是否存活：只表明还在答复，能否服务见 /readyz',
      {
        200: z.object({
          status: z.literal('ok'),
          seenAs: z.string().meta({ description: '本请求看来来自的地址，供核对代理的设置' }),
          forwarded: z
            .int()
            .meta({ description: '本请求到达时 X-Forwarded-For 中的项数，由此看得出代理是否加写' }),
        }),
      },
      {},
    ),
    async (request, reply): Promise<{ status: 'ok'; seenAs: string; forwarded: number }> => {
      reply.header('cache-control', 'no-store')
      return { status: 'ok', seenAs: addressOf(request), forwarded: forwardings(request) }
    },
  )
  const readiness = z.object({
    status: z.enum(statuses),
    position: z.int(),
    epoch: schemas.epoch,
    lag: lags,
    reasons: z.array(z.string()).meta({ description: '不正常之处' }),
    checks: z.record(z.string(), check).meta({ description: '实际读取、检索、写入的结果' }),
    known: nodesKnown
      .extend({
        name: z.string().meta({ description: '本节点' }),
        behind: z.int().meta({ description: '数据库中有而本节点的副本还没有的条目数' }),
      })
      .optional()
      .meta({ description: '使用 PostgreSQL 时的各节点；数据库连接不上时不列' }),
  })
  const standing = async (): Promise<Pick<z.output<typeof readiness>, 'position' | 'epoch' | 'lag'>> => {
    const [lag, { epoch }] = await Promise.all([registry.lags(), registry.feed.standing()])
    return { position: registry.position(), epoch, lag }
  }
  const isStill = stillness()
  let lastKnown: Awaited<ReturnType<typeof standing>> | undefined
  // Known before anybody asks: the first who asks may do so because the files can't be read any more.
  app.addHook('onReady', async () => {
    lastKnown = await standing().catch(() => undefined)
  })
  const looked = async (): Promise<z.output<typeof readiness>> => {
    const [stands, { reasons, checks, known, ...found }] = await Promise.all([
      standing().catch((error: unknown) => {
        // Who can't read its own files is to say so, and not to fail at it.
        if (!lastKnown) throw error
        return undefined
      }),
      look(),
    ])
    lastKnown = stands ?? lastKnown
    if (!lastKnown) throw new Error('nothing is known of where the register stands')
    const { head, search } = lastKnown.lag
    const isSearchStill = stands !== undefined && isStill(head - search, search)
    const isBehind = found.status === 'ready' && lastKnown.lag.views + (known?.behind ?? 0) > MAX_LAG
    const sound = isSearchStill && found.status === 'ready' ? 'degraded' : found.status
    const fit = stands ? (isBehind ? 'behind' : sound) : 'broken'
    const status = app.closing.aborted ? 'closing' : fit
    const told = [
      ...reasons,
      ...(stands ? [] : ['登记簿或视图读取出错；序号和落后的条目数为此前所知。']),
      ...(isSearchStill
        ? [
            `检索索引落后 ${search} 条，半分钟没有前进：最近登记的可能检索不到；请查看日志，执行 rebuild 或重新启动。`,
          ]
        : []),
    ]
    return { status, ...lastKnown, reasons: told, checks, ...(known && { known }) }
  }
  const response = { 200: readiness, 503: readiness }
  app.get(
    '/readyz',
    open(
      'readiness',
      '是否可以答复公众：供负载均衡，实际读取、检索、写入各一次；各视图落后登记簿多少',
      response,
      {},
    ),
    async (_, reply) => {
      const found = await looked()
      return reply
        .header('cache-control', 'no-store')
        .code(UNREADABLE.has(found.status) ? 503 : 200)
        .send(found)
    },
  )
  app.get(
    '/readyz/desk',
    open('deskReadiness', '是否一切正常：登记和工作台在内，供监测报警；内容与 /readyz 相同', response, {}),
    async (_, reply) => {
      const found = await looked()
      return reply
        .header('cache-control', 'no-store')
        .code(found.status === 'ready' ? 200 : 503)
        .send(found)
    },
  )
  if (settings.METRICS !== 'off')
    metricsRoute(
      app,
      registry,
      { databaseBytes, ...figures },
      (request) => settings.METRICS === 'open' || isFromHere(request),
      isOurs,
    )
}
