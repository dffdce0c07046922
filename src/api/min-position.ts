import type { FastifyInstance } from 'fastify'
import { Problem } from '../http/problem.ts'

/** So long a reader waits for what it has seen elsewhere. */
const PATIENCE_MS = 3_000
const LOOK_MS = 20
/** More than so many don't wait. */
const MOST_WAITING = 500

/**
 * Lets a reader ask for an answer that shows at least a position of the register (`Min-Position`), as it got one from another
 * node (`Register-Position`): it waits a moment where this one is behind, and is answered 503 with Retry-After past that.
 */
export function readAtLeast(app: FastifyInstance, position: () => number): void {
  const waiting = new Set<{ wanted: number; until: number; end(): void }>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const reached = position()
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

  app.addHook('onRequest', async (request) => {
    const header = request.headers['min-position']
    if (header === undefined) return
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
    const reached = position()
    if (reached < wanted)
      throw new Problem(
        503,
        'behind',
        `这台服务器的内容到序号 ${reached}，还没有到所要的 ${wanted}；请稍后再试。序号取自别的登记簿或恢复以前的，请改用新的。`,
        { headers: { 'retry-after': '1' } },
      )
    request.position = reached
  })
}
