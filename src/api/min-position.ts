import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../http/problem.ts'

/** So long a reader waits for what it has seen elsewhere. */
const PATIENCE_MS = 3_000
const LOOK_MS = 20
/** More than so many don't wait. */
const MOST_WAITING = 500

/**
 * Lets a reader ask for an answer that shows at least a position of the register (`Min-Position`), as it got one from another
 * node (`Register-Position`): it waits a moment where this one is behind, and is answered 503 with Retry-After past that; 409
 * where the register itself has not come to it (`end`), as waiting would bring nothing.
 */
export function readAtLeast(app: FastifyInstance, position: () => number, end: () => Promise<number>): void {
  const waiting = new Set<{ wanted: number; until: number; end(): void }>()
  let timer: NodeJS.Timeout | undefined

  /** Where the views are; where they can't be read, whoever waits is to meet why by reading. */
  function reachedBy(): number {
    try {
      return position()
    } catch {
      return Number.POSITIVE_INFINITY
    }
  }

  function look(): void {
    const reached = reachedBy()
    const now = performance.now()
    for (const one of waiting)
      if (reached >= one.wanted || now >= one.until || app.closing.aborted) {
        waiting.delete(one)
        one.end()
      }
    if (waiting.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  async function lacking(wanted: number): Promise<Problem> {
    const there = await end()
    return wanted > there
      ? new Problem(
          409,
          'feed-ahead',
          `登记簿只到序号 ${there}，没有 Min-Position 所要的 ${wanted}：它取自别的登记簿，或者在恢复以前；请改用新近答复的 Register-Position。`,
        )
      : new Problem(
          503,
          'behind',
          `这台服务器的内容到序号 ${position()}，还没有到所要的 ${wanted}；请稍后再试。`,
          { headers: { 'retry-after': '1' } },
        )
  }

  app.addHook('onRequest', (request, _, done) => {
    const header = request.headers['min-position']
    if (header === undefined) return done()
    reach(request, header).then(() => done(), done)
  })

  async function reach(request: FastifyRequest, header: string | string[]): Promise<void> {
    if (typeof header !== 'string' || !/^\d{1,15}$/.test(header))
      throw new Problem(
        400,
        'min-position',
        'Min-Position 应为登记序号，即此前答复的 Register-Position，如 1205。',
      )
    const wanted = Number(header)
    if (position() < wanted && waiting.size < MOST_WAITING)
      await new Promise<void>((end) => {
        waiting.add({ wanted, until: performance.now() + PATIENCE_MS, end })
        timer ??= setInterval(look, LOOK_MS)
      })
    if (position() < wanted) throw await lacking(wanted)
    request.position = position()
  }
}
