import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { tellToComeAgain } from '../http/broken-requests.ts'

const BODY_MS = 2_000
const LONGEST_MS = 20_000

/**
 * Follows a server's connections, so that it can be closed within a bound: who has not sent a whole request head goes
 * at once, who is still sending a body after two seconds is told to come again, and accepted requests come to their end, for twenty seconds
 * at most. What is told names its kind at the site's address, `base`.
 */
export function closable(server: Server, base: string): (close: () => Promise<unknown>) => Promise<void> {
  const sockets = new Map<Socket, Set<IncomingMessage>>()
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, new Set())
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (request, response) => {
    const open = sockets.get(request.socket)
    open?.add(request)
    response.once('close', () => open?.delete(request))
  })
  const sayGoodbye = () => {
    for (const [socket, requests] of sockets)
      if (Array.from(requests).every(({ complete }) => !complete)) tellToComeAgain(socket, base)
  }
  const drop = (isOver: (requests: ReadonlySet<IncomingMessage>) => boolean) => {
    for (const [socket, requests] of sockets) if (isOver(requests)) socket.destroy()
  }
  return async (close) => {
    const closed = close()
    drop((requests) => requests.size === 0)
    const timers = [setTimeout(sayGoodbye, BODY_MS), setTimeout(() => drop(() => true), LONGEST_MS)]
    await closed
    for (const timer of timers) clearTimeout(timer)
  }
}
