import { openFollowed } from '../register/followed.ts'
import type { Register } from '../register/register.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { pathsIn } from './paths.ts'

/** Where a node's register is. */
export interface RegisterPlace {
  dataDir: string
  /** Address of the PostgreSQL database that keeps it; empty where the data directory does. */
  database: string
}

/** The register of a node, for reading and appending. Throws `RegisterFault` in words where it must not be gone on with. */
export async function openRegister({ dataDir, database }: RegisterPlace, now: () => Date): Promise<Register> {
  const own = openSqliteRegister(pathsIn(dataDir).register, now)
  return database === '' ? own : openFollowed(own, database, now)
}
