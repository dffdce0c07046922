import type { Logger } from 'pino'
import { isBroken } from '../register/broken.ts'
import { isOutOfRoom } from './system-faults.ts'

/** What breaks off for want of room, or on a broken file, is told once in so long: it does at each attempt, until somebody helps. */
const TOLD_EVERY_MS = 10 * 60_000

/** Tells the log of work that broke off: with all that is known of it, but where the disk is full in one line; both now and then where it lasts. */
export function failuresTold(log: Pick<Logger, 'error'>, now = () => performance.now()) {
  const toldAt = { room: Number.NEGATIVE_INFINITY, broken: Number.NEGATIVE_INFINITY }
  const isDue = (lasting: keyof typeof toldAt) => {
    if (now() - toldAt[lasting] < TOLD_EVERY_MS) return false
    toldAt[lasting] = now()
    return true
  }
  return (error: unknown, work: string): void => {
    if (isOutOfRoom(error)) {
      if (isDue('room'))
        log.error({ work }, '磁盘已满，有的事项未能办理，腾出空间后自动继续；公众查询照常。请腾出空间。')
    } else if (!isBroken(error) || isDue('broken')) log.error({ err: error, work }, 'work broke off')
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
