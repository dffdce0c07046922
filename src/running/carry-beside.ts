import { AccessLog } from '../authority/access-log.ts'
import { Following } from '../authority/following.ts'
import { Sessions } from '../authority/sessions.ts'
import { SharedAccesses } from '../authority/shared-accesses.ts'
import { transaction } from '../beside/transaction.ts'
import { JobStore } from '../exchange/job-store.ts'
import { Drafts } from '../rating/drafts.ts'
import { serverAt } from '../register/postgres-server.ts'
import type { Paths } from './paths.ts'

/** Brings what nodes shared beside the register home into a data directory, as the register comes back to it. */
export async function bringBesideHome(paths: Paths, database: string): Promise<void> {
  const jobs = new JobStore(paths, database)
  const stores = [
    jobs,
    new Drafts(paths.drafts, database),
    new Sessions(paths.sessions, database),
    new Following(paths.following, database),
  ]
  const [log, own] = [new SharedAccesses(database), new AccessLog(paths.accesses)]
  try {
    for (const store of stores) await store.follow()
    await jobs.bringHome()
    await log.handOver(async (accesses) => own.write(accesses))
  } finally {
    own.close()
    for (const store of [log, ...stores]) await store.close()
  }
}

/**
 * Takes away what an earlier stay has left beside the register in a database: whoever comes to it brings what stands. The log of
 * accesses stays.
 */
export async function clearBeside(database: string): Promise<void> {
  const server = serverAt(database, 1)
  try {
    await transaction(server, async (client) => {
      await client.query('UPDATE beside_head SET seq = seq + 1, forgotten = seq + 1')
      for (const table of ['beside_row', 'shared_part', 'shared_file'])
        await client.query(`DELETE FROM ${table}`)
    })
  } finally {
    await server.end()
  }
}
