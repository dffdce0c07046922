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

/**
 * Tells the log of promises that fail while nobody waits for them. Each is a fault of ours within one request or one work; ending the
 * process for it, as Node does where nobody heeds it, would let whoever comes upon one end it for all.
 */
export function unawaitedTold(log: Pick<Logger, 'error'>): void {
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'a promise failed that nobody waited for')
  })
}
