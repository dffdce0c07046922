import type { Server } from 'node:net'
import type { Logger } from 'pino'
import { connectionsAllowed, openFilesLimit } from './handles.ts'

const TOLD_EVERY_MS = 60_000

/** The connections that a process takes at once: so many as its handles allow, and how many it turned away beyond them. */
export function boundedConnections(log: Pick<Logger, 'warn'>, most = connectionsAllowed(openFilesLimit())) {
  let [dropped, told] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  /** Tells of what was turned away since it last did; for as long as there is any, once a minute. */
  const tell = () => {
    timer = undefined
    if (dropped === told) return
    log.warn(
      { dropped: dropped - told, most },
      `同时的连接已到上限 ${most} 个，新来的 ${dropped - told} 个没有受理，来访者打不开网站。连接确是公众的，请提高 LimitNOFILE（见 doctor）；是少数地址的，请在代理或防火墙上限制。`,
    )
    told = dropped
    timer = setTimeout(tell, TOLD_EVERY_MS)
    timer.unref()
  }
  return {
    /** Bounds a server. */
    bound(server: Server): void {
      server.maxConnections = most
      server.on('drop', () => {
        dropped += 1
        if (timer === undefined) tell()
      })
    },
    /** How many were turned away since the start. */
    dropped: () => dropped,
  }
}
