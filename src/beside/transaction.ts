import type { Pool, PoolClient } from 'pg'
import { isPassing } from '../register/postgres-server.ts'
import { RegisterUnavailable } from '../register/register.ts'

/** Does something in one transaction of the nodes' database. Rejects with `RegisterUnavailable` where that can't be had. */
export function transaction<T>(server: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return reaching(async () => {
    const client = await server.connect()
    const ignored = () => undefined
    client.on('error', ignored)
    let isDone = false
    try {
      await client.query('BEGIN')
      const outcome = await work(client)
      await client.query('COMMIT')
      isDone = true
      return outcome
    } finally {
      client.off('error', ignored)
      // One that is given up takes its transaction back.
      client.release(!isDone)
    }
  })
}

/** What comes of asking the nodes' database; `RegisterUnavailable` where it can't be had for now. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isPassing(error) ? new RegisterUnavailable(false, { cause: error }) : error
  }
}
