import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { App } from '../http/app.ts'
import { Problem } from '../http/problem.ts'
import { visitorOf } from '../http/visitor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose bounds a request counts against: an address (of IPv6 its /64), or a key. */
    asker: string
  }
}

const WINDOW_MS = 60_000
const KEY_FACTOR = 10
/** Of the requests that an address may make, the share that may come with a wrong key. */
const WRONG_SHARE = 0.1
/** As a size: by a number the cache would take the room of them all before anybody came. */
const REMEMBERED = 50_000

/** Counts a request against a bound. Throws a 429 problem once that is reached. */
type Limit = (request: FastifyRequest, reply: FastifyReply) => void

/** Counts requests before anything else is done with them. */
export interface Limits {
  /** A request that bears no key, by its address. */
  address: Limit
  /** A request that bears a good key, by the key. */
  key: Limit
  /** A request that bears a wrong key, by its address: a far lower bound, which leaves good keys of that address alone. */
  wrongKey: Limit
  /**
   * Counts a request that the server itself refuses, of a visitor, for whoever answers it: the problem where there are too many. Whom a
   * proxy spoke for the server has not found out yet.
   */
  refusal(request: FastifyRequest, reply: FastifyReply, visitor: string): Problem | undefined
}

/** Bounds of requests a minute, by a clock of milliseconds; none where `perMinute` is 0, nor for whom `isSpared` says so. */
export function requestLimits(
  app: App,
  perMinute: number,
  isSpared: (request: FastifyRequest) => boolean,
  now: () => number = () => Math.round(performance.now()),
): Limits {
  app.decorateRequest('asker', '')
  const counting = (most: number, askerOf: (request: FastifyRequest) => string) => {
    const windows = new Windows(now)
    return (request: FastifyRequest, reply: FastifyReply, own?: string): Problem | undefined => {
      request.asker = own ?? askerOf(request)
      if (perMinute === 0 || isSpared(request)) return undefined
      const { count, left } = windows.count(request.asker)
      const seconds = Math.ceil(left / 1000)
      reply.header('ratelimit-limit', most)
      reply.header('ratelimit-remaining', Math.max(0, most - count))
      reply.header('ratelimit-reset', seconds)
      if (count <= most) return undefined
      return new Problem(
        429,
        'rate',
        '请求过于频繁；请按 Retry-After 所示秒数后重试。批量获取请使用变更接口 /api/v1/changes。',
        { headers: { 'retry-after': String(seconds) } },
      )
    }
  }
  const limit =
    (count: ReturnType<typeof counting>): Limit =>
    (request, reply) => {
      const refusal = count(request, reply)
      if (refusal) throw refusal
    }
  const byAddress = counting(perMinute, visitorOf)
  return {
    address: limit(byAddress),
    key: limit(counting(perMinute * KEY_FACTOR, ({ apiKey }) => `key/${apiKey?.id}`)),
    wrongKey: limit(counting(Math.max(1, Math.floor(perMinute * WRONG_SHARE)), visitorOf)),
    refusal: byAddress,
  }
}

/** Counts within windows of time, by the clock that no hand sets: else whoever asked before it was set back waits for as long. */
class Windows {
  readonly #counts = new LRUCache<string, { count: number; from: number }>({
    maxSize: REMEMBERED,
    sizeCalculation: () => 1,
  })
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts one more of an asker: how many they are in the present window, and the milliseconds that are left of it. */
  count(asker: string): { count: number; left: number } {
    const now = this.#now()
    let own = this.#counts.get(asker)
    if (!own || now - own.from >= WINDOW_MS) {
      own = { count: 0, from: now }
      this.#counts.set(asker, own)
    }
    own.count += 1
    return { count: own.count, left: WINDOW_MS - (now - own.from) }
  }
}
