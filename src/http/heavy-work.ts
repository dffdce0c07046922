import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'

const EACH = 4
const ALL = 16

declare module 'fastify' {
  interface FastifyInstance {
    heavyWork: HeavyWork
  }
}

/** Bounds how many heavy requests (batch checks, verifications, tables) are answered at a time: of one asker, and of all. */
export class HeavyWork {
  readonly #places = new Map<string, number>()
  readonly #holding = new WeakSet<FastifyReply>()
  readonly #most: { each: number; all: number }
  #taken = 0

  constructor(most = { each: EACH, all: ALL }) {
    this.#most = most
  }

  /**
   * Takes a place, which is free again once the answer is sent or given up; a second call for one answer takes none.
   * Throws a 429 problem where the asker has too many under way, a 503 where all have.
   */
  enter(asker: string, reply: FastifyReply): void {
    if (this.#holding.has(reply)) return
    const own = this.#places.get(asker) ?? 0
    const headers = { 'retry-after': '10' }
    if (own >= this.#most.each)
      throw new Problem(429, 'busy', `您同时进行的下载、核验已有 ${own} 项；请等其中一项完成后再试。`, {
        headers,
      })
    if (this.#taken >= this.#most.all)
      throw new Problem(503, 'busy', '同时进行的下载、核验过多，本次未受理；请稍后重试。', { headers })
    this.#holding.add(reply)
    this.#taken += 1
    this.#places.set(asker, own + 1)
    reply.raw.once('close', () => this.#leave(asker))
  }

  #leave(asker: string): void {
    this.#taken -= 1
    const left = (this.#places.get(asker) ?? 1) - 1
    if (left > 0) this.#places.set(asker, left)
    else this.#places.delete(asker)
  }
}

/** Hook of a route whose every request is heavy: takes the place before the body is read. */
export async function heavily(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  request.server.heavyWork.enter(request.asker, reply)
}
