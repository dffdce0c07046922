import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { isPassing, isTakenBack } from '../register/postgres-server.ts'
import { RegisterUnavailable } from '../register/register.ts'

/** A change is tried for as long as an append is; what is only read waits for no server that is away, its copy is here. */
const PATIENCE_MS = { change: 15_000, read: 1_000 }
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [20, 1_000]

/**
 * Does something in one transaction of the nodes' database, again and again while that can't be had, until its COMMIT was sent:
 * so `work` changes nothing else. Rejects with `RegisterUnavailable` where it came to nothing, `inDoubt` where nobody was told.
 */
export function transaction<T>(server: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return patiently(async () => {
    const client = await server.connect()
    const ignored = () => undefined
    client.on('error', ignored)
    let isDone = false
    try {
      await client.query('BEGIN')
      const outcome = await work(client)
      await client.query('COMMIT').catch((cause: unknown) => {
        throw isPassing(cause) && !isTakenBack(cause) ? new RegisterUnavailable(true, { cause }) : cause
      })
      isDone = true
      return outcome
    } finally {
      client.off('error', ignored)
      // One that is given up takes its transaction back.
      client.release(!isDone)
    }
  }, PATIENCE_MS.change)
}

/** What comes of asking the nodes' database, over a new connection where the first is lost; `RegisterUnavailable` where it can't be had for now. */
export function reaching<T>(read: () => Promise<T>): Promise<T> {
  return patiently(read, PATIENCE_MS.read)
}

async function patiently<T>(act: () => Promise<T>, mostMs: number): Promise<T> {
  const end = performance.now() + mostMs
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await act()
    } catch (error) {
      if (!isPassing(error)) throw error
      if (performance.now() + pause > end) throw new RegisterUnavailable(false, { cause: error })
    }
    await sleep(pause)
  }
}
