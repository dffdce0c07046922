import rateLimit from '@fastify/rate-limit'
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
const REMEMBERED = 50_000

/** Counts requests before anything else is done with them. Each throws a 429 problem once its bound is reached. */
export interface Limits {
  /** A request that bears no key, by its address. */
  address(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** A request that bears a good key, by the key. */
  key(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** A request that bears a wrong key, by its address: a far lower bound, which leaves good keys of that address alone. */
  wrongKey(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** Bounds of requests a minute; none where `perMinute` is 0, nor for whom `isSpared` says so. */
export async function requestLimits(
  app: App,
  perMinute: number,
  isSpared: (request: FastifyRequest) => boolean,
): Promise<Limits> {
  app.decorateRequest('asker', '')
  await app.register(rateLimit, { global: false, store: Windows })
  const isExempt = (request: FastifyRequest) => perMinute === 0 || isSpared(request)
  const options = { timeWindow: WINDOW_MS, allowList: isExempt, keyGenerator: visitorOf }
  const address = app.createRateLimit({ ...options, max: perMinute })
  const key = app.createRateLimit({
    ...options,
    max: perMinute * KEY_FACTOR,
    keyGenerator: (request) => `key/${request.apiKey?.id}`,
  })
  const wrongKey = app.createRateLimit({ ...options, max: Math.max(1, Math.floor(perMinute * WRONG_SHARE)) })
  const counting =
    (limiter: typeof address) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const counted = await limiter(request)
      request.asker = counted.key
      if (counted.isAllowed) return
      const { max, remaining, ttlInSeconds, isExceeded } = counted
      reply.headers({
        'ratelimit-limit': max,
        'ratelimit-remaining': remaining,
        'ratelimit-reset': ttlInSeconds,
      })
      if (!isExceeded) return
      throw new Problem(
        429,
        'rate',
        '请求过于频繁；请按 Retry-After 所示秒数后重试。批量获取请使用变更接口 /api/v1/changes。',
        { headers: { 'retry-after': String(ttlInSeconds) } },
      )
    }
  return { address: counting(address), key: counting(key), wrongKey: counting(wrongKey) }
}

/** Counts within windows of time, by the clock that no hand sets: else whoever asked before it was set back waits for as long. */
class Windows {
  readonly #counts = new LRUCache<string, { current: number; from: number }>({ max: REMEMBERED })

  incr(
    key: string,
    told: (error: Error | null, result?: { current: number; ttl: number }) => void,
    windowMs: number,
  ): void {
    const now = performance.now()
    let count = this.#counts.get(key)
    if (!count || now - count.from >= windowMs) {
      count = { current: 0, from: now }
      this.#counts.set(key, count)
    }
    count.current += 1
    told(null, { current: count.current, ttl: windowMs - (now - count.from) })
  }

  child(): Windows {
    return new Windows()
  }
}
