import type { Logger } from 'pino'
import { isOutOfRoom } from './system-faults.ts'

/** What breaks off for want of room is told once in so long: it breaks off at each attempt, until somebody makes room. */
const TOLD_EVERY_MS = 10 * 60_000

/** Tells the log of work that broke off: with all that is known of it, but where the disk is full in one line now and then. */
export function failuresTold(log: Pick<Logger, 'error'>, now = () => performance.now()) {
  let toldAt = Number.NEGATIVE_INFINITY
  return (error: unknown, work: string): void => {
    if (!isOutOfRoom(error)) {
      log.error({ err: error, work }, 'work broke off')
      return
    }
    if (now() - toldAt < TOLD_EVERY_MS) return
    toldAt = now()
    log.error({ work }, '磁盘已满，有的事项未能办理，腾出空间后自动继续；公众查询照常。请腾出空间。')
  }
}
