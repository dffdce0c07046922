import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What becomes of what a client says, by its bytes: passed on, passed on with no answer coming back, not even passed on, or held for good. */
export type Cut = (said: Buffer) => 'pass' | 'cut-answer' | 'cut' | 'hold'

/** A way to a server over which connections can be cut. */
export interface Proxy {
  port: number
  /** Judges what clients say from now on. */
  judge(cut: Cut): void
  /** Cuts every connection; while it is shut, new ones too. */
  cutAll(): void
  shut(isShut: boolean): void
  /** Leads new connections to another port, and cuts the others. */
  lead(port: number): void
  close(): Promise<void>
}

/** By then a server has done what it was told before its answer was cut off. */
const ANSWER_MS = 200

export async function proxyTo(first: number): Promise<Proxy> {
  let port = first
  let judged: Cut = () => 'pass'
  let isShut = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((client) => {
    if (isShut) return client.destroy()
    const there = connect(port, '127.0.0.1')
    const pair = [client, there] as const
    pairs.add(pair)
    let isDeaf = false
    const end = () => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    client.on('data', (said) => {
      const what = judged(said)
      if (what === 'hold') return
      if (what === 'cut') return end()
      if (what === 'cut-answer') isDeaf = true
      there.write(said)
    })
    there.on('data', (said) => {
      if (!isDeaf) client.write(said)
      // The server is let finish what it was told: cut off in the middle, it would take it back.
      else if (said.includes('COMMIT\0')) end()
      else setTimeout(end, ANSWER_MS)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cutAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    judge(cut) {
      judged = cut
    },
    cutAll,
    shut(shut) {
      isShut = shut
      if (shut) cutAll()
    },
    lead(to) {
      port = to
      cutAll()
    },
    async close() {
      cutAll()
      server.close()
      await once(server, 'close')
    },
  }
}
