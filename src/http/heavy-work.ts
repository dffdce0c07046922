import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { breakOff } from './broken-requests.ts'
import { Problem } from './problem.ts'

const EACH = 4
const ALL = 16
/** Less than this of a second, in bytes, no line gives and takes: 64 kbit/s. */
const SLOW_BYTES = 8 * 1024
/** So long nobody is called slow, unless they hold several places. */
const GRACE_MS = 2_000
/** So many places more than whoever comes, an asker may be relieved of one at once. */
const MANY_MORE = 2

declare module 'fastify' {
  interface FastifyInstance {
    heavyWork: HeavyWork
  }
}

/** A heavy request that is under way. */
interface Place {
  asker: string
  reply: FastifyReply
  /** When it began, by a clock of milliseconds, and how many bytes had gone over its connection by then. */
  since: number
  bytes: number
}

/** How a heavy request has gone so far. */
export interface Going {
  asker: string
  lastedMs: number
  /** Bytes that have come and gone. */
  moved: number
  /** Whether nothing is done for it but waiting for the other side. */
  isWaitedFor: boolean
}

/**
 * Which of some requests gives way to somebody who holds `own` places: of those that only wait for a slow other side one of whoever
 * holds most, the one that has lasted longest; undefined where all go on.
 */
export function givingWay<G extends Going>(all: readonly G[], own: number): G | undefined {
  const heldBy = (asker: string) => all.filter((going) => going.asker === asker).length
  const isSlow = ({ asker, lastedMs, moved, isWaitedFor }: Going) => {
    const isLong = lastedMs >= GRACE_MS || heldBy(asker) >= own + MANY_MORE
    return isWaitedFor && isLong && moved < (SLOW_BYTES * lastedMs) / 1000
  }
  const [first] = all
    .filter(isSlow)
    .sort((a, b) => heldBy(b.asker) - heldBy(a.asker) || b.lastedMs - a.lastedMs)
  return first
}

/**
 * Bounds how many heavy requests (batch checks, verifications, tables) are answered at a time: of one asker, and of all. Where all are
 * taken, whoever sends or reads so slowly that the program only waits for them gives way to whoever comes: else a few connections
 * that say nothing would keep everybody out.
 */
export class HeavyWork {
  readonly #places = new Set<Place>()
  readonly #holding = new WeakSet<FastifyReply>()
  readonly #most: { each: number; all: number }

  constructor(most = { each: EACH, all: ALL }) {
    this.#most = most
  }

  /**
   * Takes a place, which is free again once the answer is sent or given up; a second call for one answer takes none.
   * Throws a 429 problem where the asker has too many under way, a 503 where all have.
   */
  enter(asker: string, reply: FastifyReply): void {
    if (this.#holding.has(reply)) return
    const own = Array.from(this.#places).filter((place) => place.asker === asker).length
    const headers = { 'retry-after': '10' }
    if (own >= this.#most.each)
      throw new Problem(429, 'busy', `您同时进行的下载、核验已有 ${own} 项；请等其中一项完成后再试。`, {
        headers,
      })
    if (this.#places.size >= this.#most.all && !this.#relieve(own))
      throw new Problem(503, 'busy', '同时进行的下载、核验过多，本次未受理；请稍后重试。', { headers })
    this.#holding.add(reply)
    const place = { asker, reply, since: performance.now(), bytes: bytesOf(reply) }
    this.#places.add(place)
    reply.raw.once('close', () => this.#places.delete(place))
  }

  /** Has a slow one give way to somebody who holds so many; whether there was one. */
  #relieve(own: number): boolean {
    const now = performance.now()
    const found = givingWay(
      Array.from(this.#places, (place) => {
        const { asker, reply, since, bytes } = place
        const isWaitedFor = !reply.request.raw.complete || reply.raw.writableNeedDrain
        return { place, asker, lastedMs: now - since, moved: bytesOf(reply) - bytes, isWaitedFor }
      }),
      own,
    )
    if (!found) return false
    const { place } = found
    this.#places.delete(place)
    breakOff(place.reply.raw, GIVING_WAY, place.reply.server.base)
    return true
  }
}

const GIVING_WAY = new Problem(
  503,
  'busy',
  '同时进行的下载、核验过多，而这一项传送过慢，已让与别人，未予办理；请稍后重试，或把名单分成几份。',
  { headers: { 'retry-after': '60' } },
)

/** What has gone over the connection of a request; none without one. */
function bytesOf({ request: { raw } }: FastifyReply): number {
  return raw.socket instanceof Socket
    ? raw.socket.bytesRead + raw.socket.bytesWritten
    : Number.POSITIVE_INFINITY
}

/** Hook of a route whose every request is heavy: takes the place before the body is read. */
export async function heavily(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  request.server.heavyWork.enter(request.asker, reply)
}
