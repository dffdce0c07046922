import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { isBegun } from '../register/fit.ts'
import { openFollowed } from '../register/followed.ts'
import { mustBeFit } from '../register/postgres-tables.ts'
import type { Register } from '../register/register.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { StartFault } from './data-dir.ts'
import { mustHaveKeys } from './keys.ts'
import { type Paths, pathsIn } from './paths.ts'
import { shareKeys } from './shared-keys.ts'

/** Where a node's register is. */
export interface RegisterPlace {
  dataDir: string
  /** Address of the PostgreSQL database that keeps it; empty where the data directory does. */
  database: string
  /** What the keys that nodes share are sealed by there; empty where each keeps its own. */
  secret?: string
}

/** Name of a work that each data directory has of its own, for leases that several nodes keep in one place. */
export function workAt({ dataDir, database }: RegisterPlace, work: string): string {
  return database === '' ? work : `${work}@${hostname()}${resolve(dataDir)}`
}

/** The register of a node, for reading and appending. Throws `RegisterFault` in words where it must not be gone on with. */
export async function openRegister(
  { dataDir, database, secret = '' }: RegisterPlace,
  now: () => Date,
): Promise<Register> {
  const paths = pathsIn(dataDir)
  // A first start that the database refuses leaves no register behind.
  if (database !== '' && !isBegun(paths.register)) await mustBeFit(database)
  const own = openSqliteRegister(paths.register, now)
  if (database === '') return own
  const followed = await openFollowed(own, database, now)
  try {
    // What a new node finds in the register may rest on keys that only the others have.
    if (secret === '') mustHaveOwnKeys(paths)
    else await shareKeys(paths, { database, secret })
    return followed
  } catch (error) {
    await followed.close()
    throw error
  }
}

/** Keys that a node has none of are more often those of all nodes, which it was not told the secret of, than lost. */
function mustHaveOwnKeys(paths: Paths): void {
  try {
    mustHaveKeys(paths)
  } catch (error) {
    if (!(error instanceof StartFault) || existsSync(paths.personKey)) throw error
    const words =
      '没有写明 NODES_SECRET：各台共用密钥的，请写明与别的各台相同的 NODES_SECRET 再启动；只有一台的，'
    throw new StartFault(`${words}${error.message}`)
  }
}
